/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/chakra-records.h"

#include "trace/json-items.h"
#include "trace/trace-head.h"
#include "trace/trace-input.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ns3
{
namespace mtlink
{

namespace
{

using ::mtlink::chakra::Attribute;
using ::mtlink::chakra::GlobalMetadata;
using ::mtlink::chakra::Node;
using Json = nlohmann::json;

constexpr uint64_t MOST_RECORD = uint64_t{1} << 30; //!< Bytes of one record

/** Records of protobuf, each with its length before it. */
class BinaryRecords : public ChakraRecords
{
  public:
    /** @param [in] file The file. */
    explicit BinaryRecords(const std::string& file)
        : m_input(file)
    {
    }

    GlobalMetadata ReadMetadata() override
    {
        GlobalMetadata metadata;
        if (!Take())
        {
            Refuse("the file is empty");
        }
        Parse(metadata, "metadata");
        return metadata;
    }

    bool Next(Node& node) override
    {
        node.Clear();
        if (!Take())
        {
            return false;
        }
        Parse(node, "node");
        m_last = node.id();
        return true;
    }

    Where GetPlace() const override
    {
        return {m_input.GetFile(), m_record, m_byte};
    }

  private:
    /** Read the next record. @return whether there was one. */
    bool Take()
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
                Refuse("the file ends in a record's length" + TellLast());
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
                   std::to_string(*left) + " left: it was cut short" + TellLast());
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
                       " bytes, but the file ends before: it was cut short" + TellLast());
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

    /** @return which node was the last, for messages. */
    std::string TellLast() const
    {
        return m_last ? "; the last node before it is " + std::to_string(*m_last) : "";
    }

    TraceInput m_input;             //!< The file
    std::string m_data;             //!< The record
    uint64_t m_record{0};           //!< Its number
    uint64_t m_byte{1};             //!< Its first byte
    std::optional<uint64_t> m_last; //!< Id of the last node
};

/** Types of nodes, by their number. */
constexpr std::array<std::string_view, 8> NODE_TYPES = {"INVALID_NODE",
                                                        "METADATA_NODE",
                                                        "MEM_LOAD_NODE",
                                                        "MEM_STORE_NODE",
                                                        "COMP_NODE",
                                                        "COMM_SEND_NODE",
                                                        "COMM_RECV_NODE",
                                                        "COMM_COLL_NODE"};

/** Collectives of the attribute comm_type, by their number. */
constexpr std::array<std::string_view, 10> COLLECTIVES = {"ALL_REDUCE",
                                                          "REDUCE",
                                                          "ALL_GATHER",
                                                          "GATHER",
                                                          "SCATTER",
                                                          "BROADCAST",
                                                          "ALL_TO_ALL",
                                                          "REDUCE_SCATTER",
                                                          "REDUCE_SCATTER_BLOCK",
                                                          "BARRIER"};

/** @return a name as protobuf's JSON has it with its own and with camel case: taken to snake case.
 */
std::string
ToSnake(const std::string& name)
{
    std::string snake;
    for (const char c : name)
    {
        if (c >= 'A' && c <= 'Z')
        {
            snake += '_';
            snake += static_cast<char>(c - 'A' + 'a');
        }
        else
        {
            snake += c;
        }
    }
    return snake;
}

/** @return the place of a word in a list, or of a number. */
template <std::size_t N>
std::optional<uint64_t>
FindWord(const std::array<std::string_view, N>& words, const Json& value)
{
    if (value.is_string())
    {
        const auto found = std::find(words.begin(), words.end(), value.get<std::string>());
        if (found != words.end())
        {
            return static_cast<uint64_t>(found - words.begin());
        }
    }
    return ReadWhole(value);
}

/** Nodes in JSON. */
class JsonRecords : public ChakraRecords
{
  public:
    /**
     * @param [in] file The file.
     * @param [in] isList The nodes are a list `workload_graph`, with names of its own.
     */
    JsonRecords(const std::string& file, bool isList)
        : m_items(file, isList ? JsonItems::ELEMENTS : JsonItems::VALUES),
          m_isList(isList)
    {
    }

    GlobalMetadata ReadMetadata() override
    {
        GlobalMetadata metadata;
        if (!Take())
        {
            return metadata;
        }
        m_isHeld = m_isList || m_object.contains("type") || m_object.contains("name");
        const std::string version =
            m_isList ? m_items.GetMemberText("schema") : ReadWord(Get({"version"}));
        metadata.set_version(version);
        if (!m_isHeld)
        {
            ReadAttributes(*metadata.mutable_attributes());
        }
        return metadata;
    }

    bool Next(Node& node) override
    {
        node.Clear();
        if (!m_isHeld && !Take())
        {
            return false;
        }
        m_isHeld = false;
        node.set_id(Number("its id", Get({"id", "Id"}), 0));
        node.set_name(ReadWord(Get({"name", "Name"})));
        const auto type = FindWord(NODE_TYPES, Get({"type", "NodeType"}));
        if (!type || *type > UINT32_MAX)
        {
            Refuse(
                "node " + std::to_string(node.id()) +
                ": its type is none of COMP_NODE, COMM_COLL_NODE, COMM_SEND_NODE, ..., or 1 to 7");
        }
        node.set_type(static_cast<uint32_t>(*type));
        node.set_duration_micros(
            Number("its duration", Get({"durationMicros", "duration_micros", "runtime"}), 0));
        ReadList("data_deps", Get({"dataDeps", "data_deps"}), *node.mutable_data_dependencies());
        ReadList("ctrl_deps", Get({"ctrlDeps", "ctrl_deps"}), *node.mutable_control_dependencies());
        const Json inputs = Get({"inputs"});
        if (inputs.is_object())
        {
            const auto text = [&inputs](const char* name) {
                const auto found = inputs.find(name);
                return found == inputs.end() ? ""
                       : found->is_string()  ? found->get<std::string>()
                                             : found->dump();
            };
            node.mutable_inputs()->set_values(text("values"));
            node.mutable_inputs()->set_shapes(text("shapes"));
            node.mutable_inputs()->set_types(text("types"));
        }
        ReadAttributes(*node.mutable_attributes());
        return true;
    }

    Where GetPlace() const override
    {
        return m_items.GetPlace();
    }

  private:
    using Attributes = google::protobuf::RepeatedPtrField<Attribute>;

    bool Take()
    {
        do
        {
            if (!m_items.Next())
            {
                return false;
            }
        } while (m_isList && m_items.GetArray() != "workload_graph");
        m_object = m_items.Parse();
        if (!m_object.is_object())
        {
            Refuse("a node should be an object, as {\"id\": 1, \"type\": \"COMP_NODE\"}");
        }
        return true;
    }

    /** @return the first of some members that is there, or null. */
    Json Get(std::initializer_list<const char*> names) const
    {
        for (const char* name : names)
        {
            const auto found = m_object.find(name);
            if (found != m_object.end())
            {
                return *found;
            }
        }
        return {};
    }

    uint64_t Number(const char* what, const Json& value, uint64_t absent) const
    {
        if (value.is_null())
        {
            return absent;
        }
        const auto number = ReadWhole(value);
        if (!number)
        {
            Refuse(std::string(what) + " is no whole number from 0");
        }
        return *number;
    }

    template <typename List>
    void ReadList(const char* what, const Json& value, List& list) const
    {
        if (value.is_array())
        {
            for (const Json& item : value)
            {
                list.Add(Number(what, item, 0));
            }
        }
        else if (!value.is_null())
        {
            list.Add(Number(what, value, 0));
        }
    }

    /** Put a value into an attribute. */
    void SetValue(Attribute& attribute, const Json& value) const
    {
        if (attribute.name() == "comm_type" && value.is_string())
        {
            if (const auto type = FindWord(COLLECTIVES, value))
            {
                attribute.set_uint64_value(*type);
                return;
            }
        }
        if (value.is_boolean())
        {
            attribute.set_bool_value(value.get<bool>());
        }
        else if (value.is_number_integer())
        {
            value.is_number_unsigned() ? attribute.set_uint64_value(value.get<uint64_t>())
                                       : attribute.set_int64_value(value.get<int64_t>());
        }
        else if (value.is_number())
        {
            attribute.set_double_value(value.get<double>());
        }
        else if (value.is_string())
        {
            attribute.set_string_value(value.get<std::string>());
        }
        else if (value.is_object() && value.contains("values") && value["values"].is_array())
        {
            for (const Json& item : value["values"])
            {
                attribute.mutable_uint64_list()->add_values(ReadWhole(item).value_or(0));
            }
        }
    }

    void ReadAttributes(Attributes& attributes) const
    {
        if (m_isList)
        {
            for (const auto& [name, value] : m_object.items())
            {
                Attribute* attribute = attributes.Add();
                attribute->set_name(name);
                SetValue(*attribute, value);
            }
            return;
        }
        const Json list = Get({"attr", "attrs"});
        if (!list.is_array())
        {
            return;
        }
        for (const Json& item : list)
        {
            if (!item.is_object() || !item.contains("name"))
            {
                Refuse("an attribute should be an object with a name");
            }
            Attribute* attribute = attributes.Add();
            attribute->set_name(ReadWord(item["name"]));
            for (const auto& [name, value] : item.items())
            {
                const std::string kind = ToSnake(name);
                const bool isNumber = value.is_string() && kind != "string_val" &&
                                      kind != "bytes_val" && kind.ends_with("_val");
                if (isNumber)
                {
                    const Json number = Json::parse(value.get<std::string>(), nullptr, false);
                    SetValue(*attribute, number.is_number() ? number : value);
                }
                else if (kind.ends_with("_val") || kind.ends_with("_list") || kind == "value")
                {
                    SetValue(*attribute, value);
                }
            }
        }
    }

    JsonItems m_items;    //!< The file
    Json m_object;        //!< The record
    bool m_isList;        //!< Names are ASTRA-sim's
    bool m_isHeld{false}; //!< The record is yet to be taken
};

} // namespace

std::unique_ptr<ChakraRecords>
OpenChakra(const std::string& file)
{
    const TraceHead head(file);
    if (!head.IsJson())
    {
        return std::make_unique<BinaryRecords>(file);
    }
    return std::make_unique<JsonRecords>(file, head.HasJsonKey("workload_graph"));
}

} // namespace mtlink
} // namespace ns3
