/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report-link-data.h"

#include "measure/result-tables.h"
#include "report/report-numbers.h"
#include "report/report-selection.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <unordered_map>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr size_t MOST_ROWS{64};    //!< Links over time
constexpr size_t MOST_CLASSES{8};  //!< Means over time, and sorted
constexpr size_t MOST_SORTED{400}; //!< Points of a curve of sorted links
constexpr int64_t MOST_BINS{300};  //!< Of the time
constexpr double STEPS{10000};     //!< Of a share

/** Links of one class. */
struct ClassLinks
{
    std::string name;            //!< Of the class
    std::vector<uint32_t> links; //!< Indices of those that are known
    uint64_t all{0};             //!< How many there are
    /** Where links are by level. */
    std::vector<const LinkLevelResult*> levels;
};

/** @param [in] results A run. @return its link classes, by name. */
std::vector<ClassLinks>
FindClasses(const RunResults& results)
{
    std::map<std::string, ClassLinks> byName;
    for (uint32_t i = 0; i < results.links.size(); ++i)
    {
        byName[results.links[i].cls].links.push_back(i);
    }
    for (const auto& level : results.linkLevels)
    {
        byName[level.cls].levels.push_back(&level);
    }
    std::vector<ClassLinks> classes;
    for (auto& [name, cls] : byName)
    {
        cls.name = name;
        cls.all = cls.levels.empty() ? cls.links.size() : 0;
        for (const auto* level : cls.levels)
        {
            cls.all += level->links;
        }
        classes.push_back(std::move(cls));
    }
    return classes;
}

/**
 * Write what the links of a class are, and did over the whole run.
 * @param [in] results A run.
 * @param [in] cls The class.
 * @param [in,out] json Gets an array: how many, least and greatest rate in bit/s, then utilisation
 * and credit stall, of each the mean and the greatest, in STEPS.
 */
void
WriteClassFigures(const RunResults& results, const ClassLinks& cls, JsonWriter& json)
{
    double leastRate = std::numeric_limits<double>::infinity();
    double mostRate = 0;
    double busy = 0;
    double mostBusy = 0;
    double stall = 0;
    double mostStall = 0;
    const auto addRate = [&](double rate) {
        leastRate = std::min(leastRate, rate);
        mostRate = std::max(mostRate, rate);
    };
    for (const auto* level : cls.levels)
    {
        addRate(level->bitsPerSecond / static_cast<double>(level->links));
        busy += static_cast<double>(level->busy);
        mostBusy = std::max(mostBusy, static_cast<double>(level->mostBusy));
        stall += static_cast<double>(level->creditStall);
        mostStall = std::max(mostStall, static_cast<double>(level->mostCreditStall));
    }
    for (const uint32_t i : cls.levels.empty() ? cls.links : std::vector<uint32_t>{})
    {
        const LinkResult& link = results.links[i];
        addRate(link.bitsPerSecond);
        busy += static_cast<double>(link.busy);
        mostBusy = std::max(mostBusy, static_cast<double>(link.busy));
        stall += static_cast<double>(link.creditStall);
        mostStall = std::max(mostStall, static_cast<double>(link.creditStall));
    }
    const auto time = static_cast<double>(GetObservedTime(results));
    const auto links = static_cast<double>(cls.all);
    json.BeginArray();
    json.Unsigned(cls.all);
    json.Number(leastRate);
    json.Number(mostRate);
    for (const double share :
         {busy / links / time, mostBusy / time, stall / links / time, mostStall / time})
    {
        json.Integer(InSteps(share, STEPS));
    }
    json.EndArray();
}

/** What a row did, by bin of the time. */
struct Activity
{
    std::vector<double> busy;  //!< Mean share of time
    std::vector<double> stall; //!< Mean share of time
    std::vector<double> queue; //!< Most flits
};

/**
 * Write links over time.
 * @param [in] results A run with samples.
 * @param [in] classes Its link classes.
 * @param [in,out] json Gets an object.
 */
