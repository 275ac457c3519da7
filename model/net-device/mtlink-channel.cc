/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-channel.h"

#include "net-device/ip-header.h"

#include "ns3/abort.h"
#include "ns3/channel-list.h"
#include "ns3/log.h"
#include "ns3/mtlink-error.h"
#include "ns3/mtlink-net-device.h"
#include "ns3/node.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

using namespace mtlink;

NS_LOG_COMPONENT_DEFINE("MtlinkChannel");

NS_OBJECT_ENSURE_REGISTERED(MtlinkChannel);

namespace
{

constexpr uint32_t NO_FRAME = UINT32_MAX; //!< The end of the free ones
constexpr uint32_t LEAST_TREE = 3;        //!< Endpoints: with two there is one copy

/** @return the cookie of a frame's copy to an endpoint. */
uint64_t
MakeCookie(uint32_t frame, uint32_t endpoint)
{
    return uint64_t{frame} << 32 | endpoint;
}

/** @return the frame of a cookie. */
uint32_t
GetFrame(uint64_t cookie)
{
    return static_cast<uint32_t>(cookie >> 32);
}

/** @return the lower half of a cookie: an endpoint, or a place in a tree. */
uint32_t
GetPlace(uint64_t cookie)
{
    return static_cast<uint32_t>(cookie);
}

/** Call a device's function now, as an event of its node. */
template <typename... Arguments, typename... Values>
void
CallSoon(const Ptr<MtlinkNetDevice>& device,
         void (MtlinkNetDevice::*function)(Arguments...),
         Values... values)
{
    Simulator::ScheduleWithContext(device->GetNode()->GetId(),
                                   Time(0),
                                   function,
                                   device,
                                   values...);
}

} // namespace

TypeId
MtlinkChannel::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MtlinkChannel")
                            .SetParent<Channel>()
                            .SetGroupName("Mtlink")
                            .AddConstructor<MtlinkChannel>();
    return tid;
}

Ptr<MtlinkChannel>
MtlinkChannel::Of(Ptr<MtlinkFabric> fabric)
{
    for (uint32_t i = 0; i < ChannelList::GetNChannels(); ++i)
    {
        const Ptr<MtlinkChannel> channel = DynamicCast<MtlinkChannel>(ChannelList::GetChannel(i));
        if (channel && channel->m_fabric == fabric)
        {
            return channel;
        }
    }
    const Ptr<MtlinkChannel> channel = CreateObject<MtlinkChannel>();
    channel->SetFabric(fabric);
    return channel;
}

void
MtlinkChannel::SetFabric(Ptr<MtlinkFabric> fabric)
{
    m_fabric = fabric;
    m_endpoints.resize(fabric->GetEndpoints());
    const Topology& topology = fabric->GetTopology();
    for (uint32_t link = 0; link < topology.GetLinks().size(); ++link)
    {
        const uint32_t to = topology.GetLinks()[link].to;
        if (topology.IsEndpoint(to))
        {
            m_endpoints[to].linksIn.push_back(link);
        }
    }
    for (uint32_t endpoint = 0; endpoint < m_endpoints.size(); ++endpoint)
    {
        m_endpoints[endpoint].isUp = HasLinks(endpoint);
    }
    fabric->TraceConnectWithoutContext("LinkState",
                                       MakeCallback(&MtlinkChannel::LinkChanged, this));
}

void
MtlinkChannel::DoDispose()
{
    if (m_fabric)
    {
        m_fabric->TraceDisconnectWithoutContext("LinkState",
                                                MakeCallback(&MtlinkChannel::LinkChanged, this));
    }
    m_fabric = nullptr;
    m_devices.clear();
    m_frames.clear();
    Channel::DoDispose();
}

std::size_t
MtlinkChannel::GetNDevices() const
{
    return m_devices.size();
}

Ptr<NetDevice>
MtlinkChannel::GetDevice(std::size_t i) const
{
    return m_devices.at(i);
}

