/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "flow/share-solver.h"

#include "ns3/abort.h"
#include "ns3/assert.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

using Wide = __int128;

/** Two levels nearer than this part of them are one: rounding must not go round in circles. */
constexpr int64_t NEARNESS = 1 << 20;
constexpr int64_t ROUGH_NEARNESS = 1 << 10; //!< ... where many flows are looked at

/** A link is full if less than one of so many parts is left. */
constexpr int64_t FULL_PARTS = 32;

/** To fill all up costs about as much, for each flow, as so many that a link looks at. */
constexpr uint64_t VISITS_OF_ALL = 4;

/** Flows looked at for each active one, and besides, before the local way is given up. */
constexpr uint64_t VISITS_PER_FLOW = VISITS_OF_ALL;
constexpr uint64_t VISITS_AT_LEAST = 4096;

/** Flows of which there are many: where links of as many have changed, all is solved again. */
constexpr uint64_t MANY = 256;

/** A flow is asked for from memory so many before it is looked at. */
constexpr std::size_t AHEAD = 12;

} // namespace

uint32_t
ShareSolver::AddLink(int64_t capacity, int64_t hop)
{
    NS_ASSERT_MSG(capacity <= MOST_CAPACITY, "what a link has left is kept in 64 bits");
    const auto kind =
        m_kindOf.try_emplace({capacity, hop}, static_cast<uint32_t>(m_kinds.size())).first->second;
    if (kind == m_kinds.size())
    {
        NS_ABORT_MSG_IF(kind >> KIND_BITS != 0, "too many kinds of links");
        m_kinds.push_back({capacity, hop});
    }
    m_links.emplace_back();
    m_links.back().kind = kind;
    return static_cast<uint32_t>(m_links.size() - 1);
}

void
ShareSolver::Mark(uint32_t link)
{
    if (!m_links[link].marked)
    {
        m_links[link].marked = 1;
        m_dirty.push_back(link);
    }
}

uint32_t
ShareSolver::FindStep(const Flow& flow, uint32_t link) const
{
    uint32_t i = 0;
    while (GetLink(flow, i) != link)
    {
        ++i;
    }
    return i;
}

int64_t
ShareSolver::GetOffset(uint32_t flow, uint32_t link) const
{
    const Flow& self = m_flows[flow];
    const uint32_t step = FindStep(self, link);
    if (!self.isShort)
    {
        return m_longSteps[self.run + step].offset;
    }
    int64_t offset = 0;
    for (uint32_t i = 0; i < step; ++i)
    {
        offset += GetKind(GetLink(self, i)).hop;
    }
    return offset;
}

uint32_t
ShareSolver::GetLinkBefore(uint32_t flow, uint32_t link) const
{
    const Flow& self = m_flows[flow];
    const uint32_t step = FindStep(self, link);
    return step == 0 ? NONE : GetLink(self, step - 1);
}

void
ShareSolver::FindRun(Flow& flow)
{
    flow.sizeClass = static_cast<uint8_t>(std::bit_width(flow.count - 1U)); // 2^class steps
    if (m_freeRuns.size() <= flow.sizeClass)
    {
        m_freeRuns.resize(flow.sizeClass + 1U);
    }
    std::vector<uint32_t>& free = m_freeRuns[flow.sizeClass];
    if (free.empty())
    {
        free.push_back(static_cast<uint32_t>(m_longSteps.size()));
        m_longSteps.resize(m_longSteps.size() + (std::size_t{1} << flow.sizeClass));
    }
    flow.run = free.back();
    free.pop_back();
}

