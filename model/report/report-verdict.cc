/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report-verdict.h"

#include "measure/set-options.h"
#include "report/html.h"
#include "report/human-text.h"

#include <fmt/format.h>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return the word of what bounds a run, with its part of the time lost, HTML. */
std::string
CauseText(const VerdictResult& verdict)
{
    if (verdict.boundBy.empty())
    {
        return "";
    }
    return fmt::format(
        " <span class=\"cause\">{}{}</span>",
        WordsText(verdict.boundBy),
        verdict.share ? fmt::format(", {} of the time lost", PercentText(*verdict.share)) : "");
}

/** @return the link that held others up, and whom, HTML. */
std::string
RootText(const ReportRun& run, const VerdictRoot& root)
{
    const auto fact = [](const char* name, const std::string& value) {
        return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, value);
    };
    std::string html = "<dl class=\"facts\">\n";
    html += fact("Root",
                 fmt::format("<span data-run=\"{}\" data-link=\"{}\">{}</span> to {}",
                             run.number,
                             EscapeHtml(root.port),
                             EscapeHtml(root.port),
                             EscapeHtml(root.to)));
    if (root.flows)
    {
        html += fact("Flows over it", CountText(*root.flows));
    }
    if (root.offeredOverRate)
    {
        html += fact("Offered over its rate", DecimalText(*root.offeredOverRate, 3) + "\u00d7");
    }
    if (root.stallShare > 0)
    {
        html += fact("Of all waiting", PercentText(root.stallShare));
    }
    if (!root.victims.empty())
    {
        html += fact("Victims, held up without going there",
                     EscapeHtml(fmt::format("{}", fmt::join(root.victims, ", "))));
    }
    return html + "</dl>\n";
}

} // namespace

std::string
VerdictTriesText(const std::vector<VerdictTry>& tries)
{
    std::string html;
    for (const VerdictTry& one : tries)
    {
        html += fmt::format("<li>Try <code>{}</code>: {}. Expected: {}.</li>\n",
                            EscapeHtml(SetOptionsText(one.change)),
                            EscapeHtml(one.why),
                            EscapeHtml(one.expected));
    }
    return html.empty() ? "" : "<ul class=\"try\">\n" + html + "</ul>\n";
}

std::string
VerdictContent(const ReportRuns& runs)
{
    std::string html;
    for (const ReportRun& run : runs)
    {
        if (!run.stored.results.verdict)
        {
            continue;
        }
        const VerdictResult& verdict = *run.stored.results.verdict;
        html += fmt::format("<div class=\"verdict\">\n<p>{}<b>{}</b>{}</p>\n",
                            run.prefix,
                            EscapeHtml(verdict.text),
                            CauseText(verdict));
        html += verdict.root ? RootText(run, *verdict.root) : "";
        html += VerdictTriesText(verdict.tries);
        for (const std::string& note : verdict.notes)
        {
            html += "<p class=\"note\">" + EscapeHtml(note) + "</p>\n";
        }
        html += "</div>\n";
    }
    return html;
}

} // namespace mtlink
} // namespace ns3
