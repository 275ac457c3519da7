/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/schema-forms.h"

#include "experiment/stability-reader.h"
#include "experiment/units.h"

#include <cstdint>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ns3
{
namespace mtlink
{

namespace
{

const std::string DECIMAL = "([0-9]+\\.?[0-9]*|\\.[0-9]+)";
const std::string EXPONENT = "([eE][-+]?[0-9]+)?";
const std::string NOT_ZERO = "(?=[0-9.]*[1-9])";

SchemaJson
MakePattern(const std::string& pattern)
{
    return {{"type", "string"}, {"pattern", "^" + pattern + "$"}};
}

/** @return what a value is written like: a number and at once its unit. */
SchemaJson
MakeQuantity(QuantityKind kind, bool mayBeZero)
{
    return MakePattern(fmt::format("{}{}{}({})",
                                   mayBeZero ? "" : NOT_ZERO,
                                   DECIMAL,
                                   kind == QuantityKind::FLOPS ? EXPONENT : "",
                                   fmt::join(GetUnitNames(kind), "|")));
}

/** @return a time that may be days long. */
SchemaJson
MakeSpan(bool mayBeZero)
{
    return MakePattern(fmt::format("{}{}({}| *({}))",
                                   mayBeZero ? "" : NOT_ZERO,
                                   DECIMAL,
                                   fmt::join(GetUnitNames(QuantityKind::TIME), "|"),
                                   fmt::join(GetLongTimeUnits(), "|")));
}

SchemaJson
MakeInteger(const KeyForm& form)
{
    SchemaJson json{{"type", "integer"}};
    json["minimum"] = form.least.empty() ? 0 : std::stoull(form.least);
    if (!form.most.empty())
    {
        json["maximum"] = std::stoull(form.most);
    }
    return json;
}

SchemaJson
MakeNumber(const KeyForm& form)
{
    SchemaJson json{{"type", "number"}};
    if (!form.least.empty())
    {
        json[form.isAbove ? "exclusiveMinimum" : "minimum"] = std::stod(form.least);
    }
    if (!form.most.empty())
    {
        json["maximum"] = std::stod(form.most);
    }
    return json;
}

/** @return the schema of one form that is no word. */
SchemaJson
MakeOne(const KeyForm& form)
{
    const bool mayBeZero = form.least.empty() || form.least.starts_with('0');
    if (form.name == "integer")
    {
        return MakeInteger(form);
    }
    if (form.name == "number")
    {
        return MakeNumber(form);
    }
    if (form.name == "fraction")
    {
        const std::string percent = (form.isAbove ? NOT_ZERO : "") + DECIMAL + EXPONENT + " *%";
        return {{"anyOf", {MakeNumber(form), MakePattern(percent)}}};
    }
    if (form.name == "size")
    {
        return MakeQuantity(QuantityKind::SIZE, mayBeZero);
    }
    if (form.name == "rate")
    {
        return MakeQuantity(QuantityKind::RATE, mayBeZero);
    }
    if (form.name == "time")
    {
        return MakeQuantity(QuantityKind::TIME, mayBeZero);
    }
    if (form.name == "length")
    {
        return MakeQuantity(QuantityKind::LENGTH, mayBeZero);
    }
    if (form.name == "flops")
    {
        return MakeQuantity(QuantityKind::FLOPS, false);
    }
    if (form.name == "span")
    {
        return MakeSpan(mayBeZero);
    }
    if (form.name == "text")
    {
        return {{"type", {"string", "number"}}}; // a name may look like a number
    }
    if (form.name == "boolean")
    {
        return {{"type", "boolean"}};
    }
    if (form.name == "list")
    {
        return {{"type", "array"}, {"minItems", 1}};
    }
    if (form.name == "mapping")
    {
        return {{"type", "object"}};
    }
    return SchemaJson::object();
}

} // namespace

SchemaJson
MakeFormSchema(const std::vector<KeyForm>& forms)
{
    SchemaJson words = SchemaJson::array();
    SchemaJson list = SchemaJson::array();
    for (const KeyForm& form : forms)
    {
        form.name == "word" ? words.push_back(form.word) : list.push_back(MakeOne(form));
    }
    if (!words.empty())
    {
        list.insert(list.begin(), SchemaJson{{"enum", words}});
    }
    return list.size() == 1 ? list.front() : SchemaJson{{"anyOf", list}};
}

SchemaJson
MakeAttributeSchema(const AttributeInfo& info)
{
    KeyForm form;
    ParseKeyRange(info.form == AttributeForm::CHOICE ? "" : info.range, form);
    SchemaJson json;
    switch (info.form)
    {
    case AttributeForm::RATE:
        json = MakeQuantity(QuantityKind::RATE, false);
        break;
    case AttributeForm::BYTE_RATE:
        json = MakeQuantity(QuantityKind::RATE, true);
        break;
    case AttributeForm::CHOICE:
        json = {{"enum", info.choices}};
        break;
    case AttributeForm::LIST:
        json = {{"type", "array"}, {"items", {{"type", "integer"}, {"minimum", 0}}}};
        break;
    case AttributeForm::FILE:
    case AttributeForm::TEXT:
        json = {{"type", "string"}};
        break;
    case AttributeForm::TIME:
        form.name = "time";
        json = MakeOne(form);
        break;
    case AttributeForm::BYTES:
        form.name = "size";
        json = MakeOne(form);
        break;
    case AttributeForm::LENGTH:
        form.name = "length";
        json = MakeOne(form);
        break;
    case AttributeForm::INTEGER:
        form.name = "integer";
        json = MakeOne(form);
        break;
    case AttributeForm::NUMBER:
        form.name = "number";
        json = MakeOne(form);
        break;
    case AttributeForm::BOOLEAN:
        json = {{"type", "boolean"}};
        break;
    }
    json["description"] = info.help;
    return json;
}

} // namespace mtlink
} // namespace ns3