uint32_t
ShareSolver::Open(std::span<const FlowStep> steps, int64_t most, uint32_t owner, uint32_t sibling)
{
    if (m_freeFlows.empty())
    {
        m_freeFlows.push_back(static_cast<uint32_t>(m_flows.size()));
        m_flows.emplace_back();
    }
    const uint32_t id = m_freeFlows.back();
    m_freeFlows.pop_back();
    Flow& flow = m_flows[id];
    flow.most = most;
    flow.owner = owner;
    flow.sibling = sibling;
    flow.count = static_cast<uint16_t>(steps.size());
    flow.active = true;
    flow.touched = false;
    flow.isIndexed = flow.count <= FEW;
    flow.isShort = flow.count <= MORE;
    int64_t offset = 0;
    for (const FlowStep& step : steps)
    {
        const Link& link = m_links[step.link];
        flow.isShort = flow.isShort && step.weight == WHOLE && step.offset == offset &&
                       (flow.isIndexed || !link.users.WouldBeMany());
        offset += m_kinds[link.kind].hop;
    }
    if (!flow.isShort)
    {
        FindRun(flow);
    }

    bool isAlone = true;
    int64_t whole = FREE; // rate of one that has all of its links
    for (uint32_t i = 0; i < flow.count; ++i)
    {
        const FlowStep& step = steps[i];
        Link& link = m_links[step.link];
        if (link.users.WouldBeMany() && !link.users.IsMany())
        {
            NoteIndices(step.link);
        }
        const auto index = static_cast<uint32_t>(link.users.Get(m_crowds).size());
        if (!flow.isShort)
        {
            m_longSteps[flow.run + i] = {step.link, index, step.weight, step.offset};
        }
        else
        {
            flow.words[i << flow.isIndexed] = step.link;
            if (flow.isIndexed)
            {
                flow.words[2 * i + 1] = index;
            }
        }
        link.users.Add(id, m_crowds);
        link.isEven = link.isEven && step.weight == WHOLE ? 1 : 0;
        const int64_t capacity = m_kinds[link.kind].capacity;
        whole = std::min(whole, step.weight == WHOLE ? capacity : capacity * WHOLE / step.weight);
        if (++link.active > 1)
        {
            isAlone = false;
            Mark(step.link);
        }
    }
    flow.isCapped = most < whole;
    flow.rate = isAlone ? most : 0; // alone it has its own rate, and no level changes
    ++m_activeFlows;
    return id;
}

void
ShareSolver::NoteIndices(uint32_t link)
{
    uint32_t index = 0;
    for (const uint32_t user : m_links[link].users.Get(m_crowds))
    {
        Flow& flow = m_flows[user];
        if (flow.isShort && !flow.isIndexed)
        {
            Lengthen(flow);
        }
        GetIndex(flow, FindStep(flow, link)) = index++;
    }
}

void
ShareSolver::Lengthen(Flow& flow)
{
    FindRun(flow);
    int64_t offset = 0;
    for (uint32_t i = 0; i < flow.count; ++i)
    {
        const uint32_t link = GetLink(flow, i);
        m_longSteps[flow.run + i] = {link, 0, WHOLE, offset};
        offset += GetKind(link).hop;
    }
    flow.isShort = false;
}

void
ShareSolver::Stop(uint32_t flow)
{
    Flow& self = m_flows[flow];
    self.active = false;
    --m_activeFlows;
    for (uint32_t i = 0; i < self.count; ++i)
    {
        const uint32_t id = GetLink(self, i);
        Link& link = m_links[id];
        if (--link.active == 0)
        {
            link.level = FREE;
        }
        else if (link.level != FREE)
        {
            Mark(id);
        }
    }
}

void
ShareSolver::Close(uint32_t flow)
{
    const Flow& closed = m_flows[flow];
    for (uint32_t i = 0; i < closed.count; ++i)
    {
        const uint32_t link = GetLink(closed, i);
        LinkUsers& users = m_links[link].users;
        if (!users.IsMany())
        {
            users.Remove(flow);
            continue;
        }
        Flow& last = m_flows[users.Get(m_crowds).back()];
        const uint32_t index = GetIndex(m_flows[flow], i);
        GetIndex(last, FindStep(last, link)) = index;
        users.RemoveAt(index, m_crowds);
    }
    if (!closed.isShort)
    {
        m_freeRuns[closed.sizeClass].push_back(closed.run);
    }
    m_freeFlows.push_back(flow);
}

void
ShareSolver::Touch(uint32_t flow)
{
    if (!m_flows[flow].touched)
    {
        m_flows[flow].touched = true;
        m_touched.push_back(flow);
    }
}

