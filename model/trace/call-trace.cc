/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/call-trace.h"

#include "trace/stand-in.h"
#include "trace/trace-input.h"
#include "workload/collective/collective-kind.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <tuple>

namespace ns3
{
namespace mtlink
{

namespace
{

using Team = std::vector<uint32_t>; //!< Ranks

/** @return the place of a rank in a group; its size: it is not in. */
std::size_t
FindPlace(const Team& members, uint32_t rank)
{
    return static_cast<std::size_t>(std::find(members.begin(), members.end(), rank) -
                                    members.begin());
}

/** @return ranks 0 to n - 1. */
Team
ListRanks(uint32_t n)
{
    Team all(n);
    std::iota(all.begin(), all.end(), 0);
    return all;
}

Where
PlaceOf(const CallTrace& trace, uint32_t rank, const RecordedCall& call)
{
    return {trace.ranks[rank].file, call.line, call.column};
}

/** Gives ranks without a record that of another. */
class MissingRanks
{
  public:
    explicit MissingRanks(CallTrace& trace)
        : m_trace(trace),
          m_all(static_cast<uint32_t>(trace.ranks.size()))
    {
        for (uint32_t rank = 0; rank < m_all; ++rank)
        {
            if (!trace.ranks[rank].file.empty())
            {
                m_present.push_back(rank);
            }
        }
    }

    void Run()
    {
        if (m_present.empty() || m_present.size() == m_all)
        {
            return;
        }
        for (uint32_t rank = 0; rank < m_all; ++rank)
        {
            if (m_trace.ranks[rank].file.empty())
            {
                const uint32_t model = ChooseModel(rank);
                CallRank copy = m_trace.ranks[model];
                for (RecordedCall& call : copy.calls)
                {
                    Fit(call, model, rank);
                }
                m_copies.emplace_back(rank, std::move(copy));
            }
        }
        for (auto& [rank, copy] : m_copies)
        {
            m_trace.ranks[rank] = std::move(copy);
        }
        m_trace.notes["ranks have no record: they do what another does in its groups"] +=
            m_copies.size();
    }

  private:
    /** @return who has a record, and shares the smallest group with a rank. */
    uint32_t ChooseModel(uint32_t rank) const
    {
        const Team* best = nullptr;
        for (const CallGroup& group : m_trace.groups)
        {
            const bool isOf = FindPlace(group.members, rank) < group.members.size() &&
                              std::any_of(group.members.begin(),
                                          group.members.end(),
                                          [this](uint32_t member) { return IsPresent(member); });
            best = isOf && (!best || group.members.size() < best->size()) ? &group.members : best;
        }
        const Team& from = best ? *best : m_present;
        return *std::find_if(from.begin(), from.end(), [this](uint32_t member) {
            return IsPresent(member);
        });
    }

    bool IsPresent(uint32_t rank) const
    {
        return std::binary_search(m_present.begin(), m_present.end(), rank);
    }

    /** Make a call of one rank another's. */
    void Fit(RecordedCall& call, uint32_t model, uint32_t rank)
    {
        if (call.type == RecordedCall::COMPUTE)
        {
            return;
        }
        const Team members = m_trace.groups[call.group].members;
        const auto from = static_cast<uint32_t>(FindPlace(members, model));
        auto to = static_cast<uint32_t>(FindPlace(members, rank));
        const auto size = static_cast<uint32_t>(members.size());
        if (to == size)
        {
            const auto own = FindLikeGroup(members, rank, m_all);
            if (!own)
            {
                throw InputError(PlaceOf(m_trace, model, call),
                                 "rank " + std::to_string(rank) +
                                     " has no record, and which group "
                                     "it has in place of " +
                                     Quote(m_trace.groups[call.group].name) +
                                     " can't be told: give its record, too");
            }
            to = static_cast<uint32_t>(FindPlace(*own, rank));
            call.group = FindGroup(*own, m_trace.groups[call.group].name);
        }
        if (call.type != RecordedCall::COLLECTIVE)
        {
            call.peer = (call.peer + size + to - from) % size;
        }
        call.counts = TurnCounts(call.counts, from, to);
    }

