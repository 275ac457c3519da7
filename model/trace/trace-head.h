/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TRACE_HEAD_H
#define MTLINK_TRACE_HEAD_H

#include <string>
#include <string_view>
#include <vector>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * What a format is told by: the first bytes of a file, or the names in a folder. Nothing here
 * depends on how a file is called.
 */
class TraceHead
{
  public:
    /**
     * Look at a file or folder.
     * @param [in] path Its path; a packed file is unpacked.
     * @throws InputError if it can't be read, or is empty.
     */
    explicit TraceHead(const std::string& path);

    /** @return the path, as given. */
    const std::string& GetPath() const
    {
        return m_path;
    }

    /** @return whether it is a folder: then there are names, and no bytes. */
    bool IsFolder() const
    {
        return m_isFolder;
    }

    /** @return the names in the folder, sorted. */
    const std::vector<std::string>& GetNames() const
    {
        return m_names;
    }

    /** @return whether the folder has something of that name. @param [in] name It. */
    bool HasName(std::string_view name) const;

    /** @return the first bytes, 64 KiB at most. */
    std::string_view GetBytes() const
    {
        return m_bytes;
    }

    /** @return the bytes behind blanks and comments (`//`, `#`, C's). */
    std::string_view GetText() const
    {
        return m_text;
    }

    /**
     * @param [in] number From 0.
     * @return that line of GetText(), without its end; empty where there is none.
     */
    std::string_view GetLine(std::size_t number) const;

    /** @return whether this may be JSON: text that begins with an object or a list. */
    bool IsJson() const
    {
        return m_isJson;
    }

    /**
     * @param [in] key A key.
     * @return whether the outermost object of JSON, or the first in an outermost list, has it, as
     *         far as the bytes go.
     */
    bool HasJsonKey(std::string_view key) const;

    /** @return the keys that HasJsonKey() looks for. */
    const std::vector<std::string>& GetJsonKeys() const
    {
        return m_jsonKeys;
    }

    /** @return whether a line that is not indented is `key:`, as in YAML. @param [in] key It. */
    bool HasYamlKey(std::string_view key) const;

  private:
    /** Find the keys of JSON. */
    void ScanJson();

    std::string m_path;                  //!< See GetPath()
    bool m_isFolder{false};              //!< See IsFolder()
    bool m_isJson{false};                //!< See IsJson()
    std::vector<std::string> m_names;    //!< See GetNames()
    std::string m_bytes;                 //!< See GetBytes()
    std::string_view m_text;             //!< See GetText()
    std::vector<std::string> m_jsonKeys; //!< See HasJsonKey()
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TRACE_HEAD_H
