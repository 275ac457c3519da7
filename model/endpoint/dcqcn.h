/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DCQCN_H
#define MTLINK_DCQCN_H

#include "endpoint/congestion-control.h"

#include "ns3/mtlink-congestion-profile.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * DCQCN (Zhu et al., Congestion Control for Large-Scale RDMA Deployments, SIGCOMM 2015).
 *
 * A flow starts at its ports' rate. The receiver of a marked packet sends a notification, at most
 * one in `cnp_interval`. It makes R_T = R_C, R_C = R_C (1 - alpha / 2), alpha = (1 - g) alpha + g,
 * and starts all timers anew; alpha starts at 1. After each `alpha_timer` without one, alpha =
 * (1 - g) alpha. After each `rate_timer` (i_T of them since the last notification) and each
 * `byte_counter` bytes sent (i_B of them) the rate rises: if max(i_T, i_B) < F, R_C = (R_T + R_C) /
 * 2 (fast recovery); else if min(i_T, i_B) > F, R_T = R_T + R_HAI (hyper increase), else R_T =
 * R_T + R_AI (additive increase), and R_C likewise. Neither leaves [min_rate, the ports' rate].
 * Packets are paced at R_C; the window is not limited.
 */
class Dcqcn : public CongestionControl
{
  public:
    /** @param [in] parameters Parameters. */
    explicit Dcqcn(const DcqcnParameters& parameters)
        : m_p(parameters)
    {
    }

    double GetRate(uint32_t flow, Tick now) override;
    double GetWindow(uint32_t flow) const override;

  private:
    /** State of a flow. */
    struct State
    {
        double current;         //!< R_C
        double target;          //!< R_T
        double alpha{1};        //!< alpha
        Tick notified{-1};      //!< When the latest notification came; -1: never
        Tick alphaDue{NEVER};   //!< When alpha falls next
        Tick rateDue{NEVER};    //!< When the rate rises next
        uint32_t timerSteps{0}; //!< i_T
        uint32_t byteSteps{0};  //!< i_B
        uint64_t bytes{0};      //!< Since the latest step of them
    };

    void DoAddFlow(const ControlledPath& path) override;
    void DoPacketSent(uint32_t flow, uint64_t wireBytes, Tick now) override;
    void DoPacketAcknowledged(uint32_t flow, const Acknowledgement& ack, Tick now) override;

    /** Make happen what the timers did until now. */
    void RunTimers(uint32_t flow, Tick now);

    /** Raise the rate by a step. */
    void Rise(uint32_t flow);

    const DcqcnParameters m_p;   //!< Parameters
    std::vector<State> m_states; //!< By flow
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DCQCN_H
