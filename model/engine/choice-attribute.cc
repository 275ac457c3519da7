/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "engine/choice-attribute.h"

#include "ns3/string.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Of a string that is one of some words. */
class ChoiceChecker : public AttributeChecker
{
  public:
    /** @param [in] names Gives the words. */
    explicit ChoiceChecker(std::vector<std::string> (*names)())
        : m_names(names)
    {
    }

    bool Check(const AttributeValue& value) const override
    {
        const auto* const text = dynamic_cast<const StringValue*>(&value);
        const std::vector<std::string> names = m_names();
        return text && std::find(names.begin(), names.end(), text->Get()) != names.end();
    }

    std::string GetValueTypeName() const override
    {
        return "ns3::mtlink::ChoiceValue";
    }

    bool HasUnderlyingTypeInformation() const override
    {
        return true;
    }

    /** @return the words, as an EnumValue's checker writes them. */
    std::string GetUnderlyingTypeInformation() const override
    {
        std::string all;
        for (const std::string& name : m_names())
        {
            all += (all.empty() ? "" : "|") + name;
        }
        return all;
    }

    Ptr<AttributeValue> Create() const override
    {
        return ns3::Create<StringValue>();
    }

    bool Copy(const AttributeValue& source, AttributeValue& destination) const override
    {
        const auto* const from = dynamic_cast<const StringValue*>(&source);
        auto* const to = dynamic_cast<StringValue*>(&destination);
        if (!from || !to)
        {
            return false;
        }
        *to = *from;
        return true;
    }

  private:
    std::vector<std::string> (*m_names)(); //!< Gives the words
};

} // namespace

Ptr<const AttributeChecker>
MakeChoiceChecker(std::vector<std::string> (*names)())
{
    return Ptr<const AttributeChecker>(new ChoiceChecker(names), false);
}

} // namespace mtlink
} // namespace ns3
