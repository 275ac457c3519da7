/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "file-size-limit.h"
#include "measure/atomic-file.h"
#include "measure/text-file.h"
#include "sample-results.h"

#include <doctest/doctest.h>
#include <string>

using namespace ns3::mtlink;

namespace
{

/** @param [in] directory A directory. @return the number of entries in it. */
auto
CountFiles(const TemporaryDirectory& directory)
{
    return std::distance(std::filesystem::directory_iterator(directory.Path()), {});
}

} // namespace

TEST_SUITE("measure atomic file")
{
    TEST_CASE("a file appears whole when it is committed, and not before")
    {
        const TemporaryDirectory directory;
        const std::string path = directory.Path("a.txt");
        const std::string big(300000, 'x');
        AtomicFile file(path);
        file.Write("head ");
        file.Write(big);
        file.Close();
        CHECK_FALSE(std::filesystem::exists(path));
        file.Commit();
        CHECK(ReadTextFile(path) == "head " + big);
        CHECK(CountFiles(directory) == 1);
    }

    TEST_CASE("a file that is not committed leaves nothing behind, and the old one whole")
    {
        const TemporaryDirectory directory;
        const std::string path = directory.Path("a.txt");
        AtomicFile(path).Commit();
        {
            AtomicFile file(path);
            file.Write("half");
        }
        CHECK(ReadTextFile(path).empty());
        CHECK(CountFiles(directory) == 1);
    }

    TEST_CASE("two that write one file write none of the other's bytes")
    {
        const TemporaryDirectory directory;
        const std::string path = directory.Path("a.txt");
        AtomicFile first(path);
        AtomicFile second(path);
        CHECK(AtomicFile::GetFinalName(
                  std::filesystem::path(second.GetTemporary()).filename().string()) == "a.txt");
        first.Write(std::string(300000, 'x'));
        second.Write("second");
        first.Commit();
        CHECK(ReadTextFile(path) == std::string(300000, 'x'));
        second.Commit();
        CHECK(ReadTextFile(path) == "second");
        CHECK(CountFiles(directory) == 1);
    }

    TEST_CASE("a full disk is told, whether a write or the close meets it")
    {
        const TemporaryDirectory directory;
        const std::string path = directory.Path("a.txt");
        for (const auto format : {AtomicFile::Format::PLAIN, AtomicFile::Format::GZIP})
        {
            const FileSizeLimit limit(10);
            {
                AtomicFile file(path, format);
                file.Write("more than ten bytes, still in the buffer");
                CHECK_THROWS_AS(file.Close(), WriteError);
            }
            {
                AtomicFile file(path, AtomicFile::Format::PLAIN);
                CHECK_THROWS_WITH_AS(file.Write(std::string(200000, 'x')),
                                     ("cannot write " + path + ": File too large").c_str(),
                                     WriteError);
            }
            CHECK(CountFiles(directory) == 0);
        }
    }

    TEST_CASE("a directory that is none is told with the file's name")
    {
        const TemporaryDirectory directory;
        AtomicFile(directory.Path("file")).Commit();
        const std::string path = directory.Path("file/a.txt");
        CHECK_THROWS_WITH_AS(AtomicFile{path},
                             ("cannot write " + path + ": Not a directory").c_str(),
                             WriteError);
    }
}
