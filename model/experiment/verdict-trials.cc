/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/verdict-trials.h"

#include "experiment/estimate.h"
#include "experiment/mode-choice.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <string>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Trials together take no more than this part of the run, */
constexpr double MOST_SHARE = 0.03;

/** or than this, seconds: beside starting a process that is nothing. */
constexpr double LEAST_SECONDS = 0.004;

/** Building a fabric for a trial takes so long for each link, seconds: measured. */
constexpr double SECONDS_PER_LINK = 3e-6;

/** A collective took long that took so many times its bound. */
constexpr double LONG = 1.5;

/** Sources waited long for credit that did so for this share of the run. */
constexpr double STALLED = 0.1;

constexpr uint32_t OTHER_SEEDS = 2; //!< Tried

/** Tries one experiment. */
class Trials
{
  public:
    Trials(const Experiment& experiment, const RunResults& results, const TrialSimulation& simulate)
        : m_experiment(experiment),
          m_results(results),
          m_simulate(simulate)
    {
    }

    std::vector<VerdictTrial> Run()
    {
        const bool isOne = m_results.complete && m_results.completionTime &&
                           m_experiment.workloads.size() == 1 &&
                           m_experiment.workloads[0].kind == WorkloadDescription::COLLECTIVE &&
                           !m_results.collectives.empty();
        if (isOne)
        {
            m_left = std::max(MOST_SHARE * GetRunSeconds(), LEAST_SECONDS);
            TryAlgorithms();
            TryWays();
        }
        return std::move(m_trials);
    }

  private:
    /** @return the mode in which an experiment can be tried; empty: there is none. */
    std::string FindMode(const Experiment& changed) const
    {
        for (const char* mode : {"flow", "bound"})
        {
            try
            {
                const bool isFlow = mode == std::string("flow");
                if (!isFlow || m_results.mode != "bound")
                {
                    isFlow ? CheckFlow(changed) : CheckBound(changed);
                    return mode;
                }
            }
            catch (const InputError&)
            {
                continue;
            }
        }
        return "";
    }

    /** @return nominal seconds of a message in a mode without packets. */
    static double GetSeconds(const std::string& mode)
    {
        return mode == "flow" ? SECONDS_PER_FLOW : SECONDS_PER_BOUND_MESSAGE;
    }

    /** @return what the run took, nominal seconds. */
    double GetRunSeconds() const
    {
        const RowCount& messages = m_results.rows.messages;
        return m_results.mode == "packet"
                   ? static_cast<double>(m_results.packetHops) * SECONDS_PER_PACKET_HOP
                   : static_cast<double>(messages.all - messages.unlisted) *
                         GetSeconds(m_results.mode);
    }

    /** @return what a trial takes: each member sends to all others, or as often, twice. */
    double GetTrialSeconds(const std::string& mode) const
    {
        const double members = m_results.collectives.front().ranks;
        return 2 * members * members * m_experiment.workloads[0].repeat * GetSeconds(mode) +
               static_cast<double>(m_results.links.size()) * SECONDS_PER_LINK;
    }

    /** Try something. @return whether there was time for it. */
    bool Try(VerdictTrial::Kind kind, const std::string& change, const Experiment& changed)
    {
        const std::string mode = FindMode(changed);
        if (mode.empty())
        {
            return true;
        }
        const auto unchanged = m_unchanged.find(mode);
        if (unchanged == m_unchanged.end())
        {
            if (m_results.mode == mode)
            {
                m_unchanged[mode] = static_cast<double>(*m_results.completionTime) / 1e3;
            }
            else if (!Spend(mode))
            {
                return false;
            }
            else
            {
                m_unchanged[mode] = Simulate(m_experiment, mode);
            }
        }
        if (!m_unchanged[mode])
        {
            return true;
        }
        if (!Spend(mode))
        {
            return false;
        }
        if (const std::optional<double> time = Simulate(changed, mode))
        {
            m_trials.push_back({kind, change, mode, *time, *m_unchanged[mode]});
        }
        return true;
    }

    /** Take a trial's time from what is left. @return whether there was enough. */
    bool Spend(const std::string& mode)
    {
        m_left -= GetTrialSeconds(mode);
        return m_left >= 0;
    }

