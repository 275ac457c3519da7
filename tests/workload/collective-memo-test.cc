/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "alpha-beta-transport.h"
#include "workload/collective-memo.h"
#include "workload/collective/collective.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <functional>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** Parts of an alpha-beta transport: what is over leaves nothing behind. */
class PlainParts : public PrivateParts
{
  public:
    uint32_t OpenPart(std::span<const uint32_t> members) override
    {
        m_sizes.push_back(static_cast<uint32_t>(members.size()));
        return static_cast<uint32_t>(m_sizes.size() - 1);
    }

    uint32_t GetKind(uint32_t part) const override
    {
        return m_sizes[part]; // all pairs are alike
    }

    bool Observe(uint32_t, PartState& state) override
    {
        state.clear();
        return true;
    }

    void BeginRecord(uint32_t) override
    {
        ++records;
    }

    std::shared_ptr<const PartRecord> EndRecord(uint32_t) override
    {
        return std::make_shared<PartRecord>();
    }

    Fidelity Repeat(uint32_t, const std::shared_ptr<const PartRecord>&) override
    {
        return Fidelity::MEMO;
    }

    uint32_t records{0}; //!< Begun

  private:
    std::vector<uint32_t> m_sizes;
};

CollectiveSpec
MakeSpec(const std::string& name,
         const std::string& algorithm,
         uint64_t bytes,
         std::vector<uint32_t> ranks,
         uint32_t all)
{
    CollectiveSpec spec;
    spec.name = name;
    spec.algorithm = algorithm;
    spec.bytes = bytes;
    spec.ranks = std::move(ranks);
    for (uint32_t rank = 0; rank < all; ++rank)
    {
        spec.endpoints.push_back(rank);
    }
    return spec;
}

/** Add collectives one after another, member by member. */
void
AddChain(OperationGraph& graph, const std::vector<CollectiveSpec>& specs)
{
    FabricHints hints;
    hints.endpoints = graph.GetRanks();
    CollectiveEnds last{};
    for (std::size_t i = 0; i < specs.size(); ++i)
    {
        CollectiveEnds ends = AddCollective(graph, specs[i], hints);
        for (std::size_t member = 0; i > 0 && member < ends.begin.size(); ++member)
        {
            graph.Require(ends.begin[member], last.end[member]);
        }
        last = std::move(ends);
    }
}

/** What a replay of a graph came to. */
struct Outcome
{
    uint64_t repeated{0};                            //!< Collectives
    uint32_t records{0};                             //!< Begun
    uint32_t privateGroups{0};                       //!< Groups
    std::vector<std::pair<Tick, Tick>> operations{}; //!< Spans
};

/** A link from each endpoint to each other one; with and without a memo all is the same. */
Outcome
Compare(const OperationGraph& graph, const HostCosts& costs = {})
{
    const uint32_t ranks = graph.GetRanks();
    std::vector<uint32_t> endpoints(ranks);
    std::iota(endpoints.begin(), endpoints.end(), 0);
    PrivateGroups groups(ranks * ranks,
                         [ranks](std::span<const uint32_t> sources,
                                 uint32_t destination,
                                 const std::function<void(uint32_t)>& visit) -> uint64_t {
                             for (const uint32_t source : sources)
                             {
                                 if (source != destination)
                                 {
                                     visit(source * ranks + destination);
                                 }
                             }
                             return sources.size();
                         });
    groups.Add(graph, endpoints, costs.reductionBytesPerSecond > 0);
    PlainParts parts;
    CollectiveMemo memo(parts, groups);
    Outcome outcome;
    const auto run = [&](bool hasMemo) {
        UsePicoseconds();
        AlphaBetaTransport transport(ranks, 1000, 1);
        Replayer replayer(graph, endpoints, transport, costs);
        if (hasMemo)
        {
            replayer.UseMemo(memo, 0);
        }
        replayer.Start(0);
        Simulator::Run();
        Simulator::Destroy();
        CHECK(replayer.IsComplete());
        std::vector<std::pair<Tick, Tick>> spans;
        for (uint32_t id = 0; id < graph.GetOperations().size(); ++id)
        {
            spans.push_back(replayer.GetOperationSpan(id));
        }
        CHECK(replayer.GetProgress().first == replayer.GetProgress().second);
        for (uint32_t i = 0; i < graph.GetCollectives().size(); ++i)
        {
            spans.push_back(replayer.GetCollectiveSpan(i));
        }
        return spans;
    };
    outcome.operations = run(true);
    CHECK(outcome.operations == run(false));
    outcome.repeated = memo.GetRepeated();
    outcome.records = parts.records;
    outcome.privateGroups = memo.GetPrivateGroups();
    return outcome;
}

} // namespace

