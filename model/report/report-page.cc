/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report-page.h"

#include "measure/json-writer.h"
#include "report/html.h"
#include "report/report-data.h"

#include <fmt/format.h>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/**
 * @param [in] ending Of their names.
 * @param [in] isVendor From vendor/, each with its licence, or the page's own.
 * @return those files of the page one after another.
 */
std::string
JoinFiles(std::string_view ending, bool isVendor)
{
    std::string text;
    for (const auto& file : GetPageFiles())
    {
        if (file.name.starts_with("vendor/") != isVendor)
        {
            continue;
        }
        if (file.name.ends_with(".LICENSE"))
        {
            text += fmt::format("/*! {}:\n{}*/\n", file.name, file.text);
        }
        else if (file.name.ends_with(ending))
        {
            text += file.text;
            text += '\n';
        }
    }
    return text;
}

/** @return the window's title in a language, HTML. */
std::string
WriteTitle(const Page& page, Language language)
{
    const std::string title = page.title + " \u2013 mtlink report";
    return language == Language::ENGLISH ? title : PhraseBook::Get().TranslateHtml(title);
}

/** @return what the body shows, in English, HTML. */
std::string
WriteBody(const Page& page)
{
    std::string links;
    for (const auto& link : page.links)
    {
        links += fmt::format("<li><a href=\"#{}\">{}</a></li>", link.id, link.text);
    }
    for (const auto& [name, text] : {std::pair("en", "English"), std::pair("zh", "\u4e2d\u6587")})
    {
        links += fmt::format("<li class=\"language\"><a href=\"?lang={0}\" lang=\"{0}\" "
                             "hreflang=\"{0}\" translate=\"no\">{1}</a></li>",
                             name,
                             text);
    }
    return fmt::format("<a class=\"skip\" href=\"#{}\">To the figures</a>\n<header>\n<h1>{}</h1>\n"
                       "<p class=\"lead\">{}</p>\n{}"
                       "<nav aria-label=\"Sections\"><ul>{}</ul></nav>\n</header>\n<main>\n"
                       "<noscript><p class=\"warning\">Pictures are drawn by a script, which is "
                       "switched off here; the tables stand without it.</p></noscript>\n{}</main>\n"
                       "<footer>Made by mtlink {}.</footer>\n",
                       page.links.front().id,
                       page.heading,
                       page.lead,
                       page.warnings,
                       links,
                       page.sections,
                       EscapeHtml(MTLINK_VERSION));
}

/** @return the page in its other language, JSON for the script. */
std::string
WriteOther(Language language, const std::string& title, const std::string& body)
{
    std::string text;
    JsonWriter json(text, JsonWriter::Layout::COMPACT);
    json.BeginObject();
    json.Key("lang");
    json.String(GetLanguageName(language));
    json.Key("title");
    json.String(title);
    json.Key("body");
    json.String(body);
    json.EndObject();
    return EscapeJsonForHtml(std::move(text));
}

/** @return all phrases, JSON for the script. */
std::string
WritePhrases()
{
    std::string text;
    JsonWriter json(text, JsonWriter::Layout::COMPACT);
    json.BeginArray();
    for (const auto phrases : ListPhrases())
    {
        for (const Phrase& phrase : phrases)
        {
            json.BeginArray();
            json.String(phrase.english);
            json.String(phrase.chinese);
            json.EndArray();
        }
    }
    json.EndArray();
    return EscapeJsonForHtml(std::move(text));
}

} // namespace

std::string
PageSection(const std::string& id, const std::string& heading, const std::string& content)
{
    return fmt::format(
        "<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n{2}</section>\n",
        id,
        heading,
        content);
}

std::string
PageChart(const std::string& chart, size_t run)
{
    return fmt::format("<div class=\"place\" data-chart=\"{}\" data-run=\"{}\"></div>\n",
                       chart,
                       run);
}

std::string
WritePage(const Page& page)
{
    const Language other =
        page.language == Language::ENGLISH ? Language::CHINESE : Language::ENGLISH;
    const std::string english = WriteBody(page);
    const std::string chinese = PhraseBook::Get().TranslateHtml(english);
    const bool isEnglish = page.language == Language::ENGLISH;
    // The policy keeps the page from loading anything, whatever is in it.
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<div id=\"page\">\n{}</div>\n"
        "<script type=\"application/json\" id=\"data\">{}</script>\n"
        "<script type=\"application/json\" id=\"other-language\">{}</script>\n"
        "<script type=\"application/json\" id=\"phrases\">{}</script>\n"
        "<script>\n{}</script>\n<script>\n\"use strict\";\n{}</script>\n</body>\n</html>\n",
        GetLanguageName(page.language),
        WriteTitle(page, page.language),
        JoinFiles(".css", true) + JoinFiles(".css", false),
        isEnglish ? english : chinese,
        page.data,
        WriteOther(other, WriteTitle(page, other), isEnglish ? chinese : english),
        WritePhrases(),
        JoinFiles(".js", true),
        JoinFiles(".js", false));
}

} // namespace mtlink
} // namespace ns3
