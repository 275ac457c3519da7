/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/chakra-file.h"

#include "trace/chakra-records.h"
#include "trace/tensor-size.h"
#include "trace/trace-input.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <tuple>
#include <unordered_map>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t MOST_BYTES = uint64_t{1} << 50;                   //!< Of one message
constexpr uint64_t MOST_WORD = std::numeric_limits<uint32_t>::max(); //!< Of tags and the like
constexpr std::size_t MOST_HOLES = 1 << 16; //!< Ranks, where files are missing
constexpr std::size_t LONGEST_NAME = 60;    //!< Kept of a node's name

/**
 * @param [in] attribute An attribute.
 * @return its value, of whatever type of number; nothing: it is none, or not a whole one.
 */
std::optional<int64_t>
WholeNumber(const ::mtlink::chakra::Attribute& attribute)
{
    using A = ::mtlink::chakra::Attribute;
    const auto unsignedOne = [](uint64_t value) -> std::optional<int64_t> {
        if (value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
        {
            return std::nullopt;
        }
        return static_cast<int64_t>(value);
    };
    const auto real = [](double value) -> std::optional<int64_t> {
        if (!(std::abs(value) < 9e15) || std::trunc(value) != value)
        {
            return std::nullopt;
        }
        return static_cast<int64_t>(value);
    };
    switch (attribute.value_case())
    {
    case A::kDoubleValue:
        return real(attribute.double_value());
    case A::kFloatValue:
        return real(attribute.float_value());
    case A::kInt32Value:
        return attribute.int32_value();
    case A::kInt64Value:
        return attribute.int64_value();
    case A::kUint32Value:
        return attribute.uint32_value();
    case A::kUint64Value:
        return unsignedOne(attribute.uint64_value());
    case A::kSint32Value:
        return attribute.sint32_value();
    case A::kSint64Value:
        return attribute.sint64_value();
    case A::kFixed32Value:
        return attribute.fixed32_value();
    case A::kFixed64Value:
        return unsignedOne(attribute.fixed64_value());
    case A::kSfixed32Value:
        return attribute.sfixed32_value();
    case A::kSfixed64Value:
        return attribute.sfixed64_value();
    case A::kBoolValue:
        return attribute.bool_value();
    default:
        return std::nullopt;
    }
}

/** @return whether no node of a rank waits for itself, directly or by way of others. */
bool
IsAcyclic(const ChakraRank& rank)
{
    std::vector<uint32_t> dependents(rank.nodes.size(), 0);
    for (const uint32_t earlier : rank.dependencies)
    {
        ++dependents[earlier];
    }
    std::vector<uint32_t> last; // that nothing waits for which is not over
    for (uint32_t index = 0; index < dependents.size(); ++index)
    {
        if (dependents[index] == 0)
        {
            last.push_back(index);
        }
    }
    std::size_t done = 0;
    for (; done < last.size(); ++done)
    {
        const ChakraNode& node = rank.nodes[last[done]];
        for (uint32_t i = 0; i < node.dependencies; ++i)
        {
            const uint32_t earlier = rank.dependencies[node.firstDependency + i];
            if (--dependents[earlier] == 0)
            {
                last.push_back(earlier);
            }
        }
    }
    return done == rank.nodes.size();
}

/** Reads one rank's file. */
class RankReader
{
  public:
    /**
     * @param [in,out] trace Where groups go.
     * @param [in] rank The rank.
     * @param [in] file Its file.
     */
    RankReader(ChakraTrace& trace, uint32_t rank, const std::string& file)
        : m_trace(trace),
          m_rank(rank),
          m_records(OpenChakra(file))
    {
        m_result.file = file;
        ReadMetadata();
        ::mtlink::chakra::Node read;
        while (m_records->Next(read))
        {
            ReadNode(read);
        }
        ResolveDependencies(false);
        if (m_isFromPyTorch && !IsAcyclic(m_result))
        {
            ResolveDependencies(true);
        }
    }

    /** @return the file. */
    ChakraRank TakeResult()
    {
        return std::move(m_result);
    }

  private:
    /** Read the first record. */
    void ReadMetadata()
    {
        const ::mtlink::chakra::GlobalMetadata metadata = m_records->ReadMetadata();
        std::string version = metadata.version();
        bool isOrdered = false;
        for (const auto& attribute : metadata.attributes())
        {
            if (version.empty() && attribute.name() == "schema")
            {
                version = attribute.string_value();
            }
            isOrdered = isOrdered || (attribute.name() == CHAKRA_PROGRAM_ORDER &&
                                      WholeNumber(attribute).value_or(0) == 1);
        }
        m_trace.isOrdered = m_trace.isOrdered && isOrdered;
        if (!IsUtf8(version) || version.size() > LONGEST_NAME)
        {
            m_records->Refuse("the schema version is no text");
        }
        if (m_trace.version.empty())
        {
            m_trace.version = version;
        }
    }

    /** Take a node. */
    void ReadNode(const ::mtlink::chakra::Node& read)
    {
        const Where place = m_records->GetPlace();
        ChakraNode node;
        node.id = read.id();
        node.record = place.line;
        node.byte = place.column;
        if (!IsUtf8(read.name()))
        {
            Refuse(node, "its name is not UTF-8");
        }
        node.name = read.name().substr(0, LONGEST_NAME);
        while (!IsUtf8(node.name))
        {
            node.name.pop_back();
        }
        if (read.type() < static_cast<uint32_t>(ChakraType::METADATA) ||
            read.type() > static_cast<uint32_t>(ChakraType::COLLECTIVE))
        {
            Refuse(node,
                   "its type is " + std::to_string(read.type()) +
                       ", but 1 to 7 (metadata, memory load, memory store, compute, send, receive, "
                       "collective) would be right");
        }
        node.type = static_cast<ChakraType>(read.type());
        constexpr auto MOST_MICROS = static_cast<uint64_t>(LONGEST_TIME / 1'000'000);
        if (read.duration_micros() > MOST_MICROS)
        {
            Refuse(node,
                   "it takes " + std::to_string(read.duration_micros()) +
                       " us, but at most 100 days can be right");
        }
        node.duration = static_cast<Tick>(read.duration_micros()) * 1'000'000;
        for (const auto& attribute : read.attributes())
        {
            ReadAttribute(node, attribute);
        }
        node.duration = node.exact.value_or(node.duration);
        node.collective = node.collective && node.exactly ? node.exactly : node.collective;
        if (!node.hasBytes && node.collective)
        {
            const auto bytes = SumFirstTensors(read.inputs().values());
            node.hasBytes = bytes.has_value();
            node.bytes = bytes.value_or(0);
        }
        CheckCommunication(node);
        if (node.name.find("process_group:init") != std::string::npos)
        {
            ReadGroups(node, read.inputs().values());
        }
        if (!m_indexOf.emplace(node.id, static_cast<uint32_t>(m_result.nodes.size())).second)
        {
            Refuse(node, "its id is there twice");
        }
        const std::size_t first = m_waits.size();
        m_firstWait.push_back(static_cast<uint32_t>(first));
        for (const uint64_t id : read.data_dependencies())
        {
            m_waits.push_back({id, false});
        }
        for (const uint64_t id : read.control_dependencies())
        {
            m_waits.push_back({id, true});
        }
        // One node may be named as both kinds: as data then.
        const auto begin = m_waits.begin() + static_cast<std::ptrdiff_t>(first);
        std::sort(begin, m_waits.end(), [](const Wait& a, const Wait& b) {
            return std::tie(a.id, a.isControl) < std::tie(b.id, b.isControl);
        });
        m_waits.erase(std::unique(begin,
                                  m_waits.end(),
                                  [](const Wait& a, const Wait& b) { return a.id == b.id; }),
                      m_waits.end());
        if (m_waits.size() >= NONE || m_result.nodes.size() >= NONE / 2)
        {
            Refuse(node, "the file has more nodes or dependencies than 32 bits can count");
        }
        m_result.nodes.push_back(std::move(node));
    }

    /**
     * @param [in,out] node Its node.
     * @param [in] attribute The attribute.
     */
    void ReadAttribute(ChakraNode& node, const ::mtlink::chakra::Attribute& attribute)
    {
        const std::string& name = attribute.name();
        const auto number = [&](uint64_t most) {
            const auto value = WholeNumber(attribute);
            if (!value || *value < 0 || static_cast<uint64_t>(*value) > most)
            {
                Refuse(node,
                       name + " is no whole number from 0 to " + std::to_string(most) +
                           ", as it should be");
            }
            return static_cast<uint64_t>(*value);
        };
        if (name == "comm_type" && node.type == ChakraType::COLLECTIVE)
        {
            const uint64_t type = number(MOST_WORD);
            if (type >= std::size(CHAKRA_COLLECTIVES))
            {
                Refuse(node,
                       "its comm_type is " + std::to_string(type) +
                           ", but 0 to 9 (all_reduce to barrier) would be right");
            }
            node.collective = CHAKRA_COLLECTIVES[type];
        }
        else if (name == "comm_size")
        {
            node.bytes = number(MOST_BYTES);
            node.hasBytes = true;
        }
        else if (name == "comm_src")
        {
            node.src = static_cast<uint32_t>(number(MOST_RANKS - 1));
        }
        else if (name == "comm_dst")
        {
            node.dst = static_cast<uint32_t>(number(MOST_RANKS - 1));
        }
        else if (name == "comm_tag")
        {
            node.tag = static_cast<uint32_t>(number(MOST_WORD));
        }
        else if (name == "is_cpu_op")
        {
            node.onHost = number(1) == 1;
        }
        else if (name.starts_with("mtlink_"))
        {
            ReadOwnAttribute(node, attribute, number);
        }
        else if (name == "num_ops" || name == "tensor_size")
        {
            ReadWork(node, attribute);
        }
        else if (name == "rf_id")
        {
            m_isFromPyTorch = true;
        }
        else if (name == "pg_name")
        {
            const auto value = WholeNumber(attribute);
            std::string group = value ? std::to_string(*value) : attribute.string_value();
            if (!IsUtf8(group))
            {
                Refuse(node, "its pg_name is not UTF-8");
            }
            node.group = group.empty() ? NONE : GroupIndex(TidyGroup(group));
        }
    }

    /**
     * Read what a kernel has to do.
     * @param [in,out] node Its node.
     * @param [in] attribute num_ops or tensor_size.
     */
    void ReadWork(ChakraNode& node, const ::mtlink::chakra::Attribute& attribute) const
    {
        const auto value = WholeNumber(attribute);
        if (!value || *value < 0)
        {
            Refuse(node, attribute.name() + " is no whole number from 0");
        }
        node.hasWork = true;
        (attribute.name() == "num_ops" ? node.work : node.touched) = static_cast<double>(*value);
    }

    /**
     * @param [in] name A process group as some write its number, "1.0".
     * @return it as others do, "1".
     */
    static std::string TidyGroup(const std::string& name)
    {
        const std::size_t dot = name.find('.');
        const bool isWhole = dot != std::string::npos &&
                             ParseNumber(name.substr(0, dot), MOST_WORD) &&
                             name.find_first_not_of('0', dot + 1) == std::string::npos;
        return isWhole ? name.substr(0, dot) : name;
    }

    /**
     * Read an attribute of this program's own.
     * @param [in,out] node Its node.
     * @param [in] attribute The attribute.
     * @param [in] number Reads its value, a whole number up to what it is given.
     */
    template <typename Number>
    void ReadOwnAttribute(ChakraNode& node,
                          const ::mtlink::chakra::Attribute& attribute,
                          const Number& number)
    {
        const std::string& name = attribute.name();
        if (name == CHAKRA_DURATION)
        {
            node.exact = static_cast<Tick>(number(LONGEST_TIME));
        }
        else if (name == CHAKRA_BESIDE)
        {
            node.isBeside = number(1) == 1;
        }
        else if (name == CHAKRA_SIZE)
        {
            node.size = number(MOST_BYTES);
        }
        else if (name == CHAKRA_ALGORITHM)
        {
            node.algorithm = attribute.string_value();
            if (!IsUtf8(node.algorithm) || node.algorithm.size() > LONGEST_NAME)
            {
                Refuse(node, name + " is no word, as it should be");
            }
        }
        else if (name == CHAKRA_COLLECTIVE)
        {
            for (const auto& [exact, nearest] : CHAKRA_NEAREST)
            {
                node.exactly = attribute.string_value() == exact ? exact : node.exactly;
            }
            if (!node.exactly)
            {
                Refuse(node, name + " is neither all_to_allv nor send_recv");
            }
        }
        else if (name == CHAKRA_COUNTS)
        {
            node.counts.assign(attribute.uint64_list().values().begin(),
                               attribute.uint64_list().values().end());
        }
        else
        {
            Refuse(node, "its attribute " + Quote(name) + " is not known to this version");
        }
    }

    /**
     * @param [in] name A process group.
     * @return its index in ChakraTrace::groupNames.
     */
    uint32_t GroupIndex(const std::string& name)
    {
        auto& names = m_trace.groupNames;
        const auto found = std::find(names.begin(), names.end(), name);
        const auto index = static_cast<uint32_t>(found - names.begin());
        if (found == names.end())
        {
            names.push_back(name);
        }
        return index;
    }

    /**
     * Throw if a node that communicates does not say how.
     * @param [in] node The node.
     */
    void CheckCommunication(const ChakraNode& node) const
    {
        if (node.type == ChakraType::SEND && node.dst == NONE)
        {
            Refuse(node, "it sends, but comm_dst, to whom, is missing");
        }
        if (node.type == ChakraType::RECEIVE && node.src == NONE)
        {
            Refuse(node, "it receives, but comm_src, from whom, is missing");
        }
        if ((node.type == ChakraType::SEND || node.type == ChakraType::RECEIVE) && !node.hasBytes)
        {
            Refuse(node, "it sends or receives, but comm_size, how much, is missing");
        }
        if (node.type == ChakraType::COLLECTIVE && !node.collective && !node.onHost)
        {
            Refuse(node, "it is a collective, but comm_type, which one, is missing");
        }
    }

    /**
     * Read what PyTorch says of its process groups: a list in a list's text.
     * @param [in] node The node.
     * @param [in] values Its inputs.
     */
    void ReadGroups(const ChakraNode& node, const std::string& values)
    {
        const std::size_t first = values.find("[{");
        const std::size_t last = values.rfind("}]");
        if (first == std::string::npos || last == std::string::npos || last < first)
        {
            return; // no groups
        }
        try
        {
            const auto list = nlohmann::json::parse(values.substr(first, last + 2 - first));
            for (const auto& group : list)
            {
                const auto ranks = group.at("ranks").get<std::vector<uint32_t>>();
                if (!ranks.empty()) // empty: all
                {
                    m_trace.groups[group.at("pg_name").get<std::string>()] = ranks;
                }
            }
        }
        catch (const nlohmann::json::exception&)
        {
            Refuse(node, "its process groups are no list of {\"pg_name\": ..., \"ranks\": [...]}");
        }
    }

    /**
     * Turn ids into indices.
     * @param [in] dataOnly Control dependencies are none.
     */
    void ResolveDependencies(bool dataOnly)
    {
        m_result.dependencies.clear();
        m_result.missing = 0;
        for (uint32_t index = 0; index < m_result.nodes.size(); ++index)
        {
            ChakraNode& node = m_result.nodes[index];
            node.firstDependency = static_cast<uint32_t>(m_result.dependencies.size());
            const std::size_t end =
                index + 1 < m_firstWait.size() ? m_firstWait[index + 1] : m_waits.size();
            for (std::size_t i = m_firstWait[index]; i < end; ++i)
            {
                if (dataOnly && m_waits[i].isControl)
                {
                    ++m_result.callTree;
                    continue;
                }
                const auto found = m_indexOf.find(m_waits[i].id);
                if (found == m_indexOf.end())
                {
                    ++m_result.missing;
                    continue;
                }
                m_result.dependencies.push_back(found->second);
            }
            node.dependencies =
                static_cast<uint32_t>(m_result.dependencies.size()) - node.firstDependency;
        }
    }

    /**
     * @param [in] node A node.
     * @param [in] message What is wrong with it.
     */
    [[noreturn]] void Refuse(const ChakraNode& node, const std::string& message) const
    {
        throw InputError({m_result.file, node.record, node.byte},
                         "rank " + std::to_string(m_rank) + " node " + std::to_string(node.id) +
                             (node.name.empty() ? "" : " " + Quote(node.name)) + ": " + message);
    }

    /** What a node waits for. */
    struct Wait
    {
        uint64_t id;    //!< A node
        bool isControl; //!< As ctrl_deps
    };

    ChakraTrace& m_trace;                             //!< Where groups go
    uint32_t m_rank;                                  //!< Whose file
    std::unique_ptr<ChakraRecords> m_records;         //!< The file
    ChakraRank m_result;                              //!< So far
    std::vector<Wait> m_waits;                        //!< Of all nodes
    std::vector<uint32_t> m_firstWait;                //!< Into these, by node
    bool m_isFromPyTorch{false};                      //!< Nodes are of PyTorch's records
    std::unordered_map<uint64_t, uint32_t> m_indexOf; //!< By id
};

/** A rank's file name, taken apart. */
struct NameParts
{
    std::string stem;   //!< Before ".RANK"
    uint32_t rank;      //!< RANK
    std::string ending; //!< ".et" or ".et.gz"
};

/**
 * @param [in] name A file's name.
 * @return its parts; nothing: it is no rank's.
 */
std::optional<NameParts>
TakeApart(const std::string& name)
{
    for (const std::string ending : {".et", ".et.gz", ".json", ".json.gz"})
    {
        if (!name.ends_with(ending))
        {
            continue;
        }
        const std::string_view rest = std::string_view(name).substr(0, name.size() - ending.size());
        const std::size_t dot = rest.rfind('.');
        if (dot == std::string_view::npos)
        {
            continue;
        }
        if (const auto rank = ParseNumber(rest.substr(dot + 1), MOST_RANKS - 1))
        {
            return NameParts{std::string(rest.substr(0, dot)),
                             static_cast<uint32_t>(*rank),
                             ending};
        }
    }
    return std::nullopt;
}

} // namespace

