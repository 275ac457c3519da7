/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "alpha-beta-transport.h"
#include "workload/traffic.h"

#include "ns3/mtlink-error.h"

#include <doctest/doctest.h>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <tuple>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** Takes messages and delivers them a fixed time later, keeping note. */
class NotingTransport : public Transport, public EventHandler
{
  public:
    NotingTransport(uint32_t endpoints, Tick delay)
        : m_endpoints(endpoints),
          m_delay(delay)
    {
    }

    uint32_t GetEndpoints() const override
    {
        return m_endpoints;
    }

    void Send(const Message& message, MessageClient* client, uint64_t cookie) override
    {
        seen.emplace_back(m_clock.Now(), message.src, message.dst);
        m_calls.emplace_back(client, cookie);
        m_events.Schedule(m_clock.Now() + m_delay, m_calls.size() - 1);
    }

    void OnEvent(uint64_t word) override
    {
        m_calls[word].first->MessageDelivered(m_calls[word].second);
    }

    std::vector<std::tuple<Tick, uint32_t, uint32_t>> seen; //!< Time, source, destination

  private:
    uint32_t m_endpoints;
    Tick m_delay;
    EventClock m_clock;
    EventChannel m_events{m_clock, *this, EventPhase::ARRIVE};
    std::vector<std::pair<MessageClient*, uint64_t>> m_calls;
};

/** @return traffic over n endpoints of one byte per picosecond. */
TrafficSpec
SpecOf(const std::string& pattern, uint32_t n)
{
    TrafficSpec spec;
    spec.pattern = pattern;
    spec.load = 0.5;
    spec.packet = 200;
    spec.wireFactor = 1.25;
    spec.warmup = 100'000;
    spec.measure = 1'000'000;
    spec.endpoints.resize(n);
    std::iota(spec.endpoints.begin(), spec.endpoints.end(), 0);
    spec.bytesPerSecond.assign(n, 1e12);
    return spec;
}

/** Traffic to its end. */
struct Traffic
{
    explicit Traffic(const TrafficSpec& spec, uint32_t seed = 1)
        : transport((UsePicoseconds(), 64), 500),
          source(spec, transport, seed, 1000)
    {
        source.Start(7);
        Simulator::Run();
        CHECK(source.IsComplete());
        Simulator::Destroy();
    }

    /** @return destinations by source. */
    std::map<uint32_t, std::set<uint32_t>> GetPairs() const
    {
        std::map<uint32_t, std::set<uint32_t>> pairs;
        bool toItself = false;
        for (const auto& [at, src, dst] : transport.seen)
        {
            toItself = toItself || src == dst;
            pairs[src].insert(dst);
        }
        CHECK_FALSE(toItself);
        return pairs;
    }

    NotingTransport transport;
    TrafficSource source;
};

/** @return the message with which traffic is refused. */
std::string
RefusalOf(const TrafficSpec& spec)
{
    UsePicoseconds();
    NotingTransport transport(64, 1);
    std::string refusal;
    try
    {
        TrafficSource(spec, transport, 1, 0);
    }
    catch (const ParameterError& error)
    {
        refusal = error.GetParameter() + ": " + error.what();
    }
    Simulator::Destroy();
    return refusal;
}

using Pairs = std::map<uint32_t, std::set<uint32_t>>;

} // namespace

