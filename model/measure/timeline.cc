/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/timeline.h"

#include "measure/even-sample.h"
#include "measure/rank-spans.h"
#include "measure/timeline-writer.h"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t COLLECTIVES_PROCESS{1};             //!< Process 0 is the idle task of a viewer
constexpr uint64_t LINKS_PROCESS{2};                   //!< Counters
constexpr uint64_t PATH_PROCESS{3};                    //!< Critical path
constexpr uint64_t FIRST_RANK_PROCESS{100};            //!< Rank 0, or that with others
constexpr uint64_t FIRST_STAGE_PROCESS{2'000'000'000}; //!< Stage 0 of a training

/** A rank's tracks, from above. */
enum RankTrack : uint32_t
{
    COLLECTIVE_TRACK,
    OPERATION_TRACK,
    SENT_TRACK,
    RECEIVED_TRACK,
    RANK_TRACKS,
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

/** The ranks that are shown, all, or evenly some of very many, and in which processes. */
class ShownRanks
{
  public:
    /**
     * @param [in] results The run.
     * @param [in] spans The ranks' parts in its collectives.
     * @param [in] limits How many ranks and processes.
     */
    ShownRanks(const RunResults& results,
               const std::vector<RankSpan>& spans,
               const TimelineLimits& limits)
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
            ranks.push_back(message.dst);
        }
        std::sort(ranks.begin(), ranks.end());
        ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
        m_oneIn = OneIn(ranks.size(), limits.ranks);
        m_places.assign(ranks.empty() ? 0 : ranks.back() + 1, NOT_SHOWN);
        for (size_t i = 0; i < ranks.size(); ++i)
        {
            if (IsSampled(i, m_oneIn))
            {
                m_places[ranks[i]] = static_cast<uint32_t>(m_shown.size());
                m_shown.push_back(ranks[i]);
            }
        }
        m_together =
            std::max<size_t>((m_shown.size() + limits.rankProcesses - 1) / limits.rankProcesses, 1);
    }

    /** @param [in] rank A rank. @return whether it is shown. */
    bool Has(uint32_t rank) const
    {
        return m_places[rank] != NOT_SHOWN;
    }

    /** @return of how many ranks one is shown. */
    uint64_t GetOneIn() const
    {
        return m_oneIn;
    }

    /** @return how many share a process. */
    size_t GetTogether() const
    {
        return m_together;
    }

    /** @return a track of a rank that is shown. */
    TimelineTrack GetTrack(uint32_t rank, RankTrack track, std::string category) const
    {
        const uint32_t place = m_places[rank];
        const auto within = static_cast<uint32_t>(place % m_together);
        return {FIRST_RANK_PROCESS + m_shown[place - within],
                within * RANK_TRACKS + track,
                m_together > 1 ? "rank " + std::to_string(rank) + ": " : "",
                std::move(category)};
    }

    /** @return the name of a process of ranks. @param [in] process Its number. */
    std::string GetName(uint64_t process) const
    {
        const auto first = static_cast<uint32_t>(process - FIRST_RANK_PROCESS);
        const size_t last = std::min(m_places[first] + m_together, m_shown.size()) - 1;
        return m_shown[last] == first
                   ? "rank " + std::to_string(first)
                   : "ranks " + std::to_string(first) + " to " + std::to_string(m_shown[last]);
    }

  private:
    static constexpr uint32_t NOT_SHOWN{UINT32_MAX}; //!< See m_places

    uint64_t m_oneIn{1};            //!< Of how many ranks one is shown
    size_t m_together{1};           //!< How many share a process
    std::vector<uint32_t> m_shown;  //!< The ranks
    std::vector<uint32_t> m_places; //!< By rank: its place among them, or NOT_SHOWN
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

/** Put slices in order of tracks and starts. */
void
SortSlices(std::vector<TimelineSlice>& slices)
{
    std::vector<TimelineSlice*> order(slices.size()); // a slice is long
    std::transform(slices.begin(), slices.end(), order.begin(), [](auto& s) { return &s; });
    std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
        return std::tie(a->track, a->start) < std::tie(b->track, b->start);
    });
    std::vector<TimelineSlice> sorted;
    sorted.reserve(slices.size());
    for (TimelineSlice* slice : order)
    {
        sorted.push_back(std::move(*slice));
    }
    slices.swap(sorted);
}

