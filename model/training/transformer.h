/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TRANSFORMER_H
#define MTLINK_TRANSFORMER_H

#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434): queries, keys and values come out of
 * compressed vectors.
 */
struct LatentAttention
{
    uint32_t queryRank{0}; //!< Length of the queries' compressed vector; 0: not compressed
    uint32_t kvRank{0};    //!< Length of that of keys and values
    uint32_t nopeSize{0};  //!< Of a head's query and key, the part without position
    uint32_t ropeSize{0};  //!< ..., the part with it; of keys shared by all heads
    uint32_t valueSize{0}; //!< Of a head's value
};

/**
 * @ingroup mtlink
 * A mixture of experts in place of the MLP.
 */
struct Experts
{
    uint32_t experts{0};                       //!< Routed ones of a layer
    uint32_t active{0};                        //!< Of them for each token
    uint32_t shared{0};                        //!< Beside them for every token
    uint32_t ffn{0};                           //!< Hidden size of one expert
    uint32_t denseLayers{0};                   //!< The first layers, which have a plain MLP
    uint32_t nodeLimit{0};                     //!< Nodes that a token is sent to at most; 0: any
    std::vector<std::vector<double>> shares{}; //!< Of tokens, by layer and expert; empty: all alike
};

/** Parameters, split by how they are spread over cards. */
struct ParameterCount
{
    uint64_t matrices{0}; //!< Cut by tensor parallelism
    uint64_t vectors{0};  //!< Norms and biases: on each card of a tensor group
    uint64_t experts{0};  //!< Matrices of routed experts: cut by expert parallelism

    /** @return all. */
    uint64_t GetTotal() const
    {
        return matrices + vectors + experts;
    }
};

/**
 * @ingroup mtlink
 * A decoder-only transformer: what of it decides on parameters, operations and memory.
 *
 * Floating point operations are counted as PaLM's authors do (arXiv 2204.02311, appendix B): 6 for
 * each weight that a token is multiplied with (the output layer counts, looking up the embedding
 * does not), and those of attention without a discount for the causal mask. Backward is twice
 * forward.
 */
struct Transformer
{
    uint32_t layers{0};                    //!< Layers
    uint32_t hidden{0};                    //!< Size of a token's vector
    uint32_t heads{0};                     //!< Of queries
    uint32_t kvHeads{0};                   //!< Of keys and values (grouped-query attention)
    uint32_t headSize{0};                  //!< Size of a head; hidden / heads as a rule
    uint32_t ffn{0};                       //!< Hidden size of the MLP
    uint32_t vocabulary{0};                //!< Tokens that there are
    uint32_t positions{0};                 //!< Learned positions; 0: rotary
    bool gated{false};                     //!< MLP of three matrices (SwiGLU), else of two
    bool tied{false};                      //!< The output layer is the embedding
    bool bias{false};                      //!< Linear layers and norms have biases
    bool dropout{false};                   //!< Masks are kept for backward
    bool flash{true};                      //!< Attention keeps no scores (FlashAttention)
    std::optional<LatentAttention> latent; //!< In place of grouped-query attention
    std::optional<Experts> moe;            //!< In place of the MLP

    /** @return whether a layer has experts. @param [in] layer From 0. */
    bool HasExperts(uint32_t layer) const
    {
        return moe && layer >= moe->denseLayers;
    }

    /** @return size of all queries' heads, query against key. */
    uint64_t GetQuerySize() const;

    /** @return size of all queries' heads, of values: what attention puts out. */
    uint64_t GetValueSize() const;

    /** @return size of keys and values of a token, together. */
    uint64_t GetKvSize() const;

    /** @return the parameters of attention's matrices in a layer. */
    uint64_t GetAttentionMatrices() const;

    /** @return the parameters of an MLP's matrices. @param [in] size Its hidden size. */
    uint64_t GetMlpMatrices(uint64_t size) const;

    /** @return the parameters of a layer. @param [in] layer From 0. */
    ParameterCount GetLayer(uint32_t layer) const;

    /** @return the parameters of the embedding, positions included. */
    uint64_t GetEmbedding() const;

    /** @return the parameters of the output layer: none of its own where it is tied. */
    uint64_t GetOutput() const;

    /** @return all parameters. */
    uint64_t GetParameters() const;

    /** @return the weights of a layer that a token is multiplied with. @param [in] layer From 0. */
    uint64_t GetMatmulWeights(uint32_t layer) const;

    /**
     * @param [in] sequence Tokens of a sequence.
     * @return operations of attention's two products in a layer, for a token, forward.
     */
    double GetAttentionFlops(uint64_t sequence) const;

    /**
     * @param [in] sequence Tokens of a sequence.
     * @return model operations of a token, forward and backward.
     */
    double GetModelFlops(uint64_t sequence) const;
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TRANSFORMER_H
