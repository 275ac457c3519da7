/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/expert-shares.h"

#include "experiment/yaml-mapping.h"
#include "training/expert-routing.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <numeric>
#include <sstream>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Read a line of numbers, 0 or more, of which there are as many as experts. */
std::vector<double>
ReadShares(const std::string& line, const Where& where, const Experts& experts)
{
    std::vector<double> shares;
    std::istringstream words(line);
    for (std::string word; std::getline(words, word, ',');)
    {
        std::size_t used = 0;
        double value = -1;
        try
        {
            value = std::stod(word, &used);
        }
        catch (const std::exception&) // what is no number is told below
        {
        }
        if (value < 0 || word.find_first_not_of(" \t\r", used) != std::string::npos)
        {
            throw InputError(where,
                             fmt::format("'{}' is no share of tokens: give a number of 0 or more "
                                         "for each expert, with commas between",
                                         word));
        }
        shares.push_back(value);
    }
    const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
    if (shares.size() != experts.experts || sum <= 0)
    {
        throw InputError(where,
                         fmt::format("{} numbers, adding up to {}: give one for each of the {} "
                                     "experts, not all of them 0",
                                     shares.size(),
                                     sum,
                                     experts.experts));
    }
    constexpr double ROUNDING = 1e-9;
    for (double& share : shares)
    {
        share /= sum;
        if (share * experts.active > 1 + ROUNDING)
        {
            throw InputError(where,
                             fmt::format("an expert gets {:.3g} of all copies of tokens, but a "
                                         "token goes to it once, and to {} experts: give 1/{} at "
                                         "most",
                                         share,
                                         experts.active,
                                         experts.active));
        }
    }
    return shares;
}

/** Read the shares of experts in a file: a line for each layer with experts, or one for all. */
std::vector<std::vector<double>>
ReadShareFile(const YamlNode& node, const Experts& experts, uint32_t layers)
{
    const std::string path = ResolvePath(node);
    std::ifstream file(path);
    if (!file)
    {
        node.Refuse(fmt::format("balance should be even, {{zipf: 0.5}}, or the path of a CSV file "
                                "of shares; there is no file {}",
                                path));
    }
    std::vector<std::vector<double>> rows;
    uint32_t number = 0;
    for (std::string line; std::getline(file, line);)
    {
        ++number;
        if (!line.empty() && line.front() != '#')
        {
            rows.push_back(ReadShares(line, {path, number, 1}, experts));
        }
    }
    const uint32_t wanted = layers - std::min(layers, experts.denseLayers);
    if (rows.size() != 1 && rows.size() != wanted)
    {
        node.Refuse(fmt::format("{} has {} lines: give one for each of {} layers with experts, or "
                                "one for all",
                                path,
                                rows.size(),
                                wanted));
    }
    std::vector<std::vector<double>> shares(experts.denseLayers,
                                            std::vector<double>(experts.experts, 0));
    for (uint32_t layer = 0; layer < wanted; ++layer)
    {
        shares.push_back(rows.size() == 1 ? rows.front() : rows[layer]);
    }
    return shares;
}

} // namespace

std::vector<std::vector<double>>
ReadBalance(const YamlNode& node, const Experts& experts, uint32_t layers)
{
    if (node.kind == YamlNode::MAPPING)
    {
        YamlMapping mapping(node, "training.model.moe.balance");
        const double exponent = ReadNumber(mapping.Need("zipf", "zipf: 0.5"), 0, 10);
        mapping.Finish();
        return MakeZipfShares(experts, layers, exponent);
    }
    if (ReadText(node, "even, {zipf: 0.5}, or the path of a file") == "even")
    {
        return {};
    }
    return ReadShareFile(node, experts, layers);
}

} // namespace mtlink
} // namespace ns3
