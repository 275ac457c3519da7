/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace-fuzz.h"
#include "trace/nccl-tests-reader.h"

int
LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size)
{
    static const InputDirectory directory;
    const std::string file = directory.Write("tests.txt", ToText(data, size));
    TryInput([&file] { ns3::mtlink::ReadNcclTests(file); });
    return TryTrace("trace.log", data, size);
}