/** @return the critical paths, one below another. */
std::vector<TimelineSlice>
PathSlices(const CriticalPaths& paths)
{
    std::vector<TimelineSlice> slices;
    for (uint32_t i = 0; i < paths.paths.size(); ++i)
    {
        const CriticalPathResult& path = paths.paths[i];
        for (size_t step = 0; step < path.list.size(); ++step)
        {
            const CriticalStepResult& row = path.list[step];
            TimelineSlice slice;
            slice.track = {PATH_PROCESS, i, "", path.workload.empty() ? "path" : path.workload};
            slice.name = row.kind == CriticalStepResult::WAIT ? "wait: " + row.name
                         : row.kind == CriticalStepResult::OVERHEAD && row.end != row.start
                             ? "overhead: " + row.name
                             : row.name;
            slice.start = row.start;
            slice.end = row.end;
            slice.subject = TimelineSlice::STEP;
            slice.path = i;
            slice.index = step;
            slices.push_back(std::move(slice));
        }
    }
    return slices;
}

/**
 * @param [in] results The run.
 * @param [in] limit Most slices.
 * @return its collectives as a whole.
 */
std::vector<TimelineSlice>
CollectiveSlices(const RunResults& results, size_t limit)
{
    const auto& collectives = results.collectives;
    const auto duration = [&](size_t i) {
        const auto& c = collectives[i];
        return c.start == NEVER ? 0 : EndOr(c.end, results) - c.start;
    };
    std::vector<TimelineSlice> slices;
    for (const size_t i : Longest(collectives.size(), limit, duration))
    {
        const auto& c = collectives[i];
        if (c.start != NEVER)
        {
            TimelineSlice slice;
            slice.track = {COLLECTIVES_PROCESS,
                           0,
                           "",
                           c.workload.empty() ? "collectives" : c.workload};
            slice.name = c.name;
            slice.start = c.start;
            slice.end = EndOr(c.end, results);
            slice.subject = TimelineSlice::COLLECTIVE;
            slice.index = i;
            slices.push_back(std::move(slice));
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
std::vector<TimelineSlice>
SpanSlices(const RunResults& results,
           const std::vector<RankSpan>& spans,
           const ShownRanks& ranks,
           size_t limit)
{
    std::vector<TimelineSlice> slices;
    for (const size_t i : Longest(
             spans.size(),
             limit,
             [&spans](size_t i) { return spans[i].end - spans[i].start; },
             [&](size_t i) { return ranks.Has(spans[i].rank); }))
    {
        TimelineSlice slice;
        slice.track = ranks.GetTrack(spans[i].rank, COLLECTIVE_TRACK, "collectives");
        slice.name = results.collectives[spans[i].collective].name;
        slice.start = spans[i].start;
        slice.end = spans[i].end;
        slice.subject = TimelineSlice::COLLECTIVE;
        slice.index = spans[i].collective;
        slices.push_back(std::move(slice));
    }
    return slices;
}

/**
 * @param [in] results The run.
 * @param [in] ranks Those to be shown.
 * @param [in] limit Most slices.
 * @return its operations.
 */
std::vector<TimelineSlice>
OperationSlices(const RunResults& results, const ShownRanks& ranks, size_t limit)
{
    const auto& operations = results.operations;
    std::vector<TimelineSlice> slices;
    for (const size_t i : Longest(
             operations.size(),
             limit,
             [&operations](size_t i) { return operations[i].end - operations[i].start; },
             [&](size_t i) { return ranks.Has(operations[i].rank); }))
    {
        const auto& operation = operations[i];
        TimelineSlice slice;
        slice.track = ranks.GetTrack(operation.rank, OPERATION_TRACK, operation.kind);
        slice.name = operation.name.empty() ? operation.kind : operation.name;
        slice.start = operation.start;
        slice.end = operation.end;
        slices.push_back(std::move(slice));
    }
    SortSlices(slices);
    return slices;
}

/**
 * @param [in] results The run.
 * @param [in] limit Most slices.
 * @return what a card of each stage of a training did, a thread per lane.
 */
std::vector<TimelineSlice>
LaneSlices(const RunResults& results, size_t limit)
{
    std::vector<TimelineSlice> slices;
    const auto& lanes = results.lanes;
    for (const size_t i :
         Longest(lanes.size(), limit, [&lanes](size_t i) { return lanes[i].end - lanes[i].start; }))
    {
        const LaneResult& row = lanes[i];
        TimelineSlice slice;
        const auto cause =
            std::find(TRAINING_CAUSE_NAMES.begin(), TRAINING_CAUSE_NAMES.end(), row.lane);
        slice.track = {FIRST_STAGE_PROCESS + row.stage,
                       static_cast<uint32_t>(cause - TRAINING_CAUSE_NAMES.begin()),
                       "",
                       row.lane};
        slice.name =
            row.count == 1 ? row.name : row.name + ", " + std::to_string(row.count) + " times";
        slice.start = row.start;
        slice.end = row.end;
        slices.push_back(std::move(slice));
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
std::vector<TimelineSlice>
MessageSlices(const RunResults& results, const ShownRanks& ranks, size_t limit)
{
    std::vector<TimelineSlice> slices;
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
        TimelineSlice slice;
        slice.track =
            ranks.GetTrack(message.src, SENT_TRACK, "channel " + std::to_string(message.flow));
        slice.name = "message to rank " + std::to_string(message.dst);
        slice.start = message.start;
        slice.end = EndOr(message.end, results);
        slice.subject = TimelineSlice::MESSAGE;
        slice.index = i;
        slices.push_back(std::move(slice));
    }
    SortSlices(slices);
    return slices;
}

/**
 * Let arrows go from messages as they were sent to the same as they come in.
 * @param [in] results The run.
 * @param [in] ranks Those to be shown.
 * @param [in] limits How many arrows, and lanes.
 * @param [in,out] sent The messages sent, with lanes; those with arrows are marked.
 * @return the messages got, a thread per rank, with lanes.
 */
std::vector<TimelineSlice>
ReceivedSlices(const RunResults& results,
               const ShownRanks& ranks,
               const TimelineLimits& limits,
               std::vector<TimelineSlice>& sent)
{
    const auto hasArrow = [&](size_t i) {
        // A viewer binds no arrow to a slice without length.
        const MessageResult& message = results.messages[sent[i].index];
        return sent[i].lane != TimelineSlice::NO_LANE && message.end != NEVER &&
               message.src != message.dst && ranks.Has(message.dst) &&
               WholeNanoseconds(message.start) < WholeNanoseconds(message.end);
    };
    std::vector<TimelineSlice> slices;
    for (const size_t i : Longest(
             sent.size(),
             limits.arrows,
             [&sent](size_t i) { return sent[i].end - sent[i].start; },
             hasArrow))
    {
        TimelineSlice& from = sent[i];
        const MessageResult& message = results.messages[from.index];
        TimelineSlice slice = from;
        slice.track = ranks.GetTrack(message.dst, RECEIVED_TRACK, "received");
        slice.name = "message from rank " + std::to_string(message.src);
        slice.arrow = TimelineSlice::TO;
        slices.push_back(std::move(slice));
        from.arrow = TimelineSlice::FROM;
    }
    SortSlices(slices);
    AssignLanes(slices, limits.lanes);
    std::vector<bool> isLost(results.messages.size(), false);
    for (const TimelineSlice& slice : slices)
    {
        isLost[slice.index] = slice.lane == TimelineSlice::NO_LANE;
    }
    for (TimelineSlice& from : sent)
    {
        from.arrow = isLost[from.index] ? TimelineSlice::NO_ARROW : from.arrow;
    }
    std::erase_if(slices, [](const auto& slice) { return slice.lane == TimelineSlice::NO_LANE; });
    return slices;
}

/**
 * @param [in] results The run.
 * @param [in] limits How many links and slices.
 * @return the stalls of the links that stalled longest, and when links were not up.
 */
std::vector<TimelineSlice>
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
    std::vector<TimelineSlice> slices;
    for (const size_t i : Longest(spans.size(), limits.linkSpans, [&spans](size_t i) {
             return spans[i]->end - spans[i]->start;
         }))
    {
        const auto& span = *spans[i];
        const std::string& link = results.links.at(span.link).name;
        const bool isStall = span.kind == LinkSpanResult::STALL;
        TimelineSlice slice;
        slice.track = {LINKS_PROCESS, 0, "", link + (isStall ? " stall" : " state")};
        slice.name = isStall ? "credit stall"
                     : span.kind == LinkSpanResult::DOWN
                         ? "DOWN"
                         : "DEGRADED, " + std::to_string(span.lanes) + " lanes";
        slice.start = span.start;
        slice.end = span.end;
        slices.push_back(std::move(slice));
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
            out.WriteQueue(LINKS_PROCESS, name, end + interval, 0);
            held = 0;
        }
        end = sample->start + interval;
        if (sample->queueFlits != held)
        {
            held = sample->queueFlits;
            out.WriteQueue(LINKS_PROCESS, name, end, held);
        }
    }
    if (held > 0)
    {
        out.WriteQueue(LINKS_PROCESS, name, end + interval, 0);
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
                out.WriteCounter(LINKS_PROCESS, name, end, 0, 0);
            }
            out.WriteCounter(LINKS_PROCESS,
                             name,
                             sample->start,
                             sample->utilisation,
                             sample->stall);
            end = sample->start + results.sampleInterval;
        }
        out.WriteCounter(LINKS_PROCESS, name, end, 0, 0);
        WriteQueues(name, samples, results.sampleInterval, out);
    }
    return order.size() - links;
}

} // namespace

