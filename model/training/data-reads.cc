/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training/data-reads.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t INTEGER = 8;   //!< Bytes of a token, label or position on a card
constexpr uint64_t LOSS_MASK = 4; //!< Bytes of a token's weight in the loss
constexpr double PICOSECONDS_PER_S = 1e12;

/** @return whether a visit is through the first, and through the last layers. */
std::pair<bool, bool>
GetEnds(const TrainingSpec& spec, uint32_t stage, uint32_t chunk)
{
    const uint32_t position = GetPosition(spec, stage, chunk);
    return {position == 0, position + 1 == GetPositions(spec)};
}

} // namespace

bool
NeedsData(const TrainingSpec& spec, uint32_t stage, const Visit& visit)
{
    const auto [isFirst, isLast] = GetEnds(spec, stage, visit.chunk);
    return spec.input && visit.kind == Visit::FORWARD && (isFirst || isLast);
}

uint64_t
GetReadBytes(const TrainingSpec& spec)
{
    const uint64_t sample = spec.input->tokenBytes > 0
                                ? (spec.sequence + 1) * spec.input->tokenBytes
                                : spec.input->sampleBytes;
    return spec.micro * sample;
}

Steps
MakeDataSteps(const TrainingSpec& spec, uint32_t stage, const Visit& visit)
{
    Steps steps;
    const bool isForward = visit.kind == Visit::FORWARD || visit.kind == Visit::BOTH;
    const auto [isFirst, isLast] = GetEnds(spec, stage, visit.chunk);
    if (!spec.input || spec.input->isReadByAll || spec.parallel.tensor == 1 || !isForward)
    {
        return steps;
    }
    const auto add = [&steps](uint64_t bytes) {
        steps.push_back(MakeStep(Step::LAUNCH, GroupKind::TENSOR, "broadcast", bytes));
        steps.push_back(MakeStep(Step::WAIT, GroupKind::TENSOR, "broadcast"));
    };
    if (spec.input->tokenBytes == 0)
    {
        if (isFirst || isLast)
        {
            add(spec.micro * spec.input->sampleBytes);
        }
        return steps;
    }
    const uint64_t tokens = spec.micro * spec.sequence;
    if (isFirst)
    {
        add(tokens * INTEGER); // tokens
        add(tokens * INTEGER); // their positions
    }
    if (isLast)
    {
        add(tokens * INTEGER); // labels
        add(tokens * LOSS_MASK);
    }
    return steps;
}

double
CountReadOperations(const TrainingSpec& spec)
{
    constexpr double EACH = 5; // asked and heard, read, sent and received
    if (!spec.input)
    {
        return 0;
    }
    const double ends = GetPositions(spec) > 1 ? 2 : 1;
    const double readers =
        spec.parallel.context * (spec.input->isReadByAll ? spec.parallel.tensor : 1);
    return EACH * ends * readers * static_cast<double>(spec.global) /
           static_cast<double>(spec.micro);
}

std::vector<DataReader>
ListDataReaders(const TrainingSpec& spec, const RankLayout& layout)
{
    std::vector<DataReader> readers;
    const auto stores = static_cast<uint32_t>(spec.input->store.size());
    const auto& groups = layout.GetGroups(GroupKind::TENSOR);
    for (uint32_t stage = 0; stage < spec.parallel.pipeline; ++stage)
    {
        bool needs = false;
        for (uint32_t chunk = 0; chunk < spec.GetChunks(); ++chunk)
        {
            const auto [isFirst, isLast] = GetEnds(spec, stage, chunk);
            needs = needs || isFirst || isLast;
        }
        for (uint32_t place = 0; needs && place < layout.GetPlaces(); ++place)
        {
            if (spec.input->isReadByAll ||
                groups[layout.GetGroup(GroupKind::TENSOR, place)].front() == place)
            {
                const auto turn = static_cast<uint32_t>(readers.size()) % stores;
                readers.push_back({layout.GetRank(stage, place), turn});
            }
        }
    }
    return readers;
}

DataReads::DataReads(const TrainingSpec& spec, const RankLayout& layout, uint32_t tag)
    : m_input(*spec.input),
      m_tag(tag),
      m_bytes(GetReadBytes(spec))
{
    for (const DataReader& reader : ListDataReaders(spec, layout))
    {
        m_readers[reader.rank] = {spec.GetCards() + reader.store, 0, {}};
    }
}

uint32_t
DataReads::Take(uint32_t rank, const std::vector<uint32_t>& ready, OperationGraph& graph)
{
    Reader& reader = m_readers.at(rank);
    ++m_reads;
    if (m_input.prefetch == 0)
    {
        Ask(rank, reader, ready, graph);
    }
    const bool isThere = reader.taken++ < m_input.prefetch;
    const uint32_t taken = isThere ? NONE : Receive(rank, reader, ready, graph);
    if (m_input.prefetch > 0)
    {
        std::vector<uint32_t> after = ready;
        if (!isThere)
        {
            after.push_back(taken);
        }
        Ask(rank, reader, after, graph);
    }
    return taken;
}

void
DataReads::Finish(uint32_t rank, const std::vector<uint32_t>& ready, OperationGraph& graph)
{
    Reader& reader = m_readers.at(rank);
    for (uint32_t i = 0; i < std::min(reader.taken, m_input.prefetch); ++i)
    {
        Receive(rank, reader, ready, graph);
    }
}

std::vector<uint32_t>
DataReads::ListReaders() const
{
    std::vector<uint32_t> ranks;
    for (const auto& [rank, reader] : m_readers)
    {
        ranks.push_back(rank);
    }
    return ranks;
}

void
DataReads::Ask(uint32_t rank,
               Reader& reader,
               const std::vector<uint32_t>& ready,
               OperationGraph& graph) const
{
    Operation ask;
    ask.type = OperationType::SEND;
    ask.rank = rank;
    ask.peer = reader.store;
    const uint32_t asked = graph.Add(ask);
    reader.asked.push_back(asked);
    for (const uint32_t before : ready)
    {
        graph.Require(asked, before);
    }
    Operation hear = ask;
    hear.type = OperationType::RECEIVE;
    std::swap(hear.rank, hear.peer);
    const uint32_t heard = graph.Add(hear);
    Operation read;
    read.type = OperationType::COMPUTE;
    read.rank = reader.store;
    read.tag = m_tag;
    read.duration = static_cast<Tick>(
        std::llround(static_cast<double>(m_bytes) / m_input.rate * PICOSECONDS_PER_S));
    const uint32_t got = graph.Add(read);
    graph.Require(got, heard);
    Operation send = ask;
    std::swap(send.rank, send.peer);
    send.bytes = m_bytes;
    graph.Require(graph.Add(send), got);
}

uint32_t
DataReads::Receive(uint32_t rank,
                   Reader& reader,
                   const std::vector<uint32_t>& ready,
                   OperationGraph& graph)
{
    Operation receive;
    receive.type = OperationType::RECEIVE;
    receive.rank = rank;
    receive.peer = reader.store;
    receive.bytes = m_bytes;
    const uint32_t id = graph.Add(receive);
    m_requests[id] = reader.asked.front();
    reader.asked.pop_front();
    for (const uint32_t before : ready)
    {
        graph.Require(id, before);
    }
    return id;
}

} // namespace mtlink
} // namespace ns3
