/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/layout-search.h"

#include "experiment/fabric-hints.h"
#include "experiment/layout-costs.h"
#include "experiment/training-reader.h"
#include "training/iteration-graph.h"
#include "training/memory-plan.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double NANOSECOND = 1000; //!< In ps

/** @return whether a workload is a training whose layout is to be chosen. */
bool
IsSearched(const WorkloadDescription& workload)
{
    return workload.kind == WorkloadDescription::TRAINING && workload.layouts.IsFree();
}

/** @return a layout, for results. */
TrainingLayout
Describe(const TrainingSpec& spec)
{
    return {spec.parallel.tensor,
            spec.parallel.context,
            spec.parallel.pipeline,
            spec.parallel.data,
            spec.parallel.expert,
            spec.virtualStages,
            static_cast<uint32_t>(spec.micro),
            spec.zero,
            RECOMPUTE_NAMES[static_cast<std::size_t>(spec.recompute)]};
}

/** @return a layout, as it could be written. */
std::string
FormatLayout(const TrainingSpec& spec)
{
    return fmt::format("tensor {}, context {}, pipeline {}, data {}, expert {}, virtual {}, micro "
                       "{}, zero {}, recompute {}",
                       spec.parallel.tensor,
                       spec.parallel.context,
                       spec.parallel.pipeline,
                       spec.parallel.data,
                       spec.parallel.expert,
                       spec.virtualStages,
                       spec.micro,
                       spec.zero,
                       RECOMPUTE_NAMES[static_cast<std::size_t>(spec.recompute)]);
}

/** @return why no layout can run, of a list without one. */
std::string
DescribeNone(const LayoutList& list, std::size_t cards)
{
    if (list.looked == 0)
    {
        return fmt::format("no layout has {} cards: change the sizes that are given, or 'ranks'",
                           cards);
    }
    if (!list.nearest)
    {
        return fmt::format("none of the {} layouts of {} cards can be; the first: {}",
                           list.looked,
                           cards,
                           list.indivisibleWhy);
    }
    std::string why;
    try
    {
        CheckMemory(list.nearest->layout);
    }
    catch (const ParameterError& error)
    {
        why = error.what();
    }
    return fmt::format("none of the {} layouts of {} cards fits: {} can't be, {} do not fit. "
                       "Nearest is {}: {}",
                       list.looked,
                       cards,
                       list.indivisible,
                       list.tooLarge,
                       FormatLayout(list.nearest->layout),
                       why);
}

} // namespace

const WorkloadDescription*
FindLayoutSearch(const Experiment& experiment)
{
    const auto found =
        std::find_if(experiment.workloads.begin(), experiment.workloads.end(), IsSearched);
    if (found == experiment.workloads.end())
    {
        return nullptr;
    }
    const auto trainings = std::count_if(experiment.workloads.begin(),
                                         experiment.workloads.end(),
                                         [](const WorkloadDescription& workload) {
                                             return workload.kind == WorkloadDescription::TRAINING;
                                         });
    if (trainings > 1)
    {
        found->node.Refuse("a layout is searched for one training at a time, and several run at "
                           "once: give its sizes, or leave the others out");
    }
    return &*found;
}

LayoutRanking
RankLayouts(const Experiment& experiment, const Ptr<MtlinkFabric>& fabric)
{
    const WorkloadDescription& training = *FindLayoutSearch(experiment);
    const FabricHints hints = GetFabricHints(fabric);
    LayoutList list;
    try
    {
        list = ListLayouts(training.training,
                           training.layouts,
                           static_cast<uint32_t>(training.endpoints.size()));
    }
    catch (const ParameterError& error)
    {
        RefuseTrainingParameter(training.trainingDocument, error);
    }
    if (list.layouts.empty())
    {
        RefuseTrainingParameter(
            training.trainingDocument,
            ParameterError("parallel", DescribeNone(list, training.endpoints.size())));
    }
    LayoutCosts costs(*fabric, hints, training.endpoints);
    std::vector<std::pair<Tick, std::size_t>> order;
    for (std::size_t i = 0; i < list.layouts.size(); ++i)
    {
        order.emplace_back(costs.GetIteration(list.layouts[i]), i);
    }
    std::sort(order.begin(), order.end());
    LayoutRanking ranking;
    ranking.search = {list.looked, list.indivisible, list.tooLarge, list.layouts.size(), {}};
    for (const auto& [time, i] : order)
    {
        const TrainingSpec& spec = list.layouts[i];
        ranking.layouts.push_back(spec);
        if (ranking.search.tried.size() < MOST_LAYOUTS_TOLD)
        {
            double memory = 0;
            for (const TrainingMemory& stage : PlanMemory(spec))
            {
                memory = std::max(memory, stage.GetTotal());
            }
            ranking.search.tried.push_back({Describe(spec),
                                            memory,
                                            static_cast<double>(time) / NANOSECOND,
                                            std::nullopt,
                                            std::nullopt,
                                            ""});
        }
    }
    return ranking;
}

Experiment
WithLayout(const Experiment& experiment, const TrainingSpec& layout)
{
    Experiment copy = experiment;
    WorkloadDescription& training =
        *std::find_if(copy.workloads.begin(), copy.workloads.end(), IsSearched);
    training.training = layout;
    training.layouts = {};
    try
    {
        CheckPeak(layout);
    }
    catch (const ParameterError& error)
    {
        RefuseTrainingParameter(training.trainingDocument, error);
    }
    return copy;
}

std::size_t
ChooseLayout(const Experiment& experiment, LayoutRanking& ranking, const LayoutSimulation& simulate)
{
    const uint32_t runs = FindLayoutSearch(experiment)->layouts.runs;
    std::vector<TrainingTried>& tried = ranking.search.tried;
    std::size_t best = 0;
    if (runs > 1 && ranking.layouts.size() > 1)
    {
        uint32_t done = 0;
        std::optional<InputError> refusal;
        for (std::size_t i = 0; i < tried.size() && done < runs; ++i)
        {
            try
            {
                std::string why;
                const auto result = simulate(WithLayout(experiment, ranking.layouts[i]), why);
                if (!result)
                {
                    tried[i].note = why;
                    continue;
                }
                tried[i].iterationTimeNs = result->iterationTimeNs;
                tried[i].mfu = result->mfu;
                const bool isBest =
                    done == 0 || result->iterationTimeNs < *tried[best].iterationTimeNs;
                best = isBest ? i : best;
                ++done;
            }
            catch (const InputError& error)
            {
                tried[i].note = error.GetMessage();
                refusal = refusal ? refusal : error;
            }
        }
        if (done == 0 && refusal)
        {
            throw *refusal;
        }
    }
    tried[best].note = "chosen";
    for (TrainingTried& row : tried)
    {
        row.note = !row.note.empty()     ? row.note
                   : row.iterationTimeNs ? "slower"
                                         : "slower by its least time";
    }
    return best;
}

} // namespace mtlink
} // namespace ns3
