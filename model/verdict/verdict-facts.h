/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_VERDICT_FACTS_H
#define MTLINK_VERDICT_FACTS_H

#include "ns3/mtlink-results.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A run with something changed, simulated without packets to see what it would be worth.
 */
struct VerdictTrial
{
    /** What was changed. */
    enum Kind : uint8_t
    {
        ALGORITHM, //!< The collective's algorithm
        SPREAD,    //!< Packets go over equal links one by one
        SEED,      //!< Another seed
        TAPER,     //!< No taper
    };

    Kind kind{ALGORITHM};                  //!< It
    std::string change;                    //!< What to write after --set
    std::string mode;                      //!< In which it was simulated
    double timeNs{0};                      //!< That the workload took
    double unchangedNs{0};                 //!< That it takes in that mode as it is
    std::vector<double> jobsNs{};          //!< Of it, each workload
    std::vector<double> unchangedJobsNs{}; //!< Likewise, as it is
};

/**
 * @ingroup mtlink
 * One of several workloads, simulated without packets: with the others, and without them.
 */
struct VerdictJob
{
    std::string name;        //!< Of the workload
    double aloneNs{0};       //!< That it takes alone
    double togetherNs{0};    //!< With the others
    uint64_t sharedLinks{0}; //!< Links that it uses, and another one, too
    std::string sharedClass; //!< Class of most of these
};

/**
 * @ingroup mtlink
 * Messages of which no more was under way than the endpoint's window lets.
 */
struct VerdictWindow
{
    uint32_t src{0};              //!< Source of the longest of them
    uint32_t dst{0};              //!< Its destination
    uint64_t bytes{0};            //!< The window
    Tick roundTrip{0};            //!< From a packet's first bit to its acknowledgement, ps
    double bytesPerSecond{0};     //!< That the window lets through
    double idleBytesPerSecond{0}; //!< That the way would
};

/**
 * @ingroup mtlink
 * Cards of a training that differ by chance.
 */
struct VerdictStragglers
{
    uint64_t cards{0}; //!< All
    uint64_t slow{0};  //!< Of them, slower than the nominal
    double most{1};    //!< Times that the slowest takes longer
};

/**
 * @ingroup mtlink
 * What a verdict needs to know beside the results.
 */
struct VerdictFacts
{
    std::optional<VerdictChain> chain;           //!< Nothing: not all messages are known
    std::string workloadKey;                     //!< Of the first workload in the input: "workload"
    std::vector<VerdictTrial> trials;            //!< In order of trying
    uint64_t untried{0};                         //!< Algorithms that there was no time to try
    std::vector<VerdictJob> jobs;                //!< Of several workloads; empty: not simulated
    std::string jobsMode;                        //!< In which they were
    std::optional<VerdictWindow> window;         //!< Nothing: windows held nobody up
    std::optional<VerdictStragglers> stragglers; //!< Nothing: no cards differ by chance
    double windowNs{0}; //!< In which open-loop traffic is measured; 0: there is none
    double warmupNs{0}; //!< Before it
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_VERDICT_FACTS_H
