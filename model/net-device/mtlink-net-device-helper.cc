/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-net-device-helper.h"

#include "measure/fabric-layout.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/mac48-address.h"
#include "ns3/mtlink-channel.h"
#include "ns3/mtlink-net-device.h"
#include "ns3/net-device-queue-interface.h"
#include "ns3/node.h"
#include "ns3/object.h"
#include "ns3/pcap-file-wrapper.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <sstream>
#include <string>

namespace ns3
{

namespace
{

/** A sink of an ASCII trace that is told what fires, and one that is not. */
using SinkWithContext = void (*)(Ptr<OutputStreamWrapper>, std::string, Ptr<const Packet>);
using Sink = void (*)(Ptr<OutputStreamWrapper>, Ptr<const Packet>);

/** What an ASCII trace has a line for. */
struct AsciiLine
{
    const char* source;          //!< The trace source
    bool isOfQueue;              //!< Of the device's queue
    Sink sink;                   //!< Writes it into a device's own file
    SinkWithContext contextSink; //!< Writes it into one of many
};

/** `+`, `-` and `d` of the queue, `d` of the device, `r`: the letters of ns-3. */
const std::array<AsciiLine, 5> ASCII_LINES{{
    {"Enqueue",
     true,
     AsciiTraceHelper::DefaultEnqueueSinkWithoutContext,
     AsciiTraceHelper::DefaultEnqueueSinkWithContext},
    {"Dequeue",
     true,
     AsciiTraceHelper::DefaultDequeueSinkWithoutContext,
     AsciiTraceHelper::DefaultDequeueSinkWithContext},
    {"Drop",
     true,
     AsciiTraceHelper::DefaultDropSinkWithoutContext,
     AsciiTraceHelper::DefaultDropSinkWithContext},
    {"PhyRxDrop",
     false,
     AsciiTraceHelper::DefaultDropSinkWithoutContext,
     AsciiTraceHelper::DefaultDropSinkWithContext},
    {"MacRx",
     false,
     AsciiTraceHelper::DefaultReceiveSinkWithoutContext,
     AsciiTraceHelper::DefaultReceiveSinkWithContext},
}};

/** Write a packet that was seen now. */
void
WritePacket(Ptr<PcapFileWrapper> file, Ptr<const Packet> packet)
{
    file->Write(Simulator::Now(), packet);
}

/**
 * The pcap files of a device. Two helpers may ask for the same one, as in scripts that had a helper
 * for each kind of device: EnablePcapAll() of one reaches the devices of the other. It is written
 * once, with all that either wants.
 */
class PcapFiles : public Object
{
  public:
    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId()
    {
        static TypeId tid =
            TypeId("ns3::mtlink::PcapFiles").SetParent<Object>().SetGroupName("Mtlink");
        return tid;
    }

    /** @return those of a device. */
    static Ptr<PcapFiles> Of(Ptr<MtlinkNetDevice> device)
    {
        Ptr<PcapFiles> files = device->GetObject<PcapFiles>();
        if (!files)
        {
            files = CreateObject<PcapFiles>();
            device->AggregateObject(files);
        }
        return files;
    }

    /** Write what a device sees into a file from now on. */
    void Enable(Ptr<MtlinkNetDevice> device, const std::string& name, bool isPromiscuous)
    {
        const auto [entry, isNew] = m_files.try_emplace(name);
        File& file = entry->second;
        if (isNew)
        {
            file.wrapper =
                CreateObjectWithAttributes<PcapFileWrapper>("NanosecMode", BooleanValue(true));
            file.wrapper->Open(name, std::ios::out | std::ios::binary);
            NS_ABORT_MSG_IF(file.wrapper->Fail(), name << " can't be written");
            file.wrapper->Init(PcapHelper::DLT_EN10MB);
        }
        else if (file.isPromiscuous || !isPromiscuous)
        {
            return;
        }
        else
        {
            device->TraceDisconnectWithoutContext("Sniffer",
                                                  MakeBoundCallback(&WritePacket, file.wrapper));
        }
        file.isPromiscuous = isPromiscuous;
        device->TraceConnectWithoutContext(isPromiscuous ? "PromiscSniffer" : "Sniffer",
                                           MakeBoundCallback(&WritePacket, file.wrapper));
    }

  private:
    /** One of them. */
    struct File
    {
        Ptr<PcapFileWrapper> wrapper; //!< The file
        bool isPromiscuous{false};    //!< Frames for others, too
    };

