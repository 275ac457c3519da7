/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fabric/group-operations.h"

#include "engine/time-limit.h"
#include "fabric/group-idle-time.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint32_t MEMBER_BITS = 24; //!< Of a word, for a member

/** @return a word for a member of an operation. */
uint64_t
MakeWord(uint64_t operation, uint32_t member)
{
    return operation << MEMBER_BITS | member;
}

} // namespace

GroupOperations::GroupOperations(const GroupFabric& parts)
    : m_parts(parts),
      m_contexts(parts.topology, parts.links, parts.chip, parts.packet),
      m_groups(parts, m_contexts)
{
    m_parts.endpoints.GetDeliveries().SetGroupReceiver(this);
}

std::vector<GroupOperations::Part>
GroupOperations::Cut(const NetworkGroup& group, uint64_t bytes, uint32_t first) const
{
    const uint64_t packets = (bytes + m_parts.packet - 1) / m_parts.packet;
    const auto trees = static_cast<uint32_t>(group.trees.size());
    std::vector<Part> parts;
    for (uint32_t i = 0; i < trees && i < packets; ++i)
    {
        Part part;
        part.tree = (first + i) % trees;
        part.bytes = (packets - i + trees - 1) / trees * m_parts.packet;
        if ((packets - 1) % trees == i)
        {
            part.bytes -= packets * m_parts.packet - bytes; // the last one may be short
        }
        parts.push_back(std::move(part));
    }
    return parts;
}

uint32_t
GroupOperations::OpenGroupMessage(const GroupMessage& message,
                                  MessageClient* client,
                                  uint64_t cookie)
{
    uint32_t number = m_freeOperation;
    if (number == UINT32_MAX)
    {
        number = static_cast<uint32_t>(m_operations.size());
        m_operations.emplace_back();
    }
    else
    {
        m_freeOperation = m_operations[number].next;
    }
    Operation& operation = m_operations[number];
    operation = Operation{};
    operation.message = message;
    operation.client = client;
    operation.cookie = cookie;
    operation.joins =
        Reduces(message) ? static_cast<uint32_t>(m_groups[message.group].members.size()) : 1;
    return number;
}

void
GroupOperations::JoinGroupMessage(uint32_t number, uint32_t)
{
    const Tick overhead = m_parts.endpoints.GetMessageOverhead();
    const Tick at = AddTicks(m_clock.Now(), overhead);
    if (overhead == 0)
    {
        Join(number);
    }
    else if (m_joining.Add(at, number))
    {
        m_events.Schedule(at, 0);
    }
}

void
GroupOperations::OnEvent(uint64_t)
{
    const Tick next = m_joining.Take(m_clock.Now(), [this](uint32_t number) { Join(number); });
    if (next != NEVER)
    {
        m_events.Schedule(next, 0);
    }
}

void
GroupOperations::Join(uint32_t number)
{
    if (--m_operations[number].joins > 0)
    {
        return;
    }
    m_waiting.push_back(number);
    ServeWaiting();
}

bool
GroupOperations::CanStart(const ContextClaim& claim, const std::set<uint32_t>& claimed) const
{
    if (claim.keeps)
    {
        return true;
    }
    const bool isFree =
        std::none_of(claim.contexts.begin(), claim.contexts.end(), [&](const auto& need) {
            return claimed.count(need.first) > 0;
        });
    return isFree && (claim.holds || m_contexts.HasRoom(claim));
}

void
GroupOperations::ServeWaiting()
{
    // Who can't start keeps all its switches from those behind it.
    std::set<uint32_t> claimed;
    std::deque<uint32_t> waiting;
    waiting.swap(m_waiting);
    std::vector<uint32_t> ready;
    for (const uint32_t number : waiting)
    {
        NetworkGroup& group = m_groups[m_operations[number].message.group];
        if (!CanStart(group.claim, claimed))
        {
            m_waiting.push_back(number);
            for (const auto& need : group.claim.contexts)
            {
                claimed.insert(need.first);
            }
            continue;
        }
        if (!group.claim.holds)
        {
            m_contexts.Take(group.claim);
        }
        ++group.active;
        ready.push_back(number);
    }
    for (const uint32_t number : ready)
    {
        Start(number);
    }
}

