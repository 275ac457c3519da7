/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/collective/hamiltonian.h"

#include "engine/random.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <numeric>
#include <optional>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint32_t LARGEST_SEARCHED = 20; //!< Vertices; above, the search takes too long
constexpr uint32_t MOST_STEPS = 1U << 20; //!< Of the search; 20 vertices need about 60,000
constexpr uint64_t UPHILL_ONE_IN = 100;   //!< Steps that may make it worse, against dead ends

/**
 * Rows are permutations: rows[r][v] is the vertex after v in cycle r. The identity row is not
 * kept. In every column the rows hold different vertices, none of them the column's own.
 */
using Square = std::vector<std::vector<uint32_t>>;

/**
 * @param [in] row A permutation.
 * @return its number of cycles.
 */
uint32_t
CountCycles(const std::vector<uint32_t>& row)
{
    std::vector<bool> seen(row.size(), false);
    uint32_t count = 0;
    for (uint32_t v = 0; v < row.size(); ++v)
    {
        count += !seen[v];
        for (uint32_t w = v; !seen[w]; w = row[w])
        {
            seen[w] = true;
        }
    }
    return count;
}

/**
 * Exchange two rows' entries in the least set of columns that keeps the square Latin.
 * @param [in] square The square.
 * @param [in] a A row.
 * @param [in] b Another.
 * @param [in] column A column of the set.
 * @return the rows changed, with their new content.
 */
std::map<uint32_t, std::vector<uint32_t>>
SwitchRows(const Square& square, uint32_t a, uint32_t b, uint32_t column)
{
    std::map<uint32_t, std::vector<uint32_t>> changed{{a, square[a]}, {b, square[b]}};
    uint32_t at = column;
    do
    {
        std::swap(changed[a][at], changed[b][at]);
        at = static_cast<uint32_t>(std::find(square[a].begin(), square[a].end(), square[b][at]) -
                                   square[a].begin());
    } while (at != column);
    return changed;
}

/**
 * Exchange two columns' entries in the least set of rows that keeps the square Latin.
 * @param [in] square The square.
 * @param [in] c A column.
 * @param [in] d Another.
 * @param [in] row A row of the set.
 * @return the rows changed, with their new content; empty: the identity would be among them.
 */
std::map<uint32_t, std::vector<uint32_t>>
SwitchColumns(const Square& square, uint32_t c, uint32_t d, uint32_t row)
{
    std::map<uint32_t, std::vector<uint32_t>> changed;
    uint32_t at = row;
    do
    {
        auto content = square[at];
        std::swap(content[c], content[d]);
        if (content[c] == c || content[d] == d)
        {
            return {};
        }
        changed[at] = std::move(content);
        uint32_t next = 0;
        while (next < square.size() && square[next][c] != square[at][d])
        {
            ++next;
        }
        if (next == square.size())
        {
            return {};
        }
        at = next;
    } while (at != row);
    return changed;
}

/**
 * @param [in] n Vertices, even.
 * @return n - 1 cycles, or nothing where none were found.
 */
std::optional<std::vector<Cycle>>
Search(uint32_t n)
{
    uint64_t draws = 0;
    const auto draw = [&](uint64_t below) { return static_cast<uint32_t>(Mix(draws++) % below); };
    Square square(n - 1, std::vector<uint32_t>(n));
    std::vector<uint32_t> cycles(n - 1);
    for (uint32_t r = 0; r < n - 1; ++r)
    {
        for (uint32_t v = 0; v < n; ++v)
        {
            square[r][v] = (v + r + 1) % n;
        }
        cycles[r] = CountCycles(square[r]);
    }
    for (uint32_t step = 0; step < MOST_STEPS; ++step)
    {
        if (std::all_of(cycles.begin(), cycles.end(), [](uint32_t c) { return c == 1; }))
        {
            std::vector<Cycle> found;
            for (const auto& row : square)
            {
                Cycle cycle{0};
                while (cycle.size() < n)
                {
                    cycle.push_back(row[cycle.back()]);
                }
                found.push_back(std::move(cycle));
            }
            return found;
        }
        // Row switches alone never change the parity of the product of all rows; column
        // switches do, and both together reach far enough.
        std::map<uint32_t, std::vector<uint32_t>> changed;
        if (draw(10) < 7)
        {
            const uint32_t a = draw(n - 1);
            const uint32_t b = draw(n - 1);
            if (a == b)
            {
                continue;
            }
            changed = SwitchRows(square, a, b, draw(n));
        }
        else
        {
            const uint32_t c = draw(n);
            const uint32_t d = draw(n);
            if (c == d)
            {
                continue;
            }
            changed = SwitchColumns(square, c, d, draw(n - 1));
        }
        int64_t worse = 0;
        for (const auto& [row, content] : changed)
        {
            worse += static_cast<int64_t>(CountCycles(content)) - cycles[row];
        }
        if (worse <= 0 || draw(UPHILL_ONE_IN) == 0)
        {
            for (auto& [row, content] : changed)
            {
                square[row] = std::move(content);
                cycles[row] = CountCycles(square[row]);
            }
        }
    }
    return std::nullopt;
}

