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
#include "ns3/vector.h"

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

    /**
     * Make nodes that stand for the switches of a fabric, so that tools which show nodes, as
     * NetAnim, show them: they have no devices, and nothing passes them.
     * @param [in] fabric The fabric.
     * @return a node for each switch, in the topology's order, which is that of GetPositions()
     * after its endpoints.
     */
    static NodeContainer CreateSwitchNodes(Ptr<MtlinkFabric> fabric);

    /**
     * Find where a drawing of a fabric has its nodes: endpoints in the lowest row, each switch in a
     * row above by its links to the nearest endpoint, the nodes of a row as far apart as fills it.
     * @param [in] fabric The fabric.
     * @param [in] spacing Between rows, and between the nodes of the longest one; NetAnim's units,
     *             above 0.
     * @return by node of the topology: its place; y grows downwards, z is 0.
     */
    static std::vector<Vector> GetPositions(Ptr<MtlinkFabric> fabric, double spacing = 10);

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
