/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_WORKLOAD_READER_H
#define MTLINK_WORKLOAD_READER_H

#include "experiment/yaml.h"
#include "stability/checkpoint-copy.h"
#include "training/layout-list.h"
#include "training/training-spec.h"
#include "workload/collective/collective.h"
#include "workload/traffic.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A workload as described in YAML; what depends on the built fabric is filled in by the run.
 */
struct WorkloadDescription
{
    /** What it is. */
    enum Kind
    {
        COLLECTIVE, //!< A collective by name
        TRACE,      //!< A trace
        TRAFFIC,    //!< Open-loop traffic
        TRAINING,   //!< Training iterations
        CHECKPOINT  //!< A checkpoint's copies; in no file, `stability` makes it
    };

    std::string name;                              //!< Name, for results where several run
    Kind kind{COLLECTIVE};                         //!< What it is
    Tick start{0};                                 //!< When it starts, ps
    uint8_t trafficClass{0};                       //!< Of all that says nothing else
    std::vector<uint32_t> endpoints;               //!< Endpoint of each rank
    bool isAllRanks{true};                         //!< `ranks: all`
    CollectiveSpec collective;                     //!< COLLECTIVE
    uint32_t repeat{1};                            //!< COLLECTIVE: times, one after another
    std::string file;                              //!< TRACE: path of its first file; TRAFFIC: of
                                                   //!< its distribution of sizes, or empty
    std::string algorithm{"auto"};                 //!< TRACE: for every collective
    std::map<std::string, std::string> algorithms; //!< TRACE: ... or by collective
    double computeScale{1};                        //!< TRACE: times its compute durations
    TrafficSpec traffic;                           //!< TRAFFIC
    TrainingSpec training;                         //!< TRAINING
    LayoutSpace layouts;                           //!< TRAINING: what of it is to be chosen
    YamlNode trainingDocument;                     //!< TRAINING: files put in, with places
    std::shared_ptr<const CheckpointCopy> copy;    //!< CHECKPOINT
    YamlNode node;                                 //!< The mapping, for messages

    /** @return endpoints of all that is replayed: of ranks, then of a training's store of data. */
    std::vector<uint32_t> ListReplayed() const;
};

/**
 * @ingroup mtlink
 * Read one workload.
 * @param [in] node Its mapping.
 * @param [in] endpoints Number of endpoints of the fabric.
 * @param [in] seed The run's, for random placements.
 * @param [in] index Its number in the list of workloads.
 * @return the workload.
 * @throws InputError for what is unknown or can't be.
 */
WorkloadDescription ReadWorkload(const YamlNode& node,
                                 uint32_t endpoints,
                                 uint32_t seed,
                                 uint32_t index);

/**
 * @ingroup mtlink
 * Write a workload back with everything resolved.
 * @param [in] workload The workload.
 * @return a mapping that ReadWorkload() reads to the same, if it was read.
 */
YamlNode WriteWorkload(const WorkloadDescription& workload);

/** @return the patterns of open-loop traffic. */
const std::vector<std::string>& GetTrafficPatterns();

/** @return each key of traffic that belongs to some patterns only, with these. */
const std::vector<std::pair<std::string, std::vector<std::string>>>& GetPatternKeys();

/** @return the algorithms of all collectives, each once. */
std::vector<std::string> ListAllAlgorithms();

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_WORKLOAD_READER_H
