/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design/design-search.h"

#include "design/cost-variants.h"
#include "design/design-standing.h"
#include "measure/figures.h"
#include "measure/result-reader.h"
#include "sweep/sweep-designs.h"
#include "sweep/sweep-run.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <numeric>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Beyond so many, mode bound, which goes message by message, takes longer than mode flow, which
 * carries rings as a whole. */
constexpr uint64_t MOST_BOUND_ENDPOINTS = 512;

/** @return the least of the words that a run's bytes have. */
Fidelity
GetWorst(const RunResults& run)
{
    Fidelity worst = Fidelity::PACKET;
    for (std::size_t i = 0; i < FIDELITIES; ++i)
    {
        worst = run.fidelity[i] > 0 ? static_cast<Fidelity>(i) : worst;
    }
    return worst;
}

/** @return whether a key of an experiment is of faults, which most modes have none of. */
bool
IsOfFaults(const std::string& key)
{
    return key == "faults" || key.starts_with("faults.") || key.starts_with("faults[");
}

YamlNode
MakeText(const std::string& text)
{
    return MakeYamlScalar(text);
}

/** Searches. */
class FrontSearch
{
  public:
    FrontSearch(const DesignRequest& request,
                const DesignList& list,
                const std::string& directory,
                const SearchOptions& options)
        : m_request(request),
          m_list(list),
          m_directory(directory),
          m_options(options),
          m_start(std::chrono::steady_clock::now()),
          m_scale(request, list),
          m_ranges(m_scale.Begin(list)),
          m_isOut(list.designs.size()),
          m_looked(list.designs.size()),
          m_hasFaults(std::any_of(request.scenarios.entries.begin(),
                                  request.scenarios.entries.end(),
                                  [](const YamlEntry& entry) { return IsOfFaults(entry.key); }))
    {
        m_outcome.figures = m_scale.GetNames();
        m_outcome.reference = m_scale.GetReference();
        m_outcome.designs.resize(list.designs.size());
        for (std::size_t i = 0; i < list.designs.size(); ++i)
        {
            for (const std::string& name : m_scale.GetNames())
            {
                m_outcome.designs[i].figures.push_back(GetDesignCost(list.designs[i], name));
            }
        }
        auto source = std::make_shared<YamlSource>();
        source->name = request.name;
        source->directory = directory;
        m_source = std::move(source);
    }

    SearchOutcome Run()
    {
        std::vector<std::size_t> all(m_list.designs.size());
        std::iota(all.begin(), all.end(), 0);
        bool goesOn = true; // what costs least is known: one after another is asked for its target
        if (m_options.isExhaustive)
        {
            goesOn = Raise(all, GetClosest());
        }
        else if (m_scale.IsOfRuns())
        {
            goesOn = LookAtAll(all);
        }
        if (goesOn && m_outcome.reference && m_looked[*m_outcome.reference] < LookMode::FLOW)
        {
            goesOn = Raise({*m_outcome.reference}, LookMode::FLOW);
        }
        while (goesOn)
        {
            See();
            goesOn = GoOn();
        }
        See();
        bool isLeft = !ChooseWave().first.empty();
        if (m_request.sensitivity)
        {
            isLeft = SeeVariants() || isLeft;
        }
        // It may have been spent by the last run of all.
        m_outcome.isOverBudget = m_outcome.isOverBudget && isLeft;
        TellRanges();
        return std::move(m_outcome);
    }

  private:
    /** Tell what is known of each design's figures. */
    void TellRanges()
    {
        for (std::size_t i = 0; i < m_ranges.size(); ++i)
        {
            for (std::size_t k = 0; k < m_ranges[i].size(); ++k)
            {
                const FigureRange& own = m_ranges[i][k];
                m_outcome.designs[i].ranges.push_back(
                    m_scale.GetSign(k) > 0 ? own : FigureRange{-own.most, -own.least});
            }
        }
    }

    /** @return the mode in which designs of the front are run. */
    LookMode GetClosest() const
    {
        return m_request.isFlowClosest ? LookMode::FLOW : LookMode::PACKET;
    }

    /** Look more closely at what decides; @return whether there was anything and there is time. */
    bool GoOn()
    {
        const auto [wave, mode] = ChooseWave();
        return !wave.empty() && Raise(wave, mode);
    }

