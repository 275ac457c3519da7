/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TEST_ALPHA_BETA_TRANSPORT_H
#define MTLINK_TEST_ALPHA_BETA_TRANSPORT_H

#include "engine/event-channel.h"
#include "workload/operation-graph.h"
#include "workload/replayer.h"

#include "ns3/mtlink-transport.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** Count picoseconds, as the fabric needs; ns-3 allows to say so once. */
inline void
UsePicoseconds()
{
    if (Time::GetResolution() != Time::PS)
    {
        Time::SetResolution(Time::PS);
    }
}

/**
 * A transport for tests whose times are known in closed form: a message of m bytes takes
 * alpha + m x beta. What one endpoint sends to another waits in line; everything else is apart.
 */
class AlphaBetaTransport : public Transport, public EventHandler
{
  public:
    /**
     * @param [in] endpoints Endpoints.
     * @param [in] alpha Latency, ps.
     * @param [in] beta Time per byte, ps.
     */
    AlphaBetaTransport(uint32_t endpoints, Tick alpha, Tick beta)
        : m_endpoints(endpoints),
          m_alpha(alpha),
          m_beta(beta)
    {
    }

    uint32_t GetEndpoints() const override
    {
        return m_endpoints;
    }

    void Send(const Message& message, MessageClient* client, uint64_t cookie) override
    {
        m_bytes += message.bytes;
        if (message.src == m_losingSource)
        {
            return Later(m_clock.Now() + m_alpha, client, cookie, LOST);
        }
        Tick& free = m_free[{message.src, message.dst}];
        free = std::max(free, m_clock.Now()) + static_cast<Tick>(message.bytes) * m_beta;
        Later(free, client, cookie, SENT);
        Later(free + m_alpha, client, cookie, DELIVERED);
    }

    void OnEvent(uint64_t word) override
    {
        const Call call = m_calls[word];
        switch (call.what)
        {
        case SENT:
            return call.client->MessageSent(call.cookie);
        case DELIVERED:
            return call.client->MessageDelivered(call.cookie);
        case LOST:
            return call.client->MessageLost(call.cookie);
        }
    }

    /** @return payload bytes handed over so far. */
    uint64_t GetBytes() const
    {
        return m_bytes;
    }

    /** @param [in] source All messages of this endpoint are lost. */
    void LoseFrom(uint32_t source)
    {
        m_losingSource = source;
    }

  private:
    /** What to call. */
    enum What
    {
        SENT,
        DELIVERED,
        LOST
    };

    /** A call due. */
    struct Call
    {
        MessageClient* client;
        uint64_t cookie;
        What what;
    };

    void Later(Tick at, MessageClient* client, uint64_t cookie, What what)
    {
        m_calls.push_back({client, cookie, what});
        m_events.Schedule(at, m_calls.size() - 1);
    }

    uint32_t m_endpoints;
    Tick m_alpha;
    Tick m_beta;
    uint64_t m_bytes{0};
    uint32_t m_losingSource{NONE};
    std::map<std::pair<uint32_t, uint32_t>, Tick> m_free;
    std::vector<Call> m_calls;
    EventClock m_clock;
    EventChannel m_events{m_clock, *this, EventPhase::ARRIVE};
};

/**
 * Keeps the messages of a replay.
 */
class MessageRecorder : public MessageSink
{
  public:
    uint64_t MessageBegun(const MessageRecord& message) override
    {
        messages.push_back(message);
        return messages.size() - 1;
    }

    void MessageEnded(uint64_t number, Tick end) override
    {
        messages.at(number).end = end;
    }

    bool WantsAll() const override
    {
        return true;
    }

    void MessagesUnlisted(uint64_t) override
    {
    }

    std::vector<MessageRecord> messages; //!< In order of sending
};

/** A replay to its end, and the simulator's. */
class Replay
{
  public:
    /**
     * Run.
     * @param [in] graph A finished graph.
     * @param [in] alpha Latency, ps.
     * @param [in] beta Time per byte, ps.
     * @param [in] costs Host costs.
     * @param [in] losing Endpoint whose messages are lost; NONE: none.
     */
    explicit Replay(const OperationGraph& graph,
                    Tick alpha = 1000,
                    Tick beta = 1,
                    const HostCosts& costs = {},
                    uint32_t losing = NONE)
        : transport(Prepared(graph.GetRanks()), alpha, beta),
          replayer(graph, Identity(graph.GetRanks()), transport, costs, 0, &record)
    {
        transport.LoseFrom(losing);
        replayer.Start(0);
        Simulator::Run();
        Simulator::Destroy(); // another one may begin at 0 beside it
    }

    /** @return the messages, in order of sending. */
    const std::vector<MessageRecord>& GetMessages() const
    {
        return record.messages;
    }

    AlphaBetaTransport transport;
    MessageRecorder record;
    Replayer replayer;

  private:
    static uint32_t Prepared(uint32_t endpoints)
    {
        UsePicoseconds();
        return endpoints;
    }

    static std::vector<uint32_t> Identity(uint32_t ranks)
    {
        std::vector<uint32_t> endpoints(ranks);
        std::iota(endpoints.begin(), endpoints.end(), 0);
        return endpoints;
    }
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TEST_ALPHA_BETA_TRANSPORT_H
