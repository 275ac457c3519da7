/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "nccl-text.h"

#include "workload/collective/collective-kind.h"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <vector>

using namespace ns3::mtlink;

namespace
{

constexpr uint64_t FLOAT_BYTES = 4;

/** Collectives that are alike but for when they ran. */
struct NcclRow
{
    const CollectiveResult* first; //!< One of them
    double time{0};                //!< Of all, ps
    uint32_t count{0};             //!< How many
};

/** @return collectives that ended, those alike together, in order. */
std::vector<NcclRow>
Gather(const RunResults& results)
{
    std::vector<NcclRow> rows;
    for (const CollectiveResult& one : results.collectives)
    {
        if (one.end == NEVER)
        {
            continue;
        }
        auto row = std::find_if(rows.begin(), rows.end(), [&one](const NcclRow& each) {
            const CollectiveResult& other = *each.first;
            return one.name == other.name && one.algorithm == other.algorithm &&
                   one.bytes == other.bytes && one.ranks == other.ranks &&
                   one.workload == other.workload;
        });
        row = row == rows.end() ? rows.insert(row, {&one}) : row;
        row->time += static_cast<double>(one.end - one.start);
        ++row->count;
    }
    return rows;
}

/** @return its root, or -1: it has none, or the trace does not say. */
int64_t
FindRoot(const CollectiveResult& row, const Experiment& experiment)
{
    for (const WorkloadDescription& workload : experiment.workloads)
    {
        const bool isIt = experiment.workloads.size() == 1 || workload.name == row.workload;
        if (isIt && workload.kind == WorkloadDescription::COLLECTIVE &&
            GetCollectiveKind(row.name).HasRoot())
        {
            return workload.collective.root;
        }
    }
    return -1;
}

/** @return microseconds in as many digits as nccl-tests print. */
std::string
FormatMicroseconds(double time)
{
    constexpr double WHOLE = 10'000;
    constexpr double TENTHS = 100;
    return time >= WHOLE    ? fmt::format("{:.0f}", time)
           : time >= TENTHS ? fmt::format("{:.1f}", time)
                            : fmt::format("{:.2f}", time);
}

} // namespace

std::string
FormatNcclTests(const RunResults& results, const Experiment& experiment)
{
    const auto line = [](const auto&... cells) {
        return fmt::format("{:>12}  {:>12}  {:>8}  {:>6}  {:>6}  {:>7}  {:>6}  {:>6}  {:>6}  {:>7} "
                           " {:>6}  {:>6}  {:>6}\n",
                           cells...);
    };
    std::string text = "#\n#" + fmt::format("{:>57}{:<33}{}\n", "", "out-of-place", "in-place");
    text += "#" + line("size",
                       "count",
                       "type",
                       "redop",
                       "root",
                       "time",
                       "algbw",
                       "busbw",
                       "#wrong",
                       "time",
                       "algbw",
                       "busbw",
                       "#wrong")
                      .substr(1);
    text += "#" + line("(B)",
                       "(elements)",
                       "",
                       "",
                       "",
                       "(us)",
                       "(GB/s)",
                       "(GB/s)",
                       "",
                       "(us)",
                       "(GB/s)",
                       "(GB/s)",
                       "")
                      .substr(1);
    double sum = 0;
    const std::vector<NcclRow> rows = Gather(results);
    const std::string none = "N/A";
    for (const NcclRow& row : rows)
    {
        const CollectiveResult& one = *row.first;
        const CollectiveKind& kind = GetCollectiveKind(one.name);
        const double time = row.time / row.count;
        const double algbw =
            time > 0 ? static_cast<double>(one.bytes) / time * 1e3 : 0; // bytes/ps to GB/s
        const double busbw = algbw * one.busFactor;
        sum += busbw;
        const bool isShared = kind.payload == Payload::SENDERS_SHARE ||
                              kind.payload == Payload::RECEIVERS_SHARE ||
                              kind.payload == Payload::SHARE_OF_EACH;
        const uint64_t parts = isShared ? one.ranks : 1;
        const bool isFloat = one.bytes % (parts * FLOAT_BYTES) == 0;
        text += line(one.bytes,
                     one.bytes / parts / (isFloat ? FLOAT_BYTES : 1),
                     isFloat ? "float" : "int8",
                     kind.reduces ? "sum" : "none",
                     FindRoot(one, experiment),
                     FormatMicroseconds(time / 1e6),
                     fmt::format("{:.2f}", algbw),
                     fmt::format("{:.2f}", busbw),
                     none,
                     none,
                     none,
                     none,
                     none);
    }
    text += fmt::format("# Avg bus bandwidth    : {:g}\n#\n",
                        rows.empty() ? 0 : sum / static_cast<double>(rows.size()));
    return text;
}
