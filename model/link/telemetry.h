/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TELEMETRY_H
#define MTLINK_TELEMETRY_H

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What a switch writes into a packet that leaves it (in-band network telemetry), as HPCC reads it.
 */
struct HopTelemetry
{
    uint32_t link;   //!< By which it left
    uint64_t queued; //!< Bytes that waited there for the link: qlen
    uint64_t sent;   //!< Bytes on the wire that the link had carried before: txBytes
    Tick at;         //!< When: ts
    double rate;     //!< Of the link, bytes per ps: B
};

/**
 * @ingroup mtlink
 * Telemetry of all packets under way, by packet; empty unless somebody asks for it.
 */
class Telemetry
{
  public:
    /** Begin to write. */
    void Enable()
    {
        m_isOn = true;
    }

    /** @return whether switches are to write. */
    bool IsOn() const
    {
        return m_isOn;
    }

    /**
     * @param [in] packet A packet.
     * @return what was written into it since it left an endpoint.
     */
    std::vector<HopTelemetry>& operator[](uint32_t packet)
    {
        if (m_hops.size() <= packet)
        {
            m_hops.resize(packet + 1);
        }
        return m_hops[packet];
    }

  private:
    bool m_isOn{false};                            //!< Somebody asks for it
    std::vector<std::vector<HopTelemetry>> m_hops; //!< By packet
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TELEMETRY_H
