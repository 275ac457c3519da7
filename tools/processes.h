/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_PROCESSES_H
#define MTLINK_PROCESSES_H

#include "engine/exchange.h"
#include "experiment/override.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

/**
 * Become, or join, the processes of a run.
 * @param [in] processes How many were asked for; 1: as many as an MPI launcher has started.
 * @return what they meet by, in each of them; null: there is but one.
 */
std::unique_ptr<ns3::mtlink::Exchange> JoinProcesses(uint32_t processes);

/**
 * What a process but process 0 does in `mtlink run`: it says nothing, process 0 does.
 * @param [in] exchange The processes.
 * @param [in] file The experiment.
 * @param [in] overrides Its settings.
 * @return the process's exit status.
 */
int ServeProcess(ns3::mtlink::Exchange& exchange,
                 const std::string& file,
                 const std::vector<ns3::mtlink::Override>& overrides);

#endif // MTLINK_PROCESSES_H
