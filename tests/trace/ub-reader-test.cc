/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "trace/ub-reader.h"

#include "ns3/mtlink-error.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

using namespace ns3::mtlink;

namespace
{

/** A case's folder, gone in the end. */
class Folder
{
  public:
    Folder()
        : m_path(
              (std::filesystem::temp_directory_path() / ("mtlink-ub-" + std::to_string(getpid())))
                  .string())
    {
        std::filesystem::create_directories(m_path);
        Write("node.csv",
              "nodeId,nodeType,portNum,forwardDelay\n0..2,DEVICE,1,1ns\n3,SWITCH,3,1ns");
        Write("topology.csv",
              "nodeId1,portId1,nodeId2,portId2,bandwidth,delay\n0,0,3,0,400Gbps,20ns\n");
    }

    ~Folder()
    {
        std::error_code failed;
        std::filesystem::remove_all(m_path, failed);
    }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    void Write(const std::string& name, const std::string& text) const
    {
        std::ofstream(m_path + "/" + name) << text;
    }

    OperationGraph Read(const std::string& rows) const
    {
        Write("traffic.csv",
              "taskId,sourceNode,destNode,dataSize(Byte),opType,priority,delay,phaseId,"
              "dependOnPhases\n" +
                  rows);
        return ReadTrace(m_path, {});
    }

    std::string RefusalOf(const std::string& rows) const
    {
        try
        {
            Read(rows);
        }
        catch (const InputError& error)
        {
            const std::string text = error.what();
            return text.substr(text.rfind('/') + 1);
        }
        return "";
    }

    const std::string& GetPath() const
    {
        return m_path;
    }

  private:
    std::string m_path; //!< Where
};

} // namespace

TEST_SUITE("ns3-ub")
{
    TEST_CASE("tasks become messages and reads come back")
    {
        const Folder folder;
        const auto graph = folder.Read("0,0,1,4096,URMA_WRITE,7,10ns,0,\n"
                                       "1,0,2,512,URMA_READ,7,1.5us,0,\n");
        const auto& operations = graph.GetOperations();
        REQUIRE(operations.size() == 3 + 5);
        CHECK(graph.GetRanks() == 3);
        CHECK(operations[0].duration == 10'000);
        CHECK(operations[1].bytes == 4096);
        CHECK(operations[3].duration == 1'500'000);
        CHECK(operations[4].bytes == 0); // the request
        CHECK(operations[6].rank == 2);
        CHECK(operations[6].peer == 0);
        CHECK(operations[6].bytes == 512);
    }

    TEST_CASE("a task waits for all tasks of the phases that it depends on")
    {
        const Folder folder;
        const auto graph = folder.Read("0,0,1,8,URMA_WRITE,7,0ns,1,\n"
                                       "1,1,2,8,MEM_STORE,7,0ns,1,\n"
                                       "2,2,0,8,URMA_WRITE,7,0ns,2,1\n"
                                       "3,2,1,8,URMA_WRITE,7,0ns,2,1 3\n"
                                       "4,2,1,8,URMA_WRITE,7,0ns,3,\n");
        // Three operations a task, and one for each phase that is waited for.
        REQUIRE(graph.GetOperations().size() == 3 * 5 + 2);
        CHECK(graph.GetRequired(15) == 2);
        CHECK(graph.GetDependents(15).size() == 2);
        CHECK(graph.GetRequired(3 * 3) == 2);
    }

    TEST_CASE("what can't be is refused by file and line")
    {
        const Folder folder;
        CHECK(folder.RefusalOf("0,0,3,8,URMA_WRITE,7,0ns,1,\n") ==
              "traffic.csv:2:5: error: node 3 is no DEVICE");
        CHECK(folder.RefusalOf("0,0,1,8,URMA_SEND,7,0ns,1,\n")
                  .find("traffic.csv:2:9: error: here is "
                        "'URMA_SEND', but") == 0);
        CHECK(folder.RefusalOf("0,0,1,8,URMA_WRITE,7,5,1,\n") ==
              "traffic.csv:2:22: error: here is '5', but a time as '10ns' would be right");
        CHECK(folder.RefusalOf("0,0,1,8,URMA_WRITE,7,5ns,1,4\n") ==
              "traffic.csv:2:1: error: this task depends on phase 4, which no task has");
        CHECK(folder.RefusalOf("0,0,1,8,URMA_WRITE,7,5ns,1,1\n").find("wait") != std::string::npos);
        folder.Write("node.csv", "nodeId,nodeType\n0..1,DEVICE\n3,SWITCH\n");
        CHECK(folder.RefusalOf("") ==
              "node.csv:3:1: error: node 3 stands where node 2 would be right");
    }
}
