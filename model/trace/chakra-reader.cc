/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/chakra-reader.h"

#include "trace/chakra-file.h"
#include "trace/stand-in.h"
#include "trace/trace-input.h"
#include "workload/collective/collective-kind.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <queue>
#include <tuple>

namespace ns3
{
namespace mtlink
{

namespace
{

/** A node of a rank. */
struct NodeRef
{
    uint32_t rank{0};  //!< Rank
    uint32_t index{0}; //!< Into ChakraRank::nodes
};

/** Where a node begins and ends in the graph. */
struct NodeEnds
{
    uint32_t begin{NONE}; //!< What waits for its dependencies
    uint32_t end{NONE};   //!< What its dependents wait for
};

/**
 * Put the members of process groups in that a file has: the one given, or one found.
 * @param [in,out] trace Gets them.
 * @param [in] given The file; empty: looked for beside the trace.
 */
void
MergeGroupFile(ChakraTrace& trace, const std::string& given)
{
    std::string file = given;
    const std::filesystem::path stem(trace.stem);
    for (const auto& candidate :
         {stem.string() + ".groups.json", (stem.parent_path() / "comm_groups.json").string()})
    {
        if (file.empty() && std::filesystem::exists(candidate))
        {
            file = candidate;
        }
    }
    if (file.empty())
    {
        return;
    }
    trace.groupFile = file;
    try
    {
        const auto object = nlohmann::json::parse(ReadText(file));
        for (const auto& [name, members] : object.items())
        {
            trace.groups[name] = members.get<std::vector<uint32_t>>();
        }
    }
    catch (const nlohmann::json::exception&)
    {
        throw InputError({file},
                         "process groups stand in an object of lists of ranks by name, as "
                         "{\"0\": [0, 1]}");
    }
}

/** @return whether only one rank has a file, but it communicates. */
bool
IsOneOfMany(const ChakraTrace& trace)
{
    const auto isThere = [](const ChakraRank& rank) { return !rank.file.empty(); };
    if (std::count_if(trace.ranks.begin(), trace.ranks.end(), isThere) != 1)
    {
        return false;
    }
    const auto only = std::find_if(trace.ranks.begin(), trace.ranks.end(), isThere);
    return std::any_of(only->nodes.begin(), only->nodes.end(), [](const ChakraNode& node) {
        return node.collective || node.type == ChakraType::SEND || node.type == ChakraType::RECEIVE;
    });
}

/** Makes the graph. */
class Builder
{
  public:
    /**
     * @param [in] trace All ranks' files.
     * @param [in] options How.
     */
    Builder(const ChakraTrace& trace, const TraceOptions& options)
        : m_trace(trace),
          m_options(options),
          m_graph(static_cast<uint32_t>(trace.ranks.size())),
          m_endpoints(options.endpoints),
          m_ends(trace.ranks.size())
    {
        CheckRanks();
        if (m_endpoints.empty())
        {
            m_endpoints.resize(trace.ranks.size());
            std::iota(m_endpoints.begin(), m_endpoints.end(), 0);
        }
        FindGroups();
        MatchCollectives();
        for (uint32_t rank = 0; rank < trace.ranks.size(); ++rank)
        {
            m_ends[rank].resize(trace.ranks[rank].nodes.size());
        }
        AddOperations();
        for (uint32_t rank = 0; rank < trace.ranks.size(); ++rank)
        {
            AddDependencies(rank);
        }
        CheckDevice();
        FinishGraph(m_graph, [this](uint32_t id) { return PlaceOf(m_nodeOf[id]); });
    }

    /** @return the finished graph. */
    OperationGraph TakeGraph()
    {
        return std::move(m_graph);
    }

  private:
    /** A collective in all its ranks: members by place in the group. */
    using Gathering = std::vector<NodeRef>;

    using Team = std::vector<uint32_t>; //!< Ranks

    /** Name, bytes, group, root, algorithm and counts of a collective. */
    using PlanKey = std::
        tuple<std::string, uint64_t, std::size_t, uint32_t, std::string, std::vector<uint64_t>>;

    /**
     * @param [in] ref A node.
     * @return it.
     */
    const ChakraNode& NodeAt(const NodeRef& ref) const
    {
        return m_trace.ranks[ref.rank].nodes[ref.index];
    }

