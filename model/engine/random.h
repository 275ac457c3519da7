/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_RANDOM_H
#define MTLINK_RANDOM_H

#include "ns3/rng-stream.h"

#include <cmath>
#include <cstdint>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * Mix a word so that every input bit reaches every output bit (the finaliser of SplitMix64,
 * Steele, Lea and Flood, OOPSLA 2014). For flow hashes; not a random stream.
 * @param [in] word Any word.
 * @return the mixed word.
 */
constexpr uint64_t
Mix(uint64_t word)
{
    word += 0x9e3779b97f4a7c15ULL;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9ULL;
    word = (word ^ (word >> 27)) * 0x94d049bb133111ebULL;
    return word ^ (word >> 31);
}

/**
 * @ingroup mtlink
 * An independent stream of random numbers: ns-3's MRG32k3a (L'Ecuyer et al. 2002), named by
 * (seed, stream), so that one object's draws never depend on another's.
 */
class RandomStream
{
  public:
    /**
     * @param [in] seed The run's seed, at least 1.
     * @param [in] stream Number of the stream: one per object that draws.
     */
    RandomStream(uint32_t seed, uint64_t stream)
        : m_rng(seed, stream, 0)
    {
    }

    /** @return a number in (0, 1). */
    double Uniform()
    {
        return m_rng.RandU01();
    }

    /**
     * @param [in] n Count, at least 1.
     * @return an integer in [0, n).
     */
    uint64_t Integer(uint64_t n)
    {
        return static_cast<uint64_t>(m_rng.RandU01() * static_cast<double>(n));
    }

    /**
     * @param [in] mean The mean.
     * @return an exponentially distributed number.
     */
    double Exponential(double mean)
    {
        return -mean * std::log(m_rng.RandU01());
    }

  private:
    RngStream m_rng; //!< The generator
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_RANDOM_H
