/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/chakra-writer.h"

#include "chakra.pb.h"
#include "measure/atomic-file.h"
#include "trace/chakra-file.h"
#include "workload/collective/collective-kind.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

using ::mtlink::chakra::GlobalMetadata;
using ::mtlink::chakra::Node;

constexpr const char* STEM = "mtlink";  //!< Of files' names
constexpr const char* SCHEMA = "0.0.4"; //!< Version of the format
constexpr Tick MICROSECOND = 1'000'000; //!< In ps
constexpr uint32_t HOST = 1;            //!< Stream of the host's computations

/** Writes all files. */
class Writer
{
  public:
    Writer(const OperationGraph& graph,
           const std::function<std::string(uint32_t)>& nameOf,
           const std::string& directory,
           bool namesAlgorithms)
        : m_graph(graph),
          m_nameOf(nameOf),
          m_directory(directory),
          m_namesAlgorithms(namesAlgorithms),
          m_ofRank(graph.GetRanks()),
          m_nodeOf(graph.GetOperations().size(), NONE),
          m_unfoldingOf(graph.GetOperations().size(), NONE)
    {
        FindNodes();
        FindRequirements();
    }

    ChakraExport Run()
    {
        std::error_code failed;
        std::filesystem::create_directories(m_directory, failed);
        if (failed)
        {
            throw WriteError(m_directory, failed.value());
        }
        ChakraExport written;
        for (uint32_t rank = 0; rank < m_graph.GetRanks(); ++rank)
        {
            const std::string path = GetPath(std::to_string(rank) + ".et");
            written.first = rank == 0 ? path : written.first;
            AtomicFile file(path);
            written.bytes += WriteRank(rank, file);
            written.nodes += m_ofRank[rank].size();
            file.Commit();
        }
        written.ranks = m_graph.GetRanks();
        written.groups = static_cast<uint32_t>(m_groups.size());
        const std::string text = WriteGroups();
        AtomicFile file(GetPath("groups.json"));
        file.Write(text);
        file.Commit();
        written.bytes += text.size();
        return written;
    }

  private:
    std::string GetPath(const std::string& ending) const
    {
        return (std::filesystem::path(m_directory) / (std::string(STEM) + "." + ending)).string();
    }

    /** Give each operation its node: those between a member's launch and its end are one. */
    void FindNodes()
    {
        const std::vector<Unfolding>& unfoldings = m_graph.GetUnfoldings();
        for (uint32_t i = 0; i < unfoldings.size(); ++i)
        {
            const Unfolding& what = unfoldings[i];
            for (uint32_t member = 0; member < what.ranks.size(); ++member)
            {
                m_nodeOf[what.firstBegin + member] = what.firstBegin + member;
                m_nodeOf[what.firstEnd + member] = what.firstBegin + member;
                m_unfoldingOf[what.firstBegin + member] = i;
            }
        }
        const std::vector<Operation>& operations = m_graph.GetOperations();
        for (uint32_t id = 0; id < operations.size(); ++id)
        {
            Check(id);
            m_nodeOf[id] = m_nodeOf[id] == NONE ? id : m_nodeOf[id];
            if (m_nodeOf[id] == id)
            {
                m_ofRank[operations[id].rank].push_back(id);
            }
        }
    }

    [[noreturn]] void Refuse(uint32_t id, const std::string& why) const
    {
        throw ParameterError("", m_graph.Describe(id) + ": a Chakra trace can't have " + why);
    }

    /** Refuse what can't be said. */
    void Check(uint32_t id) const
    {
        const Operation& operation = m_graph.GetOperations()[id];
        switch (operation.type)
        {
        case OperationType::COMPUTE:
            if (operation.flow > HOST)
            {
                Refuse(id, "computations of more than two streams, the card's and the host's");
            }
            break;
        case OperationType::SEND:
            if (operation.flow > 0 || operation.trafficClass != WORKLOAD_TRAFFIC_CLASS)
            {
                Refuse(id, "messages of a flow or traffic class of their own");
            }
            break;
        case OperationType::LAUNCH:
            if (m_unfoldingOf[id] == NONE)
            {
                Refuse(id, "collectives of one member, or in the network");
            }
            break;
        case OperationType::REDUCE:
        case OperationType::GROUP_SEND:
        case OperationType::GROUP_RECEIVE:
            Refuse(id, "reductions, or steps in the network");
        case OperationType::DELAY:
        case OperationType::RECEIVE:
            break;
        }
        if (!m_graph.GetStartDependents(id).empty())
        {
            Refuse(id, "operations that begin with another");
        }
    }

