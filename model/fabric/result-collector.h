/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_RESULT_COLLECTOR_H
#define MTLINK_RESULT_COLLECTOR_H

#include "fabric/fabric-parts.h"

#include "ns3/mtlink-results.h"

#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Writes down what the parts of a fabric have counted until now.
 */
class ResultCollector
{
  public:
    /**
     * @param [in,out] parts The fabric: what it has put off is caught up with.
     * @param [out] results Where to; what a fabric does not know is left alone.
     */
    ResultCollector(FabricParts& parts, RunResults& results)
        : m_parts(parts),
          m_results(results)
    {
    }

    /** Fill the fabric's part of the results. */
    void Collect();

  private:
    /** The fabric's size, what was delivered and lost, and how much of that was in packets. */
    void CollectTotals();
    /** Shares of bytes that went in packets, and that a memo repeated. */
    void CollectFidelity();
    /** Links, and the buffers behind them. */
    void CollectLinks();
    /** @return what a link has done. */
    LinkResult DescribeLink(uint32_t link) const;
    /** The buffers behind a link, by VC. @param [in] row The link. */
    void CollectBuffers(const LinkResult& row);
    /** The reorder buffers of endpoints. */
    void CollectReorderBuffers();
    /** Flows of the congestion control. */
    void CollectFlows();
    /** Traffic classes. */
    void CollectClasses();
    /** What is known by time: samples, and spans of links. */
    void CollectTimeline();

    FabricParts& m_parts;  //!< The fabric
    RunResults& m_results; //!< Where to
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_RESULT_COLLECTOR_H
