/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/chakra-export.h"

#include "experiment/tensor-fold.h"
#include "training/iteration-graph.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double GIGA = 1e9; //!< Bytes in a GB

/** Refuse a workload at a key, or as a whole. */
[[noreturn]] void
Refuse(const WorkloadDescription& workload, const std::string& key, const std::string& why)
{
    const YamlNode* node = workload.node.Find(key);
    (node ? *node : workload.node).Refuse(why);
}

/** Refuse a training that can't be written. @return its operations, at most. */
double
CheckTrainingExport(const Experiment& experiment, const WorkloadDescription& workload)
{
    const TrainingSpec& spec = workload.training;
    if (spec.overlap.slowdown > 0)
    {
        Refuse(workload,
               "training",
               "a Chakra trace can't say that kernels slow down beside communication: set "
               "overlap.compute_slowdown=0");
    }
    const double operations = CountOperations(spec, false);
    if (operations > MOST_EXPORTED)
    {
        Refuse(workload,
               "training",
               fmt::format("the trace would have up to {:.2g} operations, {:.3g} GB in {} files; "
                           "at most {:.2g} operations are written: take fewer cards, layers or "
                           "micro-batches",
                           operations,
                           operations * BYTES_PER_NODE / GIGA,
                           spec.GetCards(),
                           MOST_EXPORTED));
    }
    if (FindFolded(experiment))
    {
        Refuse(workload,
               "training",
               "cards of folded tensor groups have no operations of their own to write: set 'fold: "
               "never'");
    }
    return operations;
}

} // namespace

ExportSize
CheckExport(const Experiment& experiment, const std::string& directory)
{
    if (experiment.workloads.size() != 1)
    {
        experiment.workloads[1].node.Refuse("a trace has the operations of one workload: leave "
                                            "the others out");
    }
    const WorkloadDescription& workload = experiment.workloads.front();
    double operations = 0;
    switch (workload.kind)
    {
    case WorkloadDescription::TRAINING:
        operations = CheckTrainingExport(experiment, workload);
        break;
    case WorkloadDescription::COLLECTIVE:
        for (const char* key : {"channels", "chunk"})
        {
            if (workload.node.Find(key))
            {
                Refuse(workload,
                       key,
                       "a Chakra trace can't say this of a collective: leave it out");
            }
        }
        operations =
            static_cast<double>(workload.repeat) * static_cast<double>(workload.endpoints.size());
        break;
    case WorkloadDescription::TRACE:
        Refuse(workload, "trace", "this is a trace already");
    case WorkloadDescription::TRAFFIC:
        Refuse(workload, "traffic", "open-loop traffic has no operations to write as a trace");
    case WorkloadDescription::CHECKPOINT:
        break;
    }
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(directory, failed))
    {
        const std::string name = entry.path().filename().string();
        if (name.ends_with(".et") || name.ends_with(".et.gz"))
        {
            throw InputError({entry.path().string()},
                             "the directory has a trace already, whose ranks would be read with "
                             "this one's: give an empty directory");
        }
    }
    return {static_cast<uint32_t>(workload.ListReplayed().size()) + 1, operations * BYTES_PER_NODE};
}

} // namespace mtlink
} // namespace ns3
