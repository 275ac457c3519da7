/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/experiment.h"

#include "experiment/astra-fabric.h"
#include "experiment/attributes.h"
#include "experiment/memo.h"
#include "experiment/mode-choice.h"
#include "experiment/units.h"
#include "experiment/yaml-mapping.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fmt/format.h>
#include <set>

namespace ns3
{
namespace mtlink
{

namespace
{

void
ReadFabric(const YamlNode& resolved, Experiment& experiment)
{
    experiment.fabric = DescribeFabric(resolved);
    try
    {
        experiment.endpoints = experiment.fabric.builder->GetCapacity();
    }
    catch (const ParameterError& error)
    {
        RefuseFabric(experiment.fabric, error);
    }
    if (experiment.endpoints == 0)
    {
        resolved.Refuse("the fabric's number of endpoints is missing: give 'endpoints'");
    }
}

void
ReadSimulation(const YamlNode* node, Experiment& experiment)
{
    if (!node)
    {
        return;
    }
    YamlMapping mapping(*node, "simulation");
    if (const YamlNode* mode = mapping.Take("mode"))
    {
        experiment.mode =
            ReadChoice(*mode, "simulation", "mode", {"packet", "flow", "bound", "auto"});
    }
    if (const YamlNode* budget = mapping.Take("budget"))
    {
        experiment.budget = ReadTime(*budget);
        if (experiment.mode != "auto")
        {
            budget->Refuse(
                fmt::format("budget is what mode auto goes by, and this is mode {}: leave "
                            "it out, or set mode: auto",
                            experiment.mode));
        }
    }
    if (const YamlNode* memo = mapping.Take("memo"))
    {
        experiment.memo = ReadBoolean(*memo);
    }
    if (const YamlNode* engine = mapping.Take("engine"))
    {
        experiment.engine = ReadChoice(*engine, "simulation", "engine", {"fabric", "default"});
    }
    if (const YamlNode* seed = mapping.Take("seed"))
    {
        experiment.seed = ReadSeed(*seed);
    }
    if (const YamlNode* stop = mapping.Take("stop"))
    {
        experiment.stop = ReadTime(*stop);
    }
    if (const YamlNode* limit = mapping.Take("event_limit"))
    {
        experiment.eventLimit = ReadInteger(*limit, 1);
    }
    if (const YamlNode* allow = mapping.Take("allow_deadlock"))
    {
        experiment.allowDeadlock = ReadBoolean(*allow);
    }
    if (const YamlNode* allow = mapping.Take("allow_approximate"))
    {
        experiment.allowApproximate = ReadBoolean(*allow);
    }
    mapping.Finish();
}

constexpr const char* ALL = "all";      //!< No limit of rows
constexpr const char* NO_ROWS = "none"; //!< A limit of 0 rows

/**
 * Read a limit of rows.
 * @param [in] mapping Where.
 * @param [in] key Its key.
 * @param [in] words Words that it may be, and "N" for a number.
 * @param [in,out] rows Gets it, if it is given.
 * @return whether it is.
 */
bool
ReadRows(YamlMapping& mapping,
         const std::string& key,
         const std::vector<std::string>& words,
         uint64_t& rows)
{
    const YamlNode* node = mapping.Take(key);
    if (!node)
    {
        return false;
    }
    const bool isNumber = node->kind == YamlNode::SCALAR && !node->text.empty() &&
                          std::isdigit(static_cast<unsigned char>(node->text.front()));
    const std::string word = isNumber ? "N" : ReadChoice(*node, "measure", key, words);
    rows = word == ALL ? ALL_ROWS : word == NO_ROWS ? 0 : ReadInteger(*node, 1);
    return true;
}

/** @return a limit of rows as it is read. */
std::string
WriteRows(uint64_t rows)
{
    return rows == ALL_ROWS ? ALL : rows == 0 ? NO_ROWS : fmt::format("{}", rows);
}

void
ReadMeasure(const YamlNode* node, Experiment& experiment)
{
    if (!node)
    {
        return;
    }
    YamlMapping mapping(*node, "measure");
    if (const YamlNode* timeline = mapping.Take("timeline"))
    {
        experiment.timeline = ReadBoolean(*timeline);
    }
    if (const YamlNode* sample = mapping.Take("sample_every"))
    {
        constexpr Tick LEAST = 1000;
        experiment.sampleEvery = ReadTime(*sample);
        if (experiment.sampleEvery < LEAST)
        {
            sample->Refuse("sample_every should be at least 1ns; without it no series is kept");
        }
    }
    if (ReadRows(mapping, "messages", {ALL, NO_ROWS, "N"}, experiment.rows.messages))
    {
        experiment.rows.listsRings = experiment.rows.messages > 0; // a sample asked for is of all
    }
    ReadRows(mapping, "links", {ALL, "N"}, experiment.rows.links);
    ReadRows(mapping, "queues", {ALL, "N"}, experiment.rows.queues);
    if (const YamlNode* whatIf = mapping.Take("what_if"))
    {
        const bool isAuto = whatIf->kind == YamlNode::SCALAR && whatIf->text == "auto";
        experiment.whatIf = isAuto                 ? WhatIf::AUTO
                            : ReadBoolean(*whatIf) ? WhatIf::ALWAYS
                                                   : WhatIf::NEVER;
    }
    mapping.Finish();
}

/** @return whether a training is among an experiment's workloads. */
bool
HasTraining(const Experiment& experiment)
{
    return std::any_of(experiment.workloads.begin(),
                       experiment.workloads.end(),
                       [](const WorkloadDescription& workload) {
                           return workload.kind == WorkloadDescription::TRAINING;
                       });
}

/** Refuse what is measured of a training where there is none. */
void
CheckMeasure(const YamlNode* measure, const Experiment& experiment)
{
    const YamlNode* whatIf = measure ? measure->Find("what_if") : nullptr;
    if (whatIf && !HasTraining(experiment))
    {
        whatIf->Refuse("what_if runs a training again with changes, and no workload is one: leave "
                       "it out, or give 'workload: {training: ...}'");
    }
}

/** @return the cost model's parameters; the defaults where there is no such mapping. */
Ptr<CostProfile>
ReadCost(const YamlNode* node)
{
    const Ptr<CostProfile> cost = CreateObject<CostProfile>();
    if (node)
    {
        YamlMapping mapping(*node, "cost");
        SetAttributes(*cost, mapping, "cost");
        mapping.Finish();
    }
    return cost;
}

/** Say what to do with a sweep, or a request for fabrics, which are no experiments. */
void
RefuseOthers(const YamlNode& document)
{
    for (const YamlEntry& entry : document.entries)
    {
        if (entry.key == "chips")
        {
            const Where where = document.GetWhere();
            throw InputError({where.file, entry.line, entry.column},
                             fmt::format("'chips' makes this a request for fabrics: run it with "
                                         "'mtlink design {}'",
                                         where.file));
        }
        if (IsSweepKey(entry.key))
        {
            const Where where = document.GetWhere();
            throw InputError({where.file, entry.line, entry.column},
                             fmt::format("'{}' makes this a sweep: run it with 'mtlink sweep {}'",
                                         entry.key,
                                         where.file));
        }
    }
}

/** @return whether a value may be a nested fabric that is in a file, or extends one that is. */
bool
NamesFabric(const YamlNode& value)
{
    return value.kind == YamlNode::MAPPING ||
           (value.kind == YamlNode::SCALAR &&
            (value.text.ends_with(".yaml") || value.text.ends_with(".yml")));
}

/** Say what to do with a fabric, which is no experiment. */
void
RefuseFabricFile(const YamlNode& document)
{
    const YamlNode* kind = document.kind == YamlNode::MAPPING ? document.Find("kind") : nullptr;
    if (kind && !document.Find("fabric") && !document.Find("workload") &&
        !document.Find("workloads"))
    {
        kind->Refuse(fmt::format("'kind' makes this a fabric, which does nothing by itself: name "
                                 "it in an experiment, as 'fabric: {0}', or look at it with "
                                 "'mtlink check {0}'",
                                 document.GetWhere().file));
    }
    if (IsAstraFabric(document))
    {
        document.Refuse(fmt::format("this is a network of ASTRA-sim, which does nothing by itself: "
                                    "name it in an experiment, as 'fabric: {}'",
                                    document.GetWhere().file));
    }
}

void
ReadWorkloads(const YamlNode& document,
              const YamlNode* one,
              const YamlNode* several,
              Experiment& experiment)
{
    if (one && several)
    {
        several->Refuse("both 'workload' and 'workloads' are given: keep one, 'workloads' is the "
                        "list");
    }
    if (one)
    {
        experiment.workloads.push_back(
            ReadWorkload(*one, experiment.endpoints, experiment.seed, 0));
        return;
    }
    if (!several)
    {
        document.Refuse("the experiment lacks the key 'workload', as in 'workload: {collective: "
                        "all_reduce, size: 64MiB}'");
    }
    if (several->kind != YamlNode::LIST || several->items.empty())
    {
        several->Refuse("workloads should be a list of workloads, as [{collective: all_reduce, "
                        "size: 64MiB, ranks: [0, 1]}]");
    }
    std::set<std::string> names;
    for (const YamlNode& item : several->items)
    {
        experiment.workloads.push_back(
            ReadWorkload(item,
                         experiment.endpoints,
                         experiment.seed,
                         static_cast<uint32_t>(experiment.workloads.size())));
        if (!names.insert(experiment.workloads.back().name).second)
        {
            item.Refuse(fmt::format("two workloads are named '{}': give each its own name",
                                    experiment.workloads.back().name));
        }
    }
}

} // namespace

void
CheckName(const std::string& name, const YamlNode& node)
{
    const bool isFine =
        !name.empty() && name.size() <= 200 && name.front() != '.' && name.front() != '-' &&
        std::all_of(name.begin(), name.end(), [](char c) {
            return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
        });
    if (!isFine)
    {
        node.Refuse(fmt::format("'{}' can't be a name, which also names the results directory: use "
                                "letters, digits, '-', '_' and '.', a letter or digit first",
                                name));
    }
}

uint32_t
ReadSeed(const YamlNode& node)
{
    return static_cast<uint32_t>(ReadInteger(node, 1, MAX_SEED));
}

bool
IsSweepKey(const std::string& key)
{
    return key == "base" || key == "grid" || key == "points" || key == "scenarios" ||
           key == "designs" || key == "aggregate" || key == "seeds";
}

Experiment
ReadExperiment(YamlNode document,
               const std::string& fallbackName,
               const std::vector<Override>& overrides)
{
    std::vector<Setting> settings;
    for (const Override& override : overrides)
    {
        settings.push_back(ParseOverride(override));
    }
    return ReadExperimentWith(std::move(document), fallbackName, settings);
}

Experiment
ReadExperimentWith(YamlNode document,
                   const std::string& fallbackName,
                   const std::vector<Setting>& settings)
{
    RefuseOthers(document);
    RefuseFabricFile(document);
    // Another fabric is put in before values in it are set.
    for (const Setting& setting : settings)
    {
        if (setting.key == "fabric")
        {
            ApplySetting(document, setting);
        }
    }
    if (document.kind == YamlNode::MAPPING && document.Find("fabric") &&
        document.Find("fabric")->kind != YamlNode::NOTHING)
    {
        YamlNode* fabric = document.Find("fabric");
        *fabric = ResolveFabric(*fabric);
    }
    bool isNested = false;
    for (const Setting& setting : settings)
    {
        if (setting.key != "fabric")
        {
            ApplySetting(document, setting);
            isNested =
                isNested || (setting.key.starts_with("fabric.") && NamesFabric(setting.value));
        }
    }
    if (isNested)
    {
        YamlNode* fabric = document.Find("fabric");
        *fabric = ResolveFabric(*fabric);
    }

    Experiment experiment;
    YamlMapping mapping(document, "experiment");
    experiment.name = fallbackName;
    if (const YamlNode* name = mapping.Take("name"))
    {
        experiment.name = ReadText(*name, "a name");
        CheckName(experiment.name, *name);
    }
    else
    {
        CheckName(fallbackName, document);
    }
    const YamlNode* fabric = mapping.Take("fabric");
    const YamlNode* workload = mapping.Take("workload");
    const YamlNode* workloads = mapping.Take("workloads");
    const YamlNode* simulation = mapping.Take("simulation");
    const YamlNode* measure = mapping.Take("measure");
    const YamlNode* faults = mapping.Take("faults");
    const YamlNode* stability = mapping.Take("stability");
    const YamlNode* cost = mapping.Take("cost");
    mapping.Finish(); // a misspelt key says more than a missing one
    if (!fabric)
    {
        document.Refuse("the experiment lacks the key 'fabric', as in 'fabric: "
                        "../topologies/s5000-mesh-8.yaml'");
    }
    ReadSimulation(simulation, experiment);
    ReadMeasure(measure, experiment);
    experiment.cost = ReadCost(cost);
    ReadFabric(*fabric, experiment);
    ReadWorkloads(document, workload, workloads, experiment);
    CheckMeasure(measure, experiment);
    if (faults)
    {
        experiment.faults = ReadFaults(*faults);
    }
    if (stability)
    {
        experiment.stability = ReadStabilitySection(*stability, experiment.endpoints);
    }
    experiment.document = std::move(document);
    if (experiment.mode == "bound")
    {
        CheckBound(experiment);
    }
    if (experiment.mode == "flow")
    {
        CheckFlow(experiment);
    }
    if (experiment.memo)
    {
        CheckMemo(experiment);
    }
    return experiment;
}

Experiment
LoadExperiment(const std::string& file, const std::vector<Override>& overrides)
{
    return ReadExperiment(LoadYaml(file), std::filesystem::path(file).stem().string(), overrides);
}

Experiment
ReadFabricOnly(const YamlNode& document, const std::string& name)
{
    Experiment experiment;
    experiment.name = name;
    experiment.cost = ReadCost(nullptr);
    ReadFabric(ResolveFabric(document), experiment);
    return experiment;
}

Experiment
LoadExperimentOrFabric(const std::string& file, const std::vector<Override>& overrides)
{
    YamlNode document = LoadYaml(file);
    const std::string name = std::filesystem::path(file).stem().string();
    if (IsAstraFabric(document))
    {
        document = ReadAstraFabric(document);
    }
    if (document.Find("kind") || document.Find("extends"))
    {
        if (!overrides.empty())
        {
            document.Refuse(overrides.front().option +
                            " sets a value of an experiment, and this is a fabric: give an "
                            "experiment whose 'fabric' names it");
        }
        return ReadFabricOnly(document, name);
    }
    return ReadExperiment(std::move(document), name, overrides);
}

YamlNode
ResolveExperiment(const Experiment& experiment)
{
    YamlNode document = MakeYaml(YamlNode::MAPPING);
    // Where the value of a key stands in what was read, if it does.
    const auto keep = [&experiment](YamlNode& mapping,
                                    const char* section,
                                    const std::string& key,
                                    YamlNode value) {
        const YamlNode* given = section ? experiment.document.Find(section) : &experiment.document;
        value.TakePlace(given ? given->Find(key) : nullptr);
        mapping.Set(key, std::move(value));
    };
    keep(document, nullptr, "name", MakeYamlScalar(experiment.name));
    document.Set("fabric", WriteFabric(experiment.fabric));
    YamlNode workloads = MakeYaml(YamlNode::LIST);
    for (const WorkloadDescription& workload : experiment.workloads)
    {
        workloads.items.push_back(WriteWorkload(workload));
    }
    document.Set("workloads", std::move(workloads));

    YamlNode simulation = MakeYaml(YamlNode::MAPPING);
    const auto simulate = [&](const char* key, const std::string& text) {
        keep(simulation, "simulation", key, MakeYamlScalar(text));
    };
    simulate("mode", experiment.mode);
    if (experiment.mode == "auto")
    {
        simulate("budget", FormatTime(experiment.budget));
    }
    simulate("memo", experiment.memo ? "true" : "false");
    simulate("engine", experiment.engine);
    simulate("seed", fmt::format("{}", experiment.seed));
    if (experiment.stop)
    {
        simulate("stop", FormatTime(*experiment.stop));
    }
    if (experiment.eventLimit)
    {
        simulate("event_limit", fmt::format("{}", *experiment.eventLimit));
    }
    simulate("allow_deadlock", experiment.allowDeadlock ? "true" : "false");
    simulate("allow_approximate", experiment.allowApproximate ? "true" : "false");
    document.Set("simulation", std::move(simulation));

    YamlNode measure = MakeYaml(YamlNode::MAPPING);
    keep(measure, "measure", "timeline", MakeYamlScalar(experiment.timeline ? "true" : "false"));
    if (experiment.sampleEvery > 0)
    {
        keep(measure,
             "measure",
             "sample_every",
             MakeYamlScalar(FormatTime(experiment.sampleEvery)));
    }
    for (const auto& [key, rows] : {std::pair("messages", experiment.rows.messages),
                                    std::pair("links", experiment.rows.links),
                                    std::pair("queues", experiment.rows.queues)})
    {
        keep(measure, "measure", key, MakeYamlScalar(WriteRows(rows)));
    }
    if (HasTraining(experiment))
    {
        keep(measure,
             "measure",
             "what_if",
             MakeYamlScalar(experiment.whatIf == WhatIf::AUTO     ? "auto"
                            : experiment.whatIf == WhatIf::ALWAYS ? "true"
                                                                  : "false"));
    }
    document.Set("measure", std::move(measure));
    document.Set("cost", WriteAttributes(*experiment.cost, experiment.document.Find("cost")));
    if (!experiment.faults.empty())
    {
        YamlNode faults = MakeYaml(YamlNode::LIST);
        for (const FaultDescription& fault : experiment.faults)
        {
            faults.items.push_back(fault.node);
        }
        document.Set("faults", std::move(faults));
    }
    if (experiment.stability)
    {
        document.Set("stability", WriteStabilitySection(*experiment.stability, experiment.seed));
    }
    return document;
}

Experiment
MakeQuiet(const Experiment& experiment)
{
    Experiment quiet = experiment;
    quiet.timeline = false;
    quiet.sampleEvery = 0;
    quiet.rows.messages = 0;
    quiet.rows.listsRings = false;
    quiet.whatIf = WhatIf::NEVER;
    return quiet;
}

std::string
WriteExperiment(const Experiment& experiment)
{
    return WriteYaml(ResolveExperiment(experiment));
}

} // namespace mtlink
} // namespace ns3
