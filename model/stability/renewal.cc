/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "stability/renewal.h"

#include <cmath>

namespace ns3
{
namespace mtlink
{

double
GetRenewalInterval(double cost, double mttf)
{
    if (!std::isfinite(mttf))
    {
        return cost > 0 ? mttf : 0;
    }
    // With x = t/M: x + ln(1 - x) + w/M = 0; falls from w/M at 0 without end towards 1.
    const double share = cost / mttf;
    double low = 0;
    double high = 1;
    for (double middle = 0.5; low < middle && middle < high; middle = (low + high) / 2)
    {
        (middle + std::log1p(-middle) + share > 0 ? low : high) = middle;
    }
    return low * mttf;
}

double
GetRenewalEttr(const RenewalModel& model)
{
    if (!std::isfinite(model.mttf))
    {
        return std::isfinite(model.interval) ? model.interval / (model.interval + model.cost) : 1;
    }
    const double x = model.interval / model.mttf;
    return x * std::exp(-model.recovery / model.mttf) /
           std::expm1((model.interval + model.cost) / model.mttf);
}

double
GetYoungInterval(double cost, double mttf)
{
    return std::sqrt(2 * cost * mttf);
}

double
GetDalyInterval(double cost, double mttf)
{
    return GetYoungInterval(cost, mttf) - cost;
}

double
GetFirstOrderEttr(const RenewalModel& model)
{
    return 1 - model.cost / model.interval - (model.interval / 2 + model.recovery) / model.mttf;
}

double
GetMetaEttr(const RenewalModel& model)
{
    return (1 - (model.recovery + model.interval / 2) / model.mttf) /
           (1 + model.cost / model.interval);
}

} // namespace mtlink
} // namespace ns3
