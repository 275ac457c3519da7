/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ESTIMATE_H
#define MTLINK_ESTIMATE_H

#include "experiment/experiment.h"
#include "experiment/workload-run.h"
#include "flow/flow-path.h"

#include "ns3/mtlink-fabric.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @file
 * @ingroup mtlink
 * What a run will take, told before it starts: from what its workloads send and constants that were
 * measured, so that the same experiment has the same estimate on every machine.
 */

/** Time of a packet-hop for estimates, seconds: one core of a server of 2020, contended traffic. */
inline constexpr double SECONDS_PER_PACKET_HOP = 400e-9;

/**
 * Time of a message in mode flow for estimates, seconds: one that shares its links with few, at
 * 10,000 endpoints. Where everybody sends to everybody it is four times as much.
 */
inline constexpr double SECONDS_PER_FLOW = 3e-6;

/**
 * Time of a message of a ring that mode flow carries as a whole, seconds: measured 4 ns with 1,250
 * members, 8 ns with 12,800.
 */
inline constexpr double SECONDS_PER_RING_MESSAGE = 6e-9;

/** Time of a message in mode bound for estimates, seconds: measured 0.9 to 1.7 us. */
inline constexpr double SECONDS_PER_BOUND_MESSAGE = 1.5e-6;

/** Memory of an operation of a graph for estimates, bytes; of a training's, measured. */
inline constexpr double BYTES_PER_OPERATION = 150;

/**
 * Memory of a message under way, or waiting at its source, for estimates: measured 460 B in mode
 * bound, 830 B in packets, with 1,024 endpoints that all send to all.
 */
inline constexpr double BYTES_PER_MESSAGE = 830;

/** @ingroup mtlink The workloads of a run. */
using WorkloadRuns = std::vector<std::unique_ptr<WorkloadRun>>;

/** @return most memory that the process has had, bytes. */
uint64_t GetPeakRss();

/**
 * @param [in] workloads The workloads.
 * @return what all of them send together, as if all were under way at once.
 */
WorkloadSize GetSize(const WorkloadRuns& workloads);

/**
 * @param [in] fabric The fabric.
 * @param [in] workloads The workloads.
 * @return packet-hops that all of them take together, about.
 */
double EstimatePacketHops(const MtlinkFabric& fabric, const WorkloadRuns& workloads);

/**
 * @ingroup mtlink
 * What mode flow will do.
 */
struct FlowEstimate
{
    double flows{0};   //!< Messages, one by one
    double wholes{0};  //!< Messages of rings that are carried as a whole
    double seconds{0}; //!< CPU time
};

/**
 * Of rings that share no link with one another it is taken that nobody else comes to them.
 * @param [in] workloads The workloads.
 * @param [in] size What they send.
 * @param [in] paths The ways of flows; nullptr: no ring is carried as a whole.
 * @return what mode flow does.
 */
FlowEstimate EstimateFlows(const WorkloadRuns& workloads,
                           const WorkloadSize& size,
                           FlowPaths* paths);

/**
 * @ingroup mtlink
 * What a run takes in each mode, nominal seconds.
 */
struct ModeSeconds
{
    double packet{0}; //!< Mode packet
    double flow{0};   //!< Mode flow
    double bound{0};  //!< Mode bound
};

/**
 * @param [in] hops Packet-hops of a run.
 * @param [in] flows What mode flow does.
 * @param [in] size What is sent.
 * @return what the run takes in each mode.
 */
ModeSeconds EstimateSeconds(double hops, const FlowEstimate& flows, const WorkloadSize& size);

/**
 * @param [in] experiment An experiment.
 * @return operations in the graphs of all its trainings, about; nothing is made.
 */
double CountGraphOperations(const Experiment& experiment);

/**
 * Refuse trainings whose graph alone would take the machine's memory, before it is made.
 * @param [in] experiment What is to be run.
 * @throws InputError at the training.
 */
void RefuseGraphBeyondMemory(const Experiment& experiment);

/**
 * @param [in] size What is sent.
 * @return memory of the run, bytes: fabric, routes and graph are there by now; packets, events and
 *         rows come on top, and what is under way.
 */
uint64_t EstimateBytes(const WorkloadSize& size);

/**
 * Refuse what would take the machine's memory, before it has.
 * @param [in] experiment What is to be run.
 * @param [in] size What it sends.
 * @throws InputError at its first workload.
 */
void RefuseBeyondMemory(const Experiment& experiment, const WorkloadSize& size);

/**
 * A look that costs nothing.
 * @param [in] size What is sent.
 * @param [in] packet Largest payload of a packet, bytes.
 * @return whether a run in packets may take long enough to say so.
 */
bool MayTakeLong(const WorkloadSize& size, uint32_t packet);

/**
 * @param [in] hops Packet-hops of a run.
 * @param [in] flows What mode flow would do instead.
 * @return what to say of a run in packets that takes long; empty: it doesn't.
 */
std::string DescribeLongPackets(double hops, const FlowEstimate& flows);

/**
 * @param [in] flows What mode flow will do.
 * @return what to say of that if it takes long; empty: it doesn't.
 */
std::string DescribeLongFlows(const FlowEstimate& flows);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ESTIMATE_H
