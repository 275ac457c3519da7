/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/design-report-tables.h"

#include "measure/result-reader.h"
#include "report/design-words.h"
#include "report/html.h"
#include "report/human-text.h"
#include "report/phrase-book.h"
#include "report/report-verdict.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

namespace fs = std::filesystem;

constexpr std::size_t MOST_FRONT_ROWS{60};  //!< Of the front
constexpr std::size_t MOST_VERDICTS{12};    //!< Of the front, in full
constexpr std::size_t MOST_OTHER_ROWS{200}; //!< Of tables that explain
constexpr std::size_t FEW_ROWS{8};          //!< Of tables that explain are shown at once
constexpr std::size_t FEW_CABLES{24};       //!< Rows

/** @return the designs of the front that are shown. */
std::vector<ReportedFrontDesign>
GetShownFront(const DesignResults& results, std::size_t most)
{
    return {results.front.begin(),
            results.front.begin() +
                static_cast<std::ptrdiff_t>(std::min(most, results.front.size()))};
}

/** @return a note of how many there are, where not all are shown; empty else. */
std::string
CutNote(std::size_t most, std::size_t all, const char* file)
{
    return all <= most ? ""
                       : fmt::format("{} of {} shown; all are in {}.",
                                     CountText(most),
                                     CountText(all),
                                     file);
}

/** @return a path below the page's directory as an address. */
std::string
Address(const std::string& path)
{
    std::string address;
    for (const char c : path)
    {
        const auto byte = static_cast<unsigned char>(c);
        const bool isPlain =
            std::isalnum(byte) != 0 || std::string("-._~/,+=@").find(c) != std::string::npos;
        address += isPlain ? std::string(1, c) : fmt::format("%{:02X}", byte);
    }
    return address;
}

/** @return a design's name as a link to its fabric, HTML. */
std::string
DesignLink(const std::string& name)
{
    return fmt::format("<a href=\"designs/{}.yaml\">{}</a>", Address(name), EscapeHtml(name));
}

/** @return a design's network, in words and as its keys have it, HTML. */
std::string
NetworkCell(const DesignResults& results, const ReportedDesign& design)
{
    return fmt::format("<span class=\"broad\">{} <small translate=\"no\">{}</small></span>",
                       EscapeHtml(NetworkWords(results, design)),
                       EscapeHtml(results.GetCell(design, "network")));
}

/** @return a text of others: in the page's language where the book has it, else as it is, HTML. */
std::string
ForeignText(const std::string& text)
{
    return PhraseBook::Get().Find(text) ? EscapeHtml(text)
                                        : "<span translate=\"no\">" + EscapeHtml(text) + "</span>";
}

/** @return whether some design has a value in a column. */
bool
IsUsed(const DesignResults& results, const std::string& column)
{
    return std::any_of(results.designs.begin(), results.designs.end(), [&](const auto& design) {
        return !results.GetCell(design, column).empty();
    });
}

/** @return a column that counts something, as cells. */
std::string
CountCell(const DesignResults& results, const ReportedDesign& design, const std::string& column)
{
    return CountText(static_cast<uint64_t>(results.GetNumber(design, column)));
}

/** @return figures that the front's table adds: costs that there are, then those compared by. */
std::vector<std::string>
ListFrontFigures(const DesignResults& results)
{
    std::vector<std::string> names;
    for (const char* cost : {"cost_power_W", "cost_area_mm2", "cost_money"})
    {
        if (IsUsed(results, cost))
        {
            names.emplace_back(cost);
        }
    }
    for (const ReportedFigure& figure : results.figures)
    {
        const bool isThere = std::find(names.begin(), names.end(), figure.name) != names.end();
        const bool isCount = !figure.isSimulated && !figure.name.starts_with("cost_");
        if (!isThere && !isCount) // counts have columns of their own
        {
            names.push_back(figure.name);
        }
    }
    return names;
}

/** @return a figure of a design, wherever it is. */
std::string
FigureCell(const DesignResults& results, const ReportedDesign& design, const std::string& name)
{
    for (std::size_t k = 0; k < results.figures.size(); ++k)
    {
        if (results.figures[k].name == name)
        {
            return design.figures[k] ? FigureText(name, *design.figures[k]) : UNKNOWN_TEXT;
        }
    }
    const auto value = NumberOfCell(results.GetCell(design, name));
    return value ? FigureText(name, *value) : UNKNOWN_TEXT;
}

