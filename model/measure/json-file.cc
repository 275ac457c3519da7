/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/json-file.h"

#include "measure/text-file.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ns3
{
namespace mtlink
{

namespace
{

using nlohmann::json;

/** Reads over JSON until it errs: unlike the library's exceptions it knows the place of each error.
 */
class ErrorFinder : public json::json_sax_t
{
  public:
    /** @return bytes up to and with the token that is wrong. */
    std::size_t GetEnd() const
    {
        return m_end;
    }

    /** @return that token. */
    const std::string& GetToken() const
    {
        return m_token;
    }

    bool null() override
    {
        return true;
    }

    bool boolean(bool) override
    {
        return true;
    }

    bool number_integer(json::number_integer_t) override
    {
        return true;
    }

    bool number_unsigned(json::number_unsigned_t) override
    {
        return true;
    }

    bool number_float(json::number_float_t, const std::string&) override
    {
        return true;
    }

    bool string(std::string&) override
    {
        return true;
    }

    bool binary(json::binary_t&) override
    {
        return true;
    }

    bool start_object(std::size_t) override
    {
        return true;
    }

    bool key(std::string&) override
    {
        return true;
    }

    bool end_object() override
    {
        return true;
    }

    bool start_array(std::size_t) override
    {
        return true;
    }

    bool end_array() override
    {
        return true;
    }

    bool parse_error(std::size_t end, const std::string& token, const json::exception&) override
    {
        m_end = end;
        m_token = token;
        return false;
    }

  private:
    std::size_t m_end{0}; //!< See GetEnd()
    std::string m_token;  //!< See GetToken()
};

/** @param [in] path The file. @param [in] text Its bytes. @param [in] at One of them. */
Where
FindPlace(const std::string& path, const std::string& text, std::size_t at)
{
    const std::string before = text.substr(0, at);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    return {path, static_cast<uint64_t>(line), before.size() - (before.rfind('\n') + 1) + 1};
}

} // namespace

json
ReadJsonObject(const std::string& path)
{
    const std::string text = ReadTextFile(path);
    try
    {
        json object = json::parse(text);
        if (!object.is_object())
        {
            throw InputError({path}, "this is JSON, but not an object");
        }
        return object;
    }
    catch (const json::parse_error& error)
    {
        // Counted from 1; it may be one past the end.
        throw InputError(FindPlace(path, text, error.byte > 0 ? error.byte - 1 : 0),
                         "this is not JSON: the file is damaged or cut short");
    }
    catch (const json::out_of_range&)
    {
        ErrorFinder finder;
        json::sax_parse(text, &finder);
        throw InputError(FindPlace(path, text, finder.GetEnd() - finder.GetToken().size()),
                         "the number " + finder.GetToken() + " is too large: the file is damaged");
    }
}

} // namespace mtlink
} // namespace ns3
