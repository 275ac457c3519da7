/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/*
 * TCP and UDP between the hosts of random fabrics, with faults, until so many frames have come in.
 * After each fabric all counts must add up exactly: what was sent is in, or was dropped by a fault,
 * a device whose link is down, or a full queue.
 *
 * usage: soak FRAMES [SEED]
 * Prints a line each tenth of the way. Exit status 1 if anything does not add up, or memory grows.
 */

#include "ns3/arp-cache.h"
#include "ns3/arp-l3-protocol.h"
#include "ns3/bulk-send-helper.h"
#include "ns3/config.h"
#include "ns3/ethernet-header.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-queue-disc-item.h"
#include "ns3/mtlink-module.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/queue-disc.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/string.h"
#include "ns3/traffic-control-layer.h"
#include "ns3/udp-l4-protocol.h"
#include "ns3/uinteger.h"

#include <array>
#include <chrono>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

using namespace ns3;

namespace
{

constexpr uint16_t PORT = 5000;        //!< Of the first server; each has one of its own
constexpr uint32_t NETWORK = 10 << 24; //!< 10.0.0.0
constexpr uint32_t HEADERS = 52;       //!< IPv4, TCP with time stamps
constexpr double MOST_GROWTH = 1.25;   //!< Of memory, from a tenth of the way to its end
constexpr double LONGEST_START = 2e-3; //!< Flows and faults begin by then, s

/** What was dropped: packets of all kinds, ARP's included; IPv4's; and UDP's. */
struct Tally
{
    uint64_t all{0};
    uint64_t ip{0};
    uint64_t udp{0};
};

/** What was counted on one fabric. */
struct Counts
{
    uint64_t offered{0};     //!< Datagrams that sockets took
    uint64_t datagrams{0};   //!< Datagrams that came in
    uint64_t ipSent{0};      //!< Packets that IP handed down
    uint64_t ipReceived{0};  //!< Packets that came up to IP
    uint64_t framesTaken{0}; //!< Frames that devices took from above
    uint64_t framesBegun{0}; //!< Frames handed to endpoints
    uint64_t copies{0};      //!< Of these: one, or one for each other device where it is for all
    uint64_t framesGone{0};  //!< Frames that have left
    uint64_t framesIn{0};    //!< Frames that came in
    Tally arp;               //!< Dropped as they waited for an address, or found no room to
    Tally queueDisc;         //!< Dropped by a full queue disc
    Tally queue;             //!< Dropped by a full queue of a device
    Tally down;              //!< Dropped by a device that is down
    Tally faults;            //!< Dropped by a fault of the fabric
    bool isQueueFull{false}; //!< The next drop of a device is one of its queue
};

/** Totals over all fabrics. */
struct Totals
{
    uint64_t frames{0};
    uint64_t fabrics{0};
    uint64_t datagrams{0};
    uint64_t tcpBytes{0};
    uint64_t arp{0};
    uint64_t queueDisc{0};
    uint64_t queue{0};
    uint64_t down{0};
    uint64_t faults{0};
};

Counts g_counts; //!< Of the fabric that runs

/** Count an IPv4 packet. */
void
CountIp(Tally& tally, const Ipv4Header& header)
{
    ++tally.all;
    ++tally.ip;
    tally.udp += header.GetProtocol() == UdpL4Protocol::PROT_NUMBER ? 1 : 0;
}

/** Count a packet that begins with IPv4's header or with ARP's. */
void
Count(Tally& tally, const Packet& packet)
{
    uint8_t first = 0;
    packet.CopyData(&first, 1);
    if (first >> 4 != 4)
    {
        ++tally.all;
        return;
    }
    Ipv4Header header;
    packet.PeekHeader(header);
    CountIp(tally, header);
}

/** Count a frame. */
void
CountFrame(Tally& tally, Ptr<const Packet> frame)
{
    const Ptr<Packet> packet = frame->Copy();
    EthernetHeader header(false);
    packet->RemoveHeader(header);
    Count(tally, *packet);
}

void
DropInQueueDisc(Ptr<const QueueDiscItem> item)
{
    if (const auto ip = DynamicCast<const Ipv4QueueDiscItem>(item))
    {
        CountIp(g_counts.queueDisc, ip->GetHeader());
    }
    else
    {
        ++g_counts.queueDisc.all;
    }
}

void
DropInArp(Ptr<const Packet> packet)
{
    Count(g_counts.arp, *packet);
}

/** A device's link has changed: what waits for an address is forgotten by ARP, untold. */
void
CountWaiting(Ptr<Node> node, std::vector<Ipv4Address> addresses)
{
    const Ptr<ArpCache> cache = node->GetObject<Ipv4L3Protocol>()->GetInterface(1)->GetArpCache();
    for (const Ipv4Address& address : addresses)
    {
        ArpCache::Entry* const entry = cache->Lookup(address);
        while (entry && entry->IsWaitReply())
        {
            const auto [packet, header] = entry->DequeuePending();
            if (!packet)
            {
                break;
            }
            CountIp(g_counts.arp, header);
        }
    }
}

void
BeginFrame(uint32_t others, Ptr<const Packet> frame)
{
    EthernetHeader header(false);
    frame->PeekHeader(header);
    ++g_counts.framesBegun;
    g_counts.copies += header.GetDestination().IsGroup() ? others : 1;
}

void
DropInQueue(Ptr<const Packet> frame)
{
    CountFrame(g_counts.queue, frame);
    g_counts.isQueueFull = true;
}

void
DropInDevice(Ptr<const Packet> packet)
{
    if (!g_counts.isQueueFull)
    {
        Count(g_counts.down, *packet);
    }
    g_counts.isQueueFull = false;
}

void
DropByFault(Ptr<const Packet> frame)
{
    CountFrame(g_counts.faults, frame);
}

void
CountOne(uint64_t* count, Ptr<const Packet>)
{
    ++*count;
}

void
CountOneOfIp(uint64_t* count, Ptr<const Packet>, Ptr<Ipv4>, uint32_t)
{
    ++*count;
}

/** A sender of datagrams of random sizes at random times. */
struct DatagramSource
{
    Ptr<Socket> socket;      //!< Connected
    uint32_t left{0};        //!< Datagrams to send
    uint32_t largest{0};     //!< Bytes
    double interval{0};      //!< Mean time between two, s
    std::mt19937_64* random; //!< Dice

