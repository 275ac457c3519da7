/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../dice.h"
#include "../trace-sink.h"
#include "test-devices.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/error-model.h"
#include "ns3/mtlink-fat-tree-topology.h"
#include "ns3/net-device-queue-interface.h"
#include "ns3/pointer.h"
#include "ns3/queue.h"
#include "ns3/string.h"

#include <algorithm>
#include <cstdio>
#include <doctest/doctest.h>
#include <fstream>
#include <map>
#include <numeric>
#include <unistd.h>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

constexpr uint32_t ETHERNET = 14; //!< Bytes of an Ethernet header

/** @return bytes that tell packets apart: a number, then anything. */
std::vector<uint8_t>
MakeBytes(uint32_t number, uint32_t size)
{
    std::vector<uint8_t> bytes(size, 0x5a);
    for (uint32_t i = 0; i < 4 && i < size; ++i)
    {
        bytes[i] = static_cast<uint8_t>(number >> 8 * i);
    }
    return bytes;
}

/** @return the number of MakeBytes(). */
uint32_t
GetNumber(const std::vector<uint8_t>& bytes)
{
    return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<uint32_t>(bytes[3]) << 24;
}

/** Counts what a trace source fires. */
struct Counter
{
    /** A packet. */
    void Count(Ptr<const Packet> packet)
    {
        ++frames;
        bytes += packet->GetSize();
    }

    /** Follow a trace source of a device. */
    void Follow(const Ptr<Object>& source, const std::string& name)
    {
        REQUIRE(source->TraceConnectWithoutContext(name, MakeCallback(&Counter::Count, this)));
    }

    uint32_t frames{0}; //!< How often
    uint64_t bytes{0};  //!< Of packets
};

} // namespace

TEST_SUITE_BEGIN("net devices");

TEST_CASE("a frame takes as long as a message of its bytes")
{
    for (const char* simulator : {Simulation::FABRIC, Simulation::DEFAULT})
    {
        for (const uint32_t size : {1U, 46U, 242U, 243U, 1500U, 9000U})
        {
            const Simulation simulation(simulator);
            TestDevices test;
            test.Build(4);
            test.Install();
            Simulator::Schedule(MicroSeconds(1), [&test, size]() {
                CHECK(test.Send(1, test.GetAddress(3), MakeBytes(7, size)));
            });
            Simulator::Run();
            REQUIRE(test.received.size() == 1);
            const Received& one = test.received[0];
            CHECK(one.device == 3);
            CHECK(one.bytes == size);
            CHECK(one.protocol == TestDevices::PROTOCOL);
            CHECK(one.source == test.GetAddress(1));
            CHECK(one.content == MakeBytes(7, size));
            CHECK(one.at == 1'000'000 + test.fabric->GetIdleTime(1, 3, size + ETHERNET));
        }
    }
}

TEST_CASE(
    "a broadcast and a multicast reach every other device once, an unknown address nobody's stack")
{
    const Simulation simulation;
    TestDevices test;
    test.Build(6);
    test.Install({0, 1, 1, 2, 4}); // two at one endpoint; none at 3 and 5
    Counter others;
    for (uint32_t i = 0; i < 5; ++i)
    {
        others.Follow(test.Get(i), "MacPromiscRx");
    }
    const auto hearers = [&test]() {
        std::vector<uint32_t> devices;
        for (const Received& one : test.received)
        {
            devices.push_back(one.device);
        }
        std::sort(devices.begin(), devices.end());
        test.received.clear();
        return devices;
    };
    test.Send(1, Mac48Address::GetBroadcast(), MakeBytes(1, 100));
    Simulator::Run();
    CHECK(hearers() == std::vector<uint32_t>{0, 2, 3, 4});
    CHECK(others.frames == 4);
    test.Send(4, test.devices.Get(4)->GetMulticast(Ipv4Address("224.0.0.5")), MakeBytes(2, 100));
    Simulator::Run();
    CHECK(hearers() == std::vector<uint32_t>{0, 1, 2, 3});
    test.Send(0, Mac48Address("02:00:00:00:00:77"), MakeBytes(3, 100));
    Simulator::Run();
    CHECK(hearers().empty());
    CHECK(others.frames == 12);
    // To oneself, and to a neighbour at one's endpoint: not over the fabric.
    const uint64_t bytes = MtlinkChannel::Of(test.fabric)->GetBytesDelivered();
    test.Send(1, test.GetAddress(1), MakeBytes(4, 100));
    test.Send(1, test.GetAddress(2), MakeBytes(5, 100));
    Simulator::Run();
    CHECK(hearers() == std::vector<uint32_t>{2});
    CHECK(MtlinkChannel::Of(test.fabric)->GetBytesDelivered() == bytes);
}