void
WriteTimeline(const RunResults& results,
              const CriticalPaths& criticalPaths,
              const TimelineLimits& limits,
              AtomicFile& file)
{
    const auto rankSpans = GetRankSpans(results);
    const ShownRanks ranks(results, rankSpans, limits);
    auto paths = PathSlices(criticalPaths);
    auto collectives = CollectiveSlices(results, limits.collectives);
    auto spans = SpanSlices(results, rankSpans, ranks, limits.spans);
    auto operations = OperationSlices(results, ranks, limits.operations);
    auto messages = MessageSlices(results, ranks, limits.messages);
    auto links = LinkSlices(results, limits);
    auto lanes = LaneSlices(results, limits.operations);
    const size_t allLanes = collectives.size() + spans.size(); // as many as it takes
    AssignLanes(paths, 1);                                     // one step follows another
    AssignLanes(collectives, allLanes);
    AssignLanes(spans, allLanes);
    AssignLanes(operations, limits.lanes);
    AssignLanes(messages, limits.lanes);
    AssignLanes(lanes, limits.lanes);
    AssignLanes(links, 1); // those of one link and kind follow one another
    const auto received = ReceivedSlices(results, ranks, limits, messages);

    TimelineWriter out(results, criticalPaths, file);
    if (!paths.empty())
    {
        out.NameProcess(PATH_PROCESS, "critical path");
    }
    out.NameProcess(COLLECTIVES_PROCESS, "collectives");
    std::map<uint64_t, std::string> stages;
    for (const LaneResult& lane : results.lanes)
    {
        stages.try_emplace(FIRST_STAGE_PROCESS + lane.stage,
                           "stage " + std::to_string(lane.stage) + ", rank " +
                               std::to_string(lane.endpoint));
    }
    for (const auto& [process, name] : stages)
    {
        out.NameProcess(process, name);
    }
    std::set<uint64_t> rankProcesses;
    for (const auto* slices : std::initializer_list<const std::vector<TimelineSlice>*>{&spans,
                                                                                       &operations,
                                                                                       &messages,
                                                                                       &received})
    {
        for (const auto& slice : *slices)
        {
            rankProcesses.insert(slice.track.process);
        }
    }
    for (const uint64_t process : rankProcesses)
    {
        out.NameProcess(process, ranks.GetName(process));
    }
    out.NameProcess(LINKS_PROCESS, "links");
    out.WriteSlices(paths);
    out.WriteSlices(collectives);
    out.WriteSlices(spans);
    const size_t withoutLane = out.WriteSlices(operations);
    const size_t messagesWithoutLane = out.WriteSlices(messages);
    out.WriteSlices(received);
    out.WriteSlices(lanes);
    out.WriteSlices(links);
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
        {"arrows_left_out", messages.size() - messagesWithoutLane - received.size()},
        {"link_slices_left_out",
         results.linkSpans.size() - links.size() + results.linkSpansLeftOut},
        {"links_left_out", linksLeftOut},
        {"lane_slices_left_out", results.lanes.size() - lanes.size()},
        {"critical_paths_left_out", criticalPaths.lost}};
    if (ranks.GetTogether() > 1)
    {
        leftOut.emplace_back("ranks_per_process", ranks.GetTogether());
    }
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
