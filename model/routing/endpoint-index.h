/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ENDPOINT_INDEX_H
#define MTLINK_ENDPOINT_INDEX_H

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * From an endpoint's node number to its index within a domain, by a table over the range of the
 * domain's endpoints: small for a node of few neighbours, one look-up always.
 */
class EndpointIndex
{
  public:
    /** Index of what is not in the domain. */
    static constexpr uint32_t NONE = std::numeric_limits<uint32_t>::max();

    /** @param [in] endpoints The domain's endpoints, at least one. */
    explicit EndpointIndex(const std::vector<uint32_t>& endpoints)
        : m_first(*std::min_element(endpoints.begin(), endpoints.end())),
          m_index(*std::max_element(endpoints.begin(), endpoints.end()) - m_first + 1, NONE)
    {
        for (uint32_t i = 0; i < endpoints.size(); ++i)
        {
            m_index[endpoints[i] - m_first] = i;
        }
    }

    /**
     * @param [in] node An endpoint of the domain.
     * @return its index.
     */
    uint32_t operator[](uint32_t node) const
    {
        return m_index[node - m_first];
    }

  private:
    uint32_t m_first;              //!< Smallest node number
    std::vector<uint32_t> m_index; //!< By node - m_first
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ENDPOINT_INDEX_H