TEST_CASE("what is sent from another address comes back to the device that sent it")
{
    const Simulation simulation;
    TestDevices test;
    test.Build(3);
    test.Install();
    const Mac48Address bridged("02:00:00:00:00:42");
    std::vector<uint32_t> promiscuous;
    test.devices.Get(2)->SetPromiscReceiveCallback(
        MakeSink<NetDevice::PromiscReceiveCallback>([&promiscuous](Ptr<NetDevice>,
                                                                   Ptr<const Packet> packet,
                                                                   uint16_t,
                                                                   const Address&,
                                                                   const Address&,
                                                                   NetDevice::PacketType type) {
            CHECK(type == NetDevice::PACKET_OTHERHOST);
            promiscuous.push_back(packet->GetSize());
            return true;
        }));
    const auto packet = Create<Packet>(50);
    CHECK(test.devices.Get(2)->SendFrom(packet, bridged, test.GetAddress(0), 0x0800));
    Simulator::Run();
    REQUIRE(test.received.size() == 1);
    CHECK(test.received[0].source == Address(bridged));
    test.Send(1, bridged, MakeBytes(1, 60));
    Simulator::Run();
    CHECK(promiscuous == std::vector<uint32_t>{60});
    CHECK(test.received.size() == 1); // not for its own stack
}

