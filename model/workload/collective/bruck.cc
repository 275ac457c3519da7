/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/bruck.h"

#include "workload/collective/direct.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/** all_gather, a strand for each lot. */
class BruckGatherProgram : public CollectiveProgram
{
  public:
    /** @param [in] context What to do. */
    explicit BruckGatherProgram(const CollectiveContext& context)
        : m_size(context.Size())
    {
        m_strands = context.Lots(context.spec.bytes / m_size);
        m_layout = ChunkLayout(PartsOf(context.Whole(), m_size), m_strands);
    }

    Transfers Open(uint32_t member, uint32_t lot, bool) const override
    {
        const uint32_t n = m_size;
        const Rounds rounds(n, uint64_t{lot} * std::bit_width(n - 1));
        uint32_t round = 0;
        for (uint32_t distance = 1; distance < n; distance *= 2)
        {
            const uint32_t count = std::min(distance, n - distance);
            const auto leg = [&](uint32_t holder, uint32_t peer) {
                // From the sender's own chunk on, round the end.
                const uint32_t end = std::min(holder + count, n);
                return Leg{rounds.Place(round, holder),
                           peer,
                           m_layout.Of(lot, holder, end),
                           lot,
                           m_layout.Of(lot, 0, holder + count - end)};
            };
            const uint32_t from = (member + distance) % n;
            co_yield SendOf(leg(member, (member + n - distance) % n));
            co_yield ReceiveOf(leg(from, from));
            ++round;
        }
    }

  private:
    uint32_t m_size; //!< Members
};

/** all_to_all. */
class BruckExchangeProgram : public CollectiveProgram
{
  public:
    /** @param [in] context What to do. */
    explicit BruckExchangeProgram(const CollectiveContext& context)
        : m_size(context.Size()),
          m_data(context)
    {
    }

    Transfers Open(uint32_t member, uint32_t, bool wantsData) const override
    {
        const uint32_t n = m_size;
        const Rounds rounds(n);
        std::vector<std::pair<uint32_t, uint64_t>> received; // distance of the round, place
        std::vector<Segment> segments;
        std::vector<uint64_t> after;
        uint32_t round = 0;
        for (uint32_t distance = 1; distance < n; distance *= 2)
        {
            // What goes this far of all that a member holds by now.
            const auto collect = [&](uint32_t holder) {
                uint64_t bytes = 0;
                segments.clear();
                for (uint32_t way = distance; way < n; ++way)
                {
                    if (way & distance)
                    {
                        const uint32_t src = (holder + n - (way & (distance - 1))) % n;
                        const Segment segment = m_data.Of(src, (src + way) % n);
                        bytes += segment.bytes;
                        if (wantsData)
                        {
                            segments.push_back(segment);
                        }
                    }
                }
                return bytes;
            };
            after.clear();
            for (const auto& [earlier, place] : received)
            {
                if ((earlier | distance) < n)
                {
                    after.push_back(place);
                }
            }
            Transfer send = SendOf({rounds.Place(round, member), (member + distance) % n, {}, 0});
            send.bytes = collect(member);
            send.data = segments;
            send.after = after;
            co_yield send;
            const uint32_t from = (member + n - distance) % n;
            Transfer receive = ReceiveOf({rounds.Place(round, from), from, {}, 0});
            receive.bytes = collect(from);
            co_yield receive;
            if (receive.bytes > 0)
            {
                received.emplace_back(distance, receive.place);
            }
            ++round;
        }
    }

  private:
    uint32_t m_size;     //!< Members
    ExchangeData m_data; //!< Who sends what
};

/** barrier. */
class DisseminationProgram : public CollectiveProgram
{
  public:
    /** @param [in] context What to do. */
    explicit DisseminationProgram(const CollectiveContext& context)
        : m_size(context.Size())
    {
    }

    Transfers Open(uint32_t member, uint32_t, bool) const override
    {
        const Rounds rounds(m_size);
        std::vector<uint64_t> heard;
        uint32_t round = 0;
        for (uint32_t distance = 1; distance < m_size; distance *= 2)
        {
            const uint32_t from = (member + m_size - distance) % m_size;
            Transfer send =
                SendOf({rounds.Place(round, member), (member + distance) % m_size, {}, 0});
            send.bytes = 1;
            send.after = heard;
            co_yield send;
            Transfer receive = ReceiveOf({rounds.Place(round, from), from, {}, 0});
            receive.bytes = 1;
            co_yield receive;
            heard.push_back(receive.place);
            ++round;
        }
    }

  private:
    uint32_t m_size; //!< Members
};

} // namespace

ProgramPointer
AllGatherByBruck(const CollectiveContext& context)
{
    return std::make_shared<BruckGatherProgram>(context);
}

ProgramPointer
AllToAllByBruck(const CollectiveContext& context)
{
    return std::make_shared<BruckExchangeProgram>(context);
}

ProgramPointer
BarrierByDissemination(const CollectiveContext& context)
{
    return std::make_shared<DisseminationProgram>(context);
}

} // namespace mtlink
} // namespace ns3
