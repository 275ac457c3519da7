/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_TRIAL_H
#define MTLINK_FLOW_TRIAL_H

#include "../fabric/random-fabric.h"
#include "experiment/flow-fabric.h"
#include "flow/flow-routes.h"
#include "flow/flow-transport.h"

#include <memory>
#include <string>
#include <vector>

/** A message, and what it waits for. */
struct ScriptedMessage
{
    ns3::mtlink::Message message; //!< What
    ns3::mtlink::Tick at{0};      //!< Not before
    std::vector<uint32_t> after;  //!< Messages to its source that must be in
};

/** When it was what, and what that is worth. */
struct Outcome
{
    ns3::mtlink::Tick start{-1};  //!< Handed over
    ns3::mtlink::Tick sent{-1};   //!< Last bit out
    ns3::mtlink::Tick end{-1};    //!< Last bit in
    ns3::mtlink::Fidelity word{}; //!< What the transport said of it

    bool operator==(const Outcome&) const = default;
};

/** Sends messages when what they wait for is in. */
class Script : public ns3::mtlink::MessageClient, public ns3::mtlink::EventHandler
{
  public:
    Script(ns3::mtlink::Transport& transport, const std::vector<ScriptedMessage>& messages)
        : m_transport(transport),
          m_messages(messages),
          m_waits(messages.size()),
          m_outcomes(messages.size())
    {
        for (uint32_t i = 0; i < messages.size(); ++i)
        {
            m_waits[i] = messages[i].after.size();
            m_later.emplace_back();
        }
        for (uint32_t i = 0; i < messages.size(); ++i)
        {
            for (const uint32_t before : messages[i].after)
            {
                m_later[before].push_back(i);
            }
            if (m_waits[i] == 0)
            {
                m_events.Schedule(messages[i].at, i);
            }
        }
    }

    void OnEvent(uint64_t word) override
    {
        m_outcomes[word].start = m_clock.Now();
        m_transport.Send(m_messages[word].message, this, word);
    }

    void MessageSent(uint64_t cookie) override
    {
        m_outcomes[cookie].sent = m_clock.Now();
    }

    void MessageDelivered(uint64_t cookie) override
    {
        m_outcomes[cookie].end = m_clock.Now();
        m_outcomes[cookie].word = m_transport.GetFidelity();
        for (const uint32_t later : m_later[cookie])
        {
            if (--m_waits[later] == 0)
            {
                const ns3::mtlink::Tick now = m_clock.Now();
                m_events.Schedule(std::max(now, m_messages[later].at), later);
            }
        }
    }

    void MessageLost(uint64_t) override
    {
    }

    const std::vector<Outcome>& GetOutcomes() const
    {
        return m_outcomes;
    }

  private:
    ns3::mtlink::Transport& m_transport;
    const std::vector<ScriptedMessage>& m_messages;
    std::vector<std::size_t> m_waits;
    std::vector<std::vector<uint32_t>> m_later;
    std::vector<Outcome> m_outcomes;
    ns3::mtlink::EventClock m_clock;
    ns3::mtlink::EventChannel m_events{m_clock, *this, ns3::mtlink::EventPhase::START};
};

/** A fabric that is built, as a transport of packets. */
class PacketStage
{
  public:
    /** @param [in] what The fabric; must outlive this. */
    explicit PacketStage(const RandomFabric& what)
        : m_test(what.knobs)
    {
        m_test.Build(what.layout, what.scopes);
    }

    /** @return the fabric. */
    const ns3::Ptr<ns3::MtlinkFabric>& GetFabric() const
    {
        return m_test.fabric;
    }

    /** @return the transport. */
    ns3::mtlink::Transport& GetTransport()
    {
        return *m_test.fabric;
    }

    /** @return what the run, which is over, leaves. */
    ns3::mtlink::RunResults Collect() const
    {
        ns3::mtlink::RunResults results;
        m_test.fabric->Collect(results);
        return results;
    }

  protected:
    Simulation m_simulation; //!< Time
    TestFabric m_test;       //!< The fabric
};

/** The same as a transport of flows. */
class FlowStage : public PacketStage
{
  public:
    /**
     * @param [in] what The fabric; must outlive this.
     * @param [in] sharesHistory See FlowSettings.
     */
    explicit FlowStage(const RandomFabric& what, bool sharesHistory = false)
        : PacketStage(what)
    {
        using namespace ns3::mtlink;
        std::vector<FabricScope> list(what.scopes);
        for (FabricScope& scope : list)
        {
            scope.chip = ns3::DynamicCast<SwitchProfile>(MakeObject("SwitchProfile", m_test.chip));
            scope.routing =
                ns3::DynamicCast<RoutingProfile>(MakeObject("RoutingProfile", m_test.routing));
        }
        const auto endpoint =
            ns3::DynamicCast<EndpointProfile>(MakeObject("EndpointProfile", m_test.endpoint));
        m_routes = std::make_unique<FlowRoutes>(
            DescribeFlowFabric(*m_test.fabric, list, *endpoint, m_test.seed));
        FlowSettings settings = MakeFlowSettings(*endpoint);
        settings.sharesHistory = sharesHistory;
        m_flows = std::make_unique<FlowTransport>(*m_routes, settings);
    }

    /** @return the transport. */
    ns3::mtlink::FlowTransport& GetTransport()
    {
        return *m_flows;
    }

    /** @return what the run, which is over, leaves. */
    ns3::mtlink::RunResults Collect() const
    {
        ns3::mtlink::RunResults results = PacketStage::Collect();
        CollectFlows(*m_flows, *m_routes, *m_test.fabric, results);
        return results;
    }

  private:
    std::unique_ptr<ns3::mtlink::FlowRoutes> m_routes;   //!< The ways
    std::unique_ptr<ns3::mtlink::FlowTransport> m_flows; //!< What carries them
};

/** A fabric, its knobs, and messages: to be run in packets and as flows. */
struct FlowTrial : RandomFabric
{
    std::vector<ScriptedMessage> messages; //!< The load
    ns3::mtlink::RunResults results;       //!< Of the last run

    /** @return its parameters and a message, for who looks for an error. */
    std::string Describe(uint32_t message) const
    {
        const ns3::mtlink::Message& m = messages[message].message;
        return DescribeKnobs(*this) + "message " + std::to_string(m.src) + " to " +
               std::to_string(m.dst) + ", " + std::to_string(m.bytes) + " B, flow " +
               std::to_string(m.flow);
    }

    /** @return what packets do. */
    std::vector<Outcome> RunPackets()
    {
        PacketStage stage(*this);
        const Script script(stage.GetTransport(), messages);
        ns3::Simulator::Run();
        results = stage.Collect();
        return script.GetOutcomes();
    }

    /** @return what flows do. */
    std::vector<Outcome> RunFlows(bool sharesHistory = false)
    {
        FlowStage stage(*this, sharesHistory);
        const Script script(stage.GetTransport(), messages);
        ns3::Simulator::Run();
        results = stage.Collect();
        std::vector<Outcome> outcomes = script.GetOutcomes();
        for (std::size_t i = 0; i < outcomes.size(); ++i)
        {
            Outcome& outcome = outcomes[i]; // by what was seen until the end
            outcome.word =
                stage.GetTransport().Confirm(outcome.word, messages[i].message.dst, outcome.end);
        }
        return outcomes;
    }
};

#endif // MTLINK_FLOW_TRIAL_H
