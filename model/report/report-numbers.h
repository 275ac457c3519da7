/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REPORT_NUMBERS_H
#define MTLINK_REPORT_NUMBERS_H

#include "measure/json-writer.h"

#include <cmath>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] value A value.
 * @param [in] scale How many steps one has.
 * @return the value in whole steps.
 */
inline int64_t
InSteps(double value, double scale)
{
    return std::isfinite(value) ? std::llround(value * scale) : 0;
}

/**
 * @ingroup mtlink
 * Write values in whole steps, up to the last that is not 0.
 * @param [in] values The values.
 * @param [in] scale How many steps one has.
 * @param [in,out] json Gets an array.
 */
inline void
WriteTrimmed(const std::vector<double>& values, double scale, JsonWriter& json)
{
    size_t size = values.size();
    while (size > 0 && InSteps(values[size - 1], scale) == 0)
    {
        --size;
    }
    json.BeginArray();
    for (size_t i = 0; i < size; ++i)
    {
        json.Integer(InSteps(values[i], scale));
    }
    json.EndArray();
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REPORT_NUMBERS_H
