/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_MERGE_H
#define MTLINK_SWEEP_MERGE_H

#include "sweep/sweep-run.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What a merge found.
 */
struct SweepMerge
{
    SweepOutcome outcome;                       //!< Of all points
    std::size_t copied{0};                      //!< Runs that came from other directories
    std::map<std::size_t, std::string> holders; //!< By Sweep::jobs: missing ones that are under
                                                //!< way, and who does them
};

/**
 * @ingroup mtlink
 * Write the tables of WriteSweepTables() of all that is over in a sweep's directory, whoever is at
 * work in it. Once all is over they are the same bytes as if one program had run it.
 * @param [in] sweep The sweep.
 * @param [in] directory Its directory.
 * @param [in] others Other directories of it: runs that are over there only are copied.
 * @return what was found.
 * @throws InputError for a directory without a sweep.
 * @throws std::runtime_error as SweepRecord.
 * @throws WriteError if something can't be written.
 */
SweepMerge MergeSweep(const Sweep& sweep,
                      const std::string& directory,
                      const std::vector<std::string>& others);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWEEP_MERGE_H
