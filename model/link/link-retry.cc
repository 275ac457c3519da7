/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "link/link-retry.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint32_t NO_STATE = std::numeric_limits<uint32_t>::max();

/** Beyond the streams of traffic sources, which are numbered from 2^32 on by workload. */
constexpr uint64_t FIRST_STREAM = 1ULL << 60;

/** @return the later of two instants. */
WireTime
Later(WireTime a, WireTime b)
{
    return a.whole != b.whole ? (a.whole > b.whole ? a : b) : (a.part > b.part ? a : b);
}

} // namespace

void
LinkRetry::Add(uint32_t link, const LinkProfile& profile, uint32_t longest)
{
    m_index.resize(std::max<std::size_t>(m_index.size(), link + 1), NO_STATE);
    m_index[link] = static_cast<uint32_t>(m_states.size());
    m_states.push_back({RandomStream(m_seed, FIRST_STREAM + link),
                        std::log1p(-profile.GetErrorRate()),
                        0,
                        ToTicks(profile.GetAckRoundTrip()),
                        profile.GetReplayBuffer() / profile.GetFlit(),
                        longest});
    Draw(m_states.back());
}

void
LinkRetry::Draw(State& state)
{
    if (state.logSound == 0)
    {
        state.sound = std::numeric_limits<uint64_t>::max();
        return;
    }
    // Geometric: the flits before the first success of trials with probability e.
    constexpr double MOST = 1e18;
    state.sound = static_cast<uint64_t>(
        std::min(std::floor(std::log(state.random.Uniform()) / state.logSound), MOST));
}

bool
LinkRetry::Corrupts(State& state, uint32_t flits)
{
    if (state.sound >= flits)
    {
        state.sound -= flits;
        return false;
    }
    Draw(state);
    ++state.counters.errors;
    ++state.counters.retries;
    return true;
}

Tick
LinkRetry::Keep(State& state, uint32_t flits, Tick now, Tick acknowledged)
{
    auto& list = state.unacknowledged;
    while (!list.empty() && list.front().first <= now)
    {
        state.held -= list.front().second;
        list.pop_front();
    }
    list.emplace_back(acknowledged, flits);
    state.held += flits;
    uint64_t held = state.held;
    Tick room = now;
    for (auto next = list.begin(); held + state.longest > state.room; ++next)
    {
        held -= next->second;
        room = next->first;
    }
    return room;
}

LinkRetry::Trip
LinkRetry::Send(uint32_t link,
                uint32_t flits,
                const WireSpeed& speed,
                WireTime start,
                Tick tailReady)
{
    State& state = m_states[m_index[link]];
    m_copies.clear();
    const bool inVain = start.whole < state.turn;
    if (!inVain)
    {
        start = Later(start, state.resume);
    }
    const WireTime firstStart = start;
    const WireTime firstEnd = Later(speed.After(start, flits), {tailReady, 0});
    WireTime end = firstEnd;
    m_copies.emplace_back(start.whole, inVain ? std::min(end.whole, state.turn) : end.whole);
    const auto sendAgain = [&](WireTime at) {
        start = at;
        // What was broken off may still be coming in.
        end = Later(speed.After(start, flits), firstEnd);
        m_copies.emplace_back(start.whole, end.whole);
    };
    if (inVain)
    {
        ++state.counters.retries;
        sendAgain(state.resume);
    }
    bool isDelayed = inVain;
    while (Corrupts(state, flits))
    {
        const WireTime heard{end.whole + state.roundTrip, end.part};
        if (!isDelayed)
        {
            state.turn = heard.whole;
            isDelayed = true;
        }
        sendAgain(heard);
    }
    if (isDelayed)
    {
        state.resume = end;
    }
    WireTime free = firstEnd.whole < state.turn ? firstEnd : Later(firstEnd, state.resume);
    if (state.room != 0)
    {
        const Tick room = Keep(state, flits, firstStart.whole, end.whole + state.roundTrip);
        if (room > free.whole)
        {
            state.counters.bufferFull += room - free.whole;
            free = {room, 0};
            free = room < state.turn ? free : Later(free, state.resume);
        }
    }
    return {start, end, free, firstEnd.whole};
}

void
LinkRetry::Forget(uint32_t link, uint32_t packets)
{
    State& state = m_states[m_index[link]];
    state.turn = 0;
    state.resume = {};
    for (; packets > 0 && !state.unacknowledged.empty(); --packets)
    {
        state.held -= state.unacknowledged.back().second;
        state.unacknowledged.pop_back();
    }
}

RetryCounters
LinkRetry::GetCounters(uint32_t link) const
{
    return link < m_index.size() && m_index[link] != NO_STATE ? m_states[m_index[link]].counters
                                                              : RetryCounters{};
}

} // namespace mtlink
} // namespace ns3
