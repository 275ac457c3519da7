/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "command.h"
#include "experiment/emulation-run.h"
#include "experiment/units.h"
#include "interrupt.h"
#include "language-option.h"
#include "measure/atomic-file.h"
#include "measure/result-directory.h"
#include "measure/result-writer.h"
#include "override-options.h"
#include "report/report.h"
#include "summary-text.h"
#include "sweep/sweep-record.h"

#include "ns3/mtlink-error.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** Arguments of `mtlink emulate`. */
struct EmulateArguments
{
    std::string file;                  //!< An experiment or a fabric
    std::string directory;             //!< Of the results; empty: results/NAME
    std::vector<std::string> settings; //!< KEY=VALUE
    std::string netns;                 //!< Prefix of names of namespaces
    std::vector<uint32_t> pids;        //!< Processes whose namespaces they are
    std::string port{"tap"};           //!< tap or packet
    double scale{1000};                //!< The fabric's time goes so much slower
    uint32_t mtu{9000};                //!< Of the interfaces
    std::string stop;                  //!< How long by the clock; empty: until interrupted
    std::string language;              //!< Empty: that of the environment
};

/** @return the network namespaces of the hosts, by endpoint. */
std::vector<std::string>
FindNamespaces(const EmulateArguments& arguments, uint32_t endpoints)
{
    std::vector<std::string> found;
    for (const uint32_t pid : arguments.pids)
    {
        found.push_back("/proc/" + std::to_string(pid) + "/ns/net");
        std::error_code error;
        if (!std::filesystem::exists(found.back(), error))
        {
            if (error)
            {
                throw std::system_error(error, found.back());
            }
            throw InputError({"--pids"}, "there is no process " + std::to_string(pid));
        }
    }
    while (!arguments.netns.empty() && found.size() < endpoints)
    {
        const std::string path = "/run/netns/" + arguments.netns + std::to_string(found.size());
        if (!std::filesystem::exists(path))
        {
            break;
        }
        found.push_back(path);
    }
    if (found.empty())
    {
        throw InputError({"--netns"},
                         "there is no network namespace " + arguments.netns + "0: 'ip netns add " +
                             arguments.netns + "0' makes it");
    }
    if (found.size() > endpoints)
    {
        throw InputError({"--pids"},
                         std::to_string(found.size()) + " hosts, but the fabric has " +
                             std::to_string(endpoints) + " endpoints");
    }
    return found;
}

/** @return seconds of --stop; 0: nothing was given. */
double
ReadStop(const std::string& text)
{
    try
    {
        return text.empty() ? 0 : static_cast<double>(ParseTime(text)) / 1e12;
    }
    catch (const ParameterError& error)
    {
        throw InputError({"--stop"}, error.what());
    }
}

/** Print who may send now, and what the clock's time means. */
void
PrintReady(const Experiment& experiment, const EmulateArguments& arguments, std::size_t hosts)
{
    if (!experiment.workloads.empty())
    {
        std::fprintf(stderr,
                     "mtlink: the workload is not run: what the hosts send is carried instead\n");
    }
    std::fprintf(stderr,
                 "mtlink: %zu hosts, mtlink0 in each, 10.77.0.1 and up; one second of the clock is "
                 "%g of the fabric: rates look %g times lower, latencies %g times longer\n",
                 hosts,
                 1 / arguments.scale,
                 arguments.scale,
                 arguments.scale);
    std::printf("ready\n");
    std::fflush(stdout);
}

/** Print what the hosts did, and how late it was. */
void
PrintHosts(const EmulationResult& emulation)
{
    std::printf("hosts            %llu, sent %llu frames of %llu bytes, were given %llu; %llu "
                "refused, %llu unwritten, %llu lost to faults\n",
                static_cast<unsigned long long>(emulation.hosts),
                static_cast<unsigned long long>(emulation.frames),
                static_cast<unsigned long long>(emulation.bytes),
                static_cast<unsigned long long>(emulation.given),
                static_cast<unsigned long long>(emulation.refused),
                static_cast<unsigned long long>(emulation.unwritten),
                static_cast<unsigned long long>(emulation.lost));
    std::printf("lag              mean %.3g us, p99 %.3g us, p99.9 %.3g us, max %.3g us by the "
                "clock: real time was %s\n",
                emulation.lagMeanUs,
                emulation.lagP99Us,
                emulation.lagP999Us,
                emulation.lagMaxUs,
                emulation.held ? "held" : "LOST");
}

