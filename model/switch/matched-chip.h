/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_MATCHED_CHIP_H
#define MTLINK_MATCHED_CHIP_H

#include "link/link-server.h"
#include "switch/crossbar-arbiter.h"
#include "switch/input-queued-chip.h"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A chip whose crossbar is matched as a whole, by a CrossbarArbiter, at the end of each instant at
 * which a packet has arrived, a lane or wire has become free or credit has come: after everything
 * that was scheduled for that instant before. (What arrives at the same instant by a way of no
 * latency at all is matched in a second turn.)
 *
 * Ports may lie in tiles, in rows and columns: port p of P in tile floor(p rows columns / P), row
 * by row. Then a packet needs, besides a lane of its input and of its output, one of the row in
 * which its input lies and one of the column in which its output lies, for as long.
 *
 * Nobody waits for ever. Inputs and outputs that fall free at different times can miss one another
 * again and again, whatever the arbiter. So it is counted at how many decisions a request stood
 * back while its input, its output or the credit that it needs was given to another (injected
 * later, where the arbiter goes by age). After as many as GetPatience() says it is *urgent*: its
 * input and output, or while it lacks credit its VC there, are kept for it until it has gone;
 * urgent ones in the order in which they became so. With cells in slots that does not happen: no
 * pointer takes that long to come round.
 *
 * Several traffic classes are matched one after another, each by an arbiter of its own, whose
 * pointers know nothing of the others. `strict`: class 0 as if it were alone, then class 1 among
 * what is left, and so on. Else: each output has its own order of turns, see ClassScheduler. First
 * all outputs with the class that is their first, class by class; then what is left with the class
 * that is their second, and so on. The class that begins moves on by one after each instant at
 * which something was granted. A request stands back for its own class, and for those that come
 * after it, but not for those before it; with `strict` one whose input was busy while a lower class
 * took its output is urgent at once, and urgent ones too are served class by class.
 */
class MatchedChip : public InputQueuedChip, public CrossbarRequests
{
  public:
    /**
     * @param [in] ports As for InputQueuedChip, as what follows.
     * @param [in] multicast
     * @param [in] number
     * @param [in] kind
     * @param [in] spec
     * @param [in] arbiters Decide, one for each traffic class.
     */
    MatchedChip(SwitchPorts& ports,
                Multicast& multicast,
                uint32_t number,
                uint32_t kind,
                const SwitchSpec& spec,
                std::vector<std::unique_ptr<CrossbarArbiter>> arbiters);

    void Enqueue(uint32_t in, uint32_t packet) override;
    void ServeOutput(uint32_t outLink) override;
    void OnEvent(uint32_t event) override;
    void CreditComes(uint32_t outLink, Tick at) override;
    bool Release(uint32_t outLink) override;

    uint32_t GetPorts() const override;
    uint32_t GetVcs() const override;
    uint32_t FindRequest(uint32_t output, uint32_t from) override;
    bool CanGo(uint32_t output, uint32_t request) override;
    Tick GetInjected(uint32_t output, uint32_t request) const override;
    void Go(uint32_t output, uint32_t request) override;

  protected:
    void RaisedBehind(uint32_t outLink) override;

  private:
    static constexpr uint32_t LOOK = 0;     //!< Event: something has changed
    static constexpr uint32_t DECISION = 1; //!< Event: the end of an instant

    /** What was granted at this instant, for an input or an output. */
    struct Granted
    {
        Tick at{-1};      //!< The instant
        Tick youngest{0}; //!< Injection of the youngest packet granted
        uint32_t vcs{0};  //!< An output's: VCs, as bits
        uint32_t rank{0}; //!< The last turn of a traffic class in which something was granted
    };

    static constexpr uint32_t ALL_TRAFFIC_CLASSES = UINT32_MAX; //!< See ServeUrgent()

    /** Something has changed now: decide at the end of this instant. */
    void Change();

    /** Something will have changed at a time, not before now. */
    void LookAt(Tick at);

    /** @return when the tiles between an input and an output have a free lane. */
    Tick GetTilesFreeAt(uint32_t output, uint32_t input) const;

    /** @return the packet that makes a request. */
    const Packet& GetPacket(uint32_t output, uint32_t request) const;

    /** Decide now. */
    void Decide();

    /** Decide() where there are several traffic classes. */
    void DecideByClass();

    /** @return the turn that the traffic class of a request has at an output at this instant. */
    uint32_t GetRank(uint32_t output, uint32_t request) const;

    /**
     * Let urgent requests go, and keep what they need.
     * @param [in] trafficClass Those of which class, or ALL_TRAFFIC_CLASSES.
     */
    void ServeUrgent(uint32_t trafficClass);

    /** After a decision: account stalls, count who stood back, find when to look again. */
    void Settle();

    /**
     * An output is through with its decisions: what do its requests wait for?
     * @param [in] output The output.
     * @return when they may go; NEVER: not known.
     */
    Tick SettleOutput(uint32_t output);

    /**
     * A request was not granted: count it if somebody younger took its place.
     * @param [in] output The output.
     * @param [in] request The request.
     * @param [in] packet Its packet.
     * @param [in] hasCredit Whether the far end has room for it.
     * @param [in] canAccept Whether the output could still take it.
     */
    void StandBack(uint32_t output,
                   uint32_t request,
                   const Packet& packet,
                   bool hasCredit,
                   bool canAccept);

    std::vector<CrossbarLanes> m_rows;    //!< Lanes of each row of tiles; empty: no limit
    std::vector<CrossbarLanes> m_columns; //!< ... and of each column
    std::vector<uint32_t> m_rowOf;        //!< By port; empty: no tiles
    std::vector<uint32_t> m_columnOf;     //!< By port
    bool m_isDeciding{false};             //!< A decision is due at the end of this instant
    PendingLook m_look;                   //!< The pending look
    Tick m_firstThrough{NEVER};           //!< The first lane to fall free of this instant's
    std::vector<Granted> m_grantedIn;     //!< By input
    std::vector<Granted> m_grantedOut;    //!< By output
    std::vector<uint16_t> m_stoodBack;    //!< By output and request: decisions
    uint32_t m_patience;                  //!< When a request becomes urgent
    std::vector<std::unique_ptr<CrossbarArbiter>> m_arbiters; //!< Decide, by traffic class
    std::vector<ClassScheduler::Order> m_orders;              //!< By output, at this instant
    uint32_t m_shownClass{0};                            //!< Traffic class that is being matched
    uint32_t m_rank{0};                                  //!< ... by outputs whose turn it is then
    uint32_t m_firstClass{0};                            //!< Traffic class that begins
    std::vector<std::pair<uint32_t, uint32_t>> m_urgent; //!< (Output, request), first come first
    std::vector<bool> m_keptIn;                          //!< By input: kept for an urgent request
    std::vector<bool> m_keptOut;                         //!< By output: likewise
    std::vector<uint32_t> m_keptVcs;                     //!< By output: VCs likewise, as bits
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_MATCHED_CHIP_H
