/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_NS3_LAMBDAS_H
#define MTLINK_NS3_LAMBDAS_H

/**
 * @file
 * Included before all else by the wscript: Simulator::Schedule() of ns-3.35 takes no lambdas,
 * as it does since ns-3.37. It calls MakeEvent(), which here takes them.
 */

#include "ns3/event-impl.h"
#include "ns3/make-event.h"

#include <concepts>
#include <functional> // which later headers of ns-3 bring
#include <utility>

namespace ns3
{

/**
 * Make an event of a lambda.
 * @tparam F Its type.
 * @param [in] function What the event calls.
 * @return the event, which the caller owns.
 */
template <std::invocable F>
EventImpl*
MakeEvent(F function)
{
    /** An event that calls a lambda. */
    class Lambda : public EventImpl
    {
      public:
        /** @param [in] f What to call. */
        explicit Lambda(F f)
            : m_function(std::move(f))
        {
        }

      private:
        void Notify() override
        {
            m_function();
        }

        F m_function; //!< What to call
    };

    return new Lambda(std::move(function));
}

} // namespace ns3

#endif // MTLINK_NS3_LAMBDAS_H