/** Run. Throws std::system_error for what the system refuses. */
int
Emulate(EmulateArguments arguments)
{
    const Language language = ChooseLanguage(arguments.language);
    const Experiment experiment =
        LoadExperimentOrFabric(arguments.file, ListOverrides(arguments.settings, ""));
    if (arguments.directory.empty())
    {
        arguments.directory = "results/" + experiment.name;
    }
    const std::vector<std::string> spaces = FindNamespaces(arguments, experiment.endpoints);

    EmulationSettings settings;
    settings.hosts = static_cast<uint32_t>(spaces.size());
    settings.scale = arguments.scale;
    settings.mtu = arguments.mtu;
    settings.seconds = ReadStop(arguments.stop);
    settings.interrupt = CatchInterrupts();
    settings.open = [&](HostInterface interface, uint32_t endpoint) {
        if (arguments.port == "packet")
        {
            return OpenPacketSocket("", "mtlinkp" + std::to_string(endpoint));
        }
        interface.netns = spaces[endpoint];
        return OpenTap(interface);
    };
    settings.ready = [&] { PrintReady(experiment, arguments, spaces.size()); };

    RefuseDirectoryOfSweep(arguments.directory);
    const ResultDirectory directory(arguments.directory);
    directory.RemoveTemporaries(GetResultFiles());
    RunResults results = EmulateExperiment(experiment, settings);
    try
    {
        results.rows = WriteResults(results, arguments.directory, experiment.rows, nullptr);
        WriteReport({arguments.directory}, arguments.directory + "/report.html", language);
    }
    catch (const WriteError& error)
    {
        std::fprintf(stderr, "mtlink: error: %s\n", error.what());
        return EXIT_STOPPED;
    }
    std::fputs(FormatSummary(results, language).c_str(), stdout);
    PrintHosts(*results.emulation);
    std::printf("\nresults          %s\nreport           %s/report.html\n",
                arguments.directory.c_str(),
                arguments.directory.c_str());
    return results.emulation->held ? EXIT_DONE : EXIT_STOPPED;
}

} // namespace

void
AddEmulateCommand(CLI::App& app, int& status)
{
    CLI::App* command =
        app.add_subcommand("emulate", "Let programs on this machine use a fabric, by the clock");
    const auto arguments = std::make_shared<EmulateArguments>();
    command->add_option("file", arguments->file, "An experiment or a fabric, a YAML file")
        ->required()
        ->type_name("FILE.yaml");
    command
        ->add_option("-o,--output", arguments->directory, "Where results go (default results/NAME)")
        ->type_name("DIR");
    command
        ->add_option("--set", arguments->settings, "Set a value of the experiment; may be repeated")
        ->type_name("KEY=VALUE")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    CLI::Option* const netns =
        command
            ->add_option("--netns",
                         arguments->netns,
                         "Hosts are the network namespaces PREFIX0, PREFIX1, ..., endpoint by "
                         "endpoint")
            ->type_name("PREFIX");
    CLI::Option* const pids =
        command
            ->add_option("--pids",
                         arguments->pids,
                         "Hosts are the network namespaces of these processes, as of containers")
            ->type_name("P,...")
            ->delimiter(',');
    netns->excludes(pids);
    command
        ->add_option("--port",
                     arguments->port,
                     "tap: an interface mtlink0 is made in each host; packet: a packet socket on "
                     "mtlinkp0, mtlinkp1, ... here, our ends of veth pairs")
        ->type_name("tap|packet")
        ->check(CLI::IsMember({"tap", "packet"}));
    command
        ->add_option("--scale",
                     arguments->scale,
                     "The fabric's time goes so much slower than the clock (default 1000)")
        ->type_name("FACTOR")
        ->check(CLI::Range(1e-3, 1e9));
    command->add_option("--mtu", arguments->mtu, "MTU of the interfaces, bytes (default 9000)")
        ->type_name("BYTES")
        ->check(CLI::Range(68, 65000));
    command
        ->add_option("--stop",
                     arguments->stop,
                     "Time by the clock after which it ends, as 60s (default: at Ctrl-C)")
        ->type_name("TIME");
    AddLanguageOption(*command, arguments->language);
    command->callback([arguments, netns, pids, &status] {
        if (netns->count() + pids->count() == 0)
        {
            throw CLI::ValidationError("give --netns PREFIX or --pids P,...: the hosts");
        }
        try
        {
            status = Emulate(*arguments);
        }
        catch (const std::system_error& error)
        {
            std::fprintf(stderr, "mtlink: error: %s\n", error.what());
            status = IsForWantOfRights(error.code().value()) ? EXIT_NO_RIGHTS : EXIT_REFUSED;
        }
    });
}
