/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CHAKRA_FILE_H
#define MTLINK_CHAKRA_FILE_H

#include "trace/trace-head.h"
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

/**
 * @file
 * @ingroup mtlink
 * A Chakra execution trace as it stands in files. Beside the format's own attributes these are
 * known, which WriteChakra() writes so that a replay is exact.
 */

/** Of metadata, true: ids count through all ranks' files, in the order in which what is ready at
 *  one instant starts. */
inline constexpr const char* CHAKRA_PROGRAM_ORDER = "mtlink_program_order";

/** Of a computation: picoseconds, in place of duration_micros. */
inline constexpr const char* CHAKRA_DURATION = "mtlink_duration_ps";

/** Of a computation, true: it runs beside all else of its rank. */
inline constexpr const char* CHAKRA_BESIDE = "mtlink_beside";

/** Of a collective: nccl-tests' size in bytes, in place of comm_size. */
inline constexpr const char* CHAKRA_SIZE = "mtlink_size";

/** Of a collective: by which algorithm it runs, where the workload names none. */
inline constexpr const char* CHAKRA_ALGORITHM = "mtlink_algorithm";

/** Of a collective: its name, where comm_type has no number for it but that of the nearest. */
inline constexpr const char* CHAKRA_COLLECTIVE = "mtlink_collective";

/** Of an all_to_allv, a list: bytes from this member to each. */
inline constexpr const char* CHAKRA_COUNTS = "mtlink_counts";

/** comm_type, by its number. */
inline constexpr const char* CHAKRA_COLLECTIVES[] = {
    "all_reduce",
    "reduce",
    "all_gather",
    "gather",
    "scatter",
    "broadcast",
    "all_to_all",
    "reduce_scatter",
    "reduce_scatter", // ..._BLOCK: with equal blocks
    "barrier"};

/** Collectives that comm_type has no number for, each with the nearest that it has. */
inline constexpr std::pair<const char*, const char*> CHAKRA_NEAREST[] = {
    {"all_to_allv", "all_to_all"},
    {"send_recv", "all_to_all"}};

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
    double work{0};                        //!< num_ops: operations of a kernel
    double touched{0};                     //!< tensor_size: bytes that it reads and writes
    bool isBeside{false};                  //!< mtlink_beside
    std::optional<Tick> exact;             //!< mtlink_duration_ps
    std::optional<uint64_t> size;          //!< mtlink_size
    const char* exactly{nullptr};          //!< mtlink_collective
    std::string algorithm;                 //!< mtlink_algorithm, or empty
    std::vector<uint64_t> counts;          //!< mtlink_counts
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
    std::string file;                   //!< Path
    std::vector<ChakraNode> nodes;      //!< In the file's order
    std::vector<uint32_t> dependencies; //!< Nodes, by index
    uint64_t missing{0};                //!< Dependencies on what is not in the file: done
    uint64_t callTree{0};               //!< Control dependencies that are callers, and no order
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
    std::map<std::string, std::vector<uint32_t>> groups; //!< Members, as far as known
    std::string groupFile;                               //!< A file that tells of them, or empty
    std::string stem;                                    //!< Path before ".RANK.et"
    std::string ending;                                  //!< ".et", ".json", packed or not; empty:
                                                         //!< the file's name has no rank
    bool isOrdered{true};                                //!< All say mtlink_program_order

    /**
     * @param [in] rank A rank.
     * @return the name that its file must have, without folder.
     */
    std::string NameOf(uint32_t rank) const;
};

/**
 * @ingroup mtlink
 * Read a rank's file and all others beside it. Every record is checked by itself: known types,
 * what it needs is there, ids are unique. A file whose name has no rank is rank 0's, alone.
 *
 * Nodes that were converted from PyTorch's records have in their control dependencies who called
 * them, which a caller's own end comes after; where these go round in a circle, and only there, a
 * rank's control dependencies are passed over, as Chakra's own feeder does, and counted.
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

/**
 * @ingroup mtlink
 * @param [in] head A file.
 * @return whether it is a Chakra trace in JSON, see OpenChakra().
 */
bool LooksLikeChakraJson(const TraceHead& head);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CHAKRA_FILE_H
