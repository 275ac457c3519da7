/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_SHARE_SOLVER_H
#define MTLINK_FLOW_SHARE_SOLVER_H

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
 * does. Where that takes too long, all that is connected is filled up from the least level on.
 *
 * A flow that has stopped stays with its links until it is closed, for who wants to know what was
 * there; it takes nothing of them.
 */
class ShareSolver
{
  public:
    static constexpr uint32_t WHOLE = 1U << 16; //!< Weight of a link that carries all of a flow
    static constexpr int64_t ONE = 1LL << 30;   //!< Rate of the fastest link
    static constexpr int64_t FREE = std::numeric_limits<int64_t>::max();   //!< A link bounds nobody
    static constexpr uint32_t NONE = std::numeric_limits<uint32_t>::max(); //!< No flow

    /** A flow on a link. */
    struct User
    {
        uint32_t flow; //!< The flow
        uint32_t use;  //!< Which of all uses it is
    };

    /** A link of a flow. */
    struct Use
    {
        FlowStep step;  //!< The link
        uint32_t place; //!< Among the link's users
    };

    /**
     * @param [in] capacity Rate, a whole number of ONEs of the fastest link at most.
     * @return the link's number, from 0.
     */
    uint32_t AddLink(int64_t capacity);

    /**
     * A flow begins. It has its rate after Solve(), or at once if IsBound() says so.
     * @param [in] steps Its links.
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

    /** @return flows whose rate the last Solve() may have changed. */
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

    /** @param [in] flow A flow. @return its links. */
    std::span<const Use> GetUses(uint32_t flow) const
    {
        return {m_uses.data() + m_flows[flow].firstUse, m_flows[flow].count};
    }

    /** @param [in] use User::use. @return the link before it on its flow's way, or NONE. */
    uint32_t GetLinkBefore(User user) const
    {
        return user.use == m_flows[user.flow].firstUse ? NONE : m_uses[user.use - 1].step.link;
    }

    /** @param [in] use User::use. @return it. */
    const Use& GetUse(uint32_t use) const
    {
        return m_uses[use];
    }

    /** @param [in] link A link. @return its flows, stopped ones too. */
    std::span<const User> GetUsers(uint32_t link) const
    {
        return m_links[link].users;
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

    /** @param [in] link A link. @return whether its flows take all of it, or nearly so. */
    bool IsFull(uint32_t link) const;

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
    /** A flow. */
    struct Flow
    {
        int64_t rate;      //!< What it gets
        int64_t most;      //!< What it can't exceed
        uint32_t firstUse; //!< Its first link
        uint32_t count;    //!< Number of its links
        uint32_t owner;    //!< The caller's
        uint32_t sibling;  //!< The caller's
        uint32_t stamp;    //!< When it was looked at
        uint8_t sizeClass; //!< Of the room for its uses
        bool active;       //!< It has not stopped
    };

    /** A link. */
    struct Link
    {
        int64_t capacity{0};     //!< Its rate
        int64_t level{FREE};     //!< Rate of those that it bounds
        std::vector<User> users; //!< Its flows
        uint32_t active{0};      //!< Those that have not stopped
        uint32_t stamp{0};       //!< When it was looked at
        bool marked{false};      //!< Its flows have changed
        bool isEven{true};       //!< It has had no flow but with weight WHOLE
    };

    /** What a flow wants of a link. */
    struct Wish
    {
        int64_t bound;   //!< Rate that its other links leave it
        uint32_t weight; //!< Of this link
    };

    void Mark(uint32_t link);
    /** @return the link's level, given what others leave its flows. */
    int64_t FindLevel(uint32_t link);
    /** @return the level at which these fill a capacity up, or FREE. */
    static int64_t Fill(std::vector<Wish>& wishes, int64_t capacity, bool isEven);
    /** @return whether it came to an end soon. */
    bool SolveLocally(int64_t nearness);
    void SolveConnected();
    /** Note a flow for GetTouched(). */
    void Touch(uint32_t flow);

    std::vector<Flow> m_flows;                     //!< By number
    std::vector<uint32_t> m_freeFlows;             //!< Numbers to use again
    std::vector<Use> m_uses;                       //!< In runs
    std::vector<std::vector<uint32_t>> m_freeUses; //!< Runs to use again, by class of size
    std::vector<Link> m_links;                     //!< By number
    std::vector<uint32_t> m_dirty;                 //!< Marked links
    std::vector<uint32_t> m_touched;               //!< See GetTouched()
    std::vector<uint32_t> m_levelled;              //!< See GetLevelled()
    std::vector<Wish> m_wishes;                    //!< Scratch of FindLevel()
    uint32_t m_stamp{0};                           //!< Of the last solution
    uint64_t m_visits{0};                          //!< See GetVisits()
    uint64_t m_fallbacks{0};                       //!< See GetFallbacks()
    uint32_t m_activeFlows{0};                     //!< That have not stopped
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FLOW_SHARE_SOLVER_H
