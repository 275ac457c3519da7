/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "command.h"
#include "experiment/attributes.h"
#include "experiment/experiment-keys.h"
#include "experiment/json-schema.h"
#include "experiment/setting-list.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

/** One parameter, ready to print. */
struct Row
{
    std::string section;    //!< "link", "fat_tree", "simulation"
    std::string key;        //!< YAML key
    std::string type;       //!< What it takes
    std::string fallback;   //!< Default
    std::string unit;       //!< Or empty
    std::string provenance; //!< Of the default
    std::string help;       //!< Meaning
};

std::string
NameForm(AttributeForm form)
{
    switch (form)
    {
    case AttributeForm::RATE:
    case AttributeForm::BYTE_RATE:
        return "rate";
    case AttributeForm::TIME:
        return "time";
    case AttributeForm::BYTES:
        return "size";
    case AttributeForm::LENGTH:
        return "length";
    case AttributeForm::INTEGER:
        return "integer";
    case AttributeForm::NUMBER:
        return "number";
    case AttributeForm::BOOLEAN:
        return "boolean";
    case AttributeForm::CHOICE:
        return "choice";
    case AttributeForm::LIST:
        return "list";
    case AttributeForm::FILE:
        return "file";
    case AttributeForm::TEXT:
        return "text";
    }
    return "";
}

std::vector<Row>
ListRows()
{
    std::vector<Row> rows;
    for (const ExperimentKey& key : GetExperimentKeys())
    {
        rows.push_back({key.section, key.key, key.type, key.defaultValue, "", "", key.help});
    }
    for (const auto& [section, attributes] : DescribeSections())
    {
        for (const AttributeInfo& info : attributes)
        {
            rows.push_back({section,
                            info.key,
                            NameForm(info.form) + (info.range.empty() ? "" : ", " + info.range),
                            info.defaultValue,
                            info.unit,
                            info.provenance,
                            info.help});
        }
    }
    return rows;
}

/** Break text into lines of at most 76 characters, indented. */
std::string
Wrap(const std::string& text)
{
    std::string out;
    std::string line;
    std::size_t begin = 0;
    while (begin < text.size())
    {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        const std::string word = text.substr(begin, end - begin);
        if (!line.empty() && line.size() + 1 + word.size() > 76)
        {
            out += "    " + line + "\n";
            line.clear();
        }
        line += (line.empty() ? "" : " ") + word;
        begin = end + 1;
    }
    return out + "    " + line + "\n";
}

void
Print(const Row& row)
{
    std::string text = fmt::format("{}.{}: {}", row.section, row.key, row.type);
    text += row.unit.empty() ? "" : fmt::format(", in {}", row.unit);
    text += row.fallback.empty() ? "" : fmt::format("; default {}", row.fallback);
    text += row.provenance.empty() ? "" : fmt::format(" ({})", row.provenance);
    fmt::print("{}\n{}", text, Wrap(row.help));
}

int
PrintAttributes(const std::string& name)
{
    const std::vector<Row> rows = ListRows();
    std::vector<std::string> names;
    const auto add = [&names](const std::string& one) {
        if (std::find(names.begin(), names.end(), one) == names.end())
        {
            names.push_back(one);
        }
    };
    bool isFound = false;
    for (const Row& row : rows)
    {
        add(row.section);
        add(row.key);
        if (name.empty() || name == row.section || name == row.key ||
            name == row.section + "." + row.key)
        {
            Print(row);
            isFound = true;
        }
    }
    if (!isFound)
    {
        RefuseUnknown({"attributes", 1, 1}, fmt::format("parameter '{}'", name), name, names);
    }
    return EXIT_DONE;
}

} // namespace

void
AddAttributesCommand(CLI::App& app, int& status)
{
    CLI::App* command = app.add_subcommand(
        "attributes",
        "Tell every parameter: YAML key, type, range, unit, default, where it comes from, meaning");
    const auto name = std::make_shared<std::string>();
    const auto isSchema = std::make_shared<bool>(false);
    const auto isKeys = std::make_shared<bool>(false);
    command
        ->add_option("name",
                     *name,
                     "Only this section, key or section.key, as link or switch.buffer")
        ->type_name("NAME");
    command->add_flag("--json-schema", *isSchema, "Print the JSON Schema for editors instead");
    command->add_flag("--keys", *isKeys, "Print the keys that --set and sweeps take instead");
    command->callback([name, isSchema, isKeys, &status] {
        if (*isKeys)
        {
            for (const std::string& key : ListDottedKeys())
            {
                fmt::print("{}\n", key);
            }
            status = EXIT_DONE;
            return;
        }
        if (*isSchema)
        {
            std::fputs(WriteJsonSchema().c_str(), stdout);
            status = EXIT_DONE;
            return;
        }
        status = PrintAttributes(*name);
    });
}