    /** @return a group of some members. */
    uint32_t FindGroup(const Team& members, const std::string& like)
    {
        const std::string name = like + "@" + std::to_string(members.front());
        for (uint32_t i = 0; i < m_trace.groups.size(); ++i)
        {
            if (m_trace.groups[i].members == members && m_trace.groups[i].name == name)
            {
                return i;
            }
        }
        m_trace.groups.push_back({name, members, static_cast<uint32_t>(members.size())});
        return static_cast<uint32_t>(m_trace.groups.size() - 1);
    }

    CallTrace& m_trace;
    uint32_t m_all;
    Team m_present;
    std::vector<std::pair<uint32_t, CallRank>> m_copies;
};

/** A call of a rank. */
struct CallRef
{
    uint32_t rank{0};
    uint32_t index{0};
};

/** A collective in all its members. */
struct Gathering
{
    uint32_t group;
    std::vector<CallRef> calls; // by member
};

/** @return whether each member sends to each. */
bool
IsExchange(const RecordedCall& call)
{
    return std::string_view(call.collective).starts_with("all_to_all");
}

/** Finds which calls of different ranks are one collective. */
class CallMatcher
{
  public:
    explicit CallMatcher(const CallTrace& trace)
        : m_trace(trace)
    {
        std::vector<std::vector<std::vector<CallRef>>> issued(trace.groups.size());
        for (std::size_t group = 0; group < issued.size(); ++group)
        {
            issued[group].resize(trace.groups[group].members.size());
        }
        for (uint32_t rank = 0; rank < trace.ranks.size(); ++rank)
        {
            for (uint32_t index = 0; index < trace.ranks[rank].calls.size(); ++index)
            {
                const RecordedCall& call = trace.ranks[rank].calls[index];
                if (call.type == RecordedCall::COMPUTE)
                {
                    continue;
                }
                const CallGroup& group = trace.groups[call.group];
                const std::size_t place = FindPlace(group.members, rank);
                if (place == group.members.size())
                {
                    Refuse({rank, index},
                           "rank " + std::to_string(rank) + " is not in group " +
                               Quote(group.name) + ", whose call this is");
                }
                const bool hasPeer = call.type != RecordedCall::COLLECTIVE ||
                                     GetCollectiveKind(call.collective).HasRoot();
                if (hasPeer && call.peer >= group.members.size())
                {
                    Refuse({rank, index},
                           "it names rank " + std::to_string(call.peer) + " of group " +
                               Quote(group.name) + ", which has " +
                               std::to_string(group.members.size()));
                }
                if (call.type == RecordedCall::COLLECTIVE)
                {
                    issued[call.group][place].push_back({rank, index});
                }
            }
        }
        for (uint32_t group = 0; group < issued.size(); ++group)
        {
            Gather(group, issued[group]);
        }
        std::stable_sort(m_gatherings.begin(),
                         m_gatherings.end(),
                         [](const Gathering& a, const Gathering& b) {
                             return a.calls.front().index < b.calls.front().index;
                         });
    }

    std::vector<Gathering> TakeGatherings()
    {
        return std::move(m_gatherings);
    }

  private:
    const RecordedCall& CallAt(const CallRef& ref) const
    {
        return m_trace.ranks[ref.rank].calls[ref.index];
    }

    [[noreturn]] void Refuse(const CallRef& ref, const std::string& message) const
    {
        throw InputError(PlaceOf(m_trace, ref.rank, CallAt(ref)), message);
    }

    static std::string TextOf(const RecordedCall& call)
    {
        return std::string(call.collective) + " of " + std::to_string(call.bytes) + " bytes" +
               (GetCollectiveKind(call.collective).HasRoot()
                    ? " with root " + std::to_string(call.peer)
                    : "");
    }

