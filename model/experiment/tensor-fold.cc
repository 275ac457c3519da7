/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/tensor-fold.h"

#include "endpoint/control-registry.h"
#include "experiment/link-walk.h"
#include "routing/routing-registry.h"
#include "training/data-reads.h"
#include "training/expert-routing.h"
#include "training/iteration-graph.h"
#include "training/rank-layout.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <numeric>
#include <set>
#include <span>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Classes of groups whose collectives are simulated, each for itself: seconds at most. */
constexpr std::size_t MOST_CLASSES = 16;

/** Sees that the links of tensor groups are theirs alone. */
class FoldCheck
{
  public:
    FoldCheck(const Experiment& experiment, const MtlinkFabric& fabric)
        : m_experiment(experiment),
          m_workload(experiment.workloads.front()),
          m_fabric(fabric),
          m_topology(fabric.GetTopology()),
          m_layout(m_workload.training.parallel,
                   m_workload.training.schedule == ScheduleKind::DUALPIPE),
          m_walker(fabric),
          m_owners(m_topology.GetLinks().size(), NONE)
    {
    }

    FoldPlan Run()
    {
        CheckSurroundings();
        const TrainingSpec& spec = m_workload.training;
        FoldPlan plan;
        std::map<std::string, uint32_t> classes; // by what their links are like
        for (uint32_t stage = 0; stage < spec.parallel.pipeline; ++stage)
        {
            for (const std::vector<uint32_t>& places : m_layout.GetGroups(GroupKind::TENSOR))
            {
                const auto group = static_cast<uint32_t>(plan.classOf.size());
                const std::string own = Own(group, GetEndpoints(stage, places));
                plan.classOf.push_back(
                    classes.try_emplace(own, static_cast<uint32_t>(classes.size())).first->second);
                if (classes.size() > MOST_CLASSES)
                {
                    Refuse("their groups have links that are not alike");
                }
            }
        }
        for (uint32_t stage = 0; stage < spec.parallel.pipeline; ++stage)
        {
            CheckOthers(stage);
        }
        CheckCopies();
        CheckReads();
        plan.classes = static_cast<uint32_t>(classes.size());
        FindApart(plan);
        return plan;
    }

  private:
    [[noreturn]] void Refuse(const std::string& why) const
    {
        const YamlNode* place = m_workload.node.Find("training");
        const TrainingSpec& spec = m_workload.training;
        place->Refuse(fmt::format("tensor groups can't be folded: {}. {}",
                                  why,
                                  spec.fold != Fold::AUTO
                                      ? "Set fold: never"
                                      : fmt::format("Without that the iteration has {:.2g} "
                                                    "operations, 150 B each: take fewer cards or "
                                                    "layers, or set fold: never to try it",
                                                    CountOperations(spec, false))));
    }

    /** Refuse what makes a collective take another time when it comes again. */
    void CheckSurroundings() const
    {
        for (const WorkloadDescription& other : m_experiment.workloads)
        {
            if (&other != &m_workload && other.kind != WorkloadDescription::CHECKPOINT)
            {
                Refuse("other workloads run beside them");
            }
        }
        const TrainingSpec& spec = m_workload.training;
        if (spec.overlap.slowdown > 0)
        {
            Refuse("kernels slow down beside communication (overlap.compute_slowdown)");
        }
        if (spec.model.moe && IsSkewed(*spec.model.moe))
        {
            Refuse("their cards have experts of uneven load");
        }
        CheckKinds();
        for (const FabricScope& scope : m_experiment.fabric.scopes)
        {
            if (GetRoutingKind(*scope.routing).isForwarded)
            {
                Refuse("packets take detours");
            }
        }
        const EndpointProfile& endpoint = *m_experiment.fabric.endpoint;
        if (endpoint.GetReductionRate() > 0)
        {
            Refuse("cards reduce at a rate (endpoint.reduction_rate), which groups share");
        }
        if (FindControl(endpoint))
        {
            Refuse("a congestion control remembers what was before");
        }
    }

    /** Refuse groups of cards of several kinds, which are not ready at once. */
    void CheckKinds() const
    {
        const TrainingSpec& spec = m_workload.training;
        for (uint32_t stage = 0; stage < spec.parallel.pipeline; ++stage)
        {
            for (const std::vector<uint32_t>& places : m_layout.GetGroups(GroupKind::TENSOR))
            {
                for (const uint32_t place : places)
                {
                    if (spec.GetKind(m_layout.GetRank(stage, place)) !=
                        spec.GetKind(m_layout.GetRank(stage, places.front())))
                    {
                        Refuse("their cards are of several kinds");
                    }
                }
            }
        }
    }

