/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/setting-list.h"

#include "cost/cost-profile.h"
#include "experiment/experiment-keys.h"
#include "experiment/fabric-loader.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr std::size_t MOST_ITEMS{64}; //!< Of a list that is written out

/** What is known of a key, wherever it stands. */
struct KeyInfo
{
    std::string meaning;    //!< Its help
    std::string provenance; //!< Of its default
};

/** @return what is known of all keys, by section and key. */
std::map<std::pair<std::string, std::string>, KeyInfo>
DescribeKeys()
{
    std::map<std::pair<std::string, std::string>, KeyInfo> keys;
    for (const ExperimentKey& key : GetExperimentKeys())
    {
        keys[{key.section, key.key}] = {key.help, ""};
    }
    for (const auto& [section, attributes] : DescribeSections())
    {
        for (const AttributeInfo& info : attributes)
        {
            keys[{section, info.key}] = {info.help, info.provenance};
        }
    }
    return keys;
}

/** @param [in] node A value. @return the file and line, or the option, that gave it; empty: none */
std::string
DescribeSource(const YamlNode& node)
{
    if (!node.source)
    {
        return "";
    }
    const bool isOption = node.source->name.starts_with("--");
    return isOption ? node.source->name : fmt::format("{}:{}", node.source->name, node.line);
}

/** Walks over an experiment. */
class SettingLister
{
  public:
    /** @param [in] document The experiment. @return its settings. */
    std::vector<SettingResult> List(const YamlNode& document)
    {
        for (const YamlEntry& entry : document.entries)
        {
            if (entry.key == "fabric")
            {
                AddFabric(entry.key, entry.value);
            }
            else if (entry.key == "workloads")
            {
                for (std::size_t i = 0; i < entry.value.items.size(); ++i)
                {
                    AddSection(fmt::format("{}[{}]", entry.key, i),
                               "workload",
                               entry.value.items[i]);
                }
            }
            else if (entry.value.kind == YamlNode::MAPPING)
            {
                AddSection(entry.key, entry.key, entry.value);
            }
            else
            {
                Add(entry.key, entry.value, m_keys[{"experiment", entry.key}]);
            }
        }
        return std::move(m_settings);
    }

  private:
    /** Add a fabric and those nested in it; @param [in] path Its place. @param [in] fabric It. */
    void AddFabric(const std::string& path, const YamlNode& fabric)
    {
        const std::string kind = fabric.Find("kind")->text;
        for (const YamlEntry& entry : fabric.entries)
        {
            const std::string own = path + "." + entry.key;
            if (entry.key == "links")
            {
                for (const YamlEntry& link : entry.value.entries)
                {
                    AddSection(own + "." + link.key, "link", link.value);
                }
            }
            else if (entry.value.Find("kind"))
            {
                AddFabric(own, entry.value);
            }
            else if (entry.value.kind == YamlNode::MAPPING)
            {
                AddSection(own, entry.key, entry.value);
            }
            else
            {
                const auto attribute = m_keys.find({kind, entry.key});
                Add(own,
                    entry.value,
                    attribute == m_keys.end() ? m_keys[{"fabric", entry.key}] : attribute->second);
            }
        }
    }

    /**
     * Add the keys of a mapping.
     * @param [in] path Its place.
     * @param [in] section What its keys are listed under.
     * @param [in] mapping The mapping.
     */
    void AddSection(const std::string& path, const std::string& section, const YamlNode& mapping)
    {
        for (const YamlEntry& entry : mapping.entries)
        {
            Add(path + "." + entry.key, entry.value, m_keys[{section, entry.key}]);
        }
    }

    /**
     * Add a setting; of a mapping or a list of mappings, each value in it.
     * @param [in] path Its place.
     * @param [in] node Its value.
     * @param [in] info What is known of it.
     */
    void Add(const std::string& path, const YamlNode& node, const KeyInfo& info)
    {
        const bool hasMappings =
            std::any_of(node.items.begin(), node.items.end(), [](const YamlNode& item) {
                return item.kind == YamlNode::MAPPING;
            });
        if (node.kind == YamlNode::MAPPING)
        {
            for (const YamlEntry& entry : node.entries)
            {
                Add(path + "." + entry.key, entry.value, info);
            }
            return;
        }
        if (hasMappings && node.items.size() <= MOST_ITEMS)
        {
            for (std::size_t i = 0; i < node.items.size(); ++i)
            {
                Add(fmt::format("{}[{}]", path, i), node.items[i], info);
            }
            return;
        }
        SettingResult setting;
        setting.setting = path;
        setting.value = WriteValue(node);
        setting.meaning = info.meaning;
        setting.source = DescribeSource(node);
        if (setting.source.empty())
        {
            setting.provenance = info.provenance;
        }
        else
        {
            const auto comment = node.source->comments.find(node.line);
            setting.note = comment == node.source->comments.end() ? "" : comment->second;
            setting.provenance = GetProvenance(setting.note);
        }
        m_settings.push_back(std::move(setting));
    }

    /** @param [in] node A value. @return it as one line; of a long or nested list its length. */
    static std::string WriteValue(const YamlNode& node)
    {
        const bool isFlat =
            std::all_of(node.items.begin(), node.items.end(), [](const YamlNode& item) {
                return item.kind == YamlNode::SCALAR;
            });
        if (node.items.size() > MOST_ITEMS || !isFlat)
        {
            return fmt::format("a list of {}", node.items.size());
        }
        std::string text = WriteYaml(node);
        text.pop_back(); // the end of the line
        return text;
    }

    std::map<std::pair<std::string, std::string>, KeyInfo> m_keys{DescribeKeys()}; //!< All keys
    std::vector<SettingResult> m_settings;                                         //!< So far
};

} // namespace

std::vector<std::pair<std::string, std::vector<AttributeInfo>>>
DescribeSections()
{
    std::vector<std::pair<std::string, std::vector<AttributeInfo>>> sections{
        {"link", DescribeAttributes(LinkProfile::GetTypeId())},
        {"switch", DescribeAttributes(SwitchProfile::GetTypeId())},
        {"endpoint", DescribeAttributes(EndpointProfile::GetTypeId())},
        {"routing", DescribeAttributes(RoutingProfile::GetTypeId())},
        {"cost", DescribeAttributes(CostProfile::GetTypeId())}};
    for (const std::string& kind : GetFabricKinds())
    {
        sections.emplace_back(kind,
                              DescribeAttributes(CreateTopologyBuilder(kind)->GetInstanceTypeId()));
    }
    return sections;
}

std::vector<SettingResult>
ListSettings(const YamlNode& experiment)
{
    return SettingLister().List(experiment);
}

} // namespace mtlink
} // namespace ns3
