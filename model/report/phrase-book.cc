/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/phrase-book.h"

#include "report/chinese-phrases.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr int DEEPEST{12}; //!< Phrases in phrases

constexpr std::array<std::pair<const char*, Language>, 2> LANGUAGES{
    {{"en", Language::ENGLISH}, {"zh", Language::CHINESE}}};

/** @return whether a text has no letter of English in it: there is nothing to translate. */
bool
HasNoWord(std::string_view text)
{
    return std::none_of(text.begin(), text.end(), [](char c) {
        return std::isalpha(static_cast<unsigned char>(c));
    });
}

/** @return the length of the first sentence of a text, with its stop. */
std::size_t
GetSentence(std::string_view text)
{
    for (std::size_t i = 1; i + 1 < text.size(); ++i)
    {
        // "e.g. x" and "1. x" are no ends; a name with a stop in it has no space behind.
        if (text[i] == '.' && text[i + 1] == ' ')
        {
            return i + 1;
        }
    }
    return text.size();
}

/** @return whether a placeholder may stand for a text. */
bool
Fits(char kind, std::string_view text)
{
    const bool isWord = kind == 'w' || kind == 'n';
    if (text.empty() || (isWord && text.find(' ') != std::string_view::npos))
    {
        return false;
    }
    if (kind == 'w' && text.find(":\u00a0") != std::string_view::npos)
    {
        return false; // a run's name and what begins behind it
    }
    if (kind == 'e' && GetSentence(text) != text.size())
    {
        return false; // the sentence behind it has a phrase of its own
    }
    const auto first = static_cast<unsigned char>(text.front());
    return kind != 'n' || std::isdigit(first) || first == '-' || first == '+' ||
           text.starts_with("\u2013") || text.starts_with("\u2212");
}

/** @return Chinese with what the placeholders stood for. */
std::string
Fill(std::string_view chinese, const std::vector<std::string>& values)
{
    std::string text;
    for (std::size_t i = 0; i < chinese.size(); ++i)
    {
        const bool isSlot = chinese[i] == '{' && i + 2 < chinese.size() && chinese[i + 2] == '}';
        const std::size_t slot = isSlot ? static_cast<std::size_t>(chinese[i + 1] - '0') : 0;
        if (isSlot && slot < values.size())
        {
            text += values[slot];
            i += 2;
        }
        else
        {
            text += chinese[i];
        }
    }
    // A bracket of full width has its space in itself.
    constexpr std::string_view BRACKET{"\uff09"};
    for (std::size_t at = text.find(BRACKET); at != std::string::npos;
         at = text.find(BRACKET, at + 1))
    {
        const std::size_t behind = at + BRACKET.size();
        text.erase(behind, behind < text.size() && text[behind] == ' ' ? 1 : 0);
    }
    return text;
}

/** @return a text without the spaces around it, and these. */
std::array<std::string_view, 3>
Strip(std::string_view text)
{
    constexpr std::string_view SPACES{" \n\t"};
    const std::size_t begin = std::min(text.find_first_not_of(SPACES), text.size());
    const std::size_t end = begin == text.size() ? begin : text.find_last_not_of(SPACES) + 1;
    return {text.substr(0, begin), text.substr(begin, end - begin), text.substr(end)};
}

/**
 * @param [in] sentence A sentence; what is a title by itself may be one.
 * @param [in] findWhole Finds a text in the book.
 * @return it in Chinese; nothing: the book lacks some of it.
 */
template <typename FindWhole>
std::optional<std::string>
FindSentence(std::string_view sentence, const FindWhole& findWhole)
{
    const std::optional<std::string> found = findWhole(sentence);
    if (!sentence.ends_with('.') || (found && found->ends_with("\u3002")))
    {
        return found;
    }
    // Also where the stop has passed for a part of what stays English.
    const std::optional<std::string> rest = findWhole(sentence.substr(0, sentence.size() - 1));
    return rest ? std::optional(*rest + "\u3002") : found;
}

/** Turns entities of HTML into what they stand for. */
std::string
Unescape(std::string_view html)
{
    static constexpr std::array<std::pair<std::string_view, char>, 5> ENTITIES{
        {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}, {"&amp;", '&'}}};
    std::string text;
    for (std::size_t i = 0; i < html.size();)
    {
        const auto entity = std::find_if(ENTITIES.begin(), ENTITIES.end(), [&](const auto& one) {
            return html.substr(i).starts_with(one.first);
        });
        text += entity == ENTITIES.end() ? html[i] : entity->second;
        i += entity == ENTITIES.end() ? 1 : entity->first.size();
    }
    return text;
}

/** Turns what HTML has a meaning for into entities. */
std::string
Escape(std::string_view text)
{
    std::string html;
    for (const char c : text)
    {
        html += c == '&'    ? "&amp;"
                : c == '<'  ? "&lt;"
                : c == '>'  ? "&gt;"
                : c == '"'  ? "&quot;"
                : c == '\'' ? "&#39;"
                            : std::string(1, c);
    }
    return html;
}

