/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_REGISTRY_H
#define MTLINK_REGISTRY_H

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Algorithms of one sort by their names, the words of experiments. Each registers itself, by a
 * static object in its own source file, before main(): to add one touches no other file but the
 * build's list. The order of names is theirs, not that of registering.
 * @tparam Kind What is to be known of one, and how to make it.
 */
template <typename Kind>
class Registry
{
  public:
    /**
     * Add an algorithm; the latest of a name counts.
     * @param [in] name Its name, in snake_case.
     * @param [in] kind What is to be known of it.
     */
    void Add(const std::string& name, Kind kind)
    {
        m_kinds.insert_or_assign(name, std::move(kind));
    }

    /** Forget an algorithm. @param [in] name Its name. */
    void Remove(const std::string& name)
    {
        m_kinds.erase(name);
    }

    /**
     * @param [in] name A name.
     * @return what is known of that algorithm; nullptr: nobody has that name.
     */
    const Kind* Find(const std::string& name) const
    {
        const auto found = m_kinds.find(name);
        return found == m_kinds.end() ? nullptr : &found->second;
    }

    /** @return all names, in alphabetical order. */
    std::vector<std::string> GetNames() const
    {
        std::vector<std::string> names;
        for (const auto& [name, kind] : m_kinds)
        {
            names.push_back(name);
        }
        return names;
    }

  private:
    std::map<std::string, Kind> m_kinds; //!< By name
};

/**
 * @ingroup mtlink
 * An algorithm is registered as long as this is there: a static object in its source file.
 */
template <typename Kind>
class Registered
{
  public:
    /**
     * @param [in] registry Where.
     * @param [in] name By which name.
     * @param [in] kind What.
     */
    Registered(Registry<Kind>& registry, std::string name, const Kind& kind)
        : m_registry(registry),
          m_name(std::move(name))
    {
        m_registry.Add(m_name, kind);
    }

    ~Registered()
    {
        m_registry.Remove(m_name);
    }

    Registered(const Registered&) = delete;
    Registered& operator=(const Registered&) = delete;

  private:
    Registry<Kind>& m_registry; //!< Where it is
    std::string m_name;         //!< Its name
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_REGISTRY_H
