/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/kernel-times.h"

#include "engine/time-limit.h"

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double PICOSECONDS = 1e12; //!< In a second

} // namespace

KernelTimes::KernelTimes(const Device& device, double peak, double attentionPeak)
    : m_device(device),
      m_peak(peak),
      m_attentionPeak(attentionPeak)
{
}

Work
KernelTimes::Launch(double seconds) const
{
    return seconds > 0 ? Work{RoundToTicks(seconds * PICOSECONDS), m_device.launch} : Work{};
}

Work
KernelTimes::Matmul(double rows, double inner, double columns, double count) const
{
    const double flops = 2 * rows * inner * columns;
    if (flops <= 0)
    {
        return {};
    }
    const double gflop = flops * 1e-9;
    const double efficiency = m_device.matmulEfficiency * gflop / (gflop + m_device.halfGflop);
    return Launch(count * flops / (m_peak * efficiency));
}

Work
KernelTimes::Memory(double bytes) const
{
    return Launch(bytes / (m_device.memoryRate * m_device.memoryEfficiency));
}

Work
KernelTimes::FusedForward(double flops) const
{
    return Launch(flops / (m_attentionPeak * m_device.attentionForward));
}

Work
KernelTimes::FusedBackward(double flops) const
{
    return Launch(2 * flops / (m_attentionPeak * m_device.attentionBackward));
}

Work
KernelTimes::BatchedMatmul(double flops) const
{
    return Launch(flops / (m_attentionPeak * m_device.attentionUnfused));
}

} // namespace mtlink
} // namespace ns3
