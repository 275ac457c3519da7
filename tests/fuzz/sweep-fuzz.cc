/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fuzz.h"
#include "sweep/sweep.h"

using namespace ns3::mtlink;

int
LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size)
{
    static const InputDirectory directory;
    const std::string file = directory.Write("sweep.yaml", ToText(data, size));
    return TryInput([&] { LoadSweep(file); });
}