std::string
ChakraTrace::NameOf(uint32_t rank) const
{
    if (ending.empty())
    {
        return "NAME." + std::to_string(rank) + ".et";
    }
    return std::filesystem::path(stem).filename().string() + "." + std::to_string(rank) + ending;
}

ChakraTrace
LoadChakra(const std::string& file)
{
    const std::optional<NameParts> named = TakeApart(file);
    const NameParts given = named.value_or(NameParts{file, 0, ""});
    ChakraTrace trace;
    trace.stem = given.stem;
    trace.ending = given.ending;
    std::map<uint32_t, std::string> files{{given.rank, file}};
    const std::filesystem::path path(file);
    const std::string name = std::filesystem::path(given.stem).filename().string();
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(
             path.has_parent_path() ? path.parent_path() : std::filesystem::path("."),
             error))
    {
        const auto other = TakeApart(entry.path().filename().string());
        if (named && other && other->stem == name && other->ending == given.ending &&
            other->rank != given.rank)
        {
            files.emplace(other->rank,
                          path.has_parent_path() ? entry.path().string()
                                                 : entry.path().filename().string());
        }
    }
    const std::size_t ranks = std::size_t{files.rbegin()->first} + 1;
    if (files.size() < ranks && ranks > MOST_HOLES)
    {
        uint32_t missing = 0;
        while (files.count(missing) > 0)
        {
            ++missing;
        }
        throw InputError({file},
                         "the file of rank " + std::to_string(missing) + ", '" +
                             trace.NameOf(missing) + "', is missing beside that of rank " +
                             std::to_string(ranks - 1));
    }
    trace.ranks.resize(ranks);
    for (const auto& [rank, rankFile] : files)
    {
        trace.ranks[rank] = RankReader(trace, rank, rankFile).TakeResult();
    }
    return trace;
}

