/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/figures.h"

#include "measure/result-tables.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ns3
{
namespace mtlink
{

namespace
{

using MaybeNumber = std::optional<double>;

/** @return a time in nanoseconds. */
MaybeNumber
Nanoseconds(Tick tick)
{
    return tick == NEVER ? MaybeNumber() : static_cast<double>(tick) / 1000;
}

/** @return a count. */
MaybeNumber
Count(uint64_t count)
{
    return static_cast<double>(count);
}

/** @return one figure of a latency. */
MaybeNumber
GetLatency(const std::optional<LatencyResult>& latency, double LatencyResult::*figure)
{
    return latency ? MaybeNumber((*latency).*figure) : MaybeNumber();
}

/** @return one figure of the cost model. */
MaybeNumber
GetCost(const RunResults& run, double CostResult::*figure)
{
    return run.cost ? MaybeNumber((*run.cost).*figure) : MaybeNumber();
}

/** @return one figure of a job over days. */
MaybeNumber
GetStability(const RunResults& run, IntervalFigure StabilityResult::*figure)
{
    const double value =
        run.stability ? ((*run.stability).*figure).value : std::numeric_limits<double>::quiet_NaN();
    return std::isfinite(value) ? MaybeNumber(value) : MaybeNumber();
}

/** @return one figure of a training. */
MaybeNumber
GetTraining(const RunResults& run, double TrainingResult::*figure)
{
    return run.training ? MaybeNumber((*run.training).*figure) : MaybeNumber();
}

/** @return nanoseconds that a collective took; NaN if it did not end. */
double
GetNanoseconds(const CollectiveResult& collective)
{
    return Nanoseconds(GetDuration(collective)).value_or(std::numeric_limits<double>::quiet_NaN());
}

/** @return what a collective figure is for each that has it. */
std::vector<double>
Gather(const RunResults& run, double (*get)(const CollectiveResult&))
{
    std::vector<double> values;
    for (const CollectiveResult& collective : run.collectives)
    {
        const double value = get(collective);
        if (std::isfinite(value))
        {
            values.push_back(value);
        }
    }
    return values;
}

/** @return the mean over collectives. */
MaybeNumber
GetMean(const RunResults& run, double (*get)(const CollectiveResult&))
{
    const std::vector<double> values = Gather(run, get);
    double sum = 0;
    for (const double value : values)
    {
        sum += value;
    }
    return values.empty() ? MaybeNumber() : sum / static_cast<double>(values.size());
}

/** @return the least over collectives. */
MaybeNumber
GetLeast(const RunResults& run, double (*get)(const CollectiveResult&))
{
    const std::vector<double> values = Gather(run, get);
    return values.empty() ? MaybeNumber() : *std::min_element(values.begin(), values.end());
}

/** @return the most over collectives. */
MaybeNumber
GetMost(const RunResults& run, double (*get)(const CollectiveResult&))
{
    const std::vector<double> values = Gather(run, get);
    return values.empty() ? MaybeNumber() : *std::max_element(values.begin(), values.end());
}

} // namespace

const std::vector<Figure>&
GetFigures()
{
    static const std::vector<Figure> figures{
        {"completion_time_ns",
         [](const RunResults& run) { return Nanoseconds(run.completionTime.value_or(NEVER)); },
         FigureAim::LESS},
        {"least_time_ns",
         [](const RunResults& run) { return Nanoseconds(run.leastTime.value_or(NEVER)); }},
        {"collectives", [](const RunResults& run) { return Count(run.collectives.size()); }},
        {"collective_duration_ns_mean",
         [](const RunResults& run) { return GetMean(run, GetNanoseconds); },
         FigureAim::LESS},
        {"collective_duration_ns_max",
         [](const RunResults& run) { return GetMost(run, GetNanoseconds); },
         FigureAim::LESS},
        {"collective_algbw_GBps_mean",
         [](const RunResults& run) { return GetMean(run, GetAlgorithmBandwidth); },
         FigureAim::MORE},
        {"collective_busbw_GBps_mean",
         [](const RunResults& run) { return GetMean(run, GetBusBandwidth); },
         FigureAim::MORE},
        {"collective_busbw_GBps_min",
         [](const RunResults& run) { return GetLeast(run, GetBusBandwidth); },
         FigureAim::MORE},
        {"collective_bound_ratio_mean",
         [](const RunResults& run) { return GetMean(run, GetBoundRatio); },
         FigureAim::LESS},
        {"collective_bound_ratio_max",
         [](const RunResults& run) { return GetMost(run, GetBoundRatio); },
         FigureAim::LESS},
        {"packet_latency_ns_mean",
         [](const RunResults& run) { return GetLatency(run.packetLatency, &LatencyResult::mean); },
         FigureAim::LESS},
        {"packet_latency_ns_p50",
         [](const RunResults& run) { return GetLatency(run.packetLatency, &LatencyResult::p50); },
         FigureAim::LESS},
        {"packet_latency_ns_p99",
         [](const RunResults& run) { return GetLatency(run.packetLatency, &LatencyResult::p99); },
         FigureAim::LESS},
        {"packet_latency_ns_p999",
         [](const RunResults& run) { return GetLatency(run.packetLatency, &LatencyResult::p999); },
         FigureAim::LESS},
        {"packet_latency_ns_max",
         [](const RunResults& run) { return GetLatency(run.packetLatency, &LatencyResult::max); },
         FigureAim::LESS},
        {"network_latency_ns_mean",
         [](const RunResults& run) { return GetLatency(run.networkLatency, &LatencyResult::mean); },
         FigureAim::LESS},
        {"network_latency_ns_p50",
         [](const RunResults& run) { return GetLatency(run.networkLatency, &LatencyResult::p50); },
         FigureAim::LESS},
        {"network_latency_ns_p99",
         [](const RunResults& run) { return GetLatency(run.networkLatency, &LatencyResult::p99); },
         FigureAim::LESS},
        {"network_latency_ns_p999",
         [](const RunResults& run) { return GetLatency(run.networkLatency, &LatencyResult::p999); },
         FigureAim::LESS},
        {"network_latency_ns_max",
         [](const RunResults& run) { return GetLatency(run.networkLatency, &LatencyResult::max); },
         FigureAim::LESS},
        {"offered_load", [](const RunResults& run) { return run.offeredLoad; }},
        {"accepted_load", [](const RunResults& run) { return run.acceptedLoad; }, FigureAim::MORE},
        {"credit_stall_ns",
         [](const RunResults& run) { return Nanoseconds(run.creditStall); },
         FigureAim::LESS},
        {"packets_delivered", [](const RunResults& run) { return Count(run.packetsDelivered); }},
        {"payload_bytes_delivered",
         [](const RunResults& run) { return Count(run.payloadBytesDelivered); }},
        {"packets_lost",
         [](const RunResults& run) { return Count(run.packetsLost); },
         FigureAim::LESS},
        {"messages_lost",
         [](const RunResults& run) { return Count(run.messagesLost); },
         FigureAim::LESS},
        {"packet_hops", [](const RunResults& run) { return Count(run.packetHops); }},
        {"events", [](const RunResults& run) { return Count(run.events); }},
        {"simulated_time_ns", [](const RunResults& run) { return Nanoseconds(run.simulatedTime); }},
        {"fabric_endpoints", [](const RunResults& run) { return Count(run.endpoints); }},
        {"fabric_switches", [](const RunResults& run) { return Count(run.switches); }},
        {"fabric_links", [](const RunResults& run) { return Count(run.cables); }},
        {"stability.mttf_ns",
         [](const RunResults& run) { return GetStability(run, &StabilityResult::mttfNs); },
         FigureAim::MORE},
        {"stability.availability",
         [](const RunResults& run) { return GetStability(run, &StabilityResult::availability); },
         FigureAim::MORE},
        {"stability.ettr",
         [](const RunResults& run) { return GetStability(run, &StabilityResult::ettr); },
         FigureAim::MORE},
        {"stability.goodput",
         [](const RunResults& run) { return GetStability(run, &StabilityResult::goodput); },
         FigureAim::MORE},
        {"stability.checkpoint_interval_ns",
         [](const RunResults& run) {
             return GetStability(run, &StabilityResult::checkpointIntervalNs);
         }},
        {"training.iteration_time_ns",
         [](const RunResults& run) { return GetTraining(run, &TrainingResult::iterationTimeNs); },
         FigureAim::LESS},
        {"training.mfu",
         [](const RunResults& run) { return GetTraining(run, &TrainingResult::mfu); },
         FigureAim::MORE},
        {"training.hfu",
         [](const RunResults& run) { return GetTraining(run, &TrainingResult::hfu); },
         FigureAim::MORE},
        {"training.tokens_per_s",
         [](const RunResults& run) { return GetTraining(run, &TrainingResult::tokensPerSecond); },
         FigureAim::MORE},
        {"training.days_to_train",
         [](const RunResults& run) {
             return run.training ? run.training->daysToTrain : MaybeNumber();
         },
         FigureAim::LESS},
        {"cost_area_mm2",
         [](const RunResults& run) { return GetCost(run, &CostResult::area); },
         FigureAim::LESS},
        {"cost_chip_area_mm2",
         [](const RunResults& run) { return GetCost(run, &CostResult::chipArea); },
         FigureAim::LESS},
        {"cost_power_W",
         [](const RunResults& run) { return GetCost(run, &CostResult::power); },
         FigureAim::LESS},
        {"cost_chip_power_W",
         [](const RunResults& run) { return GetCost(run, &CostResult::chipPower); },
         FigureAim::LESS},
        {"cost_serdes",
         [](const RunResults& run) { return run.cost ? Count(run.cost->serdes) : MaybeNumber(); },
         FigureAim::LESS},
        {"cost_buffer_bytes",
         [](const RunResults& run) {
             return run.cost ? Count(run.cost->bufferBytes) : MaybeNumber();
         },
         FigureAim::LESS},
    };
    return figures;
}

const std::vector<Figure>&
GetCosts()
{
    static const std::vector<Figure> costs{
        {"wall_time_s", [](const RunResults& run) { return MaybeNumber(run.wallTimeSeconds); }},
        {"cpu_time_s", [](const RunResults& run) { return MaybeNumber(run.cpuTimeSeconds); }},
        {"setup_time_s", [](const RunResults& run) { return MaybeNumber(run.setupTimeSeconds); }},
        {"peak_rss_bytes", [](const RunResults& run) { return Count(run.peakRssBytes); }},
    };
    return costs;
}

const std::vector<CollectiveFigure>&
GetCollectiveFigures()
{
    static const std::vector<CollectiveFigure> figures{
        {"duration_ns", GetNanoseconds},
        {"algbw_GBps", GetAlgorithmBandwidth},
        {"busbw_GBps", GetBusBandwidth},
        {"bound_ratio", GetBoundRatio},
    };
    return figures;
}

} // namespace mtlink
} // namespace ns3
