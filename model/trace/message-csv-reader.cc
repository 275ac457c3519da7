/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/message-csv-reader.h"

#include "trace/trace-input.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Columns, in the order of their names. */
enum Column : std::size_t
{
    START,
    SRC,
    DST,
    BYTES,
    TAG,
    AFTER,
    TRAFFIC_CLASS,
    COLUMNS
};

constexpr std::array<std::string_view, COLUMNS> NAMES =
    {"start_ns", "src", "dst", "bytes", "tag", "after", "traffic_class"};
constexpr std::size_t NO_PLACE = std::numeric_limits<std::size_t>::max(); //!< No such column

/** A value, and where it stands. */
struct Field
{
    std::string_view text; //!< Without blanks about it
    uint64_t column{1};    //!< From 1
};

/** One message. */
struct Row
{
    Tick start;                  //!< Earliest start
    uint32_t src;                //!< Rank
    uint32_t dst;                //!< Rank
    uint64_t bytes;              //!< Payload
    uint32_t tag;                //!< Flow label
    uint8_t trafficClass;        //!< Or WORKLOAD_TRAFFIC_CLASS
    uint64_t line;               //!< In the file
    uint64_t afterColumn;        //!< Of its `after`
    std::vector<uint64_t> after; //!< Rows
};

/** Reads the file. */
class Reader
{
  public:
    /**
     * @param [in] file The file.
     * @param [in] maxRanks Ranks allowed; 0: any.
     * @param [in] trafficClasses Traffic classes that there are.
     */
    Reader(const std::string& file, uint32_t maxRanks, uint32_t trafficClasses)
        : m_file(file),
          m_maxRanks(maxRanks),
          m_trafficClasses(trafficClasses)
    {
        const std::string text = ReadText(file);
        std::string_view rest = text;
        uint64_t line = 0;
        bool header = true;
        while (!rest.empty())
        {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            const auto fields = Split(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
            ++line;
            if (fields.size() == 1 && fields[0].text.empty())
            {
                continue;
            }
            header ? ReadHeader(line, fields) : ReadRow(line, fields);
            header = false;
        }
        if (header)
        {
            throw InputError({file}, "a CSV of messages starts with 'start_ns,src,dst,bytes'");
        }
        if (m_rows.empty())
        {
            throw InputError({file, line, 1}, "there is no message under the header");
        }
        CheckAfter();
    }

    /** @return the messages. */
    const std::vector<Row>& GetRows() const
    {
        return m_rows;
    }

    /** @return the number of ranks. */
    uint32_t GetRanks() const
    {
        return m_ranks;
    }

  private:
    /**
     * @param [in] line A line.
     * @return its values.
     */
    static std::vector<Field> Split(std::string_view line)
    {
        std::vector<Field> fields;
        std::size_t at = 0;
        while (true)
        {
            const std::size_t end = std::min(line.find(',', at), line.size());
            Field field{line.substr(at, end - at), at + 1};
            const std::size_t first = field.text.find_first_not_of(" \t\r");
            if (first == std::string_view::npos)
            {
                field.text = {};
            }
            else
            {
                const std::size_t last = field.text.find_last_not_of(" \t\r");
                field.text = field.text.substr(first, last + 1 - first);
                field.column += first;
            }
            fields.push_back(field);
            if (end == line.size())
            {
                return fields;
            }
            at = end + 1;
        }
    }

    /**
     * @param [in] line Its number.
     * @param [in] fields Its values.
     */
    void ReadHeader(uint64_t line, const std::vector<Field>& fields)
    {
        m_places.fill(NO_PLACE);
        for (std::size_t i = 0; i < fields.size(); ++i)
        {
            const auto name = std::find(NAMES.begin(), NAMES.end(), fields[i].text);
            if (name == NAMES.end())
            {
                throw InputError(
                    {m_file, line, fields[i].column},
                    "there is no column " + Quote(fields[i].text) +
                        "; there are start_ns, src, dst, bytes, tag, after, traffic_class");
            }
            std::size_t& place = m_places[static_cast<std::size_t>(name - NAMES.begin())];
            if (place != NO_PLACE)
            {
                throw InputError({m_file, line, fields[i].column},
                                 "column " + Quote(*name) + " is there twice");
            }
            place = i;
        }
        for (const Column column : {START, SRC, DST, BYTES})
        {
            if (m_places[column] == NO_PLACE)
            {
                throw InputError({m_file, line, 1},
                                 "column " + Quote(NAMES[column]) +
                                     " is missing; 'start_ns,src,dst,bytes' would be right");
            }
        }
        m_width = fields.size();
    }

    /**
     * @param [in] line Its number.
     * @param [in] fields Its values.
     */
    void ReadRow(uint64_t line, const std::vector<Field>& fields)
    {
        constexpr uint64_t MOST_BYTES = uint64_t{1} << 50;
        if (fields.size() != m_width)
        {
            throw InputError({m_file, line, fields.back().column},
                             "this row has " + std::to_string(fields.size()) +
                                 " values, the header " + std::to_string(m_width));
        }
        const auto field = [&](Column column) {
            return m_places[column] == NO_PLACE ? Field{} : fields[m_places[column]];
        };
        Row row{};
        row.line = line;
        row.start = ReadTime(line, field(START));
        row.src = ReadRank(line, field(SRC), SRC);
        row.dst = ReadRank(line, field(DST), DST);
        row.bytes = ReadNumber(line, field(BYTES), BYTES, MOST_BYTES);
        if (!field(TAG).text.empty())
        {
            row.tag = static_cast<uint32_t>(
                ReadNumber(line, field(TAG), TAG, std::numeric_limits<uint32_t>::max()));
        }
        row.trafficClass = WORKLOAD_TRAFFIC_CLASS;
        if (!field(TRAFFIC_CLASS).text.empty())
        {
            row.trafficClass = ReadClass(line, field(TRAFFIC_CLASS));
        }
        Field after = field(AFTER);
        row.afterColumn = after.column;
        while (!after.text.empty())
        {
            const std::size_t end = std::min(after.text.find(';'), after.text.size());
            row.after.push_back(ReadNumber(line,
                                           {after.text.substr(0, end), after.column},
                                           AFTER,
                                           std::numeric_limits<uint32_t>::max()));
            after.text.remove_prefix(std::min(end + 1, after.text.size()));
        }
        m_ranks = std::max({m_ranks, row.src + 1, row.dst + 1});
        m_rows.push_back(std::move(row));
    }

    /**
     * @param [in] line Line of the value.
     * @param [in] field The value.
     * @param [in] column Its column.
     * @param [in] most Largest allowed.
     * @return the number.
     */
    uint64_t ReadNumber(uint64_t line, const Field& field, Column column, uint64_t most) const
    {
        const auto number = ParseNumber(field.text, most);
        if (!number)
        {
            throw InputError({m_file, line, field.column},
                             std::string(NAMES[column]) + " is " + Quote(field.text) +
                                 ", but a whole number, 0 to " + std::to_string(most) +
                                 ", would be right");
        }
        return *number;
    }

    /**
     * @param [in] line Line of the value.
     * @param [in] field The value.
     * @param [in] column Its column.
     * @return the rank.
     */
    uint32_t ReadRank(uint64_t line, const Field& field, Column column) const
    {
        const auto rank = static_cast<uint32_t>(ReadNumber(line, field, column, MOST_RANKS - 1));
        if (m_maxRanks > 0 && rank >= m_maxRanks)
        {
            throw InputError({m_file, line, field.column},
                             "rank " + std::to_string(rank) +
                                 " is beyond the fabric, which has room for ranks 0 to " +
                                 std::to_string(m_maxRanks - 1));
        }
        return rank;
    }

    /**
     * @param [in] line Line of the value.
     * @param [in] field The value.
     * @return the traffic class.
     */
    uint8_t ReadClass(uint64_t line, const Field& field) const
    {
        const uint64_t number = ReadNumber(line, field, TRAFFIC_CLASS, WORKLOAD_TRAFFIC_CLASS - 1);
        if (number >= m_trafficClasses)
        {
            throw InputError({m_file, line, field.column},
                             "traffic class " + std::to_string(number) +
                                 " is beyond the fabric's, which are 0 to " +
                                 std::to_string(m_trafficClasses - 1) +
                                 ": set switch.traffic_classes, or endpoint.traffic_classes where "
                                 "there is no switch");
        }
        return static_cast<uint8_t>(number);
    }

    /**
     * @param [in] line Line of the value.
     * @param [in] field Nanoseconds, with up to three decimals.
     * @return the time.
     */
    Tick ReadTime(uint64_t line, const Field& field) const
    {
        const std::size_t dot = std::min(field.text.find('.'), field.text.size());
        std::string decimals(field.text.substr(std::min(dot + 1, field.text.size())));
        const bool hasDecimals = dot < field.text.size();
        const std::size_t count = decimals.size();
        decimals.resize(3, '0');
        const auto whole = ParseNumber(field.text.substr(0, dot), LONGEST_TIME / 1000 - 1);
        const auto part = ParseNumber(decimals, 999);
        if (!whole || !part || count > 3 || (hasDecimals && count == 0))
        {
            throw InputError({m_file, line, field.column},
                             "start_ns is " + Quote(field.text) +
                                 ", but nanoseconds, with up to three decimals and below 100 "
                                 "days, would be right");
        }
        return static_cast<Tick>(*whole * 1000 + *part);
    }

    /** Throw if an `after` names a row that is not there. */
    void CheckAfter() const
    {
        for (const Row& row : m_rows)
        {
            for (const uint64_t earlier : row.after)
            {
                if (earlier >= m_rows.size())
                {
                    throw InputError({m_file, row.line, row.afterColumn},
                                     "after names row " + std::to_string(earlier) +
                                         ", but rows count from 0 to " +
                                         std::to_string(m_rows.size() - 1));
                }
            }
        }
    }

    std::string m_file;                          //!< For messages
    uint32_t m_maxRanks;                         //!< Allowed; 0: any
    uint32_t m_trafficClasses;                   //!< There are
    std::array<std::size_t, COLUMNS> m_places{}; //!< Of each column in a row
    std::size_t m_width{0};                      //!< Values in a row
    std::vector<Row> m_rows;                     //!< So far
    uint32_t m_ranks{0};                         //!< So far
};

} // namespace

