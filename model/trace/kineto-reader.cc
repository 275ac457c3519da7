/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/kineto-reader.h"

#include "trace/call-trace.h"
#include "trace/json-items.h"
#include "trace/kernel-timeline.h"
#include "trace/pytorch-calls.h"
#include "trace/tensor-size.h"
#include "workload/collective/collective-kind.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <tuple>

namespace ns3
{
namespace mtlink
{

namespace
{

using Json = nlohmann::json;

constexpr Tick MICROSECOND = 1'000'000;               //!< In ps
constexpr uint64_t MOST_ELEMENTS = uint64_t{1} << 46; //!< Of a call

/**
 * @param [in] object A JSON object, as it stands.
 * @param [in] name Of a member.
 * @return its value, as it stands; empty: there is none.
 */
std::string_view
FindMember(std::string_view object, std::string_view name)
{
    uint64_t depth = 0;
    for (std::size_t at = 0; at < object.size(); ++at)
    {
        const char c = object[at];
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        if (c != '"')
        {
            continue;
        }
        const std::size_t begin = at + 1;
        for (++at; at < object.size() && object[at] != '"'; ++at)
        {
            at += object[at] == '\\';
        }
        if (depth != 1 || object.substr(begin, at - begin) != name)
        {
            continue;
        }
        const std::size_t colon = object.find_first_not_of(" \t\r\n", at + 1);
        if (colon == std::string_view::npos || object[colon] != ':')
        {
            continue; // it is a value
        }
        const std::size_t value = object.find_first_not_of(" \t\r\n", colon + 1);
        if (value == std::string_view::npos)
        {
            return {};
        }
        if (object[value] == '"')
        {
            const std::size_t close = object.find('"', value + 1);
            return object.substr(value + 1, close - value - 1);
        }
        const bool isNested = object[value] == '{' || object[value] == '[';
        return isNested ? object.substr(value)
                        : object.substr(value, object.find_first_of(",} \t\r\n]", value) - value);
    }
    return {};
}

/** A time in microseconds with fractions, exact to the picosecond. */
struct Micros
{
    uint64_t whole;   //!< Microseconds
    Tick picoseconds; //!< Below
};

std::optional<Micros>
ParseMicros(std::string_view text)
{
    const std::size_t dot = std::min(text.find('.'), text.size());
    const auto whole = ParseNumber(text.substr(0, dot), uint64_t{1} << 62);
    if (!whole)
    {
        return std::nullopt;
    }
    std::string fraction(dot < text.size() ? text.substr(dot + 1) : "");
    fraction.resize(6, '0');
    const auto below = ParseNumber(fraction, 999'999);
    return below ? std::optional(Micros{*whole, static_cast<Tick>(*below)}) : std::nullopt;
}

/** What a card or host says of a collective. */
struct CommEvent
{
    Tick start{0};                 //!< ps
    Tick duration{0};              //!< ps
    NamedCall named;               //!< What its name says
    bool isSized{false};           //!< The rest is known
    uint64_t in{0};                //!< Bytes
    uint64_t out{0};               //!< Bytes
    uint64_t elementBytes{0};      //!< Of one
    Json splits;                   //!< Elements to each
    std::string group;             //!< Name of its process group, or empty
    std::vector<uint32_t> members; //!< Of it, or empty
    uint32_t groupSize{0};         //!< Of it, or 0
    uint32_t peer{NONE};           //!< Root or peer, a rank; NONE: not told
    std::string stream;            //!< On the card
    uint64_t item{0};              //!< Number of the event
    uint64_t byte{0};              //!< Its first byte
};

/** What a file has of one card. */
struct Card
{
    std::vector<KernelSpan> kernels;    //!< But those of collectives
    std::vector<CommEvent> collectives; //!< Kernels of collectives
    std::vector<CommEvent> annotations; //!< On the card
};

/** Goes through one file. */
class FileReader
{
  public:
    explicit FileReader(const std::string& file)
        : m_items(file, JsonItems::ELEMENTS)
    {
        while (m_items.Next())
        {
            if (m_items.GetArray() == "traceEvents" || m_items.GetArray().empty())
            {
                TakeEvent();
            }
        }
    }

    std::map<uint32_t, Card> cards;   //!< By device
    std::vector<CommEvent> recorded;  //!< record_param_comms with sizes
    std::vector<CommEvent> annotated; //!< Annotations of the host

    /** @return distributedInfo, or null. */
    Json GetInfo() const
    {
        const auto& members = m_items.GetMembers();
        const auto found = members.find("distributedInfo");
        const Json info =
            found == members.end() ? Json() : Json::parse(found->second, nullptr, false);
        return info.is_object() ? info : Json();
    }

    std::string GetVersion() const
    {
        return m_items.GetMemberText("schemaVersion");
    }

  private:
    void TakeEvent()
    {
        const std::string_view text = m_items.GetText();
        const std::string_view kind = FindMember(text, "cat");
        const bool isKernel = kind == "kernel" || kind == "Kernel" || kind == "gpu_memcpy" ||
                              kind == "gpu_memset" || kind == "Memcpy" || kind == "Memset";
        const bool isAnnotation = kind == "gpu_user_annotation" || kind == "user_annotation";
        if (!isKernel && !isAnnotation && kind != "cpu_op" && kind != "Operator")
        {
            return;
        }
        const std::string_view name = FindMember(text, "name");
        const bool isCall =
            name.starts_with("nccl") || name.starts_with("mccl") || name.starts_with("rccl");
        if (isKernel && !isCall)
        {
            const auto [start, duration] = GetSpan(text);
            cards[GetDevice(text)].kernels.push_back({start, start + duration});
            return;
        }
        if (!isCall && (isAnnotation || name != "record_param_comms"))
        {
            return;
        }
        TakeCall(text, name, isKernel, kind);
    }

    void TakeCall(std::string_view text,
                  std::string_view name,
                  bool isKernel,
                  std::string_view kind)
    {
        CommEvent event;
        std::tie(event.start, event.duration) = GetSpan(text);
        event.item = m_items.GetNumber();
        event.byte = m_items.GetByte();
        const Json whole = m_items.Parse();
        const auto found = whole.find("args");
        const Json arguments = found == whole.end() ? Json::object() : *found;
        const std::string called = GetWord(arguments, "Collective name");
        const auto named = FindNamedCall(called.empty() ? name : called);
        if (!named && isKernel) // of no call that is known: time of the card
        {
            cards[GetDevice(text)].kernels.push_back({event.start, event.start + event.duration});
        }
        if (!named)
        {
            return; // wait, init, coalescing
        }
        event.named = *named;
        event.stream = GetWord(arguments, "stream");
        ReadSizes(event, arguments);
        if (isKernel)
        {
            cards[GetDevice(text)].collectives.push_back(std::move(event));
        }
        else if (kind == "gpu_user_annotation")
        {
            event.stream =
                event.stream.empty() ? std::string(FindMember(text, "tid")) : event.stream;
            cards[GetDevice(text)].annotations.push_back(std::move(event));
        }
        else if (name == "record_param_comms" && event.isSized)
        {
            recorded.push_back(std::move(event));
        }
        else if (name != "record_param_comms" && kind != "cpu_op")
        {
            annotated.push_back(std::move(event));
        }
    }

    static std::string GetWord(const Json& arguments, const char* name)
    {
        const auto found = arguments.find(name);
        return found == arguments.end() ? "" : ReadWord(*found);
    }

    static Json GetValue(const Json& arguments, const char* name)
    {
        const auto found = arguments.find(name);
        return found == arguments.end() ? Json() : *found;
    }

    void ReadSizes(CommEvent& event, const Json& arguments) const
    {
        const auto in = ReadWhole(GetValue(arguments, "In msg nelems"));
        const auto out = ReadWhole(GetValue(arguments, "Out msg nelems"));
        event.elementBytes = GetElementBytes(GetWord(arguments, "dtype"));
        if ((in || out) && event.elementBytes > 0 && in.value_or(0) <= MOST_ELEMENTS &&
            out.value_or(0) <= MOST_ELEMENTS)
        {
            event.isSized = true;
            event.in = in.value_or(0) * event.elementBytes;
            event.out = out.value_or(0) * event.elementBytes;
            event.splits = GetValue(arguments, "In split size");
        }
        else
        {
            ReadShapes(event, GetValue(arguments, "Input Dims"), GetValue(arguments, "Input type"));
        }
        event.group = GetWord(arguments, "Process Group Name");
        event.members = ReadRanks(GetValue(arguments, "Process Group Ranks"));
        event.groupSize = static_cast<uint32_t>(
            std::min<uint64_t>(ReadWhole(GetValue(arguments, "Group size")).value_or(0),
                               MOST_RANKS));
        for (const char* name : {"Root Rank", "Dst Rank", "Src Rank"})
        {
            const auto rank = ReadWhole(GetValue(arguments, name));
            event.peer = rank && *rank < MOST_RANKS ? static_cast<uint32_t>(*rank) : event.peer;
        }
    }

    /** Take sizes from the shapes of the tensors that go in. */
    void ReadShapes(CommEvent& event, const Json& shapes, const Json& types) const
    {
        for (std::size_t i = 0; shapes.is_array() && i < shapes.size(); ++i)
        {
            const std::string type = types.is_array() && i < types.size() ? ReadWord(types[i]) : "";
            const uint32_t bytes = GetElementBytes(type);
            if (bytes == 0 || !shapes[i].is_array() || shapes[i].empty())
            {
                continue;
            }
            uint64_t elements = 1;
            for (const Json& side : shapes[i])
            {
                const uint64_t length = ReadWhole(side).value_or(MOST_ELEMENTS + 1);
                if (length > 0 && elements > MOST_ELEMENTS / length)
                {
                    m_items.Refuse("its shapes are no lists of whole numbers, or too large");
                }
                elements *= length;
            }
            event.isSized = true;
            event.in += elements * bytes;
            event.elementBytes = bytes;
        }
    }

    uint32_t GetDevice(std::string_view text) const
    {
        const std::string_view arguments = FindMember(text, "args");
        return static_cast<uint32_t>(
            ParseNumber(FindMember(arguments, "device"), MOST_RANKS).value_or(0));
    }

    /** @return when it began and how long it took, ps from the file's first event. */
    std::pair<Tick, Tick> GetSpan(std::string_view text)
    {
        const auto start = ParseMicros(FindMember(text, "ts"));
        const auto duration = ParseMicros(FindMember(text, "dur"));
        constexpr uint64_t MOST = LONGEST_TIME / MICROSECOND;
        if (!start || !duration || duration->whole > MOST)
        {
            m_items.Refuse("its ts and dur should be microseconds, as \"ts\": 12.5, \"dur\": 3");
        }
        m_origin = m_origin.value_or(start->whole);
        const bool isBefore = start->whole < *m_origin;
        const uint64_t distance = isBefore ? *m_origin - start->whole : start->whole - *m_origin;
        if (distance > MOST)
        {
            m_items.Refuse("it is more than 100 days from the first event");
        }
        const auto whole = static_cast<Tick>(distance) * MICROSECOND;
        return {(isBefore ? -whole : whole) + start->picoseconds,
                static_cast<Tick>(duration->whole) * MICROSECOND + duration->picoseconds};
    }

    JsonItems m_items;
    std::optional<uint64_t> m_origin; // us
};

/** @return whether a kernel may be of a call of the host. */
bool
MayBe(const NamedCall& kernel, const NamedCall& call)
{
    const auto word = [](const NamedCall& one) {
        return std::string_view(one.collective ? one.collective : "message");
    };
    if (word(kernel) == word(call))
    {
        return true;
    }
    const std::string_view made = word(call);
    if (word(kernel) == "all_to_all") // sends and receives in a group
    {
        return made == "all_to_allv" || made == "message" || made == "gather" || made == "scatter";
    }
    return word(kernel) == "all_reduce" && made == "barrier";
}

/** Puts the files of all ranks together. */
class TraceMaker
{
  public:
    explicit TraceMaker(const std::string& path)
    {
        m_trace.format = "kineto";
        const std::vector<std::string> files = ListRankFiles(path);
        const std::vector<uint32_t> guessed = GuessRanks(files);
        for (std::size_t i = 0; i < files.size(); ++i)
        {
            TakeFile(files[i], guessed[i]);
        }
    }

    CallTrace TakeTrace()
    {
        return std::move(m_trace);
    }

  private:
    void TakeFile(const std::string& file, uint32_t guessed)
    {
        FileReader reader(file);
        m_file = file;
        const Json info = reader.GetInfo();
        const auto rank = info.is_null() ? std::nullopt : ReadWhole(info.value("rank", Json()));
        const auto world =
            info.is_null() ? std::nullopt : ReadWhole(info.value("world_size", Json()));
        m_world = static_cast<uint32_t>(std::min<uint64_t>(world.value_or(0), MOST_RANKS));
        if (m_trace.version.empty())
        {
            m_trace.version = reader.GetVersion();
        }
        const bool isMerged = !rank && reader.cards.size() > 1;
        if (reader.cards.empty())
        {
            reader.cards[0]; // a host alone
        }
        for (auto& [device, card] : reader.cards)
        {
            TakeCard(isMerged ? device
                              : static_cast<uint32_t>(
                                    std::min<uint64_t>(rank.value_or(guessed), MOST_RANKS - 1)),
                     card,
                     isMerged                  ? std::vector<CommEvent>{}
                     : reader.recorded.empty() ? reader.annotated
                                               : reader.recorded);
        }
    }

    void TakeCard(uint32_t rank, Card& card, std::vector<CommEvent> calls)
    {
        CallRank& own = m_trace.GetRank(rank);
        if (!own.file.empty())
        {
            throw InputError({m_file},
                             "this is rank " + std::to_string(rank) + "'s trace, as " + own.file +
                                 " is: leave one of them in the folder");
        }
        own.file = m_file;
        for (const KernelSpan& kernel : card.kernels)
        {
            own.computeTime += kernel.end - kernel.start;
        }
        const auto byStart = [](const CommEvent& a, const CommEvent& b) {
            return a.start < b.start;
        };
        std::vector<CommEvent>& events = !card.collectives.empty()   ? card.collectives
                                         : !card.annotations.empty() ? card.annotations
                                                                     : calls;
        m_trace.notes["collectives are the host's calls, as the trace has none on the card"] +=
            &events == &calls ? calls.size() : 0;
        std::stable_sort(events.begin(), events.end(), byStart);
        if (&events != &calls)
        {
            std::stable_sort(calls.begin(), calls.end(), byStart);
            TakeSizes(events, calls);
        }
        std::map<std::string, uint32_t> streams;
        for (const CommEvent& event : events)
        {
            if (!event.isSized &&
                std::string_view(event.named.collective ? event.named.collective : "") != "barrier")
            {
                ++m_trace.notes["kernels of collectives have no size: they count as computation"];
                card.kernels.push_back({event.start, event.start + event.duration});
                continue;
            }
            AddCall(rank, event, streams);
        }
        ChainByTime(m_trace.GetRank(rank), std::move(card.kernels));
    }

    /** Give kernels without sizes those of the host's calls. */
    void TakeSizes(std::vector<CommEvent>& events, const std::vector<CommEvent>& calls)
    {
        std::size_t next = 0;
        for (CommEvent& event : events)
        {
            if (event.isSized)
            {
                continue;
            }
            std::size_t at = next;
            while (at < calls.size() && !MayBe(event.named, calls[at].named))
            {
                ++at;
            }
            if (at == calls.size())
            {
                continue;
            }
            const CommEvent& call = calls[at];
            next = at + 1;
            event.named = call.named;
            event.isSized = call.isSized;
            event.in = call.in;
            event.out = call.out;
            event.elementBytes = call.elementBytes;
            event.splits = call.splits;
            event.group = call.group;
            event.members = call.members;
            event.groupSize = call.groupSize;
            event.peer = call.peer;
            ++m_trace
                  .notes["kernels of collectives have their sizes from the host's calls, in order"];
        }
    }

    void AddCall(uint32_t rank, const CommEvent& event, std::map<std::string, uint32_t>& streams)
    {
        RecordedCall call;
        call.type = event.named.type;
        call.collective = event.named.collective;
        call.start = event.start;
        call.duration = event.duration;
        call.line = event.item;
        call.column = event.byte;
        call.group = m_trace.GetGroup(event.group.empty() ? "all" : event.group);
        CallGroup& group = m_trace.groups[call.group];
        group.size = event.groupSize > 0 ? event.groupSize : std::max(group.size, m_world);
        if (group.members.empty())
        {
            group.members = event.members;
        }
        group.size =
            group.members.empty() ? group.size : static_cast<uint32_t>(group.members.size());
        call.stream = streams.try_emplace(event.stream, streams.size()).first->second;
        SetSizes(call, event.in, event.out, group.size);
        const std::string_view name = call.collective ? call.collective : "";
        if (name.starts_with("all_to_all"))
        {
            SetSplits(call, event.splits, event.elementBytes);
        }
        SetPeer(call, event, group);
        if (group.size == 1)
        {
            ++m_trace.notes["calls are of groups of one rank: they move nothing"];
            return;
        }
        m_trace.GetRank(rank).calls.push_back(std::move(call));
    }

    void SetPeer(RecordedCall& call, const CommEvent& event, const CallGroup& group)
    {
        const bool isMessage = call.type != RecordedCall::COLLECTIVE;
        if (!isMessage && !GetCollectiveKind(call.collective).HasRoot())
        {
            return;
        }
        call.peer = event.named.peer;
        if (event.peer != NONE)
        {
            const auto place = std::find(group.members.begin(), group.members.end(), event.peer);
            call.peer = place == group.members.end()
                            ? event.peer
                            : static_cast<uint32_t>(place - group.members.begin());
        }
        if (call.peer == NONE && isMessage)
        {
            throw InputError({m_file, call.line, call.column},
                             "the trace does not say who is the peer of this message");
        }
        if (call.peer == NONE)
        {
            call.peer = 0;
            ++m_trace.notes["roots are not recorded: the group's first is taken"];
        }
        call.batch = isMessage ? static_cast<uint32_t>(call.line) : NONE;
    }

    CallTrace m_trace;
    std::string m_file;
    uint32_t m_world{0};
};

} // namespace

OperationGraph
ReadKineto(const std::string& path, const TraceOptions& options)
{
    CallTrace trace = TraceMaker(path).TakeTrace();
    CompleteCalls(trace, options.standFor);
    return BuildCalls(trace, options);
}

std::vector<Tick>
MeasureKineto(const std::string& path, uint32_t standFor)
{
    CallTrace trace = TraceMaker(path).TakeTrace();
    CompleteCalls(trace, standFor);
    return ListMeasured(trace);
}

TraceSummary
SummariseKineto(const std::string& path)
{
    return SummariseCalls(TraceMaker(path).TakeTrace());
}

bool
LooksLikeKineto(const TraceHead& head)
{
    return head.HasJsonKey("traceEvents") ||
           (head.HasJsonKey("schemaVersion") && head.HasJsonKey("deviceProperties")) ||
           (head.HasJsonKey("ph") && head.HasJsonKey("ts"));
}

} // namespace mtlink
} // namespace ns3
