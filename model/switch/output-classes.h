/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_OUTPUT_CLASSES_H
#define MTLINK_OUTPUT_CLASSES_H

#include "link/class-scheduler.h"
#include "link/vc-layout.h"
#include "switch/arbiter.h"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The traffic classes of one chip that has several.
 */
class ChipClasses
{
  public:
    /**
     * @param [in] rules How they take turns.
     * @param [in] layout Their VCs.
     * @param [in] inputs Inputs of the chip.
     * @param [in] vcs VCs of each.
     */
    ChipClasses(ClassRules rules, const VcLayout& layout, uint32_t inputs, uint32_t vcs)
        : m_rules(std::move(rules)),
          m_vcs(vcs),
          m_layout(layout)
    {
        m_requests.assign(m_rules.classes, RoundRobinArbiter::Bits((inputs * vcs + 63) / 64));
        for (uint32_t request = 0; request < inputs * vcs; ++request)
        {
            const uint32_t trafficClass = GetClass(request);
            if (trafficClass < m_rules.classes) // else a VC that is left over
            {
                m_requests[trafficClass][request / 64] |= 1ULL << (request % 64);
            }
        }
    }

    /** @return how they take turns. */
    const ClassRules& GetRules() const
    {
        return m_rules;
    }

    /**
     * @param [in] request A request at an output.
     * @return its traffic class.
     */
    uint32_t GetClass(uint32_t request) const
    {
        return m_layout.GetTrafficClass(request % m_vcs);
    }

    /**
     * @param [in] trafficClass A class.
     * @return the requests that it may make at an output.
     */
    const RoundRobinArbiter::Bits& GetRequests(uint32_t trafficClass) const
    {
        return m_requests[trafficClass];
    }

  private:
    ClassRules m_rules;                              //!< How they take turns
    uint32_t m_vcs;                                  //!< VCs of an input
    VcLayout m_layout;                               //!< Their VCs
    std::vector<RoundRobinArbiter::Bits> m_requests; //!< By class
};

/**
 * @ingroup mtlink
 * The turns of the traffic classes of one output, and of the inputs within each.
 */
class OutputClasses
{
  public:
    /** @param [in] chip Its chip's classes; must outlive this. */
    explicit OutputClasses(const ChipClasses& chip)
        : m_chip(&chip),
          m_scheduler(chip.GetRules())
    {
    }

    /** @return its chip's classes. */
    const ChipClasses& GetChip() const
    {
        return *m_chip;
    }

    /** @return whose turn it is. */
    const ClassScheduler& GetScheduler() const
    {
        return m_scheduler;
    }

    /**
     * @param [in] trafficClass A class.
     * @return the request of it that is asked first.
     */
    uint32_t GetPointer(uint32_t trafficClass) const
    {
        return m_pointers[trafficClass];
    }

    /**
     * A request was granted.
     * @param [in] request Which.
     * @param [in] flits Length of its packet.
     */
    void Served(uint32_t request, uint32_t flits)
    {
        const uint32_t trafficClass = m_chip->GetClass(request);
        m_pointers[trafficClass] = request + 1;
        m_scheduler.Served(trafficClass, flits);
    }

  private:
    const ChipClasses* m_chip;                               //!< Its chip's
    ClassScheduler m_scheduler;                              //!< Whose turn it is
    std::array<uint32_t, MOST_TRAFFIC_CLASSES> m_pointers{}; //!< By class
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_OUTPUT_CLASSES_H
