/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-report-timeline.h"

#include "mtlink-html.h"
#include "mtlink-human-text.h"
#include "mtlink-svg.h"

#include "ns3/mtlink-rank-spans.h"
#include "ns3/mtlink-result-tables.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <numeric>
#include <unordered_set>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr size_t MOST_BARS{500};   //!< Collectives drawn; the longest
constexpr size_t MOST_LANES{12};   //!< Rows of overlapping collectives
constexpr size_t MOST_ROWS{64};    //!< Rows of ranks
constexpr size_t MOST_STRIPES{48}; //!< Collectives drawn in each row of ranks; the longest
constexpr size_t BINS{240};        //!< Of the time
constexpr int LEVELS{8};           //!< Of the colour of sending
constexpr size_t COLOURS{8};       //!< Of collectives

using ColourOf = std::map<std::string, size_t>; //!< Colour of a collective's name

/** @param [in] time A time. @return it as a number. */
double
Number(Tick time)
{
    return static_cast<double>(time);
}

/**
 * @param [in] results A run.
 * @return the time of the last thing that is drawn of it.
 */
Tick
GetEnd(const RunResults& results)
{
    Tick end = 0;
    const auto add = [&](Tick start, Tick stop) {
        if (start != NEVER)
        {
            end = std::max(end, stop == NEVER ? results.simulatedTime : stop);
        }
    };
    for (const auto& collective : results.collectives)
    {
        add(collective.start, collective.end);
    }
    for (const auto& message : results.messages)
    {
        add(message.start, message.end);
    }
    return end;
}

/**
 * @param [in] results A run.
 * @param [in] most How many.
 * @return indices of its longest collectives, by (start, index).
 */
std::vector<uint32_t>
GetLongest(const RunResults& results, size_t most)
{
    const auto& collectives = results.collectives;
    const auto duration = [&](uint32_t i) {
        const auto& c = collectives[i];
        return c.start == NEVER ? -1 : (c.end == NEVER ? results.simulatedTime : c.end) - c.start;
    };
    std::vector<uint32_t> order(collectives.size());
    std::iota(order.begin(), order.end(), 0);
    std::erase_if(order, [&duration](uint32_t i) { return duration(i) < 0; });
    std::stable_sort(order.begin(), order.end(), [&duration](uint32_t a, uint32_t b) {
        return duration(a) > duration(b);
    });
    order.resize(std::min(order.size(), most));
    std::sort(order.begin(), order.end(), [&collectives](uint32_t a, uint32_t b) {
        return std::pair(collectives[a].start, a) < std::pair(collectives[b].start, b);
    });
    return order;
}

/** @param [in] c A collective. @return what to say of it when pointed at, HTML. */
std::string
Describe(const CollectiveResult& c)
{
    return fmt::format("{} {}, {}, {} ranks: {}, {} GB/s busbw",
                       EscapeHtml(c.name),
                       BytesText(c.bytes),
                       EscapeHtml(c.algorithm),
                       CountText(c.ranks),
                       c.end == NEVER ? "not finished" : TimeText(GetDuration(c)),
                       DecimalText(GetBusBandwidth(c)));
}

/**
 * Draw the collectives as a whole, overlapping ones below one another.
 * @param [in] results The run.
 * @param [in] colourOf Their colours.
 * @param [in,out] chart Gets them.
 * @return how many are drawn.
 */
size_t
DrawCollectives(const RunResults& results, const ColourOf& colourOf, RowChart& chart)
{
    std::vector<std::vector<uint32_t>> lanes;
    std::vector<Tick> ends;
    size_t drawn = 0;
    for (const uint32_t i : GetLongest(results, MOST_BARS))
    {
        const auto& c = results.collectives[i];
        const auto lane = static_cast<size_t>(
            std::find_if(ends.begin(), ends.end(), [&c](Tick end) { return end <= c.start; }) -
            ends.begin());
        if (lane == ends.size())
        {
            if (lane == MOST_LANES)
            {
                continue;
            }
            ends.push_back(0);
            lanes.emplace_back();
        }
        ends[lane] = c.end == NEVER ? results.simulatedTime : c.end;
        lanes[lane].push_back(i);
        ++drawn;
    }
    for (size_t lane = 0; lane < lanes.size(); ++lane)
    {
        chart.AddRow(lane == 0 ? "collectives" : "", lane + 1 == lanes.size() ? 2.2 : 1.8);
        for (const uint32_t i : lanes[lane])
        {
            const auto& c = results.collectives[i];
            chart.AddRect(Number(c.start),
                          Number(c.end == NEVER ? results.simulatedTime : c.end),
                          0.1,
                          1.6,
                          fmt::format("c{}", colourOf.at(c.name)),
                          Describe(c),
                          fmt::format("{} {}", EscapeHtml(c.name), BytesText(c.bytes)));
        }
    }
    return drawn;
}

