/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "alpha-beta-transport.h"
#include "engine/random.h"
#include "expanded-collective.h"
#include "workload/collective/collective-bound.h"
#include "workload/collective/collective-kind.h"
#include "workload/collective/hamiltonian.h"
#include "workload/collective/placement.h"
#include "workload/collective/tree.h"

#include "ns3/mtlink-error.h"

#include <bit>
#include <cmath>
#include <doctest/doctest.h>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** @return a collective over ranks 0 to n - 1, rank i at endpoint i. */
CollectiveSpec
SpecOf(const std::string& name, const std::string& algorithm, uint32_t n, uint64_t bytes)
{
    CollectiveSpec spec;
    spec.name = name;
    spec.algorithm = algorithm;
    spec.bytes = bytes;
    spec.ranks.resize(n);
    std::iota(spec.ranks.begin(), spec.ranks.end(), 0);
    spec.endpoints = spec.ranks;
    if (name == "all_to_allv")
    {
        for (uint32_t i = 0; i < n * n; ++i)
        {
            spec.counts.push_back(Mix(i) % 4 * (bytes / 4));
        }
    }
    return spec;
}

/** @return whether a collective's algorithm cuts its data into channels. */
bool
HasChannels(const CollectiveSpec& spec)
{
    const bool mayNot = spec.algorithm == "bruck" || spec.algorithm == "hierarchical" ||
                        spec.algorithm == "auto"; // which may choose bruck
    return spec.name != "barrier" && !(spec.name == "all_to_all" && mayNot);
}

/** @return whether a collective's algorithm sends its data in chunks, one after another. */
bool
HasPipeline(const CollectiveSpec& spec)
{
    return spec.algorithm == "tree" || spec.algorithm == "ring" ||
           spec.algorithm == "bidirectional_ring";
}

/** @return a fabric of n endpoints in nodes of a size. */
FabricHints
HintsOf(uint32_t n, uint32_t scaleUp, bool mesh)
{
    FabricHints hints;
    hints.endpoints = n;
    hints.scaleUpSize = scaleUp;
    hints.fullMesh = mesh;
    return hints;
}

/**
 * Carries out an expanded collective on sets of contributors instead of numbers, in a random order
 * that its dependencies allow, and says what went wrong.
 */
class Symbolic
{
  public:
    Symbolic(const CollectiveSpec& spec, const FabricHints& hints, uint64_t seed)
        : m_spec(spec),
          m_n(static_cast<uint32_t>(spec.ranks.size())),
          m_graph(m_n),
          m_seed(seed)
    {
        m_ends = ExpandCollective(m_graph, spec, hints, &m_moves);
        m_graph.Finish();
        const uint64_t space = spec.name == "all_to_allv"
                                   ? std::accumulate(spec.counts.begin(), spec.counts.end(), 0ULL)
                               : spec.name == "all_to_all" || spec.name == "send_recv"
                                   ? spec.bytes * m_n
                                   : spec.bytes;
        m_original.assign(m_n, std::vector<uint32_t>(space, 0));
        for (uint32_t member = 0; member < m_n; ++member)
        {
            for (const auto& [part, mask] : BeginsWith(member))
            {
                Fill(m_original[member], part, mask);
            }
        }
        m_now = m_original;
        for (uint32_t member = 0; member < m_n; ++member)
        {
            m_heard.push_back(1U << member);
        }
    }

    /** @return what went wrong first; empty: nothing. */
    std::string Run()
    {
        const auto& operations = m_graph.GetOperations();
        std::map<uint32_t, const DataMove*> moveOf;
        for (const DataMove& move : m_moves)
        {
            moveOf[move.send] = &move;
            moveOf[move.receive] = &move;
            if (move.reduce != NONE)
            {
                moveOf[move.reduce] = &move;
            }
        }
        std::vector<uint32_t> waits(operations.size());
        std::vector<uint32_t> ready;
        for (uint32_t id = 0; id < operations.size(); ++id)
        {
            // A receive also waits for its message.
            waits[id] =
                m_graph.GetRequired(id) + (operations[id].type == OperationType::RECEIVE ? 1 : 0);
            if (waits[id] == 0)
            {
                ready.push_back(id);
            }
        }
        const auto release = [&](uint32_t id) {
            if (--waits[id] == 0)
            {
                ready.push_back(id);
            }
        };
        std::size_t done = 0;
        while (!ready.empty())
        {
            const auto pick = Mix(m_seed++) % ready.size();
            const uint32_t id = ready[pick];
            ready[pick] = ready.back();
            ready.pop_back();
            ++done;
            const Operation& operation = operations[id];
            switch (operation.type)
            {
            case OperationType::SEND:
                Send(*moveOf.at(id), operation.rank);
                release(m_graph.GetMatch(id));
                break;
            case OperationType::RECEIVE:
                m_heard[operation.rank] |= m_heardInFlight.at(moveOf.at(id));
                if (moveOf.at(id)->reduce == NONE)
                {
                    Store(*moveOf.at(id), operation.rank);
                }
                break;
            case OperationType::REDUCE:
                Reduce(*moveOf.at(id), operation.rank);
                break;
            case OperationType::DELAY:
                CheckEnd(operation.rank);
                break;
            default:
                break;
            }
            for (const uint32_t later : m_graph.GetDependents(id))
            {
                release(later);
            }
            for (const uint32_t later : m_graph.GetStartDependents(id))
            {
                release(later);
            }
        }
        if (done != operations.size())
        {
            Fail("not all operations ran");
        }
        return m_fault;
    }

    /** @return payload of all messages. */
    uint64_t GetBytes() const
    {
        uint64_t bytes = 0;
        for (const auto& operation : m_graph.GetOperations())
        {
            bytes += operation.type == OperationType::SEND ? operation.bytes : 0;
        }
        return bytes;
    }

    /** @return the algorithm that ran. */
    std::string GetAlgorithm() const
    {
        return m_graph.GetCollectives()[0].algorithm;
    }

  private:
    using Parts = std::vector<std::pair<Segment, uint32_t>>;

