/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TRAINING_TEXT_H
#define MTLINK_TRAINING_TEXT_H

#include "ns3/mtlink-results.h"

#include <string>

/** @return what is known of a training without running it, lines ended. @param [in] training It. */
std::string FormatTrainingPlan(const ns3::mtlink::TrainingResult& training);

/** @return the results of a training, lines ended. @param [in] training It. */
std::string FormatTraining(const ns3::mtlink::TrainingResult& training);

/** @return the layouts that were tried, or would be, lines ended. @param [in] search They. */
std::string FormatSearch(const ns3::mtlink::TrainingSearch& search);

#endif // MTLINK_TRAINING_TEXT_H
