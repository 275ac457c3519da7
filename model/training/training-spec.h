/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TRAINING_SPEC_H
#define MTLINK_TRAINING_SPEC_H

#include "training/device.h"
#include "training/transformer.h"

#include "ns3/mtlink-results.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** What cards may be spread along, in any order of nesting. */
enum class ParallelAxis : uint8_t
{
    TENSOR,   //!< Cards that share each layer
    CONTEXT,  //!< Cards that share each sequence
    DATA,     //!< Cards with other sequences
    PIPELINE, //!< Cards with other layers
};

/** Number of axes. */
inline constexpr std::size_t AXES = 4;

/** Names as in YAML, by ParallelAxis. */
inline constexpr std::array<const char*, AXES> AXIS_NAMES{"tensor", "context", "data", "pipeline"};

/** In which order a stage takes forward and backward of its micro-batches. */
enum class ScheduleKind : uint8_t
{
    GPIPE,          //!< All forward, then all backward (Huang et al. 2019)
    ONE_F_ONE_B,    //!< One forward, one backward (PipeDream-Flush, Narayanan et al. 2021)
    INTERLEAVED,    //!< Likewise, with several chunks of layers on each card (likewise)
    ZERO_BUBBLE_H1, //!< Gradients of weights fill the bubble (Qi et al. 2023, ZB-H1)
    DUALPIPE        //!< From both ends, forward beside backward (DeepSeek-V3, arXiv 2412.19437)
};

/** Names as in YAML, by ScheduleKind. */
inline constexpr std::array<const char*, 5> SCHEDULE_NAMES{"gpipe",
                                                           "1f1b",
                                                           "interleaved",
                                                           "zero_bubble",
                                                           "dualpipe"};

/** What is computed a second time in backward rather than kept. */
enum class Recompute : uint8_t
{
    NONE,      //!< Nothing
    SELECTIVE, //!< The scores of unfused attention (Korthikanti et al. 2022)
    FULL,      //!< Each layer
};

/** Names as in YAML, by Recompute. */
inline constexpr std::array<const char*, 3> RECOMPUTE_NAMES{"none", "selective", "full"};

/** How cards that share a sequence get the keys and values of the others. */
enum class ContextExchange : uint8_t
{
    GATHER,    //!< All of them before attention (Llama 3, arXiv 2407.21783)
    RING,      //!< Part after part, beside attention to the part before (Liu et al. 2023)
    ALL_TO_ALL //!< Each card gets all of the sequence for some of the heads (Ulysses, Jacobs 2023)
};

/** Names as in YAML, by ContextExchange. */
inline constexpr std::array<const char*, 3> CONTEXT_EXCHANGE_NAMES{"gather", "ring", "all_to_all"};

/** Whether the cards of a tensor group, whose links nobody else uses, are replayed as one. */
enum class Fold : uint8_t
{
    AUTO,   //!< As MOST where there are more operations than MOST_UNFOLDED
    ALWAYS, //!< Yes
    NEVER,  //!< No
    MOST,   //!< All but those whose links have faults
};

/** Names as in YAML, by Fold. */
inline constexpr std::array<const char*, 4> FOLD_NAMES{"auto", "always", "never", "most"};

/** How cards share a model. Sizes of groups; their product is the number of cards. */
struct ParallelSpec
{
    uint32_t tensor{1};   //!< Cards that share each layer
    bool sequence{true};  //!< Norms and residuals too, by parts of the sequence
    uint32_t context{1};  //!< Cards that share each sequence
    uint32_t pipeline{1}; //!< Stages
    uint32_t data{1};     //!< Replicas
    uint32_t expert{1};   //!< Cards that share the experts of a layer
    std::array<ParallelAxis, AXES> order{ParallelAxis::TENSOR,
                                         ParallelAxis::CONTEXT,
                                         ParallelAxis::DATA,
                                         ParallelAxis::PIPELINE}; //!< Innermost first
    std::vector<uint32_t> stages; //!< Layers of each stage, or of each virtual one; empty: even
    ContextExchange contextExchange{ContextExchange::GATHER}; //!< Among cards of a context group
    bool scatterGather{false}; //!< Without sequence: each card sends its part to the next stage
};

/** Cards of one kind in a mixed cluster. */
struct DeviceKind
{
    std::string name; //!< For people
    Device device;    //!< The card
};

