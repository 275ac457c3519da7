/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/mtlink-congestion-profile.h"

#include "endpoint/control-registry.h"
#include "engine/choice-attribute.h"

#include "ns3/double.h"
#include "ns3/mtlink-tick.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

NS_OBJECT_ENSURE_REGISTERED(CongestionProfile);

namespace
{

/** @return none, and all that are registered. */
std::vector<std::string>
ListControls()
{
    std::vector<std::string> names = GetCongestionControls().GetNames();
    names.insert(names.begin(), NO_CONGESTION_CONTROL);
    return names;
}

} // namespace

TypeId
CongestionProfile::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::mtlink::CongestionProfile")
            .SetParent<ClassProfile>()
            .SetGroupName("Mtlink")
            .AddConstructor<CongestionProfile>()
            .AddAttribute("CongestionControl",
                          "Control of what endpoints send over the switches of the uppermost tier: "
                          "none, dcqcn (rate by marks), swift (window by delay), hpcc (window by "
                          "telemetry) or host (marks are for those who send, as TCP over "
                          "NetDevices). Assumed: none.",
                          StringValue(NO_CONGESTION_CONTROL),
                          MakeStringAccessor(&CongestionProfile::m_control),
                          MakeChoiceChecker(ListControls))
            .AddAttribute(
                "DcqcnG",
                "DCQCN: weight g of a notification in alpha. Assumed: as in Zhu et al. 2015.",
                DoubleValue(1.0 / 256),
                MakeDoubleAccessor(&CongestionProfile::m_dcqcnG),
                MakeDoubleChecker<double>(1e-6, 1.0))
            .AddAttribute("DcqcnRateAi",
                          "DCQCN: R_AI, step of the additive increase. Assumed: as in Zhu et al. "
                          "2015, at 40 Gb/s.",
                          DataRateValue(DataRate("40Mbps")),
                          MakeDataRateAccessor(&CongestionProfile::m_dcqcnRateAi),
                          MakeDataRateChecker())
            .AddAttribute(
                "DcqcnRateHai",
                "DCQCN: R_HAI, step of the hyper increase. Assumed: ten times the additive one, as "
                "in 802.1Qau and in NVIDIA's defaults; Zhu et al. 2015 give none.",
                DataRateValue(DataRate("400Mbps")),
                MakeDataRateAccessor(&CongestionProfile::m_dcqcnRateHai),
                MakeDataRateChecker())
            .AddAttribute("DcqcnMinRate",
                          "DCQCN: least rate of a flow. Assumed: as in the simulator of Li et al. "
                          "2019; Zhu et al. 2015 give none.",
                          DataRateValue(DataRate("100Mbps")),
                          MakeDataRateAccessor(&CongestionProfile::m_dcqcnMinRate),
                          MakeDataRateChecker())
            .AddAttribute("DcqcnCnpInterval",
                          "DCQCN: N, least time between two notifications of one flow. Assumed: as "
                          "in Zhu et al. 2015.",
                          TimeValue(MicroSeconds(50)),
                          MakeTimeAccessor(&CongestionProfile::m_dcqcnCnpInterval),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("DcqcnAlphaTimer",
                          "DCQCN: K, time without a notification after which alpha falls. Assumed: "
                          "as in Zhu et al. 2015.",
                          TimeValue(MicroSeconds(55)),
                          MakeTimeAccessor(&CongestionProfile::m_dcqcnAlphaTimer),
                          MakeTimeChecker(NanoSeconds(10)))
            .AddAttribute(
                "DcqcnRateTimer",
                "DCQCN: T, time after which the rate rises a step. Assumed: as in Zhu et al. 2015.",
                TimeValue(MicroSeconds(55)),
                MakeTimeAccessor(&CongestionProfile::m_dcqcnRateTimer),
                MakeTimeChecker(NanoSeconds(10)))
            .AddAttribute("DcqcnByteCounter",
                          "DCQCN: B, bytes on the wire after which the rate rises a step. Assumed: "
                          "as in Zhu et al. 2015.",
                          UintegerValue(10000000),
                          MakeUintegerAccessor(&CongestionProfile::m_dcqcnByteCounter),
                          MakeUintegerChecker<uint64_t>(1))
            .AddAttribute("DcqcnFastRecovery",
                          "DCQCN: F, steps of fast recovery before the target rises. Assumed: as "
                          "in Zhu et al. 2015.",
                          UintegerValue(5),
                          MakeUintegerAccessor(&CongestionProfile::m_dcqcnFastRecovery),
                          MakeUintegerChecker<uint32_t>(1, 1000))
            .AddAttribute(
                "SwiftBaseTarget",
                "Swift: base target of the round trip delay. Assumed: some times the idle one of a "
                "GPU fabric; Kumar et al. 2020 have 15 to 50 us with their hosts.",
                TimeValue(MicroSeconds(5)),
                MakeTimeAccessor(&CongestionProfile::m_swiftBaseTarget),
                MakeTimeChecker(Time(0)))
            .AddAttribute("SwiftHopScaling",
                          "Swift: h, added to the target for each switch on the way. Assumed: "
                          "Kumar et al. 2020 give none.",
                          TimeValue(MicroSeconds(1)),
                          MakeTimeAccessor(&CongestionProfile::m_swiftHopScaling),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("SwiftFsRange",
                          "Swift: fs_range, most that is added to the target of small windows. "
                          "Assumed: as the base target; Kumar et al. 2020 give none.",
                          TimeValue(MicroSeconds(5)),
                          MakeTimeAccessor(&CongestionProfile::m_swiftFsRange),
                          MakeTimeChecker(Time(0)))
            .AddAttribute(
                "SwiftFsMinCwnd",
                "Swift: fs_min_cwnd, window in packets up to which all of fs_range is added. "
                "Assumed: as in the simulator csg-htsim; Kumar et al. 2020 give none.",
                DoubleValue(0.1),
                MakeDoubleAccessor(&CongestionProfile::m_swiftFsMinCwnd),
                MakeDoubleChecker<double>(1e-4, 1e6))
            .AddAttribute("SwiftFsMaxCwnd",
                          "Swift: fs_max_cwnd, window in packets from which nothing is added. "
                          "Assumed: as in the simulator csg-htsim; Kumar et al. 2020 give none.",
                          DoubleValue(100.0),
                          MakeDoubleAccessor(&CongestionProfile::m_swiftFsMaxCwnd),
                          MakeDoubleChecker<double>(1e-3, 1e7))
            .AddAttribute("SwiftAi",
                          "Swift: ai, packets by which the window grows in a round trip. Assumed: "
                          "Kumar et al. 2020 give none.",
                          DoubleValue(1.0),
                          MakeDoubleAccessor(&CongestionProfile::m_swiftAi),
                          MakeDoubleChecker<double>(1e-6, 1e6))
            .AddAttribute(
                "SwiftBeta",
                "Swift: beta, decrease by the share of the delay that is above the target. "
                "Assumed: as in the simulator csg-htsim; Kumar et al. 2020 give none.",
                DoubleValue(0.8),
                MakeDoubleAccessor(&CongestionProfile::m_swiftBeta),
                MakeDoubleChecker<double>(0.0, 1.0))
            .AddAttribute("SwiftMaxMdf",
                          "Swift: max_mdf, largest decrease in a round trip. Assumed: as in the "
                          "simulator csg-htsim; Kumar et al. 2020 give none.",
                          DoubleValue(0.5),
                          MakeDoubleAccessor(&CongestionProfile::m_swiftMaxMdf),
                          MakeDoubleChecker<double>(0.0, 1.0))
            .AddAttribute("SwiftMinCwnd",
                          "Swift: least window in packets; below 1 packets are paced. Assumed: as "
                          "in Kumar et al. 2020.",
                          DoubleValue(0.001),
                          MakeDoubleAccessor(&CongestionProfile::m_swiftMinCwnd),
                          MakeDoubleChecker<double>(1e-6, 1e6))
            .AddAttribute("SwiftMaxCwnd",
                          "Swift: largest window in packets, and the first. Assumed: that of the "
                          "default window.",
                          DoubleValue(256.0),
                          MakeDoubleAccessor(&CongestionProfile::m_swiftMaxCwnd),
                          MakeDoubleChecker<double>(1e-3, 1e7))
            .AddAttribute("HpccEta",
                          "HPCC: eta, utilisation of the busiest link that is aimed at. Assumed: "
                          "as in Li et al. 2019.",
                          DoubleValue(0.95),
                          MakeDoubleAccessor(&CongestionProfile::m_hpccEta),
                          MakeDoubleChecker<double>(0.01, 1.0))
            .AddAttribute(
                "HpccMaxStage",
                "HPCC: maxStage, additive steps before a multiplicative one. Assumed: as printed "
                "in Li et al. 2019, whose simulations had 0, as the authors say since.",
                UintegerValue(5),
                MakeUintegerAccessor(&CongestionProfile::m_hpccMaxStage),
                MakeUintegerChecker<uint32_t>(0, 1000))
            .AddAttribute("HpccWAi",
                          "HPCC: W_AI, bytes by which the window grows in an additive step. "
                          "Assumed: as in Li et al. 2019.",
                          UintegerValue(80),
                          MakeUintegerAccessor(&CongestionProfile::m_hpccWAi),
                          MakeUintegerChecker<uint64_t>(0, 1ULL << 40));
    return tid;
}

namespace
{

/** @return bytes per picosecond. */
double
ToBytesPerTick(const DataRate& rate)
{
    return static_cast<double>(rate.GetBitRate()) / 8e12;
}

} // namespace

DcqcnParameters
CongestionProfile::GetDcqcn() const
{
    return {m_dcqcnG,
            ToBytesPerTick(m_dcqcnRateAi),
            ToBytesPerTick(m_dcqcnRateHai),
            ToBytesPerTick(m_dcqcnMinRate),
            ToTicks(m_dcqcnCnpInterval),
            ToTicks(m_dcqcnAlphaTimer),
            ToTicks(m_dcqcnRateTimer),
            m_dcqcnByteCounter,
            m_dcqcnFastRecovery};
}

SwiftParameters
CongestionProfile::GetSwift() const
{
    return {static_cast<double>(ToTicks(m_swiftBaseTarget)),
            static_cast<double>(ToTicks(m_swiftHopScaling)),
            static_cast<double>(ToTicks(m_swiftFsRange)),
            m_swiftFsMinCwnd,
            m_swiftFsMaxCwnd,
            m_swiftAi,
            m_swiftBeta,
            m_swiftMaxMdf,
            m_swiftMinCwnd,
            m_swiftMaxCwnd};
}

HpccParameters
CongestionProfile::GetHpcc() const
{
    return {m_hpccEta, m_hpccMaxStage, static_cast<double>(m_hpccWAi)};
}

std::string
CongestionProfile::FindUnused() const
{
    const TypeId tid = CongestionProfile::GetTypeId();
    const ControlKind* const control = FindControl(*this);
    const std::string used = control ? control->parameters : "";
    for (std::size_t i = 0; i < tid.GetAttributeN(); ++i)
    {
        const TypeId::AttributeInformation info = tid.GetAttribute(i);
        if ((!used.empty() && info.name.starts_with(used)) || info.name == "CongestionControl")
        {
            continue;
        }
        StringValue value;
        GetAttribute(info.name, value);
        if (value.Get() != info.originalInitialValue->SerializeToString(info.checker))
        {
            return info.name;
        }
    }
    return {};
}

} // namespace mtlink
} // namespace ns3
