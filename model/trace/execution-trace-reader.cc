/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/execution-trace-reader.h"

#include "trace/call-trace.h"
#include "trace/json-items.h"
#include "trace/pytorch-calls.h"
#include "trace/tensor-size.h"
#include "workload/collective/collective-kind.h"

#include <algorithm>
#include <map>
#include <optional>

namespace ns3
{
namespace mtlink
{

namespace
{

using Json = nlohmann::json;

/** @return a member, or null. */
Json
Get(const Json& object, const char* name)
{
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found == object.end() ? Json() : *found;
}

/** A node's arguments and attributes, in whichever schema. */
struct CommNode
{
    Json inputs;                            //!< Values
    Json outputs;                           //!< Values
    std::map<std::string, Json> attributes; //!< By name

    explicit CommNode(const Json& node)
    {
        const Json in = Get(node, "inputs");
        const Json out = Get(node, "outputs");
        inputs = in.is_object() ? Get(in, "values") : in;
        outputs = out.is_object() ? Get(out, "values") : out;
        const Json list = Get(node, "attrs");
        for (std::size_t i = 0; list.is_array() && i < list.size(); ++i)
        {
            attributes[ReadWord(Get(list[i], "name"))] = Get(list[i], "value");
        }
        for (const char* name : {"collective_name", "pg_name", "in_msg_nelems"})
        {
            if (node.contains(name))
            {
                attributes[name] = node[name];
            }
        }
    }

    /** @return an attribute, or null. */
    Json GetAttribute(const char* name) const
    {
        const auto found = attributes.find(name);
        return found == attributes.end() ? Json() : found->second;
    }

    /** @return the input at a place, or null. */
    Json GetInput(std::size_t place) const
    {
        return inputs.is_array() && place < inputs.size() ? inputs[place] : Json();
    }

    /** @return the place of the name among the inputs: a small word; their number: there is none.
     */
    std::size_t FindName() const
    {
        const std::size_t count = inputs.is_array() ? inputs.size() : 0;
        for (std::size_t i = 1; i < count; ++i)
        {
            const std::string word = inputs[i].is_string() ? inputs[i].get<std::string>() : "";
            if (word == "wait" || word == "init" || FindNamedCall(word))
            {
                return i;
            }
        }
        return count;
    }
};

/** Reads the files of all ranks. */
class NodesReader
{
  public:
    explicit NodesReader(const std::string& path)
    {
        m_trace.format = "pytorch-et";
        const std::vector<std::string> files = ListRankFiles(path);
        const std::vector<uint32_t> ranks = GuessRanks(files);
        for (std::size_t i = 0; i < files.size(); ++i)
        {
            ReadFile(files[i], files.size() > 1 ? std::optional(ranks[i]) : std::nullopt);
        }
    }

    CallTrace TakeTrace()
    {
        return std::move(m_trace);
    }

  private:
    void ReadFile(const std::string& file, std::optional<uint32_t> rank)
    {
        m_own = CallRank();
        m_own.file = file;
        m_told.reset();
        m_byRequest.clear();
        m_waited.clear();
        JsonItems items(file, JsonItems::ELEMENTS);
        while (items.Next())
        {
            const bool isOfCalls =
                items.GetArray() == "nodes" &&
                (items.GetText().find("record_param_comms") != std::string::npos ||
                 items.GetText().find("process_group:init") != std::string::npos);
            if (isOfCalls)
            {
                TakeNode(items);
            }
        }
        if (m_trace.version.empty())
        {
            m_trace.version = items.GetMemberText("schema");
        }
        const uint32_t number = rank ? *rank : m_told.value_or(0);
        CallRank& place = m_trace.GetRank(number);
        if (!place.file.empty())
        {
            throw InputError({file},
                             "this is rank " + std::to_string(number) + "'s trace, as " +
                                 place.file + " is: leave one of them in the folder");
        }
        place = std::move(m_own);
    }

    void TakeNode(const JsonItems& items)
    {
        const Json node = items.Parse();
        const std::string name = ReadWord(Get(node, "name"));
        if (name.find("process_group:init") != std::string::npos)
        {
            ReadGroups(node);
        }
        else if (name == "record_param_comms")
        {
            ReadCall(items, node);
        }
    }

