/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "../net-device/test-devices.h"
#include "emulation/host-port.h"
#include "emulation/real-time-loop.h"
#include "experiment/emulation-run.h"

#include "ns3/mtlink-error.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <doctest/doctest.h>
#include <exception>
#include <memory>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

using Bytes = std::vector<uint8_t>;

/** Two ends of a way that keeps frames apart, as a tap does; needs no rights. */
struct Wire
{
    Wire()
    {
        std::array<int, 2> ends{};
        REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends.data()) == 0);
        host = FrameDescriptor(ends[0]);
        port = FrameDescriptor(ends[1]);
    }

    /** The host sends a frame. */
    void Send(const Bytes& frame) const
    {
        REQUIRE(write(host.Get(), frame.data(), frame.size()) ==
                static_cast<ssize_t>(frame.size()));
    }

    /** @return a frame that the host was given; empty: none. */
    Bytes Get() const
    {
        Bytes frame(70000);
        const ssize_t size = read(host.Get(), frame.data(), frame.size());
        frame.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        return frame;
    }

    FrameDescriptor host; //!< The host's end
    FrameDescriptor port; //!< The other
};

/** @return a frame from one of GetHostInterface()'s addresses to another. */
Bytes
MakeFrame(uint8_t from, uint8_t to, uint16_t number, std::size_t payload, uint16_t type = 0x0800)
{
    Bytes frame{0x02,
                0x6d,
                0x74,
                0x00,
                0x00,
                static_cast<uint8_t>(to + 1),
                0x02,
                0x6d,
                0x74,
                0x00,
                0x00,
                static_cast<uint8_t>(from + 1)};
    frame.push_back(static_cast<uint8_t>(type >> 8));
    frame.push_back(static_cast<uint8_t>(type));
    frame.resize(frame.size() + payload, 0x33);
    frame[14] = static_cast<uint8_t>(number >> 8);
    frame[15] = static_cast<uint8_t>(number);
    return frame;
}

/** A switch of 1 Gb/s by the clock and 20 us a link. */
const std::string SLOW_SWITCH = "kind: single_switch\n"
                                "endpoints: 4\n"
                                "link: {rate: 1000Gbps, latency: 20ns}\n";

/** What came of hosts. */
struct Emulated
{
    RunResults results;                  //!< Of the run
    std::vector<std::vector<Bytes>> got; //!< By host: frames that it was given
};

