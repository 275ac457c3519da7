/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TRAINING_READER_H
#define MTLINK_TRAINING_READER_H

#include "experiment/experiment-keys.h"
#include "experiment/yaml.h"
#include "training/layout-list.h"
#include "training/training-spec.h"

#include "ns3/mtlink-error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @return the keys of a training, by section: "training", "training.model", ... */
const std::vector<ExperimentKey>& GetTrainingKeys();

/** @return whether a workload's key changes one of its training. @param [in] key The key. */
bool IsTrainingKey(const std::string& key);

/**
 * @ingroup mtlink
 * @param [in] node A device's mapping, or the path of its file.
 * @return its mapping, all files put in.
 * @throws InputError for a file that can't be read, and a circle of files.
 */
YamlNode LoadDevice(const YamlNode& node);

/**
 * @ingroup mtlink
 * Put in all files that a training is made of: its own, what it extends, model and device. Keys of
 * the training that stand beside `training` in the workload are laid over it.
 * @param [in] workload The workload's mapping, with the key `training`.
 * @return one mapping; every value still knows its own file and line.
 * @throws InputError for a file that can't be read, and a circle of files.
 */
YamlNode ResolveTraining(const YamlNode& workload);

/**
 * @ingroup mtlink
 * Read a training.
 * @param [in] document What ResolveTraining() returned.
 * @param [in] cards Ranks of the workload.
 * @param [in,out] space Gets what is left to be chosen: keys that are `auto`.
 * @return the training; checked, its memory too, unless there is something to choose.
 * @throws InputError for what is unknown or can't be.
 */
TrainingSpec ReadTraining(const YamlNode& document, uint32_t cards, LayoutSpace& space);

/**
 * @ingroup mtlink
 * Refuse a parameter at its place, or at that of the mapping that it would be in.
 * @param [in] document What ResolveTraining() returned.
 * @param [in] error What is wrong with it.
 * @throws InputError always.
 */
[[noreturn]] void RefuseTrainingParameter(const YamlNode& document, const ParameterError& error);

/**
 * @ingroup mtlink
 * @param [in] document What ResolveTraining() returned.
 * @param [in] spec What ReadTraining() made of it, or a layout that was chosen.
 * @param [in] space What is still to be chosen, and stays `auto`; nullptr: nothing.
 * @return the mapping with defaults written out; it is read to the same.
 */
YamlNode WriteTraining(const YamlNode& document,
                       const TrainingSpec& spec,
                       const LayoutSpace* space);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TRAINING_READER_H