void
WriteHeat(const RunResults& results, const std::vector<ClassLinks>& classes, JsonWriter& json)
{
    const Tick end = results.samples.back().start + results.sampleInterval;
    const int64_t intervals = (end + results.sampleInterval - 1) / results.sampleInterval;
    const int64_t perBin = (intervals + MOST_BINS - 1) / MOST_BINS;
    const auto bins = static_cast<size_t>((intervals + perBin - 1) / perBin);
    const auto active = FindMostActive(results, MOST_ROWS);
    // Of levels there are no samples, so no means over time either.
    const size_t means =
        results.linkLevels.empty() ? std::min(classes.size(), MOST_CLASSES) : size_t{0};

    std::vector<Activity> rows(
        means + active.size(),
        {std::vector<double>(bins), std::vector<double>(bins), std::vector<double>(bins)});
    constexpr uint32_t NONE = UINT32_MAX;
    std::vector<uint32_t> classRow(results.links.size(), NONE);
    std::vector<uint32_t> linkRow(results.links.size(), NONE);
    for (uint32_t i = 0; i < means; ++i)
    {
        for (const uint32_t link : classes[i].links)
        {
            classRow[link] = i;
        }
    }
    for (uint32_t i = 0; i < active.size(); ++i)
    {
        linkRow[active[i]] = static_cast<uint32_t>(means) + i;
    }
    for (const auto& sample : results.samples)
    {
        const int64_t interval = sample.start / results.sampleInterval;
        const auto bin = static_cast<size_t>(interval / perBin);
        // The last bin may have fewer intervals.
        const double weight =
            1 / static_cast<double>(std::min(perBin, intervals - interval / perBin * perBin));
        for (const uint32_t row : {classRow[sample.link], linkRow[sample.link]})
        {
            if (row != NONE)
            {
                const double share =
                    row < means ? weight / static_cast<double>(classes[row].links.size()) : weight;
                rows[row].busy[bin] += sample.utilisation * share;
                rows[row].stall[bin] += sample.stall * share;
                rows[row].queue[bin] =
                    std::max(rows[row].queue[bin], static_cast<double>(sample.queueFlits));
            }
        }
    }

    json.BeginObject();
    json.Key("interval_ns");
    json.Nanoseconds(results.sampleInterval);
    json.Key("bin_ns");
    json.Nanoseconds(perBin * results.sampleInterval);
    json.Key("bins");
    json.Unsigned(bins);
    json.Key("rows");
    json.BeginArray();
    for (size_t i = 0; i < rows.size(); ++i)
    {
        json.BeginObject();
        json.Key(i < means ? "class" : "link");
        json.Unsigned(i < means ? i : active[i - means]);
        json.Key("u");
        WriteTrimmed(rows[i].busy, STEPS, json);
        json.Key("s");
        WriteTrimmed(rows[i].stall, STEPS, json);
        json.Key("q");
        WriteTrimmed(rows[i].queue, 1, json);
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
}

/** What a link did: its member that holds the time, and those of a level. */
struct TimeMembers
{
    Tick LinkResult::*time;       //!< Of a link
    Tick LinkLevelResult::*sum;   //!< Of a level
    Tick LinkLevelResult::*least; //!< Of a level's links
    Tick LinkLevelResult::*most;  //!< Of a level's links
};

/**
 * Write the shares of a class's links in falling order. Of a level are known the greatest, the
 * least, and the mean of all, which stands for the others.
 * @param [in] results A run.
 * @param [in] members Of the class.
 * @param [in] what What the links did.
 * @param [in,out] json Gets an array.
 */
void
WriteSorted(const RunResults& results,
            const ClassLinks& members,
            const TimeMembers& what,
            JsonWriter& json)
{
    const auto time = static_cast<double>(GetObservedTime(results));
    std::vector<double> shares;
    shares.reserve(members.all);
    if (members.levels.empty())
    {
        for (const uint32_t link : members.links)
        {
            shares.push_back(static_cast<double>(results.links[link].*what.time) / time);
        }
    }
    for (const auto* level : members.levels)
    {
        const auto links = static_cast<double>(level->links);
        shares.insert(shares.end(),
                      level->links,
                      static_cast<double>(level->*what.sum) / links / time);
        shares[shares.size() - level->links] = static_cast<double>(level->*what.most) / time;
        shares.back() = static_cast<double>(level->*what.least) / time;
    }
    std::sort(shares.begin(), shares.end(), std::greater<>());
    // Beyond the bound, points at equal distances with the first and the last among them.
    const size_t points = std::min(shares.size(), MOST_SORTED);
    json.BeginArray();
    for (size_t i = 0; i < points; ++i)
    {
        json.Integer(
            InSteps(shares[points == 1 ? 0 : i * (shares.size() - 1) / (points - 1)], STEPS));
    }
    json.EndArray();
}

} // namespace

