/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DESIGN_REQUEST_H
#define MTLINK_DESIGN_REQUEST_H

#include "cost/cost-profile.h"
#include "design/network-designs.h"
#include "experiment/yaml.h"
#include "sweep/sweep-axes.h"
#include "sweep/sweep.h"

#include "ns3/mtlink-fidelity.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A switch chip that designs may be made of.
 */
struct DesignChip
{
    std::string name;              //!< "64x800Gbps", or as given
    uint32_t ports{0};             //!< Links, each both ways
    uint64_t bitRate{0};           //!< Of a port, one direction, bit/s
    YamlNode rate;                 //!< As given
    YamlNode parameters;           //!< `switch:` of a fabric made of it, a mapping
    std::optional<double> price{}; //!< In the user's money
};

/**
 * @ingroup mtlink
 * What the user pays, in any one currency; nothing: not said. No price is known here.
 */
struct Money
{
    std::optional<double> copperCable;   //!< Of a cable without optics
    std::optional<double> opticalCable;  //!< Of a longer one, its modules apart
    std::optional<double> opticalModule; //!< Of each of its two modules
    std::optional<double> metre;         //!< Of any cable
    std::optional<double> watt;          //!< Of the fabric's power, over its life
};

/** @ingroup mtlink
 * Its keys. */
inline constexpr std::pair<const char*, std::optional<double> Money::*> MONEY_KEYS[] = {
    {"copper_cable", &Money::copperCable},
    {"optical_cable", &Money::opticalCable},
    {"optical_module", &Money::opticalModule},
    {"metre", &Money::metre},
    {"watt", &Money::watt}};

/**
 * @ingroup mtlink
 * What a figure of a design must come to.
 */
struct DesignLimit
{
    std::string figure;           //!< A figure of runs or of cost
    std::optional<double> atMost; //!< In the figure's unit
    std::optional<double> atLeast;
    std::optional<double> within; //!< As a fraction of what the full fat tree has
};

/**
 * @ingroup mtlink
 * What `mtlink design` is asked.
 */
struct DesignRequest
{
    std::string name;                        //!< Also of the results directory
    YamlNode document;                       //!< What was read
    uint64_t endpoints{0};                   //!< Cards to join
    std::optional<uint64_t> bitRate{};       //!< That each card's links must add up to, bit/s
    std::optional<YamlNode> node{};          //!< Fabric of a node, resolved; nothing: not asked for
    std::vector<DesignChip> chips;           //!< At least one
    std::vector<std::string> kinds;          //!< Of networks, "planes" and "rails" with them
    NetworkWish wish;                        //!< All but endpoints and ports
    std::vector<uint32_t> planes;            //!< Numbers of planes beside 1
    std::map<std::string, YamlNode> lengths; //!< Of cables, by link class
    YamlNode fabric;                         //!< Parameters of every fabric; or NOTHING
    std::vector<SweepAxis> choices;          //!< Of which every fabric has one value each
    Ptr<CostProfile> cost;                   //!< The technology
    Money money;                             //!< What is paid

    std::vector<YamlNode> workloads; //!< What a design must stand; empty: nothing is simulated
    YamlNode scenarios;              //!< And under what: values by key of an experiment; or NOTHING
    std::vector<uint32_t> seeds;     //!< With which packets are run
    Aggregate aggregate{};           //!< Over workloads, scenarios and seeds
    std::vector<std::string> objectives; //!< Figures, what matters most first
    std::vector<DesignLimit> limits;     //!< All must hold
    std::optional<double>
        sensitivity{}; //!< By what assumed costs are multiplied and divided, above 1
    std::array<double, FIDELITIES> errors{}; //!< Of figures not of packets, fractions, by Fidelity
    bool isFlowClosest{
        false}; //!< Nothing is run in packets: figures of mode flow count as they are
    std::optional<double> budget{}; //!< Seconds of the search; nothing: no end
};

/**
 * @ingroup mtlink
 * @param [in] file Path of the request.
 * @return what it asks.
 * @throws InputError at the place of what is unknown or can't be.
 */
DesignRequest LoadDesignRequest(const std::string& file);

/**
 * @ingroup mtlink
 * @param [in] document A YAML file's outermost mapping.
 * @return whether it is a request for designs: it alone has chips.
 */
bool IsDesignRequest(const YamlNode& document);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DESIGN_REQUEST_H
