/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TENSOR_SIZE_H
#define MTLINK_TENSOR_SIZE_H

#include <cstdint>
#include <optional>
#include <string_view>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] type A type of elements as PyTorch's or NCCL's records name it: "float",
 *             "c10::BFloat16", "Tensor(long int)", "ncclFloat16", ...
 * @return bytes of an element; 0: not known.
 */
uint32_t GetElementBytes(std::string_view type);

/**
 * @ingroup mtlink
 * Add up the tensors of the first of a call's arguments, as PyTorch's execution traces list them:
 * `[id, storage, offset, elements, bytes of an element, "device"]`, alone or in lists.
 * @param [in] values The list of arguments, as JSON or as Python writes it.
 * @return bytes; nothing: the first argument is no tensor.
 */
std::optional<uint64_t> SumFirstTensors(std::string_view values);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TENSOR_SIZE_H
