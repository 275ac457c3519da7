/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "engine/event-clock.h"

#include "ns3/abort.h"
#include "ns3/simulator.h"

namespace ns3
{
namespace mtlink
{

EventClock::EventClock()
    : m_impl(dynamic_cast<FabricSimulatorImpl*>(PeekPointer(Simulator::GetImplementation()))),
      m_agenda(m_impl ? nullptr : ForeignAgenda::GetCurrent())
{
    NS_ABORT_MSG_IF(Time::GetResolution() != Time::PS,
                    "the fabric counts picoseconds: call Time::SetResolution(Time::PS), or make "
                    "an MtlinkHelper, before anything else");
}

uint64_t
EventClock::GetEventCount() const
{
    return Simulator::GetEventCount() - (m_agenda ? m_agenda->GetTurns() : 0);
}

void
EventClock::Stop()
{
    Simulator::Stop();
}

Tick
EventClock::NowElsewhere()
{
    return Simulator::Now().GetTimeStep();
}

} // namespace mtlink
} // namespace ns3
