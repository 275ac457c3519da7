/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_HAMILTONIAN_H
#define MTLINK_HAMILTONIAN_H

#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink A Hamiltonian cycle: all vertices, in order, the first following the last. */
using Cycle = std::vector<uint32_t>;

/**
 * @ingroup mtlink
 * Hamiltonian cycles of the complete graph of n vertices that share no edge: (n - 1) / 2 of them,
 * rounded down, by Walecki's zigzag (Lucas, Recreations mathematiques, 1892; Alspach, "The
 * wonderful Walecki construction", 2008). Each may be run in both directions.
 * @param [in] n Vertices, at least 3.
 * @return the cycles.
 */
std::vector<Cycle> GetUndirectedCycles(uint32_t n);

/**
 * @ingroup mtlink
 * Directed Hamiltonian cycles of the complete digraph of n vertices that share no arc. n - 1 of
 * them, which use every arc, exist for every n but 4 and 6 (Bermond and Faber 1976, Tillson 1980).
 * - n = 2: the one there is.
 * - n odd: Walecki's cycles in both directions, n - 1.
 * - n = 8, 10, ... 20: n - 1, by a deterministic search: such a set is a Latin square whose first
 *   row is the identity and whose other rows are n-cycles, and it is reached from the square of
 *   Z_n by row and column switches that never leave the Latin squares.
 * - n = 4 and 6, and even n above 20: Walecki's cycles in both directions, n - 2; for 4 and 6
 *   that is the most there is.
 * @param [in] n Vertices, at least 2.
 * @return the cycles, always the same for one n.
 */
const std::vector<Cycle>& GetDirectedCycles(uint32_t n);

/**
 * @ingroup mtlink
 * Directed Hamiltonian cycles of the complete digraph of 4 or 6 vertices that use every arc exactly
 * twice, 2 (n - 1) of them: what comes nearest to the set of n - 1 that there is for every other
 * number. The first found by depth-first search in lexicographic order.
 * @param [in] n 4 or 6.
 * @return the cycles, always the same for one n.
 */
std::vector<Cycle> GetDoubleCover(uint32_t n);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_HAMILTONIAN_H
