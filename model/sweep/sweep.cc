/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep.h"

#include "experiment/yaml-mapping.h"
#include "sweep/content-hash.h"
#include "sweep/sweep-axes.h"
#include "sweep/sweep-values.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fmt/format.h>
#include <map>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Longest part of a directory's name that tells a point's values. */
constexpr std::size_t LONGEST_SLUG = 60;

/** Digits of a point's content in its name: with the values beside it, none meet by chance. */
constexpr std::size_t CONTENT_DIGITS = 10;

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
        std::string value = WriteFlowText(setting.value);
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

/** @return the content of an experiment, whatever its name and seed. */
std::string
GetContent(Experiment experiment)
{
    experiment.name = "content";
    experiment.seed = 1;
    ContentHash hash;
    hash.Add(MTLINK_VERSION);
    hash.Add(WriteExperiment(experiment));
    return hash.Get();
}

/** Add a job of a point. */
void
AddJob(Sweep& sweep, std::size_t point, uint32_t seed)
{
    const std::string& content = sweep.points[point].content;
    std::string own;
    if (!content.empty())
    {
        ContentHash hash;
        hash.Add(content);
        hash.Add(std::to_string(seed));
        own = hash.Get();
    }
    sweep.jobs.push_back({point, seed, own});
}

/** Read every point's experiment, name the points and make the jobs; refuse bad values. */
void
ReadPoints(Sweep& sweep, SweepStrictness strictness)
{
    SweepValues values(sweep);
    for (SweepPoint& point : sweep.points)
    {
        uint32_t seed = 0;
        point.name = MakeSlug(point.settings);
        try
        {
            const Experiment experiment = ReadPoint(sweep, point);
            seed = experiment.seed;
            point.content = GetContent(experiment);
            values.Accept(point);
            point.name += (point.name.empty() ? "" : "-") + point.content.substr(0, CONTENT_DIGITS);
        }
        catch (const InputError& error)
        {
            point.refused = error.what();
            values.Refuse(point, error);
        }
        const auto index = static_cast<std::size_t>(&point - sweep.points.data());
        if (sweep.seeds.empty())
        {
            AddJob(sweep, index, seed);
        }
        for (const uint32_t given : sweep.seeds)
        {
            AddJob(sweep, index, given);
        }
    }
    values.Finish(strictness);
}

/** Give every point its design and scenario. */
void
GroupPoints(Sweep& sweep)
{
    std::map<std::vector<std::string>, std::size_t> designs;
    std::map<std::vector<std::string>, std::size_t> scenarios;
    for (SweepPoint& point : sweep.points)
    {
        std::vector<std::string> design = point.cells;
        std::vector<std::string> scenario = point.cells;
        for (std::size_t i = 0; i < sweep.keys.size(); ++i)
        {
            (sweep.isScenario[i] ? design : scenario)[i].clear();
        }
        point.scenario = scenarios.emplace(std::move(scenario), scenarios.size()).first->second;
        const auto [at, isNew] = designs.emplace(design, designs.size());
        if (isNew)
        {
            sweep.designs.push_back({static_cast<uint32_t>(designs.size()), design, {}});
        }
        point.design = at->second;
        sweep.designs[point.design].points.push_back(
            static_cast<std::size_t>(&point - sweep.points.data()));
    }
    sweep.scenarios = scenarios.size();
}

/** @return the experiment that a sweep varies. */
YamlNode
LoadBase(const YamlNode& base)
{
    YamlNode experiment = base;
    if (base.kind == YamlNode::SCALAR)
    {
        const std::string path = ResolvePath(base);
        std::error_code ignored;
        if (!std::filesystem::exists(path, ignored))
        {
            base.Refuse(fmt::format("there is no file {}: give the path of an experiment, "
                                    "relative to this file",
                                    path));
        }
        experiment = LoadYaml(path);
    }
    else if (base.kind != YamlNode::MAPPING)
    {
        base.Refuse("base should be the path of an experiment, or the mapping itself");
    }
    if (IsSweep(experiment))
    {
        base.Refuse("base is a sweep itself: give an experiment");
    }
    return experiment;
}

Aggregate
ReadAggregate(const YamlNode* node)
{
    if (!node)
    {
        return Aggregate::MEAN;
    }
    const std::string& word = ReadText(*node, "mean or worst");
    if (word != "mean" && word != "worst")
    {
        RefuseUnknown(node->GetWhere(), "aggregate '" + word + "'", word, {"mean", "worst"});
    }
    return word == "worst" ? Aggregate::WORST : Aggregate::MEAN;
}

