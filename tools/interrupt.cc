/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "interrupt.h"

namespace
{

volatile std::sig_atomic_t g_interrupted = 0; //!< A signal has come

void
OnInterrupt(int signal)
{
    g_interrupted = 1;
    std::signal(signal, SIG_DFL);
}

} // namespace

const volatile std::sig_atomic_t*
CatchInterrupts()
{
    std::signal(SIGINT, OnInterrupt);
    std::signal(SIGTERM, OnInterrupt);
    return &g_interrupted;
}
