/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/auto-choice.h"

#include "workload/collective/collective-kind.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t KIB = 1024;             //!< Bytes
constexpr double PICOSECONDS_PER_S = 1e12; //!< In a second

/** @return the algorithm by the table in collective.h, which knows of no network that computes. */
std::string
Choose(const CollectiveSpec& spec, const Placement& placement)
{
    const CollectiveKind& kind = GetCollectiveKind(spec.name);
    const auto n = static_cast<uint64_t>(spec.ranks.size());
    const uint64_t share = spec.bytes / n;
    const bool near = placement.IsOneHop();
    const bool nodes =
        placement.GetNodes().size() > 1 && placement.IsEven() && placement.GetNodes()[0].size() > 1;
    const bool byNodes = !near && nodes && spec.bytes > 64 * KIB;
    const bool tiny = !near && share <= KIB && n >= 8;
    switch (kind.payload)
    {
    case Payload::NOTHING:
        return "dissemination";
    case Payload::WHOLE:
        if (kind.receivers == Members::NEXT)
        {
            return "direct";
        }
        if (kind.HasRoot())
        {
            const bool parts = near && n > 2 && spec.bytes > 32 * KIB;
            return parts ? "two_shot" : spec.bytes <= 16 * KIB ? "binomial" : "tree";
        }
        if (near)
        {
            return n <= 2 || (n - 1) * spec.bytes <= 256 * KIB ? "direct" : "two_shot";
        }
        if (byNodes || spec.bytes <= 16 * KIB)
        {
            return byNodes ? "hierarchical" : "doubling";
        }
        return share < 64 * KIB ? "halving_doubling" : "ring";
    case Payload::SENDERS_SHARE:
    case Payload::RECEIVERS_SHARE:
        if (kind.HasRoot())
        {
            return tiny ? "binomial" : "direct";
        }
        if (near || byNodes)
        {
            return near ? "direct" : "hierarchical";
        }
        return share >= 64 * KIB ? "ring" : kind.reduces ? "halving_doubling" : "bruck";
    case Payload::SHARE_OF_EACH:
        return tiny ? "bruck" : "direct";
    case Payload::COUNTS:
        break;
    }
    return "direct";
}

/**
 * Rounds of messages, one after another, and the bytes that a member must send or receive in
 * them: what an algorithm of the table takes at least.
 */
struct LeastWork
{
    double rounds{0};  //!< Latencies and overheads that follow one another
    double sent{0};    //!< Bytes over all links of some endpoint, one direction
    double reduced{0}; //!< Bytes that some member reduces itself
};

/** @return messages one after another to the deepest of n members of a binomial tree. */
uint32_t
GetBinomialDepth(uint32_t n)
{
    int depth = 0;
    for (uint32_t member = 1; member < n; ++member)
    {
        depth = std::max(depth, std::popcount(member));
    }
    return static_cast<uint32_t>(depth);
}

/** @return the least work of a collective of whole buffers by an algorithm of the table. */
LeastWork
GetLeastWork(const CollectiveSpec& spec, const std::string& algorithm)
{
    const CollectiveKind& kind = GetCollectiveKind(spec.name);
    const auto n = static_cast<double>(spec.ranks.size());
    const auto bytes = static_cast<double>(spec.bytes);
    const double log = std::bit_width(spec.ranks.size() - 1); // rounded up
    const double shares = bytes * (n - 1) / n;
    const double once = kind.reduces ? 1 : 0;
    if (kind.HasRoot())
    {
        if (algorithm == "two_shot")
        {
            return {2, 2 * shares, once * shares};
        }
        // By a tree: a leaf is so deep, and a whole buffer goes over each link on its way.
        const double depth = GetBinomialDepth(static_cast<uint32_t>(spec.ranks.size()));
        return algorithm == "binomial" ? LeastWork{depth, depth * bytes, once * bytes}
                                       : LeastWork{log - 1, bytes, once * bytes};
    }
    if (algorithm == "direct")
    {
        return {1, (n - 1) * bytes, (n - 1) * bytes};
    }
    if (algorithm == "two_shot")
    {
        return {2, 2 * shares, shares};
    }
    if (algorithm == "doubling")
    {
        return {log, log * bytes, log * bytes};
    }
    return {algorithm == "halving_doubling" ? 2 * log
            : algorithm == "ring"           ? 2 * (n - 1)
                                            : 2, // by nodes: of any
            2 * shares,
            shares};
}

/** @return the time that an algorithm of the table takes at least, ps. */
double
GetLeastTime(const CollectiveSpec& spec, const FabricHints& hints, const std::string& algorithm)
{
    const LeastWork work = GetLeastWork(spec, algorithm);
    const auto endpoint = [&](std::size_t member) { return spec.endpoints[spec.ranks[member]]; };
    Tick latency = NEVER;
    for (std::size_t member = 1; member < spec.ranks.size(); ++member)
    {
        latency = std::min(latency, hints.latency(endpoint(member - 1), endpoint(member)));
    }
    const auto perByte = [](double rate) { return rate > 0 ? PICOSECONDS_PER_S / rate : 0; };
    return work.rounds * static_cast<double>(latency + hints.messageOverhead) +
           work.sent * hints.wireFactor * perByte(hints.endpointBytesPerSecond) +
           work.reduced * perByte(hints.reductionBytesPerSecond);
}

/** @return the time by the network, ps; nothing: it can't, or that is not known. */
std::optional<Tick>
GetNetworkTime(const CollectiveSpec& spec, const FabricHints& hints)
{
    const CollectiveKind& kind = GetCollectiveKind(spec.name);
    const bool isWhole = kind.payload == Payload::WHOLE && kind.receivers != Members::NEXT;
    if (!hints.groupTime || !hints.latency || !isWhole || spec.chunk > 0 || spec.bytes == 0 ||
        spec.ranks.size() < 2)
    {
        return std::nullopt;
    }
    std::vector<uint32_t> members;
    for (const uint32_t rank : spec.ranks)
    {
        members.push_back(spec.endpoints[rank]);
    }
    GroupMessage message;
    message.action = kind.IsAllToAll() ? GroupAction::ALL_REDUCE
                     : kind.reduces    ? GroupAction::REDUCE
                                       : GroupAction::MULTICAST;
    message.root = spec.root;
    message.bytes = spec.bytes;
    return hints.groupTime(members, spec.channels, message);
}

} // namespace

std::string
ChooseAlgorithm(const CollectiveSpec& spec, const Placement& placement, const FabricHints& hints)
{
    std::string algorithm = Choose(spec, placement);
    const std::optional<Tick> network = GetNetworkTime(spec, hints);
    return network && static_cast<double>(*network + hints.messageOverhead) <
                          GetLeastTime(spec, hints, algorithm)
               ? "in_network"
               : algorithm;
}

} // namespace mtlink
} // namespace ns3
