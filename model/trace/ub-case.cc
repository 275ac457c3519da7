/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/ub-case.h"

#include "trace/trace-input.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <string_view>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t MOST_BYTES = uint64_t{1} << 50; //!< Of a task
constexpr uint32_t ABSENT = std::numeric_limits<uint32_t>::max();

/** A value of a row. */
struct Cell
{
    std::string_view text; //!< Without blanks around
    uint64_t column{1};    //!< Where it stands
};

/** A file of a case, row by row. */
class Table
{
  public:
    explicit Table(std::string file)
        : m_file(std::move(file)),
          m_text(ReadText(m_file)),
          m_rest(m_text)
    {
        if (!Next())
        {
            throw InputError({m_file, 1, 1}, "the file is empty; a line of columns would be right");
        }
        m_header = m_row;
    }

    /** @return whether there was one more row. */
    bool Next()
    {
        m_row.clear();
        while (m_row.empty() && !m_rest.empty())
        {
            ++m_line;
            std::string_view text = m_rest.substr(0, m_rest.find('\n'));
            m_rest.remove_prefix(std::min(text.size() + 1, m_rest.size()));
            if (text.find_first_not_of(" \t\r") != std::string_view::npos)
            {
                Split(text);
            }
        }
        if (!m_row.empty() && !m_header.empty() && m_row.size() > m_header.size())
        {
            Refuse(m_row[m_header.size()], "this row has more values than there are columns");
        }
        return !m_row.empty();
    }

    /** @return a column's place; ABSENT. @param [in] names What it may be called. */
    uint32_t Find(const std::vector<std::string_view>& names) const
    {
        for (uint32_t i = 0; i < m_header.size(); ++i)
        {
            if (std::find(names.begin(), names.end(), m_header[i].text) != names.end())
            {
                return i;
            }
        }
        return ABSENT;
    }

    /** @return a column's place, which must be there. */
    uint32_t Need(const std::vector<std::string_view>& names) const
    {
        const uint32_t place = Find(names);
        if (place == ABSENT)
        {
            throw InputError({m_file, 1, 1}, "column " + Quote(names.front()) + " is missing");
        }
        return place;
    }

    /** @return a value of the row; empty: it has none. */
    Cell Get(uint32_t place) const
    {
        return place < m_row.size() ? m_row[place] : Cell{{}, m_row.back().column};
    }

    /** @return a whole number of the row. */
    uint64_t GetNumber(uint32_t place, uint64_t most) const
    {
        return Parse(Get(place), Get(place).text, most);
    }

    /** @return a whole number, which is a cell or a part of it. */
    uint64_t Parse(const Cell& cell, std::string_view text, uint64_t most) const
    {
        const auto number = ParseNumber(text, most);
        if (!number)
        {
            Refuse(cell,
                   "here is " + Quote(text) + ", but a whole number of at most " +
                       std::to_string(most) + " would be right");
        }
        return *number;
    }

    /** @return a time of the row, 0 where it has none: "10ns", "1.5us". */
    Tick GetTime(uint32_t place) const
    {
        const Cell cell = Get(place);
        if (place == ABSENT || cell.text.empty())
        {
            return 0;
        }
        std::string_view text = cell.text;
        text.remove_prefix(text.starts_with('+') ? 1 : 0);
        const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
        const std::string_view unit = text.substr(end);
        constexpr std::pair<std::string_view, int> UNITS[] = {{"ps", 0},
                                                              {"ns", 3},
                                                              {"us", 6},
                                                              {"ms", 9},
                                                              {"s", 12}};
        for (const auto& [name, decimals] : UNITS)
        {
            if (unit == name)
            {
                return GetDecimal(cell, text.substr(0, end), decimals);
            }
        }
        Refuse(cell, "here is " + Quote(cell.text) + ", but a time as '10ns' would be right");
    }