    void Gather(uint32_t group, const std::vector<std::vector<CallRef>>& issued)
    {
        std::size_t most = 0;
        for (const auto& own : issued)
        {
            most = std::max(most, own.size());
        }
        const std::string& name = m_trace.groups[group].name;
        for (std::size_t k = 0; k < most; ++k)
        {
            Gathering gathering{group, {}};
            const CallRef* first = nullptr;
            for (const auto& own : issued)
            {
                first = !first && k < own.size() ? &own[k] : first;
            }
            for (std::size_t place = 0; place < issued.size(); ++place)
            {
                const uint32_t rank = m_trace.groups[group].members[place];
                if (k >= issued[place].size())
                {
                    Refuse(*first,
                           "rank " + std::to_string(first->rank) + "'s " + TextOf(CallAt(*first)) +
                               " is collective " + std::to_string(k) + " of group " + Quote(name) +
                               ", but rank " + std::to_string(rank) + " has only " +
                               std::to_string(issued[place].size()) +
                               ": the records do not cover the same calls");
                }
                Compare(*first, issued[place][k], k);
                gathering.calls.push_back(issued[place][k]);
            }
            m_gatherings.push_back(std::move(gathering));
        }
    }

    /** Throw if two calls are not of one collective. */
    void Compare(const CallRef& first, const CallRef& other, std::size_t k) const
    {
        const RecordedCall& model = CallAt(first);
        const RecordedCall& call = CallAt(other);
        // How much of an exchange a member sends is its own.
        const bool isExchange = IsExchange(model) && IsExchange(call);
        const CollectiveKind& kind = GetCollectiveKind(model.collective);
        if ((!isExchange && (std::string_view(model.collective) != call.collective ||
                             model.bytes != call.bytes)) ||
            (kind.HasRoot() && model.peer != call.peer))
        {
            Refuse(other,
                   "ranks are desynchronised: rank " + std::to_string(other.rank) + "'s call " +
                       std::to_string(k) + " of group " + Quote(m_trace.groups[call.group].name) +
                       " is " + TextOf(call) + ", but rank " + std::to_string(first.rank) +
                       "'s is " + TextOf(model));
        }
    }

    const CallTrace& m_trace;
    std::vector<Gathering> m_gatherings;
};

/** Where a call begins and ends in the graph. */
struct CallEnds
{
    uint32_t begin{NONE};
    uint32_t end{NONE};
};

/** Makes the graph. */
class CallBuilder
{
  public:
    CallBuilder(const CallTrace& trace, const TraceOptions& options)
        : m_trace(trace),
          m_options(options),
          m_graph(static_cast<uint32_t>(trace.ranks.size())),
          m_endpoints(options.endpoints.empty()
                          ? ListRanks(static_cast<uint32_t>(trace.ranks.size()))
                          : options.endpoints),
          m_gatherings(CallMatcher(trace).TakeGatherings())
    {
        m_ends.resize(trace.ranks.size());
        for (uint32_t rank = 0; rank < trace.ranks.size(); ++rank)
        {
            m_ends[rank].resize(trace.ranks[rank].calls.size());
        }
        for (const Gathering& gathering : m_gatherings)
        {
            AddCollective(gathering);
        }
        for (uint32_t rank = 0; rank < trace.ranks.size(); ++rank)
        {
            AddRest(rank);
            AddOrder(rank);
        }
        FinishGraph(m_graph, [this](uint32_t id) {
            const CallRef& ref = m_callOf[id];
            return PlaceOf(m_trace, ref.rank, m_trace.ranks[ref.rank].calls[ref.index]);
        });
    }

    OperationGraph TakeGraph()
    {
        return std::move(m_graph);
    }

  private:
    /** Name, bytes, group, root and counts of a collective. */
    using PlanKey = std::tuple<std::string, uint64_t, uint32_t, uint32_t, std::vector<uint64_t>>;

    const RecordedCall& CallAt(const CallRef& ref) const
    {
        return m_trace.ranks[ref.rank].calls[ref.index];
    }

