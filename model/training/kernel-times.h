/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_KERNEL_TIMES_H
#define MTLINK_KERNEL_TIMES_H

#include "engine/time-limit.h"
#include "training/device.h"

#include "ns3/mtlink-tick.h"

namespace ns3
{
namespace mtlink
{

/** What kernels take: ps of the card, and of the host that launches them. */
struct Work
{
    Tick kernel{0}; //!< Of the card
    Tick host{0};   //!< Of the host, before

    /** Do more. @param [in] more What. */
    Work& operator+=(const Work& more)
    {
        kernel = AddTicks(kernel, more.kernel); // beyond all time: refused where it is to happen
        host = AddTicks(host, more.host);
        return *this;
    }
};

/** @return work after work. */
inline Work
operator+(Work first, const Work& second)
{
    return first += second;
}

/**
 * @ingroup mtlink
 * The time of kernels on a card.
 *
 * A matrix product of g GFLOP reaches `efficiency x g / (g + half)` of the peak: small ones do not
 * fill the card (the shape of the published tables of Calculon and SimuMax; it was fitted on two
 * rows of published iterations, see validation). What is bound by memory takes its bytes over
 * `rate x efficiency`. Each kernel takes the host's launch beside that.
 */
class KernelTimes
{
  public:
    /**
     * @param [in] device The card; must outlive this.
     * @param [in] peak FLOP/s of linear layers.
     * @param [in] attentionPeak FLOP/s of attention.
     */
    KernelTimes(const Device& device, double peak, double attentionPeak);

    /**
     * Products of [rows, inner] with [inner, columns], one after another.
     * @param [in] rows Rows.
     * @param [in] inner Inner dimension.
     * @param [in] columns Columns.
     * @param [in] count How many; launched as one kernel.
     * @return their work.
     */
    Work Matmul(double rows, double inner, double columns, double count = 1) const;

    /** @return a kernel bound by memory. @param [in] bytes What it reads and writes. */
    Work Memory(double bytes) const;

    /** @return fused attention, forward. @param [in] flops Without causal discount. */
    Work FusedForward(double flops) const;

    /** @return fused attention, backward. @param [in] flops Of forward. */
    Work FusedBackward(double flops) const;

    /** @return one of unfused attention's batched products. @param [in] flops Its operations. */
    Work BatchedMatmul(double flops) const;

  private:
    /** @return a kernel. @param [in] seconds How long. */
    Work Launch(double seconds) const;

    const Device& m_device; //!< The card
    double m_peak;          //!< FLOP/s of linear layers
    double m_attentionPeak; //!< FLOP/s of attention
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_KERNEL_TIMES_H