    [[noreturn]] void Refuse(const Cell& cell, const std::string& message) const
    {
        throw InputError({m_file, m_line, cell.column}, message);
    }

    /** @return the line of the row. */
    uint64_t GetLine() const
    {
        return m_line;
    }

  private:
    /** @return a decimal number times a power of ten, below 100 days in ps. */
    Tick GetDecimal(const Cell& cell, std::string_view text, int decimals) const
    {
        const std::size_t dot = std::min(text.find('.'), text.size());
        std::string digits(text.substr(0, dot));
        std::string part(text.substr(std::min(dot + 1, text.size())));
        part.resize(static_cast<std::size_t>(decimals), '0');
        digits += part;
        return static_cast<Tick>(Parse(cell, digits, static_cast<uint64_t>(LONGEST_TIME)));
    }

    void Split(std::string_view text)
    {
        constexpr std::string_view BLANKS = " \t\r";
        for (std::size_t at = 0; at <= text.size();)
        {
            const std::size_t end = std::min(text.find(',', at), text.size());
            std::string_view value = text.substr(at, end - at);
            const std::size_t first = std::min(value.find_first_not_of(BLANKS), value.size());
            value.remove_prefix(first);
            value = value.substr(0, value.find_last_not_of(BLANKS) + 1);
            m_row.push_back({value, at + first + 1});
            at = end + 1;
        }
    }

    std::string m_file;         //!< Path
    std::string m_text;         //!< All
    std::string_view m_rest;    //!< Behind the row
    uint64_t m_line{0};         //!< Of the row
    std::vector<Cell> m_header; //!< Columns
    std::vector<Cell> m_row;    //!< The row
};

/** @return the path of a file of a folder. */
std::string
PathOf(const std::string& folder, const char* name)
{
    return (std::filesystem::path(folder) / name).string();
}

void
ReadNodes(const std::string& folder, UbCase& result)
{
    Table table(PathOf(folder, "node.csv"));
    const uint32_t id = table.Need({"nodeId"});
    const uint32_t type = table.Need({"nodeType"});
    const uint32_t delay = table.Find({"forwardDelay"});
    while (table.Next())
    {
        const Cell range = table.Get(id);
        const std::size_t dots = range.text.find("..");
        const uint64_t first = table.Parse(range, range.text.substr(0, dots), MOST_RANKS - 1);
        const uint64_t last = dots == std::string_view::npos
                                  ? first
                                  : table.Parse(range, range.text.substr(dots + 2), MOST_RANKS - 1);
        const Cell kind = table.Get(type);
        if (kind.text != "DEVICE" && kind.text != "SWITCH")
        {
            table.Refuse(kind,
                         "here is " + Quote(kind.text) + ", but DEVICE or SWITCH would be right");
        }
        for (uint64_t node = first; node <= last; ++node)
        {
            if (node != result.nodes.size())
            {
                table.Refuse(range,
                             "node " + std::to_string(node) + " stands where node " +
                                 std::to_string(result.nodes.size()) + " would be right");
            }
            result.nodes.push_back(
                {static_cast<uint32_t>(node), kind.text == "DEVICE", table.GetTime(delay)});
        }
    }
}

void
ReadLinks(const std::string& folder, UbCase& result)
{
    Table table(PathOf(folder, "topology.csv"));
    const uint32_t from = table.Need({"nodeId1"});
    const uint32_t to = table.Need({"nodeId2"});
    const uint32_t bandwidth = table.Need({"bandwidth"});
    const uint32_t delay = table.Need({"delay"});
    const uint64_t most = result.nodes.empty() ? 0 : result.nodes.size() - 1;
    while (table.Next())
    {
        table.GetTime(delay); // refuses what is none
        result.links.push_back({static_cast<uint32_t>(table.GetNumber(from, most)),
                                static_cast<uint32_t>(table.GetNumber(to, most)),
                                std::string(table.Get(bandwidth).text),
                                std::string(table.Get(delay).text)});
    }
}

