/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TEST_RANDOM_LOAD_H
#define MTLINK_TEST_RANDOM_LOAD_H

#include "random-fabric.h"

#include <optional>
#include <sstream>
#include <string>
#include <vector>

/** How a load is drawn. */
struct Load
{
    uint32_t relays;  //!< Messages that each delivery passes on to the next endpoint
    uint32_t intrude; //!< Messages at random times from and to anybody
    uint32_t faults;  //!< Links that fail for a while
    bool stops;       //!< At some time, whatever is under way
    bool samples;     //!< Keeps a series
};

/** Endpoints that pass what they get on to the next, as a ring does. */
class RingFabric
{
  public:
    RingFabric(TestFabric& test, const Load& load, Dice& dice)
        : m_test(test),
          m_stride(static_cast<uint32_t>(dice.Number(1, test.fabric->GetEndpoints() - 1))),
          m_bytes(dice.Number(1, dice.Pick({5000, 60000, 400000}))),
          m_client(*this, load.relays)
    {
        const uint32_t n = test.fabric->GetEndpoints();
        const bool together = dice.Number(0, 1) == 0;
        // Often few: who has neighbours on the way is not alone.
        const auto sources = static_cast<uint32_t>(dice.Number(1, dice.Pick({1U, 2U, n})));
        for (uint32_t src = 0; src < sources; ++src)
        {
            ns3::Simulator::Schedule(ns3::PicoSeconds(together ? 0 : dice.Number(0, 5000000)),
                                     [this, src] { Send(src, m_client.relays); });
        }
        for (uint32_t i = 0; i < load.intrude; ++i)
        {
            const auto src = static_cast<uint32_t>(dice.Number(0, n - 1));
            const auto dst = static_cast<uint32_t>((src + dice.Number(1, n - 1)) % n);
            const uint64_t bytes = dice.Number(1, 30000);
            const auto flow = static_cast<uint32_t>(dice.Number(0, 1));
            ns3::Simulator::Schedule(
                ns3::PicoSeconds(dice.Number(0, 20000000)),
                [this, src, dst, bytes, flow, i] { m_test.Send(src, dst, bytes, i, flow); });
        }
    }

    /** @return what was delivered of the ring, and sent, in order of time. */
    const std::vector<Delivery>& GetCourse() const
    {
        return m_client.course;
    }

  private:
    /** Hears of the ring's messages; the cookie is how often they go on, and to whom they went. */
    struct Client : public ns3::mtlink::MessageClient
    {
        Client(RingFabric& r, uint32_t times)
            : ring(r),
              relays(times)
        {
        }

        void MessageSent(uint64_t cookie) override
        {
            course.push_back({~cookie, ns3::Simulator::Now().GetPicoSeconds()});
        }

        void MessageLost(uint64_t cookie) override
        {
            MessageDelivered(cookie);
        }

        void MessageDelivered(uint64_t cookie) override
        {
            course.push_back({cookie, ns3::Simulator::Now().GetPicoSeconds()});
            if (cookie >> 32 != 0)
            {
                ring.Send(static_cast<uint32_t>(cookie), static_cast<uint32_t>(cookie >> 32) - 1);
            }
        }

        RingFabric& ring;
        uint32_t relays;
        std::vector<Delivery> course;
    };

    void Send(uint32_t src, uint32_t left)
    {
        const uint32_t dst = (src + m_stride) % m_test.fabric->GetEndpoints();
        m_test.fabric->Send({src, dst, m_bytes, 0, 0},
                            &m_client,
                            static_cast<uint64_t>(left) << 32 | dst);
    }

    TestFabric& m_test;
    uint32_t m_stride;
    uint64_t m_bytes;
    Client m_client;
};

/** Add a latency to a text. */
inline void
Describe(std::ostringstream& out, const std::optional<ns3::mtlink::LatencyResult>& latency)
{
    if (latency)
    {
        out << latency->mean << ' ' << latency->p50 << ' ' << latency->p99 << ' ' << latency->p999
            << ' ' << latency->max << '\n';
    }
}

/** @return all figures of a run. */
inline std::string
Describe(const ns3::mtlink::RunResults& results, const TestFabric& test, const RingFabric& ring)
{
    std::ostringstream out;
    out.precision(17);
    out << results.simulatedTime << ' ' << results.packetHops << ' ' << results.packetsDelivered
        << ' ' << results.payloadBytesDelivered << ' ' << results.packetsLost << ' '
        << test.fabric->CheckConservation() << '\n';
    Describe(out, results.packetLatency);
    Describe(out, results.networkLatency);
    for (const std::vector<Delivery>* list :
         {&test.sent, &test.delivered, &test.lost, &ring.GetCourse()})
    {
        for (const Delivery& one : *list)
        {
            out << one.cookie << ' ' << one.at << '\n';
        }
    }
    for (const ns3::mtlink::LinkResult& link : results.links)
    {
        out << link.name << ' ' << link.packets << ' ' << link.payloadBytes << ' ' << link.wireBytes
            << ' ' << link.busy << ' ' << link.creditStall << ' ' << link.down << ' '
            << link.packetsLost << '\n';
    }
    for (const ns3::mtlink::QueueResult& queue : results.queues)
    {
        out << queue.link << ' ' << queue.vc << ' ' << queue.meanFlits << ' ' << queue.p99Flits
            << ' ' << queue.maxFlits << '\n';
    }
    for (const ns3::mtlink::SampleResult& sample : results.samples)
    {
        out << sample.start << ' ' << sample.link << ' ' << sample.utilisation << ' '
            << sample.stall << ' ' << sample.queueFlits << '\n';
    }
    for (const ns3::mtlink::CongestionResult& row : results.congestion)
    {
        out << row.root << ' ' << row.victim << ' ' << row.stall << ' ' << row.times << '\n';
    }
    for (const ns3::mtlink::CongestionFlowResult& row : results.congestionFlows)
    {
        out << row.root << ' ' << row.src << ' ' << row.dst << ' ' << row.stall << ' ' << row.times
            << '\n';
    }
    return out.str();
}

/** @return the first line in which two texts differ, of both; or nothing. */
inline std::string
FindDifference(const std::string& a, const std::string& b)
{
    std::istringstream first(a);
    std::istringstream second(b);
    std::string one;
    std::string other;
    while (true)
    {
        const bool isEnd = !std::getline(first, one);
        if (!std::getline(second, other) || isEnd || one != other)
        {
            return a == b ? "" : one + " | " + other;
        }
    }
}

#endif // MTLINK_TEST_RANDOM_LOAD_H
