/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ENDPOINT_PROFILE_H
#define MTLINK_ENDPOINT_PROFILE_H

#include "ns3/mtlink-congestion-profile.h"
#include "ns3/nstime.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Parameters of an endpoint (a GPU's ports, or its NIC); the YAML mapping `endpoint:`.
 */
class EndpointProfile : public CongestionProfile
{
  public:
    /** Order in which messages to different destinations are served; names as in YAML. */
    enum Service
    {
        ROUND_ROBIN, //!< A packet of each destination in turn
        IN_ORDER,    //!< The oldest message that can move
    };

    static constexpr uint32_t FORWARD_AFTER = 8; //!< Default of ForwardAfter

    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    /** @return the largest payload of a packet, bytes. */
    uint32_t GetPacket() const
    {
        return m_packet;
    }

    /** @return bytes in flight to one destination, at most; 0: only credits bound them. */
    uint64_t GetWindow() const
    {
        return m_window;
    }

    /** @return time before a message's first bit. */
    Time GetMessageOverhead() const
    {
        return m_messageOverhead;
    }

    /** @return time before a rank's part of a collective. */
    Time GetOperationOverhead() const
    {
        return m_operationOverhead;
    }

    /** @return bytes/s at which a GPU combines received data; 0: takes no time. */
    double GetReductionRate() const
    {
        return m_reductionRate;
    }

    /** @return order of service. */
    Service GetService() const
    {
        return m_service;
    }

    /** @return virtual channels of ports wired to another endpoint. */
    uint32_t GetVcs() const
    {
        return m_vcs;
    }

    /** @return input buffer per port and VC, bytes. */
    uint64_t GetBuffer() const
    {
        return m_buffer;
    }

    /** @return time for which a relay keeps a packet that is in whole. */
    Time GetRelayLatency() const
    {
        return m_relayLatency;
    }

    /** @return time for which an endpoint keeps a packet that it forwards. */
    Time GetForwardLatency() const
    {
        return m_forwardLatency;
    }

    /** @return own packets after which one that is forwarded has its turn at a port. */
    uint32_t GetForwardAfter() const
    {
        return m_forwardAfter;
    }

    /** @return bytes of the buffer in which packets wait for those they overtook; 0: none. */
    uint64_t GetReorderBuffer() const
    {
        return m_reorderBuffer;
    }

  private:
    uint32_t m_packet;        //!< Bytes
    uint64_t m_window;        //!< Bytes
    Time m_messageOverhead;   //!< Per message
    Time m_operationOverhead; //!< Per rank and collective
    double m_reductionRate;   //!< Bytes/s
    Service m_service;        //!< Order of service
    uint32_t m_vcs;           //!< Per port
    uint64_t m_buffer;        //!< Bytes per port and VC
    Time m_relayLatency;      //!< Per relayed packet
    Time m_forwardLatency;    //!< Per forwarded packet
    uint32_t m_forwardAfter;  //!< Own packets before a forwarded one
    uint64_t m_reorderBuffer; //!< Bytes per endpoint
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ENDPOINT_PROFILE_H
