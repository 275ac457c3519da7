/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DESIGN_SEARCH_H
#define MTLINK_DESIGN_SEARCH_H

#include "design/design-front.h"
#include "design/design-list.h"
#include "design/design-request.h"

#include "ns3/mtlink-fidelity.h"

#include <csignal>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * How closely a design was looked at. */
enum class LookMode
{
    NONE,   //!< Not at all
    BOUND,  //!< Mode bound: no message waits for another one
    FLOW,   //!< Mode flow
    PACKET, //!< Packet by packet, with all seeds
};

/**
 * @ingroup mtlink
 * @param [in] mode How closely.
 * @return the mode's name in experiments; "none".
 */
const char* GetLookName(LookMode mode);

/**
 * @ingroup mtlink
 * What the search knows of a design.
 */
struct SearchedDesign
{
    LookMode mode{LookMode::NONE};              //!< Of its figures
    Fidelity fidelity{Fidelity::PACKET};        //!< The least of its runs' words, in that mode
    std::vector<std::optional<double>> figures; //!< By SearchOutcome::figures, aggregated
    std::vector<FigureRange> ranges;            //!< Likewise, between what each is known to lie
    FrontStatus status{FrontStatus::OPEN};      //!< Where it stands
    bool isDecided{false}; //!< Looked at as closely as asked for, and surely holds the target
    std::string message;   //!< Why a mode, the last one, gave nothing; or empty
    std::string directory; //!< Of the results of its first run in that mode
};

/**
 * @ingroup mtlink
 * The front where one figure of the costs is other than it was taken to be.
 */
struct FrontVariant
{
    std::string assumption; //!< As of CostVariant, with the next three
    std::string provenance;
    std::string value;
    double factor{1};
    std::vector<std::size_t> front; //!< Designs that are on it or may be, by the first objective
    double best{0};                 //!< First objective of the first of them, at that cost
    bool isDecided{false};          //!< All of them are on it
};

/**
 * @ingroup mtlink
 * What a search found.
 */
struct SearchOutcome
{
    std::vector<std::string> figures;     //!< Objectives and limits, each once, in order
    std::vector<SearchedDesign> designs;  //!< By DesignList::designs
    std::vector<FrontVariant> variants;   //!< With DesignRequest::sensitivity
    std::optional<std::size_t> reference; //!< The full fat tree of `within`, index
    double packetHops{0};                 //!< Of all runs in packets
    std::size_t waves{0};                 //!< Sweeps that were run
    bool isInterrupted{false};            //!< By SearchOptions::interrupt
    bool isOverBudget{false};             //!< Time is over, and not all is decided
};

/**
 * @ingroup mtlink
 * A step of the search, told as it begins.
 */
struct SearchWave
{
    LookMode mode{LookMode::NONE}; //!< What is run
    std::size_t designs{0};        //!< How many
    std::size_t open{0};           //!< Designs that may still reach the front
};

/**
 * @ingroup mtlink
 * How to search.
 */
struct SearchOptions
{
    std::size_t processes{1}; //!< At once
    bool resume{false};       //!< Go on with what is in the directory
    bool isExhaustive{false}; //!< Run all designs in packets: to see that the search is right
    /** Set to other than 0, by a signal handler, to end the search; may be nullptr. */
    const volatile std::sig_atomic_t* interrupt{nullptr};
    std::function<void(const SearchWave&)> onWave; //!< May be empty
};

/**
 * @ingroup mtlink
 * Find the front of the designs. All are run in mode bound, which no packet can beat (beyond 512
 * endpoints in mode flow, those that it refuses in mode bound); then, again
 * and again, those that would be the front if all were as good as they may be are run one mode
 * closer: flow, then packets. A figure of mode bound is a limit; one of mode flow is right within
 * DesignRequest::errors of its fidelity; one of packets counts as it is. A design leaves when
 * another one is better whatever their true figures are: so none on the front is lost as long as
 * the errors hold. With DesignRequest::isFlowClosest it ends with mode flow, whose figures count as
 * they are. With DesignRequest::sensitivity the same is done again at each of ListCostVariants(),
 * with what is known by then. Faults are in the runs of the closest mode alone: without them a
 * design is better. Runs are a sweep in `directory`/runs, kept and found again.
 * @param [in] request The request; it has workloads.
 * @param [in] list Its designs; the fabrics' files are in `directory`/designs by name.
 * @param [in] directory Where.
 * @param [in] options How.
 * @return what was found.
 * @throws InputError for workloads that no design can run.
 * @throws WriteError if results can't be written.
 */
SearchOutcome SearchFront(const DesignRequest& request,
                          const DesignList& list,
                          const std::string& directory,
                          const SearchOptions& options);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DESIGN_SEARCH_H
