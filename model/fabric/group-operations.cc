/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fabric/group-operations.h"

#include "engine/time-limit.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <set>
#include <string>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return a word for a member of an operation. */
uint64_t
MakeWord(uint64_t operation, uint32_t member)
{
    return operation << 24 | member;
}

} // namespace

GroupOperations::GroupOperations(Parts parts)
    : m_parts(std::move(parts)),
      m_builder(m_parts.topology, m_parts.routing)
{
    m_parts.endpoints.GetDeliveries().SetGroupReceiver(this);
}

void
GroupOperations::CheckChips(const GroupTree& tree, bool reduces, bool copies) const
{
    for (const GroupTree::Node& node : tree.nodes)
    {
        const SwitchProfile& chip = *m_parts.chip(node.node);
        const auto refuse = [&](const char* key) {
            throw ParameterError("algorithm",
                                 "in_network needs switches with " + std::string(key) +
                                     ": true, and " + m_parts.topology.GetName(node.node) +
                                     " has none");
        };
        if (reduces && !chip.HasReduction())
        {
            refuse("reduction");
        }
        if (copies && !chip.HasMulticast())
        {
            refuse("multicast");
        }
    }
}

uint32_t
GroupOperations::OpenGroup(std::span<const uint32_t> members,
                           uint32_t channels,
                           bool reduces,
                           bool copies,
                           uint8_t trafficClass)
{
    std::vector<uint32_t> key(members.begin(), members.end());
    key.insert(key.end(), {channels, reduces ? 1U : 0U, copies ? 1U : 0U, trafficClass});
    for (uint32_t i = 0; i < m_groups.size(); ++i)
    {
        if (m_groups[i].key == key)
        {
            return m_groups[i].members.empty() ? NO_GROUP : i;
        }
    }
    const std::set<uint32_t> distinct(members.begin(), members.end());
    if (distinct.size() < members.size() || members.size() < 2)
    {
        throw ParameterError("algorithm",
                             "in_network needs two members or more, each on an endpoint of its "
                             "own");
    }
    Group group;
    group.members.assign(members.begin(), members.end());
    group.key = std::move(key);
    group.trafficClass = trafficClass;
    for (GroupTree& shape : m_builder.Build(members, channels))
    {
        CheckChips(shape, reduces, copies);
        Tree tree;
        tree.shape = std::move(shape);
        group.trees.push_back(std::move(tree));
    }
    group.next = static_cast<uint32_t>(m_groups.size() % group.trees.size());
    if (!Admit(group, reduces))
    {
        group.members.clear();
        m_groups.push_back(std::move(group));
        return NO_GROUP;
    }
    for (Tree& tree : group.trees)
    {
        OpenTree(group, tree, reduces, copies);
    }
    m_groups.push_back(std::move(group));
    return static_cast<uint32_t>(m_groups.size() - 1);
}

