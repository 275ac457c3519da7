/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/html.h"
#include "report/human-text.h"

#include <doctest/doctest.h>
#include <limits>
#include <string>

using namespace ns3::mtlink;

TEST_SUITE("report text")
{
    TEST_CASE("numbers are written for people")
    {
        CHECK(DecimalText(0) == "0");
        CHECK(DecimalText(1234567) == "1,234,567");
        CHECK(DecimalText(123) == "123");
        CHECK(DecimalText(-1234.6) == "-1,235");
        CHECK(DecimalText(33.456) == "33.46");
        CHECK(DecimalText(0.012345) == "0.01235");
        CHECK(DecimalText(2.5) == "2.5");
        CHECK(DecimalText(std::numeric_limits<double>::quiet_NaN()) == UNKNOWN_TEXT);
        CHECK(CountText(999) == "999");
        CHECK(CountText(1000) == "1,000");
        CHECK(CountText(UINT64_MAX) == "18,446,744,073,709,551,615");
        CHECK(CountText(1, "switch", "switches") == "1\u00a0switch");
        CHECK(CountText(0, "switch", "switches") == "0\u00a0switches");
    }

    TEST_CASE("times and bytes have the unit that suits")
    {
        CHECK(TimeText(Tick{0}) == "0");
        CHECK(TimeText(Tick{7}) == "7\u00a0ps");
        CHECK(TimeText(Tick{999960}) == "1\u00a0\u00b5s");
        CHECK(TimeText(Tick{1234567}) == "1.235\u00a0\u00b5s");
        CHECK(TimeText(Tick{2000000000000}) == "2\u00a0s");
        CHECK(TimeText(NEVER) == UNKNOWN_TEXT);
        CHECK(BytesText(0) == "0\u00a0B");
        CHECK(BytesText(64 << 20) == "64\u00a0MiB");
        CHECK(BytesText(1536) == "1.5\u00a0KiB");
        CHECK(BytesText(UINT64_MAX) == "16\u00a0EiB");
        CHECK(PercentText(0.9734) == "97.3\u00a0%");
        CHECK(PercentText(0.0 / 0.0) == UNKNOWN_TEXT);
    }

    TEST_CASE("text is escaped, and what is not UTF-8 or not allowed is replaced")
    {
        CHECK(EscapeHtml("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;");
        CHECK(EscapeHtml("\u00b5s \u65e5 \U0001f600\n\t") == "\u00b5s \u65e5 \U0001f600\n\t");
        CHECK(EscapeHtml(std::string("\0\x1b\x7f", 3)) == "\ufffd\ufffd\ufffd");
        CHECK(EscapeHtml("\xff<\xe6\x97<") == "\ufffd&lt;\ufffd\ufffd&lt;");
        CHECK(EscapeHtml("\xc0\xaf") == "\ufffd\ufffd");
        CHECK(EscapeHtml("") == "");
    }
}