/** What the front's table has beside what it always has. */
struct FrontColumns
{
    std::vector<std::string> figures;
    bool hasChoices{false};
    bool isOpen{false}; //!< Not all of it is surely on the front
};

void
AddFrontColumns(const FrontColumns& columns, HtmlTable& table)
{
    table.AddColumn("Design", false);
    if (columns.isOpen)
    {
        table.AddColumn("Where it stands", false);
    }
    for (const std::string& figure : columns.figures)
    {
        table.AddColumn(EscapeHtml(FigureWords(figure)));
    }
    table.AddColumn("Figures from", false);
    table.AddColumn("Network", false);
    if (columns.hasChoices)
    {
        table.AddColumn("Choices", false);
    }
    table.AddColumn("Chip", false);
    for (const char* heading :
         {"Chips", "Ports left over", "Copper cables", "Optical cables", "Modules"})
    {
        table.AddColumn(heading);
    }
    table.AddColumn("Results", false);
}

/** @return a row of the front's table. */
std::vector<std::string>
FrontCells(const DesignResults& results,
           const ReportedFrontDesign& one,
           const FrontColumns& columns)
{
    const ReportedDesign& design = results.designs[one.design];
    std::vector<std::string> cells{DesignLink(results.GetCell(design, "name"))};
    if (columns.isOpen)
    {
        cells.push_back("<span class=\"keep\">" + EscapeHtml(design.status) + "</span>");
    }
    for (const std::string& figure : columns.figures)
    {
        cells.push_back(FigureCell(results, design, figure));
    }
    cells.push_back("<span class=\"keep\">" + EscapeHtml(LookWords(design)) + "</span>");
    cells.push_back(NetworkCell(results, design));
    if (columns.hasChoices)
    {
        cells.push_back("<code class=\"broad\">" + EscapeHtml(results.GetCell(design, "choices")) +
                        "</code>");
    }
    cells.push_back(EscapeHtml(results.GetCell(design, "chip")));
    cells.push_back(CountText(static_cast<uint64_t>(results.GetNumber(design, "chips") +
                                                    results.GetNumber(design, "node_chips"))));
    for (const char* column : {"ports_left", "copper_cables", "optical_cables", "optical_modules"})
    {
        cells.push_back(CountCell(results, design, column));
    }
    cells.push_back(one.run.empty() ? UNKNOWN_TEXT
                                    : fmt::format("<a href=\"{}/\">results</a>", Address(one.run)));
    return cells;
}

/** A column of the tables that count designs. */
struct StatusColumn
{
    std::string status;  //!< As in design-search.csv
    const char* heading; //!< HTML
};

/** @return the columns of what some design is, and always of the front. */
std::vector<StatusColumn>
ListStatusColumns(const DesignResults& results)
{
    std::vector<StatusColumn> columns;
    std::size_t i = 0;
    for (const char* heading : {"On the front",
                                "May be on the front",
                                "Dominated",
                                "Beyond the target",
                                "Can&#39;t be run"})
    {
        const char* status = DESIGN_STATUSES[i++];
        if (columns.empty() || results.CountStatus(status) > 0)
        {
            columns.push_back({status, heading});
        }
    }
    return columns;
}

void
AddStatusColumns(const std::vector<StatusColumn>& columns, HtmlTable& table)
{
    table.AddColumn("Designs");
    for (const StatusColumn& column : columns)
    {
        table.AddColumn(column.heading);
    }
}

/** @return how many designs there are of a group, then by status, as cells. */
std::vector<std::string>
CountCells(const std::vector<StatusColumn>& columns,
           const std::map<std::string, std::size_t>& counts)
{
    std::vector<std::string> cells;
    std::size_t all = 0;
    for (const StatusColumn& column : columns)
    {
        const auto found = counts.find(column.status);
        const std::size_t count = found == counts.end() ? 0 : found->second;
        cells.push_back(count == 0 ? UNKNOWN_TEXT : CountText(count));
        all += count;
    }
    cells.insert(cells.begin(), CountText(all));
    return cells;
}

