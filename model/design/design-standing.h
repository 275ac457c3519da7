/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DESIGN_STANDING_H
#define MTLINK_DESIGN_STANDING_H

#include "design/design-front.h"
#include "design/design-list.h"
#include "design/design-request.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Where all designs stand, by what is known of their figures.
 */
struct DesignStanding
{
    std::vector<FrontCandidate> candidates; //!< By design
    std::vector<FigureRange> limits;        //!< By DesignRequest::limits
    std::vector<FrontStatus> status;        //!< By design
};

/**
 * @ingroup mtlink
 * What designs are compared by: the figures of a request's objectives and limits, as ranges of
 * which less is better.
 */
class DesignScale
{
  public:
    /** By design and figure; those of which more is better are negative. */
    using Ranges = std::vector<std::vector<FigureRange>>;

    /**
     * @param [in] request The request; it outlives this.
     * @param [in] list Its designs.
     * @throws InputError for a limit of a full fat tree where there is none.
     */
    DesignScale(const DesignRequest& request, const DesignList& list);

    /** @return objectives and limits, each once, in order. */
    const std::vector<std::string>& GetNames() const
    {
        return m_names;
    }

    /**
     * @param [in] k Index into GetNames().
     * @return that of the figure in GetFigures(); nothing: it is of cost.
     */
    std::optional<std::size_t> GetRunFigure(std::size_t k) const
    {
        return m_runFigures[k];
    }

    /**
     * @param [in] k Index into GetNames().
     * @return -1 where more of the figure is better, else 1: times that, less is better.
     */
    double GetSign(std::size_t k) const
    {
        return m_signs[k];
    }

    /** @return the full fat tree of `within`, index of a design; nothing: no limit is of it. */
    std::optional<std::size_t> GetReference() const
    {
        return m_reference;
    }

    /** @return whether any objective is a figure of runs. */
    bool IsOfRuns() const;

    /**
     * Know what designs cost; what is known of their runs stays.
     * @param [in] list Designs, the same or at other costs.
     * @param [in,out] ranges What is known.
     */
    void SetCosts(const DesignList& list, Ranges& ranges) const;

    /** @return what is known before anything is run: costs. */
    Ranges Begin(const DesignList& list) const;

    /**
     * @param [in] ranges What is known.
     * @param [in] isOut By design, whether it can't be run.
     * @return where every design stands.
     */
    DesignStanding See(const Ranges& ranges, const std::vector<bool>& isOut) const;

  private:
    std::size_t FindIndex(const std::string& name) const;
    std::vector<FigureRange> GetLimits(const Ranges& ranges) const;

    const DesignRequest& m_request;
    std::vector<std::string> m_names;
    std::vector<std::optional<std::size_t>> m_runFigures; //!< By name
    std::vector<double> m_signs;                          //!< By name
    std::optional<std::size_t> m_reference;
};

/**
 * @ingroup mtlink
 * @param [in] name A figure's.
 * @return index into GetFigures(), or nothing: it is no figure of runs.
 */
std::optional<std::size_t> FindRunFigure(const std::string& name);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DESIGN_STANDING_H