void
WriteLinkData(const RunResults& results, const std::vector<uint32_t>& nodes, JsonWriter& json)
{
    const auto time = static_cast<double>(GetObservedTime(results));
    const auto busy = [&](uint32_t i) { return static_cast<double>(results.links[i].busy) / time; };
    const auto stall = [&](uint32_t i) {
        return static_cast<double>(results.links[i].creditStall) / time;
    };
    const auto classes = FindClasses(results);
    std::vector<uint32_t> classOf(results.links.size());
    for (uint32_t i = 0; i < classes.size(); ++i)
    {
        for (const uint32_t link : classes[i].links)
        {
            classOf[link] = i;
        }
    }
    std::unordered_map<std::string, uint64_t> nodeOf;
    for (uint64_t i = 0; i < nodes.size(); ++i)
    {
        nodeOf.emplace(results.nodes[nodes[i]].name, i);
    }
    const auto writeNode = [&](const std::string& name) {
        const auto node = nodeOf.find(name);
        node == nodeOf.end() ? json.Null() : json.Unsigned(node->second);
    };

    json.BeginObject();
    json.Key("observed_ns");
    json.Nanoseconds(GetObservedTime(results));
    json.Key("loads_known");
    json.Bool(results.mode != "bound");
    json.Key("classes");
    json.BeginArray();
    for (const auto& cls : classes)
    {
        json.String(cls.name);
    }
    json.EndArray();
    json.Key("class_figures");
    json.BeginArray();
    for (const auto& cls : classes)
    {
        WriteClassFigures(results, cls, json);
    }
    json.EndArray();
    json.Key("links_all");
    json.Unsigned(std::max<uint64_t>(results.rows.links.all, results.links.size()));
    json.Key("by_level");
    json.Bool(!results.linkLevels.empty());
    json.Key("links");
    json.BeginArray();
    for (const uint32_t i : FindMostActive(results, MOST_REPORT_LINKS))
    {
        const auto& link = results.links[i];
        if (nodes.size() < results.nodes.size() &&
            (!nodeOf.contains(link.from) || !nodeOf.contains(link.to)))
        {
            continue; // it could not be named
        }
        json.BeginArray();
        json.Unsigned(i);
        json.String(std::string_view(link.name).substr(link.name.rfind(':') + 1));
        writeNode(link.from);
        writeNode(link.to);
        json.Unsigned(classOf[i]);
        json.Integer(InSteps(busy(i), STEPS));
        json.Integer(InSteps(stall(i), STEPS));
        json.EndArray();
    }
    json.EndArray();
    json.Key("sorted");
    json.BeginArray();
    for (size_t i = 0; i < std::min(classes.size(), MOST_CLASSES); ++i)
    {
        json.BeginObject();
        json.Key("class");
        json.Unsigned(i);
        json.Key("links");
        json.Unsigned(classes[i].all);
        json.Key("u");
        WriteSorted(results,
                    classes[i],
                    {&LinkResult::busy,
                     &LinkLevelResult::busy,
                     &LinkLevelResult::leastBusy,
                     &LinkLevelResult::mostBusy},
                    json);
        json.Key("s");
        WriteSorted(results,
                    classes[i],
                    {&LinkResult::creditStall,
                     &LinkLevelResult::creditStall,
                     &LinkLevelResult::leastCreditStall,
                     &LinkLevelResult::mostCreditStall},
                    json);
        json.EndObject();
    }
    json.EndArray();
    json.Key("heat");
    if (results.samples.empty())
    {
        json.Null();
    }
    else
    {
        WriteHeat(results, classes, json);
    }
    json.EndObject();
}

} // namespace mtlink
} // namespace ns3