    void Send()
    {
        const auto bytes = std::uniform_int_distribution<uint32_t>(1, largest)(*random);
        g_counts.offered += socket->Send(Create<Packet>(bytes)) >= 0 ? 1 : 0;
        if (--left > 0)
        {
            const double wait = std::exponential_distribution<>(1 / interval)(*random);
            Simulator::Schedule(Seconds(wait), &DatagramSource::Send, this);
        }
    }
};

/** One random fabric, and what runs over it. */
class Round
{
  public:
    explicit Round(uint64_t seed)
        : m_random(seed)
    {
    }

    /** Run it, and add what it counted. @return what does not add up, or nothing. */
    std::string Run(Totals& totals)
    {
        g_counts = Counts{};
        Build();
        AddFaults();
        InstallStacks();
        Watch();
        const uint32_t flows = Draw(2, 12);
        for (uint32_t flow = 0; flow < flows; ++flow)
        {
            AddTransfer(flow);
            AddDatagrams(flow);
        }
        Simulator::Stop(Seconds(10000));
        Simulator::Run();
        std::string wrong = Check();
        Add(totals);
        m_fabric = nullptr;
        Simulator::Destroy();
        return wrong;
    }

  private:
    /** @return a number from least to most. */
    uint64_t Draw(uint64_t least, uint64_t most)
    {
        return std::uniform_int_distribution<uint64_t>(least, most)(m_random);
    }

    /** @return one of them. */
    template <typename T, std::size_t N>
    T Pick(const std::array<T, N>& from)
    {
        return from[Draw(0, N - 1)];
    }

    /** @return a random layout. */
    Ptr<mtlink::TopologyBuilder> DrawTopology()
    {
        switch (Draw(0, 4))
        {
        case 0:
            return CreateObjectWithAttributes<mtlink::SingleSwitchTopology>(
                "Endpoints",
                UintegerValue(Draw(2, 24)));
        case 1:
            return CreateObjectWithAttributes<mtlink::FullMeshTopology>("Endpoints",
                                                                        UintegerValue(Draw(2, 12)));
        case 2:
            return CreateObjectWithAttributes<mtlink::FatTreeTopology>("Down",
                                                                       StringValue("4, 4"),
                                                                       "Up",
                                                                       StringValue("1, 2"));
        case 3:
            return CreateObjectWithAttributes<mtlink::FatTreeTopology>("Down",
                                                                       StringValue("2, 2, 4"),
                                                                       "Up",
                                                                       StringValue("1, 2, 2"));
        default:
            return CreateObjectWithAttributes<mtlink::DragonflyTopology>("P",
                                                                         UintegerValue(1),
                                                                         "A",
                                                                         UintegerValue(2),
                                                                         "H",
                                                                         UintegerValue(2));
        }
    }