OperationGraph
ReadMessageCsv(const std::string& file, const TraceOptions& options)
{
    const Reader reader(file, options.maxRanks, options.trafficClasses);
    const auto& rows = reader.GetRows();
    OperationGraph graph(reader.GetRanks());
    std::vector<uint32_t> sends;
    std::vector<uint32_t> rowOf;
    const auto add = [&](uint32_t row, const Operation& operation) {
        rowOf.push_back(row);
        return graph.Add(operation);
    };
    for (uint32_t i = 0; i < rows.size(); ++i)
    {
        const Row& row = rows[i];
        // Its own tag: a row's send and receive belong together, in whatever order rows start.
        Operation send;
        send.type = OperationType::SEND;
        send.rank = row.src;
        send.peer = row.dst;
        send.bytes = row.bytes;
        send.tag = i;
        send.flow = row.tag;
        send.trafficClass = row.trafficClass;
        Operation receive = send;
        receive.type = OperationType::RECEIVE;
        receive.rank = row.dst;
        receive.peer = row.src;
        Operation delay;
        delay.rank = row.src;
        delay.duration = row.start;
        const uint32_t wait = row.start > 0 ? add(i, delay) : NONE;
        sends.push_back(add(i, send));
        graph.SetLabel(sends[i], "row " + std::to_string(i));
        graph.SetLabel(add(i, receive), "row " + std::to_string(i));
        if (wait != NONE)
        {
            graph.Require(sends[i], wait);
        }
    }
    for (uint32_t i = 0; i < rows.size(); ++i)
    {
        for (const uint64_t earlier : rows[i].after)
        {
            graph.Require(sends[i], sends[earlier] + 1); // the receive
        }
    }
    FinishGraph(graph, [&](uint32_t id) {
        const Row& row = rows[rowOf[id]];
        return Where{file, row.line, row.afterColumn};
    });
    return graph;
}

TraceSummary
SummariseMessageCsv(const std::string& file)
{
    const Reader reader(file, 0, WORKLOAD_TRAFFIC_CLASS);
    TraceSummary summary;
    summary.format = "csv";
    summary.ranks = reader.GetRanks();
    summary.operations = reader.GetRows().size();
    summary.operationsByType["message"] = summary.operations;
    for (const Row& row : reader.GetRows())
    {
        summary.bytesByCollective["send"] += row.bytes;
    }
    return summary;
}

} // namespace mtlink
} // namespace ns3
