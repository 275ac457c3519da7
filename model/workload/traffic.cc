/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "workload/traffic.h"

#include "engine/random.h"
#include "workload/operation-graph.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Patterns by name; those before UNIFORM fix one destination for each source. */
enum Pattern
{
    PERMUTATION,
    TORNADO,
    BIT_COMPLEMENT,
    BIT_REVERSE,
    TRANSPOSE,
    UNIFORM,
    HOTSPOT,
    INCAST,
    GROUP_ADVERSARIAL,
};

constexpr std::pair<const char*, Pattern> PATTERNS[] = {
    {"uniform", UNIFORM},
    {"permutation", PERMUTATION},
    {"tornado", TORNADO},
    {"bit_complement", BIT_COMPLEMENT},
    {"bit_reverse", BIT_REVERSE},
    {"transpose", TRANSPOSE},
    {"hotspot", HOTSPOT},
    {"incast", INCAST},
    {"group_adversarial", GROUP_ADVERSARIAL},
};

/** How messages follow one another. */
enum Arrivals
{
    BERNOULLI,
    POISSON,
    CONSTANT,
};

constexpr std::pair<const char*, Arrivals> ARRIVALS[] = {
    {"bernoulli", BERNOULLI},
    {"poisson", POISSON},
    {"constant", CONSTANT},
};

/**
 * @param [in] names What there is.
 * @param [in] name A name.
 * @param [in] parameter The YAML key.
 * @return what it means.
 * @throws ParameterError for an unknown name.
 */
template <typename T, std::size_t N>
T
Find(const std::pair<const char*, T> (&names)[N], const std::string& name, const char* parameter)
{
    std::string known;
    for (const auto& [candidate, value] : names)
    {
        if (name == candidate)
        {
            return value;
        }
        known += (known.empty() ? "" : ", ") + std::string(candidate);
    }
    throw ParameterError(parameter, "'" + name + "' is not known; there are " + known);
}

/**
 * @param [in] value Bits.
 * @param [in] bits How many.
 * @return them in reverse order.
 */
uint32_t
Reverse(uint32_t value, unsigned bits)
{
    uint32_t reversed = 0;
    for (unsigned bit = 0; bit < bits; ++bit)
    {
        reversed = reversed << 1 | (value >> bit & 1);
    }
    return reversed;
}

} // namespace

/** State of the sources. */
struct TrafficSource::Impl
{
    /** An endpoint that takes part. */
    struct Source
    {
        RandomStream random;  //!< Its draws
        uint32_t destination; //!< Its only one, by number; NONE: drawn each time
        bool sends;           //!< Whether it does
        double gap;           //!< Mean time between messages, ps
        double probability;   //!< BERNOULLI: of a message in a slot
        double slot;          //!< BERNOULLI: ps
        double next;          //!< When its next message is due, ps after the start
    };

    Impl(TrafficSource& source, TrafficSpec s, Transport& t, uint32_t seed, uint64_t firstStream)
        : spec(std::move(s)),
          transport(t),
          pattern(Find(PATTERNS, spec.pattern, "pattern")),
          arrivals(Find(ARRIVALS, spec.arrivals, "arrivals")),
          size(static_cast<uint32_t>(spec.endpoints.size())),
          self(source),
          events(clock, source, EventPhase::START)
    {
        Check();
        for (uint32_t i = 0; i < size; ++i)
        {
            isTarget.push_back(false);
            sources.push_back({RandomStream(seed, firstStream + i), NONE, true, 0, 0, 0, 0});
        }
        for (const uint32_t target : spec.targets)
        {
            targets.push_back(NumberOf(target));
            isTarget[targets.back()] = true;
        }
        SetDestinations();
        for (uint32_t i = 0; i < size; ++i)
        {
            SetRate(i);
        }
        if (senderRate == 0)
        {
            throw ParameterError("pattern",
                                 spec.pattern + " over " + std::to_string(size) +
                                     " endpoints lets nobody send to another");
        }
    }

