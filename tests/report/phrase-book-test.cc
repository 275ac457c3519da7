/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../measure/sample-results.h"
#include "measure/result-writer.h"
#include "measure/text-file.h"
#include "phrase-check.h"
#include "report/phrase-book.h"
#include "report/report.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** A phrase with something in its placeholders. */
struct Filled
{
    std::string english;             //!< What is said
    std::string chinese;             //!< What it should be
    std::vector<std::string> values; //!< Of the placeholders
};

/** @return a phrase with values that no other phrase has. */
Filled
Fill(const Phrase& phrase)
{
    Filled filled;
    const std::string english = phrase.english;
    for (size_t i = 0; i < english.size(); ++i)
    {
        const std::string rest = english.substr(i, 3);
        const bool isPlain = rest.starts_with("{}");
        if (isPlain || rest == "{w}" || rest == "{n}" || rest == "{e}")
        {
            const std::string number = std::to_string(101 + filled.values.size());
            filled.values.push_back(rest == "{n}" ? number : "x" + number);
            filled.english += filled.values.back();
            i += isPlain ? 1 : 2;
            continue;
        }
        filled.english += english[i];
    }
    filled.chinese = phrase.chinese;
    for (size_t i = 0; i < filled.values.size(); ++i)
    {
        const std::string slot = "{" + std::to_string(i) + "}";
        for (size_t at = filled.chinese.find(slot); at != std::string::npos;
             at = filled.chinese.find(slot, at))
        {
            filled.chinese.replace(at, slot.size(), filled.values[i]);
        }
    }
    return filled;
}

/** Sets a variable of the environment for as long as it lives. */
class Variable
{
  public:
    Variable(const char* name, const char* value)
        : m_name(name)
    {
        const char* old = std::getenv(name);
        m_old = old ? std::optional<std::string>(old) : std::nullopt;
        setenv(name, value, 1);
    }

    ~Variable()
    {
        m_old ? setenv(m_name, m_old->c_str(), 1) : unsetenv(m_name);
    }

    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

  private:
    const char* m_name;               //!< Its name
    std::optional<std::string> m_old; //!< What it was
};

} // namespace

