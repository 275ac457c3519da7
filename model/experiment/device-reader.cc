/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/device-reader.h"

#include "experiment/units.h"
#include "experiment/yaml-mapping.h"
#include "training/rank-layout.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Read a number of operations per second, as 500Tflops. */
double
ReadFlops(const YamlNode& node)
{
    try
    {
        return ParseFlops(ReadText(node, "operations per second, as 500Tflops"));
    }
    catch (const ParameterError& error)
    {
        node.Refuse(error.what());
    }
}

/** Read a fraction above 0, which something is divided by. */
double
ReadEfficiency(const YamlNode& node, double most = 1)
{
    const double value = ReadFraction(node, most);
    if (value <= 0)
    {
        node.Refuse("an efficiency of 0 never ends: give more than 0");
    }
    return value;
}

StragglerSpec
ReadStraggler(const YamlNode& node)
{
    StragglerSpec straggler;
    if (node.kind == YamlNode::SCALAR)
    {
        ReadChoice(node, "training.device", "straggler", {"none"});
        return straggler;
    }
    YamlMapping mapping(node, "training.device.straggler");
    const YamlNode* slow = mapping.Take("slow");
    const YamlNode* by = mapping.Take("by");
    const YamlNode* sigma = mapping.Take("sigma");
    mapping.Finish();
    if (!sigma == !slow || !slow != !by)
    {
        node.Refuse("straggler should be none, {slow: 0.5 %, by: 1.1} or {sigma: 2 %}");
    }
    straggler.slow = slow ? ReadFraction(*slow) : 0;
    straggler.by = by ? ReadNumber(*by, 1, 100) : 1;
    straggler.sigma = sigma ? ReadFraction(*sigma) : 0;
    return straggler;
}

void
ReadMemory(const YamlNode& node, Device& device)
{
    YamlMapping mapping(node, "training.device.memory");
    device.memorySize = static_cast<double>(ReadBytes(mapping.Need("size", "size: 80GB"), 1));
    const YamlNode& rate = mapping.Need("rate", "rate: 2039GBps");
    try
    {
        device.memoryRate = static_cast<double>(ParseRate(ReadText(rate, "a rate"))) / 8;
    }
    catch (const ParameterError& error)
    {
        rate.Refuse(error.what());
    }
    if (device.memoryRate <= 0)
    {
        rate.Refuse("a rate of 0 never ends: give more than 0");
    }
    device.memoryEfficiency = ReadEfficiency(mapping.Need("efficiency", "efficiency: 0.8"));
    mapping.Finish();
}

/** What kinds of cards may be placed by. */
enum class KindAxis : uint8_t
{
    STAGES,
    REPLICAS,
    RANKS,
};

/** Names as in YAML, by KindAxis. */
constexpr std::array<const char*, 3> KIND_AXIS_NAMES{"stages", "replicas", "ranks"};

/** Hands stages, replicas or ranks out to kinds. */
class KindPlaces
{
  public:
    /**
     * @param [in] spec The training.
     * @param [in] axis By what.
     */
    KindPlaces(const TrainingSpec& spec, KindAxis axis)
        : m_spec(spec),
          m_axis(axis),
          m_owners(axis == KindAxis::STAGES     ? spec.parallel.pipeline
                   : axis == KindAxis::REPLICAS ? spec.parallel.data
                                                : spec.GetCards(),
                   NOBODY)
    {
    }

    /** Give a kind what it asks for. @param [in] node A list or a number. */
    void Take(const YamlNode& node, uint32_t kind)
    {
        node.kind == YamlNode::LIST ? TakeList(node, kind) : TakeCount(node, kind);
    }

    /** Give a kind the rest. @param [in] node Its mapping. */
    void TakeRest(const YamlNode& node, uint32_t kind)
    {
        if (CountFree() == 0)
        {
            node.Refuse(fmt::format("no {} are left for this kind: leave it out", GetName()));
        }
        std::replace(m_owners.begin(), m_owners.end(), NOBODY, kind);
    }

    /** Refuse what nobody has. @param [in] node The list of kinds. */
    void Finish(const YamlNode& node) const
    {
        if (CountFree() > 0)
        {
            const auto first = std::find(m_owners.begin(), m_owners.end(), NOBODY);
            node.Refuse(fmt::format("{} of {} {} have no device, the first is {}: give them to a "
                                    "kind, or leave out '{}' in the last, which then has the rest",
                                    CountFree(),
                                    m_owners.size(),
                                    GetName(),
                                    first - m_owners.begin(),
                                    GetName()));
        }
    }

