/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_VC_LAYOUT_H
#define MTLINK_VC_LAYOUT_H

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * How the V virtual channels of a link are divided: first among its T traffic classes, floor(V/T)
 * each, then within each among the C classes of the routing, floor(V/T/C) each. What is left over
 * stays empty. So traffic classes share no virtual channel, hence no buffer and no credit.
 */
struct VcLayout
{
    uint32_t vcsPerTrafficClass{1}; //!< floor(V/T)
    uint32_t vcsPerClass{1};        //!< floor(V/T/C)

    bool operator==(const VcLayout&) const = default;

    /**
     * @param [in] vcs V, at least T C.
     * @param [in] trafficClasses T.
     * @param [in] classes C.
     * @return the layout.
     */
    static VcLayout Make(uint32_t vcs, uint32_t trafficClasses, uint32_t classes)
    {
        return {vcs / trafficClasses, vcs / trafficClasses / classes};
    }

    /**
     * @param [in] trafficClass A traffic class.
     * @param [in] vcClass A class of the routing.
     * @return the first of their VCs.
     */
    uint32_t GetFirst(uint32_t trafficClass, uint32_t vcClass) const
    {
        return trafficClass * vcsPerTrafficClass + vcClass * vcsPerClass;
    }

    /**
     * @param [in] trafficClass A traffic class.
     * @param [in] vcClass A class of the routing.
     * @param [in] flow A packet's hash.
     * @return the VC, of theirs, that the hash chooses.
     */
    uint8_t Choose(uint32_t trafficClass, uint32_t vcClass, uint32_t flow) const
    {
        return static_cast<uint8_t>(GetFirst(trafficClass, vcClass) + flow % vcsPerClass);
    }

    /**
     * @param [in] vc A VC that is in use.
     * @return its traffic class.
     */
    uint32_t GetTrafficClass(uint32_t vc) const
    {
        return vc / vcsPerTrafficClass;
    }
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_VC_LAYOUT_H
