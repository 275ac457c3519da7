/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CHAKRA_FILE_H
#define MTLINK_CHAKRA_FILE_H

#include "workload/operation-graph.h"

#include "ns3/mtlink-error.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink What a Chakra node is; the numbers are the format's. */
enum class ChakraType : uint8_t
{
    METADATA = 1,
    MEMORY_LOAD = 2,
    MEMORY_STORE = 3,
    COMPUTE = 4,
    SEND = 5,
    RECEIVE = 6,
    COLLECTIVE = 7,
};

/**
 * @ingroup mtlink
 * One node of one rank.
 */
struct ChakraNode
{
    uint64_t id{0};                        //!< In its file
    uint64_t record{0};                    //!< Number of its record
    uint64_t byte{0};                      //!< First byte of its record, from 1
    Tick duration{0};                      //!< ps
    uint64_t bytes{0};                     //!< comm_size
    uint32_t src{NONE};                    //!< comm_src
    uint32_t dst{NONE};                    //!< comm_dst
    uint32_t tag{0};                       //!< comm_tag
    uint32_t group{NONE};                  //!< Index into ChakraTrace::groupNames; NONE: all
    const char* collective{nullptr};       //!< Name of comm_type; nullptr: none given
    ChakraType type{ChakraType::METADATA}; //!< What it is
    bool onHost{false};                    //!< is_cpu_op
    bool hasBytes{false};                  //!< comm_size is given
    bool hasWork{false};                   //!< num_ops or tensor_size is given
    uint32_t firstDependency{0};           //!< Into ChakraRank::dependencies
    uint32_t dependencies{0};              //!< How many
    std::string name;                      //!< For messages, cut short
};

/**
 * @ingroup mtlink
 * One rank's file.
 */
struct ChakraRank
{
    std::string file;                                   //!< Path
    std::vector<ChakraNode> nodes;                      //!< In the file's order
    std::vector<uint32_t> dependencies;                 //!< Nodes, by index; NONE: not in the file
    std::vector<std::pair<uint32_t, uint64_t>> missing; //!< Node, and the id that it depends on
};

/**
 * @ingroup mtlink
 * All ranks' files.
 */
struct ChakraTrace
{
    std::string version;                                 //!< Schema version, of the first file
    std::vector<ChakraRank> ranks;                       //!< By rank; one without file has no path
    std::vector<std::string> groupNames;                 //!< Process groups that nodes name
    std::map<std::string, std::vector<uint32_t>> groups; //!< Members that nodes tell of
    std::string stem;                                    //!< Path before ".RANK.et"
    std::string ending;                                  //!< ".et" or ".et.gz"

    /**
     * @param [in] rank A rank.
     * @return the name that its file must have, without folder.
     */
    std::string NameOf(uint32_t rank) const;
};

/**
 * @ingroup mtlink
 * Read a rank's file and all others beside it. Every record is checked by itself: known types,
 * what it needs is there, ids are unique.
 * @param [in] file One rank's file.
 * @return the trace, with holes where files are missing.
 * @throws InputError at file, record and byte.
 */
ChakraTrace LoadChakra(const std::string& file);

/**
 * @ingroup mtlink
 * @param [in] head A file's first bytes, unpacked.
 * @return whether they can begin a Chakra trace.
 */
bool LooksLikeChakra(std::string_view head);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CHAKRA_FILE_H
