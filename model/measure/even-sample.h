/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_EVEN_SAMPLE_H
#define MTLINK_EVEN_SAMPLE_H

#include <bit>
#include <cstdint>

namespace ns3
{
namespace mtlink
{

/*
 * Samples of numbered things, one of every k, k a power of two: things 0 to k - 1 have one of them
 * in the sample, things k to 2k - 1 another, and so on. Which one, a hash says, as every k-th would
 * fall in step with what repeats: of messages that go to and fro, it would have those that go. The
 * sample of 2k is a part of that of k, so a sample may be thinned out as more things come.
 */

/**
 * @ingroup mtlink
 * @param [in] block A block of so many things.
 * @param [in] level The block has 2^level things.
 * @return whether the one in the sample is in its second half.
 */
inline bool
IsInSecondHalf(uint64_t block, uint32_t level)
{
    // SplitMix64's finaliser.
    uint64_t x = block * 0x9e3779b97f4a7c15ULL + level;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return ((x ^ (x >> 31)) & 1) != 0;
}

/**
 * @ingroup mtlink
 * @param [in] id A thing's number, from 0.
 * @param [in] oneIn Of how many things one is in the sample; a power of two.
 * @return whether this one is.
 */
inline bool
IsSampled(uint64_t id, uint64_t oneIn)
{
    const auto levels = static_cast<uint32_t>(std::countr_zero(oneIn));
    for (uint32_t level = 1; level <= levels; ++level)
    {
        const bool isSecond = ((id >> (level - 1)) & 1) != 0;
        if (isSecond != IsInSecondHalf(id >> level, level))
        {
            return false;
        }
    }
    return true;
}

/**
 * @ingroup mtlink
 * @param [in] index A place in a sample.
 * @param [in] oneIn Of how many things one is in the sample; a power of two.
 * @return the number of the thing there.
 */
inline uint64_t
GetSampled(uint64_t index, uint64_t oneIn)
{
    for (auto level = static_cast<uint32_t>(std::countr_zero(oneIn)); level > 0; --level)
    {
        index = index << 1 | (IsInSecondHalf(index, level) ? 1 : 0);
    }
    return index;
}

/**
 * @ingroup mtlink
 * @param [in] count Number of things.
 * @param [in] oneIn Of how many things one is in the sample; a power of two.
 * @return the size of the sample.
 */
inline uint64_t
CountSampled(uint64_t count, uint64_t oneIn)
{
    const uint64_t whole = count / oneIn;
    return whole + (GetSampled(whole, oneIn) < count ? 1 : 0);
}

/**
 * @ingroup mtlink
 * @param [in] count Number of things.
 * @param [in] most How many may be in the sample, at least 1.
 * @param [in] least Result at least; a power of two.
 * @return the least power of two so that a sample of one in so many is no larger.
 */
inline uint64_t
OneIn(uint64_t count, uint64_t most, uint64_t least = 1)
{
    uint64_t oneIn = least;
    while (count > 0 && (count - 1) / oneIn >= most)
    {
        oneIn *= 2;
    }
    return oneIn;
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_EVEN_SAMPLE_H
