/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Lives of jobs against closed forms, conservation of time, and one another.
 */

#include "measure/statistics.h"
#include "stability/job-life.h"
#include "stability/life-figures.h"
#include "stability/renewal.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <initializer_list>
#include <limits>
#include <vector>

using namespace ns3::mtlink;

namespace
{

constexpr double MTTF = 10'000;

/** @return a job that a Poisson process stops. */
JobModel
MakeJob(double mttf = MTTF)
{
    JobModel job;
    job.run = 1000 * MTTF;
    job.work = 600;
    job.stall = 20;
    job.detect = 60;
    job.restart = 240;
    job.units = 16;
    job.repair = 5000;
    FailureKind kind;
    kind.rate = 1 / mttf;
    kind.units = 16;
    job.failures = {kind};
    return job;
}

JobHistory
Live(const JobModel& job, uint64_t stream = 1)
{
    RandomStream random(1, stream);
    return LiveJob(job, random);
}

constexpr uint64_t LIVES = 40; //!< Of a mean

/** @return mean and interval of a figure of so many lives, those of each `group` drawn anew. */
template <typename Figure>
MeanInterval
GetMean(const JobModel& job, const Figure& figure, uint64_t group = 0)
{
    std::vector<double> values;
    for (uint64_t life = 0; life < LIVES; ++life)
    {
        values.push_back(figure(Live(job, group * LIVES + life)));
    }
    return GetMeanInterval(values);
}

/** @return the sum of a member of all failures. */
double
Add(const JobHistory& history, double JobFailure::*member)
{
    double sum = 0;
    for (const JobFailure& failure : history.failures)
    {
        sum += failure.*member;
    }
    return sum;
}

} // namespace

