/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EXPERIMENT_MODE_CHOICE_H
#define MTLINK_EXPERIMENT_MODE_CHOICE_H

#include "experiment/experiment.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * How a run is simulated, and why.
 */
struct ModeChoice
{
    std::string mode;   //!< packet, flow, bound
    std::string reason; //!< Why `auto` took it; empty where the mode was asked for
};

/**
 * @ingroup mtlink
 * Refuse what mode flow can't stand for.
 * @param [in] experiment The experiment.
 * @throws InputError at the place of what it can't.
 */
void CheckFlow(const Experiment& experiment);

/**
 * @ingroup mtlink
 * Refuse a collective that flows are known to get wrong by far.
 * @param [in] unfit FlowLimits::WhyNot().
 * @throws ParameterError of its algorithm, where there is a reason.
 */
void RefuseUnfit(const std::string& unfit);

/**
 * @ingroup mtlink
 * Refuse what has no meaning where each message goes the one way of the closed form.
 * @param [in] experiment The experiment.
 * @throws InputError at the place of what has none.
 */
void CheckBound(const Experiment& experiment);

/**
 * @ingroup mtlink
 * Choose for `mode: auto`: packets where their time at a nominal rate fits the budget, or where
 * flows can't; else flows. The rate is a constant, so that the choice is the same on every machine.
 * @param [in] experiment The experiment.
 * @param [in] packetHops That packets would take, about.
 * @param [in] unfit Why flows should not stand for a collective of it; empty: they may.
 * @return the choice.
 */
ModeChoice ChooseMode(const Experiment& experiment, double packetHops, const std::string& unfit);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EXPERIMENT_MODE_CHOICE_H
