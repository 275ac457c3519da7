/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "flow/share-solver.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

using Wide = __int128;

constexpr uint32_t LEAST_ROOM = 4; //!< Uses of the smallest class of size

/** Two levels nearer than this part of them are one: rounding must not go round in circles. */
constexpr int64_t NEARNESS = 1 << 20;
constexpr int64_t ROUGH_NEARNESS = 1 << 10; //!< ... where many flows are looked at

/** A link is full if less than one of so many parts is left. */
constexpr int64_t FULL_PARTS = 32;

/** Flows looked at for each active one, and besides, before the local way is given up. */
constexpr uint64_t VISITS_PER_FLOW = 32;
constexpr uint64_t VISITS_AT_LEAST = 4096;

} // namespace

uint32_t
ShareSolver::AddLink(int64_t capacity)
{
    m_links.emplace_back();
    m_links.back().capacity = capacity;
    return static_cast<uint32_t>(m_links.size() - 1);
}

void
ShareSolver::Mark(uint32_t link)
{
    if (!m_links[link].marked)
    {
        m_links[link].marked = true;
        m_dirty.push_back(link);
    }
}

uint32_t
ShareSolver::Open(std::span<const FlowStep> steps, int64_t most, uint32_t owner, uint32_t sibling)
{
    const auto count = static_cast<uint32_t>(steps.size());
    const auto sizeClass =
        static_cast<uint8_t>(std::bit_width(std::max(count, LEAST_ROOM) - 1)); // 2^class uses
    if (m_freeUses.size() <= sizeClass)
    {
        m_freeUses.resize(sizeClass + 1U);
    }
    uint32_t firstUse = 0;
    if (m_freeUses[sizeClass].empty())
    {
        firstUse = static_cast<uint32_t>(m_uses.size());
        m_uses.resize(m_uses.size() + (std::size_t{1} << sizeClass));
    }
    else
    {
        firstUse = m_freeUses[sizeClass].back();
        m_freeUses[sizeClass].pop_back();
    }
    uint32_t id = 0;
    if (m_freeFlows.empty())
    {
        id = static_cast<uint32_t>(m_flows.size());
        m_flows.emplace_back();
    }
    else
    {
        id = m_freeFlows.back();
        m_freeFlows.pop_back();
    }

    bool isAlone = true;
    for (uint32_t i = 0; i < count; ++i)
    {
        Link& link = m_links[steps[i].link];
        m_uses[firstUse + i] = {steps[i], static_cast<uint32_t>(link.users.size())};
        link.users.push_back({id, firstUse + i});
        link.isEven = link.isEven && steps[i].weight == WHOLE;
        if (++link.active > 1)
        {
            isAlone = false;
            Mark(steps[i].link);
        }
    }
    // Alone it has its own rate, and no level changes.
    m_flows[id] =
        {isAlone ? most : 0, most, firstUse, count, owner, sibling, m_stamp, sizeClass, true};
    ++m_activeFlows;
    return id;
}

void
ShareSolver::Stop(uint32_t flow)
{
    m_flows[flow].active = false;
    --m_activeFlows;
    for (const Use& use : GetUses(flow))
    {
        Link& link = m_links[use.step.link];
        if (--link.active == 0)
        {
            link.level = FREE;
        }
        else if (link.level != FREE)
        {
            Mark(use.step.link);
        }
    }
}

void
ShareSolver::Close(uint32_t flow)
{
    const Flow& closed = m_flows[flow];
    for (const Use& use : GetUses(flow))
    {
        std::vector<User>& users = m_links[use.step.link].users;
        const User last = users.back();
        users[use.place] = last;
        m_uses[last.use].place = use.place;
        users.pop_back();
    }
    m_freeUses[closed.sizeClass].push_back(closed.firstUse);
    m_freeFlows.push_back(flow);
}

void
ShareSolver::Touch(uint32_t flow)
{
    if (m_flows[flow].stamp != m_stamp)
    {
        m_flows[flow].stamp = m_stamp;
        m_touched.push_back(flow);
    }
}

int64_t
ShareSolver::Estimate(uint32_t flow) const
{
    int64_t rate = m_flows[flow].most;
    for (const Use& use : GetUses(flow))
    {
        const Link& link = m_links[use.step.link];
        const Wide part = Wide{link.capacity} * WHOLE / link.active / use.step.weight;
        rate = static_cast<int64_t>(std::min<Wide>(rate, part));
    }
    return std::max<int64_t>(rate, 1);
}

