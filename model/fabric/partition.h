/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PARTITION_H
#define MTLINK_PARTITION_H

#include "link/links.h"

#include "ns3/mtlink-topology.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Which process simulates what of a fabric, and what is to be expected of that.
 */
struct Partition
{
    std::vector<uint32_t> processOf; //!< By node; endpoints are process 0's
    uint32_t cutLinks{0};            //!< Links whose ends are in two processes, each direction one
    Tick lookahead{NEVER};           //!< What one process does reaches another no sooner
    std::vector<double> shares;      //!< By process: of the work of one process, by estimate
    double speedup{1};               //!< Times as fast as one process, all links full, by estimate
    double speedupIdle{1};           //!< Likewise, links full a tenth of the time
};

/**
 * @ingroup mtlink
 * Cuts fabrics into parts, one for each process. Process 0 has all endpoints, since the workload
 * knows no delay: who gets a message may send the next at the same instant. Switches are spread so
 * that each process has as much to do, few links are cut, and none of those that are shorter than
 * others if that can be had.
 *
 * Parts grow from a switch each (greedy graph growing: G. Karypis and V. Kumar, "A fast and high
 * quality multilevel scheme for partitioning irregular graphs", SIAM J. Sci. Comput. 20(1), 1998,
 * section 4.2); for each length of links once, links shorter than that not cut. Of these partitions
 * that is taken which is expected to be quickest.
 */
class Partitioner
{
  public:
    /**
     * @param [in] topology The graph; must outlive this, as the other.
     * @param [in] links What links are made of.
     */
    Partitioner(const Topology& topology, std::function<const LinkSpec&(uint32_t)> links);

    /**
     * @param [in] processes How many, at least 1.
     * @return the partition; the same on every machine.
     */
    Partition Find(uint32_t processes) const;

    /**
     * @param [in] partition A partition.
     * @param [in] load Part of the time for which links are full, above 0, at most 1.
     * @return how many times as fast as one process it is expected to be: the longest part of a
     *         window's work, and a meeting of all after it.
     */
    double EstimateSpeedup(const Partition& partition, double load) const;

  private:
    /** @return the time that it takes one link's end to be heard of at the other. */
    Tick GetReach(uint32_t link) const;
    /** @return switches that are one for the partition, links between them not to be cut. */
    std::vector<uint32_t> Contract(Tick shortest) const;
    /** @return the partition in which no link of less reach than that is cut. */
    Partition Grow(uint32_t processes, Tick shortest) const;
    /** Fill in what is to be expected. */
    void Describe(Partition& partition, uint32_t processes) const;

    const Topology& m_topology;                       //!< The graph
    std::function<const LinkSpec&(uint32_t)> m_links; //!< Its links
    std::vector<double> m_work;                       //!< By node
    double m_allWork{0};                              //!< Sum
    double m_hopsPerSecond{0};                        //!< Of simulated time, all links full
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PARTITION_H
