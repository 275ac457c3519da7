/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/text-object.h"

#include "measure/atomic-file.h"
#include "measure/json-writer.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace ns3
{
namespace mtlink
{

std::string
FormatTexts(const TextObject& texts)
{
    std::string text;
    JsonWriter out(text, JsonWriter::Layout::INDENTED);
    out.BeginObject();
    for (const auto& [key, value] : texts)
    {
        out.Key(key);
        out.String(value);
    }
    out.EndObject();
    return text + "\n";
}

void
WriteTexts(const std::string& path, const TextObject& texts)
{
    AtomicFile file(path);
    file.Write(FormatTexts(texts));
    file.Commit();
}

TextObject
ReadTexts(const std::string& path)
{
    TextObject texts;
    std::ifstream file(path); // others may take it away meanwhile: then there is none
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    const nlohmann::json object = nlohmann::json::parse(content, nullptr, false);
    if (object.is_object())
    {
        for (const auto& [key, value] : object.items())
        {
            if (value.is_string())
            {
                texts[key] = value.get<std::string>();
            }
        }
    }
    return texts;
}

} // namespace mtlink
} // namespace ns3
