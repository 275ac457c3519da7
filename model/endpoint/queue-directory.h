/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_QUEUE_DIRECTORY_H
#define MTLINK_QUEUE_DIRECTORY_H

#include "endpoint/congestion-feedback.h"
#include "endpoint/endpoint-ports.h"
#include "endpoint/send-queues.h"
#include "endpoint/send-windows.h"

#include "ns3/mtlink-routing.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <unordered_map>
#include <utility>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink Gives the latency of the first bit between two endpoints on the idle fabric. */
using LatencyFunction = std::function<Tick(uint32_t, uint32_t)>;

/**
 * @ingroup mtlink
 * A way from an endpoint into a group's tree.
 */
struct TreeQueueSpec
{
    uint32_t endpoint{0};     //!< Whose
    uint32_t link{0};         //!< Its link into the tree
    uint32_t via{0};          //!< What Packet::via is at the first switch
    PacketKind kind{OPERAND}; //!< What its packets are there
    uint8_t vc{0};            //!< Their VC, among those of their traffic class
    uint8_t trafficClass{0};  //!< Of its messages
    uint32_t window{0};       //!< Packets in flight, at most; 0: any number
};

/**
 * @ingroup mtlink
 * In which queue waits what goes from one endpoint to another, or into a tree: made when it is
 * first asked for, with the ports that the routing gives it, its window, and its flow of the
 * congestion control.
 */
class QueueDirectory
{
  public:
    /** What queues are made of; all must outlive this. */
    struct Parts
    {
        const Routing& routing;       //!< The routes
        SendQueues& queues;           //!< The queues
        SendWindows& windows;         //!< Their windows
        CongestionFeedback& feedback; //!< Their flows
        EndpointPorts& ports;         //!< Their ports
    };

    /**
     * @param [in] parts What queues are made of.
     * @param [in] latency An acknowledgement takes this long to open the window.
     */
    QueueDirectory(const Parts& parts, LatencyFunction latency)
        : m_parts(parts),
          m_latency(std::move(latency))
    {
    }

    /**
     * @param [in] endpoint An endpoint.
     * @param [in] destination Final destination.
     * @param [in] isRelay Whether for packets of others.
     * @param [in] trafficClass Of the packets.
     * @return the queue, made if need be.
     */
    uint32_t GetQueue(uint32_t endpoint, uint32_t destination, bool isRelay, uint32_t trafficClass);

    /** @return a new queue into a group's tree. @param [in] spec What it is. */
    uint32_t OpenTreeQueue(const TreeQueueSpec& spec);

  private:
    /** @return a new queue; parameters as of GetQueue(). */
    uint32_t MakeQueue(uint32_t endpoint, uint32_t destination, bool isRelay, uint8_t trafficClass);

    /**
     * @return the group of ports that lead from an endpoint to a target, for one traffic class,
     *         made if need be.
     */
    uint32_t GetGroup(uint32_t endpoint, uint32_t target, uint8_t trafficClass);

    Parts m_parts;                                    //!< What queues are made of
    LatencyFunction m_latency;                        //!< Of acknowledgements
    std::unordered_map<uint64_t, uint32_t> m_queueOf; //!< See GetQueue(); all of it -> queue
    /** Port groups into trees, by link and traffic class. */
    std::map<std::pair<uint32_t, uint8_t>, uint32_t> m_treeGroups;
    std::deque<uint32_t> m_treeLinks; //!< Their links, at fixed addresses
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_QUEUE_DIRECTORY_H
