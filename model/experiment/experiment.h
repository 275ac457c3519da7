/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EXPERIMENT_H
#define MTLINK_EXPERIMENT_H

#include "cost/cost-profile.h"
#include "experiment/fabric-loader.h"
#include "experiment/fault-reader.h"
#include "experiment/override.h"
#include "experiment/stability-reader.h"
#include "experiment/workload-reader.h"
#include "experiment/yaml.h"
#include "measure/row-limits.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** Whether a training is run again with this and that changed. */
enum class WhatIf : uint8_t
{
    AUTO,   //!< Where that does not take long, and not in a sweep
    ALWAYS, //!< Yes
    NEVER,  //!< No
};

/**
 * @ingroup mtlink
 * An experiment as described in YAML.
 */
struct Experiment
{
    std::string name;                           //!< Also the name of the results directory
    FabricDescription fabric;                   //!< The fabric
    uint32_t endpoints{0};                      //!< Of the fabric
    std::vector<WorkloadDescription> workloads; //!< In order of the file
    std::vector<FaultDescription> faults;       //!< In order of the file
    std::string mode{"packet"};                 //!< As asked: packet, flow, bound, auto
    bool memo{false};                           //!< Repeat private collectives
    Tick budget{60'000'000'000'000};            //!< Time that auto gives packets, ps
    std::string engine{"fabric"};               //!< fabric, default: ns-3's own
    uint32_t seed{1};                           //!< Of all random numbers
    std::optional<Tick> stop;                   //!< Simulated time limit, ps
    std::optional<uint64_t> eventLimit;         //!< Events, checked now and then
    bool allowDeadlock{false};                  //!< Run although the routes may deadlock
    bool allowApproximate{false};               //!< Take flows for what they are known to get wrong
    bool timeline{false};                       //!< Keep each operation's times
    Tick sampleEvery{0};                        //!< Interval of the link series; 0: none
    RowLimits rows;                             //!< Of the large tables
    WhatIf whatIf{WhatIf::AUTO};                //!< Runs of a training with changes
    bool isPerfect{false};                      //!< Mode bound, of links that take no time
    Ptr<CostProfile> cost;                      //!< What the parts of a switch chip take
    YamlNode document;                          //!< What was read, files put in, with places
    /** The workload's iterations over days; nothing: not asked for. */
    std::optional<StabilityDescription> stability;
};

/**
 * @ingroup mtlink
 * Read an experiment.
 * @param [in] file Path of its file.
 * @param [in] overrides Values to set in it, in order.
 * @return the experiment, all of it checked that can be without building the fabric.
 * @throws InputError for what is unknown or can't be.
 */
Experiment LoadExperiment(const std::string& file, const std::vector<Override>& overrides = {});

/**
 * @ingroup mtlink
 * Read an experiment from a mapping.
 * @param [in] document The mapping.
 * @param [in] fallbackName Name where the mapping gives none.
 * @param [in] overrides As LoadExperiment().
 * @return as LoadExperiment().
 */
Experiment ReadExperiment(YamlNode document,
                          const std::string& fallbackName,
                          const std::vector<Override>& overrides = {});

/**
 * @ingroup mtlink
 * Read an experiment from a mapping and values to set in it.
 * @param [in] document The mapping.
 * @param [in] fallbackName Name where the mapping gives none.
 * @param [in] settings Values to set in it, in order.
 * @return as LoadExperiment().
 */
Experiment ReadExperimentWith(YamlNode document,
                              const std::string& fallbackName,
                              const std::vector<Setting>& settings);

/**
 * @ingroup mtlink
 * Refuse a name that can't be a directory's, or that leads elsewhere.
 * @param [in] name The name.
 * @param [in] node Its place.
 */
void CheckName(const std::string& name, const YamlNode& node);

/** Seeds of MRG32k3a are below its second modulus. */
inline constexpr uint64_t MAX_SEED = 4'294'944'442;

/**
 * @ingroup mtlink
 * @param [in] node A value.
 * @return a seed, 1 to MAX_SEED.
 */
uint32_t ReadSeed(const YamlNode& node);

/**
 * @ingroup mtlink
 * @param [in] key A key of a file's outermost mapping.
 * @return whether only a sweep has it.
 */
bool IsSweepKey(const std::string& key);

/**
 * @ingroup mtlink
 * Read a fabric alone, as an experiment without workloads.
 * @param [in] document The mapping of its file.
 * @param [in] name Name of the experiment.
 * @return the experiment.
 */
Experiment ReadFabricOnly(const YamlNode& document, const std::string& name);

/**
 * @ingroup mtlink
 * Read a file that holds an experiment, or a fabric.
 * @param [in] file Path of the file.
 * @param [in] overrides Values to set in an experiment.
 * @return the experiment, without workloads where it is a fabric.
 * @throws InputError where there are overrides of a fabric.
 */
Experiment LoadExperimentOrFabric(const std::string& file,
                                  const std::vector<Override>& overrides = {});

/**
 * @ingroup mtlink
 * Resolve everything in an experiment: files put in, defaults written out, random placements
 * drawn. Paths are absolute.
 * @param [in] experiment The experiment.
 * @return a mapping that makes the same run; its values know their places, defaults have none.
 */
YamlNode ResolveExperiment(const Experiment& experiment);

/**
 * @ingroup mtlink
 * @param [in] experiment An experiment.
 * @return the same, of which nothing is listed: no timeline, no samples, no messages, no what_if.
 */
Experiment MakeQuiet(const Experiment& experiment);

/**
 * @ingroup mtlink
 * Write an experiment back with everything resolved.
 * @param [in] experiment The experiment.
 * @return ResolveExperiment() as YAML, which is written back as itself.
 */
std::string WriteExperiment(const Experiment& experiment);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EXPERIMENT_H
