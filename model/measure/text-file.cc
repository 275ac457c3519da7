/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/text-file.h"

#include "ns3/mtlink-error.h"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace ns3
{
namespace mtlink
{

std::string
ReadTextFile(const std::string& path)
{
    const auto refuse = [&path] {
        throw InputError({path}, std::generic_category().message(errno));
    };
    const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "rbe"), std::fclose);
    if (!file)
    {
        refuse();
    }
    std::string text;
    char buffer[1 << 16];
    while (const size_t got = std::fread(buffer, 1, sizeof(buffer), file.get()))
    {
        text.append(buffer, got);
    }
    // A directory opens, but does not read.
    if (std::ferror(file.get()))
    {
        refuse();
    }
    return text;
}

} // namespace mtlink
} // namespace ns3
