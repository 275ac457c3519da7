/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SWITCH_PROFILE_H
#define MTLINK_SWITCH_PROFILE_H

#include "ns3/mtlink-class-profile.h"
#include "ns3/nstime.h"

#include <algorithm>
#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Parameters of a switch chip; the YAML mapping `switch:`.
 */
class SwitchProfile : public ClassProfile
{
  public:
    /** How packets wait at an input; names as in YAML. */
    enum Queueing
    {
        VOQ,    //!< A queue per output and VC
        FIFO,   //!< A queue per VC: its head blocks all behind it
        OUTPUT, //!< In a shared memory, a queue per output and VC; see MemoryChip
    };

    /** When a packet may leave. */
    enum Switching
    {
        CUT_THROUGH,       //!< As soon as its head is through the pipeline
        STORE_AND_FORWARD, //!< Once it is in whole
    };

    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    /** @return head in to head out of an idle switch. */
    Time GetLatency() const
    {
        return m_latency;
    }

    /** @return how packets wait. */
    Queueing GetQueueing() const
    {
        return m_queueing;
    }

    /** @return when a packet may leave. */
    Switching GetSwitching() const
    {
        return m_switching;
    }

    /** @return who goes first: the name of an arbiter. */
    const std::string& GetArbiter() const
    {
        return m_arbiter;
    }

    /** @return rounds of iSLIP at one instant; 0: until one adds nothing. */
    uint32_t GetIterations() const
    {
        return m_iterations;
    }

    /**
     * Refuse what can't be, or would have no effect.
     * @throws ParameterError naming the key.
     */
    void Check() const;

    /** @return virtual channels per port. */
    uint32_t GetVcs() const
    {
        return m_vcs;
    }

    /** @return input buffer per port and VC, bytes. */
    uint64_t GetBuffer() const
    {
        return m_buffer;
    }

    /** @return buffer that the whole chip shares, bytes; 0: none. */
    uint64_t GetSharedBuffer() const
    {
        return m_sharedBuffer;
    }

    /** @return alpha of the shared buffer's dynamic threshold. */
    double GetAlpha() const
    {
        return m_alpha > 0 ? m_alpha : 1;
    }

    /** @return packets per second that an input port deals with, at most; 0: any number. */
    uint64_t GetPacketRate() const
    {
        return m_packetRate;
    }

    /** @return rows of tiles; 0: no tiles. */
    uint32_t GetTileRows() const
    {
        return m_tileRows;
    }

    /** @return columns of tiles; 0: no tiles. */
    uint32_t GetTileColumns() const
    {
        return m_tileColumns;
    }

    /** @return packets that the inputs of a row of tiles send at once; 0: any number. */
    uint32_t GetRowLanes() const
    {
        return m_rowLanes;
    }

    /** @return packets that the outputs of a column of tiles accept at once; 0: any number. */
    uint32_t GetColumnLanes() const
    {
        return m_columnLanes;
    }

    /** @return packets that an input reads at once, at most. */
    uint32_t GetInputSpeedup() const
    {
        return m_inputSpeedup;
    }

    /** @return packets that an output accepts at once, at most. */
    uint32_t GetOutputSpeedup() const
    {
        return m_outputSpeedup;
    }

    /** @return queue behind each output, bytes; used where the output speedup is above 1. */
    uint64_t GetOutputBuffer() const
    {
        return m_outputBuffer;
    }

    /** What happens to a group that finds too few reduction contexts free. */
    enum Overflow
    {
        WAIT,      //!< Its operations wait until others have given theirs back
        FALL_BACK, //!< Its collectives are done by another algorithm
    };

    /** @return whether the chip combines packets. */
    bool HasReduction() const
    {
        return m_reduction;
    }

    /** @return whether the chip copies packets. */
    bool HasMulticast() const
    {
        return m_multicast;
    }

    /** @return bytes/s at which the unit takes in operands from one port; 0: as they come. */
    double GetReductionRate() const
    {
        return m_reductionRate;
    }

    /** @return from the last operand's head at the unit to the result's. */
    Time GetReductionLatency() const
    {
        return m_reductionLatency;
    }

