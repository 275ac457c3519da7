/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/binary-goal-reader.h"

#include "ns3/mtlink-error.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** @return a number, little-endian. */
std::string
Bytes(uint64_t number, int bytes)
{
    std::string text;
    for (int i = 0; i < bytes; ++i)
    {
        text += static_cast<char>(number >> 8 * i & 0xff);
    }
    return text;
}

/** @return an operation, with its dependents of a finish and of a start. */
std::string
Node(uint64_t requires_,
     uint64_t type,
     uint64_t peer,
     uint64_t size,
     uint64_t finish,
     uint64_t finishAt,
     uint64_t start = 0,
     uint64_t startAt = 0)
{
    return Bytes(requires_, 4) + Bytes(type, 1) + Bytes(peer, 4) + Bytes(size, 8) + Bytes(5, 4) +
           Bytes(0, 1) + Bytes(0, 1) + Bytes(finish, 4) + Bytes(finishAt, 4) + Bytes(start, 4) +
           Bytes(startAt, 4);
}

/** @return a schedule of two ranks. */
std::string
Schedule(const std::string& first, const std::string& second)
{
    const uint64_t begin = 6 + 4 * 8;
    return Bytes(4223, 8) + Bytes(2, 4) + Bytes(1, 1) + Bytes(1, 1) + Bytes(begin, 8) +
           Bytes(begin + first.size(), 8) + Bytes(begin + first.size(), 8) +
           Bytes(begin + first.size() + second.size(), 8) + first + second;
}

OperationGraph
Parse(const std::string& bytes)
{
    const auto path =
        std::filesystem::temp_directory_path() / ("mtlink-goal-" + std::to_string(getpid()));
    std::ofstream(path, std::ios::binary) << bytes;
    return ReadTrace(path.string(), {});
}

std::string
RefusalOf(const std::string& bytes)
{
    try
    {
        Parse(bytes);
    }
    catch (const InputError& error)
    {
        const std::string text = error.what();
        return text.substr(text.find(':') + 1);
    }
    return "";
}

} // namespace

TEST_SUITE("binary-goal")
{
    // Rank 0: calc 7, then a send that requires it; a calc that requires the send started.
    const std::string FIRST = Bytes(3, 4) + Bytes(1, 4) + Bytes(0, 4) + Node(0, 3, 0, 7, 1, 0) +
                              Node(1, 1, 1, 64, 0, 0, 1, 1) + Node(1, 3, 0, 9, 0, 0) + Bytes(1, 4) +
                              Bytes(2, 4);
    const std::string SECOND = Bytes(1, 4) + Bytes(1, 4) + Bytes(0, 4) + Node(0, 2, 0, 64, 0, 0);

    TEST_CASE("a binary schedule is the text that it was made of")
    {
        const auto graph = Parse(Schedule(FIRST, SECOND));
        REQUIRE(graph.GetOperations().size() == 4);
        CHECK(graph.GetRanks() == 2);
        CHECK(graph.GetOperations()[0].duration == 7000);
        CHECK(graph.GetOperations()[1].type == OperationType::SEND);
        CHECK(graph.GetOperations()[1].bytes == 64);
        CHECK(graph.GetOperations()[1].tag == 5);
        CHECK(graph.GetMatch(1) == 3);
        CHECK(graph.GetDependents(0).size() == 1);
        CHECK(graph.GetDependents(0)[0] == 1);
        CHECK(graph.GetStartDependents(1)[0] == 2);
    }

    TEST_CASE("damage is refused at its byte")
    {
        const std::string good = Schedule(FIRST, SECOND);
        for (std::size_t size = 8; size < good.size(); ++size)
        {
            CAPTURE(size);
            CHECK(RefusalOf(good.substr(0, size)) != "");
        }
        std::string put = good;
        put[8 + 38 + 12 + 4] = 4;
        CHECK(RefusalOf(put) ==
              "1:63: error: an operation of type 4: 1 send, 2 recv and 3 calc are "
              "read; 4 and up are Portals operations, as put and append, of which "
              "the network side is not modelled");
        CHECK(RefusalOf(Schedule(FIRST.substr(0, FIRST.size() - 4) + Bytes(9, 4), SECOND))
                  .find("operation 9 is not there; its rank has 3") != std::string::npos);
    }

    TEST_CASE("operations of Portals in a text are refused by their line")
    {
        CHECK(RefusalOf("num_ranks 2\nrank 0 {\nl1: put 8b to 1\n}\n") ==
              "3:5: error: 'put' is an operation of Portals, whose network side is not modelled; "
              "write it as send and recv");
    }
}
