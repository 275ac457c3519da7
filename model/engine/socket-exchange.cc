/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "engine/socket-exchange.h"

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** What comes before a batch. */
struct Header
{
    Exchange::Word word;
    uint64_t bytes;
};

[[noreturn]] void
Fail(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

} // namespace

struct SocketExchange::Talk
{
    Header own;             //!< To be written
    Header other{};         //!< Read
    std::size_t written{0}; //!< Of header and batch
    std::size_t read{0};    //!< Likewise
    Batch incoming;         //!< Read

    bool IsWritten() const
    {
        return written == sizeof(Header) + own.bytes;
    }

    bool IsRead() const
    {
        return read >= sizeof(Header) && read == sizeof(Header) + other.bytes;
    }
};

SocketExchange::SocketExchange(uint32_t process, std::vector<int> sockets)
    : m_process(process),
      m_sockets(std::move(sockets))
{
}

std::unique_ptr<SocketExchange>
SocketExchange::Fork(uint32_t processes)
{
    // By process: its end of the pair that it has with each other one.
    std::vector<std::vector<int>> ends(processes, std::vector<int>(processes, -1));
    for (uint32_t a = 0; a < processes; ++a)
    {
        for (uint32_t b = a + 1; b < processes; ++b)
        {
            int pair[2];
            if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0)
            {
                Fail("no sockets for several processes");
            }
            ends[a][b] = pair[0];
            ends[b][a] = pair[1];
        }
    }
    const auto closeAllBut = [&](uint32_t process) {
        for (uint32_t other = 0; other < processes; ++other)
        {
            for (const int end : ends[other])
            {
                if (other != process && end >= 0)
                {
                    close(end);
                }
            }
        }
    };
    const pid_t leader = getpid();
    std::vector<pid_t> others;
    for (uint32_t process = 1; process < processes; ++process)
    {
        const pid_t child = fork();
        if (child < 0)
        {
            Fail("no process for a part of the run");
        }
        if (child == 0)
        {
            prctl(PR_SET_PDEATHSIG, SIGKILL); // nothing is left to do without process 0
            if (getppid() != leader)
            {
                _exit(1);
            }
            closeAllBut(process);
            return std::unique_ptr<SocketExchange>(
                new SocketExchange(process, std::move(ends[process])));
        }
        others.push_back(child);
    }
    closeAllBut(0);
    std::unique_ptr<SocketExchange> exchange(new SocketExchange(0, std::move(ends[0])));
    exchange->m_others = std::move(others);
    return exchange;
}

SocketExchange::~SocketExchange()
{
    for (const int socket : m_sockets)
    {
        if (socket >= 0)
        {
            close(socket);
        }
    }
    for (const pid_t other : m_others)
    {
        while (waitpid(other, nullptr, 0) < 0 && errno == EINTR)
        {
        }
    }
}

uint32_t
SocketExchange::GetProcess() const
{
    return m_process;
}

uint32_t
SocketExchange::GetSize() const
{
    return static_cast<uint32_t>(m_sockets.size());
}

bool
SocketExchange::Continue(uint32_t process, Talk& talk, std::vector<Batch>& batches) const
{
    const int socket = m_sockets[process];
    while (!talk.IsWritten())
    {
        const bool isHeader = talk.written < sizeof(Header);
        const std::byte* from = isHeader
                                    ? reinterpret_cast<const std::byte*>(&talk.own) + talk.written
                                    : batches[process].data() + talk.written - sizeof(Header);
        const std::size_t left =
            (isHeader ? sizeof(Header) : sizeof(Header) + talk.own.bytes) - talk.written;
        const ssize_t sent = send(socket,
                                  from,
                                  left,
                                  MSG_NOSIGNAL | (isHeader && talk.own.bytes > 0 ? MSG_MORE : 0));
        if (sent < 0)
        {
            if (errno == EAGAIN || errno == EINTR)
            {
                break;
            }
            throw ExchangeError(process);
        }
        talk.written += static_cast<std::size_t>(sent);
    }
    while (!talk.IsRead())
    {
        const bool isHeader = talk.read < sizeof(Header);
        if (!isHeader && talk.incoming.empty())
        {
            talk.incoming.resize(talk.other.bytes);
        }
        std::byte* to = isHeader ? reinterpret_cast<std::byte*>(&talk.other) + talk.read
                                 : talk.incoming.data() + talk.read - sizeof(Header);
        const std::size_t left =
            (isHeader ? sizeof(Header) : sizeof(Header) + talk.other.bytes) - talk.read;
        const ssize_t got = recv(socket, to, left, 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
        {
            break;
        }
        if (got <= 0)
        {
            throw ExchangeError(process);
        }
        talk.read += static_cast<std::size_t>(got);
    }
    return talk.IsWritten() && talk.IsRead();
}

std::vector<Exchange::Word>
SocketExchange::Meet(const Word& word, std::vector<Batch>& batches)
{
    std::vector<Talk> talks(GetSize());
    std::vector<bool> isDone(GetSize(), false);
    for (uint32_t process = 0; process < GetSize(); ++process)
    {
        talks[process].own = {word, batches[process].size()};
    }
    isDone[m_process] = true;
    std::vector<pollfd> waiting;
    for (;;)
    {
        waiting.clear();
        for (uint32_t process = 0; process < GetSize(); ++process)
        {
            if (!isDone[process])
            {
                isDone[process] = Continue(process, talks[process], batches);
            }
            if (!isDone[process])
            {
                const auto events =
                    static_cast<short>(POLLIN | (talks[process].IsWritten() ? 0 : POLLOUT));
                waiting.push_back({m_sockets[process], events, 0});
            }
        }
        if (waiting.empty())
        {
            break;
        }
        poll(waiting.data(), waiting.size(), -1);
    }
    std::vector<Word> words(GetSize());
    for (uint32_t process = 0; process < GetSize(); ++process)
    {
        words[process] = process == m_process ? word : talks[process].other.word;
        batches[process].swap(talks[process].incoming);
    }
    batches[m_process].clear();
    return words;
}

} // namespace mtlink
} // namespace ns3
