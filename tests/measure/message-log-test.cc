/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/atomic-file.h"
#include "measure/even-sample.h"
#include "measure/message-log.h"
#include "measure/result-reader.h"
#include "measure/result-writer.h"
#include "measure/text-file.h"
#include "sample-results.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** A message of a schedule. */
struct Scheduled
{
    MessageResult row; //!< Without its end
    uint32_t workload; //!< Index of its workload
    Tick end;          //!< NEVER: lost
};

/** @return messages in order of sending: many at the same instants, ends in any order. */
std::vector<Scheduled>
MakeSchedule(std::mt19937& random, uint32_t count, uint32_t workloads)
{
    const auto below = [&random](uint32_t most) {
        return std::uniform_int_distribution<uint32_t>(0, most - 1)(random);
    };
    std::vector<Scheduled> schedule;
    Tick now = 0;
    for (uint32_t i = 0; i < count; ++i)
    {
        now += below(3) == 0 ? below(1000) : 0;
        Scheduled message;
        message.row.src = below(8);
        message.row.dst = below(8);
        message.row.bytes = 1 + below(100000);
        message.row.collective = static_cast<int64_t>(below(4)) - 1;
        message.row.start = now;
        message.workload = below(workloads);
        message.end = below(20) == 0 ? NEVER : now + below(2) * below(5000);
        schedule.push_back(message);
    }
    return schedule;
}

/** Let a log see a schedule, each end in its time; @return the most rows that it held. */
size_t
Play(const std::vector<Scheduled>& schedule, MessageLog& log)
{
    std::multimap<Tick, uint64_t> ends;
    size_t held = 0;
    const auto endUntil = [&](Tick now) {
        while (!ends.empty() && ends.begin()->first < now)
        {
            log.End(ends.begin()->second, ends.begin()->first);
            ends.erase(ends.begin());
        }
    };
    for (const Scheduled& message : schedule)
    {
        endUntil(message.row.start);
        // Who need not be told the row, is not; some are told nevertheless.
        const auto leftOut = message.row.src % 2 == 0 ? log.LeaveNextOut() : std::nullopt;
        const uint64_t number = leftOut ? *leftOut : log.Begin(message.row, message.workload);
        if (message.end == message.row.start)
        {
            log.End(number, message.end); // between ranks on one endpoint
        }
        else if (message.end != NEVER)
        {
            ends.emplace(message.end, number);
        }
        held = std::max(held, log.GetHeld());
    }
    endUntil(NEVER);
    log.Finish();
    return held;
}

/** @return the rows as they were before there was a log: collected, then sorted. */
std::vector<MessageResult>
Collect(std::vector<Scheduled> schedule)
{
    std::stable_sort(schedule.begin(), schedule.end(), [](const auto& a, const auto& b) {
        return a.workload < b.workload;
    });
    std::stable_sort(schedule.begin(), schedule.end(), [](const auto& a, const auto& b) {
        return a.row.start < b.row.start;
    });
    std::vector<MessageResult> rows;
    for (const Scheduled& message : schedule)
    {
        rows.push_back(message.row);
        rows.back().end = message.end;
        rows.back().id = rows.size() - 1;
    }
    return rows;
}

/** Write collected rows; @return messages.csv. */
std::string
WriteCollected(std::vector<MessageResult> rows, uint64_t oneIn)
{
    const TemporaryDirectory directory;
    RunResults results;
    std::erase_if(rows, [oneIn](const MessageResult& row) { return !IsSampled(row.id, oneIn); });
    results.messages = std::move(rows);
    results.messagesOneIn = oneIn;
    WriteResults(results, directory.Path());
    return ReadTextFile(directory.Path("messages.csv"));
}

