/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep-axes.h"

#include "experiment/experiment.h"
#include "experiment/yaml-mapping.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr const char* SEED_KEY = "simulation.seed";

/** Refuse keys that a sweep sets itself, and values that are missing. */
void
CheckSetting(const Setting& setting, const YamlNode* seeds)
{
    if (setting.key == "name")
    {
        throw InputError(setting.where, "'name' can't be swept: points are named by their values");
    }
    if (setting.key == SEED_KEY && seeds)
    {
        throw InputError(setting.where,
                         "'simulation.seed' is given by 'seeds' already: keep one of them");
    }
    if (setting.value.kind == YamlNode::NOTHING)
    {
        throw InputError(setting.where, fmt::format("'{}' has no value: give one", setting.key));
    }
}

/** @return whether one of the axes is of a key. */
bool
HasKey(const std::vector<SweepAxis>& axes, const std::string& key)
{
    return std::any_of(axes.begin(), axes.end(), [&key](const SweepAxis& axis) {
        return axis.front().key == key;
    });
}

/** Refuse a key that the grid or the scenarios have already. */
void
CheckIsNew(const SweepAxes& axes, const std::string& key, const Where& where)
{
    for (const auto& [name, known] :
         {std::pair{"the grid", &axes.grid}, std::pair{"the scenarios", &axes.scenarios}})
    {
        if (HasKey(*known, key))
        {
            throw InputError(
                where,
                fmt::format("'{}' is in {} already: keep it in one of them", key, name));
        }
    }
}

/** Read lists of values by key; @param [in] section "grid" or "scenarios". */
std::vector<SweepAxis>
ReadGrid(const YamlNode* node, const std::string& section, const YamlNode* seeds)
{
    std::vector<SweepAxis> grid;
    if (!node)
    {
        return grid;
    }
    const YamlMapping mapping(*node, section);
    if (node->entries.empty())
    {
        node->Refuse(section + " is empty: give keys and their values, as "
                               "{fabric.switch.buffer: [16KiB, 64KiB]}, or leave it out");
    }
    for (const YamlEntry& entry : node->entries)
    {
        const Where where{node->GetWhere().file, entry.line, entry.column};
        if (entry.value.kind != YamlNode::LIST || entry.value.items.empty())
        {
            throw InputError(where,
                             fmt::format("'{}' in {} should be a list of values, as "
                                         "[16KiB, 64KiB]",
                                         entry.key,
                                         section));
        }
        SweepAxis axis;
        std::set<std::string> values;
        for (const YamlNode& item : entry.value.items)
        {
            axis.push_back({entry.key, where, item});
            CheckSetting(axis.back(), seeds);
            if (!values.insert(WriteFlowText(item)).second)
            {
                item.Refuse(fmt::format("{} is here a second time: keep one", WriteFlowText(item)));
            }
        }
        grid.push_back(std::move(axis));
    }
    return grid;
}

/** @return the settings of each point that is listed; one without any where none is. */
std::vector<std::vector<Setting>>
ReadListed(const YamlNode* node, const SweepAxes& axes, const YamlNode* seeds)
{
    if (!node)
    {
        return {{}};
    }
    if (node->kind != YamlNode::LIST || node->items.empty())
    {
        node->Refuse("points should be a list of mappings, as [{workload.load: 0.5, "
                     "fabric.switch.buffer: 16KiB}]");
    }
    std::vector<std::vector<Setting>> listed;
    std::set<std::set<std::pair<std::string, std::string>>> known; // whatever the order of its keys
    for (const YamlNode& item : node->items)
    {
        const YamlMapping mapping(item, "a point");
        std::vector<Setting> settings;
        std::set<std::pair<std::string, std::string>> values;
        for (const YamlEntry& entry : item.entries)
        {
            const Where where{item.GetWhere().file, entry.line, entry.column};
            settings.push_back({entry.key, where, entry.value});
            CheckSetting(settings.back(), seeds);
            CheckIsNew(axes, entry.key, where);
            values.emplace(entry.key, WriteFlowText(entry.value));
        }
        if (!known.insert(values).second)
        {
            item.Refuse("this point is here a second time: keep one");
        }
        listed.push_back(std::move(settings));
    }
    return listed;
}

std::vector<uint32_t>
ReadSeeds(const YamlNode* node)
{
    std::vector<uint32_t> seeds;
    if (!node)
    {
        return seeds;
    }
    if (node->kind != YamlNode::LIST || node->items.empty())
    {
        node->Refuse("seeds should be a list of whole numbers, as [1, 2, 3]");
    }
    for (const YamlNode& item : node->items)
    {
        seeds.push_back(ReadSeed(item));
        if (std::count(seeds.begin(), seeds.end(), seeds.back()) > 1)
        {
            item.Refuse(fmt::format("seed {} is here a second time: keep one", seeds.back()));
        }
    }
    return seeds;
}