    /** Find the front at other costs; @return whether time was too short for one of them. */
    bool SeeVariants()
    {
        bool isLeft = false;
        for (const CostVariant& variant : ListCostVariants(m_request, *m_request.sensitivity))
        {
            const DesignList list = CountAgain(variant.request, m_list);
            m_scale.SetCosts(list, m_ranges);
            do
            {
                m_standing = m_scale.See(m_ranges, m_isOut);
            } while (GoOn());
            FrontVariant seen{variant.assumption,
                              variant.provenance,
                              variant.value,
                              variant.factor,
                              ListOpen()};
            seen.isDecided = ChooseWave().first.empty();
            if (!seen.front.empty())
            {
                seen.best = m_scale.GetSign(0) * m_ranges[seen.front.front()].front().least;
            }
            isLeft = isLeft || !seen.isDecided;
            m_outcome.variants.push_back(std::move(seen));
        }
        m_scale.SetCosts(m_list, m_ranges);
        See();
        return isLeft;
    }

    /** @return designs that are on the front or may be, the least of the first objective first. */
    std::vector<std::size_t> ListOpen() const
    {
        std::vector<std::size_t> open;
        for (std::size_t i = 0; i < m_standing.status.size(); ++i)
        {
            if (m_standing.status[i] == FrontStatus::OPEN)
            {
                open.push_back(i);
            }
        }
        std::stable_sort(open.begin(), open.end(), [this](std::size_t a, std::size_t b) {
            return m_ranges[a].front().least < m_ranges[b].front().least;
        });
        return open;
    }

    /** Look at all designs in the mode that is quick; @return whether the search goes on. */
    bool LookAtAll(const std::vector<std::size_t>& all)
    {
        if (m_request.endpoints <= MOST_BOUND_ENDPOINTS)
        {
            return Raise(all, LookMode::BOUND);
        }
        if (!Raise(all, LookMode::FLOW))
        {
            return false;
        }
        std::vector<std::size_t> refused; // by mode flow
        for (const std::size_t i : all)
        {
            if (m_outcome.designs[i].mode == LookMode::NONE)
            {
                refused.push_back(i);
            }
        }
        return refused.empty() || Raise(refused, LookMode::BOUND);
    }

    /** Find where every design stands. */
    void See()
    {
        m_standing = m_scale.See(m_ranges, m_isOut);
        for (std::size_t i = 0; i < m_outcome.designs.size(); ++i)
        {
            m_outcome.designs[i].status = m_standing.status[i];
            m_outcome.designs[i].isDecided = IsDecided(i);
        }
    }

    /** @return whether a design was looked at as closely as asked for, and surely holds the target.
     */
    bool IsDecided(std::size_t i) const
    {
        return m_outcome.designs[i].mode == GetClosest() &&
               HoldsSurely(m_standing.candidates[i], m_standing.limits);
    }

    /** @return designs to look at more closely, and how; none: all is decided. */
    std::pair<std::vector<std::size_t>, LookMode> ChooseWave() const
    {
        std::vector<std::size_t> flow;
        std::vector<std::size_t> packet;
        for (const std::size_t i : FindHopeful(m_standing.candidates, m_standing.status))
        {
            if (m_looked[i] < LookMode::FLOW)
            {
                flow.push_back(i);
            }
            else if (m_looked[i] < GetClosest())
            {
                packet.push_back(i);
            }
        }
        // The quick look first: it may spare some of the long ones.
        if (!flow.empty())
        {
            AddNext(flow);
            return {flow, LookMode::FLOW};
        }
        if (packet.empty() && IsReferenceVague())
        {
            packet.push_back(*m_outcome.reference);
        }
        return {packet, LookMode::PACKET};
    }

    /** @return whether closer figures of the full fat tree would tell who holds a target. */
    bool IsReferenceVague() const
    {
        if (!m_outcome.reference || m_looked[*m_outcome.reference] == GetClosest())
        {
            return false;
        }
        for (std::size_t i = 0; i < m_standing.status.size(); ++i)
        {
            if (m_standing.status[i] == FrontStatus::OPEN &&
                !HoldsSurely(m_standing.candidates[i], m_standing.limits))
            {
                return true;
            }
        }
        return false;
    }

    /** Fill a quick wave with those that come next by the first objective: likely looked at soon.
     */
    void AddNext(std::vector<std::size_t>& wave) const
    {
        constexpr std::size_t WAVE = 16;
        std::vector<std::size_t> next;
        for (std::size_t i = 0; i < m_standing.status.size(); ++i)
        {
            if (m_standing.status[i] == FrontStatus::OPEN && m_looked[i] < LookMode::FLOW &&
                std::find(wave.begin(), wave.end(), i) == wave.end())
            {
                next.push_back(i);
            }
        }
        std::stable_sort(next.begin(), next.end(), [this](std::size_t a, std::size_t b) {
            return m_ranges[a].front().least < m_ranges[b].front().least;
        });
        next.resize(std::min(next.size(), wave.size() < WAVE ? WAVE - wave.size() : 0));
        wave.insert(wave.end(), next.begin(), next.end());
        std::sort(wave.begin(), wave.end());
    }

