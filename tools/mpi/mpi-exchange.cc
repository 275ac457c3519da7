/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The processes that an MPI launcher has started: a library of its own, loaded where there is such
// a launcher, so that mtlink itself needs no MPI.

#include "mpi-exchange.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <mpi.h>
#include <string>
#include <unistd.h>

using namespace ns3::mtlink;

namespace
{

/** What each tells all others. */
struct Saying
{
    Exchange::Word word;
    int64_t bytes; //!< To the process that reads it
};

/** Processes joined by MPI. */
class MpiExchange : public Exchange
{
  public:
    explicit MpiExchange(const volatile std::sig_atomic_t* interrupt)
        : m_interrupt(interrupt)
    {
        int rank = 0;
        int size = 1;
        MPI_Comm_rank(MPI_COMM_WORLD, &rank);
        MPI_Comm_size(MPI_COMM_WORLD, &size);
        m_process = static_cast<uint32_t>(rank);
        m_size = static_cast<uint32_t>(size);
    }

    ~MpiExchange() override
    {
        if (m_isBroken || std::uncaught_exceptions() > 0)
        {
            return; // the others wait for this process: its launcher ends them as it ends
        }
        if (m_process == 0 && !m_hasMet)
        {
            std::vector<Batch> none(m_size);
            Meet({}, none); // they still wait to hear whether they are wanted
        }
        MPI_Finalize();
    }

    uint32_t GetProcess() const override
    {
        return m_process;
    }

    uint32_t GetSize() const override
    {
        return m_size;
    }

    std::vector<Word> Meet(const Word& word, std::vector<Batch>& batches) override
    {
        m_hasMet = true;
        std::vector<Saying> told(m_size);
        std::vector<Saying> heard(m_size);
        for (uint32_t process = 0; process < m_size; ++process)
        {
            told[process] = {word, static_cast<int64_t>(batches[process].size())};
        }
        MPI_Request all = MPI_REQUEST_NULL;
        MPI_Ialltoall(told.data(),
                      sizeof(Saying),
                      MPI_BYTE,
                      heard.data(),
                      sizeof(Saying),
                      MPI_BYTE,
                      MPI_COMM_WORLD,
                      &all);
        std::vector<MPI_Request> requests{all};
        Wait(requests);
        // Only whom there is something for hears more.
        requests.clear();
        std::vector<Batch> incoming(m_size);
        std::vector<Word> words(m_size);
        for (uint32_t process = 0; process < m_size; ++process)
        {
            words[process] = heard[process].word;
            if (process != m_process)
            {
                incoming[process].resize(static_cast<std::size_t>(heard[process].bytes));
                Pass(incoming[process], process, false, requests);
                Pass(batches[process], process, true, requests);
            }
        }
        Wait(requests);
        batches.swap(incoming);
        return words;
    }

  private:
    /** Begin to send or receive a batch, in as many parts as a count of MPI can name. */
    static void Pass(Batch& batch, uint32_t process, bool sends, std::vector<MPI_Request>& requests)
    {
        constexpr std::size_t PART = std::size_t{1} << 30;
        for (std::size_t at = 0; at < batch.size(); at += PART)
        {
            const int count = static_cast<int>(std::min(PART, batch.size() - at));
            requests.push_back(MPI_REQUEST_NULL);
            const int peer = static_cast<int>(process);
            sends ? MPI_Isend(batch.data() + at,
                              count,
                              MPI_BYTE,
                              peer,
                              0,
                              MPI_COMM_WORLD,
                              &requests.back())
                  : MPI_Irecv(batch.data() + at,
                              count,
                              MPI_BYTE,
                              peer,
                              0,
                              MPI_COMM_WORLD,
                              &requests.back());
        }
    }

    /**
     * Wait for all of it. A launcher tells process 0 by a signal that another has ended: what does
     * not come within a moment then does not come any more.
     */
    void Wait(std::vector<MPI_Request>& requests)
    {
        constexpr std::chrono::milliseconds MOMENT{200};
        std::chrono::steady_clock::time_point since{};
        bool isWarned = false;
        int isDone = 0;
        while (isDone == 0)
        {
            MPI_Testall(static_cast<int>(requests.size()),
                        requests.data(),
                        &isDone,
                        MPI_STATUSES_IGNORE);
            if (isDone == 0 && m_interrupt && *m_interrupt != 0)
            {
                const auto now = std::chrono::steady_clock::now();
                since = isWarned ? since : now;
                isWarned = true;
                if (now - since > MOMENT)
                {
                    m_isBroken = true;
                    throw ExchangeError(ExchangeError::SOME);
                }
            }
        }
    }

    const volatile std::sig_atomic_t* m_interrupt; //!< Not 0: a signal has come
    uint32_t m_process;                            //!< This one
    uint32_t m_size;                               //!< How many there are
    bool m_isBroken{false};                        //!< One has gone
    bool m_hasMet{false};                          //!< Meet() was called
};

/** Where there are more processes than processors they must make room for one another. */
void
YieldWhereCrowded()
{
    const char* const local = std::getenv("OMPI_COMM_WORLD_LOCAL_SIZE");
    if (local && std::atol(local) > sysconf(_SC_NPROCESSORS_ONLN))
    {
        setenv("OMPI_MCA_mpi_yield_when_idle", "1", 0);
    }
}

} // namespace

extern "C" Exchange*
MtlinkMakeMpiExchange(const volatile std::sig_atomic_t* interrupt)
{
    YieldWhereCrowded();
    MPI_Init(nullptr, nullptr);
    return new MpiExchange(interrupt);
}