bool
GroupOperations::Admit(Group& group, bool reduces)
{
    if (!reduces)
    {
        group.holds = true;
        group.keeps = true;
        return true;
    }
    // A chip's contexts are shared by the group's trees that combine there.
    std::map<uint32_t, uint32_t> trees;
    for (const Tree& tree : group.trees)
    {
        for (const GroupTree::Node& node : tree.shape.nodes)
        {
            trees[node.node] += node.children.size() > 1 ? 1 : 0;
        }
    }
    std::map<uint32_t, uint32_t> contexts;
    bool keeps = false;
    for (Tree& tree : group.trees)
    {
        tree.window = UINT32_MAX;
        for (const GroupTree::Node& node : tree.shape.nodes)
        {
            if (node.children.size() < 2)
            {
                continue;
            }
            const SwitchProfile& chip = *m_parts.chip(node.node);
            const uint32_t link = node.children[0].link;
            const Ptr<const LinkProfile> wire = m_parts.links.GetSpec(link).profile;
            const uint32_t usable =
                chip.GetUsableContexts(uint64_t{wire->GetFlits(m_parts.packet)} * wire->GetFlit());
            m_free.try_emplace(node.node, usable);
            if (usable < trees[node.node])
            {
                throw ParameterError("algorithm",
                                     "in_network has " + std::to_string(trees[node.node]) +
                                         " trees in " + m_parts.topology.GetName(node.node) +
                                         ", which has " + std::to_string(usable) +
                                         " reduction contexts: fewer channels, or larger "
                                         "switch.reduction_contexts or reduction_memory");
            }
            tree.window = std::min(
                {tree.window, chip.GetReductionGroupContexts(), usable / trees[node.node]});
            keeps = chip.GetReductionOverflow() == SwitchProfile::FALL_BACK;
        }
        for (const GroupTree::Node& node : tree.shape.nodes)
        {
            contexts[node.node] += node.children.size() > 1 ? tree.window : 0;
        }
    }
    for (const auto& [node, count] : contexts)
    {
        if (count > 0)
        {
            group.contexts.emplace_back(node, count);
        }
    }
    group.keeps = keeps;
    if (keeps)
    {
        if (!HasRoom(group))
        {
            return false;
        }
        Hold(group, true);
    }
    return true;
}

void
GroupOperations::OpenTree(Group& group, Tree& tree, bool reduces, bool copies)
{
    const auto members = static_cast<uint32_t>(group.members.size());
    const GroupTree& shape = tree.shape;
    // Groups and trees take turns over the VCs of their traffic class.
    const VcLayout layout = m_parts.layout(shape.injection[0]);
    const auto turn = static_cast<uint32_t>(m_groups.size() +
                                            static_cast<std::size_t>(&tree - group.trees.data()));
    tree.vc = layout.Choose(group.trafficClass, 0, turn);
    tree.firstDelivery = static_cast<uint32_t>(m_deliveries.size());
    for (uint32_t member = 0; member < members; ++member)
    {
        m_deliveries.emplace_back(group.members[member], member);
    }
    Multicast& multicast = m_parts.switches.GetMulticast();

    // Copies: a switch's distributor is named by those of its neighbours, so all are numbered
    // first. Distributors are opened one after another.
    std::vector<std::vector<MulticastOutput>> outputs(shape.nodes.size());
    const uint32_t first = multicast.GetSize();
    for (uint32_t i = 0; copies && i < shape.nodes.size(); ++i)
    {
        const GroupTree::Node& node = shape.nodes[i];
        for (const GroupTree::Child& child : node.children)
        {
            const uint32_t via = (child.isMember ? tree.firstDelivery : first) + child.index;
            outputs[i].push_back({child.link, via, tree.vc, COPY});
        }
        if (node.up != NO_LINK)
        {
            outputs[i].push_back({node.up, first + node.parent, tree.vc, COPY});
        }
    }
    for (uint32_t i = 0; copies && i < shape.nodes.size(); ++i)
    {
        const uint32_t chip = m_parts.switches.GetGroupParts(shape.nodes[i].node).chip;
        tree.distributors.push_back(multicast.OpenDistributor(chip, std::move(outputs[i])));
    }

    // Operands: parents come before their children.
    std::vector<MulticastOutput> in(shape.nodes.size()); // what an operand is at each switch
    for (uint32_t i = 0; reduces && i < shape.nodes.size(); ++i)
    {
        const GroupTree::Node& node = shape.nodes[i];
        const Switches::GroupParts parts = m_parts.switches.GetGroupParts(node.node);
        MulticastOutput up;
        if (node.up != NO_LINK)
        {
            up = in[node.parent];
            up.link = node.up;
        }
        in[i].vc = tree.vc;
        if (node.children.size() > 1)
        {
            in[i].kind = OPERAND;
            in[i].via = m_parts.switches.GetReductionUnits().OpenCollector(
                parts.unit,
                static_cast<uint32_t>(node.children.size()),
                tree.window,
                parts.chip,
                up);
        }
        else
        {
            in[i].kind = COPY;
            in[i].via = multicast.OpenDistributor(parts.chip, {up});
        }
    }
    const uint64_t window = m_parts.window / m_parts.packet;
    for (uint32_t member = 0; member < members; ++member)
    {
        TreeQueueSpec queue;
        queue.endpoint = group.members[member];
        queue.link = shape.injection[member];
        queue.vc = layout.Choose(0, 0, turn);
        queue.trafficClass = group.trafficClass;
        queue.window = m_parts.window == 0
                           ? 0
                           : static_cast<uint32_t>(std::clamp<uint64_t>(window, 1, UINT32_MAX));
        if (copies)
        {
            queue.kind = COPY;
            queue.via = tree.distributors[shape.leaf[member]];
            tree.out.push_back(m_parts.endpoints.OpenTreeQueue(queue));
        }
        if (reduces)
        {
            queue.kind = in[shape.leaf[member]].kind;
            queue.via = in[shape.leaf[member]].via;
            queue.window = queue.window == 0 ? tree.window : std::min(queue.window, tree.window);
            tree.up.push_back(m_parts.endpoints.OpenTreeQueue(queue));
        }
    }
}

