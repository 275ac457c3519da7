/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_STORE_READER_H
#define MTLINK_STORE_READER_H

#include "experiment/yaml.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Endpoints of a fabric that keep data.
 */
struct StoreDescription
{
    std::vector<uint32_t> endpoints; //!< Which; each once
    double rate{0};                  //!< Bytes per second that each of them reads or writes
};

/**
 * @ingroup mtlink
 * Read a store, {endpoints: [8, 9], rate: 2GBps}.
 * @param [in] node Its mapping.
 * @param [in] section The section of its keys, for messages.
 * @param [in] endpoints Number of endpoints of the fabric.
 * @return it.
 * @throws InputError for what is unknown or can't be.
 */
StoreDescription ReadStore(const YamlNode& node, const std::string& section, uint32_t endpoints);

/** @return a rate above 0, bytes per second. @param [in] node As 25GBps. */
double ReadByteRate(const YamlNode& node);

/**
 * @ingroup mtlink
 * Refuse endpoints that can't be a store.
 * @param [in] node A store's mapping.
 * @param [in] endpoints Number of endpoints of the fabric.
 * @param [in] cards Endpoints that are cards.
 * @throws InputError at the place of the one that can't.
 */
void CheckStoreEndpoints(const YamlNode& node,
                         uint32_t endpoints,
                         const std::vector<uint32_t>& cards);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_STORE_READER_H
