/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/yaml.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr std::size_t MAX_DEPTH = 64;          // deeper is an attack, not a fabric
constexpr std::size_t MAX_NODES = 1'000'000;   // about 150 MB
constexpr std::size_t MAX_BYTES = 64ULL << 20; // of a file

/** Builds YamlNodes from the parser's events, which unlike its nodes show every key. */
class TreeBuilder : public YAML::EventHandler
{
  public:
    /** @param [in] source Given to every value. */
    explicit TreeBuilder(std::shared_ptr<const YamlSource> source)
        : m_source(std::move(source))
    {
    }

    /** @return the outermost value. */
    YamlNode TakeRoot()
    {
        return std::move(m_root);
    }

    /** @return number of documents begun. */
    std::size_t GetDocuments() const
    {
        return m_documents;
    }

    void OnDocumentStart(const YAML::Mark& mark) override
    {
        if (++m_documents > 1)
        {
            Refuse(mark, "a second document begins here: keep one document per file");
        }
    }

    void OnDocumentEnd() override
    {
    }

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        Add(Make(YamlNode::NOTHING, mark), anchor, mark);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        const auto found = m_anchors.find(anchor);
        if (found == m_anchors.end())
        {
            Refuse(mark, "an alias can't stand inside the value that it names: write it out");
        }
        Count(found->second.second, mark);
        Add(YamlNode(found->second.first), YAML::NullAnchor, mark);
    }

    void OnScalar(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  const std::string& value) override
    {
        CheckTag(tag, mark);
        YamlNode node = Make(YamlNode::SCALAR, mark);
        node.text = value;
        node.quoted = tag == "!";
        Add(std::move(node), anchor, mark);
    }

    void OnSequenceStart(const YAML::Mark& mark,
                         const std::string& tag,
                         YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        Open(YamlNode::LIST, mark, tag, anchor);
    }

    void OnSequenceEnd() override
    {
        Close();
    }

    void OnMapStart(const YAML::Mark& mark,
                    const std::string& tag,
                    YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        Open(YamlNode::MAPPING, mark, tag, anchor);
    }

    void OnMapEnd() override
    {
        Close();
    }

  private:
    /** A list or mapping that is not closed yet. */
    struct Frame
    {
        YamlNode node;                        //!< What there is so far
        YAML::anchor_t anchor;                //!< Its anchor
        std::size_t before;                   //!< Values made before it
        bool hasKey{false};                   //!< MAPPING: the key has come, its value not yet
        YamlEntry entry;                      //!< MAPPING: that key
        std::map<std::string, uint32_t> keys; //!< MAPPING: keys so far, and their lines
    };

    [[noreturn]] void Refuse(const YAML::Mark& mark, const std::string& message) const
    {
        throw InputError({m_source->name,
                          static_cast<uint64_t>(std::max(mark.line, 0)) + 1,
                          static_cast<uint64_t>(std::max(mark.column, 0)) + 1},
                         message);
    }

    void CheckTag(const std::string& tag, const YAML::Mark& mark) const
    {
        if (!tag.empty() && tag != "?" && tag != "!")
        {
            Refuse(mark, fmt::format("tag {} is not used here: leave it out", tag));
        }
    }

    void Count(std::size_t nodes, const YAML::Mark& mark)
    {
        m_nodes += nodes;
        if (m_nodes > MAX_NODES)
        {
            Refuse(mark,
                   fmt::format("more than {} values, aliases written out: split the file, or give "
                               "a large graph as GraphML",
                               MAX_NODES));
        }
    }

    YamlNode Make(YamlNode::Kind kind, const YAML::Mark& mark)
    {
        Count(1, mark);
        YamlNode node;
        node.kind = kind;
        node.source = m_source;
        node.line = static_cast<uint32_t>(std::max(mark.line, 0)) + 1;
        node.column = static_cast<uint32_t>(std::max(mark.column, 0)) + 1;
        return node;
    }

    void Open(YamlNode::Kind kind,
              const YAML::Mark& mark,
              const std::string& tag,
              YAML::anchor_t anchor)
    {
        CheckTag(tag, mark);
        if (m_frames.size() == MAX_DEPTH)
        {
            Refuse(mark, fmt::format("nested deeper than {} levels", MAX_DEPTH));
        }
        if (!m_frames.empty() && m_frames.back().node.kind == YamlNode::MAPPING &&
            !m_frames.back().hasKey)
        {
            // The parser takes a bracket that it finds no end of for the beginning of a key.
            Refuse(mark,
                   "this bracket is not closed, or is part of a key: close it; a key must be a "
                   "word, not a list or a mapping");
        }
        const std::size_t before = m_nodes;
        Frame frame{Make(kind, mark), anchor, before, false, {}, {}};
        m_frames.push_back(std::move(frame));
    }

    void Close()
    {
        Frame frame = std::move(m_frames.back());
        m_frames.pop_back();
        if (frame.anchor != YAML::NullAnchor)
        {
            m_anchors[frame.anchor] = {frame.node, m_nodes - frame.before};
        }
        Put(std::move(frame.node), YAML::Mark::null_mark());
    }

    void Add(YamlNode node, YAML::anchor_t anchor, const YAML::Mark& mark)
    {
        if (anchor != YAML::NullAnchor)
        {
            m_anchors[anchor] = {node, 1};
        }
        Put(std::move(node), mark);
    }

    void Put(YamlNode node, const YAML::Mark& mark)
    {
        if (m_frames.empty())
        {
            m_root = std::move(node);
            return;
        }
        Frame& frame = m_frames.back();
        if (frame.node.kind == YamlNode::LIST)
        {
            frame.node.items.push_back(std::move(node));
        }
        else if (frame.hasKey)
        {
            frame.entry.value = std::move(node);
            frame.node.entries.push_back(std::move(frame.entry));
            frame.entry = {};
            frame.hasKey = false;
        }
        else
        {
            if (node.kind != YamlNode::SCALAR || node.text.empty())
            {
                Refuse(mark, "a key must be a word");
            }
            const auto [known, isNew] = frame.keys.emplace(node.text, node.line);
            if (!isNew)
            {
                Refuse(mark,
                       fmt::format("key '{}' is here a second time, first in line {}: keep one",
                                   node.text,
                                   known->second));
            }
            frame.entry = {node.text, node.line, node.column, {}};
            frame.hasKey = true;
        }
    }

    std::shared_ptr<const YamlSource> m_source; //!< Given to every value
    YamlNode m_root;                            //!< Outermost value
    std::vector<Frame> m_frames;                //!< Open lists and mappings, outermost first
    std::map<YAML::anchor_t, std::pair<YamlNode, std::size_t>> m_anchors; //!< Value and its size
    std::size_t m_nodes{0};                                               //!< Values so far
    std::size_t m_documents{0};                                           //!< Documents so far
};

