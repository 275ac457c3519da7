/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DESIGN_RESULTS_H
#define MTLINK_DESIGN_RESULTS_H

#include "report/csv-table.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A figure that designs are compared by.
 */
struct ReportedFigure
{
    std::string name;        //!< A column of design-search.csv
    bool isObjective{false}; //!< Else a target is about it alone
    bool isMaximised{false}; //!< The more the better
    bool isSimulated{false}; //!< Found by a run; else counted, and known before
};

/**
 * @ingroup mtlink
 * What a figure must come to.
 */
struct ReportedTarget
{
    std::size_t figure{0};        //!< Index into DesignResults::figures
    bool isMost{true};            //!< At most; else at least
    std::optional<double> limit;  //!< In the figure's unit; nothing: that of the full fat tree is
                                  //!< not known
    std::optional<double> within; //!< Of the full fat tree, as a fraction
};

/**
 * @ingroup mtlink
 * A design as its search left it.
 */
struct ReportedDesign
{
    std::vector<std::string> cells;             //!< Of design.csv
    std::string mode;                           //!< "none", "bound", "flow", "packet"
    std::string fidelity;                       //!< Of its runs in that mode; may be empty
    std::string status;                         //!< As in design-search.csv
    std::vector<std::optional<double>> figures; //!< By DesignResults::figures; of mode bound the
                                                //!< best that it can be, as that is what it says
    std::string message;                        //!< Why a mode gave nothing; or empty
};

/**
 * @ingroup mtlink
 * A design of the front, or that may be on it.
 */
struct ReportedFrontDesign
{
    std::size_t design{0}; //!< Index into DesignResults::designs
    std::string boundBy;   //!< Of its first run; may be empty
    std::string verdict;   //!< Likewise
    std::string run;       //!< Its results, below the search's directory; may be empty
};

/**
 * @ingroup mtlink
 * What `mtlink design` left in a directory.
 */
struct DesignResults
{
    std::string directory;                  //!< Where
    std::string name;                       //!< Of the request
    uint64_t endpoints{0};                  //!< Asked for
    std::string request;                    //!< YAML
    std::string closest;                    //!< "flow" or "packet"
    std::map<std::string, double> errors;   //!< Of quick figures, by fidelity
    std::size_t seeds{1};                   //!< Of runs in packets
    std::string aggregate;                  //!< "mean", "worst"; empty: of one run each
    std::string end;                        //!< "done", "interrupted", "over budget"
    std::optional<double> sensitivity;      //!< Factor; nothing: not asked for
    std::optional<double> packetHops;       //!< Of all runs in packets
    std::optional<std::size_t> reference;   //!< The full fat tree of `within`, index
    std::vector<ReportedFigure> figures;    //!< Objectives first
    std::vector<ReportedTarget> targets;    //!< All must hold
    CsvTable table;                         //!< design.csv without its rows
    std::vector<ReportedDesign> designs;    //!< By number
    std::vector<ReportedFrontDesign> front; //!< As in front.csv, what may be on it last

    /**
     * @param [in] design One of them.
     * @param [in] column A column of design.csv; InputError if there is none.
     * @return its cell.
     */
    const std::string& GetCell(const ReportedDesign& design, const std::string& column) const;

    /** @return a column of a design as a number; 0 where it is none. */
    double GetNumber(const ReportedDesign& design, const std::string& column) const;

    /** @return how many designs have a status. */
    std::size_t CountStatus(const std::string& status) const;
};

/**
 * @ingroup mtlink
 * What design-search.csv says of where a design stands, the best first.
 */
inline constexpr const char* DESIGN_STATUSES[] = {"front",
                                                  "may be on the front",
                                                  "dominated",
                                                  "beyond the target",
                                                  "can't be run"};

/**
 * @ingroup mtlink
 * @param [in] directory A directory.
 * @return whether mtlink design wrote it.
 */
bool IsDesignDirectory(const std::string& directory);

/**
 * @ingroup mtlink
 * @param [in] directory What mtlink design wrote.
 * @return what is in it. InputError if a table is missing, as where no search has come to its end,
 *         or is of another search.
 */
DesignResults ReadDesignResults(const std::string& directory);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DESIGN_RESULTS_H
