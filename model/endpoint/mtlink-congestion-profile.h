/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CONGESTION_PROFILE_H
#define MTLINK_CONGESTION_PROFILE_H

#include "ns3/data-rate.h"
#include "ns3/mtlink-class-profile.h"
#include "ns3/nstime.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * Parameters of DCQCN, by the names of Zhu et al., SIGCOMM 2015. */
struct DcqcnParameters
{
    double g;              //!< Weight of a mark in alpha
    double rateAi;         //!< R_AI, bytes per ps
    double rateHai;        //!< R_HAI, bytes per ps
    double minRate;        //!< Least rate, bytes per ps
    int64_t cnpInterval;   //!< N: least time between two notifications of a flow, ps
    int64_t alphaTimer;    //!< K: alpha falls after this time without one, ps
    int64_t rateTimer;     //!< T: time of a step of increase, ps
    uint64_t byteCounter;  //!< B: bytes of a step of increase
    uint32_t fastRecovery; //!< F: steps of fast recovery
};

/** @ingroup mtlink
 * Parameters of Swift, by the names of Kumar et al., SIGCOMM 2020. */
struct SwiftParameters
{
    double baseTarget; //!< base_target, ps
    double hopScaling; //!< h: per switch, ps
    double fsRange;    //!< fs_range, ps
    double fsMinCwnd;  //!< fs_min_cwnd, packets
    double fsMaxCwnd;  //!< fs_max_cwnd, packets
    double ai;         //!< Additive increase, packets
    double beta;       //!< Multiplicative decrease
    double maxMdf;     //!< Largest decrease at once
    double minCwnd;    //!< Least window, packets
    double maxCwnd;    //!< Largest window, packets
};

/** @ingroup mtlink
 * Parameters of HPCC, by the names of Li et al., SIGCOMM 2019. */
struct HpccParameters
{
    double eta;        //!< Utilisation that is aimed at
    uint32_t maxStage; //!< Additive steps before a multiplicative one
    double wAi;        //!< W_AI, bytes
};

/**
 * @ingroup mtlink
 * Congestion control of the endpoints: the part of `endpoint:` that EndpointProfile inherits.
 */
class CongestionProfile : public ClassProfile
{
  public:
    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    /** @return the name of one that is registered, or "none". */
    const std::string& GetCongestionControl() const
    {
        return m_control;
    }

    /** @return its parameters. */
    DcqcnParameters GetDcqcn() const;

    /** @return its parameters. */
    SwiftParameters GetSwift() const;

    /** @return its parameters. */
    HpccParameters GetHpcc() const;

    /**
     * @return the name of a parameter that has another value than its default and belongs to an
     *         algorithm that is not used, or an empty text.
     */
    std::string FindUnused() const;

  private:
    std::string m_control;        //!< Which
    double m_dcqcnG;              //!< See DcqcnParameters
    DataRate m_dcqcnRateAi;       //!< Likewise
    DataRate m_dcqcnRateHai;      //!< Likewise
    DataRate m_dcqcnMinRate;      //!< Likewise
    Time m_dcqcnCnpInterval;      //!< Likewise
    Time m_dcqcnAlphaTimer;       //!< Likewise
    Time m_dcqcnRateTimer;        //!< Likewise
    uint64_t m_dcqcnByteCounter;  //!< Likewise
    uint32_t m_dcqcnFastRecovery; //!< Likewise
    Time m_swiftBaseTarget;       //!< See SwiftParameters
    Time m_swiftHopScaling;       //!< Likewise
    Time m_swiftFsRange;          //!< Likewise
    double m_swiftFsMinCwnd;      //!< Likewise
    double m_swiftFsMaxCwnd;      //!< Likewise
    double m_swiftAi;             //!< Likewise
    double m_swiftBeta;           //!< Likewise
    double m_swiftMaxMdf;         //!< Likewise
    double m_swiftMinCwnd;        //!< Likewise
    double m_swiftMaxCwnd;        //!< Likewise
    double m_hpccEta;             //!< See HpccParameters
    uint32_t m_hpccMaxStage;      //!< Likewise
    uint64_t m_hpccWAi;           //!< Likewise
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CONGESTION_PROFILE_H
