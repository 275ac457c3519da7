/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/round-robin-chip.h"

#include "switch/request-round.h"

#include <algorithm>
#include <cstddef>
#include <memory>

namespace ns3
{
namespace mtlink
{

/**
 * What a LinkServer sees of an output.
 * @tparam Round RequestRound, or ClassRound where there are several traffic classes.
 */
template <typename Round>
class RoundRobinChip::Turn
{
  public:
    /**
     * @param [in] chip The chip.
     * @param [in] outLink The output.
     * @param [in] onBehalfOf As for Arbitrate().
     */
    Turn(RoundRobinChip& chip, uint32_t outLink, uint32_t onBehalfOf)
        : m_chip(chip),
          m_output(chip.m_ports.GetOutput(outLink)),
          m_outLink(outLink),
          m_onBehalfOf(onBehalfOf),
          m_now(chip.m_clock.Now())
    {
    }

    /** @return whether somebody asks. */
    bool HasWaiting() const
    {
        return m_output.requests.HasRequests();
    }

    /** @return whether there is a queue between crossbar and wire. */
    bool HasQueue() const
    {
        return m_output.GetQueueFlits() != 0;
    }

    /** Look at the output again. @param [in] at When. */
    void LookAt(Tick at)
    {
        m_chip.m_ports.LookAtOutput(m_outLink, at);
    }

    /**
     * Go round those who ask.
     * @param [in,out] look Gets what they wait for.
     * @return whether one was granted.
     */
    [[gnu::always_inline]] bool SendNext(LinkLook& look)
    {
        Round round(m_output.requests, m_output.keptRequest, m_output.GetClasses());
        uint32_t passed = NONE;
        m_keptVcs = 0;
        for (uint32_t request = round.Next(); request != NONE; request = round.Next())
        {
            const Packet& packet = m_chip.GetHead(m_output, request);
            const WhyNot whyNot = Ask(request, packet, look);
            if (whyNot == WhyNot::GO)
            {
                NotePassed(round, request, passed);
                if (look.Lacks(packet.outVc)) [[unlikely]]
                {
                    // Lacks what goes now.
                    passed = m_chip.FindShort(m_output, round.GetFirst(), packet.outVc);
                }
                Grant(packet.in, request, passed);
                return true;
            }
            if (whyNot == WhyNot::LANE && passed == NONE)
            {
                passed = request;
            }
        }
        return false;
    }

  private:
    /** @return why a request can't go now; that is noted. */
    WhyNot Ask(uint32_t request, const Packet& packet, LinkLook& look)
    {
        const Tick accept = m_chip.GetAcceptTime(m_outLink, packet.flits);
        if (accept > m_now)
        {
            look.WaitsElsewhere();
            look.LookAgain(accept);
            return WhyNot::WIRE;
        }
        if (!packet.hasOutCredit && !HasCredit(packet, look))
        {
            if (request == m_output.keptRequest) [[unlikely]]
            {
                m_keptVcs = 1U << packet.outVc; // for it: nobody takes its credit
                m_chip.FreeInput(m_outLink);
            }
            return WhyNot::CREDIT;
        }
        if (!HasLane(request, packet.in))
        {
            m_chip.Lose(m_outLink, request, packet.in);
            look.WaitsElsewhere(packet.outVc);
            return WhyNot::LANE;
        }
        return WhyNot::GO;
    }

    /** @return whether there is credit for a packet. */
    bool HasCredit(const Packet& packet, LinkLook& look) const
    {
        if ((m_keptVcs >> packet.outVc & 1) != 0) [[unlikely]]
        {
            look.LookAgain(look.AskCredit(packet.outVc, packet.flits));
            return false;
        }
        return look.HasCredit(packet.outVc, packet.flits);
    }

    /** @return whether an input has a lane for a request, which it need not leave to others. */
    bool HasLane(uint32_t request, uint32_t in)
    {
        const InputPort& input = m_chip.m_ports.GetInput(in);
        if constexpr (Round::HAS_CLASSES)
        {
            const uint32_t keptFor = input.keptFor;
            if (keptFor != InputPort::NO_OUTPUT && keptFor != m_outLink &&
                m_chip.GoesBefore(m_output, request, m_chip.m_ports.GetOutput(keptFor).keptRequest))
            {
                m_chip.FreeInput(keptFor);
            }
        }
        if (input.lanes.GetFreeAt() > m_now)
        {
            return false;
        }
        // Nobody passes those who wait for a lane of this input.
        return (input.keptFor == InputPort::NO_OUTPUT && input.losers.empty()) ||
               in == m_onBehalfOf ||
               (request == m_output.keptRequest && input.keptFor == m_outLink);
    }

    /** A request goes: by traffic classes, see to it that who was passed does not miss again. */
    void NotePassed([[maybe_unused]] const Round& round,
                    [[maybe_unused]] uint32_t request,
                    [[maybe_unused]] uint32_t passed)
    {
        if constexpr (Round::HAS_CLASSES)
        {
            if (passed != NONE && m_chip.GoesBefore(m_output, passed, request))
            {
                m_chip.KeepFor(m_outLink, passed);
            }
            if (m_output.keptRequest != NONE && round.IsBehind(m_output.keptRequest))
            {
                m_chip.FreeInput(m_outLink); // its class may have to wait for long
            }
        }
    }