    std::vector<uint32_t> GetEndpoints(uint32_t stage, const std::vector<uint32_t>& places) const
    {
        std::vector<uint32_t> endpoints;
        for (const uint32_t place : places)
        {
            endpoints.push_back(m_workload.endpoints[m_layout.GetRank(stage, place)]);
        }
        return endpoints;
    }

    /** Take the links of a group. @return what they are like. */
    std::string Own(uint32_t group, const std::vector<uint32_t>& endpoints)
    {
        std::string likeness;
        std::map<uint32_t, std::size_t> places; // in order of first use: who shares what
        for (const uint32_t src : endpoints)
        {
            for (const uint32_t dst : endpoints)
            {
                ForEachChoice(
                    m_fabric,
                    src,
                    dst,
                    [&](uint32_t at, std::span<const uint32_t> links) {
                        if (links.size() > 1 && !m_topology.IsEndpoint(at))
                        {
                            Refuse("a switch chooses among links on their way");
                        }
                        for (const uint32_t link : links)
                        {
                            Take(group, link);
                            const std::size_t place =
                                places.try_emplace(link, places.size()).first->second;
                            likeness += fmt::format("{} ", place);
                        }
                        const LinkClass& cls =
                            m_topology.GetLinkClasses()[m_topology.GetLinks()[links.front()].cls];
                        likeness += fmt::format("{} {} {},", cls.scope, cls.name, links.size());
                    });
                likeness += ';';
            }
        }
        return likeness;
    }

    void Take(uint32_t group, uint32_t link)
    {
        uint32_t& owner = m_owners[link];
        if (owner != NONE && owner != group)
        {
            Refuse(fmt::format("two groups use link {}", m_topology.GetLinkName(link)));
        }
        owner = group;
        if (m_fabric.GetLinkProfile(link)->GetErrorRate() > 0)
        {
            Refuse("flits are corrupted at random");
        }
    }

    /** Refuse what is sent over a tensor group's link by some ranks to another. */
    void CheckTo(const std::vector<uint32_t>& from, uint32_t to, const char* what)
    {
        std::vector<uint32_t> sources;
        for (const uint32_t rank : from)
        {
            sources.push_back(m_workload.endpoints[rank]);
        }
        CheckWays(sources, m_workload.endpoints[to], what);
    }

    /** Refuse what is sent over a tensor group's link by some endpoints to another. */
    void CheckWays(const std::vector<uint32_t>& sources, uint32_t to, const char* what)
    {
        m_walker.Walk(sources, to, [&](uint32_t link) {
            if (m_owners[link] != NONE)
            {
                Refuse(fmt::format("{} use link {}, too", what, m_topology.GetLinkName(link)));
            }
        });
    }

    /** Check a checkpoint's copies. */
    void CheckCopies()
    {
        for (const WorkloadDescription& other : m_experiment.workloads)
        {
            if (other.copy)
            {
                for (const CheckpointCopy::Part& part : other.copy->parts)
                {
                    const uint32_t src = other.endpoints[part.from];
                    const uint32_t dst = other.endpoints[part.to];
                    CheckWays({src}, dst, "a checkpoint's copies");
                    CheckWays({dst}, src, "a checkpoint's copies");
                }
            }
        }
    }

    /** Check reads of training data. */
    void CheckReads()
    {
        const TrainingSpec& spec = m_workload.training;
        if (!spec.input)
        {
            return;
        }
        for (const DataReader& reader : ListDataReaders(spec, m_layout))
        {
            const uint32_t card = m_workload.endpoints[reader.rank];
            const uint32_t store = spec.input->store[reader.store];
            CheckWays({store}, card, "reads of training data");
            CheckWays({card}, store, "reads of training data");
        }
    }

    /** Leave groups apart whose links may have faults. */
    void FindApart(FoldPlan& plan) const
    {
        std::set<std::string> links;
        for (const FaultDescription& fault : m_experiment.faults)
        {
            for (const std::vector<uint32_t>& unit : ResolveFault(fault, m_fabric).units)
            {
                for (const uint32_t link : unit)
                {
                    if (m_owners[link] != NONE)
                    {
                        plan.classOf[m_owners[link]] = TensorFold::APART;
                        links.insert(m_topology.GetLinkName(link));
                    }
                }
            }
        }
        plan.links.assign(links.begin(), links.end());
        if (!links.empty() && m_workload.training.fold == Fold::ALWAYS)
        {
            m_workload.node.Find("training")
                ->Refuse(fmt::format("tensor groups can't all be folded: link {} of one has a "
                                     "fault. Set fold: most, which replays such groups card by "
                                     "card and folds the others, or fold: never",
                                     plan.links.front()));
        }
    }

