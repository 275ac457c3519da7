/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/design-results.h"

#include "measure/json-file.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

namespace ns3
{
namespace mtlink
{

namespace
{

namespace fs = std::filesystem;

std::string
InDesigns(const std::string& directory, const char* file)
{
    return (fs::path(directory) / file).string();
}

/** Refuse a directory unless a search has left its front in it. */
void
CheckEnded(const std::string& directory)
{
    for (const char* file : {"front.csv", "design-search.csv", "design.json"})
    {
        std::error_code ignored;
        if (!fs::exists(InDesigns(directory, file), ignored))
        {
            throw InputError({directory},
                             std::string("there is no ") + file +
                                 " in it: designs were listed there, but no search for their front "
                                 "has come to its end; let mtlink design search, with --resume "
                                 "where it was killed");
        }
    }
}

/** Read what was asked, design.json; @return the full fat tree's name; empty: no target is of it.
 */
std::string
ReadRecord(const std::string& path, DesignResults& results)
{
    const nlohmann::json record = ReadJsonObject(path);
    try
    {
        results.name = record.at("name");
        results.endpoints = record.at("endpoints");
        results.request = record.at("request");
        results.closest = record.at("closest");
        results.errors = record.at("errors");
        results.seeds = record.at("seeds").size();
        results.end = record.at("end");
        const auto& aggregate = record.at("aggregate");
        results.aggregate = aggregate.is_null() ? "" : aggregate.get<std::string>();
        const auto numberOf = [](const nlohmann::json& value) {
            return value.is_null() ? std::nullopt : std::optional(value.get<double>());
        };
        results.sensitivity = numberOf(record.at("sensitivity"));
        results.packetHops = numberOf(record.at("packet_hops"));
        for (const auto& one : record.at("objectives"))
        {
            results.figures.push_back(
                {one.at("figure"), true, one.at("aim") == "more", one.at("simulated")});
        }
        for (const auto& one : record.at("targets"))
        {
            auto figure = std::find_if(results.figures.begin(),
                                       results.figures.end(),
                                       [&one](const auto& known) {
                                           return known.name == one.at("figure").get<std::string>();
                                       });
            if (figure == results.figures.end())
            {
                results.figures.push_back(
                    {one.at("figure"), false, one.at("aim") == "more", one.at("simulated")});
                figure = results.figures.end() - 1;
            }
            ReportedTarget target;
            target.figure = static_cast<std::size_t>(figure - results.figures.begin());
            target.within = numberOf(one.at("within"));
            const auto atLeast = numberOf(one.at("at_least"));
            target.isMost = target.within ? !figure->isMaximised : !atLeast;
            target.limit = atLeast ? atLeast : numberOf(one.at("at_most"));
            results.targets.push_back(target);
        }
        const auto& reference = record.at("reference");
        return reference.is_null() ? "" : reference.get<std::string>();
    }
    catch (const nlohmann::json::exception& error)
    {
        throw InputError(
            {path},
            std::string("it is not as this version writes it, let mtlink design do so again "
                        "with --resume: ") +
                error.what());
    }
}

/** Read where each design stands, design-search.csv. */
void
ReadStandings(const std::string& path, DesignResults& results)
{
    const CsvTable table = ReadCsvTable(path);
    const std::size_t nameHere = FindColumn(table, "name");
    const std::size_t name = FindColumn(results.table, "name");
    const bool isSame = std::equal(table.rows.begin(),
                                   table.rows.end(),
                                   results.designs.begin(),
                                   results.designs.end(),
                                   [&](const auto& row, const ReportedDesign& design) {
                                       return row[nameHere] == design.cells[name];
                                   });
    if (!isSame)
    {
        throw InputError({path},
                         "it is of other designs than design.csv, which was written since: let "
                         "mtlink design search for their front");
    }
    std::vector<std::size_t> figures;
    std::vector<std::size_t> limits; // the best that they can be
    for (const ReportedFigure& figure : results.figures)
    {
        const std::string limit = figure.name + (figure.isMaximised ? "_most" : "_least");
        figures.push_back(FindColumn(table, figure.name));
        limits.push_back(FindColumn(table, figure.isSimulated ? limit : figure.name));
    }
    const std::size_t mode = FindColumn(table, "mode");
    const std::size_t fidelity = FindColumn(table, "fidelity");
    const std::size_t status = FindColumn(table, "status");
    const std::size_t message = FindColumn(table, "message");
    for (std::size_t i = 0; i < table.rows.size(); ++i)
    {
        ReportedDesign& design = results.designs[i];
        const std::vector<std::string>& row = table.rows[i];
        design.mode = row[mode];
        design.fidelity = row[fidelity];
        design.status = row[status];
        design.message = row[message];
        for (const std::size_t figure : design.mode == "bound" ? limits : figures)
        {
            design.figures.push_back(NumberOfCell(row[figure]));
        }
    }
}

/** @return a run's directory below that of the search, wherever that has been moved to. */
std::string
FindRun(const std::string& written)
{
    const fs::path path(written);
    fs::path below;
    for (auto part = path.end(); part != path.begin();)
    {
        --part;
        below = below.empty() ? *part : *part / below;
        if (*part == "runs")
        {
            return below.generic_string();
        }
    }
    return "";
}

/** Read front.csv. */
void
ReadFrontRows(const std::string& path, DesignResults& results)
{
    const CsvTable table = ReadCsvTable(path);
    const std::size_t name = FindColumn(table, "name");
    const std::size_t own = FindColumn(results.table, "name");
    std::map<std::string, std::size_t> designs;
    for (std::size_t i = 0; i < results.designs.size(); ++i)
    {
        designs[results.designs[i].cells[own]] = i;
    }
    const std::size_t boundBy = FindColumn(table, "bound_by");
    const std::size_t verdict = FindColumn(table, "verdict");
    const std::size_t directory = FindColumn(table, "directory");
    for (const auto& row : table.rows)
    {
        const auto design = designs.find(row[name]);
        if (design == designs.end())
        {
            throw InputError({path}, "design.csv has no design " + row[name]);
        }
        results.front.push_back(
            {design->second, row[boundBy], row[verdict], FindRun(row[directory])});
    }
    std::stable_partition(results.front.begin(), results.front.end(), [&](const auto& one) {
        return results.designs[one.design].status == "front";
    });
}

/** Find the full fat tree, and with it the limits that are told by it. */
void
FindLimits(const std::string& name, DesignResults& results)
{
    const auto full =
        std::find_if(results.designs.begin(), results.designs.end(), [&](const auto& design) {
            return results.GetCell(design, "name") == name;
        });
    if (full == results.designs.end())
    {
        return;
    }
    results.reference = static_cast<std::size_t>(full - results.designs.begin());
    for (ReportedTarget& target : results.targets)
    {
        const std::optional<double>& figure = full->figures[target.figure];
        if (target.within && figure)
        {
            target.limit = *figure * (target.isMost ? 1 + *target.within : 1 - *target.within);
        }
    }
}

} // namespace

const std::string&
DesignResults::GetCell(const ReportedDesign& design, const std::string& column) const
{
    return design.cells[FindColumn(table, column)];
}

double
DesignResults::GetNumber(const ReportedDesign& design, const std::string& column) const
{
    return NumberOfCell(GetCell(design, column)).value_or(0);
}

std::size_t
DesignResults::CountStatus(const std::string& status) const
{
    return static_cast<std::size_t>(
        std::count_if(designs.begin(), designs.end(), [&status](const auto& design) {
            return design.status == status;
        }));
}

bool
IsDesignDirectory(const std::string& directory)
{
    std::error_code ignored;
    return fs::exists(InDesigns(directory, "design.csv"), ignored);
}

DesignResults
ReadDesignResults(const std::string& directory)
{
    CheckEnded(directory);
    DesignResults results;
    results.directory = directory;
    const std::string reference = ReadRecord(InDesigns(directory, "design.json"), results);
    results.table = ReadCsvTable(InDesigns(directory, "design.csv"));
    for (auto& row : results.table.rows)
    {
        results.designs.emplace_back().cells = std::move(row);
    }
    results.table.rows.clear();
    ReadStandings(InDesigns(directory, "design-search.csv"), results);
    ReadFrontRows(InDesigns(directory, "front.csv"), results);
    FindLimits(reference, results);
    return results;
}

} // namespace mtlink
} // namespace ns3
