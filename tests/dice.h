/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TEST_DICE_H
#define MTLINK_TEST_DICE_H

#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <iterator>
#include <random>
#include <string>
#include <vector>

/** Random numbers, the same everywhere. */
class Dice
{
  public:
    /** @param [in] seed Of the numbers. */
    explicit Dice(uint32_t seed)
        : m_random(seed)
    {
    }

    /** @return a number from least to most. */
    uint64_t Number(uint64_t least, uint64_t most)
    {
        return least + m_random() % (most - least + 1);
    }

    /** @return the same as text, with a unit. */
    std::string Text(uint64_t least, uint64_t most, const std::string& unit = "")
    {
        return std::to_string(Number(least, most)) + unit;
    }

    /** @return one of a list. */
    template <typename T>
    T Pick(std::initializer_list<T> list)
    {
        return list.begin()[m_random() % list.size()];
    }

    /** @return one of a list; where there is but one, without a throw. */
    template <typename T>
    T Pick(const std::vector<T>& list)
    {
        return list.size() == 1 ? list.front() : list[m_random() % list.size()];
    }

  private:
    std::mt19937 m_random; //!< The numbers
};

#if defined(__SANITIZE_ADDRESS__)
#define MTLINK_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MTLINK_SANITIZED 1
#endif
#endif

/**
 * @param [in] usual How many random trials the suite has.
 * @return those; under the sanitizers, where each takes ten times as long, a third of them, at
 * least one: that all of them hold is shown without, and what is read or written out of place shows
 * in few.
 */
constexpr uint32_t
GetTrialsOf(uint32_t usual)
{
#ifdef MTLINK_SANITIZED
    return (usual + 2) / 3;
#else
    return usual;
#endif
}

/**
 * @param [in] variable Of the environment, in which a number may be asked for.
 * @param [in] usual How many random trials the suite has.
 * @return the number asked for, or GetTrialsOf(usual).
 */
inline uint32_t
GetTrials(const char* variable, uint32_t usual)
{
    const char* const asked = std::getenv(variable);
    return asked ? static_cast<uint32_t>(std::stoul(asked)) : GetTrialsOf(usual);
}

/** Seeds of random trials. */
struct TrialSeeds
{
    uint32_t first; //!< The first
    uint32_t last;  //!< The last

    /**
     * @param [in] usual How many there are in the suite.
     * @return GetTrialsOf(usual), or what the environment asks for: MTLINK_TRIALS=N or
     * MTLINK_TRIALS=FIRST-LAST.
     */
    static TrialSeeds Get(uint32_t usual)
    {
        const char* const asked = std::getenv("MTLINK_TRIALS");
        const std::string text = asked ? asked : std::to_string(GetTrialsOf(usual));
        const auto dash = text.find('-');
        const auto number = [](const std::string& digits) {
            return static_cast<uint32_t>(std::stoul(digits));
        };
        return dash == std::string::npos
                   ? TrialSeeds{1, number(text)}
                   : TrialSeeds{number(text.substr(0, dash)), number(text.substr(dash + 1))};
    }
};

#endif // MTLINK_TEST_DICE_H
