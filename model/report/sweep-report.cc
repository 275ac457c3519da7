/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/sweep-report.h"

#include "measure/atomic-file.h"
#include "measure/json-writer.h"
#include "report/csv-table.h"
#include "report/html.h"
#include "report/human-text.h"
#include "report/report-data.h"
#include "report/report-page.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>

namespace ns3
{
namespace mtlink
{

namespace
{

namespace fs = std::filesystem;

constexpr size_t MOST_POINTS{20000};    //!< In the page
constexpr size_t MOST_STATIC_ROWS{200}; //!< In the table that stands without a script

/** What the page shows of a sweep. */
struct SweepTable
{
    std::string directory;                            //!< Where it is
    bool hasMeans{false};                             //!< A row is the mean over seeds
    std::vector<std::string> keys;                    //!< What was varied
    std::vector<std::string> figures;                 //!< Columns with a value in some row
    std::vector<std::vector<std::string>> rows;       //!< point, keys, figures, status, message
    std::vector<std::vector<std::string>> halfWidths; //!< By row and figure: of the 95 % interval
    std::vector<std::optional<double>> saturated;     //!< By row: share of its runs; nothing: no
                                                      //!< open-loop traffic
    size_t points{0};                                 //!< Rows there are
    std::map<std::string, size_t> statuses;           //!< Runs by status
    std::vector<std::string> designKeys;              //!< Of the keys, those that make a design
    std::vector<std::vector<std::string>> designs;    //!< number, design keys, figures
    std::vector<std::optional<double>> designsSaturated; //!< By design, likewise
};

/**
 * @param [in] runs sweep.csv.
 * @return per point, the worst status of its runs and its message.
 */
std::map<std::string, std::pair<std::string, std::string>>
FindStatuses(const CsvTable& runs)
{
    const size_t status = FindColumn(runs, "status");
    const size_t message = FindColumn(runs, "message");
    std::map<std::string, std::pair<std::string, std::string>> found;
    for (const auto& row : runs.rows)
    {
        const auto [at, isNew] = found.try_emplace(row[0], row[status], row[message]);
        if (!isNew && row[status] != "done")
        {
            at->second = {row[status], row[message]};
        }
    }
    return found;
}

/** @return the share of runs that are saturated, of cells of a table; nothing: not known. */
std::optional<double>
GetSaturated(const std::string& saturated, const std::string& done)
{
    if (saturated == "true" || saturated == "false")
    {
        return saturated == "true" ? 1 : 0;
    }
    const auto count = NumberOfCell(saturated);
    const auto all = NumberOfCell(done);
    return count && all && *all > 0 ? std::optional(*count / *all) : std::nullopt;
}

/**
 * Read designs.csv; where there is none, as of older versions, points are designs.
 * @param [in] path Its path.
 * @param [in,out] sweep Has its points; gets its designs.
 */
void
ReadDesigns(const std::string& path, SweepTable& sweep)
{
    std::error_code error;
    if (!fs::exists(path, error))
    {
        sweep.designKeys = sweep.keys;
        for (const auto& row : sweep.rows)
        {
            sweep.designs.emplace_back(row.begin(), row.end() - 2); // all but status and message
        }
        sweep.designsSaturated = sweep.saturated;
        return;
    }
    const CsvTable table = ReadCsvTable(path);
    const size_t scenarios = FindColumn(table, "scenarios");
    const size_t done = FindColumn(table, "done");
    const size_t saturated = FindColumn(table, "saturated");
    sweep.designKeys.assign(table.names.begin() + 1,
                            table.names.begin() + static_cast<std::ptrdiff_t>(scenarios));
    for (const auto& row : table.rows)
    {
        if (sweep.designs.size() == MOST_POINTS)
        {
            break;
        }
        auto& cells =
            sweep.designs.emplace_back(row.begin(),
                                       row.begin() + static_cast<std::ptrdiff_t>(scenarios));
        for (const auto& figure : sweep.figures)
        {
            cells.push_back(row[FindColumn(table, figure)]);
        }
        sweep.designsSaturated.push_back(GetSaturated(row[saturated], row[done]));
    }
}

/** @param [in] directory A sweep's. @return its table. */
SweepTable
ReadSweep(const std::string& directory)
{
    const auto pathOf = [&directory](const char* file) {
        return (fs::path(directory) / file).string();
    };
    SweepTable sweep;
    sweep.directory = directory;
    const std::string runsPath = pathOf("sweep.csv");
    const CsvTable runs = ReadCsvTable(runsPath);
    for (const auto& row : runs.rows)
    {
        ++sweep.statuses[row[FindColumn(runs, "status")]];
    }
    std::error_code error;
    sweep.hasMeans = fs::exists(pathOf("sweep-means.csv"), error);
    const std::string path = sweep.hasMeans ? pathOf("sweep-means.csv") : runsPath;
    const CsvTable table = sweep.hasMeans ? ReadCsvTable(path) : runs;
    const auto statuses = FindStatuses(runs);

    // Keys stand between the point and the seeds, figures behind them.
    const size_t first = FindColumn(table, "point") + 1;
    const size_t seeds = FindColumn(table, sweep.hasMeans ? "seeds" : "seed");
    sweep.keys.assign(table.names.begin() + static_cast<std::ptrdiff_t>(first),
                      table.names.begin() + static_cast<std::ptrdiff_t>(seeds));
    std::vector<size_t> values;
    std::vector<size_t> widths;
    const std::string mean = sweep.hasMeans ? "_mean" : "";
    for (size_t i = seeds + 1; i < table.names.size(); ++i)
    {
        const std::string& name = table.names[i];
        const bool isFigure = name != "status" && name != "message" && name != "done" &&
                              name != "design" && name != "saturated" && name != "directory" &&
                              (!sweep.hasMeans || name.ends_with(mean));
        const bool hasValue = std::any_of(table.rows.begin(),
                                          table.rows.end(),
                                          [i](const auto& row) { return !row[i].empty(); });
        if (isFigure && hasValue)
        {
            sweep.figures.push_back(name.substr(0, name.size() - mean.size()));
            values.push_back(i);
            if (sweep.hasMeans)
            {
                widths.push_back(FindColumn(table, sweep.figures.back() + "_ci95"));
            }
        }
    }
    const auto indexOf = [&table](const std::string& name) {
        return static_cast<size_t>(std::find(table.names.begin(), table.names.end(), name) -
                                   table.names.begin());
    };
    const size_t saturated = indexOf("saturated");
    const size_t done = indexOf("done");
    sweep.points = table.rows.size();
    for (const auto& row : table.rows)
    {
        if (sweep.rows.size() == MOST_POINTS)
        {
            break;
        }
        auto& cells =
            sweep.rows.emplace_back(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(seeds));
        for (const size_t i : values)
        {
            cells.push_back(row[i]);
        }
        const auto status = statuses.find(row[0]);
        cells.push_back(status == statuses.end() ? "" : status->second.first);
        cells.push_back(status == statuses.end() ? "" : status->second.second);
        sweep.saturated.push_back(
            saturated < row.size()
                ? GetSaturated(row[saturated], done < row.size() ? row[done] : "")
                : std::nullopt);
        auto& half = sweep.halfWidths.emplace_back();
        for (const size_t i : widths)
        {
            half.push_back(row[i]);
        }
    }
    ReadDesigns(pathOf("designs.csv"), sweep);
    return sweep;
}

/** @param [in] sweep A sweep. @return its designs' figures. */
FigureRows
GetDesignFigures(const SweepTable& sweep)
{
    FigureRows rows;
    for (const auto& design : sweep.designs)
    {
        auto& row = rows.emplace_back();
        for (size_t i = 1 + sweep.designKeys.size(); i < design.size(); ++i)
        {
            row.push_back(NumberOfCell(design[i]));
        }
    }
    return rows;
}

/** Refuse objectives that the sweep has not; @param [in] objectives Which. @param [in] sweep Its
 * table. */
void
CheckObjectives(const std::vector<Objective>& objectives, const SweepTable& sweep)
{
    for (const auto& objective : objectives)
    {
        if (std::find(sweep.figures.begin(), sweep.figures.end(), objective.figure) ==
            sweep.figures.end())
        {
            throw InputError({sweep.directory},
                             fmt::format("the sweep has no figure {}; it has: {}",
                                         objective.figure,
                                         fmt::join(sweep.figures, ", ")));
        }
    }
}

/** Write texts; @param [in] texts The texts. @param [in,out] json Gets an array. */
void
WriteTexts(const std::vector<std::string>& texts, JsonWriter& json)
{
    json.BeginArray();
    for (const auto& text : texts)
    {
        json.String(text);
    }
    json.EndArray();
}

/** Write rows; @param [in] first Of their cells that is a number. @param [in] count Of them. */
void
WriteRows(const std::vector<std::vector<std::string>>& rows,
          size_t first,
          size_t count,
          JsonWriter& json)
{
    json.BeginArray();
    for (const auto& row : rows)
    {
        json.BeginArray();
        for (size_t i = 0; i < row.size(); ++i)
        {
            const bool isFigure = i >= first && i < first + count;
            isFigure ? json.Number(NumberOfCell(row[i])) : json.String(row[i]);
        }
        json.EndArray();
    }
    json.EndArray();
}

/** Write numbers; @param [in] numbers Null where nothing. @param [in,out] json Gets an array. */
void
WriteNumbers(const std::vector<std::optional<double>>& numbers, JsonWriter& json)
{
    json.BeginArray();
    for (const auto& number : numbers)
    {
        json.Number(number);
    }
    json.EndArray();
}

/**
 * @param [in] sweep A sweep.
 * @param [in] objectives What its choice begins with.
 * @return what the page draws, JSON.
 */
std::string
WriteSweepData(const SweepTable& sweep, const std::vector<Objective>& objectives)
{
    std::string text;
    JsonWriter json(text, JsonWriter::Layout::COMPACT);
    json.BeginObject();
    json.Key("sweep");
    json.BeginObject();
    json.Key("means");
    json.Bool(sweep.hasMeans);
    json.Key("points_all");
    json.Unsigned(sweep.points);
    json.Key("keys");
    WriteTexts(sweep.keys, json);
    json.Key("figures");
    WriteTexts(sweep.figures, json);
    json.Key("objectives");
    json.BeginArray();
    for (const auto& objective : objectives)
    {
        json.BeginArray();
        json.String(objective.figure);
        json.Bool(objective.isMaximised);
        json.EndArray();
    }
    json.EndArray();
    json.Key("rows");
    WriteRows(sweep.rows, 1 + sweep.keys.size(), sweep.figures.size(), json);
    json.Key("saturated");
    WriteNumbers(sweep.saturated, json);
    json.Key("designs");
    json.BeginObject();
    json.Key("keys");
    WriteTexts(sweep.designKeys, json);
    json.Key("rows");
    WriteRows(sweep.designs, 1 + sweep.designKeys.size(), sweep.figures.size(), json);
    json.Key("saturated");
    WriteNumbers(sweep.designsSaturated, json);
    json.EndObject();
    json.Key("ci95");
    json.BeginArray();
    for (size_t i = 0; sweep.hasMeans && i < sweep.halfWidths.size(); ++i)
    {
        json.BeginArray();
        for (const auto& cell : sweep.halfWidths[i])
        {
            json.Number(NumberOfCell(cell));
        }
        json.EndArray();
    }
    json.EndArray();
    json.EndObject();
    json.EndObject();
    return EscapeJsonForHtml(std::move(text));
}

/** @param [in] sweep A sweep. @return whether a load of open-loop traffic is varied in it. */
bool
HasLoads(const SweepTable& sweep)
{
    for (size_t i = 0; i < sweep.keys.size(); ++i)
    {
        std::set<std::string> loads;
        for (const auto& row : sweep.rows)
        {
            loads.insert(row[i + 1]);
        }
        const bool isLoad = sweep.keys[i] == "load" || sweep.keys[i].ends_with(".load");
        if (isLoad && loads.size() > 1)
        {
            return std::any_of(sweep.saturated.begin(), sweep.saturated.end(), [](const auto& one) {
                return one.has_value();
            });
        }
    }
    return false;
}

/** @param [in] sweep A sweep. @return its table for those without scripts, HTML. */
std::string
StaticTable(const SweepTable& sweep)
{
    HtmlTable table("Points");
    table.AddColumn("point");
    for (const auto& key : sweep.keys)
    {
        table.AddColumn(EscapeHtml(key), false);
    }
    for (const auto& figure : sweep.figures)
    {
        table.AddColumn(EscapeHtml(figure));
    }
    table.AddColumn("status", false);
    table.AddColumn("message", false);
    const size_t shown = std::min(sweep.rows.size(), MOST_STATIC_ROWS);
    for (size_t i = 0; i < shown; ++i)
    {
        std::vector<std::string> cells;
        for (const auto& cell : sweep.rows[i])
        {
            cells.push_back(EscapeHtml(cell));
        }
        table.AddRow(cells);
    }
    if (shown < sweep.points)
    {
        table.SetNote(fmt::format("{} of {} shown; all are in {}.",
                                  CountText(shown),
                                  CountText(sweep.points),
                                  sweep.hasMeans ? "sweep-means.csv" : "sweep.csv"));
    }
    return table.Finish();
}

} // namespace

bool
IsSweepDirectory(const std::string& directory)
{
    std::error_code error;
    return fs::exists(fs::path(directory) / "sweep.csv", error);
}

void
WriteSweepReport(const std::string& directory,
                 const std::vector<Objective>& objectives,
                 const std::string& file,
                 Language language)
{
    const SweepTable sweep = ReadSweep(directory);
    CheckObjectives(objectives, sweep);
    const fs::path path(directory);
    const std::string name =
        EscapeHtml((path.filename().empty() ? path.parent_path() : path).filename().string());
    std::string statuses;
    size_t runs = 0;
    for (const auto& [status, count] : sweep.statuses)
    {
        statuses += fmt::format(", {} {}", CountText(count), EscapeHtml(status));
        runs += count;
    }
    Page page;
    page.language = language;
    page.title = name;
    page.heading = "Sweep " + name;
    page.lead = fmt::format("{}, {}, {}{}. Varied: {}.",
                            CountText(sweep.points, "point", "points"),
                            CountText(sweep.designs.size(), "design", "designs"),
                            CountText(runs, "run", "runs"),
                            statuses,
                            EscapeHtml(fmt::format("{}", fmt::join(sweep.keys, ", "))));
    if (sweep.hasMeans)
    {
        page.lead += " Figures are means over the seeds.";
    }
    if (sweep.rows.size() < sweep.points)
    {
        page.warnings = fmt::format("<p class=\"warning\">The first {} of {} are shown.</p>\n",
                                    CountText(sweep.rows.size()),
                                    CountText(sweep.points, "point", "points"));
    }
    // A choice comes first, where there is one; else what the scenarios do to the one design.
    const bool hasLoads = HasLoads(sweep);
    if (sweep.designs.size() > 1)
    {
        page.links.push_back({"choice", "Choice"});
        page.sections += PageSection("choice", "Pareto front of the designs", PageChart("pareto"));
    }
    if (hasLoads)
    {
        page.links.push_back({"loads", "Latency and load"});
        page.sections += PageSection("loads", "Latency over load", PageChart("loads"));
    }
    page.links.push_back({"effects", "Main effects"});
    page.links.push_back({"points", "Points"});
    page.sections +=
        PageSection("effects", "Main effects", PageChart("effects")) +
        PageSection("points",
                    "All points",
                    PageChart("points") + "<noscript>" + StaticTable(sweep) + "</noscript>\n");
    page.data = WriteSweepData(
        sweep,
        objectives.empty() ? ChooseObjectives(sweep.figures, GetDesignFigures(sweep)) : objectives);
    AtomicFile out(file);
    out.Write(WritePage(page));
    out.Commit();
}

} // namespace mtlink
} // namespace ns3
