/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/simai-program.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Writes a stage's program. */
class Writer
{
  public:
    Writer(const SimaiFile& file, uint32_t stage)
        : m_file(file),
          m_cuts(CutMicroBatches(file)),
          m_stage(stage)
    {
    }

    std::vector<SimaiStep> Write()
    {
        const auto layers = static_cast<uint32_t>(m_file.layers.size());
        if (m_file.policy == SimaiPolicy::MICRO)
        {
            WriteMicro();
        }
        else if (m_file.pipeline == 1)
        {
            WriteForward(0, layers);
            WriteBackward(0, layers);
        }
        else
        {
            WritePipeline();
        }
        return std::move(m_steps);
    }

  private:
    /** All collectives, one after another. */
    void WriteMicro()
    {
        for (const SimaiLayer& layer : m_file.layers)
        {
            for (const SimaiPassKind pass : {FORWARD, INPUT_GRADIENT, WEIGHT_GRADIENT})
            {
                Compute(layer, pass);
                Communicate(SimaiStep::COLLECTIVE, layer, pass);
            }
        }
    }

    /** Micro-batches in the order of 1F1B. */
    void WritePipeline()
    {
        const auto& begins = m_cuts.begins;
        const auto count = static_cast<uint32_t>(begins.size() - 1);
        const uint32_t before = std::min(m_file.pipeline - m_stage - 1, count);
        WriteForward(0, begins.front());
        for (uint32_t i = 0; i < before; ++i)
        {
            WriteVisit(FORWARD, i);
        }
        for (uint32_t i = 0; i < count; ++i)
        {
            if (before + i < count)
            {
                WriteVisit(FORWARD, before + i);
            }
            WriteVisit(INPUT_GRADIENT, i);
        }
        const auto layers = static_cast<uint32_t>(m_file.layers.size());
        WriteForward(begins.back(), layers);
        WriteBackward(begins.back(), layers);
        WriteBackward(0, begins.front());
    }

    /** A micro-batch forward or backward, with what comes in and goes out. */
    void WriteVisit(SimaiPassKind pass, uint32_t microBatch)
    {
        const bool isForward = pass == FORWARD;
        const uint32_t last = m_file.pipeline - 1;
        const auto hand = [&](SimaiStep::Type type, bool isThere) {
            if (isThere && m_file.stageBytes > 0)
            {
                m_steps.push_back({type, 0, {}, pass, microBatch});
            }
        };
        hand(SimaiStep::RECEIVE, isForward ? m_stage > 0 : m_stage < last);
        const uint32_t first = m_cuts.begins[microBatch];
        const uint32_t end = m_cuts.begins[microBatch + 1];
        isForward ? WriteForward(first, end) : WriteBackward(first, end);
        hand(SimaiStep::SEND, isForward ? m_stage < last : m_stage > 0);
    }

    void WriteForward(uint32_t first, uint32_t end)
    {
        const bool isDlrm = IsDlrm();
        for (uint32_t i = first; i < end; ++i)
        {
            const SimaiLayer& layer = m_file.layers[i];
            Compute(layer, FORWARD);
            if (isDlrm)
            {
                Communicate(SimaiStep::LAUNCH, layer, FORWARD);
                if (i == m_file.lastBottom)
                {
                    Wait(FORWARD);
                }
                continue;
            }
            Communicate(SimaiStep::COLLECTIVE, layer, FORWARD);
        }
    }

    void WriteBackward(uint32_t first, uint32_t end)
    {
        if (m_file.policy == SimaiPolicy::DISTRIBUTED_INFERENCE)
        {
            return;
        }
        for (uint32_t i = end; i-- > first;)
        {
            const SimaiLayer& layer = m_file.layers[i];
            switch (m_file.policy)
            {
            case SimaiPolicy::DATA:
            case SimaiPolicy::HYBRID_DLRM:
            case SimaiPolicy::HYBRID_DLRM_ENHANCED:
                WriteWeightsFirst(layer, i);
                break;
            case SimaiPolicy::HYBRID_TRANSFORMER:
            case SimaiPolicy::HYBRID_TRANSFORMER_FWD_IN_BCKWD:
                Recompute(i);
                Compute(layer, INPUT_GRADIENT);
                Communicate(SimaiStep::COLLECTIVE, layer, INPUT_GRADIENT);
                WriteWeights(layer);
                break;
            default:
                WriteOverlapped(layer, i);
            }
        }
    }