    void ReadGroups(const Json& node)
    {
        const CommNode parts(node);
        const Json first = parts.GetInput(0);
        const Json list =
            first.is_string() ? Json::parse(first.get<std::string>(), nullptr, false) : first;
        for (std::size_t i = 0; list.is_array() && i < list.size(); ++i)
        {
            CallGroup& group = m_trace.groups[m_trace.GetGroup(ReadWord(Get(list[i], "pg_name")))];
            const auto ranks = ReadRanks(Get(list[i], "ranks"));
            group.members = ranks.empty() ? group.members : ranks;
            const auto size = ReadWhole(Get(list[i], "group_size"));
            group.size = !group.members.empty()        ? static_cast<uint32_t>(group.members.size())
                         : size && *size <= MOST_RANKS ? static_cast<uint32_t>(*size)
                                                       : group.size;
            const std::string id = ReadWord(Get(list[i], "backend_id"));
            if (!id.empty())
            {
                m_nameOf[{m_own.file, id}] = group.name;
            }
        }
    }

    /** @return the name of a call's group, from its attributes or inputs. */
    std::string FindGroup(const CommNode& parts, std::size_t name)
    {
        const Json told = parts.GetAttribute("pg_name");
        if (!told.is_null())
        {
            return ReadWord(told);
        }
        const Json value = name >= 2 ? parts.GetInput(name - 2) : Json();
        if (value.is_array() && !value.empty())
        {
            return ReadWord(value[0]);
        }
        const std::string word = ReadWord(value);
        const auto list = Json::parse(word, nullptr, false);
        if (list.is_array() && !list.empty())
        {
            return ReadWord(list[0]);
        }
        const auto known = m_nameOf.find({m_own.file, word});
        if (known != m_nameOf.end())
        {
            return known->second;
        }
        // An address, another in each rank: groups go together in the order of their first use.
        const auto [entry, isNew] =
            m_nameOf.try_emplace({m_own.file, word},
                                 "group " + std::to_string(m_unnamed[m_own.file]));
        m_unnamed[m_own.file] += isNew;
        return entry->second;
    }

    void ReadCall(const JsonItems& items, const Json& node)
    {
        const CommNode parts(node);
        const std::size_t name = parts.FindName();
        std::string word = ReadWord(parts.GetAttribute("collective_name"));
        word = word.empty() ? ReadWord(parts.GetInput(name)) : word;
        const Json request = name >= 3 ? parts.GetInput(name - 3) : Json();
        if (word == "wait")
        {
            ++m_trace.notes["wait records are no collectives: what follows comes after them"];
            const auto made = m_byRequest.find(ReadWord(request));
            if (made != m_byRequest.end())
            {
                m_waited[m_own.calls[made->second].stream] = made->second;
            }
            return;
        }
        const auto named = FindNamedCall(word);
        if (!named)
        {
            ++m_trace.notes["records of init and the like are no collectives: passed over"];
            return;
        }
        RecordedCall call;
        call.type = named->type;
        call.collective = named->collective;
        call.line = items.GetNumber();
        call.column = items.GetByte();
        call.group = m_trace.GetGroup(FindGroup(parts, name));
        call.stream = call.group;
        ReadMembers(call, parts, name);
        ReadSize(call, parts, name);
        if (call.type != RecordedCall::COLLECTIVE || GetCollectiveKind(call.collective).HasRoot())
        {
            ReadPeer(items, call, parts, *named);
        }
        if (m_trace.groups[call.group].size == 1)
        {
            ++m_trace.notes["calls are of groups of one rank: they move nothing"];
            return;
        }
        for (const auto& [stream, waited] : m_waited) // a stream's earlier ones are before it
        {
            call.after.push_back(waited);
        }
        m_byRequest[ReadWord(request)] = static_cast<uint32_t>(m_own.calls.size());
        m_own.calls.push_back(std::move(call));
    }

    /** Take what a call says of its group's members, and of its own rank. */
    void ReadMembers(const RecordedCall& call, const CommNode& parts, std::size_t name)
    {
        CallGroup& group = m_trace.groups[call.group];
        const auto whole = [&parts](const char* attribute, std::size_t input) {
            const auto told = ReadWhole(parts.GetAttribute(attribute));
            const auto value = told ? told : ReadWhole(parts.GetInput(input));
            return value && *value <= MOST_RANKS ? value : std::nullopt;
        };
        // Behind the name and the two lists of splits: start, stride and size, or the size alone.
        const std::size_t count = parts.inputs.is_array() ? parts.inputs.size() : 0;
        const bool isLong = count > name + 5;
        const auto size = whole("pg_size", isLong ? name + 5 : name + 3);
        const auto start = whole("global_rank_start", isLong ? name + 3 : count);
        const auto stride = whole("global_rank_stride", isLong ? name + 4 : count);
        if (size && *size > 0 && group.size == 0)
        {
            group.size = static_cast<uint32_t>(*size);
        }
        const bool isRegular = start && stride && *stride > 0 && group.size > 0 &&
                               *start + *stride * group.size <= MOST_RANKS;
        for (uint32_t i = 0; isRegular && group.members.size() < group.size; ++i)
        {
            group.members.resize(i);
            group.members.push_back(static_cast<uint32_t>(*start + *stride * i));
        }
        const auto rank = name >= 1 ? ReadWhole(parts.GetInput(name - 1)) : std::nullopt;
        if (rank && *rank < MOST_RANKS && !m_told)
        {
            m_told =
                *rank < group.members.size() ? group.members[*rank] : static_cast<uint32_t>(*rank);
        }
    }

