/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ATOMIC_FILE_H
#define MTLINK_ATOMIC_FILE_H

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A file could not be written: disk full, no permission, no such directory.
 */
class WriteError : public std::runtime_error
{
  public:
    /**
     * @param [in] path The file.
     * @param [in] error The errno.
     */
    WriteError(const std::string& path, int error);
};

/**
 * @ingroup mtlink
 * A file that appears whole or not at all: it is written as `NAME.1.tmp` in its directory, or with
 * the first number that no other has, and gets its name by Commit(). Without that, the destructor
 * removes what was written, and a file that had the name before stays. Every failure throws
 * WriteError.
 */
class AtomicFile
{
  public:
    /** What is done to the bytes. */
    enum class Format
    {
        PLAIN, //!< Nothing
        GZIP,  //!< Compressed, without a time stamp: same input, same bytes
    };

    /**
     * @param [in] path The file's name in the end.
     * @param [in] format What is done to the bytes.
     */
    explicit AtomicFile(std::string path, Format format = Format::PLAIN);

    /** Removes the temporary file unless it was committed. */
    ~AtomicFile();

    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /** @param [in] text Bytes to append. */
    void Write(std::string_view text);

    /** Bring all bytes to the temporary file: after this only the new name is missing. */
    void Close();

    /** Close, and give the file its name. */
    void Commit();

    /** @return its name until then. */
    const std::string& GetTemporary() const
    {
        return m_temporary;
    }

    /**
     * @param [in] name A file's, without its directory.
     * @return the name that it should have got in the end, if it is a temporary one; else nothing.
     */
    static std::string GetFinalName(const std::string& name);

  private:
    struct Deflater;

    /** Make the temporary file: one that nobody has. */
    void Open();

    /** Compress the buffer into the file; @param [in] flush zlib's flush mode. */
    void Deflate(int flush);

    /** Hand the buffer on. */
    void Flush();

    /** Write to the file, all of it; @param [in] bytes What. */
    void WriteOut(std::string_view bytes);

    std::string m_path;                   //!< Name in the end
    std::string m_temporary;              //!< Name until then
    int m_descriptor{-1};                 //!< Open file; -1: closed
    bool m_committed{false};              //!< Has its name
    std::string m_buffer;                 //!< Not yet written
    std::unique_ptr<Deflater> m_deflater; //!< Null: plain
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ATOMIC_FILE_H
