/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/verdict-trials.h"

#include "experiment/estimate.h"
#include "experiment/mode-choice.h"
#include "measure/set-options.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <string>
#include <utility>
#include <vector>

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

/** Several workloads, each without the others, take no more than this part of the run. */
constexpr double JOBS_SHARE = 0.1;

/** Building a fabric for a trial takes so long for each link, seconds: measured. */
constexpr double SECONDS_PER_LINK = 3e-6;

/** A collective took long that took so many times its bound. */
constexpr double LONG = 1.5;

/** Sources waited long for credit that did so for this share of the run. */
constexpr double STALLED = 0.1;

constexpr uint32_t OTHER_SEEDS = 2; //!< Tried

constexpr std::size_t MOST_JOBS = 8; //!< Workloads of which each is simulated without the others

/** Tries one experiment. */
class Trials
{
  public:
    Trials(const Experiment& experiment,
           const RunResults& results,
           const TrialSimulation& simulate,
           VerdictFacts& facts)
        : m_experiment(experiment),
          m_results(results),
          m_simulate(simulate),
          m_facts(facts)
    {
    }

    void Run()
    {
        const bool isReplayed =
            m_results.complete && m_results.completionTime && m_results.mode != "bound" &&
            std::all_of(m_experiment.workloads.begin(),
                        m_experiment.workloads.end(),
                        [](const WorkloadDescription& workload) {
                            return workload.kind == WorkloadDescription::COLLECTIVE ||
                                   workload.kind == WorkloadDescription::TRACE;
                        });
        const bool isOne = m_results.complete && m_results.completionTime &&
                           m_experiment.workloads.size() == 1 &&
                           m_experiment.workloads[0].kind == WorkloadDescription::COLLECTIVE &&
                           !m_results.collectives.empty();
        m_left = std::max(MOST_SHARE * GetRunSeconds(), LEAST_SECONDS);
        if (isReplayed)
        {
            TryTaper();
        }
        if (isOne)
        {
            TryAlgorithms();
            TryWays();
        }
        else if (isReplayed && m_experiment.workloads.size() > 1)
        {
            m_left = std::max(JOBS_SHARE * GetRunSeconds(), LEAST_SECONDS);
            TryJobs();
        }
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

    /**
     * @return what a trial takes: each member sends to all others, or as often, twice; of several
     *         workloads as many messages as there were.
     */
    double GetTrialSeconds(const std::string& mode) const
    {
        if (m_experiment.workloads.size() > 1 || m_results.collectives.empty() ||
            m_experiment.workloads[0].kind != WorkloadDescription::COLLECTIVE)
        {
            return static_cast<double>(m_results.rows.messages.all) * GetSeconds(mode) +
                   static_cast<double>(m_results.links.size()) * SECONDS_PER_LINK;
        }
        const double members = m_results.collectives.front().ranks;
        return 2 * members * members * m_experiment.workloads[0].repeat * GetSeconds(mode) +
               static_cast<double>(m_results.links.size()) * SECONDS_PER_LINK;
    }

    /** What a run without packets took. */
    struct Times
    {
        double wholeNs{0};           //!< All of it
        std::vector<double> jobsNs;  //!< Each workload
        std::vector<bool> usedLinks; //!< By link, where it carried something
    };

    /** @return that of results. */
    static Times GetTimes(const RunResults& results)
    {
        constexpr double PER_NANO = 1e3; // ps
        Times times;
        times.wholeNs = static_cast<double>(*results.completionTime) / PER_NANO;
        for (const auto& [start, end] : results.workloadSpans)
        {
            times.jobsNs.push_back(static_cast<double>(end - start) / PER_NANO);
        }
        for (const LinkResult& link : results.links)
        {
            times.usedLinks.push_back(link.payloadBytes > 0);
        }
        return times;
    }

    /**
     * @return whether there is time to simulate the experiment as it is in a mode; then m_unchanged
     *         has what it took there.
     */
    bool HasUnchanged(const std::string& mode)
    {
        if (m_unchanged.contains(mode))
        {
            return true;
        }
        if (m_results.mode == mode)
        {
            m_unchanged[mode] = GetTimes(m_results);
            return true;
        }
        if (!Spend(mode))
        {
            return false;
        }
        m_unchanged[mode] = Simulate(m_experiment, mode);
        return true;
    }

    /** Try something. @return whether there was time for it. */
    bool Try(VerdictTrial::Kind kind, const std::string& change, const Experiment& changed)
    {
        const std::string mode = FindMode(changed);
        if (mode.empty())
        {
            return true;
        }
        if (!HasUnchanged(mode))
        {
            return false;
        }
        const std::optional<Times>& unchanged = m_unchanged[mode];
        if (!unchanged)
        {
            return true;
        }
        if (!Spend(mode))
        {
            return false;
        }
        if (const std::optional<Times> times = Simulate(changed, mode))
        {
            m_facts.trials.push_back({kind,
                                      change,
                                      mode,
                                      times->wholeNs,
                                      unchanged->wholeNs,
                                      times->jobsNs,
                                      unchanged->jobsNs});
        }
        return true;
    }

    /** Take a trial's time from what is left. @return whether there was enough. */
    bool Spend(const std::string& mode)
    {
        m_left -= GetTrialSeconds(mode);
        return m_left >= 0;
    }

    /** @return what it took; nothing: it can't be, and is no advice. */
    std::optional<Times> Simulate(const Experiment& experiment, const std::string& mode) const
    {
        Experiment quiet = MakeQuiet(experiment);
        quiet.mode = mode;
        quiet.memo = false;
        try
        {
            // What is changed may be possible in a mode in which what ran is not.
            mode == "flow" ? CheckFlow(quiet) : CheckBound(quiet);
            const std::optional<RunResults> results = m_simulate(quiet);
            return results ? std::optional(GetTimes(*results)) : std::nullopt;
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
            if (m_facts.untried > 0)
            {
                ++m_facts.untried;
                continue;
            }
            Experiment changed = m_experiment;
            changed.workloads[0].collective.algorithm = name;
            if (!Try(VerdictTrial::ALGORITHM,
                     GetWorkloadKey(m_experiment) + ".algorithm=" + name,
                     changed))
            {
                m_facts.untried = 1;
            }
        }
    }

    /** Try the fabric without its taper. */
    void TryTaper()
    {
        const auto taper =
            std::find_if(m_results.settings.begin(),
                         m_results.settings.end(),
                         [](const SettingResult& setting) {
                             return setting.setting == "fabric.taper" && setting.value != "1";
                         });
        if (taper != m_results.settings.end())
        {
            TryChange(VerdictTrial::TAPER, "fabric.taper=1");
        }
    }

    /** Try a change of the document. @return whether there was time, and it is possible. */
    bool TryChange(VerdictTrial::Kind kind, const std::string& change)
    {
        try
        {
            return Try(kind,
                       change,
                       ReadExperimentWith(m_experiment.document,
                                          m_experiment.name,
                                          {ParseOverride({"--set", change})}));
        }
        catch (const InputError&)
        {
            return false;
        }
    }

    /** Try each of several workloads without the others. */
    void TryJobs()
    {
        const std::string mode = FindMode(m_experiment);
        if (m_experiment.workloads.size() > MOST_JOBS || mode != "flow" || !HasUnchanged(mode) ||
            !m_unchanged[mode] || !Spend(mode))
        {
            return; // the workloads, each once, have as many messages as all together
        }
        std::vector<Times> alone;
        for (const WorkloadDescription& workload : m_experiment.workloads)
        {
            Experiment one = m_experiment;
            one.workloads = {workload};
            std::optional<Times> times = Simulate(one, mode);
            if (!times)
            {
                return;
            }
            alone.push_back(std::move(*times));
        }
        for (std::size_t job = 0; job < alone.size(); ++job)
        {
            m_facts.jobs.push_back(CompareJob(alone, job, m_unchanged[mode]->jobsNs[job]));
        }
        m_facts.jobsMode = mode;
    }

    /** @return a job alone, beside what it takes with the others. */
    VerdictJob CompareJob(const std::vector<Times>& alone, std::size_t job, double togetherNs) const
    {
        VerdictJob compared{m_experiment.workloads[job].name,
                            alone[job].wholeNs,
                            togetherNs,
                            0,
                            ""};
        std::map<std::string, uint64_t> classes;
        for (std::size_t link = 0; link < m_results.links.size(); ++link)
        {
            const auto uses = [link](const Times& times) {
                return link < times.usedLinks.size() && times.usedLinks[link];
            };
            const auto users = std::count_if(alone.begin(), alone.end(), uses);
            if (users > 1 && uses(alone[job]))
            {
                ++compared.sharedLinks;
                ++classes[m_results.links[link].cls];
            }
        }
        const auto most =
            std::max_element(classes.begin(), classes.end(), [](const auto& a, const auto& b) {
                return a.second < b.second;
            });
        compared.sharedClass = most == classes.end() ? "" : most->first;
        return compared;
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
        if (!TryChange(VerdictTrial::SPREAD, "fabric.routing.granularity=packet"))
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
    VerdictFacts& m_facts;             //!< Gets what is found
    double m_left{0};                  //!< Nominal seconds that are left for more
    /** What the run took as it is, by mode; nothing: it can't be run in that. */
    std::map<std::string, std::optional<Times>> m_unchanged;
};

} // namespace

void
RunTrials(const Experiment& experiment,
          const RunResults& results,
          const TrialSimulation& simulate,
          VerdictFacts& facts)
{
    Trials(experiment, results, simulate, facts).Run();
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
            std::vector<Setting> settings;
            for (const std::string& setting : SplitSettings(one.change))
            {
                settings.push_back(ParseOverride({"--set", setting}));
            }
            ReadExperimentWith(experiment.document, experiment.name, settings);
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
