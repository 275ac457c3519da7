/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LAYOUT_SEARCH_H
#define MTLINK_LAYOUT_SEARCH_H

#include "experiment/experiment.h"
#include "training/layout-list.h"

#include "ns3/mtlink-fabric.h"
#include "ns3/mtlink-results.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @file
 * @ingroup mtlink
 * `parallel: auto`: the layouts of a training that fit, ranked by the least time that an iteration
 * takes (LayoutCosts); the best of them are simulated as the experiment is, and the best of these
 * is what runs.
 */

/** Layouts that results tell of, best first; of the others there are numbers. */
inline constexpr std::size_t MOST_LAYOUTS_TOLD = 50;

/**
 * @ingroup mtlink
 * The layouts of a training that fit, best first.
 */
struct LayoutRanking
{
    std::vector<TrainingSpec> layouts; //!< Best first; of equal ones that which was looked at first
    TrainingSearch search;             //!< For results; its rows are those of `layouts`
};

/**
 * @ingroup mtlink
 * @param [in] experiment An experiment.
 * @return the training whose layout is to be chosen; nullptr: there is none.
 * @throws InputError for one beside another training.
 */
const WorkloadDescription* FindLayoutSearch(const Experiment& experiment);

/**
 * @ingroup mtlink
 * Rank the layouts of a training.
 * @param [in] experiment The experiment, of which FindLayoutSearch() finds one.
 * @param [in] fabric Its fabric, built.
 * @return the layouts, at least one.
 * @throws InputError where none can be, or none fits: by how much the nearest does not, and what
 *         would.
 */
LayoutRanking RankLayouts(const Experiment& experiment, const Ptr<MtlinkFabric>& fabric);

/**
 * @ingroup mtlink
 * @param [in] experiment An experiment, of which FindLayoutSearch() finds one.
 * @param [in] layout The training's layout.
 * @return the experiment as if that had been written.
 */
Experiment WithLayout(const Experiment& experiment, const TrainingSpec& layout);

/** Runs an experiment to its end. @return its training, or nothing: why there is none. */
using LayoutSimulation =
    std::function<std::optional<TrainingResult>(const Experiment&, std::string& why)>;

/**
 * @ingroup mtlink
 * Simulate the best layouts, as many as the training says; one that is refused makes room for the
 * next. Where one alone is asked for, or there is one alone, nothing is simulated.
 * @param [in] experiment The experiment.
 * @param [in,out] ranking Its layouts; rows get what came out.
 * @param [in] simulate Runs one.
 * @return the best in ranking.layouts.
 * @throws InputError where all are refused, of the first.
 */
std::size_t ChooseLayout(const Experiment& experiment,
                         LayoutRanking& ranking,
                         const LayoutSimulation& simulate);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LAYOUT_SEARCH_H
