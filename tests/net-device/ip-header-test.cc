/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "net-device/ip-header.h"
#include "test-devices.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/string.h"

#include <doctest/doctest.h>
#include <set>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

using Bytes = std::vector<uint8_t>;

constexpr uint16_t IPV4 = 0x0800; //!< EtherType
constexpr uint16_t IPV6 = 0x86dd; //!< EtherType

/** @return the ones' complement sum of an IPv4 header: 0xffff if its checksum is right. */
uint32_t
Sum(const Bytes& header)
{
    uint32_t sum = 0;
    for (std::size_t i = 0; i < (header[0] & 0xf) * 4U; i += 2)
    {
        sum += static_cast<uint32_t>(header[i]) << 8 | header[i + 1];
    }
    while (sum > 0xffff)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
}

/** An IPv4 packet: what a test varies. */
struct Ipv4Fields
{
    uint8_t tos{0};              //!< DSCP and ECN
    uint8_t protocol{6};         //!< TCP
    uint16_t fragment{0};        //!< Flags and offset
    uint32_t source{0x0a000001}; //!< 10.0.0.1
    uint16_t port{1234};         //!< Source port
    uint8_t options{0};          //!< Words of options
    bool hasChecksum{true};      //!< It is computed
};

/** @return its bytes, with 20 of TCP or whatever it carries. */
Bytes
MakeIpv4(const Ipv4Fields& fields)
{
    const std::size_t header = 20 + fields.options * std::size_t{4};
    Bytes bytes(header + 20, 0x11);
    const auto set16 = [&bytes](std::size_t at, uint16_t value) {
        bytes[at] = static_cast<uint8_t>(value >> 8);
        bytes[at + 1] = static_cast<uint8_t>(value);
    };
    bytes[0] = static_cast<uint8_t>(0x40 | header / 4);
    bytes[1] = fields.tos;
    set16(2, static_cast<uint16_t>(bytes.size()));
    set16(4, 0x4242);
    set16(6, fields.fragment);
    bytes[8] = 64;
    bytes[9] = fields.protocol;
    set16(10, 0);
    set16(12, static_cast<uint16_t>(fields.source >> 16));
    set16(14, static_cast<uint16_t>(fields.source));
    set16(16, 0x0a00);
    set16(18, 0x0002);
    set16(header, fields.port);
    if (fields.hasChecksum)
    {
        set16(10, static_cast<uint16_t>(~Sum(bytes)));
    }
    return bytes;
}

/** @return the bytes of an IPv6 packet. */
Bytes
MakeIpv6(uint8_t trafficClass, uint8_t next = 6, uint8_t label = 0, uint8_t port = 0)
{
    Bytes bytes(60, 0x22);
    bytes[0] = static_cast<uint8_t>(0x60 | trafficClass >> 4);
    bytes[1] = static_cast<uint8_t>(trafficClass << 4);
    bytes[2] = 0;
    bytes[3] = label;
    bytes[6] = next;
    bytes[40] = port;
    return bytes;
}

/** @return a packet of bytes. */
Packet
ToPacket(const Bytes& bytes)
{
    return Packet(bytes.data(), bytes.size());
}

/** @return a packet's bytes. */
Bytes
ToBytes(const Packet& packet)
{
    Bytes bytes(packet.GetSize());
    packet.CopyData(bytes.data(), packet.GetSize());
    return bytes;
}

/** @return the label of a frame: an Ethernet header before an IP packet. */
uint32_t
GetLabel(uint16_t protocol, const Bytes& ip, uint8_t address = 1)
{
    Bytes frame(14, address);
    frame[12] = static_cast<uint8_t>(protocol >> 8);
    frame[13] = static_cast<uint8_t>(protocol);
    frame.insert(frame.end(), ip.begin(), ip.end());
    return GetFlowLabel(ToPacket(frame));
}

} // namespace

TEST_SUITE_BEGIN("net devices");

TEST_CASE("a mark sets CE where ECT is set, and nothing but the checksum besides")
{
    for (const uint8_t options : {0, 3, 10})
    {
        for (uint32_t tos = 0; tos < 256; ++tos)
        {
            const Bytes before = MakeIpv4({.tos = static_cast<uint8_t>(tos), .options = options});
            REQUIRE(Sum(before) == 0xffff);
            Packet packet = ToPacket(before);
            CHECK(MarkCongestion(packet, IPV4) == ((tos & 3) != 0));
            Bytes after = ToBytes(packet);
            CHECK(Sum(after) == 0xffff);
            CHECK(after[1] == ((tos & 3) == 0 ? tos : (tos | 3)));
            after[1] = before[1];
            after[10] = before[10];
            after[11] = before[11];
            CHECK(after == before);
        }
    }
}

TEST_CASE("a checksum that ns-3 did not compute stays 0")
{
    Packet packet = ToPacket(MakeIpv4({.tos = 2, .hasChecksum = false}));
    CHECK(MarkCongestion(packet, IPV4));
    const Bytes after = ToBytes(packet);
    CHECK(after[1] == 3);
    CHECK(after[10] == 0);
    CHECK(after[11] == 0);
}

