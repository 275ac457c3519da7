/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_SHARE_SOLVER_H
#define MTLINK_FLOW_SHARE_SOLVER_H

#include "flow/flow-traffic.h"
#include "flow/link-users.h"

#include "ns3/mtlink-fidelity.h"

#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A link on the way of a flow.
 */
struct FlowStep
{
    uint32_t link{0};   //!< The link, or several that are used alike
    uint32_t weight{0}; //!< Share of the flow that it carries, in ShareSolver::WHOLE
    int64_t offset{0};  //!< First bit out at the source to first bit out on it, ps
};

/**
 * @ingroup mtlink
 * Max-min fair shares of links. Whole numbers throughout, so that they are the same on every
 * machine. What changes is solved again from the links that changed: each finds its level anew,
 * given what the other links of its flows leave them, and hands on what that changes, until nothing
 * does. Where that takes too long, or most of all there is has changed, all is filled up from the
 * least level on.
 *
 * A flow that has stopped stays with its links until it is closed, for who wants to know what was
 * there; it takes nothing of them. With a link is kept what the caller touches as often as its
 * flows: what it has carried, and what that is worth.
 */
class ShareSolver
{
  public:
    static constexpr uint32_t WHOLE = 1U << 16; //!< Weight of a link that carries all of a flow
    static constexpr int64_t ONE = 1LL << 30;   //!< Rate of the fastest link
    static constexpr int64_t FREE = std::numeric_limits<int64_t>::max();   //!< A link bounds nobody
    static constexpr uint32_t NONE = std::numeric_limits<uint32_t>::max(); //!< No flow

    static constexpr int64_t MOST_CAPACITY = ONE << 16; //!< Of a link

    /**
     * @param [in] capacity Rate, MOST_CAPACITY at most.
     * @param [in] hop First bit out on it to first bit out on the next link of a flow, ps: flows of
     *             which that is true at each link take less memory.
     * @return the link's number, from 0.
     */
    uint32_t AddLink(int64_t capacity, int64_t hop = 0);

    /**
     * A flow begins. It has its rate after Solve(), or at once if IsBound() says so.
     * @param [in] steps Its links, each once.
     * @param [in] most Rate that it can't exceed.
     * @param [in] owner Whatever the caller wants to know of it.
     * @param [in] sibling Likewise, another flow.
     * @return its number.
     */
    uint32_t Open(std::span<const FlowStep> steps, int64_t most, uint32_t owner, uint32_t sibling);

    /**
     * It takes nothing any more.
     * @param [in] flow The flow.
     */
    void Stop(uint32_t flow);

    /**
     * It is forgotten.
     * @param [in] flow The flow, stopped.
     */
    void Close(uint32_t flow);

    /** @return whether rates may be out of date. */
    bool IsDirty() const
    {
        return !m_dirty.empty();
    }

    /**
     * Find all rates.
     * @param [in] isRough Whether a level that changes by less than a thousandth may stay.
     */
    void Solve(bool isRough = false);

    /** @return flows whose rate the last Solve() may have changed, each once. */
    const std::vector<uint32_t>& GetTouched() const
    {
        return m_touched;
    }

    /** @return links whose level the last Solve() found anew. */
    const std::vector<uint32_t>& GetLevelled() const
    {
        return m_levelled;
    }

    /** @param [in] flow A flow. @return its rate. */
    int64_t GetRate(uint32_t flow) const
    {
        return m_flows[flow].rate;
    }

    /** @param [in] flow A flow. @return a rate until Solve(): its part of each link, about. */
    int64_t Estimate(uint32_t flow) const;

    /** @param [in] flow A flow. @return the link that bounds it, or NONE. */
    uint32_t FindBound(uint32_t flow) const;

    /** @param [in] flow A flow. @return what Open() was told. */
    uint32_t GetOwner(uint32_t flow) const
    {
        return m_flows[flow].owner;
    }

    /** @param [in] flow A flow. @return what Open() was told. */
    uint32_t GetSibling(uint32_t flow) const
    {
        return m_flows[flow].sibling;
    }

    /**
     * @param [in] flow A flow.
     * @param [in] visit Called with link and weight of each of its steps.
     */
    template <typename Visit>
    void ForSteps(uint32_t flow, Visit visit) const
    {
        const Flow& self = m_flows[flow];
        for (uint32_t i = 0; i < self.count; ++i)
        {
            visit(GetLink(self, i), GetWeight(self, i));
        }
    }

    /**
     * @param [in] flow A flow.
     * @param [in] visit Called with link and FlowStep::offset of each of its steps.
     */
    template <typename Visit>
    void ForOffsets(uint32_t flow, Visit visit) const
    {
        const Flow& self = m_flows[flow];
        int64_t offset = 0; // of a short one
        for (uint32_t i = 0; i < self.count; ++i)
        {
            const uint32_t link = GetLink(self, i);
            visit(link, self.isShort ? offset : m_longSteps[self.run + i].offset);
            offset += self.isShort ? GetKind(link).hop : 0;
        }
    }

