/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep.h"

#include "experiment/yaml-mapping.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Longest part of a directory's name that tells a point's values. */
constexpr std::size_t LONGEST_SLUG = 60;

/** A key of a grid, and its values. */
using Axis = std::vector<Setting>;

/** @return a value as one line of YAML, for a cell and for people. */
std::string
WriteFlow(const YamlNode& node)
{
    if (node.kind == YamlNode::LIST)
    {
        std::string text;
        for (const YamlNode& item : node.items)
        {
            text += (text.empty() ? "" : ", ") + WriteFlow(item);
        }
        return "[" + text + "]";
    }
    if (node.kind == YamlNode::MAPPING)
    {
        std::string text;
        for (const YamlEntry& entry : node.entries)
        {
            text += (text.empty() ? "" : ", ") + entry.key + ": " + WriteFlow(entry.value);
        }
        return "{" + text + "}";
    }
    return node.kind == YamlNode::NOTHING ? "~" : node.text;
}

/** @return the last part of a key, "buffer" of "fabric.switch.buffer". */
std::string
GetLastPart(const std::string& key)
{
    return key.substr(key.rfind('.') + 1);
}

/** @return what tells a point's values in the name of its directory, or nothing. */
std::string
MakeSlug(const std::vector<Setting>& settings)
{
    std::string words;
    for (const Setting& setting : settings)
    {
        std::string value = WriteFlow(setting.value);
        if (std::filesystem::path(value).extension() == ".yaml")
        {
            value = std::filesystem::path(value).stem().string();
        }
        words += "-" + GetLastPart(setting.key) + "-" + value;
    }
    std::string slug;
    for (const char c : words.substr(0, LONGEST_SLUG))
    {
        const bool isPlain = std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.';
        if (isPlain || (!slug.empty() && slug.back() != '-'))
        {
            slug += isPlain ? c : '-';
        }
    }
    while (!slug.empty() && slug.back() == '-')
    {
        slug.pop_back();
    }
    return slug;
}

/** Refuse keys that a sweep sets itself, and values that are missing. */
void
CheckSetting(const Setting& setting, const YamlNode* seeds)
{
    if (setting.key == "name")
    {
        throw InputError(setting.where, "'name' can't be swept: points are named by their values");
    }
    if (setting.key == "simulation.seed" && seeds)
    {
        throw InputError(setting.where,
                         "'simulation.seed' is given by 'seeds' already: keep one of them");
    }
    if (setting.value.kind == YamlNode::NOTHING)
    {
        throw InputError(setting.where, fmt::format("'{}' has no value: give one", setting.key));
    }
}

std::vector<Axis>
ReadGrid(const YamlNode* node, const YamlNode* seeds)
{
    std::vector<Axis> grid;
    if (!node)
    {
        return grid;
    }
    const YamlMapping mapping(*node, "grid");
    for (const YamlEntry& entry : node->entries)
    {
        const Where where{node->GetWhere().file, entry.line, entry.column};
        if (entry.value.kind != YamlNode::LIST || entry.value.items.empty())
        {
            throw InputError(where,
                             fmt::format("'{}' in grid should be a list of values, as "
                                         "[16KiB, 64KiB]",
                                         entry.key));
        }
        Axis axis;
        std::set<std::string> values;
        for (const YamlNode& item : entry.value.items)
        {
            axis.push_back({entry.key, where, item});
            CheckSetting(axis.back(), seeds);
            if (!values.insert(WriteFlow(item)).second)
            {
                item.Refuse(fmt::format("{} is here a second time: keep one", WriteFlow(item)));
            }
        }
        grid.push_back(std::move(axis));
    }
    return grid;
}

