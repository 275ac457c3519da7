/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_STABILITY_RESULT_H
#define MTLINK_STABILITY_RESULT_H

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * A figure and its 95 % confidence interval; not finite: there is none. */
struct IntervalFigure
{
    double value{0}; //!< Mean over the runs
    double low{0};   //!< Lower end of the interval; the value where it is no estimate
    double high{0};  //!< Upper end, likewise
};

/** @ingroup mtlink
 * What a fault of a link of one class does to an iteration. */
struct StabilityFaultResult
{
    std::string cls;                       //!< The class
    uint64_t cables{0};                    //!< That the job could lose
    uint64_t used{0};                      //!< Of them, that an iteration sends over
    std::string link;                      //!< The one that stands for them; empty: none, as asked
    std::optional<double> iterationTimeNs; //!< With it; nothing: the job stops
};

/** @ingroup mtlink
 * One row of stability.csv: a failure in the first of the runs. */
struct StabilityFailureResult
{
    double timeS{0};    //!< When
    std::string kind;   //!< card, node, link
    std::string unit;   //!< Which: "gpu7", "node 3", a class of links
    std::string effect; //!< stop, slow, none
    double slowdown{1}; //!< slow: times that an iteration takes longer with it
    double lostS{0};    //!< stop: running time since what the last whole checkpoint holds
    double downS{0};    //!< stop: until the job runs again, or is stopped again
    std::string spares; //!< stop: left, or "unlimited"
};

/** @ingroup mtlink
 * A job over days: `stability` in summary.json. Times in nanoseconds, shares from 0 to 1. */
struct StabilityResult
{
    double runNs{0};    //!< Length of one of the runs
    uint64_t runs{0};   //!< How many were lived through; 0: none, as `mtlink check` does not
    uint64_t seed{0};   //!< Of their failures
    uint64_t cards{0};  //!< Of the job
    uint64_t nodes{0};  //!< That they are in
    uint64_t cables{0}; //!< That the job could lose
    std::string spares; //!< That there are: "12 nodes", "unlimited"

    IntervalFigure mttfNs;               //!< Time by failures that stop the job
    IntervalFigure availability;         //!< Units' time at work by that and their time in repair
    IntervalFigure ettr;                 //!< Share of the time that the job runs, and keeps
    IntervalFigure goodput;              //!< Kept work by that of an undisturbed job in that time
    IntervalFigure checkpointIntervalNs; //!< Work between two checkpoints, undisturbed
    /** In a run, by kind: card, node, link; and stops, those that stop the job. */
    std::vector<std::pair<std::string, IntervalFigure>> failures;

    double iterationTimeNs{0}; //!< Undisturbed
    std::string to;            //!< neighbour, host, store
    double cardBytes{0};       //!< Of a checkpoint, of the card that has most
    double bytes{0};           //!< Of a checkpoint, all cards
    double copyTimeNs{0};      //!< Of a copy with nothing else going on
    double blockingNs{0};      //!< That training stands still for a checkpoint
    double besideNs{0};        //!< That a copy takes beside iterations; 0: it blocks them
    double slowsNs{0};         //!< That it slows them by
    double detectNs{0};        //!< From a failure to its being known
    double restartNs{0};       //!< From then, with units to run on, to reading back
    double restoreNs{0};       //!< Reading a checkpoint back
    std::vector<StabilityFaultResult> faults; //!< By link class

    double renewalEttr{0};      //!< By the renewal closed form
    bool renewalHolds{false};   //!< Whether that is exact here
    std::string renewalNote;    //!< Why not, or that it is
    double firstOrderEttr{0};   //!< 1 - w/tau - (tau/2 + R)/M
    double metaEttr{0};         //!< (1 - (R + tau/2)/M)/(1 + w/tau)
    double youngNs{0};          //!< sqrt(2 w M)
    double dalyNs{0};           //!< sqrt(2 w M) - w
    bool firstOrderHolds{true}; //!< Whether those can be trusted here
    std::string firstOrderNote; //!< Why not, or that they can
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_STABILITY_RESULT_H