    /** @return packets that the chip can combine at once. */
    uint32_t GetReductionContexts() const
    {
        return m_reductionContexts;
    }

    /** @return memory of all contexts, bytes; 0: enough for all of them. */
    uint64_t GetReductionMemory() const
    {
        return m_reductionMemory;
    }

    /** @return contexts of one group and tree, at most. */
    uint32_t GetReductionGroupContexts() const
    {
        return m_reductionGroupContexts;
    }

    /** @return what happens when contexts run out. */
    Overflow GetReductionOverflow() const
    {
        return m_reductionOverflow;
    }

    /**
     * @param [in] packet Bytes of a packet of the largest size, whole flits.
     * @return contexts that the chip has room for: each takes two packets, one that is combined and
     *         the result before it, that waits for its outputs.
     */
    uint32_t GetUsableContexts(uint64_t packet) const
    {
        return m_reductionMemory == 0
                   ? m_reductionContexts
                   : static_cast<uint32_t>(
                         std::min<uint64_t>(m_reductionContexts, m_reductionMemory / (2 * packet)));
    }

    /**
     * Refuse what would have no effect.
     * @throws ParameterError naming the key.
     */
    void CheckReduction() const;

    /** @return whether outputs mark packets. */
    bool GetEcn() const
    {
        return m_ecn;
    }

    /** @return queue up to which no packet is marked, bytes. */
    uint64_t GetEcnMin() const
    {
        return m_ecnMin;
    }

    /** @return queue beyond which each packet is marked, bytes. */
    uint64_t GetEcnMax() const
    {
        return m_ecnMax;
    }

    /** @return probability of a mark at a queue of GetEcnMax(). */
    double GetEcnProbability() const
    {
        return m_ecnProbability;
    }

    /** @return most ports a chip has; 0: not limited. */
    uint32_t GetRadix() const
    {
        return m_radix;
    }

  private:
    static constexpr uint32_t DEFAULT_INPUT_SPEEDUP = 2; //!< Where a crossbar is

    /** Check() for queueing output. */
    void CheckOutputQueued() const;

    Time m_latency;                    //!< Pipeline
    Queueing m_queueing;               //!< How packets wait
    Switching m_switching;             //!< When a packet may leave
    std::string m_arbiter;             //!< Who goes first
    uint32_t m_vcs;                    //!< Virtual channels per port
    uint64_t m_buffer;                 //!< Bytes per input port and VC
    uint32_t m_inputSpeedup;           //!< Packets read at once
    uint32_t m_outputSpeedup;          //!< Packets accepted at once
    uint64_t m_outputBuffer;           //!< Bytes per output
    bool m_ecn;                        //!< Outputs mark packets
    uint64_t m_ecnMin;                 //!< Bytes
    uint64_t m_ecnMax;                 //!< Bytes
    double m_ecnProbability;           //!< At m_ecnMax
    uint32_t m_radix;                  //!< Most ports
    bool m_reduction;                  //!< Combines packets
    bool m_multicast;                  //!< Copies packets
    double m_reductionRate;            //!< Operands from one port, bytes/s
    Time m_reductionLatency;           //!< Last operand's head to the result's
    uint32_t m_reductionContexts;      //!< Packets combined at once
    uint64_t m_reductionMemory;        //!< Bytes of all contexts
    uint32_t m_reductionGroupContexts; //!< Contexts of a group and tree
    Overflow m_reductionOverflow;      //!< When contexts run out
    uint32_t m_iterations;             //!< Rounds of iSLIP
    uint64_t m_sharedBuffer;           //!< Bytes per chip
    double m_alpha;                    //!< Of the dynamic threshold; 0: not set
    uint64_t m_packetRate;             //!< Packets per second and input port
    uint32_t m_tileRows;               //!< Rows of tiles
    uint32_t m_tileColumns;            //!< Columns of tiles
    uint32_t m_rowLanes;               //!< Packets at once per row
    uint32_t m_columnLanes;            //!< Packets at once per column
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SWITCH_PROFILE_H
