/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-transport.h"

#include "ns3/mtlink-error.h"

namespace ns3
{
namespace mtlink
{

namespace
{

[[noreturn]] void
RefuseGroups()
{
    throw ParameterError("algorithm",
                         "what carries the messages here can't reduce or copy in the network: "
                         "name another algorithm than in_network");
}

} // namespace

Fidelity
Transport::GetFidelity() const
{
    return Fidelity::PACKET;
}

Fidelity
Transport::Confirm(Fidelity said, uint32_t, Tick) const
{
    return said;
}

uint32_t
Transport::OpenGroup(IndexSpan, uint32_t, bool, bool, uint8_t)
{
    RefuseGroups();
}

uint32_t
Transport::OpenGroupMessage(const GroupMessage&, MessageClient*, uint64_t)
{
    RefuseGroups();
}

void
Transport::JoinGroupMessage(uint32_t, uint32_t)
{
    RefuseGroups();
}

uint32_t
Transport::OpenRing(const Ring&, RingClient*, uint64_t)
{
    return NO_RING;
}

void
Transport::JoinRing(uint32_t, uint32_t)
{
}

void
Transport::SendInRing(uint32_t, uint32_t)
{
}

} // namespace mtlink
} // namespace ns3
