/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_RUN_H
#define MTLINK_RUN_H

#include "cost/fabric-cost.h"
#include "engine/exchange.h"
#include "experiment/estimate.h"
#include "experiment/experiment.h"
#include "experiment/spread-run.h"
#include "experiment/workload-run.h"
#include "measure/critical-paths.h"
#include "measure/message-log.h"
#include "routing/deadlock.h"
#include "verdict/verdict-facts.h"

#include "ns3/mtlink-results.h"

#include <csignal>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * How far a run is.
 */
struct RunProgress
{
    Tick now{0};            //!< Simulated time, ps
    double share{0};        //!< Share of the run's packet-hops done, about, 0 to 1
    uint64_t packetHops{0}; //!< So far; 0 where messages go as flows
};

/**
 * @ingroup mtlink
 * What a run may be watched and stopped by.
 */
struct RunOptions
{
    /** Called every now and then, about every 100,000 events; may be empty. */
    std::function<void(const RunProgress&)> progress;
    /** Directory of the results, which is there: messages.csv is written to it while the run goes.
     * Empty: the messages are kept in memory, a sample of them where there are very many. */
    std::string directory;
    /** Told the mode that `auto` took, and why, before the run begins; may be empty. */
    std::function<void(const std::string& mode, const std::string& reason)> chosen;
    /** Called before the run starts where it will take long. */
    std::function<void(const std::string& estimate)> warned;
    /** Set to other than 0, by a signal handler, to end the run; may be nullptr. */
    const volatile std::sig_atomic_t* interrupt{nullptr};
    /** The processes among which the run is spread, this one being process 0 and the others in
     * ServeRun(); nullptr: this one alone runs it. Where it is not run in packets, the others have
     * nothing to do. */
    Exchange* exchange{nullptr};
};

/** Why a run ended. */
enum class RunEnd
{
    COMPLETE,    //!< All workloads are done
    STALLED,     //!< Nothing is left to happen, and they are not: a deadlock, or a fault
    TIME_LIMIT,  //!< simulation.stop
    EVENT_LIMIT, //!< simulation.event_limit
    INTERRUPTED, //!< RunOptions::interrupt
    DESERTED,    //!< A process of RunOptions::exchange has ended
};

/**
 * @ingroup mtlink
 * What a run leaves.
 */
struct RunOutcome
{
    RunEnd end{RunEnd::COMPLETE}; //!< Why it ended
    RunResults results;           //!< Complete or not
    /** Wrote messages.csv, for WriteResults(); null where RunOptions names no directory. */
    std::unique_ptr<MessageLog> messages;
    std::vector<std::string> waiting;    //!< STALLED: who waits, and for what
    std::vector<std::string> down;       //!< STALLED: links that are down
    std::vector<std::string> lossy;      //!< STALLED: links whose faults took data
    std::string deserted;                //!< DESERTED: which process has ended
    ModeSeconds seconds;                 //!< What it takes in each mode, estimated, if what_if asks
    std::optional<VerdictChain> chain;   //!< Longest of its messages, for the verdict
    std::optional<VerdictWindow> window; //!< That held messages up, for the verdict
    CriticalPaths criticalPaths;         //!< For WriteResults(), where a timeline is asked for
};

/**
 * Fabrics with more endpoints than this are run without a deadlock proof, whose time grows with the
 * square of their number (1 s for 10,000 endpoints, minutes for 100,000); CheckExperiment() proves
 * it if asked to.
 */
inline constexpr uint32_t PROOF_ENDPOINTS = 16384;

/**
 * @ingroup mtlink
 * Select the simulator implementation, and picoseconds as ns-3's resolution. Ends whatever
 * simulation there was.
 * @param [in] engine fabric, or default: the one of ns-3, to compare with.
 */
void SelectEngine(const std::string& engine);

/**
 * @ingroup mtlink
 * Assemble an experiment's fabric. Call SelectEngine() before.
 * @param [in] experiment The experiment.
 * @return the fabric.
 * @throws InputError at the place of the parameter that can't be.
 */
