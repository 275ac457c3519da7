/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PHRASE_BOOK_H
#define MTLINK_PHRASE_BOOK_H

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * A language of verdicts, reports and tables of the command. */
enum class Language
{
    ENGLISH,
    CHINESE,
};

/**
 * @ingroup mtlink
 * @param [in] name "en" or "zh".
 * @return the language; nothing: there is none of that name.
 */
std::optional<Language> FindLanguage(std::string_view name);

/** @return its name. @param [in] language A language. */
const char* GetLanguageName(Language language);

/**
 * @ingroup mtlink
 * @return the language of the environment: of the first of LC_ALL, LC_MESSAGES and LANG that is set
 *         and not empty, Chinese where it begins with "zh", else English.
 */
Language GetEnvironmentLanguage();

/**
 * @ingroup mtlink
 * An English text and what it is in Chinese. In the English one {} stands for anything, {w} for
 * anything without a space that is no run's name with what it is of, {n} for a number, with its
 * unit behind a space that does not break, and {e} for anything that may stay English and is no
 * more than a sentence; in the Chinese one {0}, {1}, ... for what they stood for, translated in
 * turn.
 */
struct Phrase
{
    const char* english; //!< As the program says it
    const char* chinese; //!< As the field says it in Chinese
};

/** @return all phrases: the one place that holds the texts of both languages. */
std::vector<std::span<const Phrase>> ListPhrases();

/**
 * @ingroup mtlink
 * Texts in another language. Programs speak English, into results, too; what is read by people is
 * translated as it is shown, by the sentence. So what a stored summary says is translated like what
 * a run has just said, and no rule knows of languages. The page's script does the same:
 * translate.js.
 */
class PhraseBook
{
  public:
    /** @return the book. */
    static const PhraseBook& Get();

    /**
     * @param [in] text Sentences, or one of the texts that the book has, in English.
     * @return the same in Chinese; nothing: the book lacks some of it.
     */
    std::optional<std::string> Find(std::string_view text) const;

    /**
     * @param [in] text As above.
     * @return the same in Chinese, sentence by sentence; what the book lacks stays English.
     */
    std::string Translate(std::string_view text) const;

    /**
     * Translate what stands between tags, and the names of things for screen readers. What is in
     * script, style, pre and code is left alone, and in elements with translate="no".
     * @param [in] html HTML, well formed.
     * @param [out] missing Gets what looks like a text and is not in the book; null: not asked.
     * @return the same in Chinese.
     */
    std::string TranslateHtml(std::string_view html,
                              std::vector<std::string>* missing = nullptr) const;

  private:
    /** A phrase, taken apart. */
    struct Pattern
    {
        std::vector<std::string> literals; //!< What stands around the placeholders, one more
        std::vector<char> kinds;           //!< Of the placeholders: ' ', 'w', 'n' or 'e'
        const char* chinese;               //!< What it is in Chinese
        std::size_t letters;               //!< Of all literals
    };

    PhraseBook();

    /** What parts of a text have been found to be, by depth: each is asked for by many patterns. */
    using Known = std::map<std::pair<int, std::string_view>, std::optional<std::string>>;

    std::optional<std::string> FindWhole(std::string_view text, int depth, Known& known) const;
    std::optional<std::string> FindByPattern(std::string_view text, int depth, Known& known) const;
    bool Match(const Pattern& pattern,
               std::string_view text,
               std::size_t at,
               std::size_t slot,
               std::vector<std::string_view>& found,
               std::set<std::pair<std::size_t, std::size_t>>& failed) const;

    std::unordered_map<std::string_view, const char*> m_exact; //!< Phrases without placeholders
    std::vector<Pattern> m_patterns;                           //!< Others, the longest first
};

/**
 * @ingroup mtlink
 * @param [in] language For whom.
 * @param [in] text A text in English.
 * @return the text in that language.
 */
std::string Say(Language language, std::string_view text);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PHRASE_BOOK_H
