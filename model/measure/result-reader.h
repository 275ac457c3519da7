/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_RESULT_READER_H
#define MTLINK_RESULT_READER_H

#include "ns3/mtlink-results.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * A results directory, read back. */
struct StoredRun
{
    std::string directory;     //!< As asked for
    std::string mtlinkVersion; //!< Of the program that wrote it
    RunResults results;        //!< All but the operations, which only timeline.json has
};

/**
 * @ingroup mtlink
 * Read what WriteResults() wrote. A file that is missing or odd is an InputError.
 * @param [in] directory Where.
 * @return the run.
 */
StoredRun ReadResults(const std::string& directory);

/**
 * @ingroup mtlink
 * Read the summary, the collectives and the experiment of what WriteResults() wrote; quick, however
 * large the other tables are.
 * @param [in] directory Where.
 * @return the run, without its other tables.
 */
StoredRun ReadFigures(const std::string& directory);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_RESULT_READER_H
