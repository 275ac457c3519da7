/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-link-profile.h"

#include "engine/case.h"
#include "engine/enum-attribute.h"

#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/mtlink-error.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <regex>

namespace ns3
{
namespace mtlink
{

NS_OBJECT_ENSURE_REGISTERED(LinkProfile);

namespace
{

/**
 * ns-3 ends the program at a value that it can't read: look before.
 * @param [in] key A parameter's YAML key.
 * @param [in] value Its value as text.
 * @return whether ns-3 can read it.
 */
bool
IsWellFormed(const std::string& key, const std::string& value)
{
    static const std::regex rate("[0-9]+(\\.[0-9]+)?[kKMGT]?(bps|Bps|b/s|B/s)");
    static const std::regex time("[-+]?[0-9]+(\\.[0-9]+)?(fs|ps|ns|us|ms|s)");
    static const std::regex integer("[0-9]{1,9}");
    static const std::regex size("[0-9]{1,13}");
    static const std::regex word("[a-z_]+");
    static const std::regex decimal("[0-9]+(\\.[0-9]+)?(e-?[0-9]{1,3})?");
    const bool isTime = key.ends_with("latency") || key.ends_with("_overhead");
    const bool isInteger = key == "flit" || key == "header" || key == "lanes";
    return std::regex_match(value,
                            key == "rate"            ? rate
                            : isTime                 ? time
                            : isInteger              ? integer
                            : key == "replay_buffer" ? size
                            : key == "retry"         ? word
                                                     : decimal);
}

} // namespace

TypeId
LinkProfile::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mtlink::LinkProfile")
            .SetParent<Object>()
            .SetGroupName("Mtlink")
            .AddConstructor<LinkProfile>()
            .AddAttribute("Rate",
                          "Rate on the wire, one direction. Inferred: an S5000's MTLink is 2 lanes "
                          "of 112G, 28 GB/s.",
                          DataRateValue(DataRate("224Gbps")),
                          MakeDataRateAccessor(&LinkProfile::m_rate),
                          MakeDataRateChecker())
            .AddAttribute(
                "Latency",
                "Whole fixed one-way delay; negative: the sum of phy_latency, fec_latency "
                "and length at 5 ns/m.",
                TimeValue(NanoSeconds(-1)),
                MakeTimeAccessor(&LinkProfile::m_latency),
                MakeTimeChecker())
            .AddAttribute("PhyLatency",
                          "SerDes, PCS and MAC of both ends. Assumed: 40 to 60 ns is usual.",
                          TimeValue(NanoSeconds(60)),
                          MakeTimeAccessor(&LinkProfile::m_phyLatency),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("FecLatency",
                          "Forward error correction. Assumed: RS(544,514), about 60 ns.",
                          TimeValue(NanoSeconds(60)),
                          MakeTimeAccessor(&LinkProfile::m_fecLatency),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Length",
                          "Length of the cable in metres, at 5 ns/m. Assumed: inside one box.",
                          DoubleValue(1.0),
                          MakeDoubleAccessor(&LinkProfile::m_length),
                          MakeDoubleChecker<double>(0.0, 1e6))
            .AddAttribute("CreditOverhead",
                          "Time added to a credit's way back, beyond the link's latency. Assumed.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&LinkProfile::m_creditOverhead),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Flit",
                          "Bytes of a flit, the unit of buffers and credits. Assumed: UALink's "
                          "transaction-layer flit.",
                          UintegerValue(64),
                          MakeUintegerAccessor(&LinkProfile::m_flit),
                          MakeUintegerChecker<uint32_t>(1, 65536))
            .AddAttribute("Header",
                          "Bytes of header per packet, before rounding up to flits. Assumed: none.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&LinkProfile::m_header),
                          MakeUintegerChecker<uint32_t>(0, 65536))
            .AddAttribute(
                "Encoding",
                "Bits on the wire per bit of a flit (line code, FEC parity). Assumed: the "
                "rate is already net of them.",
                DoubleValue(1.0),
                MakeDoubleAccessor(&LinkProfile::m_encoding),
                MakeDoubleChecker<double>(1.0, 10.0))
            .AddAttribute("ErrorRate",
                          "Probability that a flit is corrupted, after error correction. Assumed: "
                          "none.",
                          DoubleValue(0.0),
                          MakeDoubleAccessor(&LinkProfile::m_errorRate),
                          MakeDoubleChecker<double>(0.0, 0.1))
            .AddAttribute(
                "Retry",
                "What the link does about a corrupted packet: none, or go_back_n (sends "
                "it again, and all behind it). Assumed.",
                EnumValue(LinkProfile::NONE),
                EnumAccessor<LinkProfile::Retry>(&LinkProfile::m_retry),
                MakeEnumChecker(LinkProfile::NONE, "none", LinkProfile::GO_BACK_N, "go_back_n"))
            .AddAttribute("ReplayBuffer",
                          "Bytes of unacknowledged packets that the sender keeps, for retry: "
                          "go_back_n; 0: as many as there are. Assumed.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&LinkProfile::m_replayBuffer),
                          MakeUintegerChecker<uint64_t>(0, 1ULL << 40))
            .AddAttribute("AckOverhead",
                          "Time added to an acknowledgement's way back, beyond the link's latency, "
                          "for retry: go_back_n. Assumed.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&LinkProfile::m_ackOverhead),
                          MakeTimeChecker(Time(0)))
            .AddAttribute(
                "Lanes",
                "Lanes that make up the rate, which faults may take some of. Inferred: an "
                "S5000's MTLink is 2 lanes of 112G.",
                UintegerValue(2),
                MakeUintegerAccessor(&LinkProfile::m_lanes),
                MakeUintegerChecker<uint32_t>(1, 1024));
    return tid;
}

Ptr<LinkProfile>
LinkProfile::With(const std::map<std::string, std::string>& overrides) const
{
    const Ptr<LinkProfile> copy = CopyObject(Ptr<const LinkProfile>(this));
    const bool inParts = overrides.count("phy_latency") > 0 || overrides.count("fec_latency") > 0 ||
                         overrides.count("length") > 0;
    if (inParts && overrides.count("latency") == 0)
    {
        copy->m_latency = NanoSeconds(-1);
    }
    for (const auto& [key, value] : overrides)
    {
        // ns-3 reads rates and times with their units, but numbers without.
        std::string number = value;
        const bool isBytes = key == "flit" || key == "header" || key == "replay_buffer";
        const char unit = isBytes ? 'B' : key == "length" ? 'm' : '\0';
        if (unit != '\0' && !number.empty() && number.back() == unit)
        {
            number.pop_back();
        }
        if (!IsWellFormed(key, number) ||
            !copy->SetAttributeFailSafe(ToCamelCase(key), StringValue(number)))
        {
            throw ParameterError(key, "a link can't have " + key + " " + value);
        }
    }
    return copy;
}

Time
LinkProfile::GetLatency() const
{
    if (!m_latency.IsStrictlyNegative())
    {
        return m_latency;
    }
    return m_phyLatency + m_fecLatency + PicoSeconds(static_cast<uint64_t>(m_length * 5000 + 0.5));
}

} // namespace mtlink
} // namespace ns3
