/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/trace/chakra-file.h"

#include "chakra.pb.h"
#include "workload/trace/trace-input.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <unordered_map>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t MOST_RECORD = uint64_t{1} << 30;                  //!< Bytes of one record
constexpr uint64_t MOST_BYTES = uint64_t{1} << 50;                   //!< Of one message
constexpr uint64_t MOST_WORD = std::numeric_limits<uint32_t>::max(); //!< Of tags and the like
constexpr std::size_t MOST_HOLES = 1 << 16; //!< Ranks, where files are missing
constexpr std::size_t LONGEST_NAME = 60;    //!< Kept of a node's name

/** Reads records, each with its length before it. */
class RecordReader
{
  public:
    /** @param [in] file The file. */
    explicit RecordReader(const std::string& file)
        : m_input(file)
    {
    }

    /**
     * Read the next record.
     * @return whether there was one.
     */
    bool Next()
    {
        ++m_record;
        m_byte = m_input.GetOffset() + 1;
        uint64_t length = 0;
        for (unsigned shift = 0;; shift += 7)
        {
            char c = 0;
            if (m_input.Read(&c, 1) == 0)
            {
                if (shift == 0)
                {
                    return false;
                }
                Refuse("the file ends in a record's length");
            }
            if (shift > 63)
            {
                Refuse("a record's length has more than 10 bytes: this is no Chakra trace, or a "
                       "damaged one");
            }
            length |= static_cast<uint64_t>(c & 0x7f) << shift;
            if ((c & 0x80) == 0)
            {
                break;
            }
        }
        if (length > MOST_RECORD)
        {
            Refuse("a record of " + std::to_string(length) +
                   " bytes, but at most 1 GiB can be right: the trace is damaged");
        }
        const auto left = m_input.GetLeft();
        if (left && length > *left)
        {
            Refuse("a record of " + std::to_string(length) + " bytes, but the file has only " +
                   std::to_string(*left) + " left: it was cut short");
        }
        // Step by step: a packed file does not tell its size.
        constexpr uint64_t STEP = 1 << 20;
        m_data.clear();
        while (m_data.size() < length)
        {
            const std::size_t at = m_data.size();
            const std::size_t want = std::min(STEP, length - at);
            m_data.resize(at + want);
            if (m_input.Read(m_data.data() + at, want) < want)
            {
                Refuse("a record of " + std::to_string(length) +
                       " bytes, but the file ends before: it was cut short");
            }
        }
        return true;
    }

    /**
     * Parse the record.
     * @param [out] message Where to.
     * @param [in] what What it should be.
     */
    template <typename M>
    void Parse(M& message, const char* what) const
    {
        if (!message.ParseFromString(m_data))
        {
            Refuse(std::string("this record is no ") + what + " of a Chakra trace");
        }
    }

    /** @param [in] message What is wrong with the record. */
    [[noreturn]] void Refuse(const std::string& message) const
    {
        throw InputError({m_input.GetFile(), m_record, m_byte}, message);
    }

    /** @return the record's number, from 1. */
    uint64_t GetRecord() const
    {
        return m_record;
    }

    /** @return its first byte, from 1. */
    uint64_t GetByte() const
    {
        return m_byte;
    }

