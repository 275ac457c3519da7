/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_YAML_MAPPING_H
#define MTLINK_YAML_MAPPING_H

#include "experiment/yaml.h"

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Reads a mapping strictly: whoever takes the keys that it knows learns of those that are left.
 */
class YamlMapping
{
  public:
    /**
     * @param [in] node The mapping; must outlive this.
     * @param [in] section Its name in messages and in the list of later features, as "switch".
     * @throws InputError if it is no mapping.
     */
    YamlMapping(const YamlNode& node, std::string section);

    /**
     * Take a key that may be absent.
     * @param [in] key The key.
     * @return its value, never NOTHING; or nullptr.
     * @throws InputError if the key is there without a value.
     */
    const YamlNode* Take(const std::string& key);

    /**
     * Take a key that must be there.
     * @param [in] key The key.
     * @param [in] example What it could be, as "size: 64MiB".
     * @return its value.
     */
    const YamlNode& Need(const std::string& key, const std::string& example);

    /**
     * All known keys are taken: refuse the rest, naming the nearest valid key.
     */
    void Finish() const;

    /** @return the mapping. */
    const YamlNode& GetNode() const
    {
        return m_node;
    }

  private:
    const YamlNode& m_node;          //!< The mapping
    std::string m_section;           //!< Its name
    std::vector<std::string> m_keys; //!< Valid keys so far
};

/**
 * @ingroup mtlink
 * @param [in] what What a word is that is none of the valid ones, as "key 'bufer' in switch".
 * @param [in] word The word.
 * @param [in] valid The valid ones, not empty.
 * @return that it is unknown, the nearest valid one if it is near, and all.
 */
std::string DescribeUnknown(const std::string& what,
                            const std::string& word,
                            const std::vector<std::string>& valid);

/**
 * @ingroup mtlink
 * Refuse a word that is none of the valid ones, naming the nearest.
 * @param [in] where Its place.
 * @param [in] what What it is, as "key 'bufer' in switch".
 * @param [in] word The word.
 * @param [in] valid The valid ones, not empty.
 */
[[noreturn]] void RefuseUnknown(const Where& where,
                                const std::string& what,
                                const std::string& word,
                                const std::vector<std::string>& valid);

/**
 * @ingroup mtlink
 * @param [in] node A value.
 * @param [in] what What it should be, as "a size, as 64KiB".
 * @return its text.
 * @throws InputError if it is no scalar.
 */
const std::string& ReadText(const YamlNode& node, const std::string& what);

/**
 * @ingroup mtlink
 * @param [in] node A value.
 * @param [in] min Least.
 * @param [in] max Most.
 * @return a whole number.
 */
uint64_t ReadInteger(const YamlNode& node,
                     uint64_t min = 0,
                     uint64_t max = std::numeric_limits<uint64_t>::max());

/**
 * @ingroup mtlink
 * @param [in] node A value.
 * @param [in] min Least.
 * @param [in] max Most.
 * @return a number.
 */
double ReadNumber(const YamlNode& node, double min, double max);

/**
 * @ingroup mtlink
 * @param [in] node A value.
 * @param [in] min Least, bytes.
 * @return a size in bytes.
 */
uint64_t ReadBytes(const YamlNode& node, uint64_t min = 0);

/**
 * @ingroup mtlink
 * @param [in] node A value.
 * @return a time in picoseconds.
 */
Tick ReadTime(const YamlNode& node);

/**
 * @ingroup mtlink
 * @param [in] node A value, as 0.75 or 75 %.
 * @param [in] most Most.
 * @return a fraction, 0 to `most`.
 */
double ReadFraction(const YamlNode& node, double most = 1);

/**
 * @ingroup mtlink
 * @param [in] node A value.
 * @return a truth value.
 */
bool ReadBoolean(const YamlNode& node);

/**
 * @ingroup mtlink
 * @param [in] node A value.
 * @param [in] section Its mapping, for the list of later features.
 * @param [in] key Its key.
 * @param [in] valid The valid words.
 * @return one of them.
 */
std::string ReadChoice(const YamlNode& node,
                       const std::string& section,
                       const std::string& key,
                       const std::vector<std::string>& valid);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_YAML_MAPPING_H