    /**
     * @param [in] ref A node.
     * @return its place.
     */
    Where PlaceOf(const NodeRef& ref) const
    {
        const ChakraNode& node = NodeAt(ref);
        return {m_trace.ranks[ref.rank].file, node.record, node.byte};
    }

    /**
     * @param [in] ref A node.
     * @return its name for messages.
     */
    std::string NameOf(const NodeRef& ref) const
    {
        return "rank " + std::to_string(ref.rank) + " node " + std::to_string(NodeAt(ref).id);
    }

    /**
     * @param [in] ref A node.
     * @param [in] message What is wrong with it.
     */
    [[noreturn]] void Refuse(const NodeRef& ref, const std::string& message) const
    {
        const std::string& name = NodeAt(ref).name;
        throw InputError(PlaceOf(ref),
                         NameOf(ref) + (name.empty() ? "" : " " + Quote(name)) + ": " + message);
    }

    /** Throw if files or nodes are missing, or the fabric has not enough room. */
    void CheckRanks() const
    {
        const auto ranks = static_cast<uint32_t>(m_trace.ranks.size());
        uint32_t present = 0;
        while (m_trace.ranks[present].file.empty())
        {
            ++present;
        }
        for (uint32_t rank = 0; rank < ranks; ++rank)
        {
            if (m_trace.ranks[rank].file.empty())
            {
                throw InputError({m_trace.ranks[present].file},
                                 "the file of rank " + std::to_string(rank) + ", '" +
                                     m_trace.NameOf(rank) + "', is missing beside it; there are " +
                                     "files of ranks up to " + std::to_string(ranks - 1));
            }
        }
        if (m_options.maxRanks > 0 && ranks > m_options.maxRanks)
        {
            throw InputError({m_trace.ranks[m_options.maxRanks].file},
                             "the trace has ranks 0 to " + std::to_string(ranks - 1) +
                                 ", the fabric has room for " + std::to_string(m_options.maxRanks) +
                                 ": rank " + std::to_string(m_options.maxRanks) + " is beyond it");
        }
        for (uint32_t index = 0; ranks == 1 && index < m_trace.ranks[0].nodes.size(); ++index)
        {
            if (m_trace.ranks[0].nodes[index].collective)
            {
                Refuse({0, index},
                       std::string("it is ") + m_trace.ranks[0].nodes[index].collective +
                           ", so there are other ranks, but their files, '" + m_trace.NameOf(1) +
                           "' and so on, are missing beside it; or 'ranks: N' lets this one stand "
                           "for N");
            }
        }
    }

    /** Find the members of all groups that nodes name. */
    void FindGroups()
    {
        const auto& known = m_trace.groups;
        for (const auto& [name, members] : known)
        {
            CheckMembers(name, members);
        }
        m_members.resize(m_trace.groupNames.size());
        for (std::size_t group = 0; group < m_members.size(); ++group)
        {
            const auto found = known.find(m_trace.groupNames[group]);
            if (found != known.end())
            {
                m_members[group] = found->second;
            }
        }
        for (uint32_t rank = 0; rank < m_trace.ranks.size(); ++rank)
        {
            for (const ChakraNode& node : m_trace.ranks[rank].nodes)
            {
                if (node.group == NONE || !node.collective ||
                    known.count(m_trace.groupNames[node.group]) > 0)
                {
                    continue;
                }
                auto& members = m_members[node.group];
                if (members.empty() || members.back() != rank)
                {
                    members.push_back(rank);
                }
            }
        }
        Team all(m_trace.ranks.size());
        std::iota(all.begin(), all.end(), 0);
        m_members.push_back(std::move(all)); // of no name
    }

