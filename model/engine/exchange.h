/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EXCHANGE_H
#define MTLINK_EXCHANGE_H

#include "engine/batch.h"

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink A process of the run has ended before its time. */
class ExchangeError : public std::runtime_error
{
  public:
    static constexpr uint32_t SOME = UINT32_MAX; //!< It is not known which

    /** @param [in] process Its number, or SOME. */
    explicit ExchangeError(uint32_t process)
        : std::runtime_error(
              (process == SOME ? "a process" : "process " + std::to_string(process)) +
              " of the run has ended")
    {
    }
};

/**
 * @ingroup mtlink
 * How the processes of one run meet: all of them at once, again and again.
 */
class Exchange
{
  public:
    virtual ~Exchange() = default;

    /** What each tells all others when they meet. */
    struct Word
    {
        Tick next{NEVER}; //!< Nothing happens there before, nor by what it hands over
        Tick now{0};      //!< Its time: of what has happened there last
        Tick at{NEVER};   //!< See EventWindows
        uint64_t key{0};  //!< Likewise
        uint64_t what{0}; //!< Likewise
    };

    /** @return the number of this process, from 0. */
    virtual uint32_t GetProcess() const = 0;

    /** @return the number of processes. */
    virtual uint32_t GetSize() const = 0;

    /**
     * Meet all others: returns when each has come.
     * @param [in] word What to tell.
     * @param [in,out] batches By process: what to hand over to it; then: what it has handed over.
     * @return by process: what it has told.
     * @throws ExchangeError where a process has ended.
     */
    virtual std::vector<Word> Meet(const Word& word, std::vector<Batch>& batches) = 0;
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EXCHANGE_H