    void Build()
    {
        m_rate = 1e9 * Pick(std::array{10.0, 40.0, 100.0, 400.0});
        m_helper.SetLinkAttribute("Rate", DataRateValue(DataRate(static_cast<uint64_t>(m_rate))));
        m_helper.SetLinkAttribute("Latency", TimeValue(NanoSeconds(Draw(10, 1000))));
        m_helper.SetSwitchAttribute("Buffer", UintegerValue(1024 * Draw(64, 512)));
        m_helper.SetSeed(static_cast<uint32_t>(Draw(1, 1000)));
        m_fabric = m_helper.Build(DrawTopology());
        m_mtu = Pick(std::array<uint16_t, 3>{1500, 4000, 9000});
        m_helper.SetDeviceAttribute("Mtu", UintegerValue(m_mtu));
        m_helper.SetDeviceAttribute("TxRing", UintegerValue(1024 * Draw(1, 128)));
        m_helper.SetQueue("ns3::DropTailQueue<Packet>",
                          "MaxSize",
                          QueueSizeValue(QueueSize(QueueSizeUnit::PACKETS, Draw(5, 100))));
        if (Draw(0, 2) == 0)
        {
            m_helper.DisableFlowControl();
        }
    }

    void AddFaults()
    {
        const auto links = m_fabric->GetTopology().GetLinks().size();
        const uint64_t faults = Draw(0, 8);
        for (uint64_t i = 0; i < faults; ++i)
        {
            const auto link = static_cast<uint32_t>(Draw(0, links - 1));
            mtlink::LinkFault fault;
            fault.units = {{link}};
            if (Draw(0, 1) == 0)
            {
                fault.units[0].push_back(mtlink::Topology::Reverse(link));
            }
            fault.policy = Pick(std::array{mtlink::DownPolicy::REPLAY,
                                           mtlink::DownPolicy::REROUTE,
                                           mtlink::DownPolicy::DROP});
            fault.at = mtlink::ToTicks(Seconds(LONGEST_START)) / 1000 * Draw(0, 1000);
            fault.length = mtlink::ToTicks(MicroSeconds(Draw(1, 300)));
            m_fabric->AddFault(fault);
        }
    }

    void InstallStacks()
    {
        Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(m_mtu - HEADERS));
        // A queue disc of ns-3 ends after so many packets in one go, and is only called again by a
        // device that was full or by the next packet: what a device drops as it is down is neither.
        Config::SetDefault("ns3::QueueDisc::Quota", UintegerValue(1'000'000));
        Config::SetDefault("ns3::FqCoDelQueueDisc::MaxSize",
                           QueueSizeValue(QueueSize(QueueSizeUnit::PACKETS, Draw(20, 1000))));
        m_nodes.Create(m_fabric->GetEndpoints());
        m_devices = m_helper.InstallNetDevices(m_nodes, m_fabric);
        std::vector<Ipv4Address> addresses;
        for (uint32_t i = 0; i < m_nodes.GetN(); ++i)
        {
            addresses.emplace_back(NETWORK + 1 + i);
        }
        for (uint32_t i = 0; i < m_nodes.GetN(); ++i) // before ARP, which forgets
        {
            m_devices.Get(i)->AddLinkChangeCallback(
                MakeBoundCallback(&CountWaiting, m_nodes.Get(i), addresses));
        }
        InternetStackHelper().Install(m_nodes);
        m_interfaces =
            Ipv4AddressHelper(Ipv4Address(NETWORK), Ipv4Mask("255.255.0.0")).Assign(m_devices);
    }

    /** Count at each device and each stack. */
    void Watch()
    {
        const auto count = [](Ptr<Object> object, const char* source, uint64_t& counter) {
            object->TraceConnectWithoutContext(source, MakeBoundCallback(&CountOne, &counter));
        };
        for (uint32_t i = 0; i < m_nodes.GetN(); ++i)
        {
            const auto device = DynamicCast<MtlinkNetDevice>(m_devices.Get(i));
            count(device, "MacTx", g_counts.framesTaken);
            count(device, "PhyTxEnd", g_counts.framesGone);
            count(device, "PhyRxEnd", g_counts.framesIn);
            device->TraceConnectWithoutContext("PhyTxBegin",
                                               MakeBoundCallback(&BeginFrame, m_nodes.GetN() - 1));
            device->TraceConnectWithoutContext("MacTxDrop", MakeCallback(&DropInDevice));
            device->TraceConnectWithoutContext("PhyRxDrop", MakeCallback(&DropByFault));
            device->GetQueue()->TraceConnectWithoutContext("Drop", MakeCallback(&DropInQueue));
            const auto ip = m_nodes.Get(i)->GetObject<Ipv4L3Protocol>();
            ip->TraceConnectWithoutContext("Tx",
                                           MakeBoundCallback(&CountOneOfIp, &g_counts.ipSent));
            ip->TraceConnectWithoutContext("Rx",
                                           MakeBoundCallback(&CountOneOfIp, &g_counts.ipReceived));
            m_nodes.Get(i)->GetObject<ArpL3Protocol>()->TraceConnectWithoutContext(
                "Drop",
                MakeCallback(&DropInArp));
            ip->GetInterface(1)->GetArpCache()->TraceConnectWithoutContext(
                "Drop",
                MakeCallback(&DropInArp));
            const auto disc =
                m_nodes.Get(i)->GetObject<TrafficControlLayer>()->GetRootQueueDiscOnDevice(device);
            if (disc)
            {
                disc->TraceConnectWithoutContext("Drop", MakeCallback(&DropInQueueDisc));
            }
        }
    }

