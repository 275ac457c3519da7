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
    : m_impl(dynamic_cast<FabricSimulatorImpl*>(PeekPointer(Simulator::GetImplementation())))
{
    NS_ABORT_MSG_IF(Time::GetResolution() != Time::PS,
                    "the fabric counts picoseconds: call Time::SetResolution(Time::PS), or make "
                    "an MtlinkHelper, before anything else");
}

void
EventClock::Stop()
{
    Simulator::Stop();
}

Tick
EventClock::NowElsewhere() const
{
    return Simulator::Now().GetTimeStep();
}

void
EventClock::ScheduleElsewhere(Tick at, EventHandler* handler, uint64_t word)
{
    if (IsBeyondTime(at, NowElsewhere()))
    {
        throw TimeError();
    }
    // Without a context, as typed events are under FabricSimulatorImpl.
    Simulator::ScheduleWithContext(Simulator::NO_CONTEXT,
                                   TimeStep(static_cast<uint64_t>(at - NowElsewhere())),
                                   [handler, word] { handler->OnEvent(word); });
}

} // namespace mtlink
} // namespace ns3
