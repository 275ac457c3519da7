/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PYTORCH_CALLS_H
#define MTLINK_PYTORCH_CALLS_H

#include "trace/call-trace.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @file
 * @ingroup mtlink
 * What PyTorch's records have in common: names of calls, sizes, files of ranks.
 */

/** @ingroup mtlink A call as PyTorch names it. */
struct NamedCall
{
    RecordedCall::Type type;         //!< What it is
    const char* collective{nullptr}; //!< Its name; nullptr: a message
    uint32_t peer{0};                //!< Of a message that names it ("nccl:send 0->1"); NONE: not
};

/**
 * @ingroup mtlink
 * @param [in] name A name, as "nccl:_all_gather_base", "c10d::allreduce_", "all_to_allv",
 *             "ncclDevKernel_ReduceScatter_Sum_bf16_RING_LL".
 * @return the call; nothing: it is none that moves data, as wait and init.
 */
std::optional<NamedCall> FindNamedCall(std::string_view name);

/**
 * @ingroup mtlink
 * Set a collective's sizes.
 * @param [in,out] call It.
 * @param [in] in Bytes of this member's input; 0: not known.
 * @param [in] out Bytes of its output; 0: not known.
 * @param [in] members Of its group.
 */
void SetSizes(RecordedCall& call, uint64_t in, uint64_t out, uint64_t members);

/**
 * @ingroup mtlink
 * Set what an all_to_allv sends to each.
 * @param [in,out] call It; gets no counts if all are alike.
 * @param [in] splits Elements to each member, as a list or its text.
 * @param [in] elementBytes Bytes of one.
 */
void SetSplits(RecordedCall& call, const nlohmann::json& splits, uint64_t elementBytes);

/**
 * @ingroup mtlink
 * @param [in] value A list of ranks, or its text.
 * @return the ranks; empty: it is none, or was cut ("...").
 */
std::vector<uint32_t> ReadRanks(const nlohmann::json& value);

/**
 * @ingroup mtlink
 * @param [in] path A rank's file, or a folder.
 * @return the files of the folder, or those beside the file whose names differ in numbers only;
 * sorted.
 */
std::vector<std::string> ListRankFiles(const std::string& path);

/**
 * @ingroup mtlink
 * Find ranks in the names of files: the first number in which they all differ.
 * @param [in] files Files.
 * @return the rank of each; of a single one the number behind "rank" or "worker", or 0.
 */
std::vector<uint32_t> GuessRanks(const std::vector<std::string>& files);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PYTORCH_CALLS_H