    static void Fill(std::vector<uint32_t>& data, const Segment& part, uint32_t mask)
    {
        for (uint64_t x = part.offset; x < part.offset + part.bytes; ++x)
        {
            data[x] = mask;
        }
    }

    Segment Whole() const
    {
        return {0, m_spec.bytes};
    }

    Segment Block(uint32_t i, uint32_t j) const
    {
        if (m_spec.counts.empty())
        {
            return PartOf({i * m_spec.bytes, m_spec.bytes}, m_n, j);
        }
        const auto at = m_spec.counts.begin() + i * m_n + j;
        return {std::accumulate(m_spec.counts.begin(), at, 0ULL), *at};
    }

    /** What a member has at first, and whose it is. */
    Parts BeginsWith(uint32_t member) const
    {
        const std::string& name = m_spec.name;
        const uint32_t own = 1U << member;
        if (name == "all_reduce" || name == "reduce_scatter" || name == "reduce")
        {
            return {{Whole(), own}};
        }
        if (name == "all_gather" || name == "gather")
        {
            return {{PartOf(Whole(), m_n, member), own}};
        }
        if (name == "broadcast" || name == "scatter")
        {
            return member == m_spec.root ? Parts{{Whole(), own}} : Parts{};
        }
        if (name == "send_recv")
        {
            return {{{member * m_spec.bytes, m_spec.bytes}, own}};
        }
        Parts parts;
        for (uint32_t j = 0; j < m_n && name != "barrier"; ++j)
        {
            parts.push_back({Block(member, j), own});
        }
        return parts;
    }

    /** What a member must have in the end. */
    Parts EndsWith(uint32_t member) const
    {
        const std::string& name = m_spec.name;
        const uint32_t all = (1U << m_n) - 1;
        const bool root = member == m_spec.root;
        Parts parts;
        if (name == "all_reduce" || (name == "reduce" && root))
        {
            parts.push_back({Whole(), all});
        }
        if (name == "reduce_scatter")
        {
            parts.push_back({PartOf(Whole(), m_n, member), all});
        }
        if (name == "broadcast")
        {
            parts.push_back({Whole(), 1U << m_spec.root});
        }
        if (name == "scatter")
        {
            parts.push_back({PartOf(Whole(), m_n, member), 1U << m_spec.root});
        }
        if (name == "send_recv")
        {
            const uint32_t from = (member + m_n - 1) % m_n;
            parts.push_back({{from * m_spec.bytes, m_spec.bytes}, 1U << from});
        }
        for (uint32_t i = 0; i < m_n; ++i)
        {
            if (name == "all_gather" || (name == "gather" && root))
            {
                parts.push_back({PartOf(Whole(), m_n, i), 1U << i});
            }
            if (name.starts_with("all_to_all"))
            {
                parts.push_back({Block(i, member), 1U << i});
            }
        }
        return parts;
    }

    void Fail(const std::string& fault)
    {
        m_fault = m_fault.empty() ? fault : m_fault;
    }

    void Send(const DataMove& move, uint32_t member)
    {
        const auto& data = move.original ? m_original[member] : m_now[member];
        auto& flight = m_inFlight[&move];
        for (const Segment& segment : move.segments)
        {
            for (uint64_t x = segment.offset; x < segment.offset + segment.bytes; ++x)
            {
                if (data.at(x) == 0)
                {
                    Fail("rank " + std::to_string(member) + " sends what it does not have");
                }
                flight.push_back(data.at(x));
            }
        }
        if (!move.segments.empty() && flight.size() != m_graph.GetOperations()[move.send].bytes)
        {
            Fail("a message is not as long as its data");
        }
        m_heardInFlight[&move] = m_heard[member];
    }

    void Store(const DataMove& move, uint32_t member)
    {
        std::size_t i = 0;
        for (const Segment& segment : move.segments)
        {
            for (uint64_t x = segment.offset; x < segment.offset + segment.bytes; ++x)
            {
                m_now[member].at(x) = m_inFlight.at(&move)[i++];
            }
        }
    }

    void Reduce(const DataMove& move, uint32_t member)
    {
        std::size_t i = 0;
        for (const Segment& segment : move.segments)
        {
            for (uint64_t x = segment.offset; x < segment.offset + segment.bytes; ++x)
            {
                const uint32_t mask = m_inFlight.at(&move)[i++];
                if (m_now[member].at(x) & mask)
                {
                    Fail("rank " + std::to_string(member) + " counts a contribution twice");
                }
                m_now[member].at(x) |= mask;
            }
        }
    }

    /** A member's part is over: what it was promised must be there now. */
    void CheckEnd(uint32_t member)
    {
        for (const auto& [part, mask] : EndsWith(member))
        {
            for (uint64_t x = part.offset; x < part.offset + part.bytes; ++x)
            {
                if (m_now[member][x] != mask)
                {
                    Fail("rank " + std::to_string(member) + " lacks its result");
                }
            }
        }
        if (m_spec.name == "barrier" && m_heard[member] != (1U << m_n) - 1)
        {
            Fail("rank " + std::to_string(member) + " passed the barrier before all reached it");
        }
    }

    CollectiveSpec m_spec;
    uint32_t m_n;
    OperationGraph m_graph;
    uint64_t m_seed;
    std::vector<DataMove> m_moves;
    CollectiveEnds m_ends;
    std::vector<std::vector<uint32_t>> m_original;
    std::vector<std::vector<uint32_t>> m_now;
    std::vector<uint32_t> m_heard;
    std::map<const DataMove*, std::vector<uint32_t>> m_inFlight;
    std::map<const DataMove*, uint32_t> m_heardInFlight;
    std::string m_fault;
};

