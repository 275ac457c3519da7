/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/*
 * The least that a packet-hop can cost: a permutation over a fat tree of three levels of equal
 * switches, in a loop that knows nothing else, on mtlink's own event set. Links with credit, one
 * FIFO per output, cut-through, paths by a hash, and one event per hop where nothing waits. There
 * are no virtual channels, no arbitration, no statistics, no parameters and no virtual calls: what
 * a simulator does beyond this is its model. Its results are not mtlink's; its costs are a bound.
 *
 * usage: least-work RADIX MESSAGES.csv (start_ns,src,dst,bytes)
 * Prints one JSON object: packet_hops, events, cpu_time_s, setup_time_s, peak_rss_bytes.
 */

#include "engine/event-calendar.h"
#include "permutation-program.h"

#include <array>
#include <cstdint>
#include <vector>

using ns3::mtlink::EventCalendar;
using ns3::mtlink::NEVER;
using ns3::mtlink::Tick;

namespace
{

constexpr Tick WIRE_TIME = 332'800;   //!< ps for 4160 B at 100 Gb/s
constexpr Tick LATENCY = 1'000'000;   //!< ps of a link, of a packet and of a credit
constexpr uint32_t ROOM = 63;         //!< Packets in a buffer: 4 VCs of 64 KiB
constexpr uint32_t NONE = UINT32_MAX; //!< No packet

/** A queue of packets, chained. */
struct Fifo
{
    uint32_t head{NONE}; //!< First
    uint32_t tail{NONE}; //!< Last
};

/** A packet. */
struct Packet
{
    uint32_t next;   //!< Behind it in its queue
    uint32_t target; //!< Destination endpoint
    uint32_t cameBy; //!< Link whose buffer holds it
    Tick due;        //!< When its head is at the end of the link
};

/** One direction of a link. */
struct alignas(64) Link
{
    Fifo waiting;                         //!< For the wire
    Fifo flying;                          //!< On the wire
    Tick free{0};                         //!< When the wire is
    Tick look{NEVER};                     //!< Its pending event
    uint32_t credit{ROOM};                //!< Packets for which there is room
    uint32_t first{0};                    //!< Of the credits that come back
    uint32_t count{0};                    //!< How many come back
    std::array<Tick, ROOM + 1> returns{}; //!< When
};

/** The tree and what moves in it. Links are numbered by kind: up and down, level by level. */
class Loop
{
  public:
    /** @param [in] radix Ports of a switch. */
    explicit Loop(uint32_t radix)
        : m_half(radix / 2),
          m_endpoints(m_half * m_half * radix),
          m_links(std::size_t{6} * m_endpoints),
          m_left(m_endpoints),
          m_target(m_endpoints)
    {
    }

    /** Have an endpoint send to another. */
    void Send(uint32_t source, uint32_t target, uint64_t bytes)
    {
        m_target[source] = target;
        m_left[source] = (bytes + PAYLOAD - 1) / PAYLOAD;
        LookAt(source, 0);
    }

    /** Run until nothing happens any more. */
    void Run()
    {
        while (!m_events.IsEmpty())
        {
            m_now = m_events.Top().at;
            const uint64_t word = m_events.Pop().word;
            ++m_run;
            const auto link = static_cast<uint32_t>(word / 2);
            if (word % 2 == 1)
            {
                Arrive(link);
            }
            else if (m_links[link].look == m_now) // else an earlier look took its place
            {
                m_links[link].look = NEVER;
                Serve(link);
            }
        }
    }

    uint64_t packetHops{0}; //!< Packets x links
    uint64_t delivered{0};  //!< Packets at their destination

    /** @return events run. */
    uint64_t GetEvents() const
    {
        return m_run;
    }

  private:
    void Schedule(Tick at, uint64_t word)
    {
        m_events.Push({at, m_sequence++, nullptr, word});
    }

    /** Look at a link at a time, unless that is done before. */
    void LookAt(uint32_t link, Tick at)
    {
        if (at < m_links[link].look)
        {
            m_links[link].look = at;
            Schedule(at, uint64_t{link} * 2);
        }
    }

    /** @return whether a link has room at its far end. */
    bool HasCredit(Link& link) const
    {
        while (link.count > 0 && link.returns[link.first] <= m_now)
        {
            link.first = (link.first + 1) % link.returns.size();
            --link.count;
            ++link.credit;
        }
        return link.credit > 0;
    }

    void Push(Fifo& queue, uint32_t packet)
    {
        (queue.head == NONE ? queue.head : m_packets[queue.tail].next) = packet;
        queue.tail = packet;
        m_packets[packet].next = NONE;
    }

    uint32_t Pop(Fifo& queue)
    {
        const uint32_t packet = queue.head;
        queue.head = m_packets[packet].next;
        return packet;
    }

