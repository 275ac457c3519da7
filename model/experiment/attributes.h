/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ATTRIBUTES_H
#define MTLINK_ATTRIBUTES_H

#include "engine/case.h"
#include "experiment/yaml-mapping.h"

#include "ns3/object-base.h"
#include "ns3/type-id.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** How the value of an attribute is written in YAML. */
enum class AttributeForm
{
    RATE,      //!< A rate with its unit
    TIME,      //!< A time with its unit
    BYTES,     //!< A size with its unit
    BYTE_RATE, //!< A rate with its unit, kept in bytes/s
    LENGTH,    //!< A length with its unit
    INTEGER,   //!< A whole number
    NUMBER,    //!< A decimal number
    BOOLEAN,   //!< true or false
    CHOICE,    //!< One of some words
    LIST,      //!< A list of whole numbers, kept as "4, 4, 4"
    FILE,      //!< A path, relative to the file that names it
    TEXT,      //!< Any text
};

/**
 * @ingroup mtlink
 * One attribute as a user of YAML sees it.
 */
struct AttributeInfo
{
    std::string key;                  //!< YAML key
    std::string name;                 //!< ns-3's name
    AttributeForm form;               //!< How it is written
    std::string unit;                 //!< "bytes", "bit/s", "s", "m", or empty
    std::string defaultValue;         //!< As written in YAML; empty: none
    std::string range;                //!< "1 to 65536", "voq | fifo", or empty
    std::vector<std::string> choices; //!< CHOICE: the words
    std::string help;                 //!< Meaning, and where the default comes from
    std::string provenance;           //!< "assumed", "inferred", ... as the help says
};

/**
 * @ingroup mtlink
 * Make ns-3 count picoseconds. Needed before any Time is read: one read before is rounded to
 * nanoseconds.
 */
void UsePicoseconds();

/**
 * @ingroup mtlink
 * @param [in] tid A type.
 * @return its attributes, those of its parents first, each in order of registration.
 */
std::vector<AttributeInfo> DescribeAttributes(TypeId tid);

/**
 * @ingroup mtlink
 * Set those attributes of an object that a mapping has keys for. The mapping's other keys are left
 * to whoever calls YamlMapping::Finish().
 * @param [in,out] object The object.
 * @param [in,out] mapping The mapping; its attribute keys are taken.
 * @param [in] section The mapping's name in the list of later features, as "switch".
 * @throws InputError at the value that can't be.
 */
void SetAttributes(ObjectBase& object, YamlMapping& mapping, const std::string& section);

/**
 * @ingroup mtlink
 * @param [in] object An object.
 * @param [in] info One of its attributes.
 * @return its value as YAML that SetAttributes() reads to the same.
 */
YamlNode GetAttribute(const ObjectBase& object, const AttributeInfo& info);

/**
 * @ingroup mtlink
 * @param [in] object An object.
 * @param [in] given The mapping from which SetAttributes() set some of them, or nullptr.
 * @return its attributes as a mapping, without those that are not set; those that were given know
 * their places.
 */
YamlNode WriteAttributes(const ObjectBase& object, const YamlNode* given);

/**
 * @ingroup mtlink
 * @param [in] text What is said of a value.
 * @return the first of the words that tell where values come from, as "assumed"; empty: none.
 */
std::string GetProvenance(const std::string& text);

/**
 * @ingroup mtlink
 * @param [in] object An object.
 * @param [in] name The ns-3 name of one of its attributes.
 * @return its value in ns-3's own text form.
 */
std::string GetAttributeText(const ObjectBase& object, const std::string& name);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ATTRIBUTES_H
