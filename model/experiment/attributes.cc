/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/attributes.h"

#include "experiment/units.h"

#include "ns3/boolean.h"
#include "ns3/data-rate.h"
#include "ns3/double.h"
#include "ns3/nstime.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Attributes whose ns-3 type does not tell their unit, by name; all others follow their type. */
const std::map<std::string, AttributeForm>&
GetForms()
{
    static const std::map<std::string, AttributeForm> forms{
        {"Buffer", AttributeForm::BYTES},
        {"ClassWeights", AttributeForm::LIST},
        {"CopperReach", AttributeForm::LENGTH},
        {"DcqcnByteCounter", AttributeForm::BYTES},
        {"Dimensions", AttributeForm::LIST},
        {"Down", AttributeForm::LIST},
        {"EcnMax", AttributeForm::BYTES},
        {"EcnMin", AttributeForm::BYTES},
        {"File", AttributeForm::FILE},
        {"Flit", AttributeForm::BYTES},
        {"Header", AttributeForm::BYTES},
        {"HpccWAi", AttributeForm::BYTES},
        {"Length", AttributeForm::LENGTH},
        {"OutputBuffer", AttributeForm::BYTES},
        {"Packet", AttributeForm::BYTES},
        {"Parallel", AttributeForm::LIST},
        {"ReductionMemory", AttributeForm::BYTES},
        {"ReductionRate", AttributeForm::BYTE_RATE},
        {"ReorderBuffer", AttributeForm::BYTES},
        {"ReplayBuffer", AttributeForm::BYTES},
        {"SharedBuffer", AttributeForm::BYTES},
        {"Table", AttributeForm::FILE},
        {"Up", AttributeForm::LIST},
        {"Width", AttributeForm::LIST},
        {"Window", AttributeForm::BYTES},
        {"Wrap", AttributeForm::LIST},
    };
    return forms;
}

AttributeForm
GetForm(const TypeId::AttributeInformation& attribute)
{
    const auto listed = GetForms().find(attribute.name);
    if (listed != GetForms().end())
    {
        return listed->second;
    }
    static const std::map<std::string, AttributeForm> byType{
        {"DataRateValue", AttributeForm::RATE},
        {"TimeValue", AttributeForm::TIME},
        {"UintegerValue", AttributeForm::INTEGER},
        {"DoubleValue", AttributeForm::NUMBER},
        {"BooleanValue", AttributeForm::BOOLEAN},
        {"EnumValue", AttributeForm::CHOICE},
        {"ChoiceValue", AttributeForm::CHOICE},
    };
    // Some of ns-3's types give their name with the namespace, some without; later versions say of
    // which type an enum is, "ns3::EnumValue<int>".
    std::string type = attribute.checker->GetValueTypeName();
    type.erase(std::min(type.find('<'), type.size()));
    type.erase(0, type.rfind(':') == std::string::npos ? 0 : type.rfind(':') + 1);
    const auto known = byType.find(type);
    return known == byType.end() ? AttributeForm::TEXT : known->second;
}

std::string
GetUnit(AttributeForm form)
{
    switch (form)
    {
    case AttributeForm::RATE:
        return "bit/s";
    case AttributeForm::TIME:
        return "s";
    case AttributeForm::BYTES:
        return "bytes";
    case AttributeForm::BYTE_RATE:
        return "bytes/s";
    case AttributeForm::LENGTH:
        return "m";
    default:
        return "";
    }
}

/**
 * Write a value in a form.
 * @param [in] text The value in ns-3's text form.
 * @param [in] form The form.
 * @return the same as YAML; NOTHING for a time that is not set (negative) and an empty text.
 */
YamlNode
ToYaml(const std::string& text, AttributeForm form)
{
    switch (form)
    {
    case AttributeForm::RATE:
        return MakeYamlScalar(FormatRate(DataRate(text).GetBitRate()));
    case AttributeForm::TIME: {
        const Time time(text);
        return time.IsStrictlyNegative() ? YamlNode() : MakeYamlScalar(FormatTime(ToTicks(time)));
    }
    case AttributeForm::BYTES:
        return MakeYamlScalar(FormatBytes(std::stoull(text)));
    case AttributeForm::BYTE_RATE: {
        const std::string bits =
            FormatRate(static_cast<uint64_t>(std::llround(std::stod(text) * 8)));
        return MakeYamlScalar(bits);
    }
    case AttributeForm::LENGTH:
        return MakeYamlScalar(FormatLength(std::stod(text)));
    case AttributeForm::LIST: {
        YamlNode list = MakeYaml(YamlNode::LIST);
        std::size_t begin = 0;
        while (begin < text.size())
        {
            const std::size_t end = std::min(text.find(',', begin), text.size());
            const std::size_t first = text.find_first_not_of(' ', begin);
            list.items.push_back(MakeYamlScalar(text.substr(first, end - first)));
            begin = end + 1;
        }
        return list.items.empty() ? YamlNode() : list;
    }
    case AttributeForm::FILE:
        return text.empty()
                   ? YamlNode()
                   : MakeYamlScalar(std::filesystem::absolute(text).lexically_normal().string());
    default:
        return text.empty() ? YamlNode() : MakeYamlScalar(text);
    }
}