/** Make the points of all that varies, without reading them. */
void
MakePoints(Sweep& sweep, const SweepAxes& axes, const YamlNode& document)
{
    const auto addKey = [&](const std::string& key) {
        if (std::find(sweep.keys.begin(), sweep.keys.end(), key) == sweep.keys.end())
        {
            sweep.keys.push_back(key);
            sweep.isScenario.push_back(IsScenarioKey(axes, key));
        }
    };
    for (const std::vector<Setting>& settings : axes.listed)
    {
        for (const Setting& setting : settings)
        {
            addKey(setting.key);
        }
    }
    for (const auto* some : {&axes.grid, &axes.scenarios})
    {
        for (const SweepAxis& axis : *some)
        {
            addKey(axis.front().key);
        }
    }
    for (std::vector<Setting>& settings : CombineAxes(axes, MAX_SWEEP_JOBS, document))
    {
        SweepPoint point;
        point.number = static_cast<uint32_t>(sweep.points.size() + 1);
        point.cells.resize(sweep.keys.size());
        for (const Setting& setting : settings)
        {
            const auto key = std::find(sweep.keys.begin(), sweep.keys.end(), setting.key);
            point.cells[static_cast<std::size_t>(key - sweep.keys.begin())] =
                WriteFlowText(setting.value);
        }
        point.settings = std::move(settings);
        sweep.points.push_back(std::move(point));
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
ReadSweep(const YamlNode& document, const std::string& fallbackName, SweepStrictness strictness)
{
    YamlMapping mapping(document, "sweep");
    Sweep sweep;
    sweep.name = fallbackName;
    const YamlNode* name = mapping.Take("name");
    const YamlNode* base = mapping.Take("base");
    SweepAxesNodes nodes;
    nodes.grid = mapping.Take("grid");
    nodes.points = mapping.Take("points");
    nodes.scenarios = mapping.Take("scenarios");
    nodes.designs = mapping.Take("designs");
    const YamlNode* aggregate = mapping.Take("aggregate");
    nodes.seeds = mapping.Take("seeds");
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
    if (!nodes.grid && !nodes.points && !nodes.scenarios && !nodes.seeds)
    {
        document.Refuse("the sweep lacks the keys 'grid', 'points', 'scenarios' and 'seeds', as in "
                        "'grid: {fabric.switch.buffer: [16KiB, 64KiB]}': give at least one");
    }
    sweep.baseName = base->kind == YamlNode::SCALAR
                         ? std::filesystem::path(base->text).stem().string()
                         : sweep.name;
    sweep.base = LoadBase(*base);
    sweep.aggregate = ReadAggregate(aggregate);
    SweepAxes axes = ReadSweepAxes(nodes);
    sweep.seeds = axes.seeds;
    MakePoints(sweep, axes, document);
    GroupPoints(sweep);
    ReadPoints(sweep, strictness);
    return sweep;
}

Sweep
LoadSweep(const std::string& file)
{
    const YamlNode document = LoadYaml(file);
    if (!IsSweep(document))
    {
        document.Refuse("this is no sweep, it lacks 'base' and 'grid' or 'points'; for one "
                        "experiment: mtlink run " +
                        file);
    }
    Sweep sweep = ReadSweep(document, std::filesystem::path(file).stem().string());
    sweep.file = file;
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
    // What is below a key is set after it, whatever the order of the file: else it would be lost.
    const auto getDepth = [](const Setting& setting) {
        return std::count(setting.key.begin(), setting.key.end(), '.');
    };
    std::stable_sort(settings.begin(), settings.end(), [&](const Setting& a, const Setting& b) {
        return getDepth(a) < getDepth(b);
    });
    Experiment experiment = ReadExperimentWith(sweep.base, sweep.baseName, settings);
    experiment.name = point.name;
    return experiment;
}

std::string
DescribeCells(const Sweep& sweep, const std::vector<std::string>& cells)
{
    std::string text;
    for (std::size_t i = 0; i < sweep.keys.size(); ++i)
    {
        if (!cells[i].empty())
        {
            text += (text.empty() ? "" : ", ") + sweep.keys[i] + "=" + cells[i];
        }
    }
    return text.empty() ? "the base" : text;
}

std::string
DescribePoint(const Sweep& sweep, const SweepPoint& point)
{
    return DescribeCells(sweep, point.cells);
}

std::string
GetJobDirectory(const Sweep& sweep, const SweepJob& job)
{
    return fmt::format("points/{}/seed-{}", sweep.points[job.point].name, job.seed);
}

std::vector<std::string>
ListScenarioKeys(const Sweep& sweep)
{
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < sweep.keys.size(); ++i)
    {
        if (sweep.isScenario[i])
        {
            keys.push_back(sweep.keys[i]);
        }
    }
    return keys;
}

} // namespace mtlink
} // namespace ns3
