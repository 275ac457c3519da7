/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DEVICE_READER_H
#define MTLINK_DEVICE_READER_H

#include "experiment/yaml.h"
#include "training/training-spec.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] node A device's mapping, its files put in.
 * @return the device.
 * @throws InputError for what is unknown or can't be.
 */
Device ReadDevice(const YamlNode& node);

/**
 * @ingroup mtlink
 * Read the kinds of cards of a mixed cluster, and which cards are of which: `stages`, `replicas` or
 * `ranks`, each a list of numbers, or how many of those that no kind before it has; the last kind
 * may have the rest.
 * @param [in] node The list `devices`, its files put in.
 * @param [in,out] spec The training, `parallel` read; gets kinds, of each rank too, and the first
 *        one's device.
 * @throws InputError for what is unknown or can't be, for cards of no kind and of two.
 */
void ReadDevices(const YamlNode& node, TrainingSpec& spec);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DEVICE_READER_H