TEST_SUITE("collective memo")
{
    TEST_CASE("what is the same again is carried out once, whatever comes between")
    {
        for (const char* algorithm : {"ring", "direct"})
        {
            const auto gather = MakeSpec("all_gather", algorithm, 4096, {0, 1, 2, 3}, 4);
            const auto other = MakeSpec("all_gather", algorithm, 8192, {0, 1, 2, 3}, 4);
            OperationGraph graph(4);
            AddChain(graph, {gather, gather, other, gather, other, gather});
            graph.Finish();
            const Outcome outcome = Compare(graph);
            CHECK(outcome.privateGroups == 1);
            CHECK(outcome.records == 2);
            CHECK(outcome.repeated == 4);
        }
    }

    TEST_CASE("groups that are alike share what one of them did, at other times")
    {
        OperationGraph graph(8);
        const auto left = MakeSpec("all_reduce", "ring", 4096, {0, 1, 2, 3}, 8);
        const auto right = MakeSpec("all_reduce", "ring", 4096, {7, 5, 6, 4}, 8);
        FabricHints hints;
        hints.endpoints = 8;
        AddChain(graph, {left, left});
        const CollectiveEnds late = AddCollective(graph, right, hints);
        Operation delay;
        delay.duration = 1'000'000;
        for (uint32_t member = 0; member < 4; ++member)
        {
            delay.rank = right.ranks[member];
            graph.Require(late.begin[member], graph.Add(delay));
        }
        graph.Finish();
        const Outcome outcome = Compare(graph);
        CHECK(outcome.privateGroups == 2);
        CHECK(outcome.records == 1);
        CHECK(outcome.repeated == 2);
    }

    TEST_CASE("a skewed start is carried out, and not recorded")
    {
        const auto gather = MakeSpec("all_gather", "ring", 4096, {0, 1, 2, 3}, 4);
        OperationGraph graph(4);
        FabricHints hints;
        hints.endpoints = 4;
        CollectiveEnds last{};
        for (uint32_t round = 0; round < 4; ++round)
        {
            const CollectiveEnds ends = AddCollective(graph, gather, hints);
            for (uint32_t member = 0; member < 4; ++member)
            {
                Operation delay;
                delay.rank = member;
                delay.duration = 10'000'000 + (round % 2 == 1 && member == 2 ? 1 : 0);
                const uint32_t wait = graph.Add(delay);
                if (round > 0)
                {
                    graph.Require(wait, last.end[member]);
                }
                graph.Require(ends.begin[member], wait);
            }
            last = ends;
        }
        graph.Finish();
        const Outcome outcome = Compare(graph);
        CHECK(outcome.privateGroups == 1);
        CHECK(outcome.records == 1); // round 0; of the skewed ones nobody ends at once
        CHECK(outcome.repeated <= 1);
    }

    TEST_CASE("what ends for one member before others is carried out each time")
    {
        OperationGraph graph(4);
        const auto broadcast = MakeSpec("broadcast", "direct", 4096, {0, 1, 2, 3}, 4);
        AddChain(graph, {broadcast, broadcast, broadcast});
        graph.Finish();
        CHECK(Compare(graph).repeated == 0);
    }

    TEST_CASE("groups that share a link are not private")
    {
        OperationGraph graph(4);
        const auto left = MakeSpec("all_gather", "ring", 4096, {0, 1, 2}, 4);
        const auto right = MakeSpec("all_gather", "ring", 4096, {1, 2, 3}, 4);
        AddChain(graph, {left, left, left});
        AddChain(graph, {right, right, right});
        graph.Finish();
        const Outcome outcome = Compare(graph);
        CHECK(outcome.privateGroups == 0);
        CHECK(outcome.repeated == 0);
    }

    TEST_CASE("nor is one that a message of a trace may cross")
    {
        OperationGraph graph(3);
        const auto gather = MakeSpec("all_gather", "ring", 4096, {0, 1, 2}, 3);
        AddChain(graph, {gather, gather});
        Operation send;
        send.type = OperationType::SEND;
        send.bytes = 10;
        send.rank = 1;
        send.peer = 0;
        graph.Add(send);
        Operation receive = send;
        receive.type = OperationType::RECEIVE;
        std::swap(receive.rank, receive.peer);
        graph.Add(receive);
        graph.Finish();
        CHECK(Compare(graph).privateGroups == 0);
    }

    TEST_CASE("nor one whose collectives may run beside one another")
    {
        OperationGraph graph(3);
        const auto gather = MakeSpec("all_gather", "ring", 4096, {0, 1, 2}, 3);
        AddChain(graph, {gather, gather});
        AddChain(graph, {gather});
        graph.Finish();
        CHECK(Compare(graph).privateGroups == 0);
    }

    TEST_CASE("nor one at whose members others reduce, if that takes time")
    {
        OperationGraph graph(4);
        const auto left = MakeSpec("all_reduce", "ring", 4096, {0, 1}, 4);
        const auto right = MakeSpec("all_reduce", "ring", 4096, {1, 2}, 4);
        AddChain(graph, {left, left, left});
        AddChain(graph, {right, right, right});
        graph.Finish();
        HostCosts costs;
        costs.reductionBytesPerSecond = 1e9;
        CHECK(Compare(graph, costs).privateGroups == 0);
        // An endpoint has one private group at most.
        CHECK(Compare(graph).privateGroups == 1);
    }
}
