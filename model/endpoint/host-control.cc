/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "endpoint/control-registry.h"

#include <limits>
#include <memory>

namespace ns3
{
namespace mtlink
{

namespace
{

/**
 * Controls nothing: marks are for those who send messages, as TCP over NetDevices. With it switches
 * may mark packets, and marks are counted.
 */
class HostControl : public CongestionControl
{
  public:
    double GetRate(uint32_t flow, Tick) override
    {
        return GetPath(flow).rate;
    }

    double GetWindow(uint32_t) const override
    {
        return std::numeric_limits<double>::infinity();
    }

  protected:
    void DoAddFlow(const ControlledPath&) override
    {
    }

    void DoPacketSent(uint32_t, uint64_t, Tick) override
    {
    }

    void DoPacketAcknowledged(uint32_t, const Acknowledgement&, Tick) override
    {
    }
};

std::unique_ptr<CongestionControl>
Make(const CongestionProfile&)
{
    return std::make_unique<HostControl>();
}

const Registered<ControlKind> REGISTERED(GetCongestionControls(),
                                         "host",
                                         {.heedsMarks = true, .make = Make});

} // namespace

} // namespace mtlink
} // namespace ns3
