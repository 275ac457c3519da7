/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "switch/islip-arbiter.h"

#include <algorithm>
#include <array>
#include <doctest/doctest.h>
#include <map>
#include <utility>

using namespace ns3::mtlink;

namespace
{

constexpr uint32_t PORTS = 3;

/** Cells in slots: of each input, which outputs it always has one for. */
class AlwaysWaiting : public CrossbarRequests
{
  public:
    using Pattern = std::array<uint32_t, PORTS>; //!< By input: bits of the outputs

    explicit AlwaysWaiting(const Pattern& pattern)
        : m_pattern(pattern)
    {
    }

    /** The next slot: all ports are free. */
    void Begin()
    {
        m_isInputBusy.fill(false);
        m_isOutputBusy.fill(false);
        ++m_slot;
    }

    /** @return the longest time that a cell has waited at the head of its queue, in slots. */
    uint32_t GetLongest() const
    {
        uint32_t longest = 0;
        for (uint32_t input = 0; input < PORTS; ++input)
        {
            for (uint32_t output = 0; output < PORTS; ++output)
            {
                const auto last = m_last.find({input, output});
                const bool waits = (m_pattern[input] >> output & 1) != 0;
                longest = std::max(longest,
                                   waits ? m_slot - (last == m_last.end() ? 0 : last->second) : 0);
            }
        }
        return std::max(longest, m_longest);
    }

    uint32_t GetPorts() const override
    {
        return PORTS;
    }

    uint32_t GetVcs() const override
    {
        return 1;
    }

    uint32_t FindRequest(uint32_t output, uint32_t from) override
    {
        for (uint32_t input = from; input < PORTS; ++input)
        {
            if (CanGo(output, input))
            {
                return input;
            }
        }
        return NONE;
    }

    bool CanGo(uint32_t output, uint32_t request) override
    {
        return (m_pattern[request] >> output & 1) != 0 && !m_isInputBusy[request] &&
               !m_isOutputBusy[output];
    }

    ns3::mtlink::Tick GetInjected(uint32_t, uint32_t) const override
    {
        return 0;
    }

    void Go(uint32_t output, uint32_t request) override
    {
        m_isInputBusy[request] = true;
        m_isOutputBusy[output] = true;
        uint32_t& last = m_last[{request, output}];
        m_longest = std::max(m_longest, m_slot - last);
        last = m_slot;
    }

  private:
    Pattern m_pattern;                                        //!< What waits
    std::array<bool, PORTS> m_isInputBusy{};                  //!< In this slot
    std::array<bool, PORTS> m_isOutputBusy{};                 //!< In this slot
    std::map<std::pair<uint32_t, uint32_t>, uint32_t> m_last; //!< Slot of the last cell
    uint32_t m_slot{0};                                       //!< Now, from 1
    uint32_t m_longest{0};                                    //!< So far
};

} // namespace

TEST_SUITE_BEGIN("switch");

TEST_CASE("iSLIP serves every queue within ports squared slots, whatever waits and by any rounds")
{
    // McKeown 1999: pointers that moved for later rounds too would starve some, as input 0 with
    // cells for 0, 1 and 2, input 1 for 2, input 2 for 0 and 2.
    for (uint32_t iterations = 0; iterations <= PORTS; ++iterations)
    {
        for (uint32_t bits = 0; bits < 1U << PORTS * PORTS; ++bits)
        {
            CAPTURE(iterations);
            CAPTURE(bits);
            const uint32_t mask = (1U << PORTS) - 1;
            AlwaysWaiting cells({bits & mask, bits >> PORTS & mask, bits >> 2 * PORTS & mask});
            IslipArbiter arbiter(PORTS, iterations);
            for (uint32_t slot = 0; slot < 100; ++slot)
            {
                cells.Begin();
                arbiter.Decide(cells);
                // As many rounds as it takes, or as there are ports: nobody who could go is left.
                for (uint32_t output = 0; output < PORTS && iterations % PORTS == 0; ++output)
                {
                    CHECK(cells.FindAround(output, 0) == CrossbarRequests::NONE);
                }
            }
            CHECK(cells.GetLongest() <= PORTS * PORTS);
        }
    }
}

TEST_SUITE_END();
