/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PACKET_H
#define MTLINK_PACKET_H

#include "ns3/mtlink-tick.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** No packet: the end of a queue. */
inline constexpr uint32_t NO_PACKET = std::numeric_limits<uint32_t>::max();

/** No node to pass on the way. */
inline constexpr uint32_t NO_VIA = std::numeric_limits<uint32_t>::max();

/** Packet::outVcClass of a packet that has no way out of where it flies to yet. */
inline constexpr uint8_t NOT_ROUTED = std::numeric_limits<uint8_t>::max();

/** Most traffic classes: what a packet has bits for. */
inline constexpr uint32_t MOST_TRAFFIC_CLASSES = 16;

/** @ingroup mtlink How the network treats a packet. */
enum PacketKind : uint8_t
{
    UNICAST = 0, //!< Goes from one endpoint to another
    OPERAND = 1, //!< Goes up a group's tree, to be combined with those of other members
    COPY = 2,    //!< Goes out by all links of a group's tree but that by which it came
};

/**
 * @ingroup mtlink
 * A packet on its way: one cache line, in a pool, named by its index.
 */
struct alignas(64) Packet
{
    Tick injected;             //!< First bit on the source's wire
    Tick headIn;               //!< First bit in, at the node that holds it or to which it flies
    Tick tailIn;               //!< Last bit in, likewise
    uint32_t message;          //!< Its message
    uint32_t target;           //!< Endpoint where its leg ends: the destination, or a relay
    uint32_t via;              //!< Where a detour leads it before, see the routing; or NO_VIA
    uint32_t sequence;         //!< Its number among the packets of its message, from 0
    uint32_t flow;             //!< Hash by which it chooses among equal paths and VCs
    uint32_t flits;            //!< Length on the wire, header included
    uint32_t in;               //!< The input of a switch that holds it, by link
    uint32_t out;              //!< Link by which it will leave the switch that holds it; at an
                               //!< endpoint that forwards it, by which it came
    uint32_t payload : 24;     //!< Bytes
    uint32_t trafficClass : 4; //!< Of its message
    uint32_t congested : 1;    //!< Marked on its way (ECN)
    uint32_t hasOutCredit : 1; //!< Credit for `out` was taken when it was chosen
    uint32_t kind : 2;         //!< PacketKind; where a group's tree leads it stands in `via`
    uint8_t vc;                //!< VC on which it came, or flies
    uint8_t outVc;             //!< VC on which it will leave
    uint8_t vcClass;           //!< VC class of `vc`
    uint8_t outVcClass;        //!< VC class of `outVc`; NOT_ROUTED: none, nor are out and outVc
};

static_assert(sizeof(Packet) == 64);

/**
 * @ingroup mtlink
 * All packets inside the fabric. The one freed last is used first: it is in the cache. What
 * chains them in queues is kept apart, so that to append to a queue touches none of those in it.
 */
class PacketPool
{
  public:
    /** @return the index of a packet with undefined contents. */
    uint32_t Allocate()
    {
        ++m_used;
        if (m_free != NO_PACKET)
        {
            const uint32_t index = m_free;
            m_free = m_next[index];
            return index;
        }
        m_packets.emplace_back();
        m_next.push_back(NO_PACKET);
        return static_cast<uint32_t>(m_packets.size() - 1);
    }

    /**
     * Give a packet back.
     * @param [in] index The packet.
     */
    void Free(uint32_t index)
    {
        --m_used;
        m_next[index] = m_free;
        m_free = index;
    }

    /**
     * @param [in] index A packet.
     * @return the packet; valid until the next Allocate().
     */
    Packet& operator[](uint32_t index)
    {
        return m_packets[index];
    }

    /** @copydoc operator[]() */
    const Packet& operator[](uint32_t index) const
    {
        return m_packets[index];
    }

    /**
     * @param [in] index A packet in a queue, not the last.
     * @return the one behind it.
     */
    uint32_t GetNext(uint32_t index) const
    {
        return m_next[index];
    }

    /**
     * @param [in] index A packet in a queue.
     * @param [in] next The one behind it.
     */
    void SetNext(uint32_t index, uint32_t next)
    {
        m_next[index] = next;
    }

    /**
     * Bring a packet into the cache.
     * @param [in] index The packet, or NO_PACKET.
     */
    void Prefetch(uint32_t index) const
    {
        __builtin_prefetch(m_packets.data() + (index == NO_PACKET ? 0 : index), 1);
    }

    /**
     * Bring into the cache which packet is behind another.
     * @param [in] index The other, or NO_PACKET.
     */
    void PrefetchNext(uint32_t index) const
    {
        __builtin_prefetch(m_next.data() + (index == NO_PACKET ? 0 : index), 1);
    }

    /** @return the number of packets in use. */
    uint64_t GetUsed() const
    {
        return m_used;
    }

  private:
    std::vector<Packet> m_packets; //!< All of them
    std::vector<uint32_t> m_next;  //!< By packet: the next in the queue that holds it
    uint32_t m_free{NO_PACKET};    //!< First free one
    uint64_t m_used{0};            //!< Number in use
};

/**
 * @ingroup mtlink
 * A FIFO of packets, chained in their pool.
 */
struct PacketQueue
{
    uint32_t head{NO_PACKET}; //!< First, or none
    uint32_t tail{NO_PACKET}; //!< Last; undefined when empty

    /** @return whether it is empty. */
    bool IsEmpty() const
    {
        return head == NO_PACKET;
    }

    /**
     * Append a packet.
     * @param [in,out] pool The packets.
     * @param [in] packet Which.
     */
    void Push(PacketPool& pool, uint32_t packet)
    {
        if (IsEmpty())
        {
            head = packet;
        }
        else
        {
            pool.SetNext(tail, packet);
        }
        tail = packet;
    }

    /**
     * Take the first packet; there must be one.
     * @param [in] pool The packets.
     * @return which.
     */
    uint32_t Pop(const PacketPool& pool)
    {
        const uint32_t packet = head;
        head = GetNext(pool, packet);
        return packet;
    }

    /**
     * @param [in] pool The packets.
     * @param [in] packet A packet of the queue.
     * @return the one behind it, or NO_PACKET.
     */
    uint32_t GetNext(const PacketPool& pool, uint32_t packet) const
    {
        return packet == tail ? NO_PACKET : pool.GetNext(packet);
    }
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PACKET_H
