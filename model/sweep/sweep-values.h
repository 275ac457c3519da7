/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_VALUES_H
#define MTLINK_SWEEP_VALUES_H

#include "sweep/sweep.h"

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Which values of a sweep some point accepts. A value all of whose points are refused is a mistake
 * of the sweep's; a point that is refused although others accept its values is a combination that
 * can't be.
 */
class SweepValues
{
  public:
    /** @param [in] sweep The sweep; must outlive this. */
    explicit SweepValues(const Sweep& sweep);

    /** A point can be run: so all of its values are accepted. */
    void Accept(const SweepPoint& point);

    /** A point is refused; @param [in] error Why. */
    void Refuse(const SweepPoint& point, const InputError& error);

    /** @return whether a point has a value that was not accepted so far. */
    bool IsWanted(const SweepPoint& point) const;

    /**
     * @param [in] strictness Which values are refused.
     * @throws InputError for a value whose points are all refused, with the reason of the first.
     */
    void Finish(SweepStrictness strictness = SweepStrictness::ALL) const;

  private:
    /** What is known of a value. */
    struct Value
    {
        std::size_t points{0};  //!< That have it
        std::size_t refused{0}; //!< Of them
        bool isAccepted{false}; //!< By one of them
    };

    const Sweep& m_sweep;                                             //!< The sweep
    std::vector<std::map<std::string, Value>> m_values;               //!< By key, by text
    std::vector<std::pair<const SweepPoint*, InputError>> m_refusals; //!< In order
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWEEP_VALUES_H
