/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "engine/event-windows.h"

#include "engine/time-limit.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

EventWindows::EventWindows(FabricSimulatorImpl& simulator,
                           Exchange& exchange,
                           SpreadPart& part,
                           Tick lookahead)
    : m_simulator(simulator),
      m_exchange(exchange),
      m_part(part),
      m_lookahead(lookahead),
      m_batches(exchange.GetSize())
{
}

Exchange::Word
EventWindows::MakeLastWord() const
{
    Exchange::Word word;
    word.what = OVER;
    word.at = m_simulator.NowTicks();
    word.key = m_simulator.GetRunningKey();
    return word;
}

std::vector<Exchange::Word>
EventWindows::Meet()
{
    Exchange::Word word;
    if (IsLeader() && m_simulator.IsStopped())
    {
        word = MakeLastWord();
    }
    else if (IsLeader() && m_hint)
    {
        const EndHint hint = m_hint();
        word.at = hint.earliest;
        word.what = hint.mayBeNow ? FIRST : TOGETHER;
    }
    for (Batch& batch : m_batches)
    {
        batch.clear();
    }
    const Tick packed = m_part.Pack(m_batches);
    word.next = std::min(packed, m_simulator.GetNextTick());
    word.now = m_simulator.NowTicks();
    const std::vector<Exchange::Word> words = m_exchange.Meet(word, m_batches);
    m_part.Unpack(m_batches);
    m_isQuietElsewhere =
        packed == NEVER && std::all_of(words.begin() + 1, words.end(), [](const auto& other) {
            return other.next == NEVER;
        });
    return words;
}

void
EventWindows::Run()
{
    m_simulator.BeginRun();
    for (;;)
    {
        const std::vector<Exchange::Word> words = Meet();
        const Exchange::Word& leader = words.front();
        Tick first = NEVER;
        Tick last = 0;
        for (const Exchange::Word& word : words)
        {
            first = std::min(first, word.next);
            last = std::max(last, word.now);
        }
        if (leader.what == OVER && !IsLeader())
        {
            m_simulator.RunBefore(leader.at, leader.key);
        }
        if (leader.what == OVER || first == NEVER)
        {
            m_simulator.SetNow(leader.what == OVER ? leader.at : last);
            return;
        }
        RunWindow(AddTicks(first, m_lookahead), leader);
    }
}

void
EventWindows::RunWindow(Tick bound, const Exchange::Word& leader)
{
    if (IsLeader())
    {
        Lead(bound, leader);
    }
    if (leader.what == FIRST)
    {
        std::vector<Batch> none(m_exchange.GetSize());
        const bool isOver = IsLeader() && m_simulator.IsStopped();
        const Exchange::Word now =
            m_exchange.Meet(isOver ? MakeLastWord() : Exchange::Word(), none).front();
        if (!IsLeader() && now.what == OVER)
        {
            m_simulator.RunBefore(now.at, now.key);
            return;
        }
    }
    if (!IsLeader())
    {
        m_simulator.RunBefore(std::min(bound, leader.at), 0);
    }
}

void
EventWindows::Lead(Tick bound, const Exchange::Word& said)
{
    m_simulator.RunBefore(bound, 0);
    const bool isInterrupted = m_simulator.IsStopped() && m_simulator.GetRunningKey() == 0 &&
                               said.what == TOGETHER && m_simulator.NowTicks() < said.at &&
                               !(m_simulator.GetNextTick() == NEVER && IsQuietElsewhere());
    if (isInterrupted)
    {
        // Others are on their way to the end of the window.
        m_simulator.BeginRun();
        m_simulator.RunBefore(bound, 0);
        m_simulator.Stop();
        m_simulator.SetNow(bound);
    }
}

} // namespace mtlink
} // namespace ns3
