/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ROUND_ROBIN_CROSSBAR_ARBITER_H
#define MTLINK_ROUND_ROBIN_CROSSBAR_ARBITER_H

#include "switch/crossbar-arbiter.h"

#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Round robin for a chip that is matched as a whole because of its tiles: one output after another
 * takes the next request that can go, in a round that starts behind the one it served last, until
 * nothing more can. The output that begins moves on by one after each instant at which something
 * was granted.
 */
class RoundRobinCrossbarArbiter : public CrossbarArbiter
{
  public:
    /** @param [in] ports Inputs, and outputs. */
    explicit RoundRobinCrossbarArbiter(uint32_t ports)
        : m_from(ports, 0)
    {
    }

    void Decide(CrossbarRequests& requests) override;

  private:
    std::vector<uint32_t> m_from; //!< By output: request to be asked first
    uint32_t m_first{0};          //!< Output that begins
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ROUND_ROBIN_CROSSBAR_ARBITER_H
