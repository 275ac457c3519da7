/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/attributes.h"
#include "experiment/run.h"
#include "measure/result-writer.h"

#include "ns3/mtlink-endpoint-profile.h"
#include "ns3/mtlink-error.h"
#include "ns3/mtlink-link-profile.h"
#include "ns3/mtlink-routing-profile.h"
#include "ns3/mtlink-switch-profile.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::mtlink;

namespace
{

// Experiments in which knobs are turned: small, and full enough that buffers and arbiters matter.
const std::string ONE_SWITCH = "fabric: {kind: single_switch, endpoints: 6}\n"
                               "workload: {collective: all_to_all, size: 96KiB}\n";
const std::string BUSY = "workload: {traffic: uniform, load: 0.95, packet: 4KiB, warmup: 1us, "
                         "measure: 20us}\n";
const std::string LOADED_SWITCH = "fabric: {kind: single_switch, endpoints: 6}\n" + BUSY;
const std::string TWO_NODES = "fabric:\n"
                              "  kind: graph\n"
                              "  nodes: [{name: a, type: endpoint}, {name: b, type: endpoint}]\n"
                              "  edges: [{from: a, to: b}]\n"
                              "workload: {collective: send_recv, size: 64KiB}\n";
const std::string TREE = "fabric: {kind: fat_tree, radix: 4, levels: 3}\n"
                         "workload: {collective: all_to_all, size: 256KiB}\n";
const std::string MESH = "fabric: {kind: full_mesh, endpoints: 4}\n"
                         "workload: {collective: all_to_all, size: 1MiB}\n";
const std::string TWO_OF_MESH = "fabric: {kind: full_mesh, endpoints: 4, endpoint: {vcs: 2}}\n"
                                "workload: {collective: send_recv, size: 1MiB, ranks: [0, 1]}\n";
// Cards 0 to 2 send to 3, so that each has packets of its own and of others for it.
const std::string DETOURS =
    "fabric: {kind: full_mesh, endpoints: 4, routing: {algorithm: detour}, endpoint: {vcs: 2}}\n"
    "workload: {collective: gather, algorithm: direct, size: 1MiB, root: 3}\n";
const std::string RELAYED = "fabric:\n"
                            "  kind: rails\n"
                            "  nodes: 2\n"
                            "  node: {kind: full_mesh, endpoints: 2}\n"
                            "  network: {kind: single_switch, endpoints: 2}\n"
                            "workload: {collective: all_to_all, size: 256KiB}\n";
const std::string REDUCED = "fabric: {kind: single_switch, endpoints: 4}\n"
                            "workload: {collective: all_reduce, algorithm: ring, size: 64KiB}\n";
// Two jobs whose packets meet, in two traffic classes.
const std::string TWO_JOBS = "workloads:\n"
                             "- {collective: all_to_all, size: 96KiB}\n"
                             "- {collective: all_to_all, size: 192KiB, traffic_class: 1}\n";
const std::string CLASSES =
    "fabric: {kind: single_switch, endpoints: 6, switch: {traffic_classes: 2}}\n" + TWO_JOBS;
const std::string WEIGHTS = "fabric: {kind: single_switch, endpoints: 6, switch: {traffic_classes: "
                            "2, class_policy: weighted, class_weights: [1, 1]}}\n" +
                            TWO_JOBS;
const std::string MESH_TWO_VCS = "fabric: {kind: full_mesh, endpoints: 4, endpoint: {vcs: 2}}\n"
                                 "workload: {collective: all_to_all, size: 1MiB}\n";
const std::string MESH_CLASSES =
    "fabric: {kind: full_mesh, endpoints: 4, endpoint: {traffic_classes: 2, vcs: 2}}\n" + TWO_JOBS;
const std::string MESH_CLASSES_OF_TWO =
    "fabric: {kind: full_mesh, endpoints: 4, endpoint: {traffic_classes: 2, vcs: 4}}\n" + TWO_JOBS;
const std::string MESH_WEIGHTS =
    "fabric: {kind: full_mesh, endpoints: 4, endpoint: {traffic_classes: 2, vcs: 2, class_policy: "
    "weighted, class_weights: [1, 1]}}\n" +
    TWO_JOBS;
// A parameter that acts only where another is set: the experiment with that one set.
const std::string OUTPUT_QUEUES =
    "fabric: {kind: single_switch, endpoints: 6, switch: {output_speedup: 3}}\n" + BUSY;
const std::string ISLIP =
    "fabric: {kind: single_switch, endpoints: 6, switch: {arbiter: islip, input_speedup: 1}}\n" +
    BUSY;
const std::string SHARED =
    "fabric: {kind: single_switch, endpoints: 6, switch: {buffer: 4KiB, shared_buffer: 64KiB}}\n" +
    BUSY;
const std::string ROWS = "fabric: {kind: single_switch, endpoints: 6, switch: {tile_rows: 1, "
                         "tile_columns: 1, row_lanes: 3}}\n" +
                         BUSY;
const std::string COLUMNS = "fabric: {kind: single_switch, endpoints: 6, switch: {tile_rows: 1, "
                            "tile_columns: 1, column_lanes: 3}}\n" +
                            BUSY;
const std::string LATENCY_IN_PARTS =
    "fabric: {kind: single_switch, endpoints: 4, link: {length: 2m}}\n"
    "workload: {collective: all_to_all, size: 64KiB}\n";
const std::string ERRORS = "fabric:\n"
                           "  kind: single_switch\n"
                           "  endpoints: 4\n"
                           "  link: {error_rate: 0.001, retry: go_back_n}\n"
                           "workload: {collective: all_to_all, size: 256KiB}\n";
const std::string DEGRADED =
    ONE_SWITCH + "faults: [{link: \"gpu0:0\", at: 1us, state: degraded, lanes: 1}]\n";

const std::string SPRAYED_TREE =
    "fabric: {kind: fat_tree, radix: 4, levels: 3, routing: {granularity: packet}}\n"
    "workload: {collective: all_to_all, size: 256KiB}\n";
const std::string FLOWLET_TREE = "fabric: {kind: fat_tree, radix: 4, levels: 3, routing: "
                                 "{granularity: flowlet, flowlet_gap: 1us}}\n"
                                 "workload: {collective: all_to_all, size: 256KiB}\n";
// A unit's parameters: one all-reduce in the network, or several at once, on contexts that are
// few.
const std::string IN_NETWORK =
    "fabric: {kind: single_switch, endpoints: 4, switch: {reduction: true, multicast: true}}\n"
    "workload: {collective: all_reduce, algorithm: in_network, size: 256KiB}\n";
const std::string GROUPS =
    "fabric: {kind: single_switch, endpoints: 6, switch: {reduction: true, multicast: true,\n"
    "         reduction_contexts: 16, reduction_group_contexts: 10}}\n"
    "workloads:\n"
    "- {collective: all_reduce, algorithm: in_network, size: 256KiB, ranks: [0, 1, 2]}\n"
    "- {collective: all_reduce, algorithm: in_network, size: 256KiB, ranks: [3, 4, 5]}\n";

const std::string DRAGONFLY = "fabric: {kind: dragonfly}\n"
                              "workload: {collective: all_to_all, size: 256KiB}\n";
const std::string DRAGONFLY_UGAL = "fabric: {kind: dragonfly, routing: {algorithm: ugal_l}}\n"
                                   "workload: {collective: all_to_all, size: 256KiB}\n";

// Four senders to one target over buffers in which queues grow, with each congestion control.
const std::string INCAST = "workload: {traffic: incast, load: 0.6, packet: 64KiB, targets: [0], "
                           "measure: 100us}\n";
const std::string DEEP = "fabric:\n"
                         "  kind: single_switch\n"
                         "  endpoints: 5\n"
                         "  link: {rate: 400Gbps, latency: 300ns}\n";
const std::string DEEP_INCAST = DEEP +
                                "  switch: {buffer: 512KiB, vcs: 1}\n"
                                "  endpoint: {window: 0B}\n" +
                                INCAST;
const std::string DCQCN_INCAST =
    DEEP + "  switch: {buffer: 512KiB, vcs: 1, ecn: true, ecn_probability: 0.2}\n" +
    "  endpoint: {window: 0B, congestion_control: dcqcn, dcqcn_cnp_interval: 4us,\n"
    "             dcqcn_rate_timer: 5us, dcqcn_alpha_timer: 5us, dcqcn_byte_counter: 40KB}\n" +
    INCAST;
const std::string SWIFT_INCAST = DEEP +
                                 "  switch: {buffer: 512KiB, vcs: 1}\n"
                                 "  endpoint: {window: 0B, congestion_control: swift}\n" +
                                 INCAST;
const std::string HPCC_INCAST = DEEP +
                                "  switch: {buffer: 512KiB, vcs: 1}\n"
                                "  endpoint: {window: 0B, congestion_control: hpcc}\n" +
                                INCAST;

/** A parameter, turned in an experiment. */
struct Knob
{
    std::string key;        //!< "switch.buffer"
    std::string value;      //!< Another than the experiment's
    std::string experiment; //!< In which it matters
    std::string refusal;    //!< What the refusal says; empty: it changes the results
};

/** One row or more for each parameter of a link, switch, endpoint and routing, by name; for a
 *  choice, one for each word but the default. */
const std::vector<Knob> KNOBS{
    {"link.rate", "100Gbps", ONE_SWITCH, ""},
    {"link.latency", "1us", ONE_SWITCH, ""},
    {"link.phy_latency", "10ns", LATENCY_IN_PARTS, ""},
    {"link.fec_latency", "10ns", LATENCY_IN_PARTS, ""},
    {"link.length", "100m", LATENCY_IN_PARTS, ""},
    {"link.credit_overhead", "2us", ONE_SWITCH, ""},
    {"link.flit", "100B", ONE_SWITCH, ""},
    {"link.header", "64B", ONE_SWITCH, ""},
    {"link.encoding", "1.1", ONE_SWITCH, ""},
    {"link.error_rate", "0.01", ERRORS, ""},
    {"link.error_rate", "0.01", ONE_SWITCH, "set 'retry: go_back_n'"},
    {"link.retry", "go_back_n", ONE_SWITCH, "set error_rate or replay_buffer"},
    {"link.replay_buffer", "8KiB", ERRORS, ""},
    {"link.replay_buffer", "8KiB", ONE_SWITCH, "set 'retry: go_back_n'"},
    {"link.ack_overhead", "1us", ERRORS, ""},
    {"link.ack_overhead", "1us", ONE_SWITCH, "set 'retry: go_back_n'"},
    {"link.lanes", "4", DEGRADED, ""},
    {"link.lanes", "1", DEGRADED, "a degraded one has fewer"},
    {"switch.latency", "1us", ONE_SWITCH, ""},
    {"switch.queueing", "fifo", TREE, ""},
    {"switch.queueing", "output", SHARED, ""},
    {"switch.queueing", "output", ONE_SWITCH, "output needs a memory"},
    {"switch.shared_buffer", "16KiB", SHARED, ""},
    {"switch.alpha", "0.1", SHARED, ""},
    {"switch.alpha", "2", ONE_SWITCH, "there is none"},
    {"switch.packet_rate", "1000000", ONE_SWITCH, ""},
    {"switch.tile_rows", "2", ROWS, ""},
    {"switch.tile_rows", "2", ONE_SWITCH, "set both"},
    {"switch.tile_columns", "2", COLUMNS, ""},
    {"switch.row_lanes", "1", ROWS, ""},
    {"switch.row_lanes", "1", ONE_SWITCH, "there are no tiles"},
    {"switch.column_lanes", "1", COLUMNS, ""},
    {"switch.switching", "store_and_forward", ONE_SWITCH, ""},
    {"switch.arbiter", "oldest_first", LOADED_SWITCH, ""},
    {"switch.arbiter", "islip", LOADED_SWITCH, ""},
    {"switch.arbiter", "wavefront", LOADED_SWITCH, ""},
    {"switch.iterations", "1", ISLIP, ""},
    {"switch.iterations", "1", ONE_SWITCH, "only arbiter islip"},
    {"switch.vcs", "1", ONE_SWITCH, ""},
    {"switch.buffer", "4KiB", ONE_SWITCH, ""},
    {"switch.input_speedup", "1", LOADED_SWITCH, ""},
    {"switch.output_speedup", "2", LOADED_SWITCH, ""},
    {"switch.output_buffer", "8KiB", OUTPUT_QUEUES, ""},
    {"switch.radix", "5", ONE_SWITCH, "the chip has 5"},
    {"switch.reduction", "false", IN_NETWORK, "needs switches with reduction: true"},
    {"switch.multicast", "false", IN_NETWORK, "needs switches with multicast: true"},
    {"switch.reduction_rate", "1GBps", IN_NETWORK, ""},
    {"switch.reduction_latency", "1us", IN_NETWORK, ""},
    {"switch.reduction_contexts", "4", IN_NETWORK, ""},
    {"switch.reduction_memory", "32KiB", IN_NETWORK, ""},
    {"switch.reduction_group_contexts", "4", IN_NETWORK, ""},
    {"switch.reduction_overflow", "fall_back", GROUPS, ""},
    {"switch.traffic_classes", "2", ONE_SWITCH, ""},
    {"switch.traffic_classes", "5", ONE_SWITCH, "need at least 5 virtual channels"},
    {"switch.traffic_classes", "2", MESH, "there is no switch"},
    {"switch.class_policy", "strict", CLASSES, ""},
    {"switch.class_policy", "strict", ONE_SWITCH, "there is one"},
    {"switch.class_policy", "weighted", CLASSES, "needs a weight for each of 2"},
    {"switch.class_weights", "[1, 4]", WEIGHTS, ""},
    {"switch.class_weights", "[1, 4]", CLASSES, "only class_policy weighted"},
    {"endpoint.traffic_classes", "2", MESH_TWO_VCS, ""},
    {"endpoint.traffic_classes", "3", MESH_CLASSES, "need at least 3 virtual channels"},
    {"endpoint.traffic_classes", "2", ONE_SWITCH, "no endpoint is wired straight"},
    {"endpoint.class_policy", "strict", MESH_CLASSES, ""},
    {"endpoint.class_policy", "weighted", MESH_CLASSES, "needs a weight for each of 2"},
    {"endpoint.class_weights", "[1, 4]", MESH_WEIGHTS, ""},
    {"endpoint.class_weights", "[1, 4]", MESH_CLASSES, "only class_policy weighted"},
    {"endpoint.packet", "1KiB", ONE_SWITCH, ""},
    {"endpoint.window", "8KiB", ONE_SWITCH, ""},
    {"endpoint.message_overhead", "1us", ONE_SWITCH, ""},
    {"endpoint.operation_overhead", "1us", ONE_SWITCH, ""},
    {"endpoint.reduction_rate", "1GBps", REDUCED, ""},
    {"endpoint.service", "in_order", TREE, ""},
    {"endpoint.vcs", "2", MESH, ""},
    {"endpoint.buffer", "4KiB", MESH, ""},
    {"endpoint.relay_latency", "1us", RELAYED, ""},
    {"endpoint.forward_latency", "1us", DETOURS, ""},
    {"endpoint.forward_latency", "1us", MESH, "no endpoint forwards packets"},
    {"endpoint.forward_after", "2", DETOURS, ""},
    {"endpoint.forward_after", "2", MESH, "no endpoint forwards packets"},
    {"endpoint.reorder_buffer", "16MiB", SPRAYED_TREE, ""},
    {"endpoint.reorder_buffer", "1MiB", SPRAYED_TREE, "windows of all 15 other endpoints"},
    {"endpoint.reorder_buffer", "16MiB", RELAYED, "where endpoints relay"},
    {"switch.ecn", "true", ONE_SWITCH, "nothing heeds the marks"},
    {"switch.ecn_min", "150KB", DCQCN_INCAST, ""},
    {"switch.ecn_max", "20KB", DCQCN_INCAST, ""},
    {"switch.ecn_probability", "0.5", DCQCN_INCAST, ""},
    {"endpoint.congestion_control", "dcqcn", DEEP_INCAST, "no switch makes any"},
    {"endpoint.congestion_control", "host", DEEP_INCAST, "no switch makes any"},
    {"endpoint.congestion_control", "swift", DEEP_INCAST, ""},
    {"endpoint.congestion_control", "hpcc", DEEP_INCAST, ""},
    {"endpoint.dcqcn_g", "0.5", DCQCN_INCAST, ""},
    {"endpoint.dcqcn_rate_ai", "20Gbps", DCQCN_INCAST, ""},
    {"endpoint.dcqcn_rate_hai", "20Gbps", DCQCN_INCAST, ""},
    {"endpoint.dcqcn_min_rate", "100Gbps", DCQCN_INCAST, ""},
    {"endpoint.dcqcn_cnp_interval", "20us", DCQCN_INCAST, ""},
    {"endpoint.dcqcn_alpha_timer", "1us", DCQCN_INCAST, ""},
    {"endpoint.dcqcn_rate_timer", "20us", DCQCN_INCAST, ""},
    {"endpoint.dcqcn_byte_counter", "1KB", DCQCN_INCAST, ""},
    {"endpoint.dcqcn_fast_recovery", "3", DCQCN_INCAST, ""},
    {"endpoint.swift_base_target", "20us", SWIFT_INCAST, ""},
    {"endpoint.swift_hop_scaling", "5us", SWIFT_INCAST, ""},
    {"endpoint.swift_fs_range", "1us", SWIFT_INCAST, ""},
    {"endpoint.swift_fs_min_cwnd", "2", SWIFT_INCAST, ""},
    {"endpoint.swift_fs_max_cwnd", "10", SWIFT_INCAST, ""},
    {"endpoint.swift_ai", "3", SWIFT_INCAST, ""},
    {"endpoint.swift_beta", "0.2", SWIFT_INCAST, ""},
    {"endpoint.swift_max_mdf", "0.1", SWIFT_INCAST, ""},
    {"endpoint.swift_min_cwnd", "64", SWIFT_INCAST, ""},
    {"endpoint.swift_max_cwnd", "16", SWIFT_INCAST, ""},
    {"endpoint.hpcc_eta", "0.5", HPCC_INCAST, ""},
    {"endpoint.hpcc_max_stage", "1", HPCC_INCAST, ""},
    {"endpoint.hpcc_w_ai", "2KB", HPCC_INCAST, ""},
    {"routing.algorithm", "minimal", TWO_NODES, "no closed-form minimal routes"},
    {"routing.algorithm", "dimension_order", TREE, "is for kinds torus and hyperx"},
    {"routing.algorithm", "adaptive", TREE, "is for kinds torus and hyperx"},
    {"routing.algorithm", "detour", TWO_OF_MESH, ""},
    {"routing.algorithm", "detour", MESH, "needs at least 2 virtual channels"},
    {"routing.algorithm", "detour", MESH_CLASSES_OF_TWO, "detour has one traffic class"},
    {"routing.algorithm", "detour", TREE, "detour is for kind full_mesh"},
    {"routing.algorithm", "table", TREE, "table needs one: give 'table: routes.csv'"},
    {"routing.table", "routes.csv", TREE, "nothing reads it without algorithm: table"},
    {"routing.algorithm", "valiant", DRAGONFLY, ""},
    {"routing.algorithm", "ugal_l", DRAGONFLY, ""},
    {"routing.algorithm", "ugal_g", DRAGONFLY, ""},
    {"routing.algorithm", "par", DRAGONFLY, ""},
    {"routing.algorithm", "ugal_l", TREE, "are for dragonflies"},
    {"routing.intermediate", "switch", DRAGONFLY_UGAL, ""},
    {"routing.intermediate", "switch", DRAGONFLY, "have detours"},
    {"routing.threshold", "1000", DRAGONFLY_UGAL, ""},
    {"routing.threshold", "1000", DETOURS, ""},
    {"routing.threshold", "1000", DRAGONFLY, "compare loads"},
    {"routing.granularity", "packet", TREE, ""},
    {"routing.granularity", "flowlet", TREE, "flowlet needs a flowlet_gap"},
    {"routing.flowlet_gap", "100ns", FLOWLET_TREE, ""},
    {"routing.flowlet_gap", "100ns", TREE, "nothing reads it without granularity: flowlet"},
    {"routing.selection", "random", SPRAYED_TREE, ""},
    {"routing.selection", "round_robin", SPRAYED_TREE, ""},
    {"routing.selection", "least_loaded", SPRAYED_TREE, ""},
    {"routing.selection", "least_loaded", TREE, "a flow keeps to the path that its hash says"},
};

/** Words of a choice that stand for the default's on every kind of fabric, so change nothing. */
const std::set<std::string> SYNONYMS{"routing.algorithm shortest", "routing.algorithm minimal"};

/** @return all result files of an experiment in one text, by which two runs are compared. */
std::string
GetResults(const std::string& text, const std::vector<Override>& overrides)
{
    const RunOutcome outcome =
        RunExperiment(ReadExperiment(ParseYaml(text, {"knobs.yaml", ""}), "knobs", overrides));
    const std::string directory = "knobs-test-results";
    WriteResults(outcome.results, directory);
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory))
    {
        if (entry.path().filename() != "experiment.yaml")
        {
            std::ostringstream content;
            content << std::ifstream(entry.path()).rdbuf();
            files[entry.path().filename()] = content.str();
        }
    }
    std::filesystem::remove_all(directory);
    std::string all;
    for (const auto& [name, content] : files)
    {
        all += name + "\n" + content;
    }
    const std::regex varying("\"(wall_time_s|cpu_time_s|setup_time_s|peak_rss_bytes)\": [^,]*");
    return std::regex_replace(all, varying, "");
}

} // namespace

