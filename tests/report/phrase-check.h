/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PHRASE_CHECK_H
#define MTLINK_PHRASE_CHECK_H

#include "report/phrase-book.h"

#include "ns3/mtlink-results.h"

#include <cctype>
#include <doctest/doctest.h>
#include <set>
#include <string>

namespace ns3
{
namespace mtlink
{

/** @return the numbers in a text, each as often as it stands there. */
inline std::multiset<std::string>
ListNumbers(const std::string& text)
{
    std::multiset<std::string> numbers;
    for (size_t i = 0; i < text.size(); ++i)
    {
        std::string number;
        while (i < text.size() && (std::isdigit(static_cast<unsigned char>(text[i])) ||
                                   (!number.empty() && text[i] == '.' && i + 1 < text.size() &&
                                    std::isdigit(static_cast<unsigned char>(text[i + 1])))))
        {
            number += text[i++];
        }
        if (!number.empty())
        {
            numbers.insert(number);
        }
    }
    return numbers;
}

/** See that a text has its translation, with the same numbers. */
inline void
CheckTranslation(const std::string& text)
{
    CAPTURE(text);
    const auto chinese = PhraseBook::Get().Find(text);
    REQUIRE(chinese);
    CHECK(*chinese != text);
    CHECK(ListNumbers(*chinese) == ListNumbers(text));
}

/** See that all that a verdict says has. */
inline void
CheckTranslation(const VerdictResult& verdict)
{
    CheckTranslation(verdict.text);
    for (const VerdictTry& one : verdict.tries)
    {
        CheckTranslation(one.why);
        CheckTranslation(one.expected);
    }
    for (const std::string& note : verdict.notes)
    {
        CheckTranslation(note);
    }
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_PHRASE_CHECK_H
