/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/result-tables.h"

#include "measure/atomic-file.h"
#include "measure/csv.h"
#include "measure/even-sample.h"
#include "measure/row-limits.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <type_traits>

namespace ns3
{
namespace mtlink
{

namespace
{

/**
 * A column of a table of rows of one type: the one place that knows its name.
 * @tparam Row CollectiveResult, ...
 */
template <typename Row>
struct Column
{
    /** With its unit. */
    std::string name;

    /** Writes the cell of a row. */
    void (*write)(CsvWriter& out, const Row& row, const RunResults& results);

    /** Reads it back; null: follows from other columns. */
    void (*read)(const CsvCell& cell, Row& row, RunResults& results);

    /** It is there only where links are by level. */
    bool isOfLevels{false};
};

/**
 * @param [in] row An entry of a vector.
 * @param [in] rows The vector.
 * @return its index.
 */
template <typename Row>
uint64_t
IndexOf(const Row& row, const std::vector<Row>& rows)
{
    return static_cast<uint64_t>(&row - rows.data());
}

template <typename Row>
using Columns = std::vector<Column<Row>>; //!< In their order in the file

/**
 * A column that holds a member of the row as it is: text, a number, or a Tick in nanoseconds.
 * @tparam member The member.
 * @tparam Row Deduced.
 * @tparam Value Deduced.
 * @param [in] name The column's name.
 * @return the column.
 */
template <auto member, typename Row, typename Value>
Column<Row>
Deduced(const std::string& name, Value Row::*)
{
    return {name,
            [](CsvWriter& out, const Row& row, const RunResults&) {
                if constexpr (std::is_same_v<Value, std::string>)
                {
                    out.Text(row.*member);
                }
                else if constexpr (std::is_same_v<Value, Tick>)
                {
                    out.Nanoseconds(row.*member);
                }
                else if constexpr (std::is_floating_point_v<Value>)
                {
                    out.Number(row.*member);
                }
                else
                {
                    out.Unsigned(row.*member);
                }
            },
            [](const CsvCell& cell, Row& row, RunResults&) {
                if constexpr (std::is_same_v<Value, std::string>)
                {
                    row.*member = cell.AsText();
                }
                else if constexpr (std::is_same_v<Value, Tick>)
                {
                    row.*member = cell.AsNanoseconds();
                }
                else if constexpr (std::is_floating_point_v<Value>)
                {
                    row.*member = cell.AsNumber();
                }
                else if constexpr (std::is_same_v<Value, uint32_t>)
                {
                    row.*member = cell.AsUnsigned32();
                }
                else
                {
                    row.*member = cell.AsUnsigned();
                }
            }};
}

/**
 * Deduced() without its deduced parameters.
 * @tparam member The member.
 * @param [in] name The column's name.
 * @return the column.
 */
template <auto member>
auto
Stored(const std::string& name)
{
    return Deduced<member>(name, member);
}

/**
 * A column that holds a time, or nothing for NEVER.
 * @tparam member The member.
 * @param [in] name The column's name.
 * @return the column.
 */
template <auto member>
auto
StoredIfKnown(const std::string& name)
{
    auto column = Stored<member>(name);
    column.read = [](const CsvCell& cell, auto& row, RunResults&) {
        row.*member = cell.IsEmpty() ? NEVER : cell.AsNanoseconds();
    };
    return column;
}

/** @param [in] column A column. @return the same, there only where links are by level. */
template <typename Row>
Column<Row>
OfLevels(Column<Row> column)
{
    column.isOfLevels = true;
    return column;
}

/**
 * A column that follows from others and is not read back.
 * @tparam Row Type of the rows.
 * @param [in] name The column's name.
 * @param [in] write Writes its cell.
 * @return the column.
 */
template <typename Row>
Column<Row>
Derived(const std::string& name, void (*write)(CsvWriter&, const Row&, const RunResults&))
{
    return {name, write, nullptr};
}

using C = CollectiveResult; //!< Short, for the tables below
using M = MessageResult;    //!< Short, for the tables below
using N = NodeResult;       //!< Short, for the tables below
using L = LinkResult;       //!< Short, for the tables below
using K = LinkLevelResult;  //!< Short, for the tables below
using Q = QueueResult;      //!< Short, for the tables below
using S = SampleResult;     //!< Short, for the tables below
using G = CongestionResult; //!< Short, for the tables below
using Out = CsvWriter;      //!< Short, for the tables below
using In = CsvCell;         //!< Short, for the tables below
using Run = RunResults;     //!< Short, for the tables below
/** Short, for the tables below. */
using Y = StabilityFailureResult;

/** @return a word as it is in results. @param [in] name As written; older files have none. */
Fidelity
ReadFidelity(const std::string& name)
{
    for (std::size_t i = 0; i < FIDELITIES; ++i)
    {
        if (name == FIDELITY_NAMES[i])
        {
            return static_cast<Fidelity>(i);
        }
    }
    return Fidelity::APPROXIMATE;
}

/** Columns of collectives.csv. */
const Columns<C> COLLECTIVE_COLUMNS{
    Stored<&C::id>("id"),
    Stored<&C::name>("name"),
    Stored<&C::algorithm>("algorithm"),
    Stored<&C::workload>("workload"),
    Stored<&C::ranks>("ranks"),
    Stored<&C::bytes>("bytes"),
    StoredIfKnown<&C::start>("start_ns"),
    StoredIfKnown<&C::end>("end_ns"),
    Derived<C>("duration_ns",
               [](Out& out, const C& c, const Run&) { out.Nanoseconds(GetDuration(c)); }),
    Derived<C>("algbw_GBps",
               [](Out& out, const C& c, const Run&) { out.Number(GetAlgorithmBandwidth(c)); }),
    Derived<C>("busbw_GBps",
               [](Out& out, const C& c, const Run&) { out.Number(GetBusBandwidth(c)); }),
    Stored<&C::busFactor>("bus_factor"),
    {"bound_ns",
     [](Out& out, const C& c, const Run&) { out.Nanoseconds(c.bound > 0 ? c.bound : NEVER); },
     [](const In& in, C& c, Run&) { c.bound = in.IsEmpty() ? 0 : in.AsNanoseconds(); }},
    Derived<C>("bound_ratio",
               [](Out& out, const C& c, const Run&) { out.Number(GetBoundRatio(c)); }),
    {"fidelity",
     [](Out& out, const C& c, const Run&) { out.Text(GetFidelityName(c.fidelity)); },
     [](const In& in, C& c, Run&) { c.fidelity = ReadFidelity(in.AsText()); }},
};

/** Columns of messages.csv. */
const Columns<M> MESSAGE_COLUMNS{
    Stored<&M::id>("id"),
    Stored<&M::src>("src"),
    Stored<&M::dst>("dst"),
    Stored<&M::bytes>("bytes"),
    {"collective",
     [](Out& out, const M& m, const Run&) {
         m.collective < 0 ? out.Empty() : out.Unsigned(static_cast<uint64_t>(m.collective));
     },
     [](const In& in, M& m, Run&) {
         m.collective = in.IsEmpty() ? -1 : int64_t{in.AsUnsigned32()};
     }},
    Stored<&M::trafficClass>("traffic_class"),
    StoredIfKnown<&M::start>("start_ns"),
    StoredIfKnown<&M::end>("end_ns"),
    Derived<M>("latency_ns",
               [](Out& out, const M& m, const Run&) {
                   out.Nanoseconds(m.start == NEVER || m.end == NEVER ? NEVER : m.end - m.start);
               }),
};

/** Columns of stability.csv. */
const Columns<Y> STABILITY_COLUMNS{
    Stored<&Y::timeS>("time_s"),
    Stored<&Y::kind>("kind"),
    Stored<&Y::unit>("unit"),
    Stored<&Y::effect>("effect"),
    Stored<&Y::slowdown>("slowdown"),
    Stored<&Y::lostS>("lost_s"),
    Stored<&Y::downS>("down_s"),
    Stored<&Y::spares>("spares_left"),
};

/** Columns of nodes.csv. */
const Columns<N> NODE_COLUMNS{
    Derived<N>("id",
               [](Out& out, const N& n, const Run& run) { out.Unsigned(IndexOf(n, run.nodes)); }),
    Stored<&N::name>("node"),
    Stored<&N::kind>("kind"),
    Stored<&N::part>("part"),
    OfLevels(Stored<&N::level>("level")),
    OfLevels(Stored<&N::group>("group")),
};

/** Columns of links.csv. */
const Columns<L> LINK_COLUMNS{
    Stored<&L::id>("id"),
    Stored<&L::name>("link"),
    Stored<&L::from>("from"),
    Stored<&L::to>("to"),
    Stored<&L::cls>("class"),
    {"rate_bps",
     [](Out& out, const L& l, const Run&) {
         out.Unsigned(static_cast<uint64_t>(std::llround(l.bitsPerSecond)));
     },
     [](const In& in, L& l, Run&) { l.bitsPerSecond = in.AsNumber(); }},
    Stored<&L::latency>("latency_ns"),
    Stored<&L::packets>("packets"),
    Stored<&L::payloadBytes>("payload_bytes"),
    Stored<&L::wireBytes>("wire_bytes"),
    Stored<&L::busy>("busy_ns"),
    Derived<L>("utilisation",
               [](Out& out, const L& l, const Run& run) {
                   out.Share(static_cast<double>(l.busy) /
                             static_cast<double>(GetObservedTime(run)));
               }),
    Stored<&L::creditStall>("credit_stall_ns"),
    Stored<&L::retries>("retries"),
    Stored<&L::errors>("errors"),
    Stored<&L::replayFull>("replay_full_ns"),
    Stored<&L::down>("down_ns"),
    Stored<&L::degraded>("degraded_ns"),
    Stored<&L::packetsLost>("packets_lost"),
};

/**
 * A column of the mean of links.
 * @tparam sum Member that holds the sum.
 * @param [in] name The column's name.
 * @return the column.
 */
template <auto sum>
Column<K>
MeanOfLinks(const std::string& name)
{
    return Derived<K>(name, [](Out& out, const K& k, const Run&) {
        const double mean = static_cast<double>(k.*sum) / static_cast<double>(k.links);
        if constexpr (std::is_same_v<decltype(sum), Tick K::*const>)
        {
            out.Number(mean / 1000);
        }
        else
        {
            out.Number(mean);
        }
    });
}

/**
 * @param [in] busy Busy time, a sum over links.
 * @param [in] links How many.
 * @param [in] run The run.
 * @return the mean utilisation.
 */
double
GetUtilisation(Tick busy, uint64_t links, const Run& run)
{
    return static_cast<double>(busy) / static_cast<double>(links) /
           static_cast<double>(GetObservedTime(run));
}

/** Columns of link_levels.csv. */
const Columns<K> LINK_LEVEL_COLUMNS{
    Stored<&K::from>("from"),
    Stored<&K::to>("to"),
    Stored<&K::cls>("class"),
    Stored<&K::links>("links"),
    {"rate_bps",
     [](Out& out, const K& k, const Run&) {
         out.Unsigned(static_cast<uint64_t>(std::llround(k.bitsPerSecond)));
     },
     [](const In& in, K& k, Run&) { k.bitsPerSecond = in.AsNumber(); }},
    Stored<&K::packets>("packets"),
    Stored<&K::payloadBytes>("payload_bytes"),
    Stored<&K::leastPayloadBytes>("payload_bytes_min"),
    MeanOfLinks<&K::payloadBytes>("payload_bytes_mean"),
    Stored<&K::mostPayloadBytes>("payload_bytes_max"),
    Stored<&K::wireBytes>("wire_bytes"),
    Stored<&K::busy>("busy_ns"),
    Stored<&K::leastBusy>("busy_ns_min"),
    Stored<&K::mostBusy>("busy_ns_max"),
    Derived<K>("utilisation_min",
               [](Out& out, const K& k, const Run& run) {
                   out.Share(GetUtilisation(k.leastBusy, 1, run));
               }),
    Derived<K>("utilisation_mean",
               [](Out& out, const K& k, const Run& run) {
                   out.Share(GetUtilisation(k.busy, k.links, run));
               }),
    Derived<K>("utilisation_max",
               [](Out& out, const K& k, const Run& run) {
                   out.Share(GetUtilisation(k.mostBusy, 1, run));
               }),
    Stored<&K::creditStall>("credit_stall_ns"),
    Stored<&K::leastCreditStall>("credit_stall_ns_min"),
    MeanOfLinks<&K::creditStall>("credit_stall_ns_mean"),
    Stored<&K::mostCreditStall>("credit_stall_ns_max"),
    Stored<&K::retries>("retries"),
    Stored<&K::errors>("errors"),
    Stored<&K::replayFull>("replay_full_ns"),
    Stored<&K::down>("down_ns"),
    Stored<&K::degraded>("degraded_ns"),
    Stored<&K::packetsLost>("packets_lost"),
};

/** Columns of queue_levels.csv. */
const Columns<QueueLevelResult> QUEUE_LEVEL_COLUMNS{
    Stored<&QueueLevelResult::node>("node"),
    Stored<&QueueLevelResult::cls>("class"),
    Stored<&QueueLevelResult::vc>("vc"),
    Stored<&QueueLevelResult::queues>("queues"),
    Stored<&QueueLevelResult::depthFlits>("depth_flits"),
    Stored<&QueueLevelResult::leastMeanFlits>("mean_flits_min"),
    Stored<&QueueLevelResult::meanFlits>("mean_flits_mean"),
    Stored<&QueueLevelResult::mostMeanFlits>("mean_flits_max"),
    Stored<&QueueLevelResult::mostP99Flits>("p99_flits_max"),
    Stored<&QueueLevelResult::maxFlits>("max_flits"),
};

/** Columns of queues.csv. */
const Columns<Q> QUEUE_COLUMNS{
    Stored<&Q::node>("node"),
    Stored<&Q::link>("link"),
    Stored<&Q::vc>("vc"),
    Stored<&Q::depthFlits>("depth_flits"),
    Stored<&Q::meanFlits>("mean_flits"),
    Stored<&Q::p99Flits>("p99_flits"),
    Stored<&Q::maxFlits>("max_flits"),
};

/** @param [in] id A link's. @param [in] run A run. @return its index; UINT32_MAX: not there. */
uint32_t
FindLink(uint32_t id, const Run& run)
{
    const auto& links = run.links;
    const auto link = std::lower_bound(links.begin(), links.end(), id, [](const L& l, uint32_t i) {
        return l.id < i;
    });
    return link != links.end() && link->id == id ? static_cast<uint32_t>(link - links.begin())
                                                 : UINT32_MAX;
}

/** Columns of series.csv. */
const Columns<S> SAMPLE_COLUMNS{
    Stored<&S::start>("start_ns"),
    {"end_ns",
     [](Out& out, const S& s, const Run& run) { out.Nanoseconds(s.start + run.sampleInterval); },
     [](const In& in, S& s, Run& run) {
         run.sampleInterval = in.AsNanoseconds() - s.start;
         in.Expect(run.sampleInterval > 0, "a time after start_ns");
     }},
    {"link_id",
     [](Out& out, const S& s, const Run& run) { out.Unsigned(run.links.at(s.link).id); },
     [](const In& in, S& s, Run& run) { s.link = FindLink(in.AsUnsigned32(), run); }},
    {"link",
     [](Out& out, const S& s, const Run& run) { out.Text(run.links.at(s.link).name); },
     [](const In& in, S& s, Run& run) {
         in.Expect(s.link < run.links.size() && run.links[s.link].name == in.AsText(),
                   "the name that links.csv gives that link_id");
     }},
    {"utilisation",
     [](Out& out, const S& s, const Run&) { out.Share(s.utilisation); },
     [](const In& in, S& s, Run&) { s.utilisation = in.AsNumber(); }},
    {"credit_stall",
     [](Out& out, const S& s, const Run&) { out.Share(s.stall); },
     [](const In& in, S& s, Run&) { s.stall = in.AsNumber(); }},
    Stored<&S::queueFlits>("queue_flits"),
};

/** Columns of congestion.csv. */
const Columns<G> CONGESTION_COLUMNS{
    Stored<&G::root>("root"),
    Stored<&G::victim>("victim"),
    Stored<&G::stall>("stall_ns"),
    Stored<&G::times>("waits"),
};

/** Columns of congestion_flows.csv. */
const Columns<CongestionFlowResult> CONGESTION_FLOW_COLUMNS{
    Stored<&CongestionFlowResult::root>("root"),
    Stored<&CongestionFlowResult::src>("src"),
    Stored<&CongestionFlowResult::dst>("dst"),
    Stored<&CongestionFlowResult::role>("role"),
    Stored<&CongestionFlowResult::stall>("stall_ns"),
    Stored<&CongestionFlowResult::times>("waits"),
};

/** Columns of flows.csv. */
const Columns<ControlledFlowResult> FLOW_COLUMNS{
    Stored<&ControlledFlowResult::src>("src"),
    Stored<&ControlledFlowResult::dst>("dst"),
    Stored<&ControlledFlowResult::trafficClass>("traffic_class"),
    Stored<&ControlledFlowResult::packets>("packets"),
    Stored<&ControlledFlowResult::lost>("packets_lost"),
    Stored<&ControlledFlowResult::marks>("marks"),
    Stored<&ControlledFlowResult::notifications>("notifications"),
    Stored<&ControlledFlowResult::meanDelayNs>("mean_delay_ns"),
    Stored<&ControlledFlowResult::maxDelay>("max_delay_ns"),
    Stored<&ControlledFlowResult::rateGBps>("rate_GBps"),
};

/**
 * A column of classes.csv that holds a figure of a latency.
 * @tparam figure Which.
 * @param [in] name The column's name.
 * @return the column.
 */
template <double LatencyResult::*figure>
Column<ClassResult>
ClassLatency(const std::string& name)
{
    return {name,
            [](CsvWriter& out, const ClassResult& row, const RunResults&) {
                out.Number(row.packetLatency.*figure);
            },
            [](const CsvCell& cell, ClassResult& row, RunResults&) {
                row.packetLatency.*figure = cell.AsNumber();
            }};
}

/** Columns of classes.csv. */
const Columns<ClassResult> CLASS_COLUMNS{
    Stored<&ClassResult::trafficClass>("traffic_class"),
    Stored<&ClassResult::messages>("messages"),
    Stored<&ClassResult::packets>("packets"),
    Stored<&ClassResult::payloadBytes>("payload_bytes"),
    Stored<&ClassResult::acceptedGBps>("accepted_GBps"),
    ClassLatency<&LatencyResult::mean>("packet_latency_mean_ns"),
    ClassLatency<&LatencyResult::p50>("packet_latency_p50_ns"),
    ClassLatency<&LatencyResult::p99>("packet_latency_p99_ns"),
    ClassLatency<&LatencyResult::p999>("packet_latency_p999_ns"),
    ClassLatency<&LatencyResult::max>("packet_latency_max_ns"),
};

/** Columns of settings.csv. */
const Columns<SettingResult> SETTING_COLUMNS{
    Stored<&SettingResult::setting>("setting"),
    Stored<&SettingResult::value>("value"),
    Stored<&SettingResult::source>("source"),
    Stored<&SettingResult::provenance>("provenance"),
    Stored<&SettingResult::note>("note"),
    Stored<&SettingResult::meaning>("meaning"),
};

/** Columns of lanes.csv. */
const Columns<LaneResult> LANE_COLUMNS{
    Stored<&LaneResult::stage>("stage"),
    Stored<&LaneResult::endpoint>("endpoint"),
    Stored<&LaneResult::lane>("lane"),
    Stored<&LaneResult::name>("name"),
    Stored<&LaneResult::start>("start_ns"),
    Stored<&LaneResult::end>("end_ns"),
    Stored<&LaneResult::busy>("busy_ns"),
    Stored<&LaneResult::count>("count"),
};

/**
 * Write a table.
 * @param [in] columns Its columns.
 * @param [in] rows Its rows.
 * @param [in] results What they are part of.
 * @param [in,out] file Gets it.
 */
template <typename Row>
void
Write(const Columns<Row>& columns,
      const std::vector<Row>& rows,
      const RunResults& results,
      AtomicFile& file)
{
    CsvWriter out(file);
    const auto isThere = [&results](const Column<Row>& column) {
        return !column.isOfLevels || !results.linkLevels.empty();
    };
    for (const auto& column : columns)
    {
        if (isThere(column))
        {
            out.Text(column.name);
        }
    }
    out.EndRow();
    for (const auto& row : rows)
    {
        for (const auto& column : columns)
        {
            if (isThere(column))
            {
                column.write(out, row, results);
            }
        }
        out.EndRow();
    }
}

/**
 * Read a table.
 * @param [in] columns Its columns; others that the file may have are passed over.
 * @param [in] path The file.
 * @param [out] rows Its rows.
 * @param [in,out] results What they are part of.
 * @param [in] onRow Called as a row is in.
 */
template <typename Row>
void
Read(
    const Columns<Row>& columns,
    const std::string& path,
    std::vector<Row>& rows,
    RunResults& results,
    const std::function<void()>& onRow = [] {})
{
    CsvReader in(path);
    std::vector<std::pair<const Column<Row>*, size_t>> wanted; // With its place in the file.
    for (const auto& column : columns)
    {
        if (column.read && (!column.isOfLevels || !results.linkLevels.empty()))
        {
            wanted.emplace_back(&column, in.GetColumn(column.name));
        }
    }
    while (in.NextRow())
    {
        rows.emplace_back();
        for (const auto& [column, index] : wanted)
        {
            column->read(in.GetCell(index), rows.back(), results);
        }
        onRow();
    }
}

/**
 * Read messages.csv, of very many rows a sample.
 * @param [in] path The file.
 * @param [in,out] results Gets them.
 */
void
ReadMessages(const std::string& path, RunResults& results)
{
    auto& rows = results.messages;
    uint64_t& oneIn = results.messagesOneIn;
    oneIn = std::max<uint64_t>(results.rows.messages.oneIn, 1);
    Read(MESSAGE_COLUMNS, path, rows, results, [&rows, &oneIn] {
        if (!IsSampled(rows.back().id, oneIn))
        {
            rows.pop_back();
        }
        else if (rows.size() > RowLimits{}.keptMessages)
        {
            oneIn *= 2;
            std::erase_if(rows, [oneIn](const M& row) { return !IsSampled(row.id, oneIn); });
        }
    });
}

/**
 * @tparam columns Columns of the table.
 * @tparam rows Where its rows are.
 * @param [in] file Its name.
 * @param [in] isOptional Results of earlier versions lack it.
 * @return the table.
 */
template <const auto& columns, auto rows>
ResultTable
Table(const std::string& file, bool isOptional = false)
{
    return {file,
            [](const RunResults& results, AtomicFile& out) {
                Write(columns, results.*rows, results, out);
            },
            [](const std::string& path, RunResults& results) {
                Read(columns, path, results.*rows, results);
            },
            [](const RunResults&) { return true; },
            isOptional};
}

/** @param [in] file Its name. @return a table that is there only if it has rows. */
template <const auto& columns, auto rows>
ResultTable
LevelTable(const std::string& file)
{
    ResultTable table = Table<columns, rows>(file, true);
    table.isWanted = [](const RunResults& results) { return !(results.*rows).empty(); };
    return table;
}

/** @return stability.csv: it is there where stability was asked for, even if nothing failed. */
ResultTable
MakeStabilityTable()
{
    ResultTable table =
        Table<STABILITY_COLUMNS, &RunResults::stabilityFailures>("stability.csv", true);
    table.isWanted = [](const RunResults& results) { return results.stability.has_value(); };
    return table;
}

/** @return messages.csv: it has a writer of its own. */
ResultTable
MakeMessageTable()
{
    ResultTable table = Table<MESSAGE_COLUMNS, &RunResults::messages>("messages.csv", true);
    table.read = ReadMessages;
    return table;
}

} // namespace

const std::vector<ResultTable>&
GetResultTables()
{
    static const std::vector<ResultTable> tables{
        Table<COLLECTIVE_COLUMNS, &RunResults::collectives>("collectives.csv"),
        MakeMessageTable(),
        LevelTable<LINK_LEVEL_COLUMNS, &RunResults::linkLevels>("link_levels.csv"),
        Table<NODE_COLUMNS, &RunResults::nodes>("nodes.csv"),
        Table<LINK_COLUMNS, &RunResults::links>("links.csv"),
        Table<QUEUE_COLUMNS, &RunResults::queues>("queues.csv"),
        LevelTable<QUEUE_LEVEL_COLUMNS, &RunResults::queueLevels>("queue_levels.csv"),
        Table<SAMPLE_COLUMNS, &RunResults::samples>("series.csv"),
        Table<CONGESTION_COLUMNS, &RunResults::congestion>("congestion.csv"),
        Table<CONGESTION_FLOW_COLUMNS, &RunResults::congestionFlows>("congestion_flows.csv"),
        Table<FLOW_COLUMNS, &RunResults::flows>("flows.csv"),
        Table<CLASS_COLUMNS, &RunResults::classes>("classes.csv"),
        Table<SETTING_COLUMNS, &RunResults::settings>("settings.csv", true),
        MakeStabilityTable(),
        LevelTable<LANE_COLUMNS, &RunResults::lanes>("lanes.csv"),
    };
    return tables;
}

void
WriteMessageNames(CsvWriter& out)
{
    for (const auto& column : MESSAGE_COLUMNS)
    {
        out.Text(column.name);
    }
}

void
WriteMessageCells(CsvWriter& out, const MessageResult& row)
{
    static const RunResults results; // no column asks for more than the row
    for (const auto& column : MESSAGE_COLUMNS)
    {
        column.write(out, row, results);
    }
}

Tick
GetObservedTime(const RunResults& results)
{
    return results.completionTime.value_or(results.simulatedTime);
}

Tick
GetDuration(const CollectiveResult& collective)
{
    return collective.start == NEVER || collective.end == NEVER ? NEVER
                                                                : collective.end - collective.start;
}

double
GetAlgorithmBandwidth(const CollectiveResult& collective)
{
    const Tick duration = GetDuration(collective);
    if (duration == NEVER || duration <= 0)
    {
        return std::numeric_limits<double>::quiet_NaN();
    }
    // Bytes per picosecond are TB/s.
    return static_cast<double>(collective.bytes) * 1000 / static_cast<double>(duration);
}

double
GetBusBandwidth(const CollectiveResult& collective)
{
    return GetAlgorithmBandwidth(collective) * collective.busFactor;
}

double
GetBoundRatio(const CollectiveResult& collective)
{
    const Tick duration = GetDuration(collective);
    if (duration == NEVER || collective.bound <= 0)
    {
        return std::numeric_limits<double>::quiet_NaN();
    }
    return static_cast<double>(duration) / static_cast<double>(collective.bound);
}

} // namespace mtlink
} // namespace ns3