    /** Gradients of weights, then those of inputs, which the first layer does not need. */
    void WriteWeightsFirst(const SimaiLayer& layer, uint32_t i)
    {
        WriteWeights(layer);
        if (i == 0)
        {
            Wait(INPUT_GRADIENT);
            return;
        }
        Compute(layer, INPUT_GRADIENT);
        if (IsDlrm() && i == m_file.lastBottom + 1)
        {
            // Gradients of the embeddings, which are layer 0's, run beside the bottom layers.
            Communicate(SimaiStep::LAUNCH, m_file.layers.front(), INPUT_GRADIENT);
        }
    }

    /** Gradients of inputs are exchanged beside the kernels of those of weights. */
    void WriteOverlapped(const SimaiLayer& layer, uint32_t i)
    {
        Compute(layer, INPUT_GRADIENT);
        if (i > 0)
        {
            Communicate(SimaiStep::LAUNCH, layer, INPUT_GRADIENT);
        }
        WriteWeights(layer);
        Wait(INPUT_GRADIENT);
    }

    void WriteWeights(const SimaiLayer& layer)
    {
        Compute(layer, WEIGHT_GRADIENT);
        Communicate(SimaiStep::LAUNCH, layer, WEIGHT_GRADIENT);
    }

    /** Compute forward again, from the nearest layer whose input was kept. */
    void Recompute(uint32_t layer)
    {
        const auto& initiates = m_file.initiates;
        if (std::find(initiates.begin(), initiates.end(), layer) == initiates.end())
        {
            return;
        }
        uint32_t from = layer;
        while (from > 0 && std::find(m_file.checkpoints.begin(), m_file.checkpoints.end(), from) ==
                               m_file.checkpoints.end())
        {
            --from;
        }
        WriteForward(from, layer);
    }

    void Compute(const SimaiLayer& layer, SimaiPassKind pass)
    {
        const Tick time = layer.passes[pass].compute;
        if (!m_steps.empty() && m_steps.back().type == SimaiStep::COMPUTE)
        {
            m_steps.back().duration += time;
        }
        else if (time > 0)
        {
            m_steps.push_back({SimaiStep::COMPUTE, time, {}, pass, 0});
        }
    }

    void Communicate(SimaiStep::Type type, const SimaiLayer& layer, SimaiPassKind pass)
    {
        const SimaiCollective& collective = layer.passes[pass].collective;
        if (collective.IsThere())
        {
            m_steps.push_back({type, layer.update, collective, pass, 0});
        }
    }

    void Wait(SimaiPassKind pass)
    {
        m_steps.push_back({SimaiStep::WAIT, 0, {}, pass, 0});
    }

    bool IsDlrm() const
    {
        return m_file.policy == SimaiPolicy::HYBRID_DLRM ||
               m_file.policy == SimaiPolicy::HYBRID_DLRM_ENHANCED;
    }

    const SimaiFile& m_file;        //!< The workload
    SimaiCuts m_cuts;               //!< Its micro-batches
    uint32_t m_stage;               //!< Whose program
    std::vector<SimaiStep> m_steps; //!< So far
};

} // namespace

SimaiCuts
CutMicroBatches(const SimaiFile& file)
{
    SimaiCuts cuts;
    const auto layers = static_cast<uint32_t>(file.layers.size());
    uint32_t end = 0;
    for (uint32_t i = 0; i < layers; ++i)
    {
        const std::string& name = file.layers[i].name;
        if (name == "embedding_layer")
        {
            cuts.begins.push_back(i);
        }
        const bool isOfAll = name.starts_with("cross_entropy") || name.starts_with("optimizer");
        end = isOfAll ? end : i + 1;
    }
    cuts.isCut = cuts.begins.size() == file.microBatches;
    if (!cuts.isCut)
    {
        cuts.begins = {0};
        end = layers;
    }
    cuts.begins.push_back(end);
    return cuts;
}

std::vector<SimaiStep>
MakeSimaiProgram(const SimaiFile& file, uint32_t stage)
{
    return Writer(file, stage).Write();
}

} // namespace mtlink
} // namespace ns3
