/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "design/design-list.h"

#include "cost/part-cost.h"
#include "design/design-choices.h"
#include "design/design-fabric.h"
#include "experiment/fabric-loader.h"
#include "experiment/run.h"
#include "report/human-text.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** What is inside a node. */
struct NodeParts
{
    uint32_t endpoints{0}; //!< Cards of a node
    uint64_t chips{0};     //!< Switch chips in it
    uint64_t cables{0};    //!< Cables in it
    FabricCost cost;       //!< Of all that
};

/** @return the fabric of a node, built; it is small. */
NodeParts
BuildNode(const DesignRequest& request)
{
    Experiment experiment = ReadFabricOnly(*request.node, request.name);
    experiment.cost = request.cost;
    const CheckResult check = CheckExperiment(experiment);
    return {check.endpoints, check.switches, check.cables, check.cost};
}

/** Add what is `count` times there. */
void
AddCost(FabricCost& sum, const FabricCost& part, uint64_t count)
{
    for (ChipCost chip : part.chips)
    {
        chip.chips *= static_cast<uint32_t>(count);
        sum.chips.push_back(chip);
    }
    sum.endpointSerdes += part.endpointSerdes * count;
    sum.endpointPower += part.endpointPower * static_cast<double>(count);
    sum.opticalCables += part.opticalCables * count;
    sum.cablesWithoutLength += part.cablesWithoutLength * count;
    sum.cablePower += part.cablePower * static_cast<double>(count);
}

/** Finds what a design takes. */
class DesignCounter
{
  public:
    DesignCounter(const DesignRequest& request, const std::optional<NodeParts>& node)
        : m_request(request),
          m_node(node)
    {
    }

    /** Fill in all that follows from network, chip, planes and nodes. */
    void Count(Design& design) const
    {
        design.fabric = WriteDesignFabric(m_request, design);
        const DesignChip& chip = m_request.chips[design.chip];
        const NetworkSize& size = design.network.size;
        const uint64_t networks = uint64_t{design.planes} * design.rails;
        design.chips = size.chips * networks;
        design.cables.clear();
        design.cost = {};
        design.portsLeft = (size.chips * chip.ports - size.CountPorts()) * networks;
        AddNetworks(design, networks);
        if (m_node && design.nodes > 0)
        {
            design.nodeChips = m_node->chips * design.nodes;
            AddCost(design.cost, m_node->cost, design.nodes);
            const bool isOptical = m_node->cost.opticalCables > 0;
            if (m_node->cables > 0)
            {
                design.cables.push_back(
                    {"node", m_node->cables * design.nodes, std::nullopt, isOptical});
            }
        }
        design.money = GetMoney(design);
    }

  private:
    /** Add chips and cables of the networks, by the parameters that their fabric has. */
    void AddNetworks(Design& design, uint64_t networks) const
    {
        const FabricDescription description = DescribeFabric(ResolveFabric(design.fabric));
        const std::string path = GetNetworkScope(design);
        const auto scope =
            std::find_if(description.scopes.begin(),
                         description.scopes.end(),
                         [&path](const FabricScope& one) { return one.path == path; });
        const DesignChip& chip = m_request.chips[design.chip];
        const std::vector<EqualPorts> ports{{*scope->link, chip.ports}};
        ChipCost cost = EstimateChipCost(ports,
                                         *scope->chip,
                                         description.endpoint->GetPacket(),
                                         *m_request.cost);
        cost.chips = static_cast<uint32_t>(design.network.size.chips * networks);
        design.cost.chips.push_back(cost);
        for (const CableCount& some : design.network.size.cables)
        {
            const auto own = scope->links.find(some.cls);
            const LinkProfile& link = own == scope->links.end() ? *scope->link : *own->second;
            const uint64_t cables = some.cables * networks;
            AddCableCost({link, link, cables, some.isToEndpoint, false},
                         *m_request.cost,
                         design.cost);
            const std::optional<double> length = link.GetLength();
            design.cables.push_back(
                {some.cls, cables, length, length && *length > m_request.cost->copperReach});
        }
    }

    /** @return what is paid, as far as prices were given; nothing: none was. */
    std::optional<double> GetMoney(const Design& design) const
    {
        const Money& money = m_request.money;
        const std::optional<double>& chip = m_request.chips[design.chip].price;
        if (!chip && !money.copperCable && !money.opticalCable && !money.opticalModule &&
            !money.metre && !money.watt)
        {
            return std::nullopt;
        }
        double sum = static_cast<double>(design.chips) * chip.value_or(0) +
                     design.cost.GetPower() * money.watt.value_or(0);
        for (const CableKind& cables : design.cables)
        {
            const double each = (cables.isOptical ? money.opticalCable.value_or(0) +
                                                        2 * money.opticalModule.value_or(0)
                                                  : money.copperCable.value_or(0)) +
                                cables.length.value_or(0) * money.metre.value_or(0);
            sum += static_cast<double>(cables.cables) * each;
        }
        return sum;
    }

