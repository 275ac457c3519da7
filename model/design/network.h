/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_NETWORK_H
#define MTLINK_NETWORK_H

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Cables of one class.
 */
struct CableCount
{
    std::string cls;          //!< Link class, the key below `links:`
    uint64_t cables{0};       //!< How many
    bool isToEndpoint{false}; //!< One of its ends is an endpoint, not a switch
};

/**
 * @ingroup mtlink
 * What a network takes, counted in closed form.
 */
struct NetworkSize
{
    uint64_t places{0};             //!< Endpoints that it could attach
    uint64_t chips{0};              //!< Switch chips
    uint64_t ports{0};              //!< Most that one of them uses
    std::vector<CableCount> cables; //!< By class; none of them without cables

    /** @return all cables. */
    uint64_t CountCables() const;

    /** @return ports of all chips that have a cable. */
    uint64_t CountPorts() const;
};

/**
 * @ingroup mtlink
 * A network of equal switch chips that the product's topologies can build.
 */
struct Network
{
    std::string kind; //!< YAML kind
    /** The other keys of its fabric; values as YAML in one line. */
    std::vector<std::pair<std::string, std::string>> keys;
    uint64_t endpoints{0}; //!< Attached, at most NetworkSize::places
    double taper{1};       //!< Oversubscription asked for, a ratio; 1: none
    NetworkSize size;      //!< What it takes
};

/**
 * @ingroup mtlink
 * Why a network can't be built.
 */
struct NetworkRefusal
{
    std::string kind;   //!< YAML kind
    std::string what;   //!< Which networks, "2 levels, taper 1"
    std::string reason; //!< In words, with what would do
};

/**
 * @ingroup mtlink
 * What was found of one kind.
 */
struct NetworkList
{
    std::vector<Network> networks;        //!< Each once
    std::vector<NetworkRefusal> refusals; //!< What of the wishes gives none

    /**
     * Add a network unless the same is there.
     * @param [in] network The network.
     */
    void Add(Network network);
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_NETWORK_H