/**
 * @param [in] n Vertices, at least 2.
 * @return the cycles, see GetDirectedCycles().
 */
std::vector<Cycle>
MakeDirectedCycles(uint32_t n)
{
    if (n == 2)
    {
        return {{0, 1}};
    }
    if (n % 2 == 0 && n >= 8 && n <= LARGEST_SEARCHED)
    {
        if (auto found = Search(n))
        {
            return *found;
        }
    }
    std::vector<Cycle> cycles;
    for (const Cycle& cycle : GetUndirectedCycles(n))
    {
        cycles.push_back(cycle);
        cycles.emplace_back(cycle.rbegin(), cycle.rend());
    }
    return cycles;
}

/**
 * Choose cycles until every arc is used twice.
 * @param [in] all What to choose from, each once.
 * @param [in,out] chosen So far, by index.
 * @param [in,out] uses Of the arc from v to w, at v n + w.
 * @return whether it could be done; else all is as before.
 */
bool
Cover(const std::vector<Cycle>& all, std::vector<std::size_t>& chosen, std::vector<int>& uses)
{
    const std::size_t n = all[0].size();
    const auto add = [&](const Cycle& cycle, int times) {
        for (std::size_t i = 0; i < n; ++i)
        {
            uses[cycle[i] * n + cycle[(i + 1) % n]] += times;
        }
    };
    std::size_t arc = 1; // from 0 to 1: a vertex has no arc to itself
    while (arc < n * n && (uses[arc] == 2 || arc % (n + 1) == 0))
    {
        ++arc;
    }
    if (arc == n * n)
    {
        return true;
    }
    for (std::size_t c = 0; c < all.size(); ++c)
    {
        const auto v = std::find(all[c].begin(), all[c].end(), arc / n) - all[c].begin();
        if (all[c][static_cast<std::size_t>(v + 1) % n] != arc % n ||
            std::find(chosen.begin(), chosen.end(), c) != chosen.end())
        {
            continue;
        }
        add(all[c], 1);
        chosen.push_back(c);
        if (*std::max_element(uses.begin(), uses.end()) <= 2 && Cover(all, chosen, uses))
        {
            return true;
        }
        chosen.pop_back();
        add(all[c], -1);
    }
    return false;
}

} // namespace

std::vector<Cycle>
GetDoubleCover(uint32_t n)
{
    std::vector<Cycle> all;
    Cycle cycle(n);
    std::iota(cycle.begin(), cycle.end(), 0);
    do
    {
        all.push_back(cycle);
    } while (std::next_permutation(cycle.begin() + 1, cycle.end()));
    std::vector<std::size_t> chosen;
    std::vector<int> uses(std::size_t{n} * n, 0);
    Cover(all, chosen, uses);
    std::vector<Cycle> cycles;
    for (const std::size_t c : chosen)
    {
        cycles.push_back(all[c]);
    }
    return cycles;
}

std::vector<Cycle>
GetUndirectedCycles(uint32_t n)
{
    // A hub, the last vertex, and a ring of the others that the zigzag 0, 1, -1, 2, -2, ...
    // crosses; each cycle turns it by one.
    std::vector<Cycle> cycles;
    const uint32_t ring = n - 1;
    for (uint32_t turn = 0; turn < (n - 1) / 2; ++turn)
    {
        Cycle cycle{n - 1};
        for (uint32_t i = 0; i < ring; ++i)
        {
            const uint32_t step = (i + 1) / 2;
            cycle.push_back((turn + (i % 2 == 1 ? step : ring - step)) % ring);
        }
        cycles.push_back(std::move(cycle));
    }
    return cycles;
}

const std::vector<Cycle>&
GetDirectedCycles(uint32_t n)
{
    static std::mutex mutex;
    static std::map<uint32_t, std::vector<Cycle>> known;
    const std::lock_guard lock(mutex);
    auto found = known.find(n);
    if (found == known.end())
    {
        found = known.emplace(n, MakeDirectedCycles(n)).first;
    }
    return found->second;
}

} // namespace mtlink
} // namespace ns3