int64_t
ShareSolver::Estimate(uint32_t flow) const
{
    const Flow& self = m_flows[flow];
    int64_t rate = self.most;
    for (uint32_t i = 0; i < self.count; ++i)
    {
        const Link& link = m_links[GetLink(self, i)];
        const int64_t capacity = m_kinds[link.kind].capacity;
        rate = std::min(rate, capacity * WHOLE / link.active / GetWeight(self, i));
    }
    return std::max<int64_t>(rate, 1);
}

uint32_t
ShareSolver::FindBound(uint32_t flow) const
{
    const Flow& self = m_flows[flow];
    uint32_t bound = NONE;
    int64_t least = self.most;
    for (uint32_t i = 0; i < self.count; ++i)
    {
        const uint32_t link = GetLink(self, i);
        if (m_links[link].level < least)
        {
            least = m_links[link].level;
            bound = link;
        }
    }
    return bound;
}

bool
ShareSolver::IsFull(uint32_t id) const
{
    const Link& link = m_links[id];
    int64_t taken = 0;
    for (const uint32_t user : link.users.Get(m_crowds))
    {
        const Flow& flow = m_flows[user];
        taken += flow.active ? flow.rate * GetWeight(flow, FindStep(flow, id)) : 0;
    }
    return taken >= m_kinds[link.kind].capacity * WHOLE / FULL_PARTS * (FULL_PARTS - 1);
}

void
ShareSolver::Solve(bool isRough)
{
    m_touched.clear();
    m_levelled.clear();
    uint64_t users = 0;
    for (const uint32_t link : m_dirty)
    {
        users += m_links[link].active;
    }
    if (users >= MANY && users > m_activeFlows)
    {
        SolveAll();
        return;
    }
    const bool isDone = SolveLocally(isRough ? ROUGH_NEARNESS : NEARNESS);
    for (const uint32_t id : m_touched)
    {
        Flow& flow = m_flows[id];
        flow.touched = false;
        int64_t rate = flow.most;
        for (uint32_t i = 0; i < flow.count; ++i)
        {
            rate = std::min(rate, m_links[GetLink(flow, i)].level);
        }
        flow.rate = std::max<int64_t>(rate, 1);
    }
    if (!isDone)
    {
        ++m_fallbacks;
        SolveAll();
    }
}

