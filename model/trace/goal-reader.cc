/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/goal-reader.h"

#include "trace/trace-input.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr uint64_t MOST_NUMBER = std::numeric_limits<uint32_t>::max(); //!< Of tags, cpus

/** A word or one of { } :, and where it stands. */
struct Token
{
    std::string_view text; //!< Empty at the end
    uint64_t line{1};      //!< From 1
    uint64_t column{1};    //!< From 1
};

/** Cuts a text into tokens. */
class Scanner
{
  public:
    /**
     * @param [in] file For messages.
     * @param [in] text The text; must outlive this.
     */
    Scanner(const std::string& file, std::string_view text)
        : m_file(file),
          m_text(text)
    {
        Advance();
    }

    /** @return the next token, which stays next. */
    const Token& Peek() const
    {
        return m_next;
    }

    /** @return the next token, which is then past. */
    Token Take()
    {
        const Token token = m_next;
        Advance();
        return token;
    }

    /**
     * @param [in] token The place.
     * @param [in] message What is wrong, and what would be right.
     */
    [[noreturn]] void Refuse(const Token& token, const std::string& message) const
    {
        throw InputError({m_file, token.line, token.column}, message);
    }

    /**
     * @param [in] token A token.
     * @return it for a message.
     */
    static std::string Name(const Token& token)
    {
        return token.text.empty() ? "the end of the file" : Quote(token.text);
    }

  private:
    /** Find the next token. */
    void Advance()
    {
        SkipBlanks();
        m_next = {m_text.substr(m_at, 0), m_line, m_column};
        if (m_at == m_text.size())
        {
            return;
        }
        std::size_t length = 1;
        if (!IsPunctuation(m_text[m_at]))
        {
            while (m_at + length < m_text.size() && !IsBlank(m_text[m_at + length]) &&
                   !IsPunctuation(m_text[m_at + length]) && !StartsComment(m_at + length))
            {
                ++length;
            }
        }
        m_next.text = m_text.substr(m_at, length);
        Pass(length);
    }

    /** Pass blanks and comments. */
    void SkipBlanks()
    {
        while (m_at < m_text.size())
        {
            if (IsBlank(m_text[m_at]))
            {
                Pass(1);
            }
            else if (m_text.substr(m_at, 2) == "/*")
            {
                const Token start{{}, m_line, m_column};
                const std::size_t end = m_text.find("*/", m_at + 2);
                if (end == std::string_view::npos)
                {
                    Refuse(start, "this comment does not end; it should, with */");
                }
                Pass(end + 2 - m_at);
            }
            else if (StartsComment(m_at))
            {
                Pass(std::min(m_text.find('\n', m_at), m_text.size()) - m_at);
            }
            else
            {
                return;
            }
        }
    }

    /**
     * @param [in] at A place in the text.
     * @return whether a comment starts there.
     */
    bool StartsComment(std::size_t at) const
    {
        const auto two = m_text.substr(at, 2);
        return two == "//" || two == "/*" || m_text[at] == '#';
    }

    /**
     * Move on.
     * @param [in] length Characters.
     */
    void Pass(std::size_t length)
    {
        for (const char c : m_text.substr(m_at, length))
        {
            m_column = c == '\n' ? 1 : m_column + 1;
            m_line += c == '\n';
        }
        m_at += length;
    }

    /** @param [in] c A character. @return whether it stands between tokens. */
    static bool IsBlank(char c)
    {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
    }

    /** @param [in] c A character. @return whether it is a token by itself. */
    static bool IsPunctuation(char c)
    {
        return c == '{' || c == '}' || c == ':';
    }

    const std::string& m_file; //!< For messages
    std::string_view m_text;   //!< All
    std::size_t m_at{0};       //!< After the next token
    uint64_t m_line{1};        //!< There
    uint64_t m_column{1};      //!< There
    Token m_next;              //!< The next token
};

/** @return whether a word is an operation of LogGOPSim's dialect for Portals 4. */
bool
IsOfPortals(std::string_view word)
{
    constexpr std::string_view WORDS[] =
        {"put", "get", "append", "ctwait", "tput", "tget", "tappend", "gem5calc"};
    return std::find(std::begin(WORDS), std::end(WORDS), word) != std::end(WORDS);
}

