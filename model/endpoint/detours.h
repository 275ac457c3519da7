/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DETOURS_H
#define MTLINK_DETOURS_H

#include <cstdint>
#include <limits>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** No group of ports. */
inline constexpr uint32_t NO_PORT_GROUP = std::numeric_limits<uint32_t>::max();

/**
 * @ingroup mtlink
 * A port by whose peer, an endpoint that forwards, packets may make a detour.
 */
struct DetourSpec
{
    uint32_t link{0};      //!< The port's link
    uint32_t endpoint{0};  //!< Whose it is
    uint32_t peer{0};      //!< Endpoint at its far end
    uint32_t tier{0};      //!< Ports of one endpoint and tier have the same peers
    uint8_t vcClass{0};    //!< Of a detour on it
    uint32_t threshold{0}; //!< Flits that may wait for the direct links beside
};

/**
 * @ingroup mtlink
 * What endpoints that forward for one another know beside: made only where the routing has detours
 * by way of endpoints.
 */
struct Detours
{
    /** A port. */
    struct Port
    {
        DetourSpec spec;                  //!< What it is
        uint32_t place{0};                //!< In portsOf
        uint64_t worth{0};                //!< Flits that it sends while a detour takes longer
        uint32_t forwards{NO_PORT_GROUP}; //!< Port group of what the endpoint forwards by it
        uint32_t forwardQueue{0};         //!< The queue in it
        uint32_t passed{0};               //!< Own packets sent since one to be forwarded waits
        uint32_t nextGroup{0};            //!< Whose turn it is to make a detour
    };

    std::vector<Port> ports;                    //!< By link
    std::vector<std::vector<uint32_t>> portsOf; //!< Their links by endpoint
    std::vector<uint32_t> nextPort;             //!< By endpoint: offered first, place in portsOf
    std::vector<std::vector<uint32_t>> offered; //!< Port groups by endpoint, each once
    /** Links that wait for one beyond their peer, by that link, which is down. */
    std::unordered_map<uint32_t, std::vector<uint32_t>> waitingFor;
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DETOURS_H
