/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "scratch.h"
#include "sweep/job-claims.h"
#include "sweep/text-object.h"

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <doctest/doctest.h>
#include <filesystem>
#include <functional>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace ns3::mtlink;

namespace
{

namespace fs = std::filesystem;

/** Programs that claim jobs at once, and live until this is gone. */
class Claimers
{
  public:
    /**
     * @param [in] count How many.
     * @param [in] directory Of the claims.
     * @param [in] claim What each does; it returns the jobs that it got.
     */
    Claimers(std::size_t count,
             const std::string& directory,
             const std::function<std::vector<unsigned char>(JobClaims&)>& claim)
    {
        REQUIRE(pipe(m_told.data()) == 0);
        REQUIRE(pipe(m_end.data()) == 0);
        for (std::size_t i = 0; i < count; ++i)
        {
            const pid_t process = fork();
            REQUIRE(process >= 0);
            if (process == 0)
            {
                close(m_end[1]);
                JobClaims claims(directory);
                const std::vector<unsigned char> got = claim(claims);
                const bool isTold =
                    write(m_told[1], got.data(), got.size()) == static_cast<ssize_t>(got.size());
                close(m_told[1]);
                char none = 0;
                const ssize_t end = read(m_end[0], &none, 1);
                _exit(isTold && end == 0 ? 0 : 1); // and gives nothing back
            }
            m_processes.push_back(process);
        }
        close(m_told[1]);
    }

    Claimers(const Claimers&) = delete;
    Claimers& operator=(const Claimers&) = delete;

    ~Claimers()
    {
        close(m_end[1]);
        close(m_end[0]);
        close(m_told[0]);
        for (const pid_t process : m_processes)
        {
            waitpid(process, nullptr, 0);
        }
    }

    /** @return by job, how many have got it; all have tried. */
    std::vector<int> Count(std::size_t jobs) const
    {
        std::vector<int> counts(jobs);
        unsigned char job = 0;
        while (read(m_told[0], &job, 1) == 1)
        {
            ++counts.at(job);
        }
        return counts;
    }

  private:
    std::array<int, 2> m_told{};    //!< What they say
    std::array<int, 2> m_end{};     //!< Closed: they end
    std::vector<pid_t> m_processes; //!< Of them
};

/** Make a claim of another machine; @param [in] age Since its last sign of life. */
void
ClaimElsewhere(const std::string& path, std::chrono::seconds age)
{
    WriteTexts(path, {{"host", "elsewhere"}, {"process", "1"}});
    fs::last_write_time(path, fs::file_time_type::clock::now() - age);
}

} // namespace

