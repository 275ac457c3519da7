/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_CHECKPOINT_COPY_H
#define MTLINK_CHECKPOINT_COPY_H

#include "workload/operation-graph.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A checkpoint's way over the fabric: every card's part to a card of another node, or to a store.
 */
struct CheckpointCopy
{
    /** What one rank sends to another. */
    struct Part
    {
        uint32_t from{0};  //!< Rank of the card
        uint32_t to{0};    //!< Rank of who keeps it
        uint64_t bytes{0}; //!< How much
    };

    std::vector<uint32_t> endpoints; //!< By rank: cards first, then the store's endpoints
    std::vector<Part> parts;         //!< One of each card
    /** Bytes per second that each endpoint of a store takes in; 0: no store. */
    double storeRate{0};
};

/**
 * @ingroup mtlink
 * Copies to the neighbour: a card keeps its part in the card of the same place in the next node,
 * round the nodes; with one node, in the next card.
 * @param [in] cards Endpoints of the cards.
 * @param [in] bytes By card: of its part; 0: it has none.
 * @param [in] cardsPerNode Endpoints of a node, counted in their order.
 * @return the copy.
 */
CheckpointCopy CopyToNeighbours(const std::vector<uint32_t>& cards,
                                const std::vector<uint64_t>& bytes,
                                uint32_t cardsPerNode);

/**
 * @ingroup mtlink
 * Copies to a store: cards in turn to its endpoints.
 * @param [in] cards Endpoints of the cards.
 * @param [in] bytes By card, as CopyToNeighbours().
 * @param [in] store Endpoints of the store.
 * @param [in] rate Bytes per second that each of those takes in.
 * @return the copy.
 */
CheckpointCopy CopyToStore(const std::vector<uint32_t>& cards,
                           const std::vector<uint64_t>& bytes,
                           const std::vector<uint32_t>& store,
                           double rate);

/** Pieces that an endpoint of a store has asked for and not taken in yet, at most. */
inline constexpr uint32_t STORE_DEPTH = 4;

/**
 * @ingroup mtlink
 * Make a copy's operations, in pieces, so that other messages get in between. To a neighbour they
 * leave one behind the other. A store asks for pieces of its cards' parts in turn, STORE_DEPTH
 * ahead of what it has taken in, which it does piece by piece at its own rate; so a slow store does
 * not flood the fabric.
 * @param [in] copy The copy.
 * @return the graph, finished.
 */
OperationGraph MakeCopyGraph(const CheckpointCopy& copy);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_CHECKPOINT_COPY_H
