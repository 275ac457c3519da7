/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EXPERIMENT_TRIAL_H
#define MTLINK_EXPERIMENT_TRIAL_H

#include "experiment/experiment.h"
#include "experiment/run.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** A small card, as lines of a training: what it takes is seen beside small messages. */
inline const std::string TRIAL_DEVICE = R"(    device:
      peak: {bf16: 1Tflops}
      memory: {size: 1GB, rate: 100GBps, efficiency: 80 %}
      matmul: {efficiency: 0.5, half_gflop: 0.01}
      attention: {forward: 0.5, backward: 0.5}
      launch: 1us
      collective_overhead: {fixed: 2us, step: 1us}
)";

/**
 * @param [in] text An experiment; places are in test.yaml.
 * @param [in] settings As of --set.
 * @return it, read.
 */
inline Experiment
ReadTrial(const std::string& text, const std::vector<std::string>& settings = {})
{
    std::vector<Override> overrides;
    for (const std::string& setting : settings)
    {
        overrides.push_back({"--set", setting});
    }
    return ReadExperiment(ParseYaml(text, {"test.yaml", ""}), "test", overrides);
}

/**
 * @param [in] call What may be refused.
 * @return the message, or "accepted".
 */
template <typename Call>
std::string
GetMessageOf(Call call)
{
    try
    {
        call();
    }
    catch (const InputError& error)
    {
        return error.what();
    }
    return "accepted";
}

/** @return the message of an experiment that is refused as it is read, or "accepted". */
inline std::string
GetReadRefusal(const std::string& text, const std::vector<std::string>& settings = {})
{
    return GetMessageOf([&] { ReadTrial(text, settings); });
}

/** @return the message of one that is refused as it is read or run, or "accepted". */
inline std::string
GetRunRefusal(const std::string& text, const std::vector<std::string>& settings = {})
{
    return GetMessageOf([&] { RunExperiment(ReadTrial(text, settings)); });
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EXPERIMENT_TRIAL_H