uint32_t
ShareSolver::FindBound(uint32_t flow) const
{
    uint32_t bound = NONE;
    int64_t least = m_flows[flow].most;
    for (const Use& use : GetUses(flow))
    {
        const int64_t level = m_links[use.step.link].level;
        if (level < least)
        {
            least = level;
            bound = use.step.link;
        }
    }
    return bound;
}

bool
ShareSolver::IsFull(uint32_t id) const
{
    const Link& link = m_links[id];
    Wide taken = 0;
    for (const User& user : link.users)
    {
        const Flow& flow = m_flows[user.flow];
        taken += flow.active ? Wide{flow.rate} * m_uses[user.use].step.weight : 0;
    }
    return taken >= Wide{link.capacity} * (FULL_PARTS - 1) * WHOLE / FULL_PARTS;
}

void
ShareSolver::Solve(bool isRough)
{
    ++m_stamp;
    m_touched.clear();
    m_levelled.clear();
    if (!SolveLocally(isRough ? ROUGH_NEARNESS : NEARNESS))
    {
        ++m_fallbacks;
        SolveConnected();
    }
    for (const uint32_t id : m_touched)
    {
        Flow& flow = m_flows[id];
        int64_t rate = flow.most;
        for (const Use& use : GetUses(id))
        {
            rate = std::min(rate, m_links[use.step.link].level);
        }
        flow.rate = std::max<int64_t>(rate, 1);
    }
}

bool
ShareSolver::SolveLocally(int64_t nearness)
{
    const uint64_t limit = m_visits + VISITS_PER_FLOW * m_activeFlows + VISITS_AT_LEAST;
    for (std::size_t next = 0; next < m_dirty.size(); ++next)
    {
        const uint32_t self = m_dirty[next];
        m_links[self].marked = false;
        if (m_visits > limit)
        {
            m_dirty.erase(m_dirty.begin(), m_dirty.begin() + static_cast<std::ptrdiff_t>(next));
            return false;
        }
        const int64_t level = FindLevel(self);
        Link& link = m_links[self];
        m_levelled.push_back(self);
        const bool isNear = level != FREE && link.level != FREE &&
                            std::abs(level - link.level) <= link.level / nearness;
        const bool hasChanged = level != link.level && !isNear;
        link.level = hasChanged ? level : link.level;
        for (const User& user : link.users)
        {
            if (!m_flows[user.flow].active)
            {
                continue;
            }
            Touch(user.flow);
            if (!hasChanged)
            {
                continue;
            }
            for (const Use& use : GetUses(user.flow))
            {
                if (use.step.link != self && m_links[use.step.link].active > 1)
                {
                    Mark(use.step.link);
                }
            }
        }
    }
    m_dirty.clear();
    return true;
}

int64_t
ShareSolver::FindLevel(uint32_t self)
{
    const Link& link = m_links[self];
    m_wishes.clear();
    m_visits += link.active;
    for (const User& user : link.users)
    {
        const Flow& flow = m_flows[user.flow];
        if (!flow.active)
        {
            continue;
        }
        int64_t bound = flow.most;
        const Use* const uses = m_uses.data() + flow.firstUse;
        for (uint32_t i = 0; i < flow.count; ++i)
        {
            if (flow.firstUse + i != user.use)
            {
                bound = std::min(bound, m_links[uses[i].step.link].level);
            }
        }
        m_wishes.push_back({bound, m_uses[user.use].step.weight});
    }
    return Fill(m_wishes, link.capacity, link.isEven);
}

int64_t
ShareSolver::Fill(std::vector<Wish>& wishes, int64_t capacity, bool isEven)
{
    // Take out those that want less than their part, until all that are left want more.
    std::size_t left = wishes.size();
    if (isEven)
    {
        int64_t rest = capacity;
        for (;;)
        {
            if (left == 0)
            {
                return FREE;
            }
            const int64_t level = rest / static_cast<int64_t>(left);
            std::size_t kept = 0;
            for (std::size_t i = 0; i < left; ++i)
            {
                if (wishes[i].bound <= level)
                {
                    rest -= wishes[i].bound;
                }
                else
                {
                    wishes[kept++] = wishes[i];
                }
            }
            if (kept == left)
            {
                return level;
            }
            left = kept;
        }
    }
    Wide rest = Wide{capacity} * WHOLE;
    for (;;)
    {
        if (left == 0)
        {
            return FREE;
        }
        uint64_t weight = 0;
        for (std::size_t i = 0; i < left; ++i)
        {
            weight += wishes[i].weight;
        }
        const auto level = static_cast<int64_t>(rest / weight);
        std::size_t kept = 0;
        for (std::size_t i = 0; i < left; ++i)
        {
            if (wishes[i].bound <= level)
            {
                rest -= Wide{wishes[i].bound} * wishes[i].weight;
            }
            else
            {
                wishes[kept++] = wishes[i];
            }
        }
        if (kept == left)
        {
            return level;
        }
        left = kept;
    }
}

