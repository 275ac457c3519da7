/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "net-device/ip-header.h"

#include "ns3/hash.h"
#include "ns3/header.h"
#include "ns3/type-id.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr std::size_t ETHERNET = 14;      //!< Bytes of an Ethernet header
constexpr std::size_t ETHERTYPE = 12;     //!< Where it says what follows
constexpr uint16_t IPV4 = 0x0800;         //!< EtherType
constexpr uint16_t IPV6 = 0x86dd;         //!< EtherType
constexpr std::size_t IPV4_LEAST = 20;    //!< Bytes of a header without options
constexpr std::size_t IPV6_HEADER = 40;   //!< Bytes of the first header
constexpr std::size_t IPV6_ADDRESSES = 8; //!< Where they begin
constexpr uint8_t TCP = 6;                //!< IP protocol
constexpr uint8_t UDP = 17;               //!< IP protocol
constexpr uint8_t CE = 3;                 //!< ECN field: congestion experienced

/** @return a number of two bytes. */
uint16_t
Read16(std::span<const uint8_t> bytes, std::size_t at)
{
    return static_cast<uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

/** The bytes by which a flow is told from others. */
class FlowKey
{
  public:
    /** @param [in] bytes More of them; addresses, protocol, label and ports at most. */
    void Add(std::span<const uint8_t> bytes)
    {
        std::copy(bytes.begin(), bytes.end(), m_bytes.begin() + m_size);
        m_size += bytes.size();
    }

    /** @return their hash. */
    uint32_t GetHash() const
    {
        return Hash32(reinterpret_cast<const char*>(m_bytes.data()), m_size);
    }

  private:
    std::array<uint8_t, 2 * 16 + 1 + 3 + 4> m_bytes; //!< The bytes
    std::size_t m_size{0};                           //!< How many there are
};

/** @return the ports of TCP and UDP, none of another protocol, or where they are missing. */
std::span<const uint8_t>
GetPorts(std::span<const uint8_t> ip, std::size_t header, uint8_t protocol)
{
    const bool hasPorts = (protocol == TCP || protocol == UDP) && ip.size() >= header + 4;
    return hasPorts ? ip.subspan(header, 4) : std::span<const uint8_t>();
}

/** Take in what tells an IPv4 packet's flow. */
void
AddIpv4(FlowKey& key, std::span<const uint8_t> ip)
{
    const std::size_t header = (ip[0] & 0xf) * std::size_t{4};
    const bool isFragment = (Read16(ip, 6) & 0x3fff) != 0; // more to come, or an offset
    key.Add(ip.subspan(12, 8));
    key.Add(ip.subspan(9, 1));
    if (!isFragment)
    {
        key.Add(GetPorts(ip, header, ip[9]));
    }
}

/** Take in what tells an IPv6 packet's flow. */
void
AddIpv6(FlowKey& key, std::span<const uint8_t> ip)
{
    const uint8_t next = ip[6];
    const std::array<uint8_t, 3> label{static_cast<uint8_t>(ip[1] & 0xf), ip[2], ip[3]};
    key.Add(ip.subspan(IPV6_ADDRESSES, 32));
    key.Add(ip.subspan(6, 1));
    key.Add(label);
    key.Add(GetPorts(ip, IPV6_HEADER, next));
}

/**
 * The bytes of an IP header, taken off a packet and put back as they are. To ns-3, which keeps
 * track of a packet's headers where packets are printed, it is the header of its internet module,
 * which thus needs no linking with.
 */
class RawHeader : public Header
{
  public:
    /**
     * @param [in] type Name of the header that it stands for.
     * @param [in] size Its bytes.
     */
    RawHeader(const std::string& type, uint32_t size)
        : m_size(size)
    {
        if (!TypeId::LookupByNameFailSafe(type, &m_type))
        {
            m_type = Header::GetTypeId(); // no internet module: nobody made one
        }
    }

    TypeId GetInstanceTypeId() const override
    {
        return m_type;
    }

    uint32_t GetSerializedSize() const override
    {
        return m_size;
    }

    void Serialize(Buffer::Iterator start) const override
    {
        start.Write(m_bytes.data(), m_size);
    }

    uint32_t Deserialize(Buffer::Iterator start) override
    {
        start.Read(m_bytes.data(), m_size);
        return m_size;
    }

    void Print(std::ostream& os) const override
    {
        os << "IP header of " << m_size << " bytes";
    }

    /** @return the bytes. */
    std::span<uint8_t> GetBytes()
    {
        return std::span(m_bytes).first(m_size);
    }

  private:
    TypeId m_type;                     //!< What it stands for
    uint32_t m_size;                   //!< Its bytes
    std::array<uint8_t, 60> m_bytes{}; //!< The longest header
};

/** Set the ECN field of an IPv4 header, and mend its checksum (RFC 1624, equation 3). */
void
MarkIpv4(std::span<uint8_t> header)
{
    const uint16_t before = Read16(header, 0);
    header[1] |= CE;
    const uint16_t checksum = Read16(header, 10);
    if (checksum == 0)
    {
        return; // not computed: ns-3 without ChecksumEnabled
    }
    uint32_t sum = static_cast<uint16_t>(~checksum) + static_cast<uint16_t>(~before) +
                   uint32_t{Read16(header, 0)};
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    const auto mended = static_cast<uint16_t>(~sum);
    header[10] = static_cast<uint8_t>(mended >> 8);
    header[11] = static_cast<uint8_t>(mended);
}

} // namespace

uint32_t
GetFlowLabel(const Packet& frame)
{
    std::array<uint8_t, ETHERNET + 60 + 4> buffer; // with the longest IPv4 header, and ports
    const uint32_t size = frame.CopyData(buffer.data(), buffer.size());
    const std::span<const uint8_t> bytes = std::span(buffer).first(size);
    FlowKey key;
    if (size >= ETHERNET)
    {
        const uint16_t protocol = Read16(bytes, ETHERTYPE);
        const std::span<const uint8_t> ip = bytes.subspan(ETHERNET);
        if (protocol == IPV4 && ip.size() >= IPV4_LEAST)
        {
            AddIpv4(key, ip);
            return key.GetHash();
        }
        if (protocol == IPV6 && ip.size() >= IPV6_HEADER)
        {
            AddIpv6(key, ip);
            return key.GetHash();
        }
    }
    key.Add(bytes.first(std::min(bytes.size(), ETHERTYPE)));
    return key.GetHash();
}

bool
MarkCongestion(Packet& packet, uint16_t protocol)
{
    std::array<uint8_t, 2> start{};
    if ((protocol != IPV4 && protocol != IPV6) || packet.CopyData(start.data(), 2) < 2)
    {
        return false;
    }
    const bool isV4 = protocol == IPV4;
    const uint8_t field = isV4 ? start[1] & CE : start[1] >> 4 & CE;
    if (field == 0 || field == CE)
    {
        return field == CE; // its transport does not understand it, or it is marked
    }
    const uint32_t size = isV4 ? (start[0] & 0xf) * 4 : IPV6_HEADER;
    if (size < (isV4 ? IPV4_LEAST : IPV6_HEADER) || packet.GetSize() < size)
    {
        return false;
    }
    RawHeader header(isV4 ? "ns3::Ipv4Header" : "ns3::Ipv6Header", size);
    packet.RemoveHeader(header);
    if (isV4)
    {
        MarkIpv4(header.GetBytes());
    }
    else
    {
        header.GetBytes()[1] |= CE << 4;
    }
    packet.AddHeader(header);
    return true;
}

} // namespace mtlink
} // namespace ns3
