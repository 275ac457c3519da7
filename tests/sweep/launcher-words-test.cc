/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "sweep/other-program.h"
#include "sweep/parallel-launcher.h"
#include "sweep/slurm-launcher.h"

#include <cstdint>
#include <doctest/doctest.h>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

using Words = std::vector<std::string>;
using States = std::map<uint32_t, std::string>;

} // namespace

TEST_SUITE("sweep launcher words")
{
    TEST_CASE("options for another program are words of a shell")
    {
        CHECK(SplitWords("").empty());
        CHECK(SplitWords(" \t\n").empty());
        CHECK(SplitWords(" --mem=2G  --time=1:00:00 ") == Words{"--mem=2G", "--time=1:00:00"});
        CHECK(SplitWords("--comment='two words' \"and \"'these' ''") ==
              Words{"--comment=two words", "and these", ""});
        CHECK(SplitWords(R"(a\ b "c\"d" 'e\f')") == Words{"a b", "c\"d", "e\\f"});
        CHECK_THROWS_WITH_AS(SplitWords("--comment='two"),
                             "the quote ' has no end in: --comment='two",
                             std::invalid_argument);
        CHECK_THROWS_AS(SplitWords("a\\"), std::invalid_argument);
    }

    TEST_CASE("a quoted word is the same word of a shell")
    {
        for (const char* word : {"", "plain", "two words", "it's", "\"$HOME\" `x` \\ *", "a\nb"})
        {
            CHECK(SplitWords(QuoteWord(word)) == Words{word});
            CHECK(AskProgram({"sh", "-c", "printf %s " + QuoteWord(word)}).output == word);
        }
    }

    TEST_CASE("a number is digits and nothing else")
    {
        CHECK(ReadNumber("17") == 17);
        CHECK(ReadNumber("4294967295") == 4294967295);
        for (const char* text : {"", "a", "1a", " 1", "-1", "4294967296", "1_[2-3]"})
        {
            CHECK(!ReadNumber(text));
        }
    }

    TEST_CASE("another program is asked for its status and both of its outputs")
    {
        const ProgramAnswer answer = AskProgram({"sh", "-c", "echo out; echo err >&2; exit 3"});
        CHECK(answer.status == 3);
        CHECK(answer.output == "out\n");
        CHECK(answer.errors == "err");
        CHECK(AskProgram({"sh", "-c", "kill -TERM $$"}).status == 128 + 15);
        CHECK(HasProgram("sh"));
        CHECK(!HasProgram("mtlink-no-such-program"));
        CHECK_THROWS_WITH_AS(AskProgram({"mtlink-no-such-program"}),
                             "can't start mtlink-no-such-program: No such file or directory",
                             std::runtime_error);
    }

    TEST_CASE("shards are ranges of a job array")
    {
        CHECK(SlurmLauncher::FormatArray({}).empty());
        CHECK(SlurmLauncher::FormatArray({4}) == "4");
        CHECK(SlurmLauncher::FormatArray({1, 2, 3, 7}) == "1-3,7");
        CHECK(SlurmLauncher::FormatArray({1, 3, 4, 6, 7, 8}) == "1,3-4,6-8");
    }

    TEST_CASE("squeue tells states by index, and why tasks wait")
    {
        States states{{1, "RUNNING"}, {9, "PENDING"}};
        CHECK(SlurmLauncher::ReadQueue("1|COMPLETED|None\n"
                                       "2|RUNNING|None\n"
                                       "3|PENDING|Priority\n"
                                       "N/A|RUNNING|None\n"
                                       "slurm_load_jobs error\n"
                                       "\n",
                                       states)
                  .empty());
        CHECK(states == States{{1, "COMPLETED"}, {2, "RUNNING"}, {3, "PENDING"}, {9, "PENDING"}});
        CHECK(SlurmLauncher::ReadQueue("4|PENDING|ReqNodeNotAvail, UnavailableNodes:two\n",
                                       states) == "ReqNodeNotAvail, UnavailableNodes:two");
    }

    TEST_CASE("sacct tells the end of tasks that the queue has forgotten")
    {
        States states{{1, "GONE"}, {2, "GONE"}, {3, "RUNNING"}};
        SlurmLauncher::ReadAccounting(
            "17_1|CANCELLED by 1000\n17_3|COMPLETED\n17_[4-9]|PENDING\nx\n",
            states);
        CHECK(states == States{{1, "CANCELLED by 1000"}, {2, "GONE"}, {3, "RUNNING"}});
    }

    TEST_CASE("states of which none comes after are ends")
    {
        for (const char* state :
             {"COMPLETED", "FAILED", "TIMEOUT", "NODE_FAIL", "CANCELLED by 0", "GONE"})
        {
            CHECK(SlurmLauncher::IsEnd(state));
        }
        for (const char* state : {"PENDING", "RUNNING", "COMPLETING", "REQUEUED", "SUSPENDED", ""})
        {
            CHECK(!SlurmLauncher::IsEnd(state));
        }
    }

    TEST_CASE("a line of GNU parallel's log tells how a shard's task ended at last")
    {
        std::map<uint32_t, TaskFailure> failures;
        const auto read = [&failures](const std::string& line) {
            return ParallelLauncher::ReadLine(line, failures);
        };
        CHECK(!read("Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand"));
        CHECK(!read(""));
        CHECK(!read("1\t:\t1700000000.000"));
        CHECK(read("1\t:\t1700000000.000\t     1.5\t0\t0\t0\t0\t/bin/sh '/a dir/task.sh' 12"));
        CHECK(failures.empty());
        CHECK(read("2\tssh -p 22 node1\t1700000000.000\t1.5\t0\t0\t255\t0\t/bin/sh '/t.sh' 3"));
        CHECK(read("3\t:\t1700000000.000\t1.5\t0\t0\t0\t9\t/bin/sh '/t.sh' 4"));
        REQUIRE(failures.size() == 2);
        CHECK(failures[3].text ==
              "task 3 of GNU parallel on ssh -p 22 node1 ended with status 255");
        CHECK(failures[4].text == "task 4 of GNU parallel on this machine ended with signal 9");
        CHECK(read("2\tnode2\t1700000000.000\t1.5\t0\t0\t0\t0\t/bin/sh '/t.sh' 3"));
        CHECK(failures.size() == 1);
    }
}