    /** Index what nodes wait for; refuse what they can't. */
    void FindRequirements()
    {
        const std::vector<Operation>& operations = m_graph.GetOperations();
        m_first.assign(operations.size() + 1, 0);
        const auto visit = [&](const auto& call) {
            for (uint32_t id = 0; id < operations.size(); ++id)
            {
                for (const uint32_t later : m_graph.GetDependents(id))
                {
                    if (m_nodeOf[later] != m_nodeOf[id]) // else within a collective
                    {
                        call(m_nodeOf[later], id);
                    }
                }
            }
        };
        visit([&](uint32_t later, uint32_t id) {
            if (operations[later].rank != operations[id].rank)
            {
                Refuse(later, "dependencies on another rank");
            }
            ++m_first[later + 1];
        });
        for (std::size_t i = 1; i < m_first.size(); ++i)
        {
            m_first[i] += m_first[i - 1];
        }
        m_required.resize(m_first.back());
        std::vector<uint32_t> next(m_first.begin(), m_first.end() - 1);
        visit([&](uint32_t later, uint32_t id) { m_required[next[later]++] = m_nodeOf[id]; });
    }

    /** @return bytes written. */
    uint64_t WriteRank(uint32_t rank, AtomicFile& file)
    {
        GlobalMetadata metadata;
        metadata.set_version(SCHEMA);
        auto* order = metadata.add_attributes();
        order->set_name(CHAKRA_PROGRAM_ORDER);
        order->set_bool_value(true);
        std::string buffer;
        Append(buffer, metadata.SerializeAsString());
        uint64_t bytes = 0;
        constexpr std::size_t ENOUGH = 1 << 20; // for one write
        for (const uint32_t id : m_ofRank[rank])
        {
            Append(buffer, MakeNode(id).SerializeAsString());
            if (buffer.size() > ENOUGH)
            {
                file.Write(buffer);
                bytes += buffer.size();
                buffer.clear();
            }
        }
        file.Write(buffer);
        return bytes + buffer.size();
    }

    /** Append a record, its length before it. */
    static void Append(std::string& buffer, const std::string& record)
    {
        std::size_t length = record.size();
        for (; length > 0x7f; length >>= 7)
        {
            buffer += static_cast<char>(0x80 | (length & 0x7f));
        }
        buffer += static_cast<char>(length);
        buffer += record;
    }

    Node MakeNode(uint32_t id)
    {
        const Operation& operation = m_graph.GetOperations()[id];
        Node node;
        node.set_id(id);
        for (uint32_t i = m_first[id]; i < m_first[id + 1]; ++i)
        {
            const bool isStream = operation.type == OperationType::COMPUTE &&
                                  m_graph.GetOperations()[m_required[i]].type == operation.type;
            isStream ? node.add_control_dependencies(m_required[i])
                     : node.add_data_dependencies(m_required[i]);
        }
        switch (operation.type)
        {
        case OperationType::COMPUTE:
        case OperationType::DELAY:
            SetTime(node, id);
            break;
        case OperationType::SEND:
        case OperationType::RECEIVE:
            SetMessage(node, operation);
            break;
        default:
            SetCollective(node, id);
            break;
        }
        return node;
    }

    static void AddNumber(Node& node, const char* name, uint64_t value)
    {
        auto* attribute = node.add_attributes();
        attribute->set_name(name);
        attribute->set_uint64_value(value);
    }

    static void AddTruth(Node& node, const char* name, bool value)
    {
        auto* attribute = node.add_attributes();
        attribute->set_name(name);
        attribute->set_bool_value(value);
    }

    static void AddText(Node& node, const char* name, const std::string& value)
    {
        auto* attribute = node.add_attributes();
        attribute->set_name(name);
        attribute->set_string_value(value);
    }

    /** A computation, or what the host does beside. */
    void SetTime(Node& node, uint32_t id) const
    {
        const Operation& operation = m_graph.GetOperations()[id];
        const bool isBeside = operation.type == OperationType::DELAY;
        node.set_name(m_nameOf(id));
        node.set_type(static_cast<uint32_t>(ChakraType::COMPUTE));
        node.set_duration_micros(
            static_cast<uint64_t>((operation.duration + MICROSECOND / 2) / MICROSECOND));
        AddTruth(node, "is_cpu_op", isBeside || operation.flow == HOST);
        AddNumber(node, CHAKRA_DURATION, static_cast<uint64_t>(operation.duration));
        if (isBeside)
        {
            AddTruth(node, CHAKRA_BESIDE, true);
        }
    }

    static void SetMessage(Node& node, const Operation& operation)
    {
        const bool isSend = operation.type == OperationType::SEND;
        node.set_name(isSend ? "send" : "receive");
        node.set_type(static_cast<uint32_t>(isSend ? ChakraType::SEND : ChakraType::RECEIVE));
        AddTruth(node, "is_cpu_op", false);
        AddNumber(node, "comm_size", operation.bytes);
        AddNumber(node, "comm_src", isSend ? operation.rank : operation.peer);
        AddNumber(node, "comm_dst", isSend ? operation.peer : operation.rank);
        AddNumber(node, "comm_tag", operation.tag);
    }

