/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_MPI_EXCHANGE_H
#define MTLINK_MPI_EXCHANGE_H

#include "engine/exchange.h"

#include <csignal>

/**
 * What libmtlink-mpi.so is asked for, by its name.
 * @param [in] interrupt Not 0 once a signal has come; or nullptr.
 * @return the processes that an MPI launcher has started; the caller's.
 */
extern "C" ns3::mtlink::Exchange* MtlinkMakeMpiExchange(
    const volatile std::sig_atomic_t* interrupt);

#endif // MTLINK_MPI_EXCHANGE_H