TEST_SUITE("experiment")
{
    TEST_CASE("every parameter of the hardware has a test that turns it")
    {
        const std::vector<std::pair<std::string, TypeId>> sections{
            {"link", LinkProfile::GetTypeId()},
            {"switch", SwitchProfile::GetTypeId()},
            {"endpoint", EndpointProfile::GetTypeId()},
            {"routing", RoutingProfile::GetTypeId()}};
        for (const auto& [section, type] : sections)
        {
            for (const AttributeInfo& info : DescribeAttributes(type))
            {
                const std::string key = section + "." + info.key;
                CAPTURE(key);
                const auto turns = [&](const std::string& word) {
                    return std::any_of(KNOBS.begin(), KNOBS.end(), [&](const Knob& knob) {
                        return knob.key == key && (word.empty() || knob.value == word);
                    });
                };
                CHECK_MESSAGE((info.choices.size() == 1 || turns("")),
                              "add a row to KNOBS in tests/experiment/knobs-test.cc");
                for (const std::string& word : info.choices)
                {
                    CAPTURE(word);
                    const bool isNeutral = word == info.defaultValue || word == "true" ||
                                           word == "false" || SYNONYMS.count(key + " " + word) > 0;
                    CHECK_MESSAGE((isNeutral || turns(word)),
                                  "add a row to KNOBS in tests/experiment/knobs-test.cc");
                }
            }
        }
    }

    TEST_CASE("a parameter that is turned changes the results, or is refused")
    {
        std::map<std::string, std::string> before;
        for (const Knob& knob : KNOBS)
        {
            CAPTURE(knob.key);
            CAPTURE(knob.value);
            const Override turned{"--set", "fabric." + knob.key + "=" + knob.value};
            if (!knob.refusal.empty())
            {
                try
                {
                    GetResults(knob.experiment, {turned});
                    FAIL_CHECK("is not refused");
                }
                catch (const std::exception& error)
                {
                    CAPTURE(error.what());
                    CHECK(std::string(error.what()).find(knob.refusal) != std::string::npos);
                }
                continue;
            }
            if (before.count(knob.experiment) == 0)
            {
                before[knob.experiment] = GetResults(knob.experiment, {});
            }
            const bool isSame = GetResults(knob.experiment, {turned}) == before[knob.experiment];
            CHECK_FALSE(isSame); // not the texts: they are long
        }
    }
}
