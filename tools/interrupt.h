/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_INTERRUPT_H
#define MTLINK_INTERRUPT_H

#include <csignal>

/**
 * From now on the first Ctrl-C, or a batch system's SIGTERM, ends what runs in an orderly way, a
 * second one the program.
 * @return what is not 0 after the first; for all time.
 */
const volatile std::sig_atomic_t* CatchInterrupts();

#endif // MTLINK_INTERRUPT_H
