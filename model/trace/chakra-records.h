/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CHAKRA_RECORDS_H
#define MTLINK_CHAKRA_RECORDS_H

#include "chakra.pb.h"

#include "ns3/mtlink-error.h"

#include <memory>
#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The records of one rank's file of a Chakra trace, in whichever form it has.
 */
class ChakraRecords
{
  public:
    virtual ~ChakraRecords() = default;

    /** @return what stands before the nodes. @throws InputError if there is nothing at all. */
    virtual ::mtlink::chakra::GlobalMetadata ReadMetadata() = 0;

    /**
     * Read the next node.
     * @param [out] node The node.
     * @return whether there was one.
     * @throws InputError at record and byte.
     */
    virtual bool Next(::mtlink::chakra::Node& node) = 0;

    /** @return the record's number and first byte, both from 1. */
    virtual Where GetPlace() const = 0;

    /** @param [in] message What is wrong with the record. */
    [[noreturn]] void Refuse(const std::string& message) const
    {
        throw InputError(GetPlace(), message);
    }
};

/**
 * @ingroup mtlink
 * Open a file: records of protobuf with their length before them, or JSON as Chakra's tools write
 * it: each node an object, one after another, with protobuf's names in camel or snake case, or all
 * of them in a list `workload_graph` of ASTRA-sim's names (Id, Name, NodeType, runtime, ...).
 * @param [in] file The file; `.gz` is unpacked.
 * @return its records.
 */
std::unique_ptr<ChakraRecords> OpenChakra(const std::string& file);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CHAKRA_RECORDS_H
