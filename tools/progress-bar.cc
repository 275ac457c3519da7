/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "progress-bar.h"

#include "report/human-text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

using namespace ns3::mtlink;

std::string
FormatClock(double seconds)
{
    const auto whole = static_cast<long>(seconds + 0.5);
    return whole < 3600 ? fmt::format("{}:{:02}", whole / 60, whole % 60)
                        : fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string
FormatProgress(const RunProgress& progress, double seconds)
{
    // Early on, what is done says little of what is left.
    const std::string left =
        progress.share >= 0.01 ? FormatClock(seconds / progress.share - seconds) : "-:--";
    const double speed = seconds > 0 ? static_cast<double>(progress.packetHops) / seconds : 0;
    return fmt::format("{} simulated{}  {} left",
                       TimeText(progress.now),
                       speed > 0 ? fmt::format("  {} packet-hops/s", DecimalText(speed, 3)) : "",
                       left);
}

ProgressBar::Style
ProgressBar::GetUsualStyle()
{
    const bool isTerminal = isatty(STDERR_FILENO) != 0;
    return {stderr,
            isTerminal,
            isTerminal ? std::chrono::milliseconds(200) : std::chrono::minutes(1)};
}

ProgressBar::ProgressBar(const Style& style)
    : m_style(style),
      m_start(std::chrono::steady_clock::now()),
      m_shown(m_start)
{
}

ProgressBar::~ProgressBar()
{
    Wipe();
}

void
ProgressBar::Show(const RunProgress& progress)
{
    Show(progress.share, [&progress](double seconds) { return FormatProgress(progress, seconds); });
}

void
ProgressBar::Show(double share, const std::function<std::string(double seconds)>& format)
{
    const auto now = std::chrono::steady_clock::now();
    if (now - m_shown < m_style.interval)
    {
        return;
    }
    m_shown = now;
    const std::string text =
        fmt::format("{:.0f} %  {}",
                    std::floor(share * 100),
                    format(std::chrono::duration<double>(now - m_start).count()));
    if (!m_style.isTerminal)
    {
        std::fprintf(m_style.file, "mtlink: %s\n", text.c_str());
        std::fflush(m_style.file);
        return;
    }
    constexpr int WIDTH = 20;
    const auto filled = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * WIDTH);
    m_isShown = true;
    std::fprintf(m_style.file,
                 "\r[%s%s] %s\x1b[K",
                 std::string(filled, '#').c_str(),
                 std::string(WIDTH - filled, ' ').c_str(),
                 text.c_str());
}

void
ProgressBar::Wipe()
{
    if (m_isShown)
    {
        std::fputs("\r\x1b[K", m_style.file);
        m_isShown = false;
    }
}
