/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DESIGN_LIST_H
#define MTLINK_DESIGN_LIST_H

#include "cost/fabric-cost.h"
#include "design/design-request.h"
#include "design/network.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Cables of one class, with what they are.
 */
struct CableKind
{
    std::string cls;              //!< Link class; "node" of what is inside nodes
    uint64_t cables{0};           //!< How many
    std::optional<double> length; //!< Metres; nothing: latency is given as a whole
    bool isOptical{false};        //!< Longer than copper reaches
};

/**
 * @ingroup mtlink
 * A fabric that can be built.
 */
struct Design
{
    uint32_t number{0};            //!< From 1
    std::string name;              //!< "0007-planes2-fat_tree"
    std::size_t chip{0};           //!< Index into DesignRequest::chips
    Network network;               //!< Of a plane of a rail
    uint32_t planes{1};            //!< Networks beside one another, of each rail
    uint64_t nodes{0};             //!< On rails; 0: no rails
    uint32_t rails{1};             //!< As many as a node has endpoints
    std::vector<Setting> choices;  //!< Keys below `fabric`, of DesignRequest::choices
    YamlNode fabric;               //!< The fabric, as DescribeFabric() reads it
    uint64_t chips{0};             //!< Of all networks; those inside nodes not
    uint64_t nodeChips{0};         //!< Inside nodes
    uint64_t portsLeft{0};         //!< Ports of `chips` without a cable
    std::vector<CableKind> cables; //!< All of them
    FabricCost cost;               //!< By the cost model, whole chips
    std::optional<double> money;   //!< In the user's; nothing: no price was given

    /** @return all cables. */
    uint64_t CountCables() const;
};

/**
 * @ingroup mtlink
 * What was found.
 */
struct DesignList
{
    std::vector<Design> designs; //!< By number
    /** What gave none: by chip, index into DesignRequest::chips. */
    std::vector<std::pair<std::size_t, NetworkRefusal>> refusals;
};

/** Most designs of one request. */
inline constexpr std::size_t MAX_DESIGNS = 20'000;

/**
 * @ingroup mtlink
 * List what can be built; nothing is built.
 * @param [in] request What is asked.
 * @return all that answers it.
 * @throws InputError if it is nothing at all or too much.
 */
DesignList ListDesigns(const DesignRequest& request);

/**
 * @ingroup mtlink
 * Count again what designs cost.
 * @param [in] request What was asked, with another technology or other prices and nothing else.
 * @param [in] list What was found.
 * @return the same designs at those costs.
 */
DesignList CountAgain(const DesignRequest& request, DesignList list);

/**
 * @ingroup mtlink
 * @param [in] design A design.
 * @return the figures of cost that can be objectives or limits, by name: cost_power_W,
 *         cost_area_mm2, cost_chip_area_mm2, cost_money, chips, cables, optical_cables; nothing of
 *         an unknown name, or of money where no price was given.
 */
std::optional<double> GetDesignCost(const Design& design, const std::string& name);

/** @return the names that GetDesignCost() knows. */
const std::vector<std::string>& GetDesignCostNames();

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DESIGN_LIST_H
