/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/experiment.h"
#include "experiment/yaml.h"
#include "fuzz.h"

using namespace ns3::mtlink;

int
LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size)
{
    return TryInput([&] {
        ReadExperiment(ParseYaml(ToText(data, size), {"experiment.yaml", ""}), "experiment");
    });
}
