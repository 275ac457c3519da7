/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PACKET_PARTS_H
#define MTLINK_PACKET_PARTS_H

#include "endpoint/deliveries.h"
#include "endpoint/pair-state.h"
#include "link/links.h"
#include "transport/private-parts.h"

#include "ns3/mtlink-routing.h"
#include "ns3/mtlink-topology.h"
#include "ns3/traced-callback.h"

#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Private parts in packets: groups of endpoints, each wired straight to all others by links that
 * know no retry. Then the state of a part is, of each pair, the port that is asked first, and the
 * credits and windows on their way back.
 */
class PacketParts : public PrivateParts
{
  public:
    /** The trace PacketDelivered; see MtlinkFabric. */
    using DeliveredTrace = TracedCallback<Time, Time, uint32_t, uint32_t, uint32_t>;

    /** What the parts are of; all must outlive them. */
    struct Fabric
    {
        EventClock& clock;         //!< The clock
        const Topology& topology;  //!< The graph
        const Routing& routing;    //!< The routes
        Links& links;              //!< The wires
        PairState& pairs;          //!< What endpoints remember of one another
        Deliveries& deliveries;    //!< What comes in
        DeliveredTrace& delivered; //!< Tells of each packet
    };

    /** @param [in] fabric The fabric. */
    explicit PacketParts(const Fabric& fabric);
    ~PacketParts() override;

    uint32_t OpenPart(std::span<const uint32_t> members) override;
    uint32_t GetKind(uint32_t part) const override;
    bool Observe(uint32_t part, PartState& state) override;
    void BeginRecord(uint32_t part) override;
    std::shared_ptr<const PartRecord> EndRecord(uint32_t part) override;
    Fidelity Repeat(uint32_t part, const std::shared_ptr<const PartRecord>& record) override;

    /** Count what was repeated, in links and endpoints; before anybody looks at their counters. */
    void Count();

    /** @return packet-hops of what was repeated and not counted yet. */
    uint64_t GetUncountedHops() const
    {
        return m_uncountedHops;
    }

    /** @return payload bytes delivered by what was repeated so far. */
    uint64_t GetRepeatedBytes() const
    {
        return m_repeatedBytes;
    }

  private:
    /** One endpoint's way to another. */
    struct Pair
    {
        std::pair<uint32_t, uint32_t> ends; //!< The endpoints
        uint32_t queue;                     //!< In which messages wait
        std::span<const uint32_t> links;    //!< Equal ports
    };

    struct Record;

    /** A part. */
    struct Part
    {
        uint32_t kind;                     //!< Its kind
        std::vector<Pair> pairs;           //!< By source, then destination, in order of members
        std::unique_ptr<Record> recording; //!< What it does, while it is watched
        /** What was repeated and not counted yet. */
        std::vector<std::pair<std::shared_ptr<const Record>, uint64_t>> repeated;
    };

    /** A packet is in. */
    void NoteDelivery(Time created, Time injected, uint32_t src, uint32_t dst, uint32_t payload);

    Fabric m_fabric;                                  //!< Of what
    std::vector<Part> m_parts;                        //!< By number
    std::map<std::vector<int64_t>, uint32_t> m_kinds; //!< By what tells them apart
    std::vector<uint32_t> m_watched;                  //!< By endpoint: the part that is watched
    uint32_t m_watches{0};                            //!< Parts that are
    Tick m_latestReturn{0};                           //!< Of what Observe() has seen
    uint64_t m_uncountedHops{0};                      //!< See GetUncountedHops()
    uint64_t m_repeatedBytes{0};                      //!< See GetRepeatedBytes()
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PACKET_PARTS_H
