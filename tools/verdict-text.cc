/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "verdict-text.h"

#include "measure/set-options.h"
#include "report/human-text.h"

#include <fmt/format.h>
#include <string>

using namespace ns3::mtlink;

namespace
{

/** @return what is said of a verdict's word and its part of the time lost; empty: nothing. */
std::string
FormatCause(const VerdictResult& verdict, Language language)
{
    if (verdict.boundBy.empty())
    {
        return "";
    }
    const std::string word = WordsText(verdict.boundBy);
    const std::string text =
        verdict.share ? fmt::format("{}, {} of the time lost", word, PercentText(*verdict.share))
                      : word;
    return " [" + Say(language, text) + "]";
}

} // namespace

std::string
FormatVerdict(const VerdictResult& verdict, Language language)
{
    const auto say = [language](const std::string& text) { return Say(language, text); };
    std::string text = fmt::format("{}{}\n", say(verdict.text), FormatCause(verdict, language));
    if (verdict.root && !verdict.root->victims.empty())
    {
        text +=
            "  " + say(fmt::format("victims: {}", fmt::join(verdict.root->victims, ", "))) + "\n";
    }
    for (const VerdictTry& one : verdict.tries)
    {
        text += "  " + say("try " + SetOptionsText(one.change)) + "\n";
        text += "      " + say(one.why + "; expected: " + one.expected) + "\n";
    }
    for (const std::string& note : verdict.notes)
    {
        text += "  " + say("note: " + note) + "\n";
    }
    return text;
}
