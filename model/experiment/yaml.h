/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_YAML_H
#define MTLINK_YAML_H

#include "ns3/mtlink-error.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Where a piece of YAML came from.
 */
struct YamlSource
{
    std::string name;      //!< As the user wrote it: a file, or "--set KEY=VALUE"
    std::string directory; //!< What relative paths in it are relative to; empty: the current one
    std::map<uint32_t, std::string> comments{}; //!< What stands behind # in a line, by line
};

struct YamlEntry;

/**
 * @ingroup mtlink
 * A value of a YAML document that knows its place. Mappings keep the order of the file; a key
 * occurs once.
 */
struct YamlNode
{
    /** What a value is. */
    enum Kind : uint8_t
    {
        NOTHING, //!< Empty, ~ or null
        SCALAR,  //!< A word, a number or a text
        LIST,    //!< Values
        MAPPING  //!< Keys and their values
    };

    Kind kind{NOTHING};                       //!< What it is
    bool quoted{false};                       //!< SCALAR: written in quotes
    uint32_t line{1};                         //!< From 1
    uint32_t column{1};                       //!< From 1
    std::shared_ptr<const YamlSource> source; //!< Where it came from; nullptr: made by the program
    std::string text;                         //!< SCALAR
    std::vector<YamlNode> items;              //!< LIST
    std::vector<YamlEntry> entries;           //!< MAPPING

    /** @return the place of the value. */
    Where GetWhere() const;

    /**
     * @param [in] key A key of this mapping.
     * @return its value, or nullptr.
     */
    const YamlNode* Find(const std::string& key) const;

    /** Find() for changing; parameters as there. */
    YamlNode* Find(const std::string& key);

    /**
     * Set a key of this mapping; one that is new comes last.
     * @param [in] entry The key, its place and its value.
     */
    void Set(YamlEntry entry);

    /**
     * Set a key of this mapping; one that is new comes last.
     * @param [in] key The key.
     * @param [in] value Its value, which also gives the key's place.
     */
    void Set(const std::string& key, YamlNode value);

    /**
     * Say that this value comes from where another does; of nullptr, nothing is said.
     * @param [in] other The other value, or nullptr.
     */
    void TakePlace(const YamlNode* other);

    /**
     * Take a key out of this mapping.
     * @param [in] key The key; it need not be there.
     */
    void Erase(const std::string& key);

    /**
     * Refuse this value.
     * @param [in] message What is wrong, and what would be right.
     * @throws InputError always.
     */
    [[noreturn]] void Refuse(const std::string& message) const;
};

/**
 * @ingroup mtlink
 * A key of a mapping and its value.
 */
struct YamlEntry
{
    std::string key;    //!< The key
    uint32_t line{1};   //!< Line of the key, from 1
    uint32_t column{1}; //!< Column of the key, from 1
    YamlNode value;     //!< The value
};

/**
 * @ingroup mtlink
 * Make a scalar that came from no file.
 * @param [in] text Its text.
 * @return the value.
 */
YamlNode MakeYamlScalar(std::string text);

/**
 * @ingroup mtlink
 * Make a mapping or list that came from no file.
 * @param [in] kind What to make.
 * @return the value, empty.
 */
YamlNode MakeYaml(YamlNode::Kind kind);

/**
 * @ingroup mtlink
 * Parse one YAML document. Refused beyond what YAML itself refuses: a key that occurs twice, a
 * second document, tags, keys that are not plain words, more than 64 levels, more than a million
 * values (aliases count as what they stand for).
 * @param [in] text The document.
 * @param [in] source Its name for messages, and its directory.
 * @return its outermost value.
 * @throws InputError at the place that is wrong.
 */
YamlNode ParseYaml(const std::string& text, const YamlSource& source);

/**
 * @ingroup mtlink
 * Parse a file.
 * @param [in] file Path of the file.
 * @return its outermost value, always a mapping.
 * @throws InputError as ParseYaml(), and if the file can't be read or is no mapping.
 */
YamlNode LoadYaml(const std::string& file);

/**
 * @ingroup mtlink
 * Write a value as YAML that parses to the same value.
 * @param [in] node The value.
 * @return the text, lines ended.
 */
std::string WriteYaml(const YamlNode& node);

/**
 * @ingroup mtlink
 * Resolve a path that stands in a document, against the directory of that document.
 * @param [in] node The scalar that holds the path.
 * @return the path, to be opened from the current directory.
 */
std::string ResolvePath(const YamlNode& node);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_YAML_H
