/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/timeline.h"

#include "measure/atomic-file.h"
#include "measure/even-sample.h"
#include "measure/json-writer.h"
#include "measure/number-text.h"
#include "measure/rank-spans.h"
#include "measure/result-tables.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <tuple>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t COLLECTIVES_PROCESS{1};             //!< Process 0 is the idle task of a viewer
constexpr uint64_t LINKS_PROCESS{2};                   //!< Counters
constexpr uint64_t FIRST_RANK_PROCESS{100};            //!< Rank 0
constexpr uint64_t FIRST_STAGE_PROCESS{2'000'000'000}; //!< Stage 0 of a training

/** A slice to be drawn. */
struct Slice
{
    uint64_t process{0};    //!< Where
    std::string category;   //!< Its threads are named by it
    std::string name;       //!< What to show
    Tick start{0};          //!< Start
    Tick end{0};            //!< End
    int64_t collective{-1}; //!< Index of the collective that it is of, or -1
    int64_t message{-1};    //!< Index of the message that it is, or -1
};

/**
 * @tparam Duration Callable.
 * @tparam Wanted Callable.
 * @param [in] count Number of things.
 * @param [in] limit Keep so many.
 * @param [in] duration Gives the duration of a thing by its index.
 * @param [in] isWanted Tells by its index whether a thing may be kept.
 * @return the indices of the longest things, in order.
 */
template <typename Duration, typename Wanted>
std::vector<size_t>
Longest(size_t count, size_t limit, Duration duration, Wanted isWanted)
{
    std::vector<size_t> kept;
    for (size_t i = 0; i < count; ++i)
    {
        if (isWanted(i))
        {
            kept.push_back(i);
        }
    }
    if (kept.size() > limit)
    {
        std::nth_element(kept.begin(),
                         kept.begin() + static_cast<std::ptrdiff_t>(limit),
                         kept.end(),
                         [&duration](size_t a, size_t b) {
                             return std::pair(-duration(a), a) < std::pair(-duration(b), b);
                         });
        kept.resize(limit);
        std::sort(kept.begin(), kept.end());
    }
    return kept;
}

/** Longest() of all things. */
template <typename Duration>
std::vector<size_t>
Longest(size_t count, size_t limit, Duration duration)
{
    return Longest(count, limit, duration, [](size_t) { return true; });
}

/** The ranks that are shown: all, or evenly some of very many. */
class RankSample
{
  public:
    /**
     * @param [in] results The run.
     * @param [in] spans The ranks' parts in its collectives.
     * @param [in] limit Most ranks.
     */
    RankSample(const RunResults& results, const std::vector<RankSpan>& spans, size_t limit)
    {
        std::vector<uint32_t> ranks;
        for (const auto& span : spans)
        {
            ranks.push_back(span.rank);
        }
        for (const auto& operation : results.operations)
        {
            ranks.push_back(operation.rank);
        }
        for (const auto& message : results.messages)
        {
            ranks.push_back(message.src);
        }
        std::sort(ranks.begin(), ranks.end());
        ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
        m_oneIn = OneIn(ranks.size(), limit);
        m_isShown.resize(ranks.empty() ? 0 : ranks.back() + 1);
        for (size_t i = 0; i < ranks.size(); ++i)
        {
            m_isShown[ranks[i]] = IsSampled(i, m_oneIn);
        }
    }

    /** @param [in] rank A rank. @return whether it is shown. */
    bool Has(uint32_t rank) const
    {
        return m_isShown[rank];
    }

    /** @return of how many ranks one is shown. */
    uint64_t GetOneIn() const
    {
        return m_oneIn;
    }

  private:
    uint64_t m_oneIn{1};         //!< Of how many ranks one is shown
    std::vector<bool> m_isShown; //!< By rank
};

/** Writes the events of one file. */
class TimelineWriter
{
  public:
    /**
     * @param [in] results The run.
     * @param [in,out] file Gets the JSON.
     */
    TimelineWriter(const RunResults& results, AtomicFile& file)
        : m_results(results),
          m_file(file),
          m_out(m_text, JsonWriter::Layout::COMPACT)
    {
        m_out.BeginObject();
        m_out.Key("displayTimeUnit");
        m_out.String("ns");
        m_out.Key("traceEvents");
        m_out.BeginArray();
    }

    /**
     * Name a process.
     * @param [in] process Its number.
     * @param [in] name Its name.
     */
    void NameProcess(uint64_t process, const std::string& name)
    {
        Meta("process_name", process, 0, "name", name);
    }

    /**
     * Write slices: those that overlap, which a viewer would take for nested, go to threads of
     * their own.
     * @param [in] slices By (process, category, start).
     * @param [in] limit Most threads of a category in a process.
     * @return the number left out for want of threads.
     */
    size_t WriteSlices(const std::vector<Slice>& slices, size_t limit)
    {
        size_t leftOut = 0;
        std::vector<std::pair<Tick, uint64_t>> lanes; // End of the last slice, thread.
        const Slice* last = nullptr;
        for (const auto& slice : slices)
        {
            if (!last || last->process != slice.process || last->category != slice.category)
            {
                lanes.clear();
            }
            last = &slice;
            auto lane = std::find_if(lanes.begin(), lanes.end(), [&slice](const auto& l) {
                return l.first <= slice.start;
            });
            if (lane == lanes.end())
            {
                if (lanes.size() == limit)
                {
                    ++leftOut;
                    continue;
                }
                lanes.emplace_back(0, ++m_threads);
                lane = lanes.end() - 1;
                Meta("thread_name",
                     slice.process,
                     m_threads,
                     "name",
                     lanes.size() == 1 ? slice.category
                                       : slice.category + " " + std::to_string(lanes.size()));
            }
            lane->first = slice.end;
            WriteSlice(slice, lane->second);
        }
        return leftOut;
    }

    /**
     * Write how much the buffers hold that a link fills.
     * @param [in] name The link's name.
     * @param [in] at When.
     * @param [in] flits What they hold.
     */
    void WriteQueue(const std::string& name, Tick at, uint32_t flits)
    {
        BeginCounter(name + " queue", at);
        m_out.Key("flits");
        m_out.Unsigned(flits);
        EndCounter();
    }

    /**
     * Write a counter.
     * @param [in] name Its name.
     * @param [in] at When.
     * @param [in] busy Share of time.
     * @param [in] stall Share of time.
     */
    void WriteCounter(const std::string& name, Tick at, double busy, double stall)
    {
        BeginCounter(name, at);
        m_out.Key("busy_percent");
        m_out.Number(Percent(busy));
        m_out.Key("stall_percent");
        m_out.Number(Percent(stall));
        EndCounter();
    }

    /** Close it all; @param [in] leftOut Counts of what is not in the file, by key. */
    void Finish(const std::vector<std::pair<std::string, size_t>>& leftOut)
    {
        m_out.EndArray();
        m_out.Key("otherData");
        m_out.BeginObject();
        m_out.Key("name");
        m_out.String(m_results.name);
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

  private:
    /**
     * @param [in] share A part of one.
     * @return the same in percent, rounded as in series.csv.
     */
    static double Percent(double share)
    {
        return RoundShare(share * 100);
    }

    /**
     * Viewers keep whole nanoseconds, and Perfetto rounds start and duration each on its own: a
     * slice could then end after the next has begun, and be left out for it.
     * @param [in] tick A time.
     * @return the same without the part of a nanosecond.
     */
    static Tick WholeNanoseconds(Tick tick)
    {
        constexpr Tick NANOSECOND{1000};
        return tick - tick % NANOSECOND;
    }

    /** Begin a counter's event; @param [in] name Its name. @param [in] at When. */
    void BeginCounter(const std::string& name, Tick at)
    {
        m_out.BeginObject();
        m_out.Key("ph");
        m_out.String("C");
        m_out.Key("pid");
        m_out.Unsigned(LINKS_PROCESS);
        m_out.Key("name");
        m_out.String(name);
        m_out.Key("ts");
        m_out.Microseconds(WholeNanoseconds(at));
        m_out.Key("args");
        m_out.BeginObject();
    }

    /** End a counter's event. */
    void EndCounter()
    {
        m_out.EndObject();
        m_out.EndObject();
        Flush();
    }

    /** Write an event that only names something; parameters as in the format's definition. */
    void Meta(const std::string& event,
              uint64_t process,
              uint64_t thread,
              const std::string& key,
              const std::string& value)
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
        m_out.String(value);
        m_out.EndObject();
        m_out.EndObject();
        Flush();
    }

    /** Write an event; @param [in] slice What. @param [in] thread Where. */
    void WriteSlice(const Slice& slice, uint64_t thread)
    {
        m_out.BeginObject();
        m_out.Key("ph");
        m_out.String("X");
        m_out.Key("pid");
        m_out.Unsigned(slice.process);
        m_out.Key("tid");
        m_out.Unsigned(thread);
        m_out.Key("cat");
        m_out.String(slice.category);
        m_out.Key("name");
        m_out.String(slice.name);
        m_out.Key("ts");
        m_out.Microseconds(WholeNanoseconds(slice.start));
        m_out.Key("dur");
        m_out.Microseconds(WholeNanoseconds(slice.end) - WholeNanoseconds(slice.start));
        if (slice.collective >= 0)
        {
            const auto& collective = m_results.collectives[static_cast<size_t>(slice.collective)];
            m_out.Key("args");
            m_out.BeginObject();
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
            m_out.EndObject();
        }
        if (slice.message >= 0)
        {
            const auto& message = m_results.messages[static_cast<size_t>(slice.message)];
            m_out.Key("args");
            m_out.BeginObject();
            m_out.Key("message");
            m_out.Unsigned(message.id);
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
            m_out.EndObject();
        }
        m_out.EndObject();
        Flush();
    }

    /** Hand the text on. */
    void Flush()
    {
        m_file.Write(m_text);
        m_text.clear();
    }

    const RunResults& m_results; //!< The run
    AtomicFile& m_file;          //!< Gets the JSON
    std::string m_text;          //!< Not yet in the file
    JsonWriter m_out;            //!< Writes to m_text
    uint64_t m_threads{0};       //!< Threads so far: unique in the whole file
};

/**
 * @param [in] end An end.
 * @param [in] results The run.
 * @return the same, or the run's end for what had not ended.
 */
Tick
EndOr(Tick end, const RunResults& results)
{
    return end == NEVER ? results.simulatedTime : end;
}

/**
 * Put slices in order.
 * @param [in,out] slices The slices.
 */
void
SortSlices(std::vector<Slice>& slices)
{
    std::vector<Slice*> order(slices.size()); // a slice is long
    std::transform(slices.begin(), slices.end(), order.begin(), [](Slice& s) { return &s; });
    std::stable_sort(order.begin(), order.end(), [](const Slice* a, const Slice* b) {
        return std::tie(a->process, a->category, a->start) <
               std::tie(b->process, b->category, b->start);
    });
    std::vector<Slice> sorted;
    sorted.reserve(slices.size());
    for (Slice* slice : order)
    {
        sorted.push_back(std::move(*slice));
    }
    slices.swap(sorted);
}

/**
 * @param [in] results The run.
 * @param [in] limit Most slices.
 * @return its collectives as a whole.
 */
std::vector<Slice>
CollectiveSlices(const RunResults& results, size_t limit)
{
    const auto& collectives = results.collectives;
    const auto duration = [&](size_t i) {
        const auto& c = collectives[i];
        return c.start == NEVER ? 0 : EndOr(c.end, results) - c.start;
    };
    std::vector<Slice> slices;
    for (const size_t i : Longest(collectives.size(), limit, duration))
    {
        const auto& c = collectives[i];
        if (c.start != NEVER)
        {
            slices.push_back({COLLECTIVES_PROCESS,
                              c.workload.empty() ? "collectives" : c.workload,
                              c.name,
                              c.start,
                              EndOr(c.end, results),
                              static_cast<int64_t>(i)});
        }
    }
    SortSlices(slices);
    return slices;
}

/**
 * @param [in] results The run.
 * @param [in] spans The ranks' parts in its collectives.
 * @param [in] ranks Those to be shown.
 * @param [in] limit Most slices.
 * @return the parts.
 */
std::vector<Slice>
SpanSlices(const RunResults& results,
           const std::vector<RankSpan>& spans,
           const RankSample& ranks,
           size_t limit)
{
    std::vector<Slice> slices;
    for (const size_t i : Longest(
             spans.size(),
             limit,
             [&spans](size_t i) { return spans[i].end - spans[i].start; },
             [&](size_t i) { return ranks.Has(spans[i].rank); }))
    {
        slices.push_back({FIRST_RANK_PROCESS + spans[i].rank,
                          "collectives",
                          results.collectives[spans[i].collective].name,
                          spans[i].start,
                          spans[i].end,
                          spans[i].collective});
    }
    return slices;
}

/**
 * @param [in] results The run.
 * @param [in] ranks Those to be shown.
 * @param [in] limit Most slices.
 * @return its operations.
 */
std::vector<Slice>
OperationSlices(const RunResults& results, const RankSample& ranks, size_t limit)
{
    const auto& operations = results.operations;
    std::vector<Slice> slices;
    for (const size_t i : Longest(
             operations.size(),
             limit,
             [&operations](size_t i) { return operations[i].end - operations[i].start; },
             [&](size_t i) { return ranks.Has(operations[i].rank); }))
    {
        const auto& operation = operations[i];
        slices.push_back({FIRST_RANK_PROCESS + operation.rank,
                          operation.kind,
                          operation.name.empty() ? operation.kind : operation.name,
                          operation.start,
                          operation.end});
    }
    SortSlices(slices);
    return slices;
}

/**
 * @param [in] results The run.
 * @param [in] limit Most slices.
 * @return what a card of each stage of a training did, a thread per lane.
 */
std::vector<Slice>
LaneSlices(const RunResults& results, size_t limit)
{
    std::vector<Slice> slices;
    const auto& lanes = results.lanes;
    for (const size_t i :
         Longest(lanes.size(), limit, [&lanes](size_t i) { return lanes[i].end - lanes[i].start; }))
    {
        const LaneResult& row = lanes[i];
        slices.push_back(
            {FIRST_STAGE_PROCESS + row.stage,
             row.lane,
             row.count == 1 ? row.name : row.name + ", " + std::to_string(row.count) + " times",
             row.start,
             row.end});
    }
    SortSlices(slices);
    return slices;
}

/**
 * @param [in] results The run.
 * @param [in] ranks Those to be shown.
 * @param [in] limit Most slices.
 * @return the messages that its ranks sent, a thread per rank and channel.
 */
std::vector<Slice>
MessageSlices(const RunResults& results, const RankSample& ranks, size_t limit)
{
    std::vector<Slice> slices;
    if (!results.timeline)
    {
        return slices;
    }
    const auto& messages = results.messages;
    for (const size_t i : Longest(
             messages.size(),
             limit,
             [&](size_t i) { return EndOr(messages[i].end, results) - messages[i].start; },
             [&](size_t i) { return ranks.Has(messages[i].src); }))
    {
        const auto& message = messages[i];
        slices.push_back({FIRST_RANK_PROCESS + message.src,
                          "channel " + std::to_string(message.flow),
                          "message to rank " + std::to_string(message.dst),
                          message.start,
                          EndOr(message.end, results),
                          -1,
                          static_cast<int64_t>(i)});
    }
    SortSlices(slices);
    return slices;
}

/**
 * @param [in] results The run.
 * @param [in] limits How many links and slices.
 * @return the stalls of the links that stalled longest, and when links were not up.
 */
std::vector<Slice>
LinkSlices(const RunResults& results, const TimelineLimits& limits)
{
    std::map<uint32_t, Tick> stalled; // By link, the sum.
    std::map<uint32_t, Tick> out;
    for (const auto& span : results.linkSpans)
    {
        (span.kind == LinkSpanResult::STALL ? stalled : out)[span.link] += span.end - span.start;
    }
    const auto keep = [&limits](std::map<uint32_t, Tick>& sums) {
        const std::vector<std::pair<uint32_t, Tick>> all(sums.begin(), sums.end());
        sums.clear();
        for (const size_t i :
             Longest(all.size(), limits.links, [&all](size_t i) { return all[i].second; }))
        {
            sums.insert(all[i]);
        }
    };
    keep(stalled);
    keep(out);
    std::vector<const LinkSpanResult*> spans;
    for (const auto& span : results.linkSpans)
    {
        if ((span.kind == LinkSpanResult::STALL ? stalled : out).count(span.link) > 0)
        {
            spans.push_back(&span);
        }
    }
    std::vector<Slice> slices;
    for (const size_t i : Longest(spans.size(), limits.linkSpans, [&spans](size_t i) {
             return spans[i]->end - spans[i]->start;
         }))
    {
        const auto& span = *spans[i];
        const std::string& link = results.links.at(span.link).name;
        const bool isStall = span.kind == LinkSpanResult::STALL;
        slices.push_back({LINKS_PROCESS,
                          link + (isStall ? " stall" : " state"),
                          isStall ? "credit stall"
                          : span.kind == LinkSpanResult::DOWN
                              ? "DOWN"
                              : "DEGRADED, " + std::to_string(span.lanes) + " lanes",
                          span.start,
                          span.end});
    }
    SortSlices(slices);
    return slices;
}

/**
 * Write how much the buffers hold that a link fills, at the end of each sample.
 * @param [in] name The link's name.
 * @param [in] samples Its samples, in order of time; where there is none, they held nothing.
 * @param [in] interval Length of a sample.
 * @param [in,out] out Gets them.
 */
void
WriteQueues(const std::string& name,
            const std::vector<const SampleResult*>& samples,
            Tick interval,
            TimelineWriter& out)
{
    uint32_t held = 0;
    Tick end = 0;
    for (const auto* sample : samples)
    {
        if (held > 0 && end < sample->start)
        {
            out.WriteQueue(name, end + interval, 0);
            held = 0;
        }
        end = sample->start + interval;
        if (sample->queueFlits != held)
        {
            held = sample->queueFlits;
            out.WriteQueue(name, end, held);
        }
    }
    if (held > 0)
    {
        out.WriteQueue(name, end + interval, 0);
    }
}

/**
 * Write the counters of the links that did most.
 * @param [in] results The run.
 * @param [in] limits How many links and values.
 * @param [in,out] out Gets them.
 * @return the number of links left out.
 */
size_t
WriteCounters(const RunResults& results, const TimelineLimits& limits, TimelineWriter& out)
{
    std::map<uint32_t, std::vector<const SampleResult*>> samplesOf;
    for (const auto& sample : results.samples)
    {
        samplesOf[sample.link].push_back(&sample);
    }
    std::vector<std::pair<double, uint32_t>> order; // Least first: minus the activity, link.
    for (const auto& [link, samples] : samplesOf)
    {
        const double activity =
            std::accumulate(samples.begin(), samples.end(), 0.0, [](double sum, const auto* s) {
                return sum + s->utilisation + s->stall;
            });
        order.emplace_back(-activity, link);
    }
    std::sort(order.begin(), order.end());
    size_t links = 0;
    size_t values = 0;
    for (const auto& [activity, link] : order)
    {
        const auto& samples = samplesOf[link];
        if (links == limits.links || values + 2 * samples.size() > limits.samples)
        {
            continue;
        }
        ++links;
        values += 2 * samples.size();
        Tick end = samples.front()->start;
        const auto& name = results.links.at(link).name;
        for (const auto* sample : samples)
        {
            // A counter keeps its value until the next: where nothing was, it is put to 0.
            if (end < sample->start)
            {
                out.WriteCounter(name, end, 0, 0);
            }
            out.WriteCounter(name, sample->start, sample->utilisation, sample->stall);
            end = sample->start + results.sampleInterval;
        }
        out.WriteCounter(name, end, 0, 0);
        WriteQueues(name, samples, results.sampleInterval, out);
    }
    return order.size() - links;
}

} // namespace

