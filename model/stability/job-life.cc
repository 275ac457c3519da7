/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "stability/job-life.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <queue>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double FOREVER = std::numeric_limits<double>::infinity();

/** Lives through a job's days, from event to event. */
class JobLife
{
  public:
    JobLife(const JobModel& model, RandomStream& random)
        : m_model(model),
          m_random(random),
          m_left(model.work),
          m_free(model.spares.value_or(0))
    {
        m_history.counts.resize(model.failures.size());
        for (const FailureKind& kind : model.failures)
        {
            m_rate += kind.rate;
        }
    }

    JobHistory Live()
    {
        double failure = DrawFailure();
        while (true)
        {
            const double mended = FindMended();
            const double next = std::min({failure, mended, m_model.run});
            AdvanceTo(next);
            if (next == m_model.run)
            {
                break;
            }
            if (next == mended)
            {
                Mend();
                continue;
            }
            Fail();
            failure = DrawFailure();
        }
        if (m_phase == Phase::DOWN)
        {
            m_history.failures[m_lastStop].down = m_model.run - m_history.failures[m_lastStop].at;
        }
        m_history.work = m_now.work;
        m_history.running = m_now.running;
        return std::move(m_history);
    }

  private:
    /** What the job does. */
    enum class Phase
    {
        WORK,  //!< Works
        STALL, //!< Stands while a checkpoint is taken
        COPY,  //!< Works while a copy goes on
        DOWN,  //!< Stands after a failure
    };

    /** How far the job has come. */
    struct Progress
    {
        double work{0};    //!< Undisturbed seconds
        double running{0}; //!< Seconds that it took
    };

    /** A fault that slows the job. */
    struct Slowing
    {
        double end{0};      //!< Mended then
        double slowdown{1}; //!< By how much
    };

    /** @return when something fails next. */
    double DrawFailure()
    {
        return m_rate > 0 ? m_time + m_random.Exponential(1 / m_rate) : FOREVER;
    }

    /** @return when a fault that slows the job is mended next. */
    double FindMended() const
    {
        double first = FOREVER;
        for (const Slowing& slowing : m_slowings)
        {
            first = std::min(first, slowing.end);
        }
        return first;
    }

    /** Forget what is mended by now. */
    void Mend()
    {
        std::erase_if(m_slowings, [this](const Slowing& slowing) { return slowing.end <= m_time; });
        FindSpeed();
    }

    void FindSpeed()
    {
        double worst = 1;
        for (const Slowing& slowing : m_slowings)
        {
            worst = std::max(worst, slowing.slowdown);
        }
        m_speed = 1 / worst;
    }

    /** Go on to a time, through whatever phases. */
    void AdvanceTo(double time)
    {
        while (m_time < time)
        {
            switch (m_phase)
            {
            case Phase::DOWN:
                if (Pass(time, m_ready - m_time))
                {
                    m_phase = Phase::WORK;
                    m_left = m_model.work;
                }
                break;
            case Phase::WORK:
                if (Work(time, m_left / m_speed, m_speed))
                {
                    m_taken = m_now;
                    m_phase = Phase::STALL;
                    m_left = m_model.stall;
                    SkipCycles(time);
                }
                break;
            case Phase::STALL:
                if (Pass(time, m_left))
                {
                    const bool hasCopy = m_model.copy > 0;
                    m_kept = hasCopy ? m_kept : m_taken;
                    m_phase = hasCopy ? Phase::COPY : Phase::WORK;
                    m_left = hasCopy ? m_model.copy : m_model.work;
                }
                break;
            case Phase::COPY:
                if (Work(time, m_left, GetCopySpeed()))
                {
                    m_kept = m_taken;
                    m_phase = Phase::WORK;
                    m_left = std::max(0.0, m_model.work - (m_now.work - m_taken.work));
                }
                break;
            }
        }
    }

    /** @return work in a second beside a copy. */
    double GetCopySpeed() const
    {
        return m_speed * (1 - m_model.slow / m_model.copy);
    }

    /**
     * Let time pass, to the end of the phase or the time given.
     * @return whether the phase is over.
     */
    bool Pass(double time, double length)
    {
        const bool isOver = m_time + length <= time;
        m_left -= isOver ? m_left : time - m_time;
        m_time = isOver ? m_time + length : time;
        return isOver;
    }

