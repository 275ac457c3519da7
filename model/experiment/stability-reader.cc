/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/stability-reader.h"

#include "experiment/long-time.h"
#include "experiment/store-reader.h"
#include "experiment/units.h"
#include "experiment/yaml-mapping.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double MOST_RATE = 1e6; //!< Failures of a unit in a day
constexpr uint64_t MOST_SPARES = 1'000'000'000;

constexpr const char* LINK_EFFECTS[] = {"down", "degraded", "stop", "slow"}; //!< By LinkEffect

/** @return a time as ReadSeconds() reads it. */
std::string
FormatSeconds(double seconds)
{
    const double days = seconds / SECONDS_OF_DAY;
    return days >= 1 && days == std::floor(days) ? fmt::format("{} days", FormatNumber(days))
                                                 : fmt::format("{}s", FormatNumber(seconds));
}

/** Refuse a key that has no meaning beside what else is given. */
void
RefuseKey(const YamlNode* value, const std::string& key, const std::string& why)
{
    if (value)
    {
        value->Refuse(fmt::format("'{}' has no meaning here: {}", key, why));
    }
}

LinkFailures
ReadLinks(const YamlNode& node)
{
    LinkFailures link;
    if (node.kind != YamlNode::MAPPING)
    {
        link.rate = ReadNumber(node, 0, MOST_RATE);
        return link;
    }
    YamlMapping mapping(node, "stability.failures.link");
    const YamlNode* rate = mapping.Take("rate");
    const YamlNode* effect = mapping.Take("effect");
    const YamlNode* lanes = mapping.Take("lanes");
    const YamlNode* slowdown = mapping.Take("slowdown");
    const YamlNode* repair = mapping.Take("repair");
    mapping.Finish();
    link.rate = ReadNumber(rate ? *rate : mapping.Need("rate", "rate: 1e-5"), 0, MOST_RATE);
    if (effect)
    {
        const std::vector<std::string> words(std::begin(LINK_EFFECTS), std::end(LINK_EFFECTS));
        const std::string word = ReadChoice(*effect, "stability.failures.link", "effect", words);
        link.effect =
            static_cast<LinkEffect>(std::find(words.begin(), words.end(), word) - words.begin());
    }
    if (link.effect == LinkEffect::DEGRADED)
    {
        link.lanes = static_cast<uint32_t>(
            ReadInteger(lanes ? *lanes : mapping.Need("lanes", "lanes: 2"), 1, UINT32_MAX));
    }
    else
    {
        RefuseKey(lanes, "lanes", "it goes with 'effect: degraded'");
    }
    if (link.effect == LinkEffect::SLOW)
    {
        constexpr double MOST_SLOWDOWN = 1e6;
        link.slowdown = ReadNumber(slowdown ? *slowdown : mapping.Need("slowdown", "slowdown: 1.3"),
                                   1,
                                   MOST_SLOWDOWN);
    }
    else
    {
        RefuseKey(slowdown, "slowdown", "it goes with 'effect: slow'");
    }
    link.repair = repair ? ReadSeconds(*repair, false) : link.repair;
    return link;
}

GroupFailures
ReadGroups(const YamlNode& node)
{
    YamlMapping mapping(node, "stability.failures.group");
    const YamlNode* rate = mapping.Take("rate");
    const YamlNode* nodes = mapping.Take("nodes");
    mapping.Finish();
    GroupFailures group;
    group.rate = ReadNumber(rate ? *rate : mapping.Need("rate", "rate: 1e-5"), 0, MOST_RATE);
    group.nodes = static_cast<uint32_t>(
        ReadInteger(nodes ? *nodes : mapping.Need("nodes", "nodes: 16"), 2, UINT32_MAX));
    return group;
}

void
ReadFailures(const YamlNode& node, StabilitySpec& spec)
{
    YamlMapping mapping(node, "stability.failures");
    const YamlNode* card = mapping.Take("card");
    const YamlNode* other = mapping.Take("node");
    const YamlNode* link = mapping.Take("link");
    const YamlNode* group = mapping.Take("group");
    mapping.Finish();
    spec.cardRate = card ? ReadNumber(*card, 0, MOST_RATE) : 0;
    spec.nodeRate = other ? ReadNumber(*other, 0, MOST_RATE) : 0;
    spec.link = link ? ReadLinks(*link) : LinkFailures{};
    spec.group = group ? ReadGroups(*group) : GroupFailures{};
    if (spec.cardRate + spec.nodeRate + spec.link.rate + spec.group.rate == 0)
    {
        node.Refuse("nothing fails: give failures per day of a 'card', a 'node', a 'link' or a "
                    "'group' of nodes, as {node: 2.3e-3}");
    }
}