/** @return how closely designs were looked at last, HTML. */
std::string
ModeTable(const DesignResults& results)
{
    std::map<std::string, std::map<std::string, std::size_t>> modes;
    for (const ReportedDesign& design : results.designs)
    {
        ++modes[design.mode][design.status];
    }
    const std::vector<StatusColumn> columns = ListStatusColumns(results);
    HtmlTable table("How closely designs were looked at, last");
    table.AddColumn("Mode", false);
    AddStatusColumns(columns, table);
    for (const auto& [mode, words] : {std::pair("none", "not simulated"),
                                      std::pair("bound", "mode bound, a limit"),
                                      std::pair("flow", "mode flow"),
                                      std::pair("packet", "in packets")})
    {
        if (modes.count(mode) == 0)
        {
            continue;
        }
        std::vector<std::string> cells = CountCells(columns, modes[mode]);
        cells.insert(cells.begin(), words);
        table.AddRow(cells);
    }
    if (results.packetHops)
    {
        table.SetNote(
            fmt::format("Packet-hops that were simulated: {}.", DecimalText(*results.packetHops)));
    }
    return table.Finish();
}

/** @return rows of a table of results, of which `keep` are shown, HTML; empty without rows. */
std::string
WholeTable(const CsvTable& rows,
           const std::string& caption,
           const std::vector<std::pair<std::string, std::string>>& columns,
           const char* file)
{
    HtmlTable table(caption);
    std::vector<std::size_t> indices;
    for (const auto& [column, heading] : columns)
    {
        table.AddColumn(heading, false);
        indices.push_back(FindColumn(rows, column));
    }
    for (std::size_t i = 0; i < std::min(rows.rows.size(), MOST_OTHER_ROWS); ++i)
    {
        std::vector<std::string> cells;
        for (const std::size_t column : indices)
        {
            cells.push_back(ForeignText(rows.rows[i][column]));
        }
        table.AddRow(cells);
    }
    table.SetNote(CutNote(MOST_OTHER_ROWS, rows.rows.size(), file));
    return rows.rows.empty() ? "" : table.Finish();
}

/** @return why designs can't be run, HTML; empty where all can. */
std::string
OutTable(const DesignResults& results)
{
    std::map<std::string, std::vector<std::string>> reasons;
    for (const ReportedDesign& design : results.designs)
    {
        if (design.status == "can't be run")
        {
            // Each names its own file and place first.
            const std::string mark = ": error: ";
            const std::size_t at = design.message.find(mark);
            reasons[at == std::string::npos ? design.message
                                            : design.message.substr(at + mark.size())]
                .push_back(results.GetCell(design, "name"));
        }
    }
    if (reasons.empty())
    {
        return "";
    }
    HtmlTable table("Can&#39;t be run");
    table.AddColumn("First design", false);
    table.AddColumn("Designs");
    table.AddColumn("Reason", false);
    std::size_t shown = 0;
    for (const auto& [reason, names] : reasons)
    {
        if (++shown > MOST_OTHER_ROWS)
        {
            break;
        }
        table.AddRow({DesignLink(names.front()), CountText(names.size()), ForeignText(reason)});
    }
    table.SetNote(CutNote(MOST_OTHER_ROWS, reasons.size(), "design-search.csv"));
    return table.Finish();
}

/** @return names of designs with a separator that lets the line break, HTML. */
std::string
NameList(const std::string& names)
{
    std::string html;
    for (std::size_t at = 0; at < names.size();)
    {
        const std::size_t end = std::min(names.find(' ', at), names.size());
        html += (html.empty() ? "<span class=\"keep\">" : ", <span class=\"keep\">") +
                DesignLink(names.substr(at, end - at)) + "</span>";
        at = end + 1;
    }
    return html.empty() ? UNKNOWN_TEXT : html;
}

/** @return the assumptions with which the front is another one. */
CsvTable
KeepMoved(const CsvTable& table)
{
    const std::size_t joins = FindColumn(table, "joins");
    const std::size_t leaves = FindColumn(table, "leaves");
    CsvTable moved{table.path, table.names, {}};
    std::copy_if(table.rows.begin(),
                 table.rows.end(),
                 std::back_inserter(moved.rows),
                 [&](const auto& row) { return !row[joins].empty() || !row[leaves].empty(); });
    return moved;
}

