/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/human-text.h"
#include "verdict/proposals.h"
#include "verdict/rules.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** A part of the chain is to blame that is at least so much of it where no bound is known; */
constexpr double LEAST_UNBOUND = 0.25;

/** where one is, at least this much of it, */
constexpr double LEAST = 0.1;

/** and so much of what is lost. */
constexpr double MOST_OF = 0.5;

/** The bound is one of bytes where a link was busy for at least so much of it. */
constexpr double OF_BYTES = 0.9;

/** A part of the time that is lost. */
struct Part
{
    const char* boundBy; //!< Its word
    double share;        //!< Of the chain
};

/** Propose less software. */
void
ProposeOverheads(const Reading& reading, VerdictResult& verdict)
{
    for (const char* key : {"message_overhead", "operation_overhead"})
    {
        const std::string path = std::string("fabric.endpoint.") + key;
        const auto value = reading.FindSetting(path);
        if (value && *value != "0ps")
        {
            verdict.tries.push_back({path + "=0ns",
                                     fmt::format("{} is {}", key, *value),
                                     "a shorter completion_time_ns: what the best software would "
                                     "leave"});
        }
    }
}

/** The bits themselves take longer than they must: few links are used, or some twice. */
void
SayWire(const Reading& reading, double wire, const std::string& of, VerdictResult& verdict)
{
    constexpr double SAME = 0.9;
    const LinkResult* busiest = reading.GetBusiest();
    const double busy = busiest ? reading.GetUtilisation(*busiest) : 0;
    const std::string bound = PercentText(1 - *reading.GetLoss());
    if (busy >= SAME * wire)
    {
        verdict.text = fmt::format("The links that are used: {} to {} was busy {} of the time{}, "
                                   "while all links of the endpoints could do it in {}.",
                                   busiest->name,
                                   busiest->to,
                                   PercentText(busy),
                                   reading.GetCaution(),
                                   bound);
        ProposeRate(reading, *busiest, verdict);
        return;
    }
    verdict.text = fmt::format("The algorithm: bits of {} are on the wire for {} of the time{}, "
                               "while the least that any needs is {}; no link was busy for more "
                               "than {}.",
                               of,
                               PercentText(wire),
                               reading.GetCaution(),
                               bound,
                               busiest ? PercentText(busy) : UNKNOWN_TEXT);
}

/** Propose fewer, larger messages. */
void
ProposeSize(const Reading& reading, VerdictResult& verdict)
{
    constexpr uint64_t TIMES = 16;
    const RunResults& results = reading.results;
    const bool isOne = !results.collectives.empty() &&
                       reading.FindSetting("workloads[0].collective") &&
                       !reading.FindSetting("workloads[1].name");
    if (isOne && results.collectives.front().bytes > 0)
    {
        verdict.tries.push_back(
            {fmt::format("{}.size={}B",
                         reading.facts.workloadKey,
                         results.collectives.front().bytes * TIMES),
             "latency is paid once for a message, however large",
             fmt::format("a higher busbw_GBps: {} times the bytes in less than {} times the time",
                         TIMES,
                         TIMES)});
    }
}

} // namespace

bool
SayChain(const Reading& reading, VerdictResult& verdict)
{
    if (!reading.facts.chain || reading.facts.chain->messages == 0)
    {
        return false;
    }
    const VerdictChain& chain = *reading.facts.chain;
    const auto whole = static_cast<double>(chain.wire + chain.latency + chain.software +
                                           chain.waiting + chain.compute);
    const double wire = static_cast<double>(chain.wire) / whole;
    const std::optional<double> loss = reading.GetLoss();
    // Where no bound is known, what messages take on the wire stands for it.
    const double lost = loss.value_or(1 - wire);
    const std::array<Part, 4> parts{{{"latency", static_cast<double>(chain.latency) / whole},
                                     {"software", static_cast<double>(chain.software) / whole},
                                     {"compute", static_cast<double>(chain.compute) / whole},
                                     {"link_rate", loss ? wire - (1 - *loss) : 0}}};
    const Part& worst =
        *std::max_element(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
            return a.share < b.share;
        });
    // What bytes must take is not lost, be it as the chain's own or behind others.
    const double must = loss ? std::max(0.0, 1 - *loss - wire) : 0;
    const double waiting = std::max(0.0, static_cast<double>(chain.waiting) / whole - must);
    const double least = loss ? std::max(LEAST, MOST_OF * *loss) : LEAST_UNBOUND;
    if (!(worst.share >= least) || worst.share < waiting)
    {
        return false;
    }
    verdict.boundBy = worst.boundBy;
    // Where no link was busy for as long as the bound, that is the way itself, and how much of the
    // latency is lost beyond it is not known.
    const LinkResult* busiest = reading.GetBusiest();
    const bool isOfBytes =
        !loss || (busiest && reading.GetUtilisation(*busiest) >= OF_BYTES * (1 - *loss));
    verdict.share =
        lost > 0 && isOfBytes ? std::optional(std::min(worst.share / lost, 1.0)) : std::nullopt;
    const std::string of = chain.messages == 1 ? "one message"
                                               : fmt::format("{} messages one after another",
                                                             CountText(chain.messages));
    // What is neither: bytes that must be sent before, as far as a bound is known.
    constexpr double WORTH_A_WORD = 0.01;
    const double behind = static_cast<double>(chain.waiting) / whole;
    const std::string bytes = behind < WORTH_A_WORD
                                  ? PercentText(wire)
                                  : fmt::format("{}, waiting behind other messages {}",
                                                PercentText(wire),
                                                PercentText(behind));
    if (verdict.boundBy == "latency")
    {
        verdict.text = fmt::format("Latency: {}: links and switches take {} of the time{}, "
                                   "bytes {}.",
                                   of,
                                   PercentText(worst.share),
                                   reading.GetCaution(),
                                   bytes);
        ProposeSize(reading, verdict);
    }
    else if (verdict.boundBy == "software")
    {
        verdict.text = fmt::format("Software: overheads of {} take {} of the time{}, bytes "
                                   "{}.",
                                   of,
                                   PercentText(worst.share),
                                   reading.GetCaution(),
                                   bytes);
        ProposeOverheads(reading, verdict);
    }
    else if (verdict.boundBy == "compute")
    {
        verdict.text = fmt::format("Around {}, {} of the time{} goes by without any of them under "
                                   "way: computing, reducing, or start times; bytes take "
                                   "{}.",
                                   of,
                                   PercentText(worst.share),
                                   reading.GetCaution(),
                                   bytes);
    }
    else
    {
        SayWire(reading, wire, of, verdict);
    }
    return true;
}

} // namespace mtlink
} // namespace ns3
