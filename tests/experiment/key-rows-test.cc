/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment-trial.h"
#include "experiment/experiment-keys.h"
#include "experiment/key-type.h"

#include <algorithm>
#include <cstdint>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <string>
#include <unistd.h>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

const std::string MESH = "fabric: {kind: full_mesh, endpoints: 4}\n";
const std::string COLLECTIVE = MESH + "workload: {collective: all_reduce, size: 1KiB}\n";

const std::string TRAINING = MESH + R"(workload:
  training:
    model:
      layers: 2
      hidden: 128
      heads: 2
      vocabulary: 1000
      moe: {experts: 4, active: 2, ffn: 64, balance: {zipf: 1}}
    batch: {sequence: 128, global: 4}
    parallel: {tensor: 1}
    schedule: {kind: 1f1b}
    device:
      peak: {bf16: 100Tflops}
      memory: {size: 80GB, rate: 1TBps, efficiency: 0.8}
      matmul: {efficiency: 0.7}
      attention: {forward: 0.5, backward: 0.4}
      straggler: {slow: 0.1, by: 2}
)";

const std::string STABILITY = COLLECTIVE + R"(stability:
  failures: {link: {rate: 0.1}}
  checkpoint: {bytes: 1MiB}
)";

/** @return the name of a trace of this process. */
std::string
GetTraceFile()
{
    return fmt::format("key-rows-test-{}.csv", getpid());
}

/** Keeps that trace. */
struct TraceFile
{
    TraceFile()
    {
        std::ofstream(GetTraceFile()) << "start_ns,src,dst,bytes\n0,0,1,1\n";
    }

    ~TraceFile()
    {
        std::filesystem::remove(GetTraceFile());
    }
};

/** An experiment in which the keys of a section stand. */
struct Place
{
    std::string text; //!< The experiment
    std::string path; //!< Its mapping
};

/** @return where a row's key stands; without a text, nowhere here. */
Place
FindPlace(const ExperimentKey& row)
{
    const std::string& section = row.section;
    if (section == "workload" && row.goesWith.empty())
    {
        return {COLLECTIVE, "workload"};
    }
    if (section == "workload")
    {
        const std::map<std::string, std::string> texts{
            {"traffic", MESH + "workload: {traffic: uniform, load: 0.5, measure: 1us}\n"},
            {"collective", COLLECTIVE},
            {"trace", MESH + "workload: {trace: " + GetTraceFile() + "}\n"}};
        return {texts.at(ParseKeyType(row.goesWith).front().word), "workload"};
    }
    if (section == "simulation" || section == "measure")
    {
        return {COLLECTIVE, section};
    }
    if (section == "ranks")
    {
        return {MESH + "workload: {collective: barrier, ranks: {count: 2}}\n", "workload.ranks"};
    }
    if (section == "fault")
    {
        const std::string fault = row.goesWith == "mtbf" ? "links: all, mtbf: 1ms, mttr: 1us"
                                                         : "link: \"gpu0:0\", at: 1us";
        return {COLLECTIVE + "faults: [{" + fault + "}]\n", "faults.0"};
    }
    if (section == "node" || section == "edge")
    {
        return {"fabric:\n  kind: graph\n  nodes: [{name: a, type: endpoint}, {name: b, type: "
                "endpoint}]\n  edges: [{from: a, to: b}]\nworkload: {collective: barrier}\n",
                section == "node" ? "fabric.nodes.0" : "fabric.edges.0"};
    }
    if (section == "training.model.mla")
    {
        return {TRAINING + "  model: {mla: {kv_rank: 8, nope_size: 8, rope_size: 8, value_size: "
                           "8}}\n",
                "workload.model.mla"};
    }
    if (section.starts_with("training") && section != "training.devices")
    {
        return {TRAINING, "workload." + section};
    }
    if (section == "stability.failures.group")
    {
        return {COLLECTIVE + "stability:\n  failures: {group: {rate: 1, nodes: 2}}\n  checkpoint: "
                             "{bytes: 1MiB, to: store, store: {endpoints: [0], rate: 1GBps}}\n",
                section};
    }
    if (section == "stability.checkpoint.store")
    {
        return {COLLECTIVE + "stability:\n  failures: {card: 1}\n  checkpoint: {bytes: 1MiB, to: "
                             "store, store: {endpoints: [0], rate: 1GBps}}\n",
                section};
    }
    if (section == "stability.checkpoint" && row.key == "rate")
    {
        return {COLLECTIVE + "stability:\n  failures: {card: 1}\n  checkpoint: {bytes: 1MiB, to: "
                             "host, rate: 1GBps}\n",
                section};
    }
    return section.starts_with("stability") ? Place{STABILITY, section} : Place{};
}

/** @return the refusal of a row's key with a value. */
std::string
Refuse(const Place& place, const ExperimentKey& row, const std::string& value)
{
    std::vector<std::string> settings{place.path + "." + row.key + "=" + value};
    if (row.section == "fault" && row.key == "lanes")
    {
        settings.push_back(place.path + ".state=degraded");
    }
    if (row.section == "stability.failures.link" && row.key == "lanes")
    {
        settings.push_back(place.path + ".effect=degraded");
    }
    if (row.section == "stability.failures.link" && row.key == "slowdown")
    {
        settings.push_back(place.path + ".effect=slow");
    }
    return GetReadRefusal(place.text, settings);
}

