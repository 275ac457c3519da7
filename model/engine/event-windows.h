/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EVENT_WINDOWS_H
#define MTLINK_EVENT_WINDOWS_H

#include "engine/exchange.h"
#include "engine/fabric-simulator-impl.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A part of a simulation that is spread over processes: what it has for the others.
 */
class SpreadPart
{
  public:
    virtual ~SpreadPart() = default;

    /**
     * Hand over what has come up for other processes.
     * @param [in,out] batches By process, empty.
     * @return nothing of it happens there before; NEVER: there is nothing.
     */
    virtual Tick Pack(std::vector<Batch>& batches) = 0;

    /** @return whether nothing has come up for others since Pack(). */
    virtual bool IsPacked() const = 0;

    /**
     * Take what others have handed over: nothing of it happens before the window to come.
     * @param [in] batches By process.
     */
    virtual void Unpack(const std::vector<Batch>& batches) = 0;
};

/**
 * @ingroup mtlink
 * Runs one simulation in several processes, conservatively, window by window: what one process does
 * reaches another no sooner than after a time, the *lookahead*. So all that is due within a
 * lookahead of the first event anywhere can run in all processes at once. Process 0 has the
 * workload and says when the run is over: at which time, and before which event of that time.
 *
 * After D. M. Nicol, "The cost of conservative synchronization in parallel discrete event
 * simulations", Journal of the ACM 40(2), 1993.
 */
class EventWindows
{
  public:
    /**
     * @param [in] simulator The simulator.
     * @param [in] exchange The processes; must outlive this, as the others.
     * @param [in] part What this process simulates.
     * @param [in] lookahead At least 1 ps.
     */
    EventWindows(FabricSimulatorImpl& simulator,
                 Exchange& exchange,
                 SpreadPart& part,
                 Tick lookahead);

    /**
     * Run until the simulation is stopped in process 0, or until nothing is left anywhere. At the
     * end it is the same time in all processes.
     */
    void Run();

    /** What process 0 knows of the run's end before a window. */
    struct EndHint
    {
        Tick earliest{NEVER}; //!< It does not end before, as long as anything is under way
        bool mayBeNow{false}; //!< It may end in this window, with much under way in other processes
    };

    /**
     * In process 0: see to it that no process goes beyond the end. Where it may be near, process 0
     * runs each window first.
     * @param [in] hint Asked before each window; without it the run ends when nothing is left.
     */
    void SetEndHint(std::function<EndHint()> hint)
    {
        m_hint = std::move(hint);
    }

    /** @return in process 0, from inside an event: whether nothing is left in any other. */
    bool IsQuietElsewhere() const
    {
        return m_isQuietElsewhere && m_part.IsPacked();
    }

  private:
    /** What process 0 says of the window to come. */
    enum What : uint64_t
    {
        TOGETHER, //!< All run it
        FIRST,    //!< Process 0 runs it first
        OVER      //!< There is none: the run is over
    };

    /** Meet, and take what others have. @return what each says. */
    std::vector<Exchange::Word> Meet();

    /** In process 0: run its part of a window. */
    void Lead(Tick bound, const Exchange::Word& said);

    /** Run the window before a time. @param [in] leader What process 0 has said of it. */
    void RunWindow(Tick bound, const Exchange::Word& leader);

    /** @return what process 0 says when the run is over. */
    Exchange::Word MakeLastWord() const;

    /** @return whether this is process 0. */
    bool IsLeader() const
    {
        return m_exchange.GetProcess() == 0;
    }

    FabricSimulatorImpl& m_simulator; //!< Runs events
    Exchange& m_exchange;             //!< The others
    SpreadPart& m_part;               //!< What goes to them
    Tick m_lookahead;                 //!< Length of a window
    std::function<EndHint()> m_hint;  //!< See SetEndHint()
    std::vector<Batch> m_batches;     //!< What is handed over
    bool m_isQuietElsewhere{false};   //!< As they met last
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EVENT_WINDOWS_H