/** Run a schedule through a log; @return messages.csv. */
std::string
Stream(const std::vector<Scheduled>& schedule,
       uint32_t workloads,
       const RowLimits& limits,
       uint64_t expected = 0)
{
    const TemporaryDirectory directory;
    MessageLog log(directory.Path(), limits, workloads);
    log.Expect(expected);
    Play(schedule, log);
    const TableRows rows = WriteResults({}, directory.Path(), limits, &log);
    CHECK(rows.messages.all == schedule.size());
    const std::string text = ReadTextFile(directory.Path("messages.csv"));
    CHECK(rows.messages.written + 1 ==
          static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n')));
    return text;
}

} // namespace

TEST_SUITE("measure message log")
{
    TEST_CASE("streamed rows have the order and the bytes of collected ones")
    {
        constexpr uint32_t SEED = 20261129;
        MESSAGE("seed ", SEED);
        std::mt19937 random(SEED);
        for (uint32_t round = 0; round < 200; ++round)
        {
            const uint32_t workloads = 1 + round % 4;
            const auto schedule = MakeSchedule(random, round * 3, workloads);
            CAPTURE(round);
            REQUIRE(Stream(schedule, workloads, {}) == WriteCollected(Collect(schedule), 1));
        }
    }

    TEST_CASE("beyond the limit one row of every k stays, the same however it came to be")
    {
        constexpr uint32_t SEED = 20261130;
        MESSAGE("seed ", SEED);
        std::mt19937 random(SEED);
        for (uint32_t count = 0; count < 150; ++count)
        {
            for (const uint64_t most : {1, 7, 16})
            {
                CAPTURE(count);
                CAPTURE(most);
                uint64_t oneIn = 1;
                while (count > most * oneIn)
                {
                    oneIn *= 2;
                }
                const uint32_t workloads = 1 + count % 2;
                const auto schedule = MakeSchedule(random, count, workloads);
                RowLimits limits;
                limits.messages = most;
                const std::string whole = WriteCollected(Collect(schedule), oneIn);
                REQUIRE(Stream(schedule, workloads, limits) == whole);
                REQUIRE(Stream(schedule, workloads, limits, count) == whole);
                limits.keptMessages = 5; // what stays in memory is a sample of its own
                REQUIRE(Stream(schedule, workloads, limits) == whole);
            }
        }
    }

    TEST_CASE("a sample says so in the file and in the summary, and is read as one")
    {
        std::mt19937 random(1);
        const TemporaryDirectory directory;
        RowLimits limits;
        limits.messages = 10;
        MessageLog log(directory.Path(), limits);
        Play(MakeSchedule(random, 33, 1), log);
        WriteResults({}, directory.Path(), limits, &log);
        const std::string text = ReadTextFile(directory.Path("messages.csv"));
        CHECK(text.substr(0, text.find('\n')) ==
              "id,src,dst,bytes,collective,traffic_class,start_ns,end_ns,latency_ns,one_in");
        CHECK(text.find(",4\n") != std::string::npos);
        const RunResults read = ReadResults(directory.Path()).results;
        CHECK(read.rows.messages.all == 33);
        CHECK(read.rows.messages.written == read.messages.size());
        CHECK(read.rows.messages.oneIn == 4);
        CHECK(read.messagesOneIn == 4);
        REQUIRE(read.messages.size() >= 8);
        for (size_t i = 0; i < read.messages.size(); ++i)
        {
            CHECK(read.messages[i].id / 4 == i);
        }
    }

    TEST_CASE("many rows are compressed, and no longer where they become few")
    {
        std::mt19937 random(2);
        const auto schedule = MakeSchedule(random, 100, 1);
        for (const uint64_t most : {ALL_ROWS, uint64_t{60}, uint64_t{40}})
        {
            const TemporaryDirectory directory;
            RowLimits limits;
            limits.messages = most;
            limits.plainMessages = 30;
            MessageLog log(directory.Path(), limits);
            Play(schedule, log);
            WriteResults({}, directory.Path(), limits, &log);
            const bool isCompressed = most > 40; // 100, 50 and 25 rows
            CHECK(std::filesystem::exists(directory.Path("messages.csv.gz")) == isCompressed);
            CHECK(std::filesystem::exists(directory.Path("messages.csv")) != isCompressed);
            const auto rows = ReadResults(directory.Path()).results.messages;
            CHECK(rows.size() == (most == ALL_ROWS ? 100 : most == 60 ? 50 : 25));
            const auto all = Collect(schedule);
            for (const MessageResult& row : rows)
            {
                CHECK(row.start == all.at(row.id).start);
                CHECK(row.end == all.at(row.id).end);
                CHECK(row.bytes == all.at(row.id).bytes);
            }
        }
    }

    TEST_CASE("no rows: no file, and none of an earlier run")
    {
        const TemporaryDirectory directory;
        WriteResults(MakeSampleResults(4, 3), directory.Path());
        REQUIRE(std::filesystem::exists(directory.Path("messages.csv")));
        std::mt19937 random(3);
        RowLimits limits;
        limits.messages = 0;
        MessageLog log(directory.Path(), limits);
        Play(MakeSchedule(random, 20, 1), log);
        CHECK(log.TakeKept().size() == 20);
        WriteResults({}, directory.Path(), limits, &log);
        CHECK_FALSE(std::filesystem::exists(directory.Path("messages.csv")));
        for (const auto& entry : std::filesystem::directory_iterator(directory.Path()))
        {
            CHECK(AtomicFile::GetFinalName(entry.path().filename().string()).empty());
        }
        const RunResults read = ReadResults(directory.Path()).results;
        CHECK(read.rows.messages.all == 20);
        CHECK(read.rows.messages.written == 0);
        CHECK(read.rows.messages.oneIn == 0);
        CHECK(read.messages.empty());
    }

    TEST_CASE("rows are held only until those before them have ended")
    {
        const TemporaryDirectory directory;
        MessageLog log(directory.Path(), {});
        MessageResult row;
        for (Tick now = 0; now < 10000; ++now)
        {
            row.start = now;
            const uint64_t number = log.Begin(row);
            REQUIRE(log.GetHeld() == 1);
            log.End(number, now + 1);
            REQUIRE(log.GetHeld() == 0);
        }
        const uint64_t straggler = log.Begin(row);
        for (uint32_t i = 0; i < 100; ++i)
        {
            log.End(log.Begin(row), row.start + 5);
        }
        CHECK(log.GetHeld() == 101);
        log.End(straggler, row.start + 10);
        CHECK(log.GetHeld() == 0);
    }

    TEST_CASE("of a sample no more rows are held than it may have")
    {
        const TemporaryDirectory directory;
        RowLimits limits;
        limits.messages = 100;
        limits.keptMessages = 50;
        for (const uint32_t workloads : {1, 2})
        {
            MessageLog log(directory.Path(), limits, workloads);
            MessageResult row;
            size_t held = 0;
            for (Tick now = 0; now < 5000; ++now)
            {
                row.start = now;
                log.Begin(row); // none ends
                held = std::max(held, log.GetHeld());
            }
            CHECK(held <= limits.messages + 1);
            log.Finish();
            CHECK(log.GetRows().oneIn == 64);
            CHECK(log.GetRows().written == CountSampled(5000, 64));
            CHECK(log.TakeKept().size() == CountSampled(5000, 128));
            CHECK(log.GetKeptOneIn() == 128);
        }
    }

    TEST_CASE("a file that can't be written is told at the end")
    {
        MessageLog log("/nonexistent/directory", {});
        std::mt19937 random(4);
        Play(MakeSchedule(random, 50, 1), log);
        CHECK(log.TakeKept().size() == 50);
        CHECK_THROWS_AS(log.Close(), WriteError);
    }

    TEST_CASE("what is not committed leaves nothing")
    {
        const TemporaryDirectory directory;
        {
            RowLimits limits;
            limits.messages = 4;
            MessageLog log(directory.Path(), limits);
            std::mt19937 random(5);
            Play(MakeSchedule(random, 50, 1), log);
            log.Close();
        }
        CHECK(std::filesystem::is_empty(directory.Path()));
    }
}