    /** @return two different nodes. */
    std::array<uint32_t, 2> DrawPair()
    {
        const uint32_t nodes = m_nodes.GetN();
        const auto from = static_cast<uint32_t>(Draw(0, nodes - 1));
        return {from, static_cast<uint32_t>((from + Draw(1, nodes - 1)) % nodes)};
    }

    /** @return when a flow starts. */
    Time DrawStart()
    {
        return Seconds(LONGEST_START * static_cast<double>(Draw(0, 1000)) / 1000);
    }

    void AddTransfer(uint32_t flow)
    {
        const auto [from, to] = DrawPair();
        const uint16_t port = PORT + flow;
        const uint64_t bytes = Draw(1, 20'000'000);
        PacketSinkHelper sink("ns3::TcpSocketFactory",
                              InetSocketAddress(Ipv4Address::GetAny(), port));
        m_sinks.push_back(DynamicCast<PacketSink>(sink.Install(m_nodes.Get(to)).Get(0)));
        m_bytes.push_back(bytes);
        BulkSendHelper sender("ns3::TcpSocketFactory",
                              InetSocketAddress(m_interfaces.GetAddress(to), port));
        sender.SetAttribute("MaxBytes", UintegerValue(bytes));
        sender.SetAttribute("SendSize", UintegerValue(65536));
        sender.Install(m_nodes.Get(from)).Start(DrawStart());
    }

    void AddDatagrams(uint32_t flow)
    {
        const auto [from, to] = DrawPair();
        const uint16_t port = PORT + flow;
        PacketSinkHelper sink("ns3::UdpSocketFactory",
                              InetSocketAddress(Ipv4Address::GetAny(), port));
        sink.Install(m_nodes.Get(to))
            .Get(0)
            ->TraceConnectWithoutContext("Rx", MakeCallback(&Round::HearDatagram));
        m_sources.push_back(std::make_unique<DatagramSource>());
        DatagramSource& source = *m_sources.back();
        source.socket =
            Socket::CreateSocket(m_nodes.Get(from), TypeId::LookupByName("ns3::UdpSocketFactory"));
        source.socket->Connect(InetSocketAddress(m_interfaces.GetAddress(to), port));
        source.left = static_cast<uint32_t>(Draw(1, 10000));
        source.largest = m_mtu - 28U; // IPv4, UDP
        const double load = static_cast<double>(Draw(1, 100)) / 100;
        source.interval = source.largest * 4.0 / m_rate / load; // half of the largest, on average
        source.random = &m_random;
        Simulator::ScheduleWithContext(m_nodes.Get(from)->GetId(),
                                       DrawStart(),
                                       &DatagramSource::Send,
                                       &source);
    }

    static void HearDatagram(Ptr<const Packet>, const Address&)
    {
        ++g_counts.datagrams;
    }

    /** @return what does not add up, or nothing. */
    std::string Check() const
    {
        const Counts& c = g_counts;
        const auto channel = MtlinkChannel::Of(m_fabric);
        std::string wrong = m_fabric->CheckConservation();
        const auto equal = [&wrong](const char* what, uint64_t a, uint64_t b) {
            if (a != b)
            {
                wrong += std::string(wrong.empty() ? "" : "; ") + what + ": " + std::to_string(a) +
                         " is not " + std::to_string(b);
            }
        };
        Tally dropped;
        for (const Tally* tally : {&c.arp, &c.queueDisc, &c.queue, &c.down, &c.faults})
        {
            dropped.ip += tally->ip;
            dropped.udp += tally->udp;
        }
        equal("datagrams sent", c.offered, c.datagrams + dropped.udp);
        equal("IP packets sent", c.ipSent, c.ipReceived + dropped.ip);
        equal("frames taken", c.framesTaken, c.framesBegun + c.queue.all);
        equal("frames that have left", c.framesGone, c.framesBegun);
        equal("copies of frames", c.copies, c.framesIn + c.faults.all);
        equal("frames that the fabric delivered", channel->GetFramesDelivered(), c.framesIn);
        equal("frames that the fabric lost", channel->GetFramesLost(), c.faults.all);
        for (std::size_t i = 0; i < m_sinks.size(); ++i)
        {
            equal("bytes of a transfer", m_sinks[i]->GetTotalRx(), m_bytes[i]);
        }
        return wrong;
    }