std::vector<std::string>
Split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (begin <= text.size())
    {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

/** @return least and most of a number's checker, as ns-3 prints them: "uint32_t 1:65536". */
std::pair<std::string, std::string>
GetLimits(const TypeId::AttributeInformation& attribute)
{
    const std::string text = attribute.checker->GetUnderlyingTypeInformation();
    const std::size_t space = text.rfind(' ');
    const std::size_t colon = text.rfind(':');
    if (space == std::string::npos || colon == std::string::npos || colon < space)
    {
        return {};
    }
    return {text.substr(space + 1, colon - space - 1), text.substr(colon + 1)};
}

std::string
DescribeRange(const TypeId::AttributeInformation& attribute, AttributeForm form)
{
    const auto [least, most] = GetLimits(attribute);
    if (least.empty())
    {
        return "";
    }
    switch (form)
    {
    case AttributeForm::INTEGER:
        return std::stoull(most) == std::numeric_limits<uint64_t>::max()
                   ? fmt::format("{} or more", least)
                   : fmt::format("{} to {}", least, most);
    case AttributeForm::BYTES:
        return std::stoull(most) == std::numeric_limits<uint64_t>::max()
                   ? fmt::format("{} or more", FormatBytes(std::stoull(least)))
                   : fmt::format("{} to {}",
                                 FormatBytes(std::stoull(least)),
                                 FormatBytes(std::stoull(most)));
    case AttributeForm::NUMBER:
        return std::stod(most) > 1e300 ? fmt::format("{} or more", least)
                                       : fmt::format("{} to {}", least, most);
    case AttributeForm::LENGTH:
        return fmt::format("{} to {}",
                           FormatLength(std::stod(least)),
                           FormatLength(std::stod(most)));
    default:
        return "";
    }
}

/** All attributes of a type, its parents' first. */
std::vector<TypeId::AttributeInformation>
ListAttributes(TypeId tid)
{
    std::vector<TypeId::AttributeInformation> list;
    if (tid.HasParent() && tid.GetParent() != tid)
    {
        list = ListAttributes(tid.GetParent());
    }
    for (std::size_t i = 0; i < tid.GetAttributeN(); ++i)
    {
        list.push_back(tid.GetAttribute(i));
    }
    return list;
}

AttributeInfo
Describe(const TypeId::AttributeInformation& attribute)
{
    AttributeInfo info;
    info.key = ToSnakeCase(attribute.name);
    info.name = attribute.name;
    info.form = GetForm(attribute);
    info.unit = GetUnit(info.form);
    info.help = attribute.help;
    info.provenance = GetProvenance(attribute.help);
    const YamlNode value =
        ToYaml(attribute.initialValue->SerializeToString(attribute.checker), info.form);
    if (value.kind != YamlNode::NOTHING)
    {
        info.defaultValue = WriteYaml(value);
        info.defaultValue.pop_back(); // the end of the line
    }
    if (info.form == AttributeForm::CHOICE)
    {
        info.choices = Split(attribute.checker->GetUnderlyingTypeInformation(), '|');
        for (const std::string& choice : info.choices)
        {
            info.range += (info.range.empty() ? "" : " | ") + choice;
        }
    }
    else
    {
        info.range = DescribeRange(attribute, info.form);
    }
    return info;
}

/**
 * Read a value into ns-3's text form.
 * @param [in] node The value.
 * @param [in] info Its attribute.
 * @param [in] section Its mapping.
 * @return the text.
 */
std::string
ReadValue(const YamlNode& node, const AttributeInfo& info, const std::string& section)
{
    const auto parse = [&node](const std::string& what, auto parser) {
        const std::string& text = ReadText(node, what);
        try
        {
            return parser(text);
        }
        catch (const ParameterError& error)
        {
            node.Refuse(error.what());
        }
    };
    switch (info.form)
    {
    case AttributeForm::RATE: {
        const uint64_t rate = parse("a rate", ParseRate);
        if (rate == 0)
        {
            node.Refuse("a rate of 0 carries nothing: give one above 0, as 224Gbps");
        }
        return fmt::format("{}bps", rate);
    }
    case AttributeForm::TIME:
        return fmt::format("{}ps", ReadTime(node));
    case AttributeForm::BYTES:
        return fmt::format("{}", ReadBytes(node));
    case AttributeForm::BYTE_RATE:
        return FormatNumber(static_cast<double>(parse("a rate", ParseRate)) / 8);
    case AttributeForm::LENGTH:
        return FormatNumber(parse("a length", ParseLength));
    case AttributeForm::INTEGER:
        return fmt::format("{}", ReadInteger(node));
    case AttributeForm::NUMBER:
        return FormatNumber(parse("a number", ParseNumber));
    case AttributeForm::BOOLEAN:
        return ReadBoolean(node) ? "true" : "false";
    case AttributeForm::CHOICE:
        return ReadChoice(node, section, info.key, info.choices);
    case AttributeForm::LIST: {
        if (node.kind != YamlNode::LIST)
        {
            node.Refuse(fmt::format("{} should be a list, as [4, 4, 4]", info.key));
        }
        std::string text;
        for (const YamlNode& item : node.items)
        {
            text += (text.empty() ? "" : ", ") + fmt::format("{}", ReadInteger(item));
        }
        return text;
    }
    case AttributeForm::FILE:
        ReadText(node, "a path");
        return ResolvePath(node);
    case AttributeForm::TEXT:
        return ReadText(node, "a text");
    }
    return "";
}

} // namespace

