/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SUMMARY_READER_H
#define MTLINK_SUMMARY_READER_H

#include "ns3/mtlink-error.h"
#include "ns3/mtlink-tick.h"

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * An object of summary.json that is read, with what its errors need.
 */
class SummaryReader
{
  public:
    /**
     * @param [in] object The object; must outlive it.
     * @param [in] path The file.
     * @param [in] prefix Goes before its keys in errors, "fabric.".
     */
    SummaryReader(const nlohmann::json& object,
                  const std::string& path,
                  const std::string& prefix = "")
        : m_object(object),
          m_path(path),
          m_prefix(prefix)
    {
    }

    /** @param [in] key A key. @return its value, text. */
    std::string Text(const std::string& key) const
    {
        return Get(key, &nlohmann::json::is_string, "a text").get<std::string>();
    }

    /** @param [in] key A key. @return its value, a whole number. */
    uint64_t Unsigned(const std::string& key) const
    {
        return Get(key, &nlohmann::json::is_number_unsigned, "a whole number").get<uint64_t>();
    }

    /** @param [in] key A key. @return its value, a whole number of 32 bits. */
    uint32_t Unsigned32(const std::string& key) const
    {
        const uint64_t value = Unsigned(key);
        if (value > UINT32_MAX)
        {
            Refuse(key, "a whole number below 2^32");
        }
        return static_cast<uint32_t>(value);
    }

    /** @param [in] key A key. @return its value, a truth. */
    bool Truth(const std::string& key) const
    {
        return Get(key, &nlohmann::json::is_boolean, "true or false").get<bool>();
    }

    /** @param [in] key A key. @return its value, a number. */
    double Number(const std::string& key) const
    {
        return Get(key, &nlohmann::json::is_number, "a number").get<double>();
    }

    /** @param [in] key A key. @return its value, a time written in nanoseconds. */
    Tick Nanoseconds(const std::string& key) const
    {
        const double ticks = std::round(Number(key) * 1000);
        if (!(ticks >= 0 && ticks < static_cast<double>(NEVER)))
        {
            Refuse(key, "a time in nanoseconds");
        }
        return static_cast<Tick>(ticks);
    }

    /** @param [in] key A key. @return its value, a number or nothing. */
    std::optional<double> NumberIfAny(const std::string& key) const
    {
        return Find(key).is_null() ? std::nullopt : std::optional(Number(key));
    }

    /** @param [in] key A key. @return its value, a time or nothing. */
    std::optional<Tick> NanosecondsIfAny(const std::string& key) const
    {
        return Find(key).is_null() ? std::nullopt : std::optional(Nanoseconds(key));
    }

    /** @param [in] key A key. @return its value, an object. */
    SummaryReader Object(const std::string& key) const
    {
        return {Get(key, &nlohmann::json::is_object, "an object"), m_path, m_prefix + key + "."};
    }

    /** @param [in] key A key. @return its value, a list of objects. */
    std::vector<SummaryReader> Objects(const std::string& key) const
    {
        std::vector<SummaryReader> objects;
        for (const nlohmann::json& value : Get(key, &nlohmann::json::is_array, "a list"))
        {
            if (!value.is_object())
            {
                Refuse(key, "a list of objects");
            }
            objects.emplace_back(value, m_path, m_prefix + key + ".");
        }
        return objects;
    }

    /** @param [in] key A key. @return its value, a list of texts. */
    std::vector<std::string> Texts(const std::string& key) const
    {
        std::vector<std::string> texts;
        for (const nlohmann::json& value : Get(key, &nlohmann::json::is_array, "a list"))
        {
            if (!value.is_string())
            {
                Refuse(key, "a list of texts");
            }
            texts.push_back(value.get<std::string>());
        }
        return texts;
    }

    /** @param [in] key A key. @return its value, a list of whole numbers of 32 bits. */
    std::vector<uint32_t> Unsigneds32(const std::string& key) const
    {
        std::vector<uint32_t> numbers;
        for (const nlohmann::json& value : Get(key, &nlohmann::json::is_array, "a list"))
        {
            if (!value.is_number_unsigned() || value.get<uint64_t>() > UINT32_MAX)
            {
                Refuse(key, "a list of whole numbers below 2^32");
            }
            numbers.push_back(value.get<uint32_t>());
        }
        return numbers;
    }

    /** @return the object's keys, in alphabetical order. */
    std::vector<std::string> GetKeys() const
    {
        std::vector<std::string> keys;
        for (const auto& entry : m_object.items())
        {
            keys.push_back(entry.key());
        }
        return keys;
    }

    /** @param [in] key A key. @return whether the object has it. */
    bool Has(const std::string& key) const
    {
        return m_object.contains(key);
    }

    /** @param [in] key A key. @return its value. */
    const nlohmann::json& Find(const std::string& key) const
    {
        const auto found = m_object.find(key);
        if (found == m_object.end())
        {
            throw InputError({m_path}, "key " + m_prefix + key + " is missing");
        }
        return *found;
    }

    /** Refuse a value; @param [in] key Its key. @param [in] wanted What would be right. */
    [[noreturn]] void Refuse(const std::string& key, const std::string& wanted) const
    {
        throw InputError({m_path}, "key " + m_prefix + key + " should be " + wanted);
    }

  private:
    /**
     * @param [in] key A key.
     * @param [in] is Tells whether a value is of the right type.
     * @param [in] wanted Name of that type.
     * @return its value.
     */
    const nlohmann::json& Get(const std::string& key,
                              bool (nlohmann::json::*is)() const noexcept,
                              const std::string& wanted) const
    {
        const nlohmann::json& value = Find(key);
        if (!(value.*is)())
        {
            Refuse(key, wanted);
        }
        return value;
    }

    const nlohmann::json& m_object; //!< The object
    std::string m_path;             //!< The file
    std::string m_prefix;           //!< Before its keys
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SUMMARY_READER_H
