/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "progress-bar.h"

#include "report/human-text.h"

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
    constexpr int WIDTH = 20;
    const int filled = static_cast<int>(progress.share * WIDTH);
    // Early on, what is done says little of what is left.
    const std::string left =
        progress.share >= 0.01 ? FormatClock(seconds / progress.share - seconds) : "-:--";
    const double speed = seconds > 0 ? static_cast<double>(progress.packetHops) / seconds : 0;
    return fmt::format("[{}{}] {:3.0f} %  {} simulated{}  {} left",
                       std::string(static_cast<std::size_t>(filled), '#'),
                       std::string(static_cast<std::size_t>(WIDTH - filled), ' '),
                       std::floor(progress.share * 100),
                       TimeText(progress.now),
                       speed > 0 ? fmt::format("  {} packet-hops/s", DecimalText(speed, 3)) : "",
                       left);
}

ProgressBar::ProgressBar()
    : m_start(std::chrono::steady_clock::now()),
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
    Show([&progress](double seconds) { return FormatProgress(progress, seconds); });
}

void
ProgressBar::Wipe()
{
    if (m_isShown)
    {
        std::fputs("\r\x1b[K", stderr);
        m_isShown = false;
    }
}

void
ProgressBar::Show(const std::function<std::string(double seconds)>& format)
{
    const auto now = std::chrono::steady_clock::now();
    if (now - m_shown < std::chrono::milliseconds(200))
    {
        return;
    }
    m_shown = now;
    m_isShown = true;
    const double seconds = std::chrono::duration<double>(now - m_start).count();
    std::fprintf(stderr, "\r%s\x1b[K", format(seconds).c_str());
}

bool
ProgressBar::IsWanted()
{
    return isatty(STDERR_FILENO) != 0;
}
