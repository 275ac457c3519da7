/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_JOB_CLAIMS_H
#define MTLINK_JOB_CLAIMS_H

#include <chrono>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Who of many programs, on many machines, does which job: a file for each job under way, in a
 * directory that all of them see, NFS included. It is made with O_EXCL, so that one alone gets it,
 * and says host and process; its time of change is the holder's heartbeat.
 *
 * A claim is a dead one's if its process is gone, where that is of this machine; else if it has
 * been silent for SILENCE, by the clock of the file system. It is removed then, by one of those who
 * see it, and whoever is first makes it anew.
 *
 * A holder that was only slow (stopped, cut off) may go on beside the new one: what it does must
 * be harmless, as with SweepRecord.
 */
class JobClaims
{
  public:
    /** A claim that had no heartbeat for so long is a dead one's. */
    static constexpr std::chrono::seconds SILENCE{60};

    /** @param [in] directory For the files; made when it is needed, and removed when empty. */
    explicit JobClaims(std::string directory);

    /** Gives all claims back. */
    ~JobClaims();

    JobClaims(const JobClaims&) = delete;
    JobClaims& operator=(const JobClaims&) = delete;

    /**
     * @param [in] job Name of a job, fit for a file and without a dot, that this has not claimed.
     * @return whether it is this program's now; else another's, which lives.
     * @throws WriteError if the file can't be made.
     */
    bool Take(const std::string& job);

    /** Give a claim back; @param [in] job Of what. */
    void Release(const std::string& job);

    /** Give signs of life for all claims, if it is time; to be called every few seconds. */
    void Beat();

    /**
     * @param [in] job Name of a job.
     * @return whether somebody has claimed it and not given it back, dead or alive.
     */
    bool IsClaimed(const std::string& job) const;

    /**
     * @param [in] job Name of a job.
     * @return who does it, "process 4711 on node1"; empty: nobody who lives.
     */
    std::string DescribeHolder(const std::string& job) const;

    /** @return how many jobs others have claimed and not given back, dead or alive. */
    std::size_t CountOthers() const;

    /** Remove what is left of programs that are dead. */
    void RemoveLeft() const;

  private:
    /** What a claim says of its holder, by name of each. */
    using Holder = std::map<std::string, std::string>;

    /** @return names of the jobs that have files. */
    std::vector<std::string> ListJobs() const;

    /** @return the file of a job. */
    std::string GetPath(const std::string& job) const;

    /** @return whether the file was made, and is this program's. */
    bool Make(const std::string& path);

    /** @return whether a file is there, of a holder that lives; @param [out] holder Who. */
    bool IsAlive(const std::string& path, Holder& holder) const;

    /** @return whether a file has changed within SILENCE; false if there is none. */
    bool IsFresh(const std::string& path) const;

    /** @return whether the file of a dead one is gone; at most one program does that at a time. */
    bool RemoveDead(const std::string& path) const;

    std::string m_directory;                      //!< Of the files
    Holder m_self;                                //!< This process
    std::set<std::string> m_held;                 //!< Jobs that it has claimed
    std::chrono::steady_clock::time_point m_beat; //!< Last sign of life
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_JOB_CLAIMS_H
