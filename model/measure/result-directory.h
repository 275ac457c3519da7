/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_RESULT_DIRECTORY_H
#define MTLINK_RESULT_DIRECTORY_H

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A directory into which one program at a time writes results: no other can take it as long as
 * this object, or a process that was forked from it, lives. One that is killed leaves it free.
 */
class ResultDirectory
{
  public:
    /** Who may write at once. */
    enum class Writers
    {
        NONE, //!< It is read only, must be there, and stays as it is
        ONE,  //!< This program alone: it is locked
        MANY  //!< Many, from any machine, who agree among themselves; none that locks it
    };

    /**
     * Make the directory if need be, and take it.
     * @param [in] path Where.
     * @param [in] writers Who may write into it meanwhile.
     * @throws std::runtime_error if it can't be made or written, or is another's.
     */
    explicit ResultDirectory(std::string path, Writers writers = Writers::ONE);

    /** Gives it free; if it was made for this and nothing is in it, removes it, and likewise the
     * directories above it. */
    ~ResultDirectory();

    ResultDirectory(const ResultDirectory&) = delete;
    ResultDirectory& operator=(const ResultDirectory&) = delete;

    /** @return where. */
    const std::string& GetPath() const
    {
        return m_path;
    }

    /**
     * @param [in] path A directory.
     * @return whether a program writes results into it now.
     */
    static bool IsTaken(const std::string& path);

    /**
     * @param [in] path A directory.
     * @return whether a program that writes results into it is at work, or was killed.
     */
    static bool IsLeft(const std::string& path);

    /**
     * Remove what a program that was killed left of files that it had not finished.
     * @param [in] names Of files; those of which there are temporary ones.
     */
    void RemoveTemporaries(const std::vector<std::string>& names) const;

  private:
    /** Take the lock. */
    void Lock();

    /** See that files can be made in it, before there is work to lose. */
    void TryToWrite() const;

    std::string m_path;              //!< Where
    std::vector<std::string> m_made; //!< Made for this: it and those above it, upwards
    int m_lock{-1};                  //!< Descriptor of the file that is locked; -1: none
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_RESULT_DIRECTORY_H
