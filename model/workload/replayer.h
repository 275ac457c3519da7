/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPLAYER_H
#define MTLINK_REPLAYER_H

#include "engine/event-channel.h"
#include "workload/cause-log.h"
#include "workload/message-sink.h"
#include "workload/operation-graph.h"

#include "ns3/mtlink-transport.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

class CollectiveMemo;

/**
 * @ingroup mtlink
 * What the host adds to a replay.
 */
struct HostCosts
{
    Tick operationOverhead{0};         //!< Before each rank's part of each collective, ps
    double reductionBytesPerSecond{0}; //!< Speed of REDUCE; 0: takes no time
    double computeScale{1};            //!< COMPUTE takes its duration times this
    double computeSlowdown{0}; //!< The part of COMPUTE that can be slowed takes so much more
                               //!< of its time while its rank communicates: between its
                               //!< LAUNCH and its end of a collective, while a message to it
                               //!< is under way or one of its own has not left
};

/**
 * @ingroup mtlink
 * A send, receive or reduction of a collective that unfolded, for a timeline.
 */
struct TaskRecord
{
    uint32_t operation; //!< Behind which operation of the graph it stands
    uint64_t place;     //!< Where among those behind it
    uint32_t rank;      //!< Who did it
    uint32_t peer;      //!< With whom
    uint64_t bytes;     //!< Payload
    Tick start;         //!< It began; a receive: its member was ready
    Tick end;           //!< It ended
    OperationType type; //!< SEND, RECEIVE or REDUCE
};

/**
 * @ingroup mtlink
 * Walks an operation graph over a transport; collectives unfold meanwhile, see Unfolder.
 *
 * What becomes ready at one instant starts in order of id, before the instant is over. COMPUTE
 * operations of one (rank, stream), and REDUCE operations of one rank, run one after another in
 * order of (time of readiness, id); everything else runs beside everything else. A message may
 * come in before its receive has started: it waits. A message without payload is carried as one
 * byte, since a packet has at least one. A message between ranks on one endpoint takes no time
 * and does not reach the transport.
 */
class Replayer : public EventHandler, public MessageClient, public RingClient
{
  public:
    /**
     * @param [in] graph A finished graph; must outlive this.
     * @param [in] endpoints The endpoint of each rank.
     * @param [in] transport Who carries the messages.
     * @param [in] costs Host overheads.
     * @param [in] trafficClass Of messages that say nothing else.
     * @param [in] sink Who is told of the messages; nullptr: nobody.
     */
    Replayer(const OperationGraph& graph,
             std::vector<uint32_t> endpoints,
             Transport& transport,
             const HostCosts& costs,
             uint8_t trafficClass = 0,
             MessageSink* sink = nullptr);
    ~Replayer() override;

    /**
     * Start at a given time.
     * @param [in] at When, not before now.
     */
    void Start(Tick at);

    /** @return whether all operations have finished. */
    bool IsComplete() const;

    /** @return operations finished so far. */
    uint64_t GetFinished() const;

    /** @return messages that a fault took: what waits for them never finishes. */
    uint64_t GetLost() const;

    /**
     * @return payload bytes of finished receives so far, and of all receives, about: for progress.
     */
    std::pair<uint64_t, uint64_t> GetProgress() const;

    /** @return the first start and last end of the workload so far. */
    std::pair<Tick, Tick> GetSpan() const;

    /**
     * @param [in] collective Its index in the graph.
     * @return first start of its operations, host overhead included, and last end of all of them;
     *         NEVER where not yet.
     */
    std::pair<Tick, Tick> GetCollectiveSpan(uint32_t collective) const;

    /**
     * @param [in] collective Its index in the graph.
     * @return what its times are worth: the worst of its messages delivered so far.
     */
    Fidelity GetCollectiveFidelity(uint32_t collective) const;

    /**
     * @param [in] operation Its id.
     * @return its start and its end; NEVER where not yet.
     */
    std::pair<Tick, Tick> GetOperationSpan(uint32_t operation) const;

    /**
     * Let a memo repeat collectives, of which GetTasks() and the sink then hear no single message.
     * Before the start.
     * @param [in] memo The memo; must outlive this.
     * @param [in] workload The number that this replay's graph has there.
     */
    void UseMemo(CollectiveMemo& memo, uint32_t workload);

    /**
     * Keep what unfolds, once it is over, for GetTasks(). Before the start.
     * @param [in] ranks By rank: whether it is kept of this one.
     */
    void KeepTasks(std::vector<bool> ranks);

    /** @return what unfolded and took time, in program order; empty unless kept. */
    const std::vector<TaskRecord>& GetTasks() const;

    /** Keep what led to what is under way, for GetCriticalPath(). Before the start. */
    void KeepCauses();

    /**
     * @return the chain of all that was waited for, from the start of the workload to its last end:
     *         each starts as the one before it is over, or has come as far as it was waited for,
     * and the last one ends with GetSpan(). Empty unless KeepCauses() was asked for, where nothing
     * took time, and where too much was under way to be kept.
     */
    std::vector<Cause> GetCriticalPath() const;

    /** @return whether there was too much to keep of what led to what. */
    bool HasLostCauses() const;

    /**
     * @param [in] most How many to name.
     * @return a few operations that have started and wait, "rank 3: receive from 2, tag 0", for a
     *         stalled run.
     */
    std::vector<std::string> GetWaiting(std::size_t most) const;

    void OnEvent(uint64_t word) override;
    void MessageSent(uint64_t cookie) override;
    void MessageDelivered(uint64_t cookie) override;
    void MessageLost(uint64_t cookie) override;
    void RingReady(uint64_t cookie, uint32_t place, uint32_t step) override;
    uint64_t RingMessageBegun(uint64_t cookie, uint32_t place, uint64_t bytes) override;
    void RingMessageEnded(uint64_t cookie, uint64_t number, uint64_t bytes) override;
    void RingMessagesCarried(uint64_t cookie, uint64_t messages, uint64_t bytes) override;
    void RingSent(uint64_t cookie, uint32_t place) override;
    void RingPassed(uint64_t cookie, uint32_t place) override;

  private:
    struct Impl;                  //!< State; see the .cc
    std::unique_ptr<Impl> m_impl; //!< Hidden
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPLAYER_H
