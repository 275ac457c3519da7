/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "training-trial.h"
#include "training/expert-routing.h"
#include "training/memory-plan.h"

#include "ns3/mtlink-error.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <numeric>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** @return a training of 16 experts on 8 cards, 4 of them for a token. */
TrainingSpec
MakeExperts()
{
    TrainingSpec spec = MakeSmallTraining(1, 8);
    spec.model.layers = 2;
    spec.model.moe = Experts{16, 4, 0, 256, 0};
    spec.parallel.data = 8;
    spec.parallel.expert = 8;
    return spec;
}

/** @return bytes that each member gets from others. */
std::vector<uint64_t>
GetReceived(const std::vector<uint64_t>& counts, std::size_t members)
{
    std::vector<uint64_t> received(members, 0);
    for (std::size_t at = 0; at < counts.size(); ++at)
    {
        received[at % members] += counts[at];
    }
    return received;
}

} // namespace

TEST_SUITE("expert-routing")
{
    TEST_CASE("shares by a power law are of that law, and no expert gets a token twice")
    {
        const Experts experts{8, 2, 0, 1, 0};
        for (const double exponent : {0.0, 0.4, 1.0, 4.0})
        {
            std::vector<double> sorted;
            for (const std::vector<double>& layer : MakeZipfShares(experts, 3, exponent))
            {
                CHECK(std::accumulate(layer.begin(), layer.end(), 0.0) == doctest::Approx(1));
                std::vector<double> own = layer;
                std::sort(own.rbegin(), own.rend());
                CHECK(own.front() <= 0.5);
                CHECK((sorted.empty() || sorted == own)); // another order alone
                sorted = own;
            }
            for (std::size_t k = 1; k < 8 && exponent <= 0.4; ++k)
            {
                CHECK(sorted[k] / sorted[0] ==
                      doctest::Approx(std::pow(static_cast<double>(k) + 1, -exponent)));
            }
            CHECK((exponent < 4 || sorted.front() == 0.5));
        }
    }

    TEST_CASE("each member gets the tokens of its experts, and sends them back")
    {
        TrainingSpec spec = MakeExperts();
        spec.model.moe->shares = MakeZipfShares(*spec.model.moe, 2, 0.5);
        const std::vector<uint32_t> nodes(8, 0);
        const double bytes = 1e9;
        for (uint32_t layer = 0; layer < 2; ++layer)
        {
            const auto counts =
                MakeExpertCounts(spec, {ExpertRoute::WHOLE, false, layer}, bytes, nodes);
            const auto back =
                MakeExpertCounts(spec, {ExpertRoute::WHOLE, true, layer}, bytes, nodes);
            const auto received = GetReceived(counts, 8);
            for (uint32_t member = 0; member < 8; ++member)
            {
                const double share = GetMemberShare(spec, layer, member);
                CHECK(static_cast<double>(received[member]) == doctest::Approx(7 * bytes * share));
                for (uint32_t other = 0; other < 8; ++other)
                {
                    CHECK(counts[member * 8 + other] == back[other * 8 + member]);
                }
            }
            CHECK(GetMostLoad(spec, layer) > 1);
        }
    }

    TEST_CASE("with a limit of nodes a token crosses the network once for each node")
    {
        TrainingSpec spec = MakeExperts();
        spec.model.moe->nodeLimit = 2;
        const std::vector<uint32_t> nodes{0, 0, 1, 1, 2, 2, 3, 3};
        const double tokens = 1e6; // bytes of a card's own
        const double bytes = 4 * tokens;
        const auto network = MakeExpertCounts(spec, {ExpertRoute::NETWORK, false, 0}, bytes, nodes);
        const auto near = MakeExpertCounts(spec, {ExpertRoute::NODE, false, 0}, bytes, nodes);
        for (uint32_t i = 0; i < 8; ++i)
        {
            for (uint32_t j = 0; j < 8; ++j)
            {
                const bool isNear = nodes[i] == nodes[j];
                // 2 of 4 nodes, one of which may be its own.
                CHECK(network[i * 8 + j] == (!isNear && i % 2 == j % 2 ? 500'000 : 0));
                CHECK(near[i * 8 + j] == (isNear && i != j ? 2'000'000 : 0));
            }
        }
        CHECK_THROWS_AS(MakeExpertCounts(spec,
                                         {ExpertRoute::NODE, false, 0},
                                         bytes,
                                         std::vector<uint32_t>(8, 0)),
                        ParameterError);
        CHECK_THROWS_AS(
            MakeExpertCounts(spec, {ExpertRoute::NODE, false, 0}, bytes, {0, 0, 0, 1, 1, 1, 1, 1}),
            ParameterError);
    }

    TEST_CASE("experts of a power law of 0 take the time of even ones, of any other more")
    {
        TrainingSpec spec = MakeExperts();
        const Tick even = TrainingTrial(spec, 1000, 10).GetTime();
        spec.model.moe->shares = MakeZipfShares(*spec.model.moe, 2, 0);
        CHECK(TrainingTrial(spec, 1000, 10).GetTime() == even);
        Tick before = even;
        for (const double exponent : {0.5, 1.0, 2.0})
        {
            spec.model.moe->shares = MakeZipfShares(*spec.model.moe, 2, exponent);
            const TrainingTrial trial(spec, 1000, 10);
            CHECK(trial.GetTime() > before);
            before = trial.GetTime();
            for (uint32_t rank = 0; rank < 8; ++rank)
            {
                const CardAccount account = trial.Account(rank);
                CHECK(SumOf(account.time) == account.end);
            }
        }
    }

    TEST_CASE("a card with wanted experts computes what it gets, and others wait for it")
    {
        TrainingSpec spec = MakeExperts();
        const Tick even = TrainingTrial(spec).Of(TrainingCause::COMPUTE);
        std::vector<double> shares(16, 0);
        std::fill_n(shares.begin() + 2, 2, 0.25); // of card 1, with twice
        std::fill_n(shares.begin() + 4, 4, 0.125);
        spec.model.moe->shares = {shares, shares};
        const TrainingTrial trial(spec);
        const auto computeOf = [&](uint32_t rank) {
            return trial.Account(rank).time[static_cast<std::size_t>(TrainingCause::COMPUTE)];
        };
        const Tick others = computeOf(0);                    // without a token
        CHECK(computeOf(2) - others == 2 * (even - others)); // a quarter, not an eighth
        CHECK(computeOf(1) - others == 4 * (even - others));
        CHECK(trial.GetTime() == computeOf(1));
        CHECK(trial.Account(0).time[static_cast<std::size_t>(TrainingCause::STRAGGLER)] ==
              computeOf(1) - others);
        CHECK(GetMostLoad(spec, 0) == 4);
        CHECK(PlanMemory(spec).front().activations > PlanMemory(MakeExperts()).front().activations);
    }

    TEST_CASE("a limit of nodes takes the network's load off an iteration")
    {
        TrainingSpec spec = MakeExperts();
        FabricHints hints = TrainingTrial::MakeHints(8);
        hints.scaleUpSize = 2;
        const std::vector<uint32_t> endpoints = TrainingTrial::Identity(8);
        const auto acrossOf = [&](const TrainingSpec& training) {
            IterationGraph iteration(training, endpoints, {}, hints);
            const OperationGraph graph = iteration.TakeGraph();
            const Replay replay(graph, 1000, 1);
            uint64_t across = 0;
            for (const auto& message : replay.GetMessages())
            {
                across +=
                    message.src / 2 != message.dst / 2 && message.bytes > 1 ? message.bytes : 0;
            }
            return across;
        };
        // What gradients take is the same in all of them.
        const uint64_t free = acrossOf(spec);
        spec.model.moe->nodeLimit = 2;
        const uint64_t limited = acrossOf(spec);
        spec.model.moe->nodeLimit = 1;
        const uint64_t least = acrossOf(spec);
        CHECK(free - limited == 2 * (limited - least)); // 4 copies, 2 nodes, 1 node
    }
}
