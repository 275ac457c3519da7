/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/nccl-log-reader.h"

#include "trace/call-trace.h"
#include "trace/trace-input.h"
#include "workload/collective/collective-kind.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <tuple>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t MOST_COUNT = uint64_t{1} << 46; //!< Elements of a call

/** Where a record's text begins. */
constexpr std::string_view MARKS[] = {" NCCL INFO ", " RCCL INFO ", " MCCL INFO "};

/** Bytes of an element, by datatype; the last two are the 8-bit floats. */
constexpr uint32_t TYPE_BYTES[] = {1, 1, 4, 4, 8, 8, 2, 4, 8, 2, 1, 1};

/** A call as the log names it. */
struct LoggedKind
{
    std::string_view name;   //!< In the log
    RecordedCall::Type type; //!< What it is
    const char* collective;  //!< As experiments name it
    bool isShare;            //!< count is one rank's part
};

constexpr LoggedKind KINDS[] = {
    {"AllReduce", RecordedCall::COLLECTIVE, "all_reduce", false},
    {"AllGather", RecordedCall::COLLECTIVE, "all_gather", true},
    {"ReduceScatter", RecordedCall::COLLECTIVE, "reduce_scatter", true},
    {"Broadcast", RecordedCall::COLLECTIVE, "broadcast", false},
    {"Reduce", RecordedCall::COLLECTIVE, "reduce", false},
    {"AllToAll", RecordedCall::COLLECTIVE, "all_to_all", true},
    {"AlltoAll", RecordedCall::COLLECTIVE, "all_to_all", true},
    {"Gather", RecordedCall::COLLECTIVE, "gather", true},
    {"Scatter", RecordedCall::COLLECTIVE, "scatter", true},
    {"Send", RecordedCall::SEND, nullptr, false},
    {"Recv", RecordedCall::RECEIVE, nullptr, false},
};

/** @return the position of the next mark in a text, and its length. */
std::pair<std::size_t, std::size_t>
FindMark(std::string_view text, std::size_t from)
{
    std::pair<std::size_t, std::size_t> first{std::string_view::npos, 0};
    for (const std::string_view mark : MARKS)
    {
        const std::size_t at = text.find(mark, from);
        first = at < first.first ? std::pair(at, mark.size()) : first;
    }
    return first;
}

/** @return the word behind another, up to a blank; empty: there is none. */
std::string_view
WordAfter(std::string_view text, std::string_view name)
{
    for (std::size_t at = text.find(name); at != std::string_view::npos;
         at = text.find(name, at + 1))
    {
        const std::size_t end = at + name.size();
        if ((at == 0 || text[at - 1] == ' ') && end < text.size() && text[end] == ' ')
        {
            return text.substr(end + 1, text.find_first_of(" \r", end + 1) - end - 1);
        }
    }
    return {};
}

/** @return a number behind a word; nothing: there is none. */
std::optional<uint64_t>
NumberAfter(std::string_view text, std::string_view name, uint64_t most)
{
    return ParseNumber(WordAfter(text, name), most);
}

/** @return digits of base 16 as a number. */
std::optional<uint64_t>
ParseHexadecimal(std::string_view text)
{
    uint64_t number = 0;
    for (const char c : text)
    {
        const std::size_t digit =
            std::string_view("0123456789abcdef").find(static_cast<char>(c | 0x20));
        if (digit == std::string_view::npos || number >> 60 != 0)
        {
            return std::nullopt;
        }
        number = number << 4 | digit;
    }
    return text.empty() ? std::nullopt : std::optional(number);
}

/** Who wrote a record: what stands before its mark. */
struct LogWriter
{
    std::string host;    //!< Host's name
    std::string process; //!< Host and process
    uint32_t device{0};  //!< Number on the host
};

/** A communicator of a process. */
struct Communicator
{
    uint32_t rank{NONE}; //!< Of its device; NONE: not told
    uint32_t size{0};    //!< nranks; 0: not told
    std::string id;      //!< commId, or empty
    std::string key;     //!< Its group's name
    std::size_t device;  //!< Index of its device
};

/** A call, before ranks are known. */
struct LoggedCall
{
    std::size_t communicator;
    std::string stream;
    uint64_t opCount;
    RecordedCall call; // bytes: of count elements
    bool isShare;
};