    /** @return kinds by rank. */
    std::vector<uint32_t> GetKinds() const
    {
        const RankLayout layout(m_spec.parallel);
        std::vector<uint32_t> kinds;
        for (uint32_t rank = 0; rank < m_spec.GetCards(); ++rank)
        {
            kinds.push_back(m_owners[m_axis == KindAxis::STAGES     ? layout.GetStage(rank)
                                     : m_axis == KindAxis::REPLICAS ? layout.GetReplica(rank)
                                                                    : rank]);
        }
        return kinds;
    }

  private:
    static constexpr uint32_t NOBODY = UINT32_MAX; //!< No kind

    void TakeList(const YamlNode& node, uint32_t kind)
    {
        for (const YamlNode& item : node.items)
        {
            const uint64_t number = ReadInteger(item);
            if (number >= m_owners.size())
            {
                item.Refuse(fmt::format("{} are 0 to {}: there is no {}",
                                        GetName(),
                                        m_owners.size() - 1,
                                        number));
            }
            if (m_owners[number] != NOBODY)
            {
                item.Refuse(fmt::format("number {} of the {} has a device already: give it to "
                                        "one kind",
                                        number,
                                        GetName()));
            }
            m_owners[number] = kind;
        }
        if (node.items.empty())
        {
            node.Refuse("the list is empty: give at least one number, or leave this kind out");
        }
    }

    void TakeCount(const YamlNode& node, uint32_t kind)
    {
        const uint64_t count = ReadInteger(node, 1);
        if (count > CountFree())
        {
            node.Refuse(fmt::format("{} {}, but only {} of {} are left: give fewer",
                                    count,
                                    GetName(),
                                    CountFree(),
                                    m_owners.size()));
        }
        auto next = m_owners.begin();
        for (uint64_t i = 0; i < count; ++i)
        {
            next = std::find(next, m_owners.end(), NOBODY);
            *next = kind;
        }
    }

    uint64_t CountFree() const
    {
        return static_cast<uint64_t>(std::count(m_owners.begin(), m_owners.end(), NOBODY));
    }

    const char* GetName() const
    {
        return KIND_AXIS_NAMES[static_cast<std::size_t>(m_axis)];
    }

    const TrainingSpec& m_spec;     //!< The training
    KindAxis m_axis;                //!< By what
    std::vector<uint32_t> m_owners; //!< Kind by number, or NOBODY
};

/** @return what kinds are placed by: the same in all that say it. */
KindAxis
FindAxis(const YamlNode& node)
{
    const char* found = nullptr;
    KindAxis axis = KindAxis::RANKS;
    for (const YamlNode& item : node.items)
    {
        for (std::size_t i = 0; i < KIND_AXIS_NAMES.size(); ++i)
        {
            const YamlNode* value = item.Find(KIND_AXIS_NAMES[i]);
            if (value && found && found != KIND_AXIS_NAMES[i])
            {
                value->Refuse(
                    fmt::format("kinds are placed by {} above: give {} here, too", found, found));
            }
            if (value)
            {
                found = KIND_AXIS_NAMES[i];
                axis = static_cast<KindAxis>(i);
            }
        }
    }
    return axis;
}

} // namespace

