/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "expanded-collective.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

namespace ns3
{
namespace mtlink
{

namespace
{

/** A message as its two ends say it is. */
struct Wire
{
    Transfer send;               //!< By its sender
    Transfer receive;            //!< By its receiver
    std::vector<uint64_t> after; //!< Receives that the send waits for, by place
    std::vector<Segment> data;   //!< Outside of blocks
    uint64_t gate{0};            //!< Place of the REDUCE that the send waits for; 0: none
    uint64_t latestSend{0};      //!< Place of the send that the receiver's reduction waits for
    uint32_t from{NONE};         //!< Sender
    uint32_t to{NONE};           //!< Receiver
    uint32_t toStrand{0};        //!< The receiver's strand, as the sender has it
    uint32_t strand{0};          //!< The receiver's strand
};

/** All messages of a program, by place. */
std::map<uint64_t, Wire>
GetWires(const CollectiveProgram& program, uint32_t members)
{
    std::map<uint64_t, Wire> wires;
    for (uint32_t member = 0; member < members; ++member)
    {
        for (uint32_t strand = 0; strand < program.GetStrands(); ++strand)
        {
            uint64_t gate = 0;
            uint64_t latestReduce = 0;
            uint64_t latestSend = 0;
            uint64_t latestReceive = 0;
            Transfers transfers = program.Open(member, strand, true);
            while (transfers.Next())
            {
                const Transfer& transfer = transfers.Get();
                if (transfer.type == Transfer::GATE)
                {
                    gate = latestReduce;
                    continue;
                }
                if (transfer.type != Transfer::SEND)
                {
                    if (transfer.place <= latestReceive)
                    {
                        throw std::logic_error("receives of a strand are out of order");
                    }
                    latestReceive = transfer.place;
                }
                if (program.LengthOf(transfer) == 0)
                {
                    continue;
                }
                if (transfer.type == Transfer::SEND)
                {
                    Wire& wire = wires[transfer.place];
                    wire.from = wire.from == NONE ? member : throw std::logic_error("sent twice");
                    wire.send = transfer;
                    wire.after.assign(transfer.after.begin(), transfer.after.end());
                    wire.data.assign(transfer.data.begin(), transfer.data.end());
                    wire.gate = gate;
                    wire.toStrand =
                        transfer.peerStrand == SAME_STRAND ? strand : transfer.peerStrand;
                    latestSend = transfer.place;
                    continue;
                }
                Wire& wire = wires[transfer.place - 1];
                wire.to = wire.to == NONE ? member : throw std::logic_error("received twice");
                wire.receive = transfer;
                wire.strand = strand;
                wire.latestSend = latestSend;
                if (transfer.type == Transfer::REDUCE)
                {
                    latestReduce = transfer.reducePlace;
                }
            }
        }
    }
    return wires;
}

/** Writes a program out. */
class Expansion
{
  public:
    Expansion(OperationGraph& graph, const PlannedCollective& planned, std::vector<DataMove>* moves)
        : m_graph(graph),
          m_program(*planned.program),
          m_spec(planned.spec),
          m_moves(moves),
          m_size(static_cast<uint32_t>(planned.spec.ranks.size())),
          m_blocks(m_program.GetLayout().GetBlocks()),
          m_makers(m_size, std::vector<uint32_t>(m_blocks.size(), NONE))
    {
        m_ends.collective = graph.AddCollective(planned.record);
    }

    CollectiveEnds Run()
    {
        for (uint32_t member = 0; member < m_size; ++member)
        {
            Operation launch;
            launch.type = OperationType::LAUNCH;
            m_ends.begin.push_back(Add(member, launch));
        }
        const std::map<uint64_t, Wire> wires = GetWires(m_program, m_size);
        // What is done, in program order: of one message at up to three places.
        std::map<uint64_t, const Wire*> steps;
        for (const auto& [place, wire] : wires)
        {
            Check(wire);
            steps[place] = &wire;
            steps[place + 1] = &wire;
            if (wire.receive.type == Transfer::REDUCE)
            {
                steps[wire.receive.reducePlace] = &wire;
            }
        }
        for (const auto& [place, wire] : steps)
        {
            if (place == wire->send.place)
            {
                Send(*wire);
            }
            else if (place == wire->receive.place)
            {
                Receive(*wire);
            }
            else
            {
                Reduce(*wire);
            }
        }
        for (uint32_t member = 0; member < m_size; ++member)
        {
            m_ends.end.push_back(Add(member, Operation{}));
            for (const uint32_t operation : m_of[member])
            {
                if (!m_joined.contains(operation) && operation != m_ends.end.back())
                {
                    m_graph.Require(m_ends.end.back(), operation);
                }
            }
        }
        return m_ends;
    }

  private:
    /** Both ends must mean the same message. */
    void Check(const Wire& wire) const
    {
        const bool isSame = wire.from != NONE && wire.to != NONE && wire.send.peer == wire.to &&
                            wire.receive.peer == wire.from && wire.toStrand == wire.strand &&
                            wire.send.flow == wire.receive.flow &&
                            m_program.LengthOf(wire.send) == m_program.LengthOf(wire.receive) &&
                            std::equal(std::begin(wire.send.blocks),
                                       std::end(wire.send.blocks),
                                       std::begin(wire.receive.blocks),
                                       [](const BlockRange& a, const BlockRange& b) {
                                           return (a.first == b.first && a.last == b.last) ||
                                                  (a.first >= a.last && b.first >= b.last);
                                       });
        if (!isSame)
        {
            throw std::logic_error("sender and receiver do not mean the same message");
        }
    }