void
GroupOperations::Start(uint32_t number)
{
    Operation& operation = m_operations[number];
    const GroupMessage message = operation.message;
    NetworkGroup& group = m_groups[message.group];
    const auto members = static_cast<uint32_t>(group.members.size());
    std::vector<Part> parts = Cut(group, message.bytes, group.next);
    group.next = (group.next + static_cast<uint32_t>(parts.size())) %
                 static_cast<uint32_t>(group.trees.size());
    operation.toSend.assign(members, 0);
    operation.toDeliver.assign(members, 0);
    for (uint32_t member = 0; member < members; ++member)
    {
        const bool isRoot = member == message.root;
        const bool sends = Reduces(message) || isRoot;
        const bool gets = message.action == GroupAction::ALL_REDUCE ||
                          isRoot == (message.action == GroupAction::REDUCE);
        operation.toSend[member] = sends ? static_cast<uint32_t>(parts.size()) : 0;
        operation.toDeliver[member] = gets ? message.bytes : 0;
        operation.left += (sends ? 1 : 0) + (gets ? 1 : 0);
    }
    // Only then does it send: sending may call back, and move the operations.
    for (Part& part : parts)
    {
        SendPart(number, group.trees[part.tree], part);
    }
    m_operations[number].parts = std::move(parts);
}

void
GroupOperations::SendPart(uint32_t number, NetworkTree& tree, Part& part)
{
    const GroupMessage message = m_operations[number].message;
    const auto members = static_cast<uint32_t>(tree.shape.injection.size());
    part.packets.assign(Reduces(message) ? 0 : members, 0);
    uint32_t distributor = 0;
    if (message.action == GroupAction::ALL_REDUCE)
    {
        distributor = tree.distributors[0];
    }
    else if (message.action == GroupAction::REDUCE)
    {
        distributor = m_groups.GetWayToMember(tree, message.root);
    }
    for (uint32_t member = 0; member < members; ++member)
    {
        if (m_operations[number].toSend[member] > 0)
        {
            const uint32_t queue = Reduces(message) ? tree.up[member] : tree.out[member];
            const uint64_t word = MakeWord(number, member);
            part.messages.push_back(
                m_parts.endpoints.SendIntoTree(queue, part.bytes, distributor, this, word));
        }
    }
}

void
GroupOperations::MessageSent(uint64_t cookie)
{
    const auto number = static_cast<uint32_t>(cookie >> MEMBER_BITS);
    const auto member = static_cast<uint32_t>(cookie & ((1U << MEMBER_BITS) - 1));
    Operation& operation = m_operations[number];
    if (--operation.toSend[member] == 0)
    {
        MessageClient* const client = operation.client;
        const uint64_t word = operation.cookie + member;
        Finish(number);
        client->MessageSent(word);
    }
}

Tick
GroupOperations::GetLatency(uint32_t from, uint32_t to)
{
    const auto [entry, isNew] = m_latencies.try_emplace(static_cast<uint64_t>(from) << 32 | to, 0);
    if (isNew && from != to)
    {
        entry->second = m_parts.latency(from, to);
    }
    return entry->second;
}

void
GroupOperations::MessageDelivered(uint64_t)
{
    // Messages into a tree are not delivered; their results come by ArriveFromGroup().
}

void
GroupOperations::MessageLost(uint64_t)
{
    // Likewise.
}

uint32_t
GroupOperations::GetEndpoint(const Packet& packet) const
{
    return m_groups.GetDelivery(packet.via).first;
}

void
GroupOperations::ArriveFromGroup(uint64_t cookie, const Packet& packet)
{
    const auto number = static_cast<uint32_t>(cookie >> MEMBER_BITS);
    Operation& operation = m_operations[number];
    const NetworkGroup& group = m_groups[operation.message.group];
    const uint32_t member = m_groups.GetDelivery(packet.via).second;
    const auto part =
        std::find_if(operation.parts.begin(), operation.parts.end(), [&](const Part& p) {
            const uint32_t first = group.trees[p.tree].firstDelivery;
            return packet.via >= first && packet.via < first + group.members.size();
        });
    Acknowledge(operation, *part, member);
    operation.toDeliver[member] -= packet.payload;
    if (operation.toDeliver[member] == 0)
    {
        MessageClient* const client = operation.client;
        const uint64_t word = operation.cookie + member;
        Finish(number);
        client->MessageDelivered(word);
    }
}