  private:
    TraceInput m_input;   //!< The file
    std::string m_data;   //!< The record
    uint64_t m_record{0}; //!< Its number
    uint64_t m_byte{1};   //!< Its first byte
};

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
          m_reader(file)
    {
        m_result.file = file;
        if (!m_reader.Next())
        {
            m_reader.Refuse("the file is empty");
        }
        ReadMetadata();
        while (m_reader.Next())
        {
            ReadNode();
        }
        ResolveDependencies();
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
        ::mtlink::chakra::GlobalMetadata metadata;
        m_reader.Parse(metadata, "metadata");
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
            m_reader.Refuse("the schema version is no text");
        }
        if (m_trace.version.empty())
        {
            m_trace.version = version;
        }
    }

    /** Read a node. */
    void ReadNode()
    {
        ::mtlink::chakra::Node read;
        m_reader.Parse(read, "node");
        ChakraNode node;
        node.id = read.id();
        node.record = m_reader.GetRecord();
        node.byte = m_reader.GetByte();
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
        CheckCommunication(node);
        if (node.name.find("process_group:init") != std::string::npos)
        {
            ReadGroups(node, read.inputs().values());
        }
        if (!m_indexOf.emplace(node.id, static_cast<uint32_t>(m_result.nodes.size())).second)
        {
            Refuse(node, "its id is there twice");
        }
        node.firstDependency = static_cast<uint32_t>(m_waitsFor.size());
        for (const auto* list : {&read.data_dependencies(), &read.control_dependencies()})
        {
            m_waitsFor.insert(m_waitsFor.end(), list->begin(), list->end());
        }
        // One node may be named as both kinds.
        const auto first = m_waitsFor.begin() + node.firstDependency;
        std::sort(first, m_waitsFor.end());
        m_waitsFor.erase(std::unique(first, m_waitsFor.end()), m_waitsFor.end());
        if (m_waitsFor.size() >= NONE || m_result.nodes.size() >= NONE / 2)
        {
            Refuse(node, "the file has more nodes or dependencies than 32 bits can count");
        }
        node.dependencies = static_cast<uint32_t>(m_waitsFor.size()) - node.firstDependency;
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
            node.hasWork = true;
        }
        else if (name == "pg_name")
        {
            const auto value = WholeNumber(attribute);
            std::string group = value ? std::to_string(*value) : attribute.string_value();
            if (!IsUtf8(group))
            {
                Refuse(node, "its pg_name is not UTF-8");
            }
            node.group = group.empty() ? NONE : GroupIndex(group);
        }
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
        if (node.collective && !node.hasBytes && std::string_view(node.collective) != "barrier")
        {
            Refuse(node,
                   std::string("it is ") + node.collective +
                       ", but comm_size, of how much, is missing");
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

    /** Turn ids into indices. */
    void ResolveDependencies()
    {
        m_result.dependencies.reserve(m_waitsFor.size());
        for (uint32_t index = 0; index < m_result.nodes.size(); ++index)
        {
            const ChakraNode& node = m_result.nodes[index];
            for (uint32_t i = 0; i < node.dependencies; ++i)
            {
                const uint64_t id = m_waitsFor[node.firstDependency + i];
                const auto found = m_indexOf.find(id);
                if (found == m_indexOf.end())
                {
                    m_result.missing.emplace_back(index, id);
                }
                m_result.dependencies.push_back(found == m_indexOf.end() ? NONE : found->second);
            }
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

    ChakraTrace& m_trace;                             //!< Where groups go
    uint32_t m_rank;                                  //!< Whose file
    RecordReader m_reader;                            //!< The file
    ChakraRank m_result;                              //!< So far
    std::vector<uint64_t> m_waitsFor;                 //!< Ids, as ChakraRank::dependencies
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
    for (const std::string ending : {".et", ".et.gz"})
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
    return std::filesystem::path(stem).filename().string() + "." + std::to_string(rank) + ending;
}

ChakraTrace
LoadChakra(const std::string& file)
{
    const auto given = TakeApart(file);
    if (!given)
    {
        throw InputError({file},
                         "a Chakra trace has one file for each rank, called NAME.RANK.et or "
                         "NAME.RANK.et.gz, as all_reduce.0.et");
    }
    ChakraTrace trace;
    trace.stem = given->stem;
    trace.ending = given->ending;
    std::map<uint32_t, std::string> files{{given->rank, file}};
    const std::filesystem::path path(file);
    const std::string name = std::filesystem::path(given->stem).filename().string();
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(
             path.has_parent_path() ? path.parent_path() : std::filesystem::path("."),
             error))
    {
        const auto other = TakeApart(entry.path().filename().string());
        if (other && other->stem == name && other->ending == given->ending &&
            other->rank != given->rank)
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
        return true;
    }
    return at + 1 < head.size() && (head[at + 1] == 0x0a || head[at + 1] == 0x12);
}

} // namespace mtlink
} // namespace ns3