void
ShareSolver::SolveConnected()
{
    // All that is connected with what changed.
    std::vector<uint32_t> links;
    const auto visit = [&](uint32_t link) {
        if (std::exchange(m_links[link].stamp, m_stamp) != m_stamp)
        {
            links.push_back(link);
        }
    };
    for (const uint32_t link : m_dirty)
    {
        m_links[link].marked = false;
        visit(link);
    }
    m_dirty.clear();
    std::vector<uint32_t> flows;
    std::vector<bool> isSeen(m_flows.size());
    for (std::size_t next = 0; next < links.size(); ++next)
    {
        m_links[links[next]].level = FREE;
        for (const User& user : m_links[links[next]].users)
        {
            if (!m_flows[user.flow].active || isSeen[user.flow])
            {
                continue;
            }
            isSeen[user.flow] = true;
            flows.push_back(user.flow);
            Touch(user.flow);
            for (const Use& use : GetUses(user.flow))
            {
                visit(use.step.link);
            }
        }
    }
    m_visits += flows.size();

    // Fill up: the least level, or the least rate of its own, is next.
    struct Room
    {
        Wide rest;       //!< Capacity, times WHOLE
        uint64_t weight; //!< Of those that have no rate yet
    };

    std::vector<Room> rooms(links.size());
    std::vector<uint32_t> placeOf(m_links.size());
    using Step = std::pair<int64_t, uint32_t>;
    std::vector<Step> order; // a heap of levels, the least on top
    const auto level = [&](uint32_t place) {
        return static_cast<int64_t>(rooms[place].rest / rooms[place].weight);
    };
    for (uint32_t place = 0; place < links.size(); ++place)
    {
        const Link& link = m_links[links[place]];
        placeOf[links[place]] = place;
        rooms[place].rest = Wide{link.capacity} * WHOLE;
        for (const User& user : link.users)
        {
            rooms[place].weight += m_flows[user.flow].active ? m_uses[user.use].step.weight : 0;
        }
        if (rooms[place].weight > 0)
        {
            order.emplace_back(level(place), place);
        }
    }
    std::make_heap(order.begin(), order.end(), std::greater<>());
    std::sort(flows.begin(), flows.end(), [this](uint32_t a, uint32_t b) {
        return m_flows[a].most != m_flows[b].most ? m_flows[a].most < m_flows[b].most : a < b;
    });
    std::size_t nextFlow = 0;
    const auto settle = [&](uint32_t flow, int64_t rate) {
        isSeen[flow] = false;
        for (const Use& use : GetUses(flow))
        {
            Room& room = rooms[placeOf[use.step.link]];
            room.rest -= Wide{rate} * use.step.weight;
            room.weight -= use.step.weight;
        }
    };
    while (!order.empty())
    {
        while (nextFlow < flows.size() && !isSeen[flows[nextFlow]])
        {
            ++nextFlow;
        }
        const auto [least, place] = order.front();
        if (nextFlow < flows.size() && m_flows[flows[nextFlow]].most <= least)
        {
            settle(flows[nextFlow], m_flows[flows[nextFlow]].most);
            continue;
        }
        std::pop_heap(order.begin(), order.end(), std::greater<>());
        order.pop_back();
        if (rooms[place].weight == 0)
        {
            continue;
        }
        const int64_t now = level(place);
        if (now > least)
        {
            order.emplace_back(now, place); // it has risen
            std::push_heap(order.begin(), order.end(), std::greater<>());
            continue;
        }
        m_links[links[place]].level = now;
        for (const User& user : m_links[links[place]].users)
        {
            if (m_flows[user.flow].active && isSeen[user.flow])
            {
                settle(user.flow, now);
            }
        }
    }
    m_levelled.insert(m_levelled.end(), links.begin(), links.end());
}

} // namespace mtlink
} // namespace ns3
