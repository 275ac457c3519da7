/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_OLDEST_FIRST_ARBITER_H
#define MTLINK_OLDEST_FIRST_ARBITER_H

#include "switch/crossbar-arbiter.h"

#include <tuple>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Oldest first (age-based arbitration: Dally and Towles 2004, 18.4): of all requests of the chip
 * that can go, that of the packet whose first bit left its source first is granted, then the next
 * oldest that still can. Ties go to the lower input, then the lower VC, then the lower output. What
 * stood behind those who went comes after, in the same way, until nothing more can go.
 */
class OldestFirstArbiter : public CrossbarArbiter
{
  public:
    void Decide(CrossbarRequests& requests) override;

    bool IsByAge() const override
    {
        return true;
    }

  private:
    /** When it was injected, the request (input and VC), and the output. */
    using Entry = std::tuple<Tick, uint32_t, uint32_t>;

    std::vector<Entry> m_byAge; //!< Of one pass
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_OLDEST_FIRST_ARBITER_H