void
UsePicoseconds()
{
    if (Time::GetResolution() != Time::PS)
    {
        Time::SetResolution(Time::PS);
    }
}

std::vector<AttributeInfo>
DescribeAttributes(TypeId tid)
{
    UsePicoseconds();
    std::vector<AttributeInfo> infos;
    for (const TypeId::AttributeInformation& attribute : ListAttributes(tid))
    {
        infos.push_back(Describe(attribute));
    }
    return infos;
}

void
SetAttributes(ObjectBase& object, YamlMapping& mapping, const std::string& section)
{
    UsePicoseconds();
    for (const TypeId::AttributeInformation& attribute : ListAttributes(object.GetInstanceTypeId()))
    {
        const YamlNode* node = mapping.Take(ToSnakeCase(attribute.name));
        if (!node)
        {
            continue;
        }
        const AttributeInfo info = Describe(attribute);
        const std::string text = ReadValue(*node, info, section);
        bool isSet = false;
        try
        {
            isSet = object.SetAttributeFailSafe(attribute.name, StringValue(text));
        }
        catch (const ParameterError& error)
        {
            node->Refuse(error.what());
        }
        if (!isSet)
        {
            node->Refuse(info.range.empty() ? fmt::format("{} can't be {}", info.key, node->text)
                                            : fmt::format("{} is out of range: {} takes {}",
                                                          node->text,
                                                          info.key,
                                                          info.range));
        }
    }
}

YamlNode
GetAttribute(const ObjectBase& object, const AttributeInfo& info)
{
    return ToYaml(GetAttributeText(object, info.name), info.form);
}

YamlNode
WriteAttributes(const ObjectBase& object, const YamlNode* given)
{
    YamlNode mapping = MakeYaml(YamlNode::MAPPING);
    for (const AttributeInfo& info : DescribeAttributes(object.GetInstanceTypeId()))
    {
        YamlNode value = GetAttribute(object, info);
        if (value.kind != YamlNode::NOTHING)
        {
            value.TakePlace(given ? given->Find(info.key) : nullptr);
            mapping.Set(info.key, std::move(value));
        }
    }
    return mapping;
}

std::string
GetProvenance(const std::string& text)
{
    std::string lower = text;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    static const std::vector<std::string> words{"vendor",
                                                "press",
                                                "inferred",
                                                "assumed",
                                                "the user's design"};
    // Of several the first: what follows it says from what a value was inferred.
    std::string found;
    std::size_t first = lower.size();
    for (const std::string& word : words)
    {
        // A whole word: "press" is not in "compressed".
        for (std::size_t at = lower.find(word); at < first; at = lower.find(word, at + 1))
        {
            const std::size_t end = at + word.size();
            if ((at == 0 || !std::isalpha(static_cast<unsigned char>(lower[at - 1]))) &&
                (end == lower.size() || !std::isalpha(static_cast<unsigned char>(lower[end]))))
            {
                found = word;
                first = at;
            }
        }
    }
    return found;
}

std::string
GetAttributeText(const ObjectBase& object, const std::string& name)
{
    // ns-3 writes six digits of a number: exact where that is not.
    TimeValue time;
    DoubleValue number;
    if (object.GetAttributeFailSafe(name, time))
    {
        return fmt::format("{}ps", time.Get().GetPicoSeconds());
    }
    if (object.GetAttributeFailSafe(name, number))
    {
        return fmt::format("{}", number.Get());
    }
    StringValue value;
    object.GetAttribute(name, value);
    return value.Get();
}

} // namespace mtlink
} // namespace ns3
