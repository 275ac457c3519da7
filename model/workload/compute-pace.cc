/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/compute-pace.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace mtlink
{

ComputePace::ComputePace(uint32_t ranks, double slowdown)
    : m_slowdown(slowdown),
      m_ranks(slowdown > 0 ? ranks : 0)
{
}

Tick
ComputePace::GetEnd(const Rank& rank)
{
    return rank.since + std::llround(rank.left * (rank.underWay > 0 ? rank.factor : 1));
}

Tick
ComputePace::Begin(uint32_t rank, uint32_t operation, Tick duration, Tick slowed, Tick now)
{
    Rank& own = m_ranks[rank];
    own.operation = operation;
    own.isComputing = true;
    own.left = static_cast<double>(duration);
    own.factor = duration > 0
                     ? 1 + m_slowdown * static_cast<double>(slowed) / static_cast<double>(duration)
                     : 1;
    own.since = now;
    own.end = GetEnd(own);
    return own.end;
}

bool
ComputePace::End(uint32_t rank, uint32_t operation, Tick now)
{
    Rank& own = m_ranks[rank];
    const bool isOver = own.isComputing && own.operation == operation && own.end == now;
    own.isComputing = own.isComputing && !isOver;
    return isOver;
}

ComputePace::MovedEnd
ComputePace::Communicate(uint32_t rank, bool begins, Tick now)
{
    Rank& own = m_ranks[rank];
    const bool wasSlow = own.underWay > 0;
    own.underWay += begins ? 1 : -1;
    if (!own.isComputing || wasSlow == (own.underWay > 0))
    {
        return std::nullopt;
    }
    own.left -= static_cast<double>(now - own.since) / (wasSlow ? own.factor : 1);
    own.left = std::max(own.left, 0.0);
    own.since = now;
    const Tick before = own.end;
    own.end = GetEnd(own);
    return own.end == before ? std::nullopt : MovedEnd({own.operation, own.end});
}

} // namespace mtlink
} // namespace ns3
