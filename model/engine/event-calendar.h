/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EVENT_CALENDAR_H
#define MTLINK_EVENT_CALENDAR_H

#include "engine/event-handler.h"
#include "engine/event-heap.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * The set of pending typed events, ordered by (time, key): a calendar.
 *
 * A year of days of equal length, each a list in sheets of some events. A day's events are sorted
 * when it comes; those scheduled for it from then on, and those that lie
 * beyond the year, are in a heap each. To insert and to remove cost a few instructions, whatever
 * the number of events pending, as long as days hold little to be sorted: their length follows what
 * is scheduled. It has no influence on the order. Where events come too unevenly for that, the cost
 * is that of sorting.
 *
 * After R. Brown, "Calendar queues: a fast O(1) priority queue implementation for the simulation
 * event set problem", Communications of the ACM 31(10), 1988; what is kept at both ends as in the
 * ladder queue of W. T. Tang, R. S. M. Goh and I. L.-J. Thng, ACM TOMACS 15(3), 2005.
 */
class EventCalendar
{
  public:
    EventCalendar()
        : m_days(FEWEST_DAYS),
          m_isBusy(FEWEST_DAYS / 64)
    {
    }

    /** @return whether no event is pending. */
    bool IsEmpty() const
    {
        return m_size == 0;
    }

    /** @return the number of pending events. */
    std::size_t GetSize() const
    {
        return m_size;
    }

    /** @return the first event; there must be one. */
    const TypedEvent& Top()
    {
        if (m_left == 0 && m_added.IsEmpty())
        {
            OpenNextDay();
        }
        return AddedIsNext() ? m_added.Top() : m_todays[m_left - 1];
    }

    /** Remove the first event, which Top() has shown. @return it. */
    TypedEvent Pop()
    {
        --m_size;
        if (AddedIsNext()) [[unlikely]]
        {
            const TypedEvent event = m_added.Top();
            m_added.Pop();
            return event;
        }
        return m_todays[--m_left];
    }

    /**
     * Announce today's next events, each step at a distance of its own.
     * @param [in] announce Is told of an event, and of the step.
     */
    template <typename Announcer>
    void Announce(Announcer announce)
    {
        if (m_isNewDay) [[unlikely]]
        {
            AnnounceFirst(announce);
        }
        for (uint32_t step = 0; step < EventHandler::PREFETCH_STEPS; ++step)
        {
            if (m_left > AHEAD[step])
            {
                announce(m_todays[m_left - 1 - AHEAD[step]], step);
            }
        }
    }

    /**
     * Insert an event.
     * @param [in] event The event, not before the latest that was removed.
     */
    void Push(const TypedEvent& event)
    {
        ++m_size;
        const int64_t day = event.at >> m_shift;
        const int64_t ahead = day - m_today;
        if (ahead <= 0)
        {
            m_added.Push(event);
            return;
        }
        ++m_pushed;
        if (ahead > m_halfYear) [[unlikely]]
        {
            ++m_pushedLate;
            if (ahead >= 2 * m_halfYear)
            {
                ++m_pushedBeyond;
                m_later.Push(event);
                return;
            }
        }
        const std::size_t place = GetPlace(day);
        Day& list = m_days[place];
        if (list.count == list.room)
        {
            AddSheet(list, place);
        }
        m_sheets[list.sheet].events[list.count++] = event;
    }

    /** Remove all. */
    void Clear()
    {
        *this = EventCalendar();
    }

  private:
    static constexpr uint32_t NO_SHEET = UINT32_MAX;               //!< End of a list
    static constexpr uint32_t SHEET_SIZE = 7;                      //!< Events on a sheet
    static constexpr std::size_t FEWEST_DAYS = 1024;               //!< In a year
    static constexpr std::size_t MOST_DAYS = std::size_t{1} << 22; //!< In a year
    static constexpr std::size_t SHORT = 24; //!< As many are sorted by insertion
    /** Events by which each step of Announce() is ahead: a miss of the cache takes some two. */
    static constexpr std::array<std::size_t, EventHandler::PREFETCH_STEPS> AHEAD{17,
                                                                                 14,
                                                                                 11,
                                                                                 8,
                                                                                 5,
                                                                                 3};

    /** Some events of a day ahead: what is scheduled at one time for another lies together. */
    struct alignas(64) Sheet
    {
        std::array<TypedEvent, SHEET_SIZE> events; //!< As they came
        uint32_t before;                           //!< The sheet before it, or the next free one
    };

    static_assert(sizeof(Sheet) == 128);

    /** A day ahead. */
    struct Day
    {
        uint32_t sheet{NO_SHEET}; //!< Its latest sheet, if it has events
        uint16_t count{0};        //!< Events on that
        uint16_t room{0};         //!< ... that may be on it; 0: there is no sheet
    };