void
ReadCheckpoint(const YamlNode& node, uint32_t endpoints, CheckpointSpec& checkpoint)
{
    YamlMapping mapping(node, "stability.checkpoint");
    const YamlNode* bytes = mapping.Take("bytes");
    const YamlNode* to = mapping.Take("to");
    const YamlNode* every = mapping.Take("every");
    const YamlNode* blocking = mapping.Take("blocking");
    const YamlNode* rate = mapping.Take("rate");
    const YamlNode* store = mapping.Take("store");
    mapping.Finish();
    if (bytes && !(bytes->kind == YamlNode::SCALAR && bytes->text == "auto"))
    {
        checkpoint.bytes = static_cast<double>(ReadBytes(*bytes, 1));
    }
    if (to)
    {
        const std::vector<std::string> words(CHECKPOINT_TARGET_NAMES.begin(),
                                             CHECKPOINT_TARGET_NAMES.end());
        const std::string word = ReadChoice(*to, "stability.checkpoint", "to", words);
        checkpoint.to = static_cast<CheckpointTarget>(std::find(words.begin(), words.end(), word) -
                                                      words.begin());
    }
    if (every && !(every->kind == YamlNode::SCALAR && every->text == "auto"))
    {
        checkpoint.every = ReadSeconds(*every, false);
    }
    if (blocking && !(blocking->kind == YamlNode::SCALAR && blocking->text == "copy"))
    {
        checkpoint.blocking = ReadSeconds(*blocking, true);
    }
    if (checkpoint.to == CheckpointTarget::HOST)
    {
        checkpoint.hostRate = ReadByteRate(rate ? *rate : mapping.Need("rate", "rate: 25GBps"));
    }
    else
    {
        RefuseKey(rate,
                  "rate",
                  "it goes with 'to: host'; copies to a neighbour go at the fabric's rate, to a "
                  "store at 'store: {rate}'");
    }
    if (checkpoint.to == CheckpointTarget::STORE)
    {
        const StoreDescription read = ReadStore(
            store ? *store : mapping.Need("store", "store: {endpoints: [8, 9], rate: 2GBps}"),
            "stability.checkpoint.store",
            endpoints);
        checkpoint.store = read.endpoints;
        checkpoint.storeRate = read.rate;
    }
    else
    {
        RefuseKey(store, "store", "it goes with 'to: store'");
    }
}

SpareSpec
ReadSpare(const YamlNode& node)
{
    const std::string& text = ReadText(node, "unlimited, a number, or a share, as 2 %");
    SpareSpec spare;
    if (text == "unlimited")
    {
        return spare;
    }
    spare.isUnlimited = false;
    if (text.find_first_not_of("0123456789") == std::string::npos)
    {
        spare.count = ReadInteger(node, 0, MOST_SPARES);
        return spare;
    }
    try
    {
        spare.share = ParseFraction(text);
    }
    catch (const ParameterError&)
    {
        node.Refuse(fmt::format("'{}' is no number of spares: give unlimited, a number, or a share "
                                "of the nodes at work, as 2 %",
                                text));
    }
    return spare;
}

} // namespace

void
StabilityDescription::Refuse(const std::string& path, const std::string& message) const
{
    const YamlNode* place = &node;
    std::size_t begin = 0;
    while (begin <= path.size())
    {
        const std::size_t end = std::min(path.find('.', begin), path.size());
        const YamlNode* next = place->kind == YamlNode::MAPPING
                                   ? place->Find(path.substr(begin, end - begin))
                                   : nullptr;
        if (!next)
        {
            break;
        }
        place = next;
        begin = end + 1;
    }
    place->Refuse(message);
}

std::vector<std::string>
GetLongTimeUnits()
{
    std::vector<std::string> names;
    for (const auto& unit : LONG_UNITS)
    {
        names.push_back(unit.first);
    }
    return names;
}

