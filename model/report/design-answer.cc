/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/design-answer.h"

#include "report/design-doubt.h"
#include "report/design-words.h"
#include "report/html.h"
#include "report/human-text.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr std::size_t MOST_NAMES{6}; //!< In a sentence

/** @return how many objectives there are. */
std::size_t
CountObjectives(const DesignResults& results)
{
    return static_cast<std::size_t>(
        std::count_if(results.figures.begin(), results.figures.end(), [](const auto& figure) {
            return figure.isObjective;
        }));
}

const std::string&
NameOf(const DesignResults& results, std::size_t design)
{
    return results.GetCell(results.designs[design], "name");
}

/** @return the design that is best in a figure, of those known to be on the front; or nothing. */
std::optional<std::size_t>
FindBest(const DesignResults& results, std::size_t figure)
{
    std::optional<std::size_t> best;
    const double sign = results.figures[figure].isMaximised ? -1 : 1;
    for (const ReportedFrontDesign& one : results.front)
    {
        const ReportedDesign& design = results.designs[one.design];
        const auto& value = design.figures[figure];
        if (design.status == "front" && value &&
            (!best || sign * *value < sign * *results.designs[*best].figures[figure]))
        {
            best = one.design;
        }
    }
    return best;
}

/** @return how far a design is from the target that it misses most, as a fraction of it, and
 * which; negative: it holds all; nothing: its figures are not known. */
std::optional<std::pair<double, const ReportedTarget*>>
FindExcess(const DesignResults& results, const ReportedDesign& design)
{
    std::optional<std::pair<double, const ReportedTarget*>> most;
    for (const ReportedTarget& target : results.targets)
    {
        const auto& value = design.figures[target.figure];
        if (!value || !target.limit || *target.limit == 0)
        {
            return std::nullopt;
        }
        const double beyond = (target.isMost ? 1 : -1) * (*value / *target.limit - 1);
        if (!most || beyond > most->first)
        {
            most = {beyond, &target};
        }
    }
    return most;
}

/** Say that nothing answers, and what comes nearest. */
std::string
TellNone(const DesignResults& results)
{
    const std::size_t out = results.CountStatus("can't be run");
    const std::string of = fmt::format("{} fabrics for {} endpoints",
                                       CountText(results.designs.size()),
                                       CountText(results.endpoints));
    if (out == results.designs.size())
    {
        const std::string& why = results.designs.front().message;
        return fmt::format("None of {} can be run. Of the first one is said: {}.",
                           of,
                           why.empty() ? UNKNOWN_TEXT : why);
    }
    std::string text = fmt::format("None of {} holds the target.", of);
    std::optional<std::pair<double, const ReportedTarget*>> nearest;
    const ReportedDesign* its = nullptr;
    for (const ReportedDesign& design : results.designs)
    {
        const auto excess = design.mode == "bound" ? std::nullopt : FindExcess(results, design);
        if (excess && (!nearest || excess->first < nearest->first))
        {
            nearest = excess;
            its = &design;
        }
    }
    if (nearest)
    {
        const std::string& figure = results.figures[nearest->second->figure].name;
        text += fmt::format(" Nearest to it is {}: its {} is {}, {} beyond the target.",
                            results.GetCell(*its, "name"),
                            FigureWords(figure),
                            FigureText(figure, *its->figures[nearest->second->figure]),
                            PercentText(nearest->first));
        text += fmt::format(" Its figures are from: {}.", LookWords(*its));
    }
    return text;
}

/** Say how many are on the front, or which is the best. */
std::string
TellBest(const DesignResults& results)
{
    const std::size_t front = results.CountStatus("front");
    const std::string of = fmt::format("Of {} fabrics for {} endpoints",
                                       CountText(results.designs.size()),
                                       CountText(results.endpoints));
    if (front == 0)
    {
        return of + ", none is known to be on the front yet.";
    }
    if (CountObjectives(results) > 1)
    {
        return front == 1 ? fmt::format("{}, one alone is on the front of {}: {}.",
                                        of,
                                        ObjectiveWords(results),
                                        NameOf(results, results.front.front().design))
                          : fmt::format("{}, {} are on the front of {}.",
                                        of,
                                        CountText(front),
                                        ObjectiveWords(results));
    }
    const std::size_t best = *FindBest(results, 0);
    return fmt::format("{}, {} has the {}{}: {}.",
                       of,
                       NameOf(results, best),
                       BestWords(results.figures[0]),
                       results.targets.empty() ? "" : " of those that hold the target",
                       FigureText(results.figures[0].name, *results.designs[best].figures[0]));
}

/** @return names of designs, the first few. */
std::string
NameFew(const DesignResults& results, const std::vector<std::size_t>& designs)
{
    std::string text;
    for (std::size_t i = 0; i < std::min(designs.size(), MOST_NAMES); ++i)
    {
        text += (i == 0 ? "" : ", ") + NameOf(results, designs[i]);
    }
    return text + (designs.size() > MOST_NAMES ? ", \u2026" : "");
}

