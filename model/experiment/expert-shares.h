/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EXPERT_SHARES_H
#define MTLINK_EXPERT_SHARES_H

#include "experiment/yaml.h"
#include "training/transformer.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Read how tokens are spread over experts: `even`, `{zipf: 0.5}`, or the path of a CSV file with a
 * number for each expert in a line for each layer with experts, or one line for all; lines that
 * begin with # are comments.
 * @param [in] node The value of `balance`.
 * @param [in] experts The experts.
 * @param [in] layers Layers of the model.
 * @return shares of all copies of tokens, by layer and expert; empty: evenly.
 * @throws InputError for what is none of these, and for more tokens than an expert can get.
 */
std::vector<std::vector<double>> ReadBalance(const YamlNode& node,
                                             const Experts& experts,
                                             uint32_t layers);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EXPERT_SHARES_H