    /** Grant a request, and count the one that it passed, or NONE. */
    void Grant(uint32_t in, uint32_t request, uint32_t passed)
    {
        m_chip.Grant(m_outLink, in, request);
        if (m_output.parts && m_output.parts->stoodBack) [[unlikely]]
        {
            m_output.parts->stoodBack[request] = 0;
        }
        if (request == m_output.keptRequest) [[unlikely]]
        {
            m_chip.FreeInput(m_outLink);
            m_output.keptRequest = NONE;
        }
        if (passed != NONE) [[unlikely]]
        {
            m_chip.StandBack(m_output, passed);
        }
    }

    RoundRobinChip& m_chip; //!< The chip
    OutputPort& m_output;   //!< The output
    uint32_t m_outLink;     //!< Its link
    uint32_t m_onBehalfOf;  //!< Input whose turn it is, or NO_INPUT
    Tick m_now;             //!< The current time
    uint32_t m_keptVcs{0};  //!< VC whose credit is kept, as a bit
};

void
RoundRobinChip::Enqueue(uint32_t in, uint32_t index)
{
    m_links.TakeBack(m_pool[index].out);
    if (PutInQueue(in, index) != Joined::BEHIND_ANOTHER)
    {
        LookWhenAllAreIn(m_pool[index].out);
    }
}

bool
RoundRobinChip::IsOpen(uint32_t in, uint32_t out) const
{
    const InputPort& input = m_ports.GetInput(in);
    const OutputPort& output = m_ports.GetOutput(out);
    const Tick now = m_clock.Now();
    // Behind the first of a queue for several outputs packets wait of which these know nothing.
    return GetKind().voq && !GetClasses() && !output.requests.HasRequests() &&
           output.GetQueueFlits() == 0 && output.keptRequest == NONE && !output.look.IsPending() &&
           input.losers.empty() && input.keptFor == InputPort::NO_OUTPUT &&
           !input.look.IsPending() && input.lanes.GetFreeAt() <= now;
}

void
RoundRobinChip::Pass(uint32_t in, const Packet& packet, Tick through)
{
    InputPort& input = m_ports.GetInput(in);
    OutputPort& output = m_ports.GetOutput(packet.out);
    const uint32_t request = m_ports.GetRequest(input, packet);
    output.requests.Served(request);
    if (output.parts && output.parts->stoodBack) [[unlikely]]
    {
        output.parts->stoodBack[request] = 0;
    }
    input.lanes.Take(through);
}

void
RoundRobinChip::Hold(uint32_t in, uint32_t index, Tick at)
{
    PutInQueue(in, index);
    m_ports.LookAtOutput(m_pool[index].out, at);
}

void
RoundRobinChip::LookWhenAllAreIn(uint32_t outLink)
{
    const Tick now = m_clock.Now();
    const Tick wireFree = m_links.GetFreeAt(outLink);
    if (wireFree > now && m_ports.GetOutput(outLink).GetQueueFlits() == 0)
    {
        if (wireFree != NEVER) // a link that is down tells when it is up: CreditComes()
        {
            m_ports.LookAtOutput(outLink, wireFree);
        }
    }
    else if (m_clock.TakeLastTurn())
    {
        Arbitrate(outLink, NO_INPUT);
    }
    else
    {
        m_ports.LookAtOutput(outLink, now);
    }
}

void
RoundRobinChip::RaisedBehind(uint32_t outLink)
{
    m_ports.LookAtOutput(outLink, m_clock.Now());
}

void
RoundRobinChip::ServeOutput(uint32_t outLink)
{
    Arbitrate(outLink, NO_INPUT);
}

inline void
RoundRobinChip::Arbitrate(uint32_t outLink, uint32_t onBehalfOf)
{
    if (GetClasses()) [[unlikely]]
    {
        Turn<ClassRound> turn(*this, outLink, onBehalfOf);
        LinkServer(m_links, turn).Serve(outLink, m_clock.Now());
        return;
    }
    Turn<RequestRound> turn(*this, outLink, onBehalfOf);
    LinkServer(m_links, turn).Serve(outLink, m_clock.Now());
}

void
RoundRobinChip::Lose(uint32_t outLink, uint32_t request, uint32_t in)
{
    InputPort& input = m_ports.GetInput(in);
    const Tick laneFree = input.lanes.GetFreeAt();
    const Tick now = m_clock.Now();
    if (std::find(input.losers.begin(), input.losers.end(), outLink) == input.losers.end())
    {
        input.losers.push_back(outLink);
    }
    if (request == m_ports.GetOutput(outLink).keptRequest && input.keptFor == InputPort::NO_OUTPUT)
        [[unlikely]]
    {
        input.keptFor = outLink;
    }
    if (laneFree > now || input.keptFor == InputPort::NO_OUTPUT)
    {
        m_ports.LookAtInput(in, std::max(laneFree, now));
    }
}

void
RoundRobinChip::ServeInput(uint32_t in)
{
    InputPort& input = m_ports.GetInput(in);
    const Tick now = m_clock.Now();
    if (input.keptFor != InputPort::NO_OUTPUT) [[unlikely]]
    {
        Arbitrate(input.keptFor, in);
        if (input.keptFor != InputPort::NO_OUTPUT)
        {
            return; // FreeInput() brings us back
        }
    }
    std::vector<uint32_t> losers;
    losers.swap(input.losers);
    SortLosers(input, losers);
    for (std::size_t turn = 0; turn < losers.size(); ++turn)
    {
        if (input.lanes.GetFreeAt() > now)
        {
            // No lane is left: the rest stay ahead of those who have lost again meanwhile.
            std::vector<uint32_t> rest(losers.begin() + static_cast<std::ptrdiff_t>(turn),
                                       losers.end());
            for (const uint32_t again : input.losers)
            {
                if (std::find(rest.begin(), rest.end(), again) == rest.end())
                {
                    rest.push_back(again);
                }
            }
            input.losers = std::move(rest);
            break;
        }
        Arbitrate(losers[turn], in);
    }
    if (!input.losers.empty())
    {
        m_ports.LookAtInput(in, std::max(now, input.lanes.GetFreeAt()));
    }
}

uint32_t
RoundRobinChip::FindShort(const OutputPort& output, uint32_t first, uint32_t vc) const
{
    const auto findFrom = [&output](uint32_t from) {
        const uint32_t request = output.requests.FindFrom(from);
        return request == NONE ? output.requests.FindFrom(0) : request;
    };
    uint32_t request = findFrom(first);
    while (GetHead(output, request).outVc != vc)
    {
        request = findFrom(request + 1);
    }
    return request;
}

void
RoundRobinChip::StandBack(OutputPort& output, uint32_t request)
{
    std::unique_ptr<uint16_t[]>& stoodBack = output.MakeParts().stoodBack;
    if (!stoodBack)
    {
        stoodBack = std::make_unique<uint16_t[]>(GetRequests());
    }
    uint16_t& times = stoodBack[request];
    const uint32_t patience = GetPatience();
    times += times < patience;
    if (times == patience && output.keptRequest == NONE)
    {
        output.keptRequest = request;
    }
}

void
RoundRobinChip::FreeInput(uint32_t outLink)
{
    const uint32_t in = GetRequester(m_ports.GetOutput(outLink).keptRequest);
    InputPort& input = m_ports.GetInput(in);
    if (input.keptFor == outLink)
    {
        input.keptFor = InputPort::NO_OUTPUT;
        if (!input.losers.empty())
        {
            m_ports.LookAtInput(in, std::max(input.lanes.GetFreeAt(), m_clock.Now()));
        }
    }
}

bool
RoundRobinChip::Release(uint32_t outLink)
{
    // Nobody is owed a turn at it any more.
    OutputPort& output = m_ports.GetOutput(outLink);
    if (output.keptRequest != NONE)
    {
        FreeInput(outLink);
        output.keptRequest = NONE;
    }
    if (output.parts)
    {
        output.parts->stoodBack.reset();
    }
    return true;
}

bool
RoundRobinChip::GoesBefore(const OutputPort& output, uint32_t request, uint32_t other) const
{
    return output.GetClasses()->GetScheduler().IsStrict() &&
           GetClasses()->GetClass(request) < GetClasses()->GetClass(other);
}

void
RoundRobinChip::KeepFor(uint32_t outLink, uint32_t request)
{
    OutputPort& output = m_ports.GetOutput(outLink);
    const uint32_t kept = output.keptRequest;
    if (kept != NONE && kept != request)
    {
        if (!GoesBefore(output, request, kept))
        {
            return;
        }
        FreeInput(outLink);
    }
    output.keptRequest = request;
    InputPort& input = m_ports.GetInput(GetRequester(request));
    if (input.keptFor == InputPort::NO_OUTPUT)
    {
        input.keptFor = outLink;
    }
}

void
RoundRobinChip::SortLosers(const InputPort& input, std::vector<uint32_t>& losers) const
{
    const OutputClasses* const classes =
        losers.empty() ? nullptr : m_ports.GetOutput(losers.front()).GetClasses();
    if (!classes || !classes->GetScheduler().IsStrict())
    {
        return;
    }
    // VCs count up with their classes: the first request of the input is that of its best class.
    const uint32_t vcs = GetKind().vcs;
    const uint32_t first = input.port * vcs;
    const auto getClass = [&](uint32_t outLink) {
        const uint32_t request = m_ports.GetOutput(outLink).requests.FindFrom(first);
        return request < first + vcs ? GetClasses()->GetClass(request) : MOST_TRAFFIC_CLASSES;
    };
    std::stable_sort(losers.begin(), losers.end(), [&](uint32_t a, uint32_t b) {
        return getClass(a) < getClass(b);
    });
}

} // namespace mtlink
} // namespace ns3
