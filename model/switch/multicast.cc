/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/multicast.h"

#include "ns3/mtlink-topology.h"

namespace ns3
{
namespace mtlink
{

Multicast::Multicast(PacketPool& pool, Links& links, MulticastQueues& queues)
    : m_pool(pool),
      m_links(links),
      m_queues(queues)
{
}

uint32_t
Multicast::OpenDistributor(uint32_t chip, std::vector<MulticastOutput> outputs)
{
    m_distributors.push_back({chip, std::move(outputs)});
    return static_cast<uint32_t>(m_distributors.size() - 1);
}

void
Multicast::Arrive(uint32_t link, uint32_t index)
{
    const Packet& packet = m_pool[index];
    const Distributor& distributor = m_distributors[packet.via];
    uint32_t copies = 0;
    for (const MulticastOutput& output : distributor.outputs)
    {
        copies += output.link != Topology::Reverse(link);
    }
    uint32_t record = m_freeRecord;
    if (record == NO_RECORD)
    {
        record = static_cast<uint32_t>(m_records.size());
        m_records.emplace_back();
    }
    else
    {
        m_freeRecord = m_records[record].link;
    }
    m_records[record] = {link,
                         packet.flits,
                         copies,
                         packet.vc,
                         0,
                         {PacketExit::NO_LINK, 0, m_links.GetArrival(link, packet)}};
    Spread(distributor, index, Topology::Reverse(link), record);
}

void
Multicast::Distribute(uint32_t distributor, uint32_t index)
{
    Spread(m_distributors[distributor], index, MulticastOutput::NO_OUTPUT, NO_RECORD);
}

void
Multicast::Spread(const Distributor& distributor, uint32_t index, uint32_t back, uint32_t record)
{
    // The packet itself goes by the last output. It is copied before it may leave.
    uint32_t last = static_cast<uint32_t>(distributor.outputs.size()) - 1;
    last -= distributor.outputs[last].link == back ? 1 : 0;
    const Packet original = m_pool[index];
    for (uint32_t i = 0; i <= last; ++i)
    {
        const MulticastOutput& output = distributor.outputs[i];
        if (output.link == back)
        {
            continue;
        }
        uint32_t copy = index;
        if (i < last)
        {
            copy = m_pool.Allocate();
            m_pool[copy] = original;
        }
        m_pool[copy].flow = record;
        Send(distributor.chip, output, copy);
    }
}

void
Multicast::Send(uint32_t chip, const MulticastOutput& output, uint32_t index)
{
    Packet& packet = m_pool[index];
    packet.kind = output.kind;
    packet.via = output.via;
    packet.out = output.link;
    packet.outVc = output.vc;
    packet.outVcClass = 0;
    m_queues.EnqueueCopy(chip, index);
}

void
Multicast::Leave(uint32_t index, Tick through, uint32_t out, uint32_t outVc)
{
    if (index == NO_RECORD)
    {
        return;
    }
    Record& record = m_records[index];
    if (through >= record.through)
    {
        record.through = through;
        record.exit.link = out;
        record.exit.vc = outVc;
    }
    if (--record.copies == 0)
    {
        const Record done = record;
        record.link = m_freeRecord;
        m_freeRecord = index;
        m_links.ReturnCredit(done.link, done.vc, done.flits, done.through, done.exit);
    }
}

} // namespace mtlink
} // namespace ns3
