/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DESIGN_FRONT_H
#define MTLINK_DESIGN_FRONT_H

#include <cstddef>
#include <limits>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Between what a figure is, as far as it is known; the less of it the better.
 */
struct FigureRange
{
    /** Nothing is known of that end. */
    static constexpr double INFINITE = std::numeric_limits<double>::infinity();

    double least{0}; //!< It may be so good
    double most{0};  //!< ... and so bad

    /**
     * What a figure found with an error tells.
     * @param [in] value The figure.
     * @param [in] error Its error, a fraction of it, below 1.
     * @return between what it is.
     */
    static FigureRange Around(double value, double error);

    /** @return what lies in both; where nothing does, this one. */
    FigureRange Meet(const FigureRange& other) const;
};

/**
 * @ingroup mtlink
 * A design in a search for the front.
 */
struct FrontCandidate
{
    std::vector<FigureRange> objectives; //!< In the order of the request
    std::vector<FigureRange> limited;    //!< What must be at most `limits`
    bool isOut{false};                   //!< It can't be simulated: never on the front
};

/** What is known of a design and the front. */
enum class FrontStatus
{
    OPEN,      //!< It may be on it
    DOMINATED, //!< Another one that holds all limits is at least as good in all objectives, and
               //!< better in one
    BEYOND,    //!< It can't hold a limit
    OUT        //!< It can't be simulated
};

/**
 * @ingroup mtlink
 * See which designs can still reach the front: nothing leaves it but what is worse whatever the
 * true figures are. Where all ranges are single figures, those that are open are the front.
 * @param [in] candidates The designs.
 * @param [in] limits What FrontCandidate::limited must be at most; a range where that is itself
 *             known by a quick figure.
 * @return by candidate.
 */
std::vector<FrontStatus> SeeFront(const std::vector<FrontCandidate>& candidates,
                                  const std::vector<FigureRange>& limits);

/**
 * @ingroup mtlink
 * @param [in] candidate A design.
 * @param [in] limits As of SeeFront().
 * @return whether it holds them all, whatever the true figures are.
 */
bool HoldsSurely(const FrontCandidate& candidate, const std::vector<FigureRange>& limits);

/**
 * @ingroup mtlink
 * Find the open designs that would be the front if all were as good as they may be: what must be
 * looked at more closely before anything else can be told.
 * @param [in] candidates The designs.
 * @param [in] status What SeeFront() says of them.
 * @return indices, ascending.
 */
std::vector<std::size_t> FindHopeful(const std::vector<FrontCandidate>& candidates,
                                     const std::vector<FrontStatus>& status);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DESIGN_FRONT_H
