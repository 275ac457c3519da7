/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/sweep-precheck.h"

#include "sweep/sweep-process.h"
#include "sweep/sweep-values.h"

#include <charconv>
#include <poll.h>
#include <string>

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return a number in a text; 0 if it is none. */
uint32_t
ReadNumber(const std::string& text)
{
    uint32_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/**
 * @param [in] text What an InputError said in another process.
 * @param [in] fallback Its place where the text has none.
 * @return that error.
 */
InputError
RestoreError(const std::string& text, const Where& fallback)
{
    const std::string mark = ": error: ";
    const std::size_t end = text.find(mark);
    const std::size_t column = end == std::string::npos ? end : text.rfind(':', end - 1);
    const std::size_t line = column == std::string::npos || column == 0
                                 ? std::string::npos
                                 : text.rfind(':', column - 1);
    if (line == std::string::npos)
    {
        return {fallback, text};
    }
    return {{text.substr(0, line),
             ReadNumber(text.substr(line + 1, column - line - 1)),
             ReadNumber(text.substr(column + 1, end - column - 1))},
            text.substr(end + mark.size())};
}

/** @return how a process ended; nothing: it was interrupted. */
std::optional<JobOutcome>
WaitFor(SweepProcess& process, const volatile std::sig_atomic_t* interrupt)
{
    constexpr int MILLISECONDS = 200;
    while (true)
    {
        if (interrupt && *interrupt != 0)
        {
            return std::nullopt;
        }
        pollfd polled{process.GetDescriptor(), POLLIN, 0};
        if (poll(&polled, 1, MILLISECONDS) > 0 && !process.Listen())
        {
            return process.Wait();
        }
    }
}

} // namespace

void
RefuseUnrunnableValues(const Sweep& sweep,
                       const std::vector<std::optional<JobOutcome>>& outcomes,
                       const volatile std::sig_atomic_t* interrupt)
{
    SweepValues values(sweep);
    std::vector<bool> isKnown(sweep.points.size());
    const auto refuse = [&](const SweepPoint& point, const std::string& why) {
        values.Refuse(point, RestoreError(why, sweep.base.GetWhere()));
    };
    for (std::size_t i = 0; i < sweep.jobs.size(); ++i)
    {
        const std::size_t index = sweep.jobs[i].point;
        const SweepPoint& point = sweep.points[index];
        const bool isRead = point.refused.empty();
        if (isKnown[index] || (isRead && !outcomes[i]))
        {
            continue;
        }
        isKnown[index] = true;
        if (isRead && outcomes[i]->status != JobStatus::REFUSED)
        {
            values.Accept(point);
        }
        else
        {
            refuse(point, isRead ? outcomes[i]->message : point.refused);
        }
    }
    std::size_t built = 0;
    for (std::size_t i = 0; i < sweep.points.size() && built < MOST_PRECHECKS; ++i)
    {
        const SweepPoint& point = sweep.points[i];
        if (isKnown[i] || !values.IsWanted(point))
        {
            continue;
        }
        ++built;
        SweepProcess process(sweep, point);
        const std::optional<JobOutcome> outcome = WaitFor(process, interrupt);
        if (!outcome)
        {
            return;
        }
        if (outcome->status == JobStatus::REFUSED)
        {
            refuse(point, outcome->message);
        }
        else
        {
            values.Accept(point); // one that fails is told of when it is run
        }
    }
    values.Finish();
}

} // namespace mtlink
} // namespace ns3