TEST_CASE("IPv6 is marked in its traffic class")
{
    for (uint32_t trafficClass = 0; trafficClass < 256; ++trafficClass)
    {
        const Bytes before = MakeIpv6(static_cast<uint8_t>(trafficClass));
        Packet packet = ToPacket(before);
        CHECK(MarkCongestion(packet, IPV6) == ((trafficClass & 3) != 0));
        const uint32_t expected = (trafficClass & 3) == 0 ? trafficClass : (trafficClass | 3);
        CHECK(ToBytes(packet) == MakeIpv6(static_cast<uint8_t>(expected)));
    }
}

TEST_CASE("what is no IP packet, or too short for one, is left alone")
{
    const Bytes whole = MakeIpv4({.tos = 2});
    for (const uint16_t protocol : {uint16_t{0x0806}, IPV4, IPV6})
    {
        for (std::size_t size = 0; size < 20; ++size)
        {
            const Bytes bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            Packet packet = ToPacket(bytes);
            CHECK(!MarkCongestion(packet, protocol));
            CHECK(ToBytes(packet) == bytes);
        }
    }
    Packet arp = ToPacket(whole);
    CHECK(!MarkCongestion(arp, 0x0806));
    CHECK(ToBytes(arp) == whole);
}

TEST_CASE("a flow's label is that of its five-tuple, and others have others")
{
    const uint32_t one = GetLabel(IPV4, MakeIpv4({}));
    CHECK(GetLabel(IPV4, MakeIpv4({.tos = 3})) == one); // CE is no other flow
    CHECK(GetLabel(IPV4, MakeIpv4({.options = 2})) == one);
    CHECK(GetLabel(IPV4, MakeIpv4({}), 9) == one); // nor other Ethernet addresses
    std::set<uint32_t> labels{one};
    labels.insert(GetLabel(IPV4, MakeIpv4({.protocol = 17})));
    labels.insert(GetLabel(IPV4, MakeIpv4({.source = 0x0a000009})));
    labels.insert(GetLabel(IPV4, MakeIpv4({.port = 1235})));
    labels.insert(GetLabel(IPV6, MakeIpv6(0)));
    labels.insert(GetLabel(IPV6, MakeIpv6(0, 17)));
    labels.insert(GetLabel(IPV6, MakeIpv6(0, 6, 1)));
    labels.insert(GetLabel(IPV6, MakeIpv6(0, 6, 0, 1)));
    CHECK(labels.size() == 8);
    CHECK(GetLabel(IPV6, MakeIpv6(3)) == GetLabel(IPV6, MakeIpv6(0)));
    // All fragments of a packet go one way, and ICMP has no ports.
    const uint32_t fragment = GetLabel(IPV4, MakeIpv4({.fragment = 0x2000}));
    CHECK(fragment != one);
    CHECK(GetLabel(IPV4, MakeIpv4({.fragment = 0x00b9, .port = 77})) == fragment);
    CHECK(GetLabel(IPV4, MakeIpv4({.protocol = 1, .port = 5})) ==
          GetLabel(IPV4, MakeIpv4({.protocol = 1, .port = 6})));
    // By addresses: ARP, and whatever is cut off.
    CHECK(GetLabel(0x0806, MakeIpv4({}), 1) == GetLabel(0x0806, MakeIpv4({.port = 1}), 1));
    CHECK(GetLabel(0x0806, MakeIpv4({}), 1) != GetLabel(0x0806, MakeIpv4({}), 2));
    CHECK(GetLabel(IPV4, Bytes(7, 0x45), 1) != GetLabel(IPV4, Bytes(7, 0x45), 2));
}

TEST_CASE("a packet that a switch marks comes up with CE, to those who listen too")
{
    const Simulation simulation;
    TestDevices test;
    test.helper.SetSwitchAttribute("Ecn", BooleanValue(true));
    test.helper.SetSwitchAttribute("EcnMin", UintegerValue(3000));
    test.helper.SetSwitchAttribute("EcnMax", UintegerValue(3001));
    test.helper.SetSwitchAttribute("EcnProbability", DoubleValue(1));
    test.helper.SetEndpointAttribute("CongestionControl", StringValue("host"));
    test.Build(3);
    test.Install();
    uint32_t seen = 0;

    struct Look
    {
        /** A frame as it came in. */
        static void At(uint32_t* seen, Ptr<const Packet> frame)
        {
            Bytes bytes(frame->GetSize());
            frame->CopyData(bytes.data(), frame->GetSize());
            *seen += (bytes[15] & 3) == 3 ? 1 : 0;
        }
    };

    test.Get(2)->TraceConnectWithoutContext("PromiscSniffer", MakeBoundCallback(&Look::At, &seen));
    Bytes packet = MakeIpv4({.tos = 2});
    packet.resize(1000);
    for (uint32_t i = 0; i < 20; ++i)
    {
        test.Send(0, test.GetAddress(2), packet, IPV4);
        test.Send(1, test.GetAddress(2), packet, IPV4);
    }
    Simulator::Run();
    REQUIRE(test.received.size() == 40);
    uint32_t marked = 0;
    for (const Received& one : test.received)
    {
        CHECK(Sum(one.content) == 0xffff);
        marked += (one.content[1] & 3) == 3 ? 1 : 0;
    }
    CHECK((test.received.front().content[1] & 3) == 2); // the first met no queue
    CHECK(marked > 10);
    CHECK(marked == seen);
}

TEST_SUITE_END();