bool
LooksLikeChakra(std::string_view head)
{
    // A length, then a field of GlobalMetadata: 1 or 2, both with lengths of their own. Metadata
    // may be empty, a Node then begins.
    std::size_t at = 0;
    while (at < head.size() && at < 10 && (head[at] & 0x80))
    {
        ++at;
    }
    if (at >= head.size())
    {
        return false;
    }
    if (at == 0 && head[0] == 0)
    {
        // A tag's lowest bits say how it is encoded: 6 and 7 are nothing, 3 and 4 not Chakra's.
        const int encoding = head.size() > 2 ? head[2] & 7 : 0;
        return encoding < 3 || encoding == 5;
    }
    return at + 1 < head.size() && (head[at + 1] == 0x0a || head[at + 1] == 0x12);
}

bool
LooksLikeChakraJson(const TraceHead& head)
{
    const std::vector<std::string>& keys = head.GetJsonKeys();
    const auto has = [&head](std::initializer_list<std::string_view> names) {
        return std::any_of(names.begin(), names.end(), [&head](std::string_view name) {
            return head.HasJsonKey(name);
        });
    };
    const bool isNode = has({"id", "name"}) && has({"dataDeps",
                                                    "data_deps",
                                                    "ctrlDeps",
                                                    "ctrl_deps",
                                                    "durationMicros",
                                                    "duration_micros",
                                                    "attr"});
    const bool isMetadata =
        !keys.empty() && std::all_of(keys.begin(), keys.end(), [](const std::string& key) {
            return key == "attr" || key == "version";
        });
    return head.GetText().starts_with("{") &&
           (head.HasJsonKey("workload_graph") || isNode || isMetadata);
}

} // namespace mtlink
} // namespace ns3