    std::map<std::string, File> m_files; //!< By name
};

NS_OBJECT_ENSURE_REGISTERED(PcapFiles);

} // namespace

MtlinkNetDeviceHelper::MtlinkNetDeviceHelper()
{
    m_device.SetTypeId("ns3::MtlinkNetDevice");
    m_queue.SetTypeId("ns3::DropTailQueue<Packet>");
}

void
MtlinkNetDeviceHelper::SetDeviceAttribute(const std::string& name, const AttributeValue& value)
{
    m_device.Set(name, value);
}

void
MtlinkNetDeviceHelper::DisableFlowControl()
{
    m_hasFlowControl = false;
}

NetDeviceContainer
MtlinkNetDeviceHelper::InstallNetDevices(const NodeContainer& nodes, Ptr<MtlinkFabric> fabric) const
{
    std::vector<uint32_t> endpoints(nodes.GetN());
    std::iota(endpoints.begin(), endpoints.end(), 0);
    return InstallNetDevices(nodes, fabric, endpoints);
}

NetDeviceContainer
MtlinkNetDeviceHelper::InstallNetDevices(const NodeContainer& nodes,
                                         Ptr<MtlinkFabric> fabric,
                                         const std::vector<uint32_t>& endpoints) const
{
    NS_ABORT_MSG_IF(endpoints.size() != nodes.GetN(),
                    nodes.GetN() << " nodes, but " << endpoints.size()
                                 << " endpoints: each node needs one");
    const Ptr<MtlinkChannel> channel = MtlinkChannel::Of(fabric);
    NetDeviceContainer devices;
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        const Ptr<MtlinkNetDevice> device = m_device.Create<MtlinkNetDevice>();
        const Ptr<Queue<Packet>> queue = m_queue.Create<Queue<Packet>>();
        device->SetAddress(Mac48Address::Allocate());
        device->SetQueue(queue);
        nodes.Get(i)->AddDevice(device);
        channel->Attach(device, endpoints[i]);
        if (m_hasFlowControl)
        {
            const auto interface = CreateObject<NetDeviceQueueInterface>();
            interface->GetTxQueue(0)->ConnectQueueTraces(queue);
            device->AggregateObject(interface);
        }
        devices.Add(device);
    }
    return devices;
}

NodeContainer
MtlinkNetDeviceHelper::CreateSwitchNodes(Ptr<MtlinkFabric> fabric)
{
    return NodeContainer(fabric->GetTopology().GetSwitches());
}

std::vector<Vector>
MtlinkNetDeviceHelper::GetPositions(Ptr<MtlinkFabric> fabric, double spacing)
{
    NS_ABORT_MSG_UNLESS(spacing > 0, "nodes are more than 0 apart, not " << spacing);
    mtlink::RunResults results; // its tables of nodes and links
    fabric->Collect(results);
    const std::vector<uint32_t> levels = mtlink::LayOutFabric(results).levels;
    const uint32_t top = *std::max_element(levels.begin(), levels.end());
    std::vector<uint32_t> counts(top + 1);
    for (const uint32_t level : levels)
    {
        ++counts[level];
    }
    const uint32_t longest = *std::max_element(counts.begin(), counts.end());
    std::vector<uint32_t> before(top + 1);
    std::vector<Vector> positions;
    for (const uint32_t level : levels)
    {
        const double cell = spacing * longest / counts[level];
        positions.emplace_back(cell * (before[level]++ + 0.5), spacing * (top - level), 0);
    }
    return positions;
}

void
MtlinkNetDeviceHelper::EnablePcapInternal(std::string prefix,
                                          Ptr<NetDevice> anyDevice,
                                          bool promiscuous,
                                          bool explicitFilename)
{
    const Ptr<MtlinkNetDevice> device = DynamicCast<MtlinkNetDevice>(anyDevice);
    if (!device)
    {
        return; // as EnablePcapAll() asks every helper about every device
    }
    const std::string name =
        explicitFilename ? prefix : PcapHelper().GetFilenameFromDevice(prefix, device);
    PcapFiles::Of(device)->Enable(device, name, promiscuous);
}

void
MtlinkNetDeviceHelper::EnableAsciiInternal(Ptr<OutputStreamWrapper> stream,
                                           std::string prefix,
                                           Ptr<NetDevice> anyDevice,
                                           bool explicitFilename)
{
    const Ptr<MtlinkNetDevice> device = DynamicCast<MtlinkNetDevice>(anyDevice);
    if (!device)
    {
        return;
    }
    Packet::EnablePrinting();
    const bool isShared = stream != nullptr;
    if (!isShared)
    {
        AsciiTraceHelper ascii;
        stream = ascii.CreateFileStream(
            explicitFilename ? prefix : ascii.GetFilenameFromDevice(prefix, device));
    }
    std::ostringstream path;
    path << "/NodeList/" << device->GetNode()->GetId() << "/DeviceList/" << device->GetIfIndex()
         << "/$ns3::MtlinkNetDevice/";
    for (const AsciiLine& line : ASCII_LINES)
    {
        const Ptr<Object> source =
            line.isOfQueue ? Ptr<Object>(device->GetQueue()) : Ptr<Object>(device);
        if (isShared)
        {
            const std::string name = path.str() + (line.isOfQueue ? "TxQueue/" : "") + line.source;
            source->TraceConnect(line.source, name, MakeBoundCallback(line.contextSink, stream));
        }
        else
        {
            source->TraceConnectWithoutContext(line.source, MakeBoundCallback(line.sink, stream));
        }
    }
}

} // namespace ns3
