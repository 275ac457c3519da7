/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/wide-kernels.h"

namespace ns3
{
namespace mtlink
{

double
GetWidePeak(const TrainingSpec& spec)
{
    if (spec.precision == "fp8")
    {
        for (const char* wide : {"bf16", "fp16"})
        {
            const auto peak = spec.device.peak.find(wide);
            if (peak != spec.device.peak.end())
            {
                return peak->second;
            }
        }
    }
    return spec.GetMatmulPeak();
}

KernelTimes
MakeWideKernels(const TrainingSpec& spec)
{
    const double peak = GetWidePeak(spec);
    return {spec.device, peak, peak};
}

} // namespace mtlink
} // namespace ns3
