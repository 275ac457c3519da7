/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LAYER_STEPS_H
#define MTLINK_LAYER_STEPS_H

#include "training/kernel-times.h"
#include "training/steps.h"
#include "training/training-spec.h"

#include <cstdint>
#include <initializer_list>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What one card does in a micro-batch's pass through a chunk of layers, in steps: kernels, and
 * collectives between them as Megatron-LM has them (Shoeybi et al. 2019; sequence parallelism:
 * Korthikanti et al. 2022, whose gather of a layer's input is done a second time in backward).
 *
 * Kernels are matrix products, attention (fused, or as batched products with softmax between), and
 * what memory bounds: norms, activations, residuals with dropout, rotation, softmax, each by the
 * bytes that it reads and writes in 16 bit.
 */
class LayerSteps
{
  public:
    /**
     * @param [in] spec The training; must outlive this.
     * @param [in] expertMember Which of its expert group the card is: of uneven experts some get
     *        more tokens than others.
     */
    explicit LayerSteps(const TrainingSpec& spec, uint32_t expertMember = 0);

    /**
     * @param [in] stage The stage.
     * @param [in] chunk Its virtual stage.
     * @param [in] isFirst Whether it is the first micro-batch's: weights may have to come.
     * @return forward through it; with embedding and output layer where they are.
     */
    Steps Forward(uint32_t stage, uint32_t chunk, bool isFirst) const;

    /**
     * @param [in] stage The stage.
     * @param [in] chunk Its virtual stage.
     * @param [in] part Which half.
     * @param [in] isLast Whether it is the last micro-batch's: gradients are whole, and go.
     * @return backward through it.
     */
    Steps Backward(uint32_t stage, uint32_t chunk, BackwardPart part, bool isLast) const;

    /**
     * @param [in] stage The stage.
     * @return what comes before all micro-batches: the first weights begin to come, where those
     *         that come stay (ZeRO 3 that does not reshard) and come ahead.
     */
    Steps Begin(uint32_t stage) const;

    /**
     * @param [in] stage The stage.
     * @return what comes after all micro-batches: gradients that have not gone yet, the
     *         optimizer's step, new weights to those who share it.
     */
    Steps Finish(uint32_t stage) const;

    /** @return number of cards in a group. @param [in] group Its kind. */
    uint32_t GetSize(GroupKind group) const;

  private:
    /** Parameters on a card of which gradients go together. */
    struct Shares
    {
        uint64_t dense{0};   //!< The same in a data group
        uint64_t experts{0}; //!< The same in an expert-data group
    };

    /** When a layer's weights come from those who share them. */
    enum class Fetching : uint8_t
    {
        NONE,   //!< They are there
        BEFORE, //!< Before the layer
        AHEAD,  //!< Beside the layer before
    };

    /** A linear layer whose columns are cut, so that its input is the same on all cards. */
    struct ColumnLinear
    {
        Work input;  //!< Gradient of its input
        Work weight; //!< Gradient of its weights
    };

    void AttentionForward(Steps& steps, Step::Type type) const;
    void MlpForward(Steps& steps, Step::Type type) const;
    void ExpertsForward(Steps& steps, uint32_t layer, Step::Type type) const;
    void SharedForward(Steps& steps, Step::Type type) const;
    void LayerForward(Steps& steps, uint32_t layer, Step::Type type) const;
    void AttentionBackward(Steps& steps, BackwardPart part) const;
    /** An MLP's second product and what is between the two. @param [in] size Its columns, a card's.
     */
    void ActivationBackward(Steps& steps, double size, BackwardPart part) const;
    void MlpBackward(Steps& steps, BackwardPart part) const;
    void ExpertsBackward(Steps& steps, uint32_t layer, BackwardPart part) const;
    void SharedBackward(Steps& steps, BackwardPart part) const;
    void OutputForward(Steps& steps) const;
    void OutputBackward(Steps& steps, BackwardPart part) const;

    /** The end of backward through a block that begins with a norm and a column-cut layer. */
    void FinishBlock(Steps& steps, const ColumnLinear& linear, BackwardPart part) const;

    /** Backward through a column-cut layer: gradient of its input, summed, and of its weights. */
    void ColumnBackward(Steps& steps, const ColumnLinear& linear, BackwardPart part) const;

    /** Backward through a block's norm. */
    void NormBackward(Steps& steps, BackwardPart part) const;

    /** Begin to send tokens to their experts, or results back. */
    void SendTokens(Steps& steps, uint32_t layer, bool returns, uint32_t valueBytes) const;

    /** Wait for what SendTokens() sends. */
    void WaitForTokens(Steps& steps) const;

    /** Begin the experts' kernels: of uneven ones a card without tokens has a step of no work. */
    void BeginExperts(Steps& steps, Step::Type type) const;

    /** @return copies of tokens that the card's experts get. */
    double GetExpertTokens(uint32_t layer) const;

    /** @return a product of each of the card's experts, launched as one: (rows, count) to work. */
    template <typename Product>
    Work GroupedMatmul(uint32_t layer, const Product& product) const;

    /** Enter a block: each card gets all of the sequence. */
    void Gather(Steps& steps) const;

    /** Leave a block: parts of sums become sums. */
    void Reduce(Steps& steps) const;

    /**
     * Enter a block, in parts beside the product that needs them if they overlap.
     * @param [in,out] steps Where.
     * @param [in] type What the product is for.
     * @param [in] product Work of a number of tokens.
     */
    template <typename Product>
    void GatherInto(Steps& steps, Step::Type type, const Product& product) const;

    /** Leave a block, in parts beside the product that makes them if they overlap; likewise. */
    template <typename Product>
    void ReduceFrom(Steps& steps, Step::Type type, const Product& product) const;

    /** @return in how many parts a tensor group's collective runs beside the product it feeds. */
    uint32_t GetParts() const;

    /**
     * @return the work of one of several equal parts of a product.
     * @param [in] part Which.
     * @param [in] parts Of how many.
     * @param [in] product Work of a number of tokens.
     */
    template <typename Product>
    Work GetPart(uint32_t part, uint32_t parts, const Product& product) const;

    /** @return what sums the parts of a layer's result. */
    const char* GetSum() const;

    /** Softmax, dropout and the two products of attention without fusion, times `factor`. */
    void UnfusedCore(Steps& steps, Step::Type type, double products, double memory) const;

    /** A collective that is waited for at once. */
    void Blocking(Steps& steps, GroupKind group, const char* collective, uint64_t bytes) const;

    /** Get a layer's weights from those who share it (ZeRO 3). */
    void FetchWeights(Steps& steps, uint32_t layer) const;

    /** @return when weights come, if they do. */
    Fetching GetFetching(bool isFetched) const;

    /** @return the stage's next layer that a first pass comes to; the layer itself: none. */
    uint32_t GetNextLayer(uint32_t stage, uint32_t layer) const;

    /** Have a layer's weights, and let the next one's come: the layer itself where there is none.
     */
    void PrepareWeights(Steps& steps, uint32_t layer, Fetching fetching, uint32_t next) const;

    /** Make a whole of the parts that the cards of the stage before have sent. */
    void GatherMessage(Steps& steps) const;

    /** Let gradients go. */
    void SendGradients(Steps& steps, const Shares& shares) const;

    /** @return what sums gradients up. */
    const char* GetGradientCollective() const;

    /** @return a layer's parameters on a card. */
    Shares GetShares(uint32_t layer) const;

    /** @return the parameters of embedding and output layer on a card of a stage's chunk. */
    Shares GetEndShares(uint32_t stage, uint32_t chunk) const;

    /** @return columns of queries, keys and values on a card. */
    double GetQkvColumns() const;

    /** @return bytes of keys and values of a card's tokens. */
    uint64_t GetKeyBytes() const;

    /** Attention, and what comes before and after it so that it has all keys and values. */
    void CoreForward(Steps& steps, Step::Type type) const;

    /** Likewise, backward. */
    void CoreBackward(Steps& steps) const;

    /** Attention over the parts of a context group, while the next comes round. */
    void RingForward(Steps& steps, Step::Type type) const;

    /** Likewise, backward: gradients of keys and values come round behind. */
    void RingBackward(Steps& steps) const;

    /** Exchange heads against parts of the sequence: `bytes` of each tensor of a card. */
    void ExchangeHeads(Steps& steps, std::initializer_list<double> sizes) const;

    /** @return operations of attention's two products on a card, forward. */
    double GetCoreFlops() const;

    /** @return products that make some tokens' queries, keys and values; their backward: `linear`.
     */
    Work MakeQkv(double tokens, ColumnLinear& linear) const;

    /** @return whether embedding or output layer are in a chunk. */
    bool HasEmbedding(uint32_t stage, uint32_t chunk) const;
    bool HasOutput(uint32_t stage, uint32_t chunk) const;

    const TrainingSpec& m_spec; //!< The training
    uint32_t m_expertMember;    //!< Which of its expert group the card is
    const Transformer& m_model; //!< Its model
    KernelTimes m_times;        //!< Of its card
    double m_tokens;            //!< Of a micro-batch on a card
    double m_partTokens;        //!< Of them in a card's part of the sequence
    double m_tensor;            //!< Cards that share a layer
    double m_hidden;            //!< Size of a token's vector
};

template <typename Product>
Work
LayerSteps::GetPart(uint32_t part, uint32_t parts, const Product& product) const
{
    if (!m_spec.overlap.fused)
    {
        return product(m_tokens / parts); // a product of its own size, launched by itself
    }
    const Work whole = product(m_tokens);
    const Tick rest = part == 0 ? whole.kernel % parts : 0;
    return {whole.kernel / parts + rest, part == 0 ? whole.host : 0};
}

template <typename Product>
void
LayerSteps::GatherInto(Steps& steps, Step::Type type, const Product& product) const
{
    const uint32_t parts = m_spec.parallel.sequence ? GetParts() : 1;
    if (parts == 1)
    {
        Gather(steps);
        return Add(steps, type, product(m_tokens));
    }
    const auto bytes = static_cast<uint64_t>(BF16 * m_tokens * m_hidden) / parts;
    for (uint32_t part = 0; part < parts; ++part)
    {
        steps.push_back(MakeStep(Step::LAUNCH, GroupKind::TENSOR, "all_gather", bytes));
    }
    for (uint32_t part = 0; part < parts; ++part)
    {
        steps.push_back(MakeStep(Step::WAIT, GroupKind::TENSOR, "all_gather"));
        Add(steps, type, GetPart(part, parts, product));
    }
}

template <typename Product>
void
LayerSteps::ReduceFrom(Steps& steps, Step::Type type, const Product& product) const
{
    const uint32_t parts = GetParts();
    if (parts == 1)
    {
        Add(steps, type, product(m_tokens));
        return Reduce(steps);
    }
    const auto bytes = static_cast<uint64_t>(BF16 * m_tokens * m_hidden) / parts;
    for (uint32_t part = 0; part < parts; ++part)
    {
        Add(steps, type, GetPart(part, parts, product));
        steps.push_back(MakeStep(Step::LAUNCH, GroupKind::TENSOR, GetSum(), bytes));
    }
    for (uint32_t part = 0; part < parts; ++part)
    {
        steps.push_back(MakeStep(Step::WAIT, GroupKind::TENSOR, GetSum()));
    }
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LAYER_STEPS_H
