/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_NET_DEVICE_HELPER_H
#define MTLINK_NET_DEVICE_HELPER_H

#include "ns3/mtlink-fabric.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/object-factory.h"
#include "ns3/queue.h"
#include "ns3/trace-helper.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{

/**
 * @ingroup mtlink
 * Makes nodes of an ns-3 script endpoints of a fabric, and writes what their devices send and
 * receive into files, as ns-3's helpers do: EnablePcap(), EnablePcapAll(), EnableAscii() and
 * EnableAsciiAll(). Part of MtlinkHelper.
 */
class MtlinkNetDeviceHelper : public PcapHelperForDevice, public AsciiTraceHelperForDevice
{
  public:
    MtlinkNetDeviceHelper();

    /**
     * Set an attribute of devices installed from now on.
     * @param [in] name Its name, as "Mtu".
     * @param [in] value Its value.
     */
    void SetDeviceAttribute(const std::string& name, const AttributeValue& value);

    /**
     * Set where frames of devices installed from now on wait for the endpoint. The default is
     * ns3::DropTailQueue<Packet> with its own MaxSize.
     * @param [in] type Type of the queue.
     * @param [in] arguments Names and values of its attributes, in turn.
     */
    template <typename... Arguments>
    void SetQueue(std::string type, Arguments&&... arguments)
    {
        QueueBase::AppendItemTypeIfNotPresent(type, "Packet");
        m_queue = ObjectFactory();
        m_queue.SetTypeId(type);
        m_queue.Set(std::forward<Arguments>(arguments)...);
    }

    /** Devices installed from now on do not push back to queue discs above: frames are dropped. */
    void DisableFlowControl();

    /**
     * Make nodes the first endpoints of a fabric, node i endpoint i. Once for each node, before
     * its IP stack gets addresses.
     * @param [in] nodes The nodes, at most as many as the fabric has endpoints.
     * @param [in] fabric The fabric.
     * @return a device for each node.
     */
    NetDeviceContainer InstallNetDevices(const NodeContainer& nodes,
                                         Ptr<MtlinkFabric> fabric) const;

    /**
     * Make nodes certain endpoints of a fabric. Several devices may be at one endpoint.
     * @param [in] nodes The nodes.
     * @param [in] fabric The fabric.
     * @param [in] endpoints By node: its endpoint.
     * @return a device for each node.
     */
    NetDeviceContainer InstallNetDevices(const NodeContainer& nodes,
                                         Ptr<MtlinkFabric> fabric,
                                         const std::vector<uint32_t>& endpoints) const;

  private:
    void EnablePcapInternal(std::string prefix,
                            Ptr<NetDevice> device,
                            bool promiscuous,
                            bool explicitFilename) override;
    void EnableAsciiInternal(Ptr<OutputStreamWrapper> stream,
                             std::string prefix,
                             Ptr<NetDevice> device,
                             bool explicitFilename) override;

    ObjectFactory m_device;      //!< Makes devices
    ObjectFactory m_queue;       //!< Makes their queues
    bool m_hasFlowControl{true}; //!< Devices push back to queue discs
};

} // namespace ns3

#endif // MTLINK_NET_DEVICE_HELPER_H