/** Ranks that share rows, and how busy they were with sending. */
class RankRows
{
  public:
    /**
     * @param [in] results The run.
     * @param [in] end End of the axis.
     */
    RankRows(const RunResults& results, double end)
        : m_binLength(end / BINS)
    {
        std::unordered_set<uint32_t> seen;
        for (const auto& message : results.messages)
        {
            seen.insert(message.src);
            seen.insert(message.dst);
        }
        m_ranks.assign(seen.begin(), seen.end());
        std::sort(m_ranks.begin(), m_ranks.end());
        m_perRow = std::max<size_t>(1, (m_ranks.size() + MOST_ROWS - 1) / MOST_ROWS);
        m_bins.assign((m_ranks.size() + m_perRow - 1) / m_perRow, std::vector<double>(BINS));
        AddMessages(results);
    }

    /** @return the number of rows. */
    size_t GetCount() const
    {
        return m_bins.size();
    }

    /** @return the number of ranks in a full row. */
    size_t GetRanksPerRow() const
    {
        return m_perRow;
    }

    /** @return the number of ranks. */
    size_t GetRanks() const
    {
        return m_ranks.size();
    }

    /** @param [in] rank A rank. @return its row. */
    size_t GetRow(uint32_t rank) const
    {
        const auto at = std::lower_bound(m_ranks.begin(), m_ranks.end(), rank) - m_ranks.begin();
        return static_cast<size_t>(at) / m_perRow;
    }

    /** @param [in] row A row. @return its label. */
    std::string GetLabel(size_t row) const
    {
        const uint32_t first = m_ranks[row * m_perRow];
        const uint32_t last = m_ranks[std::min((row + 1) * m_perRow, m_ranks.size()) - 1];
        return first == last ? fmt::format("rank {}", first)
                             : fmt::format("{}\u2013{}", first, last);
    }

    /**
     * Draw a row's sending: neighbours of one colour in one rectangle.
     * @param [in] row The row; the chart's last.
     * @param [in,out] chart Gets it.
     */
    void Draw(size_t row, RowChart& chart) const
    {
        const auto& bins = m_bins[row];
        const auto level = [&bins](size_t i) {
            return static_cast<int>(std::ceil(std::min(bins[i], 1.0) * LEVELS - 1e-6));
        };
        for (size_t from = 0; from < BINS;)
        {
            size_t to = from;
            double sum = 0;
            for (; to < BINS && level(to) == level(from); ++to)
            {
                sum += bins[to];
            }
            if (level(from) > 0)
            {
                chart.AddRect(static_cast<double>(from) * m_binLength,
                              static_cast<double>(to) * m_binLength,
                              0.5,
                              0.75,
                              fmt::format("m{}", level(from)),
                              fmt::format("{}: {} sending, {} to {}",
                                          GetLabel(row),
                                          PercentText(sum / static_cast<double>(to - from)),
                                          TimeText(static_cast<double>(from) * m_binLength),
                                          TimeText(static_cast<double>(to) * m_binLength)));
            }
            from = to;
        }
    }

  private:
    /** Add up the messages' times; @param [in] results The run. */
    void AddMessages(const RunResults& results)
    {
        const auto& messages = results.messages;
        std::vector<uint32_t> order;
        order.reserve(messages.size());
        for (uint32_t i = 0; i < messages.size(); ++i)
        {
            if (messages[i].start != NEVER)
            {
                order.push_back(i);
            }
        }
        std::sort(order.begin(), order.end(), [&messages](uint32_t a, uint32_t b) {
            return std::tuple(messages[a].src, messages[a].start, a) <
                   std::tuple(messages[b].src, messages[b].start, b);
        });
        // A rank with several messages under way counts once.
        Tick done = 0;
        const MessageResult* last = nullptr;
        for (const uint32_t i : order)
        {
            const auto& message = messages[i];
            done = last && last->src == message.src ? done : 0;
            last = &message;
            const Tick end = message.end == NEVER ? results.simulatedTime : message.end;
            AddTime(GetRow(message.src), Number(std::max(message.start, done)), Number(end));
            done = std::max(done, end);
        }
    }

    /** Add a rank's time to a row; @param [in] row The row. @param [in] from Begin. @param [in] to
     * End. */
    void AddTime(size_t row, double from, double to)
    {
        const size_t ranks = std::min(m_perRow, m_ranks.size() - row * m_perRow);
        const double weight = 1 / (m_binLength * static_cast<double>(ranks));
        for (auto bin = static_cast<size_t>(from / m_binLength); from < to && bin < BINS; ++bin)
        {
            const double edge = std::min(to, static_cast<double>(bin + 1) * m_binLength);
            m_bins[row][bin] += std::max(0.0, edge - from) * weight;
            from = edge;
        }
    }

