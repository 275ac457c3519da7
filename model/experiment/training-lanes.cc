/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/training-lanes.h"

#include "experiment/units.h"

#include <algorithm>
#include <fmt/format.h>
#include <tuple>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr const char* COMPUTE_LANE = "compute"; //!< Of kernels
constexpr Tick PARTS = 2000;                    //!< Of the time: gaps that are not shown

/** @return the number of a lane, for its place: kernels first, then as causes. */
std::size_t
GetNumber(const std::string& lane)
{
    if (lane == COMPUTE_LANE)
    {
        return 0;
    }
    const auto* const name =
        std::find(TRAINING_CAUSE_NAMES.begin(), TRAINING_CAUSE_NAMES.end(), lane);
    return static_cast<std::size_t>(name - TRAINING_CAUSE_NAMES.begin()) + 1;
}

} // namespace

void
ForEachSpan(const IterationGraph& iteration,
            const OperationGraph& graph,
            const Replayer& replayer,
            const std::vector<bool>& ranks,
            const std::function<void(const TrainingSpan&)>& visit)
{
    const auto isWanted = [&ranks](uint32_t rank) { return ranks.empty() || ranks[rank]; };
    const auto add = [&](uint32_t rank, const char* lane, std::string name, Tick start, Tick end) {
        if (end != NEVER && start < end)
        {
            visit({rank, lane, std::move(name), start, end});
        }
    };
    const std::vector<Operation>& operations = graph.GetOperations();
    for (uint32_t id = 0; id < operations.size(); ++id)
    {
        const Operation& operation = operations[id];
        const auto [start, end] = replayer.GetOperationSpan(id);
        if (operation.type == OperationType::COMPUTE)
        {
            for (const uint32_t member : iteration.GetTeam(operation.rank))
            {
                if (isWanted(member))
                {
                    add(member, COMPUTE_LANE, iteration.GetBlock(operation).name, start, end);
                }
            }
        }
        else if (!isWanted(operation.rank))
        {
            continue;
        }
        else if (operation.type == OperationType::RECEIVE)
        {
            const bool isRead = iteration.IsStore(operation.peer);
            const Tick sent = replayer.GetOperationSpan(graph.GetMatch(id)).first;
            if (!iteration.IsStore(operation.rank)) // it hears of requests
            {
                add(operation.rank,
                    isRead ? "input" : "pipeline",
                    fmt::format("receive {}", FormatBytes(operation.bytes)),
                    isRead ? start : std::max(start, sent),
                    end);
            }
        }
        else if (operation.collective != NONE)
        {
            const IterationCollective& collective =
                iteration.GetCollectives()[operation.collective];
            if (id < collective.firstEnd || id >= collective.firstEnd + collective.members)
            {
                continue;
            }
            const CollectiveRecord& record = graph.GetCollectives()[operation.collective];
            const uint32_t launch = collective.firstBegin + (id - collective.firstEnd);
            add(operation.rank,
                TRAINING_CAUSE_NAMES[static_cast<std::size_t>(GetGroupCause(collective.group))],
                fmt::format("{} {}", record.name, FormatBytes(record.bytes)),
                replayer.GetOperationSpan(launch).first,
                end);
        }
    }
}

std::vector<LaneResult>
MakeLanes(std::vector<TrainingSpan> spans,
          const std::function<uint32_t(uint32_t)>& stageOf,
          const std::vector<uint32_t>& endpoints)
{
    std::vector<LaneResult> rows;
    if (spans.empty())
    {
        return rows;
    }
    std::stable_sort(spans.begin(), spans.end(), [&](const auto& a, const auto& b) {
        return std::tuple(stageOf(a.rank), GetNumber(a.lane), a.start) <
               std::tuple(stageOf(b.rank), GetNumber(b.lane), b.start);
    });
    const auto earliest = std::min_element(spans.begin(), spans.end(), [](auto& a, auto& b) {
        return a.start < b.start;
    });
    const auto latest = std::max_element(spans.begin(), spans.end(), [](auto& a, auto& b) {
        return a.end < b.end;
    });
    const Tick gap = (latest->end - earliest->start) / PARTS;
    for (const TrainingSpan& span : spans)
    {
        const uint32_t stage = stageOf(span.rank);
        LaneResult* last = rows.empty() ? nullptr : &rows.back();
        const bool isSame = last && last->stage == stage && last->lane == span.lane &&
                            span.start - last->end < gap &&
                            (span.lane != std::string(COMPUTE_LANE) || last->name == span.name);
        if (!isSame)
        {
            rows.push_back({stage,
                            endpoints[span.rank],
                            span.lane,
                            span.name,
                            span.start,
                            span.end,
                            span.end - span.start,
                            1});
            continue;
        }
        last->name = last->name == span.name ? last->name : span.lane;
        last->busy += std::max<Tick>(0, span.end - std::max(span.start, last->end));
        last->end = std::max(last->end, span.end);
        ++last->count;
    }
    return rows;
}

} // namespace mtlink
} // namespace ns3
