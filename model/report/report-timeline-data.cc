/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report-timeline-data.h"

#include "measure/rank-spans.h"
#include "measure/result-tables.h"
#include "report/human-text.h"
#include "report/report-numbers.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr size_t MOST_COLLECTIVES{1000}; //!< Drawn as a whole; the longest
constexpr size_t MOST_STRIPES{100};      //!< Drawn in each row of ranks; the longest
constexpr size_t MOST_ROWS{64};          //!< Rows of ranks
constexpr size_t BINS{240};              //!< Of the time
constexpr double STEPS{1000};            //!< Of a share

/** @param [in] time A time. @return it as a number. */
double
Number(Tick time)
{
    return static_cast<double>(time);
}

/**
 * @param [in] results A run.
 * @return the time of the last thing that is drawn of it; 0: nothing.
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

    /** @return the length of a bin, in picoseconds. */
    double GetBinLength() const
    {
        return m_binLength;
    }

    /** @param [in] row A row. @return per bin, share of ranks and time sending. */
    const std::vector<double>& GetBins(size_t row) const
    {
        return m_bins[row];
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

/** Texts that are written once and named by their number. */
class TextTable
{
  public:
    /** @param [in] text A text. @return its number. */
    uint64_t Add(const std::string& text)
    {
        const auto [at, isNew] = m_numbers.try_emplace(text, m_texts.size());
        if (isNew)
        {
            m_texts.push_back(text);
        }
        return at->second;
    }

    /** Write all; @param [in,out] json Gets an array. */
    void Write(JsonWriter& json) const
    {
        json.BeginArray();
        for (const auto& text : m_texts)
        {
            json.String(text);
        }
        json.EndArray();
    }

  private:
    std::unordered_map<std::string, uint64_t> m_numbers; //!< By text
    std::vector<std::string> m_texts;                    //!< By number
};

/**
 * Write the longest collectives.
 * @param [in] results The run.
 * @param [in] longest Their indices.
 * @param [in,out] json Gets their names and them.
 */
void
WriteCollectives(const RunResults& results, const std::vector<uint32_t>& longest, JsonWriter& json)
{
    TextTable names;
    TextTable algorithms;
    json.Key("collectives");
    json.BeginArray();
    for (const uint32_t i : longest)
    {
        const auto& c = results.collectives[i];
        json.BeginArray();
        json.Unsigned(c.id);
        json.Unsigned(names.Add(c.name));
        json.Unsigned(algorithms.Add(c.algorithm));
        json.Unsigned(c.ranks);
        json.Unsigned(c.bytes);
        json.Nanoseconds(c.start);
        json.Nanoseconds(c.end);
        json.Number(GetBusBandwidth(c));
        json.Number(GetBoundRatio(c));
        json.EndArray();
    }
    json.EndArray();
    json.Key("names");
    names.Write(json);
    json.Key("algorithms");
    algorithms.Write(json);
}

/**
 * Write the rows of ranks.
 * @param [in] results The run.
 * @param [in] rows The rows.
 * @param [in] indexOf Places of the collectives in what WriteCollectives() wrote.
 * @param [in,out] json Gets an array.
 */
void
WriteRows(const RunResults& results,
          const RankRows& rows,
          const std::unordered_map<uint32_t, uint64_t>& indexOf,
          JsonWriter& json)
{
    std::vector<std::map<uint64_t, std::pair<Tick, Tick>>> stripes(rows.GetCount());
    for (const auto& span : GetRankSpans(results))
    {
        const auto index = indexOf.find(span.collective);
        if (index != indexOf.end())
        {
            const auto [stripe, isNew] =
                stripes[rows.GetRow(span.rank)].try_emplace(index->second, span.start, span.end);
            auto& [start, end] = stripe->second;
            start = std::min(start, span.start);
            end = std::max(end, span.end);
        }
    }
    json.BeginArray();
    for (size_t row = 0; row < rows.GetCount(); ++row)
    {
        json.BeginObject();
        json.Key("label");
        json.String(rows.GetLabel(row));
        json.Key("spans");
        json.BeginArray();
        for (const auto& [collective, time] : stripes[row])
        {
            json.Unsigned(collective);
            json.Nanoseconds(time.first);
            json.Nanoseconds(time.second);
        }
        json.EndArray();
        json.Key("sending");
        WriteTrimmed(rows.GetBins(row), STEPS, json);
        json.EndObject();
    }
    json.EndArray();
}

} // namespace

void
WriteTimelineData(const RunResults& results, JsonWriter& json)
{
    const Tick end = GetEnd(results);
    const auto longest = GetLongest(results, MOST_COLLECTIVES);
    json.BeginObject();
    json.Key("end_ns");
    json.Nanoseconds(end);
    json.Key("collectives_all");
    json.Unsigned(results.collectives.size());
    WriteCollectives(results, longest, json);

    const RankRows rows(results, Number(std::max<Tick>(end, 1)));
    json.Key("bin_ns");
    json.Number(rows.GetBinLength() / 1000);
    json.Key("ranks");
    json.Unsigned(rows.GetRanks());
    json.Key("ranks_per_row");
    json.Unsigned(rows.GetRanksPerRow());
    json.Key("stripes");
    json.Unsigned(std::min(longest.size(), MOST_STRIPES));
    std::unordered_map<uint32_t, uint64_t> indexOf;
    for (const uint32_t i : GetLongest(results, MOST_STRIPES))
    {
        indexOf[i] =
            static_cast<uint64_t>(std::find(longest.begin(), longest.end(), i) - longest.begin());
    }
    json.Key("rows");
    WriteRows(results, rows, indexOf, json);
    json.EndObject();
}

} // namespace mtlink
} // namespace ns3
