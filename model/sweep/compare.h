/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_COMPARE_H
#define MTLINK_COMPARE_H

#include "measure/result-reader.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A parameter whose value differs between two runs.
 */
struct ParameterChange
{
    std::string key;              //!< Path in experiment.yaml, "fabric.switch.buffer"
    std::optional<std::string> a; //!< Value in the first run; nothing: not there
    std::optional<std::string> b; //!< Value in the second
};

/**
 * @ingroup mtlink
 * A figure of two runs, changed or not.
 */
struct FigureChange
{
    std::string name;                   //!< Of GetFigures(), GetCosts() or GetCollectiveFigures()
    std::optional<uint32_t> collective; //!< Id of the collective whose figure it is
    std::string what;                   //!< Name of that collective
    std::optional<double> a;            //!< Value in the first run
    std::optional<double> b;            //!< Value in the second

    /** @return whether it moved. */
    bool IsMoved() const
    {
        return a != b;
    }

    /** @return percent by which it moved from the first run; nothing from 0 or where one lacks. */
    std::optional<double> GetPercent() const;

    /**
     * @param [in] percent A threshold.
     * @return whether it moved by more than that, up or down; always if it moved from 0 or one run
     *         lacks it.
     */
    bool IsPast(double percent) const;
};

/**
 * @ingroup mtlink
 * What differs between two runs.
 */
struct Comparison
{
    std::vector<ParameterChange> parameters; //!< Those that differ
    std::vector<FigureChange> figures;       //!< All of GetFigures()
    std::vector<FigureChange> costs;         //!< All of GetCosts()
    std::vector<FigureChange> collectives;   //!< All figures of those that either has, by id
};

/**
 * @ingroup mtlink
 * Compare two runs.
 * @param [in] a The first.
 * @param [in] b The second.
 * @return what differs.
 * @throws InputError for an experiment.yaml that is no YAML.
 */
Comparison CompareRuns(const StoredRun& a, const StoredRun& b);

/** @return names of all figures that a comparison has. */
std::vector<std::string> GetComparedNames();

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_COMPARE_H
