/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_READING_H
#define MTLINK_READING_H

#include "verdict/verdict-facts.h"

#include "ns3/mtlink-results.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What the rules look at: a run's results, added up once. Refers to the results.
 */
class Reading
{
  public:
    /** The links of a class. */
    struct Level
    {
        std::string cls;                    //!< The class
        uint64_t links{0};                  //!< How many
        uint64_t used{0};                   //!< Of them, carried something
        double filled{0};                   //!< Sum of their filled time, ps
        uint64_t payloadBytes{0};           //!< Sum
        bool touchesEndpoints{false};       //!< One of its ends is an endpoint
        const LinkResult* busiest{nullptr}; //!< The first of those filled longest
    };

    /** What an endpoint's links did in one direction, together. */
    struct Side
    {
        double carried{0}; //!< Rate by filled time
        double rate{0};    //!< Sum of the rates, bit/s
    };

    /** A link that held others up. */
    struct Root
    {
        std::string_view name;           //!< Its name
        const LinkResult* link{nullptr}; //!< Null: it has no row
        double lost{0};                  //!< Time that others waited for it, ps
        double lostAtSources{0};         //!< Of it, links of endpoints
        double lostToItself{0};          //!< Of it, the link itself
    };

    /**
     * @param [in] results The run; must outlive this.
     * @param [in] facts What else is known; must outlive this.
     */
    Reading(const RunResults& results, const VerdictFacts& facts);

    const RunResults& results; //!< The run
    const VerdictFacts& facts; //!< What else is known

    /**
     * @return time over which links are looked at, ps; above 0: that in which a collective was
     *         under way, where there is nothing else.
     */
    double GetTime() const
    {
        return m_time;
    }

    /** @return the classes of links, by name. */
    const std::vector<Level>& GetLevels() const
    {
        return m_levels;
    }

    /** @return the level of a link. */
    const Level& GetLevel(const LinkResult& link) const;

    /** @return the busiest link; null where none carried anything. */
    const LinkResult* GetBusiest() const
    {
        return m_busiest;
    }

    /**
     * @return the time that a link took for its bits, ps. It may have been held for longer by
     *         inputs that are slower than it: that fills nothing.
     */
    static double GetFilled(const LinkResult& link);

    /** @return the share of the time that a link was filled. */
    double GetUtilisation(const LinkResult& link) const
    {
        return GetFilled(link) / m_time;
    }

    /** @return that share, the mean over the links of a level that were used. */
    double GetUsedMean(const Level& level) const;

    /** @return whether a node is an endpoint. */
    bool IsEndpoint(const std::string& node) const
    {
        return m_endpoints.contains(node);
    }

    /** @return number of an endpoint; nothing: it is none. */
    std::optional<uint32_t> FindEndpoint(const std::string& node) const;

    /** @return the share of the time that an endpoint's links were busy: what left by them. */
    double GetSent(const std::string& node) const;

    /** @return the same of what came in. */
    double GetReceived(const std::string& node) const;

    /** @return rate of the links by which an endpoint sends, bit/s. */
    double GetRate(uint32_t endpoint) const
    {
        return m_out[endpoint].rate;
    }

    /** @return links that were waited for, those first that held others up longest. */
    const std::vector<Root>& GetRoots() const
    {
        return m_roots;
    }

    /** @return time that all links waited for others, ps. */
    double GetLost() const
    {
        return m_lost;
    }

    /** @return the link of an endpoint that waited longest for credit; null: none did. */
    const LinkResult* GetMostStalled() const
    {
        return m_mostStalled;
    }

    /** @return a flow for people: "gpu3 to gpu8". */
    std::string DescribeFlow(uint32_t src, uint32_t dst) const;

    /** @return the value of a setting; nothing: there is none. */
    std::optional<std::string> FindSetting(const std::string& name) const;

    /**
     * Find a setting of the part of the fabric that a class of links belongs to.
     * @param [in] cls The class, as "network/level1".
     * @param [in] key What follows the part's path, as "taper".
     * @return its whole path; empty: there is none.
     */
    std::string FindPartSetting(const std::string& cls, const std::string& key) const;

    /** @return the whole path of the rate of a class of links; empty: not found. */
    std::string FindRate(const std::string& cls) const;

    /** @return what ended collectives took, added up, ps. */
    double GetTaken() const
    {
        return m_taken;
    }

    /**
     * @return of that, the share beyond the bounds, 0 to 1; nothing where there is no bound: a
     *         collective did not end, or messages belong to none.
     */
    std::optional<double> GetLoss() const
    {
        return m_loss;
    }

    /** @return "approximate" words where no packets were simulated; else empty. */
    std::string GetCaution() const;

    /** @return whether it is open-loop traffic. */
    bool IsOpenLoop() const
    {
        return results.offeredLoad.has_value();
    }

  private:
    void FindTime();
    void AddNodes();
    void AddLinks();
    void AddRoots();
    void AddCollectives();

    double m_time{1};                                                    //!< GetTime()
    std::unordered_map<std::string_view, uint32_t> m_endpoints;          //!< Number by name
    std::unordered_map<std::string_view, const std::string*> m_settings; //!< Value by name
    std::vector<Level> m_levels;                                         //!< By name of the class
    std::vector<Side> m_out;                                             //!< By endpoint
    std::vector<Side> m_in;                                              //!< By endpoint
    const LinkResult* m_busiest{nullptr};                                //!< GetBusiest()
    const LinkResult* m_mostStalled{nullptr};                            //!< GetMostStalled()
    std::vector<Root> m_roots;                                           //!< GetRoots()
    double m_lost{0};                                                    //!< GetLost()
    double m_taken{0};                                                   //!< GetTaken()
    std::optional<double> m_loss;                                        //!< GetLoss()
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_READING_H
