/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TRAINING_READER_H
#define MTLINK_TRAINING_READER_H

#include "experiment/experiment-keys.h"
#include "experiment/yaml.h"
#include "training/training-spec.h"

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
 * @return the training, checked, its memory too.
 * @throws InputError for what is unknown or can't be.
 */
TrainingSpec ReadTraining(const YamlNode& document, uint32_t cards);

/**
 * @ingroup mtlink
 * @param [in] document What ResolveTraining() returned.
 * @param [in] spec What ReadTraining() made of it.
 * @return the mapping with defaults written out; it is read to the same.
 */
YamlNode WriteTraining(const YamlNode& document, const TrainingSpec& spec);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TRAINING_READER_H