/** @return keys of the grid or of listed points that are called designs. */
std::vector<std::string>
ReadDesigns(const YamlNode* node, const SweepAxes& axes)
{
    std::vector<std::string> designs;
    if (!node)
    {
        return designs;
    }
    if (node->kind != YamlNode::LIST || node->items.empty())
    {
        node->Refuse("designs should be a list of keys of grid or points, as "
                     "[workload.algorithm]");
    }
    std::set<std::string> keys;
    for (const SweepAxis& axis : axes.grid)
    {
        keys.insert(axis.front().key);
    }
    for (const std::vector<Setting>& settings : axes.listed)
    {
        for (const Setting& setting : settings)
        {
            keys.insert(setting.key);
        }
    }
    const std::vector<std::string> valid(keys.begin(), keys.end());
    for (const YamlNode& item : node->items)
    {
        const std::string key = ReadText(item, "a key");
        if (HasKey(axes.scenarios, key))
        {
            item.Refuse(fmt::format("'{}' is in the scenarios already: what is varied under "
                                    "'scenarios' is no design; move it to the grid",
                                    key));
        }
        if (key == SEED_KEY)
        {
            item.Refuse("seeds are no designs: figures are taken over all of them");
        }
        if (valid.empty())
        {
            item.Refuse("designs are keys of grid or points, and there is neither");
        }
        if (!keys.contains(key))
        {
            RefuseUnknown(item.GetWhere(),
                          fmt::format("key '{}' of grid and points", key),
                          key,
                          valid);
        }
        if (std::count(designs.begin(), designs.end(), key) > 0)
        {
            item.Refuse(fmt::format("{} is here a second time: keep one", key));
        }
        designs.push_back(key);
    }
    return designs;
}

} // namespace

SweepAxes
ReadSweepAxes(const SweepAxesNodes& nodes)
{
    SweepAxes axes;
    axes.seeds = ReadSeeds(nodes.seeds);
    axes.grid = ReadGrid(nodes.grid, "grid", nodes.seeds);
    const auto scenarios = ReadGrid(nodes.scenarios, "scenarios", nodes.seeds);
    for (const SweepAxis& axis : scenarios)
    {
        CheckIsNew(axes, axis.front().key, axis.front().where);
    }
    axes.scenarios = scenarios;
    axes.listed = ReadListed(nodes.points, axes, nodes.seeds);
    axes.designs = ReadDesigns(nodes.designs, axes);
    return axes;
}

std::vector<std::vector<Setting>>
CombineAxes(const SweepAxes& axes, std::size_t most, const YamlNode& document)
{
    std::size_t jobs = axes.listed.size() * std::max<std::size_t>(axes.seeds.size(), 1);
    std::vector<SweepAxis> all = axes.grid;
    all.insert(all.end(), axes.scenarios.begin(), axes.scenarios.end());
    for (const SweepAxis& axis : all)
    {
        jobs *= axis.size(); // a file has at most a million values: no overflow before the check
        if (jobs > most)
        {
            document.Refuse(
                fmt::format("the sweep has more than {} runs: make several of it", most));
        }
    }
    std::vector<std::vector<Setting>> points = axes.listed;
    for (const SweepAxis& axis : all)
    {
        std::vector<std::vector<Setting>> combined;
        for (const std::vector<Setting>& point : points)
        {
            for (const Setting& setting : axis)
            {
                combined.push_back(point);
                combined.back().push_back(setting);
            }
        }
        points = std::move(combined);
    }
    return points;
}

bool
IsScenarioKey(const SweepAxes& axes, const std::string& key)
{
    if (HasKey(axes.scenarios, key) || key == SEED_KEY)
    {
        return true;
    }
    const auto isWorkload = [](const std::string& one) {
        const std::string root = one.substr(0, one.find('.'));
        return root == "workload" || root == "workloads";
    };
    if (!isWorkload(key) ||
        std::find(axes.designs.begin(), axes.designs.end(), key) != axes.designs.end())
    {
        return false;
    }
    // What is listed belongs together: with parts of a fabric it makes a design.
    return HasKey(axes.grid, key) ||
           std::all_of(axes.listed.begin(), axes.listed.end(), [&](const auto& settings) {
               return std::all_of(settings.begin(), settings.end(), [&](const Setting& setting) {
                   return isWorkload(setting.key) || setting.key == SEED_KEY;
               });
           });
}

std::string
WriteFlowText(const YamlNode& node)
{
    if (node.kind == YamlNode::LIST)
    {
        std::string text;
        for (const YamlNode& item : node.items)
        {
            text += (text.empty() ? "" : ", ") + WriteFlowText(item);
        }
        return "[" + text + "]";
    }
    if (node.kind == YamlNode::MAPPING)
    {
        std::string text;
        for (const YamlEntry& entry : node.entries)
        {
            text += (text.empty() ? "" : ", ") + entry.key + ": " + WriteFlowText(entry.value);
        }
        return "{" + text + "}";
    }
    return node.kind == YamlNode::NOTHING ? "~" : node.text;
}

} // namespace mtlink
} // namespace ns3
