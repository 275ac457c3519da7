/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CARD_CLASSES_H
#define MTLINK_CARD_CLASSES_H

#include "training/training-spec.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Cards of a stage that are of one kind and have as many micro-batches: they do the same.
 */
struct CardClass
{
    uint32_t stage;  //!< Their stage
    uint32_t kind;   //!< Into TrainingSpec::kinds; 0 where all are alike
    uint32_t micros; //!< Micro-batches of their replicas
    uint32_t cards;  //!< How many
};

/**
 * @ingroup mtlink
 * @param [in] spec A training.
 * @return its classes, by stage, kind and micro-batches; one for each stage where all are alike.
 */
std::vector<CardClass> ListCardClasses(const TrainingSpec& spec);

/**
 * @ingroup mtlink
 * @param [in] spec A training.
 * @return by replica: the kind of its cards, into TrainingSpec::kinds; empty where one has cards of
 *         several kinds.
 */
std::vector<uint32_t> GetReplicaKinds(const TrainingSpec& spec);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CARD_CLASSES_H
