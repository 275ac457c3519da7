/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/atomic-file.h"
#include "measure/csv.h"
#include "measure/number-text.h"
#include "sample-results.h"

#include <cmath>
#include <doctest/doctest.h>
#include <limits>
#include <string>

using namespace ns3::mtlink;

namespace
{

/** @param [in] path A new file. @param [in] text What to put in. */
void
Put(const std::string& path, const std::string& text)
{
    AtomicFile file(path);
    file.Write(text);
    file.Commit();
}

} // namespace

TEST_SUITE("measure csv")
{
    TEST_CASE("times keep every picosecond as decimal text")
    {
        CHECK(TickText(0) == "0");
        CHECK(TickText(1) == "0.001");
        CHECK(TickText(560) == "0.56");
        CHECK(TickText(1000) == "1");
        CHECK(TickText(-1500) == "-1.5");
        CHECK(TickText(1234567) == "1234.567");
        CHECK(TickText(1234560) == "1234.56");
        CHECK(TickText(NEVER - 1) == "9223372036854775.806");
        CHECK(TickText(1234567, 6) == "1.234567");
        CHECK(NumberText(224e9) == "224000000000");
        CHECK(NumberText(-1.5e-7) == "-1.5e-07");
        CHECK(RoundShare(1.0 / 3) == 0.333333);
    }

    TEST_CASE("texts with commas, quotation marks and line breaks come back as they were")
    {
        const std::string odd[] =
            {"a,b", "\"", "say \"x\"", "two\nlines", "\"\",\"\"", "", "plain"};
        const TemporaryDirectory directory;
        AtomicFile file(directory.Path("a.csv"));
        CsvWriter out(file);
        out.Text("text");
        out.Text("number");
        out.EndRow();
        for (const auto& text : odd)
        {
            out.Text(text);
            out.Unsigned(7);
            out.EndRow();
        }
        file.Commit();
        CsvReader in(directory.Path("a.csv"));
        for (const auto& text : odd)
        {
            REQUIRE(in.NextRow());
            CHECK(in.GetCell(in.GetColumn("text")).AsText() == text);
            CHECK(in.GetCell(in.GetColumn("number")).AsUnsigned() == 7);
        }
        CHECK_FALSE(in.NextRow());
    }

    TEST_CASE("what is not finite is an empty cell")
    {
        const TemporaryDirectory directory;
        AtomicFile file(directory.Path("a.csv"));
        CsvWriter out(file);
        for (const char* name : {"a", "b", "c", "d"})
        {
            out.Text(name);
        }
        out.EndRow();
        out.Number(std::numeric_limits<double>::quiet_NaN());
        out.Number(std::numeric_limits<double>::infinity());
        out.Share(std::numeric_limits<double>::quiet_NaN());
        out.Nanoseconds(NEVER);
        out.EndRow();
        file.Commit();
        CsvReader in(directory.Path("a.csv"));
        REQUIRE(in.NextRow());
        for (size_t i = 0; i < 4; ++i)
        {
            CHECK(in.GetCell(i).IsEmpty());
        }
    }

    TEST_CASE("nanoseconds are read to the picosecond, and nothing else is")
    {
        const TemporaryDirectory directory;
        const std::string path = directory.Path("a.csv");
        Put(path, "t\n9223372036854775.806\n1.5\n7\n-1\n1.2345\nx\n1e3\n99999999999999999\n.\n");
        CsvReader in(path);
        for (const Tick tick : {NEVER - 1, Tick{1500}, Tick{7000}})
        {
            REQUIRE(in.NextRow());
            CHECK(in.GetCell(0).AsNanoseconds() == tick);
        }
        for (int i = 0; i < 5; ++i)
        {
            REQUIRE(in.NextRow());
            CHECK_THROWS_AS(in.GetCell(0).AsNanoseconds(), InputError);
        }
    }

    TEST_CASE("an odd file is refused with the place and what would be right")
    {
        const TemporaryDirectory directory;
        const std::string path = directory.Path("a.csv");
        CHECK_THROWS_WITH_AS(CsvReader{path},
                             (path + ":1:1: error: No such file or directory").c_str(),
                             InputError);
        Put(path, "");
        CHECK_THROWS_AS(CsvReader{path}, InputError);
        Put(path, "a,b\n1,2\n3\n");
        CsvReader in(path);
        CHECK_THROWS_WITH_AS(in.GetColumn("c"),
                             (path + ":1:1: error: there is no column c").c_str(),
                             InputError);
        CHECK(in.NextRow());
        CHECK_THROWS_WITH_AS(
            in.NextRow(),
            (path + ":3:1: error: 1 cells, expected 2 as there are column names").c_str(),
            InputError);
        Put(path, "a\n\"open\n");
        CsvReader open(path);
        CHECK_THROWS_AS(open.NextRow(), InputError);
        Put(path, "a\nfive\n4294967296\n1e999\n");
        CsvReader values(path);
        CHECK(values.NextRow());
        CHECK_THROWS_WITH_AS(
            values.GetCell(0).AsUnsigned(),
            (path + ":2:1: error: column a has \"five\", expected a whole number").c_str(),
            InputError);
        CHECK(values.NextRow());
        CHECK_THROWS_AS(values.GetCell(0).AsUnsigned32(), InputError);
        CHECK(values.NextRow());
        CHECK_THROWS_AS(values.GetCell(0).AsNumber(), InputError);
    }
}