void
MtlinkChannel::Attach(Ptr<MtlinkNetDevice> device, uint32_t endpoint)
{
    NS_LOG_FUNCTION(this << device << endpoint);
    NS_ABORT_MSG_IF(endpoint >= m_endpoints.size(),
                    "the fabric has " << m_endpoints.size() << " endpoints, 0 to "
                                      << m_endpoints.size() - 1 << ": there is no endpoint "
                                      << endpoint);
    const auto index = static_cast<uint32_t>(m_devices.size());
    m_devices.push_back(device);
    if (m_endpoints[endpoint].devices.empty())
    {
        m_used.insert(std::lower_bound(m_used.begin(), m_used.end(), endpoint), endpoint);
    }
    m_endpoints[endpoint].devices.push_back(index);
    device->Join(this, index, endpoint);
}

void
MtlinkChannel::Learn(Mac48Address address, Ptr<MtlinkNetDevice> device)
{
    m_deviceOf[address] = device->GetIndex();
}

bool
MtlinkChannel::HasLinks(uint32_t endpoint) const
{
    const auto isUp = [this](uint32_t link) { return m_fabric->IsLinkUp(link); };
    const auto out = m_fabric->GetTopology().GetOutLinks(endpoint);
    const std::vector<uint32_t>& in = m_endpoints[endpoint].linksIn;
    return std::any_of(out.begin(), out.end(), isUp) && std::any_of(in.begin(), in.end(), isUp);
}

void
MtlinkChannel::LinkChanged(uint32_t link, bool)
{
    const Topology::Link& ends = m_fabric->GetTopology().GetLinks()[link];
    for (const uint32_t node : {ends.from, ends.to})
    {
        if (!m_fabric->GetTopology().IsEndpoint(node) || m_endpoints[node].isUp == HasLinks(node))
        {
            continue;
        }
        m_endpoints[node].isUp = !m_endpoints[node].isUp;
        for (const uint32_t device : m_endpoints[node].devices)
        {
            CallSoon(m_devices[device], &MtlinkNetDevice::LinkChanged);
        }
    }
}

uint32_t
MtlinkChannel::AddFrame(Ptr<Packet> packet, uint32_t from, uint32_t to)
{
    uint32_t index = m_freeFrame;
    if (index == NO_FRAME)
    {
        index = static_cast<uint32_t>(m_frames.size());
        m_frames.emplace_back();
    }
    else
    {
        m_freeFrame = m_frames[index].nextFree;
    }
    m_frames[index] = {packet, from, to, NO_TREE, 0, 0, NO_FRAME};
    return index;
}

void
MtlinkChannel::Transmit(const MtlinkNetDevice& device, Ptr<Packet> packet, Mac48Address to)
{
    NS_LOG_FUNCTION(this << packet << to);
    const uint32_t here = device.GetEndpoint();
    const auto known = to.IsGroup() ? m_deviceOf.end() : m_deviceOf.find(to);
    const bool isKnown = known != m_deviceOf.end();
    const uint32_t index =
        AddFrame(packet, device.GetIndex(), isKnown ? known->second : ALL_DEVICES);
    const uint32_t flow = GetFlowLabel(*packet);
    if (isKnown)
    {
        const uint32_t there = m_devices[known->second]->GetEndpoint();
        if (there != here)
        {
            Send(index, there, flow);
            return;
        }
    }
    else
    {
        SendToAll(index, flow);
    }
    Deliver(m_frames[index], here, false);
    if (m_frames[index].toSend == 0)
    {
        CallSoon(m_devices[device.GetIndex()], &MtlinkNetDevice::FrameSent, packet);
    }
    Release(index);
}

void
MtlinkChannel::Send(uint32_t index, uint32_t endpoint, uint32_t flow)
{
    Frame& frame = m_frames[index];
    ++frame.toSend;
    ++frame.toArrive;
    const MtlinkNetDevice& device = *m_devices[frame.from];
    const Message message{device.GetEndpoint(),
                          endpoint,
                          frame.packet->GetSize(),
                          flow,
                          device.GetTrafficClass()};
    m_fabric->Send(message, this, MakeCookie(index, endpoint));
}