/** @return bytes that all messages of a collective hold together, by closed form. */
uint64_t
BytesOf(const CollectiveSpec& spec, const std::string& algorithm, uint32_t perNode)
{
    const uint64_t n = spec.ranks.size();
    const uint64_t whole = spec.bytes;
    const uint64_t core = std::bit_floor(n);
    const uint64_t pairs = n - core;
    const auto share = [&](uint64_t i) { return PartOf({0, whole}, n, i).bytes; };
    uint64_t evens = 0;
    for (uint64_t pair = 0; pair < pairs; ++pair)
    {
        evens += share(2 * pair);
    }
    const std::string what = spec.name + " " + algorithm;
    if (what == "all_reduce halving_doubling")
    {
        return 2 * pairs * whole + 2 * (core - 1) * whole;
    }
    if (what == "all_reduce doubling")
    {
        return 2 * pairs * whole + core * (std::bit_width(core) - 1) * whole;
    }
    if (what == "all_reduce direct")
    {
        return n * (n - 1) * whole;
    }
    if (what == "reduce_scatter halving_doubling")
    {
        return pairs * whole + (core - 1) * whole + evens;
    }
    if (what == "all_gather doubling")
    {
        return evens + (core - 1) * whole + pairs * whole - evens;
    }
    if (what == "reduce two_shot")
    {
        return (n - 1) * whole + whole - share(spec.root);
    }
    if (spec.name == "gather" || spec.name == "scatter")
    {
        uint64_t bytes = 0;
        for (uint64_t v = 1; v < n; ++v)
        {
            bytes += share((v + spec.root) % n) * (algorithm == "direct" ? 1 : std::popcount(v));
        }
        return bytes;
    }
    if (spec.name.starts_with("all_to_all"))
    {
        uint64_t bytes = 0;
        for (uint64_t i = 0; i < n; ++i)
        {
            for (uint64_t j = 0; j < n; ++j)
            {
                uint64_t times = i == j ? 0 : 1;
                if (algorithm == "bruck")
                {
                    times = std::popcount((j + n - i) % n);
                }
                if (algorithm == "hierarchical")
                {
                    times = (i % perNode != j % perNode) + (i / perNode != j / perNode);
                }
                bytes += times * (spec.counts.empty() ? share(j) : spec.counts[i * n + j]);
            }
        }
        return bytes;
    }
    if (spec.name == "send_recv")
    {
        return n > 1 ? n * whole : 0;
    }
    if (spec.name == "barrier")
    {
        return algorithm == "direct" ? n * (n - 1) : n * std::bit_width(n - 1);
    }
    return (spec.name == "all_reduce" ? 2 : 1) * (n - 1) * whole;
}

/** @return the time of a collective over an alpha-beta transport. */
Tick
TimeOf(const CollectiveSpec& spec, const FabricHints& hints, Tick alpha, Tick beta)
{
    OperationGraph graph(static_cast<uint32_t>(spec.endpoints.size()));
    ExpandCollective(graph, spec, hints);
    graph.Finish();
    const Replay replay(graph, alpha, beta);
    REQUIRE(replay.replayer.IsComplete());
    return replay.replayer.GetCollectiveSpan(0).second;
}

/** @return TimeOf() where rings have one channel. */
Tick
TimeOf(const std::string& name, const std::string& algorithm, uint32_t n, uint64_t bytes)
{
    auto spec = SpecOf(name, algorithm, n, bytes);
    spec.channels = HasChannels(spec) ? 1 : 0;
    spec.chunk = HasPipeline(spec) ? bytes : 0;
    return TimeOf(spec, HintsOf(n, n, false), 1000, 3);
}

/** @return the algorithms by which the endpoints do it; what the network does is tested apart. */
std::vector<std::string>
GetEndpointAlgorithms(const std::string& name)
{
    std::vector<std::string> algorithms = GetAlgorithms(name);
    algorithms.erase(std::remove(algorithms.begin(), algorithms.end(), "in_network"),
                     algorithms.end());
    return algorithms;
}

} // namespace

