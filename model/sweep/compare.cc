/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/compare.h"

#include "experiment/yaml.h"
#include "measure/figures.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Values by path, in order of the file. */
using Flat = std::vector<std::pair<std::string, std::string>>;

bool
IsScalar(const YamlNode& node)
{
    return node.kind == YamlNode::SCALAR || node.kind == YamlNode::NOTHING;
}

/** Lay out a document as paths and values; a list of plain values is one value. */
void
Flatten(const YamlNode& node, const std::string& path, Flat& flat)
{
    const auto below = [&path](const std::string& part) {
        return path.empty() ? part : path + "." + part;
    };
    const bool isPlainList =
        node.kind == YamlNode::LIST && std::all_of(node.items.begin(), node.items.end(), IsScalar);
    if (IsScalar(node))
    {
        flat.emplace_back(path, node.text);
    }
    else if (isPlainList)
    {
        std::string text;
        for (const YamlNode& item : node.items)
        {
            text += (text.empty() ? "" : ", ") + item.text;
        }
        flat.emplace_back(path, "[" + text + "]");
    }
    for (const YamlEntry& entry : node.entries)
    {
        Flatten(entry.value, below(entry.key), flat);
    }
    for (std::size_t i = 0; i < node.items.size() && !isPlainList; ++i)
    {
        Flatten(node.items[i], below(std::to_string(i)), flat);
    }
}

Flat
ReadParameters(const StoredRun& run)
{
    Flat flat;
    Flatten(ParseYaml(run.results.experimentYaml, {run.directory + "/experiment.yaml", ""}),
            "",
            flat);
    return flat;
}

std::vector<ParameterChange>
CompareParameters(const StoredRun& a, const StoredRun& b)
{
    const Flat first = ReadParameters(a);
    const Flat second = ReadParameters(b);
    const std::map<std::string, std::string> inFirst(first.begin(), first.end());
    const std::map<std::string, std::string> inSecond(second.begin(), second.end());
    std::vector<ParameterChange> changes;
    for (const auto& [key, value] : first)
    {
        const auto found = inSecond.find(key);
        if (found == inSecond.end())
        {
            changes.push_back({key, value, std::nullopt});
        }
        else if (found->second != value)
        {
            changes.push_back({key, value, found->second});
        }
    }
    for (const auto& [key, value] : second)
    {
        if (inFirst.count(key) == 0)
        {
            changes.push_back({key, std::nullopt, value});
        }
    }
    return changes;
}

std::vector<FigureChange>
CompareFigures(const std::vector<Figure>& figures, const StoredRun& a, const StoredRun& b)
{
    std::vector<FigureChange> changes;
    for (const Figure& figure : figures)
    {
        changes.push_back(
            {figure.name, std::nullopt, "", figure.get(a.results), figure.get(b.results)});
    }
    return changes;
}

std::vector<FigureChange>
CompareCollectives(const StoredRun& a, const StoredRun& b)
{
    using ById = std::map<uint32_t, const CollectiveResult*>;
    const auto sort = [](const StoredRun& run) {
        ById byId;
        for (const CollectiveResult& collective : run.results.collectives)
        {
            byId[collective.id] = &collective;
        }
        return byId;
    };
    const ById first = sort(a);
    const ById second = sort(b);
    ById all = first;
    all.insert(second.begin(), second.end());
    const auto get = [](const ById& run, uint32_t id, const CollectiveFigure& figure) {
        const auto found = run.find(id);
        const double value = found == run.end() ? NAN : figure.get(*found->second);
        return std::isfinite(value) ? std::optional(value) : std::nullopt;
    };
    std::vector<FigureChange> changes;
    for (const auto& [id, collective] : all)
    {
        for (const CollectiveFigure& figure : GetCollectiveFigures())
        {
            changes.push_back({figure.name,
                               id,
                               collective->name,
                               get(first, id, figure),
                               get(second, id, figure)});
        }
    }
    return changes;
}

} // namespace

std::optional<double>
FigureChange::GetPercent() const
{
    if (!a || !b || *a == 0)
    {
        return std::nullopt;
    }
    return (*b - *a) / std::abs(*a) * 100;
}

bool
FigureChange::IsPast(double percent) const
{
    if (!IsMoved())
    {
        return false;
    }
    const std::optional<double> moved = GetPercent();
    return !moved || std::abs(*moved) > percent;
}

Comparison
CompareRuns(const StoredRun& a, const StoredRun& b)
{
    return {CompareParameters(a, b),
            CompareFigures(GetFigures(), a, b),
            CompareFigures(GetCosts(), a, b),
            CompareCollectives(a, b)};
}

std::vector<std::string>
GetComparedNames()
{
    std::vector<std::string> names;
    for (const auto* figures : {&GetFigures(), &GetCosts()})
    {
        for (const Figure& figure : *figures)
        {
            names.push_back(figure.name);
        }
    }
    for (const CollectiveFigure& figure : GetCollectiveFigures())
    {
        names.push_back(figure.name);
    }
    return names;
}

} // namespace mtlink
} // namespace ns3
