/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_COLLECTIVE_BUILDER_H
#define MTLINK_COLLECTIVE_BUILDER_H

#include "workload/collective/collective.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink A piece of a collective's data: where it lies in the whole, and its length. */
struct Segment
{
    uint64_t offset{0}; //!< Bytes from the start
    uint64_t bytes{0};  //!< Length, bytes

    bool operator==(const Segment&) const = default;
};

/** @ingroup mtlink Blocks by index, `first` to before `last`. */
struct BlockRange
{
    uint32_t first{0}; //!< First block
    uint32_t last{0};  //!< After the last block
};

/** @ingroup mtlink Members of a collective that run a part of it together, in order. */
using Team = std::vector<uint32_t>;

/**
 * @ingroup mtlink
 * One message of an expanded collective, and the data that it carries.
 */
struct DataMove
{
    uint32_t send;                 //!< The SEND
    uint32_t receive;              //!< The RECEIVE
    uint32_t reduce;               //!< The REDUCE that takes it in, or NONE: it is stored
    bool original;                 //!< Sent from the caller's buffer, not from the running result
    std::vector<Segment> segments; //!< What it carries
};

/**
 * @ingroup mtlink
 * Cut bytes into parts whose sizes differ by at most one byte, the larger ones first.
 * @param [in] whole What to cut.
 * @param [in] parts How many, at least 1.
 * @param [in] index Which part.
 * @return the part.
 */
Segment PartOf(const Segment& whole, uint64_t parts, uint64_t index);

/**
 * @ingroup mtlink
 * Adds one collective's operations to a graph: a LAUNCH and an end for each member, messages and
 * reductions between, with the dependencies that the data's way demands. The data is a row of
 * blocks; the builder knows, for each member and block, the operation that made the member's copy,
 * and lets what sends or reduces the block wait for it. So an algorithm says only what goes where,
 * in an order in which it can be done. What is empty is not sent.
 */
class CollectiveBuilder
{
  public:
    /**
     * Launches all members.
     * @param [in,out] graph Where to add.
     * @param [in] spec What is expanded.
     * @param [in] record Its record.
     * @param [out] moves Gets every message; may be nullptr.
     */
    CollectiveBuilder(OperationGraph& graph,
                      const CollectiveSpec& spec,
                      const CollectiveRecord& record,
                      std::vector<DataMove>* moves);

    /** @return the number of members. */
    uint32_t GetSize() const;

    /** @return all members, in order. */
    Team GetTeam() const;

    /**
     * Say how the data is cut; every member's copy is then the caller's.
     * @param [in] blocks The blocks.
     */
    void SetBlocks(std::vector<Segment> blocks);

    /**
     * Send blocks, to be stored.
     * @param [in] from Sender.
     * @param [in] to Receiver, another member.
     * @param [in] blocks What.
     * @param [in] flow Flow label.
     * @return the operation with which it is done at the receiver, NONE where nothing was sent.
     */
    uint32_t Copy(uint32_t from, uint32_t to, BlockRange blocks, uint32_t flow);

    /**
     * Send blocks, to be stored, in one message.
     * @param [in] from Sender.
     * @param [in] to Receiver, another member.
     * @param [in] ranges What.
     * @param [in] flow Flow label.
     * @return the operation with which it is done at the receiver, NONE where nothing was sent.
     */
    uint32_t Copy(uint32_t from, uint32_t to, std::span<const BlockRange> ranges, uint32_t flow);

    /**
     * Send blocks, to be reduced into the receiver's.
     * @param [in] from Sender.
     * @param [in] to Receiver, another member.
     * @param [in] blocks What.
     * @param [in] flow Flow label.
     * @return the operation with which it is done at the receiver, NONE where nothing was sent.
     */
    uint32_t Combine(uint32_t from, uint32_t to, BlockRange blocks, uint32_t flow);

    /**
     * Send blocks as the caller gave them, to be reduced into the receiver's.
     * @param [in] from Sender.
     * @param [in] to Receiver, another member.
     * @param [in] blocks What.
     * @param [in] flow Flow label.
     * @return the operation with which it is done at the receiver, NONE where nothing was sent.
     */
    uint32_t CombineOriginal(uint32_t from, uint32_t to, BlockRange blocks, uint32_t flow);

    /**
     * Let all that a member sends from now on wait for an operation of its own.
     * @param [in] member A member.
     * @param [in] operation The operation; NONE: nothing changes.
     */
    void SetGate(uint32_t member, uint32_t operation);

    /**
     * Two members send each other blocks, to be reduced; each sends before it reduces.
     * @param [in] a A member.
     * @param [in] b Another.
     * @param [in] blocks What.
     * @param [in] flow Flow label.
     */
    void Exchange(uint32_t a, uint32_t b, BlockRange blocks, uint32_t flow);

    /**
     * Send data that is not in blocks, to be stored.
     * @param [in] from Sender.
     * @param [in] to Receiver, another member.
     * @param [in] segments What.
     * @param [in] after Operations of the sender that must have finished.
     * @param [in] flow Flow label.
     * @param [in] bytes Length of a token without data, where there are no segments.
     * @return the RECEIVE, or NONE where there was nothing to send.
     */
    uint32_t Deliver(uint32_t from,
                     uint32_t to,
                     std::vector<Segment> segments,
                     std::span<const uint32_t> after,
                     uint32_t flow,
                     uint64_t bytes = 0);

