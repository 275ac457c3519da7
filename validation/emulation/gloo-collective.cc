/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/*
 * One rank of a collective by Gloo over TCP, several times; prints the seconds of the quickest, and
 * how many of these its threads were ready to run and had no core.
 *
 * usage: gloo-collective RANK RANKS INTERFACE DIRECTORY all_reduce|all_to_all BYTES TIMES
 *
 * DIRECTORY is shared by the ranks, and new to each run: in it they find one another. BYTES is the
 * buffer of a rank, as mtlink's `size`. Exit status 1 where a sum or a block is wrong.
 */

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <gloo/allreduce.h>
#include <gloo/alltoall.h>
#include <gloo/barrier.h>
#include <gloo/math.h>
#include <gloo/rendezvous/context.h>
#include <gloo/rendezvous/file_store.h>
#include <gloo/transport/tcp/device.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace
{

using Data = std::vector<float>;

/** @return what rank has at a place in one round: small whole numbers, whose sums are exact. */
float
GetValue(int rank, std::size_t place, int round)
{
    return static_cast<float>(rank + static_cast<int>(place % 5) + round);
}

/** Sum all ranks' data by a ring. */
void
AllReduce(const std::shared_ptr<gloo::Context>& context, Data& data)
{
    gloo::AllreduceOptions options(context);
    options.setAlgorithm(gloo::AllreduceOptions::Algorithm::RING);
    options.setOutput(data.data(), data.size());
    options.setReduceFunction([](void* sum, const void* a, const void* b, std::size_t count) {
        gloo::sum<float>(sum, a, b, count);
    });
    gloo::allreduce(options);
}

/** @return what comes of the data if each rank sends a block to each. */
Data
AllToAll(const std::shared_ptr<gloo::Context>& context, Data& data)
{
    Data output(data.size());
    gloo::AlltoallOptions options(context);
    options.setInput(data.data(), data.size());
    options.setOutput(output.data(), output.size());
    gloo::alltoall(options);
    return output;
}

/** @return the value that is right at a place. */
float
GetExpected(const gloo::Context& context, bool sums, std::size_t place, std::size_t size, int round)
{
    const auto ranks = static_cast<std::size_t>(context.size);
    if (!sums)
    {
        const std::size_t block = size / ranks;
        const auto from = static_cast<int>(place / block);
        return GetValue(from,
                        static_cast<std::size_t>(context.rank) * block + place % block,
                        round);
    }
    float sum = 0;
    for (int rank = 0; rank < context.size; ++rank)
    {
        sum += GetValue(rank, place, round);
    }
    return sum;
}

/** @return seconds that this process's threads have waited for a core, by the kernel's account. */
double
GetWaited()
{
    double sum = 0;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task"))
    {
        std::ifstream file(thread.path() / "schedstat");
        double ran = 0;
        double waited = 0;
        file >> ran >> waited;
        sum += waited / 1e9;
    }
    return sum;
}

/** One round. */
struct Round
{
    double taken{1e9}; //!< Seconds
    double waited{0};  //!< Of these, without a core, by all threads together
};

/** @return the quickest of several rounds. */
Round
Measure(const std::shared_ptr<gloo::Context>& context, bool sums, std::size_t size, int rounds)
{
    Round best;
    for (int round = 0; round < rounds; ++round)
    {
        Data data(size);
        for (std::size_t i = 0; i < size; ++i)
        {
            data[i] = GetValue(context->rank, i, round);
        }
        gloo::BarrierOptions barrier(context);
        gloo::barrier(barrier);
        const double waited = GetWaited();
        const auto start = std::chrono::steady_clock::now();
        if (sums)
        {
            AllReduce(context, data);
        }
        else
        {
            data = AllToAll(context, data);
        }
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
        if (taken.count() < best.taken)
        {
            best = {taken.count(), GetWaited() - waited};
        }
        for (std::size_t i = 0; i < size; ++i)
        {
            if (data[i] != GetExpected(*context, sums, i, size, round))
            {
                throw std::runtime_error("a wrong value at place " + std::to_string(i));
            }
        }
    }
    gloo::BarrierOptions barrier(context);
    gloo::barrier(barrier); // nobody leaves before all are done
    return best;
}

} // namespace

int
main(int argc, char* argv[])
{
    if (argc != 8)
    {
        std::fprintf(stderr,
                     "usage: %s RANK RANKS INTERFACE DIRECTORY all_reduce|all_to_all BYTES TIMES\n",
                     argv[0]);
        return 2;
    }
    try
    {
        gloo::transport::tcp::attr attributes;
        attributes.iface = argv[3];
        auto device = gloo::transport::tcp::CreateDevice(attributes);
        gloo::rendezvous::FileStore store(argv[4]);
        const auto context =
            std::make_shared<gloo::rendezvous::Context>(std::stoi(argv[1]), std::stoi(argv[2]));
        context->setTimeout(std::chrono::seconds(60));
        context->connectFullMesh(store, device);
        const std::size_t size = std::stoull(argv[6]) / sizeof(float);
        const bool sums = std::string(argv[5]) == "all_reduce";
        const Round best = Measure(context, sums, size, std::stoi(argv[7]));
        std::printf("%.6f %.6f\n", best.taken, best.waited);
        return 0;
    }
    catch (const std::exception& error)
    {
        std::fprintf(stderr, "rank %s: %s\n", argv[1], error.what());
        return 1;
    }
}
