/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "verdict-text.h"

#include "report/human-text.h"

#include <fmt/format.h>
#include <string>

using namespace ns3::mtlink;

namespace
{

/** @return what is said of a verdict's word and its part of the time lost; empty: nothing. */
std::string
FormatCause(const VerdictResult& verdict)
{
    if (verdict.boundBy.empty())
    {
        return "";
    }
    return fmt::format(" [{}{}]",
                       WordsText(verdict.boundBy),
                       verdict.share ? ", " + PercentText(*verdict.share) + " of the time lost"
                                     : "");
}

} // namespace

std::string
FormatVerdict(const VerdictResult& verdict)
{
    std::string text = fmt::format("{}{}\n", verdict.text, FormatCause(verdict));
    if (verdict.root && !verdict.root->victims.empty())
    {
        text += fmt::format("  victims: {}\n", fmt::join(verdict.root->victims, ", "));
    }
    for (const VerdictTry& one : verdict.tries)
    {
        // What a shell would take apart.
        const bool isPlain = one.change.find_first_of(" {}[]*$&;'") == std::string::npos;
        text += fmt::format("  try --set {}\n      {}; expected: {}\n",
                            isPlain ? one.change : "'" + one.change + "'",
                            one.why,
                            one.expected);
    }
    for (const std::string& note : verdict.notes)
    {
        text += "  note: " + note + "\n";
    }
    return text;
}