    /**
     * Have the network reduce or copy a block: see GroupAction. Members are those of the
     * collective, in order.
     * @param [in] group The group, from FabricHints::openGroup.
     * @param [in] action What.
     * @param [in] root Its root, a member.
     * @param [in] block Which block.
     */
    void InNetwork(uint32_t group, GroupAction action, uint32_t root, uint32_t block);

    /** @return the ends, once all is added; joins each member's loose operations. */
    CollectiveEnds Close();

  private:
    /** A message just added. */
    struct Pair
    {
        uint32_t send;    //!< The SEND
        uint32_t receive; //!< The RECEIVE
    };

    /**
     * Add an operation of this collective.
     * @param [in] member Whose.
     * @param [in] operation What; rank and collective are filled in.
     * @return its id.
     */
    uint32_t Add(uint32_t member, Operation operation);

    /**
     * Add a dependency; the earlier operation is then not loose any more.
     * @param [in] later Operation.
     * @param [in] earlier Operation of the same member.
     */
    void Require(uint32_t later, uint32_t earlier);

    /**
     * Add a message.
     * @param [in] from Sender.
     * @param [in] to Receiver.
     * @param [in] bytes Payload.
     * @param [in] after What the sender waits for; empty: its launch.
     * @param [in] flow Flow label.
     * @return its operations.
     */
    Pair AddMessage(uint32_t from,
                    uint32_t to,
                    uint64_t bytes,
                    std::span<const uint32_t> after,
                    uint32_t flow);

    /**
     * Add the reduction of a message just received.
     * @param [in] to Who reduces.
     * @param [in] pair The message.
     * @param [in] ranges Blocks.
     * @param [in] bytes Their length.
     * @return the REDUCE.
     */
    uint32_t AddReduce(uint32_t to,
                       const Pair& pair,
                       std::span<const BlockRange> ranges,
                       uint64_t bytes);

    /**
     * @param [in] member A member.
     * @param [in] ranges Blocks.
     * @return the operations that made the member's copies, each once.
     */
    std::vector<uint32_t> MakersOf(uint32_t member, std::span<const BlockRange> ranges) const;

    /**
     * @param [in] member A member.
     * @param [in] ranges Blocks.
     * @param [in] maker What makes the member's copies from now on.
     */
    void SetMaker(uint32_t member, std::span<const BlockRange> ranges, uint32_t maker);

    /**
     * @param [in] ranges Blocks.
     * @return their length, bytes.
     */
    uint64_t LengthOf(std::span<const BlockRange> ranges) const;

    /**
     * Tell who wants to know of a message.
     * @param [in] pair Its operations.
     * @param [in] reduce Its REDUCE, or NONE.
     * @param [in] original Whether it is the caller's data.
     * @param [in] ranges Blocks.
     */
    void Note(const Pair& pair, uint32_t reduce, bool original, std::span<const BlockRange> ranges);

    OperationGraph& m_graph;          //!< Where to add
    const CollectiveSpec& m_spec;     //!< What is expanded
    std::vector<DataMove>* m_moves;   //!< Who wants to know, or nullptr
    CollectiveEnds m_ends;            //!< Launches, later ends
    uint32_t m_firstId;               //!< Of this collective's operations
    std::vector<uint32_t> m_memberOf; //!< By operation from m_firstId
    std::vector<bool> m_joined;       //!< By operation from m_firstId: another one requires it
    std::vector<Segment> m_blocks;    //!< The data
    std::vector<uint32_t> m_makers;   //!< By member, then block; NONE: the caller's
    std::vector<uint32_t> m_gates;    //!< By member: its sends wait for it; NONE: none
    uint32_t m_nextTag{0};            //!< One for each message
};

/**
 * @ingroup mtlink
 * How a collective's data is cut: each of n chunks into equal lots, one for each channel, and the
 * blocks of a channel one after another, so that a run of chunks is a run of blocks.
 */
class ChunkLayout
{
  public:
    /**
     * @param [in] chunks The chunks.
     * @param [in] channels How many lots, at least 1.
     */
    ChunkLayout(std::vector<Segment> chunks, uint32_t channels);

    /** @return all blocks, for CollectiveBuilder::SetBlocks(). */
    std::vector<Segment> GetBlocks() const;

    /**
     * @param [in] channel A channel.
     * @param [in] first First chunk.
     * @param [in] last After the last.
     * @return their blocks.
     */
    BlockRange Of(uint32_t channel, uint32_t first, uint32_t last) const;

    /**
     * @param [in] channel A channel.
     * @return the blocks of each of its chunks.
     */
    std::vector<BlockRange> Each(uint32_t channel) const;

  private:
    std::vector<Segment> m_chunks; //!< The chunks
    uint32_t m_channels;           //!< Lots of each
};

/**
 * @ingroup mtlink
 * @param [in] whole What to cut.
 * @param [in] parts How many, at least 1.
 * @return the parts, see PartOf().
 */
std::vector<Segment> PartsOf(const Segment& whole, uint32_t parts);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_COLLECTIVE_BUILDER_H
