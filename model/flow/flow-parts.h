/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_FLOW_PARTS_H
#define MTLINK_FLOW_FLOW_PARTS_H

#include "flow/flow-transport.h"
#include "transport/private-parts.h"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Private parts in mode flow. A part that nothing is under way in remembers nothing but what its
 * times are worth. Parts of which every message has one way, whatever its label, may be of one
 * kind; any other is of a kind of its own, as hashes choose its ways.
 */
class FlowParts : public PrivateParts, public FlowWatcher
{
  public:
    /** Tells of a source and a destination whether there is one way, whatever the flow label. */
    using IsPlain = std::function<bool(uint32_t, uint32_t)>;

    /**
     * @param [in] flows The transport; must outlive this.
     * @param [in] paths Its ways; must outlive this.
     * @param [in] isPlain What the ways are like.
     */
    FlowParts(FlowTransport& flows, FlowPaths& paths, IsPlain isPlain);
    ~FlowParts() override;

    uint32_t OpenPart(std::span<const uint32_t> members) override;
    uint32_t GetKind(uint32_t part) const override;
    bool Observe(uint32_t part, PartState& state) override;
    void BeginRecord(uint32_t part) override;
    std::shared_ptr<const PartRecord> EndRecord(uint32_t part) override;
    Fidelity Repeat(uint32_t part, const std::shared_ptr<const PartRecord>& record) override;

    void Carried(uint32_t src, uint32_t dst, uint32_t link, const FlowTraffic& traffic) override;
    void Lost(const FlowLosses::Row& loss) override;
    void Delivered(uint32_t src, uint32_t dst, const FlowSum& sum, Fidelity word) override;

  private:
    struct Record;

    /** A part. */
    struct Part
    {
        uint32_t kind;                                 //!< Its kind
        std::vector<uint32_t> members;                 //!< Its endpoints
        std::vector<uint32_t> links;                   //!< By place: those of its ways, so far
        std::unordered_map<uint32_t, uint32_t> places; //!< By link
        std::unique_ptr<Record> recording;             //!< What it does, while it is watched
    };

    /** @return the part that is watched and has both ends, or nullptr. */
    Part* FindWatched(uint32_t src, uint32_t dst);

    /** @return the place of a link in a part, added if it is a new one. */
    static uint32_t FindPlace(Part& part, uint32_t link);

    /** @return the place of an endpoint among a part's members. */
    static uint32_t FindMember(const Part& part, uint32_t endpoint);

    FlowTransport& m_flows;                           //!< The transport
    FlowPaths& m_paths;                               //!< Its ways
    IsPlain m_isPlain;                                //!< What they are like
    std::vector<Part> m_parts;                        //!< By number
    std::map<std::vector<int64_t>, uint32_t> m_kinds; //!< By what tells them apart
    std::vector<uint32_t> m_watched;                  //!< By endpoint: the part that is watched
    uint32_t m_watches{0};                            //!< Parts that are
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_FLOW_PARTS_H