/** What runs at the same time. */
struct OverlapSpec
{
    uint32_t tensor{0};  //!< 0: none; 1: backward, beside products that do not need it; n: also
                         //!< in n parts, beside the parts of the product that does
    bool fused{false};   //!< One kernel makes all parts, as quickly as a whole product
    uint64_t bucket{0};  //!< Gradients go in buckets of so many bytes as they are ready; 0: last
    bool pipeline{true}; //!< A stage goes on while it sends
    bool expert{false};  //!< Dispatch beside shared experts, or beside another micro-batch
    double slowdown{0};  //!< Kernels take so much longer while a message of the card is under way
};

/** By which algorithms, or "auto". */
struct CollectiveChoice
{
    std::string tensor{"auto"};  //!< Of tensor groups
    std::string data{"auto"};    //!< Of data groups
    std::string expert{"auto"};  //!< Of expert groups
    std::string context{"auto"}; //!< Of context groups
};

/** From where training data comes, and who reads it when. */
struct InputSpec
{
    std::vector<uint32_t> store; //!< Endpoints that have it
    double rate{0};              //!< Bytes per second that each of those reads
    uint64_t tokenBytes{0};      //!< Of a token; 0: samples are no tokens
    uint64_t sampleBytes{0};     //!< ... but of so many bytes each
    bool isReadByAll{false};     //!< By each card of a tensor group; else by its first
    uint32_t prefetch{4};        //!< Micro-batches that are asked for ahead
};

/**
 * @ingroup mtlink
 * Training iterations: model, device and how they are put together.
 */
struct TrainingSpec
{
    Transformer model;                     //!< What is trained
    Device device;                         //!< On what; of several kinds the first, see GetView()
    std::vector<DeviceKind> kinds;         //!< Of cards; empty: all are `device`
    std::vector<uint32_t> kindOf;          //!< By rank, into kinds
    uint64_t sequence{0};                  //!< Tokens of a sequence
    uint64_t micro{1};                     //!< Sequences of a micro-batch
    uint64_t global{0};                    //!< Sequences of an iteration
    std::vector<uint32_t> microBatches;    //!< By replica; empty: as many in each
    std::vector<TrainingBalance> balances; //!< Searches that chose some of this
    double tokens{0};                      //!< Of the whole training; 0: not said
    ParallelSpec parallel;                 //!< How cards share it
    ScheduleKind schedule{ScheduleKind::ONE_F_ONE_B}; //!< Order in a stage
    uint32_t virtualStages{1};                        //!< Chunks of layers on each card
    uint32_t zero{0};                                 //!< What data groups share: ZeRO's stage
    bool reshards{true};                              //!< ZeRO 3: weights go after each use
    std::string precision{"bf16"};                    //!< Of linear layers
    uint32_t gradientBytes{4};                        //!< Of a gradient
    uint32_t dispatchBytes{2};                        //!< Of a value that goes to an expert
    Recompute recompute{Recompute::NONE};             //!< What is not kept
    OverlapSpec overlap;                              //!< What runs at the same time
    CollectiveChoice collectives;                     //!< Algorithms
    uint32_t iterations{1};                           //!< One after another
    bool ignoresMemory{false};                        //!< Run what does not fit
    Fold fold{Fold::AUTO};                            //!< Whether tensor groups are one
    std::optional<InputSpec> input;                   //!< Nothing: training data is there

    /** @return the number of cards. */
    uint32_t GetCards() const
    {
        return parallel.tensor * parallel.context * parallel.pipeline * parallel.data;
    }

    /** @return micro-batches of a replica; of replicas with uneven numbers the mean, cut. */
    uint32_t GetMicroBatches() const
    {
        return static_cast<uint32_t>(global / (micro * parallel.data));
    }

    /** @return micro-batches of a replica. @param [in] replica Which. */
    uint32_t GetMicroBatches(uint32_t replica) const
    {
        return microBatches.empty() ? GetMicroBatches() : microBatches[replica];
    }

    /** @return the kind of a card, into kinds; 0 where all are alike. @param [in] rank Its rank. */
    uint32_t GetKind(uint32_t rank) const
    {
        return kindOf.empty() ? 0 : kindOf[rank];
    }