    const DesignRequest& m_request;
    const std::optional<NodeParts>& m_node;
};

/** Lists the designs of a request. */
class DesignLister
{
  public:
    explicit DesignLister(const DesignRequest& request)
        : m_request(request)
    {
    }

    DesignList List()
    {
        if (m_request.node)
        {
            m_node = BuildNode(m_request);
        }
        const DesignCounter counter(m_request, m_node);
        for (std::size_t chip = 0; chip < m_request.chips.size(); ++chip)
        {
            AddFlat(chip);
            AddRails(chip);
        }
        const std::vector<Design> bare = std::exchange(m_list.designs, {});
        const DesignChoices choices(m_request, bare, m_list.refusals);
        for (const Design& one : bare)
        {
            for (const DesignChoices::Combination& combination : choices.Get(one.network.kind))
            {
                Design design = one;
                design.choices = combination;
                AddCounted(counter, std::move(design));
            }
        }
        return std::move(m_list);
    }

  private:
    static std::string GetForm(const Design& design)
    {
        return (design.nodes > 0 ? fmt::format("rails{}-", design.rails) : "") +
               (design.planes > 1 ? fmt::format("planes{}-", design.planes) : "") +
               design.network.kind;
    }

    bool Wants(const std::string& kind) const
    {
        return std::find(m_request.kinds.begin(), m_request.kinds.end(), kind) !=
               m_request.kinds.end();
    }

    /** @return all networks of one chip for so many endpoints; what gives none is noted. */
    std::vector<Network> ListNetworks(std::size_t chip, uint64_t endpoints)
    {
        NetworkWish wish = m_request.wish;
        wish.endpoints = endpoints;
        wish.ports = m_request.chips[chip].ports;
        NetworkList list;
        const std::pair<const char*, void (*)(const NetworkWish&, NetworkList&)> listers[] = {
            {"single_switch", ListSingleSwitches},
            {"fat_tree", ListFatTrees},
            {"dragonfly", ListDragonflies},
            {"hyperx", ListHyperx},
            {"torus", ListTori}};
        for (const auto& [kind, lister] : listers)
        {
            if (Wants(kind))
            {
                lister(wish, list);
            }
        }
        for (NetworkRefusal& refusal : list.refusals)
        {
            m_list.refusals.emplace_back(chip, std::move(refusal));
        }
        return std::move(list.networks);
    }

    /** @return how many planes there may be of one chip. */
    std::vector<uint32_t> ListPlanes(std::size_t chip)
    {
        std::vector<uint32_t> all{1};
        all.insert(all.end(), m_request.planes.begin(), m_request.planes.end());
        if (!m_request.bitRate)
        {
            return all;
        }
        const uint64_t rate = m_request.chips[chip].bitRate;
        std::erase_if(all, [&](uint32_t planes) { return planes * rate != *m_request.bitRate; });
        if (all.empty())
        {
            m_list.refusals.emplace_back(
                chip,
                NetworkRefusal{"planes",
                               "any",
                               "no number of planes that was asked for gives a card its "
                               "endpoint_rate by links of the chip's rate"});
        }
        return all;
    }

    void Add(Design design)
    {
        if (m_list.designs.size() == MAX_DESIGNS)
        {
            m_request.document.Refuse(
                fmt::format("more than {} designs: ask for fewer kinds, choices, "
                            "chips, tapers or planes",
                            CountText(MAX_DESIGNS)));
        }
        m_list.designs.push_back(std::move(design));
    }

    /** Add a design with all that it takes; what it can't have is noted. */
    void AddCounted(const DesignCounter& counter, Design design)
    {
        design.number = static_cast<uint32_t>(m_list.designs.size() + 1);
        design.name = fmt::format("{:04}-{}", design.number, GetForm(design));
        try
        {
            counter.Count(design);
        }
        catch (const InputError& error)
        {
            if (design.choices.empty())
            {
                throw;
            }
            m_list.refusals.emplace_back(design.chip,
                                         NetworkRefusal{design.network.kind,
                                                        DescribeChoices(design.choices),
                                                        error.GetMessage()});
            return;
        }
        Add(std::move(design));
    }

    void AddPlanes(const Design& one)
    {
        for (const uint32_t planes : ListPlanes(one.chip))
        {
            Design design = one;
            design.planes = planes;
            Add(std::move(design));
        }
    }

