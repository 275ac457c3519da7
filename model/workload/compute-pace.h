/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_COMPUTE_PACE_H
#define MTLINK_COMPUTE_PACE_H

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * How fast the ranks of a replay compute, while they communicate and while they don't: computations
 * take 1 + slowdown of the time while anything of their rank's communication is under way. One
 * computation of a rank at a time.
 */
class ComputePace
{
  public:
    /** An end that has moved: of which operation, to when. */
    using MovedEnd = std::optional<std::pair<uint32_t, Tick>>;

    /**
     * @param [in] ranks How many.
     * @param [in] slowdown By how much of its time a computation takes longer, 0 or more.
     */
    ComputePace(uint32_t ranks, double slowdown);

    /** @return whether there is a slowdown at all. */
    bool IsNeeded() const
    {
        return m_slowdown > 0;
    }

    /**
     * A computation begins.
     * @param [in] rank Whose.
     * @param [in] operation It.
     * @param [in] duration Its time without slowdown, ps.
     * @param [in] slowed How much of that is slowed, ps; spread over all of it.
     * @param [in] now When.
     * @return its end, as far as one can tell now.
     */
    Tick Begin(uint32_t rank, uint32_t operation, Tick duration, Tick slowed, Tick now);

    /**
     * @param [in] rank A rank.
     * @param [in] operation Its computation.
     * @param [in] now Now.
     * @return whether it is over; if so the rank has none any more.
     */
    bool End(uint32_t rank, uint32_t operation, Tick now);

    /**
     * Some communication of a rank begins, or ends.
     * @param [in] rank The rank.
     * @param [in] begins Whether it begins.
     * @param [in] now When.
     * @return the end of its computation, if that moves.
     */
    MovedEnd Communicate(uint32_t rank, bool begins, Tick now);

  private:
    /** A rank. */
    struct Rank
    {
        uint32_t underWay{0};  //!< Communications
        uint32_t operation{0}; //!< That is computed
        bool isComputing{false};
        double left{0};   //!< Of its time without slowdown, ps
        double factor{1}; //!< Times that it takes while the rank communicates
        Tick since{0};    //!< When `left` was that
        Tick end{0};      //!< As far as known
    };

    /** @return the end of a rank's computation. */
    static Tick GetEnd(const Rank& rank);

    double m_slowdown;         //!< See above
    std::vector<Rank> m_ranks; //!< By number; empty: not needed
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_COMPUTE_PACE_H
