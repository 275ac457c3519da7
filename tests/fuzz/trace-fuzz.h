/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TRACE_FUZZ_H
#define MTLINK_TRACE_FUZZ_H

#include "fuzz.h"
#include "trace/trace.h"

/**
 * Read bytes as a trace, for a fabric of eight endpoints.
 * @param [in] name Of the file: its ending says what it is.
 * @param [in] data Bytes.
 * @param [in] size How many.
 * @return 0.
 */
inline int
TryTrace(const std::string& name, const uint8_t* data, std::size_t size)
{
    static const InputDirectory directory;
    const std::string file = directory.Write(name, ToText(data, size));
    TryInput([&file] { ns3::mtlink::SummariseTrace(file); });
    return TryInput([&file] {
        ns3::mtlink::TraceOptions options;
        options.maxRanks = 8;
        options.trafficClasses = 2;
        options.hints.endpoints = 8;
        ns3::mtlink::ReadTrace(file, options);
    });
}

#endif // MTLINK_TRACE_FUZZ_H
