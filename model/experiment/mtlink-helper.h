/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_HELPER_H
#define MTLINK_HELPER_H

#include "ns3/attribute.h"
#include "ns3/mtlink-error.h"
#include "ns3/mtlink-fabric.h"
#include "ns3/mtlink-net-device-helper.h"
#include "ns3/mtlink-topology-builder.h"
#include "ns3/mtlink-workload.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{

/**
 * @ingroup mtlink
 * Builds fabrics in an ns-3 script, and makes nodes their endpoints.
 *
 * Make one before anything that uses a Time or the Simulator: it sets ns-3's resolution to
 * picoseconds, and makes mtlink's simulator implementation the one to use unless the script has
 * chosen another.
 */
class MtlinkHelper : public MtlinkNetDeviceHelper
{
  public:
    MtlinkHelper();

    /**
     * Set an attribute of every link of fabrics built from now on, whatever their file says.
     * @param [in] name Its name, as "Rate".
     * @param [in] value Its value.
     */
    void SetLinkAttribute(const std::string& name, const AttributeValue& value);

    /** As SetLinkAttribute(), of every switch. */
    void SetSwitchAttribute(const std::string& name, const AttributeValue& value);

    /** As SetLinkAttribute(), of every endpoint. */
    void SetEndpointAttribute(const std::string& name, const AttributeValue& value);

    /** As SetLinkAttribute(), of the routing. */
    void SetRoutingAttribute(const std::string& name, const AttributeValue& value);

    /**
     * @param [in] seed Seed of flow hashes and sprays of fabrics built from now on, at least 1.
     */
    void SetSeed(uint32_t seed);

    /**
     * Build a fabric from its YAML file.
     * @param [in] path Path of the file.
     * @return the fabric.
     * @throws mtlink::InputError for a file that can't be read or a fabric that can't be.
     */
    Ptr<MtlinkFabric> Build(const std::string& path) const;

    /**
     * Build a fabric from a layout made in code; children and their scopes 0 are its own.
     * @param [in] builder The layout.
     * @return the fabric.
     * @throws mtlink::ParameterError for a fabric that can't be.
     */
    Ptr<MtlinkFabric> Build(Ptr<mtlink::TopologyBuilder> builder) const;

    /**
     * Run a workload of an experiment on a fabric, beside whatever else the script does there.
     * @param [in] fabric The fabric; with its faults added only after groups were opened, which
     *             `algorithm: in_network` does here.
     * @param [in] yaml What stands below `workload:` in an experiment, a collective, a trace or
     *             traffic, as "collective: all_reduce\nsize: 64MiB"; paths in it are relative to
     * the current directory. `start` counts from now.
     * @return the workload, which starts as the simulation comes to its start.
     * @throws mtlink::InputError for what is unknown or can't be.
     */
    Ptr<MtlinkWorkload> InstallWorkload(Ptr<MtlinkFabric> fabric, const std::string& yaml);

  private:
    /** Attributes by name, in order of setting. */
    using Attributes = std::vector<std::pair<std::string, Ptr<const AttributeValue>>>;

    /**
     * Build a fabric with this helper's attributes over its own.
     * @param [in] builder The layout.
     * @param [in,out] scopes Its parameters.
     * @param [in,out] endpoint Parameters of its endpoints.
     * @return the fabric.
     */
    Ptr<MtlinkFabric> Build(Ptr<mtlink::TopologyBuilder> builder,
                            std::vector<mtlink::FabricScope>& scopes,
                            Ptr<mtlink::EndpointProfile> endpoint) const;

    Attributes m_link;       //!< Of every link
    Attributes m_switch;     //!< Of every switch
    Attributes m_endpoint;   //!< Of every endpoint
    Attributes m_routing;    //!< Of the routing
    uint32_t m_seed{1};      //!< Of flow hashes and sprays
    uint32_t m_workloads{0}; //!< Installed so far
};

} // namespace ns3

#endif // MTLINK_HELPER_H
