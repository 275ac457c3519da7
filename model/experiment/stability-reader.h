/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_STABILITY_READER_H
#define MTLINK_STABILITY_READER_H

#include "experiment/experiment-keys.h"
#include "experiment/yaml.h"
#include "stability/stability-spec.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * `stability:` of an experiment.
 */
struct StabilityDescription
{
    StabilitySpec spec; //!< What is asked for
    YamlNode node;      //!< The mapping, for messages

    /**
     * Refuse it at the place of a key.
     * @param [in] path The key, as "checkpoint.to"; where it is not given, the nearest that is.
     * @param [in] message What is wrong, and what would be right.
     */
    [[noreturn]] void Refuse(const std::string& path, const std::string& message) const;
};

/**
 * @ingroup mtlink
 * Read `stability:`.
 * @param [in] node Its mapping.
 * @param [in] endpoints Number of endpoints of the fabric.
 * @return it.
 * @throws InputError for what is unknown or can't be.
 */
StabilityDescription ReadStabilitySection(const YamlNode& node, uint32_t endpoints);

/**
 * @ingroup mtlink
 * Write it back with everything resolved.
 * @param [in] description It.
 * @param [in] seed The experiment's, taken where it has none of its own.
 * @return a mapping that ReadStabilitySection() reads to the same.
 */
YamlNode WriteStabilitySection(const StabilityDescription& description, uint32_t seed);

/** @return the units of its times beyond the simulator's, which may have blanks before them. */
std::vector<std::string> GetLongTimeUnits();

/** @return its keys, for GetExperimentKeys(): sections "stability", "stability.checkpoint", ... */
const std::vector<ExperimentKey>& GetStabilityKeys();

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_STABILITY_READER_H
