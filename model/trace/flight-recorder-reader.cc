/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/flight-recorder-reader.h"

#include "trace/call-trace.h"
#include "trace/json-items.h"
#include "trace/pytorch-calls.h"
#include "trace/tensor-size.h"
#include "workload/collective/collective-kind.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace ns3
{
namespace mtlink
{

namespace
{

using Json = nlohmann::json;

constexpr uint64_t MOST_ELEMENTS = uint64_t{1} << 46; //!< Of a call

/** @return a member, or null. */
Json
Get(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found == object.end() ? Json() : *found;
}

/** Reads the dumps of all ranks. */
class DumpReader
{
  public:
    explicit DumpReader(const std::string& path)
    {
        m_trace.format = "flight-recorder";
        const std::vector<std::string> files = ListRankFiles(path);
        const std::vector<uint32_t> ranks = GuessRanks(files);
        for (std::size_t i = 0; i < files.size(); ++i)
        {
            ReadFile(files[i], ranks[i]);
        }
        LeaveOutUnshared();
    }

    CallTrace TakeTrace()
    {
        return std::move(m_trace);
    }

  private:
    void ReadFile(const std::string& file, uint32_t rank)
    {
        m_rank = rank;
        m_trace.GetRank(rank).file = file;
        JsonItems items(file, JsonItems::ELEMENTS);
        while (items.Next())
        {
            if (items.GetArray() == "entries")
            {
                const Json entry = items.Parse();
                entry.is_object() ? ReadEntry(items, entry)
                                  : items.Refuse("an entry should be an object");
            }
        }
        if (m_trace.version.empty())
        {
            m_trace.version = items.GetMemberText("version");
        }
        const auto& members = items.GetMembers();
        const auto groups = members.find("pg_config");
        if (groups != members.end())
        {
            ReadGroups(Json::parse(groups->second, nullptr, false));
        }
    }

    void ReadGroups(const Json& groups)
    {
        if (!groups.is_object())
        {
            return;
        }
        for (const auto& [name, value] : groups.items())
        {
            const auto ranks =
                value.is_object() ? ReadRanks(Get(value, "ranks")) : std::vector<uint32_t>{};
            if (!ranks.empty())
            {
                CallGroup& group = m_trace.groups[m_trace.GetGroup(name)];
                group.members = ranks;
                group.size = static_cast<uint32_t>(ranks.size());
            }
        }
    }

    /** @return bytes of an entry's tensors. */
    static uint64_t AddUp(const JsonItems& items, const Json& sizes, const Json& types)
    {
        uint64_t bytes = 0;
        for (std::size_t i = 0; sizes.is_array() && i < sizes.size(); ++i)
        {
            uint64_t elements = 1;
            for (const Json& side : sizes[i])
            {
                const uint64_t length = ReadWhole(side).value_or(MOST_ELEMENTS + 1);
                if (length > 0 && elements > MOST_ELEMENTS / length)
                {
                    items.Refuse("its sizes are no lists of whole numbers, or too large");
                }
                elements *= length;
            }
            const std::string type = types.is_array() && i < types.size() ? ReadWord(types[i]) : "";
            const uint32_t each = GetElementBytes(type);
            if (each == 0)
            {
                items.Refuse("its type of elements is " + Quote(type) +
                             ", which is not known: Float, BFloat16, Long, ... are");
            }
            bytes += elements * each;
        }
        return bytes;
    }

    void ReadEntry(const JsonItems& items, const Json& entry)
    {
        const std::string name = ReadWord(Get(entry, "profiling_name"));
        const auto named = FindNamedCall(name);
        if (!named)
        {
            ++m_trace.notes["entries move no data (coalesced, barrier's kernel, ...): passed over"];
            return;
        }
        const Json group = Get(entry, "process_group");
        const std::string groupName = group.is_array() && !group.empty() ? ReadWord(group[0])
                                      : group.is_null() ? ReadWord(Get(entry, "pg_id"))
                                                        : ReadWord(group);
        RecordedCall call;
        call.type = named->type;
        call.collective = named->collective;
        call.group = m_trace.GetGroup(groupName);
        call.stream = call.group;
        call.line = items.GetNumber();
        call.column = items.GetByte();
        const uint64_t in = AddUp(items, Get(entry, "input_sizes"), Get(entry, "input_dtypes"));
        const uint64_t out = AddUp(items, Get(entry, "output_sizes"), Get(entry, "output_dtypes"));
        const Json duration = Get(entry, "duration_ms");
        if (duration.is_number() && duration.get<double>() > 0 && duration.get<double>() < 8.64e9)
        {
            constexpr double MILLISECOND = 1e9; // in ps
            call.duration = std::llround(duration.get<double>() * MILLISECOND);
        }
        if (call.type != RecordedCall::COLLECTIVE)
        {
            if (named->peer == NONE)
            {
                items.Refuse("its name does not say who is the peer, as \"nccl:send 0->1\" does");
            }
            call.peer = named->peer;
            call.batch = static_cast<uint32_t>(ReadWhole(Get(entry, "p2p_seq_id")).value_or(0));
        }
        else if (GetCollectiveKind(call.collective).HasRoot())
        {
            ++m_trace.notes["roots are not recorded: the group's first is taken"];
        }
        const std::string state = ReadWord(Get(entry, "state"));
        m_trace.notes["calls had not completed when the dump was written"] +=
            !state.empty() && state != "completed";
        m_sequence[m_rank].push_back(ReadWhole(Get(entry, "collective_seq_id"))
                                         .value_or(ReadWhole(Get(entry, "seq_id")).value_or(NONE)));
        m_sizes[m_rank].emplace_back(in, out);
        m_trace.GetRank(m_rank).calls.push_back(std::move(call));
    }

    /** Leave out collectives that some member's ring holds no more; and set sizes by members. */
    void LeaveOutUnshared()
    {
        std::map<uint32_t, std::pair<uint64_t, uint64_t>> shared; // first and last, by group
        for (uint32_t rank = 0; rank < m_trace.ranks.size(); ++rank)
        {
            std::map<uint32_t, std::pair<uint64_t, uint64_t>> own;
            const auto& calls = m_trace.ranks[rank].calls;
            for (std::size_t i = 0; i < calls.size(); ++i)
            {
                const uint64_t at = m_sequence[rank][i];
                if (calls[i].type == RecordedCall::COLLECTIVE)
                {
                    const auto [entry, isNew] = own.try_emplace(calls[i].group, at, at);
                    entry->second = {std::min(entry->second.first, at),
                                     std::max(entry->second.second, at)};
                }
            }
            for (const auto& [group, span] : own)
            {
                const auto [entry, isNew] = shared.try_emplace(group, span);
                entry->second = {std::max(entry->second.first, span.first),
                                 std::min(entry->second.second, span.second)};
            }
        }
        for (uint32_t rank = 0; rank < m_trace.ranks.size(); ++rank)
        {
            std::vector<RecordedCall> kept;
            auto& calls = m_trace.ranks[rank].calls;
            for (std::size_t i = 0; i < calls.size(); ++i)
            {
                const bool isCollective = calls[i].type == RecordedCall::COLLECTIVE;
                const auto span = isCollective ? shared.at(calls[i].group)
                                               : std::pair<uint64_t, uint64_t>{0, UINT64_MAX};
                const uint64_t at = m_sequence[rank][i];
                if (isCollective && (at < span.first || at > span.second))
                {
                    ++m_trace.notes["calls are left out that not all ranks' buffers hold"];
                    continue;
                }
                const auto& [in, out] = m_sizes[rank][i];
                SetSizes(calls[i], in, out, m_trace.groups[calls[i].group].size);
                kept.push_back(std::move(calls[i]));
            }
            calls = std::move(kept);
        }
    }

    CallTrace m_trace;                                    //!< So far
    uint32_t m_rank{0};                                   //!< Whose file
    std::map<uint32_t, std::vector<uint64_t>> m_sequence; //!< collective_seq_id by rank, call
    std::map<uint32_t, std::vector<std::pair<uint64_t, uint64_t>>> m_sizes; //!< In, out
};

} // namespace

OperationGraph
ReadFlightRecorder(const std::string& path, const TraceOptions& options)
{
    CallTrace trace = DumpReader(path).TakeTrace();
    CompleteCalls(trace, options.standFor);
    return BuildCalls(trace, options);
}

std::vector<Tick>
MeasureFlightRecorder(const std::string& path, uint32_t standFor)
{
    CallTrace trace = DumpReader(path).TakeTrace();
    CompleteCalls(trace, standFor);
    return ListMeasured(trace);
}

TraceSummary
SummariseFlightRecorder(const std::string& path)
{
    return SummariseCalls(DumpReader(path).TakeTrace());
}

bool
LooksLikeFlightRecorder(const TraceHead& head)
{
    return head.HasJsonKey("entries") &&
           (head.HasJsonKey("pg_config") || head.HasJsonKey("version"));
}

} // namespace mtlink
} // namespace ns3
