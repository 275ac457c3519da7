/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_MUTATION_SWITCH_H
#define MTLINK_MUTATION_SWITCH_H

#include <cstdio>
#include <cstdlib>
#include <type_traits>

// A mutant may say what nobody would write.
#pragma GCC diagnostic ignored "-Wparentheses"
#pragma GCC diagnostic ignored "-Wtype-limits"

/** Which mutant is on, and which were met: see run. Each source that has mutants includes it. */
struct MtlinkMutation
{
    static constexpr unsigned MOST = 100000; //!< Mutants

    MtlinkMutation()
    {
        const char* const number = std::getenv("MTLINK_MUTANT");
        active = number ? static_cast<unsigned>(std::atoi(number)) : 0;
    }

    ~MtlinkMutation()
    {
        const char* const path = std::getenv("MTLINK_MUTANTS_MET");
        std::FILE* const file = path ? std::fopen(path, "w") : nullptr;
        for (unsigned number = 0; file && number < MOST; ++number)
        {
            if (met[number])
            {
                std::fprintf(file, "%u\n", number);
            }
        }
        if (file)
        {
            std::fclose(file);
        }
    }

    unsigned active{0}; //!< Its number; 0: none
    bool met[MOST]{};   //!< By number
};

inline MtlinkMutation g_mtlinkMutation; //!< Of this process

/** @return whether a mutant is on. */
constexpr bool
mtlinkMutant(unsigned number)
{
    if (std::is_constant_evaluated())
    {
        return false;
    }
    g_mtlinkMutation.met[number] = true;
    return g_mtlinkMutation.active == number;
}

#endif // MTLINK_MUTATION_SWITCH_H
