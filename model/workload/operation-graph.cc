/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/operation-graph.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <tuple>

namespace ns3
{
namespace mtlink
{

namespace
{

/** A send or receive, to be sorted so that partners come together. */
struct Half
{
    uint32_t src;        //!< Source rank
    uint32_t dst;        //!< Destination rank
    uint32_t tag;        //!< Tag
    uint32_t collective; //!< Collective, or NONE
    uint32_t place;      //!< In program order
    uint32_t id;         //!< The operation

    /** @return what partners have in common. */
    auto Key() const
    {
        return std::tie(src, dst, tag, collective);
    }
};

/**
 * @param [in] type A type.
 * @return its name for messages.
 */
const char*
NameOf(OperationType type)
{
    switch (type)
    {
    case OperationType::COMPUTE:
        return "compute";
    case OperationType::DELAY:
        return "delay";
    case OperationType::SEND:
        return "send";
    case OperationType::RECEIVE:
        return "receive";
    case OperationType::REDUCE:
        return "reduce";
    case OperationType::LAUNCH:
        return "launch";
    case OperationType::GROUP_SEND:
        return "send to its group";
    case OperationType::GROUP_RECEIVE:
        return "receive from its group";
    }
    return "operation";
}

/**
 * @param [in] type A type.
 * @return whether it is a part of a group's step.
 */
bool
IsOfGroup(OperationType type)
{
    return type == OperationType::GROUP_SEND || type == OperationType::GROUP_RECEIVE;
}

/**
 * The launches that hold an end back through the messages of its collective, or may.
 * @param [in] unfolding The collective.
 * @param [in] member Whose end.
 * @return the first and the number of members whose launches do, round the end.
 */
std::pair<uint32_t, uint32_t>
HeardBy(const Unfolding& unfolding, uint32_t member)
{
    const auto n = static_cast<uint32_t>(unfolding.ranks.size());
    switch (unfolding.hearing)
    {
    case Hearing::EVERYONE:
        return {0, n};
    case Hearing::ROOT:
        return {unfolding.root, 1};
    case Hearing::AT_ROOT:
        return {0, member == unfolding.root ? n : 0};
    case Hearing::PREVIOUS:
        return {(member + n - 1) % n, 1};
    case Hearing::NOBODY:
        break;
    }
    return {0, 0};
}

/** Holds the ends of collectives back until the launches that they hear of have finished. */
class LaunchHolds
{
  public:
    /**
     * @param [in] unfoldings The collectives.
     * @param [in,out] waits By operation: one more for each end that is held back.
     */
    LaunchHolds(const std::vector<Unfolding>& unfoldings, std::vector<uint32_t>& waits)
        : m_unfoldings(unfoldings)
    {
        for (const Unfolding& unfolding : unfoldings)
        {
            const auto n = static_cast<uint32_t>(unfolding.ranks.size());
            m_left.push_back(n);
            for (uint32_t member = 0; member < n; ++member)
            {
                waits[unfolding.firstEnd + member] += HeardBy(unfolding, member).second > 0;
            }
        }
    }

    /**
     * A launch has finished.
     * @param [in] launch The operation.
     * @param [in] release Called with each end that it holds back no more.
     */
    template <typename Release>
    void Finish(const Operation& launch, const Release& release)
    {
        if (launch.type != OperationType::LAUNCH || launch.peer == NONE)
        {
            return;
        }
        const Unfolding& unfolding = m_unfoldings[launch.tag];
        const bool isAll = --m_left[launch.tag] == 0;
        const auto n = static_cast<uint32_t>(unfolding.ranks.size());
        const bool isRoot = launch.peer == unfolding.root;
        switch (unfolding.hearing)
        {
        case Hearing::EVERYONE:
        case Hearing::ROOT:
            for (uint32_t member = 0;
                 (unfolding.hearing == Hearing::ROOT ? isRoot : isAll) && member < n;
                 ++member)
            {
                release(unfolding.firstEnd + member);
            }
            break;
        case Hearing::AT_ROOT:
            if (isAll)
            {
                release(unfolding.firstEnd + unfolding.root);
            }
            break;
        case Hearing::PREVIOUS:
            release(unfolding.firstEnd + (launch.peer + 1) % n);
            break;
        case Hearing::NOBODY:
            break;
        }
    }