/** @return whether a text that the book lacks should be in it: it has two words of English. */
bool
LooksLikeText(std::string_view text)
{
    std::size_t words = 0;
    for (std::size_t i = 0; i < text.size();)
    {
        const std::size_t end = std::min(text.find(' ', i), text.size());
        const std::string_view word = text.substr(i, end - i);
        words += word.size() > 1 && std::all_of(word.begin(), word.end(), [](char c) {
                     return std::isalpha(static_cast<unsigned char>(c)) || c == ',' || c == '.' ||
                            c == ':';
                 });
        i = end + 1;
    }
    return words >= 2;
}

/** @return where an element that begins at a tag ends, behind its closing tag. */
std::size_t
FindElementEnd(std::string_view html, std::size_t begin, std::string_view name)
{
    const std::string open = "<" + std::string(name);
    const std::string close = "</" + std::string(name) + ">";
    int depth = 0;
    for (std::size_t at = begin; at < html.size();)
    {
        const std::size_t next = html.find('<', at);
        if (next == std::string_view::npos)
        {
            return html.size();
        }
        depth += html.substr(next).starts_with(open) ? 1 : 0;
        if (html.substr(next).starts_with(close) && --depth == 0)
        {
            return next + close.size();
        }
        at = next + 1;
    }
    return html.size();
}

} // namespace

std::optional<Language>
FindLanguage(std::string_view name)
{
    for (const auto& [known, language] : LANGUAGES)
    {
        if (name == known)
        {
            return language;
        }
    }
    return std::nullopt;
}

const char*
GetLanguageName(Language language)
{
    return LANGUAGES.at(static_cast<std::size_t>(language)).first;
}

Language
GetEnvironmentLanguage()
{
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    {
        const char* value = std::getenv(name);
        if (value && *value)
        {
            return std::string_view(value).starts_with("zh") ? Language::CHINESE
                                                             : Language::ENGLISH;
        }
    }
    return Language::ENGLISH;
}

std::vector<std::span<const Phrase>>
ListPhrases()
{
    return {GetVerdictPhrases(), GetReportPhrases(), GetPagePhrases(), GetDesignPhrases()};
}

const PhraseBook&
PhraseBook::Get()
{
    static const PhraseBook book;
    return book;
}

PhraseBook::PhraseBook()
{
    for (const std::span<const Phrase> phrases : ListPhrases())
    {
        for (const Phrase& phrase : phrases)
        {
            Pattern pattern{{""}, {}, phrase.chinese, 0};
            for (std::string_view rest(phrase.english); !rest.empty();)
            {
                const bool isPlain = rest.starts_with("{}");
                if (isPlain || rest.starts_with("{w}") || rest.starts_with("{n}") ||
                    rest.starts_with("{e}"))
                {
                    pattern.kinds.push_back(isPlain ? ' ' : rest[1]);
                    pattern.literals.emplace_back();
                    rest.remove_prefix(isPlain ? 2 : 3);
                    continue;
                }
                pattern.literals.back() += rest.front();
                ++pattern.letters;
                rest.remove_prefix(1);
            }
            if (pattern.kinds.empty())
            {
                m_exact.emplace(phrase.english, phrase.chinese);
            }
            else
            {
                m_patterns.push_back(std::move(pattern));
            }
        }
    }
    std::stable_sort(m_patterns.begin(), m_patterns.end(), [](const Pattern& a, const Pattern& b) {
        return a.letters > b.letters;
    });
}

bool
PhraseBook::Match(const Pattern& pattern,
                  std::string_view text,
                  std::size_t at,
                  std::size_t slot,
                  std::vector<std::string_view>& found,
                  std::set<std::pair<std::size_t, std::size_t>>& failed) const
{
    if (slot == pattern.kinds.size())
    {
        return at == text.size();
    }
    // Else a text with many commas would be tried in as many ways as there are to share them out.
    if (!failed.emplace(slot, at).second)
    {
        return false;
    }
    const std::string& next = pattern.literals[slot + 1];
    const bool isLast = slot + 1 == pattern.kinds.size();
    for (std::size_t end = at + 1; end <= text.size(); ++end)
    {
        if (isLast)
        {
            // What is behind the last placeholder is the end.
            end = text.size() >= next.size() ? std::max(end, text.size() - next.size()) : end;
        }
        else if (!next.empty())
        {
            end = text.find(next, end);
        }
        if (end == std::string_view::npos || end > text.size() ||
            !text.substr(end).starts_with(next))
        {
            return false;
        }
        found.resize(slot);
        found.push_back(text.substr(at, end - at));
        if (Fits(pattern.kinds[slot], found.back()) &&
            Match(pattern, text, end + next.size(), slot + 1, found, failed))
        {
            return true;
        }
    }
    return false;
}

std::optional<std::string>
PhraseBook::FindWhole(std::string_view text, int depth, Known& known) const
{
    if (HasNoWord(text))
    {
        return std::string(text);
    }
    if (const auto exact = m_exact.find(text); exact != m_exact.end())
    {
        return exact->second;
    }
    const std::pair key(depth, text);
    auto old = known.find(key);
    if (old == known.end())
    {
        old = known.emplace(key, FindByPattern(text, depth, known)).first;
    }
    return old->second;
}

