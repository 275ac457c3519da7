/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/design-report.h"

#include "measure/atomic-file.h"
#include "measure/json-writer.h"
#include "report/design-answer.h"
#include "report/design-doubt.h"
#include "report/design-report-tables.h"
#include "report/design-results.h"
#include "report/design-words.h"
#include "report/html.h"
#include "report/report-data.h"
#include "report/report-page.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

void
WriteFigures(const DesignResults& results, JsonWriter& json)
{
    json.Key("figures");
    json.BeginArray();
    for (const ReportedFigure& figure : results.figures)
    {
        json.BeginObject();
        json.Key("name");
        json.String(figure.name);
        json.Key("words");
        json.String(FigureWords(figure.name));
        json.Key("unit");
        json.String(GetUnitName(FindFigureUnit(figure.name)));
        json.Key("objective");
        json.Bool(figure.isObjective);
        json.Key("simulated");
        json.Bool(figure.isSimulated);
        json.Key("maximised");
        json.Bool(figure.isMaximised);
        json.EndObject();
    }
    json.EndArray();
    json.Key("targets");
    json.BeginArray();
    for (const ReportedTarget& target : results.targets)
    {
        json.BeginObject();
        json.Key("figure");
        json.Unsigned(target.figure);
        json.Key("most");
        json.Bool(target.isMost);
        json.Key("limit");
        json.Number(target.limit);
        json.EndObject();
    }
    json.EndArray();
}

/** Write a design: name, network, chip, number of its status, mode, fidelity, figures. */
void
WriteDesignRow(const DesignResults& results, const ReportedDesign& design, JsonWriter& json)
{
    const auto* const status =
        std::find(std::begin(DESIGN_STATUSES), std::end(DESIGN_STATUSES), design.status);
    json.BeginArray();
    json.String(results.GetCell(design, "name"));
    json.String(NetworkWords(results, design));
    json.String(results.GetCell(design, "choices"));
    json.String(results.GetCell(design, "chip"));
    json.Unsigned(static_cast<uint64_t>(status - std::begin(DESIGN_STATUSES)));
    json.String(design.mode);
    json.String(design.fidelity);
    json.BeginArray();
    for (const auto& figure : design.figures)
    {
        json.Number(figure);
    }
    json.EndArray();
    json.EndArray();
}

/** @return what the page draws, JSON. */
std::string
WriteDesignData(const DesignResults& results)
{
    std::string text;
    JsonWriter json(text, JsonWriter::Layout::COMPACT);
    json.BeginObject();
    json.Key("design");
    json.BeginObject();
    WriteFigures(results, json);
    json.Key("closest");
    json.String(results.closest);
    json.Key("errors");
    json.BeginObject();
    for (const auto& [fidelity, error] : results.errors)
    {
        json.Key(fidelity);
        json.Number(error);
    }
    json.EndObject();
    json.Key("statuses");
    json.BeginArray();
    for (const char* status : DESIGN_STATUSES)
    {
        json.String(status);
    }
    json.EndArray();
    json.Key("designs");
    json.BeginArray();
    for (const ReportedDesign& design : results.designs)
    {
        WriteDesignRow(results, design, json);
    }
    json.EndArray();
    json.EndObject();
    json.EndObject();
    return EscapeJsonForHtml(std::move(text));
}

/** Add a section that has something to say. */
void
AddSection(Page& page,
           const char* id,
           const char* link,
           const char* heading,
           const std::string& content)
{
    if (!content.empty())
    {
        page.links.push_back({id, link});
        page.sections += PageSection(id, heading, content);
    }
}

} // namespace

void
WriteDesignReport(const std::string& directory, const std::string& file, Language language)
{
    const DesignResults results = ReadDesignResults(directory);
    const bool isOneObjective = results.figures.size() < 2 || !results.figures[1].isObjective;
    const std::string charts = (results.figures.size() > 1 ? PageChart("front") : "") +
                               (isOneObjective ? PageChart("cheapest") : "");
    Page page;
    page.language = language;
    page.title = EscapeHtml(results.name);
    page.heading = "Design <span translate=\"no\">" + EscapeHtml(results.name) + "</span>";
    page.lead = DesignQuestion(results);
    page.warnings = DesignWarning(results);
    AddSection(page, "answer", "Answer", "The answer", DesignAnswer(results));
    AddSection(page, "front", "Front", "The front", charts + DesignFrontTable(results));
    AddSection(page,
               "bounds",
               "Bounds",
               "What each is bound by, and what would move it",
               DesignVerdicts(results));
    AddSection(page, "standing", "Counts", "Where all designs stand", DesignCounts(results));
    AddSection(page, "cables", "Cables", "Cables of the front", DesignCableTable(results));
    AddSection(page,
               "assumptions",
               "Assumptions",
               "How the front changes with assumed figures",
               DesignSensitivityTable(results));
    AddSection(page,
               "refused",
               "Refused",
               "What can&#39;t be built or run",
               DesignRefusalTables(results));
    AddSection(page,
               "designs",
               "All designs",
               "All designs",
               PageChart("designs") + "<noscript>" + DesignStaticTable(results) + "</noscript>\n");
    AddSection(page,
               "request",
               "Request",
               "What was asked",
               Details("The request", "<pre>" + EscapeHtml(results.request) + "</pre>"));
    page.data = WriteDesignData(results);
    AtomicFile out(file);
    out.Write(WritePage(page));
    out.Commit();
}

} // namespace mtlink
} // namespace ns3
