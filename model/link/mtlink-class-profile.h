/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CLASS_PROFILE_H
#define MTLINK_CLASS_PROFILE_H

#include "ns3/object.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** Largest weight of a traffic class. */
inline constexpr uint32_t MOST_WEIGHT = 1000;

/** @ingroup mtlink Which traffic class goes first; names as in YAML, without CLASS_. */
enum ClassPolicy
{
    CLASS_ROUND_ROBIN, //!< A packet of each in turn
    CLASS_STRICT,      //!< The lowest number
    CLASS_WEIGHTED,    //!< By shares of the bandwidth
};

/**
 * @ingroup mtlink
 * How the traffic classes of one kind of sender take turns.
 */
struct ClassRules
{
    /** Virtual time of a flit of a class of weight 1: weights are exact to 2^-15. */
    static constexpr uint64_t UNIT = 1ULL << 24;

    uint32_t classes{1};                   //!< How many
    ClassPolicy policy{CLASS_ROUND_ROBIN}; //!< Which goes first
    std::vector<uint64_t> steps;           //!< CLASS_WEIGHTED: virtual time of a flit, by class
};

/**
 * @ingroup mtlink
 * Parameters of the traffic classes of who sends over links: part of `switch:` and of `endpoint:`.
 */
class ClassProfile : public Object
{
  public:
    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    /** @return the number of traffic classes, 1 to 16. */
    uint32_t GetTrafficClasses() const
    {
        return m_trafficClasses;
    }

    /** @return which class goes first. */
    ClassPolicy GetClassPolicy() const
    {
        return m_classPolicy;
    }

    /** @return the rules by which classes take turns; CheckClasses() must hold. */
    ClassRules GetClassRules() const;

    /**
     * Refuse what can't be, or would have no effect.
     * @throws ParameterError naming the key.
     */
    void CheckClasses() const;

  private:
    uint32_t m_trafficClasses;  //!< How many
    ClassPolicy m_classPolicy;  //!< Which goes first
    std::string m_classWeights; //!< Of policy weighted
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CLASS_PROFILE_H
