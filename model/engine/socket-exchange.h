/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SOCKET_EXCHANGE_H
#define MTLINK_SOCKET_EXCHANGE_H

#include "engine/exchange.h"

#include <cstdint>
#include <memory>
#include <sys/types.h>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * An Exchange between processes of one machine, made by fork(): each has a socket to each other.
 * It needs nothing installed; MPI is quicker where windows are short.
 */
class SocketExchange : public Exchange
{
  public:
    /**
     * Become so many processes: this one is process 0, the others begin with the return from here.
     * Before threads are started.
     * @param [in] processes How many, at least 1.
     * @return in each process what it meets the others by.
     * @throws std::system_error where there are no more processes, or sockets, to be had.
     */
    static std::unique_ptr<SocketExchange> Fork(uint32_t processes);

    /** In process 0: waits for the others to end, which have been told, or are, as it closes. */
    ~SocketExchange() override;

    SocketExchange(const SocketExchange&) = delete;
    SocketExchange& operator=(const SocketExchange&) = delete;

    uint32_t GetProcess() const override;
    uint32_t GetSize() const override;
    std::vector<Word> Meet(const Word& word, std::vector<Batch>& batches) override;

  private:
    /** What goes to, and comes from, another process as they meet. */
    struct Talk;

    SocketExchange(uint32_t process, std::vector<int> sockets);

    /** Write and read what can be at once. @return whether all is through. */
    bool Continue(uint32_t process, Talk& talk, std::vector<Batch>& batches) const;

    uint32_t m_process;          //!< This one
    std::vector<int> m_sockets;  //!< By process; -1: this one
    std::vector<pid_t> m_others; //!< In process 0
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SOCKET_EXCHANGE_H
