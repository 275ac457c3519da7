/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_IP_HEADER_H
#define MTLINK_IP_HEADER_H

#include "ns3/packet.h"
#include "ns3/ptr.h"

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A label by which a frame's flow keeps to one path: a hash of addresses, protocol and, of TCP and
 * UDP, ports; of all fragments of an IPv4 packet that without ports, as only the first has them.
 * IPv6 with extension headers goes by addresses and its own flow label (RFC 6438).
 * @param [in] frame A frame, its Ethernet header on.
 * @return the label; of what is no IP, that of its Ethernet addresses.
 */
uint32_t GetFlowLabel(const Packet& frame);

/**
 * @ingroup mtlink
 * Mark a packet as one that met congestion (CE, RFC 3168), where its transport can understand it
 * (ECT); the checksum of IPv4's header is put right, where there is one.
 * @param [in,out] packet An IP packet, its Ethernet header off.
 * @param [in] protocol Its EtherType.
 * @return whether it is marked now.
 */
bool MarkCongestion(Packet& packet, uint16_t protocol);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_IP_HEADER_H
