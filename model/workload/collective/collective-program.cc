/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/collective-program.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return a transfer of a message. */
Transfer
TransferOf(const Leg& leg, Transfer::Type type)
{
    Transfer transfer;
    transfer.place = leg.place;
    transfer.blocks[0] = leg.blocks;
    transfer.blocks[1] = leg.others;
    transfer.peer = leg.peer;
    transfer.flow = leg.flow;
    transfer.type = type;
    return transfer;
}

} // namespace

Transfer
SendOf(const Leg& leg)
{
    return TransferOf(leg, Transfer::SEND);
}

Transfer
ReceiveOf(const Leg& leg)
{
    Transfer transfer = TransferOf(leg, Transfer::RECEIVE);
    transfer.place += 1;
    return transfer;
}

Transfer
ReduceOf(const Leg& leg)
{
    Transfer transfer = TransferOf(leg, Transfer::REDUCE);
    transfer.place += 1;
    transfer.reducePlace = leg.place + 2;
    return transfer;
}

uint64_t
ForEachMessageOf(const CollectiveProgram& program,
                 uint32_t member,
                 const std::function<void(uint32_t, uint64_t)>& visit)
{
    uint64_t count = 0;
    for (uint32_t strand = 0; strand < program.GetStrands(); ++strand)
    {
        Transfers transfers = program.Open(member, strand, false);
        while (transfers.Next())
        {
            const Transfer& transfer = transfers.Get();
            const uint64_t bytes = program.LengthOf(transfer);
            ++count;
            if (transfer.type == Transfer::SEND && bytes > 0)
            {
                visit(transfer.peer, bytes);
            }
        }
    }
    return count;
}

void
ForSomeMessages(const CollectiveProgram& program,
                uint32_t members,
                uint64_t most,
                const std::function<void(uint32_t, uint32_t, uint64_t, double)>& visit)
{
    // Of one member first, which says how many of them can be afforded.
    const uint64_t each = ForEachMessageOf(program, members / 2, [](uint32_t, uint64_t) {}) + 1;
    const auto looked =
        static_cast<uint32_t>(std::clamp<uint64_t>(most / each, std::min(members, 16U), members));
    const double weight = static_cast<double>(members) / looked;
    for (uint32_t i = 0; i < looked; ++i)
    {
        const auto member = static_cast<uint32_t>(uint64_t{i} * members / looked);
        ForEachMessageOf(program, member, [&](uint32_t peer, uint64_t bytes) {
            visit(member, peer, bytes, weight);
        });
    }
}

} // namespace mtlink
} // namespace ns3