TEST_CASE(
    "random frames arrive once each, those of a pair in order, and the fabric counts their bytes")
{
    for (uint32_t seed = 1; seed <= 5; ++seed)
    {
        const Simulation simulation;
        Dice dice(seed);
        TestDevices test;
        test.Build(5);
        test.helper.SetDeviceAttribute("TxRing", UintegerValue(dice.Number(1, 40'000)));
        test.helper.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("10000p"));
        test.Install();
        std::map<std::pair<uint32_t, uint32_t>, std::vector<uint32_t>> sent;
        uint64_t bytes = 0;
        constexpr uint32_t FRAMES = 500;
        for (uint32_t i = 0; i < FRAMES; ++i)
        {
            const auto from = static_cast<uint32_t>(dice.Number(0, 4));
            const uint32_t to = (from + static_cast<uint32_t>(dice.Number(1, 4))) % 5;
            const auto size = static_cast<uint32_t>(dice.Number(4, 9000));
            bytes += size + ETHERNET;
            Simulator::Schedule(NanoSeconds(dice.Number(0, 20'000)),
                                [&test, &sent, i, from, to, size]() {
                                    sent[{from, to}].push_back(i);
                                    test.Send(from, test.GetAddress(to), MakeBytes(i, size));
                                });
        }
        Simulator::Run();
        CHECK(test.received.size() == FRAMES);
        std::map<std::pair<uint32_t, uint32_t>, std::vector<uint32_t>> heard;
        for (const Received& one : test.received)
        {
            uint32_t from = 0;
            while (test.GetAddress(from) != one.source)
            {
                ++from;
            }
            heard[{from, one.device}].push_back(GetNumber(one.content));
        }
        CHECK(heard == sent);
        RunResults results;
        test.fabric->Collect(results);
        CHECK(results.payloadBytesDelivered == bytes);
        CHECK(MtlinkChannel::Of(test.fabric)->GetBytesDelivered() == bytes);
        CHECK(test.fabric->GetPacketsInFlight() == 0);
    }
}

TEST_CASE("a full ring holds frames in the queue, a full queue stops who sends, and none is lost")
{
    constexpr uint32_t SIZE = 986; // 1,000 with the Ethernet header
    const Simulation simulation;
    TestDevices test;
    test.Build(2);
    test.helper.SetDeviceAttribute("TxRing", UintegerValue(4000));
    test.helper.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("10p"));
    test.Install();
    const Ptr<MtlinkNetDevice> device = test.Get(0);
    const Ptr<NetDeviceQueue> queue = device->GetObject<NetDeviceQueueInterface>()->GetTxQueue(0);
    Counter dropped;
    dropped.Follow(device, "MacTxDrop");
    // A queue disc: sends while the device takes.
    uint32_t sent = 0;
    constexpr uint32_t FRAMES = 100;
    const auto fill = [&]() {
        while (sent < FRAMES && !queue->IsStopped())
        {
            CHECK(test.Send(0, test.GetAddress(1), MakeBytes(sent++, SIZE)));
        }
    };
    queue->SetWakeCallback(MakeSink<Callback<void>>(fill));
    Simulator::ScheduleNow(fill);
    Simulator::Schedule(NanoSeconds(1), [&]() {
        CHECK(sent == 14); // four at the endpoint, ten in the queue
        CHECK(device->GetQueue()->GetNPackets() == 10);
        CHECK(queue->IsStopped());
    });
    Simulator::Run();
    CHECK(dropped.frames == 0);
    CHECK(sent == FRAMES);
    REQUIRE(test.received.size() == FRAMES);
    for (uint32_t i = 0; i < FRAMES; ++i)
    {
        CHECK(GetNumber(test.received[i].content) == i);
    }
    // The link was never idle in between: as one message of as many packets.
    const Tick least = test.fabric->GetIdleTime(0, 1, FRAMES * uint64_t{SIZE + ETHERNET});
    CHECK(test.received.back().at >= least);
    CHECK(test.received.back().at <= least + least / 20); // the last packet of a frame is not whole
}

TEST_CASE("without flow control a full queue drops, and says so")
{
    const Simulation simulation;
    TestDevices test;
    test.Build(2);
    test.helper.SetDeviceAttribute("TxRing", UintegerValue(1));
    test.helper.SetQueue("ns3::DropTailQueue<Packet>", "MaxSize", StringValue("3p"));
    test.helper.DisableFlowControl();
    test.Install();
    CHECK(!test.Get(0)->GetObject<NetDeviceQueueInterface>());
    Counter dropped;
    Counter begun;
    Counter ended;
    dropped.Follow(test.Get(0), "MacTxDrop");
    begun.Follow(test.Get(0), "PhyTxBegin");
    ended.Follow(test.Get(0), "PhyTxEnd");
    uint32_t taken = 0;
    for (uint32_t i = 0; i < 10; ++i)
    {
        taken += test.Send(0, test.GetAddress(1), MakeBytes(i, 500)) ? 1 : 0;
    }
    Simulator::Run();
    CHECK(taken == 4); // one at the endpoint, three in the queue
    CHECK(dropped.frames == 6);
    CHECK(begun.frames == 4);
    CHECK(ended.frames == 4);
    CHECK(test.received.size() == 4);
}

TEST_CASE("a packet longer than the MTU is not sent, and an MTU below 68 not taken")
{
    const Simulation simulation;
    TestDevices test;
    test.Build(2);
    test.helper.SetDeviceAttribute("Mtu", UintegerValue(1500));
    test.Install();
    Counter dropped;
    dropped.Follow(test.Get(0), "MacTxDrop");
    CHECK(test.Send(0, test.GetAddress(1), MakeBytes(1, 1500)));
    CHECK(!test.Send(0, test.GetAddress(1), MakeBytes(2, 1501)));
    Simulator::Run();
    CHECK(dropped.frames == 1);
    CHECK(test.received.size() == 1);
    CHECK(!test.Get(0)->SetMtu(67));
    CHECK(test.Get(0)->SetMtu(68));
    CHECK(test.Get(0)->GetMtu() == 68);
}

TEST_CASE("a device whose links go down says so, sends nothing, and goes on when they are up")
{
    const Simulation simulation;
    TestDevices test;
    test.Build(3);
    test.Install();
    // Both directions of endpoint 1's cable, from 1 us to 3 us.
    LinkFault fault;
    fault.units.resize(1);
    const Topology& topology = test.fabric->GetTopology();
    for (uint32_t link = 0; link < topology.GetLinks().size(); ++link)
    {
        if (topology.GetLinks()[link].from == 1 || topology.GetLinks()[link].to == 1)
        {
            fault.units[0].push_back(link);
        }
    }
    REQUIRE(fault.units[0].size() == 2);
    fault.at = 1'000'000;
    fault.length = 2'000'000;
    test.fabric->AddFault(fault);
    std::vector<std::pair<int64_t, bool>> changes;
    test.Get(1)->AddLinkChangeCallback(MakeSink<Callback<void>>([&]() {
        changes.emplace_back(Simulator::Now().GetPicoSeconds(), test.Get(1)->IsLinkUp());
    }));
    Counter dropped;
    dropped.Follow(test.Get(1), "MacTxDrop");
    const auto send = [&test](int64_t at, bool works) {
        Simulator::Schedule(PicoSeconds(at), [&test, works]() {
            CHECK(test.Send(1, test.GetAddress(0), MakeBytes(1, 100)) == works);
        });
    };
    send(500'000, true);
    send(2'000'000, false);
    send(3'500'000, true);
    Simulator::Run();
    CHECK(changes == std::vector<std::pair<int64_t, bool>>{{1'000'000, false}, {3'000'000, true}});
    CHECK(dropped.frames == 1);
    CHECK(test.received.size() == 2);
    CHECK(test.Get(0)->IsLinkUp());
}

TEST_CASE("frames that a fault takes are counted where they would have come in")
{
    const Simulation simulation;
    TestDevices test;
    test.Build(2);
    test.Install();
    LinkFault fault;
    fault.policy = DownPolicy::DROP;
    fault.at = 1'000'000;
    fault.length = 500'000;
    const Topology& topology = test.fabric->GetTopology();
    for (uint32_t link = 0; link < topology.GetLinks().size(); ++link)
    {
        if (topology.GetLinks()[link].to == 1)
        {
            fault.units = {{link}};
        }
    }
    test.fabric->AddFault(fault);
    Counter lost;
    lost.Follow(test.Get(1), "PhyRxDrop");
    constexpr uint32_t FRAMES = 40;
    for (uint32_t i = 0; i < FRAMES; ++i)
    {
        Simulator::Schedule(NanoSeconds(100 * i),
                            [&test, i]() { test.Send(0, test.GetAddress(1), MakeBytes(i, 800)); });
    }
    Simulator::Run();
    const Ptr<MtlinkChannel> channel = MtlinkChannel::Of(test.fabric);
    CHECK(lost.frames > 0);
    CHECK(channel->GetFramesLost() == lost.frames);
    CHECK(test.received.size() + lost.frames == FRAMES);
}

TEST_CASE("the error model's frames are dropped as they come in")
{
    const Simulation simulation;
    TestDevices test;
    test.Build(2);
    test.Install();
    const auto errors = CreateObject<ReceiveListErrorModel>();
    errors->SetList({1, 3});
    test.Get(1)->SetAttribute("ReceiveErrorModel", PointerValue(errors));
    Counter dropped;
    dropped.Follow(test.Get(1), "PhyRxDrop");
    for (uint32_t i = 0; i < 5; ++i)
    {
        test.Send(0, test.GetAddress(1), MakeBytes(i, 200));
    }
    Simulator::Run();
    CHECK(dropped.frames == 2);
    REQUIRE(test.received.size() == 3);
    CHECK(GetNumber(test.received[1].content) == 2);
}

TEST_CASE("traces fire for the frames that they tell of, and a Config path finds them")
{
    const Simulation simulation;
    TestDevices test;
    test.Build(3);
    test.Install();
    std::map<std::string, Counter> sender;
    std::map<std::string, Counter> receiver;
    for (const char* name : {"MacTx",
                             "PhyTxBegin",
                             "PhyTxEnd",
                             "Sniffer",
                             "PromiscSniffer",
                             "MacPromiscRx",
                             "MacRx",
                             "PhyRxEnd"})
    {
        sender[name].Follow(test.Get(0), name);
        receiver[name].Follow(test.Get(1), name);
    }
    Counter byPath;
    Config::ConnectWithoutContext("/NodeList/*/DeviceList/*/$ns3::MtlinkNetDevice/MacRx",
                                  MakeCallback(&Counter::Count, &byPath));
    test.Send(0, test.GetAddress(1), MakeBytes(1, 300));
    test.Send(0, test.GetAddress(2), MakeBytes(2, 300));
    Simulator::Run();
    CHECK(sender["MacTx"].frames == 2);
    CHECK(sender["MacTx"].bytes == 2 * (300 + ETHERNET));
    CHECK(sender["PhyTxBegin"].frames == 2);
    CHECK(sender["PhyTxEnd"].frames == 2);
    CHECK(sender["Sniffer"].frames == 2);
    CHECK(sender["PromiscSniffer"].frames == 2);
    CHECK(sender["MacRx"].frames == 0);
    CHECK(receiver["PhyRxEnd"].frames == 1);
    CHECK(receiver["MacPromiscRx"].frames == 1);
    CHECK(receiver["MacRx"].frames == 1);
    CHECK(receiver["MacRx"].bytes == 300 + ETHERNET);
    CHECK(receiver["Sniffer"].frames == 1);
    CHECK(byPath.frames == 2);
}

TEST_CASE("pcap files have every frame, with times to the nanosecond")
{
    const Simulation simulation;
    TestDevices test;
    test.Build(2);
    test.Install();
    const std::string name = "net-device-" + std::to_string(getpid()) + ".pcap";
    test.helper.EnablePcap(name, test.devices.Get(1), true, true);
    for (uint32_t i = 0; i < 3; ++i)
    {
        test.Send(0, test.GetAddress(1), MakeBytes(i, 100));
    }
    Simulator::Run();
    const int64_t last = test.received.back().at;
    Simulator::Destroy(); // closes it
    test.devices = NetDeviceContainer();
    test.nodes = NodeContainer();
    test.fabric = nullptr;
    std::ifstream file(name, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    REQUIRE(bytes.size() == 24 + 3 * (16 + 100 + ETHERNET));
    const auto read = [&bytes](std::size_t at) {
        uint32_t value = 0;
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    4,
                    reinterpret_cast<char*>(&value));
        return value;
    };
    CHECK(read(0) == 0xa1b23c4d); // nanoseconds
    CHECK(read(20) == 1);         // Ethernet
    const std::size_t third = 24 + 2 * (16 + 100 + ETHERNET);
    CHECK(read(third) == 0);
    CHECK(read(third + 4) == last / 1000);
    CHECK(read(third + 8) == 100 + ETHERNET);
    std::remove(name.c_str());
}

TEST_CASE("a pcap file that two helpers ask for is written once, with all that either wants")
{
    const Simulation simulation;
    TestDevices test;
    test.Build(3);
    test.Install();
    const std::string name = "net-device-twice-" + std::to_string(getpid()) + ".pcap";
    test.helper.EnablePcap(name, test.devices.Get(1), false, true);
    MtlinkHelper other;
    other.EnablePcap(name, test.devices.Get(1), true, true);
    other.EnablePcap(name, test.devices.Get(1), false, true);
    test.Send(0, test.GetAddress(1), MakeBytes(0, 100));
    test.Send(0, Mac48Address("00:00:00:00:ff:ff"), MakeBytes(1, 200)); // nobody's: flooded
    test.Send(0, test.GetAddress(2), MakeBytes(2, 300));                // does not come by
    Simulator::Run();
    Simulator::Destroy();
    test.devices = NetDeviceContainer();
    test.nodes = NodeContainer();
    test.fabric = nullptr;
    std::ifstream file(name, std::ios::binary | std::ios::ate);
    CHECK(file.tellg() == 24 + 2 * (16 + ETHERNET) + 100 + 200);
    std::remove(name.c_str());
}

namespace
{

/** One frame for all, from the first of 8 endpoints. */
struct Broadcast
{
    /**
     * Send it.
     * @param [in] isTree Over a fat tree of 4 leaves and 2 spines; else one switch.
     * @param [in] copies Whether switches copy.
     * @param [in] drops Whether there is a fault that drops packets.
     */
    Broadcast(bool isTree, bool copies, bool drops)
    {
        const Simulation simulation;
        TestDevices test;
        test.helper.SetSwitchAttribute("Multicast", BooleanValue(copies));
        if (isTree)
        {
            test.fabric =
                test.helper.Build(CreateObjectWithAttributes<FatTreeTopology>("Down",
                                                                              StringValue("2, 4"),
                                                                              "Up",
                                                                              StringValue("1, 2")));
        }
        else
        {
            test.Build(8);
        }
        if (drops)
        {
            LinkFault fault;
            fault.units = {{0}};
            fault.policy = DownPolicy::DROP;
            fault.at = 1'000'000'000'000;
            test.fabric->AddFault(fault);
        }
        test.Install();
        test.fabric->TraceConnectWithoutContext("PacketHop", MakeBoundCallback(&AddHop, &hops));
        Counter sent;
        sent.Follow(test.devices.Get(0), "PhyTxEnd");
        for (uint32_t i = 0; i < 2; ++i)
        {
            test.Send(0, Mac48Address::GetBroadcast(), MakeBytes(i, 100));
        }
        Simulator::Run();
        CHECK(sent.frames == 2);
        REQUIRE(test.received.size() == 2 * 7); // each endpoint's, but the sender's
        std::map<uint32_t, uint32_t> heard;
        for (const Received& one : test.received)
        {
            CHECK(GetNumber(one.content) == heard[one.device]++);
            CHECK(one.device != 0);
        }
        CHECK(MtlinkChannel::Of(test.fabric)->GetFramesDelivered() == 2 * 7);
        CHECK(MtlinkChannel::Of(test.fabric)->GetBytesDelivered() == 2 * 7 * (100 + ETHERNET));
        hops /= 2;
    }

    /** A packet goes over a link. */
    static void AddHop(uint32_t* hops, Time, uint32_t, uint32_t, uint32_t, uint32_t)
    {
        ++*hops;
    }

    uint32_t hops{0}; //!< Of a frame
};

} // namespace

TEST_CASE(
    "a frame for all goes once over each link where switches copy, and once for each endpoint "
    "where they don't")
{
    CHECK(Broadcast(false, true, false).hops == 1 + 7);
    CHECK(Broadcast(false, false, false).hops == 2 * 7);
    // Up to a spine, to 3 leaves, and from each leaf to its endpoints.
    CHECK(Broadcast(true, true, false).hops == 1 + 1 + 1 + 3 + 6);
    CHECK(Broadcast(true, false, false).hops == 2 + 4 * 6);
    // What a fault takes a tree would wait for.
    CHECK(Broadcast(true, true, true).hops == 2 + 4 * 6);
}

TEST_CASE("switches are nodes if asked for, in rows above the endpoints")
{
    const Simulation simulation;
    TestDevices test;
    test.fabric =
        test.helper.Build(CreateObjectWithAttributes<FatTreeTopology>("Down",
                                                                      StringValue("2, 4"),
                                                                      "Up",
                                                                      StringValue("1, 2")));
    CHECK(MtlinkHelper::CreateSwitchNodes(test.fabric).GetN() == 6);
    const std::vector<Vector> places = MtlinkHelper::GetPositions(test.fabric, 2);
    const Topology& topology = test.fabric->GetTopology();
    REQUIRE(places.size() == topology.GetNodes());
    for (uint32_t node = 0; node < topology.GetNodes(); ++node)
    {
        const std::string& name = topology.GetName(node);
        const double row = name.starts_with("spine") ? 0 : name.starts_with("leaf") ? 2 : 4;
        CHECK(places[node].y == row);
        CHECK(places[node].z == 0);
    }
    CHECK(places[0].x == 1); // the middle of the first of 8 cells
    CHECK(places[7].x == 15);
    CHECK(places[8].x == 2);   // of 4 leaves
    CHECK(places[13].x == 12); // the second of 2 spines
}

TEST_SUITE_END();
