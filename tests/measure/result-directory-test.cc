/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/atomic-file.h"
#include "measure/result-directory.h"
#include "sample-results.h"

#include <csignal>
#include <doctest/doctest.h>
#include <filesystem>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

using namespace ns3::mtlink;

TEST_SUITE("measure result directory")
{
    TEST_CASE("a directory is one program's at a time, and is free again as it ends")
    {
        const TemporaryDirectory directory;
        const std::string path = directory.Path("a/b");
        {
            const ResultDirectory own(path);
            CHECK_THROWS_WITH_AS(ResultDirectory{path},
                                 ("another mtlink is at work in " + path +
                                  ": let it end, or give another directory with -o")
                                     .c_str(),
                                 std::runtime_error);
            AtomicFile(path + "/file").Commit();
        }
        const ResultDirectory own(path);
        CHECK(own.GetPath() == path);
    }

    TEST_CASE("a program that is killed leaves it free")
    {
        const TemporaryDirectory directory;
        const std::string path = directory.Path("a");
        const pid_t child = fork();
        if (child == 0)
        {
            const ResultDirectory own(path);
            raise(SIGKILL);
        }
        int status = 0;
        REQUIRE(waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));
        CHECK_NOTHROW(ResultDirectory{path});
    }

    TEST_CASE("a directory that was made for nothing goes, one that was there stays")
    {
        const TemporaryDirectory directory;
        {
            const ResultDirectory made(directory.Path("a"));
            CHECK(std::filesystem::exists(directory.Path("a")));
        }
        CHECK_FALSE(std::filesystem::exists(directory.Path("a")));
        {
            const ResultDirectory below(directory.Path("c/d/e"));
            std::filesystem::create_directory(directory.Path("c/other"));
        }
        CHECK(std::filesystem::exists(directory.Path("c")));
        CHECK_FALSE(std::filesystem::exists(directory.Path("c/d")));
        std::filesystem::create_directory(directory.Path("b"));
        {
            const ResultDirectory found(directory.Path("b"));
        }
        CHECK(std::filesystem::is_empty(directory.Path("b")));
    }

    TEST_CASE("temporary files of known names go, all else stays")
    {
        const TemporaryDirectory directory;
        const std::vector<std::string> left{"links.csv.1.tmp", "links.csv.tmp", "links.csv.23.tmp"};
        const std::vector<std::string> others{"links.csv",
                                              "links.csv.1.tm",
                                              "links.csv.x.tmp",
                                              "notes.csv.1.tmp",
                                              "1.tmp",
                                              ".tmp"};
        for (const auto* names : {&left, &others})
        {
            for (const std::string& name : *names)
            {
                AtomicFile(directory.Path(name)).Commit();
            }
        }
        const ResultDirectory own(directory.Path());
        own.RemoveTemporaries({"links.csv"});
        for (const std::string& name : left)
        {
            CAPTURE(name);
            CHECK_FALSE(std::filesystem::exists(directory.Path(name)));
        }
        for (const std::string& name : others)
        {
            CAPTURE(name);
            CHECK(std::filesystem::exists(directory.Path(name)));
        }
    }

    TEST_CASE("a directory that can't be made or written is told")
    {
        const TemporaryDirectory directory;
        AtomicFile(directory.Path("file")).Commit();
        CHECK_THROWS_WITH_AS(ResultDirectory{directory.Path("file/below")},
                             doctest::Contains("give another directory with -o"),
                             std::runtime_error);
        std::filesystem::create_directories(directory.Path("taken/mtlink.lock"));
        CHECK_THROWS_WITH_AS(ResultDirectory{directory.Path("taken")},
                             doctest::Contains("cannot write"),
                             std::runtime_error);
    }
}