uint32_t
GroupOperations::GetWayToMember(Tree& tree, uint32_t member)
{
    const auto [entry, isNew] = tree.toMember.try_emplace(member);
    if (isNew)
    {
        Multicast& multicast = m_parts.switches.GetMulticast();
        uint32_t via = tree.firstDelivery + member;
        uint32_t link = Topology::Reverse(tree.shape.injection[member]);
        for (uint32_t at = tree.shape.leaf[member];; at = tree.shape.nodes[at].parent)
        {
            const GroupTree::Node& node = tree.shape.nodes[at];
            via = multicast.OpenDistributor(m_parts.switches.GetGroupParts(node.node).chip,
                                            {{link, via, tree.vc, COPY}});
            if (node.up == NO_LINK)
            {
                break;
            }
            link = Topology::Reverse(node.up);
        }
        entry->second = via;
    }
    return entry->second;
}

std::vector<GroupOperations::Part>
GroupOperations::Cut(const Group& group, uint64_t bytes, uint32_t first) const
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
    if (overhead == 0)
    {
        OnEvent(number);
    }
    else
    {
        m_clock.Schedule(m_clock.Now() + overhead, this, number);
    }
}

void
GroupOperations::OnEvent(uint64_t word)
{
    const auto number = static_cast<uint32_t>(word);
    if (--m_operations[number].joins > 0)
    {
        return;
    }
    m_waiting.push_back(number);
    ServeWaiting();
}

bool
GroupOperations::HasRoom(const Group& group) const
{
    return std::all_of(group.contexts.begin(), group.contexts.end(), [this](const auto& need) {
        return m_free.at(need.first) >= need.second;
    });
}

void
GroupOperations::Hold(Group& group, bool take)
{
    group.holds = take;
    for (const auto& [node, count] : group.contexts)
    {
        m_free.at(node) += take ? -count : count;
    }
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
        Group& group = m_groups[m_operations[number].message.group];
        const bool isFree =
            group.keeps ||
            (std::none_of(group.contexts.begin(),
                          group.contexts.end(),
                          [&](const auto& need) { return claimed.count(need.first) > 0; }) &&
             (group.holds || HasRoom(group)));
        if (!isFree)
        {
            m_waiting.push_back(number);
            for (const auto& need : group.contexts)
            {
                claimed.insert(need.first);
            }
            continue;
        }
        if (!group.holds)
        {
            Hold(group, true);
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
    Group& group = m_groups[message.group];
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
        Tree& tree = group.trees[part.tree];
        part.packets.assign(Reduces(message) ? 0 : members, 0);
        uint32_t distributor = 0;
        if (message.action == GroupAction::ALL_REDUCE)
        {
            distributor = tree.distributors[0];
        }
        else if (message.action == GroupAction::REDUCE)
        {
            distributor = GetWayToMember(tree, message.root);
        }
        for (uint32_t member = 0; member < members; ++member)
        {
            if (operation.toSend[member] > 0)
            {
                const uint32_t queue = Reduces(message) ? tree.up[member] : tree.out[member];
                part.messages.push_back(m_parts.endpoints.SendIntoTree(queue,
                                                                       part.bytes,
                                                                       distributor,
                                                                       this,
                                                                       MakeWord(number, member)));
            }
        }
    }
    operation.parts = std::move(parts);
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
    return m_deliveries[packet.via].first;
}

