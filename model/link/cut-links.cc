/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "link/cut-links.h"

#include <algorithm>
#include <span>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Append bytes to a batch, their number before them. */
void
PutAll(Batch& batch, std::span<const std::byte> bytes)
{
    Put<uint64_t>(batch, bytes.size());
    batch.insert(batch.end(), bytes.begin(), bytes.end());
}

/** Take what PutAll() has put in, value by value. */
template <typename T, typename Take>
void
TakeAll(BatchReader& reader, Take take)
{
    BatchReader values(reader.Take(reader.Get<uint64_t>()));
    while (!values.IsEmpty())
    {
        take(values.Get<T>());
    }
}

} // namespace

CutLinks::CutLinks(uint32_t process, uint32_t processes, std::vector<LinkPlace> places)
    : m_process(process),
      m_places(std::move(places)),
      m_out(processes)
{
}

Tick
CutLinks::Pack(std::vector<Batch>& batches)
{
    for (std::size_t process = 0; process < m_out.size(); ++process)
    {
        Out& out = m_out[process];
        const bool hasSteps = process == 0 && !IsLeader() && !m_steps.empty();
        if (out.packets.empty() && out.credits.empty() && !hasSteps)
        {
            continue;
        }
        PutAll(batches[process], out.packets);
        PutAll(batches[process], out.credits);
        PutAll(batches[process],
               hasSteps ? std::as_bytes(std::span(m_steps)) : std::span<const std::byte>());
        out.packets.clear();
        out.credits.clear();
    }
    if (!IsLeader())
    {
        m_steps.clear();
    }
    return std::exchange(m_earliest, NEVER);
}

void
CutLinks::Unpack(BatchReader& reader, Taker& taker)
{
    if (reader.IsEmpty())
    {
        return;
    }
    TakeAll<PacketCrossing>(reader,
                            [&](const PacketCrossing& packet) { taker.TakePacket(packet); });
    TakeAll<CreditCrossing>(reader,
                            [&](const CreditCrossing& credit) { taker.TakeCredit(credit); });
    TakeAll<WaitStep>(reader, [this](const WaitStep& step) { m_steps.push_back(step); });
}

std::vector<WaitStep>
CutLinks::TakeSteps()
{
    // Of each process they are in order already.
    std::stable_sort(m_steps.begin(), m_steps.end(), [](const WaitStep& a, const WaitStep& b) {
        return a.at < b.at;
    });
    return std::exchange(m_steps, {});
}

} // namespace mtlink
} // namespace ns3