    void AddFlat(std::size_t chip)
    {
        if (m_node && Wants("rails"))
        {
            return; // cards are in nodes
        }
        for (Network& network : ListNetworks(chip, m_request.endpoints))
        {
            Design design;
            design.chip = chip;
            design.network = std::move(network);
            AddPlanes(design);
        }
    }

    void AddRails(std::size_t chip)
    {
        if (!m_node || !Wants("rails"))
        {
            return;
        }
        const uint64_t nodes = m_request.endpoints / m_node->endpoints;
        if (m_request.endpoints % m_node->endpoints != 0 || nodes < 2)
        {
            m_request.document.Find("endpoints")
                ->Refuse(fmt::format("{} endpoints in nodes of {}: a whole number of nodes, at "
                                     "least 2, is needed",
                                     CountText(m_request.endpoints),
                                     m_node->endpoints));
        }
        for (Network& network : ListNetworks(chip, nodes))
        {
            Design design;
            design.chip = chip;
            design.network = std::move(network);
            design.nodes = nodes;
            design.rails = m_node->endpoints;
            AddPlanes(design);
        }
    }

    const DesignRequest& m_request;
    std::optional<NodeParts> m_node;
    DesignList m_list;
};

/** Refuse lengths and settings of link classes that no design has. */
void
CheckClasses(const DesignRequest& request, const DesignList& list)
{
    std::set<std::string> classes;
    for (const Design& design : list.designs)
    {
        for (const CableCount& cables : design.network.size.cables)
        {
            classes.insert(cables.cls);
        }
    }
    const auto check = [&classes](const std::string& cls, const YamlNode& value) {
        if (!classes.contains(cls))
        {
            value.Refuse(fmt::format("no fabric of those asked for has links of class '{}'; "
                                     "there are {}",
                                     cls,
                                     fmt::join(classes, ", ")));
        }
    };
    for (const auto& [cls, length] : request.lengths)
    {
        check(cls, length);
    }
    if (const YamlNode* links = request.fabric.Find("links"))
    {
        for (const YamlEntry& entry : links->entries)
        {
            check(entry.key, entry.value);
        }
    }
}

} // namespace

uint64_t
Design::CountCables() const
{
    uint64_t sum = 0;
    for (const CableKind& some : cables)
    {
        sum += some.cables;
    }
    return sum;
}

DesignList
ListDesigns(const DesignRequest& request)
{
    DesignList list = DesignLister(request).List();
    if (list.designs.empty())
    {
        const auto& [chip, refusal] = list.refusals.front();
        request.document.Refuse(fmt::format("nothing can be built; {} from chips of {} ports, {}: "
                                            "{}",
                                            refusal.kind,
                                            request.chips[chip].ports,
                                            refusal.what,
                                            refusal.reason));
    }
    CheckClasses(request, list);
    return list;
}

DesignList
CountAgain(const DesignRequest& request, DesignList list)
{
    const std::optional<NodeParts> node =
        request.node ? std::optional(BuildNode(request)) : std::nullopt;
    const DesignCounter counter(request, node);
    for (Design& design : list.designs)
    {
        counter.Count(design);
    }
    return list;
}

namespace
{

/** A figure of what a design costs. */
struct DesignCostFigure
{
    std::string name;
    std::optional<double> (*get)(const Design& design);
};

const std::vector<DesignCostFigure>&
GetCostFigures()
{
    using Value = std::optional<double>;
    static const std::vector<DesignCostFigure> figures{
        {"cost_power_W", [](const Design& d) { return Value(d.cost.GetPower()); }},
        {"cost_area_mm2", [](const Design& d) { return Value(d.cost.GetArea()); }},
        {"cost_chip_area_mm2", [](const Design& d) { return Value(d.cost.GetChipArea()); }},
        {"cost_money", [](const Design& d) { return d.money; }},
        {"chips", [](const Design& d) { return Value(static_cast<double>(d.chips)); }},
        {"cables", [](const Design& d) { return Value(static_cast<double>(d.CountCables())); }},
        {"optical_cables",
         [](const Design& d) { return Value(static_cast<double>(d.cost.opticalCables)); }}};
    return figures;
}

} // namespace

std::optional<double>
GetDesignCost(const Design& design, const std::string& name)
{
    for (const DesignCostFigure& figure : GetCostFigures())
    {
        if (figure.name == name)
        {
            return figure.get(design);
        }
    }
    return std::nullopt;
}

const std::vector<std::string>&
GetDesignCostNames()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const DesignCostFigure& figure : GetCostFigures())
        {
            all.push_back(figure.name);
        }
        return all;
    }();
    return names;
}

} // namespace mtlink
} // namespace ns3
