/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TRACE_INPUT_H
#define MTLINK_TRACE_INPUT_H

#include "workload/operation-graph.h"

#include "ns3/mtlink-error.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A trace's file, read from front to back, unpacked on the way where it is gzip.
 */
class TraceInput
{
  public:
    /**
     * @param [in] file Its path.
     * @throws InputError if it can't be opened or is no ordinary file.
     */
    explicit TraceInput(const std::string& file);
    ~TraceInput();
    TraceInput(const TraceInput&) = delete;
    TraceInput& operator=(const TraceInput&) = delete;

    /**
     * Read on.
     * @param [out] data Where to.
     * @param [in] bytes How many.
     * @return how many there were, fewer only at the end.
     * @throws InputError if the file is damaged.
     */
    std::size_t Read(char* data, std::size_t bytes);

    /** @return bytes read so far, unpacked. */
    uint64_t GetOffset() const;

    /** @return bytes yet to come, where that is known: of a file that is not packed. */
    std::optional<uint64_t> GetLeft() const;

    /** @return the path, as given. */
    const std::string& GetFile() const;

  private:
    struct File;                    //!< zlib's; hidden
    std::unique_ptr<File> m_impl;   //!< The open file
    std::string m_file;             //!< Path
    uint64_t m_offset{0};           //!< Bytes read
    std::optional<uint64_t> m_size; //!< In all, where known
};

/**
 * @ingroup mtlink
 * @param [in] file Path of a text file, packed or not.
 * @return its content, at most 2 GiB.
 * @throws InputError if it can't be read or is longer.
 */
std::string ReadText(const std::string& file);

/**
 * @ingroup mtlink
 * @param [in] text A number's digits, nothing else.
 * @param [in] most Largest value allowed.
 * @return the number; nothing: it is none, or too large.
 */
std::optional<uint64_t> ParseNumber(std::string_view text, uint64_t most);

/**
 * @ingroup mtlink
 * @param [in] text Bytes.
 * @return whether they are valid UTF-8 (RFC 3629).
 */
bool IsUtf8(std::string_view text);

/**
 * @ingroup mtlink
 * @param [in] text Bytes of a file.
 * @return them for a message: at most 40, what does not print as '?'.
 */
std::string Quote(std::string_view text);

/**
 * @ingroup mtlink
 * Finish a graph, and name the place of what is wrong with it.
 * @param [in,out] graph The graph.
 * @param [in] place Place of an operation.
 * @throws InputError for what OperationGraph::Finish() refuses.
 */
void FinishGraph(OperationGraph& graph, const std::function<Where(uint32_t)>& place);

/** Longest time that a trace may ask for: 100 days, below what Tick holds. */
inline constexpr Tick LONGEST_TIME = Tick{100} * 86400 * 1'000'000'000'000;

/** Most ranks that a trace may have. */
inline constexpr uint32_t MOST_RANKS = 1U << 24;

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TRACE_INPUT_H
