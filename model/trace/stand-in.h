/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_STAND_IN_H
#define MTLINK_STAND_IN_H

#include "trace/chakra-file.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @file
 * @ingroup mtlink
 * One rank's trace stands for those of all: every rank does what the traced one did, in groups of
 * the same make. Groups are taken to repeat: of members first, first + stride, ..., the rank that
 * is d further on has the group that stands where its number says, as tensor, data and pipeline
 * groups of one layout do. Partners of messages are as far away as the traced rank's, round.
 */

/**
 * @ingroup mtlink
 * @param [in] members A group that the traced rank is in.
 * @param [in] rank Another rank.
 * @param [in] ranks How many there are.
 * @return the group of that rank which corresponds; nothing: members are at no equal distance, or
 *         such groups do not divide the ranks.
 */
std::optional<std::vector<uint32_t>> FindLikeGroup(const std::vector<uint32_t>& members,
                                                   uint32_t rank,
                                                   uint32_t ranks);

/**
 * @ingroup mtlink
 * @param [in] counts What a member sends to each.
 * @param [in] from Its place in its group.
 * @param [in] to Another's, in one that corresponds.
 * @return what that one sends to each: as much to those as far on from it.
 */
std::vector<uint64_t> TurnCounts(const std::vector<uint64_t>& counts, uint32_t from, uint32_t to);

/**
 * @ingroup mtlink
 * Copy the only rank of a trace that has a file to all.
 * @param [in,out] trace The trace, its groups known as far as they are.
 * @param [in] ranks How many ranks there are to be.
 * @throws InputError for a group that can't be told of other ranks.
 */
void StandFor(ChakraTrace& trace, uint32_t ranks);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_STAND_IN_H
