/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment-trial.h"
#include "experiment/run.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <string>
#include <unistd.h>

using namespace ns3::mtlink;

namespace
{

/** A network of ASTRA-sim. */
class Network
{
  public:
    explicit Network(const std::string& text)
        : m_path(fmt::format("astra-{}.yml", getpid())),
          m_message(fmt::format("astra-{}.csv", getpid()))
    {
        std::ofstream(m_path) << text;
    }

    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;

    ~Network()
    {
        std::filesystem::remove(m_path);
        std::filesystem::remove(m_message);
    }

    /** @return how long a workload takes on it, ps. */
    Tick TimeOf(const std::string& workload) const
    {
        const auto outcome = RunExperiment(ReadTrial(Write(workload)));
        REQUIRE(outcome.results.completionTime);
        return *outcome.results.completionTime;
    }

    /** @return how long a message of 1 MiB takes, ps. */
    Tick TimeOfMessage(uint32_t source, uint32_t destination) const
    {
        std::ofstream(m_message) << "start_ns,src,dst,bytes,tag,after\n0," << source << ","
                                 << destination << ",1048576,0,\n";
        return TimeOf("{trace: " + m_message + "}");
    }

    /** @return the message with which it is refused, without the file's name. */
    std::string GetRefusal() const
    {
        const std::string text = GetReadRefusal(Write("{collective: barrier}"));
        return text.substr(text.find(':') + 1);
    }

  private:
    std::string Write(const std::string& workload) const
    {
        return fmt::format("fabric: {}\nworkload: {}\n", m_path, workload);
    }

    std::string m_path;    //!< Its file
    std::string m_message; //!< A trace's
};

const std::string RING_OF_EIGHT =
    "{collective: all_reduce, algorithm: ring, channels: 1, size: 1MiB}";

} // namespace

TEST_SUITE("astra-fabric")
{
    TEST_CASE("a ring all-reduce takes what ASTRA-sim's closed form says")
    {
        // 14 steps of 128 KiB, each its bytes and the latency of its links; nothing else.
        const Network ring("topology: [ Ring ]\nnpus_count: [ 8 ]\n"
                           "bandwidth: [ 50.0 ]  # GB/s\nlatency: [ 500.0 ]  # ns\n");
        constexpr double STEP = 131072 / 50.0 + 500;
        CHECK(ring.TimeOf(RING_OF_EIGHT) == doctest::Approx(14e3 * STEP).epsilon(0.002));
        const Network hub("topology: [Switch]\nnpus_count: [8]\nbandwidth: [400]\n"
                          "latency: [936.25]\n");
        constexpr double THROUGH = 131072 / 400.0 + 2 * 936.25;
        CHECK(hub.TimeOf(RING_OF_EIGHT) == doctest::Approx(14e3 * THROUGH).epsilon(0.002));
        const Network mesh("topology: [FullyConnected]\nnpus_count: [8]\nbandwidth: [50]\n"
                           "latency: [500]\n");
        CHECK(mesh.TimeOf(RING_OF_EIGHT) == doctest::Approx(14e3 * STEP).epsilon(0.002));
    }

    TEST_CASE("two dimensions are nodes on rails, or a torus")
    {
        const Network rails("topology: [FullyConnected, Switch]\nnpus_count: [4, 2]\n"
                            "bandwidth: [50, 25]\nlatency: [500, 700]\n");
        // From card 1 of the first node to card 1 of the second: two links of their rail.
        CHECK(rails.TimeOfMessage(1, 5) ==
              doctest::Approx(1e3 * (1048576 / 25.0 + 1400)).epsilon(0.002));
        const Network torus("topology: [Ring, Ring]\nnpus_count: [2, 4]\nbandwidth: [50, 50]\n"
                            "latency: [500, 500]\n");
        // One step in the first dimension, two in the second.
        CHECK(torus.TimeOfMessage(0, 5) ==
              doctest::Approx(1e3 * (1048576 / 50.0 + 1500)).epsilon(0.01));
    }

    TEST_CASE("what is missing or has no like is refused where it stands")
    {
        CHECK(Network("topology: [Ring, Switch]\nnpus_count: [2, 4]\nbandwidth: [1, 1]\n"
                      "latency: [1, 1]\n")
                  .GetRefusal()
                  .starts_with("1:18: error: these dimensions have no like here"));
        CHECK(Network("topology: [Rings]\nnpus_count: [2]\nbandwidth: [1]\nlatency: [1]\n")
                  .GetRefusal()
                  .starts_with("1:12: error: unknown topology 'Rings': did you mean 'Ring'?"));
        CHECK(Network("topology: [Ring]\nnpus_count: [2, 3]\nbandwidth: [1]\nlatency: [1]\n")
                  .GetRefusal() ==
              "2:13: error: 'npus_count' should be a list of 1, one for each dimension");
        CHECK(Network("topology: [Ring]\nnpus_count: [2]\nbandwidth: [1]\n")
                  .GetRefusal()
                  .find("latency: [500]") != std::string::npos);
        CHECK(Network("topology: [Ring]\nnpus_count: [2]\nbandwidth: [1]\nlatency: [1]\nhops: 1\n")
                  .GetRefusal()
                  .starts_with("5:1: error: unknown key 'hops'"));
    }
}