    /** @return a packet that an endpoint sends next. */
    uint32_t Make(uint32_t source)
    {
        uint32_t packet = m_free;
        if (packet == NONE)
        {
            packet = static_cast<uint32_t>(m_packets.size());
            m_packets.emplace_back();
        }
        else
        {
            m_free = m_packets[packet].next;
        }
        --m_left[source];
        m_packets[packet].target = m_target[source];
        m_packets[packet].cameBy = NONE;
        return packet;
    }

    /** A link sends what it can. */
    void Serve(uint32_t id)
    {
        Link& link = m_links[id];
        const bool isSource = id < m_endpoints;
        while (isSource ? m_left[id] > 0 : link.waiting.head != NONE)
        {
            if (link.free > m_now)
            {
                LookAt(id, link.free);
                return;
            }
            if (!HasCredit(link))
            {
                if (link.count > 0)
                {
                    LookAt(id, link.returns[link.first]);
                }
                return; // or the one that frees room looks
            }
            const uint32_t index = isSource ? Make(id) : Pop(link.waiting);
            Packet& packet = m_packets[index];
            --link.credit;
            link.free = m_now + WIRE_TIME;
            packet.due = m_now + LATENCY;
            if (packet.cameBy != NONE)
            {
                Free(packet.cameBy, link.free);
            }
            packet.cameBy = id;
            const bool wasIdle = link.flying.head == NONE;
            Push(link.flying, index);
            if (wasIdle)
            {
                Schedule(packet.due, uint64_t{id} * 2 + 1);
            }
            ++packetHops;
        }
    }

    /** A packet leaves the buffer behind a link: its credit goes back. */
    void Free(uint32_t id, Tick at)
    {
        Link& link = m_links[id];
        // Nearly in order: what is late moves those behind it.
        uint32_t i = link.count++;
        const auto place = [&link](uint32_t k) { return (link.first + k) % link.returns.size(); };
        for (; i > 0 && link.returns[place(i - 1)] > at + LATENCY; --i)
        {
            link.returns[place(i)] = link.returns[place(i - 1)];
        }
        link.returns[place(i)] = at + LATENCY;
        if (link.credit == 0 && (id < m_endpoints ? m_left[id] > 0 : link.waiting.head != NONE))
        {
            LookAt(id, link.returns[link.first]);
        }
    }

    /** The first packet on the wire of a link is there. */
    void Arrive(uint32_t id)
    {
        const uint32_t index = Pop(m_links[id].flying);
        if (m_links[id].flying.head != NONE)
        {
            Schedule(m_packets[m_links[id].flying.head].due, uint64_t{id} * 2 + 1);
        }
        const uint32_t out = Route(id, m_packets[index].target);
        if (out == NONE)
        {
            Free(id, m_now + WIRE_TIME);
            m_packets[index].next = m_free;
            m_free = index;
            ++delivered;
            return;
        }
        Push(m_links[out].waiting, index);
        Serve(out);
    }

    /** @return the next link of a packet at the end of another, or NONE: it is there. */
    uint32_t Route(uint32_t id, uint32_t target) const
    {
        const uint32_t kind = id / m_endpoints; // up: 0, 1, 2 from the endpoint on; down: 3, 4, 5
        const uint32_t place = id % m_endpoints;
        const uint32_t perPod = m_half * m_half;
        const uint32_t hash = target * 0x9e3779b1U;
        if (kind == 5)
        {
            return NONE;
        }
        if (kind == 0 || kind == 4) // at a leaf
        {
            const uint32_t leaf = place / m_half;
            return target / m_half == leaf ? 5 * m_endpoints + target
                                           : m_endpoints + leaf * m_half + (hash >> 16) % m_half;
        }
        if (kind == 1 || kind == 3) // at a switch of the second level: pod, number
        {
            const uint32_t pod = place / perPod;
            const uint32_t number = kind == 1 ? place % m_half : place % perPod / m_half;
            return target / perPod == pod
                       ? 4 * m_endpoints + target / m_half * m_half + number
                       : 2 * m_endpoints + pod * perPod + number * m_half + (hash >> 24) % m_half;
        }
        // At a core, which is linked to the same place in each pod.
        return 3 * m_endpoints + target / perPod * perPod + place % perPod;
    }

    uint32_t m_half;                //!< Half of a switch's ports
    uint32_t m_endpoints;           //!< Endpoints, and links of each kind
    std::vector<Link> m_links;      //!< Links
    std::vector<Packet> m_packets;  //!< Packets, used and free
    std::vector<uint64_t> m_left;   //!< By endpoint: packets to send
    std::vector<uint32_t> m_target; //!< By endpoint: where to
    EventCalendar m_events;         //!< Pending events
    Tick m_now{0};                  //!< The current time
    uint64_t m_sequence{0};         //!< Of the next event
    uint64_t m_run{0};              //!< Events run
    uint32_t m_free{NONE};          //!< First free packet
};

} // namespace

int
main(int argc, char* argv[])
{
    return RunPermutation<Loop>(argc, argv);
}
