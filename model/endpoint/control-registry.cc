/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/control-registry.h"

namespace ns3
{
namespace mtlink
{

Registry<ControlKind>&
GetCongestionControls()
{
    static Registry<ControlKind> controls; // made when the first registers, in whatever order
    return controls;
}

const ControlKind*
FindControl(const CongestionProfile& profile)
{
    return GetCongestionControls().Find(profile.GetCongestionControl());
}

} // namespace mtlink
} // namespace ns3
