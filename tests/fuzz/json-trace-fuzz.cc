/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace-fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size)
{
    return TryTrace("trace.json", data, size);
}
