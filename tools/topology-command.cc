/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "command.h"
#include "experiment/attributes.h"
#include "experiment/run.h"
#include "measure/atomic-file.h"
#include "report/human-text.h"
#include "routing/route-table.h"
#include "text-table.h"
#include "topology/graphml.h"
#include "topology/topology-check.h"
#include "topology/topology-export.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** Arguments of `mtlink topology`. */
struct TopologyArguments
{
    std::string file;    //!< The fabric or experiment
    std::string dot;     //!< File to write, or empty
    std::string graphMl; //!< File to write, or empty
    std::string csv;     //!< File to write, or empty
    std::string routes;  //!< File to write, or empty
};

/** Write a file whole or not at all; nothing where its name is empty. */
void
WriteTo(const std::string& path, const std::function<void(std::ostream&)>& write)
{
    if (path.empty())
    {
        return;
    }
    std::ostringstream text;
    write(text);
    if (path == "-")
    {
        std::fputs(text.str().c_str(), stdout);
        return;
    }
    AtomicFile file(path);
    file.Write(text.str());
    file.Commit();
}

/** @return each link class's parameters, as WriteGraphMl() wants them. */
std::vector<std::map<std::string, std::string>>
GetParameters(const MtlinkFabric& fabric)
{
    const Topology& topology = fabric.GetTopology();
    std::vector<std::map<std::string, std::string>> parameters(topology.GetLinkClasses().size());
    for (uint32_t link = 0; link < topology.GetLinks().size(); ++link)
    {
        auto& own = parameters[topology.GetLinks()[link].cls];
        if (own.empty())
        {
            const Ptr<const LinkProfile> profile = fabric.GetLinkProfile(link);
            for (const AttributeInfo& info : DescribeAttributes(LinkProfile::GetTypeId()))
            {
                own[info.key] = GetAttributeText(*profile, info.name);
            }
        }
    }
    return parameters;
}

/** Print what links there are, by class. */
void
PrintLinkClasses(const MtlinkFabric& fabric)
{
    const Topology& topology = fabric.GetTopology();
    std::map<uint32_t, std::pair<uint32_t, uint32_t>> counts; // class: first link, links
    for (uint32_t link = 0; link < topology.GetLinks().size(); ++link)
    {
        auto& [first, count] =
            counts.try_emplace(topology.GetLinks()[link].cls, link, 0).first->second;
        ++count;
    }
    TextTable table;
    table.AddRow({"link class", "links each way", "rate", "latency"});
    for (const auto& [cls, count] : counts)
    {
        const Ptr<const LinkProfile> profile = fabric.GetLinkProfile(count.first);
        table.AddRow({topology.GetLinkClasses()[cls].name,
                      CountText(count.second / 2),
                      DecimalText(static_cast<double>(profile->GetBitRate()) / 8e9) + " GB/s",
                      TimeText(ToTicks(profile->GetLatency()))});
    }
    std::fputs(table.Format().c_str(), stdout);
}

int
Describe(const TopologyArguments& arguments)
{
    const Experiment experiment = LoadExperimentOrFabric(arguments.file);
    SelectEngine("fabric");
    const Ptr<MtlinkFabric> fabric = BuildFabric(experiment);
    const Topology& topology = fabric->GetTopology();
    WriteTo(arguments.dot, [&](std::ostream& out) { WriteDot(out, topology); });
    WriteTo(arguments.graphMl,
            [&](std::ostream& out) { WriteGraphMl(out, topology, GetParameters(*fabric)); });
    WriteTo(arguments.csv, [&](std::ostream& out) { WriteLinksCsv(out, topology); });
    try
    {
        WriteTo(arguments.routes,
                [&](std::ostream& out) { WriteRouteTable(out, topology, fabric->GetRouting()); });
    }
    catch (const ParameterError& error)
    {
        RefuseFabric(experiment.fabric, error);
    }
    if (arguments.dot.empty() && arguments.graphMl.empty() && arguments.csv.empty() &&
        arguments.routes.empty())
    {
        fmt::print("{}: kind {}, {}, {}, {} each way, diameter {}\n\n",
                   experiment.name,
                   experiment.fabric.kind,
                   CountText(topology.GetEndpoints(), "endpoint", "endpoints"),
                   CountText(topology.GetSwitches(), "switch", "switches"),
                   CountText(topology.GetLinks().size() / 2, "link", "links"),
                   GetDiameter(topology));
        std::fflush(stdout);
        PrintLinkClasses(*fabric);
    }
    return EXIT_DONE;
}

} // namespace

void
AddTopologyCommand(CLI::App& app, int& status)
{
    CLI::App* command = app.add_subcommand("topology", "Describe or export a fabric's graph");
    const auto arguments = std::make_shared<TopologyArguments>();
    command->add_option("fabric", arguments->file, "The fabric, a YAML file")
        ->required()
        ->type_name("FABRIC.yaml");
    command->add_option("--dot", arguments->dot, "Write Graphviz; - is the standard output")
        ->type_name("FILE");
    command->add_option("--graphml", arguments->graphMl, "Write GraphML, which 'kind: graph' reads")
        ->type_name("FILE");
    command->add_option("--csv", arguments->csv, "Write a row per link")->type_name("FILE");
    command
        ->add_option("--routes",
                     arguments->routes,
                     "Write a table of routes, which 'routing: {algorithm: table}' reads")
        ->type_name("FILE");
    command->callback([arguments, &status] { status = Describe(*arguments); });
}
