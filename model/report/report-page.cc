/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/report-page.h"

#include "report/html.h"

#include <fmt/format.h>

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
    std::string links;
    for (const auto& link : page.links)
    {
        links += fmt::format("<li><a href=\"#{}\">{}</a></li>", link.id, link.text);
    }
    // The policy keeps the page from loading anything, whatever is in it.
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>{} \u2013 mtlink report</title>\n<style>\n{}</style>\n</head>\n<body>\n"
        "<a class=\"skip\" href=\"#{}\">To the figures</a>\n<header>\n<h1>{}</h1>\n"
        "<p class=\"lead\">{}</p>\n{}"
        "<nav aria-label=\"Sections\"><ul>{}</ul></nav>\n</header>\n<main>\n"
        "<noscript><p class=\"warning\">Pictures are drawn by a script, which is switched off "
        "here; the tables stand without it.</p></noscript>\n{}</main>\n"
        "<footer>Made by mtlink {}.</footer>\n"
        "<script type=\"application/json\" id=\"data\">{}</script>\n"
        "<script>\n{}</script>\n<script>\n\"use strict\";\n{}</script>\n</body>\n</html>\n",
        page.title,
        JoinFiles(".css", true) + JoinFiles(".css", false),
        page.links.front().id,
        page.heading,
        page.lead,
        page.warnings,
        links,
        page.sections,
        EscapeHtml(MTLINK_VERSION),
        page.data,
        JoinFiles(".js", true),
        JoinFiles(".js", false));
}

} // namespace mtlink
} // namespace ns3
