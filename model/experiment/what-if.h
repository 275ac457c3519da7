/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_WHAT_IF_H
#define MTLINK_WHAT_IF_H

#include "experiment/estimate.h"
#include "experiment/experiment.h"

#include "ns3/mtlink-results.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @file
 * @ingroup mtlink
 * What a training iteration would take if something were otherwise: the same experiment, changed in
 * one thing and run again. So is told what each thing costs, in a run where all else stays.
 */

/** Most nominal seconds that all rows together take without being asked for. */
inline constexpr double WHAT_IF_SECONDS = 60;

/** Name of the row without a change, there where rows are of another mode than the run. */
inline constexpr const char* WHAT_IF_UNCHANGED = "nothing";

/**
 * @ingroup mtlink
 * An experiment, changed.
 */
struct WhatIfRun
{
    std::string change;    //!< "perfect_fabric", ...
    Experiment experiment; //!< So
    /** Only this kind of cards of a mixed cluster takes part; nothing: a row. */
    std::optional<uint32_t> kind{};
};

/**
 * @ingroup mtlink
 * Runs of what could be otherwise.
 */
struct WhatIfPlan
{
    std::vector<WhatIfRun> runs;    //!< In the order of the rows
    std::vector<std::string> notes; //!< Why there is no run of something
    double seconds{0};              //!< That all of them take, nominal
};

/**
 * @ingroup mtlink
 * Cards of each kind of a mixed cluster by themselves, see MakeAlone(), for what is lost to all of
 * them; and change an experiment in each thing that means something for it: `perfect_fabric`
 * (messages take no time), `switched_scale_up` (full meshes of a node, or of the whole fabric,
 * become planes of switches with as many links of a card), `network_twice_as_fast` (links of the
 * network between nodes, or, where there are no nodes, all links), `no_software_overhead` (launches
 * of kernels and collectives, overheads of messages and operations), `no_stragglers`.
 *
 * They run in the mode of the run, or, where that takes more than WHAT_IF_SECONDS by its estimate,
 * in the first of flow and bound that does not; else, if they were asked for, in the quickest.
 * @param [in] experiment An experiment with a training that is run.
 * @param [in] mode In which mode.
 * @param [in] seconds What a run takes, by mode.
 * @return what is to be run besides; nothing of it measures anything.
 */
WhatIfPlan PlanWhatIf(const Experiment& experiment,
                      const std::string& mode,
                      const ModeSeconds& seconds);

/** Runs an experiment to its end. @return its training, or nothing: why it was left. */
using WhatIfSimulation =
    std::function<std::optional<TrainingResult>(const Experiment&, std::string& why)>;

/**
 * @ingroup mtlink
 * Run what is planned, add its rows, and hold a mixed cluster against its kinds of cards alone;
 * what is refused becomes a note.
 * @param [in] plan The plan.
 * @param [in] simulate Runs one experiment.
 * @param [in,out] training Gets rows and notes.
 */
void RunWhatIf(const WhatIfPlan& plan, const WhatIfSimulation& simulate, TrainingResult& training);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_WHAT_IF_H