/** Say what the best one is like, beside a full fat tree, and how it holds the targets. */
std::string
TellMore(const DesignResults& results, std::size_t best)
{
    const ReportedDesign& design = results.designs[best];
    std::string text =
        fmt::format("It is a network of this kind: {}.", NetworkWords(results, design));
    const ReportedFigure& first = results.figures[0];
    if (results.reference && *results.reference != best)
    {
        const auto& full = results.designs[*results.reference].figures[0];
        if (full && *full != 0 && *full != *design.figures[0])
        {
            const double less = 1 - *design.figures[0] / *full;
            text += fmt::format(" Its {} is {} {} than that of the full fat tree {}, {}.",
                                FigureWords(first.name),
                                PercentText(std::abs(less)),
                                less > 0 ? "less" : "more",
                                NameOf(results, *results.reference),
                                FigureText(first.name, *full));
        }
    }
    for (const ReportedTarget& target : results.targets)
    {
        const std::string& name = results.figures[target.figure].name;
        const auto& value = design.figures[target.figure];
        if (!value || !target.limit)
        {
            continue;
        }
        text += fmt::format(" Its {} is {}; the target is {} {}{}.",
                            FigureWords(name),
                            FigureText(name, *value),
                            target.isMost ? "at most" : "at least",
                            FigureText(name, *target.limit),
                            target.within ? ", within " + PercentText(*target.within) +
                                                " of the full fat tree"
                                          : "");
    }
    std::vector<std::size_t> equals;
    for (const ReportedFrontDesign& one : results.front)
    {
        const ReportedDesign& other = results.designs[one.design];
        if (one.design != best && other.status == "front" && other.figures[0] == design.figures[0])
        {
            equals.push_back(one.design);
        }
    }
    if (!equals.empty())
    {
        text += fmt::format(" As good in that: {}.", NameFew(results, equals));
    }
    return text;
}

/** Say what the best of each objective takes. */
std::string
TellEnds(const DesignResults& results)
{
    std::string text = "No other fabric is as good in all of that and better in some.";
    text += results.targets.empty() ? "" : " Each of them holds the target.";
    for (std::size_t k = 0; k < CountObjectives(results); ++k)
    {
        const auto best = FindBest(results, k);
        if (!best)
        {
            continue;
        }
        std::vector<std::string> others;
        for (std::size_t i = 0; i < CountObjectives(results); ++i)
        {
            const auto& value = results.designs[*best].figures[i];
            if (i != k && value)
            {
                others.push_back(FigureWords(results.figures[i].name) + " " +
                                 FigureText(results.figures[i].name, *value));
            }
        }
        text += fmt::format(" {} has the {}: {}, with {}.",
                            NameOf(results, *best),
                            BestWords(results.figures[k]),
                            FigureText(results.figures[k].name, *results.designs[*best].figures[k]),
                            fmt::join(others, ", "));
    }
    return text;
}

/** @return how many of the front may miss a target, by the error of their figures. */
std::size_t
CountUnsure(const DesignResults& results)
{
    return static_cast<std::size_t>(
        std::count_if(results.front.begin(), results.front.end(), [&](const auto& one) {
            return !HoldsTargets(results, results.designs[one.design], true);
        }));
}

/** Say what is undecided. */
std::string
TellOpen(const DesignResults& results)
{
    std::string text;
    std::vector<std::size_t> open;
    for (const ReportedFrontDesign& one : results.front)
    {
        if (results.designs[one.design].status != "front")
        {
            open.push_back(one.design);
        }
    }
    if (!open.empty())
    {
        text += fmt::format(" Still open: {} may be on the front ({}).",
                            CountText(open.size()),
                            NameFew(results, open));
    }
    const std::size_t unsure = results.closest == "flow" ? CountUnsure(results) : 0;
    if (unsure > 0)
    {
        text += fmt::format(" By the error of their figures {} of the front may miss the target.",
                            CountText(unsure));
    }
    const std::vector<std::size_t> doubtful = FindDoubtful(results);
    if (!doubtful.empty())
    {
        text +=
            fmt::format(" By the error of their figures {} off the front may belong on it ({}).",
                        CountText(doubtful.size()),
                        NameFew(results, doubtful));
    }
    for (std::size_t k = 0; k < results.figures.size(); ++k)
    {
        const std::size_t close = results.figures[k].isSimulated && results.figures[k].isObjective
                                      ? CountIndistinct(results, k)
                                      : 0;
        if (close > 1)
        {
            text += fmt::format(" On the front {} differ from another one in {} by less than the "
                                "error of that figure.",
                                CountText(close),
                                FigureWords(results.figures[k].name));
        }
    }
    return text.empty() ? "" : text.substr(1);
}