    /** @return whether the first event is one of m_added. */
    bool AddedIsNext() const
    {
        return !m_added.IsEmpty() && (m_left == 0 || m_added.Top().IsBefore(m_todays[m_left - 1]));
    }

    /** @return the place of a day in m_days. */
    std::size_t GetPlace(int64_t day) const
    {
        return static_cast<std::size_t>(day & (2 * m_halfYear - 1));
    }

    /** Go to the next day that has events; today has none left, but there are some. */
    void OpenNextDay()
    {
        if (m_pushed >= 4 * m_days.size()) [[unlikely]]
        {
            Adapt();
        }
        int64_t next = INT64_MAX;
        if (m_size > m_later.GetSize()) [[likely]]
        {
            const std::size_t tomorrow = GetPlace(m_today + 1);
            next = m_today + 1 + GetPlace(static_cast<int64_t>(FindBusy(tomorrow) - tomorrow));
        }
        if (!m_later.IsEmpty()) [[unlikely]]
        {
            next = std::min(next, m_later.Top().at >> m_shift);
        }
        m_today = next;
        Take(GetPlace(next));
        for (; !m_later.IsEmpty() && m_later.Top().at >> m_shift == next; m_later.Pop())
        {
            m_added.Push(m_later.Top());
        }
        SortToday();
        ++m_opened;
        m_isNewDay = true;
    }

    /** Announce() the first of today's events, of which each step has missed some. */
    template <typename Announcer>
    void AnnounceFirst(Announcer& announce)
    {
        m_isNewDay = false;
        for (uint32_t step = 0; step < EventHandler::PREFETCH_STEPS; ++step)
        {
            for (std::size_t i = 0; i < std::min(AHEAD[step], m_left); ++i)
            {
                announce(m_todays[m_left - 1 - i], step);
            }
        }
    }

    /** A day has no room for another event: begin its next sheet. */
    void AddSheet(Day& day, std::size_t place)
    {
        if (m_free == NO_SHEET) [[unlikely]]
        {
            m_free = static_cast<uint32_t>(m_sheets.size());
            m_sheets.emplace_back();
            m_sheets.back().before = NO_SHEET;
        }
        const uint32_t sheet = m_free;
        m_free = m_sheets[sheet].before;
        m_sheets[sheet].before = day.sheet;
        day = {sheet, 0, SHEET_SIZE};
        m_isBusy[place / 64] |= 1ULL << (place % 64);
    }

    /** Move a day's events to m_todays, the last that came first: most often it is due last. */
    void Take(std::size_t place)
    {
        Day& day = m_days[place];
        uint32_t count = day.count;
        for (uint32_t sheet = day.sheet; sheet != NO_SHEET;)
        {
            if (m_left + SHEET_SIZE > m_todays.size()) [[unlikely]]
            {
                m_todays.resize(2 * m_left + SHORT);
            }
            Sheet& taken = m_sheets[sheet];
            while (count > 0)
            {
                m_todays[m_left++] = taken.events[--count];
            }
            const uint32_t before = taken.before;
            taken.before = m_free;
            m_free = sheet;
            sheet = before;
            count = SHEET_SIZE;
        }
        day = {};
        m_isBusy[place / 64] &= ~(1ULL << (place % 64));
    }

    /** Sort m_todays, the latest first. */
    void SortToday()
    {
        const std::size_t size = m_left;
        for (std::size_t i = 1; i < size; ++i)
        {
            const TypedEvent event = m_todays[i];
            if (!m_todays[i - 1].IsBefore(event)) [[likely]]
            {
                continue;
            }
            if (size > SHORT)
            {
                SortLongDay(size);
                return;
            }
            std::size_t j = i;
            for (; j > 0 && m_todays[j - 1].IsBefore(event); --j)
            {
                // What is due at one time no shorter days would part.
                m_moved += m_todays[j - 1].at < event.at;
                m_todays[j] = m_todays[j - 1];
            }
            m_todays[j] = event;
        }
    }

    /**
     * SortToday() of so many: what is due at one time has mostly been scheduled in order, by one
     * phase of an instant and then by another. So there are runs, which are merged.
     */
    void SortLongDay(std::size_t size)
    {
        const auto isLater = [](const TypedEvent& a, const TypedEvent& b) { return b.IsBefore(a); };
        m_runs.assign(1, 0);
        bool isByTime = true;
        for (std::size_t i = 1; i < size; ++i)
        {
            if (m_todays[i - 1].IsBefore(m_todays[i]))
            {
                m_runs.push_back(i);
                isByTime = isByTime && m_todays[i - 1].at == m_todays[i].at;
            }
        }
        m_moved += isByTime ? 0 : size;
        m_merged.resize(m_todays.size());
        while (m_runs.size() > 1)
        {
            const std::size_t runs = m_runs.size();
            m_runs.push_back(size);
            for (std::size_t run = 0; run < runs; run += 2)
            {
                const auto at = [this](std::size_t n) {
                    return m_todays.begin() + static_cast<std::ptrdiff_t>(m_runs[n]);
                };
                const std::size_t end = std::min(run + 2, runs);
                std::merge(at(run),
                           at(run + 1),
                           at(run + 1),
                           at(end),
                           m_merged.begin() + static_cast<std::ptrdiff_t>(m_runs[run]),
                           isLater);
                m_runs[run / 2] = m_runs[run];
            }
            m_runs.resize((runs + 1) / 2);
            m_todays.swap(m_merged);
        }
    }