    /**
     * Throw if a group can't be.
     * @param [in] name Its name.
     * @param [in] members Its members.
     */
    void CheckMembers(const std::string& name, const Team& members) const
    {
        const std::string& file =
            m_trace.groupFile.empty() ? m_trace.ranks[0].file : m_trace.groupFile;
        Team sorted = members;
        std::sort(sorted.begin(), sorted.end());
        if (sorted.empty() || std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
        {
            throw InputError({file},
                             "process group " + Quote(name) + " is empty or has a rank twice");
        }
        if (sorted.back() >= m_trace.ranks.size())
        {
            throw InputError({file},
                             "process group " + Quote(name) + " has rank " +
                                 std::to_string(sorted.back()) + ", but the trace has ranks 0 to " +
                                 std::to_string(m_trace.ranks.size() - 1));
        }
    }

    /**
     * @param [in] rank A rank.
     * @return its nodes in the order of issue: the file's, but after their dependencies.
     */
    std::vector<uint32_t> OrderOfIssue(uint32_t rank) const
    {
        const ChakraRank& file = m_trace.ranks[rank];
        const auto count = static_cast<uint32_t>(file.nodes.size());
        std::vector<std::vector<uint32_t>> dependents(count);
        std::vector<uint32_t> waits(count);
        for (uint32_t index = 0; index < count; ++index)
        {
            const ChakraNode& node = file.nodes[index];
            waits[index] = node.dependencies;
            for (uint32_t i = 0; i < node.dependencies; ++i)
            {
                dependents[file.dependencies[node.firstDependency + i]].push_back(index);
            }
        }
        std::priority_queue<uint32_t, std::vector<uint32_t>, std::greater<>> ready;
        for (uint32_t index = 0; index < count; ++index)
        {
            if (waits[index] == 0)
            {
                ready.push(index);
            }
        }
        std::vector<uint32_t> order;
        while (!ready.empty())
        {
            order.push_back(ready.top());
            ready.pop();
            for (const uint32_t later : dependents[order.back()])
            {
                if (--waits[later] == 0)
                {
                    ready.push(later);
                }
            }
        }
        if (order.size() < count)
        {
            RefuseCycle(rank, waits);
        }
        return order;
    }

    /**
     * @param [in] rank A rank whose nodes wait for one another.
     * @param [in] waits Dependencies left, by node.
     */
    [[noreturn]] void RefuseCycle(uint32_t rank, const std::vector<uint32_t>& waits) const
    {
        const ChakraRank& file = m_trace.ranks[rank];
        const auto blocker = [&](uint32_t index) {
            const ChakraNode& node = file.nodes[index];
            uint32_t i = node.firstDependency;
            while (waits[file.dependencies[i]] == 0)
            {
                ++i;
            }
            return file.dependencies[i];
        };
        uint32_t at = static_cast<uint32_t>(
            std::find_if(waits.begin(), waits.end(), [](uint32_t left) { return left > 0; }) -
            waits.begin());
        std::vector<bool> seen(waits.size(), false);
        while (!seen[at])
        {
            seen[at] = true;
            at = blocker(at);
        }
        constexpr int SHOWN = 8;
        std::string text = "it depends on itself: node " + std::to_string(file.nodes[at].id);
        uint32_t next = blocker(at);
        for (int i = 1; next != at && i < SHOWN; ++i, next = blocker(next))
        {
            text += " waits for " + std::to_string(file.nodes[next].id) + ", which";
        }
        Refuse({rank, at},
               text + (next == at ? " waits for " : " waits, by way of others, for ") +
                   std::to_string(file.nodes[at].id));
    }

    /** Find which nodes of different ranks are one collective. */
    void MatchCollectives()
    {
        // By group, then by place in it: the member's collectives in order of issue.
        std::vector<std::vector<std::vector<NodeRef>>> issued(m_members.size());
        for (std::size_t group = 0; group < issued.size(); ++group)
        {
            issued[group].resize(m_members[group].size());
        }
        for (uint32_t rank = 0; rank < m_trace.ranks.size(); ++rank)
        {
            for (const uint32_t index : OrderOfIssue(rank))
            {
                const NodeRef ref{rank, index};
                const ChakraNode& node = NodeAt(ref);
                if (!node.collective)
                {
                    continue;
                }
                const std::size_t group =
                    node.group == NONE ? m_members.size() - 1 : std::size_t{node.group};
                const Team& members = m_members[group];
                const auto place = std::find(members.begin(), members.end(), rank);
                if (place == members.end())
                {
                    Refuse(ref,
                           "it is of process group " + Quote(m_trace.groupNames[group]) +
                               ", which rank " + std::to_string(rank) + " is not in");
                }
                issued[group][static_cast<std::size_t>(place - members.begin())].push_back(ref);
            }
        }
        m_gatheringOf.resize(m_trace.ranks.size());
        for (std::size_t group = 0; group < issued.size(); ++group)
        {
            for (std::size_t k = 0; k < issued[group].front().size(); ++k)
            {
                Gather(group, k, issued[group]);
            }
            for (const auto& member : issued[group])
            {
                if (member.size() > issued[group].front().size())
                {
                    Refuse(member[issued[group].front().size()],
                           "it is collective " + std::to_string(issued[group].front().size()) +
                               " of its process group, but rank " +
                               std::to_string(m_members[group].front()) + " has only " +
                               std::to_string(issued[group].front().size()));
                }
            }
        }
    }

    /**
     * Join the k-th collective of a group.
     * @param [in] group The group.
     * @param [in] k Which.
     * @param [in] issued By place in the group, in order of issue.
     */
    void Gather(std::size_t group, std::size_t k, const std::vector<std::vector<NodeRef>>& issued)
    {
        Gathering gathering;
        for (std::size_t place = 0; place < issued.size(); ++place)
        {
            const NodeRef first = issued.front()[k];
            if (issued[place].size() <= k)
            {
                Refuse(first,
                       std::string("it is ") + NodeAt(first).collective + ", collective " +
                           std::to_string(k) + " of its process group, but rank " +
                           std::to_string(m_members[group][place]) + " has only " +
                           std::to_string(issued[place].size()));
            }
            const NodeRef ref = issued[place][k];
            const ChakraNode& node = NodeAt(ref);
            const ChakraNode& model = NodeAt(first);
            if (!node.hasBytes && GetCollectiveKind(node.collective).HasSize())
            {
                Refuse(ref,
                       std::string("it is ") + node.collective +
                           ", but comm_size, of how much, is missing");
            }
            if (std::string_view(node.collective) != model.collective ||
                node.bytes != model.bytes || node.size != model.size ||
                node.algorithm != model.algorithm || RootOf(node) != RootOf(model))
            {
                Refuse(ref,
                       "it is " + TextOf(node) + ", but " + NameOf(first) +
                           ", with which it goes, is " + TextOf(model));
            }
            gathering.push_back(ref);
            m_gatheringOf[ref.rank].emplace(ref.index, m_gatherings.size());
        }
        m_gatherings.push_back({group, std::move(gathering)});
    }

    /**
     * @param [in] node A collective.
     * @return its root, a rank; NONE: not given, or it has none.
     */
    static uint32_t RootOf(const ChakraNode& node)
    {
        const CollectiveKind& kind = GetCollectiveKind(node.collective);
        if (kind.senders == Members::ROOT)
        {
            return node.src;
        }
        return kind.receivers == Members::ROOT ? node.dst : NONE;
    }

    /**
     * @param [in] node A collective.
     * @return it for messages.
     */
    static std::string TextOf(const ChakraNode& node)
    {
        const uint32_t root = RootOf(node);
        return std::string(node.collective) + " of " + std::to_string(node.bytes) + " bytes" +
               (root == NONE ? "" : " with root " + std::to_string(root));
    }

    /** Add all nodes: rank by rank, or in the order of their ids where the trace says so. */
    void AddOperations()
    {
        std::vector<NodeRef> order;
        for (uint32_t rank = 0; rank < m_trace.ranks.size(); ++rank)
        {
            for (uint32_t index = 0; index < m_trace.ranks[rank].nodes.size(); ++index)
            {
                order.push_back({rank, index});
            }
        }
        if (m_trace.isOrdered)
        {
            std::stable_sort(
                order.begin(),
                order.end(),
                [this](const NodeRef& a, const NodeRef& b) { return NodeAt(a).id < NodeAt(b).id; });
        }
        for (const NodeRef& ref : order)
        {
            AddNode(ref);
        }
    }

    /**
     * Add a node's operation, or its collective, if no node before it has.
     * @param [in] ref The node.
     */
    void AddNode(const NodeRef& ref)
    {
        const ChakraNode& node = NodeAt(ref);
        NodeEnds& ends = m_ends[ref.rank][ref.index];
        if (node.collective)
        {
            if (ends.begin == NONE)
            {
                AddCollective(m_gatheringOf[ref.rank].at(ref.index));
            }
            return;
        }
        const uint32_t id = m_graph.Add(OperationFor(ref));
        m_graph.SetLabel(id,
                         "node " + std::to_string(node.id) +
                             (node.name.empty() ? "" : " (" + node.name + ")"));
        m_nodeOf.push_back(ref);
        ends = {id, id};
    }

    /** @return whether a node says what it does, but not how long it takes. */
    static bool LacksTime(const ChakraNode& node)
    {
        return node.duration == 0 && !node.exact && node.hasWork;
    }

    /** A device that would time nothing is refused. */
    void CheckDevice() const
    {
        const auto& ranks = m_trace.ranks;
        const bool isNeeded = std::any_of(ranks.begin(), ranks.end(), [](const auto& rank) {
            return std::any_of(rank.nodes.begin(), rank.nodes.end(), LacksTime);
        });
        if (m_options.operationsPerSecond > 0 && !isNeeded)
        {
            throw ParameterError("roofline",
                                 "no kernel of this trace has work but no time: it would change "
                                 "nothing");
        }
    }

    /**
     * @param [in] node A node.
     * @return how long it takes: as recorded, else as long as the device needs for what it has to
     *         do, the longer of its operations and the bytes that it touches; ps.
     */
    Tick GetDuration(const ChakraNode& node) const
    {
        if (!LacksTime(node) || m_options.operationsPerSecond <= 0)
        {
            return node.duration;
        }
        constexpr double PICOSECONDS = 1e12; // of a second
        const double time = std::max(node.work / m_options.operationsPerSecond,
                                     node.touched / m_options.bytesPerSecond);
        return static_cast<Tick>(
            std::min(std::round(time * PICOSECONDS), static_cast<double>(LONGEST_TIME)));
    }

    /**
     * @param [in] ref A node that is no collective.
     * @return what it does.
     */
    Operation OperationFor(const NodeRef& ref) const
    {
        constexpr uint32_t DEVICE = 0;
        constexpr uint32_t HOST = 1;
        const ChakraNode& node = NodeAt(ref);
        Operation operation;
        operation.rank = ref.rank;
        operation.duration = GetDuration(node);
        switch (node.type)
        {
        case ChakraType::METADATA:
            operation.duration = 0;
            break;
        case ChakraType::MEMORY_LOAD:
        case ChakraType::MEMORY_STORE:
            break;
        case ChakraType::COMPUTE:
        case ChakraType::COLLECTIVE: // the host's side
            operation.type = node.isBeside ? OperationType::DELAY : OperationType::COMPUTE;
            operation.flow = node.onHost && !node.isBeside ? HOST : DEVICE;
            break;
        case ChakraType::SEND:
        case ChakraType::RECEIVE:
            operation.type =
                node.type == ChakraType::SEND ? OperationType::SEND : OperationType::RECEIVE;
            operation.peer = node.type == ChakraType::SEND ? node.dst : node.src;
            operation.bytes = node.bytes;
            operation.tag = node.tag;
            operation.duration = 0;
            if (operation.peer >= m_trace.ranks.size())
            {
                Refuse(ref,
                       "it names rank " + std::to_string(operation.peer) +
                           ", but there are ranks 0 to " +
                           std::to_string(m_trace.ranks.size() - 1) + ": '" +
                           m_trace.NameOf(operation.peer) + "' is not beside it");
            }
            break;
        }
        return operation;
    }

    /**
     * @param [in] gathering An all_to_all with mtlink_counts.
     * @return bytes from each member to each.
     */
    std::vector<uint64_t> JoinCounts(const Gathering& gathering) const
    {
        std::vector<uint64_t> counts;
        for (const NodeRef& ref : gathering)
        {
            const std::vector<uint64_t>& own = NodeAt(ref).counts;
            if (own.size() != gathering.size())
            {
                Refuse(ref,
                       "its mtlink_counts are " + std::to_string(own.size()) +
                           " numbers, but its process group has " +
                           std::to_string(gathering.size()) + " members");
            }
            counts.insert(counts.end(), own.begin(), own.end());
        }
        return counts;
    }

    /**
     * Add a collective.
     * @param [in] which Into m_gatherings.
     */
    void AddCollective(std::size_t which)
    {
        const auto& [group, gathering] = m_gatherings[which];
        const ChakraNode& node = NodeAt(gathering.front());
        CollectiveSpec spec;
        spec.name = node.collective;
        spec.bytes = node.bytes;
        spec.ranks = m_members[group];
        spec.endpoints = m_endpoints;
        if (GetCollectiveKind(spec.name).payload == Payload::SENDERS_SHARE)
        {
            spec.bytes *= spec.ranks.size(); // of input to of output
        }
        spec.bytes = node.size.value_or(spec.bytes);
        if (GetCollectiveKind(spec.name).payload == Payload::COUNTS)
        {
            spec.counts = JoinCounts(gathering);
        }
        const auto named = m_options.algorithms.find(spec.name);
        spec.algorithm = named == m_options.algorithms.end() ? m_options.algorithm : named->second;
        if (spec.algorithm == "auto" && !node.algorithm.empty())
        {
            spec.algorithm = node.algorithm;
            const std::vector<std::string> known = GetAlgorithms(spec.name);
            if (std::find(known.begin(), known.end(), spec.algorithm) == known.end())
            {
                Refuse(gathering.front(),
                       spec.name + " does not run by " + Quote(spec.algorithm) +
                           ", its mtlink_algorithm");
            }
        }
        const uint32_t root = RootOf(node);
        if (root != NONE)
        {
            const auto place = std::find(spec.ranks.begin(), spec.ranks.end(), root);
            if (place == spec.ranks.end())
            {
                Refuse(gathering.front(),
                       "its root, rank " + std::to_string(root) + ", is not in its process group");
            }
            spec.root = static_cast<uint32_t>(place - spec.ranks.begin());
        }
        // Thousands are alike: they share a plan, and its program.
        const PlanKey key{spec.name, spec.bytes, group, root, spec.algorithm, spec.counts};
        auto planned = m_plans.find(key);
        if (planned == m_plans.end())
        {
            planned =
                m_plans.emplace(key, PlanCollective(m_graph.GetRanks(), spec, m_options.hints))
                    .first;
        }
        const CollectiveEnds ends = mtlink::AddCollective(m_graph, planned->second);
        m_nodeOf.resize(m_graph.GetOperations().size(), gathering.front());
        for (std::size_t place = 0; place < gathering.size(); ++place)
        {
            const NodeRef& ref = gathering[place];
            m_ends[ref.rank][ref.index] = {ends.begin[place], ends.end[place]};
            for (const uint32_t id : {ends.begin[place], ends.end[place]})
            {
                m_nodeOf[id] = ref;
                m_graph.SetLabel(id,
                                 "node " + std::to_string(NodeAt(ref).id) + " (" + spec.name + ")");
            }
        }
    }

    /**
     * Add a rank's dependencies.
     * @param [in] rank The rank.
     */
    void AddDependencies(uint32_t rank)
    {
        const ChakraRank& file = m_trace.ranks[rank];
        for (uint32_t index = 0; index < file.nodes.size(); ++index)
        {
            const ChakraNode& node = file.nodes[index];
            for (uint32_t i = 0; i < node.dependencies; ++i)
            {
                const uint32_t earlier = file.dependencies[node.firstDependency + i];
                m_graph.Require(m_ends[rank][index].begin, m_ends[rank][earlier].end);
            }
        }
    }

    const ChakraTrace& m_trace;                                  //!< All files
    const TraceOptions& m_options;                               //!< How
    OperationGraph m_graph;                                      //!< So far
    std::vector<uint32_t> m_endpoints;                           //!< By rank
    std::map<PlanKey, PlannedCollective> m_plans;                //!< Of collectives, so far
    std::vector<Team> m_members;                                 //!< By group; last: all ranks
    std::vector<std::vector<NodeEnds>> m_ends;                   //!< By rank and node
    std::vector<NodeRef> m_nodeOf;                               //!< By operation
    std::vector<std::pair<std::size_t, Gathering>> m_gatherings; //!< (group, nodes)
    std::vector<std::map<uint32_t, std::size_t>> m_gatheringOf;  //!< By rank, then node
};

} // namespace

OperationGraph
ReadChakra(const std::string& file, const TraceOptions& options)
{
    ChakraTrace trace = LoadChakra(file);
    MergeGroupFile(trace, options.groupFile);
    if (options.standFor > 0 && IsOneOfMany(trace))
    {
        StandFor(trace, options.standFor);
    }
    return Builder(trace, options).TakeGraph();
}

namespace
{

/** Count collectives: of those of one group, those of the rank that has most. */
void
CountCollectives(const ChakraTrace& trace, TraceSummary& summary)
{
    const auto all = static_cast<uint32_t>(trace.ranks.size());
    for (std::size_t i = 0; i <= trace.groupNames.size(); ++i)
    {
        const uint32_t group = i < trace.groupNames.size() ? static_cast<uint32_t>(i) : NONE;
        const auto isOfIt = [group](const ChakraNode& node) {
            return node.collective && node.group == group;
        };
        const ChakraRank* most = nullptr;
        std::ptrdiff_t count = 0;
        uint32_t users = 0;
        for (const ChakraRank& rank : trace.ranks)
        {
            const auto own = std::count_if(rank.nodes.begin(), rank.nodes.end(), isOfIt);
            most = own > count ? &rank : most;
            count = std::max(count, own);
            users += own > 0;
        }
        const auto known =
            group == NONE ? trace.groups.end() : trace.groups.find(trace.groupNames[i]);
        const bool isAlone = all == 1; // of how many ranks it is does not stand in it
        const uint32_t members = known != trace.groups.end()
                                     ? static_cast<uint32_t>(known->second.size())
                                 : isAlone       ? 0
                                 : group == NONE ? all
                                                 : users;
        for (std::size_t k = 0; most && k < most->nodes.size(); ++k)
        {
            const ChakraNode& node = most->nodes[k];
            if (isOfIt(node))
            {
                summary.AddCollective(node.collective, members, node.bytes);
            }
        }
    }
}

/** Count what is to be told. */
void
Note(std::map<std::string, uint64_t>& notes, uint64_t count, const char* what)
{
    if (count > 0)
    {
        notes[what] += count;
    }
}

} // namespace

TraceSummary
SummariseChakra(const std::string& file)
{
    ChakraTrace trace = LoadChakra(file);
    MergeGroupFile(trace, "");
    TraceSummary summary;
    summary.format = "chakra";
    summary.version = trace.version;
    summary.ranks = static_cast<uint32_t>(trace.ranks.size());
    std::map<std::string, uint64_t> notes;
    uint32_t missing = 0;
    for (uint32_t rank = 0; rank < trace.ranks.size(); ++rank)
    {
        missing += trace.ranks[rank].file.empty();
        Note(notes,
             trace.ranks[rank].missing,
             "dependencies are on nodes that are not in the files: these count as done");
        Note(notes,
             trace.ranks[rank].callTree,
             "control dependencies name callers, not an order (they go round in a circle): passed "
             "over");
        for (const ChakraNode& node : trace.ranks[rank].nodes)
        {
            ++summary.operations;
            const char* type = "";
            switch (node.type)
            {
            case ChakraType::METADATA:
                type = "metadata";
                ++notes["metadata nodes take no time"];
                break;
            case ChakraType::MEMORY_LOAD:
                type = "memory_load";
                break;
            case ChakraType::MEMORY_STORE:
                type = "memory_store";
                break;
            case ChakraType::COMPUTE:
                type = "compute";
                summary.computeTime += node.duration;
                break;
            case ChakraType::SEND:
                type = "send";
                summary.bytesByCollective["send"] += node.bytes;
                ++summary.messages;
                summary.messageBytes += node.bytes;
                break;
            case ChakraType::RECEIVE:
                type = "receive";
                break;
            case ChakraType::COLLECTIVE:
                type = node.collective ? node.collective : "collective_launch";
                if (node.collective)
                {
                    summary.bytesByCollective[type] += node.bytes;
                    Note(notes,
                         !node.hasBytes && GetCollectiveKind(type).HasSize(),
                         "collectives have no comm_size: they can't be replayed");
                }
                else
                {
                    summary.computeTime += node.duration;
                    ++notes["collective nodes are the host's side of a launch (is_cpu_op, no "
                            "comm_type): computes of the host"];
                }
                break;
            }
            ++summary.operationsByType[type];
            const bool timed = node.type != ChakraType::METADATA && node.type != ChakraType::SEND &&
                               node.type != ChakraType::RECEIVE && !node.collective;
            if (timed && node.duration == 0 && node.hasWork)
            {
                ++notes["nodes have num_ops or tensor_size but no duration: they take no time "
                        "unless 'roofline' is given"];
            }
        }
    }
    CountCollectives(trace, summary);
    for (const auto& [text, count] : notes)
    {
        summary.notes.push_back(std::to_string(count) + " " + text);
    }
    if (missing > 0 && !IsOneOfMany(trace))
    {
        summary.notes.push_back("files of " + std::to_string(missing) +
                                " ranks are missing: it can't be replayed");
    }
    else if (IsOneOfMany(trace))
    {
        summary.notes.push_back("one rank's file is there, but it communicates: for a replay "
                                "'ranks: N' lets it stand for N, or the others' files must be "
                                "beside it");
    }
    return summary;
}

} // namespace mtlink
} // namespace ns3
