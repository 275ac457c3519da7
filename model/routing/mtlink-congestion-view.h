/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CONGESTION_VIEW_H
#define MTLINK_CONGESTION_VIEW_H

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/** All VC classes of a link together. */
inline constexpr uint8_t ALL_CLASSES = 0xff;

/**
 * @ingroup mtlink
 * The load of links as seen at the switches that send on them. Who routes asks this, and knows
 * nothing of buffers. A local algorithm asks of its own switch's links only.
 */
class CongestionView
{
  public:
    virtual ~CongestionView() = default;

    /**
     * @param [in] link A link out of a switch.
     * @param [in] vcClass A VC class, or ALL_CLASSES.
     * @return flits of the packets that wait at the switch to leave by the link on the class.
     */
    virtual uint32_t GetQueued(uint32_t link, uint8_t vcClass) const = 0;

    /**
     * @param [in] link A link out of a switch.
     * @param [in] vcClass A VC class, or ALL_CLASSES.
     * @return flits of credit in use: on the wire, in the buffers at its far end, or free again
     *         with the credit still on its way back.
     */
    virtual uint32_t GetInUse(uint32_t link, uint8_t vcClass) = 0;

    /**
     * @param [in] link A link out of a switch.
     * @param [in] vcClass A VC class.
     * @param [in] flits Length of a packet.
     * @return whether a VC of the class has room for it now.
     */
    virtual bool HasCredit(uint32_t link, uint8_t vcClass, uint32_t flits) = 0;

    /**
     * @param [in] link A link out of a switch.
     * @return whether it is down and to be routed round, where another link leads on too.
     */
    virtual bool IsAvoided(uint32_t link) const
    {
        (void)link;
        return false;
    }

    /**
     * @param [in] link A link out of a switch.
     * @param [in] vcClass A VC class, or ALL_CLASSES.
     * @return the load: flits queued for it plus credit in use.
     */
    uint32_t GetLoad(uint32_t link, uint8_t vcClass)
    {
        return GetQueued(link, vcClass) + GetInUse(link, vcClass);
    }
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CONGESTION_VIEW_H