TEST_SUITE("workload")
{
    TEST_CASE("every collective by every algorithm gives each rank what it promises")
    {
        for (const auto& name : GetCollectives())
        {
            for (const auto& algorithm : GetEndpointAlgorithms(name))
            {
                for (uint32_t n = 1; n <= 17; ++n)
                {
                    for (const uint64_t bytes : {1, 5, 17, 97, 1000})
                    {
                        auto spec = SpecOf(name, algorithm, n, bytes);
                        spec.root = n / 2;
                        Symbolic symbolic(spec, HintsOf(n, n, false), bytes * n);
                        CAPTURE(name);
                        CAPTURE(algorithm);
                        CAPTURE(n);
                        CAPTURE(bytes);
                        REQUIRE(symbolic.Run() == "");
                        REQUIRE(symbolic.GetBytes() ==
                                (n == 1 ? 0 : BytesOf(spec, symbolic.GetAlgorithm(), n)));
                    }
                }
            }
        }
    }

    TEST_CASE("channels, chunks, meshes and nodes change no result and no sum of bytes")
    {
        for (const auto& name : GetCollectives())
        {
            for (const auto& algorithm : GetEndpointAlgorithms(name))
            {
                for (const uint32_t n : {2U, 3U, 4U, 6U, 7U, 9U, 12U, 16U})
                {
                    for (uint32_t perNode = 1; perNode <= n; ++perNode)
                    {
                        const bool even = n % perNode == 0;
                        if (!even && algorithm == "hierarchical")
                        {
                            continue;
                        }
                        auto spec = SpecOf(name, algorithm, n, 331);
                        spec.root = n - 1;
                        spec.channels = HasChannels(spec) ? perNode % 4 : 0;
                        spec.chunk = HasPipeline(spec) ? n % 3 * 11 : 0;
                        const bool mesh = (n + perNode) % 2 == 0;
                        Symbolic symbolic(spec, HintsOf(n, perNode, mesh), n * 100 + perNode);
                        CAPTURE(name);
                        CAPTURE(algorithm);
                        CAPTURE(n);
                        CAPTURE(perNode);
                        REQUIRE(symbolic.Run() == "");
                        REQUIRE(symbolic.GetBytes() ==
                                BytesOf(spec, symbolic.GetAlgorithm(), perNode));
                    }
                }
            }
        }
    }

    TEST_CASE("a large hierarchical all-reduce runs rings across")
    {
        auto spec = SpecOf("all_reduce", "hierarchical", 12, 12 * 64 * 1024);
        OperationGraph graph(12);
        ExpandCollective(graph, spec, HintsOf(12, 4, false));
        graph.Finish();
        const Replay replay(graph, 1000, 1);
        // Ring in the node of 4 twice, ring across 3 nodes of the share, messages of 64 KiB.
        CHECK(replay.replayer.GetSpan().second == 2 * 3 * (1000 + 3 * 65536) + 4 * (1000 + 65536));
    }

    TEST_CASE("parts differ by at most one byte and add up")
    {
        for (const uint64_t bytes : {0, 1, 7, 64, 1000003})
        {
            for (uint32_t parts = 1; parts <= 9; ++parts)
            {
                uint64_t at = 5;
                for (uint32_t i = 0; i < parts; ++i)
                {
                    const Segment part = PartOf({5, bytes}, parts, i);
                    CHECK(part.offset == at);
                    CHECK((part.bytes == bytes / parts || part.bytes == bytes / parts + 1));
                    at += part.bytes;
                }
                CHECK(at == 5 + bytes);
            }
        }
    }

    TEST_CASE("a ring all-reduce takes 2(n-1) steps of latency and a chunk")
    {
        for (uint32_t n = 2; n <= 9; ++n)
        {
            CHECK(TimeOf("all_reduce", "ring", n, n * 4096) ==
                  2 * (n - 1) * (1000 + Tick{4096} * 3));
            CHECK(TimeOf("all_gather", "ring", n, n * 4096) == (n - 1) * (1000 + Tick{4096} * 3));
            CHECK(TimeOf("reduce_scatter", "ring", n, n * 4096) ==
                  (n - 1) * (1000 + Tick{4096} * 3));
        }
    }

    TEST_CASE("a ring's bandwidth slope is the ideal one")
    {
        // Whole chunks stored on the way made it 1.91 times the ideal elsewhere.
        const auto slope =
            TimeOf("all_reduce", "ring", 8, 64 << 20) - TimeOf("all_reduce", "ring", 8, 1 << 20);
        CHECK(slope == Tick{2 * 7} * ((63 << 20) / 8) * 3);
    }

    TEST_CASE("a mesh of 8 runs 7 rings at once, no two on one link")
    {
        auto spec = SpecOf("all_reduce", "ring", 8, 7 * 8 * 4096);
        const auto mesh = HintsOf(8, 8, true);
        CHECK(TimeOf(spec, mesh, 1000, 3) == 14 * (1000 + Tick{4096} * 3));
        spec.algorithm = "bidirectional_ring";
        spec.bytes = 6 * 8 * 4096;
        CHECK(TimeOf(spec, mesh, 1000, 3) == 14 * (1000 + Tick{4096} * 3));
    }

    TEST_CASE("log-round algorithms take their closed-form time on a power of two of ranks")
    {
        for (const uint32_t n : {2U, 4U, 8U, 16U})
        {
            const uint64_t bytes = 16 * 4096;
            const Tick rounds = std::bit_width(n) - 1;
            const Tick whole = Tick{3} * bytes;
            CHECK(TimeOf("all_reduce", "halving_doubling", n, bytes) ==
                  2 * rounds * 1000 + 2 * (whole - whole / n));
            CHECK(TimeOf("all_reduce", "doubling", n, bytes) == rounds * (1000 + whole));
            CHECK(TimeOf("reduce_scatter", "halving_doubling", n, bytes) ==
                  rounds * 1000 + whole - whole / n);
            CHECK(TimeOf("all_gather", "doubling", n, bytes) == rounds * 1000 + whole - whole / n);
            CHECK(TimeOf("all_gather", "bruck", n, bytes) == rounds * 1000 + whole - whole / n);
            CHECK(TimeOf("broadcast", "binomial", n, bytes) == rounds * (1000 + whole));
            CHECK(TimeOf("reduce", "binomial", n, bytes) == rounds * (1000 + whole));
            CHECK(TimeOf("all_to_all", "bruck", n, bytes) == rounds * (1000 + whole / 2));
            CHECK(TimeOf("barrier", "dissemination", n, 0) == rounds * 1003);
        }
    }

    TEST_CASE("a double tree takes two climbs of half the data in one piece")
    {
        for (const uint32_t n : {2U, 4U, 8U, 16U})
        {
            const Tick depth = std::bit_width(n) - 1;
            CHECK(TimeOf("all_reduce", "tree", n, 65536) == 2 * depth * (1000 + Tick{3} * 32768));
        }
    }

    TEST_CASE("direct algorithms take one or two latencies where every pair has its link")
    {
        for (uint32_t n = 2; n <= 9; ++n)
        {
            CHECK(TimeOf("all_reduce", "direct", n, n * 100) == 1000 + Tick{300} * n);
            CHECK(TimeOf("all_reduce", "two_shot", n, n * 100) == 2 * 1300);
            CHECK(TimeOf("all_gather", "direct", n, n * 100) == 1300);
            CHECK(TimeOf("reduce_scatter", "direct", n, n * 100) == 1300);
            CHECK(TimeOf("reduce_scatter", "pairwise", n, n * 100) == (n - 1) * 1300);
            CHECK(TimeOf("all_to_all", "direct", n, n * 100) == 1300);
            CHECK(TimeOf("all_to_all", "pairwise", n, n * 100) == (n - 1) * 1300);
            CHECK(TimeOf("send_recv", "direct", n, 100) == 1300);
        }
    }

    TEST_CASE("a chain of pieces is a pipeline")
    {
        auto spec = SpecOf("broadcast", "ring", 6, 10 * 512);
        spec.chunk = 512;
        spec.channels = 1;
        const auto hints = HintsOf(6, 6, false);
        CHECK(TimeOf(spec, hints, 1000, 1) == 5 * (1000 + 512) + 9 * 512);
        spec.name = "reduce";
        CHECK(TimeOf(spec, hints, 1000, 1) == 5 * (1000 + 512) + 9 * 512);
    }

    TEST_CASE("pieces make a tree broadcast quicker")
    {
        auto spec = SpecOf("broadcast", "tree", 16, 1 << 20);
        const auto hints = HintsOf(16, 16, false);
        spec.chunk = 1 << 20;
        const auto whole = TimeOf(spec, hints, 1000, 3);
        spec.chunk = 1 << 14;
        CHECK(TimeOf(spec, hints, 1000, 3) < 0.5 * whole);
    }

    TEST_CASE("a host's overhead comes once before each rank's part")
    {
        const auto spec = SpecOf("all_reduce", "ring", 4, 4096);
        OperationGraph graph(4);
        const auto first = ExpandCollective(graph, spec, HintsOf(4, 4, false));
        const auto second = ExpandCollective(graph, spec, HintsOf(4, 4, false));
        for (uint32_t i = 0; i < 4; ++i)
        {
            graph.Require(second.begin[i], first.end[i]);
        }
        graph.Finish();
        HostCosts costs;
        costs.operationOverhead = 50000;
        const Replay replay(graph, 1000, 1, costs);
        const Tick once = 50000 + 6 * (1000 + 1024);
        CHECK(replay.replayer.GetCollectiveSpan(0) == std::pair<Tick, Tick>{0, once});
        CHECK(replay.replayer.GetCollectiveSpan(1) == std::pair<Tick, Tick>{once, 2 * once});
    }

    TEST_CASE("directed Hamiltonian cycles share no arc, and use all but for 4 and 6 vertices")
    {
        for (uint32_t n = 2; n <= 21; ++n)
        {
            const auto& cycles = GetDirectedCycles(n);
            std::set<std::pair<uint32_t, uint32_t>> arcs;
            for (const Cycle& cycle : cycles)
            {
                CHECK(std::set<uint32_t>(cycle.begin(), cycle.end()).size() == n);
                REQUIRE(cycle.size() == n);
                for (uint32_t i = 0; i < n; ++i)
                {
                    REQUIRE(arcs.emplace(cycle[i], cycle[(i + 1) % n]).second);
                }
            }
            CAPTURE(n);
            CHECK(cycles.size() == (n == 4 || n == 6 ? n - 2 : n - 1));
        }
    }

    TEST_CASE("on a mesh of 4 or 6 rings use every link twice, and reach its whole rate")
    {
        for (const uint32_t n : {4U, 6U})
        {
            std::map<std::pair<uint32_t, uint32_t>, int> arcs;
            for (const Cycle& cycle : GetDoubleCover(n))
            {
                CHECK(std::set<uint32_t>(cycle.begin(), cycle.end()).size() == n);
                for (uint32_t i = 0; i < n; ++i)
                {
                    ++arcs[{cycle[i], cycle[(i + 1) % n]}];
                }
            }
            CHECK(arcs.size() == n * (n - 1));
            for (const auto& [arc, times] : arcs)
            {
                CHECK(times == 2);
            }
            const uint64_t bytes = 2 * (n - 1) * n * 65536;
            const Tick time =
                TimeOf(SpecOf("all_reduce", "ring", n, bytes), HintsOf(n, n, true), 1000, 3);
            CHECK(time >= Tick{2} * (n - 1) * (2 * 65536 * 3));
            CHECK(time <= Tick{2} * (n - 1) * (1000 + 2 * 65536 * 3));
        }
    }

    TEST_CASE("undirected Hamiltonian cycles share no edge")
    {
        for (uint32_t n = 3; n <= 16; ++n)
        {
            std::set<std::set<uint32_t>> edges;
            const auto cycles = GetUndirectedCycles(n);
            CHECK(cycles.size() == (n - 1) / 2);
            for (const Cycle& cycle : cycles)
            {
                for (uint32_t i = 0; i < n; ++i)
                {
                    REQUIRE(edges.insert({cycle[i], cycle[(i + 1) % n]}).second);
                }
            }
        }
    }

    TEST_CASE("in a double binary tree no vertex has two children in both trees")
    {
        for (uint32_t n = 2; n <= 64; ++n)
        {
            std::vector<uint32_t> children(n, 0);
            for (const uint32_t which : {0U, 1U})
            {
                const Tree tree = GetBinaryTree(n, which);
                std::vector<uint32_t> own(n, 0);
                for (uint32_t v = 0; v < n; ++v)
                {
                    if (tree.parent[v] != NONE)
                    {
                        ++own[tree.parent[v]];
                    }
                }
                for (uint32_t v = 0; v < n; ++v)
                {
                    CHECK(own[v] <= 2);
                    children[v] += own[v];
                }
                CHECK(std::count(tree.parent.begin(), tree.parent.end(), NONE) == 1);
            }
            for (uint32_t v = 0; v < n; ++v)
            {
                CHECK(children[v] <= 3);
            }
        }
    }

    TEST_CASE("rings through nodes of even size leave and enter them at one place")
    {
        const uint32_t n = 32;
        const auto spec = SpecOf("all_reduce", "ring", n, 1 << 20);
        const Placement placement(spec, HintsOf(n, 8, false));
        const auto rings = placement.GetRings(0, 1 << 15);
        CHECK(rings.size() == 8);
        for (const Team& ring : rings)
        {
            uint32_t hops = 0;
            for (uint32_t i = 0; i < n; ++i)
            {
                const uint32_t a = ring[i];
                const uint32_t b = ring[(i + 1) % n];
                hops += a / 8 != b / 8;
                CHECK((a / 8 == b / 8 || a % 8 == b % 8));
            }
            CHECK(hops == 4);
        }
    }

    TEST_CASE("planes of switches get a channel each")
    {
        auto hints = HintsOf(8, 8, false);
        hints.endpointBytesPerSecond = 7 * 56e9;
        hints.rate = [](uint32_t, uint32_t) { return 56e9; };
        const Placement placement(SpecOf("all_reduce", "ring", 8, 1 << 20), hints);
        CHECK(placement.GetPaths() == 7);
        CHECK(placement.GetRings(0, 1 << 17).size() == 7);
        CHECK(placement.GetRings(0, 100).size() == 1);
        CHECK(placement.GetRings(3, 1 << 17).size() == 3);
    }

    TEST_CASE("auto chooses as documented, and the record names what ran")
    {
        const auto chosen =
            [](const char* name, uint32_t n, uint64_t bytes, uint32_t perNode, bool mesh) {
                OperationGraph graph(n);
                ExpandCollective(graph, SpecOf(name, "auto", n, bytes), HintsOf(n, perNode, mesh));
                return graph.GetCollectives()[0].algorithm;
            };
        CHECK(chosen("all_reduce", 8, 1 << 10, 8, true) == "direct");
        CHECK(chosen("all_reduce", 8, 1 << 20, 8, true) == "two_shot");
        CHECK(chosen("all_reduce", 8, 1 << 10, 8, false) == "doubling");
        CHECK(chosen("all_reduce", 8, 1 << 16, 8, false) == "halving_doubling");
        CHECK(chosen("all_reduce", 8, 1 << 20, 8, false) == "ring");
        CHECK(chosen("all_reduce", 16, 1 << 20, 4, false) == "hierarchical");
        CHECK(chosen("all_gather", 8, 1 << 10, 8, false) == "bruck");
        CHECK(chosen("all_to_all", 8, 1 << 10, 8, false) == "bruck");
        CHECK(chosen("all_to_all", 8, 1 << 20, 8, false) == "direct");
        CHECK(chosen("broadcast", 8, 1 << 20, 8, true) == "two_shot");
        CHECK(chosen("broadcast", 8, 1 << 20, 8, false) == "tree");
        CHECK(chosen("barrier", 8, 0, 8, false) == "dissemination");

        auto switched = HintsOf(8, 8, false);
        switched.oneHop = true;
        OperationGraph graph(8);
        ExpandCollective(graph, SpecOf("all_reduce", "auto", 8, 1 << 20), switched);
        ExpandCollective(graph, SpecOf("all_reduce", "auto", 8, 36 << 10), switched);
        ExpandCollective(graph, SpecOf("all_reduce", "auto", 8, 37 << 10), switched);
        CHECK(graph.GetCollectives()[0].algorithm == "two_shot");
        CHECK(graph.GetCollectives()[1].algorithm == "direct");
        CHECK(graph.GetCollectives()[2].algorithm == "two_shot");
    }

    TEST_CASE("auto changes its choice at the very sizes of its table")
    {
        constexpr uint64_t KIB = 1024;

        struct Edge
        {
            const char* name;   //!< The collective
            uint32_t members;   //!< n
            uint32_t perNode;   //!< Members in a node
            bool isMesh;        //!< One hop
            uint64_t most;      //!< Largest size of the first choice
            const char* upTo;   //!< That choice
            const char* beyond; //!< With a byte for each member more
        };

        for (const Edge& edge :
             {Edge{"all_reduce", 9, 9, true, 32 * KIB, "direct", "two_shot"},
              Edge{"all_reduce", 3, 3, true, 128 * KIB, "direct", "two_shot"},
              Edge{"all_reduce", 16, 4, false, 16 * KIB, "doubling", "halving_doubling"},
              Edge{"all_reduce", 16, 4, false, 64 * KIB, "halving_doubling", "hierarchical"},
              Edge{"all_reduce", 8, 8, false, 16 * KIB, "doubling", "halving_doubling"},
              Edge{"all_reduce", 8, 8, false, 8 * 64 * KIB - 1, "halving_doubling", "ring"},
              Edge{"all_gather", 16, 4, false, 64 * KIB, "bruck", "hierarchical"},
              Edge{"all_gather", 8, 8, false, 8 * 64 * KIB - 1, "bruck", "ring"},
              Edge{"reduce_scatter", 8, 8, false, 8 * 64 * KIB - 1, "halving_doubling", "ring"},
              Edge{"all_to_all", 8, 8, false, 8 * KIB + 7, "bruck", "direct"},
              Edge{"gather", 8, 8, false, 8 * KIB + 7, "binomial", "direct"},
              Edge{"scatter", 8, 8, false, 8 * KIB + 7, "binomial", "direct"},
              Edge{"broadcast", 8, 8, false, 16 * KIB, "binomial", "tree"},
              Edge{"broadcast", 3, 3, true, 32 * KIB, "tree", "two_shot"},
              Edge{"reduce", 3, 3, true, 16 * KIB, "binomial", "tree"}})
        {
            CAPTURE(edge.name);
            CAPTURE(edge.most);
            const auto choose = [&edge](uint32_t members, uint64_t bytes) {
                OperationGraph graph(members);
                ExpandCollective(graph,
                                 SpecOf(edge.name, "auto", members, bytes),
                                 HintsOf(members, edge.perNode, edge.isMesh));
                return graph.GetCollectives()[0].algorithm;
            };
            CHECK(choose(edge.members, edge.most) == edge.upTo);
            CHECK(choose(edge.members, edge.most + edge.members) == edge.beyond);
        }
        // Few members, and two: no size changes it.
        const auto chosen = [](const char* name, uint32_t n, bool isMesh, uint64_t bytes) {
            OperationGraph graph(n);
            ExpandCollective(graph, SpecOf(name, "auto", n, bytes), HintsOf(n, n, isMesh));
            return graph.GetCollectives()[0].algorithm;
        };
        CHECK(chosen("all_to_all", 7, false, KIB) == "direct");
        CHECK(chosen("gather", 7, false, KIB) == "direct");
        CHECK(chosen("all_reduce", 2, true, 64 << 20) == "direct");
        CHECK(chosen("broadcast", 2, true, 64 << 20) == "tree");
    }

    TEST_CASE("channels and chunks that an algorithm has no use for are refused")
    {
        const auto expand =
            [](const char* name, const char* algorithm, uint32_t channels, uint64_t chunk) {
                auto spec = SpecOf(name, algorithm, 8, 1 << 20);
                spec.channels = channels;
                spec.chunk = chunk;
                OperationGraph graph(8);
                ExpandCollective(graph, spec, HintsOf(8, 8, false));
            };
        CHECK_NOTHROW(expand("all_reduce", "ring", 2, 4096));
        CHECK_NOTHROW(expand("broadcast", "tree", 2, 4096));
        CHECK_THROWS_WITH_AS(expand("all_to_all", "direct", 0, 4096),
                             "all_to_all by direct has no pipeline: leave out chunk, or name "
                             "another algorithm",
                             ParameterError);
        CHECK_THROWS_WITH_AS(expand("barrier", "dissemination", 2, 0),
                             "barrier by dissemination has no channels: leave out channels, or "
                             "name another algorithm",
                             ParameterError);
        CHECK_THROWS_WITH_AS(expand("broadcast", "ring", 1, 1),
                             "a chunk of 1 B cuts 1048576 B into more than 65536 pieces; make it "
                             "larger",
                             ParameterError);
    }

    TEST_CASE("bus factors are those of nccl-tests")
    {
        CHECK(GetBusFactor("all_reduce", 8) == doctest::Approx(1.75));
        CHECK(GetBusFactor("all_gather", 8) == doctest::Approx(0.875));
        CHECK(GetBusFactor("reduce_scatter", 8) == doctest::Approx(0.875));
        CHECK(GetBusFactor("all_to_all", 4) == doctest::Approx(0.75));
        CHECK(GetBusFactor("gather", 4) == doctest::Approx(0.75));
        CHECK(GetBusFactor("broadcast", 8) == 1);
        CHECK(GetBusFactor("send_recv", 2) == 1);
        CHECK(GetBusFactor("all_reduce", 1) == 1);
    }

    TEST_CASE("a network does what it can combine or copy, and has to do with no pair alone")
    {
        for (const CollectiveKind& kind : GetCollectiveKinds())
        {
            CAPTURE(kind.name);
            const std::vector<std::string> algorithms = GetAlgorithms(std::string(kind.name));
            const bool byNetwork =
                std::find(algorithms.begin(), algorithms.end(), "in_network") != algorithms.end();
            CHECK(byNetwork == (kind.reduces || kind.Copies()));
            CHECK(FindCollectiveKind(kind.name) == &kind);
        }
        CHECK(FindCollectiveKind("allreduce") == nullptr);
    }

    TEST_CASE("the bound is what the busiest endpoint, the bisection or the latency asks")
    {
        auto hints = HintsOf(8, 8, true);
        hints.endpointBytesPerSecond = 1e12; // one byte per picosecond
        CHECK(GetCollectiveBound(SpecOf("all_reduce", "ring", 8, 8000), hints) == 14000);
        CHECK(GetCollectiveBound(SpecOf("all_gather", "ring", 8, 8000), hints) == 7000);
        CHECK(GetCollectiveBound(SpecOf("all_to_all", "direct", 8, 8000), hints) == 7000);
        CHECK(GetCollectiveBound(SpecOf("broadcast", "ring", 8, 8000), hints) == 8000);
        CHECK(GetCollectiveBound(SpecOf("gather", "direct", 8, 8000), hints) == 7000);
        CHECK(GetCollectiveBound(SpecOf("send_recv", "direct", 8, 8000), hints) == 8000);
        // Ranks on one endpoint combine before they send: two endpoints exchange halves.
        CollectiveSpec doubled = SpecOf("all_reduce", "ring", 4, 8000);
        doubled.endpoints = {0, 0, 5, 5};
        CHECK(GetCollectiveBound(doubled, hints) == 8000);
        doubled.endpoints = {0, 1, 5, 5};
        CHECK(GetCollectiveBound(doubled, hints) == 10666);
        hints.bisectionBytesPerSecond = 1e12;
        CHECK(GetCollectiveBound(SpecOf("all_to_all", "direct", 8, 8000), hints) == 16000);
        CHECK(GetCollectiveBound(SpecOf("all_reduce", "ring", 8, 8000), hints) == 14000);
        CHECK(GetCollectiveBound(SpecOf("all_to_all", "direct", 7, 7000), hints) == 6000);
        hints.latency = [](uint32_t a, uint32_t b) {
            return a + b == 1 ? Tick{90000} : Tick{25000};
        };
        // From 0 to 1 by way of another member.
        CHECK(GetCollectiveBound(SpecOf("all_reduce", "ring", 8, 8000), hints) == 50000);
        CHECK(GetCollectiveBound(SpecOf("barrier", "direct", 8, 0), hints) == 50000);
        CHECK(GetCollectiveBound(SpecOf("all_reduce", "ring", 1, 8000), hints) == 0);
        CHECK(GetCollectiveBound(SpecOf("all_reduce", "ring", 8, 0), hints) == 0);
    }

    TEST_CASE("in the network every member sends and gets what the collective is")
    {
        // (sends per member, receives per member) of bytes, as model.md has them.
        struct Case
        {
            const char* name;
            std::vector<uint64_t> sends;
            std::vector<uint64_t> receives;
            Tick bound; // at 1 byte/ps
        };

        const uint32_t root = 2;
        for (const Case& c : {Case{"all_reduce", {10, 10, 10}, {10, 10, 10}, 10},
                              Case{"reduce_scatter", {10, 10, 10}, {4, 3, 3}, 10},
                              Case{"all_gather", {4, 3, 3}, {6, 7, 7}, 7},
                              Case{"broadcast", {0, 0, 10}, {10, 10, 0}, 10},
                              Case{"reduce", {10, 10, 10}, {0, 0, 10}, 10}})
        {
            CAPTURE(c.name);
            auto spec = SpecOf(c.name, "in_network", 3, 10);
            spec.root = root;
            spec.channels = 5;
            auto hints = HintsOf(3, 3, false);
            hints.endpointBytesPerSecond = 1e12;
            hints.bisectionBytesPerSecond = 0;
            hints.latency = [](uint32_t, uint32_t) { return Tick{1}; };
            const bool copies = c.name == std::string("all_gather") || c.receives[0] == 10;
            hints.openGroup =
                [&](std::span<const uint32_t> members, uint32_t channels, bool reduces, bool copy) {
                    CHECK(members.size() == 3);
                    CHECK(channels == 5);
                    CHECK(copy == copies);
                    CHECK(reduces == (c.name != std::string("all_gather") && c.sends[0] > 0));
                    return 7U;
                };
            OperationGraph graph(3);
            ExpandCollective(graph, spec, hints);
            graph.Finish();
            std::vector<uint64_t> sends(3);
            std::vector<uint64_t> receives(3);
            for (const GroupStep& step : graph.GetGroupSteps())
            {
                CHECK(step.message.group == 7);
            }
            for (const Operation& operation : graph.GetOperations())
            {
                sends[operation.rank] +=
                    operation.type == OperationType::GROUP_SEND ? operation.bytes : 0;
                receives[operation.rank] +=
                    operation.type == OperationType::GROUP_RECEIVE ? operation.bytes : 0;
            }
            CHECK(sends == c.sends);
            CHECK(receives == c.receives);
            CHECK(graph.GetCollectives()[0].algorithm == "in_network");
            CHECK(graph.GetCollectives()[0].bound == c.bound);

            // No room: by ring, and the record says so.
            hints.openGroup = [](std::span<const uint32_t>, uint32_t, bool, bool) {
                return NO_GROUP;
            };
            OperationGraph other(3);
            ExpandCollective(other, spec, hints);
            other.Finish();
            CHECK(other.GetGroupSteps().empty());
            CHECK(other.GetCollectives()[0].fellBack);
            CHECK(other.GetCollectives()[0].algorithm == "in_network, fell back to ring");
        }
    }

    TEST_CASE("groups' steps that wait for one another are found")
    {
        OperationGraph graph(2);
        for (uint32_t step = 0; step < 2; ++step)
        {
            GroupStep made;
            made.message = {0, GroupAction::ALL_REDUCE, 0, 1};
            for (uint32_t rank = 0; rank < 2; ++rank)
            {
                Operation operation;
                operation.rank = rank;
                operation.peer = step;
                operation.bytes = 1;
                operation.type = OperationType::GROUP_SEND;
                made.sends.push_back(graph.Add(operation));
                operation.type = OperationType::GROUP_RECEIVE;
                made.receives.push_back(graph.Add(operation));
            }
            graph.AddGroupStep(made);
        }
        // Rank 0 does step 1 after step 0, rank 1 the other way round.
        graph.Require(4, 1);
        graph.Require(2, 7);
        CHECK_THROWS_WITH_AS(graph.Finish(),
                             doctest::Contains("wait for one another"),
                             OperationError);
    }

    TEST_CASE("no algorithm beats the bound")
    {
        for (const auto& name : GetCollectives())
        {
            for (const auto& algorithm : GetEndpointAlgorithms(name))
            {
                for (uint32_t n = 2; n <= 9; ++n)
                {
                    for (const uint64_t bytes : {1, 100, 100000})
                    {
                        auto hints = HintsOf(n, n, true);
                        hints.endpointBytesPerSecond = 1e12 / 3 * (n - 1);
                        hints.bisectionBytesPerSecond = 1e12 / 3 * (n / 2) * (n - n / 2);
                        hints.latency = [](uint32_t, uint32_t) { return Tick{1000}; };
                        hints.rate = [](uint32_t, uint32_t) { return 1e12 / 3; };
                        const auto spec = SpecOf(name, algorithm, n, bytes);
                        CAPTURE(name);
                        CAPTURE(algorithm);
                        CAPTURE(n);
                        CAPTURE(bytes);
                        CHECK(GetCollectiveBound(spec, hints) <= TimeOf(spec, hints, 1000, 3));
                    }
                }
            }
        }
    }

    TEST_CASE("a collective that can't be is refused with what would be right")
    {
        const auto refuse =
            [](const CollectiveSpec& spec, uint32_t perNode, const std::string& message) {
                OperationGraph graph(8);
                try
                {
                    ExpandCollective(graph, spec, HintsOf(8, perNode, false));
                    FAIL("not refused: " << message);
                }
                catch (const ParameterError& error)
                {
                    CHECK(std::string(error.what()).find(message) != std::string::npos);
                }
            };
        refuse(SpecOf("all_reduces", "ring", 8, 8),
               8,
               "there is no collective 'all_reduces'; there are all_reduce, all_gather");
        refuse(SpecOf("all_reduce", "in_network", 8, 8), 8, "a fabric that reduces and copies");
        refuse(SpecOf("all_to_all", "ring", 8, 8),
               8,
               "all_to_all does not run by 'ring'; it runs by auto, direct, pairwise, bruck");
        refuse(SpecOf("all_reduce", "hierarchical", 8, 8),
               3,
               "hierarchical needs as many ranks in each scale-up node as in the others, but that "
               "of rank 6 has 2");
        refuse(SpecOf("all_reduce", "ring", 9, 8),
               8,
               "rank 8 is beyond the fabric's, which are 0 to 7");
        auto spec = SpecOf("broadcast", "ring", 8, 8);
        spec.root = 8;
        refuse(spec, 8, "root 8 is not one of the 8 members");
        spec = SpecOf("all_reduce", "ring", 8, 8);
        spec.ranks[3] = 2;
        refuse(spec, 8, "rank 2 is there twice");
        spec.ranks.clear();
        refuse(spec, 8, "at least one rank");
        refuse(SpecOf("all_reduce", "ring", 8, uint64_t{1} << 60), 8, "must be below 1 EiB");
        spec = SpecOf("all_to_allv", "direct", 8, 8);
        spec.counts.pop_back();
        refuse(spec, 8, "all_to_allv over 8 ranks needs 64 counts, not 63");
    }

    TEST_CASE("a replay is the same twice")
    {
        const auto run = [] {
            OperationGraph graph(12);
            ExpandCollective(graph, SpecOf("all_to_all", "bruck", 12, 999), HintsOf(12, 12, false));
            ExpandCollective(graph,
                             SpecOf("all_reduce", "tree", 12, 99999),
                             HintsOf(12, 12, false));
            graph.Finish();
            HostCosts costs;
            costs.reductionBytesPerSecond = 3e11;
            const Replay replay(graph, 777, 3, costs);
            std::vector<Tick> times;
            for (const auto& message : replay.GetMessages())
            {
                times.insert(times.end(), {message.src, message.dst, message.start, message.end});
            }
            return times;
        };
        CHECK(run() == run());
    }
}