    /**
     * The training as cards of one kind and replicas of one number of micro-batches see it: as if
     * all were like them.
     * @param [in] kind The kind, into kinds.
     * @param [in] micros Micro-batches of the replica.
     * @return it; its `global` is not that of the training.
     */
    TrainingSpec GetView(uint32_t kind, uint32_t micros) const;

    /** @return FLOP/s of all cards: what MFU and HFU are fractions of. */
    double GetTotalPeak() const;

    /** @return chunks of layers that a card has. */
    uint32_t GetChunks() const
    {
        return schedule == ScheduleKind::DUALPIPE ? 2 : virtualStages;
    }

    /** @return tokens of a micro-batch on a card, before tensor parallelism. */
    uint64_t GetTokens() const
    {
        return micro * sequence / parallel.context;
    }

    /** @return stages that have the same layers: with dualpipe from either end. */
    uint32_t GetStagesAlike() const
    {
        return schedule == ScheduleKind::DUALPIPE ? 2 : 1;
    }

    /** @return cards of a stage that have the same experts of a layer. */
    uint32_t GetExpertReplicas() const
    {
        return parallel.tensor * parallel.context * parallel.data / parallel.expert;
    }

    /** @return into how many parts norms and residuals are cut. */
    uint32_t GetSequenceParts() const
    {
        return parallel.sequence ? parallel.tensor : 1;
    }

    /** @return whether weights are gathered before each use (ZeRO 3). */
    bool FetchesAlways() const
    {
        return zero == 3 && reshards;
    }

    /** @return whether gradients are given away after each micro-batch. */
    bool SumsAlways() const
    {
        return zero == 2 || FetchesAlways();
    }

    /** @return FLOP/s of a card's linear layers. */
    double GetPeak() const
    {
        return device.peak.at(precision);
    }

    /** @return FLOP/s that efficiencies of matrix products are fractions of. */
    double GetMatmulPeak() const
    {
        return GetPeak() * (precision == "fp8" ? device.matmulFp8 : 1);
    }
};

/**
 * @ingroup mtlink
 * @param [in] spec The training.
 * @param [in] stage A stage of cards.
 * @param [in] chunk One of its chunks of layers.
 * @return where that stands among the chunks that a micro-batch passes, from 0. Chunk k of stage i
 *         is the (k x pipeline + i)-th (Narayanan et al. 2021); with dualpipe chunk 1 is the i-th
 *         from the end, and micro-batches pass chunks 0, or chunks 1, of all stages.
 */
uint32_t GetPosition(const TrainingSpec& spec, uint32_t stage, uint32_t chunk);

/** @return how many chunks a micro-batch passes. @param [in] spec The training. */
uint32_t GetPositions(const TrainingSpec& spec);

/**
 * @ingroup mtlink
 * @param [in] spec The training.
 * @param [in] position A position.
 * @param [in] chunk A chunk of a stage that micro-batches pass too.
 * @return the stage that holds it.
 */
uint32_t GetStageAt(const TrainingSpec& spec, uint32_t position, uint32_t chunk);

/**
 * @ingroup mtlink
 * @param [in] spec The training.
 * @return whether the output layer is a copy of the embedding, on cards of its own. With dualpipe
 *         the first and the last stage have both ends, so that it is none.
 */
bool HasEmbeddingCopy(const TrainingSpec& spec);

/**
 * @ingroup mtlink
 * Refuse what can't be.
 * @param [in] spec The training.
 * @throws ParameterError that names the key, "parallel.tensor".
 */
void CheckTraining(const TrainingSpec& spec);

/**
 * @ingroup mtlink
 * The layers of a stage's chunk, which are those of its position, see GetPosition().
 * @param [in] spec The training.
 * @param [in] stage The stage.
 * @param [in] chunk The virtual stage.
 * @return first layer, and how many.
 */
std::pair<uint32_t, uint32_t> GetChunkLayers(const TrainingSpec& spec,
                                             uint32_t stage,
                                             uint32_t chunk);

/** Floating point operations of an iteration, all cards. */
struct IterationFlops
{
    double model{0};    //!< What the model needs: MFU's
    double hardware{0}; //!< With what is computed a second time: HFU's
};

/**
 * @ingroup mtlink
 * @param [in] spec The training.
 * @return operations of an iteration. What fused attention computes again within its kernel is in
 *         neither, as is usual.
 */
IterationFlops GetIterationFlops(const TrainingSpec& spec);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TRAINING_SPEC_H