    /** @return what it took, ns; nothing: it can't be, and is no advice. */
    std::optional<double> Simulate(const Experiment& experiment, const std::string& mode) const
    {
        Experiment quiet = MakeQuiet(experiment);
        quiet.mode = mode;
        quiet.memo = false;
        try
        {
            // What is changed may be possible in a mode in which what ran is not.
            mode == "flow" ? CheckFlow(quiet) : CheckBound(quiet);
            return m_simulate(quiet);
        }
        catch (const InputError&)
        {
            return std::nullopt;
        }
    }

    /** @return whether collectives took long for their bound. */
    bool IsLong() const
    {
        return std::any_of(m_results.collectives.begin(),
                           m_results.collectives.end(),
                           [](const CollectiveResult& row) {
                               return row.end != NEVER && row.bound > 0 &&
                                      static_cast<double>(row.end - row.start) >
                                          LONG * static_cast<double>(row.bound);
                           });
    }

    /** @return whether switches have units that a collective could use. */
    bool HasUnits() const
    {
        return std::any_of(m_results.settings.begin(),
                           m_results.settings.end(),
                           [](const SettingResult& setting) {
                               return setting.value == "true" &&
                                      (setting.setting.ends_with(".switch.reduction") ||
                                       setting.setting.ends_with(".switch.multicast"));
                           });
    }

    void TryAlgorithms()
    {
        const CollectiveResult& row = m_results.collectives.front();
        const bool isLong = IsLong();
        std::vector<std::string> names = GetAlgorithms(row.name);
        std::stable_partition(names.begin(), names.end(), [](const std::string& name) {
            return name == "in_network"; // what has units was bought for that
        });
        for (const std::string& name : names)
        {
            const bool isInNetwork = name == "in_network";
            if (name == "auto" || row.algorithm.starts_with(name) ||
                (isInNetwork ? !HasUnits() : !isLong))
            {
                continue;
            }
            Experiment changed = m_experiment;
            changed.workloads[0].collective.algorithm = name;
            if (!Try(VerdictTrial::ALGORITHM,
                     GetWorkloadKey(m_experiment) + ".algorithm=" + name,
                     changed))
            {
                return;
            }
        }
    }

    /** @return whether sources waited for credit. */
    bool IsStalled() const
    {
        return std::any_of(m_results.links.begin(),
                           m_results.links.end(),
                           [this](const LinkResult& link) {
                               return static_cast<double>(link.creditStall) >
                                      STALLED * static_cast<double>(*m_results.completionTime);
                           });
    }

    /** Try other ways: of packets, one by one, and of flows, by other seeds. */
    void TryWays()
    {
        const bool isTree = m_experiment.fabric.kind == "fat_tree";
        if (!isTree || !(IsStalled() || IsLong()))
        {
            return;
        }
        const std::string change = "fabric.routing.granularity=packet";
        try
        {
            Try(VerdictTrial::SPREAD,
                change,
                ReadExperimentWith(m_experiment.document,
                                   m_experiment.name,
                                   {ParseOverride({"--set", change})}));
        }
        catch (const InputError&)
        {
            return; // they may have no equal ways, or go one by one already
        }
        for (uint32_t i = 1; i <= OTHER_SEEDS; ++i)
        {
            Experiment other = m_experiment;
            other.seed += i;
            Try(VerdictTrial::SEED, fmt::format("simulation.seed={}", other.seed), other);
        }
    }

    const Experiment& m_experiment;    //!< What ran
    const RunResults& m_results;       //!< What it left
    const TrialSimulation& m_simulate; //!< Runs one
    double m_left{0};                  //!< Nominal seconds that are left for more
    /** Nanoseconds of the run as it is, by mode; nothing: it can't be run in that. */
    std::map<std::string, std::optional<double>> m_unchanged;
    std::vector<VerdictTrial> m_trials; //!< So far
};

} // namespace

std::vector<VerdictTrial>
RunTrials(const Experiment& experiment, const RunResults& results, const TrialSimulation& simulate)
{
    return Trials(experiment, results, simulate).Run();
}

std::string
GetWorkloadKey(const Experiment& experiment)
{
    return experiment.document.Find("workloads") ? "workloads.0" : "workload";
}

void
DropRefused(const Experiment& experiment, std::vector<VerdictTry>& tries)
{
    std::erase_if(tries, [&experiment](const VerdictTry& one) {
        try
        {
            ReadExperimentWith(experiment.document,
                               experiment.name,
                               {ParseOverride({"--set", one.change})});
        }
        catch (const InputError&)
        {
            return true;
        }
        return false;
    });
}

} // namespace mtlink
} // namespace ns3