Device
ReadDevice(const YamlNode& node)
{
    YamlMapping mapping(node, "training.device");
    Device device;
    const YamlNode& peak = mapping.Need("peak", "peak: {bf16: 312Tflops}");
    YamlMapping peaks(peak, "training.device.peak");
    for (const char* precision : {"bf16", "fp16", "fp8"})
    {
        if (const YamlNode* value = peaks.Take(precision))
        {
            device.peak[precision] = ReadFlops(*value);
        }
    }
    peaks.Finish();
    ReadMemory(mapping.Need("memory", "memory: {size: 80GB, rate: 2039GBps, efficiency: 0.8}"),
               device);
    const YamlNode& matmul = mapping.Need("matmul", "matmul: {efficiency: 0.72, half_gflop: 8}");
    YamlMapping products(matmul, "training.device.matmul");
    device.matmulEfficiency = ReadEfficiency(products.Need("efficiency", "efficiency: 0.72"));
    if (const YamlNode* fp8 = products.Take("fp8"))
    {
        device.matmulFp8 = ReadEfficiency(*fp8);
        if (device.peak.count("fp8") == 0)
        {
            fp8->Refuse("the device has no peak for fp8: leave it out");
        }
    }
    if (const YamlNode* grouped = products.Take("grouped"))
    {
        device.matmulGrouped = ReadEfficiency(*grouped);
    }
    if (const YamlNode* half = products.Take("half_gflop"))
    {
        device.halfGflop = ReadNumber(*half, 0, 1e6);
    }
    products.Finish();
    const YamlNode& attention =
        mapping.Need("attention", "attention: {forward: 0.6, backward: 0.5, unfused: 0.5}");
    YamlMapping kernels(attention, "training.device.attention");
    // Operations are counted without the causal discount, so that a kernel can seem to beat peak.
    constexpr double MOST_FUSED = 2;
    device.attentionForward = ReadEfficiency(kernels.Need("forward", "forward: 0.6"), MOST_FUSED);
    device.attentionBackward =
        ReadEfficiency(kernels.Need("backward", "backward: 0.5"), MOST_FUSED);
    const YamlNode* unfused = kernels.Take("unfused");
    device.attentionUnfused = unfused ? ReadEfficiency(*unfused) : device.matmulEfficiency;
    kernels.Finish();
    if (const YamlNode* launch = mapping.Take("launch"))
    {
        device.launch = ReadTime(*launch);
    }
    if (const YamlNode* overhead = mapping.Take("collective_overhead"))
    {
        YamlMapping parts(*overhead, "training.device.collective_overhead");
        const YamlNode* step = parts.Take("step");
        const YamlNode* fixed = parts.Take("fixed");
        device.collectiveStep = step ? ReadTime(*step) : 0;
        device.collectiveFixed = fixed ? ReadTime(*fixed) : 0;
        parts.Finish();
    }
    if (const YamlNode* straggler = mapping.Take("straggler"))
    {
        device.straggler = ReadStraggler(*straggler);
    }
    mapping.Finish();
    return device;
}

void
ReadDevices(const YamlNode& node, TrainingSpec& spec)
{
    constexpr const char* EXAMPLE = "devices should be a list of kinds of cards, as [{device: "
                                    "a.yaml, stages: 4}, {device: b.yaml, stages: 2}]";
    if (node.kind != YamlNode::LIST || node.items.empty())
    {
        node.Refuse(EXAMPLE);
    }
    for (const YamlNode& item : node.items)
    {
        if (item.kind != YamlNode::MAPPING)
        {
            item.Refuse(EXAMPLE);
        }
    }
    const KindAxis axis = FindAxis(node);
    const char* key = KIND_AXIS_NAMES[static_cast<std::size_t>(axis)];
    KindPlaces places(spec, axis);
    for (const YamlNode& item : node.items)
    {
        YamlMapping mapping(item, "training.devices");
        const auto kind = static_cast<uint32_t>(spec.kinds.size());
        const YamlNode* name = mapping.Take("name");
        const YamlNode* where = mapping.Take(key);
        const YamlNode& device = mapping.Need("device", "device: s5000.yaml");
        mapping.Finish();
        spec.kinds.push_back(
            {name ? ReadText(*name, "a name") : fmt::format("kind{}", kind), ReadDevice(device)});
        for (uint32_t earlier = 0; earlier < kind; ++earlier)
        {
            if (spec.kinds[earlier].name == spec.kinds[kind].name)
            {
                (name ? *name : item)
                    .Refuse(fmt::format("two kinds are called {}: give this one another 'name'",
                                        spec.kinds[kind].name));
            }
        }
        if (where)
        {
            places.Take(*where, kind);
        }
        else if (kind + 1 == node.items.size())
        {
            places.TakeRest(item, kind);
        }
        else
        {
            item.Refuse(fmt::format("which cards are of this kind is not said: give '{}: 4', or a "
                                    "list",
                                    key));
        }
    }
    places.Finish(node);
    spec.kindOf = places.GetKinds();
    spec.device = spec.kinds.front().device;
}

} // namespace mtlink
} // namespace ns3
