/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/transformer.h"

namespace ns3
{
namespace mtlink
{

uint64_t
Transformer::GetQuerySize() const
{
    return uint64_t{heads} * (latent ? latent->nopeSize + latent->ropeSize : headSize);
}

uint64_t
Transformer::GetValueSize() const
{
    return uint64_t{heads} * (latent ? latent->valueSize : headSize);
}

uint64_t
Transformer::GetKvSize() const
{
    return latent ? uint64_t{heads} * (latent->nopeSize + latent->valueSize) + latent->ropeSize
                  : uint64_t{2} * kvHeads * headSize;
}

uint64_t
Transformer::GetAttentionMatrices() const
{
    const uint64_t output = GetValueSize() * hidden;
    if (!latent)
    {
        return hidden * (GetQuerySize() + GetKvSize()) + output;
    }
    const uint64_t queries = latent->queryRank > 0 ? latent->queryRank * (hidden + GetQuerySize())
                                                   : hidden * GetQuerySize();
    const uint64_t keys = hidden * uint64_t{latent->kvRank + latent->ropeSize} +
                          latent->kvRank * (GetKvSize() - latent->ropeSize);
    return queries + keys + output;
}

uint64_t
Transformer::GetMlpMatrices(uint64_t size) const
{
    return (gated ? 3 : 2) * hidden * size;
}

ParameterCount
Transformer::GetLayer(uint32_t layer) const
{
    ParameterCount count;
    count.matrices = GetAttentionMatrices();
    count.vectors = uint64_t{2} * hidden * (bias ? 2 : 1);
    if (latent)
    {
        count.vectors += latent->queryRank + latent->kvRank; // their norms
    }
    if (HasExperts(layer))
    {
        count.matrices += GetMlpMatrices(uint64_t{moe->shared} * moe->ffn);
        count.matrices += uint64_t{hidden} * moe->experts; // the router
        count.experts = moe->experts * GetMlpMatrices(moe->ffn);
    }
    else
    {
        count.matrices += GetMlpMatrices(ffn);
    }
    if (bias)
    {
        count.vectors += GetQuerySize() + GetKvSize() + hidden; // of attention
        count.vectors += uint64_t{ffn} * (gated ? 2 : 1) + hidden;
    }
    return count;
}

uint64_t
Transformer::GetEmbedding() const
{
    return uint64_t{hidden} * (uint64_t{vocabulary} + positions);
}

uint64_t
Transformer::GetOutput() const
{
    return tied ? 0 : uint64_t{hidden} * vocabulary;
}

uint64_t
Transformer::GetParameters() const
{
    uint64_t total = GetEmbedding() + GetOutput() + uint64_t{hidden} * (bias ? 2 : 1); // last norm
    for (uint32_t layer = 0; layer < layers; ++layer)
    {
        total += GetLayer(layer).GetTotal();
    }
    return total;
}

uint64_t
Transformer::GetMatmulWeights(uint32_t layer) const
{
    const ParameterCount count = GetLayer(layer);
    return count.matrices + (count.experts > 0 ? count.experts / moe->experts * moe->active : 0);
}

double
Transformer::GetAttentionFlops(uint64_t sequence) const
{
    return 2.0 * static_cast<double>(sequence) *
           static_cast<double>(GetQuerySize() + GetValueSize());
}

double
Transformer::GetModelFlops(uint64_t sequence) const
{
    double weights = static_cast<double>(hidden) * vocabulary; // the output layer
    for (uint32_t layer = 0; layer < layers; ++layer)
    {
        weights += static_cast<double>(GetMatmulWeights(layer));
    }
    return 6 * weights + 3.0 * layers * GetAttentionFlops(sequence);
}

} // namespace mtlink
} // namespace ns3
