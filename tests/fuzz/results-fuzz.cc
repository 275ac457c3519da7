/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fuzz.h"
#include "measure/result-reader.h"
#include "measure/result-tables.h"
#include "measure/result-writer.h"
#include "measure/text-file.h"

#include <map>

using namespace ns3::mtlink;

namespace
{

/** Results of a small run, and of each file its bytes. */
struct Results
{
    Results()
    {
        RunResults run;
        run.endpoints = 2;
        run.links.resize(2);
        run.links[0].name = "gpu0:0";
        run.links[1].name = "gpu1:0";
        run.messages.resize(1);
        run.collectives.resize(1);
        run.experimentYaml = "name: fuzz\n";
        WriteResults(run, directory.GetPath());
        names.emplace_back("summary.json");
        for (const ResultTable& table : GetResultTables())
        {
            names.push_back(table.file);
        }
        for (const std::string& name : names)
        {
            const std::string path = directory.GetPath() + "/" + name;
            bytes[name] = std::filesystem::exists(path) ? ReadTextFile(path) : "";
        }
    }

    InputDirectory directory;                 //!< Where
    std::vector<std::string> names;           //!< Files
    std::map<std::string, std::string> bytes; //!< By name; empty: it is not there
};

} // namespace

/** The first byte says which file the others are. */
int
LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size)
{
    static const Results results;
    if (size == 0)
    {
        return 0;
    }
    const std::string& name = results.names[data[0] % results.names.size()];
    const std::string path = results.directory.Write(name, ToText(data + 1, size - 1));
    TryInput([] { ReadResults(results.directory.GetPath()); });
    const std::string& before = results.bytes.at(name);
    before.empty() ? (void)std::filesystem::remove(path)
                   : (void)results.directory.Write(name, before);
    return 0;
}