    void Add(Totals& totals) const
    {
        totals.frames += g_counts.framesIn;
        totals.datagrams += g_counts.datagrams;
        totals.arp += g_counts.arp.all;
        totals.queueDisc += g_counts.queueDisc.all;
        totals.queue += g_counts.queue.all;
        totals.down += g_counts.down.all;
        totals.faults += g_counts.faults.all;
        ++totals.fabrics;
        for (const uint64_t bytes : m_bytes)
        {
            totals.tcpBytes += bytes;
        }
    }

    std::mt19937_64 m_random;
    MtlinkHelper m_helper;
    Ptr<MtlinkFabric> m_fabric;
    double m_rate{0}; //!< Of links, bit/s
    uint16_t m_mtu{0};
    NodeContainer m_nodes;
    NetDeviceContainer m_devices;
    Ipv4InterfaceContainer m_interfaces;
    std::vector<Ptr<PacketSink>> m_sinks; //!< Of transfers
    std::vector<uint64_t> m_bytes;        //!< Of transfers
    std::vector<std::unique_ptr<DatagramSource>> m_sources;
};

/** @return resident memory, MB. */
double
GetMemory()
{
    uint64_t size = 0;
    uint64_t resident = 0;
    std::ifstream("/proc/self/statm") >> size >> resident;
    return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

} // namespace

int
main(int argc, char* argv[])
{
    if (argc < 2 || argc > 3)
    {
        std::cerr << "usage: " << argv[0] << " FRAMES [SEED]\n";
        return 2;
    }
    const uint64_t frames = std::stoull(argv[1]);
    const uint64_t first = argc > 2 ? std::stoull(argv[2]) : 1;
    Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(1 << 20));
    Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(1 << 20));
    Config::SetDefault("ns3::TcpSocketBase::MinRto", TimeValue(MilliSeconds(5)));
    Config::SetDefault("ns3::TcpSocket::DataRetries", UintegerValue(20));
    Config::SetDefault("ns3::ArpCache::WaitReplyTimeout", TimeValue(MilliSeconds(1)));
    Config::SetDefault("ns3::ArpCache::MaxRetries", UintegerValue(20));
    Config::SetDefault("ns3::ArpL3Protocol::RequestJitter",
                       StringValue("ns3::ConstantRandomVariable[Constant=0]"));
    Totals totals;
    double early = 0;
    uint64_t tenth = 1;
    const auto start = std::chrono::steady_clock::now();
    std::cout << "     frames  fabrics    datagrams    TCP, GB     ARP  queue disc   queue    down "
                 " faults"
                 "   MB  frames/s\n";
    for (uint64_t seed = first; totals.frames < frames; ++seed)
    {
        const std::string wrong = Round(seed).Run(totals);
        if (!wrong.empty())
        {
            std::cout << "seed " << seed << ": " << wrong << "\n";
            return 1;
        }
        if (totals.frames * 10 < frames * tenth)
        {
            continue;
        }
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
        std::cout << std::setw(11) << totals.frames << std::setw(9) << totals.fabrics
                  << std::setw(13) << totals.datagrams << std::setw(11) << std::fixed
                  << std::setprecision(2) << static_cast<double>(totals.tcpBytes) / 1e9
                  << std::setw(8) << totals.arp << std::setw(12) << totals.queueDisc << std::setw(8)
                  << totals.queue << std::setw(8) << totals.down << std::setw(8) << totals.faults
                  << std::setw(5) << std::setprecision(0) << GetMemory() << std::setw(10)
                  << static_cast<double>(totals.frames) / taken.count() << std::endl;
        early = early == 0 ? GetMemory() : early;
        tenth = totals.frames * 10 / frames + 1;
    }
    if (GetMemory() > MOST_GROWTH * early)
    {
        std::cout << "memory grows: " << early << " MB after a tenth, " << GetMemory() << " MB\n";
        return 1;
    }
    return 0;
}