/** @return rows of design-sensitivity.csv, HTML. */
std::string
AssumptionTable(const CsvTable& rows, const std::string& caption)
{
    HtmlTable table(caption);
    const std::set<std::string> lists{"joins", "leaves", "best"};
    const std::set<std::string> numbers{"factor", "front"};
    const auto isFigure = [](const std::string& column) {
        return FindFigureUnit(column) != FigureUnit::NUMBER;
    };
    for (const std::string& column : rows.names)
    {
        table.AddColumn(EscapeHtml(FigureWords(column)),
                        isFigure(column) || numbers.count(column) > 0);
    }
    for (std::size_t i = 0; i < std::min(rows.rows.size(), MOST_OTHER_ROWS); ++i)
    {
        std::vector<std::string> cells;
        for (std::size_t k = 0; k < rows.names.size(); ++k)
        {
            const std::string& cell = rows.rows[i][k];
            const auto number = NumberOfCell(cell);
            cells.push_back(lists.count(rows.names[k]) > 0      ? NameList(cell)
                            : isFigure(rows.names[k]) && number ? FigureText(rows.names[k], *number)
                                                                : ForeignText(cell));
        }
        table.AddRow(cells);
    }
    table.SetNote(CutNote(MOST_OTHER_ROWS, rows.rows.size(), "design-sensitivity.csv"));
    return table.Finish();
}

} // namespace

std::string
DesignFrontTable(const DesignResults& results)
{
    const FrontColumns columns{ListFrontFigures(results),
                               IsUsed(results, "choices"),
                               results.CountStatus("may be on the front") > 0};
    HtmlTable table("The front, the best of the first objective first");
    AddFrontColumns(columns, table);
    for (const ReportedFrontDesign& one : GetShownFront(results, MOST_FRONT_ROWS))
    {
        table.AddRow(FrontCells(results, one, columns));
    }
    table.SetNote("A name leads to its fabric, results to those of its first run. " +
                  CutNote(MOST_FRONT_ROWS, results.front.size(), "front.csv"));
    return results.front.empty() ? "" : table.Finish();
}

std::string
DesignVerdicts(const DesignResults& results)
{
    std::string html;
    for (const ReportedFrontDesign& one : GetShownFront(results, MOST_VERDICTS))
    {
        const ReportedDesign& design = results.designs[one.design];
        const fs::path run = fs::path(results.directory) / one.run;
        std::error_code ignored;
        std::optional<VerdictResult> verdict;
        if (!one.run.empty() && fs::exists(run / "summary.json", ignored))
        {
            verdict = ReadFigures(run.string()).results.verdict;
        }
        html += fmt::format("<div class=\"verdict\">\n<p><b translate=\"no\">{}</b> <span "
                            "class=\"cause\">{}</span></p>\n<p>{}</p>\n",
                            EscapeHtml(results.GetCell(design, "name")),
                            EscapeHtml(NetworkWords(results, design)),
                            one.verdict.empty() ? "What it is bound by is not known."
                                                : EscapeHtml(one.verdict));
        html += verdict ? VerdictTriesText(verdict->tries) : "";
        html += "</div>\n";
    }
    const std::string note = CutNote(MOST_VERDICTS, results.front.size(), "front.csv");
    return html.empty() ? ""
                        : "<div class=\"grid\">\n" + html + "</div>\n" +
                              (note.empty() ? "" : "<p class=\"note\">" + note + "</p>\n");
}

std::string
DesignCounts(const DesignResults& results)
{
    std::vector<std::pair<std::string, std::string>> groups; // in order of their first design
    std::map<std::pair<std::string, std::string>, std::map<std::string, std::size_t>> counts;
    std::map<std::string, std::size_t> all;
    for (const ReportedDesign& design : results.designs)
    {
        const std::pair group(results.GetCell(design, "chip"), results.GetCell(design, "kind"));
        if (counts.count(group) == 0)
        {
            groups.push_back(group);
        }
        ++counts[group][design.status];
        ++all[design.status];
    }
    const std::vector<StatusColumn> columns = ListStatusColumns(results);
    HtmlTable table("Designs by chip and kind");
    table.AddColumn("Chip", false);
    table.AddColumn("Kind", false);
    AddStatusColumns(columns, table);
    for (const auto& group : groups)
    {
        std::vector<std::string> cells = CountCells(columns, counts[group]);
        cells.insert(cells.begin(), {EscapeHtml(group.first), EscapeHtml(group.second)});
        table.AddRow(cells);
    }
    std::vector<std::string> cells = CountCells(columns, all);
    cells.insert(cells.begin(), {"all", ""});
    table.AddRow(cells);
    return "<div class=\"cards\">\n" + table.Finish() + ModeTable(results) + "</div>\n";
}