void
GroupOperations::ArriveFromGroup(uint64_t cookie, const Packet& packet)
{
    const auto number = static_cast<uint32_t>(cookie >> MEMBER_BITS);
    Operation& operation = m_operations[number];
    Group& group = m_groups[operation.message.group];
    const auto members = static_cast<uint32_t>(group.members.size());
    const auto [endpoint, member] = m_deliveries[packet.via];
    const Tick now = m_clock.Now();
    const auto part =
        std::find_if(operation.parts.begin(), operation.parts.end(), [&](const Part& p) {
            const uint32_t first = group.trees[p.tree].firstDelivery;
            return packet.via >= first && packet.via < first + members;
        });
    Tree& tree = group.trees[part->tree];
    const uint32_t root = operation.message.root;
    switch (operation.message.action)
    {
    case GroupAction::ALL_REDUCE:
        m_parts.endpoints.AcknowledgeFromTree(tree.up[member], now);
        break;
    case GroupAction::REDUCE:
        for (uint32_t other = 0; other < members; ++other)
        {
            const Tick latency = GetLatency(endpoint, group.members[other]);
            m_parts.endpoints.AcknowledgeFromTree(tree.up[other], now + latency);
        }
        break;
    case GroupAction::MULTICAST: {
        const uint32_t place = part->packets[member]++ - part->reached;
        if (part->copies.size() <= place)
        {
            part->copies.resize(place + 1);
        }
        if (++part->copies[place] == members - 1)
        {
            // Packets come in order to each, so the first one is the first that all have.
            part->copies.pop_front();
            ++part->reached;
            const Tick latency = GetLatency(endpoint, group.members[root]);
            m_parts.endpoints.AcknowledgeFromTree(tree.out[root], now + latency);
        }
        break;
    }
    }
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
    Group& group = m_groups[operation.message.group];
    operation.parts.clear();
    operation.next = m_freeOperation;
    m_freeOperation = number;
    if (--group.active == 0 && !group.keeps)
    {
        Hold(group, false);
        ServeWaiting();
    }
}