    /** Throw for what can't be, whatever the pattern. */
    void Check() const
    {
        if (size < 2)
        {
            throw ParameterError("ranks", "traffic needs at least 2 endpoints");
        }
        auto sorted = spec.endpoints;
        std::sort(sorted.begin(), sorted.end());
        if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
        {
            throw ParameterError("ranks", "an endpoint is there twice");
        }
        if (sorted.back() >= transport.GetEndpoints())
        {
            throw ParameterError("ranks",
                                 "endpoint " + std::to_string(sorted.back()) +
                                     " is beyond the fabric, which has endpoints 0 to " +
                                     std::to_string(transport.GetEndpoints() - 1));
        }
        if (!(spec.load > 0 && spec.load <= 1))
        {
            throw ParameterError("load", "load is above 0 and at most 1");
        }
        if (spec.packet == 0)
        {
            throw ParameterError("packet", "a packet has at least 1 byte");
        }
        if (spec.measure <= 0 || spec.warmup < 0)
        {
            throw ParameterError("measure", "the measured window is longer than no time");
        }
        if (spec.bytesPerSecond.size() != size ||
            !std::all_of(spec.bytesPerSecond.begin(), spec.bytesPerSecond.end(), [](double rate) {
                return rate > 0;
            }))
        {
            throw ParameterError("", "every endpoint of the traffic needs a rate above 0");
        }
        if (!(spec.wireFactor >= 1))
        {
            throw ParameterError("", "a packet takes no less on the wire than its payload");
        }
    }

    /**
     * @param [in] endpoint An endpoint.
     * @return its number among those that take part.
     */
    uint32_t NumberOf(uint32_t endpoint) const
    {
        const auto found = std::find(spec.endpoints.begin(), spec.endpoints.end(), endpoint);
        if (found == spec.endpoints.end())
        {
            throw ParameterError("targets",
                                 "target " + std::to_string(endpoint) +
                                     " is not one of the endpoints that take part");
        }
        return static_cast<uint32_t>(found - spec.endpoints.begin());
    }

    /** Fix destinations, as far as the pattern does; throw where it can't be. */
    void SetDestinations()
    {
        const unsigned bits = std::bit_width(size) - 1;
        const bool ofBits =
            pattern == BIT_COMPLEMENT || pattern == BIT_REVERSE || pattern == TRANSPOSE;
        if (ofBits && !std::has_single_bit(size))
        {
            Refuse("a power of two of endpoints");
        }
        if (pattern == TRANSPOSE && bits % 2 != 0)
        {
            Refuse("4, 16, 64, ... endpoints, so that their numbers have an even count of bits");
        }
        if (pattern == TORNADO && size < 3)
        {
            Refuse("at least 3 endpoints");
        }
        if ((pattern == HOTSPOT || pattern == INCAST) && targets.empty())
        {
            throw ParameterError("targets", spec.pattern + " needs targets");
        }
        if (pattern == HOTSPOT && !(spec.fraction > 0 && spec.fraction <= 1))
        {
            throw ParameterError("fraction", "fraction is above 0 and at most 1");
        }
        if (pattern == GROUP_ADVERSARIAL &&
            (spec.group == 0 || size % spec.group != 0 || size / spec.group < 2))
        {
            throw ParameterError("group",
                                 "group_adversarial needs at least 2 equal groups, but " +
                                     std::to_string(size) +
                                     " endpoints are no multiple of groups "
                                     "of " +
                                     std::to_string(spec.group));
        }
        if (pattern == PERMUTATION && spec.shift >= size)
        {
            throw ParameterError("shift",
                                 "a shift is below the number of endpoints, " +
                                     std::to_string(size));
        }
        const auto drawn =
            pattern == PERMUTATION && spec.shift == 0 ? DrawPermutation() : std::vector<uint32_t>();
        const uint32_t half = (1U << bits / 2) - 1;
        for (uint32_t i = 0; i < size; ++i)
        {
            uint32_t& destination = sources[i].destination;
            switch (pattern)
            {
            case PERMUTATION:
                destination = drawn.empty() ? (i + spec.shift) % size : drawn[i];
                break;
            case TORNADO:
                destination = (i + (size + 1) / 2 - 1) % size;
                break;
            case BIT_COMPLEMENT:
                destination = i ^ (size - 1);
                break;
            case BIT_REVERSE:
                destination = Reverse(i, bits);
                break;
            case TRANSPOSE:
                destination = (i & half) << bits / 2 | i >> bits / 2;
                break;
            case INCAST:
            case UNIFORM:
                sources[i].sends = !isTarget[i];
                break;
            case HOTSPOT:
            case GROUP_ADVERSARIAL:
                break;
            }
            sources[i].sends = sources[i].sends && destination != i;
        }
    }

