/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_WIDE_KERNELS_H
#define MTLINK_WIDE_KERNELS_H

#include "training/kernel-times.h"
#include "training/training-spec.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] spec The training.
 * @return FLOP/s of what stays in 16 bit where linear layers are in fp8: attention, the output
 *         layer, the router of experts (DeepSeek-V3, arXiv 2412.19437, section 3.3.1; in
 *         Megatron-Core these two are no layers of Transformer Engine). On a card without a peak
 *         for 16 bit, and in other precisions, that of linear layers.
 */
double GetWidePeak(const TrainingSpec& spec);

/** @return times of kernels that stay in 16 bit. @param [in] spec The training; must outlive it. */
KernelTimes MakeWideKernels(const TrainingSpec& spec);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_WIDE_KERNELS_H