/** @return whether an operation has the destination send. */
bool
IsRead(const Table& table, const Cell& cell)
{
    constexpr std::string_view READS[] = {"URMA_READ", "MEM_LOAD"};
    constexpr std::string_view WRITES[] = {"URMA_WRITE", "URMA_WRITE_NOTIFY", "MEM_STORE"};
    const bool isRead = std::find(std::begin(READS), std::end(READS), cell.text) != std::end(READS);
    if (!isRead && std::find(std::begin(WRITES), std::end(WRITES), cell.text) == std::end(WRITES))
    {
        table.Refuse(cell,
                     "here is " + Quote(cell.text) +
                         ", but URMA_WRITE, URMA_WRITE_NOTIFY, URMA_READ, MEM_STORE or MEM_LOAD "
                         "would be right");
    }
    return isRead;
}

void
ReadTasks(const std::string& folder, UbCase& result)
{
    Table table(PathOf(folder, "traffic.csv"));
    const uint32_t source = table.Need({"sourceNode", "sourceNodeId"});
    const uint32_t destination = table.Need({"destNode", "destNodeId"});
    const uint32_t bytes = table.Need({"dataSize(Byte)", "dataSize"});
    const uint32_t operation = table.Need({"opType"});
    const uint32_t delay = table.Find({"delay"});
    const uint32_t phase = table.Find({"phaseId"});
    const uint32_t phases = table.Find({"dependOnPhases"});
    const auto node = [&](uint32_t place) {
        const auto id = static_cast<uint32_t>(
            table.GetNumber(place, result.nodes.empty() ? 0 : result.nodes.size() - 1));
        if (result.nodes.empty() || !result.nodes[id].isDevice)
        {
            table.Refuse(table.Get(place), "node " + std::to_string(id) + " is no DEVICE");
        }
        return id;
    };
    while (table.Next())
    {
        UbTask task{table.GetLine(),
                    node(source),
                    node(destination),
                    table.GetNumber(bytes, MOST_BYTES),
                    IsRead(table, table.Get(operation)),
                    table.GetTime(delay),
                    0,
                    {}};
        constexpr uint64_t MOST_PHASE = std::numeric_limits<uint32_t>::max();
        if (phase != ABSENT && !table.Get(phase).text.empty())
        {
            task.phase = table.GetNumber(phase, MOST_PHASE);
        }
        const Cell list = phases == ABSENT ? Cell{} : table.Get(phases);
        constexpr std::string_view BETWEEN = " ;\t\"";
        for (std::size_t at = list.text.find_first_not_of(BETWEEN); at != std::string_view::npos;)
        {
            const std::size_t end =
                std::min(list.text.find_first_of(BETWEEN, at), list.text.size());
            task.phases.push_back(table.Parse(list, list.text.substr(at, end - at), MOST_PHASE));
            at = list.text.find_first_not_of(BETWEEN, end);
        }
        result.tasks.push_back(std::move(task));
    }
}

} // namespace

std::vector<uint32_t>
UbCase::ListDevices() const
{
    std::vector<uint32_t> devices;
    for (const UbNode& node : nodes)
    {
        if (node.isDevice)
        {
            devices.push_back(node.id);
        }
    }
    return devices;
}

UbCase
ReadUbCase(const std::string& folder, bool hasTraffic)
{
    UbCase result;
    ReadNodes(folder, result);
    ReadLinks(folder, result);
    std::error_code failed;
    const std::string faults = PathOf(folder, "fault.csv");
    if (std::filesystem::exists(faults, failed) && Table(faults).Next())
    {
        throw InputError({faults, 2, 1},
                         "faults of a case are not read: write them as the experiment's 'faults', "
                         "and take the file away");
    }
    if (hasTraffic)
    {
        ReadTasks(folder, result);
    }
    return result;
}

} // namespace mtlink
} // namespace ns3
