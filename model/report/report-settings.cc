/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report-settings.h"

#include "report/html.h"
#include "report/human-text.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <yaml-cpp/yaml.h>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr size_t MOST_ROWS{200};     //!< Settings in which runs differ
constexpr size_t MOST_SETTINGS{400}; //!< Of a run, given or defaults

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
            table.AddRow(cells(setting));
        }
    }
    if (found > MOST_SETTINGS)
    {
        table.SetNote(fmt::format("{} of {} shown; all are in settings.csv.",
                                  CountText(MOST_SETTINGS),
                                  CountText(found)));
    }
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
    return table.Finish();
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
    return table.Finish();
}

std::string
SettingsTable(const ReportRuns& runs)
{
    if (runs.size() < 2)
    {
        return "";
    }
    std::vector<Settings> all;
    std::map<std::string, size_t> paths;
    for (const auto& run : runs)
    {
        all.push_back(ReadSettings(run));
        for (const auto& [path, value] : all.back())
        {
            ++paths[path];
        }
    }
    HtmlTable table("Settings in which the runs differ");
    table.AddColumn("Setting", false);
    for (const auto& run : runs)
    {
        table.AddColumn(run.label, false);
    }
    size_t found = 0;
    for (const auto& [path, count] : paths)
    {
        std::vector<std::string> cells{EscapeHtml(path)};
        for (const auto& settings : all)
        {
            const auto value = settings.find(path);
            cells.push_back(value == settings.end() ? UNKNOWN_TEXT : EscapeHtml(value->second));
        }
        const bool isEqual = std::all_of(cells.begin() + 2, cells.end(), [&cells](const auto& c) {
            return c == cells[1];
        });
        if (!isEqual && ++found <= MOST_ROWS)
        {
            table.AddRow(cells);
        }
    }
    if (found == 0)
    {
        return "<p>All runs have the same settings.</p>\n";
    }
    if (found > MOST_ROWS)
    {
        table.SetNote(fmt::format("{} of {} shown; mtlink compare shows all.",
                                  CountText(MOST_ROWS),
                                  CountText(found)));
    }
    return table.Finish();
}

} // namespace mtlink
} // namespace ns3