Ptr<MtlinkFabric> BuildFabric(const Experiment& experiment);

/**
 * @ingroup mtlink
 * What `mtlink check` says.
 */
struct CheckResult
{
    std::string name;                 //!< Of the experiment or fabric
    std::string kind;                 //!< Of the fabric
    uint32_t endpoints{0};            //!< Of the fabric
    uint32_t switches{0};             //!< Of the fabric
    uint32_t cables{0};               //!< Of the fabric
    uint32_t diameter{0};             //!< Most links on a shortest path between endpoints
    uint32_t diameterFrom{0};         //!< Endpoints from which that was looked for
    uint64_t bisectionBitRate{0};     //!< Between halves in order of rank; 0: too large to tell
    double endpointBitRate{0};        //!< Largest sum of an endpoint's links, bit/s
    bool isProved{false};             //!< Whether a proof was tried
    bool isDeadlockFree{true};        //!< As proved; true where no proof was tried
    DeadlockProof proof;              //!< The proof
    double proofSeconds{0};           //!< How long it took
    std::vector<std::string> routing; //!< Definition of each algorithm in use
    FabricCost cost;                  //!< Of the fabric, by the cost model
    WorkloadSize size;                //!< What the workloads send
    double packetHops{0};             //!< Estimate of the workloads' work
    double estimatedSeconds{0};       //!< Estimate of the run's time in packets
    FlowEstimate flows;               //!< Estimate of what mode flow does
    uint64_t estimatedBytes{0};       //!< Estimate of the run's memory
    std::vector<TrainingResult> trainings;    //!< What is known of them without running
    std::optional<TrainingSearch> search;     //!< For a layout; all else is of the first of these
    std::optional<StabilityResult> stability; //!< Likewise; nothing: not asked for
    std::optional<SpreadEstimate> spread;     //!< Over several processes; nothing: not asked for
};

/**
 * @ingroup mtlink
 * Build an experiment's fabric and workloads without running them.
 * @param [in] experiment The experiment, or a fabric alone.
 * @param [in] proves Whether to prove that it can't deadlock with more than PROOF_ENDPOINTS, too.
 * @param [in] processes Among which a run is to be spread, at least 1.
 * @return what is known of it.
 * @throws InputError for what can't be.
 */
CheckResult CheckExperiment(const Experiment& experiment,
                            bool proves = false,
                            uint32_t processes = 1);

/**
 * @ingroup mtlink
 * @param [in] experiment An experiment.
 * @param [in] result What CheckExperiment() says of it.
 * @return the estimated time of its run in the mode that it will take, nominal seconds of a core;
 *         0 in mode bound.
 */
double GetEstimatedSeconds(const Experiment& experiment, const CheckResult& result);

/**
 * @ingroup mtlink
 * Build what the estimate needs and nothing else: no proof, no bisection, no graph of millions of
 * operations.
 * @param [in] asked An experiment.
 * @return GetEstimatedSeconds() of it, or of such a graph less than that: the same on every
 * machine, however much memory it has.
 * @throws InputError for what can't be.
 */
double EstimateRunSeconds(const Experiment& asked);

/**
 * @ingroup mtlink
 * Run an experiment to its end, or to where it is stopped; then, of a training, what it takes with
 * this and that changed (WhatIf). One at a time in a process.
 * @param [in] experiment The experiment.
 * @param [in] options How to watch and stop it.
 * @return what it leaves.
 * @throws InputError for what can't be built, a fabric that can deadlock included.
 */
RunOutcome RunExperiment(const Experiment& experiment, const RunOptions& options = {});

/**
 * @ingroup mtlink
 * Write what an experiment runs as a Chakra trace, whose replay on its fabric takes the same time
 * to the picosecond. See CheckExport().
 * @param [in] experiment The experiment.
 * @param [in] directory Where to.
 * @return what was written.
 * @throws InputError for what can't be built or written so.
 */
ChakraExport ExportChakra(const Experiment& experiment, const std::string& directory);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_RUN_H
