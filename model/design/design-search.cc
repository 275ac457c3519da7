/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design/design-search.h"

#include "measure/figures.h"
#include "measure/result-reader.h"
#include "sweep/sweep-designs.h"
#include "sweep/sweep-run.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <numeric>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double INFINITE = std::numeric_limits<double>::infinity();

/** Beyond so many, mode bound, which goes message by message, takes longer than mode flow, which
 * carries rings as a whole. */
constexpr uint64_t MOST_BOUND_ENDPOINTS = 512;

/** @return index into GetFigures(), or nothing: it is no figure of runs. */
std::optional<std::size_t>
FindFigure(const std::string& name)
{
    const auto& figures = GetFigures();
    const auto at = std::find_if(figures.begin(), figures.end(), [&name](const Figure& figure) {
        return figure.name == name;
    });
    return at == figures.end() ? std::nullopt
                               : std::optional(static_cast<std::size_t>(at - figures.begin()));
}

/** @return whether a figure is known of a design before anything is run. */
bool
IsDesignCost(const std::string& name)
{
    const auto& known = GetDesignCostNames();
    return std::find(known.begin(), known.end(), name) != known.end();
}

/** @return -1 where more of a figure is better, else 1: times that, less is better. */
double
GetSign(const std::string& name)
{
    if (IsDesignCost(name))
    {
        return 1;
    }
    return GetFigures()[*FindFigure(name)].aim == FigureAim::MORE ? -1 : 1;
}

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

/** @return index of the cheapest fat tree in levels without taper, of the first chip; or nothing.
 */