void
WriteTimeline(const RunResults& results, const TimelineLimits& limits, AtomicFile& file)
{
    const auto rankSpans = GetRankSpans(results);
    const auto collectives = CollectiveSlices(results, limits.collectives);
    const RankSample ranks(results, rankSpans, limits.ranks);
    const auto spans = SpanSlices(results, rankSpans, ranks, limits.spans);
    const auto operations = OperationSlices(results, ranks, limits.operations);
    const auto messages = MessageSlices(results, ranks, limits.messages);
    const auto links = LinkSlices(results, limits);
    const auto lanes = LaneSlices(results, limits.operations);

    TimelineWriter out(results, file);
    std::map<uint64_t, std::string> processes;
    processes[COLLECTIVES_PROCESS] = "collectives";
    processes[LINKS_PROCESS] = "links";
    for (const auto* slices : {&spans, &operations, &messages})
    {
        for (const auto& slice : *slices)
        {
            processes.try_emplace(slice.process,
                                  "rank " + std::to_string(slice.process - FIRST_RANK_PROCESS));
        }
    }
    for (const LaneResult& lane : results.lanes)
    {
        processes.try_emplace(FIRST_STAGE_PROCESS + lane.stage,
                              "stage " + std::to_string(lane.stage) + ", rank " +
                                  std::to_string(lane.endpoint));
    }
    for (const auto& [process, name] : processes)
    {
        out.NameProcess(process, name);
    }
    const size_t collectiveLanes = collectives.size() + spans.size(); // As many as it takes.
    out.WriteSlices(collectives, collectiveLanes);
    out.WriteSlices(spans, collectiveLanes);
    const size_t withoutLane = out.WriteSlices(operations, limits.lanes);
    const size_t messagesWithoutLane = out.WriteSlices(messages, limits.lanes);
    out.WriteSlices(lanes, limits.lanes);
    out.WriteSlices(links, 1); // those of one link and kind follow one another
    const size_t linksLeftOut = WriteCounters(results, limits, out);
    const uint64_t allMessages =
        std::max<uint64_t>(results.rows.messages.all, results.messages.size());
    std::vector<std::pair<std::string, size_t>> leftOut{
        {"collectives_left_out",
         results.collectives.size() - std::min(results.collectives.size(), limits.collectives)},
        {"rank_spans_left_out", rankSpans.size() - spans.size()},
        {"operations_left_out", results.operations.size() - operations.size() + withoutLane},
        {"messages_left_out",
         results.timeline ? allMessages - messages.size() + messagesWithoutLane : 0},
        {"link_slices_left_out",
         results.linkSpans.size() - links.size() + results.linkSpansLeftOut},
        {"links_left_out", linksLeftOut},
        {"lane_slices_left_out", results.lanes.size() - lanes.size()}};
    if (ranks.GetOneIn() > 1)
    {
        leftOut.emplace_back("ranks_one_in", ranks.GetOneIn());
    }
    if (results.messagesOneIn > 1)
    {
        leftOut.emplace_back("messages_one_in", results.messagesOneIn);
    }
    out.Finish(leftOut);
}

} // namespace mtlink
} // namespace ns3
