/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "reference-text.h"

#include "report/human-text.h"
#include "text-table.h"
#include "trace/nccl-tests-reader.h"
#include "trace/trace.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

using namespace ns3::mtlink;

namespace
{

constexpr std::size_t MOST_LINES = 100; //!< Of collectives

/** @return time, ps, and bus bandwidth, GB/s, of a run's collectives of a size. */
std::optional<std::pair<double, double>>
FindMean(const RunResults& run, const std::string& kind, uint64_t bytes)
{
    double time = 0;
    double factor = 1;
    uint32_t count = 0;
    for (const CollectiveResult& row : run.collectives)
    {
        if ((kind.empty() || row.name == kind) && row.bytes == bytes && row.end != NEVER)
        {
            time += static_cast<double>(row.end - row.start);
            factor = row.busFactor;
            ++count;
        }
    }
    if (count == 0 || time <= 0)
    {
        return std::nullopt;
    }
    constexpr double TB_TO_GB = 1000; // bytes per ps are TB/s
    const double mean = time / count;
    return std::pair(mean, static_cast<double>(bytes) / mean * TB_TO_GB * factor);
}

/** @return a ratio for people. */
std::string
FormatRatio(double simulated, double measured)
{
    return measured > 0 ? fmt::format("{:.3g}", simulated / measured) : UNKNOWN_TEXT;
}

} // namespace

std::string
FormatNcclReference(const std::string& file, const std::vector<RunResults>& runs)
{
    constexpr double MICROSECOND = 1e6; // in ps
    const NcclTestsTable table = ReadNcclTests(file);
    TextTable text;
    std::vector<std::string> head{"size", "measured", "busbw GB/s"};
    for (const RunResults& run : runs)
    {
        head.insert(head.end(),
                    {runs.size() > 1 ? run.name : "simulated", "busbw GB/s", "of measured"});
    }
    text.AddRow(head);
    bool isAny = false;
    for (const NcclTestsRow& row : table.rows)
    {
        std::vector<std::string> cells{BytesText(row.bytes),
                                       TimeText(row.time * MICROSECOND),
                                       DecimalText(row.busbw)};
        for (const RunResults& run : runs)
        {
            const auto mean = FindMean(run, table.collective, row.bytes);
            isAny = isAny || mean;
            cells.push_back(mean ? TimeText(mean->first) : UNKNOWN_TEXT);
            cells.push_back(mean ? DecimalText(mean->second) : UNKNOWN_TEXT);
            cells.push_back(mean ? FormatRatio(mean->second, row.busbw) : UNKNOWN_TEXT);
        }
        text.AddRow(cells);
    }
    if (!isAny)
    {
        throw InputError({file},
                         fmt::format("no run has {} of a size that this file has, as {} bytes: run "
                                     "the same sizes",
                                     table.collective.empty() ? "a collective" : table.collective,
                                     table.rows.back().bytes));
    }
    return text.Format();
}

std::string
FormatMeasured(const std::string& trace, const RunResults& run)
{
    const std::vector<ns3::mtlink::Tick> measured = ReadMeasured(
        trace,
        run.collectives.empty()
            ? 0
            : std::max_element(run.collectives.begin(),
                               run.collectives.end(),
                               [](const auto& a, const auto& b) { return a.ranks < b.ranks; })
                  ->ranks);
    if (measured.size() != run.collectives.size())
    {
        throw InputError({trace},
                         fmt::format("the trace has {} collectives, but the run {}: it is no "
                                     "replay of this trace",
                                     measured.size(),
                                     run.collectives.size()));
    }
    TextTable text;
    text.AddRow({"", "collective", "ranks", "size", "measured", "simulated", "of measured"});
    double sums[2] = {};
    for (std::size_t i = 0; i < measured.size(); ++i)
    {
        const CollectiveResult& row = run.collectives[i];
        const double simulated = row.end == NEVER ? 0 : static_cast<double>(row.end - row.start);
        const auto time = static_cast<double>(measured[i]);
        sums[0] += time;
        sums[1] += time > 0 ? simulated : 0;
        if (i < MOST_LINES)
        {
            text.AddRow({CountText(row.id),
                         row.name,
                         CountText(row.ranks),
                         BytesText(row.bytes),
                         time > 0 ? TimeText(time) : UNKNOWN_TEXT,
                         row.end == NEVER ? "not done" : TimeText(simulated),
                         FormatRatio(simulated, time)});
        }
    }
    text.AddRow(
        {"", "all", "", "", TimeText(sums[0]), TimeText(sums[1]), FormatRatio(sums[1], sums[0])});
    return text.Format() +
           (measured.size() > MOST_LINES
                ? fmt::format("... and {} more\n", measured.size() - MOST_LINES)
                : "") +
           "measured: the shortest of the ranks; simulated: from the first rank's begin to the "
           "last's end, waits for late ranks included, of which compute_scale: 0 has none\n";
}