/**
 * @param [in] line A line of YAML.
 * @return what stands in it behind #, without blanks around; empty where there is no comment.
 */
std::string
FindComment(std::string_view line)
{
    char quote = '\0';
    for (std::size_t i = 0; i < line.size(); ++i)
    {
        const char c = line[i];
        if (quote != '\0')
        {
            quote = c == quote ? '\0' : quote;
        }
        else if (c == '"' || c == '\'')
        {
            quote = c;
        }
        else if (c == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t'))
        {
            constexpr std::string_view BLANKS = " \t\r";
            const std::size_t first = line.find_first_not_of(BLANKS, i + 1);
            return first == std::string_view::npos
                       ? ""
                       : std::string(line.substr(first, line.find_last_not_of(BLANKS) + 1 - first));
        }
    }
    return "";
}

/**
 * @param [in] text A YAML file.
 * @return its comments beside values, by line from 1.
 */
std::map<uint32_t, std::string>
FindComments(std::string_view text)
{
    std::map<uint32_t, std::string> comments;
    uint32_t number = 0;
    for (std::size_t begin = 0; begin < text.size(); ++number)
    {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string comment = FindComment(text.substr(begin, end - begin));
        if (!comment.empty())
        {
            comments[number + 1] = comment;
        }
        begin = end + 1;
    }
    return comments;
}

/** What the parser's own messages mean to someone who writes YAML. */
std::string
ExplainSyntax(const std::string& message)
{
    std::string text = message;
    if (text.find("bad conversion") != std::string::npos)
    {
        text = "can't be read";
    }
    return "not YAML: " + text + "; check indentation, brackets, quotes and colons here";
}

/**
 * Tabs look like the blanks that YAML wants, and the parser says nothing of them.
 * @param [in] text What was parsed.
 * @param [in] line Where the parser stopped, from 0: it may have been led astray a line before.
 * @param [out] where Gets line and column of the tab, if there is one.
 * @return whether a tab indents one of the two lines.
 */
bool
FindIndentingTab(const std::string& text, std::size_t line, Where& where)
{
    std::istringstream stream(text);
    std::string row;
    for (std::size_t i = 0; i <= line && std::getline(stream, row); ++i)
    {
        const std::size_t begin = row.find_first_not_of(' ');
        if (i + 1 >= line && begin != std::string::npos && row[begin] == '\t')
        {
            where.line = i + 1;
            where.column = begin + 1;
            return true;
        }
    }
    return false;
}

/** @return whether a scalar needs no quotes. */
bool
IsPlain(const std::string& text)
{
    if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.back() == ':')
    {
        return false;
    }
    const auto isWord = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        const char c = text[i];
        const bool fine = isWord(c) || c == '_' || c == '.' || c == '/' || c == '+' || c == '-' ||
                          (i > 0 && (c == ' ' || c == '(' || c == ')' || c == '=')) ||
                          (c == ':' && i > 0 && text[i + 1] != ' ');
        if (!fine)
        {
            return false;
        }
    }
    const std::string lower = [&] {
        std::string word = text;
        std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) {
            return static_cast<char>(std::tolower(c));
        });
        return word;
    }();
    return lower != "null" && lower != "~" && text.rfind("- ", 0) != 0 && text != "-" &&
           text.rfind("---", 0) != 0 && text.rfind("...", 0) != 0;
}

