/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/*
 * A permutation over stock ns-3: PointToPointNetDevice and PointToPointChannel under the default
 * simulator and scheduler, in a fat tree of three levels of equal switches. C++17, as its headers
 * ask. No IP stack: a switch is a receive callback that looks up the next device, the least that a
 * script could do. Queues are without limit, so nothing is lost; there are no credits, no virtual
 * channels and no arbitration.
 *
 * usage: stock-point-to-point RADIX MESSAGES.csv (start_ns,src,dst,bytes)
 * Prints one JSON object: packet_hops, events, cpu_time_s, setup_time_s, peak_rss_bytes.
 */

#include "permutation-program.h"

#include "ns3/core-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <cstdint>
#include <vector>

using namespace ns3;

namespace
{

constexpr uint32_t HEADER = 62; //!< With the PPP header of 2 bytes: 64

/** The destination of a packet, as the one header that all switches read. */
class AddressHeader : public Header
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid =
            TypeId("AddressHeader").SetParent<Header>().AddConstructor<AddressHeader>();
        return tid;
    }

    TypeId GetInstanceTypeId() const override
    {
        return GetTypeId();
    }

    uint32_t GetSerializedSize() const override
    {
        return HEADER;
    }

    void Serialize(Buffer::Iterator start) const override
    {
        start.WriteU32(source);
        start.WriteU32(destination);
        start.WriteU8(0, HEADER - 8);
    }

    uint32_t Deserialize(Buffer::Iterator start) override
    {
        source = start.ReadU32();
        destination = start.ReadU32();
        return HEADER;
    }

    void Print(std::ostream& os) const override
    {
        os << source << " to " << destination;
    }

    uint32_t source{0};      //!< Endpoint
    uint32_t destination{0}; //!< Endpoint
};

/** A fat tree of three levels of switches of one radix: radix^3 / 4 endpoints. */
class FatTree
{
  public:
    explicit FatTree(uint32_t radix)
        : m_half(radix / 2),
          m_endpoints(radix * m_half * m_half),
          m_leaves(2 * m_half * m_half),
          m_nodes(m_endpoints + 2 * m_leaves + m_half * m_half)
    {
        m_ports.resize(m_nodes.size());
        for (Ptr<Node>& node : m_nodes)
        {
            node = CreateObject<Node>();
        }
        // Ports of a switch: down first, then up.
        for (uint32_t endpoint = 0; endpoint < m_endpoints; ++endpoint)
        {
            Connect(endpoint, Leaf(endpoint / m_half));
        }
        for (uint32_t leaf = 0; leaf < m_leaves; ++leaf)
        {
            for (uint32_t up = 0; up < m_half; ++up)
            {
                Connect(Leaf(leaf), Spine(leaf / m_half * m_half + up));
            }
        }
        for (uint32_t spine = 0; spine < m_leaves; ++spine)
        {
            for (uint32_t up = 0; up < m_half; ++up)
            {
                Connect(Spine(spine), Top(spine % m_half * m_half + up));
            }
        }
    }

    uint32_t GetEndpoints() const
    {
        return m_endpoints;
    }

    /** Have an endpoint send a message of some bytes at the start. */
    void Send(uint32_t source, uint32_t destination, uint64_t bytes)
    {
        Simulator::Schedule(Seconds(0), &FatTree::Enqueue, this, source, destination, bytes);
    }

    void Run()
    {
        Simulator::Run();
    }

    uint64_t GetEvents() const
    {
        return Simulator::GetEventCount();
    }

    /** Put a message of some bytes into its endpoint's device. */
    void Enqueue(uint32_t source, uint32_t destination, uint64_t bytes)
    {
        for (uint64_t sent = 0; sent < bytes; sent += PAYLOAD)
        {
            Ptr<Packet> packet = Create<Packet>(std::min<uint64_t>(PAYLOAD, bytes - sent));
            AddressHeader header;
            header.source = source;
            header.destination = destination;
            packet->AddHeader(header);
            Transmit(source, 0, packet);
        }
    }

    uint64_t packetHops{0}; //!< Packets given to a device
    uint64_t delivered{0};  //!< Packets at their destination

  private:
    uint32_t Leaf(uint32_t i) const
    {
        return m_endpoints + i;
    }

    uint32_t Spine(uint32_t i) const
    {
        return m_endpoints + m_leaves + i;
    }

    uint32_t Top(uint32_t i) const
    {
        return m_endpoints + 2 * m_leaves + i;
    }

    void Connect(uint32_t below, uint32_t above)
    {
        Ptr<PointToPointChannel> channel = CreateObject<PointToPointChannel>();
        channel->SetAttribute("Delay", TimeValue(MicroSeconds(1)));
        for (const uint32_t node : {below, above})
        {
            Ptr<PointToPointNetDevice> device = CreateObject<PointToPointNetDevice>();
            device->SetAttribute("DataRate", StringValue("100Gbps"));
            device->SetMtu(9000);
            device->SetAddress(Mac48Address::Allocate());
            Ptr<DropTailQueue<Packet>> queue = CreateObject<DropTailQueue<Packet>>();
            queue->SetMaxSize(QueueSize("1000000000p"));
            device->SetQueue(queue);
            device->Attach(channel);
            m_nodes[node]->AddDevice(device);
            device->SetReceiveCallback(
                [this, node](Ptr<NetDevice>, Ptr<const Packet> packet, uint16_t, const Address&) {
                    Receive(node, packet);
                    return true;
                });
            m_ports[node].push_back(device);
        }
    }

    void Transmit(uint32_t node, uint32_t port, Ptr<Packet> packet)
    {
        ++packetHops;
        m_ports[node][port]->Send(packet, m_ports[node][port]->GetBroadcast(), 0x0800);
    }

    void Receive(uint32_t node, Ptr<const Packet> packet)
    {
        AddressHeader header;
        packet->PeekHeader(header);
        if (node < m_endpoints)
        {
            ++delivered;
            return;
        }
        // Up by a hash of the flow until the destination is below, then down.
        uint32_t port;
        const uint32_t leaf = header.destination / m_half;
        const uint32_t hash = (header.source * 2654435761U ^ node * 40503U) >> 7;
        if (node < Spine(0))
        {
            port = leaf == node - Leaf(0) ? header.destination % m_half : m_half + hash % m_half;
        }
        else if (node < Top(0))
        {
            const bool below = leaf / m_half == (node - Spine(0)) / m_half;
            port = below ? leaf % m_half : m_half + hash % m_half;
        }
        else
        {
            port = leaf / m_half;
        }
        Transmit(node, port, packet->Copy());
    }

    uint32_t m_half;                                  //!< Ports up, and down
    uint32_t m_endpoints;                             //!< Their number
    uint32_t m_leaves;                                //!< Number of leaves, and of spines
    std::vector<Ptr<Node>> m_nodes;                   //!< Endpoints, leaves, spines, tops
    std::vector<std::vector<Ptr<NetDevice>>> m_ports; //!< By node
};

} // namespace

int
main(int argc, char* argv[])
{
    const int status = RunPermutation<FatTree>(argc, argv);
    Simulator::Destroy();
    return status;
}