    void SetCollective(Node& node, uint32_t id)
    {
        const Unfolding& what = m_graph.GetUnfoldings()[m_unfoldingOf[id]];
        const CollectiveRecord& record = m_graph.GetCollectives()[what.collective];
        const auto members = static_cast<uint32_t>(what.ranks.size());
        std::string name = record.name; // that comm_type has a number for
        for (const auto& [exact, nearest] : CHAKRA_NEAREST)
        {
            name = record.name == exact ? nearest : name;
        }
        const auto* const type =
            std::find(std::begin(CHAKRA_COLLECTIVES), std::end(CHAKRA_COLLECTIVES), name);
        if (type == std::end(CHAKRA_COLLECTIVES))
        {
            Refuse(id, record.name);
        }
        node.set_name(record.name);
        node.set_type(static_cast<uint32_t>(ChakraType::COLLECTIVE));
        AddTruth(node, "is_cpu_op", false);
        AddNumber(node, "comm_type", static_cast<uint64_t>(type - std::begin(CHAKRA_COLLECTIVES)));
        // What one rank puts in, which may be no whole number of bytes: mtlink_size is exact.
        const CollectiveKind& kind = GetCollectiveKind(name);
        const bool isGather = kind.payload == Payload::SENDERS_SHARE;
        AddNumber(node, "comm_size", isGather ? record.bytes / members : record.bytes);
        AddNumber(node, CHAKRA_SIZE, record.bytes);
        if (kind.senders == Members::ROOT)
        {
            AddNumber(node, "comm_src", what.ranks[what.root]);
        }
        if (kind.receivers == Members::ROOT)
        {
            AddNumber(node, "comm_dst", what.ranks[what.root]);
        }
        AddText(node, "pg_name", NameGroup(what.ranks));
        if (m_namesAlgorithms)
        {
            AddText(node, CHAKRA_ALGORITHM, record.algorithm);
        }
        if (name != record.name)
        {
            AddText(node, CHAKRA_COLLECTIVE, record.name);
        }
        if (record.name == "all_to_allv")
        {
            const std::vector<uint64_t>& counts = GetCounts(what);
            const uint64_t* row = counts.data() + std::size_t{id - what.firstBegin} * members;
            auto* attribute = node.add_attributes();
            attribute->set_name(CHAKRA_COUNTS);
            attribute->mutable_uint64_list()->mutable_values()->Add(row, row + members);
        }
    }

    /** @return bytes from each member to each, of those that share a program. */
    const std::vector<uint64_t>& GetCounts(const Unfolding& what)
    {
        const auto members = static_cast<uint32_t>(what.ranks.size());
        std::vector<uint64_t>& counts = m_counts[what.program.get()];
        if (counts.empty())
        {
            counts.resize(std::size_t{members} * members);
            ForSomeMessages(*what.program,
                            members,
                            UINT64_MAX,
                            [&](uint32_t from, uint32_t to, uint64_t bytes, double) {
                                counts[std::size_t{from} * members + to] += bytes;
                            });
        }
        return counts;
    }

    const std::string& NameGroup(const std::vector<uint32_t>& ranks)
    {
        const auto [entry, isNew] = m_groups.try_emplace(ranks);
        if (isNew)
        {
            entry->second = std::to_string(m_groups.size() - 1);
        }
        return entry->second;
    }

    std::string WriteGroups() const
    {
        nlohmann::json groups = nlohmann::json::object();
        for (const auto& [ranks, name] : m_groups)
        {
            groups[name] = ranks;
        }
        return groups.dump() + "\n";
    }

    const OperationGraph& m_graph;                         //!< What is written
    const std::function<std::string(uint32_t)>& m_nameOf;  //!< Names
    std::string m_directory;                               //!< Where to
    bool m_namesAlgorithms;                                //!< Collectives say theirs
    std::vector<std::vector<uint32_t>> m_ofRank;           //!< Nodes by rank
    std::vector<uint32_t> m_nodeOf;                        //!< Node by operation
    std::vector<uint32_t> m_unfoldingOf;                   //!< By LAUNCH
    std::vector<uint32_t> m_first;                         //!< Into m_required, by node
    std::vector<uint32_t> m_required;                      //!< Nodes
    std::map<std::vector<uint32_t>, std::string> m_groups; //!< Name by members
    std::map<const void*, std::vector<uint64_t>> m_counts; //!< By program; never iterated
};

} // namespace

ChakraExport
WriteChakra(const OperationGraph& graph,
            const std::function<std::string(uint32_t)>& nameOf,
            const std::string& directory,
            bool namesAlgorithms)
{
    return Writer(graph, nameOf, directory, namesAlgorithms).Run();
}

} // namespace mtlink
} // namespace ns3