    uint32_t Add(uint32_t member, Operation operation)
    {
        operation.rank = m_spec.ranks[member];
        operation.collective = m_ends.collective;
        m_of[member].push_back(m_graph.Add(operation));
        return m_of[member].back();
    }

    void Require(uint32_t later, uint32_t earlier)
    {
        m_joined.insert(earlier);
        m_graph.Require(later, earlier);
    }

    template <typename Visit>
    void ForBlocks(const Transfer& transfer, const Visit& visit) const
    {
        for (const BlockRange& range : transfer.blocks)
        {
            for (uint32_t block = range.first; block < range.last; ++block)
            {
                visit(block);
            }
        }
    }

    void RequireMakers(uint32_t later, uint32_t member, const Transfer& transfer)
    {
        std::set<uint32_t> makers;
        ForBlocks(transfer, [&](uint32_t block) { makers.insert(m_makers[member][block]); });
        makers.erase(NONE);
        for (const uint32_t maker : makers)
        {
            Require(later, maker);
        }
    }

    void SetMaker(uint32_t member, const Transfer& transfer, uint32_t maker)
    {
        ForBlocks(transfer, [&](uint32_t block) { m_makers[member][block] = maker; });
    }

    void Send(const Wire& wire)
    {
        Operation send;
        send.type = OperationType::SEND;
        send.peer = m_spec.ranks[wire.to];
        send.bytes = m_program.LengthOf(wire.send);
        send.tag = m_nextTag;
        send.flow = wire.send.flow;
        const uint32_t id = Add(wire.from, send);
        m_operationAt[wire.send.place] = id;
        Require(id, m_ends.begin[wire.from]);
        if (!wire.send.isOriginal)
        {
            RequireMakers(id, wire.from, wire.send);
        }
        for (const uint64_t place : wire.after)
        {
            Require(id, m_operationAt.at(place));
        }
        if (wire.gate != 0)
        {
            Require(id, m_operationAt.at(wire.gate));
        }
    }

    void Receive(const Wire& wire)
    {
        Operation receive;
        receive.type = OperationType::RECEIVE;
        receive.peer = m_spec.ranks[wire.from];
        receive.bytes = m_program.LengthOf(wire.receive);
        receive.tag = m_nextTag++;
        const uint32_t id = Add(wire.to, receive);
        m_operationAt[wire.receive.place] = id;
        Require(id, m_ends.begin[wire.to]);
        if (wire.receive.type == Transfer::RECEIVE)
        {
            SetMaker(wire.to, wire.receive, id);
            Note(wire, NONE);
        }
    }

    void Reduce(const Wire& wire)
    {
        Operation reduce;
        reduce.type = OperationType::REDUCE;
        reduce.bytes = m_program.LengthOf(wire.receive);
        const uint32_t id = Add(wire.to, reduce);
        m_operationAt[wire.receive.reducePlace] = id;
        Require(id, m_operationAt.at(wire.receive.place));
        RequireMakers(id, wire.to, wire.receive);
        SetMaker(wire.to, wire.receive, id);
        if (wire.receive.isExchange)
        {
            m_graph.RequireStart(id, m_operationAt.at(wire.latestSend));
        }
        Note(wire, id);
    }

    void Note(const Wire& wire, uint32_t reduce)
    {
        if (m_moves)
        {
            DataMove move{m_operationAt.at(wire.send.place),
                          m_operationAt.at(wire.receive.place),
                          reduce,
                          wire.send.isOriginal,
                          wire.data};
            ForBlocks(wire.send, [&](uint32_t block) { move.segments.push_back(m_blocks[block]); });
            m_moves->push_back(std::move(move));
        }
    }

    OperationGraph& m_graph;
    const CollectiveProgram& m_program;
    const CollectiveSpec& m_spec;
    std::vector<DataMove>* m_moves;
    uint32_t m_size;
    const std::vector<Segment>& m_blocks;
    std::vector<std::vector<uint32_t>> m_makers; // by member, then block
    CollectiveEnds m_ends;
    std::map<uint64_t, uint32_t> m_operationAt;     // by place
    std::map<uint32_t, std::vector<uint32_t>> m_of; // by member
    std::set<uint32_t> m_joined;                    // somebody waits for these
    uint32_t m_nextTag{0};
};

} // namespace

CollectiveEnds
ExpandCollective(OperationGraph& graph,
                 const CollectiveSpec& spec,
                 const FabricHints& hints,
                 std::vector<DataMove>* moves)
{
    const PlannedCollective planned = PlanCollective(graph.GetRanks(), spec, hints);
    return planned.program ? Expansion(graph, planned, moves).Run()
                           : AddCollective(graph, spec, hints);
}

} // namespace mtlink
} // namespace ns3
