/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_H
#define MTLINK_SWEEP_H

#include "experiment/experiment.h"
#include "experiment/override.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * How figures of a design's runs become one. */
enum class Aggregate
{
    MEAN, //!< Over scenarios, of the means over seeds
    WORST //!< Of all runs: the least of what is the better the more there is of it, else the most
};

/**
 * @ingroup mtlink
 * One experiment of a sweep: the base with some values set.
 */
struct SweepPoint
{
    uint32_t number{0};             //!< From 1, in order of the file
    std::string name;               //!< "buffer-16KiB-0a1b2c3d4e": its directory; see LoadSweep()
    std::vector<Setting> settings;  //!< What is set, in order of Sweep::keys
    std::vector<std::string> cells; //!< By Sweep::keys: the value as text; empty: the base's
    std::size_t design{0};          //!< Index into Sweep::designs
    std::size_t scenario{0};        //!< Points of the same scenario have the same number, from 0
    std::string content;            //!< Tells experiments apart; empty: it can't be read
    std::string refused;            //!< Why it can't be read; empty: it can
};

/**
 * @ingroup mtlink
 * What is to be chosen: points that differ in their scenarios only.
 */
struct SweepDesign
{
    uint32_t number{0};              //!< From 1, in order of the first point of each
    std::vector<std::string> cells;  //!< By Sweep::keys; empty for those of scenarios, too
    std::vector<std::size_t> points; //!< Indices into Sweep::points
};

/**
 * @ingroup mtlink
 * One process of a sweep.
 */
struct SweepJob
{
    std::size_t point{0}; //!< Index into Sweep::points
    uint32_t seed{0};     //!< Of its random numbers
    std::string content;  //!< Jobs of the same have the same results; empty: it can't be read
};

/**
 * @ingroup mtlink
 * Many experiments that differ in a few values.
 */
struct Sweep
{
    std::string file;                 //!< Its path as it was given; empty: it is of no file
    std::string name;                 //!< Also the name of the results directory
    std::string baseName;             //!< Name of the base where it gives none
    YamlNode base;                    //!< The experiment without the points' values
    std::vector<std::string> keys;    //!< Every key that is set, in order of the file
    std::vector<bool> isScenario;     //!< By key: what a design must stand, not what it is
    Aggregate aggregate{};            //!< Of designs
    std::vector<uint32_t> seeds;      //!< Given for all points; empty: each point's own
    std::vector<SweepPoint> points;   //!< In order
    std::vector<SweepDesign> designs; //!< In order
    std::size_t scenarios{0};         //!< How many there are
    std::vector<SweepJob> jobs;       //!< Each point with each seed, in order
};

/** Most runs of one sweep. */
inline constexpr std::size_t MAX_SWEEP_JOBS = 100'000;

/**
 * @ingroup mtlink
 * @param [in] document A file's outermost mapping.
 * @return whether it is a sweep.
 */
bool IsSweep(const YamlNode& document);

/**
 * @ingroup mtlink
 * Read a sweep, and every one of its experiments. A point that can't be read is kept, with the
 * reason, where each of its values is accepted in some other point; else the value as such is
 * wrong, and the sweep is refused.
 *
 * The content of a point is a hash of its experiment with everything resolved, without name and
 * seed (so of all YAML files that take part, but not of traces), and of mtlink's version; that of a
 * job, of this and the seed. Points are named by their values and content, so that a name stays
 * the same when other values come and go.
 * @param [in] file Path of its file.
 * @return the sweep.
 * @throws InputError for what is unknown or can't be.
 */
Sweep LoadSweep(const std::string& file);

/**
 * @ingroup mtlink
 * Which values are refused because no point with them can be read; others are kept, with their
 * points' reasons.
 */
enum class SweepStrictness
{
    ALL,       //!< All: they are the user's
    SCENARIOS, //!< Those of scenarios; designs were made by a program
    NONE       //!< None: it is known that some other mode reads them
};

/**
 * @ingroup mtlink
 * Read a sweep that stands in no file of its own.
 * @param [in] document Its mapping.
 * @param [in] fallbackName Name where the mapping gives none.
 * @param [in] strictness Which values are refused.
 * @return as LoadSweep().
 */
Sweep ReadSweep(const YamlNode& document,
                const std::string& fallbackName,
                SweepStrictness strictness = SweepStrictness::ALL);

/**
 * @ingroup mtlink
 * Read the experiment of a point.
 * @param [in] sweep The sweep.
 * @param [in] point One of its points.
 * @param [in] seed Seed, or 0 for the point's own.
 * @return the experiment, named as the point.
 * @throws InputError as LoadExperiment().
 */
Experiment ReadPoint(const Sweep& sweep, const SweepPoint& point, uint32_t seed = 0);

/**
 * @ingroup mtlink
 * @param [in] sweep A sweep.
 * @param [in] point One of its points.
 * @return what is set in it, as "workload.load=0.5, fabric.switch.buffer=16KiB"; "the base" where
 *         nothing is.
 */
std::string DescribePoint(const Sweep& sweep, const SweepPoint& point);

/**
 * @ingroup mtlink
 * @param [in] sweep A sweep.
 * @param [in] cells Of a point or a design, by Sweep::keys.
 * @return likewise.
 */
std::string DescribeCells(const Sweep& sweep, const std::vector<std::string>& cells);

/**
 * @ingroup mtlink
 * @param [in] sweep A sweep.
 * @param [in] job One of its jobs.
 * @return where its results go, relative to the sweep's directory:
 *         "points/buffer-16KiB-0a1b2c3d4e/seed-2".
 */
std::string GetJobDirectory(const Sweep& sweep, const SweepJob& job);

/**
 * @ingroup mtlink
 * @param [in] sweep A sweep.
 * @return names of its keys that are scenarios, in order.
 */
std::vector<std::string> ListScenarioKeys(const Sweep& sweep);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWEEP_H
