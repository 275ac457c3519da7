/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "flow/flow-load.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

using Wide = __int128;

/** Flits in one step of WireSpeed::After(). */
constexpr uint64_t MOST_FLITS = 1ULL << 23;

/** @return flits of a packet. */
uint64_t
GetFlits(const FlowManner& path, uint64_t payload)
{
    return std::max<uint64_t>((payload + path.header + path.flit - 1) / path.flit, 1);
}

} // namespace

FlowLoad
MeasureLoad(const FlowManner& path, uint64_t bytes, uint32_t packet)
{
    FlowLoad load{};
    load.packets = (bytes + packet - 1) / packet;
    load.perPort = (load.packets + path.ports - 1) / path.ports;
    const uint64_t rest = bytes - (load.packets - 1) * packet;
    const uint64_t whole = GetFlits(path, packet);
    const uint64_t end = GetFlits(path, rest);
    const bool hasShort = (load.packets - 1) % path.ports == 0;
    const uint64_t last = hasShort ? end : whole;
    load.flits = (load.perPort - 1) * whole + last;
    load.wireFlits = (load.packets - 1) * whole + end;
    load.packetTime = path.slowest.After({}, whole).whole;
    const uint64_t stored = path.storedFlitTime * (load.perPort > 1 ? whole : last);
    load.stored = static_cast<Tick>((stored + ShareSolver::WHOLE / 2) / ShareSolver::WHOLE);
    load.isAligned = path.ports == 1 || (load.packets % path.ports == 0 && end == whole);
    return load;
}

int64_t
FindCap(const FlowManner& path, const FlowLoad& load, Tick work)
{
    const auto cap = [&](const PacketLoop& loop, uint64_t count, uint64_t side) {
        if (count <= loop.packets || work <= 0)
        {
            return ShareSolver::ONE;
        }
        // One round trip for each lot but the last, which takes its time on the wires.
        const uint64_t last = ((count - 1) % loop.packets + side) / side;
        const Wide time =
            Wide{(count - 1) / loop.packets} * loop.roundTrip + Wide{last} * load.packetTime;
        return time <= work ? ShareSolver::ONE
                            : static_cast<int64_t>(Wide{work} * ShareSolver::ONE / time);
    };
    return std::max<int64_t>(
        1,
        std::min(cap(path.credit, load.perPort, 1), cap(path.window, load.packets, path.ports)));
}

WireTime
AfterFlits(const WireSpeed& speed, WireTime from, uint64_t flits)
{
    for (; flits > MOST_FLITS; flits -= MOST_FLITS)
    {
        from = speed.After(from, MOST_FLITS);
    }
    return speed.After(from, flits);
}

} // namespace mtlink
} // namespace ns3