Tick
GroupOperations::GetIdleTime(const GroupMessage& message) const
{
    const Group& group = m_groups[message.group];
    Tick longest = 0;
    for (const Part& part : Cut(group, message.bytes, 0))
    {
        const GroupTree& shape = group.trees[part.tree].shape;
        const uint64_t packets = (part.bytes + m_parts.packet - 1) / m_parts.packet;
        const uint64_t last = part.bytes - (packets - 1) * m_parts.packet;

        // Way of the first bit from below to each switch's unit, and of its result out of it; and
        // what is stored whole on the way, which is the same on all ways of equal length.
        struct Way
        {
            Tick latency{0};
            long double stored{0};
        };

        const auto longer = [](const Way& a, const Way& b) {
            return static_cast<long double>(a.latency) + a.stored <
                           static_cast<long double>(b.latency) + b.stored
                       ? b
                       : a;
        };
        long double slowest = 0;
        const auto cross = [&](Way way, uint32_t link) {
            const LinkSpec& spec = m_parts.links.GetSpec(link);
            const WireSpeed speed(spec.profile->GetBitRate(),
                                  spec.profile->GetFlit(),
                                  spec.profile->GetEncoding());
            const uint64_t full = spec.profile->GetFlits(m_parts.packet);
            const uint64_t tail = spec.profile->GetFlits(last);
            const long double flit = speed.GetFlitTime();
            slowest =
                std::max(slowest, flit * static_cast<long double>((packets - 1) * full + tail));
            way.latency = AddTicks(way.latency, ToTicks(spec.profile->GetLatency()));
            way.latency = AddTicks(way.latency, spec.pipeline);
            if (spec.whole && !spec.last)
            {
                way.stored += flit * static_cast<long double>(packets > 1 ? full : tail);
            }
            return way;
        };
        const auto combine = [&](Way way, const GroupTree::Node& node) {
            const SwitchProfile& chip = *m_parts.chip(node.node);
            if (node.children.size() > 1)
            {
                way.latency = AddTicks(way.latency, ToTicks(chip.GetReductionLatency()));
                if (chip.GetReductionRate() > 0)
                {
                    const LinkProfile& wire = *m_parts.links.GetSpec(node.children[0].link).profile;
                    const uint64_t flits =
                        (packets - 1) * wire.GetFlits(m_parts.packet) + wire.GetFlits(last);
                    slowest = std::max(slowest,
                                       static_cast<long double>(flits * wire.GetFlit()) * 1e12L /
                                           chip.GetReductionRate());
                }
            }
            return way;
        };
        std::vector<Way> up(shape.nodes.size());
        std::vector<Way> down(shape.nodes.size());
        const auto count = static_cast<uint32_t>(group.members.size());
        Way end;
        if (message.action == GroupAction::MULTICAST)
        {
            // From the root's member to each of the others, over their nearest common switch.
            std::map<uint32_t, Way> above;
            Way way = cross({}, shape.injection[message.root]);
            for (uint32_t at = shape.leaf[message.root];; at = shape.nodes[at].parent)
            {
                above[at] = way;
                if (shape.nodes[at].up == NO_LINK)
                {
                    break;
                }
                way = cross(way, shape.nodes[at].up);
            }
            for (uint32_t member = 0; member < count; ++member)
            {
                std::vector<uint32_t> links{Topology::Reverse(shape.injection[member])};
                uint32_t at = shape.leaf[member];
                for (; above.count(at) == 0; at = shape.nodes[at].parent)
                {
                    links.push_back(Topology::Reverse(shape.nodes[at].up));
                }
                Way to = above[at];
                for (auto link = links.rbegin(); link != links.rend() && member != message.root;
                     ++link)
                {
                    to = cross(to, *link);
                }
                end = member == message.root ? end : longer(end, to);
            }
        }
        else
        {
            for (uint32_t member = 0; member < count; ++member)
            {
                Way& at = up[shape.leaf[member]];
                at = longer(at, cross({}, shape.injection[member]));
            }
            for (uint32_t i = static_cast<uint32_t>(shape.nodes.size()); i-- > 0;)
            {
                up[i] = combine(up[i], shape.nodes[i]);
                if (i > 0)
                {
                    Way& at = up[shape.nodes[i].parent];
                    at = longer(at, cross(up[i], shape.nodes[i].up));
                }
            }
            down[0] = up[0];
            for (uint32_t i = 0; i < shape.nodes.size(); ++i)
            {
                for (const GroupTree::Child& child : shape.nodes[i].children)
                {
                    const Way way = cross(down[i], child.link);
                    if (!child.isMember)
                    {
                        down[child.index] = way;
                    }
                    else if (message.action == GroupAction::ALL_REDUCE ||
                             child.index == message.root)
                    {
                        end = longer(end, way);
                    }
                }
            }
        }
        longest = std::max(longest, AddTicks(end.latency, RoundToTicks(slowest + end.stored)));
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
