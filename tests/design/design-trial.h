/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_DESIGN_TRIAL_H
#define MTLINK_DESIGN_TRIAL_H

#include "design/design-request.h"

#include "ns3/mtlink-error.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace ns3
{
namespace mtlink
{

/** A folder for a test, gone at its end. */
class DesignFolder
{
  public:
    explicit DesignFolder(const std::string& name)
        : m_path("design-test-" + name + std::to_string(getpid())) // tests run side by side
    {
        std::filesystem::remove_all(m_path);
        std::filesystem::create_directories(m_path);
    }

    DesignFolder(const DesignFolder&) = delete;
    DesignFolder& operator=(const DesignFolder&) = delete;

    ~DesignFolder()
    {
        std::filesystem::remove_all(m_path);
    }

    /** @return path of something in it. */
    std::string At(const std::string& name) const
    {
        return m_path + "/" + name;
    }

    /** @return a request, read from a file in it. */
    DesignRequest Load(const std::string& text) const
    {
        std::ofstream(At("request.yaml")) << text;
        return LoadDesignRequest(At("request.yaml"));
    }

  private:
    std::string m_path;
};

/** @return why a request is refused, without the file's path; "accepted" if it is not. */
inline std::string
GetDesignRefusal(const std::string& text)
{
    const DesignFolder folder("refusal");
    try
    {
        folder.Load(text);
    }
    catch (const InputError& error)
    {
        const std::string what = error.what();
        return what.substr(what.find(".yaml:") + 6);
    }
    return "accepted";
}

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_DESIGN_TRIAL_H
