/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/collective.h"

#include "workload/collective/auto-choice.h"
#include "workload/collective/bruck.h"
#include "workload/collective/collective-bound.h"
#include "workload/collective/collective-context.h"
#include "workload/collective/collective-kind.h"
#include "workload/collective/direct.h"
#include "workload/collective/halving-doubling.h"
#include "workload/collective/hierarchical.h"
#include "workload/collective/in-network.h"
#include "workload/collective/ring.h"
#include "workload/collective/tree.h"

#include <algorithm>
#include <numeric>

namespace ns3
{
namespace mtlink
{

namespace
{

/** One way to do one collective. */
struct Recipe
{
    const char* collective; //!< Its name
    const char* algorithm;  //!< Its name
    /** What its members do; nullptr: the network does it. */
    ProgramPointer (*plan)(const CollectiveContext&);
};

/** Which algorithm fits which collective. */
constexpr Recipe RECIPES[] = {
    {"all_reduce", "ring", AllReduceByRing},
    {"all_reduce", "bidirectional_ring", AllReduceByBidirectionalRing},
    {"all_reduce", "tree", AllReduceByTree},
    {"all_reduce", "halving_doubling", AllReduceByHalvingDoubling},
    {"all_reduce", "doubling", AllReduceByDoubling},
    {"all_reduce", "direct", AllReduceDirect},
    {"all_reduce", "two_shot", AllReduceByTwoShot},
    {"all_reduce", "hierarchical", AllReduceHierarchical},
    {"all_reduce", "in_network", nullptr},
    {"all_gather", "ring", AllGatherByRing},
    {"all_gather", "bidirectional_ring", AllGatherByBidirectionalRing},
    {"all_gather", "doubling", AllGatherByDoubling},
    {"all_gather", "bruck", AllGatherByBruck},
    {"all_gather", "direct", AllGatherDirect},
    {"all_gather", "hierarchical", AllGatherHierarchical},
    {"all_gather", "in_network", nullptr},
    {"reduce_scatter", "ring", ReduceScatterByRing},
    {"reduce_scatter", "bidirectional_ring", ReduceScatterByBidirectionalRing},
    {"reduce_scatter", "halving_doubling", ReduceScatterByHalving},
    {"reduce_scatter", "direct", ReduceScatterDirect},
    {"reduce_scatter", "pairwise", ReduceScatterByPairwise},
    {"reduce_scatter", "hierarchical", ReduceScatterHierarchical},
    {"reduce_scatter", "in_network", nullptr},
    {"all_to_all", "direct", AllToAllDirect},
    {"all_to_all", "pairwise", AllToAllByPairwise},
    {"all_to_all", "bruck", AllToAllByBruck},
    {"all_to_all", "hierarchical", AllToAllHierarchical},
    {"all_to_allv", "direct", AllToAllDirect},
    {"all_to_allv", "pairwise", AllToAllByPairwise},
    {"broadcast", "ring", BroadcastByRing},
    {"broadcast", "tree", BroadcastByTree},
    {"broadcast", "binomial", BroadcastByBinomial},
    {"broadcast", "direct", BroadcastDirect},
    {"broadcast", "two_shot", BroadcastByTwoShot},
    {"broadcast", "in_network", nullptr},
    {"reduce", "ring", ReduceByRing},
    {"reduce", "tree", ReduceByTree},
    {"reduce", "binomial", ReduceByBinomial},
    {"reduce", "direct", ReduceDirect},
    {"reduce", "two_shot", ReduceByTwoShot},
    {"reduce", "in_network", nullptr},
    {"gather", "direct", GatherDirect},
    {"gather", "binomial", GatherByBinomial},
    {"scatter", "direct", ScatterDirect},
    {"scatter", "binomial", ScatterByBinomial},
    {"send_recv", "direct", SendRecvDirect},
    {"barrier", "dissemination", BarrierByDissemination},
    {"barrier", "direct", BarrierDirect},
};

/**
 * @param [in] names Words.
 * @return them with commas between.
 */
std::string
Join(const std::vector<std::string>& names)
{
    std::string text;
    for (const auto& name : names)
    {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

/**
 * Throw for a collective that can't be.
 * @param [in] ranks Ranks of the workload.
 * @param [in] spec The collective.
 */
void
Check(uint32_t ranks, const CollectiveSpec& spec)
{
    const auto algorithms = GetAlgorithms(spec.name);
    if (algorithms.empty())
    {
        throw ParameterError("collective",
                             "there is no collective '" + spec.name + "'; there are " +
                                 Join(GetCollectives()));
    }
    if (std::find(algorithms.begin(), algorithms.end(), spec.algorithm) == algorithms.end())
    {
        throw ParameterError("algorithm",
                             spec.name + " does not run by '" + spec.algorithm + "'; it runs by " +
                                 Join(algorithms));
    }
    if (spec.ranks.empty())
    {
        throw ParameterError("ranks", "a collective needs at least one rank");
    }
    auto sorted = spec.ranks;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice != sorted.end())
    {
        throw ParameterError("ranks", "rank " + std::to_string(*twice) + " is there twice");
    }
    const std::size_t known = std::min<std::size_t>(ranks, spec.endpoints.size());
    if (sorted.back() >= known)
    {
        throw ParameterError("ranks",
                             "rank " + std::to_string(sorted.back()) +
                                 " is beyond the fabric's, which are 0 to " +
                                 std::to_string(known - 1));
    }
    if (spec.root >= spec.ranks.size())
    {
        throw ParameterError("root",
                             "root " + std::to_string(spec.root) + " is not one of the " +
                                 std::to_string(spec.ranks.size()) + " members, counted from 0");
    }
    // Offsets are sums over all members and must not wrap.
    constexpr uint64_t MOST_BYTES = uint64_t{1} << 60;
    uint64_t total = 0;
    if (GetCollectiveKind(spec.name).payload == Payload::COUNTS)
    {
        if (spec.counts.size() != spec.ranks.size() * spec.ranks.size())
        {
            throw ParameterError("counts",
                                 "all_to_allv over " + std::to_string(spec.ranks.size()) +
                                     " ranks needs " +
                                     std::to_string(spec.ranks.size() * spec.ranks.size()) +
                                     " counts, not " + std::to_string(spec.counts.size()));
        }
        for (const uint64_t count : spec.counts)
        {
            total = std::min(count, MOST_BYTES) + std::min(total, MOST_BYTES);
        }
    }
    else if (!spec.counts.empty())
    {
        throw ParameterError("counts", "only all_to_allv has counts, not " + spec.name);
    }
    if (total >= MOST_BYTES || spec.bytes >= MOST_BYTES / spec.ranks.size())
    {
        throw ParameterError("size", "the buffers of all ranks together must be below 1 EiB");
    }
}

/**
 * @param [in] spec A collective.
 * @return whom a member must hear of, for certain: nobody where shares may be empty.
 */
Hearing
HearingOf(const CollectiveSpec& spec)
{
    const CollectiveKind& kind = GetCollectiveKind(spec.name);
    const auto isPositive = [](uint64_t count) { return count > 0; };
    const bool isFull = kind.payload == Payload::NOTHING ||
                        (kind.payload == Payload::WHOLE && spec.bytes > 0) ||
                        (kind.payload == Payload::COUNTS
                             ? std::all_of(spec.counts.begin(), spec.counts.end(), isPositive)
                             : spec.bytes >= spec.ranks.size());
    if (!isFull)
    {
        return Hearing::NOBODY;
    }
    if (kind.HasRoot())
    {
        return kind.senders == Members::ROOT ? Hearing::ROOT : Hearing::AT_ROOT;
    }
    return kind.receivers == Members::NEXT ? Hearing::PREVIOUS : Hearing::EVERYONE;
}

/**
 * Nothing that was asked for is passed over in silence.
 * @param [in] context What has run.
 * @param [in] algorithm By which algorithm.
 */
void
RefuseUnused(const CollectiveContext& context, const std::string& algorithm)
{
    const auto refuse = [&](const std::string& parameter, const std::string& what) {
        throw ParameterError(parameter,
                             context.spec.name + " by " + algorithm + " has no " + what +
                                 ": leave out " + parameter + ", or name another algorithm");
    };
    if (context.spec.channels > 0 && !context.usesChannels)
    {
        refuse("channels", "channels");
    }
    if (context.spec.chunk > 0 && !context.usesChunk)
    {
        refuse("chunk", "pipeline");
    }
}

/**
 * Open the group of an in-network collective.
 * @param [in] spec The collective.
 * @param [in] hints The fabric.
 * @return the group, or NO_GROUP.
 */
uint32_t
OpenGroup(const CollectiveSpec& spec, const FabricHints& hints)
{
    if (!hints.openGroup)
    {
        throw ParameterError("algorithm", "in_network needs a fabric that reduces and copies");
    }
    std::vector<uint32_t> members;
    for (const uint32_t rank : spec.ranks)
    {
        members.push_back(spec.endpoints[rank]);
    }
    const CollectiveKind& kind = GetCollectiveKind(spec.name);
    return hints.openGroup(members, spec.channels, kind.reduces, kind.Copies());
}

} // namespace

std::vector<std::string>
GetCollectives()
{
    std::vector<std::string> names;
    for (const CollectiveKind& kind : GetCollectiveKinds())
    {
        names.emplace_back(kind.name);
    }
    return names;
}

std::vector<std::string>
GetAlgorithms(const std::string& name)
{
    std::vector<std::string> names;
    for (const Recipe& recipe : RECIPES)
    {
        if (name == recipe.collective)
        {
            if (names.empty())
            {
                names.emplace_back("auto");
            }
            names.emplace_back(recipe.algorithm);
        }
    }
    return names;
}

PlannedCollective
PlanCollective(uint32_t ranks, const CollectiveSpec& asked, const FabricHints& hints)
{
    Check(ranks, asked);
    PlannedCollective planned;
    planned.spec = asked;
    CollectiveSpec& spec = planned.spec;
    const Placement placement(spec, hints);
    if (spec.algorithm == "auto")
    {
        spec.algorithm = ChooseAlgorithm(spec, placement, hints);
    }
    if (hints.admit)
    {
        hints.admit(spec);
    }
    const auto n = static_cast<uint32_t>(spec.ranks.size());
    CollectiveRecord& record = planned.record;
    record.name = spec.name;
    record.algorithm = spec.algorithm;
    if (spec.algorithm == "in_network" && n > 1)
    {
        planned.group = OpenGroup(spec, hints);
        if (planned.group == NO_GROUP)
        {
            spec.algorithm = "ring";
            record.algorithm = "in_network, fell back to ring";
            record.fellBack = true;
        }
    }
    record.ranks = n;
    record.bytes = spec.bytes;
    for (uint32_t i = 0; i < n && !spec.counts.empty(); ++i)
    {
        // As all_to_all's: what one rank sends, of the one that sends most.
        const auto row = spec.counts.begin() + static_cast<std::ptrdiff_t>(std::size_t{i} * n);
        record.bytes = std::max(record.bytes, std::accumulate(row, row + n, uint64_t{0}));
    }
    record.busFactor = GetBusFactor(spec.name, n);
    record.bound = GetCollectiveBound(spec, hints);
    if (n > 1)
    {
        const auto recipe =
            std::find_if(std::begin(RECIPES), std::end(RECIPES), [&](const Recipe& r) {
                return spec.name == r.collective && spec.algorithm == r.algorithm;
            });
        CollectiveContext context{spec, placement};
        if (recipe->plan)
        {
            planned.program = recipe->plan(context);
        }
        else
        {
            context.usesChannels = true; // its group has so many trees
        }
        RefuseUnused(context, spec.algorithm);
    }
    return planned;
}

CollectiveEnds
AddCollective(OperationGraph& graph, const CollectiveSpec& spec, const FabricHints& hints)
{
    return AddCollective(graph, PlanCollective(graph.GetRanks(), spec, hints));
}

CollectiveEnds
AddCollective(OperationGraph& graph, const PlannedCollective& planned)
{
    const CollectiveSpec& spec = planned.spec;
    const auto n = static_cast<uint32_t>(spec.ranks.size());
    CollectiveEnds ends;
    ends.collective = graph.AddCollective(planned.record);
    Operation operation;
    operation.collective = ends.collective;
    operation.type = OperationType::LAUNCH;
    for (uint32_t member = 0; member < n; ++member)
    {
        operation.rank = spec.ranks[member];
        operation.peer = planned.program ? member : NONE;
        operation.tag = static_cast<uint32_t>(graph.GetUnfoldings().size());
        ends.begin.push_back(graph.Add(operation));
    }
    std::vector<MemberOperation> steps;
    if (planned.group != NO_GROUP)
    {
        steps = AddInNetwork(graph, planned, ends);
    }
    operation = {};
    operation.collective = ends.collective;
    for (uint32_t member = 0; member < n; ++member)
    {
        operation.rank = spec.ranks[member];
        ends.end.push_back(graph.Add(operation));
        graph.Require(ends.end.back(), ends.begin[member]);
    }
    for (const auto& [member, step] : steps)
    {
        graph.Require(ends.end[member], step);
    }
    if (planned.program)
    {
        graph.AddUnfolding({planned.program,
                            HearingOf(planned.spec),
                            spec.root,
                            ends.collective,
                            ends.begin.front(),
                            ends.end.front(),
                            spec.ranks});
    }
    return ends;
}

} // namespace mtlink
} // namespace ns3
