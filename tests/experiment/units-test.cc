/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/units.h"

#include "ns3/mtlink-error.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace ns3::mtlink;

TEST_SUITE("units")
{
    TEST_CASE("rates are exact and decimal")
    {
        CHECK(ParseRate("28GBps") == 224'000'000'000);
        CHECK(ParseRate("224Gbps") == 224'000'000'000);
        CHECK(ParseRate("0.1Tbps") == 100'000'000'000);
        CHECK(ParseRate("106.25Gbps") == 106'250'000'000);
        CHECK(ParseRate("8bps") == ParseRate("1Bps"));
        CHECK(ParseRate("1KBps") == 8'000);
    }

    TEST_CASE("sizes know powers of 1000 from powers of 1024")
    {
        CHECK(ParseBytes("64KiB") == 65'536);
        CHECK(ParseBytes("64KB") == 64'000);
        CHECK(ParseBytes("1.5KiB") == 1'536);
        CHECK(ParseBytes("1GiB") == 1ULL << 30);
        CHECK(ParseBytes("0B") == 0);
    }

    TEST_CASE("times are whole picoseconds")
    {
        CHECK(ParseTime("150ns") == 150'000);
        CHECK(ParseTime("1.234567us") == 1'234'567);
        CHECK(ParseTime("0.001ns") == 1);
        CHECK(ParseTime("1s") == 1'000'000'000'000);
        CHECK(ParseTime("9223372.036854775807s") == 9'223'372'036'854'775'807);
    }

    TEST_CASE("lengths are metres")
    {
        CHECK(ParseLength("3m") == 3.0);
        CHECK(ParseLength("25cm") == 0.25);
        CHECK(ParseLength("2km") == 2000.0);
    }

    TEST_CASE("what is no quantity is refused")
    {
        const std::vector<std::string> wrong{"",      "ns",    "1",         "1 ns",  "1NS",
                                             "-1ns",  "+1ns",  "1e3ns",     "nan",   "infns",
                                             "1..5s", "0x1ns", "0.0001ps",  "1nss",  "1,5ns",
                                             ".ns",   "1Gbps", "10000000s", "1.5ps", "٣ns"};
        for (const std::string& text : wrong)
        {
            CAPTURE(text);
            CHECK_THROWS_AS(ParseTime(text), ParameterError);
        }
        CHECK_THROWS_AS(ParseBytes("0.5B"), ParameterError);
        CHECK_THROWS_AS(ParseBytes("16777216TiB"), ParameterError);
        CHECK_THROWS_AS(ParseBytes("99999999999999999999999999999B"), ParameterError);
        CHECK_THROWS_AS(ParseRate("0.5bps"), ParameterError);
        CHECK_THROWS_AS(ParseInteger("1.0"), ParameterError);
        CHECK_THROWS_AS(ParseInteger("-1"), ParameterError);
        CHECK_THROWS_AS(ParseInteger("18446744073709551616"), ParameterError);
        CHECK_THROWS_AS(ParseNumber("nan"), ParameterError);
        CHECK_THROWS_AS(ParseNumber("inf"), ParameterError);
        CHECK_THROWS_AS(ParseNumber("1e999"), ParameterError);
        CHECK_THROWS_AS(ParseBoolean("True"), ParameterError);
    }

    TEST_CASE("what is written reads back as the same")
    {
        for (const uint64_t value : {0ULL, 1ULL, 1000ULL, 1024ULL, 65'536ULL, 123'456'789ULL})
        {
            CHECK(ParseBytes(FormatBytes(value)) == value);
            CHECK(ParseRate(FormatRate(value)) == value);
            CHECK(static_cast<uint64_t>(ParseTime(FormatTime(static_cast<Tick>(value)))) == value);
        }
        CHECK(FormatRate(224'000'000'000) == "224Gbps");
        CHECK(FormatBytes(32'768) == "32KiB");
        CHECK(FormatTime(60'000) == "60ns");
        CHECK(ParseLength(FormatLength(1.5)) == 1.5);
        CHECK(ParseNumber(FormatNumber(0.1)) == 0.1);
    }
}
