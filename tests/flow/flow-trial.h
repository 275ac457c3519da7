/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FLOW_TRIAL_H
#define MTLINK_FLOW_TRIAL_H

#include "../fabric/test-fabric.h"
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
                m_clock.Schedule(messages[i].at, this, i);
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
                m_clock.Schedule(std::max(now, m_messages[later].at), this, later);
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
};

/** A fabric, its knobs, and messages: to be run in packets and as flows. */
struct FlowTrial
{
    ns3::Ptr<ns3::mtlink::TopologyBuilder> layout; //!< The fabric
    uint32_t scopes{1};                            //!< Its own and its children's
    TestFabric knobs;                              //!< Parameters; not built
    std::vector<ScriptedMessage> messages;         //!< The load
    ns3::mtlink::RunResults results;               //!< Of the last run

    /** @return its parameters and a message, for who looks for an error. */
    std::string Describe(uint32_t message) const
    {
        std::string text;
        for (const Values* values : {&knobs.link, &knobs.chip, &knobs.endpoint, &knobs.routing})
        {
            for (const auto& [name, value] : *values)
            {
                text += name + " " + value + ", ";
            }
        }
        const ns3::mtlink::Message& m = messages[message].message;
        return text + "message " + std::to_string(m.src) + " to " + std::to_string(m.dst) + ", " +
               std::to_string(m.bytes) + " B, flow " + std::to_string(m.flow);
    }

    /** @return what packets do. */
    std::vector<Outcome> RunPackets()
    {
        const Simulation simulation;
        TestFabric test = knobs;
        test.Build(layout, scopes);
        Script script(*test.fabric, messages);
        ns3::Simulator::Run();
        test.fabric->Collect(results);
        return script.GetOutcomes();
    }

    /** @return what flows do. */
    std::vector<Outcome> RunFlows(bool sharesHistory = false)
    {
        using namespace ns3::mtlink;
        const Simulation simulation;
        TestFabric test = knobs;
        test.Build(layout, scopes);
        std::vector<FabricScope> list(scopes);
        for (FabricScope& scope : list)
        {
            scope.chip = ns3::DynamicCast<SwitchProfile>(MakeObject("SwitchProfile", test.chip));
            scope.routing =
                ns3::DynamicCast<RoutingProfile>(MakeObject("RoutingProfile", test.routing));
        }
        const auto endpoint =
            ns3::DynamicCast<EndpointProfile>(MakeObject("EndpointProfile", test.endpoint));
        FlowRoutes routes(DescribeFlowFabric(*test.fabric, list, *endpoint, test.seed));
        FlowSettings settings = MakeFlowSettings(*endpoint);
        settings.sharesHistory = sharesHistory;
        FlowTransport flows(routes, settings);
        Script script(flows, messages);
        ns3::Simulator::Run();
        test.fabric->Collect(results);
        CollectFlows(flows, routes, *test.fabric, results);
        return script.GetOutcomes();
    }
};

#endif // MTLINK_FLOW_TRIAL_H
