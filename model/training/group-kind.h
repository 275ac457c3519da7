/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_GROUP_KIND_H
#define MTLINK_GROUP_KIND_H

#include "ns3/mtlink-results.h"

#include <cstddef>
#include <cstdint>

namespace ns3
{
namespace mtlink
{

/** Who takes part in a collective of an iteration. */
enum class GroupKind : uint8_t
{
    TENSOR,      //!< Cards that share a layer
    CONTEXT,     //!< Cards that share a sequence
    EXPERT,      //!< Cards that share the experts of a layer
    DATA,        //!< Cards with the same weights
    EXPERT_DATA, //!< Cards with the same experts
    EMBEDDING,   //!< First and last stage, where they share the embedding
};

/** Number of kinds. */
inline constexpr std::size_t GROUP_KINDS = 6;

/**
 * @ingroup mtlink
 * @param [in] kind A kind of group.
 * @return where the time of its exposed communication goes.
 */
constexpr TrainingCause
GetGroupCause(GroupKind kind)
{
    switch (kind)
    {
    case GroupKind::TENSOR:
        return TrainingCause::TENSOR;
    case GroupKind::CONTEXT:
        return TrainingCause::CONTEXT;
    case GroupKind::EXPERT:
        return TrainingCause::EXPERT;
    case GroupKind::DATA:
    case GroupKind::EXPERT_DATA:
    case GroupKind::EMBEDDING:
        break;
    }
    return TrainingCause::DATA; // gradients and weights
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_GROUP_KIND_H
