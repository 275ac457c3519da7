/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_ERROR_H
#define MTLINK_ERROR_H

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A place in an input file, both numbers from 1. In a binary trace the line is the record's
 * number and the column is its first byte's.
 */
struct Where
{
    std::string file;   //!< As the user wrote it
    uint64_t line{1};   //!< Line, or record
    uint64_t column{1}; //!< Column, or byte
};

/**
 * @ingroup mtlink
 * Input that is refused. what() is "file:line:column: error: what, and what would be right".
 */
class InputError : public std::runtime_error
{
  public:
    /**
     * @param [in] where The place.
     * @param [in] message What is wrong, and what would be right.
     */
    InputError(const Where& where, const std::string& message)
        : std::runtime_error(where.file + ":" + std::to_string(where.line) + ":" +
                             std::to_string(where.column) + ": error: " + message),
          m_where(where),
          m_message(message)
    {
    }

    /** @return the place. */
    const Where& GetWhere() const
    {
        return m_where;
    }

    /** @return what is wrong, and what would be right, without the place. */
    const std::string& GetMessage() const
    {
        return m_message;
    }

  private:
    Where m_where;         //!< The place
    std::string m_message; //!< What is wrong
};

/**
 * @ingroup mtlink
 * A parameter whose value can't be, found by code that does not know the file it came from; who
 * does know turns it into an InputError at the parameter's place.
 */
class ParameterError : public std::runtime_error
{
  public:
    /**
     * @param [in] parameter YAML key (snake_case) that is at fault; empty: the mapping as a whole.
     * @param [in] message What is wrong, and what would be right.
     */
    ParameterError(std::string parameter, const std::string& message)
        : std::runtime_error(message),
          m_parameter(std::move(parameter))
    {
    }

    /** @return the YAML key at fault, or an empty string. */
    const std::string& GetParameter() const
    {
        return m_parameter;
    }

  private:
    std::string m_parameter; //!< YAML key
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_ERROR_H