TEST_SUITE("job-life")
{
    TEST_CASE("lives agree with the renewal closed form where that is exact")
    {
        uint64_t cases = 0;
        int outside = 0;
        for (const double work : {60.0, 600.0, 3000.0})
        {
            for (const double stall : {0.0, 20.0, 300.0})
            {
                for (const double recovery : {0.0, 300.0, 8000.0})
                {
                    JobModel job = MakeJob();
                    job.run = 5000 * MTTF; // its ends weigh little
                    job.work = work;
                    job.stall = stall;
                    job.detect = recovery / 4;
                    job.restart = recovery - job.detect;
                    const auto getEttr = [&job](const JobHistory& history) {
                        return history.running / job.run;
                    };
                    const MeanInterval ettr = GetMean(job, getEttr, cases);
                    const double truth = GetRenewalEttr({MTTF, work, stall, recovery});
                    CAPTURE(work);
                    CAPTURE(stall);
                    CAPTURE(recovery);
                    CHECK(std::abs(ettr.mean - truth) < 2 * *ettr.halfWidth);
                    outside += std::abs(ettr.mean - truth) > *ettr.halfWidth ? 1 : 0;
                    ++cases;
                }
            }
        }
        CHECK(cases == 27);
        CHECK(outside <= 4); // more of 27 intervals of 95 % are outside once in 100 tries
    }

    TEST_CASE("no second is lost: kept, taken back, standing")
    {
        JobModel job = MakeJob();
        job.stall = 0; // else they are in no list
        job.failures.front().rate = 1e-3;
        const JobHistory history = Live(job);
        CHECK(history.stops == history.failures.size());
        CHECK(history.stops > 1000);
        CHECK(history.work == doctest::Approx(history.running)); // nothing slows it
        CHECK(history.running + Add(history, &JobFailure::lost) + Add(history, &JobFailure::down) ==
              doctest::Approx(job.run).epsilon(1e-9));
        for (const JobFailure& failure : history.failures)
        {
            REQUIRE(failure.lost <= job.work + 1e-6);
            REQUIRE(failure.unit < 16);
        }
    }

    TEST_CASE("checkpoints alone cost their time, blocking or beside the work")
    {
        JobModel job = MakeJob();
        job.failures.clear();
        job.run = 1e9;
        CHECK(Live(job).running / job.run == doctest::Approx(600.0 / 620).epsilon(1e-5));
        job.copy = 100;
        job.slow = 30;
        const JobHistory beside = Live(job);
        CHECK(beside.work / job.run == doctest::Approx(600.0 / 650).epsilon(1e-5));
        CHECK(beside.running / job.run == doctest::Approx(630.0 / 650).epsilon(1e-5));
        job.work = std::numeric_limits<double>::infinity();
        CHECK(Live(job).work == doctest::Approx(job.run));
    }

    TEST_CASE("a copy that goes on longer takes more back")
    {
        double before = 1;
        for (const double copy : {1.0, 200.0, 590.0})
        {
            JobModel job = MakeJob();
            job.copy = copy;
            const MeanInterval ettr = GetMean(job, [&job](const JobHistory& history) {
                return history.running / job.run;
            });
            // To first order a failure takes back half an interval, and the copy.
            const double truth = 600.0 / 620 - (copy + 20 + 310 + 300) / MTTF * 600.0 / 620;
            CHECK(ettr.mean == doctest::Approx(truth).epsilon(0.01));
            CHECK(ettr.mean < before);
            before = ettr.mean;
        }
    }

    TEST_CASE("links that slow the job: the worst of those that are down, as in M/G/infinity")
    {
        for (const double repair : {100.0, 3000.0, 20'000.0})
        {
            JobModel job = MakeJob();
            job.work = std::numeric_limits<double>::infinity();
            job.failures.front().stops = false;
            job.failures.front().slowdown = 1.5;
            job.failures.front().repair = repair;
            const MeanInterval goodput =
                GetMean(job, [&job](const JobHistory& history) { return history.work / job.run; });
            const double down = -std::expm1(-repair / MTTF);
            CHECK(std::abs(goodput.mean - (1 - down * (1 - 1 / 1.5))) < 2 * *goodput.halfWidth);
            CHECK(Live(job).running == doctest::Approx(job.run));
        }
    }

    TEST_CASE("more failures never keep more")
    {
        double ettr = 1;
        double goodput = 1;
        for (const double mttf : {1e6, 3e5, 1e5, 3e4, 1e4, 3e3, 1e3, 300.0, 100.0})
        {
            JobModel job = MakeJob(mttf);
            job.copy = 50;
            job.slow = 10;
            job.spares = 4;
            const LifeFigures figures = GetLifeFigures(job, 1);
            CAPTURE(mttf);
            CHECK(figures.ettr.value <= ettr);
            CHECK(figures.goodput.value <= goodput);
            CHECK(figures.goodput.value <= figures.ettr.value);
            CHECK(std::abs(figures.mttf.value / mttf - 1) < 0.05);
            CHECK(figures.mttf.low <= figures.mttf.value);
            CHECK(figures.mttf.value <= figures.mttf.high);
            ettr = figures.ettr.value;
            goodput = figures.goodput.value;
        }
    }

    TEST_CASE("spares: enough are as good as any number, fewer never better")
    {
        JobModel job = MakeJob(1000);
        const JobHistory unlimited = Live(job);
        double before = 0;
        for (const uint64_t spares : {0, 1, 2, 4, 8, 1000})
        {
            job.spares = spares;
            const JobHistory history = Live(job);
            CHECK(history.running >= before);
            CHECK(history.running <= unlimited.running);
            before = history.running;
        }
        CHECK(before == unlimited.running);
        // With none, each failure costs at least a repair.
        job.spares = 0;
        job.failures.front().rate = 1e-5;
        const JobHistory bare = Live(job);
        REQUIRE(bare.failures.size() > 10);
        for (std::size_t i = 0; i + 1 < bare.failures.size(); ++i)
        {
            const JobFailure& failure = bare.failures[i];
            const double next = bare.failures[i + 1].at - failure.at;
            CHECK(*failure.spares == 0);
            CHECK(failure.down >= std::min(60.0 + 5000 + 240, next) - 1e-6);
        }
    }

    TEST_CASE("availability is that of units that fail and are repaired")
    {
        JobModel job = MakeJob();
        const LifeFigures figures = GetLifeFigures(job, 1);
        const double mtbf = MTTF * 16; // of a unit
        CHECK(figures.availability.value == doctest::Approx(mtbf / (mtbf + 5000)).epsilon(1e-3));
    }

    TEST_CASE("a link that stops the job and is no unit's is waited for")
    {
        JobModel job = MakeJob();
        job.failures.front().taken = 0;
        job.failures.front().repair = 7000;
        job.failures.front().rate = 1e-6;
        job.spares = 2;
        const JobHistory history = Live(job);
        REQUIRE(!history.failures.empty());
        for (const JobFailure& failure : history.failures)
        {
            CHECK(failure.down == doctest::Approx(60 + 7000 + 240));
            CHECK(*failure.spares == 2);
        }
        CHECK(history.inRepair == 0);
    }

    TEST_CASE("what takes several units at once takes as many spares, and waits for those it lacks")
    {
        JobModel job = MakeJob();
        job.failures.front().taken = 3;
        job.failures.front().rate = 1e-6; // one is over long before the next
        job.spares = 3;
        const JobHistory enough = Live(job);
        job.spares = 2;
        const JobHistory tooFew = Live(job);
        REQUIRE(!enough.failures.empty());
        REQUIRE(enough.failures.size() == tooFew.failures.size());
        CHECK(enough.failures.front().down == doctest::Approx(60 + 240));
        CHECK(*enough.failures.front().spares == 0);
        CHECK(tooFew.failures.front().down == doctest::Approx(60 + 5000 + 240));
        CHECK(enough.inRepair ==
              doctest::Approx(3 * 5000.0 * static_cast<double>(enough.failures.size())));
    }

    TEST_CASE("one seed, one life")
    {
        JobModel job = MakeJob();
        job.spares = 1;
        const JobHistory once = Live(job, 7);
        const JobHistory again = Live(job, 7);
        const JobHistory other = Live(job, 8);
        REQUIRE(once.failures.size() == again.failures.size());
        for (std::size_t i = 0; i < once.failures.size(); ++i)
        {
            CHECK(once.failures[i].at == again.failures[i].at);
            CHECK(once.failures[i].unit == again.failures[i].unit);
            CHECK(once.failures[i].down == again.failures[i].down);
        }
        CHECK(once.work == again.work);
        CHECK(once.work != other.work);
        CHECK(GetLifeFigures(job, 3).ettr.value == GetLifeFigures(job, 3).ettr.value);
        CHECK(GetLifeFigures(job, 3).ettr.value != GetLifeFigures(job, 4).ettr.value);
    }
}
