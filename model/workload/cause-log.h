/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CAUSE_LOG_H
#define MTLINK_CAUSE_LOG_H

#include "workload/operation-graph.h"

#include "ns3/mtlink-tick.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Something of a replay that takes time, and what let it start: at its start that was over, or
 * so much of it as was waited for.
 */
struct Cause
{
    /** What it is. */
    enum Kind : uint8_t
    {
        OPERATION, //!< A COMPUTE, DELAY, LAUNCH or REDUCE of the graph
        REDUCE,    //!< A reduction of a collective that unfolds
        MESSAGE,   //!< From its handing over until it has left, or is in
        GROUP,     //!< A step of a group in the network, from when its last member joined
        RING,      //!< A ring that the transport carries, likewise
    };

    uint64_t bytes{0};         //!< Payload; of a GROUP and a RING: of what a member sends
    Tick start{0};             //!< Start
    uint32_t before{NONE};     //!< What let it start; NONE: the start of the workload
    uint32_t operation{NONE};  //!< OPERATION: it; GROUP: the step
    uint32_t rank{0};          //!< Who does it; MESSAGE: who sends; GROUP, RING: who joined last
    uint32_t peer{NONE};       //!< MESSAGE: who receives
    uint32_t collective{NONE}; //!< Of which it is part
    Kind kind{OPERATION};      //!< What it is
};

/**
 * @ingroup mtlink
 * Keeps of a replay what led to what is under way, and forgets what led to nothing that may still
 * come. Each cause starts as the one before it is over, so that a chain of them has no gaps.
 */
class CauseLog
{
  public:
    /** @param [in] most Causes to keep at once; beyond, all are given up. */
    explicit CauseLog(std::size_t most);

    /**
     * Add a cause; it is held once, and holds the one before it.
     * @param [in] cause The cause.
     * @return its number; NONE once all are given up.
     */
    uint32_t Add(const Cause& cause);

    /** Hold a cause once more. @param [in] number Its number, or NONE. */
    void Hold(uint32_t number)
    {
        if (number < m_holds.size())
        {
            ++m_holds[number];
        }
    }

    /** Hold a cause once less. @param [in] number Its number, or NONE. */
    void Drop(uint32_t number);

    /** @return whether there were too many. */
    bool IsGivenUp() const
    {
        return m_isGivenUp;
    }

    /** @return causes that are kept. */
    std::size_t GetKept() const
    {
        return m_causes.size() - m_free.size();
    }

    /**
     * @param [in] number The last one, or NONE.
     * @return what led to it, and it, in order of time.
     */
    std::vector<Cause> Trace(uint32_t number) const;

  private:
    std::size_t m_most;            //!< Causes at once
    bool m_isGivenUp{false};       //!< There were more
    std::vector<Cause> m_causes;   //!< By number
    std::vector<uint32_t> m_holds; //!< By number: how often it is held
    std::vector<uint32_t> m_free;  //!< Numbers to use again
};

/**
 * @ingroup mtlink
 * Holds a cause.
 */
class CauseHold
{
  public:
    CauseHold() = default;

    /**
     * @param [in] log The log; must outlive this.
     * @param [in] number A cause that is held once for this.
     */
    CauseHold(CauseLog& log, uint32_t number)
        : m_log(&log),
          m_number(number)
    {
    }

    CauseHold(const CauseHold& other)
        : m_log(other.m_log),
          m_number(other.m_number)
    {
        if (m_log)
        {
            m_log->Hold(m_number);
        }
    }

    CauseHold(CauseHold&& other) noexcept
        : m_log(std::exchange(other.m_log, nullptr)),
          m_number(other.m_number)
    {
    }

    CauseHold& operator=(CauseHold other) noexcept
    {
        std::swap(m_log, other.m_log);
        std::swap(m_number, other.m_number);
        return *this;
    }

    ~CauseHold()
    {
        if (m_log)
        {
            m_log->Drop(m_number);
        }
    }

    /** @return the cause's number, or NONE. */
    uint32_t Get() const
    {
        return m_log ? m_number : NONE;
    }

  private:
    CauseLog* m_log{nullptr}; //!< The log
    uint32_t m_number{NONE};  //!< The cause
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CAUSE_LOG_H