    /** @param [in] need What the pattern needs. */
    [[noreturn]] void Refuse(const std::string& need) const
    {
        throw ParameterError("pattern",
                             spec.pattern + " needs " + need + ", not " + std::to_string(size));
    }

    /** @return a permutation without fixed point, all alike likely: shuffled until it is one. */
    std::vector<uint32_t> DrawPermutation()
    {
        std::vector<uint32_t> order(size);
        std::iota(order.begin(), order.end(), 0);
        bool fixed = true;
        while (fixed)
        {
            for (uint32_t i = size - 1; i > 0; --i)
            {
                std::swap(order[i], order[sources[0].random.Integer(i + 1)]);
            }
            fixed = false;
            for (uint32_t i = 0; i < size; ++i)
            {
                fixed = fixed || order[i] == i;
            }
        }
        return order;
    }

    /**
     * Set how often a source sends, and when first.
     * @param [in] i Its number.
     */
    void SetRate(uint32_t i)
    {
        Source& source = sources[i];
        if (!source.sends)
        {
            return;
        }
        senderRate += spec.bytesPerSecond[i];
        const double wire = static_cast<double>(spec.packet) * spec.wireFactor;
        const double onWire = wire / spec.bytesPerSecond[i] * 1e12;
        source.gap = onWire / spec.load;
        source.slot = spec.slot > 0 ? static_cast<double>(spec.slot) : onWire;
        source.probability = source.slot / source.gap;
        if (arrivals == BERNOULLI && source.probability > 1.001) // slots are rounded to ps
        {
            throw ParameterError("load",
                                 "a slot is longer than the time between messages: at most one "
                                 "message can arrive in each");
        }
        switch (arrivals)
        {
        case BERNOULLI:
            source.next = (DrawSlots(source) - 1) * source.slot;
            break;
        case POISSON:
            source.next = source.random.Exponential(source.gap);
            break;
        case CONSTANT:
            source.next = source.random.Uniform() * source.gap;
            break;
        }
    }

    /**
     * @param [in] source A source.
     * @return slots from one message to the next, at least 1.
     */
    static double DrawSlots(Source& source)
    {
        if (source.probability >= 1)
        {
            return 1;
        }
        return 1 + std::floor(std::log(source.random.Uniform()) / std::log1p(-source.probability));
    }

    /**
     * Have a source's next message come, if it is before the window's end.
     * @param [in] i Its number.
     */
    void ScheduleNext(uint32_t i)
    {
        const double length = static_cast<double>(spec.warmup + spec.measure);
        if (sources[i].next < length)
        {
            const Tick at = start + static_cast<Tick>(sources[i].next);
            events.Schedule(std::max(at, clock.Now()), i);
        }
    }

    /**
     * A source's message is due.
     * @param [in] i Its number.
     */
    void Create(uint32_t i)
    {
        Source& source = sources[i];
        Message message;
        message.src = spec.endpoints[i];
        message.dst = spec.endpoints[Draw(i)];
        message.bytes =
            spec.sizes.IsEmpty() ? spec.packet : spec.sizes.GetQuantile(source.random.Uniform());
        message.trafficClass = spec.trafficClass;
        const bool measured = clock.Now() >= start + spec.warmup;
        if (measured)
        {
            offered += message.bytes;
            ++outstanding;
        }
        transport.Send(message, &self, 2 * message.bytes + (measured ? 1 : 0));
        switch (arrivals)
        {
        case BERNOULLI:
            source.next += DrawSlots(source) * source.slot;
            break;
        case POISSON:
            source.next += source.random.Exponential(source.gap);
            break;
        case CONSTANT:
            source.next += source.gap;
            break;
        }
        ScheduleNext(i);
    }