StabilityDescription
ReadStabilitySection(const YamlNode& node, uint32_t endpoints)
{
    StabilityDescription description;
    description.node = node;
    StabilitySpec& spec = description.spec;
    YamlMapping mapping(node, "stability");
    const YamlNode* failures = mapping.Take("failures");
    const YamlNode* checkpoint = mapping.Take("checkpoint");
    const YamlNode* detect = mapping.Take("detect");
    const YamlNode* restart = mapping.Take("restart");
    const YamlNode* repair = mapping.Take("repair");
    const YamlNode* spare = mapping.Take("spare");
    const YamlNode* run = mapping.Take("run");
    const YamlNode* seed = mapping.Take("seed");
    const YamlNode* cardsPerNode = mapping.Take("cards_per_node");
    mapping.Finish(); // a misspelt key says more than a missing one
    spec.detect = detect ? ReadSeconds(*detect, true) : spec.detect;
    spec.restart = restart ? ReadSeconds(*restart, true) : spec.restart;
    spec.repair = repair ? ReadSeconds(*repair, true) : spec.repair;
    spec.spare = spare ? ReadSpare(*spare) : SpareSpec{};
    spec.run = run ? ReadSeconds(*run, false) : spec.run;
    if (seed)
    {
        constexpr uint64_t MOST_SEED = 4'294'944'442; // of MRG32k3a
        spec.seed = static_cast<uint32_t>(ReadInteger(*seed, 1, MOST_SEED));
    }
    spec.cardsPerNode =
        cardsPerNode ? static_cast<uint32_t>(ReadInteger(*cardsPerNode, 1, endpoints)) : 0;
    ReadFailures(failures ? *failures : mapping.Need("failures", "failures: {node: 2.3e-3}"), spec);
    if (checkpoint)
    {
        ReadCheckpoint(*checkpoint, endpoints, spec.checkpoint);
    }
    if (spec.checkpoint.to != CheckpointTarget::STORE && spec.group.rate > 0)
    {
        description.Refuse("checkpoint.to",
                           "nodes that fail together take what they keep for one another with "
                           "them: keep checkpoints in a 'store', or let no 'group' fail");
    }
    if (spec.checkpoint.to == CheckpointTarget::HOST && spec.nodeRate > 0)
    {
        description.Refuse("checkpoint.to",
                           "a node that fails takes what its host keeps with it: keep checkpoints "
                           "with a 'neighbour' or a 'store', or let no 'node' fail");
    }
    return description;
}

YamlNode
WriteStabilitySection(const StabilityDescription& description, uint32_t seed)
{
    const StabilitySpec& spec = description.spec;
    YamlNode node = description.node;
    const auto fill = [](YamlNode& mapping, const std::string& key, const std::string& text) {
        if (!mapping.Find(key))
        {
            mapping.Set(key, MakeYamlScalar(text));
        }
    };
    YamlNode& failures = *node.Find("failures");
    fill(failures, "card", "0");
    fill(failures, "node", "0");
    fill(failures, "link", "0");
    if (YamlNode& link = *failures.Find("link"); link.kind == YamlNode::MAPPING)
    {
        fill(link, "effect", LINK_EFFECTS[static_cast<std::size_t>(spec.link.effect)]);
        fill(link, "repair", FormatSeconds(spec.link.repair));
    }
    if (!node.Find("checkpoint"))
    {
        node.Set("checkpoint", MakeYaml(YamlNode::MAPPING));
    }
    YamlNode& checkpoint = *node.Find("checkpoint");
    fill(checkpoint, "bytes", "auto");
    fill(checkpoint, "to", CHECKPOINT_TARGET_NAMES[static_cast<std::size_t>(spec.checkpoint.to)]);
    fill(checkpoint, "every", "auto");
    fill(checkpoint, "blocking", "copy");
    fill(node, "detect", FormatSeconds(spec.detect));
    fill(node, "restart", FormatSeconds(spec.restart));
    fill(node, "repair", FormatSeconds(spec.repair));
    fill(node, "spare", "unlimited");
    fill(node, "run", FormatSeconds(spec.run));
    fill(node, "seed", fmt::format("{}", spec.seed.value_or(seed)));
    return node;
}

} // namespace mtlink
} // namespace ns3