    CollectiveSpec MakeSpec(const Gathering& gathering) const
    {
        const RecordedCall& call = CallAt(gathering.calls.front());
        CollectiveSpec spec;
        spec.name = call.collective;
        spec.bytes = call.bytes;
        spec.ranks = m_trace.groups[gathering.group].members;
        spec.endpoints = m_endpoints;
        spec.root = GetCollectiveKind(call.collective).HasRoot() ? call.peer : 0;
        const bool isUneven =
            std::any_of(gathering.calls.begin(), gathering.calls.end(), [&](const CallRef& ref) {
                const RecordedCall& own = CallAt(ref);
                return !own.counts.empty() || own.bytes != call.bytes;
            });
        if (IsExchange(call))
        {
            spec.name = isUneven ? "all_to_allv" : "all_to_all";
        }
        for (std::size_t i = 0; isUneven && i < gathering.calls.size(); ++i)
        {
            AppendCounts(spec.counts, gathering.calls[i], spec.ranks.size());
        }
        const auto named = m_options.algorithms.find(spec.name);
        spec.algorithm = named == m_options.algorithms.end() ? m_options.algorithm : named->second;
        return spec;
    }

    /** Append what a member of an all_to_allv sends to each. */
    void AppendCounts(std::vector<uint64_t>& counts, const CallRef& ref, std::size_t members) const
    {
        const RecordedCall& call = CallAt(ref);
        if (!call.counts.empty() && call.counts.size() != members)
        {
            throw InputError(PlaceOf(m_trace, ref.rank, call),
                             "this all_to_allv has " + std::to_string(call.counts.size()) +
                                 " counts, but its group " + std::to_string(members) + " members");
        }
        for (std::size_t i = 0; i < members; ++i)
        {
            counts.push_back(call.counts.empty() ? call.bytes / members : call.counts[i]);
        }
    }

    void AddCollective(const Gathering& gathering)
    {
        const CollectiveSpec spec = MakeSpec(gathering);
        const PlanKey key{spec.name, spec.bytes, gathering.group, spec.root, spec.counts};
        auto planned = m_plans.find(key);
        if (planned == m_plans.end())
        {
            planned =
                m_plans.emplace(key, PlanCollective(m_graph.GetRanks(), spec, m_options.hints))
                    .first;
        }
        const CollectiveEnds ends = mtlink::AddCollective(m_graph, planned->second);
        m_callOf.resize(m_graph.GetOperations().size(), gathering.calls.front());
        for (std::size_t place = 0; place < gathering.calls.size(); ++place)
        {
            const CallRef& ref = gathering.calls[place];
            m_ends[ref.rank][ref.index] = {ends.begin[place], ends.end[place]};
            for (const uint32_t id : {ends.begin[place], ends.end[place]})
            {
                m_callOf[id] = ref;
                m_graph.SetLabel(id, "call " + std::to_string(ref.index) + " (" + spec.name + ")");
            }
        }
    }

    uint32_t Add(const Operation& operation, const CallRef& ref)
    {
        m_callOf.push_back(ref);
        return m_graph.Add(operation);
    }

    /** Add a rank's messages and computations. */
    void AddRest(uint32_t rank)
    {
        const std::vector<RecordedCall>& calls = m_trace.ranks[rank].calls;
        for (uint32_t index = 0; index < calls.size(); ++index)
        {
            const RecordedCall& call = calls[index];
            if (call.type == RecordedCall::COLLECTIVE)
            {
                continue;
            }
            Operation operation;
            operation.rank = rank;
            operation.type = OperationType::COMPUTE;
            operation.duration = call.duration;
            operation.flow = call.stream;
            if (call.type != RecordedCall::COMPUTE)
            {
                const bool isSend = call.type == RecordedCall::SEND;
                operation.type = isSend ? OperationType::SEND : OperationType::RECEIVE;
                operation.peer = m_trace.groups[call.group].members[call.peer];
                operation.bytes = call.bytes;
                operation.tag = call.group;
                operation.duration = 0;
                operation.flow = 0;
            }
            const uint32_t id = Add(operation, {rank, index});
            m_ends[rank][index] = {id, id};
            if (call.type != RecordedCall::COMPUTE)
            {
                m_graph.SetLabel(id, "call " + std::to_string(index));
            }
        }
    }