    double m_binLength;                      //!< In picoseconds
    std::vector<uint32_t> m_ranks;           //!< Ranks with messages
    size_t m_perRow{1};                      //!< Ranks in a row
    std::vector<std::vector<double>> m_bins; //!< By row and bin: share of ranks and time sending
};

/**
 * Draw the ranks: above the collectives they take part in, below their sending.
 * @param [in] results The run.
 * @param [in] rows Their rows.
 * @param [in] colourOf Colours of the collectives.
 * @param [in,out] chart Gets them.
 */
void
DrawRanks(const RunResults& results,
          const RankRows& rows,
          const ColourOf& colourOf,
          RowChart& chart)
{
    const auto longest = GetLongest(results, MOST_STRIPES);
    const std::unordered_set<uint32_t> isDrawn(longest.begin(), longest.end());
    std::vector<std::map<uint32_t, std::pair<Tick, Tick>>> stripes(rows.GetCount());
    for (const auto& span : GetRankSpans(results))
    {
        if (isDrawn.contains(span.collective))
        {
            const auto [stripe, isNew] =
                stripes[rows.GetRow(span.rank)].try_emplace(span.collective, span.start, span.end);
            auto& [start, end] = stripe->second;
            start = std::min(start, span.start);
            end = std::max(end, span.end);
        }
    }
    for (size_t row = 0; row < rows.GetCount(); ++row)
    {
        chart.AddRow(rows.GetLabel(row), 1.5);
        for (const auto& [collective, time] : stripes[row])
        {
            const auto& c = results.collectives[collective];
            chart.AddRect(Number(time.first),
                          Number(time.second),
                          0.15,
                          0.3,
                          fmt::format("c{}", colourOf.at(c.name)),
                          fmt::format("{}: {}, {} to {}",
                                      rows.GetLabel(row),
                                      EscapeHtml(c.name),
                                      TimeText(time.first),
                                      TimeText(time.second)));
        }
        rows.Draw(row, chart);
    }
}

/** @param [in] colourOf Colours of the collectives. @return what the colours mean, HTML. */
std::string
Legend(const ColourOf& colourOf)
{
    std::string html = "<ul class=\"legend\">";
    for (const auto& [name, colour] : colourOf)
    {
        html +=
            fmt::format("<li><span class=\"swatch b{}\"></span>{}</li>", colour, EscapeHtml(name));
    }
    html += "<li><span class=\"ramp flow\"></span>share of time a message was under way, from "
            "little to "
            "always</li></ul>\n";
    return html;
}

} // namespace

std::string
TimelineCharts(const ReportRuns& runs)
{
    Tick end = 0;
    ColourOf colourOf;
    for (const auto& run : runs)
    {
        end = std::max(end, GetEnd(run.stored.results));
        for (const auto& collective : run.stored.results.collectives)
        {
            colourOf[collective.name] = 0;
        }
    }
    if (end == 0)
    {
        return "<p>No run has collectives or messages.</p>\n";
    }
    size_t colour = 0;
    for (auto& [name, number] : colourOf)
    {
        number = colour++ % COLOURS;
    }

    const auto unit = GetTimeUnit(Number(end));
    std::string html = Legend(colourOf);
    for (size_t i = 0; i < runs.size(); ++i)
    {
        const auto& results = runs[i].stored.results;
        const RankRows rows(results, Number(end));
        RowChart chart(fmt::format("timeline-{}", i),
                       runs[i].prefix + "Completion timeline",
                       fmt::format("{} collectives and the sending of {} ranks over {}.",
                                   CountText(results.collectives.size()),
                                   CountText(rows.GetRanks()),
                                   TimeText(GetEnd(results))),
                       {Number(end), unit.ticks, std::string("\u00a0") + unit.name});
        const size_t drawn = DrawCollectives(results, colourOf, chart);
        DrawRanks(results, rows, colourOf, chart);
        std::string note = "Time since the start of the run";
        note += runs.size() > 1 ? ", on one scale for all runs." : ".";
        note += " A rank's row shows the collectives it takes part in, and below when it sends.";
        if (rows.GetRanksPerRow() > 1)
        {
            note += fmt::format(" {} ranks share a row.", rows.GetRanksPerRow());
        }
        if (drawn < results.collectives.size())
        {
            note += fmt::format(" The longest {} of {} collectives are drawn.",
                                CountText(drawn),
                                CountText(results.collectives.size()));
        }
        if (results.collectives.size() > MOST_STRIPES && rows.GetCount() > 0)
        {
            note += fmt::format(" In the ranks' rows the longest {} are.", MOST_STRIPES);
        }
        html += fmt::format(
            "<figure><figcaption>{}</figcaption>\n{}<p class=\"note\">{}</p></figure>\n",
            runs[i].prefix + "Collectives and ranks over time",
            chart.Finish(),
            note);
    }
    return html;
}

} // namespace mtlink
} // namespace ns3
