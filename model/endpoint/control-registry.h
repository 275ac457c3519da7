/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CONTROL_REGISTRY_H
#define MTLINK_CONTROL_REGISTRY_H

#include "endpoint/congestion-control.h"
#include "engine/registry.h"

#include "ns3/mtlink-congestion-profile.h"

#include <memory>
#include <string>

namespace ns3
{
namespace mtlink
{

/** The word for window and credits alone: nobody registers it. */
inline constexpr const char* NO_CONGESTION_CONTROL = "none";

/**
 * @ingroup mtlink
 * What is to be known of a congestion control before there is a fabric.
 */
struct ControlKind
{
    bool heedsMarks{false};     //!< It goes by marks (ECN): some switch has to make them
    bool readsTelemetry{false}; //!< It goes by what switches write into packets
    std::string parameters{};   //!< How the names of its attributes begin; empty: it has none
    /** Makes it, with its parameters. */
    std::unique_ptr<CongestionControl> (*make)(const CongestionProfile& profile){nullptr};
};

/** @return all congestion controls, by the words of CongestionProfile's CongestionControl. */
Registry<ControlKind>& GetCongestionControls();

/**
 * @ingroup mtlink
 * @param [in] profile Names a congestion control.
 * @return what is known of it; nullptr: none.
 */
const ControlKind* FindControl(const CongestionProfile& profile);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CONTROL_REGISTRY_H
