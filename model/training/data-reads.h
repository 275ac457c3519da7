/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DATA_READS_H
#define MTLINK_DATA_READS_H

#include "training/rank-layout.h"
#include "training/schedule.h"
#include "training/steps.h"
#include "training/training-spec.h"
#include "workload/operation-graph.h"

#include <cstdint>
#include <deque>
#include <map>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * @param [in] spec A training.
 * @param [in] stage A stage.
 * @param [in] visit A pass through it, see GetPasses().
 * @return whether it needs training data: tokens forward through the first layers, labels forward
 *         through the last (Megatron-LM, get_batch_on_this_tp_rank() of
 *         megatron/training/utils.py).
 */
bool NeedsData(const TrainingSpec& spec, uint32_t stage, const Visit& visit);

/**
 * @ingroup mtlink
 * @param [in] spec A training that reads its data.
 * @return bytes that a card reads for a micro-batch: of whole sequences, and one token more of
 *         each, since labels are the tokens one further on. Cards that share a sequence (context)
 *         read all of it, as Megatron-LM's do, and keep their part.
 */
uint64_t GetReadBytes(const TrainingSpec& spec);

/**
 * @ingroup mtlink
 * @param [in] spec A training.
 * @param [in] stage A stage.
 * @param [in] visit A visit of it.
 * @return how the card that has read hands the data to its tensor group: tokens and their positions
 *         to the first layers, labels and a mask of the loss to the last, one broadcast each, of 8
 * B integers and 4 B masks (Megatron-LM, likewise). None where each card reads.
 */
Steps MakeDataSteps(const TrainingSpec& spec, uint32_t stage, const Visit& visit);

/** A card that reads training data. */
struct DataReader
{
    uint32_t rank;  //!< The card
    uint32_t store; //!< Of whom, into InputSpec::store
};

/**
 * @ingroup mtlink
 * @param [in] spec A training that reads its data.
 * @param [in] layout Its ranks.
 * @return who reads, by stage and place; in turn of the store's endpoints.
 */
std::vector<DataReader> ListDataReaders(const TrainingSpec& spec, const RankLayout& layout);

/** @return operations that the reads of one iteration have. @param [in] spec A training. */
double CountReadOperations(const TrainingSpec& spec);

/**
 * @ingroup mtlink
 * The reads of training data as operations.
 *
 * A card asks an endpoint of the store for the data of a micro-batch, which reads it at its own
 * rate, one request after another, and sends it. The card asks as it takes the data of the
 * micro-batch that is InputSpec::prefetch before, as the workers of PyTorch's DataLoader do; with
 * none ahead, as it needs them. A run begins with as many micro-batches read as are read ahead, and
 * ends with as many in again: so its iterations read what they use, and are those of a training
 * that has long been going.
 *
 * The store's endpoints are ranks behind the cards.
 */
class DataReads
{
  public:
    /**
     * @param [in] spec The training; must outlive this.
     * @param [in] layout Its ranks.
     * @param [in] tag Of the store's COMPUTE.
     */
    DataReads(const TrainingSpec& spec, const RankLayout& layout, uint32_t tag);

    /** @return whether a card reads. @param [in] rank It. */
    bool IsReader(uint32_t rank) const
    {
        return m_readers.count(rank) > 0;
    }

    /**
     * A card that reads is ready for a micro-batch.
     * @param [in] rank The card.
     * @param [in] ready What it waits for before.
     * @param [in,out] graph Gets the operations.
     * @return what has the data in; NONE: it has been in from the start.
     */
    uint32_t Take(uint32_t rank, const std::vector<uint32_t>& ready, OperationGraph& graph);

    /**
     * A card that reads has done all its work.
     * @param [in] rank The card.
     * @param [in] ready What it waited for.
     * @param [in,out] graph Gets the receives of what was read ahead.
     */
    void Finish(uint32_t rank, const std::vector<uint32_t>& ready, OperationGraph& graph);

    /** @return the request of what a card receives. @param [in] receive Its receive. */
    uint32_t GetRequest(uint32_t receive) const
    {
        return m_requests.at(receive);
    }

    /** @return the cards that read. */
    std::vector<uint32_t> ListReaders() const;

    /** @return reads so far. */
    uint64_t CountReads() const
    {
        return m_reads;
    }

  private:
    /** A card that reads. */
    struct Reader
    {
        uint32_t store;             //!< Rank of its endpoint of the store
        uint32_t taken{0};          //!< Micro-batches that it has begun
        std::deque<uint32_t> asked; //!< Requests of those that it has not received
    };

    /** Ask for a micro-batch. */
    void Ask(uint32_t rank,
             Reader& reader,
             const std::vector<uint32_t>& ready,
             OperationGraph& graph) const;

    /** @return a card's receive of the next micro-batch. */
    uint32_t Receive(uint32_t rank,
                     Reader& reader,
                     const std::vector<uint32_t>& ready,
                     OperationGraph& graph);

    const InputSpec& m_input;                          //!< Its data
    uint32_t m_tag;                                    //!< Of the store's COMPUTE
    uint64_t m_bytes;                                  //!< Of a read
    uint64_t m_reads{0};                               //!< So far
    std::map<uint32_t, Reader> m_readers;              //!< By rank
    std::unordered_map<uint32_t, uint32_t> m_requests; //!< By receive
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DATA_READS_H