    /** @param [in] flow A flow. @return its first link. */
    uint32_t GetFirstLink(uint32_t flow) const
    {
        return GetLink(m_flows[flow], 0);
    }

    /** @param [in] flow A flow. @param [in] link One of its links. @return FlowStep::offset. */
    int64_t GetOffset(uint32_t flow, uint32_t link) const;

    /** @param [in] flow A flow. @param [in] link Its. @return the link before it, or NONE. */
    uint32_t GetLinkBefore(uint32_t flow, uint32_t link) const;

    /** @param [in] link A link. @return its flows, stopped ones too. */
    std::span<const uint32_t> GetUsers(uint32_t link) const
    {
        return m_links[link].users.Get(m_crowds);
    }

    /** @param [in] link A link. @return its flows that have not stopped. */
    uint32_t GetActive(uint32_t link) const
    {
        return m_links[link].active;
    }

    /** @param [in] link A link. @return the rate of those that it bounds, or FREE. */
    int64_t GetLevel(uint32_t link) const
    {
        return m_links[link].level;
    }

    /** @param [in] link A link. @return what the caller says that it has carried. */
    const FlowTraffic& GetTraffic(uint32_t link) const
    {
        return m_links[link].traffic;
    }

    /** A link has carried something. @param [in] link The link. @param [in] more What. */
    void AddTraffic(uint32_t link, const FlowTraffic& more)
    {
        m_links[link].traffic.Add(more);
    }

    /** @param [in] link A link. @return the worst of what it has carried, by the caller. */
    Fidelity GetWord(uint32_t link) const
    {
        return static_cast<Fidelity>(m_links[link].word);
    }

    /** @param [in] link A link. @return whether the caller has said so. */
    bool IsUsed(uint32_t link) const
    {
        return m_links[link].isUsed != 0;
    }

    /** Somebody has used a link. @param [in] link The link. */
    void SetUsed(uint32_t link)
    {
        m_links[link].isUsed = 1;
    }

    /** @param [in] link A link. @param [in] word The worst of what it has carried. */
    void SetWord(uint32_t link, Fidelity word)
    {
        m_links[link].word = static_cast<uint32_t>(word);
    }

    /** @param [in] link A link. @return whether its flows take all of it, or nearly so. */
    bool IsFull(uint32_t link) const;

    /** @return the number of flows that have not stopped. */
    uint32_t GetActiveFlows() const
    {
        return m_activeFlows;
    }

    /** Ask for a flow. @param [in] flow The flow. */
    void PrefetchFlow(uint32_t flow) const
    {
        __builtin_prefetch(&m_flows[flow], 1);
    }

    /** Ask for the steps of a flow that PrefetchFlow() has asked for. @param [in] flow The flow. */
    void PrefetchSteps(uint32_t flow) const
    {
        const Flow& self = m_flows[flow];
        for (uint32_t i = 0; !self.isShort && i < self.count; i += LINE / sizeof(LongStep))
        {
            __builtin_prefetch(&m_longSteps[self.run + i]);
        }
    }

    /** Ask for a link. @param [in] link The link. */
    void PrefetchLink(uint32_t link) const
    {
        __builtin_prefetch(&m_links[link], 1);
    }

    /** @return the number of links. */
    uint32_t GetLinks() const
    {
        return static_cast<uint32_t>(m_links.size());
    }

    /** @return flows looked at so far, a measure of work that is the same on every machine. */
    uint64_t GetVisits() const
    {
        return m_visits;
    }

    /** @return times that the local way was given up. */
    uint64_t GetFallbacks() const
    {
        return m_fallbacks;
    }

  private:
    static constexpr uint32_t FEW = 4;        //!< Steps of a short flow on whatever links
    static constexpr uint32_t MORE = 8;       //!< Steps of any short flow, at most
    static constexpr uint32_t LINE = 64;      //!< Bytes of a line of the cache
    static constexpr uint32_t KIND_BITS = 27; //!< Of the number of a kind of links

    /** A step of a long flow. */
    struct LongStep
    {
        uint32_t link;   //!< See FlowStep
        uint32_t index;  //!< Among the link's users, where they are many
        uint32_t weight; //!< See FlowStep
        int64_t offset;  //!< See FlowStep
    };

    /**
     * A flow: what a solution looks at of a short one is in one line of the cache. That is on the
     * whole of few links, each a hop behind the one before; where they are more than FEW, on links
     * that never had many users, as there is no room for its indices among those.
     */
    struct alignas(64) Flow
    {
        int64_t rate;         //!< What it gets
        int64_t most;         //!< What it can't exceed
        uint32_t owner;       //!< The caller's
        uint32_t sibling;     //!< The caller's
        uint32_t run;         //!< A long one's first of m_longSteps
        uint16_t count;       //!< Number of its links
        uint8_t sizeClass;    //!< A long one's, of the room for its steps
        bool active : 1;      //!< It has not stopped
        bool isShort : 1;     //!< See above
        bool isIndexed : 1;   //!< A short one's words are links and indices in turn, not links
        bool isCapped : 1;    //!< It can't have all of any of its links
        bool touched : 1;     //!< It is in m_touched
        uint32_t words[MORE]; //!< A short one's links
    };

