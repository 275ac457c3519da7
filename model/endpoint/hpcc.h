/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_HPCC_H
#define MTLINK_HPCC_H

#include "endpoint/congestion-control.h"

#include "ns3/mtlink-congestion-profile.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * HPCC (Li et al., HPCC: High Precision Congestion Control, SIGCOMM 2019, Algorithm 1).
 *
 * T is the flow's idle round trip, W starts at the ports' rate x T, and packets are paced at W / T.
 * With each acknowledgement, u = max over its links of min(qlen, qlen before) / (B T) + txRate / B,
 * txRate the bytes that the link carried between this and the flow's latest acknowledgement over
 * it; tau the time between the two at the link of that maximum, at most T; U = (1 - tau / T) U +
 * tau / T u. If U >= eta or incStage >= maxStage, W = W_c / (U / eta) + W_AI, else W = W_c + W_AI.
 * With the first acknowledgement of a packet sent after W_c was set, W_c = W, and incStage = 0 or
 * incStage + 1. W is kept within [W_AI or a byte, rate x T].
 *
 * Where a flow takes several paths, what is compared is of the same link, not of the same hop.
 */
class Hpcc : public CongestionControl
{
  public:
    /** @param [in] parameters Parameters. */
    explicit Hpcc(const HpccParameters& parameters)
        : m_p(parameters)
    {
    }

    double GetRate(uint32_t flow, Tick now) override;
    double GetWindow(uint32_t flow) const override;

  private:
    /** State of a flow. */
    struct State
    {
        double window;                  //!< W, bytes on the wire
        double reference;               //!< W_c
        double utilisation{1};          //!< U
        uint32_t stage{0};              //!< incStage
        uint64_t updateAt{0};           //!< Packet whose acknowledgement sets W_c next
        std::vector<HopTelemetry> hops; //!< L: the latest of each link
    };

    void DoAddFlow(const ControlledPath& path) override;
    void DoPacketSent(uint32_t flow, uint64_t wireBytes, Tick now) override;
    void DoPacketAcknowledged(uint32_t flow, const Acknowledgement& ack, Tick now) override;

    /** Bring U up to date: MeasureInflight. */
    void Measure(State& state, double roundTrip, const std::vector<HopTelemetry>& hops) const;

    const HpccParameters m_p;    //!< Parameters
    std::vector<State> m_states; //!< By flow
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_HPCC_H
