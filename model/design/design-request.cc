/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design/design-request.h"

#include "design/design-list.h"
#include "experiment/attributes.h"
#include "experiment/experiment.h"
#include "experiment/fabric-loader.h"
#include "experiment/long-time.h"
#include "experiment/units.h"
#include "experiment/yaml-mapping.h"
#include "measure/figures.h"
#include "sweep/sweep-axes.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace ns3
{
namespace mtlink
{

namespace
{

/** What a request's lists hold at most: more is a slip. */
constexpr std::size_t MOST_ITEMS = 64;

const std::vector<std::string> NETWORK_KINDS{"single_switch",
                                             "fat_tree",
                                             "dragonfly",
                                             "hyperx",
                                             "torus"};
/** What of a fabric is not its network. */
constexpr const char* FABRIC_PARTS[] = {"link", "links", "switch", "endpoint", "routing"};

const std::vector<std::string> WIRINGS{"palmtree", "absolute", "circulant"};

/** @return items of a list; a single value counts as a list of one. */
std::vector<YamlNode>
ReadItems(const YamlNode& node, const std::string& what)
{
    if (node.kind == YamlNode::SCALAR)
    {
        return {node};
    }
    if (node.kind != YamlNode::LIST || node.items.empty() || node.items.size() > MOST_ITEMS)
    {
        node.Refuse(fmt::format("a list of 1 to {} is needed here: {}", MOST_ITEMS, what));
    }
    return node.items;
}

std::vector<uint32_t>
ReadCounts(const YamlNode* node, uint64_t min, uint64_t max, std::vector<uint32_t> otherwise)
{
    if (!node)
    {
        return otherwise;
    }
    std::vector<uint32_t> counts;
    for (const YamlNode& item : ReadItems(*node, "whole numbers, as [2, 3]"))
    {
        counts.push_back(static_cast<uint32_t>(ReadInteger(item, min, max)));
        if (std::count(counts.begin(), counts.end(), counts.back()) > 1)
        {
            item.Refuse(fmt::format("{} is here a second time: keep one", counts.back()));
        }
    }
    return counts;
}

/** @return words of a list, each one of the valid ones, each once. */
std::vector<std::string>
ReadWords(const YamlNode& node, const std::string& key, const std::vector<std::string>& valid)
{
    std::vector<std::string> words;
    for (const YamlNode& item : ReadItems(node, "words"))
    {
        words.push_back(ReadChoice(item, "design", key, valid));
        if (std::count(words.begin(), words.end(), words.back()) > 1)
        {
            item.Refuse(fmt::format("'{}' is here a second time: keep one", words.back()));
        }
    }
    return words;
}

std::vector<std::vector<double>>
ReadTapers(const YamlNode* node)
{
    if (!node)
    {
        return {{1.0}};
    }
    std::vector<std::vector<double>> tapers;
    for (const YamlNode& item : ReadItems(*node, "ratios, as [1, 2], or lists of them by level"))
    {
        std::vector<double> levels;
        for (const YamlNode& level : ReadItems(item, "ratios by level, leaf upwards"))
        {
            levels.push_back(ReadNumber(level, 1, 65536));
        }
        tapers.push_back(levels);
    }
    return tapers;
}

uint64_t
ReadBitRate(const YamlNode& node)
{
    try
    {
        const uint64_t rate = ParseRate(ReadText(node, "a rate, as 800Gbps"));
        if (rate > 0)
        {
            return rate;
        }
    }
    catch (const ParameterError& error)
    {
        node.Refuse(error.what());
    }
    node.Refuse("a rate above 0 is needed, as 800Gbps");
}

DesignChip
ReadChip(const YamlNode& node)
{
    YamlMapping mapping(node, "chips");
    DesignChip chip;
    chip.ports = static_cast<uint32_t>(ReadInteger(mapping.Need("ports", "ports: 64"), 2, 65536));
    chip.rate = mapping.Need("rate", "rate: 800Gbps");
    chip.bitRate = ReadBitRate(chip.rate);
    chip.name = fmt::format("{}x{}", chip.ports, FormatRate(chip.bitRate));
    chip.parameters = MakeYaml(YamlNode::MAPPING);
    if (const YamlNode* parameters = mapping.Take("switch"))
    {
        YamlMapping(*parameters, "switch");
        chip.parameters = *parameters;
    }
    if (const YamlNode* buffer = mapping.Take("buffer"))
    {
        ReadBytes(*buffer, 1);
        if (chip.parameters.Find("buffer"))
        {
            buffer->Refuse("the buffer is given below 'switch' too: keep one");
        }
        chip.parameters.Set("buffer", *buffer);
        chip.name += "-" + buffer->text;
    }
    if (const YamlNode* name = mapping.Take("name"))
    {
        chip.name = ReadText(*name, "a name");
    }
    if (const YamlNode* price = mapping.Take("price"))
    {
        chip.price = ReadNumber(*price, 0, 1e12);
    }
    mapping.Finish();
    return chip;
}

std::vector<DesignChip>
ReadChips(const YamlNode& node)
{
    if (node.kind != YamlNode::LIST || node.items.empty() || node.items.size() > MOST_ITEMS)
    {
        node.Refuse("chips should be a list, as [{ports: 64, rate: 800Gbps}]");
    }
    std::vector<DesignChip> chips;
    for (const YamlNode& item : node.items)
    {
        chips.push_back(ReadChip(item));
        const std::string& name = chips.back().name;
        if (std::count_if(chips.begin(), chips.end(), [&name](const DesignChip& chip) {
                return chip.name == name;
            }) > 1)
        {
            item.Refuse(
                fmt::format("another chip is called '{}', too: give this one a name", name));
        }
    }
    return chips;
}

Money
ReadMoney(const YamlNode* node)
{
    Money money;
    if (!node)
    {
        return money;
    }
    YamlMapping mapping(*node, "money");
    for (const auto& [key, member] : MONEY_KEYS)
    {
        if (const YamlNode* value = mapping.Take(key))
        {
            money.*member = ReadNumber(*value, 0, 1e12);
        }
    }
    mapping.Finish();
    return money;
}

/** @return the names of figures that objectives and limits may have: of cost, and of runs. */
std::vector<std::string>
ListFigures()
{
    std::vector<std::string> names = GetDesignCostNames();
    for (const Figure& figure : GetFigures())
    {
        if (figure.aim != FigureAim::NONE && !figure.name.starts_with("cost_"))
        {
            names.push_back(figure.name);
        }
    }
    return names;
}

DesignLimit
ReadLimit(const YamlNode& node)
{
    YamlMapping mapping(node, "target");
    DesignLimit limit;
    limit.figure = ReadChoice(mapping.Need("figure", "figure: completion_time_ns"),
                              "target",
                              "figure",
                              ListFigures());
    const YamlNode* most = mapping.Take("at_most");
    const YamlNode* least = mapping.Take("at_least");
    const YamlNode* within = mapping.Take("within");
    mapping.Finish();
    if ((most ? 1 : 0) + (least ? 1 : 0) + (within ? 1 : 0) != 1)
    {
        node.Refuse("a target is 'at_most: N', 'at_least: N' or 'within: 5 %' of a full fat tree: "
                    "give one of the three");
    }
    if (most)
    {
        limit.atMost = ReadNumber(*most, -1e300, 1e300);
    }
    else if (least)
    {
        limit.atLeast = ReadNumber(*least, -1e300, 1e300);
    }
    else
    {
        limit.within = ReadFraction(*within, 1e6);
    }
    return limit;
}

std::vector<DesignLimit>
ReadLimits(const YamlNode* node)
{
    std::vector<DesignLimit> limits;
    if (node && node->kind == YamlNode::MAPPING)
    {
        limits.push_back(ReadLimit(*node));
    }
    else if (node)
    {
        for (const YamlNode& item : ReadItems(*node, "targets, as {figure: .., at_most: ..}"))
        {
            limits.push_back(ReadLimit(item));
        }
    }
    return limits;
}

/** What the modes without packets are worth unless the request says otherwise. */
void
ReadErrors(const YamlNode* node, std::array<double, FIDELITIES>& errors)
{
    errors[static_cast<std::size_t>(Fidelity::FAIR)] = 0.01;
    errors[static_cast<std::size_t>(Fidelity::APPROXIMATE)] = 0.3; // measured, docs/design.md
    if (!node)
    {
        return;
    }
    YamlMapping mapping(*node, "errors");
    for (const Fidelity fidelity : {Fidelity::FAIR, Fidelity::APPROXIMATE})
    {
        if (const YamlNode* value = mapping.Take(GetFidelityName(fidelity)))
        {
            errors[static_cast<std::size_t>(fidelity)] = ReadFraction(*value, 0.99);
        }
    }
    mapping.Finish();
}

/** Reads a request, part by part. */
class RequestReader
{
  public:
    RequestReader(const YamlNode& document, DesignRequest& request)
        : m_mapping(document, "design"),
          m_request(request)
    {
    }

    void Read()
    {
        ReadCards();
        ReadKinds();
        ReadParameters();
        ReadSearch();
        m_mapping.Finish();
        CheckSearch();
    }

  private:
    void ReadCards()
    {
        if (const YamlNode* name = m_mapping.Take("name"))
        {
            m_request.name = ReadText(*name, "a name");
            CheckName(m_request.name, *name);
        }
        m_request.endpoints =
            ReadInteger(m_mapping.Need("endpoints", "endpoints: 2048"), 2, 1'000'000);
        if (const YamlNode* rate = m_mapping.Take("endpoint_rate"))
        {
            m_request.bitRate = ReadBitRate(*rate);
        }
        if (const YamlNode* node = m_mapping.Take("nodes_of"))
        {
            m_request.node = ResolveFabric(*node);
        }
        m_request.chips = ReadChips(m_mapping.Need("chips", "chips: [{ports: 64, rate: 800Gbps}]"));
    }

    bool Has(const std::string& kind) const
    {
        const auto& kinds = m_request.kinds;
        return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
    }

    /** Refuse a key of kinds that are not asked for. */
    void CheckUsed(const char* key, const std::vector<std::string>& kinds) const
    {
        const YamlNode* given = m_request.document.Find(key);
        if (given && std::none_of(kinds.begin(), kinds.end(), [this](const auto& kind) {
                return Has(kind);
            }))
        {
            given->Refuse(fmt::format("'{}' is of {}, which 'kinds' lacks: add one, or take this "
                                      "key away",
                                      key,
                                      fmt::join(kinds, ", ")));
        }
    }

    void ReadKinds()
    {
        std::vector<std::string> valid = NETWORK_KINDS;
        valid.insert(valid.end(), {"planes", "rails"});
        const YamlNode& kinds = m_mapping.Need("kinds", "kinds: [fat_tree, dragonfly]");
        m_request.kinds = ReadWords(kinds, "kinds", valid);
        if (std::none_of(NETWORK_KINDS.begin(), NETWORK_KINDS.end(), [this](const auto& kind) {
                return Has(kind);
            }))
        {
            kinds.Refuse(
                "planes and rails are of networks: name a kind of these, too, as fat_tree");
        }
        CheckUsed("taper", {"fat_tree", "dragonfly", "hyperx"});
        CheckUsed("levels", {"fat_tree"});
        CheckUsed("dimensions", {"hyperx", "torus"});
        CheckUsed("wirings", {"dragonfly"});
        const YamlNode* planes = m_mapping.Take("planes");
        if (planes && !Has("planes"))
        {
            planes->Refuse("'kinds' lacks planes: add it, or take this key away");
        }
        if (Has("rails") != m_request.node.has_value())
        {
            kinds.Refuse(
                "rails join nodes: give both, rails in 'kinds' and 'nodes_of: FABRIC.yaml', "
                "or neither");
        }
        m_request.planes =
            Has("planes") ? ReadCounts(planes, 2, 1024, {2, 4, 8}) : std::vector<uint32_t>();
        NetworkWish& wish = m_request.wish;
        wish.tapers = ReadTapers(m_mapping.Take("taper"));
        wish.levels = ReadCounts(m_mapping.Take("levels"), 2, 4, {2, 3});
        wish.dimensions = ReadCounts(m_mapping.Take("dimensions"), 1, 6, {2, 3});
        const YamlNode* wirings = m_mapping.Take("wirings");
        wish.wirings = wirings ? ReadWords(*wirings, "wirings", WIRINGS)
                               : std::vector<std::string>{WIRINGS.front()};
    }

    void ReadParameters()
    {
        if (const YamlNode* cables = m_mapping.Take("cables"))
        {
            YamlMapping(*cables, "cables");
            for (const YamlEntry& entry : cables->entries)
            {
                ReadText(entry.value, "a length, as 10m");
                m_request.lengths.emplace(entry.key, entry.value);
            }
        }
        m_request.fabric = MakeYaml(YamlNode::MAPPING);
        if (const YamlNode* fabric = m_mapping.Take("fabric"))
        {
            YamlMapping common(*fabric, "fabric");
            for (const char* part : FABRIC_PARTS)
            {
                common.Take(part);
            }
            common.Finish();
            m_request.fabric = *fabric;
        }
        SweepAxesNodes choices;
        choices.grid = m_mapping.Take("choices");
        if (choices.grid)
        {
            m_request.choices = ReadSweepAxes(choices).grid;
            CheckChoices();
        }
        m_request.cost = CreateObject<CostProfile>();
        if (const YamlNode* cost = m_mapping.Take("cost"))
        {
            YamlMapping mapping(*cost, "cost");
            SetAttributes(*m_request.cost, mapping, "cost");
            mapping.Finish();
        }
        m_request.money = ReadMoney(m_mapping.Take("money"));
    }

    /** Refuse choices of what no fabric has, and of what is given otherwise. */
    void CheckChoices() const
    {
        for (const SweepAxis& axis : m_request.choices)
        {
            const std::string& key = axis.front().key;
            const std::string part = key.substr(0, key.find('.'));
            if (std::find(std::begin(FABRIC_PARTS), std::end(FABRIC_PARTS), part) ==
                    std::end(FABRIC_PARTS) ||
                part == key)
            {
                throw InputError(axis.front().where,
                                 fmt::format("'{}' is no key of a fabric's parts: choices are of "
                                             "{}, as switch.queueing",
                                             key,
                                             fmt::join(FABRIC_PARTS, ", ")));
            }
            if (key == "link.rate")
            {
                throw InputError(axis.front().where,
                                 "'link.rate' is the chips' own: list chips of each rate");
            }
            for (const DesignChip& chip : m_request.chips)
            {
                if (key.starts_with("switch.") &&
                    chip.parameters.Find(key.substr(std::string("switch.").size())))
                {
                    throw InputError(axis.front().where,
                                     fmt::format("'{}' is given of chip '{}' already: keep one",
                                                 key,
                                                 chip.name));
                }
            }
        }
    }

    void ReadSearch()
    {
        if (const YamlNode* workloads = m_mapping.Take("workloads"))
        {
            if (workloads->kind != YamlNode::LIST || workloads->items.empty())
            {
                workloads->Refuse("workloads should be a list, as [{collective: all_reduce, size: "
                                  "256MiB}]");
            }
            for (const YamlNode& workload : workloads->items)
            {
                YamlMapping(workload, "workloads"); // the rest is seen as it is run
            }
            m_request.workloads = workloads->items;
        }
        ReadScenarios();
        SweepAxesNodes nodes;
        nodes.seeds = m_mapping.Take("seeds");
        m_request.seeds = nodes.seeds ? ReadSweepAxes(nodes).seeds : std::vector<uint32_t>{1};
        if (const YamlNode* aggregate = m_mapping.Take("aggregate"))
        {
            const std::string word =
                ReadChoice(*aggregate, "design", "aggregate", {"mean", "worst"});
            m_request.aggregate = word == "worst" ? Aggregate::WORST : Aggregate::MEAN;
        }
        const YamlNode* objectives = m_mapping.Take("objectives");
        m_request.objectives = objectives
                                   ? ReadWords(*objectives, "objectives", ListFigures())
                                   : std::vector<std::string>{"cost_power_W", "completion_time_ns"};
        m_limits = m_mapping.Take("target");
        m_request.limits = ReadLimits(m_limits);
        ReadErrors(m_mapping.Take("errors"), m_request.errors);
        if (const YamlNode* closest = m_mapping.Take("closest"))
        {
            m_request.isFlowClosest =
                ReadChoice(*closest, "design", "closest", {"packet", "flow"}) == "flow";
            const YamlNode* errors = m_request.document.Find("errors");
            if (m_request.isFlowClosest && errors)
            {
                errors->Refuse("with 'closest: flow' figures of mode flow count as they are: take "
                               "one of the two away");
            }
        }
        if (const YamlNode* budget = m_mapping.Take("budget"))
        {
            m_request.budget = ReadSeconds(*budget, false);
        }
        m_objectives = objectives;
        ReadSensitivity();
    }

    /** Read by how much assumed costs may be wrong. */
    void ReadSensitivity()
    {
        const YamlNode* sensitivity = m_mapping.Take("sensitivity");
        if (!sensitivity)
        {
            return;
        }
        m_request.sensitivity = ReadNumber(*sensitivity, 1, 1000);
        if (*m_request.sensitivity == 1)
        {
            sensitivity->Refuse("assumed costs are divided and multiplied by it: more than 1");
        }
        const auto isOfCost = [](const std::string& figure) {
            const auto& names = GetDesignCostNames();
            return std::find(names.begin(), names.end(), figure) != names.end();
        };
        if (std::none_of(m_request.objectives.begin(), m_request.objectives.end(), isOfCost) &&
            std::none_of(m_request.limits.begin(),
                         m_request.limits.end(),
                         [&](const DesignLimit& limit) { return isOfCost(limit.figure); }))
        {
            sensitivity->Refuse("no objective and no target is a figure of cost, as cost_power_W: "
                                "whatever costs are, the front is the same");
        }
    }

    /** Read under what designs must stand their workloads. */
    void ReadScenarios()
    {
        SweepAxesNodes nodes;
        nodes.scenarios = m_mapping.Take("scenarios");
        if (!nodes.scenarios)
        {
            return;
        }
        for (const SweepAxis& axis : ReadSweepAxes(nodes).scenarios)
        {
            const Setting& first = axis.front();
            if (first.key == "workload" || first.key == "workloads")
            {
                throw InputError(first.where,
                                 "what designs must stand are 'workloads': list it there, beside "
                                 "'scenarios'");
            }
            if (first.key.substr(0, first.key.find('.')) == "fabric")
            {
                throw InputError(first.where,
                                 "the fabric is what is asked for: what may be one way or another "
                                 "of it are 'choices'");
            }
            if (first.key == "simulation.mode" || first.key == "simulation.seed")
            {
                throw InputError(first.where,
                                 fmt::format("'{}' is the search's: 'closest' says how closely it "
                                             "looks, 'seeds' how often",
                                             first.key));
            }
        }
        m_request.scenarios = *nodes.scenarios;
    }

    /** Refuse figures that nothing would give. */
    void CheckSearch() const
    {
        const auto isKnown = [](const std::string& name) {
            const auto& names = GetDesignCostNames();
            return std::find(names.begin(), names.end(), name) != names.end();
        };
        const bool hasMoney =
            std::any_of(m_request.chips.begin(), m_request.chips.end(), [](const DesignChip& chip) {
                return chip.price.has_value();
            });
        for (const char* key :
             {"scenarios", "seeds", "aggregate", "closest", "errors", "budget", "sensitivity"})
        {
            const YamlNode* given = m_request.document.Find(key);
            if (given && m_request.workloads.empty())
            {
                given->Refuse(fmt::format("'{}' is of runs: give 'workloads' to be run, or leave "
                                          "it out",
                                          key));
            }
        }
        const auto check = [&](const std::string& figure, const YamlNode* node) {
            if (node && m_request.workloads.empty() && !isKnown(figure))
            {
                node->Refuse(fmt::format("{} is of runs: give 'workloads' to be run, or take a "
                                         "figure of cost, as cost_power_W",
                                         figure));
            }
            if (node && figure == "cost_money" && !hasMoney)
            {
                node->Refuse(
                    "no price is known here: give each chip its 'price', and cables theirs "
                    "below 'money'");
            }
        };
        for (const std::string& objective : m_request.objectives)
        {
            check(objective, m_objectives);
        }
        for (const DesignLimit& limit : m_request.limits)
        {
            check(limit.figure, m_limits);
        }
    }

    YamlMapping m_mapping;
    DesignRequest& m_request;
    const YamlNode* m_objectives{nullptr}; //!< What the file has; nullptr: nothing
    const YamlNode* m_limits{nullptr};     //!< Likewise
};

} // namespace

bool
IsDesignRequest(const YamlNode& document)
{
    return document.Find("chips") != nullptr;
}

DesignRequest
LoadDesignRequest(const std::string& file)
{
    UsePicoseconds();
    DesignRequest request;
    request.document = LoadYaml(file);
    request.name = std::filesystem::path(file).stem().string();
    CheckName(request.name, request.document);
    RequestReader(request.document, request).Read();
    return request;
}

} // namespace mtlink
} // namespace ns3
