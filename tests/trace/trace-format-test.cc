/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/trace-format.h"

#include <algorithm>
#include <array>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** A file of its own, gone in the end. */
class Sample
{
  public:
    explicit Sample(const std::string& content)
        : m_path((std::filesystem::temp_directory_path() /
                  ("mtlink-format-" + std::to_string(getpid())))
                     .string())
    {
        std::ofstream(m_path, std::ios::binary) << content;
    }

    ~Sample()
    {
        std::error_code failed;
        std::filesystem::remove(m_path, failed);
    }

    Sample(const Sample&) = delete;
    Sample& operator=(const Sample&) = delete;

    /** @return where it is. */
    const std::string& GetPath() const
    {
        return m_path;
    }

  private:
    std::string m_path; //!< Where
};

/** @return the names of all formats that take a file for theirs. */
std::vector<std::string>
NamesOf(const std::string& path)
{
    const TraceHead head(path);
    std::vector<std::string> names;
    for (const TraceFormat& format : GetTraceFormats())
    {
        if (format.recognises(head))
        {
            names.emplace_back(format.name);
        }
    }
    return names;
}

/** @return why a file is refused, without its place. */
std::string
RefusalOf(const std::string& content)
{
    const Sample sample(content);
    try
    {
        FindTraceFormat(sample.GetPath());
    }
    catch (const InputError& error)
    {
        const std::string text = error.what();
        return text.substr(text.find("error: ") + 7);
    }
    return "";
}

} // namespace

TEST_SUITE("trace-format")
{
    TEST_CASE("every known kind of file is recognised by its own row and no other")
    {
        const std::vector<std::pair<std::string, std::string>> kinds{
            {"goal", "/* a */ num_ranks 2\nrank 0 { }\n"},
            {"csv", "start_ns,src,dst,bytes\n0,0,1,8\n"},
            {"chakra",
             std::string("\x09\x0a\x05"
                         "0.0.4\x00",
                         9)},
            {"chakra-json", "{\"version\": \"0.0.4\"}\n{\"id\": \"1\"}"},
            {"chakra-json", "{\"workload_graph\": [], \"schema\": \"1\"}"},
            {"chakra-json", "{\"name\": \"a\", \"dataDeps\": [\"1\"]}"},
            {"pytorch-et", "{\"schema\": \"1.0.1\", \"pid\": 1, \"nodes\": []}"},
            {"kineto", "{\n \"schemaVersion\": 1, \"traceEvents\": [{\"nodes\": 1}]}"},
            {"kineto", "\xef\xbb\xbf{\"traceEvents\": []}"},
            {"nccl-log", "h:1:1 [0] NCCL INFO Bootstrap : Using eth0\n"},
            {"flight-recorder", "{\"version\": \"2.4\", \"pg_config\": {}, \"entries\": []}"},
            {"nccl-tests", "# nThread 1\n#  out-of-place  in-place\n# size time algbw busbw\n"},
            {"simai", "MICRO\n1\n"},
            {"goal-binary", std::string("\x7f\x10\0\0\0\0\0\0\1\0\0\0", 12)},
            {"dumpi",
             "\xff\xaa\xdd"
             "DUMPI...."},
            {"dumpi", "hostname=h\nnumprocs=4\nfileprefix=t\n"},
            {"otf2", std::string("\1\0OTF2\0", 7)},
            {"htsim-matrix", "Nodes 16\nConnections 2\n0->1 start 0 size 8\n"},
            {"msccl", "<algo name=\"a\" coll=\"allreduce\">\n</algo>\n"},
            {"sqlite", std::string("SQLite format 3\0", 16)},
            {"pickle", "\x80\x02}q\1X\x09pg_config"},
            {"astra-network", "{\n  \"logical-dims\": [\"16\"]\n}\n"},
            {"astra-network", "topology: [ Ring ]\nnpus_count: [ 4 ]\n"},
            {"astra-system", "{\"scheduling-policy\": \"LIFO\", \"endpoint-delay\": 10}"},
            {"astra-memory", "{\"memory-type\": \"NO_MEMORY_EXPANSION\"}"},
            {"htsim-topology", "Nodes 8\nTiers 3\nPodsize 4\n"},
            {"graphml", "<?xml version=\"1.0\"?>\n<graphml></graphml>\n"},
            {"experiment", "fabric: a.yaml\nworkload: {collective: all_reduce}\n"},
            {"fabric", "kind: torus\nlink: {rate: 1Gbps}\n"},
            {"ns3-ub-file", "nodeId,nodeType,portNum\n0..1,DEVICE,1\n"},
            {"ns3-ub-file", "taskId,sourceNode,destNode,dataSize(Byte)\n"},
            {"ns3-ub-file", "default ns3::UbLink::Delay \"+0ns\"\n"},
            {"simai-busbw", "test\nTP:\nallreduce,: 300\n"},
            {"simai-ratio", "Size,1 Node(NVLinkx),2Node-16GPU(NIC )\n16777216,0.45,0.55\n"},
            {"flow-sizes", "0 0\n100 1.5\n200 100\n"},
            {"tar", std::string(257, 'a') + "ustar" + std::string(10, '\0')},
            {"packed", "PK\x03\x04zip"},
        };
        for (const auto& [name, content] : kinds)
        {
            CAPTURE(name);
            CAPTURE(content);
            const Sample sample(content);
            CHECK(NamesOf(sample.GetPath()) == std::vector<std::string>{name});
        }
        for (const TraceFormat& format : GetTraceFormats())
        {
            CAPTURE(format.name);
            CHECK((format.read == nullptr) == (format.advice != nullptr));
            CHECK((format.read == nullptr) == (format.summarise == nullptr));
        }
    }

    TEST_CASE("sample traces are recognised by one row each")
    {
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(MTLINK_SOURCE_DIR "/examples/traces"))
        {
            const std::string path = entry.path().string();
            constexpr std::array ENDS{".et", ".et.gz", ".goal", ".json.gz", ".log", ".txt"};
            const bool isTrace = std::any_of(ENDS.begin(), ENDS.end(), [&](const char* end) {
                return path.ends_with(end);
            });
            CAPTURE(path);
            CHECK((!isTrace || NamesOf(path).size() == 1));
        }
    }

    TEST_CASE("what is no trace is named as what it is with what can be done")
    {
        CHECK(
            RefusalOf("{\"logical-dims\": [\"4\"]}") ==
            "this is an ASTRA-sim network configuration, no trace: one with topology, npus_count, "
            "bandwidth and latency is a fabric, as fabric: FILE");
        CHECK(RefusalOf("{\"a\": 1}").starts_with("this is JSON, but no trace of a known format"));
        CHECK(RefusalOf("a,b,c\n1,2,3\n").starts_with("this is no trace of a known format"));
        CHECK(RefusalOf("start: 1\n").starts_with("this is no trace of a known format"));
        // Keys further in are no keys of the whole.
        CHECK(RefusalOf("{\"a\": {\"traceEvents\": 1}, \"b\": \"\\\"nodes\\\": \"}")
                  .starts_with("this is JSON, but no trace"));
        CHECK(RefusalOf("[ {\"a\": 1}, {\"traceEvents\": 1}]").starts_with("this is JSON, but"));
        CHECK(RefusalOf("{\"traceEvents").starts_with("this is JSON, but"));
        // What macOS puts beside files in archives.
        CHECK(RefusalOf(std::string("\0\5\x16\7\0\2\0\0Mac OS X", 16))
                  .starts_with("this is no trace"));
    }
}