/** @return in which mode quick figures may be wrong, and by how much. */
std::string
TellErrors(const DesignResults& results)
{
    const auto errorOf = [&results](const char* fidelity) {
        const auto found = results.errors.find(fidelity);
        return PercentText(found == results.errors.end() ? 0 : found->second);
    };
    return fmt::format(
        " Of mode flow what is exact is taken as it is, what is fair within {}, what "
        "is approximate within {}.",
        errorOf("fair"),
        errorOf("approximate"));
}

/** Say how sure the figures of the front are. */
std::string
TellSureness(const DesignResults& results)
{
    std::size_t packets = 0;
    for (const ReportedFrontDesign& one : results.front)
    {
        packets += results.designs[one.design].mode == "packet" ? 1 : 0;
    }
    std::string text;
    if (results.front.empty())
    {
        return text;
    }
    if (packets == results.front.size())
    {
        text = "The figures of the front were simulated packet by packet.";
        text += results.seeds > 1 ? fmt::format(" Seeds: {}.", results.seeds) : "";
    }
    else if (results.closest == "flow")
    {
        text = "Not one packet was simulated: the front is that of mode flow, whose figures count "
               "as they are.";
        text += TellErrors(results);
        text += " Look at it in packets before it is built.";
    }
    else
    {
        text = fmt::format("Of these {} were simulated packet by packet and {} were not: what a "
                           "quicker mode says of those is an estimate.",
                           CountText(packets),
                           CountText(results.front.size() - packets));
        text += TellErrors(results);
    }
    if (!results.aggregate.empty())
    {
        text += results.aggregate == "worst"
                    ? " A figure is the worst of all workloads, scenarios and seeds."
                    : " A figure is the mean over all workloads, scenarios and seeds.";
    }
    return text;
}

std::string
Paragraph(const std::string& text)
{
    return text.empty() ? "" : "<p>" + EscapeHtml(text) + "</p>\n";
}

/** @return the figures that matter most, in large print, HTML. */
std::string
Tiles(const DesignResults& results)
{
    std::string html;
    const auto add =
        [&html](const std::string& what, const std::string& value, const std::string& small) {
            html += fmt::format("<div><dt>{}</dt><dd>{}{}</dd></div>\n",
                                what,
                                value,
                                small.empty() ? "" : "<small>" + EscapeHtml(small) + "</small>");
        };
    add("Fabrics that can be built", CountText(results.designs.size()), "");
    add("On the front", CountText(results.CountStatus("front")), "");
    const std::size_t open = results.CountStatus("may be on the front");
    if (open > 0)
    {
        add("May be on the front", CountText(open), "");
    }
    for (std::size_t k = 0; k < results.figures.size(); ++k)
    {
        const ReportedFigure& figure = results.figures[k];
        const auto best = FindBest(results, figure.isObjective ? k : 0);
        const auto value = best ? results.designs[*best].figures[k] : std::nullopt;
        if (value)
        {
            std::string words =
                figure.isObjective ? BestWords(figure) : "its " + FigureWords(figure.name);
            words[0] = static_cast<char>(std::toupper(words[0])); // an English word
            add(EscapeHtml(words), FigureText(figure.name, *value), NameOf(results, *best));
        }
    }
    return "<dl class=\"tiles\">\n" + html + "</dl>\n";
}

} // namespace

std::string
DesignQuestion(const DesignResults& results)
{
    std::vector<std::string> wanted;
    for (const ReportedFigure& figure : results.figures)
    {
        if (figure.isObjective)
        {
            wanted.push_back(BestWords(figure));
        }
    }
    std::string text = fmt::format("Fabrics for {} endpoints. Asked for: {}.",
                                   CountText(results.endpoints),
                                   fmt::join(wanted, ", "));
    for (const ReportedTarget& target : results.targets)
    {
        text += fmt::format(" Target: {}.", TargetWords(results, target));
    }
    return EscapeHtml(text);
}

std::string
DesignAnswer(const DesignResults& results)
{
    std::string html = "<div class=\"verdict\">\n<p><b>" +
                       EscapeHtml(results.front.empty() ? TellNone(results) : TellBest(results)) +
                       "</b></p>\n";
    if (results.CountStatus("front") > 0)
    {
        html += Paragraph(CountObjectives(results) > 1 ? TellEnds(results)
                                                       : TellMore(results, *FindBest(results, 0)));
    }
    html += Paragraph(TellOpen(results)) + Paragraph(TellSureness(results)) + "</div>\n";
    return html + Tiles(results);
}

std::string
DesignWarning(const DesignResults& results)
{
    if (results.end == "done")
    {
        return "";
    }
    return fmt::format("<p class=\"warning\">{} This is what was known by then; mtlink design "
                       "--resume goes on.</p>\n",
                       results.end == "interrupted"
                           ? "The search was interrupted before all was decided."
                           : "The budget was spent before all was decided.");
}

} // namespace mtlink
} // namespace ns3
