/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/memory-plan.h"

#include "training/card-classes.h"
#include "training/expert-routing.h"
#include "training/schedule.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double WEIGHT_BYTES = 2;     //!< bf16
constexpr double OPTIMIZER_BYTES = 12; //!< Copy and two moments in 32 bit
constexpr double GIGA = 1e9;           //!< Bytes in a GB

/** @return bytes of a layer's activations, nothing recomputed but the scores where `selective`. */
double
GetWholeLayer(const TrainingSpec& spec, uint32_t layer, bool selective)
{
    const Transformer& model = spec.model;
    const auto tokens = static_cast<double>(spec.GetTokens());
    const double tensor = spec.parallel.tensor;
    const double part = tokens / spec.GetSequenceParts();
    const double hidden = model.hidden;
    const double mask = model.dropout ? 1 : 0;
    // Attention: inputs of norm and first product, mask behind it; q, k, v, and what comes out.
    double bytes = part * (4 * hidden + mask * hidden);
    bytes += 2 * tokens / tensor *
             static_cast<double>(model.GetQuerySize() + model.GetKvSize() + model.GetValueSize());
    if (model.latent)
    {
        bytes +=
            2 * tokens * (model.latent->queryRank + model.latent->kvRank + model.latent->ropeSize);
    }
    if (!model.flash && !selective)
    {
        // Of a score: softmax's result; with dropout its mask and result too.
        bytes += tokens * static_cast<double>(spec.sequence) * model.heads / tensor *
                 (model.dropout ? 5 : 2);
    }
    // The MLP: inputs of norm and first product, mask; inputs of activation and last product.
    bytes += part * (4 * hidden + mask * hidden);
    const double factor = model.gated ? 3 : 2;
    if (!model.HasExperts(layer))
    {
        return bytes + 2 * tokens * factor * model.ffn / tensor;
    }
    const Experts& moe = *model.moe;
    const double sent = part * moe.active;
    const double got = sent * GetMostLoad(spec, layer);
    bytes += 2 * tokens * factor * moe.shared * moe.ffn / tensor;
    bytes += 4 * part * moe.experts;    // probabilities, 32 bit
    bytes += 2 * (sent + got) * hidden; // as they return, and as dispatched
    bytes += 2 * got * factor * moe.ffn;
    return bytes;
}

/**
 * @return the training with no more micro-batches than it takes for as many in flight as there will
 *         be: with all schedules but gpipe that is so after four rounds of the stages.
 */
TrainingSpec
CutShort(const TrainingSpec& spec)
{
    TrainingSpec cut = spec;
    if (spec.schedule != ScheduleKind::GPIPE)
    {
        const uint64_t rounds = std::min(spec.GetMicroBatches(), 4 * spec.parallel.pipeline);
        cut.global = rounds * spec.micro * spec.parallel.data;
    }
    return cut;
}

/** @return what of a stage takes most. */
std::string
GetLargestPart(const TrainingMemory& memory)
{
    const std::array<std::pair<double, const char*>, 4> parts{
        std::pair(memory.weights, "weights"),
        std::pair(memory.gradients, "gradients"),
        std::pair(memory.optimizer, "optimizer state"),
        std::pair(memory.activations, "activations")};
    const auto& [bytes, name] = *std::max_element(parts.begin(), parts.end());
    return fmt::format("{}, {:.1f} GB", name, bytes / GIGA);
}

/** @return the row that needs most of what its cards have. */
const TrainingMemory&
GetFullest(const std::vector<TrainingMemory>& rows)
{
    return *std::max_element(rows.begin(),
                             rows.end(),
                             [](const TrainingMemory& a, const TrainingMemory& b) {
                                 return a.GetTotal() * b.limit < b.GetTotal() * a.limit;
                             });
}

/** @return what changes would make it fit, as they are written. */
std::vector<std::string>
FindRemedies(const TrainingSpec& spec)
{
    std::vector<std::string> remedies;
    const auto attempt = [&](const TrainingSpec& changed, const std::string& text) {
        try
        {
            CheckTraining(changed);
        }
        catch (const ParameterError&)
        {
            return;
        }
        const std::vector<TrainingMemory> rows = PlanMemory(changed);
        const TrainingMemory& memory = GetFullest(rows);
        if (memory.GetTotal() <= memory.limit)
        {
            remedies.push_back(fmt::format("{} ({:.1f} GB)", text, memory.GetTotal() / GIGA));
        }
    };
    for (const Recompute recompute : {Recompute::SELECTIVE, Recompute::FULL})
    {
        TrainingSpec changed = spec;
        changed.recompute = recompute;
        if (recompute > spec.recompute)
        {
            attempt(
                changed,
                fmt::format("recompute: {}", RECOMPUTE_NAMES[static_cast<std::size_t>(recompute)]));
        }
    }
    for (uint32_t zero = spec.zero + 1; zero <= 3; ++zero)
    {
        TrainingSpec changed = spec;
        changed.zero = zero;
        attempt(changed, fmt::format("zero: {}", zero));
    }
    for (uint32_t factor = 2; factor <= 8 && spec.parallel.data % factor == 0; factor *= 2)
    {
        TrainingSpec changed = spec;
        changed.parallel.pipeline *= factor;
        changed.parallel.data /= factor;
        changed.parallel.stages.clear();
        attempt(changed,
                fmt::format("parallel: {{pipeline: {}, data: {}}}",
                            changed.parallel.pipeline,
                            changed.parallel.data));
    }
    return remedies;
}

} // namespace

