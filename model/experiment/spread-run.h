/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SPREAD_RUN_H
#define MTLINK_SPREAD_RUN_H

#include "engine/exchange.h"
#include "experiment/experiment.h"

#include "ns3/mtlink-fabric.h"
#include "ns3/mtlink-results.h"

#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * One run in several processes, as process 0 sees it: it has the workloads, and all that is
 * written; the others have built the same fabric and wait in ServeRun().
 */
class SpreadRun
{
  public:
    /**
     * Tell the others whether they are wanted, and spread the fabric if so.
     * @param [in] experiment The experiment, its workloads set up and its faults announced; must
     *                        outlive this.
     * @param [in] fabric Its fabric; likewise.
     * @param [in] exchange The processes; likewise.
     * @param [in] mode In what mode it runs: in packets alone there is work for several.
     * @throws InputError for what can't be spread.
     */
    SpreadRun(const Experiment& experiment,
              MtlinkFabric& fabric,
              Exchange& exchange,
              const std::string& mode);

    /** @return why several processes are no gain; empty: they are, by estimate. */
    const std::string& GetWarning() const
    {
        return m_warning;
    }

    /** Run it to its end: in place of Simulator::Run(). */
    void Run();

    /** Say who has simulated what; once the run is over. @param [in,out] results Gets it. */
    void Collect(RunResults& results) const;

  private:
    const Experiment& m_experiment;  //!< What is run
    MtlinkFabric& m_fabric;          //!< On what
    Exchange& m_exchange;            //!< The processes
    FabricSpread* m_spread{nullptr}; //!< Runs it; nullptr: process 0 alone does
    std::string m_warning;           //!< See GetWarning()
};

/**
 * @ingroup mtlink
 * What is to be expected of a run in several processes.
 */
struct SpreadEstimate
{
    std::string refused;       //!< Why it can't be; empty: it can, and what follows holds
    SpreadResult spread;       //!< Who would simulate what
    std::vector<double> loads; //!< By process: of the work of one process, without meetings
    double speedup{1};         //!< Times as fast as one process, all links full, by MPI
    double speedupIdle{1};     //!< Likewise, links full a tenth of the time
};

/**
 * @ingroup mtlink
 * @param [in] experiment An experiment, its workloads set up, or a fabric alone.
 * @param [in] fabric Its fabric.
 * @param [in] processes At least 1.
 * @return what several processes would make of it, in packets.
 */
SpreadEstimate EstimateSpread(const Experiment& experiment,
                              const MtlinkFabric& fabric,
                              uint32_t processes);

/**
 * @ingroup mtlink
 * In any process but process 0: simulate a part of the fabric, if that is wanted.
 * @param [in] experiment The same experiment.
 * @param [in] exchange The processes.
 * @throws InputError for what can't be built, as process 0 does.
 * @throws ExchangeError where process 0 has ended.
 */
void ServeRun(const Experiment& experiment, Exchange& exchange);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SPREAD_RUN_H
