/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/time-account.h"

#include <algorithm>
#include <unordered_map>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Add the part of [from, to) that lies in [lo, hi). @return what was added. */
Tick
AddPart(Tick& sum, Tick from, Tick to, Tick lo, Tick hi)
{
    const Tick part = std::max<Tick>(0, std::min(to, hi) - std::max(from, lo));
    sum += part;
    return part;
}

} // namespace

TimeAccount::TimeAccount(const IterationGraph& iteration,
                         const OperationGraph& graph,
                         const Replayer& replayer)
    : m_iteration(iteration),
      m_graph(graph),
      m_replayer(replayer)
{
}

uint32_t
TimeAccount::GetSlowestRank() const
{
    std::vector<std::pair<Tick, Tick>> ends(m_graph.GetRanks(), {0, 0}); // end, time of kernels
    std::vector<uint32_t> leaders;
    for (uint32_t rank = 0; rank < m_graph.GetRanks(); ++rank)
    {
        leaders.push_back(m_iteration.GetTeam(rank).front());
    }
    const std::vector<Operation>& operations = m_graph.GetOperations();
    for (uint32_t id = 0; id < operations.size(); ++id)
    {
        const auto [start, end] = m_replayer.GetOperationSpan(id);
        auto& [last, busy] = ends[leaders[operations[id].rank]];
        last = std::max(last, end);
        busy += operations[id].type == OperationType::COMPUTE ? end - start : 0;
    }
    std::erase_if(leaders, [this](uint32_t rank) { return m_iteration.IsStore(rank); });
    return *std::max_element(leaders.begin(), leaders.end(), [&ends](uint32_t a, uint32_t b) {
        return ends[a] < ends[b];
    });
}

Tick
TimeAccount::GetSkew() const
{
    if (!m_iteration.IsFolded())
    {
        return 0;
    }
    // By computation: when each member was ready, as far as it waited for anything of its own.
    std::unordered_map<uint32_t, std::vector<std::pair<uint32_t, Tick>>> waits;
    const std::vector<Operation>& operations = m_graph.GetOperations();
    std::vector<Tick> begun(m_graph.GetRanks(), 0); // end of the team's kernels before
    Tick skew = 0;
    for (uint32_t id = 0; id < operations.size(); ++id)
    {
        if (operations[id].type != OperationType::COMPUTE)
        {
            const Tick end = m_replayer.GetOperationSpan(id).second;
            for (const uint32_t later : m_graph.GetDependents(id))
            {
                if (operations[later].type == OperationType::COMPUTE)
                {
                    waits[later].emplace_back(operations[id].rank, end);
                }
            }
            continue;
        }
        Tick& before = begun[operations[id].rank];
        const auto entry = waits.find(id);
        if (entry != waits.end())
        {
            std::map<uint32_t, Tick> ready;
            for (const auto& [rank, end] : entry->second)
            {
                Tick& since = ready[rank];
                since = std::max({since, end, before});
            }
            const auto [first, last] =
                std::minmax_element(ready.begin(), ready.end(), [](const auto& a, const auto& b) {
                    return a.second < b.second;
                });
            skew = std::max(skew, last->second - first->second);
            waits.erase(entry);
        }
        before = m_replayer.GetOperationSpan(id).second;
    }
    return skew;
}

bool
TimeAccount::IsEnd(uint32_t operation) const
{
    const Operation& o = m_graph.GetOperations()[operation];
    if (o.collective == NONE)
    {
        return false;
    }
    const IterationCollective& collective = m_iteration.GetCollectives()[o.collective];
    return operation >= collective.firstEnd && operation < collective.firstEnd + collective.members;
}

Tick
TimeAccount::GetAllLaunched(const IterationCollective& collective) const
{
    Tick all = 0;
    for (uint32_t member = 0; member < collective.members; ++member)
    {
        all = std::max(all, m_replayer.GetOperationSpan(collective.firstBegin + member).second);
    }
    return all;
}