    /** As Pass(), working. */
    bool Work(double time, double length, double speed)
    {
        const double spent = std::min(length, time - m_time);
        m_now.work += spent * speed;
        m_now.running += spent;
        const double left = m_phase == Phase::WORK ? m_left - spent * speed : m_left - spent;
        const bool isOver = Pass(time, length);
        m_left = isOver ? 0 : left;
        return isOver;
    }

    /** A checkpoint begins: pass all rounds at once but the last that end by a time. */
    void SkipCycles(double time)
    {
        const double copied = m_model.copy > 0 ? m_model.copy * GetCopySpeed() : 0;
        const double running = m_model.copy + (m_model.work - copied) / m_speed;
        const double rounds = std::floor((time - m_time) / (running + m_model.stall)) - 1;
        if (rounds < 1)
        {
            return;
        }
        m_time += rounds * (running + m_model.stall);
        m_now.work += rounds * m_model.work;
        m_now.running += rounds * running;
        m_taken = m_now;
        m_kept = {m_now.work - m_model.work, m_now.running - running};
    }

    /** Something fails now. */
    void Fail()
    {
        double draw = m_random.Uniform() * m_rate;
        uint32_t index = 0;
        while (index + 1 < m_model.failures.size() && draw >= m_model.failures[index].rate)
        {
            draw -= m_model.failures[index++].rate;
        }
        const FailureKind& kind = m_model.failures[index];
        JobFailure failure;
        failure.at = m_time;
        failure.kind = index;
        failure.unit = m_random.Integer(kind.units);
        ++m_history.counts[index];
        if (kind.stops)
        {
            Stop(kind, failure);
        }
        else if (kind.slowdown > 1)
        {
            m_slowings.push_back({m_time + kind.repair, kind.slowdown});
            FindSpeed();
        }
        m_history.failures.push_back(failure);
    }

    /** The job stops now, or once more. */
    void Stop(const FailureKind& kind, JobFailure& failure)
    {
        ++m_history.stops;
        const double known = m_time + m_model.detect;
        if (m_phase == Phase::DOWN)
        {
            m_history.failures[m_lastStop].down = m_time - m_history.failures[m_lastStop].at;
        }
        else
        {
            failure.lost = m_now.running - m_kept.running;
            m_now = m_kept;
            m_complete = known;
        }
        m_complete = std::max({m_complete, known, kind.taken > 0 ? known : known + kind.repair});
        for (uint64_t unit = 0; unit < kind.taken; ++unit)
        {
            m_complete = std::max(m_complete, ExchangeUnit(known));
        }
        if (m_model.spares)
        {
            failure.spares = m_free;
        }
        m_ready = m_complete + m_model.restart;
        failure.down = m_ready - m_time;
        m_lastStop = m_history.failures.size();
        m_phase = Phase::DOWN;
        m_left = 0;
    }

    /** Exchange a unit. @param [in] known From when on. @return when there is another. */
    double ExchangeUnit(double known)
    {
        const double mended = known + m_model.repair;
        m_history.inRepair +=
            std::max(0.0, std::min(mended, m_model.run) - std::min(known, m_model.run));
        if (!m_model.spares)
        {
            return known;
        }
        m_returns.push(mended);
        while (!m_returns.empty() && m_returns.top() <= known)
        {
            m_returns.pop();
            ++m_free;
        }
        if (m_free > 0)
        {
            --m_free;
            return known;
        }
        const double first = m_returns.top();
        m_returns.pop();
        return first;
    }

    const JobModel& m_model;         //!< The job
    RandomStream& m_random;          //!< When what fails
    JobHistory m_history;            //!< So far
    double m_rate{0};                //!< Of all failures
    double m_time{0};                //!< Now
    double m_speed{1};               //!< Work in a second
    Phase m_phase{Phase::WORK};      //!< What it does
    double m_left;                   //!< Of the phase: WORK: work; else time
    double m_ready{0};               //!< DOWN: when it works again
    double m_complete{0};            //!< DOWN: when all that it waits for is there
    std::size_t m_lastStop{0};       //!< The failure that stopped it last
    Progress m_now;                  //!< How far it has come
    Progress m_taken;                //!< As the last checkpoint was taken
    Progress m_kept;                 //!< What the last checkpoint that holds has
    uint64_t m_free;                 //!< Spares
    std::vector<Slowing> m_slowings; //!< Not mended yet
    /** When units come back from repair, earliest first. */
    std::priority_queue<double, std::vector<double>, std::greater<>> m_returns;
};

} // namespace

JobHistory
LiveJob(const JobModel& model, RandomStream& random)
{
    return JobLife(model, random).Live();
}

} // namespace mtlink
} // namespace ns3