void
MtlinkChannel::SendToAll(uint32_t index, uint32_t flow)
{
    const MtlinkNetDevice& device = *m_devices[m_frames[index].from];
    const uint32_t here = device.GetEndpoint();
    const uint32_t tree = GetTree(device.GetTrafficClass());
    if (tree == NO_TREE)
    {
        for (const uint32_t there : m_used)
        {
            if (there != here)
            {
                Send(index, there, flow);
            }
        }
        return;
    }
    Frame& frame = m_frames[index];
    const std::vector<uint32_t>& members = m_trees[tree].endpoints;
    const auto root = std::lower_bound(members.begin(), members.end(), here);
    frame.tree = tree;
    frame.toSend = 1;
    frame.toArrive = static_cast<uint32_t>(members.size()) - 1;
    GroupMessage message;
    message.group = m_trees[tree].group;
    message.action = GroupAction::MULTICAST;
    message.root = static_cast<uint32_t>(root - members.begin());
    message.bytes = frame.packet->GetSize();
    const uint32_t number = m_fabric->OpenGroupMessage(message, this, MakeCookie(index, 0));
    m_fabric->JoinGroupMessage(number, message.root);
}

uint32_t
MtlinkChannel::GetTree(uint8_t trafficClass)
{
    if (m_used.size() < LEAST_TREE)
    {
        return NO_TREE;
    }
    auto tree = std::find_if(m_trees.begin(), m_trees.end(), [&](const Tree& known) {
        return known.trafficClass == trafficClass && known.endpoints == m_used;
    });
    if (tree == m_trees.end())
    {
        tree = m_trees.insert(m_trees.end(), {trafficClass, m_used, NO_GROUP});
        try
        {
            tree->group = m_fabric->OpenGroup(m_used, 1, false, true, trafficClass);
        }
        catch (const ParameterError& error)
        {
            NS_LOG_LOGIC("frames for all are copied by their senders: " << error.what());
        }
    }
    return tree->group == NO_GROUP ? NO_TREE : static_cast<uint32_t>(tree - m_trees.begin());
}

uint32_t
MtlinkChannel::GetDestination(const Frame& frame, uint64_t cookie) const
{
    return frame.tree == NO_TREE ? GetPlace(cookie)
                                 : m_trees[frame.tree].endpoints[GetPlace(cookie)];
}

void
MtlinkChannel::Deliver(const Frame& frame, uint32_t endpoint, bool isMarked)
{
    if (frame.to != ALL_DEVICES)
    {
        if (frame.to != frame.from)
        {
            CallSoon(m_devices[frame.to], &MtlinkNetDevice::Receive, frame.packet, isMarked);
        }
        return;
    }
    for (const uint32_t device : m_endpoints[endpoint].devices)
    {
        if (device != frame.from)
        {
            CallSoon(m_devices[device], &MtlinkNetDevice::Receive, frame.packet, isMarked);
        }
    }
}

void
MtlinkChannel::MessageSent(uint64_t cookie)
{
    Frame& frame = m_frames[GetFrame(cookie)];
    if (--frame.toSend == 0)
    {
        CallSoon(m_devices[frame.from], &MtlinkNetDevice::FrameSent, frame.packet);
    }
    Release(GetFrame(cookie));
}

void
MtlinkChannel::MessageDelivered(uint64_t cookie)
{
    Frame& frame = m_frames[GetFrame(cookie)];
    ++m_delivered;
    m_deliveredBytes += frame.packet->GetSize();
    --frame.toArrive;
    // What a tree copies carries no marks.
    const bool isMarked = frame.tree == NO_TREE && m_fabric->WasMarked();
    Deliver(frame, GetDestination(frame, cookie), isMarked);
    Release(GetFrame(cookie));
}

void
MtlinkChannel::MessageLost(uint64_t cookie)
{
    Frame& frame = m_frames[GetFrame(cookie)];
    ++m_lost;
    --frame.toArrive;
    for (const uint32_t device : m_endpoints[GetDestination(frame, cookie)].devices)
    {
        if (frame.to == ALL_DEVICES || frame.to == device)
        {
            CallSoon(m_devices[device], &MtlinkNetDevice::Lose, frame.packet);
        }
    }
    Release(GetFrame(cookie));
}

void
MtlinkChannel::Release(uint32_t index)
{
    Frame& frame = m_frames[index];
    if (frame.toSend == 0 && frame.toArrive == 0)
    {
        frame.packet = nullptr;
        frame.nextFree = m_freeFrame;
        m_freeFrame = index;
    }
}

} // namespace ns3
