/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/fabric-loader.h"
#include "fuzz.h"

using namespace ns3::mtlink;

int
LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size)
{
    return TryInput([&] {
        const YamlNode read = ParseYaml(ToText(data, size), {"fabric.yaml", ""});
        const FabricDescription fabric = DescribeFabric(ResolveFabric(read));
        // What was accepted is written, and accepted once more.
        const std::string written = WriteYaml(WriteFabric(fabric));
        try
        {
            DescribeFabric(ResolveFabric(ParseYaml(written, {"written.yaml", ""})));
        }
        catch (const InputError&)
        {
            std::abort();
        }
    });
}
