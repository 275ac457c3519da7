/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LINK_FAULTS_H
#define MTLINK_LINK_FAULTS_H

#include "engine/random.h"
#include "link/links.h"

#include "ns3/event-id.h"
#include "ns3/mtlink-link-fault.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink Shown each link that goes down or comes up: the link, whether it is up. */
using LinkStateTrace = TracedCallback<uint32_t, bool>;

/**
 * @ingroup mtlink
 * Lets faults happen: tells links of their states.
 *
 * A link is down while any fault holds it down, with the policy of the one that brought it down;
 * else it has the least lanes that any leaves it. Random faults: up and faulty times are
 * exponential with means mtbf and mttr, drawn from a stream per fault and unit.
 */
class LinkFaults : public EventHandler
{
  public:
    /**
     * @param [in] clock The clock; must outlive this.
     * @param [in] links The links; must outlive this.
     * @param [in] seed The run's.
     * @param [in] trace Told of links that go down or come up; must outlive this.
     */
    LinkFaults(EventClock& clock, Links& links, uint32_t seed, const LinkStateTrace& trace);
    ~LinkFaults() override;

    /**
     * Add a fault, before the simulation runs.
     * @param [in] fault The fault.
     */
    void Add(const LinkFault& fault);

    /**
     * Random faults never end: a run in which nothing else is left is over, once each link that
     * they held down has come up and nobody had waited for it. Call it from an event.
     * @param [in] getProgress Gives what grows whenever a packet gets on; asked where nothing but
     *             random faults is left, since to count may take a look at every link.
     * @return whether the simulator has nothing left but random faults, and their ends, that
     *         change nothing.
     */
    bool IsAlone(const std::function<uint64_t()>& getProgress);

    /** @copydoc EventHandler::OnEvent(). Unit `word / 2` of all has a fault (0), or no more. */
    void OnEvent(uint64_t word) override;

  private:
    /** A unit of a fault. */
    struct Process
    {
        uint32_t fault;      //!< Index into m_faults
        uint32_t unit;       //!< Which
        bool isOn;           //!< At random: the fault has begun, and not ended
        RandomStream random; //!< At random: its times
    };

    /** What a fault does to a link. */
    struct Hold
    {
        uint32_t process; //!< Which
        LinkState state;  //!< What it wants
    };

    /** A fault strikes, or is over. */
    void Change(uint32_t process, bool begins);

    /** Tell a link of its state. */
    void Apply(uint32_t link);

    /** A unit's next random change is drawn: a fault, or its end. */
    void Await(uint32_t process, Tick mean);

    /** Schedule the soonest random change. */
    void ScheduleNext();

    /** The soonest random change happens. */
    void ChangeNext();

    /** @return the links that are down, and that no fault with a time holds down. */
    std::set<uint32_t> GetHeldAtRandom() const;

    EventClock& m_clock;                              //!< The clock
    EventChannel m_changes;                           //!< At times that are known
    Links& m_links;                                   //!< The links
    uint32_t m_seed;                                  //!< The run's
    const LinkStateTrace& m_trace;                    //!< LinkState
    std::vector<LinkFault> m_faults;                  //!< All
    std::vector<Process> m_processes;                 //!< All units of all
    std::map<uint32_t, std::vector<Hold>> m_holds;    //!< By link: what holds it now
    std::set<std::pair<Tick, uint32_t>> m_randomNext; //!< Random changes to come: when, which unit
    EventId m_next;                                   //!< The soonest of them
    bool m_isQuiet{false};                            //!< Nothing else was left at the latest look
    uint64_t m_progress{0};                           //!< ..., and this was how far packets were
    std::set<uint32_t> m_awaited;                     //!< Links that were down then, and still are
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LINK_FAULTS_H
