/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_LINK_PROFILE_H
#define MTLINK_LINK_PROFILE_H

#include "ns3/data-rate.h"
#include "ns3/nstime.h"
#include "ns3/object.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Parameters of a link, one direction; the YAML mapping `link:`.
 */
class LinkProfile : public Object
{
  public:
    /** What a link does about packets that come in corrupted. */
    enum Retry
    {
        NONE,     //!< Nothing
        GO_BACK_N //!< Sends them again, and all that it sent behind them
    };

    /**
     * Register this type.
     * @return The object TypeId.
     */
    static TypeId GetTypeId();

    /**
     * @param [in] overrides Values as text, by YAML key ("rate"); sizes in bytes ("64B" or "64"),
     *             the length in metres ("3m" or "3"). Parts of the latency replace a whole one.
     * @return a copy in which these differ.
     * @throws ParameterError for an unknown key or a value that can't be.
     */
    Ptr<LinkProfile> With(const std::map<std::string, std::string>& overrides) const;

    /** @return the rate on the wire, bit/s, one direction. */
    uint64_t GetBitRate() const
    {
        return m_rate.GetBitRate();
    }

    /** @return the whole one-way delay: Latency, or the sum of its parts where that is not set. */
    Time GetLatency() const;

    /** @return the cable's length, metres; nothing where the latency is given as a whole. */
    std::optional<double> GetLength() const
    {
        return m_latency.IsStrictlyNegative() ? std::optional(m_length) : std::nullopt;
    }

    /** @return time from a buffer's freeing to the credit's use upstream. */
    Time GetCreditLatency() const
    {
        return GetLatency() + m_creditOverhead;
    }

    /** @return size of a flit, bytes. */
    uint32_t GetFlit() const
    {
        return m_flit;
    }

    /** @return header of each packet, bytes. */
    uint32_t GetHeader() const
    {
        return m_header;
    }

    /** @return wire bits per flit bit. */
    double GetEncoding() const
    {
        return m_encoding;
    }

    /** @return probability that a flit is corrupted, after error correction. */
    double GetErrorRate() const
    {
        return m_errorRate;
    }

    /** @return what is done about corrupted packets. */
    Retry GetRetry() const
    {
        return m_retry;
    }

    /** @return bytes of unacknowledged packets that a sender keeps; 0: any number. */
    uint64_t GetReplayBuffer() const
    {
        return m_replayBuffer;
    }

    /** @return lanes that make up the rate. */
    uint32_t GetLanes() const
    {
        return m_lanes;
    }

    /** @return time added to an acknowledgement's way back. */
    Time GetAckOverhead() const
    {
        return m_ackOverhead;
    }

    /** @return time from a packet's last bit sent to its acknowledgement: there and back. */
    Time GetAckRoundTrip() const
    {
        return GetLatency() + GetLatency() + m_ackOverhead;
    }

    /**
     * @param [in] payload Payload of a packet, bytes.
     * @return its length in flits, header included; at least 1.
     */
    uint32_t GetFlits(uint64_t payload) const
    {
        const uint64_t flits = (payload + m_header + m_flit - 1) / m_flit;
        return flits == 0 ? 1 : static_cast<uint32_t>(flits);
    }

  private:
    DataRate m_rate;         //!< Rate on the wire
    Time m_latency;          //!< Whole delay; negative: the sum of the parts
    Time m_phyLatency;       //!< SerDes, PCS and MAC of both ends
    Time m_fecLatency;       //!< Forward error correction
    double m_length;         //!< Cable, metres
    Time m_creditOverhead;   //!< Added to a credit's way back
    uint32_t m_flit;         //!< Bytes
    uint32_t m_header;       //!< Bytes
    double m_encoding;       //!< Wire bits per flit bit
    double m_errorRate;      //!< Probability that a flit is corrupted
    Retry m_retry;           //!< What is done about it
    uint64_t m_replayBuffer; //!< Bytes; 0: any number
    uint32_t m_lanes;        //!< Lanes that make up the rate
    Time m_ackOverhead;      //!< Added to an acknowledgement's way back
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_LINK_PROFILE_H