CardAccount
TimeAccount::Account(uint32_t rank, Tick start) const
{
    CardAccount account;
    account.rank = rank;
    account.start = start;
    const std::vector<Operation>& operations = m_graph.GetOperations();
    std::vector<bool> isOfTeam(m_graph.GetRanks(), false);
    for (const uint32_t member : m_iteration.GetTeam(rank))
    {
        isOfTeam[member] = true;
    }
    Requirements requirements;
    std::vector<uint32_t> kernels;
    std::vector<uint32_t> last; // what ended last
    Tick lastRead = start;      // training data that is in
    for (uint32_t id = 0; id < operations.size(); ++id)
    {
        const Operation& operation = operations[id];
        for (const uint32_t later : m_graph.GetDependents(id))
        {
            if (isOfTeam[operations[later].rank])
            {
                requirements[later].push_back(id);
            }
        }
        if (!isOfTeam[operation.rank])
        {
            continue;
        }
        const auto [begin, end] = m_replayer.GetOperationSpan(id);
        if (last.empty() || end >= account.end)
        {
            account.end = end;
            last.assign(1, id);
        }
        if (operation.type == OperationType::COMPUTE)
        {
            kernels.push_back(id);
        }
        else if (operation.rank != rank)
        {
            continue; // of another card of its team: communication is told of this one
        }
        else if (operation.type == OperationType::RECEIVE && m_iteration.IsStore(operation.peer))
        {
            // Requests overlap one another; they are met in their order.
            const Tick asked = m_replayer.GetOperationSpan(m_iteration.GetReadRequest(id)).first;
            const Tick left = m_replayer.GetOperationSpan(m_graph.GetMatch(id)).second;
            const Tick read = end > begin ? end : left;
            PartOf(account.communication, TrainingCause::INPUT) +=
                std::max<Tick>(0, read - std::max(asked, lastRead));
            lastRead = std::max(lastRead, read);
        }
        else if (operation.type == OperationType::RECEIVE)
        {
            // What came before it was asked for took about as long as it took to leave.
            const auto [sent, left] = m_replayer.GetOperationSpan(m_graph.GetMatch(id));
            PartOf(account.communication, TrainingCause::PIPELINE) +=
                (end > begin ? end : left) - sent;
        }
        else if (operation.type == OperationType::SEND && !m_graph.GetDependents(id).empty())
        {
            PartOf(account.communication, TrainingCause::PIPELINE) +=
                end - begin; // it is waited for
        }
        else if (IsEnd(id))
        {
            const IterationCollective& collective =
                m_iteration.GetCollectives()[operation.collective];
            PartOf(account.communication, GetGroupCause(collective.group)) +=
                end - GetAllLaunched(collective);
        }
    }
    Tick now = start;
    for (const uint32_t id : kernels)
    {
        const auto [begin, end] = m_replayer.GetOperationSpan(id);
        AccountPause(account, requirements, requirements[id], now, begin);
        const Block& block = m_iteration.GetBlock(operations[id]);
        for (std::size_t cause = 0; cause < TRAINING_CAUSES; ++cause)
        {
            account.time[cause] += block.time[cause];
        }
        // What its kernels took longer because the card communicated.
        PartOf(account.time, block.GetMainCause()) += end - begin - block.GetDuration();
        PartOf(account.communication, TrainingCause::TENSOR) += block.communication;
        account.exposed[{GroupKind::TENSOR, NONE}] +=
            block.time[static_cast<std::size_t>(TrainingCause::TENSOR)];
        now = end;
    }
    AccountPause(account, requirements, last, now, account.end);
    return account;
}

void
TimeAccount::AccountPause(CardAccount& account,
                          const Requirements& requirements,
                          const std::vector<uint32_t>& waiting,
                          Tick lo,
                          Tick hi) const
{
    const std::vector<uint32_t>* candidates = &waiting;
    while (hi > lo)
    {
        uint32_t latest = NONE;
        Tick end = lo;
        for (const uint32_t candidate : *candidates)
        {
            const Tick ended = m_replayer.GetOperationSpan(candidate).second;
            if (ended > end)
            {
                end = ended;
                latest = candidate;
            }
        }
        if (latest == NONE || end < hi)
        {
            // Nothing of its own held the card up.
            PartOf(account.time, TrainingCause::BUBBLE) += hi - (latest == NONE ? lo : end);
        }
        if (latest == NONE)
        {
            return;
        }
        const auto [begin, beginner] = AccountOperation(account, latest, lo, std::min(hi, end));
        hi = std::max(lo, begin);
        const auto next = requirements.find(beginner);
        static const std::vector<uint32_t> none;
        candidates = next == requirements.end() ? &none : &next->second;
    }
}

std::pair<Tick, uint32_t>
TimeAccount::AccountOperation(CardAccount& account, uint32_t id, Tick lo, Tick hi) const
{
    const Operation& operation = m_graph.GetOperations()[id];
    const Tick begin = m_replayer.GetOperationSpan(id).first;
    if (IsEnd(id))
    {
        const IterationCollective& collective = m_iteration.GetCollectives()[operation.collective];
        const uint32_t launch = collective.firstBegin + (id - collective.firstEnd);
        const auto [asked, launched] = m_replayer.GetOperationSpan(launch);
        const Tick all = GetAllLaunched(collective);
        const TrainingCause cause = GetGroupCause(collective.group);
        AddPart(PartOf(account.time, TrainingCause::HOST), asked, launched, lo, hi);
        AddPart(PartOf(account.time,
                       collective.isOfInput ? TrainingCause::INPUT : TrainingCause::STRAGGLER),
                launched,
                all,
                lo,
                hi);
        account.exposed[{collective.group, NONE}] +=
            AddPart(PartOf(account.time, cause), std::max(all, launched), NEVER, lo, hi);
        return {asked, launch};
    }
    if (operation.type == OperationType::RECEIVE && m_iteration.IsStore(operation.peer))
    {
        const Tick sent = m_replayer.GetOperationSpan(m_graph.GetMatch(id)).first;
        AddPart(PartOf(account.time, TrainingCause::INPUT), begin, NEVER, lo, hi);
        AddPart(account.exposed[{GroupKind::TENSOR, operation.peer}],
                std::max(begin, sent),
                NEVER,
                lo,
                hi);
        return {begin, id};
    }
    if (operation.type == OperationType::RECEIVE || operation.type == OperationType::SEND)
    {
        const Tick sent =
            operation.type == OperationType::SEND
                ? begin
                : std::max(begin, m_replayer.GetOperationSpan(m_graph.GetMatch(id)).first);
        AddPart(PartOf(account.time, TrainingCause::BUBBLE), begin, sent, lo, hi);
        account.exposed[{GroupKind::TENSOR, operation.peer}] +=
            AddPart(PartOf(account.time, TrainingCause::PIPELINE), sent, NEVER, lo, hi);
        return {begin, id};
    }
    AddPart(PartOf(account.time, TrainingCause::HOST), begin, NEVER, lo, hi); // before a collective
    return {begin, id};
}

} // namespace mtlink
} // namespace ns3