/** Reads the language. */
class Parser
{
  public:
    /**
     * @param [in] file The file.
     * @param [in] maxRanks Ranks allowed; 0: any.
     */
    Parser(const std::string& file, uint32_t maxRanks)
        : m_file(file),
          m_text(ReadText(file)),
          m_scanner(m_file, m_text),
          m_graph(ReadHead(maxRanks))
    {
        m_summary.format = "goal";
        m_summary.ranks = m_graph.GetRanks();
        std::vector<bool> seen(m_graph.GetRanks(), false);
        while (!m_scanner.Peek().text.empty())
        {
            const Token word = m_scanner.Take();
            if (word.text != "rank")
            {
                m_scanner.Refuse(word,
                                 "here is " + Scanner::Name(word) +
                                     ", but 'rank R { ... }' would be right");
            }
            const Token number = m_scanner.Peek();
            const auto rank = TakeRank();
            if (seen[rank])
            {
                m_scanner.Refuse(number,
                                 "rank " + std::to_string(rank) +
                                     " has a block already; all it does must stand in one");
            }
            seen[rank] = true;
            ReadBlock(rank);
        }
    }

    /** @return the finished graph. */
    OperationGraph Finish()
    {
        FinishGraph(m_graph, [this](uint32_t id) {
            return Where{m_file, m_places[id].first, m_places[id].second};
        });
        return std::move(m_graph);
    }

    /** @return what it holds. */
    TraceSummary GetSummary() const
    {
        return m_summary;
    }

  private:
    /** A statement on labels that may come later. */
    struct Dependency
    {
        Token later;   //!< Label
        Token earlier; //!< Label
        bool start;    //!< irequires
    };

    /**
     * @param [in] maxRanks Ranks allowed; 0: any.
     * @return a graph of the number of ranks that the head names.
     */
    OperationGraph ReadHead(uint32_t maxRanks)
    {
        const Token word = m_scanner.Take();
        if (word.text != "num_ranks")
        {
            m_scanner.Refuse(word, "a GOAL schedule starts with 'num_ranks N'");
        }
        const Token number = m_scanner.Peek();
        const auto ranks = static_cast<uint32_t>(TakeNumber("a number of ranks", MOST_RANKS));
        if (ranks == 0)
        {
            m_scanner.Refuse(number, "num_ranks 0, but at least 1 would be right");
        }
        if (maxRanks > 0 && ranks > maxRanks)
        {
            m_scanner.Refuse(number,
                             "the trace has ranks 0 to " + std::to_string(ranks - 1) +
                                 ", the fabric has room for " + std::to_string(maxRanks) +
                                 ": rank " + std::to_string(maxRanks) + " is beyond it");
        }
        return OperationGraph(ranks);
    }

    /**
     * @param [in] what For messages.
     * @param [in] most Largest allowed.
     * @return a number.
     */
    uint64_t TakeNumber(const std::string& what, uint64_t most)
    {
        const Token token = m_scanner.Take();
        const auto number = ParseNumber(token.text, most);
        if (!number)
        {
            m_scanner.Refuse(token,
                             "here is " + Scanner::Name(token) + ", but " + what + ", 0 to " +
                                 std::to_string(most) + ", would be right");
        }
        return *number;
    }

    /** @return a rank that is there. */
    uint32_t TakeRank()
    {
        return static_cast<uint32_t>(TakeNumber("a rank", m_graph.GetRanks() - 1));
    }

    /**
     * Read `{ ... }`.
     * @param [in] rank Whose.
     */
    void ReadBlock(uint32_t rank)
    {
        Expect("{");
        std::unordered_map<std::string_view, uint32_t> labels;
        std::vector<Dependency> dependencies;
        while (m_scanner.Peek().text != "}")
        {
            Token token = m_scanner.Take();
            if (token.text.empty())
            {
                m_scanner.Refuse(token,
                                 "the file ends in the block of rank " + std::to_string(rank) +
                                     ", '}' is missing");
            }
            if (m_scanner.Peek().text == ":")
            {
                m_scanner.Take();
                const Token label = token;
                token = m_scanner.Take();
                const uint32_t id = ReadOperation(rank, token);
                if (!labels.emplace(label.text, id).second)
                {
                    m_scanner.Refuse(label,
                                     "label " + Scanner::Name(label) + " of rank " +
                                         std::to_string(rank) + " is there twice");
                }
                m_graph.SetLabel(id,
                                 std::string(label.text) + " (" + std::string(token.text) + ")");
                continue;
            }
            const auto next = m_scanner.Peek().text;
            if (next == "requires" || next == "irequires")
            {
                m_scanner.Take();
                dependencies.push_back({token, m_scanner.Take(), next == "irequires"});
                continue;
            }
            m_graph.SetLabel(ReadOperation(rank, token),
                             std::string(token.text) + " (line " + std::to_string(token.line) +
                                 ")");
        }
        m_scanner.Take();
        for (const Dependency& dependency : dependencies)
        {
            const auto find = [&](const Token& token) {
                const auto found = labels.find(token.text);
                if (found == labels.end())
                {
                    m_scanner.Refuse(token,
                                     "rank " + std::to_string(rank) + " has no label " +
                                         Scanner::Name(token));
                }
                return found->second;
            };
            const uint32_t later = find(dependency.later);
            const uint32_t earlier = find(dependency.earlier);
            dependency.start ? m_graph.RequireStart(later, earlier)
                             : m_graph.Require(later, earlier);
        }
    }