/** Run until hosts were given so many frames, or a time is over, however slow the machine is. */
Emulated
Emulate(std::vector<Wire>& wires,
        std::size_t frames,
        double seconds = 20,
        const std::string& fabric = SLOW_SWITCH)
{
    Emulated emulated;
    emulated.got.resize(wires.size());
    volatile std::sig_atomic_t done = 0;
    std::atomic<bool> isOver{false};
    std::thread hosts([&] {
        std::size_t count = 0;
        const auto take = [&] {
            for (std::size_t i = 0; i < wires.size(); ++i)
            {
                for (Bytes frame = wires[i].Get(); !frame.empty(); frame = wires[i].Get())
                {
                    emulated.got[i].push_back(frame);
                    ++count;
                }
            }
        };
        while (!isOver)
        {
            take();
            if (count >= frames)
            {
                done = 1;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        take();
    });
    EmulationSettings settings;
    settings.hosts = static_cast<uint32_t>(wires.size());
    settings.open = [&wires](const HostInterface&, uint32_t endpoint) {
        return std::move(wires[endpoint].port);
    };
    settings.scale = 1000;
    settings.seconds = seconds;
    settings.interrupt = &done;
    std::exception_ptr error;
    try
    {
        emulated.results =
            EmulateExperiment(ReadFabricOnly(ParseYaml(fabric, {"fabric.yaml", ""}), "emulated"),
                              settings);
    }
    catch (...)
    {
        error = std::current_exception();
    }
    isOver = true;
    hosts.join();
    if (error)
    {
        std::rethrow_exception(error);
    }
    return emulated;
}

} // namespace

TEST_SUITE_BEGIN("emulation");

TEST_CASE("frames of real hosts come in at others as they were sent, in order, and are counted")
{
    std::vector<Wire> wires(3);
    constexpr uint16_t FRAMES = 20;
    uint64_t bytes = 0;
    for (uint16_t i = 0; i < FRAMES; ++i)
    {
        const Bytes frame = MakeFrame(0, 2, i, 100 + i * 40U);
        bytes += frame.size();
        wires[0].Send(frame);
    }
    wires[1].Send(MakeFrame(1, 0, 7, 30, 28)); // a length, not a type: IEEE 802.3
    const auto [results, got] = Emulate(wires, FRAMES + 1);
    REQUIRE(got[2].size() == FRAMES);
    for (uint16_t i = 0; i < FRAMES; ++i)
    {
        CHECK(got[2][i] == MakeFrame(0, 2, i, 100 + i * 40U));
    }
    CHECK(got[0] == std::vector<Bytes>{MakeFrame(1, 0, 7, 30, 28)});
    CHECK(got[1].empty());
    REQUIRE(results.emulation);
    CHECK(results.emulation->hosts == 3);
    CHECK(results.emulation->frames == FRAMES + 1);
    CHECK(results.emulation->given == FRAMES + 1);
    CHECK(results.emulation->bytes == bytes + 44);
    CHECK(results.emulation->unwritten == 0);
    CHECK(results.payloadBytesDelivered == bytes + 44);
    CHECK(results.packetsLost == 0);
    // The fabric's time is a thousandth of the clock's, and of two links at least.
    CHECK(results.simulatedTime <= results.emulation->wallSeconds * 1e9);
    CHECK(results.simulatedTime >= 2 * 20'000);
}

TEST_CASE("a broadcast reaches all hosts, and what a device can't take is counted")
{
    std::vector<Wire> wires(3);
    Bytes broadcast = MakeFrame(0, 0, 1, 60);
    std::fill_n(broadcast.begin(), 6, 0xff);
    wires[0].Send(broadcast);
    wires[0].Send(MakeFrame(0, 1, 2, 9001)); // longer than the MTU
    wires[0].Send(Bytes(13, 0));             // no Ethernet frame
    wires[0].Send(MakeFrame(0, 1, 3, 60));
    const auto [results, got] = Emulate(wires, 3);
    REQUIRE(got[1].size() == 2);
    CHECK(got[1][0] == broadcast);
    CHECK(got[1][1] == MakeFrame(0, 1, 3, 60));
    CHECK(got[2] == std::vector<Bytes>{broadcast});
    CHECK(results.emulation->refused == 2);
    CHECK(results.emulation->given == 3);
}

TEST_CASE("a host that sends faster than its links is made to wait, and nothing is lost")
{
    // 1 Mb/s by the clock: 40 frames of 1,000 bytes take 0.32 s.
    std::vector<Wire> wires(2);
    constexpr uint16_t FRAMES = 40;
    for (uint16_t i = 0; i < FRAMES; ++i)
    {
        wires[0].Send(MakeFrame(0, 1, i, 986));
    }
    const auto [results, got] = Emulate(wires,
                                        FRAMES,
                                        0.2,
                                        "kind: single_switch\nendpoints: 2\n"
                                        "link: {rate: 1Gbps, latency: 20ns}\n");
    const std::size_t given = got[1].size();
    CHECK(given == results.emulation->given);
    // Never faster than the link, whatever the machine does.
    CHECK(static_cast<double>(given) * 8000 <= 1e6 * results.emulation->wallSeconds);
    CHECK(results.emulation->refused == 0);
    CHECK(results.emulation->unwritten == 0);
}

TEST_CASE("what the system refuses is told apart: for want of rights, or for other reasons")
{
    CHECK(IsForWantOfRights(EPERM));
    CHECK(!IsForWantOfRights(ENOENT));
    CHECK_THROWS_AS(OpenTap({.netns = "/nowhere/net",
                             .name = "mtlink0",
                             .mac = "02:00:00:00:00:01",
                             .address = "10.0.0.1"}),
                    std::system_error);
    CHECK_THROWS_AS(OpenPacketSocket("", "nosuchinterface"), std::system_error);
    for (const char* simulation :
         {"mode: flow, allow_approximate: true", "mode: bound", "stop: 1ms"})
    {
        const std::string text = "fabric: {kind: single_switch, endpoints: 4}\n"
                                 "workload: {collective: all_reduce, size: 1MiB}\nsimulation: {" +
                                 std::string(simulation) + "}\n";
        CHECK_THROWS_AS(
            EmulateExperiment(ReadExperiment(ParseYaml(text, {"test.yaml", ""}), "test"), {}),
            InputError);
    }
    std::vector<Wire> wires(5);
    CHECK_THROWS_AS(Emulate(wires, 1), InputError); // five hosts, four endpoints
}

TEST_SUITE_END();