    /**
     * @param [in] i A source's number.
     * @return its next message's destination, by number.
     */
    uint32_t Draw(uint32_t i)
    {
        Source& source = sources[i];
        if (source.destination != NONE)
        {
            return source.destination;
        }
        if (pattern == INCAST || (pattern == UNIFORM && !targets.empty()))
        {
            return targets[source.random.Integer(targets.size())];
        }
        if (pattern == GROUP_ADVERSARIAL)
        {
            const uint32_t group = (i / spec.group + 1) % (size / spec.group);
            return group * spec.group + static_cast<uint32_t>(source.random.Integer(spec.group));
        }
        // A target does not send to itself: it has one target less, or none.
        const std::size_t others = targets.size() - (isTarget[i] ? 1 : 0);
        if (pattern == HOTSPOT && others > 0 && source.random.Uniform() < spec.fraction)
        {
            auto pick = source.random.Integer(others);
            for (const uint32_t target : targets)
            {
                if (target != i && pick-- == 0)
                {
                    return target;
                }
            }
        }
        const auto other = static_cast<uint32_t>(source.random.Integer(size - 1));
        return other < i ? other : other + 1;
    }

    /**
     * @param [in] bytes Payload in the window.
     * @return it on the wire, as a fraction of the sources' rate.
     */
    double LoadOf(uint64_t bytes) const
    {
        return static_cast<double>(bytes) * spec.wireFactor /
               (senderRate * static_cast<double>(spec.measure) * 1e-12);
    }

    TrafficSpec spec;              //!< What to send
    Transport& transport;          //!< Who carries it
    Pattern pattern;               //!< To whom
    Arrivals arrivals;             //!< How often
    uint32_t size;                 //!< Endpoints
    TrafficSource& self;           //!< Hears of messages
    EventClock clock;              //!< Time
    EventChannel events;           //!< Messages come, and the window ends
    std::vector<Source> sources;   //!< By number
    std::vector<uint32_t> targets; //!< By number
    std::vector<bool> isTarget;    //!< By number
    double senderRate{0};          //!< Of all that send, bytes/s
    Tick start{NEVER};             //!< Of the warm-up
    uint64_t offered{0};           //!< Bytes created in the window
    uint64_t accepted{0};          //!< Bytes delivered in the window
    uint64_t outstanding{0};       //!< Messages of the window on their way
    bool over{false};              //!< The window
};

TrafficSource::TrafficSource(TrafficSpec spec,
                             Transport& transport,
                             uint32_t seed,
                             uint64_t firstStream)
    : m_impl(std::make_unique<Impl>(*this, std::move(spec), transport, seed, firstStream))
{
}

TrafficSource::~TrafficSource() = default;

void
TrafficSource::Start(Tick at)
{
    m_impl->start = at;
    for (uint32_t i = 0; i < m_impl->size; ++i)
    {
        if (m_impl->sources[i].sends)
        {
            m_impl->ScheduleNext(i);
        }
    }
    // Beyond all sources: the end of the window.
    m_impl->events.Schedule(GetWindow().second, m_impl->size);
}

std::pair<Tick, Tick>
TrafficSource::GetWindow() const
{
    const Tick begin = m_impl->start + m_impl->spec.warmup;
    return {begin, begin + m_impl->spec.measure};
}

uint64_t
TrafficSource::GetOfferedBytes() const
{
    return m_impl->offered;
}

uint64_t
TrafficSource::GetAcceptedBytes() const
{
    return m_impl->accepted;
}

double
TrafficSource::GetOfferedLoad() const
{
    return m_impl->LoadOf(m_impl->offered);
}

double
TrafficSource::GetAcceptedLoad() const
{
    return m_impl->LoadOf(m_impl->accepted);
}

double
TrafficSource::GetSenderRate() const
{
    return m_impl->senderRate;
}

bool
TrafficSource::IsComplete() const
{
    return m_impl->over && m_impl->outstanding == 0;
}

void
TrafficSource::OnEvent(uint64_t word)
{
    if (word == m_impl->size)
    {
        m_impl->over = true;
    }
    else
    {
        m_impl->Create(static_cast<uint32_t>(word));
    }
}

void
TrafficSource::MessageSent(uint64_t)
{
}

void
TrafficSource::MessageDelivered(uint64_t cookie)
{
    const auto [begin, end] = GetWindow();
    const Tick now = m_impl->clock.Now();
    if (now >= begin && now < end)
    {
        m_impl->accepted += cookie / 2; // its bytes
    }
    m_impl->outstanding -= cookie % 2; // 1 for a message of the window
}

void
TrafficSource::MessageLost(uint64_t cookie)
{
    m_impl->outstanding -= cookie % 2;
}

} // namespace mtlink
} // namespace ns3
