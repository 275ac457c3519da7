/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EMULATION_RESULT_H
#define MTLINK_EMULATION_RESULT_H

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * `emulation` in summary.json: real hosts on the fabric, and how late it was.
 */
struct EmulationResult
{
    uint64_t hosts{0};     //!< Real hosts
    uint64_t frames{0};    //!< Frames that they sent
    uint64_t bytes{0};     //!< Their bytes, Ethernet headers included
    uint64_t given{0};     //!< Frames that they were given
    uint64_t refused{0};   //!< Frames that the fabric did not take: link down, too long
    uint64_t unwritten{0}; //!< Frames that a host did not take
    uint64_t lost{0};      //!< Frames that faults took
    double scale{1};       //!< The fabric's time went so much slower than the clock
    double wallSeconds{0}; //!< How long it ran, by the clock
    double lagMeanUs{0}; //!< By how much events came late, by the clock, looked at each millisecond
    double lagP99Us{0};  //!< ..., 99th percentile
    double lagP999Us{0}; //!< ..., 99.9th percentile
    double lagMaxUs{0};  //!< ..., largest
    double limitUs{0};   //!< A lag beyond this is a loss of real time
    bool held{true};     //!< Real time was held: in 99.9 % of the milliseconds
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EMULATION_RESULT_H
