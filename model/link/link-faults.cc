/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "link/link-faults.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Beyond the streams of traffic and of errors; see LinkRetry. */
constexpr uint64_t FIRST_STREAM = 1ULL << 61;

/** @return an exponentially distributed time of at least a picosecond. */
Tick
DrawTime(RandomStream& random, Tick mean)
{
    return std::max<Tick>(1, std::llround(random.Exponential(static_cast<double>(mean))));
}

} // namespace

LinkFaults::LinkFaults(EventClock& clock, Links& links, uint32_t seed, const LinkStateTrace& trace)
    : m_clock(clock),
      m_changes(clock, *this, EventPhase::FAULT),
      m_links(links),
      m_seed(seed),
      m_trace(trace)
{
}

LinkFaults::~LinkFaults()
{
    m_next.Cancel();
}

void
LinkFaults::Add(const LinkFault& fault)
{
    const auto index = static_cast<uint32_t>(m_faults.size());
    m_faults.push_back(fault);
    for (uint32_t unit = 0; unit < fault.units.size(); ++unit)
    {
        const auto process = static_cast<uint32_t>(m_processes.size());
        m_processes.push_back(
            {index,
             unit,
             false,
             RandomStream(m_seed, FIRST_STREAM + (static_cast<uint64_t>(index) << 32) + unit)});
        if (fault.mtbf > 0)
        {
            Await(process, fault.mtbf);
        }
        else
        {
            m_changes.Schedule(fault.at, static_cast<uint64_t>(process) * 2);
        }
    }
    ScheduleNext();
}

void
LinkFaults::Await(uint32_t process, Tick mean)
{
    m_randomNext.emplace(m_clock.Now() + DrawTime(m_processes[process].random, mean), process);
}

void
LinkFaults::ScheduleNext()
{
    Simulator::Remove(m_next);
    m_next = EventId();
    if (!m_randomNext.empty())
    {
        // An ordinary event, not a typed one: it can be taken back.
        m_next = Simulator::Schedule(ToTime(m_randomNext.begin()->first - m_clock.Now()),
                                     &LinkFaults::ChangeNext,
                                     this);
    }
}

void
LinkFaults::ChangeNext()
{
    const uint32_t process = m_randomNext.begin()->second;
    m_randomNext.erase(m_randomNext.begin());
    m_next = EventId();
    m_processes[process].isOn = !m_processes[process].isOn;
    Change(process, m_processes[process].isOn);
    ScheduleNext();
}

std::set<uint32_t>
LinkFaults::GetHeldAtRandom() const
{
    std::set<uint32_t> links;
    for (const auto& [link, holds] : m_holds)
    {
        const bool comesUp = std::all_of(holds.begin(), holds.end(), [this](const Hold& hold) {
            return !hold.state.isDown || m_faults[m_processes[hold.process].fault].mtbf > 0;
        });
        if (comesUp && m_links.IsDown(link))
        {
            links.insert(link);
        }
    }
    return links;
}

bool
LinkFaults::IsAlone(const std::function<uint64_t()>& getProgress)
{
    if (m_randomNext.empty())
    {
        return Simulator::IsFinished();
    }
    Simulator::Remove(m_next);
    m_next = EventId();
    const bool wasQuiet = m_isQuiet;
    m_isQuiet = Simulator::IsFinished();
    ScheduleNext();
    if (!m_isQuiet)
    {
        return false;
    }
    const uint64_t progress = getProgress();
    if (!wasQuiet || progress != m_progress)
    {
        m_progress = progress;
        m_awaited = GetHeldAtRandom();
    }
    return m_awaited.empty();
}

void
LinkFaults::OnEvent(uint64_t word)
{
    Change(static_cast<uint32_t>(word / 2), word % 2 == 0);
}

void
LinkFaults::Change(uint32_t process, bool begins)
{
    Process& one = m_processes[process];
    const LinkFault& fault = m_faults[one.fault];
    for (const uint32_t link : fault.units[one.unit])
    {
        std::vector<Hold>& holds = m_holds[link];
        if (fault.repairs)
        {
            std::erase_if(holds, [this](const Hold& hold) {
                return m_faults[m_processes[hold.process].fault].mtbf == 0;
            });
        }
        else if (begins)
        {
            holds.push_back({process, {fault.isDown, fault.lanes, fault.policy}});
        }
        else
        {
            std::erase_if(holds, [process](const Hold& hold) { return hold.process == process; });
        }
        Apply(link);
    }
    if (!begins)
    {
        if (fault.mtbf > 0)
        {
            Await(process, fault.mtbf);
        }
        return;
    }
    if (fault.mtbf > 0)
    {
        Await(process, fault.mttr);
    }
    else if (fault.length != NEVER && !fault.repairs)
    {
        m_changes.Schedule(m_clock.Now() + fault.length, static_cast<uint64_t>(process) * 2 + 1);
    }
}

void
LinkFaults::Apply(uint32_t link)
{
    LinkState state;
    for (const Hold& hold : m_holds[link])
    {
        if (hold.state.isDown)
        {
            // The one that came first brought it down.
            state.policy = state.isDown ? state.policy : hold.state.policy;
            state.isDown = true;
        }
        else
        {
            state.lanes =
                state.lanes == 0 ? hold.state.lanes : std::min(state.lanes, hold.state.lanes);
        }
    }
    if (!state.isDown)
    {
        m_awaited.erase(link);
    }
    const bool wasDown = m_links.IsDown(link);
    m_links.SetState(link, state);
    if (state.isDown != wasDown)
    {
        m_trace(link, !state.isDown);
    }
}

} // namespace mtlink
} // namespace ns3