/** @return the settings of each point that is listed; one without any where none is. */
std::vector<std::vector<Setting>>
ReadListed(const YamlNode* node, const std::vector<Axis>& grid, const YamlNode* seeds)
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
    std::set<std::string> known;
    for (const YamlNode& item : node->items)
    {
        const YamlMapping mapping(item, "a point");
        std::vector<Setting> settings;
        for (const YamlEntry& entry : item.entries)
        {
            const Where where{item.GetWhere().file, entry.line, entry.column};
            settings.push_back({entry.key, where, entry.value});
            CheckSetting(settings.back(), seeds);
            const bool isInGrid = std::any_of(grid.begin(), grid.end(), [&](const Axis& axis) {
                return axis.front().key == entry.key;
            });
            if (isInGrid)
            {
                throw InputError(
                    where,
                    fmt::format("'{}' is in the grid already: keep it in one of them", entry.key));
            }
        }
        if (!known.insert(WriteFlow(item)).second)
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

/** @return every listed point with every combination of the grid, its last key going fastest. */
std::vector<std::vector<Setting>>
Combine(const std::vector<std::vector<Setting>>& listed,
        const std::vector<Axis>& grid,
        std::size_t seeds,
        const YamlNode& document)
{
    std::size_t jobs = listed.size() * seeds;
    for (const Axis& axis : grid)
    {
        jobs *= axis.size(); // a file has at most a million values: no overflow before the check
        if (jobs > MAX_SWEEP_JOBS)
        {
            document.Refuse(
                fmt::format("the sweep has more than {} runs: make several of it", MAX_SWEEP_JOBS));
        }
    }
    std::vector<std::vector<Setting>> points = listed;
    for (const Axis& axis : grid)
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

/** Add a text to a fingerprint: FNV-1a (Fowler, Noll, Vo) of 64 bits, ended by a byte of its own.
 */
void
AddToFingerprint(uint64_t& fingerprint, const std::string& text)
{
    constexpr uint64_t PRIME = 0x100000001b3;
    for (const char c : text)
    {
        fingerprint = (fingerprint ^ static_cast<unsigned char>(c)) * PRIME;
    }
    fingerprint = (fingerprint ^ 0xff) * PRIME; // no byte of UTF-8
}

/**
 * Read every point's experiment, make the fingerprint and the jobs.
 * @return why points can't be read, by number.
 */
std::map<uint32_t, InputError>
ReadPoints(Sweep& sweep)
{
    std::map<uint32_t, InputError> refused; // by number of the point
    uint64_t fingerprint = 0xcbf29ce484222325;
    AddToFingerprint(fingerprint, MTLINK_VERSION);
    for (const uint32_t seed : sweep.seeds)
    {
        AddToFingerprint(fingerprint, std::to_string(seed));
    }
    for (SweepPoint& point : sweep.points)
    {
        uint32_t seed = 0;
        try
        {
            const Experiment experiment = ReadPoint(sweep, point);
            seed = experiment.seed;
            AddToFingerprint(fingerprint, WriteExperiment(experiment));
        }
        catch (const InputError& error)
        {
            point.refused = error.what();
            refused.emplace(point.number, error);
            AddToFingerprint(fingerprint, DescribePoint(sweep, point));
        }
        const auto index = static_cast<std::size_t>(&point - sweep.points.data());
        if (sweep.seeds.empty())
        {
            sweep.jobs.push_back({index, seed});
        }
        for (const uint32_t given : sweep.seeds)
        {
            sweep.jobs.push_back({index, given});
        }
    }
    sweep.fingerprint = fmt::format("{:016x}", fingerprint);
    return refused;
}

/** Refuse the sweep for a value that no point accepts. */
void
RefuseBadValues(const Sweep& sweep, const std::map<uint32_t, InputError>& refused)
{
    std::set<std::pair<std::string, std::string>> accepted;
    for (const SweepPoint& point : sweep.points)
    {
        for (std::size_t i = 0; i < sweep.keys.size() && point.refused.empty(); ++i)
        {
            accepted.emplace(sweep.keys[i], point.cells[i]);
        }
    }
    for (const auto& [number, error] : refused)
    {
        if (refused.size() == sweep.points.size())
        {
            throw InputError(error.GetWhere(), error.GetMessage() + " (so in every point)");
        }
        const SweepPoint& point = sweep.points[number - 1];
        for (std::size_t i = 0; i < sweep.keys.size(); ++i)
        {
            if (!point.cells[i].empty() && accepted.count({sweep.keys[i], point.cells[i]}) == 0)
            {
                throw InputError(error.GetWhere(),
                                 fmt::format("{} (so in every point with {}={})",
                                             error.GetMessage(),
                                             sweep.keys[i],
                                             point.cells[i]));
            }
        }
    }
}

} // namespace

bool
IsSweep(const YamlNode& document)
{
    return std::any_of(document.entries.begin(),
                       document.entries.end(),
                       [](const YamlEntry& entry) { return IsSweepKey(entry.key); });
}

Sweep
LoadSweep(const std::string& file)
{
    const YamlNode document = LoadYaml(file);
    YamlMapping mapping(document, "sweep");
    Sweep sweep;
    sweep.name = std::filesystem::path(file).stem().string();
    const YamlNode* name = mapping.Take("name");
    const YamlNode* base = mapping.Take("base");
    const YamlNode* grid = mapping.Take("grid");
    const YamlNode* points = mapping.Take("points");
    const YamlNode* seeds = mapping.Take("seeds");
    if (!IsSweep(document))
    {
        document.Refuse("this is no sweep, it lacks 'base' and 'grid' or 'points'; for one "
                        "experiment: mtlink run " +
                        file);
    }
    mapping.Finish();
    if (name)
    {
        sweep.name = ReadText(*name, "a name");
        CheckName(sweep.name, *name);
    }
    else
    {
        CheckName(sweep.name, document);
    }
    if (!base)
    {
        document.Refuse("the sweep lacks the key 'base', as in 'base: experiment.yaml'");
    }
    if (!grid && !points && !seeds)
    {
        document.Refuse("the sweep lacks the keys 'grid', 'points' and 'seeds', as in 'grid: "
                        "{fabric.switch.buffer: [16KiB, 64KiB]}': give at least one");
    }
    sweep.baseName = sweep.name;
    sweep.base = *base;
    if (base->kind == YamlNode::SCALAR)
    {
        sweep.baseName = std::filesystem::path(base->text).stem().string();
        const std::string path = ResolvePath(*base);
        std::error_code ignored;
        if (!std::filesystem::exists(path, ignored))
        {
            base->Refuse(fmt::format("there is no file {}: give the path of an experiment, "
                                     "relative to this file",
                                     path));
        }
        sweep.base = LoadYaml(path);
    }
    else if (base->kind != YamlNode::MAPPING)
    {
        base->Refuse("base should be the path of an experiment, or the mapping itself");
    }
    if (IsSweep(sweep.base))
    {
        base->Refuse("base is a sweep itself: give an experiment");
    }

    sweep.seeds = ReadSeeds(seeds);
    const std::vector<Axis> axes = ReadGrid(grid, seeds);
    const auto listed = ReadListed(points, axes, seeds);
    const auto addKey = [&sweep](const std::string& key) {
        if (std::find(sweep.keys.begin(), sweep.keys.end(), key) == sweep.keys.end())
        {
            sweep.keys.push_back(key);
        }
    };
    for (const std::vector<Setting>& settings : listed)
    {
        for (const Setting& setting : settings)
        {
            addKey(setting.key);
        }
    }
    for (const Axis& axis : axes)
    {
        addKey(axis.front().key);
    }

    auto all = Combine(listed, axes, std::max<std::size_t>(sweep.seeds.size(), 1), document);
    const std::size_t width = std::max<std::size_t>(4, std::to_string(all.size()).size());
    for (std::vector<Setting>& settings : all)
    {
        SweepPoint point;
        point.number = static_cast<uint32_t>(sweep.points.size() + 1);
        const std::string slug = MakeSlug(settings);
        point.name = fmt::format("{:0{}}{}{}", point.number, width, slug.empty() ? "" : "-", slug);
        point.cells.resize(sweep.keys.size());
        for (const Setting& setting : settings)
        {
            const auto key = std::find(sweep.keys.begin(), sweep.keys.end(), setting.key);
            point.cells[static_cast<std::size_t>(key - sweep.keys.begin())] =
                WriteFlow(setting.value);
        }
        point.settings = std::move(settings);
        sweep.points.push_back(std::move(point));
    }
    RefuseBadValues(sweep, ReadPoints(sweep));
    return sweep;
}

Experiment
ReadPoint(const Sweep& sweep, const SweepPoint& point, uint32_t seed)
{
    std::vector<Setting> settings = point.settings;
    if (seed != 0)
    {
        settings.push_back(
            {"simulation.seed", sweep.base.GetWhere(), MakeYamlScalar(std::to_string(seed))});
    }
    Experiment experiment = ReadExperimentWith(sweep.base, sweep.baseName, settings);
    experiment.name = point.name;
    return experiment;
}

std::string
DescribePoint(const Sweep& sweep, const SweepPoint& point)
{
    std::string text;
    for (std::size_t i = 0; i < sweep.keys.size(); ++i)
    {
        if (!point.cells[i].empty())
        {
            text += (text.empty() ? "" : ", ") + sweep.keys[i] + "=" + point.cells[i];
        }
    }
    return text.empty() ? "the base" : text;
}

std::string
GetJobDirectory(const Sweep& sweep, const SweepJob& job)
{
    const std::string directory = "points/" + sweep.points[job.point].name;
    return sweep.seeds.empty() ? directory : fmt::format("{}/seed-{}", directory, job.seed);
}

} // namespace mtlink
} // namespace ns3