std::string
DesignCableTable(const DesignResults& results)
{
    const CsvTable rows =
        ReadCsvTable((fs::path(results.directory) / "design-cables.csv").string());
    std::set<std::string> names;
    for (const ReportedFrontDesign& one : results.front)
    {
        names.insert(results.GetCell(results.designs[one.design], "name"));
    }
    CsvTable front{rows.path, rows.names, {}};
    const std::size_t name = FindColumn(rows, "name");
    std::copy_if(rows.rows.begin(),
                 rows.rows.end(),
                 std::back_inserter(front.rows),
                 [&](const auto& row) { return names.count(row[name]) > 0; });
    HtmlTable table("Cables of the front by link class");
    table.AddColumn("Design", false);
    table.AddColumn("Class", false);
    table.AddColumn("Cables");
    table.AddColumn("Metres each");
    table.AddColumn("Medium", false);
    const std::size_t cls = FindColumn(rows, "class");
    const std::size_t cables = FindColumn(rows, "cables");
    const std::size_t length = FindColumn(rows, "length_m");
    const std::size_t medium = FindColumn(rows, "medium");
    for (std::size_t i = 0; i < std::min(front.rows.size(), MOST_OTHER_ROWS); ++i)
    {
        const auto& row = front.rows[i];
        const auto metres = NumberOfCell(row[length]);
        table.AddRow({DesignLink(row[name]),
                      EscapeHtml(row[cls]),
                      DecimalText(NumberOfCell(row[cables]).value_or(0), 12),
                      metres ? DecimalText(*metres) : UNKNOWN_TEXT,
                      EscapeHtml(row[medium])});
    }
    table.SetNote("Lengths that the request does not give are assumed. " +
                  CutNote(MOST_OTHER_ROWS, front.rows.size(), "design-cables.csv"));
    if (front.rows.size() > FEW_CABLES)
    {
        return Details(fmt::format("Cables by link class: {}", CountText(front.rows.size())),
                       table.Finish());
    }
    return front.rows.empty() ? "" : table.Finish();
}

std::string
DesignSensitivityTable(const DesignResults& results)
{
    const std::string path = (fs::path(results.directory) / "design-sensitivity.csv").string();
    std::error_code ignored;
    if (!results.sensitivity || !fs::exists(path, ignored))
    {
        return "";
    }
    const CsvTable rows = ReadCsvTable(path);
    const CsvTable moved = KeepMoved(rows);
    const std::string factor = DecimalText(*results.sensitivity);
    const std::string said =
        moved.rows.empty()
            ? fmt::format("With any of them divided or multiplied by {} the same designs are on "
                          "the front.",
                          factor)
            : fmt::format("With some of them divided or multiplied by {} designs join the front "
                          "or leave it.",
                          factor);
    return "<p>" + said + "</p>\n" +
           (moved.rows.empty() ? "" : AssumptionTable(moved, "Where the front is another one")) +
           Details(fmt::format("One assumption at a time, the front found again: {}",
                               CountText(rows.rows.size())),
                   AssumptionTable(rows, "All assumptions"));
}

std::string
DesignRefusalTables(const DesignResults& results)
{
    const CsvTable rows =
        ReadCsvTable((fs::path(results.directory) / "design-refused.csv").string());
    std::string refused =
        WholeTable(rows,
                   "Can&#39;t be built",
                   {{"chip", "Chip"}, {"kind", "Kind"}, {"what", "What"}, {"reason", "Reason"}},
                   "design-refused.csv");
    if (rows.rows.size() > FEW_ROWS)
    {
        refused =
            Details(fmt::format("Can&#39;t be built: {}", CountText(rows.rows.size())), refused);
    }
    return refused + OutTable(results);
}

std::string
DesignStaticTable(const DesignResults& results)
{
    HtmlTable table("All designs");
    table.AddColumn("design", false);
    for (const ReportedFigure& figure : results.figures)
    {
        table.AddColumn(EscapeHtml(figure.name));
    }
    table.AddColumn("mode", false);
    table.AddColumn("status", false);
    for (std::size_t i = 0; i < std::min(results.designs.size(), MOST_OTHER_ROWS); ++i)
    {
        const ReportedDesign& design = results.designs[i];
        std::vector<std::string> cells{EscapeHtml(results.GetCell(design, "name"))};
        for (const auto& figure : design.figures)
        {
            cells.push_back(figure ? DecimalText(*figure) : UNKNOWN_TEXT);
        }
        cells.push_back(EscapeHtml(design.mode));
        cells.push_back(EscapeHtml(design.status));
        table.AddRow(cells);
    }
    table.SetNote(CutNote(MOST_OTHER_ROWS, results.designs.size(), "design-search.csv"));
    return table.Finish();
}

} // namespace mtlink
} // namespace ns3
