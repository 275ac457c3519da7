/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_COLLECTIVE_MEMO_H
#define MTLINK_COLLECTIVE_MEMO_H

#include "transport/private-parts.h"
#include "workload/operation-graph.h"
#include "workload/private-groups.h"

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Repeats collectives of private groups instead of carrying them out: where all members launch at
 * one instant, nothing else of the group is under way, and a collective of the same program began
 * from the same state of a part of the same kind and ended for all members at one instant, this one
 * ends after the same time, and does the same to the part. One memo serves all replays of a run.
 *
 * What differs in program, state or kind is carried out, and recorded for the next. So is what
 * starts skewed, without a record. Every member must end at once, as one that is free earlier might
 * do what it would have done beside the others.
 */
class CollectiveMemo
{
  public:
    /** What a collective that was repeated has moved. */
    struct Repetition
    {
        uint64_t messages{0};              //!< Between its members
        uint64_t bytes{0};                 //!< Their payload
        Fidelity fidelity{Fidelity::MEMO}; //!< What its times are worth
    };

    /**
     * @param [in] parts The transport's; must outlive this.
     * @param [in] groups All workloads' groups.
     */
    CollectiveMemo(PrivateParts& parts, PrivateGroups groups);

    /**
     * @param [in] workload Of which workload.
     * @param [in] unfolding A collective of its graph.
     * @return whether it may be repeated, some time: then tell of its launches and ends.
     */
    bool Knows(uint32_t workload, uint32_t unfolding) const;

    /**
     * Members of a collective have launched now.
     * @param [in] workload Of which workload.
     * @param [in] graph Its graph; must outlive this.
     * @param [in] unfolding The collective.
     * @param [in] launched How many of its members.
     * @param [in] now The time.
     * @return how long it takes, if it is to be repeated: then call Repeat() when it ends. Nothing:
     *         carry it out.
     */
    std::optional<Tick> Launch(uint32_t workload,
                               const OperationGraph& graph,
                               uint32_t unfolding,
                               uint32_t launched,
                               Tick now);

    /**
     * A collective that is repeated ends now.
     * @param [in] workload Of which workload.
     * @param [in] unfolding The collective.
     * @return what it has moved.
     */
    Repetition Repeat(uint32_t workload, uint32_t unfolding);

    /**
     * A member has done all of its part of a collective that is carried out.
     * @param [in] workload Of which workload.
     * @param [in] unfolding The collective.
     * @param [in] now The time.
     */
    void MemberDone(uint32_t workload, uint32_t unfolding, Tick now);

    /** Keep what has been recorded and is over; before members that are done go on. */
    void Settle();

    /** @return time of the collectives that were repeated, added up, ps. */
    Tick GetSkippedTime() const
    {
        return m_skipped;
    }

    /** @return collectives that were repeated. */
    uint64_t GetRepeated() const
    {
        return m_repeated;
    }

    /** @return groups that have links of their own. */
    uint32_t GetPrivateGroups() const
    {
        return m_privateGroups;
    }

  private:
    /** What a collective did once. */
    struct Entry
    {
        PartState before;     //!< State of its part
        Tick duration{NEVER}; //!< Launch to end
        /** What its part did; nullptr: not over yet, or not to be repeated. */
        std::shared_ptr<const PartRecord> record;
    };

    /** Kind of a part, and program. */
    using Shape = std::pair<uint32_t, uint32_t>;

    /** What programs that do the same have in common. */
    struct Program
    {
        uint64_t messages{0}; //!< Of all members
        uint64_t bytes{0};    //!< Their payload
    };

    /** A collective that is carried out. */
    struct Active
    {
        uint32_t workload;  //!< Of which workload
        uint32_t unfolding; //!< Which
        uint32_t left;      //!< Members that are not done
    };

    /** A group that may be private. */
    struct Group
    {
        uint32_t part{PrivateParts::NO_PART}; //!< Its part of the fabric; NO_PART: it is not known
        std::vector<Active> active;           //!< What is carried out
        Entry* recording{nullptr};            //!< Gets what it does, or nothing does
        Tick begun{0};                        //!< Since when
        Tick firstDone{NEVER};                //!< When the first member was done
        const Entry* repeated{nullptr};       //!< What is being repeated
        uint32_t program{0};                  //!< Its program
    };

    /** @return what the program of a collective does, as others'; NONE: too long to be compared. */
    uint32_t FindProgram(const Unfolding& unfolding);

    PrivateParts& m_parts;                                          //!< The transport's
    PrivateGroups m_groupsOf;                                       //!< Which are private
    std::vector<Group> m_groups;                                    //!< By number
    std::map<std::vector<uint64_t>, uint32_t> m_programs;           //!< By all that they do
    std::map<const CollectiveProgram*, uint32_t> m_known;           //!< Those that were compared
    std::vector<Program> m_totals;                                  //!< By program
    std::map<Shape, std::vector<std::unique_ptr<Entry>>> m_entries; //!< What was recorded
    std::vector<uint32_t> m_settling;                               //!< Groups whose record is over
    PartState m_state;                                              //!< Scratch
    Tick m_skipped{0};                                              //!< See GetSkippedTime()
    uint64_t m_repeated{0};                                         //!< See GetRepeated()
    uint32_t m_privateGroups{0};                                    //!< See GetPrivateGroups()
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_COLLECTIVE_MEMO_H
