/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EXPERIMENT_KEYS_H
#define MTLINK_EXPERIMENT_KEYS_H

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A key of an experiment that is no attribute of an object: for `mtlink attributes` and the JSON
 * Schema. The readers of these keys are the judges; a test holds this list against them.
 */
struct ExperimentKey
{
    std::string section; //!< "experiment", "sweep", "workload", "simulation", "measure", "fabric",
                         //!< "training", "training.model", ..., "stability", ...
    std::string key;     //!< The key
    std::string type;    //!< As ParseKeyType() reads it: "size, 1B or more", "auto | integer"
    std::string defaultValue; //!< As written in YAML; empty: none
    std::string help;         //!< Meaning
    bool isRequired{false};   //!< Whether its mapping lacks something without it
    std::string goesWith{};   //!< Key of its mapping without which it is unknown; empty: none
};

/** @return all of them, by section. */
const std::vector<ExperimentKey>& GetExperimentKeys();

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EXPERIMENT_KEYS_H