TEST_SUITE("sweep job claims")
{
    TEST_CASE("of many programs that want a job at once one gets it")
    {
        constexpr std::size_t JOBS = 50;
        const Scratch scratch("claims-many");
        const Claimers claimers(8, scratch.At("claims"), [](JobClaims& claims) {
            std::vector<unsigned char> got;
            for (std::size_t job = 0; job < JOBS; ++job)
            {
                if (claims.Take("job" + std::to_string(job)))
                {
                    got.push_back(static_cast<unsigned char>(job));
                }
            }
            return got;
        });
        CHECK(claimers.Count(JOBS) == std::vector<int>(JOBS, 1));
        JobClaims later(scratch.At("claims"));
        CHECK(later.CountOthers() == JOBS);
        CHECK(!later.Take("job0"));
        CHECK(later.IsClaimed("job0"));
        CHECK(later.DescribeHolder("job0").starts_with("process "));
    }

    TEST_CASE("what is given back is free, and the last one takes the directory along")
    {
        const Scratch scratch("claims-back");
        {
            JobClaims one(scratch.At("claims"));
            JobClaims other(scratch.At("claims"));
            CHECK(one.Take("a"));
            CHECK(!other.Take("a"));
            CHECK(other.Take("b"));
            CHECK(one.CountOthers() == 1);
            one.Release("a");
            CHECK(!other.IsClaimed("a"));
            CHECK(other.DescribeHolder("a").empty());
            CHECK(other.Take("a"));
        }
        CHECK(!fs::exists(scratch.At("claims")));
    }

    TEST_CASE("the claim of a process that is gone is void at once")
    {
        const Scratch scratch("claims-dead");
        {
            const Claimers dead(1, scratch.At("claims"), [](JobClaims& claims) {
                claims.Take("a");
                claims.Take("b");
                return std::vector<unsigned char>{0};
            });
            CHECK(dead.Count(1) == std::vector<int>{1});
            JobClaims living(scratch.At("claims"));
            CHECK(!living.Take("a"));
        }
        JobClaims claims(scratch.At("claims"));
        CHECK(claims.IsClaimed("a"));
        CHECK(claims.DescribeHolder("a").empty());
        CHECK(claims.Take("a"));
        claims.RemoveLeft();
        CHECK(claims.IsClaimed("a")); // this program's
        CHECK(!claims.IsClaimed("b"));
    }

    TEST_CASE("so is one of a process whose number another has by now")
    {
        const Scratch scratch("claims-number");
        JobClaims claims(scratch.At("claims"));
        CHECK(claims.Take("mine"));
        TextObject texts = ReadTexts(scratch.At("claims/mine"));
        CHECK(texts["process"] == std::to_string(getpid()));
        texts["start"] = "1";
        WriteTexts(scratch.At("claims/a"), texts);
        CHECK(claims.Take("a"));
        texts["boot"] = "another"; // the same number before the machine was started anew
        WriteTexts(scratch.At("claims/b"), texts);
        CHECK(!claims.Take("b")); // or in a machine that has the name: its silence tells
        fs::last_write_time(scratch.At("claims/b"),
                            fs::file_time_type::clock::now() - 2 * JobClaims::SILENCE);
        CHECK(claims.Take("b"));
    }

    TEST_CASE("a claim of another machine is void after its silence")
    {
        const Scratch scratch("claims-far");
        fs::create_directories(scratch.At("claims"));
        ClaimElsewhere(scratch.At("claims/young"), JobClaims::SILENCE / 2);
        ClaimElsewhere(scratch.At("claims/old"), 2 * JobClaims::SILENCE);
        JobClaims claims(scratch.At("claims"));
        CHECK(claims.DescribeHolder("young") == "process 1 on elsewhere");
        CHECK(claims.DescribeHolder("old").empty());
        CHECK(!claims.Take("young"));
        CHECK(claims.Take("old"));
        // One that has no words yet is being made.
        scratch.Write("claims/empty", "");
        CHECK(!claims.Take("empty"));
        ClaimElsewhere(scratch.At("claims/left"), 2 * JobClaims::SILENCE);
        claims.RemoveLeft();
        CHECK(!claims.IsClaimed("left"));
        CHECK(claims.IsClaimed("young"));
        CHECK(claims.CountOthers() == 2);
    }

    TEST_CASE("of many that see a dead one's claim one gets the job")
    {
        const Scratch scratch("claims-stale");
        fs::create_directories(scratch.At("claims"));
        ClaimElsewhere(scratch.At("claims/job"), 2 * JobClaims::SILENCE);
        const Claimers claimers(8, scratch.At("claims"), [](JobClaims& claims) {
            std::vector<unsigned char> got;
            for (int i = 0; i < 20 && got.empty(); ++i)
            {
                if (claims.Take("job"))
                {
                    got.push_back(0);
                }
            }
            return got;
        });
        CHECK(claimers.Count(1) == std::vector<int>{1});
    }

    TEST_CASE("who was taken for dead gives back nothing that is another's")
    {
        const Scratch scratch("claims-over");
        JobClaims claims(scratch.At("claims"));
        CHECK(claims.Take("job"));
        ClaimElsewhere(scratch.At("claims/job"), std::chrono::seconds(0));
        claims.Release("job");
        CHECK(claims.DescribeHolder("job") == "process 1 on elsewhere");
    }

    TEST_CASE("a directory that can't be made is told")
    {
        const Scratch scratch("claims-none");
        JobClaims claims(scratch.Write("file", "") + "/claims");
        CHECK_THROWS(claims.Take("job"));
    }
}