TEST_SUITE("workload")
{
    TEST_CASE("patterns with one destination send as Dally and Towles define them")
    {
        CHECK(Traffic(SpecOf("bit_complement", 4)).GetPairs() ==
              Pairs{{0, {3}}, {1, {2}}, {2, {1}}, {3, {0}}});
        CHECK(Traffic(SpecOf("bit_reverse", 8)).GetPairs() ==
              Pairs{{1, {4}}, {3, {6}}, {4, {1}}, {6, {3}}});
        const auto transpose = Traffic(SpecOf("transpose", 16)).GetPairs();
        CHECK(transpose.size() == 12);
        CHECK(transpose.at(1) == std::set<uint32_t>{4});
        CHECK(transpose.at(11) == std::set<uint32_t>{14}); // 10 11 -> 11 10
        CHECK(Traffic(SpecOf("tornado", 8)).GetPairs().at(6) == std::set<uint32_t>{1});
        CHECK(Traffic(SpecOf("tornado", 5)).GetPairs().at(4) == std::set<uint32_t>{1});
        auto spec = SpecOf("permutation", 6);
        spec.shift = 2;
        CHECK(Traffic(spec).GetPairs().at(5) == std::set<uint32_t>{1});
    }

    TEST_CASE("a random permutation gives everybody one other, and another by another seed")
    {
        const auto spec = SpecOf("permutation", 32);
        const auto pairs = Traffic(spec, 1).GetPairs();
        std::set<uint32_t> destinations;
        for (const auto& [src, dst] : pairs)
        {
            CHECK(dst.size() == 1);
            destinations.insert(dst.begin(), dst.end());
        }
        CHECK(destinations.size() == 32);
        CHECK(Traffic(spec, 1).GetPairs() == pairs);
        CHECK(Traffic(spec, 2).GetPairs() != pairs);
    }

    TEST_CASE("uniform traffic goes to all others alike")
    {
        auto spec = SpecOf("uniform", 8);
        spec.measure = 50'000'000;
        const Traffic traffic(spec);
        std::map<std::pair<uint32_t, uint32_t>, double> count;
        for (const auto& [at, src, dst] : traffic.transport.seen)
        {
            ++count[{src, dst}];
        }
        CHECK(count.size() == 56);
        const double mean = static_cast<double>(traffic.transport.seen.size()) / 56;
        for (const auto& [pair, times] : count)
        {
            CHECK(times == doctest::Approx(mean).epsilon(0.1));
        }
    }

    TEST_CASE("hotspots, incast and group adversaries aim where they should")
    {
        auto spec = SpecOf("hotspot", 8);
        spec.targets = {3};
        spec.fraction = 0.6;
        spec.measure = 20'000'000;
        const Traffic hotspot(spec);
        double hot = 0;
        double cold = 0;
        for (const auto& [at, src, dst] : hotspot.transport.seen)
        {
            (dst == 3 ? hot : cold) += src == 3 ? 0 : 1;
        }
        // The share aimed at it, and its part of the rest.
        CHECK(hot / (hot + cold) == doctest::Approx(0.6 + 0.4 / 7).epsilon(0.03));
        spec.pattern = "incast";
        spec.targets = {3, 5};
        const auto incast = Traffic(spec).GetPairs();
        CHECK(incast.size() == 6);
        for (const auto& [src, dst] : incast)
        {
            CHECK(dst == std::set<uint32_t>{3, 5});
        }
        spec.pattern = "uniform";
        spec.endpoints = {0, 1, 2, 5, 3}; // in any order, and 3 and 5 do not send
        spec.bytesPerSecond.assign(5, 1e12);
        CHECK(Traffic(spec).GetPairs() == Pairs{{0, {3, 5}}, {1, {3, 5}}, {2, {3, 5}}});
        spec = SpecOf("group_adversarial", 12);
        spec.group = 4;
        const auto groups = Traffic(spec).GetPairs();
        CHECK(groups.at(3) == std::set<uint32_t>{4, 5, 6, 7});
        CHECK(groups.at(11) == std::set<uint32_t>{0, 1, 2, 3});
    }

    TEST_CASE("load is the fraction of the sources' rate on the wire, by all arrivals")
    {
        for (const auto* arrivals : {"poisson", "bernoulli", "constant"})
        {
            for (const double load : {0.1, 0.5, 1.0})
            {
                using Targets = std::vector<uint32_t>;
                for (const auto& [pattern, targets, senders] :
                     {std::tuple("uniform", Targets(), 16),
                      std::tuple("uniform", Targets{1, 3}, 14),
                      std::tuple("hotspot", Targets{0}, 16),
                      std::tuple("incast", Targets{0}, 15)})
                {
                    auto spec = SpecOf(pattern, 16);
                    spec.arrivals = arrivals;
                    spec.load = load;
                    // As many arrivals at each load: 8,000 of each source.
                    spec.measure = static_cast<Tick>(2'000'000 / load);
                    spec.targets = targets;
                    spec.fraction = 0.3;
                    const Traffic traffic(spec);
                    CAPTURE(arrivals);
                    CAPTURE(load);
                    CHECK(traffic.source.GetOfferedLoad() == doctest::Approx(load).epsilon(0.03));
                    CHECK(traffic.source.GetAcceptedLoad() == doctest::Approx(load).epsilon(0.03));
                    CHECK(traffic.source.GetSenderRate() == senders * 1e12);
                }
            }
        }
    }

    TEST_CASE(
        "Bernoulli arrivals keep to slots, at most one in each, and constant ones to a period")
    {
        auto spec = SpecOf("uniform", 4);
        spec.arrivals = "bernoulli";
        const Traffic bernoulli(spec);
        std::set<std::pair<Tick, uint32_t>> slots;
        for (const auto& [at, src, dst] : bernoulli.transport.seen)
        {
            REQUIRE((at - 7) % 250 == 0);
            REQUIRE(slots.emplace(at, src).second);
        }
        spec.arrivals = "constant";
        const Traffic constant(spec);
        std::map<uint32_t, Tick> last;
        for (const auto& [at, src, dst] : constant.transport.seen)
        {
            if (last.count(src) > 0)
            {
                CHECK(at - last[src] == 500);
            }
            last[src] = at;
        }
    }

    TEST_CASE("only the window counts, and sources stop at its end")
    {
        const Traffic traffic(SpecOf("uniform", 8));
        const auto [begin, end] = traffic.source.GetWindow();
        CHECK(begin == 100'007);
        CHECK(end == 1'100'007);
        uint64_t offered = 0;
        uint64_t accepted = 0;
        for (const auto& [at, src, dst] : traffic.transport.seen)
        {
            CHECK(at < end);
            offered += at >= begin ? 200 : 0;
            accepted += at + 500 >= begin && at + 500 < end ? 200 : 0;
        }
        CHECK(traffic.source.GetOfferedBytes() == offered);
        CHECK(traffic.source.GetAcceptedBytes() == accepted);
        CHECK(offered != accepted);
    }

    TEST_CASE("traffic is the same by the same seed, and each source by its own stream")
    {
        const Traffic a(SpecOf("uniform", 8), 5);
        CHECK(a.transport.seen == Traffic(SpecOf("uniform", 8), 5).transport.seen);
        CHECK(a.transport.seen != Traffic(SpecOf("uniform", 8), 6).transport.seen);
        // One more endpoint does not change when the others send.
        const Traffic b(SpecOf("uniform", 9), 5);
        const auto times = [](const Traffic& traffic, uint32_t source) {
            std::vector<Tick> all;
            for (const auto& [at, src, dst] : traffic.transport.seen)
            {
                if (src == source)
                {
                    all.push_back(at);
                }
            }
            return all;
        };
        CHECK(times(a, 3) == times(b, 3));
    }

    TEST_CASE("traffic that can't be is refused by parameter")
    {
        CHECK(RefusalOf(SpecOf("unifrom", 8)) ==
              "pattern: 'unifrom' is not known; there are uniform, permutation, tornado, "
              "bit_complement, bit_reverse, transpose, hotspot, incast, group_adversarial");
        CHECK(RefusalOf(SpecOf("bit_reverse", 12)) ==
              "pattern: bit_reverse needs a power of two of endpoints, not 12");
        CHECK(
            RefusalOf(SpecOf("transpose", 8)) ==
            "pattern: transpose needs 4, 16, 64, ... endpoints, so that their numbers have an even "
            "count of bits, not 8");
        CHECK(RefusalOf(SpecOf("tornado", 2)) ==
              "pattern: tornado needs at least 3 endpoints, not 2");
        CHECK(RefusalOf(SpecOf("bit_reverse", 2)) ==
              "pattern: bit_reverse over 2 endpoints lets nobody send to another");
        CHECK(RefusalOf(SpecOf("incast", 8)) == "targets: incast needs targets");
        CHECK(RefusalOf(SpecOf("uniform", 1)) == "ranks: traffic needs at least 2 endpoints");
        CHECK(RefusalOf(SpecOf("uniform", 65)) ==
              "ranks: endpoint 64 is beyond the fabric, which has endpoints 0 to 63");
        auto spec = SpecOf("group_adversarial", 12);
        spec.group = 5;
        CHECK(RefusalOf(spec) == "group: group_adversarial needs at least 2 equal groups, but 12 "
                                 "endpoints are no multiple of groups of 5");
        spec = SpecOf("hotspot", 8);
        spec.targets = spec.endpoints;
        CHECK(RefusalOf(spec).starts_with("fraction: "));
        spec.pattern = "uniform";
        CHECK(RefusalOf(spec) == "pattern: uniform over 8 endpoints lets nobody send to another");
        spec.pattern = "hotspot";
        spec.targets = {9};
        CHECK(RefusalOf(spec) == "targets: target 9 is not one of the endpoints that take part");
        spec.targets = {1};
        CHECK(RefusalOf(spec) == "fraction: fraction is above 0 and at most 1");
        spec = SpecOf("permutation", 8);
        spec.shift = 8;
        CHECK(RefusalOf(spec) == "shift: a shift is below the number of endpoints, 8");
        spec = SpecOf("uniform", 8);
        spec.load = 1.5;
        CHECK(RefusalOf(spec) == "load: load is above 0 and at most 1");
        spec.load = 0.5;
        spec.arrivals = "bursty";
        CHECK(RefusalOf(spec) ==
              "arrivals: 'bursty' is not known; there are bernoulli, poisson, constant");
        spec.arrivals = "bernoulli";
        spec.slot = 1000;
        CHECK(RefusalOf(spec).starts_with("load: a slot is longer than the time between messages"));
    }
}
