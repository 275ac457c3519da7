/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/fabric-loader.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <string>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

YamlNode
Parse(const std::string& text)
{
    return ParseYaml(text, {"test.yaml", ""});
}

FabricDescription
Describe(const std::string& text)
{
    return DescribeFabric(ResolveFabric(Parse(text)));
}

std::string
GetMessage(const YamlNode& node)
{
    try
    {
        DescribeFabric(ResolveFabric(node));
    }
    catch (const InputError& error)
    {
        return error.what();
    }
    return "accepted";
}

/** A directory of files for one test, gone with it. */
class Files
{
  public:
    /** @param [in] name Name of the directory. */
    explicit Files(const std::string& name)
        : m_directory("fabric-loader-test-" + name)
    {
        std::filesystem::create_directories(m_directory);
    }

    ~Files()
    {
        std::filesystem::remove_all(m_directory);
    }

    /** Write a file and return its path. */
    std::string Add(const std::string& name, const std::string& text) const
    {
        const std::filesystem::path path = std::filesystem::path(m_directory) / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << text;
        return path.string();
    }

  private:
    std::string m_directory; //!< Where
};

} // namespace

TEST_SUITE("fabric loader")
{
    TEST_CASE("attributes are set by their names in snake_case")
    {
        const FabricDescription fabric = Describe("kind: full_mesh\n"
                                                  "endpoints: 4\n"
                                                  "link: {rate: 28GBps, latency: 150ns}\n"
                                                  "switch: {input_speedup: 3}\n"
                                                  "endpoint: {reduction_rate: 500GBps}\n");
        CHECK(fabric.scopes[0].link->GetBitRate() == 224'000'000'000);
        CHECK(fabric.scopes[0].link->GetLatency() == PicoSeconds(150'000));
        CHECK(fabric.scopes[0].chip->GetInputSpeedup() == 3);
        CHECK(fabric.endpoint->GetReductionRate() == 500e9);
        CHECK(fabric.builder->GetCapacity() == 4);
    }

    TEST_CASE("times are kept to the picosecond")
    {
        const FabricDescription fabric =
            Describe("kind: full_mesh\nendpoints: 2\nlink: {latency: 1.234ns}\n");
        CHECK(fabric.scopes[0].link->GetLatency() == PicoSeconds(1234));
    }

    TEST_CASE("a nested fabric has what those around it say, unless it says otherwise")
    {
        const FabricDescription fabric =
            Describe("kind: planes\n"
                     "planes: 2\n"
                     "endpoints: 4\n"
                     "link: {rate: 100Gbps, latency: 10ns}\n"
                     "switch: {vcs: 8}\n"
                     "plane: {kind: single_switch, link: {length: 2m}, switch: {buffer: 1MiB}}\n");
        REQUIRE(fabric.scopes.size() == 2);
        CHECK(fabric.scopes[1].path == "plane");
        CHECK(fabric.scopes[1].link->GetBitRate() == 100'000'000'000);
        CHECK(fabric.scopes[1].chip->GetVcs() == 8);
        CHECK(fabric.scopes[1].chip->GetBuffer() == 1 << 20);
        CHECK(fabric.scopes[0].link->GetLatency() == PicoSeconds(10'000));
        // Its length takes the place of the whole latency around it.
        CHECK(fabric.scopes[1].link->GetLatency() == PicoSeconds(60'000 + 60'000 + 10'000));
    }

    TEST_CASE("a link class changes what it says and keeps the rest")
    {
        const FabricDescription fabric = Describe("kind: dragonfly\n"
                                                  "link: {rate: 512Gbps, latency: 10ns}\n"
                                                  "links: {global: {latency: 100ns}}\n");
        const auto& links = fabric.scopes[0].links;
        REQUIRE(links.size() == 1);
        CHECK(links.at("global")->GetBitRate() == 512'000'000'000);
        CHECK(links.at("global")->GetLatency() == PicoSeconds(100'000));
    }

    TEST_CASE("extends lays a mapping over another file's, relative to the file that says so")
    {
        const Files files("extends");
        files.Add("base/base.yaml",
                  "kind: full_mesh\nendpoints: 8\nlink: {rate: 224Gbps, latency: 10ns}\n");
        const std::string path = files.Add("top/top.yaml",
                                           "extends: ../base/base.yaml\n"
                                           "endpoints: 4\n"
                                           "link: {length: 4m}\n");
        const FabricDescription fabric = DescribeFabric(ResolveFabric(LoadYaml(path)));
        CHECK(fabric.builder->GetCapacity() == 4);
        CHECK(fabric.scopes[0].link->GetBitRate() == 224'000'000'000);
        CHECK(fabric.scopes[0].link->GetLatency() == PicoSeconds(140'000));
    }

    TEST_CASE("an error in an extended file points into that file")
    {
        const Files files("extends-error");
        const std::string base =
            files.Add("base.yaml", "kind: full_mesh\nendpoints: 8\nlink:\n  rate: 224\n");
        const std::string path = files.Add("top.yaml", "extends: base.yaml\n");
        CHECK(GetMessage(LoadYaml(path)).starts_with(base + ":4:9: error: '224' has no unit"));
    }

    TEST_CASE("extends reaches into a nested fabric's file")
    {
        const Files files("nested");
        files.Add("plane.yaml", "kind: single_switch\nswitch: {vcs: 2, buffer: 64KiB}\n");
        files.Add("base.yaml", "kind: planes\nendpoints: 4\nplanes: 2\nplane: plane.yaml\n");
        const std::string path =
            files.Add("top.yaml", "extends: base.yaml\nplane: {switch: {vcs: 4}}\n");
        const FabricDescription fabric = DescribeFabric(ResolveFabric(LoadYaml(path)));
        CHECK(fabric.scopes[1].chip->GetVcs() == 4);
        CHECK(fabric.scopes[1].chip->GetBuffer() == 65'536);
    }

    TEST_CASE("a number that a nested layout can't have is refused at its place")
    {
        const std::string base = std::string(MTLINK_SOURCE_DIR) + "/topologies/kuae-1k.yaml";
        const Files files("nested-numbers");
        const std::string path = files.Add("top.yaml",
                                           "extends: " + base +
                                               "\n"
                                               "network: {down: [32], up: [1, 32]}\n");
        CHECK(GetMessage(LoadYaml(path)).starts_with(path + ":2:27: error: up: "));
    }

    TEST_CASE("files in a circle are refused")
    {
        const Files files("circle");
        const std::string a = files.Add("a.yaml", "extends: b.yaml\n");
        const std::string b = files.Add("b.yaml", "extends: a.yaml\n");
        CHECK(GetMessage(LoadYaml(a)).find("is made of itself") != std::string::npos);
        const std::string c = files.Add("c.yaml", "kind: planes\nendpoints: 2\nplane: c.yaml\n");
        CHECK(GetMessage(LoadYaml(c)).find("is made of itself") != std::string::npos);
    }

    TEST_CASE("another kind over a fabric keeps its link, switch and endpoint")
    {
        const Files files("kind");
        files.Add("base.yaml",
                  "kind: fat_tree\nradix: 4\nlevels: 2\nlink: {rate: 100Gbps}\nlinks: {up: "
                  "{latency: 1us}}\n");
        const std::string path =
            files.Add("top.yaml", "extends: base.yaml\nkind: full_mesh\nendpoints: 4\n");
        std::string message = GetMessage(LoadYaml(path));
        if (message == "accepted")
        {
            const FabricDescription fabric = DescribeFabric(ResolveFabric(LoadYaml(path)));
            CHECK(fabric.kind == "full_mesh");
            CHECK(fabric.scopes[0].link->GetBitRate() == 100'000'000'000);
            message.clear();
        }
        CHECK(message.empty());
    }

    TEST_CASE("nested fabrics that disagree on the endpoints are refused")
    {
        const YamlNode node =
            Parse("kind: rails\n"
                  "nodes: 2\n"
                  "node: {kind: full_mesh, endpoints: 2, endpoint: {packet: 4KiB}}\n"
                  "network: {kind: single_switch, endpoint: {packet: 1KiB}}\n");
        CHECK(GetMessage(node).find("endpoints are the same everywhere") != std::string::npos);
        YamlNode decided = node;
        decided.Set("endpoint", Parse("packet: 2KiB"));
        CHECK(DescribeFabric(ResolveFabric(decided)).endpoint->GetPacket() == 2048);
    }

    TEST_CASE("a graph in place has its nodes, edges and their own links")
    {
        const FabricDescription fabric =
            Describe("kind: graph\n"
                     "nodes: [{name: s0, type: switch}, {name: g0, type: endpoint},\n"
                     "        {name: g1, type: endpoint}]\n"
                     "edges: [{from: g0, to: s0, count: 2},\n"
                     "        {from: g1, to: s0, link: {rate: 10GBps, length: 1m}}]\n");
        const Topology topology = fabric.builder->Build();
        CHECK(topology.GetEndpoints() == 2);
        CHECK(topology.GetLinks().size() == 6);
        const LinkClass& cls = topology.GetLinkClasses()[topology.GetLinks().back().cls];
        const Ptr<LinkProfile> link = fabric.scopes[0].link->With(cls.overrides);
        CHECK(link->GetBitRate() == 80'000'000'000);
        CHECK(link->GetLatency() == PicoSeconds(125'000));
    }

    TEST_CASE("what is written back with all its defaults describes the same")
    {
        for (const char* text :
             {"kind: full_mesh\nendpoints: 4\n",
              "kind: dragonfly\nlink: {latency: 10ns}\nlinks: {global: {length: 100m}}\n",
              "kind: fat_tree\ndown: [2, 2]\nup: [1, 2]\n",
              "kind: planes\nendpoints: 4\nplane: {kind: single_switch, link: {latency: 5ns}}\n",
              "kind: graph\nnodes: [{name: a, type: endpoint}, {name: b, type: endpoint}]\n"
              "edges: [{from: a, to: b}]\n"})
        {
            const std::string once = WriteYaml(WriteFabric(Describe(text)));
            CAPTURE(once);
            CHECK(WriteYaml(WriteFabric(Describe(once))) == once);
        }
    }

    TEST_CASE("every ready fabric is described, and written back as itself")
    {
        int count = 0;
        for (const auto& entry :
             std::filesystem::directory_iterator(MTLINK_SOURCE_DIR "/topologies"))
        {
            if (entry.path().extension() == ".yaml")
            {
                const FabricDescription fabric =
                    DescribeFabric(ResolveFabric(LoadYaml(entry.path().string())));
                const std::string once = WriteYaml(WriteFabric(fabric));
                CHECK(WriteYaml(WriteFabric(Describe(once))) == once);
                ++count;
            }
        }
        CHECK(count > 0);
    }
}
