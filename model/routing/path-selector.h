/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PATH_SELECTOR_H
#define MTLINK_PATH_SELECTOR_H

#include "engine/random.h"

#include "ns3/mtlink-congestion-view.h"
#include "ns3/mtlink-path-choice.h"
#include "ns3/mtlink-routing-profile.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * How one switch chooses among equal links: RoutingProfile's Granularity and Selection. It has the
 * switch's own state, which is bounded: a place in the turn per list of equal links, and a table
 * of FLOWLETS flowlets.
 *
 * - hash: by PathRequest::flow mixed with the switch.
 * - random: by the switch's own sequence of random numbers (SplitMix64, Steele, Lea and Flood
 *   2014).
 * - round_robin: each list of equal links is gone round, whatever input the packets come from. A
 *   list is known by its first link.
 * - least_loaded: the link of least load (flits queued at the switch plus credit in use) in the
 *   packet's VC class; of several, the first behind the one that was taken last.
 *
 * Flowlets (Sinha, Kandula and Katabi 2004; the table as in CONGA, Alizadeh et al. 2014): a flow
 * keeps its link until it pauses for the gap, then chooses anew. Flows whose hashes share a place
 * in the table share its flowlet.
 */
class PathSelector
{
  public:
    /** Places in the table of flowlets. */
    static constexpr uint32_t FLOWLETS = 4096;

    /**
     * @param [in] profile Parameters.
     * @param [in] node The switch.
     * @param [in] seed Of random numbers.
     */
    PathSelector(const RoutingProfile& profile, uint32_t node, uint32_t seed);

    /**
     * @param [in] profile Parameters.
     * @return whether there is more to choose by than the flow's hash.
     */
    static bool IsNeeded(const RoutingProfile& profile)
    {
        return profile.GetSelection() != RoutingProfile::HASH ||
               profile.GetGranularity() == RoutingProfile::FLOWLET;
    }

    /**
     * Choose among equal links.
     * @param [in] hops The links, and the class on them.
     * @param [in] request Who asks.
     * @param [in,out] view The load.
     * @return the link.
     */
    uint32_t Select(const Hops& hops, const PathRequest& request, CongestionView& view);

    /**
     * Choose again if a link is to be avoided.
     * @param [in] hops Equivalent links.
     * @param [in] link The one chosen.
     * @param [in] request Who asks.
     * @param [in] view Knows which are avoided.
     * @return the link; if it is avoided, one that is not by the flow's hash, if there is one.
     */
    static uint32_t GoRound(const Hops& hops,
                            uint32_t link,
                            const PathRequest& request,
                            const CongestionView& view);

    /**
     * Choose the least loaded link that has credit now; ties as with least_loaded.
     * @param [in] hops The links, and the class on them.
     * @param [in] request Who asks.
     * @param [in,out] view The load.
     * @param [out] load The load of the link found.
     * @return the link's place in the list; as many as there are links if none has credit.
     */
    uint32_t FindCredit(const Hops& hops,
                        const PathRequest& request,
                        CongestionView& view,
                        uint32_t& load) const;

    /**
     * A link was taken: the turn goes on behind it.
     * @param [in] hops The links.
     * @param [in] place Its place among them.
     */
    void Took(const Hops& hops, uint32_t place);

    /** @return whether the VC within a class is chosen by load too. */
    bool BalancesVcs() const
    {
        return m_selection == RoutingProfile::LEAST_LOADED;
    }

    /** @return a random word, the next of this switch's. */
    uint64_t Draw()
    {
        const uint64_t word = Mix(m_state);
        m_state += 0x9e3779b97f4a7c15ULL;
        return word;
    }

    /** @return an empty list, for who lists alternatives. */
    std::vector<Alternative>& GetScratch()
    {
        m_scratch.clear();
        return m_scratch;
    }

  private:
    /** A flow between two pauses. */
    struct Flowlet
    {
        Tick last{-1};     //!< When its latest packet came; -1: free
        uint32_t first{0}; //!< First link of the list of equal links
        uint32_t link{0};  //!< Its link
    };

    /** @return the place from which a list is searched. */
    uint32_t GetTurn(const Hops& hops) const;

    /** @return the place of the link, chosen anew; of several. */
    uint32_t SelectAnew(const Hops& hops, const PathRequest& request, CongestionView& view);

    RoutingProfile::Selection m_selection; //!< By what
    Tick m_gap;                            //!< Pause that ends a flowlet; NEVER: no flowlets
    uint32_t m_node;                       //!< The switch
    uint64_t m_state;                      //!< Of its random numbers
    std::vector<std::pair<uint32_t, uint32_t>> m_turns; //!< (first link of a list, next place)
    std::vector<Flowlet> m_flowlets;                    //!< By hash
    std::vector<Alternative> m_scratch;                 //!< See GetScratch()
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PATH_SELECTOR_H
