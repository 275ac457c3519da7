/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Tests of the build itself: that all headers go together in one source, and that
 * tests find the checkout.
 */

#include "ns3/mtlink-module.h"

#include <doctest/doctest.h>
#include <fstream>
#include <string>

TEST_SUITE("build")
{
    TEST_CASE("tests find the checkout they were built from")
    {
        std::ifstream file(MTLINK_SOURCE_DIR "/CMakeLists.txt");
        REQUIRE(file.good());
        std::string line;
        std::getline(file, line);
        CHECK(line == "# SPDX-License-Identifier: GPL-2.0-only");
    }

    TEST_CASE("the build names the versions of mtlink and of ns-3")
    {
        CHECK(std::string(MTLINK_VERSION).find('.') != std::string::npos);
        // "3.37", or "3-dev" between releases
        CHECK(std::string(MTLINK_NS3_VERSION).starts_with("3"));
    }
}
