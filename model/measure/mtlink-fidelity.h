/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FIDELITY_H
#define MTLINK_FIDELITY_H

#include <array>
#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What a figure is worth, the best first; of several, the last says what they are worth together.
 */
enum class Fidelity : uint8_t
{
    PACKET,      //!< Simulated packet by packet
    MEMO,        //!< Taken from an identical private part that was
    EXACT,       //!< Alone on its links, closed form: the same picosecond as packets
    FAIR,        //!< Shares its links with its like only
    APPROXIMATE, //!< Anything else
};

/** Number of words. */
inline constexpr std::size_t FIDELITIES = 5;

/** Words as in results, by Fidelity. */
inline constexpr std::array<const char*, FIDELITIES> FIDELITY_NAMES{"packet",
                                                                    "memo",
                                                                    "exact",
                                                                    "fair",
                                                                    "approximate"};

/** What APPROXIMATE has meant of collectives that flows may stand for; validation family `flow`. */
inline constexpr const char* APPROXIMATE_MEANS =
    "approximate: within 10 % of packets as a rule, 21 % at worst, where measured";

/**
 * @ingroup mtlink
 * @param [in] fidelity A word.
 * @return its name in results.
 */
constexpr const char*
GetFidelityName(Fidelity fidelity)
{
    return FIDELITY_NAMES[static_cast<std::size_t>(fidelity)];
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_FIDELITY_H
