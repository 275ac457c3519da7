/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/*
 * What the programs share that run the bench's permutations in place of mtlink: they read the same
 * messages and print the same figures. C++17, as stock ns-3's headers ask.
 */

#ifndef PERMUTATION_PROGRAM_H
#define PERMUTATION_PROGRAM_H

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <string>
#include <sys/resource.h>

constexpr uint32_t PAYLOAD = 4096; //!< Bytes of a packet

/** @return CPU seconds of this process so far. */
inline double
GetCpuSeconds()
{
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/**
 * Run a permutation: RADIX MESSAGES.csv (start_ns,src,dst,bytes). Prints one JSON object:
 * packet_hops, events, cpu_time_s, setup_time_s, peak_rss_bytes.
 * @tparam Simulation Constructed with a radix; Send(src, dst, bytes) at 0, Run(); packetHops and
 *         delivered count packets, GetEvents() what has run.
 * @param [in] argc As of main().
 * @param [in] argv As of main().
 * @return the exit status.
 */
template <typename Simulation>
int
RunPermutation(int argc, char* argv[])
{
    if (argc != 3)
    {
        std::cerr << "usage: " << argv[0] << " RADIX MESSAGES.csv\n";
        return 2;
    }
    Simulation simulation(static_cast<uint32_t>(std::stoul(argv[1])));
    std::ifstream file(argv[2]);
    std::string line;
    std::getline(file, line);
    uint64_t packets = 0;
    while (std::getline(file, line))
    {
        uint32_t source = 0;
        uint32_t destination = 0;
        unsigned long long bytes = 0;
        if (std::sscanf(line.c_str(), "0,%u,%u,%llu", &source, &destination, &bytes) != 3)
        {
            std::cerr << argv[2] << ": not a message that starts at 0: " << line << "\n";
            return 1;
        }
        packets += (bytes + PAYLOAD - 1) / PAYLOAD;
        simulation.Send(source, destination, bytes);
    }
    const double setUp = GetCpuSeconds();
    simulation.Run();
    if (simulation.delivered != packets)
    {
        std::cerr << simulation.delivered << " of " << packets << " packets delivered\n";
        return 1;
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::cout << "{\"packet_hops\": " << simulation.packetHops
              << ", \"events\": " << simulation.GetEvents()
              << ", \"cpu_time_s\": " << GetCpuSeconds() << ", \"setup_time_s\": " << setUp
              << ", \"peak_rss_bytes\": " << usage.ru_maxrss * 1024 << "}" << std::endl;
    return 0;
}

#endif // PERMUTATION_PROGRAM_H
