/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/critical-path.h"

#include "experiment/units.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** A part of a cause: what it is, and how long. */
using Piece = std::pair<CriticalStepResult::Kind, Tick>;

/** @return what an operation of the graph is. */
CriticalStepResult::Kind
KindOf(const Operation& operation)
{
    switch (operation.type)
    {
    case OperationType::COMPUTE:
        return CriticalStepResult::COMPUTE;
    case OperationType::REDUCE:
        return CriticalStepResult::REDUCE;
    case OperationType::LAUNCH:
        return CriticalStepResult::OVERHEAD;
    default:
        return CriticalStepResult::DELAY;
    }
}

/** @return a cause's name for people. */
std::string
NameOf(const Cause& cause, const PathNames& names)
{
    const auto collective = [&] {
        return cause.collective == NONE ? std::string("collective")
                                        : names.graph.GetCollectives()[cause.collective].name;
    };
    switch (cause.kind)
    {
    case Cause::OPERATION: {
        const Operation& operation = names.graph.GetOperations()[cause.operation];
        const std::string what =
            operation.type == OperationType::COMPUTE  ? names.computation(operation)
            : operation.type == OperationType::LAUNCH ? "launch of " + collective()
            : operation.type == OperationType::REDUCE ? "reduce " + FormatBytes(cause.bytes)
                                                      : "delay";
        return what + " on " + names.rank(cause.rank);
    }
    case Cause::REDUCE:
        return fmt::format("reduce {} on {}", FormatBytes(cause.bytes), names.rank(cause.rank));
    case Cause::MESSAGE:
        return fmt::format("{} from {} to {}",
                           FormatBytes(cause.bytes),
                           names.rank(cause.rank),
                           names.rank(cause.peer));
    case Cause::GROUP:
        return fmt::format("{} of {} in the network, {} joined last",
                           FormatBytes(cause.bytes),
                           collective(),
                           names.rank(cause.rank));
    case Cause::RING:
        return fmt::format("a ring of {}, {} joined last", collective(), names.rank(cause.rank));
    }
    return "";
}

/**
 * Cut a cause into what it is made of, in order.
 * @param [in] cause The cause.
 * @param [in] duration Of it, as far as it was waited for.
 * @param [in] names Idle times.
 * @return the parts, some of no length.
 */
std::vector<Piece>
Cut(const Cause& cause, Tick duration, const PathNames& names)
{
    Tick overhead = 0;
    Tick idle = 0;
    switch (cause.kind)
    {
    case Cause::OPERATION:
        return {{KindOf(names.graph.GetOperations()[cause.operation]), duration}};
    case Cause::REDUCE:
        return {{CriticalStepResult::REDUCE, duration}};
    case Cause::RING:
        return {{CriticalStepResult::TRANSFER, duration}};
    case Cause::GROUP:
        idle = names.groupIdleTime(names.graph.GetGroupSteps()[cause.operation].message);
        break;
    case Cause::MESSAGE:
        overhead = std::min(names.messageOverhead, duration);
        idle = names.idleTime(cause.rank, cause.peer, cause.bytes);
        break;
    }
    const Tick transfer = std::min(idle, duration - overhead);
    return {{CriticalStepResult::OVERHEAD, overhead},
            {CriticalStepResult::WAIT, duration - overhead - transfer},
            {CriticalStepResult::TRANSFER, transfer}};
}

} // namespace

CriticalPathResult
DescribeCriticalPath(const std::vector<Cause>& chain,
                     Tick end,
                     const PathNames& names,
                     std::size_t most)
{
    const auto endOf = [&](std::size_t i) {
        return i + 1 < chain.size() ? chain[i + 1].start : end;
    };
    std::vector<std::size_t> kept;
    CriticalPathResult path;
    std::vector<std::vector<Piece>> pieces(chain.size());
    for (std::size_t i = 0; i < chain.size(); ++i)
    {
        pieces[i] = Cut(chain[i], endOf(i) - chain[i].start, names);
        for (const auto& [kind, length] : pieces[i])
        {
            path.time[kind] += length;
        }
        if (endOf(i) > chain[i].start)
        {
            kept.push_back(i);
        }
    }
    path.steps = kept.size();
    if (kept.size() > most)
    {
        std::nth_element(kept.begin(),
                         kept.begin() + static_cast<std::ptrdiff_t>(most),
                         kept.end(),
                         [&](std::size_t a, std::size_t b) {
                             return std::pair(chain[a].start - endOf(a), a) <
                                    std::pair(chain[b].start - endOf(b), b);
                         });
        kept.resize(most);
        std::sort(kept.begin(), kept.end());
    }
    path.leftOut = path.steps - kept.size();
    for (const std::size_t i : kept)
    {
        const Cause& cause = chain[i];
        CriticalStepResult step;
        step.name = NameOf(cause, names);
        step.after = i > 0 ? NameOf(chain[i - 1], names) : "the start of the workload";
        step.rank = names.endpoint(cause.rank);
        if (cause.collective != NONE && names.namesCollectives)
        {
            step.collective = static_cast<int64_t>(names.firstCollective) + cause.collective;
        }
        Tick at = cause.start;
        for (const auto& [kind, length] : pieces[i])
        {
            if (length > 0)
            {
                step.kind = kind;
                step.start = at;
                step.end = at + length;
                path.list.push_back(step);
            }
            at += length;
        }
    }
    return path;
}

} // namespace mtlink
} // namespace ns3