/** Reads a log. */
class LogReader
{
  public:
    explicit LogReader(const std::string& path)
        : m_path(path)
    {
        m_trace.format = "nccl-log";
        std::error_code failed;
        if (!std::filesystem::is_directory(path, failed))
        {
            ReadFile(path);
        }
        else
        {
            std::set<std::string> files;
            for (const auto& entry : std::filesystem::directory_iterator(path, failed))
            {
                if (entry.is_regular_file(failed))
                {
                    files.insert(entry.path().string());
                }
            }
            for (const std::string& file : files)
            {
                ReadFile(file);
            }
        }
        if (m_calls.empty())
        {
            throw InputError({path},
                             "the log has no calls: set NCCL_DEBUG=INFO and "
                             "NCCL_DEBUG_SUBSYS=INIT,COLL where it is written");
        }
        NameRanks();
        NameGroups();
        Place();
        FillGaps();
    }

    CallTrace TakeTrace()
    {
        return std::move(m_trace);
    }

  private:
    void ReadFile(const std::string& file)
    {
        const std::string text = ReadText(file);
        m_file = file;
        std::string_view rest = text;
        for (m_line = 1; !rest.empty(); ++m_line)
        {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            ReadLine(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }

    void ReadLine(std::string_view line)
    {
        auto [at, length] = FindMark(line, 0);
        if (at == std::string_view::npos)
        {
            ReadVersion(line);
            return;
        }
        std::size_t begin = 0; // of what may be the writer
        while (at != std::string_view::npos)
        {
            const auto next = FindMark(line, at + length);
            const std::size_t end =
                next.first == std::string_view::npos ? line.size() : FindWriter(line, next.first);
            m_trace.notes["lines hold several records that ran together: taken apart"] += begin > 0;
            if (const auto writer = ReadWriter(line.substr(begin, at - begin)))
            {
                m_column = at + length + 1;
                ReadRecord(*writer, line.substr(at + length, end - at - length));
            }
            begin = end;
            std::tie(at, length) = next;
        }
    }

    /** @return where the writer before a mark begins. */
    static std::size_t FindWriter(std::string_view line, std::size_t mark)
    {
        const std::size_t bracket = line.rfind(" [", mark);
        const std::size_t blank = bracket == std::string_view::npos || bracket == 0
                                      ? bracket
                                      : line.rfind(' ', bracket - 1);
        return blank == std::string_view::npos ? mark : blank + 1;
    }

    void ReadVersion(std::string_view line)
    {
        const std::size_t at = line.find("CCL version ");
        if (at != std::string_view::npos && m_trace.version.empty())
        {
            const std::string_view word = WordAfter(line.substr(at), "CCL version");
            m_trace.version = IsUtf8(word) ? std::string(word) : "";
        }
    }

    /** @return who wrote a record, from `... HOST:PID:TID [DEVICE]`; nothing: it does not say. */
    std::optional<LogWriter> ReadWriter(std::string_view text)
    {
        const std::size_t open = text.rfind('[');
        const auto device =
            open == std::string_view::npos || !text.ends_with(']')
                ? std::nullopt
                : ParseNumber(text.substr(open + 1, text.size() - open - 2), 1 << 20);
        const std::size_t end = text.find_last_not_of(' ', open - (open > 0));
        if (!device || open == 0 || end == std::string_view::npos)
        {
            return std::nullopt;
        }
        text = text.substr(0, end + 1);
        const std::size_t thread = text.rfind(':');
        const std::size_t process =
            thread == std::string_view::npos || thread == 0 ? thread : text.rfind(':', thread - 1);
        if (process == std::string_view::npos || process == 0)
        {
            return std::nullopt;
        }
        std::size_t host = process;
        const auto isOfName = [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                   c == '-' || c == '.' || c == '_';
        };
        while (host > 0 && isOfName(text[host - 1]))
        {
            --host;
        }
        LogWriter writer;
        writer.host = text.substr(host, process - host);
        for (const std::string& known : m_hosts) // with the end of another record before it
        {
            writer.host = writer.host.ends_with(known) ? known : writer.host;
        }
        m_hosts.insert(writer.host);
        writer.process = writer.host + std::string(text.substr(process, thread - process));
        writer.device = static_cast<uint32_t>(*device);
        return writer;
    }

    std::size_t FindDevice(const LogWriter& writer)
    {
        const auto [entry, isNew] =
            m_deviceOf.try_emplace({writer.process, writer.device}, m_devices.size());
        if (isNew)
        {
            m_devices.push_back(writer);
        }
        return entry->second;
    }

    std::size_t FindCommunicator(const LogWriter& writer, std::string_view pointer)
    {
        const auto [entry, isNew] =
            m_communicatorOf.try_emplace({writer.process, std::string(pointer)},
                                         m_communicators.size());
        if (isNew)
        {
            m_communicators.push_back({NONE, 0, "", "", FindDevice(writer)});
        }
        return entry->second;
    }

    void ReadRecord(const LogWriter& writer, std::string_view text)
    {
        ReadVersion(text);
        const std::string_view pointer = WordAfter(text, "comm");
        const auto rank = NumberAfter(text, "rank", MOST_RANKS - 1);
        const auto size = NumberAfter(text, "nranks", MOST_RANKS);
        if (!pointer.empty() && rank && size && *rank < *size)
        {
            SetCommunicator(writer, pointer, *rank, *size, WordAfter(text, "commId"));
            return;
        }
        const std::size_t colon = text.find(": opCount ");
        if (colon == std::string_view::npos)
        {
            return;
        }
        const auto* const kind =
            std::find_if(std::begin(KINDS), std::end(KINDS), [&](const LoggedKind& one) {
                return one.name == text.substr(0, colon);
            });
        if (kind == std::end(KINDS))
        {
            throw InputError({m_file, m_line, m_column},
                             Quote(text.substr(0, colon)) +
                                 " is no call that is known: AllReduce, AllGather, ReduceScatter, "
                                 "Broadcast, Reduce, AllToAll, Gather, Scatter, Send, Recv are");
        }
        ReadCall(writer, *kind, text);
    }

    /** Take a line of a communicator's initialisation. */
    void SetCommunicator(const LogWriter& writer,
                         std::string_view pointer,
                         uint64_t rank,
                         uint64_t size,
                         std::string_view id)
    {
        const std::pair key{writer.process, std::string(pointer)};
        const auto known = m_communicatorOf.find(key);
        if (known != m_communicatorOf.end())
        {
            const Communicator& old = m_communicators[known->second];
            const bool isOther = (!old.id.empty() && !id.empty() && old.id != id) ||
                                 old.rank != rank || old.size != size;
            if (isOther)
            {
                m_communicatorOf.erase(known); // its place was given to a new one
            }
        }
        Communicator& own = m_communicators[FindCommunicator(writer, pointer)];
        own.rank = static_cast<uint32_t>(rank);
        own.size = static_cast<uint32_t>(size);
        own.id = id.empty() ? own.id : std::string(id);
    }

    void ReadCall(const LogWriter& writer, const LoggedKind& kind, std::string_view text)
    {
        const auto opCount = ParseHexadecimal(WordAfter(text, "opCount"));
        const auto count = NumberAfter(text, "count", MOST_COUNT);
        const auto type = NumberAfter(text, "datatype", std::size(TYPE_BYTES) - 1);
        const auto root = NumberAfter(text, "root", MOST_RANKS - 1);
        const std::string_view pointer = WordAfter(text, "comm");
        const std::size_t ranks = text.find("[nranks=");
        if (!opCount || !count || !type || !root || pointer.empty() ||
            (ranks == std::string_view::npos && text.find("stream") == std::string_view::npos))
        {
            ++m_trace.notes["lines of calls are cut: what they lack is taken from other ranks'"];
            return;
        }
        LoggedCall logged{FindCommunicator(writer, pointer),
                          std::string(WordAfter(text, "stream")),
                          *opCount,
                          {},
                          kind.isShare};
        if (ranks != std::string_view::npos)
        {
            const std::size_t begin = ranks + std::string_view("[nranks=").size();
            const auto size =
                ParseNumber(text.substr(begin, text.find(']', begin) - begin), MOST_RANKS);
            Communicator& own = m_communicators[logged.communicator];
            own.size = own.size == 0 ? static_cast<uint32_t>(size.value_or(0)) : own.size;
        }
        std::string& last = m_streamOf[logged.communicator];
        if (logged.stream.empty()) // cut, or an old log: that of the call before
        {
            logged.stream = last.empty() ? std::string(pointer) : last;
        }
        last = logged.stream;
        RecordedCall& call = logged.call;
        call.type = kind.type;
        call.collective = kind.collective;
        call.given = *count * TYPE_BYTES[*type];
        call.peer = static_cast<uint32_t>(*root);
        call.line = m_line;
        call.column = m_column;
        m_fileOf.push_back(m_file);
        m_calls.push_back(std::move(logged));
    }

    /** Find each device's rank. */
    void NameRanks()
    {
        std::vector<std::size_t> world(m_devices.size(), SIZE_MAX); // its largest communicator
        for (std::size_t i = 0; i < m_communicators.size(); ++i)
        {
            const Communicator& one = m_communicators[i];
            std::size_t& best = world[one.device];
            if (one.rank != NONE && (best == SIZE_MAX || one.size > m_communicators[best].size))
            {
                best = i;
            }
        }
        std::set<uint32_t> taken;
        bool isTold = true;
        for (std::size_t device = 0; device < m_devices.size(); ++device)
        {
            isTold = isTold && world[device] != SIZE_MAX &&
                     taken.insert(m_communicators[world[device]].rank).second;
        }
        std::map<std::tuple<std::string, uint32_t, std::string>, std::size_t> sorted;
        for (std::size_t device = 0; device < m_devices.size(); ++device)
        {
            const LogWriter& own = m_devices[device];
            sorted[{own.host, own.device, own.process}] = device;
        }
        m_rankOf.resize(m_devices.size());
        uint32_t next = 0;
        for (const auto& [key, device] : sorted)
        {
            m_rankOf[device] = isTold ? m_communicators[world[device]].rank : next;
            ++next;
        }
        m_trace.notes["devices are ranks, by host and device: the log does not say which rank "
                      "each is (NCCL_DEBUG_SUBSYS=INIT,COLL would)"] += isTold ? 0 : next;
    }

    /** Find which communicators of different devices are one group. */
    void NameGroups()
    {
        std::map<std::pair<std::size_t, uint32_t>, uint32_t> used; // by device and size
        std::vector<bool> isCalled(m_communicators.size(), false);
        for (const LoggedCall& logged : m_calls)
        {
            isCalled[logged.communicator] = true;
        }
        for (std::size_t i = 0; i < m_communicators.size(); ++i)
        {
            Communicator& own = m_communicators[i];
            if (!isCalled[i])
            {
                continue;
            }
            own.key = own.id.empty() ? std::to_string(own.size) + " ranks, " +
                                           std::to_string(used[{own.device, own.size}]++)
                                     : own.id;
            CallGroup& group = m_trace.groups[m_trace.GetGroup(own.key)];
            group.size = own.size;
            if (own.rank != NONE)
            {
                group.members.resize(std::max<std::size_t>(group.members.size(), own.size), NONE);
                group.members[own.rank] = m_rankOf[own.device];
            }
        }
        for (CallGroup& group : m_trace.groups)
        {
            CompleteMembers(group);
        }
    }

    /** Fill in the members of a group whose logs are not there. */
    static void CompleteMembers(CallGroup& group)
    {
        if (std::find(group.members.begin(), group.members.end(), NONE) == group.members.end())
        {
            return;
        }
        std::set<uint32_t> present(group.members.begin(), group.members.end());
        present.erase(NONE);
        // Two members tell at which distance all are.
        std::vector<std::pair<int64_t, int64_t>> known;
        for (std::size_t i = 0; i < group.members.size(); ++i)
        {
            if (group.members[i] != NONE)
            {
                known.emplace_back(i, group.members[i]);
            }
        }
        int64_t stride = 1;
        if (known.size() > 1)
        {
            stride = (known[1].second - known[0].second) / (known[1].first - known[0].first);
        }
        const int64_t first = known[0].second - known[0].first * stride;
        std::vector<uint32_t> all(group.members.size());
        for (std::size_t i = 0; i < all.size(); ++i)
        {
            const int64_t rank = first + static_cast<int64_t>(i) * stride;
            all[i] = rank < 0 || rank >= MOST_RANKS ? NONE : static_cast<uint32_t>(rank);
            if (all[i] == NONE || (group.members[i] != NONE && group.members[i] != all[i]))
            {
                group.members.clear(); // to be found otherwise
                return;
            }
        }
        group.members = all;
    }

    /** Give calls to their ranks. */
    void Place()
    {
        std::map<std::pair<uint32_t, std::string>, uint32_t> streams;
        std::map<std::pair<std::size_t, uint64_t>, uint32_t> batches;
        for (std::size_t i = 0; i < m_calls.size(); ++i)
        {
            LoggedCall& logged = m_calls[i];
            const Communicator& own = m_communicators[logged.communicator];
            const uint32_t rank = m_rankOf[own.device];
            CallRank& calls = m_trace.GetRank(rank);
            calls.file = calls.file.empty() ? m_fileOf[i] : calls.file;
            RecordedCall call = logged.call;
            call.group = m_trace.GetGroup(own.key);
            call.bytes = call.given * (logged.isShare ? std::max(own.size, 1U) : 1);
            call.stream = streams.try_emplace({rank, logged.stream}, streams.size()).first->second;
            if (call.type != RecordedCall::COLLECTIVE)
            {
                call.batch = batches
                                 .try_emplace({logged.communicator, logged.opCount},
                                              static_cast<uint32_t>(batches.size()))
                                 .first->second;
                if (own.size > 0 && call.peer >= own.size)
                {
                    throw InputError({m_fileOf[i], call.line, call.column},
                                     "the peer is rank " + std::to_string(call.peer) + " of " +
                                         std::to_string(own.size));
                }
                if (call.peer == own.rank)
                {
                    m_trace.notes["sends of a rank to itself move nothing"] +=
                        call.type == RecordedCall::SEND;
                    continue;
                }
            }
            m_opCounts[rank].push_back(logged.opCount);
            calls.calls.push_back(std::move(call));
        }
    }

    /** A call of a group: its opCount, and which of those that have it. */
    using CallKey = std::pair<uint64_t, uint32_t>;

    /** @return a rank's collectives of a group: index by key. */
    std::map<CallKey, std::size_t> IndexCalls(uint32_t rank, uint32_t group) const
    {
        std::map<CallKey, std::size_t> index;
        const auto& calls = m_trace.ranks[rank].calls;
        for (std::size_t i = 0; i < calls.size(); ++i)
        {
            if (calls[i].group == group && calls[i].type == RecordedCall::COLLECTIVE)
            {
                CallKey key{m_opCounts.at(rank)[i], 0};
                while (index.contains(key))
                {
                    ++key.second;
                }
                index[key] = i;
            }
        }
        return index;
    }

    /** Put collectives in that some members' logs lack, though others' have them. */
    void FillGaps()
    {
        for (uint32_t group = 0; group < m_trace.groups.size(); ++group)
        {
            std::map<CallKey, RecordedCall> all;
            std::vector<uint32_t> users;
            for (uint32_t rank = 0; rank < m_trace.ranks.size(); ++rank)
            {
                const auto own = IndexCalls(rank, group);
                for (const auto& [key, at] : own)
                {
                    all.try_emplace(key, m_trace.ranks[rank].calls[at]);
                }
                if (!own.empty())
                {
                    users.push_back(rank);
                }
            }
            for (const uint32_t rank : users)
            {
                FillRank(rank, group, all);
            }
        }
    }

    void FillRank(uint32_t rank, uint32_t group, const std::map<CallKey, RecordedCall>& all)
    {
        const auto own = IndexCalls(rank, group);
        if (own.size() == all.size())
        {
            return;
        }
        auto& calls = m_trace.ranks[rank].calls;
        auto& opCounts = m_opCounts[rank];
        const uint32_t stream = calls[own.begin()->second].stream;
        for (const auto& [key, model] : all)
        {
            if (own.contains(key))
            {
                continue;
            }
            // Before the next one of the group that is there.
            std::size_t at = calls.size();
            for (std::size_t i = 0; i < calls.size() && at == calls.size(); ++i)
            {
                at = calls[i].group == group && opCounts[i] > key.first ? i : at;
            }
            RecordedCall call = model;
            call.stream = stream;
            calls.insert(calls.begin() + static_cast<std::ptrdiff_t>(at), call);
            opCounts.insert(opCounts.begin() + static_cast<std::ptrdiff_t>(at), key.first);
            ++m_trace.notes["collectives are missing in some members' logs: they take part as "
                            "others do"];
        }
    }

    std::string m_path;                                                          //!< As given
    CallTrace m_trace;                                                           //!< So far
    std::string m_file;                                                          //!< That is read
    uint64_t m_line{1};                                                          //!< Of it
    uint64_t m_column{1};                                                        //!< Of this
    std::set<std::string> m_hosts;                                               //!< Seen
    std::vector<LogWriter> m_devices;                                            //!< Seen
    std::map<std::pair<std::string, uint32_t>, std::size_t> m_deviceOf;          //!< By process
    std::vector<Communicator> m_communicators;                                   //!< Seen
    std::map<std::pair<std::string, std::string>, std::size_t> m_communicatorOf; //!< By process
    std::map<std::size_t, std::string> m_streamOf;        //!< Of the last call, by communicator
    std::vector<LoggedCall> m_calls;                      //!< In the log's order
    std::vector<std::string> m_fileOf;                    //!< By call
    std::vector<uint32_t> m_rankOf;                       //!< By device
    std::map<uint32_t, std::vector<uint64_t>> m_opCounts; //!< By rank, call
};

} // namespace

OperationGraph
ReadNcclLog(const std::string& path, const TraceOptions& options)
{
    CallTrace trace = LogReader(path).TakeTrace();
    CompleteCalls(trace, options.standFor);
    return BuildCalls(trace, options);
}

TraceSummary
SummariseNcclLog(const std::string& path)
{
    return SummariseCalls(LogReader(path).TakeTrace());
}

bool
LooksLikeNcclLog(const TraceHead& head)
{
    return !head.IsJson() && FindMark(head.GetBytes(), 0).first != std::string_view::npos;
}

} // namespace mtlink
} // namespace ns3