    static_assert(sizeof(Flow) == 64);

    /** What many links have in common. */
    struct LinkKind
    {
        int64_t capacity; //!< Its rate
        int64_t hop;      //!< See AddLink()
    };

    /** A link: all that a message touches of it is in one line of the cache. */
    struct alignas(64) Link
    {
        int64_t level{FREE};          //!< Rate of those that it bounds
        FlowTraffic traffic;          //!< The caller's
        LinkUsers users;              //!< Its flows
        uint32_t active{0};           //!< Those that have not stopped
        uint32_t kind : KIND_BITS{0}; //!< In m_kinds
        uint32_t word : 2 {0};        //!< The caller's
        uint32_t isUsed : 1 {0};      //!< Likewise
        uint32_t marked : 1 {0};      //!< Its flows have changed
        uint32_t isEven : 1 {1};      //!< It has had no flow but with weight WHOLE
    };

    static_assert(sizeof(Link) == 64);

    /** What a flow wants of a link. */
    struct Wish
    {
        int64_t bound;   //!< Rate that its other links leave it
        uint32_t weight; //!< Of this link
    };

    /** What a link has left while all is filled up. */
    struct Room
    {
        int64_t rest;    //!< Capacity, times WHOLE
        uint64_t weight; //!< Of flows that have no rate yet
    };

    /** @return what is known of a link beforehand. */
    const LinkKind& GetKind(uint32_t link) const
    {
        return m_kinds[m_links[link].kind];
    }

    uint32_t GetLink(const Flow& flow, uint32_t i) const
    {
        return flow.isShort ? flow.words[i << flow.isIndexed] : m_longSteps[flow.run + i].link;
    }

    /** @return its index among its link's users: it is long, or of FEW links at most. */
    uint32_t& GetIndex(Flow& flow, uint32_t i)
    {
        return flow.isShort ? flow.words[2 * i + 1] : m_longSteps[flow.run + i].index;
    }

    uint32_t GetWeight(const Flow& flow, uint32_t i) const
    {
        return flow.isShort ? WHOLE : m_longSteps[flow.run + i].weight;
    }

    /** @return which of a flow's steps a link is. */
    uint32_t FindStep(const Flow& flow, uint32_t link) const;
    /** Find room for the steps of a flow that is long, or is to be. */
    void FindRun(Flow& flow);
    /** Make a short flow long. */
    void Lengthen(Flow& flow);
    /** A link gets a flow more than few: all have to know where they are. */
    void NoteIndices(uint32_t link);
    void Mark(uint32_t link);
    /** @return the link's level, given what others leave its flows. */
    int64_t FindLevel(uint32_t link);
    /** @return the level at which these fill a capacity up, or FREE. */
    static int64_t Fill(std::vector<Wish>& wishes, int64_t capacity, bool isEven);
    /** @return whether it came to an end soon. */
    bool SolveLocally(int64_t nearness);
    void SolveAll();
    /** A flow has its rate, while all is filled up. */
    void Settle(uint32_t flow, int64_t rate);
    /** Note a flow for GetTouched(). */
    void Touch(uint32_t flow);

    std::vector<Flow> m_flows;                     //!< By number
    std::vector<uint32_t> m_freeFlows;             //!< Numbers to use again
    std::vector<LongStep> m_longSteps;             //!< In runs
    std::vector<std::vector<uint32_t>> m_freeRuns; //!< Runs to use again, by class of size
    std::vector<Link> m_links;                     //!< By number
    LinkCrowds m_crowds;                           //!< Flows of links that have had many
    std::vector<LinkKind> m_kinds;                 //!< Of links
    std::map<std::pair<int64_t, int64_t>, uint32_t> m_kindOf; //!< By capacity and hop
    std::vector<uint32_t> m_dirty;                            //!< Marked links
    std::vector<uint32_t> m_touched;                          //!< See GetTouched()
    std::vector<uint32_t> m_levelled;                         //!< See GetLevelled()
    std::vector<Wish> m_wishes;                               //!< Scratch of FindLevel()
    std::vector<Room> m_rooms;                                //!< Scratch of SolveAll(), by link
    std::vector<bool> m_isOpen;                               //!< ..., by flow: it has no rate yet
    std::vector<bool> m_hasChanged;                           //!< ..., by flow: it has a new one
    uint64_t m_visits{0};                                     //!< See GetVisits()
    uint64_t m_fallbacks{0};                                  //!< See GetFallbacks()
    uint32_t m_activeFlows{0};                                //!< That have not stopped
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_SHARE_SOLVER_H