    /** @return the sweep of a wave. */
    YamlNode WriteWave(const std::vector<std::size_t>& wave, LookMode mode) const
    {
        const auto getFabric = [this](std::size_t i) {
            YamlNode path = MakeText("designs/" + m_list.designs[i].name + ".yaml");
            path.source = m_source;
            return path;
        };
        YamlNode base = MakeYaml(YamlNode::MAPPING);
        base.Set("fabric", getFabric(wave.front()));
        base.Set("workload", m_request.workloads.front());
        YamlNode measure = MakeYaml(YamlNode::MAPPING);
        measure.Set("messages", MakeText("none"));
        base.Set("measure", measure);
        YamlNode points = MakeYaml(YamlNode::LIST);
        for (const std::size_t i : wave)
        {
            YamlNode point = MakeYaml(YamlNode::MAPPING);
            point.Set("fabric", getFabric(i));
            point.Set("simulation.mode", MakeText(GetLookName(mode)));
            points.items.push_back(std::move(point));
        }
        YamlNode workloads = MakeYaml(YamlNode::LIST);
        workloads.items = m_request.workloads;
        YamlNode scenarios = MakeYaml(YamlNode::MAPPING);
        scenarios.Set("workload", workloads);
        for (const YamlEntry& entry : m_request.scenarios.entries)
        {
            if (mode == GetClosest() || !IsOfFaults(entry.key))
            {
                scenarios.entries.push_back(entry);
            }
        }
        YamlNode seeds = MakeYaml(YamlNode::LIST);
        for (const uint32_t seed : m_request.seeds)
        {
            if (mode != LookMode::BOUND || seeds.items.empty()) // chance has no part in a bound
            {
                seeds.items.push_back(MakeText(std::to_string(seed)));
            }
        }
        YamlNode document = MakeYaml(YamlNode::MAPPING);
        document.Set("base", base);
        document.Set("points", points);
        document.Set("scenarios", scenarios);
        document.Set("seeds", seeds);
        document.Set("aggregate",
                     MakeText(m_request.aggregate == Aggregate::WORST ? "worst" : "mean"));
        return document;
    }

    /** @return whether time is over, or the user has had enough. */
    bool IsOver()
    {
        if (m_options.interrupt && *m_options.interrupt != 0)
        {
            m_outcome.isInterrupted = true;
        }
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - m_start;
        if (m_request.budget && spent.count() > *m_request.budget)
        {
            m_outcome.isOverBudget = true;
        }
        return m_outcome.isInterrupted || m_outcome.isOverBudget;
    }

    /** Run some designs; @return whether the search goes on. */
    bool Raise(const std::vector<std::size_t>& wave, LookMode mode)
    {
        if (IsOver())
        {
            return false;
        }
        if (m_options.onWave)
        {
            const auto open =
                std::count(m_standing.status.begin(), m_standing.status.end(), FrontStatus::OPEN);
            m_options.onWave(
                {mode,
                 wave.size(),
                 m_standing.status.empty() ? wave.size() : static_cast<std::size_t>(open)});
        }
        // What a workload has wrong shows where all are looked at; a fabric may suit another mode.
        const bool isFirst = mode == LookMode::BOUND || m_options.isExhaustive;
        const Sweep sweep = ReadSweep(WriteWave(wave, mode),
                                      m_request.name,
                                      isFirst ? SweepStrictness::SCENARIOS : SweepStrictness::NONE);
        volatile std::sig_atomic_t stop = 0;
        SweepOptions options;
        options.processes = m_options.processes;
        options.resume = m_options.resume || m_outcome.waves > 0;
        options.isLenient = true; // a fabric that mode flow can't carry goes to packets
        options.interrupt = &stop;
        options.progress = [this, &stop](const SweepProgress&) { stop = IsOver() ? 1 : 0; };
        const std::string runs = (std::filesystem::path(m_directory) / "runs").string();
        const SweepOutcome outcome = RunSweep(sweep, runs, options);
        ++m_outcome.waves;
        Take(sweep, outcome, wave, mode);
        return !outcome.isInterrupted;
    }