TEST_SUITE("phrase book")
{
    TEST_CASE("each phrase is found, with all its numbers, and none hides another")
    {
        const PhraseBook& book = PhraseBook::Get();
        std::set<std::string> seen;
        for (const auto phrases : ListPhrases())
        {
            for (const Phrase& phrase : phrases)
            {
                CAPTURE(std::string(phrase.english));
                CHECK(seen.insert(phrase.english).second);
                const Filled filled = Fill(phrase);
                const auto chinese = book.Find(filled.english);
                REQUIRE(chinese);
                CHECK(*chinese == filled.chinese);
                CHECK(ListNumbers(*chinese) == ListNumbers(filled.english));
                CHECK(filled.chinese.find('{' + std::to_string(filled.values.size())) ==
                      std::string::npos);
            }
        }
        CHECK(seen.size() > 400);
    }

    TEST_CASE("a long list that the book has not is given up in little time")
    {
        // Commas, colons and semicolons are shared out among placeholders in very many ways.
        std::string text = "an unheard-of figure over load.";
        for (int i = 0; i < 12; ++i)
        {
            text += " taper 1, buffer 4KiB, traffic uniform: 0.1 1.07 \u00b5s, 0.2 odd words here, "
                    "0.4 saturated;";
        }
        CHECK(!PhraseBook::Get().Find(text));
    }

    TEST_CASE("names and numbers stay as they are, and so does what the book lacks")
    {
        const PhraseBook& book = PhraseBook::Get();
        for (const char* text : {"gpu0:3", "97.3\u00a0%", "", " ", "rail6/leaf17:47", "all_reduce"})
        {
            CHECK(book.Translate(text) == text);
        }
        CHECK(!book.Find("It speaks of what nobody has thought of."));
        CHECK(book.Translate("It speaks of what nobody has thought of.") ==
              "It speaks of what nobody has thought of.");
        // Of several sentences those that it has are translated.
        CHECK(book.Translate("No such thing. Every queue was empty.") ==
              "No such thing. \u6240\u6709\u961f\u5217\u90fd\u662f\u7a7a\u7684\u3002");
        CHECK(book.Translate(" Summary ") == " \u6982\u8981 ");
    }

    TEST_CASE("what may stay English ends with its sentence and the next one is translated")
    {
        const PhraseBook& book = PhraseBook::Get();
        std::size_t tried = 0;
        for (const auto phrases : ListPhrases())
        {
            for (const Phrase& phrase : phrases)
            {
                const std::string english = phrase.english;
                const bool isSentence = english.find(". ") == std::string::npos; // not several
                if (isSentence && (english.ends_with("{e}") || english.ends_with("{e}.")))
                {
                    CAPTURE(english);
                    const Filled filled = Fill(phrase);
                    const std::string stop = english.ends_with(".") ? "" : ".";
                    const std::string chinese =
                        book.Translate(filled.english + stop + " Every queue was empty.");
                    CHECK(chinese == filled.chinese + (stop.empty() ? "" : "\u3002") +
                                         "\u6240\u6709\u961f\u5217\u90fd\u662f\u7a7a\u7684\u3002");
                    ++tried;
                }
            }
        }
        CHECK(tried > 5);
    }

    TEST_CASE("in HTML what stands between tags is translated, and what is code is not")
    {
        const PhraseBook& book = PhraseBook::Get();
        std::vector<std::string> missing;
        CHECK(book.TranslateHtml("<p>Summary <b title=\"a>b\">Links</b></p><pre>Links</pre>"
                                 "<i translate=\"no\">Links<i>Links</i></i>Latency",
                                 &missing) ==
              "<p>\u6982\u8981 <b title=\"a>b\">\u94fe\u8def</b></p><pre>Links</pre>"
              "<i translate=\"no\">Links<i>Links</i></i>\u65f6\u5ef6");
        CHECK(book.TranslateHtml("<p aria-label=\"Links\">a &lt; b &amp; Links</p>") ==
              "<p aria-label=\"\u94fe\u8def\">a &lt; b &amp; Links</p>");
        CHECK(missing.empty());
        book.TranslateHtml("<p>nobody knows this</p>", &missing);
        CHECK(missing == std::vector<std::string>{"nobody knows this"});
    }

    TEST_CASE("the environment's language is that of the first variable that is set")
    {
        const Variable all("LC_ALL", "");
        const Variable messages("LC_MESSAGES", "");
        const Variable lang("LANG", "zh_CN.UTF-8");
        CHECK(GetEnvironmentLanguage() == Language::CHINESE);
        const Variable english("LC_MESSAGES", "C");
        CHECK(GetEnvironmentLanguage() == Language::ENGLISH);
        const Variable chinese("LC_ALL", "zh");
        CHECK(GetEnvironmentLanguage() == Language::CHINESE);
        CHECK(FindLanguage("zh") == Language::CHINESE);
        CHECK(FindLanguage("en") == Language::ENGLISH);
        CHECK(!FindLanguage("fr"));
        CHECK(!FindLanguage(""));
    }

    TEST_CASE("no text of a page lacks its translation")
    {
        auto stopped = MakeSampleResults(4, 2, 2);
        stopped.complete = false;
        stopped.stopReason = "deadlock";
        stopped.collectives.back().end = NEVER;
        auto open = MakeSampleResults(4, 2);
        open.collectives.clear();
        open.messages.clear();
        open.offeredLoad = 0.5;
        open.acceptedLoad = 0.4;
        auto flow = MakeSampleResults(4, 2);
        flow.mode = "flow";
        auto idle = MakeSampleResults(4, 2);
        idle.congestion.clear();
        idle.congestionFlows.clear();
        idle.queues.clear();
        idle.packetLatency.reset();
        idle.networkLatency.reset();
        idle.settings.clear();
        for (auto& link : idle.links)
        {
            link.busy = 0;
            link.creditStall = 0;
        }
        for (RunResults run : {MakeSampleResults(4, 2), stopped, open, flow, idle, RunResults{}})
        {
            run.verdict.reset(); // the sample's is no rule's
            const TemporaryDirectory directory;
            WriteResults(run, directory.Path());
            const std::string page = directory.Path("report.html");
            WriteReport({directory.Path()}, page);
            const std::string html = ReadTextFile(page);
            const size_t begin = html.find("<div id=\"page\">");
            std::vector<std::string> missing;
            PhraseBook::Get().TranslateHtml(html.substr(begin, html.find("<script") - begin),
                                            &missing);
            CHECK(missing == std::vector<std::string>{});
        }
    }

    TEST_CASE("a page opens in the language that was asked for, and has the other one")
    {
        const TemporaryDirectory directory;
        WriteResults(MakeSampleResults(4, 2), directory.Path());
        for (const auto& [language, name, own, other] :
             {std::tuple(Language::ENGLISH, "en", "<h2 id=\"summary\">Summary", "\u6982\u8981"),
              std::tuple(Language::CHINESE, "zh", "<h2 id=\"summary\">\u6982\u8981", "Summary")})
        {
            WriteReport({directory.Path()}, directory.Path("report.html"), language);
            const std::string html = ReadTextFile(directory.Path("report.html"));
            CHECK(html.find(std::string("<html lang=\"") + name) != std::string::npos);
            CHECK(html.find(own) < html.find("id=\"other-language\""));
            CHECK(html.find(other, html.find("id=\"other-language\"")) != std::string::npos);
        }
    }
}