    /** Check all that a stage's cards send to others than their tensor group. */
    void CheckOthers(uint32_t stage)
    {
        const ParallelSpec& parallel = m_workload.training.parallel;
        for (uint32_t place = 0; place < m_layout.GetPlaces() && parallel.pipeline > 1; ++place)
        {
            const uint32_t rank = m_layout.GetRank(stage, place);
            const uint32_t next = m_layout.GetRank((stage + 1) % parallel.pipeline, place);
            CheckTo({rank}, next, "messages between stages");
            CheckTo({next}, rank, "messages between stages");
        }
        for (const auto& [kind, what] : {std::pair(GroupKind::DATA, "data groups"),
                                         {GroupKind::CONTEXT, "context groups"},
                                         {GroupKind::EXPERT, "expert groups"},
                                         {GroupKind::EXPERT_DATA, "data groups of experts"}})
        {
            const bool isOfExperts = kind == GroupKind::EXPERT || kind == GroupKind::EXPERT_DATA;
            if (isOfExperts && !m_workload.training.model.moe)
            {
                continue;
            }
            for (const std::vector<uint32_t>& group : m_layout.GetRankGroups(kind, stage))
            {
                for (const uint32_t to : group)
                {
                    CheckTo(group, to, what);
                }
            }
        }
    }

    const Experiment& m_experiment;        //!< What is run
    const WorkloadDescription& m_workload; //!< Its training
    const MtlinkFabric& m_fabric;          //!< On what
    const Topology& m_topology;            //!< Its graph
    RankLayout m_layout;                   //!< Ranks and groups
    LinkWalker m_walker;                   //!< Its ways
    std::vector<uint32_t> m_owners;        //!< Tensor group by link, or NONE
};

} // namespace

const WorkloadDescription*
FindFolded(const Experiment& experiment)
{
    for (const WorkloadDescription& workload : experiment.workloads)
    {
        const TrainingSpec& spec = workload.training;
        if (workload.kind == WorkloadDescription::TRAINING && spec.parallel.tensor > 1 &&
            (spec.fold == Fold::ALWAYS || spec.fold == Fold::MOST ||
             (spec.fold == Fold::AUTO && CountOperations(spec, false) > MOST_UNFOLDED)))
        {
            return &workload;
        }
    }
    return nullptr;
}

FoldPlan
CheckFold(const Experiment& experiment, const MtlinkFabric& fabric)
{
    return FoldCheck(experiment, fabric).Run();
}

TensorTrial::TensorTrial(const WorkloadDescription& workload,
                         const FabricHints& hints,
                         std::size_t group)
    : m_times(ListTensorCollectives(workload.training))
{
    const RankLayout layout(workload.training.parallel);
    const auto& groups = layout.GetGroups(GroupKind::TENSOR);
    const auto stage = static_cast<uint32_t>(group / groups.size());
    for (const uint32_t place : groups[group % groups.size()])
    {
        m_endpoints.push_back(workload.endpoints[layout.GetRank(stage, place)]);
    }
    for (const auto& [collective, time] : m_times)
    {
        CollectiveSpec spec;
        spec.name = collective.first;
        spec.bytes = collective.second;
        spec.algorithm =
            GetGroupAlgorithm(workload.training.collectives, GroupKind::TENSOR, spec.name);
        spec.endpoints = m_endpoints;
        spec.ranks.resize(m_endpoints.size());
        std::iota(spec.ranks.begin(), spec.ranks.end(), 0);
        OperationGraph& graph = m_graphs.emplace_back(workload.training.parallel.tensor);
        const PlannedCollective plan = PlanCollective(graph.GetRanks(), spec, hints);
        AddCollective(graph, plan);
        graph.Finish();
        double& messages = m_messages.emplace_back(0);
        if (plan.program)
        {
            ForSomeMessages(
                *plan.program,
                static_cast<uint32_t>(spec.ranks.size()),
                UINT64_MAX,
                [&messages](uint32_t, uint32_t, uint64_t, double count) { messages += count; });
        }
    }
}

void
TensorTrial::Take(std::size_t place, const Replayer& replayer, uint64_t bytes)
{
    TensorTime& time = std::next(m_times.begin(), static_cast<std::ptrdiff_t>(place))->second;
    const auto [start, end] = replayer.GetCollectiveSpan(0);
    time.time = end - start;
    time.bytes = static_cast<double>(bytes);
    time.fidelity = replayer.GetCollectiveFidelity(0);
}

} // namespace mtlink
} // namespace ns3