    /** Learn from a sweep. */
    void Take(const Sweep& sweep,
              const SweepOutcome& outcome,
              const std::vector<std::size_t>& wave,
              LookMode mode)
    {
        const std::vector<DesignFigures> figures = GetDesignFigures(sweep, outcome.outcomes);
        std::vector<Fidelity> worst(wave.size(), Fidelity::PACKET);
        std::vector<std::string> messages(wave.size());
        std::vector<std::string> directories(wave.size());
        for (std::size_t job = 0; job < sweep.jobs.size(); ++job)
        {
            const auto& left = outcome.outcomes[job];
            const std::size_t at = sweep.points[sweep.jobs[job].point].design;
            if (left && !left->message.empty())
            {
                messages[at] = left->message;
            }
            if (!left || left->status != JobStatus::DONE)
            {
                continue;
            }
            const std::string own =
                (std::filesystem::path(m_directory) / "runs" / left->directory).string();
            directories[at] = directories[at].empty() ? own : directories[at];
            worst[at] = std::max(worst[at], GetWorst(ReadFigures(own).results));
            if (mode == LookMode::PACKET)
            {
                m_outcome.packetHops += left->figures[*FindRunFigure("packet_hops")].value_or(0);
            }
        }
        for (std::size_t at = 0; at < wave.size(); ++at)
        {
            const bool isDone = figures[at].done == figures[at].runs;
            const bool isOver = isDone || !messages[at].empty();
            if (!isOver)
            {
                continue; // an interruption left it
            }
            m_looked[wave[at]] = mode;
            m_outcome.designs[wave[at]].message = messages[at];
            if (isDone)
            {
                m_outcome.designs[wave[at]].directory = directories[at];
                Learn(wave[at], figures[at], worst[at], mode);
            }
            else if (mode == GetClosest())
            {
                m_isOut[wave[at]] = true;
            }
        }
    }

    /** Narrow what is known of a design. */
    void Learn(std::size_t i, const DesignFigures& own, Fidelity fidelity, LookMode mode)
    {
        SearchedDesign& design = m_outcome.designs[i];
        design.mode = mode;
        design.fidelity = fidelity;
        for (std::size_t k = 0; k < m_scale.GetNames().size(); ++k)
        {
            const auto ofRuns = m_scale.GetRunFigure(k);
            if (!ofRuns)
            {
                continue;
            }
            const std::optional<double> figure = own.figures[*ofRuns];
            if (!figure)
            {
                m_isOut[i] = m_isOut[i] || mode == GetClosest();
                continue;
            }
            design.figures[k] = figure;
            const double value = m_scale.GetSign(k) * *figure;
            FigureRange& range = m_ranges[i][k];
            if (mode == LookMode::BOUND)
            {
                const auto least = own.figures[*FindRunFigure("least_time_ns")];
                const auto bound = own.figures[*FindRunFigure("completion_time_ns")];
                if (m_outcome.figures[k] == "completion_time_ns" && least)
                {
                    range.least = m_scale.GetSign(k) * *least;
                }
                else if (!least || !bound || *least >= *bound) // else packets may be quicker
                {
                    range.least = value;
                }
            }
            else if (mode != GetClosest())
            {
                const double error = m_request.errors[static_cast<std::size_t>(fidelity)];
                FigureRange known = FigureRange::Around(value, error);
                known.most =
                    m_hasFaults ? FigureRange::INFINITE : known.most; // it was run without them
                range = known.Meet(range);
            }
            else
            {
                range = {value, value};
            }
        }
    }

    const DesignRequest& m_request;
    const DesignList& m_list;
    const std::string& m_directory;
    const SearchOptions& m_options;
    std::chrono::steady_clock::time_point m_start;
    std::shared_ptr<const YamlSource> m_source; //!< Of the fabrics' paths
    DesignScale m_scale;
    DesignScale::Ranges m_ranges;   //!< What is known
    std::vector<bool> m_isOut;      //!< By design: it can't be run
    std::vector<LookMode> m_looked; //!< By design: tried last
    bool m_hasFaults;               //!< Among scenarios
    DesignStanding m_standing;      //!< As of the last See()
    SearchOutcome m_outcome;
};

} // namespace

const char*
GetLookName(LookMode mode)
{
    constexpr const char* NAMES[] = {"none", "bound", "flow", "packet"};
    return NAMES[static_cast<std::size_t>(mode)];
}

SearchOutcome
SearchFront(const DesignRequest& request,
            const DesignList& list,
            const std::string& directory,
            const SearchOptions& options)
{
    return FrontSearch(request, list, directory, options).Run();
}

} // namespace mtlink
} // namespace ns3
