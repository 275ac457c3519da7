/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TEST_TRACE_SINK_H
#define MTLINK_TEST_TRACE_SINK_H

#include <type_traits>
#include <utility>

/** A lambda that can be compared, as constructors of callbacks before ns-3.37 ask. */
template <typename F>
struct ComparableLambda
{
    mutable F call; //!< The lambda

    template <typename... Arguments>
    auto operator()(Arguments&&... arguments) const
    {
        return call(std::forward<Arguments>(arguments)...);
    }

    bool operator!=(const ComparableLambda&) const
    {
        return true;
    }
};

/**
 * Make a callback of a lambda, which ns3::Callback's constructor takes since ns-3.37.
 * @tparam Sink The callback's type.
 * @tparam F The lambda's.
 * @param [in] function The lambda.
 * @return the callback.
 */
template <typename Sink, typename F>
Sink
MakeSink(F function)
{
    if constexpr (std::is_constructible_v<Sink, F>)
    {
        return Sink(function);
    }
    else
    {
        return Sink(ComparableLambda<F>{function}, true, true);
    }
}

#endif // MTLINK_TEST_TRACE_SINK_H
