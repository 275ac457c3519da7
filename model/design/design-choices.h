/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DESIGN_CHOICES_H
#define MTLINK_DESIGN_CHOICES_H

#include "design/design-list.h"
#include "design/design-request.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * How the designs of each kind may be made: every combination of the values of
 * DesignRequest::choices that the kind takes. Whether it does is seen by building a few of its
 * designs, from the smallest to the largest, with each; what a single design can't have is seen as
 * it is run. A key of which a kind takes no value at all, as a dragonfly's routing for a fat
 * tree, is left out of it: what else the request says stands then.
 */
class DesignChoices
{
  public:
    /** Of a design: a value for each of some keys. */
    using Combination = std::vector<Setting>;

    /** Why a design is not made in a way. */
    using Refusals = std::vector<std::pair<std::size_t, NetworkRefusal>>;

    /**
     * @param [in] request The request.
     * @param [in] designs All designs without any choice.
     * @param [in,out] refusals Gets the combinations that a kind does not take.
     * @throws InputError at a value that no kind takes.
     */
    DesignChoices(const DesignRequest& request,
                  const std::vector<Design>& designs,
                  Refusals& refusals);

    /**
     * @param [in] kind A kind of networks that the designs have.
     * @return how its designs are made: none where it takes each value but no combination; without
     *         choices one that is empty.
     */
    const std::vector<Combination>& Get(const std::string& kind) const
    {
        return m_byKind.at(kind);
    }

  private:
    std::map<std::string, std::vector<Combination>> m_byKind;
};

/**
 * @ingroup mtlink
 * @param [in] choices Of a design.
 * @return "switch.queueing voq, switch.buffer 64KiB"; empty where there are none.
 */
std::string DescribeChoices(const std::vector<Setting>& choices);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DESIGN_CHOICES_H