std::string
WriteScalar(const YamlNode& node)
{
    if (node.kind == YamlNode::NOTHING)
    {
        return "~";
    }
    if (!node.quoted && IsPlain(node.text))
    {
        return node.text;
    }
    std::string quoted = "\"";
    for (const char c : node.text)
    {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
        {
            quoted += '\\';
            quoted += c;
        }
        else if (c == '\n')
        {
            quoted += "\\n";
        }
        else if (c == '\t')
        {
            quoted += "\\t";
        }
        else if (byte < 0x20 || byte == 0x7f)
        {
            quoted += fmt::format("\\x{:02x}", byte);
        }
        else
        {
            quoted += c;
        }
    }
    return quoted + "\"";
}

bool
IsFlat(const YamlNode& node)
{
    return node.kind == YamlNode::NOTHING || node.kind == YamlNode::SCALAR;
}

/** Write a value that holds others at an indentation, or one that does not on the open line. */
void
Write(const YamlNode& node, std::size_t indent, std::string& out)
{
    const std::string margin(indent, ' ');
    if (IsFlat(node))
    {
        out += " " + WriteScalar(node) + "\n";
    }
    else if (node.kind == YamlNode::LIST &&
             std::all_of(node.items.begin(), node.items.end(), IsFlat))
    {
        out += " [";
        for (std::size_t i = 0; i < node.items.size(); ++i)
        {
            // In brackets a comma or colon would end a plain scalar.
            YamlNode item = node.items[i];
            item.quoted = item.quoted || item.text.find(':') != std::string::npos;
            out += (i > 0 ? ", " : "") + WriteScalar(item);
        }
        out += "]\n";
    }
    else if (node.kind == YamlNode::LIST)
    {
        out += "\n";
        for (const YamlNode& item : node.items)
        {
            std::string text;
            Write(item, indent + 2, text);
            // The dash takes the place of the first line's margin.
            if (text.rfind("\n", 0) == 0)
            {
                out += margin + "- " + text.substr(1 + indent + 2);
            }
            else
            {
                out += margin + "-" + text;
            }
        }
    }
    else if (node.entries.empty())
    {
        out += " {}\n";
    }
    else
    {
        out += "\n";
        for (const YamlEntry& entry : node.entries)
        {
            out += margin + WriteScalar(MakeYamlScalar(entry.key)) + ":";
            Write(entry.value, indent + 2, out);
        }
    }
}

} // namespace

Where
YamlNode::GetWhere() const
{
    return {source ? source->name : "mtlink", line, column};
}

const YamlNode*
YamlNode::Find(const std::string& key) const
{
    for (const YamlEntry& entry : entries)
    {
        if (entry.key == key)
        {
            return &entry.value;
        }
    }
    return nullptr;
}

