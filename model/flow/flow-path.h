/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_FLOW_PATH_H
#define MTLINK_FLOW_FLOW_PATH_H

#include "flow/share-solver.h"
#include "link/wire.h"

#include "ns3/mtlink-tick.h"
#include "ns3/mtlink-transport.h"

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Packets that may be under way at once, and how long one takes until it makes room for the next.
 */
struct PacketLoop
{
    static constexpr uint64_t ANY = std::numeric_limits<uint64_t>::max(); //!< See packets

    uint64_t packets{ANY}; //!< At most so many; ANY: it does not bind
    Tick roundTrip{0};     //!< ps

    bool operator==(const PacketLoop&) const = default;
};

/**
 * @ingroup mtlink
 * What a way does to messages, wherever it leads: of thousands few differ.
 */
struct FlowManner
{
    uint32_t ports{1};              //!< Equal ports that take packets in turn
    uint32_t lane{0};               //!< VC that its hash chooses, among those of a class
    Tick latency{0};                //!< First bit out to first bit in, ps
    WireSpeed slowest{1, 1, 1.0};   //!< Of the slowest link
    uint32_t flit{1};               //!< Bytes of a flit there
    uint32_t header{0};             //!< Bytes of a packet's header there
    uint64_t storedFlitTime{0};     //!< Where packets are taken in whole: ps of a flit, times WHOLE
    uint64_t room{UINT64_MAX};      //!< Bytes that the least input buffers on the way hold
    PacketLoop credit;              //!< The tightest buffer on the way
    PacketLoop window;              //!< The source's window, over all ports
    bool roundsUp{true};            //!< Arrival to the nearest ps, not the last one that has passed
    bool isDrawn{false};            //!< Its links depend on how many packets were before
    Fidelity best{Fidelity::EXACT}; //!< What a message that is alone on it can be
    bool isEven{true};              //!< Who shares its links may be served alike

    bool operator==(const FlowManner&) const = default;
};

/**
 * @ingroup mtlink
 * The way of messages from one endpoint to another, and what it does to them.
 */
struct FlowPath : public FlowManner
{
    /** Packets that leave by one of the ports, or by several alike. */
    struct Part
    {
        uint32_t firstStep{0}; //!< Its first link in `steps`
        uint32_t steps{0};     //!< Their number
        int64_t most{0};       //!< Its rate, alone
    };

    std::vector<FlowStep> steps; //!< Of all parts
    std::vector<Part> parts;     //!< At least one
};

/**
 * @ingroup mtlink
 * A way that somebody keeps.
 */
struct FlowWay
{
    const FlowManner* manner{nullptr};     //!< What it does to messages
    std::span<const FlowStep> steps;       //!< Links of all parts
    std::span<const FlowPath::Part> parts; //!< At least one

    const FlowManner* operator->() const
    {
        return manner;
    }
};

/**
 * @ingroup mtlink
 * Who knows the ways through a fabric: what flows need of it.
 */
class FlowPaths
{
  public:
    virtual ~FlowPaths() = default;

    /** @return the number of endpoints. */
    virtual uint32_t GetEndpoints() const = 0;

    /**
     * Find the way of a message.
     * @param [in] message The message.
     * @return the way, until the next call.
     */
    virtual FlowWay Find(const Message& message) = 0;

    /**
     * Ask for what Find() will read; no result depends on it.
     * @param [in] message A message that is about to be sent.
     * @param [in] step From 0: each reads what the one before has asked for.
     * @return links of the way, in the last step, if it is at hand; else none.
     */
    virtual std::span<const FlowStep> Prefetch([[maybe_unused]] const Message& message,
                                               [[maybe_unused]] uint32_t step) const
    {
        return {};
    }

    /**
     * A message has begun on the way that was found last for it: the next of its source and
     * destination may have another.
     * @param [in] message The message.
     */
    virtual void Began(const Message& message) = 0;

    /** @return rates of all links that steps name so far, in ShareSolver::ONE; it may grow. */
    virtual std::span<const int64_t> GetCapacities() const = 0;

    /** @param [in] link A link of a step. @return first bit out on it to ... on the next, ps. */
    virtual Tick GetHop(uint32_t link) const = 0;

    /**
     * @param [in] link A link of a step.
     * @return whether flows that share it with equals, from as many inputs each, have equal shares
     *         of it.
     */
    virtual bool IsEven(uint32_t link) const = 0;
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_FLOW_PATH_H
