/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TRAFFIC_H
#define MTLINK_TRAFFIC_H

#include "engine/event-channel.h"
#include "workload/size-distribution.h"

#include "ns3/mtlink-transport.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Open-loop traffic, the YAML mapping `workload: {traffic: ...}`. Patterns are those of Dally and
 * Towles, "Principles and Practices of Interconnection Networks", 2004, chapter 3,
 * over the endpoints that take part, numbered 0 to N - 1 in the order given; i sends to
 *
 * | pattern | destination of i |
 * |---|---|
 * | uniform | each message to any other, all alike likely; with targets, to one of them, all alike
 * likely, and the targets do not send: the two sides of a switch of N inputs and N outputs |
 * | permutation | shift k > 0: i + k mod N; else one drawn at the start, all permutations in which
 * nobody sends to itself alike likely | | tornado | i + ceil(N/2) - 1 mod N, N at least 3 | |
 * bit_complement | all bits of i turned; N a power of two | | bit_reverse | bits of i in reverse
 * order; N a power of two | | transpose | the two halves of i's bits exchanged; N a power of four |
 * | hotspot | with probability `fraction` one of the targets, all alike likely, else as uniform |
 * | incast | one of the targets, all alike likely; the targets do not send |
 * | group_adversarial | any of the next group of `group` endpoints in a row, the last group's next
 * being the first |
 *
 * Whom a pattern gives itself as destination does not send. `load` is the fraction of an
 * endpoint's rate that its messages take with all overheads: a source sends load x rate /
 * (packet x wireFactor) messages a second on average. Arrivals: `poisson`, exponential gaps;
 * `bernoulli`, in each slot a message with equal probability, slots aligned at the start;
 * `constant`, equal gaps from a random phase on.
 */
struct TrafficSpec
{
    std::string pattern; //!< See above
    double load{0};      //!< Fraction of an endpoint's rate, above 0, at most 1, of those that send
    uint64_t packet{256};            //!< Payload of each message, bytes; of `sizes` the mean
    SizeDistribution sizes;          //!< Payloads are drawn from it; empty: all are `packet`
    std::string arrivals{"poisson"}; //!< bernoulli, poisson, constant
    Tick warmup{0};                  //!< Not measured
    Tick measure{0};                 //!< Measured window after the warm-up; sources stop at its end
    uint32_t shift{0};               //!< permutation: by k; 0: a random one
    std::vector<uint32_t> targets;   //!< uniform, hotspot, incast: endpoints aimed at
    double fraction{0};              //!< hotspot: share of traffic aimed at the targets
    uint32_t group{0};               //!< group_adversarial: endpoints per group
    uint8_t trafficClass{0};         //!< Of all messages
    std::vector<uint32_t> endpoints; //!< Who takes part
    std::vector<double> bytesPerSecond; //!< Rate of each of them, on which load is based
    double wireFactor{1};               //!< Wire bytes over payload bytes of such a packet
    Tick slot{0};                       //!< bernoulli: slot length, one packet's time on the wire
};

/**
 * @ingroup mtlink
 * Sources of open-loop traffic on all endpoints taking part.
 */
class TrafficSource : public EventHandler, public MessageClient
{
  public:
    /**
     * @param [in] spec What to send; checked, ParameterError.
     * @param [in] transport Who carries it.
     * @param [in] seed The run's seed.
     * @param [in] firstStream First random stream to use; one per endpoint.
     */
    TrafficSource(TrafficSpec spec, Transport& transport, uint32_t seed, uint64_t firstStream);
    ~TrafficSource() override;

    /**
     * Start the sources.
     * @param [in] at When the warm-up begins.
     */
    void Start(Tick at);

    /** @return start and end of the measured window. */
    std::pair<Tick, Tick> GetWindow() const;

    /** @return payload bytes created in the window. */
    uint64_t GetOfferedBytes() const;

    /** @return payload bytes delivered in the window. */
    uint64_t GetAcceptedBytes() const;

    /** @return offered bytes in the window, on the wire, as a fraction of the sources' rate. */
    double GetOfferedLoad() const;

    /** @return delivered bytes in the window, on the wire, as a fraction of the sources' rate. */
    double GetAcceptedLoad() const;

    /** @return rate of all endpoints that send, bytes/s. */
    double GetSenderRate() const;

    /**
     * @return whether the window is over and all messages created in it are delivered, or lost to
     *         a fault.
     */
    bool IsComplete() const;

    void OnEvent(uint64_t word) override;
    void MessageSent(uint64_t cookie) override;
    void MessageDelivered(uint64_t cookie) override;
    void MessageLost(uint64_t cookie) override;

  private:
    struct Impl;                  //!< State; see the .cc
    std::unique_ptr<Impl> m_impl; //!< Hidden
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TRAFFIC_H