bool
ShareSolver::SolveLocally(int64_t nearness)
{
    const uint64_t limit = m_visits + VISITS_PER_FLOW * m_activeFlows + VISITS_AT_LEAST;
    for (std::size_t next = 0; next < m_dirty.size(); ++next)
    {
        const uint32_t self = m_dirty[next];
        Link& link = m_links[self];
        link.marked = 0;
        if (m_visits > limit)
        {
            m_dirty.erase(m_dirty.begin(), m_dirty.begin() + static_cast<std::ptrdiff_t>(next));
            return false;
        }
        const int64_t level = FindLevel(self);
        const int64_t before = link.level;
        m_levelled.push_back(self);
        const bool isNear =
            level != FREE && before != FREE && std::abs(level - before) <= before / nearness;
        const bool hasChanged = level != before && !isNear;
        link.level = hasChanged ? level : before;
        for (const uint32_t user : link.users.Get(m_crowds))
        {
            const Flow& flow = m_flows[user];
            if (!flow.active)
            {
                continue;
            }
            Touch(user);
            for (uint32_t i = 0; hasChanged && i < flow.count; ++i)
            {
                const uint32_t other = GetLink(flow, i);
                if (other != self && m_links[other].active > 1)
                {
                    Mark(other);
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
    for (const uint32_t user : link.users.Get(m_crowds))
    {
        const Flow& flow = m_flows[user];
        if (!flow.active)
        {
            continue;
        }
        int64_t bound = flow.most;
        uint32_t weight = WHOLE;
        for (uint32_t i = 0; i < flow.count; ++i)
        {
            const uint32_t other = GetLink(flow, i);
            if (other == self)
            {
                weight = GetWeight(flow, i);
            }
            else
            {
                bound = std::min(bound, m_links[other].level);
            }
        }
        m_wishes.push_back({bound, weight});
    }
    return Fill(m_wishes, m_kinds[link.kind].capacity, link.isEven);
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
ShareSolver::Settle(uint32_t id, int64_t rate)
{
    Flow& flow = m_flows[id];
    m_isOpen[id] = false;
    for (uint32_t i = 0; i < flow.count; ++i)
    {
        const uint32_t weight = GetWeight(flow, i);
        Room& room = m_rooms[GetLink(flow, i)];
        room.rest -= rate * weight;
        room.weight -= weight;
    }
    rate = std::max<int64_t>(rate, 1);
    if (flow.rate != rate)
    {
        flow.rate = rate;
        m_hasChanged[id] = true;
    }
}

void
ShareSolver::SolveAll()
{
    for (const uint32_t link : m_dirty)
    {
        m_links[link].marked = 0;
    }
    m_dirty.clear();
    m_visits += VISITS_OF_ALL * m_activeFlows;
    m_isOpen.assign(m_flows.size(), false);
    m_hasChanged.assign(m_flows.size(), false);
    // What the local way has touched has changed, too.
    for (const uint32_t id : m_touched)
    {
        m_hasChanged[id] = true;
    }
    m_touched.clear();
    m_levelled.clear();
    m_rooms.clear();
    for (const Link& link : m_links)
    {
        m_rooms.push_back({m_kinds[link.kind].capacity * WHOLE, 0});
    }
    std::vector<std::pair<int64_t, uint32_t>> capped; // flows that may have less than any link's
    for (uint32_t id = 0; id < m_flows.size(); ++id)
    {
        const Flow& flow = m_flows[id];
        if (!flow.active)
        {
            continue;
        }
        m_isOpen[id] = true;
        for (uint32_t i = 0; i < flow.count; ++i)
        {
            m_rooms[GetLink(flow, i)].weight += GetWeight(flow, i);
        }
        if (flow.isCapped)
        {
            capped.emplace_back(flow.most, id);
        }
    }
    std::sort(capped.begin(), capped.end());

    // Fill up: the least level, or the least rate of its own, is next.
    using Order = std::pair<int64_t, uint32_t>;
    std::vector<Order> order; // a heap of levels of links, the least on top
    const auto level = [this](uint32_t link) {
        return m_rooms[link].rest / static_cast<int64_t>(m_rooms[link].weight);
    };
    for (uint32_t link = 0; link < m_links.size(); ++link)
    {
        m_links[link].level = FREE;
        if (m_rooms[link].weight > 0)
        {
            order.emplace_back(level(link), link);
        }
        if (m_links[link].active > 1)
        {
            m_levelled.push_back(link);
        }
    }
    std::make_heap(order.begin(), order.end(), std::greater<>());
    auto nextCapped = capped.begin();
    std::vector<uint32_t> bound;
    while (!order.empty())
    {
        while (nextCapped != capped.end() && !m_isOpen[nextCapped->second])
        {
            ++nextCapped;
        }
        const auto [least, link] = order.front();
        if (nextCapped != capped.end() && nextCapped->first <= least)
        {
            Settle(nextCapped->second, nextCapped->first);
            continue;
        }
        std::pop_heap(order.begin(), order.end(), std::greater<>());
        order.pop_back();
        if (m_rooms[link].weight == 0)
        {
            continue;
        }
        const int64_t now = level(link);
        if (now > least)
        {
            order.emplace_back(now, link); // it has risen
            std::push_heap(order.begin(), order.end(), std::greater<>());
            continue;
        }
        m_links[link].level = now;
        bound.clear();
        for (const uint32_t user : m_links[link].users.Get(m_crowds))
        {
            if (m_isOpen[user])
            {
                bound.push_back(user);
            }
        }
        for (std::size_t i = 0; i < bound.size(); ++i)
        {
            __builtin_prefetch(&m_flows[bound[std::min(i + AHEAD, bound.size() - 1)]], 1);
            Settle(bound[i], now);
        }
    }
    for (uint32_t id = 0; id < m_flows.size(); ++id)
    {
        if (m_hasChanged[id])
        {
            m_touched.push_back(id);
        }
    }
}

} // namespace mtlink
} // namespace ns3
