/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fuzz.h"
#include "trace/size-reader.h"

int
LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size)
{
    static const InputDirectory directory;
    const std::string file = directory.Write("sizes.txt", ToText(data, size));
    return TryInput([&file] {
        const ns3::mtlink::SizeDistribution sizes = ns3::mtlink::ReadSizes(file);
        for (const double share : {0.0, 0.5, 1.0})
        {
            if (sizes.GetQuantile(share) < 1 || !(sizes.GetMean() >= 1))
            {
                std::abort();
            }
        }
    });
}