    /**
     * Read a send, recv or calc.
     * @param [in] rank Whose.
     * @param [in] word Its first word.
     * @return the operation.
     */
    uint32_t ReadOperation(uint32_t rank, const Token& word)
    {
        Operation operation;
        operation.rank = rank;
        if (word.text == "calc")
        {
            operation.type = OperationType::COMPUTE;
            operation.duration =
                static_cast<Tick>(TakeNumber("a time in ns", LONGEST_TIME / 1000)) * 1000;
            m_summary.computeTime += operation.duration;
        }
        else if (word.text == "send" || word.text == "recv")
        {
            const bool send = word.text == "send";
            operation.type = send ? OperationType::SEND : OperationType::RECEIVE;
            operation.bytes = TakeBytes();
            Expect(send ? "to" : "from");
            operation.peer = TakeRank();
            if (send)
            {
                m_summary.bytesByCollective["send"] += operation.bytes;
                ++m_summary.messages;
                m_summary.messageBytes += operation.bytes;
            }
        }
        else if (IsOfPortals(word.text))
        {
            m_scanner.Refuse(word,
                             Scanner::Name(word) +
                                 " is an operation of Portals, whose network side is not modelled; "
                                 "write it as send and recv");
        }
        else
        {
            m_scanner.Refuse(word,
                             "here is " + Scanner::Name(word) +
                                 ", but send, recv, calc, or a label with requires or irequires, "
                                 "would be right");
        }
        ReadQualifiers(operation);
        ++m_summary.operations;
        ++m_summary.operationsByType[std::string(word.text)];
        m_places.emplace_back(word.line, word.column);
        return m_graph.Add(operation);
    }

    /**
     * Read tag, cpu and nic.
     * @param [in,out] operation What they are for.
     */
    void ReadQualifiers(Operation& operation)
    {
        while (true)
        {
            const auto word = m_scanner.Peek().text;
            const bool tag = word == "tag" && operation.type != OperationType::COMPUTE;
            if (!tag && word != "cpu" && word != "nic")
            {
                return;
            }
            const Token name = m_scanner.Take();
            const auto number = static_cast<uint32_t>(
                TakeNumber("a number after " + std::string(name.text), MOST_NUMBER));
            if (tag)
            {
                operation.tag = number;
            }
            else if (word == "cpu" && operation.type == OperationType::COMPUTE)
            {
                operation.flow = number;
            }
        }
    }

    /** @return a length, "8b". */
    uint64_t TakeBytes()
    {
        constexpr uint64_t MOST = uint64_t{1} << 50;
        const Token token = m_scanner.Take();
        const bool unit = token.text.ends_with('b');
        const auto bytes =
            ParseNumber(token.text.substr(0, token.text.size() - (unit ? 1 : 0)), MOST);
        if (!bytes || !unit)
        {
            m_scanner.Refuse(token,
                             "here is " + Scanner::Name(token) +
                                 ", but bytes as in '1024b', at most 1 PiB, would be right");
        }
        return *bytes;
    }

    /**
     * Pass a token.
     * @param [in] text What it must be.
     */
    void Expect(std::string_view text)
    {
        const Token token = m_scanner.Take();
        if (token.text != text)
        {
            m_scanner.Refuse(token,
                             "here is " + Scanner::Name(token) + ", but '" + std::string(text) +
                                 "' would be right");
        }
    }

    std::string m_file;                                  //!< For messages
    std::string m_text;                                  //!< All
    Scanner m_scanner;                                   //!< Cuts it
    TraceSummary m_summary;                              //!< So far
    OperationGraph m_graph;                              //!< So far
    std::vector<std::pair<uint64_t, uint64_t>> m_places; //!< Line and column by operation
};

} // namespace

OperationGraph
ReadGoal(const std::string& file, const TraceOptions& options)
{
    return Parser(file, options.maxRanks).Finish();
}

TraceSummary
SummariseGoal(const std::string& file)
{
    return Parser(file, 0).GetSummary();
}

} // namespace mtlink
} // namespace ns3
