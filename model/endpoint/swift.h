/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWIFT_H
#define MTLINK_SWIFT_H

#include "endpoint/congestion-control.h"

#include "ns3/mtlink-congestion-profile.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Swift (Kumar et al., Swift: Delay is Simple and Effective for Congestion Control in the
 * Datacenter, SIGCOMM 2020): the window of fabric congestion. Endpoints take in at once, so there
 * is none of host congestion.
 *
 * The window cwnd, in packets, starts at max_cwnd. With each acknowledgement of delay d, first bit
 * out to acknowledgement in: target = base_target + h x switches + clamp(a / sqrt(cwnd) + b, 0,
 * fs_range), a = fs_range / (1 / sqrt(fs_min_cwnd) - 1 / sqrt(fs_max_cwnd)), b = -a /
 * sqrt(fs_max_cwnd). If d < target, cwnd += ai / cwnd, or ai where cwnd < 1. Else, if the latest
 * decrease is a round trip d ago, cwnd *= max(1 - beta (d - target) / d, 1 - max_mdf). Then cwnd
 * is kept within [min_cwnd, max_cwnd]. Below 1, one packet is in flight, and packets are paced d /
 * cwnd apart. A lost packet counts as one found by its gap (fast recovery in Algorithm 1): cwnd *=
 * 1 - max_mdf, unless the latest decrease is less than a round trip ago.
 */
class Swift : public CongestionControl
{
  public:
    /** @param [in] parameters Parameters. */
    explicit Swift(const SwiftParameters& parameters);

    double GetRate(uint32_t flow, Tick now) override;
    double GetWindow(uint32_t flow) const override;

    /**
     * @param [in] flow A flow.
     * @return its target delay now, ps.
     */
    double GetTarget(uint32_t flow) const;

  private:
    /** State of a flow. */
    struct State
    {
        double cwnd;        //!< Window, packets
        double delay;       //!< Of the latest acknowledgement, ps
        Tick decreased{-1}; //!< When the window was made smaller last; -1: never
        uint64_t wire{0};   //!< Bytes on the wire of the latest packet
    };

    void DoAddFlow(const ControlledPath& path) override;
    void DoPacketSent(uint32_t flow, uint64_t wireBytes, Tick now) override;
    void DoPacketAcknowledged(uint32_t flow, const Acknowledgement& ack, Tick now) override;
    void DoPacketLost(uint32_t flow, Tick delay, Tick now) override;

    /** Make the window smaller, if the latest decrease is a round trip ago. */
    void Decrease(State& state, double factor, Tick roundTrip, Tick now) const;

    const SwiftParameters m_p;   //!< Parameters
    double m_fsAlpha{0};         //!< a
    double m_fsBeta{0};          //!< b
    std::vector<State> m_states; //!< By flow
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWIFT_H
