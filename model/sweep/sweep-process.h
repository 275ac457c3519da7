/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWEEP_PROCESS_H
#define MTLINK_SWEEP_PROCESS_H

#include "sweep/sweep-record.h"

#include <functional>
#include <string>
#include <sys/types.h>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A process that runs one job of a sweep and writes its results, or sees whether a point can be
 * run. It ends with the process that started it, however that ends.
 */
class SweepProcess
{
  public:
    /**
     * Start it: the process is forked, so nothing is read or set up twice.
     * @param [in] sweep The sweep.
     * @param [in] job The job.
     * @param [in] directory Where results go; it exists, and is empty.
     * @throws std::runtime_error if no process can be made.
     */
    SweepProcess(const Sweep& sweep, const SweepJob& job, const std::string& directory);

    /**
     * Start one that builds what a point needs and stops as it begins to run: it is done or
     * refused, and leaves nothing.
     * @param [in] sweep The sweep.
     * @param [in] point One of its points, which can be read.
     * @throws std::runtime_error if no process can be made.
     */
    SweepProcess(const Sweep& sweep, const SweepPoint& point);

    /** Kills it if it is still running. */
    ~SweepProcess();

    SweepProcess(const SweepProcess&) = delete;
    SweepProcess& operator=(const SweepProcess&) = delete;

    /** @return what to poll for reading: it has told something, or has ended. */
    int GetDescriptor() const
    {
        return m_descriptor;
    }

    /**
     * Take what it has told; may wait, so poll before.
     * @return whether it goes on; false: it has ended.
     */
    bool Listen();

    /** @return share of its work that is done, 0 to 1, as told last. */
    double GetShare() const
    {
        return m_share;
    }

    /** @return how it ended, once Listen() returned false. */
    JobOutcome Wait();

  private:
    /** Start it; @param [in] work What it does: gets where to tell, returns its exit status. */
    void Start(const std::function<int(int)>& work);

    pid_t m_process{-1};   //!< Its id; -1: it has ended and is waited for
    int m_descriptor{-1};  //!< What it tells is read from here
    std::string m_told;    //!< What it told and was not understood yet
    std::string m_message; //!< What it said last
    double m_share{0};     //!< Share of its work
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWEEP_PROCESS_H