    void ReadSize(RecordedCall& call, const CommNode& parts, std::size_t name)
    {
        const uint32_t element = GetElementBytes(ReadWord(parts.GetAttribute("dtype")));
        const auto in = ReadWhole(parts.GetAttribute("in_msg_nelems"));
        const auto out = ReadWhole(parts.GetAttribute("out_msg_nelems"));
        constexpr uint64_t MOST = uint64_t{1} << 46; // elements
        uint64_t inBytes = element * std::min(in.value_or(0), MOST);
        uint64_t outBytes = element * std::min(out.value_or(0), MOST);
        uint64_t splitBytes = element;
        if (inBytes == 0 && outBytes == 0)
        {
            inBytes = SumFirstTensors(parts.inputs.dump(-1, ' ', false, REPLACE)).value_or(0);
            outBytes = SumFirstTensors(parts.outputs.dump(-1, ' ', false, REPLACE)).value_or(0);
            const Json first = parts.GetInput(0);
            splitBytes = first.is_array() && first.size() > 4 ? ReadWhole(first[4]).value_or(0) : 0;
        }
        const std::string_view kind = call.collective ? call.collective : "";
        if (inBytes == 0 && outBytes == 0 && kind != "barrier")
        {
            ++m_trace.notes["calls have no size, or one of 0 bytes: they move nothing"];
        }
        SetSizes(call, inBytes, outBytes, m_trace.groups[call.group].size);
        if (kind.starts_with("all_to_all"))
        {
            const Json told = parts.GetAttribute("in_split_size");
            SetSplits(call, told.is_null() ? parts.GetInput(name + 1) : told, splitBytes);
        }
    }

    void ReadPeer(const JsonItems& items,
                  RecordedCall& call,
                  const CommNode& parts,
                  const NamedCall& named)
    {
        call.peer = named.peer;
        for (const char* name : {"root_rank", "dst_rank", "src_rank"})
        {
            const auto rank = ReadWhole(parts.GetAttribute(name));
            call.peer = rank && *rank < MOST_RANKS ? static_cast<uint32_t>(*rank) : call.peer;
        }
        if (call.peer == NONE && call.type != RecordedCall::COLLECTIVE)
        {
            items.Refuse(
                "this trace does not say who is the peer of a message: take a trace of the "
                "profiler (Kineto), or a log of NCCL");
        }
        if (call.peer == NONE)
        {
            call.peer = 0;
            ++m_trace.notes["roots are not recorded: the group's first is taken"];
        }
    }

    static constexpr auto REPLACE = Json::error_handler_t::replace;

    CallTrace m_trace;                           //!< So far
    CallRank m_own;                              //!< Of the file
    std::optional<uint32_t> m_told;              //!< Rank, as a record says
    std::map<std::string, uint32_t> m_byRequest; //!< Calls, by their request
    std::map<uint32_t, uint32_t> m_waited;       //!< Last call waited for, by stream
    std::map<std::pair<std::string, std::string>, std::string> m_nameOf; //!< By file, address
    std::map<std::string, uint32_t> m_unnamed; //!< Groups without name, by file
};

} // namespace

OperationGraph
ReadExecutionTrace(const std::string& path, const TraceOptions& options)
{
    CallTrace trace = NodesReader(path).TakeTrace();
    CompleteCalls(trace, options.standFor);
    return BuildCalls(trace, options);
}

TraceSummary
SummariseExecutionTrace(const std::string& path)
{
    return SummariseCalls(NodesReader(path).TakeTrace());
}

bool
LooksLikeExecutionTrace(const TraceHead& head)
{
    return head.HasJsonKey("schema") && head.HasJsonKey("nodes");
}

} // namespace mtlink
} // namespace ns3