std::optional<std::string>
PhraseBook::FindByPattern(std::string_view text, int depth, Known& known) const
{
    std::vector<std::string_view> found;
    std::set<std::pair<std::size_t, std::size_t>> failed;
    for (const Pattern& pattern : m_patterns)
    {
        failed.clear();
        if (text.size() > pattern.letters && text.starts_with(pattern.literals.front()) &&
            text.ends_with(pattern.literals.back()) &&
            Match(pattern, text, pattern.literals.front().size(), 0, found, failed))
        {
            std::vector<std::string> values;
            bool isKnown = true;
            for (std::size_t i = 0; i < found.size(); ++i)
            {
                const auto value =
                    depth < DEEPEST ? FindWhole(found[i], depth + 1, known) : std::nullopt;
                isKnown = isKnown && (value || pattern.kinds[i] == 'e' || !LooksLikeText(found[i]));
                values.push_back(value.value_or(std::string(found[i])));
            }
            if (isKnown)
            {
                return Fill(pattern.chinese, values);
            }
        }
    }
    return std::nullopt;
}

std::optional<std::string>
PhraseBook::Find(std::string_view text) const
{
    Known known;
    const auto findWhole = [this, &known](std::string_view part) {
        return FindWhole(part, 0, known);
    };
    const auto [before, core, after] = Strip(text);
    if (const auto whole = FindWhole(core, 0, known))
    {
        return std::string(before) + *whole + std::string(after);
    }
    std::string chinese(before);
    std::string_view rest = core;
    for (bool isFirst = true; !rest.empty(); isFirst = false)
    {
        const std::size_t length = GetSentence(rest);
        const auto sentence = FindSentence(rest.substr(0, length), findWhole);
        if (!sentence || (isFirst && length == core.size()))
        {
            return std::nullopt;
        }
        chinese += *sentence;
        rest = Strip(rest.substr(length))[1];
    }
    return chinese + std::string(after);
}

std::string
PhraseBook::Translate(std::string_view text) const
{
    Known known;
    const auto findWhole = [this, &known](std::string_view part) {
        return FindWhole(part, 0, known);
    };
    if (const auto found = Find(text))
    {
        return *found;
    }
    const auto [before, core, after] = Strip(text);
    std::string chinese(before);
    std::string_view rest = core;
    bool isEnglish = false;
    while (!rest.empty())
    {
        const std::size_t length = GetSentence(rest);
        const auto sentence = FindSentence(rest.substr(0, length), findWhole);
        // Between sentences in Chinese there is no space.
        chinese += (isEnglish || !sentence) && rest.data() != core.data() ? " " : "";
        chinese += sentence.value_or(std::string(rest.substr(0, length)));
        isEnglish = !sentence;
        rest = Strip(rest.substr(length))[1];
    }
    return chinese + std::string(after);
}

std::string
PhraseBook::TranslateHtml(std::string_view html, std::vector<std::string>* missing) const
{
    std::string chinese;
    const auto addText = [&](std::string_view piece) {
        const std::string text = Unescape(piece);
        const auto found = Find(text);
        if (!found && missing && LooksLikeText(text))
        {
            missing->push_back(text);
        }
        return Escape(found ? *found : Translate(text));
    };
    for (std::size_t at = 0; at < html.size();)
    {
        if (html[at] != '<')
        {
            const std::size_t end = std::min(html.find('<', at), html.size());
            chinese += addText(html.substr(at, end - at));
            at = end;
            continue;
        }
        std::size_t end = at;
        for (bool isQuoted = false; end < html.size() && (isQuoted || html[end] != '>'); ++end)
        {
            isQuoted ^= html[end] == '"';
        }
        end = std::min(end + 1, html.size());
        const std::string_view tag = html.substr(at, end - at);
        const std::string_view name = tag.substr(1, tag.find_first_of(" >", 1) - 1);
        const bool isForeign = name == "script" || name == "style" || name == "pre" ||
                               name == "code" ||
                               tag.find(" translate=\"no\"") != std::string_view::npos;
        if (isForeign)
        {
            end = FindElementEnd(html, at, name);
            chinese += html.substr(at, end - at);
            at = end;
            continue;
        }
        constexpr std::string_view LABEL{" aria-label=\""};
        const std::size_t label = tag.find(LABEL);
        if (label == std::string_view::npos)
        {
            chinese += tag;
        }
        else
        {
            const std::size_t begin = label + LABEL.size();
            const std::size_t close = tag.find('"', begin);
            chinese += tag.substr(0, begin);
            chinese += addText(tag.substr(begin, close - begin));
            chinese += tag.substr(close);
        }
        at = end;
    }
    return chinese;
}

std::string
Say(Language language, std::string_view text)
{
    return language == Language::CHINESE ? PhraseBook::Get().Translate(text) : std::string(text);
}

} // namespace mtlink
} // namespace ns3
