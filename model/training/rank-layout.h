/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_RANK_LAYOUT_H
#define MTLINK_RANK_LAYOUT_H

#include "training/layer-steps.h"
#include "training/training-spec.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Which rank is which part of a training: ranks count along the axes in their order of nesting. A
 * stage's cards have places, counted in the same way without the pipeline.
 *
 * Experts are shared by cards of successive places of a stage, so inside the innermost axes.
 */
class RankLayout
{
  public:
    /**
     * @param [in] parallel How cards share a model.
     * @param [in] isMirrored Whether a stage and the one as far from the other end have the same
     *        weights, as with dualpipe.
     */
    explicit RankLayout(const ParallelSpec& parallel, bool isMirrored = false);

    /** @return the cards of a stage. */
    uint32_t GetPlaces() const;

    /** @return a rank. @param [in] stage Its stage. @param [in] place Its place there. */
    uint32_t GetRank(uint32_t stage, uint32_t place) const;

    /** @return the stage of a rank. @param [in] rank It. */
    uint32_t GetStage(uint32_t rank) const;

    /** @return the replica of a rank. @param [in] rank It. */
    uint32_t GetReplica(uint32_t rank) const;

    /** @return the place of a rank in its stage. @param [in] rank It. */
    uint32_t GetPlace(uint32_t rank) const;

    /**
     * @param [in] kind A kind of group, but EMBEDDING, whose members are in two stages.
     * @return the groups of a stage, as places, in order of their first.
     */
    const std::vector<std::vector<uint32_t>>& GetGroups(GroupKind kind) const;

    /**
     * @param [in] kind A kind of group.
     * @param [in] stage A stage.
     * @return its groups as ranks: groups that sum gradients have members of the mirrored stage
     *         too, the lower stage's first. EMBEDDING: a member of the first and one of the last
     *         stage, whatever `stage` is.
     */
    std::vector<std::vector<uint32_t>> GetRankGroups(GroupKind kind, uint32_t stage) const;

    /** @return which of GetGroups() a place is in. @param [in] kind A kind. @param [in] place It.
     */
    uint32_t GetGroup(GroupKind kind, uint32_t place) const;

  private:
    /** Make the groups of places that differ in some axes only. */
    void MakeGroups(GroupKind kind, const std::vector<ParallelAxis>& axes);

    ParallelSpec m_parallel;                                  //!< Sizes and order
    bool m_isMirrored;                                        //!< Stages from both ends are alike
    std::array<uint32_t, AXES> m_sizes;                       //!< By ParallelAxis
    std::array<uint32_t, AXES> m_strides;                     //!< Of ranks, by ParallelAxis
    std::vector<std::vector<uint32_t>> m_groups[GROUP_KINDS]; //!< By kind
    std::vector<uint32_t> m_groupOf[GROUP_KINDS];             //!< By kind and place
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_RANK_LAYOUT_H
