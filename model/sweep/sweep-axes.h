/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_AXES_H
#define MTLINK_SWEEP_AXES_H

#include "experiment/override.h"
#include "experiment/yaml.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * A key that is varied, and its values, at least one. */
using SweepAxis = std::vector<Setting>;

/**
 * @ingroup mtlink
 * What a sweep's file says of its points.
 */
struct SweepAxes
{
    std::vector<std::vector<Setting>> listed; //!< Points that are listed; one without settings
                                              //!< where none is
    std::vector<SweepAxis> grid;              //!< Each point is combined with all of it
    std::vector<SweepAxis> scenarios;         //!< Likewise, going fastest
    std::vector<std::string> designs;         //!< Keys of the workload that are no scenarios
    std::vector<uint32_t> seeds;              //!< Empty: each point's own
};

/**
 * @ingroup mtlink
 * What a sweep's file has under these keys; nullptr: nothing.
 */
struct SweepAxesNodes
{
    const YamlNode* grid{nullptr};      //!< Lists of values by key
    const YamlNode* points{nullptr};    //!< List of mappings
    const YamlNode* scenarios{nullptr}; //!< As the grid
    const YamlNode* designs{nullptr};   //!< List of keys
    const YamlNode* seeds{nullptr};     //!< List of whole numbers
};

/**
 * @ingroup mtlink
 * @param [in] nodes What the file has.
 * @return what it says.
 * @throws InputError for what can't be: values or keys that are there twice or not at all.
 */
SweepAxes ReadSweepAxes(const SweepAxesNodes& nodes);

/**
 * @ingroup mtlink
 * @param [in] axes What varies.
 * @param [in] most Runs that there may be.
 * @param [in] document Where there are too many: its place.
 * @return the settings of every point: each that is listed with every combination of grid and
 *         scenarios, the last key going fastest.
 * @throws InputError if there are too many.
 */
std::vector<std::vector<Setting>> CombineAxes(const SweepAxes& axes,
                                              std::size_t most,
                                              const YamlNode& document);

/**
 * @ingroup mtlink
 * @param [in] axes What varies.
 * @param [in] key A key of it.
 * @return whether it is what a design must stand: a key of the scenarios; or one that is the
 *         workload's and not called a design's, of the grid, or of listed points that have no
 *         others; or the seed.
 */
bool IsScenarioKey(const SweepAxes& axes, const std::string& key);

/**
 * @ingroup mtlink
 * @param [in] node A value.
 * @return it as one line of YAML, for a cell and for people.
 */
std::string WriteFlowText(const YamlNode& node);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWEEP_AXES_H
