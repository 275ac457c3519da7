/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report-settings.h"

#include "report/html.h"
#include "report/human-text.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>
#include <yaml-cpp/yaml.h>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr size_t MOST_ROWS{200};     //!< Settings in which runs differ
constexpr size_t MOST_SETTINGS{400}; //!< Of a run, given or defaults
constexpr size_t LONGEST_VALUE{24};  //!< In a run's name

using Settings = std::map<std::string, std::string>; //!< Value by path, "fabric.switch.vcs"

/**
 * @param [in] node A part of an experiment.
 * @param [in] path Its path.
 * @param [in,out] settings Gets what is in it.
 */
void
Flatten(const YAML::Node& node, const std::string& path, Settings& settings)
{
    const bool isList = node.IsSequence() && node.size() > 0 && !node[0].IsScalar();
    if (node.IsMap())
    {
        for (const auto& entry : node)
        {
            const auto key = entry.first.as<std::string>();
            Flatten(entry.second, path.empty() ? key : path + "." + key, settings);
        }
    }
    else if (isList)
    {
        for (size_t i = 0; i < node.size(); ++i)
        {
            Flatten(node[i], fmt::format("{}[{}]", path, i), settings);
        }
    }
    else if (node.IsSequence())
    {
        std::string text;
        for (const auto& item : node)
        {
            text += (text.empty() ? "" : ", ") + item.as<std::string>();
        }
        settings[path] = "[" + text + "]";
    }
    else
    {
        settings[path] = node.IsScalar() ? node.Scalar() : "null";
    }
}

/** @param [in] run A run. @return its settings; none where its experiment can't be read. */
Settings
ReadSettings(const ReportRun& run)
{
    Settings settings;
    try
    {
        Flatten(YAML::Load(run.stored.results.experimentYaml), "", settings);
    }
    catch (const YAML::Exception&)
    {
        settings.clear(); // Edited by hand: the page shows it as it is, below.
    }
    settings.erase("name");
    return settings;
}

/**
 * @param [in] path A setting's path.
 * @return the same, its mapping softer than its key, HTML.
 */
std::string
PathText(const std::string& path)
{
    const size_t key = path.rfind('.') + 1; // 0 where there is no dot
    return fmt::format("<small>{}</small><wbr>{}",
                       EscapeHtml(path.substr(0, key)),
                       EscapeHtml(path.substr(key)));
}

/** @param [in] text A text. @return it, HTML; a dash if it is empty. */
std::string
TextOrDash(const std::string& text)
{
    return text.empty() ? UNKNOWN_TEXT : EscapeHtml(text);
}

/**
 * Fill a table with settings.
 * @tparam Cells Callable.
 * @param [in] run A run.
 * @param [in] isGiven Those that were given, or the defaults.
 * @param [in] cells Gives a row.
 * @param [in,out] table Gets the rows.
 */
template <typename Cells>
void
AddSettings(const ReportRun& run, bool isGiven, Cells cells, HtmlTable& table)
{
    size_t found = 0;
    for (const auto& setting : run.stored.results.settings)
    {
        if (setting.source.empty() != isGiven && ++found <= MOST_SETTINGS)
        {
            std::vector<std::string> row = cells(setting);
            for (std::string& cell : row)
            {
                // Values are the experiment's, and meanings the reference's, which is English.
                cell = "<span translate=\"no\">" + cell + "</span>";
            }
            table.AddRow(row);
        }
    }
    if (found > MOST_SETTINGS)
    {
        table.SetNote(fmt::format("{} of {} shown; all are in settings.csv.",
                                  CountText(MOST_SETTINGS),
                                  CountText(found)));
    }
}

/** A setting in which runs differ, and each run's value. */
using Difference = std::pair<std::string, std::vector<std::string>>;

/** @return settings in which runs differ. */
std::vector<Difference>
ListDifferences(const ReportRuns& runs)
{
    std::vector<Settings> all;
    std::set<std::string> paths;
    for (const auto& run : runs)
    {
        all.push_back(ReadSettings(run));
        for (const auto& [path, value] : all.back())
        {
            paths.insert(path);
        }
    }
    std::vector<Difference> differences;
    for (const auto& path : paths)
    {
        std::vector<std::string> values;
        for (const auto& settings : all)
        {
            const auto value = settings.find(path);
            values.push_back(value == settings.end() ? UNKNOWN_TEXT : value->second);
        }
        if (std::count(values.begin(), values.end(), values.front()) <
            static_cast<std::ptrdiff_t>(values.size()))
        {
            differences.emplace_back(path, std::move(values));
        }
    }
    return differences;
}