/** @return values next to a form's limits, on the wrong side. */
std::vector<std::string>
ListBeyond(const KeyForm& form)
{
    std::vector<std::string> values;
    if (form.name == "integer")
    {
        if (!form.least.empty() && form.least != "0")
        {
            values.push_back(std::to_string(std::stoull(form.least) - 1));
        }
        if (!form.most.empty())
        {
            values.push_back(std::to_string(std::stoull(form.most) + 1));
        }
    }
    else if (form.name == "number" || form.name == "fraction")
    {
        if (!form.least.empty())
        {
            values.push_back(form.isAbove ? form.least
                                          : fmt::format("{}", std::stod(form.least) - 0.01));
        }
        if (!form.most.empty())
        {
            values.push_back(fmt::format("{}", std::stod(form.most) * 1.01));
        }
    }
    else if (!form.least.empty())
    {
        const std::map<std::string, std::string> nothing{{"size", "0B"},
                                                         {"rate", "0Gbps"},
                                                         {"time", "0ns"},
                                                         {"span", "0s"}};
        values.push_back(nothing.at(form.name));
    }
    return values;
}

} // namespace

TEST_SUITE("key-rows")
{
    TEST_CASE("the experiment's keys in the list are those that its readers take")
    {
        const TraceFile trace;
        for (const ExperimentKey& row : GetExperimentKeys())
        {
            const Place place = FindPlace(row);
            if (place.text.empty() || row.key == "extends")
            {
                continue;
            }
            // A value of no type at all is refused, but not as an unknown key.
            CAPTURE(row.section + "." + row.key);
            const std::string refusal = Refuse(place, row, "[[], {}]");
            CHECK(refusal != "accepted");
            CHECK(refusal.find("unknown key") == std::string::npos);
        }
    }

    TEST_CASE("a row's range is that of the reader")
    {
        const TraceFile trace;
        uint32_t limits = 0;
        for (const ExperimentKey& row : GetExperimentKeys())
        {
            const Place place = FindPlace(row);
            const std::vector<KeyForm> forms = ParseKeyType(row.type);
            if (place.text.empty() || row.key == "root" || row.key == "group" ||
                row.key == "shift" || row.key == "cards_per_node")
            {
                continue; // beyond what rows can say: the number of endpoints is the limit
            }
            CAPTURE(row.section + "." + row.key);
            for (const KeyForm& form : forms)
            {
                for (const std::string& value : ListBeyond(form))
                {
                    CAPTURE(value);
                    const std::string refusal = Refuse(place, row, value);
                    CHECK(refusal != "accepted");
                    CHECK(refusal.find("unknown key") == std::string::npos);
                    ++limits;
                }
                if (!form.least.empty() && !form.isAbove)
                {
                    // It may be refused for what else is there, but not as too little.
                    CHECK(Refuse(place, row, form.least).find("is out of range") ==
                          std::string::npos);
                }
            }
        }
        CHECK(limits > 90);
    }

    TEST_CASE("a row's words are those of the reader")
    {
        const TraceFile trace;
        uint32_t lists = 0;
        for (const ExperimentKey& row : GetExperimentKeys())
        {
            const Place place = FindPlace(row);
            if (place.text.empty() || row.key == "algorithm")
            {
                continue; // algorithms are those of the collective
            }
            CAPTURE(row.section + "." + row.key);
            std::string words;
            std::string given; // without auto
            bool isAllWords = true;
            for (const KeyForm& form : ParseKeyType(row.type))
            {
                words += (words.empty() ? "" : ", ") + form.word;
                // What is left to the program may be taken before the words are looked at.
                given += form.word == "auto" ? "" : (given.empty() ? "" : ", ") + form.word;
                isAllWords = isAllWords && form.name == "word";
            }
            const std::string refusal = Refuse(place, row, "nonesuch");
            if (isAllWords && refusal.find("alid: ") != std::string::npos)
            {
                CHECK((refusal.find("alid: " + words) != std::string::npos ||
                       refusal.find("alid: " + given) != std::string::npos));
                ++lists;
            }
        }
        CHECK(lists > 15);
    }

    TEST_CASE("a row that is needed is missed")
    {
        const TraceFile trace;
        uint32_t needed = 0;
        for (const ExperimentKey& row : GetExperimentKeys())
        {
            const Place place = FindPlace(row);
            if (place.text.empty() || row.section == "training.model.mla")
            {
                continue; // beside the training it changes what is there
            }
            YamlNode document = ParseYaml(place.text, {"test.yaml", ""});
            YamlNode* node = &document;
            std::size_t begin = 0;
            while (node && begin <= place.path.size())
            {
                const std::size_t end = std::min(place.path.find('.', begin), place.path.size());
                const std::string part = place.path.substr(begin, end - begin);
                node = node->kind == YamlNode::LIST ? &node->items[std::stoul(part)]
                                                    : node->Find(part);
                begin = end + 1;
            }
            if (!node || !node->Find(row.key))
            {
                CHECK(!row.isRequired);
                continue;
            }
            node->Erase(row.key);
            CAPTURE(row.section + "." + row.key);
            const std::string message = GetMessageOf([&] { ReadExperiment(document, "test", {}); });
            const bool isMissed = message.find("lacks the key") != std::string::npos;
            if (row.isRequired)
            {
                CHECK(isMissed);
                ++needed;
            }
        }
        CHECK(needed > 20);
    }
}
