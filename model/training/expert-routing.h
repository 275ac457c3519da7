/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EXPERT_ROUTING_H
#define MTLINK_EXPERT_ROUTING_H

#include "training/training-spec.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What of the way of tokens to their experts, or back, a collective is.
 */
struct ExpertRoute
{
    /** Which leg. */
    enum Leg : uint8_t
    {
        PLAIN,   //!< All of the way, all experts alike: an all_to_all
        WHOLE,   //!< All of the way
        NETWORK, //!< To the card of the same place in each of the nodes that a token goes to
        NODE,    //!< From there to the cards of its experts
    };

    Leg leg{PLAIN};      //!< Which leg
    bool returns{false}; //!< Back from the experts
    uint32_t layer{0};   //!< Of what layer, where they differ
};

/** @return whether experts are of uneven load. @param [in] experts They. */
inline bool
IsSkewed(const Experts& experts)
{
    return !experts.shares.empty();
}

/**
 * @ingroup mtlink
 * @param [in] experts Experts.
 * @param [in] layer A layer with experts.
 * @param [in] expert One of them.
 * @return the share of all copies of tokens that goes to it, 0 to 1.
 */
double GetExpertShare(const Experts& experts, uint32_t layer, uint32_t expert);

/**
 * @ingroup mtlink
 * @param [in] spec A training with experts.
 * @param [in] layer A layer with experts.
 * @param [in] member A card of an expert group.
 * @return the share of all copies of tokens that goes to the card's experts.
 */
double GetMemberShare(const TrainingSpec& spec, uint32_t layer, uint32_t member);

/**
 * @ingroup mtlink
 * @param [in] spec A training with experts.
 * @param [in] layer A layer with experts.
 * @return copies on the card that gets most, over the mean: 1 where all are alike.
 */
double GetMostLoad(const TrainingSpec& spec, uint32_t layer);

/**
 * @ingroup mtlink
 * Shares by a power law: the k-th most wanted expert gets 1 / k^exponent of what the first gets,
 * but no expert more than 1 / active, since a token goes to one once. Which is the k-th is drawn
 * for each layer, the same in every run.
 * @param [in] experts Experts.
 * @param [in] layers Layers of the model.
 * @param [in] exponent 0: all alike.
 * @return by layer, by expert.
 */
std::vector<std::vector<double>> MakeZipfShares(const Experts& experts,
                                                uint32_t layers,
                                                double exponent);

/**
 * @ingroup mtlink
 * @param [in] spec A training with experts.
 * @param [in] route Which leg of which way.
 * @param [in] bytes Copies of its own tokens that a card sends to experts, in bytes.
 * @param [in] nodes By member of the group: its node. With a limit of nodes each node has as many
 *        members.
 * @return bytes from member i to member j at [i * members + j]; what stays on a card is left out.
 * @throws ParameterError where a limit of nodes has no meaning for such a group.
 */
std::vector<uint64_t> MakeExpertCounts(const TrainingSpec& spec,
                                       const ExpertRoute& route,
                                       double bytes,
                                       const std::vector<uint32_t>& nodes);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EXPERT_ROUTING_H
