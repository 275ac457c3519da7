/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/timeline-writer.h"

#include "measure/atomic-file.h"
#include "measure/number-text.h"
#include "measure/result-tables.h"

#include <algorithm>
#include <tuple>

namespace ns3
{
namespace mtlink
{

namespace
{

/**
 * @param [in] share A part of one.
 * @return the same in percent, rounded as in series.csv.
 */
double
Percent(double share)
{
    return RoundShare(share * 100);
}

} // namespace

bool
TimelineTrack::operator<(const TimelineTrack& other) const
{
    return std::tie(process, order, category) <
           std::tie(other.process, other.order, other.category);
}

void
AssignLanes(std::vector<TimelineSlice>& slices, std::size_t limit)
{
    std::vector<Tick> ends; // by lane: of its last slice
    const TimelineSlice* last = nullptr;
    for (TimelineSlice& slice : slices)
    {
        if (!last || !(last->track == slice.track))
        {
            ends.clear();
        }
        last = &slice;
        auto lane = std::find_if(ends.begin(), ends.end(), [&slice](Tick end) {
            return end <= slice.start;
        });
        if (lane == ends.end() && ends.size() == limit)
        {
            slice.lane = TimelineSlice::NO_LANE;
            continue;
        }
        lane = lane == ends.end() ? ends.insert(lane, 0) : lane;
        *lane = slice.end;
        slice.lane = static_cast<uint32_t>(lane - ends.begin());
    }
}

TimelineWriter::TimelineWriter(const RunResults& results,
                               const CriticalPaths& paths,
                               AtomicFile& file)
    : m_results(results),
      m_paths(paths),
      m_file(file),
      m_out(m_text, JsonWriter::Layout::COMPACT)
{
    m_out.BeginObject();
    m_out.Key("displayTimeUnit");
    m_out.String("ns");
    m_out.Key("traceEvents");
    m_out.BeginArray();
}

void
TimelineWriter::NameProcess(uint64_t process, const std::string& name)
{
    BeginMeta("process_name", process, 0, "name");
    m_out.String(name);
    EndMeta();
    BeginMeta("process_sort_index", process, 0, "sort_index");
    m_out.Unsigned(++m_processes);
    EndMeta();
}

std::size_t
TimelineWriter::WriteSlices(const std::vector<TimelineSlice>& slices)
{
    std::size_t leftOut = 0;
    std::vector<uint64_t> threads; // by lane
    const TimelineSlice* last = nullptr;
    for (const TimelineSlice& slice : slices)
    {
        if (!last || !(last->track == slice.track))
        {
            threads.clear();
        }
        last = &slice;
        if (slice.lane == TimelineSlice::NO_LANE)
        {
            ++leftOut;
            continue;
        }
        // A lane is opened by its first slice, the next one after it.
        if (slice.lane == threads.size())
        {
            threads.push_back(++m_threads);
            const TimelineTrack& track = slice.track;
            BeginMeta("thread_name", track.process, m_threads, "name");
            m_out.String(track.prefix + track.category +
                         (slice.lane == 0 ? "" : " " + std::to_string(slice.lane + 1)));
            EndMeta();
            BeginMeta("thread_sort_index", track.process, m_threads, "sort_index");
            m_out.Unsigned(track.order);
            EndMeta();
        }
        WriteSlice(slice, threads[slice.lane]);
        WriteArrow(slice, threads[slice.lane]);
    }
    return leftOut;
}

void
TimelineWriter::WriteQueue(uint64_t process, const std::string& name, Tick at, uint32_t flits)
{
    BeginCounter(process, name + " queue", at);
    m_out.Key("flits");
    m_out.Unsigned(flits);
    EndCounter();
}

void
TimelineWriter::WriteCounter(uint64_t process,
                             const std::string& name,
                             Tick at,
                             double busy,
                             double stall)
{
    BeginCounter(process, name, at);
    m_out.Key("busy_percent");
    m_out.Number(Percent(busy));
    m_out.Key("stall_percent");
    m_out.Number(Percent(stall));
    EndCounter();
}

void
TimelineWriter::Finish(const std::vector<std::pair<std::string, std::size_t>>& leftOut)
{
    m_out.EndArray();
    m_out.Key("otherData");
    m_out.BeginObject();
    m_out.Key("name");
    m_out.String(m_results.name);
    WritePaths();
    for (const auto& [key, count] : leftOut)
    {
        m_out.Key(key);
        m_out.Unsigned(count);
    }
    m_out.EndObject();
    m_out.EndObject();
    m_text += '\n';
    Flush();
}

void
TimelineWriter::BeginEvent(const char* phase, uint64_t process, const std::string& name, Tick at)
{
    m_out.BeginObject();
    m_out.Key("ph");
    m_out.String(phase);
    m_out.Key("pid");
    m_out.Unsigned(process);
    m_out.Key("name");
    m_out.String(name);
    m_out.Key("ts");
    m_out.Microseconds(WholeNanoseconds(at));
}

void
TimelineWriter::EndEvent()
{
    m_out.EndObject();
    Flush();
}

void
TimelineWriter::BeginCounter(uint64_t process, const std::string& name, Tick at)
{
    BeginEvent("C", process, name, at);
    m_out.Key("args");
    m_out.BeginObject();
}

void
TimelineWriter::EndCounter()
{
    m_out.EndObject();
    EndEvent();
}

void
TimelineWriter::BeginMeta(const char* event, uint64_t process, uint64_t thread, const char* key)
{
    m_out.BeginObject();
    m_out.Key("ph");
    m_out.String("M");
    m_out.Key("pid");
    m_out.Unsigned(process);
    m_out.Key("tid");
    m_out.Unsigned(thread);
    m_out.Key("name");
    m_out.String(event);
    m_out.Key("args");
    m_out.BeginObject();
    m_out.Key(key);
}

void
TimelineWriter::EndMeta()
{
    m_out.EndObject();
    m_out.EndObject();
    Flush();
}

void
TimelineWriter::WriteSlice(const TimelineSlice& slice, uint64_t thread)
{
    BeginEvent("X", slice.track.process, slice.name, slice.start);
    m_out.Key("tid");
    m_out.Unsigned(thread);
    m_out.Key("cat");
    m_out.String(slice.track.category);
    m_out.Key("dur");
    m_out.Microseconds(WholeNanoseconds(slice.end) - WholeNanoseconds(slice.start));
    if (slice.subject != TimelineSlice::NOTHING)
    {
        m_out.Key("args");
        m_out.BeginObject();
        switch (slice.subject)
        {
        case TimelineSlice::NOTHING:
            break;
        case TimelineSlice::COLLECTIVE:
            WriteArguments(m_results.collectives[slice.index]);
            break;
        case TimelineSlice::MESSAGE:
            WriteArguments(m_results.messages[slice.index]);
            break;
        case TimelineSlice::STEP:
            WriteArguments(m_paths.paths[slice.path].list[slice.index]);
            break;
        }
        m_out.EndObject();
    }
    EndEvent();
}

void
TimelineWriter::WriteArrow(const TimelineSlice& slice, uint64_t thread)
{
    if (slice.arrow == TimelineSlice::NO_ARROW)
    {
        return;
    }
    // It belongs to the slice of its thread that is under way at its time, of those written before.
    constexpr Tick NANOSECOND{1000};
    const bool isEnd = slice.arrow == TimelineSlice::TO;
    BeginEvent(isEnd ? "f" : "s",
               slice.track.process,
               "message",
               isEnd ? WholeNanoseconds(slice.end) - NANOSECOND : slice.start);
    m_out.Key("tid");
    m_out.Unsigned(thread);
    m_out.Key("cat");
    m_out.String("message");
    m_out.Key("id");
    m_out.Unsigned(m_results.messages[slice.index].id);
    if (isEnd)
    {
        m_out.Key("bp");
        m_out.String("e"); // the slice around it, not the next one
    }
    EndEvent();
}

void
TimelineWriter::WriteArguments(const CollectiveResult& collective)
{
    m_out.Key("collective");
    m_out.Unsigned(collective.id);
    m_out.Key("algorithm");
    m_out.String(collective.algorithm);
    m_out.Key("ranks");
    m_out.Unsigned(collective.ranks);
    m_out.Key("bytes");
    m_out.Unsigned(collective.bytes);
    m_out.Key("busbw_GBps");
    m_out.Number(GetBusBandwidth(collective));
    m_out.Key("finished");
    m_out.Bool(collective.end != NEVER);
}

void
TimelineWriter::WriteArguments(const MessageResult& message)
{
    m_out.Key("message");
    m_out.Unsigned(message.id);
    m_out.Key("src");
    m_out.Unsigned(message.src);
    m_out.Key("dst");
    m_out.Unsigned(message.dst);
    m_out.Key("bytes");
    m_out.Unsigned(message.bytes);
    if (message.collective >= 0)
    {
        m_out.Key("collective");
        m_out.Unsigned(static_cast<uint64_t>(message.collective));
    }
    m_out.Key("finished");
    m_out.Bool(message.end != NEVER);
}

void
TimelineWriter::WriteArguments(const CriticalStepResult& step)
{
    m_out.Key("kind");
    m_out.String(CRITICAL_KIND_NAMES[step.kind]);
    m_out.Key("waited_for");
    m_out.String(step.after);
    m_out.Key("rank");
    m_out.Unsigned(step.rank);
    if (step.collective >= 0)
    {
        m_out.Key("collective");
        m_out.Unsigned(static_cast<uint64_t>(step.collective));
    }
    m_out.Key("duration_ns");
    m_out.Nanoseconds(step.end - step.start); // the slice's is cut
}

void
TimelineWriter::WritePaths()
{
    if (m_paths.paths.empty())
    {
        return;
    }
    m_out.Key("critical_paths");
    m_out.BeginArray();
    for (const CriticalPathResult& path : m_paths.paths)
    {
        m_out.BeginObject();
        m_out.Key("workload");
        m_out.String(path.workload);
        for (std::size_t kind = 0; kind < path.time.size(); ++kind)
        {
            m_out.Key(std::string(CRITICAL_KIND_NAMES[kind]) + "_ns");
            m_out.Nanoseconds(path.time[kind]);
        }
        m_out.Key("steps");
        m_out.Unsigned(path.steps);
        m_out.Key("steps_left_out");
        m_out.Unsigned(path.leftOut);
        m_out.EndObject();
    }
    m_out.EndArray();
}

void
TimelineWriter::Flush()
{
    m_file.Write(m_text);
    m_text.clear();
}

} // namespace mtlink
} // namespace ns3