  private:
    const std::vector<Unfolding>& m_unfoldings; //!< The collectives
    std::vector<uint32_t> m_left;               //!< By collective: launches not finished
};

/**
 * Call for each operation of a step.
 * @param [in] step The step.
 * @param [in] call What to call with its id.
 */
template <typename Call>
void
ForEachOf(const GroupStep& step, const Call& call)
{
    for (const auto* ids : {&step.sends, &step.receives})
    {
        for (const uint32_t id : *ids)
        {
            if (id != NONE)
            {
                call(id);
            }
        }
    }
}

} // namespace

OperationGraph::OperationGraph(uint32_t ranks)
    : m_ranks(ranks)
{
}

uint32_t
OperationGraph::Add(const Operation& operation)
{
    const auto id = static_cast<uint32_t>(m_operations.size());
    if (id == NONE)
    {
        throw ParameterError("", "the workload has more than 4294967294 operations");
    }
    m_operations.push_back(operation);
    return id;
}

void
OperationGraph::Require(uint32_t later, uint32_t earlier)
{
    m_forward = m_forward && earlier < later;
    m_edges.emplace_back(later, earlier);
}

void
OperationGraph::RequireStart(uint32_t later, uint32_t earlier)
{
    m_forward = m_forward && earlier < later;
    m_startEdges.emplace_back(later, earlier);
}

uint32_t
OperationGraph::AddCollective(const CollectiveRecord& record)
{
    m_collectives.push_back(record);
    return static_cast<uint32_t>(m_collectives.size() - 1);
}

uint32_t
OperationGraph::AddGroupStep(const GroupStep& step)
{
    m_groupSteps.push_back(step);
    return static_cast<uint32_t>(m_groupSteps.size() - 1);
}

void
OperationGraph::AddUnfolding(Unfolding unfolding)
{
    m_unfoldings.push_back(std::move(unfolding));
}

const std::vector<Unfolding>&
OperationGraph::GetUnfoldings() const
{
    return m_unfoldings;
}

const std::vector<GroupStep>&
OperationGraph::GetGroupSteps() const
{
    return m_groupSteps;
}

void
OperationGraph::SetLabel(uint32_t id, std::string label)
{
    m_labels.emplace_back(id, m_labelText.size());
    m_labelText += label;
}

std::string
OperationGraph::Describe(uint32_t id) const
{
    const Operation& operation = m_operations[id];
    std::string text = "rank " + std::to_string(operation.rank) + ": ";
    for (std::size_t i = 0; i < m_labels.size(); ++i)
    {
        if (m_labels[i].first == id)
        {
            const std::size_t begin = m_labels[i].second;
            const std::size_t end =
                i + 1 < m_labels.size() ? m_labels[i + 1].second : m_labelText.size();
            return text + m_labelText.substr(begin, end - begin);
        }
    }
    text += std::string(NameOf(operation.type)) + " (operation " + std::to_string(id);
    if (operation.collective != NONE)
    {
        text += " of " + m_collectives[operation.collective].name + " " +
                std::to_string(operation.collective);
    }
    return text + ")";
}

void
OperationGraph::Finish()
{
    const auto count = static_cast<uint32_t>(m_operations.size());
    for (uint32_t id = 0; id < count; ++id)
    {
        const Operation& operation = m_operations[id];
        const bool message =
            operation.type == OperationType::SEND || operation.type == OperationType::RECEIVE;
        if (operation.rank >= m_ranks || (message && operation.peer >= m_ranks))
        {
            const uint32_t rank = operation.rank >= m_ranks ? operation.rank : operation.peer;
            throw OperationError(id,
                                 Describe(id) + " names rank " + std::to_string(rank) +
                                     ", but there are ranks 0 to " + std::to_string(m_ranks - 1));
        }
        if (operation.duration < 0)
        {
            throw OperationError(id, Describe(id) + " lasts less than no time");
        }
    }
    for (const auto* edges : {&m_edges, &m_startEdges})
    {
        for (const auto& [later, earlier] : *edges)
        {
            if (later >= count || earlier >= count)
            {
                throw ParameterError("", "a dependency names an operation that is not there");
            }
        }
    }
    m_operations.shrink_to_fit();
    m_required.assign(count, 0);
    m_dependents = MakeIndex(m_edges);
    m_startDependents = MakeIndex(m_startEdges);
    Match(OrderProgram());
    CheckCycles();
}

OperationGraph::Index
OperationGraph::MakeIndex(std::vector<Edge>& edges)
{
    Index index;
    if (!edges.empty())
    {
        index.offsets.assign(m_operations.size() + 1, 0);
        index.targets.resize(edges.size());
        for (const auto& [later, earlier] : edges)
        {
            ++index.offsets[earlier];
            ++m_required[later];
        }
        // Running sums, then filled from the back: each start ends where it belongs.
        for (std::size_t i = 1; i < index.offsets.size(); ++i)
        {
            index.offsets[i] += index.offsets[i - 1];
        }
        for (auto edge = edges.rbegin(); edge != edges.rend(); ++edge)
        {
            index.targets[--index.offsets[edge->second]] = edge->first;
        }
    }
    std::vector<Edge>().swap(edges);
    return index;
}

std::vector<uint32_t>
OperationGraph::OrderProgram() const
{
    if (m_forward)
    {
        return {};
    }
    const auto count = static_cast<uint32_t>(m_operations.size());
    std::vector<uint32_t> waits = m_required;
    std::vector<uint32_t> order(count, NONE);
    std::priority_queue<uint32_t, std::vector<uint32_t>, std::greater<>> ready;
    for (uint32_t id = 0; id < count; ++id)
    {
        if (waits[id] == 0)
        {
            ready.push(id);
        }
    }
    uint32_t place = 0;
    while (!ready.empty())
    {
        const uint32_t id = ready.top();
        ready.pop();
        order[id] = place++;
        for (const auto* index : {&m_dependents, &m_startDependents})
        {
            for (const uint32_t later : index->Of(id))
            {
                if (--waits[later] == 0)
                {
                    ready.push(later);
                }
            }
        }
    }
    return order; // what is on a cycle keeps NONE: CheckCycles() finds it
}

void
OperationGraph::Match(const std::vector<uint32_t>& order)
{
    const auto count = static_cast<uint32_t>(m_operations.size());
    std::vector<Half> sends;
    std::vector<Half> receives;
    const auto total = std::count_if(m_operations.begin(), m_operations.end(), [](const auto& o) {
        return o.type == OperationType::SEND;
    });
    sends.reserve(total);
    receives.reserve(total);
    for (uint32_t id = 0; id < count; ++id)
    {
        const Operation& o = m_operations[id];
        const uint32_t place = order.empty() ? id : order[id];
        if (o.type == OperationType::SEND)
        {
            sends.push_back({o.rank, o.peer, o.tag, o.collective, place, id});
        }
        else if (o.type == OperationType::RECEIVE)
        {
            receives.push_back({o.peer, o.rank, o.tag, o.collective, place, id});
        }
    }
    for (auto* halves : {&sends, &receives})
    {
        std::sort(halves->begin(), halves->end(), [](const Half& a, const Half& b) {
            return std::tie(a.src, a.dst, a.tag, a.collective, a.place, a.id) <
                   std::tie(b.src, b.dst, b.tag, b.collective, b.place, b.id);
        });
    }
    m_match.assign(count, NONE);
    std::size_t r = 0;
    for (std::size_t s = 0; s < sends.size() || r < receives.size(); ++s, ++r)
    {
        const bool noReceive =
            r == receives.size() || (s < sends.size() && sends[s].Key() < receives[r].Key());
        if (noReceive)
        {
            const Half& half = sends[s];
            throw OperationError(half.id,
                                 Describe(half.id) + " sends to rank " + std::to_string(half.dst) +
                                     " with tag " + std::to_string(half.tag) +
                                     ", and no receive there matches it");
        }
        if (s == sends.size() || receives[r].Key() < sends[s].Key())
        {
            const Half& half = receives[r];
            throw OperationError(half.id,
                                 Describe(half.id) + " receives from rank " +
                                     std::to_string(half.src) + " with tag " +
                                     std::to_string(half.tag) + ", and no send there matches it");
        }
        const uint32_t send = sends[s].id;
        const uint32_t receive = receives[r].id;
        if (m_operations[send].bytes != m_operations[receive].bytes)
        {
            throw OperationError(receive,
                                 Describe(receive) + " receives " +
                                     std::to_string(m_operations[receive].bytes) + " bytes, but " +
                                     Describe(send) + ", which matches it, sends " +
                                     std::to_string(m_operations[send].bytes));
        }
        m_match[send] = receive;
        m_match[receive] = send;
    }
}

void
OperationGraph::CheckCycles() const
{
    // Two events for each operation, its start (2 i) and its finish (2 i + 1): a receive finishes
    // after its send has started, so a loop over messages is found too.
    const auto count = static_cast<uint32_t>(m_operations.size());
    std::vector<uint32_t> startWaits = m_required;
    LaunchHolds holds(m_unfoldings, startWaits);
    std::vector<uint8_t> finishWaits(count);
    std::vector<uint32_t> ready;
    for (uint32_t id = 0; id < count; ++id)
    {
        finishWaits[id] = m_operations[id].type == OperationType::RECEIVE ? 2 : 1;
        finishWaits[id] += IsOfGroup(m_operations[id].type) ? 1 : 0;
        if (startWaits[id] == 0)
        {
            ready.push_back(id);
        }
    }
    // A group's step begins when all its sends have started: nothing of it finishes before.
    std::vector<uint32_t> stepWaits;
    for (const GroupStep& step : m_groupSteps)
    {
        stepWaits.push_back(static_cast<uint32_t>(
            std::count_if(step.sends.begin(), step.sends.end(), [](uint32_t id) {
                return id != NONE;
            })));
    }
    // Starts wait in the list; a finish is worked off at once from a second list.
    std::vector<uint32_t> finished;
    uint32_t done = 0;
    const auto finish = [&](uint32_t id) {
        if (--finishWaits[id] == 0)
        {
            finished.push_back(id);
            ++done;
        }
    };
    const auto release = [&](std::span<const uint32_t> laters) {
        for (const uint32_t later : laters)
        {
            if (--startWaits[later] == 0)
            {
                ready.push_back(later);
            }
        }
    };
    while (!ready.empty() || !finished.empty())
    {
        if (!finished.empty())
        {
            const uint32_t id = finished.back();
            finished.pop_back();
            release(m_dependents.Of(id));
            holds.Finish(m_operations[id], [&](uint32_t end) { release({&end, 1}); });
            continue;
        }
        const uint32_t id = ready.back();
        ready.pop_back();
        release(m_startDependents.Of(id));
        finish(id);
        if (m_operations[id].type == OperationType::SEND)
        {
            finish(m_match[id]);
        }
        if (m_operations[id].type == OperationType::GROUP_SEND &&
            --stepWaits[m_operations[id].peer] == 0)
        {
            ForEachOf(m_groupSteps[m_operations[id].peer], finish);
        }
    }
    if (done == count)
    {
        return;
    }
    // Every operation left waits for another one left: follow that until one comes back.
    std::vector<uint32_t> cause(count, NONE);
    for (uint32_t id = 0; id < count; ++id)
    {
        const auto blame = [&](std::span<const uint32_t> laters) {
            for (const uint32_t later : laters)
            {
                if (startWaits[later] > 0 && cause[later] == NONE)
                {
                    cause[later] = id;
                }
            }
        };
        if (startWaits[id] > 0)
        {
            blame(m_startDependents.Of(id));
            if (m_operations[id].type == OperationType::SEND)
            {
                const uint32_t receive = m_match[id];
                if (startWaits[receive] == 0)
                {
                    cause[receive] = id;
                }
            }
            if (m_operations[id].type == OperationType::GROUP_SEND)
            {
                ForEachOf(m_groupSteps[m_operations[id].peer], [&](uint32_t other) {
                    cause[other] = startWaits[other] == 0 ? id : cause[other];
                });
            }
        }
        if (finishWaits[id] > 0)
        {
            blame(m_dependents.Of(id));
        }
    }
    for (const Unfolding& unfolding : m_unfoldings)
    {
        const auto n = static_cast<uint32_t>(unfolding.ranks.size());
        for (uint32_t member = 0; member < n; ++member)
        {
            const auto [first, heard] = HeardBy(unfolding, member);
            uint32_t& blamed = cause[unfolding.firstEnd + member];
            for (uint32_t i = 0; i < heard && blamed == NONE; ++i)
            {
                const uint32_t launch = unfolding.firstBegin + (first + i) % n;
                blamed = finishWaits[launch] > 0 ? launch : NONE;
            }
        }
    }
    uint32_t at = 0;
    while (finishWaits[at] == 0)
    {
        ++at;
    }
    std::vector<bool> seen(count, false);
    while (!seen[at])
    {
        seen[at] = true;
        at = cause[at];
    }
    std::vector<uint32_t> cycle{at};
    for (uint32_t next = cause[at]; next != at; next = cause[next])
    {
        cycle.push_back(next);
    }
    // From the smallest id on, so that the message does not depend on where the walk began.
    std::rotate(cycle.begin(), std::min_element(cycle.begin(), cycle.end()), cycle.end());
    constexpr std::size_t SHOWN = 8;
    std::string text = "these wait for one another: " + Describe(cycle[0]);
    for (std::size_t i = 1; i < cycle.size() && i < SHOWN; ++i)
    {
        text += ", which waits for " + Describe(cycle[i]);
    }
    if (cycle.size() > SHOWN)
    {
        text += ", and " + std::to_string(cycle.size() - SHOWN) + " more";
    }
    throw OperationError(cycle[0], text + ", which waits for the first");
}

uint32_t
OperationGraph::GetRanks() const
{
    return m_ranks;
}

const std::vector<Operation>&
OperationGraph::GetOperations() const
{
    return m_operations;
}

const std::vector<CollectiveRecord>&
OperationGraph::GetCollectives() const
{
    return m_collectives;
}

std::span<const uint32_t>
OperationGraph::GetDependents(uint32_t id) const
{
    return m_dependents.Of(id);
}

std::span<const uint32_t>
OperationGraph::GetStartDependents(uint32_t id) const
{
    return m_startDependents.Of(id);
}

uint32_t
OperationGraph::GetRequired(uint32_t id) const
{
    return m_required[id];
}

uint32_t
OperationGraph::GetMatch(uint32_t id) const
{
    return m_match[id];
}

} // namespace mtlink
} // namespace ns3