void
GroupOperations::Acknowledge(const Operation& operation, Part& part, uint32_t member)
{
    const NetworkGroup& group = m_groups[operation.message.group];
    const NetworkTree& tree = group.trees[part.tree];
    const auto members = static_cast<uint32_t>(group.members.size());
    const uint32_t root = operation.message.root;
    const Tick now = m_clock.Now();
    const auto acknowledge = [&](uint32_t queue, uint32_t to) {
        const Tick latency = GetLatency(group.members[member], group.members[to]);
        m_parts.endpoints.AcknowledgeFromTree(queue, now + latency);
    };
    switch (operation.message.action)
    {
    case GroupAction::ALL_REDUCE:
        m_parts.endpoints.AcknowledgeFromTree(tree.up[member], now);
        break;
    case GroupAction::REDUCE:
        for (uint32_t other = 0; other < members; ++other)
        {
            acknowledge(tree.up[other], other);
        }
        break;
    case GroupAction::MULTICAST: {
        const uint32_t place = part.packets[member]++ - part.reached;
        if (part.copies.size() <= place)
        {
            part.copies.resize(place + 1);
        }
        if (++part.copies[place] == members - 1)
        {
            // Packets come in order to each, so the first one is the first that all have.
            part.copies.pop_front();
            ++part.reached;
            acknowledge(tree.out[root], root);
        }
        break;
    }
    }
}

void
GroupOperations::Finish(uint32_t number)
{
    Operation& operation = m_operations[number];
    if (--operation.left > 0)
    {
        return;
    }
    for (const Part& part : operation.parts)
    {
        for (const uint32_t message : part.messages)
        {
            m_parts.endpoints.CloseTreeMessage(message);
        }
    }
    NetworkGroup& group = m_groups[operation.message.group];
    operation.parts.clear();
    operation.next = m_freeOperation;
    m_freeOperation = number;
    if (--group.active == 0 && !group.claim.keeps)
    {
        m_contexts.GiveBack(group.claim);
        ServeWaiting();
    }
}

Tick
GroupOperations::GetTreeTime(const NetworkTree& tree,
                             const GroupMessage& message,
                             uint64_t bytes) const
{
    GroupIdleTime idle(m_parts.links, m_parts.chip, tree.shape, m_parts.packet, bytes);
    return idle.GetTime(message.action, message.root);
}

Tick
GroupOperations::GetIdleTime(const GroupMessage& message) const
{
    const NetworkGroup& group = m_groups[message.group];
    Tick longest = 0;
    for (const Part& part : Cut(group, message.bytes, 0))
    {
        longest = std::max(longest, GetTreeTime(group.trees[part.tree], message, part.bytes));
    }
    return longest;
}

std::optional<Tick>
GroupOperations::EstimateTime(std::span<const uint32_t> members,
                              uint32_t channels,
                              const GroupMessage& message) const
{
    const bool copies = message.action != GroupAction::REDUCE;
    const auto group = m_groups.Plan(members, channels, Reduces(message), copies);
    if (!group)
    {
        return std::nullopt;
    }
    const uint64_t own = m_parts.window / m_parts.packet; // the endpoints' window
    Tick longest = 0;
    for (const Part& part : Cut(*group, message.bytes, 0))
    {
        const NetworkTree& tree = group->trees[part.tree];
        longest = std::max(longest, GetTreeTime(tree, message, part.bytes));
        const uint64_t contexts = tree.window == 0 ? UINT64_MAX : tree.window;
        const uint64_t window =
            std::min(contexts, m_parts.window == 0 ? UINT64_MAX : std::max<uint64_t>(own, 1));
        const uint64_t packets = (part.bytes + m_parts.packet - 1) / m_parts.packet;
        if (packets > window)
        {
            // All but an all_reduce's is answered for an idle latency later.
            Tick round = GetTreeTime(tree, message, m_parts.packet);
            const uint32_t other = message.root == 0 ? 1 : 0;
            round += message.action == GroupAction::ALL_REDUCE
                         ? 0
                         : m_parts.latency(members[message.root], members[other]);
            const double rounds = static_cast<double>(packets) / static_cast<double>(window);
            longest = std::max(longest, RoundToTicks(rounds * static_cast<double>(round)));
        }
    }
    return longest;
}

uint32_t
GroupOperations::GetLinks(uint32_t group) const
{
    const GroupTree& shape = m_groups[group].trees[0].shape;
    return static_cast<uint32_t>(2 * (shape.injection.size() + shape.nodes.size() - 1));
}

} // namespace mtlink
} // namespace ns3
