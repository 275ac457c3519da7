/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_FILE_SIZE_LIMIT_H
#define MTLINK_FILE_SIZE_LIMIT_H

#include <csignal>
#include <sys/resource.h>

/** Lets files grow to a limit only, as a full disk does, while it lives. */
class FileSizeLimit
{
  public:
    /** @param [in] bytes The limit. */
    explicit FileSizeLimit(rlim_t bytes)
    {
        getrlimit(RLIMIT_FSIZE, &m_before);
        m_handler = std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{bytes, m_before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }

    ~FileSizeLimit()
    {
        setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }

    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

  private:
    rlimit m_before{};        //!< Limit before
    void (*m_handler)(int){}; //!< Handler before
};

#endif // MTLINK_FILE_SIZE_LIMIT_H