    /** What of a stream the next call waits for. */
    struct Front
    {
        std::vector<uint32_t> before; //!< Ends that the batch waits for
        std::vector<uint32_t> own;    //!< Ends of the batch
        uint32_t batch{NONE};         //!< Its number
    };

    /** Add what a rank's calls wait for. */
    void AddOrder(uint32_t rank)
    {
        const std::vector<RecordedCall>& calls = m_trace.ranks[rank].calls;
        std::map<uint32_t, Front> fronts;
        for (uint32_t index = 0; index < calls.size(); ++index)
        {
            const RecordedCall& call = calls[index];
            const CallEnds ends = m_ends[rank][index];
            Front& front = fronts[call.stream];
            if (call.batch == NONE || call.batch != front.batch)
            {
                front.before = std::move(front.own);
                front.own.clear();
                front.batch = call.batch;
            }
            for (const uint32_t earlier : front.before)
            {
                m_graph.Require(ends.begin, earlier);
            }
            for (const uint32_t earlier : call.after)
            {
                m_graph.Require(ends.begin, m_ends[rank][earlier].end);
            }
            front.own.push_back(ends.end);
        }
    }

    const CallTrace& m_trace;
    const TraceOptions& m_options;
    OperationGraph m_graph;
    std::vector<uint32_t> m_endpoints;
    std::vector<Gathering> m_gatherings;
    std::map<PlanKey, PlannedCollective> m_plans;
    std::vector<std::vector<CallEnds>> m_ends; // by rank and call
    std::vector<CallRef> m_callOf;             // by operation
};

} // namespace

uint32_t
CallTrace::GetGroup(const std::string& name)
{
    for (uint32_t i = 0; i < groups.size(); ++i)
    {
        if (groups[i].name == name)
        {
            return i;
        }
    }
    groups.push_back({name, {}, 0});
    return static_cast<uint32_t>(groups.size() - 1);
}

CallRank&
CallTrace::GetRank(uint32_t rank)
{
    if (rank >= ranks.size())
    {
        ranks.resize(rank + 1);
    }
    return ranks[rank];
}

void
CompleteCalls(CallTrace& trace, uint32_t standFor)
{
    std::size_t all = std::max(trace.ranks.size(), std::size_t{standFor});
    for (const CallGroup& group : trace.groups)
    {
        all = std::max(all, std::size_t{group.size});
        for (const uint32_t member : group.members)
        {
            all = std::max(all, std::size_t{member} + 1);
        }
    }
    trace.ranks.resize(all);
    const auto present = std::count_if(trace.ranks.begin(), trace.ranks.end(), [](const auto& one) {
        return !one.file.empty();
    });
    for (std::size_t i = 0; i < trace.groups.size(); ++i)
    {
        CallGroup& group = trace.groups[i];
        if (!group.members.empty())
        {
            continue;
        }
        if (group.size == all || (present == 1 && standFor > 0 && group.size == 0))
        {
            group.members = ListRanks(static_cast<uint32_t>(all));
            continue;
        }
        for (uint32_t rank = 0; rank < all; ++rank)
        {
            const auto& calls = trace.ranks[rank].calls;
            const bool isUser = std::any_of(calls.begin(), calls.end(), [i](const auto& call) {
                return call.type != RecordedCall::COMPUTE && call.group == i;
            });
            if (isUser)
            {
                group.members.push_back(rank);
            }
        }
        const bool isAlone = present == 1 && group.size == 0 && !group.members.empty();
        if (isAlone ||
            (group.size > 0 && group.members.size() != group.size && !group.members.empty()))
        {
            const CallRank& rank = trace.ranks[group.members.front()];
            const auto call =
                std::find_if(rank.calls.begin(), rank.calls.end(), [i](const auto& c) {
                    return c.type != RecordedCall::COMPUTE && c.group == i;
                });
            throw InputError({rank.file, call->line, call->column},
                             isAlone ? "this is one rank's record, and how many ranks group " +
                                           Quote(group.name) +
                                           " has does not stand in it: 'ranks: N' lets it stand "
                                           "for N"
                                     : "group " + Quote(group.name) + " has " +
                                           std::to_string(group.size) + " members, but " +
                                           std::to_string(group.members.size()) +
                                           " ranks have calls of it: give the other ranks' "
                                           "records, too");
        }
    }
    MissingRanks(trace).Run();
}

namespace
{

/** Count collectives: of those of one group, those of the member that has most. */
void
CountCollectives(const CallTrace& trace, TraceSummary& summary)
{
    for (uint32_t group = 0; group < trace.groups.size(); ++group)
    {
        const CallRank* most = nullptr;
        std::size_t count = 0;
        uint32_t users = 0; // ranks that have some
        for (const CallRank& rank : trace.ranks)
        {
            const auto own = static_cast<std::size_t>(
                std::count_if(rank.calls.begin(), rank.calls.end(), [group](const auto& call) {
                    return call.type == RecordedCall::COLLECTIVE && call.group == group;
                }));
            most = own > count ? &rank : most;
            count = std::max(count, own);
            users += own > 0;
        }
        const CallGroup& known = trace.groups[group];
        const uint32_t told = static_cast<uint32_t>(known.members.size());
        const uint32_t members = known.size > 0 ? known.size : told > 0 ? told : users;
        for (std::size_t i = 0; most && i < most->calls.size(); ++i)
        {
            const RecordedCall& call = most->calls[i];
            if (call.type == RecordedCall::COLLECTIVE && call.group == group)
            {
                summary.AddCollective(call.collective, members, call.given);
            }
        }
    }
}

} // namespace

TraceSummary
SummariseCalls(const CallTrace& trace)
{
    TraceSummary summary;
    summary.format = trace.format;
    summary.version = trace.version;
    summary.ranks = static_cast<uint32_t>(trace.ranks.size());
    for (const CallGroup& group : trace.groups)
    {
        summary.ranks = std::max(summary.ranks, group.size);
        for (const uint32_t member : group.members)
        {
            summary.ranks = std::max(summary.ranks, member + 1);
        }
    }
    for (const CallRank& rank : trace.ranks)
    {
        Tick time = 0;
        for (const RecordedCall& call : rank.calls)
        {
            const char* type = call.type == RecordedCall::COMPUTE   ? "compute"
                               : call.type == RecordedCall::SEND    ? "send"
                               : call.type == RecordedCall::RECEIVE ? "receive"
                                                                    : call.collective;
            ++summary.operations;
            ++summary.operationsByType[type];
            time += call.type == RecordedCall::COMPUTE ? call.duration : 0;
            if (call.type == RecordedCall::SEND || call.type == RecordedCall::COLLECTIVE)
            {
                summary.bytesByCollective[type] += call.given;
            }
            summary.messages += call.type == RecordedCall::SEND;
            summary.messageBytes += call.type == RecordedCall::SEND ? call.given : 0;
        }
        summary.computeTime += rank.computeTime > 0 ? rank.computeTime : time;
    }
    CountCollectives(trace, summary);
    for (const auto& [text, count] : trace.notes)
    {
        if (count > 0)
        {
            summary.notes.push_back(std::to_string(count) + " " + text);
        }
    }
    return summary;
}

OperationGraph
BuildCalls(const CallTrace& trace, const TraceOptions& options)
{
    if (options.maxRanks > 0 && trace.ranks.size() > options.maxRanks)
    {
        throw InputError({trace.ranks[options.maxRanks].file},
                         "the trace has ranks 0 to " + std::to_string(trace.ranks.size() - 1) +
                             ", the fabric has room for " + std::to_string(options.maxRanks));
    }
    return CallBuilder(trace, options).TakeGraph();
}

std::vector<Tick>
ListMeasured(const CallTrace& trace)
{
    std::vector<Tick> measured;
    for (const Gathering& gathering : CallMatcher(trace).TakeGatherings())
    {
        Tick least = 0;
        for (const CallRef& ref : gathering.calls)
        {
            const Tick own = trace.ranks[ref.rank].calls[ref.index].duration;
            least = own > 0 && (least == 0 || own < least) ? own : least;
        }
        measured.push_back(least);
    }
    return measured;
}

} // namespace mtlink
} // namespace ns3