double
GetActivationBytes(const TrainingSpec& spec, uint32_t layer)
{
    if (spec.recompute == Recompute::FULL)
    {
        return 2 * static_cast<double>(spec.GetTokens()) * spec.model.hidden /
               spec.GetSequenceParts(); // its input
    }
    return GetWholeLayer(spec, layer, spec.recompute == Recompute::SELECTIVE);
}

namespace
{

/** @return memory of a card of a stage, of a training whose cards are alike. */
TrainingMemory
PlanStage(const TrainingSpec& spec, uint32_t stage)
{
    const Transformer& model = spec.model;
    const ParallelSpec& parallel = spec.parallel;
    const double tensor = parallel.tensor;
    const double replicas = parallel.data * parallel.context * spec.GetStagesAlike();
    const double expertReplicas = spec.GetExpertReplicas() * spec.GetStagesAlike();
    double dense = 0;
    double experts = 0;
    double chunkActivations = 0; // of the chunk that keeps most
    double largestLayer = 0;
    double logits = 0;
    for (uint32_t chunk = 0; chunk < spec.GetChunks(); ++chunk)
    {
        const auto [first, count] = GetChunkLayers(spec, stage, chunk);
        double activations = 0;
        for (uint32_t layer = first; layer < first + count; ++layer)
        {
            const ParameterCount parameters = model.GetLayer(layer);
            dense += static_cast<double>(parameters.matrices) / tensor +
                     static_cast<double>(parameters.vectors);
            experts += static_cast<double>(parameters.experts) / parallel.expert;
            activations += GetActivationBytes(spec, layer);
            largestLayer = std::max(largestLayer, GetWholeLayer(spec, layer, false));
        }
        chunkActivations = std::max(chunkActivations, activations);
        const uint32_t position = GetPosition(spec, stage, chunk);
        if (position == 0)
        {
            dense += static_cast<double>(model.GetEmbedding()) / tensor;
        }
        if (position + 1 == GetPositions(spec))
        {
            dense += static_cast<double>(HasEmbeddingCopy(spec)
                                             ? uint64_t{model.hidden} * model.vocabulary
                                             : model.GetOutput()) /
                     tensor;
            logits =
                4 * static_cast<double>(spec.GetTokens()) * model.vocabulary / tensor; // 32 bit
        }
    }
    TrainingMemory memory;
    memory.activations =
        chunkActivations * GetMostInFlight(MakeSchedule(CutShort(spec), stage)) + logits;
    if (spec.recompute == Recompute::FULL)
    {
        memory.activations += largestLayer; // while it is run again
    }
    const auto both = [&](double bytes, bool isShared) {
        return bytes *
               (dense / (isShared ? replicas : 1) + experts / (isShared ? expertReplicas : 1));
    };
    memory.weights = both(WEIGHT_BYTES, spec.FetchesAlways());
    memory.gradients = both(spec.gradientBytes, spec.SumsAlways());
    memory.optimizer = both(OPTIMIZER_BYTES, spec.zero >= 1);
    memory.limit = spec.device.memorySize;
    return memory;
}

} // namespace

std::vector<TrainingMemory>
PlanMemory(const TrainingSpec& spec)
{
    std::vector<TrainingMemory> rows;
    const std::vector<CardClass> classes = ListCardClasses(spec);
    for (auto card = classes.begin(); card != classes.end(); ++card)
    {
        const auto next = std::next(card);
        if (next != classes.end() && next->stage == card->stage && next->kind == card->kind)
        {
            continue; // more micro-batches need no less
        }
        TrainingMemory memory = PlanStage(spec.GetView(card->kind, card->micros), card->stage);
        memory.stage = card->stage;
        memory.device = spec.kinds.empty() ? "" : spec.kinds[card->kind].name;
        rows.push_back(memory);
    }
    return rows;
}

double
GetMemoryExcess(const TrainingSpec& spec)
{
    double excess = 0;
    for (const TrainingMemory& row : PlanMemory(spec))
    {
        excess = std::max(excess, row.GetTotal() - row.limit);
    }
    return excess;
}

void
CheckMemory(const TrainingSpec& spec)
{
    if (spec.ignoresMemory)
    {
        return;
    }
    const std::vector<TrainingMemory> rows = PlanMemory(spec);
    const TrainingMemory& memory = GetFullest(rows);
    if (memory.GetTotal() <= memory.limit)
    {
        return;
    }
    const std::vector<std::string> remedies = FindRemedies(spec);
    throw ParameterError(
        "memory",
        fmt::format("stage {} needs {:.1f} GB on each {}, which has {:.1f} GB; the largest part "
                    "is {}. {}, or 'memory: ignore' to run it all the same",
                    memory.stage,
                    memory.GetTotal() / GIGA,
                    memory.device.empty() ? "card" : memory.device,
                    memory.limit / GIGA,
                    GetLargestPart(memory),
                    remedies.empty()
                        ? std::string("None of recompute, zero and more stages alone is enough: "
                                      "give more cards")
                        : fmt::format("What would fit: {}", fmt::join(remedies, ", or "))));
}

} // namespace mtlink
} // namespace ns3
