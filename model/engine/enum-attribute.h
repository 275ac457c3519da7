/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ENUM_ATTRIBUTE_H
#define MTLINK_ENUM_ATTRIBUTE_H

#include "ns3/enum.h"

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * ns-3's MakeEnumAccessor() needs the enum type as template argument since ns-3.41 and must not
 * have it before; both forms take this one.
 * @tparam E An unscoped enum: EnumValue holds an int in ns-3.37.
 * @tparam M Type of the member pointer.
 * @param [in] member The member that holds the value.
 * @return the accessor.
 */
template <typename E, typename M>
auto
EnumAccessor(M member)
{
    if constexpr (requires { MakeEnumAccessor<E>(member); })
    {
        return MakeEnumAccessor<E>(member);
    }
    else
    {
        return MakeEnumAccessor(member);
    }
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ENUM_ATTRIBUTE_H