YamlNode*
YamlNode::Find(const std::string& key)
{
    return const_cast<YamlNode*>(std::as_const(*this).Find(key));
}

void
YamlNode::Set(YamlEntry entry)
{
    for (YamlEntry& existing : entries)
    {
        if (existing.key == entry.key)
        {
            existing = std::move(entry);
            return;
        }
    }
    entries.push_back(std::move(entry));
}

void
YamlNode::Set(const std::string& key, YamlNode value)
{
    const uint32_t keyLine = value.line;
    const uint32_t keyColumn = value.column;
    Set(YamlEntry{key, keyLine, keyColumn, std::move(value)});
}

void
YamlNode::TakePlace(const YamlNode* other)
{
    if (other)
    {
        source = other->source;
        line = other->line;
        column = other->column;
    }
}

void
YamlNode::Erase(const std::string& key)
{
    std::erase_if(entries, [&key](const YamlEntry& entry) { return entry.key == key; });
}

void
YamlNode::Refuse(const std::string& message) const
{
    throw InputError(GetWhere(), message);
}

YamlNode
MakeYamlScalar(std::string text)
{
    YamlNode node;
    node.kind = YamlNode::SCALAR;
    node.text = std::move(text);
    return node;
}

YamlNode
MakeYaml(YamlNode::Kind kind)
{
    YamlNode node;
    node.kind = kind;
    return node;
}

YamlNode
ParseYaml(const std::string& text, const YamlSource& source)
{
    const auto shared = std::make_shared<const YamlSource>(source);
    TreeBuilder builder(shared);
    std::istringstream stream(text);
    try
    {
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder))
        {
        }
    }
    catch (const YAML::Exception& error)
    {
        const YAML::Mark& mark = error.mark;
        const std::size_t line = static_cast<std::size_t>(std::max(mark.line, 0));
        Where where{source.name, line + 1, static_cast<uint64_t>(std::max(mark.column, 0)) + 1};
        if (FindIndentingTab(text, line, where))
        {
            throw InputError(where, "not YAML: a tab indents this line: take blanks instead");
        }
        throw InputError(where, ExplainSyntax(error.msg));
    }
    YamlNode root = builder.TakeRoot();
    if (!root.source)
    {
        root.source = shared;
    }
    return root;
}

YamlNode
LoadYaml(const std::string& file)
{
    const auto refuse = [&file](const std::string& message) {
        throw InputError({file, 1, 1}, message);
    };
    std::error_code failed;
    if (std::filesystem::is_directory(file, failed))
    {
        refuse("this is a directory: give a YAML file");
    }
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
    {
        refuse(fmt::format("can't be opened ({}): give the path of a YAML file",
                           std::strerror(errno)));
    }
    std::string text;
    std::string block(65536, '\0');
    while (stream.read(block.data(), static_cast<std::streamsize>(block.size())) ||
           stream.gcount() > 0)
    {
        text.append(block.data(), static_cast<std::size_t>(stream.gcount()));
        if (text.size() > MAX_BYTES)
        {
            refuse("larger than 64 MiB: give a large graph as GraphML");
        }
    }
    const YamlSource source{file,
                            std::filesystem::path(file).parent_path().string(),
                            FindComments(text)};
    YamlNode root = ParseYaml(text, source);
    if (root.kind == YamlNode::NOTHING)
    {
        refuse("the file is empty: an experiment needs a fabric and a workload, as\n"
               "  fabric: {kind: full_mesh, endpoints: 8}\n"
               "  workload: {collective: all_reduce, size: 1MiB}\n"
               "and the file of a fabric its kind, as 'kind: full_mesh'");
    }
    if (root.kind != YamlNode::MAPPING)
    {
        root.Refuse(
            "this is no mapping: the file should hold keys and values, as 'kind: full_mesh'");
    }
    return root;
}

std::string
WriteYaml(const YamlNode& node)
{
    std::string out;
    Write(node, 0, out);
    return out.substr(1); // the separator from a key that isn't there
}

std::string
ResolvePath(const YamlNode& node)
{
    const std::filesystem::path path(node.text);
    if (path.is_absolute() || !node.source || node.source->directory.empty())
    {
        return path.lexically_normal().string();
    }
    return (std::filesystem::path(node.source->directory) / path).lexically_normal().string();
}

} // namespace mtlink
} // namespace ns3
