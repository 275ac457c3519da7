/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_STABILITY_SPEC_H
#define MTLINK_STABILITY_SPEC_H

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{
namespace mtlink
{

inline constexpr double SECONDS_OF_DAY = 86400; //!< In a day

/** Where a checkpoint is kept. */
enum class CheckpointTarget : uint8_t
{
    NEIGHBOUR, //!< In the same card of the next node, over the fabric
    HOST,      //!< In the memory of the card's own host
    STORE,     //!< In endpoints of the fabric that are none of the job's
};

/** Names as in YAML, by CheckpointTarget. */
inline constexpr std::array<const char*, 3> CHECKPOINT_TARGET_NAMES{"neighbour", "host", "store"};

/** What a link that fails does to the job. */
enum class LinkEffect : uint8_t
{
    DOWN,     //!< It is down: the iteration is simulated without it
    DEGRADED, //!< It loses lanes: likewise
    STOP,     //!< The job stops
    SLOW,     //!< The iteration takes so many times longer
};

/** What links do that fail. */
struct LinkFailures
{
    double rate{0};                      //!< Of one cable, per day
    LinkEffect effect{LinkEffect::DOWN}; //!< To the job
    uint32_t lanes{0};                   //!< DEGRADED: that stay up
    double slowdown{1};                  //!< SLOW: times that an iteration takes longer
    double repair{3600};                 //!< Seconds until it is mended
};

/** What takes several nodes at once: a leaf switch, a rack's power. */
struct GroupFailures
{
    double rate{0};    //!< Of one group, per day
    uint32_t nodes{2}; //!< Of a group, in order of number
};

/** When, where and how checkpoints are taken. */
struct CheckpointSpec
{
    std::optional<double> bytes; //!< Of a card; nothing: from the training's memory plan
    CheckpointTarget to{CheckpointTarget::NEIGHBOUR}; //!< Where they are kept
    std::optional<double> every;    //!< Seconds of work; nothing: the best for what fails
    std::optional<double> blocking; //!< Seconds that training stands still; nothing: the whole copy
    double hostRate{0};             //!< HOST: bytes per second of a card to its host
    std::vector<uint32_t> store;    //!< STORE: its endpoints
    double storeRate{0};            //!< STORE: bytes per second of each of them
};

/** Units that wait to take the place of those that fail. */
struct SpareSpec
{
    bool isUnlimited{true}; //!< As many as are wanted
    double share{0};        //!< Else: of the units that work, rounded up
    uint64_t count{0};      //!< ... or a number, where the share is 0
};

/**
 * @ingroup mtlink
 * A job over days, as asked for. Times in seconds.
 */
struct StabilitySpec
{
    double cardRate{0};              //!< Failures of one card, per day
    double nodeRate{0};              //!< Of one node but for its cards and links, per day
    LinkFailures link;               //!< Of cables
    GroupFailures group;             //!< Of nodes together
    CheckpointSpec checkpoint;       //!< Checkpoints
    double detect{60};               //!< From a failure to its being known
    double restart{120};             //!< From then, with units to run on, to reading back
    double repair{SECONDS_OF_DAY};   //!< From detection until an exchanged unit is a spare
    SpareSpec spare;                 //!< Units that wait
    double run{30 * SECONDS_OF_DAY}; //!< How long it is watched
    std::optional<uint32_t> seed;    //!< Of the failures; nothing: the experiment's
    uint32_t cardsPerNode{0};        //!< 0: the fabric's
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_STABILITY_SPEC_H
