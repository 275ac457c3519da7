/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PRIVATE_PARTS_H
#define MTLINK_PRIVATE_PARTS_H

#include "ns3/mtlink-fidelity.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * All that a part of a fabric remembers of what it did, and that may count for what it does next;
 * times in it are relative to now. What is done from equal states of parts of one kind is equal, to
 * the picosecond.
 */
using PartState = std::vector<int64_t>;

/**
 * @ingroup mtlink
 * What a part has done in a while: counters, and its state at the end. The transport's own.
 */
class PartRecord
{
  public:
    virtual ~PartRecord() = default;
};

/**
 * @ingroup mtlink
 * The side of a transport that a memo needs: parts of the fabric that only the members of one group
 * use, each of which is quiet, is watched while it does something, and can be told that it has done
 * the same again.
 */
class PrivateParts
{
  public:
    static constexpr uint32_t NO_PART = std::numeric_limits<uint32_t>::max(); //!< See OpenPart()

    virtual ~PrivateParts() = default;

    /**
     * Name the part of the fabric that a group uses, and nobody else.
     * @param [in] members Its endpoints, each once.
     * @return the part's number, or NO_PART where what it does depends on more than its state.
     */
    virtual uint32_t OpenPart(std::span<const uint32_t> members) = 0;

    /**
     * @param [in] part A part.
     * @return its kind: parts of one kind differ in the names of their links and endpoints only,
     *         members in the order in which they were given.
     */
    virtual uint32_t GetKind(uint32_t part) const = 0;

    /**
     * Look at a part between two collectives.
     * @param [in] part The part.
     * @param [out] state Its state now.
     * @return whether it is quiet: nothing is under way in it but what `state` has.
     */
    virtual bool Observe(uint32_t part, PartState& state) = 0;

    /**
     * Watch what a part does; it is quiet.
     * @param [in] part The part.
     */
    virtual void BeginRecord(uint32_t part) = 0;

    /**
     * Watch no more.
     * @param [in] part The part that is watched.
     * @return what it has done; nullptr where it is not quiet, or could not do the same again.
     */
    virtual std::shared_ptr<const PartRecord> EndRecord(uint32_t part) = 0;

    /**
     * A part of the same kind, from the same state, has done the same until now.
     * @param [in] part The part.
     * @param [in] record What it has done.
     * @return what its times are worth.
     */
    virtual Fidelity Repeat(uint32_t part, const std::shared_ptr<const PartRecord>& record) = 0;
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PRIVATE_PARTS_H
