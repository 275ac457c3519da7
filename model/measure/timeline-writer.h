/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TIMELINE_WRITER_H
#define MTLINK_TIMELINE_WRITER_H

#include "measure/critical-paths.h"
#include "measure/json-writer.h"

#include "ns3/mtlink-results.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

class AtomicFile;

/** @ingroup mtlink
 * A thread of a timeline, or several of one kind where its slices overlap. */
struct TimelineTrack
{
    uint64_t process{0};  //!< Of which process
    uint32_t order{0};    //!< Place among its tracks; of equal ones by category
    std::string prefix;   //!< Before its name: "rank 3: "
    std::string category; //!< Its name, and the category of its slices

    /** @return by process, order, category. @param [in] other Another one. */
    bool operator<(const TimelineTrack& other) const;

    /** @return whether it is the same. @param [in] other Another one. */
    bool operator==(const TimelineTrack& other) const
    {
        return !(*this < other) && !(other < *this);
    }
};

/** @ingroup mtlink
 * A slice of a timeline. */
struct TimelineSlice
{
    /** What its arguments tell of. */
    enum Subject : uint8_t
    {
        NOTHING,    //!< No arguments
        COLLECTIVE, //!< An index into RunResults::collectives
        MESSAGE,    //!< An index into RunResults::messages
        STEP,       //!< An index into a critical path
    };

    /** Its end of an arrow. */
    enum Arrow : uint8_t
    {
        NO_ARROW, //!< It has none
        FROM,     //!< The arrow begins with it
        TO,       //!< The arrow ends with it
    };

    static constexpr uint32_t NO_LANE{UINT32_MAX}; //!< Left out

    TimelineTrack track;      //!< Where
    std::string name;         //!< What to show
    Tick start{0};            //!< Start
    Tick end{0};              //!< End
    Subject subject{NOTHING}; //!< What it is of
    Arrow arrow{NO_ARROW};    //!< Of a MESSAGE
    uint32_t lane{0};         //!< Which of the track's threads
    uint32_t path{0};         //!< STEP: index of the critical path
    std::size_t index{0};     //!< Of the subject
};

/**
 * @ingroup mtlink
 * Spread slices over threads: those that overlap, which a viewer would take for nested, go to
 * threads of their own.
 * @param [in,out] slices By track, then start; get their lanes.
 * @param [in] limit Most threads of a track; what finds none gets NO_LANE.
 */
void AssignLanes(std::vector<TimelineSlice>& slices, std::size_t limit);

/**
 * @ingroup mtlink
 * Viewers keep whole nanoseconds, and Perfetto rounds start and duration each on its own: a slice
 * could then end after the next has begun, and be left out for it.
 * @param [in] tick A time, ps.
 * @return the same without the part of a nanosecond.
 */
inline Tick
WholeNanoseconds(Tick tick)
{
    constexpr Tick NANOSECOND{1000};
    return tick - tick % NANOSECOND;
}

/**
 * @ingroup mtlink
 * Writes the events of one timeline, in the Trace Event Format.
 */
class TimelineWriter
{
  public:
    /**
     * @param [in] results The run.
     * @param [in] paths Its critical paths.
     * @param [in,out] file Gets the JSON.
     */
    TimelineWriter(const RunResults& results, const CriticalPaths& paths, AtomicFile& file);

    /**
     * Name a process; each is shown below those named before.
     * @param [in] process Its number.
     * @param [in] name Its name.
     */
    void NameProcess(uint64_t process, const std::string& name);

    /**
     * Write slices with their tracks' names and their ends of arrows.
     * @param [in] slices By track, then start, with lanes.
     * @return the number left out for want of a lane.
     */
    std::size_t WriteSlices(const std::vector<TimelineSlice>& slices);

    /**
     * Write how much the buffers hold that a link fills.
     * @param [in] process Whose counter.
     * @param [in] name The link's name.
     * @param [in] at When.
     * @param [in] flits What they hold.
     */
    void WriteQueue(uint64_t process, const std::string& name, Tick at, uint32_t flits);

    /**
     * Write a counter.
     * @param [in] process Whose.
     * @param [in] name Its name.
     * @param [in] at When.
     * @param [in] busy Share of time.
     * @param [in] stall Share of time.
     */
    void WriteCounter(uint64_t process,
                      const std::string& name,
                      Tick at,
                      double busy,
                      double stall);

    /**
     * Close it all.
     * @param [in] leftOut Counts of what is not in the file, by key.
     */
    void Finish(const std::vector<std::pair<std::string, std::size_t>>& leftOut);

  private:
    /** Begin an event at a time; @param [in] phase Its type in the format. */
    void BeginEvent(const char* phase, uint64_t process, const std::string& name, Tick at);

    /** End an event. */
    void EndEvent();

    /** Begin a counter's event. */
    void BeginCounter(uint64_t process, const std::string& name, Tick at);

    /** End a counter's event. */
    void EndCounter();

    /** Begin an event that only names or orders something; its one argument is to come. */
    void BeginMeta(const char* event, uint64_t process, uint64_t thread, const char* key);

    /** End it. */
    void EndMeta();

    /** Write a slice; @param [in] slice What. @param [in] thread Where. */
    void WriteSlice(const TimelineSlice& slice, uint64_t thread);

    /** Write a slice's end of an arrow; @param [in] slice What. @param [in] thread Where. */
    void WriteArrow(const TimelineSlice& slice, uint64_t thread);

    /** Write the arguments of a slice. */
    void WriteArguments(const CollectiveResult& collective);
    void WriteArguments(const MessageResult& message);
    void WriteArguments(const CriticalStepResult& step);

    /** Write what of the critical paths is known. */
    void WritePaths();

    /** Hand the text on. */
    void Flush();

    const RunResults& m_results;  //!< The run
    const CriticalPaths& m_paths; //!< Its critical paths
    AtomicFile& m_file;           //!< Gets the JSON
    std::string m_text;           //!< Not yet in the file
    JsonWriter m_out;             //!< Writes to m_text
    uint64_t m_processes{0};      //!< Named so far
    uint64_t m_threads{0};        //!< Threads so far: unique in the whole file
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TIMELINE_WRITER_H
