/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_COST_VARIANTS_H
#define MTLINK_COST_VARIANTS_H

#include "design/design-request.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A request with one figure of its costs other than it was taken to be.
 */
struct CostVariant
{
    std::string assumption; //!< The figure's key, as "cost.serdes_energy"
    std::string provenance; //!< Of what it was taken to be: "assumed", "press", ...; "given": by
                            //!< the user
    std::string value;      //!< What it was taken to be, as in YAML
    double factor{1};       //!< Times that
    DesignRequest request;  //!< With it
};

/**
 * @ingroup mtlink
 * List what designs' costs depend on: every figure of the technology, and every price that was
 * given.
 * @param [in] request The request.
 * @param [in] factor By what each is divided and multiplied, above 1.
 * @return each twice, divided first, but for what its range does not allow.
 */
std::vector<CostVariant> ListCostVariants(const DesignRequest& request, double factor);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_COST_VARIANTS_H