/** @return a table of settings that differ, a column for each run. */
std::string
DifferencesTable(const std::string& caption,
                 const ReportRuns& runs,
                 const std::vector<Difference>& differences)
{
    HtmlTable table(caption);
    table.AddColumn("Setting", false);
    for (const auto& run : runs)
    {
        table.AddColumn(run.label, false);
    }
    for (size_t i = 0; i < std::min(differences.size(), MOST_ROWS); ++i)
    {
        std::vector<std::string> cells{EscapeHtml(differences[i].first)};
        for (const auto& value : differences[i].second)
        {
            cells.push_back(EscapeHtml(value));
        }
        table.AddRow(cells);
    }
    if (differences.size() > MOST_ROWS)
    {
        table.SetNote(fmt::format("{} of {} shown; mtlink compare shows all.",
                                  CountText(MOST_ROWS),
                                  CountText(differences.size())));
    }
    return table.Finish();
}

/** @return the last so many parts of a path: "switch.buffer" of "fabric.switch.buffer". */
std::string
GetPathEnd(const std::string& path, size_t parts)
{
    size_t begin = path.size();
    for (size_t i = 0; i < parts; ++i)
    {
        begin = begin == 0 ? std::string::npos : path.rfind('.', begin - 1);
        if (begin == std::string::npos)
        {
            return path;
        }
    }
    return path.substr(begin + 1);
}

} // namespace

std::string
GivenSettingsTable(const ReportRun& run)
{
    HtmlTable table(run.prefix + "Settings that files or options gave");
    for (const char* heading :
         {"Setting", "Value", "Given in", "Provenance", "Said beside it", "Meaning"})
    {
        table.AddColumn(heading, false);
    }
    AddSettings(
        run,
        true,
        [](const SettingResult& setting) -> std::vector<std::string> {
            return {PathText(setting.setting),
                    EscapeHtml(setting.value),
                    EscapeHtml(setting.source),
                    TextOrDash(setting.provenance),
                    TextOrDash(setting.note),
                    EscapeHtml(setting.meaning)};
        },
        table);
    return "<div class=\"settings\">" + table.Finish() + "</div>\n";
}

std::string
DefaultSettingsTable(const ReportRun& run)
{
    HtmlTable table(run.prefix + "Settings left at their defaults");
    for (const char* heading : {"Setting", "Default", "Provenance", "Meaning"})
    {
        table.AddColumn(heading, false);
    }
    AddSettings(
        run,
        false,
        [](const SettingResult& setting) -> std::vector<std::string> {
            return {PathText(setting.setting),
                    EscapeHtml(setting.value),
                    TextOrDash(setting.provenance),
                    EscapeHtml(setting.meaning)};
        },
        table);
    return "<div class=\"settings\">" + table.Finish() + "</div>\n";
}

std::vector<std::string>
NameByDifferences(const ReportRuns& runs)
{
    constexpr size_t MOST_DIFFERENCES = 3;
    std::vector<std::string> names(runs.size());
    if (runs.size() < 2)
    {
        return names;
    }
    std::vector<Difference> differences;
    std::map<std::string, size_t> ends; // how many settings have this last part
    for (auto& difference : ListDifferences(runs))
    {
        if (difference.first != "name")
        {
            ++ends[GetPathEnd(difference.first, 1)];
            differences.push_back(std::move(difference));
        }
    }
    const bool isShort =
        std::all_of(differences.begin(), differences.end(), [](const auto& difference) {
            return std::all_of(difference.second.begin(),
                               difference.second.end(),
                               [](const auto& value) { return value.size() <= LONGEST_VALUE; });
        });
    if (differences.size() > MOST_DIFFERENCES || !isShort)
    {
        return names;
    }
    for (const auto& [path, values] : differences)
    {
        const std::string end = GetPathEnd(path, ends[GetPathEnd(path, 1)] > 1 ? 2 : 1);
        for (size_t i = 0; i < names.size(); ++i)
        {
            names[i] += (names[i].empty() ? "" : ", ") + end + " " + values[i];
        }
    }
    return names;
}

std::string
SettingsTable(const ReportRuns& runs)
{
    if (runs.size() < 2)
    {
        return "";
    }
    // Where kinds of fabrics differ, so do a hundred defaults, in which nobody chose anything.
    std::set<std::string> given;
    for (const auto& run : runs)
    {
        for (const auto& setting : run.stored.results.settings)
        {
            if (!setting.source.empty())
            {
                given.insert(setting.setting);
            }
        }
    }
    auto chosen = ListDifferences(runs);
    if (chosen.empty())
    {
        return "<p>All runs have the same settings.</p>\n";
    }
    const auto defaults =
        std::stable_partition(chosen.begin(), chosen.end(), [&given](const auto& difference) {
            return given.empty() || given.contains(difference.first);
        });
    const std::vector<Difference> rest(defaults, chosen.end());
    chosen.erase(defaults, chosen.end());
    std::string html =
        chosen.empty() ? "" : DifferencesTable("Settings in which the runs differ", runs, chosen);
    if (!rest.empty())
    {
        html += Details(CountText(rest.size(), "default that differs", "defaults that differ"),
                        DifferencesTable("Defaults in which the runs differ", runs, rest));
    }
    return html;
}

} // namespace mtlink
} // namespace ns3