    /** @return the place of the first day at or behind one, round the year, that has events. */
    std::size_t FindBusy(std::size_t place)
    {
        std::size_t word = place / 64;
        uint64_t bits = m_isBusy[word] & (~0ULL << (place % 64));
        while (bits == 0)
        {
            word = (word + 1) & (m_isBusy.size() - 1);
            bits = m_isBusy[word];
        }
        return word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
    }

    /**
     * Let the year reach as far ahead as events are scheduled: seldom beyond its end, but sometimes
     * beyond its half. And give it more days where there was much to be sorted, fewer where days
     * had so few events that hardly any could be announced ahead. Today is over.
     */
    void Adapt()
    {
        std::size_t days = m_days.size();
        uint32_t shift = m_shift;
        if (m_pushedBeyond > m_pushed / 16)
        {
            ++shift;
        }
        else if (m_pushedLate < m_pushed / 64 && shift > 0)
        {
            --shift;
        }
        if (m_moved > 4 * m_pushed && days < MOST_DAYS && shift > 0)
        {
            days *= 2;
            --shift;
        }
        else if (m_opened > m_pushed / 6 && days > FEWEST_DAYS)
        {
            days /= 2;
            ++shift;
        }
        if (days != m_days.size() || shift != m_shift)
        {
            Rebuild(days, shift);
        }
        m_pushed = m_pushedLate = m_pushedBeyond = m_moved = m_opened = 0;
    }

    /** Make a year of so many days of 2^shift ticks; today is over. */
    void Rebuild(std::size_t days, uint32_t shift)
    {
        std::vector<TypedEvent> events;
        events.reserve(m_size);
        for (const Day& day : m_days)
        {
            uint32_t count = day.count;
            for (uint32_t i = day.sheet; i != NO_SHEET; i = m_sheets[i].before)
            {
                const auto begin = m_sheets[i].events.begin();
                events.insert(events.end(), begin, begin + count);
                count = SHEET_SIZE;
            }
        }
        for (; !m_later.IsEmpty(); m_later.Pop())
        {
            events.push_back(m_later.Top());
        }
        const int64_t tomorrow = (m_today + 1) << m_shift; // all events are due then, or later
        *this = EventCalendar();
        m_shift = shift;
        m_halfYear = static_cast<int64_t>(days / 2);
        m_today = (tomorrow >> shift) - 1;
        m_days.assign(days, {});
        m_isBusy.assign(days / 64, 0);
        for (const TypedEvent& event : events)
        {
            Push(event);
        }
    }

    std::vector<TypedEvent> m_todays; //!< Today's events as they were when it came, latest first
    std::size_t m_left{0};            //!< So many of them were not removed
    std::vector<TypedEvent> m_merged; //!< Room to sort them
    std::vector<std::size_t> m_runs;  //!< Where those of them begin that are in order
    bool m_isNewDay{false};           //!< None of them was announced yet
    std::vector<Day> m_days;          //!< The days ahead, round the year
    std::vector<uint64_t> m_isBusy;   //!< Which days have events, a bit for each
    std::vector<Sheet> m_sheets;      //!< Events of the days ahead, and free sheets
    EventHeap m_added;                //!< Events pushed for today since it came, or for days before
    EventHeap m_later;                //!< Events that were beyond the year when they came
    std::size_t m_size{0};            //!< Number of events
    int64_t m_today{-1};              //!< Day
    int64_t m_halfYear{FEWEST_DAYS / 2}; //!< In days
    uint32_t m_shift{12};                //!< A day has 2^this ticks: 4 ns
    uint32_t m_free{NO_SHEET};           //!< First free sheet
    // Since the latest look:
    uint64_t m_pushed{0};       //!< Events pushed for days ahead
    uint64_t m_pushedLate{0};   //!< ... for the second half of the year, or beyond
    uint64_t m_pushedBeyond{0}; //!< ... beyond the year
    uint64_t m_moved{0};        //!< Places by which events were moved in sorting
    uint64_t m_opened{0};       //!< Days that had events
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EVENT_CALENDAR_H