std::optional<std::size_t>
FindFullTree(const DesignList& list)
{
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < list.designs.size(); ++i)
    {
        const Design& design = list.designs[i];
        const bool isOne = design.chip == 0 && design.network.kind == "fat_tree" &&
                           design.network.taper == 1 && design.planes == 1;
        if (isOne && (!found || design.network.size.cables.size() <
                                    list.designs[*found].network.size.cables.size()))
        {
            found = i;
        }
    }
    return found;
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
          m_start(std::chrono::steady_clock::now())
    {
        m_outcome.designs.resize(list.designs.size());
        m_candidates.resize(list.designs.size());
        m_ranges.resize(list.designs.size());
        m_looked.resize(list.designs.size());
        auto source = std::make_shared<YamlSource>();
        source->name = request.name;
        source->directory = directory;
        m_source = std::move(source);
    }

    SearchOutcome Run()
    {
        Begin();
        std::vector<std::size_t> all(m_list.designs.size());
        std::iota(all.begin(), all.end(), 0);
        const bool isOfRuns = std::any_of(
            m_figures.begin(),
            m_figures.begin() + static_cast<std::ptrdiff_t>(m_request.objectives.size()),
            [](const auto& figure) { return figure.has_value(); });
        bool goesOn = true; // what costs least is known: one after another is asked for its target
        if (m_options.isExhaustive)
        {
            goesOn = Raise(all, GetClosest());
        }
        else if (isOfRuns)
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
            const auto [wave, mode] = ChooseWave();
            goesOn = !wave.empty() && Raise(wave, mode);
        }
        See();
        // It may have been spent by the last run of all.
        m_outcome.isOverBudget = m_outcome.isOverBudget && !ChooseWave().first.empty();
        return std::move(m_outcome);
    }

  private:
    /** @return the mode in which designs of the front are run. */
    LookMode GetClosest() const
    {
        return m_request.isFlowClosest ? LookMode::FLOW : LookMode::PACKET;
    }

    /** Note which figures there are, and what is known of them before anything is run. */
    void Begin()
    {
        m_outcome.figures = m_request.objectives;
        for (const DesignLimit& limit : m_request.limits)
        {
            if (std::find(m_outcome.figures.begin(), m_outcome.figures.end(), limit.figure) ==
                m_outcome.figures.end())
            {
                m_outcome.figures.push_back(limit.figure);
            }
            if (limit.within && !m_outcome.reference)
            {
                m_outcome.reference = FindFullTree(m_list);
                if (!m_outcome.reference)
                {
                    m_request.document.Find("target")->Refuse(
                        "'within' compares with a full fat tree of the first chip, and none can be "
                        "built: add fat_tree to 'kinds', 1 to 'taper', or more 'levels'");
                }
            }
        }
        for (const std::string& figure : m_outcome.figures)
        {
            // A run's cost is that of ports with a cable; a design's is that of whole chips.
            m_figures.push_back(IsDesignCost(figure) ? std::nullopt : FindFigure(figure));
            m_signs.push_back(GetSign(figure));
        }
        for (std::size_t i = 0; i < m_list.designs.size(); ++i)
        {
            for (std::size_t k = 0; k < m_outcome.figures.size(); ++k)
            {
                const auto cost = GetDesignCost(m_list.designs[i], m_outcome.figures[k]);
                m_outcome.designs[i].figures.push_back(cost);
                m_ranges[i].push_back(cost ? FigureRange{*cost, *cost}
                                           : FigureRange{-INFINITE, INFINITE});
            }
        }
    }

    /** @return the limits as SeeFront() wants them; of a full fat tree, as far as it is known. */
    std::vector<FigureRange> GetLimits() const
    {
        std::vector<FigureRange> limits;
        for (const DesignLimit& limit : m_request.limits)
        {
            const std::size_t k = FindIndex(limit.figure);
            if (limit.atMost)
            {
                limits.push_back({*limit.atMost, *limit.atMost});
            }
            else if (limit.atLeast)
            {
                limits.push_back({-*limit.atLeast, -*limit.atLeast});
            }
            else
            {
                const FigureRange& full = m_ranges[*m_outcome.reference][k];
                const double more = m_signs[k] > 0 ? 1 + *limit.within : 1 - *limit.within;
                limits.push_back({full.least * more, full.most * more});
            }
        }
        return limits;
    }

    std::size_t FindIndex(const std::string& figure) const
    {
        return static_cast<std::size_t>(
            std::find(m_outcome.figures.begin(), m_outcome.figures.end(), figure) -
            m_outcome.figures.begin());
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
        for (std::size_t i = 0; i < m_candidates.size(); ++i)
        {
            FrontCandidate& one = m_candidates[i];
            one.objectives.assign(m_ranges[i].begin(),
                                  m_ranges[i].begin() +
                                      static_cast<std::ptrdiff_t>(m_request.objectives.size()));
            one.limited.clear();
            for (const DesignLimit& limit : m_request.limits)
            {
                const std::size_t k = FindIndex(limit.figure);
                FigureRange range = m_ranges[i][k];
                const double wanted = limit.atMost ? 1 : limit.atLeast ? -1 : m_signs[k];
                if (wanted != m_signs[k])
                {
                    range = {-range.most, -range.least};
                }
                one.limited.push_back(range);
            }
        }
        m_limits = GetLimits();
        m_status = SeeFront(m_candidates, m_limits);
        for (std::size_t i = 0; i < m_status.size(); ++i)
        {
            m_outcome.designs[i].status = m_status[i];
            m_outcome.designs[i].isDecided =
                m_outcome.designs[i].mode == GetClosest() && HoldsSurely(m_candidates[i], m_limits);
        }
    }

    /** @return designs to look at more closely, and how; none: all is decided. */
    std::pair<std::vector<std::size_t>, LookMode> ChooseWave() const
    {
        std::vector<std::size_t> flow;
        std::vector<std::size_t> packet;
        for (const std::size_t i : FindHopeful(m_candidates, m_status))
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
        for (std::size_t i = 0; i < m_status.size(); ++i)
        {
            if (m_status[i] == FrontStatus::OPEN && !HoldsSurely(m_candidates[i], m_limits))
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
        for (std::size_t i = 0; i < m_status.size(); ++i)
        {
            if (m_status[i] == FrontStatus::OPEN && m_looked[i] < LookMode::FLOW &&
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
            const auto open = std::count(m_status.begin(), m_status.end(), FrontStatus::OPEN);
            m_options.onWave({mode,
                              wave.size(),
                              m_status.empty() ? wave.size() : static_cast<std::size_t>(open)});
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
                m_outcome.packetHops += left->figures[*FindFigure("packet_hops")].value_or(0);
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
                m_candidates[wave[at]].isOut = true;
            }
        }
    }

    /** Narrow what is known of a design. */
    void Learn(std::size_t i, const DesignFigures& own, Fidelity fidelity, LookMode mode)
    {
        SearchedDesign& design = m_outcome.designs[i];
        design.mode = mode;
        design.fidelity = fidelity;
        for (std::size_t k = 0; k < m_figures.size(); ++k)
        {
            if (!m_figures[k])
            {
                continue;
            }
            const std::optional<double> figure = own.figures[*m_figures[k]];
            if (!figure)
            {
                m_candidates[i].isOut = m_candidates[i].isOut || mode == GetClosest();
                continue;
            }
            design.figures[k] = figure;
            const double value = m_signs[k] * *figure;
            FigureRange& range = m_ranges[i][k];
            if (mode == LookMode::BOUND)
            {
                const auto least = own.figures[*FindFigure("least_time_ns")];
                const auto bound = own.figures[*FindFigure("completion_time_ns")];
                if (m_outcome.figures[k] == "completion_time_ns" && least)
                {
                    range.least = m_signs[k] * *least;
                }
                else if (!least || !bound || *least >= *bound) // else packets may be quicker
                {
                    range.least = value;
                }
            }
            else if (mode != GetClosest())
            {
                const double error = m_request.errors[static_cast<std::size_t>(fidelity)];
                range = FigureRange::Around(value, error).Meet(range);
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
    std::shared_ptr<const YamlSource> m_source;        //!< Of the fabrics' paths
    std::vector<std::optional<std::size_t>> m_figures; //!< Into GetFigures(); nothing: of cost
    std::vector<double> m_signs;                       //!< Times that, less is better
    std::vector<std::vector<FigureRange>> m_ranges;    //!< By design and figure
    std::vector<LookMode> m_looked;                    //!< Tried last
    std::vector<FrontCandidate> m_candidates;
    std::vector<FrontStatus> m_status;
    std::vector<FigureRange> m_limits; //!< As of m_status
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
