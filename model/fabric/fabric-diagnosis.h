/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FABRIC_DIAGNOSIS_H
#define MTLINK_FABRIC_DIAGNOSIS_H

#include "fabric/fabric-parts.h"

#include <cstddef>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Says in words what is wrong with a fabric that stands still, or has lost data; documented with
 * the functions of MtlinkFabric of the same names.
 */
class FabricDiagnosis
{
  public:
    /** @param [in] parts The fabric; must outlive this. */
    explicit FabricDiagnosis(FabricParts& parts)
        : m_parts(parts)
    {
    }

    /** @copydoc MtlinkFabric::GetDownLinks() */
    std::vector<std::string> GetDownLinks(std::size_t most) const;

    /** @copydoc MtlinkFabric::GetLossyLinks() */
    std::vector<std::string> GetLossyLinks(std::size_t most) const;

    /** @copydoc MtlinkFabric::CheckConservation() */
    std::string CheckConservation() const;

    /** @copydoc MtlinkFabric::GetWaiting() */
    std::vector<std::string> GetWaiting(std::size_t most) const;

  private:
    FabricParts& m_parts; //!< The fabric
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FABRIC_DIAGNOSIS_H
