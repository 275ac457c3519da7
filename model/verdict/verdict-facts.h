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
    };

    Kind kind{ALGORITHM};  //!< It
    std::string change;    //!< What to write after --set
    std::string mode;      //!< In which it was simulated
    double timeNs{0};      //!< That the workload took
    double unchangedNs{0}; //!< That it takes in that mode as it is
};

/**
 * @ingroup mtlink
 * What a verdict needs to know beside the results.
 */
struct VerdictFacts
{
    std::optional<VerdictChain> chain; //!< Nothing: not all messages are known
    std::string workloadKey;           //!< Of the first workload in the input: "workload"
    std::vector<VerdictTrial> trials;  //!< In order of trying
    double windowPs{0};                //!< In which open-loop traffic is measured; 0: there is none
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_VERDICT_FACTS_H
