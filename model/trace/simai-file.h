/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SIMAI_FILE_H
#define MTLINK_SIMAI_FILE_H

#include "ns3/mtlink-tick.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** Which ranks a collective of a SimAI workload is among. */
enum class SimaiGroup : uint8_t
{
    TENSOR,      //!< Consecutive ranks
    EXPERT,      //!< Ranks of `ep` tensor groups in a row that have the same place
    DATA,        //!< All of a stage that have the same place in their tensor group
    DATA_EXPERT, //!< Of these, those with the same place in their expert group
    ALL,         //!< All ranks
    INNER,       //!< Of a scale-up node: ASTRA-sim's first dimension
    OUTER,       //!< Of all nodes, with the same place: its other dimensions
};

/** A collective of a layer. */
struct SimaiCollective
{
    const char* kind{nullptr};            //!< mtlink's name; nullptr: none
    SimaiGroup group{SimaiGroup::TENSOR}; //!< Among whom
    uint64_t bytes{0};                    //!< nccl-tests' size

    /** @return whether there is something to move. */
    bool IsThere() const
    {
        return kind && bytes > 0;
    }
};

/** A pass over a layer: a kernel, then a collective. */
struct SimaiPass
{
    Tick compute{0};            //!< Its kernels
    SimaiCollective collective; //!< What follows
};

/** Passes of a layer, by their order in a row. */
enum SimaiPassKind : uint8_t
{
    FORWARD,         //!< Columns 3 to 5
    INPUT_GRADIENT,  //!< Columns 6 to 8
    WEIGHT_GRADIENT, //!< Columns 9 to 11
};

/** A row. */
struct SimaiLayer
{
    std::string name;                //!< Column 1
    uint64_t line{0};                //!< Where it stands
    std::array<SimaiPass, 3> passes; //!< By SimaiPassKind
    Tick update{0};                  //!< Column 12: after each collective of the layer
};

/** What line 1 begins with. */
enum class SimaiPolicy : uint8_t
{
    DATA,
    MODEL,
    MICRO,
    HYBRID_DATA_MODEL,
    HYBRID_MODEL_DATA,
    HYBRID_CUSTOMIZED,
    HYBRID_TRANSFORMER,
    HYBRID_TRANSFORMER_FWD_IN_BCKWD,
    HYBRID_DLRM,
    HYBRID_DLRM_ENHANCED,
    DISTRIBUTED_INFERENCE,
};

/**
 * @ingroup mtlink
 * A workload in the text of SimAI, its generator AICB, and ASTRA-sim 1.0. What its columns mean,
 * and what of it SimAI ignores, stands in docs/traces.md.
 */
struct SimaiFile
{
    SimaiPolicy policy{};              //!< How layers are done
    std::string policyName;            //!< As it stands there
    uint32_t tensor{1};                //!< model_parallel_NPU_group
    uint32_t expert{1};                //!< ep
    uint32_t pipeline{1};              //!< pp
    uint32_t virtualStages{1};         //!< vpp
    uint32_t microBatches{1};          //!< ga
    std::optional<uint32_t> ranks;     //!< all_gpus
    uint64_t stageBytes{0};            //!< pp_comm: from a rank to its like, a micro-batch
    std::vector<uint32_t> checkpoints; //!< Layers whose inputs are kept
    std::vector<uint32_t> initiates;   //!< Layers that begin to compute forward again
    uint32_t lastBottom{0};            //!< DLRM: last layer below the interaction
    std::vector<SimaiLayer> layers;    //!< Rows
    std::vector<std::string> notes;    //!< What is read otherwise than it stands
};

/**
 * @ingroup mtlink
 * @param [in] file Path.
 * @return what it holds.
 * @throws InputError with line and column of what is wrong.
 */
SimaiFile ReadSimaiFile(const std::string& file);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SIMAI_FILE_H
