/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design/design-tables.h"

#include "design/design-choices.h"
#include "measure/atomic-file.h"
#include "measure/csv.h"
#include "measure/result-reader.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fmt/format.h>
#include <functional>
#include <optional>
#include <set>
#include <system_error>

namespace ns3
{
namespace mtlink
{

namespace
{

namespace fs = std::filesystem;

void
WriteNumber(CsvWriter& csv, const std::optional<double>& number)
{
    number ? csv.Number(*number) : csv.Empty();
}

/** Write a table whole. */
void
WriteTable(const std::string& directory,
           const std::string& name,
           const std::vector<std::string>& head,
           const std::function<void(CsvWriter&)>& rows)
{
    AtomicFile file((fs::path(directory) / name).string());
    CsvWriter csv(file);
    for (const std::string& column : head)
    {
        csv.Text(column);
    }
    csv.EndRow();
    rows(csv);
    file.Commit();
}

/** Columns that say which design it is and what it takes. */
std::vector<std::string>
GetDesignHead()
{
    std::vector<std::string> head{
        "design",     "name",      "kind",          "chip",           "chip_ports",
        "network",    "taper",     "choices",       "planes",         "nodes",
        "rails",      "endpoints", "places",        "chips",          "node_chips",
        "ports_left", "cables",    "copper_cables", "optical_cables", "optical_modules"};
    for (const std::string& name : GetDesignCostNames())
    {
        if (name.starts_with("cost_"))
        {
            head.push_back(name);
        }
    }
    return head;
}

void
WriteDesign(const DesignRequest& request, const Design& design, CsvWriter& csv)
{
    const DesignChip& chip = request.chips[design.chip];
    csv.Unsigned(design.number);
    csv.Text(design.name);
    csv.Text(design.network.kind);
    csv.Text(chip.name);
    csv.Unsigned(chip.ports);
    csv.Text(DescribeNetwork(design));
    csv.Number(design.network.taper);
    csv.Text(DescribeChoices(design.choices));
    csv.Unsigned(design.planes);
    csv.Unsigned(design.nodes);
    csv.Unsigned(design.rails);
    csv.Unsigned(request.endpoints);
    csv.Unsigned(design.network.size.places * design.rails);
    csv.Unsigned(design.chips);
    csv.Unsigned(design.nodeChips);
    csv.Unsigned(design.portsLeft);
    csv.Unsigned(design.CountCables());
    csv.Unsigned(design.CountCables() - design.cost.opticalCables);
    csv.Unsigned(design.cost.opticalCables);
    csv.Unsigned(2 * design.cost.opticalCables);
    for (const std::string& name : GetDesignCostNames())
    {
        if (name.starts_with("cost_"))
        {
            WriteNumber(csv, GetDesignCost(design, name));
        }
    }
}

/** Remove fabrics of designs that are none any longer: they would pass for some. */
void
RemoveOthers(const fs::path& directory, const DesignList& list)
{
    std::set<std::string> names;
    for (const Design& design : list.designs)
    {
        names.insert(design.name + ".yaml");
    }
    std::vector<fs::path> others;
    for (const auto& entry : fs::directory_iterator(directory))
    {
        const std::string name = entry.path().filename().string();
        const bool isNumbered =
            name.size() > 5 && std::all_of(name.begin(), name.begin() + 4, [](unsigned char c) {
                return std::isdigit(c) != 0;
            });
        if (isNumbered && entry.path().extension() == ".yaml" && names.count(name) == 0)
        {
            others.push_back(entry.path());
        }
    }
    for (const fs::path& other : others)
    {
        fs::remove(other);
    }
}

void
WriteFabrics(const DesignRequest& request, const DesignList& list, const std::string& directory)
{
    const fs::path folder = fs::path(directory) / "designs";
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed)
    {
        throw WriteError(folder.string(), failed.value());
    }
    RemoveOthers(folder, list);
    for (const Design& design : list.designs)
    {
        AtomicFile file((folder / (design.name + ".yaml")).string());
        file.Write(
            fmt::format("# Design {} of {}: {} endpoints, {} chips of {} ports, {} cables.\n",
                        design.number,
                        request.name,
                        request.endpoints,
                        design.chips,
                        request.chips[design.chip].ports,
                        design.CountCables()));
        file.Write(WriteYaml(design.fabric));
        file.Commit();
    }
}

/** @return names of designs of one list that another lacks, as one cell. */
std::string
NameMissing(const DesignList& list,
            const std::vector<std::size_t>& of,
            const std::vector<std::size_t>& in)
{
    std::string names;
    for (const std::size_t i : of)
    {
        if (std::find(in.begin(), in.end(), i) == in.end())
        {
            names += (names.empty() ? "" : " ") + list.designs[i].name;
        }
    }
    return names;
}

/** Write design-sensitivity.csv, a line per cost that is other than assumed. */
void
WriteSensitivity(const DesignList& list, const SearchOutcome& outcome, const std::string& directory)
{
    const std::vector<std::size_t> front = ListFront(outcome);
    const std::vector<std::string> head{"assumption",
                                        "provenance",
                                        "value",
                                        "factor",
                                        "front",
                                        "joins",
                                        "leaves",
                                        "best",
                                        outcome.figures.front(),
                                        "status"};
    WriteTable(directory, "design-sensitivity.csv", head, [&](CsvWriter& csv) {
        for (const FrontVariant& variant : outcome.variants)
        {
            csv.Text(variant.assumption);
            csv.Text(variant.provenance);
            csv.Text(variant.value);
            csv.Number(variant.factor);
            csv.Unsigned(variant.front.size());
            csv.Text(NameMissing(list, variant.front, front));
            csv.Text(NameMissing(list, front, variant.front));
            csv.Text(variant.front.empty() ? "" : list.designs[variant.front.front()].name);
            WriteNumber(csv, variant.front.empty() ? std::nullopt : std::optional(variant.best));
            csv.Text(variant.isDecided ? "decided" : "open");
            csv.EndRow();
        }
    });
}

} // namespace

std::string
DescribeNetwork(const Design& design)
{
    std::string text;
    for (const auto& [key, value] : design.network.keys)
    {
        text += (text.empty() ? "" : ", ") + key + " " + value;
    }
    return text;
}

std::string
DescribeStatus(const SearchedDesign& design)
{
    switch (design.status)
    {
    case FrontStatus::OPEN:
        return design.isDecided ? "front" : "may be on the front";
    case FrontStatus::DOMINATED:
        return "dominated";
    case FrontStatus::BEYOND:
        return "beyond the target";
    case FrontStatus::OUT:
        return "can't be run";
    }
    return "";
}

void
WriteDesigns(const DesignRequest& request, const DesignList& list, const std::string& directory)
{
    WriteFabrics(request, list, directory);
    WriteTable(directory, "design.csv", GetDesignHead(), [&](CsvWriter& csv) {
        for (const Design& design : list.designs)
        {
            WriteDesign(request, design, csv);
            csv.EndRow();
        }
    });
    WriteTable(directory,
               "design-cables.csv",
               {"design", "name", "class", "cables", "length_m", "medium"},
               [&](CsvWriter& csv) {
                   for (const Design& design : list.designs)
                   {
                       for (const CableKind& cables : design.cables)
                       {
                           csv.Unsigned(design.number);
                           csv.Text(design.name);
                           csv.Text(cables.cls);
                           csv.Unsigned(cables.cables);
                           WriteNumber(csv, cables.length);
                           csv.Text(cables.isOptical ? "optical" : "copper");
                           csv.EndRow();
                       }
                   }
               });
    WriteTable(directory,
               "design-refused.csv",
               {"chip", "kind", "what", "reason"},
               [&](CsvWriter& csv) {
                   for (const auto& [chip, refusal] : list.refusals)
                   {
                       csv.Text(request.chips[chip].name);
                       csv.Text(refusal.kind);
                       csv.Text(refusal.what);
                       csv.Text(refusal.reason);
                       csv.EndRow();
                   }
               });
}

std::vector<std::size_t>
ListFront(const SearchOutcome& outcome)
{
    std::vector<std::size_t> front;
    for (std::size_t i = 0; i < outcome.designs.size(); ++i)
    {
        if (outcome.designs[i].status == FrontStatus::OPEN)
        {
            front.push_back(i);
        }
    }
    std::stable_sort(front.begin(), front.end(), [&outcome](std::size_t a, std::size_t b) {
        const auto& ofA = outcome.designs[a].figures.front();
        const auto& ofB = outcome.designs[b].figures.front();
        return ofA && (!ofB || *ofA < *ofB);
    });
    return front;
}

void
WriteFront(const DesignRequest& request,
           const DesignList& list,
           const SearchOutcome& outcome,
           const std::string& directory)
{
    const std::vector<std::string> known{"mode", "fidelity", "status"};
    std::vector<std::string> head = GetDesignHead();
    std::vector<std::size_t> added; // figures that the design's own columns do not have
    for (std::size_t k = 0; k < outcome.figures.size(); ++k)
    {
        if (std::find(head.begin(), head.end(), outcome.figures[k]) == head.end())
        {
            added.push_back(k);
        }
    }
    const auto writeKnown = [](const SearchedDesign& design, CsvWriter& csv) {
        csv.Text(GetLookName(design.mode));
        design.mode == LookMode::NONE ? csv.Empty() : csv.Text(GetFidelityName(design.fidelity));
        csv.Text(DescribeStatus(design));
    };
    head.insert(head.end(), known.begin(), known.end());
    for (const std::size_t k : added)
    {
        head.push_back(outcome.figures[k]);
    }
    head.insert(head.end(), {"bound_by", "verdict", "directory"});
    WriteTable(directory, "front.csv", head, [&](CsvWriter& csv) {
        for (const std::size_t i : ListFront(outcome))
        {
            const SearchedDesign& searched = outcome.designs[i];
            WriteDesign(request, list.designs[i], csv);
            writeKnown(searched, csv);
            for (const std::size_t k : added)
            {
                WriteNumber(csv, searched.figures[k]);
            }
            std::optional<VerdictResult> verdict;
            if (!searched.directory.empty())
            {
                verdict = ReadFigures(searched.directory).results.verdict;
            }
            csv.Text(verdict ? verdict->boundBy : "");
            csv.Text(verdict ? verdict->text : "");
            csv.Text(searched.directory);
            csv.EndRow();
        }
    });
    if (request.sensitivity)
    {
        WriteSensitivity(list, outcome, directory);
    }
    head = {"design", "name"};
    head.insert(head.end(), known.begin(), known.end());
    head.insert(head.end(), outcome.figures.begin(), outcome.figures.end());
    std::vector<std::size_t> simulated; // figures that are no design's own
    for (std::size_t k = 0; k < outcome.figures.size(); ++k)
    {
        const auto& own = GetDesignCostNames();
        if (std::find(own.begin(), own.end(), outcome.figures[k]) == own.end())
        {
            simulated.push_back(k);
            head.insert(head.end(), {outcome.figures[k] + "_least", outcome.figures[k] + "_most"});
        }
    }
    head.push_back("message");
    WriteTable(directory, "design-search.csv", head, [&](CsvWriter& csv) {
        for (std::size_t i = 0; i < outcome.designs.size(); ++i)
        {
            csv.Unsigned(list.designs[i].number);
            csv.Text(list.designs[i].name);
            writeKnown(outcome.designs[i], csv);
            for (const std::optional<double>& figure : outcome.designs[i].figures)
            {
                WriteNumber(csv, figure);
            }
            for (const std::size_t k : simulated)
            {
                csv.Number(outcome.designs[i].ranges[k].least); // nothing where it has no end
                csv.Number(outcome.designs[i].ranges[k].most);
            }
            csv.Text(outcome.designs[i].message);
            csv.EndRow();
        }
    });
}

} // namespace mtlink
} // namespace ns3
