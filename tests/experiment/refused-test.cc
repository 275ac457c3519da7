/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Experiments that are refused, each with its exact message: line, column, what is wrong and what
 * would be right.
 */

#include "experiment/experiment.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace ns3::mtlink;

namespace
{

/** An experiment, and what is said of it. */
struct Refused
{
    std::string name;    //!< What is wrong with it
    std::string text;    //!< YAML
    std::string message; //!< Without the file's name
};

// clang-format off
const std::vector<Refused>&
GetRefused()
{
    static const std::vector<Refused> refused{
            {"no colon after a key",
             R"(name: a
fabric {kind: full_mesh}
)",
             R"(2:1: error: unknown key 'fabric {kind' in experiment: did you mean 'fabric'? Valid: name, fabric, workload, workloads, simulation, measure, faults, stability, cost)"},
            {"brackets not closed",
             R"(fabric: {kind: full_mesh, endpoints: 8
workload: {collective: all_reduce}
)",
             R"(2:9: error: not YAML: end of map flow not found; check indentation, brackets, quotes and colons here)"},
            {"a tab as indentation",
             R"(fabric:
	kind: full_mesh
)",
             R"(2:1: error: not YAML: a tab indents this line: take blanks instead)"},
            {"duplicate key",
             R"(name: a
fabric: {kind: full_mesh, endpoints: 4}
name: b
)",
             R"(3:1: error: key 'name' is here a second time, first in line 1: keep one)"},
            {"duplicate key in a nested flow mapping",
             R"(fabric: {kind: full_mesh, endpoints: 4, endpoints: 8}
)",
             R"(1:41: error: key 'endpoints' is here a second time, first in line 1: keep one)"},
            {"second document",
             R"(name: a
---
name: b
)",
             R"(2:1: error: a second document begins here: keep one document per file)"},
            {"list at the top",
             R"(- name: a
)",
             R"(1:1: error: experiment should be a mapping of keys and values)"},
            {"tag",
             R"(name: !secret a
)",
             R"(1:7: error: tag !secret is not used here: leave it out)"},
            {"unknown anchor",
             R"(fabric: *nowhere
)",
             R"(1:9: error: not YAML: the referenced anchor is not defined; check indentation, brackets, quotes and colons here)"},
            {"alias in its own value",
             R"(fabric: &f {kind: full_mesh, node: *f}
)",
             R"(1:36: error: an alias can't stand inside the value that it names: write it out)"},
            {"unknown key at the top",
             R"(fabrik: {kind: full_mesh, endpoints: 4}
)",
             R"(1:1: error: unknown key 'fabrik' in experiment: did you mean 'fabric'? Valid: name, fabric, workload, workloads, simulation, measure, faults, stability, cost)"},
            {"budget of a mode that was chosen",
             R"(fabric: {kind: single_switch, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
simulation: {mode: flow, budget: 10s}
)",
             R"(3:34: error: budget is what mode auto goes by, and this is mode flow: leave it out, or set mode: auto)"},
            {"no list of faults",
             R"(fabric: {kind: single_switch, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
faults: no
)",
             R"(3:9: error: faults should be a list, as [{link: "gpu0:3", at: 10us, state: down, for: 5us}])"},
            {"fault nowhere",
             R"(fabric: {kind: single_switch, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
faults: [{at: 1us}]
)",
             R"(3:10: error: the fault says not where: give 'link: "gpu0:3"' (node and port), 'switch: NAME' or 'links: CLASS' (or all))"},
            {"fault of two places",
             R"(fabric: {kind: single_switch, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
faults: [{link: "gpu0:0", switch: switch0, at: 1us}]
)",
             R"(3:35: error: a fault is on one of 'link', 'switch' and 'links': keep one, and give the other a fault of its own)"},
            {"fault without a time",
             R"(fabric: {kind: single_switch, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
faults: [{link: "gpu0:0"}]
)",
             R"(3:10: error: fault lacks the key 'at', as in 'at: 10us')"},
            {"random fault with a time",
             R"(fabric: {kind: single_switch, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
faults: [{links: all, mtbf: 1ms, mttr: 1us, at: 1us}]
)",
             R"(3:49: error: 'at' has no meaning here: with 'mtbf' and 'mttr' faults come at random)"},
            {"fault with lanes but not degraded",
             R"(fabric: {kind: single_switch, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
faults: [{links: all, at: 1us, lanes: 1}]
)",
             R"(3:39: error: 'lanes' has no meaning here: it goes with 'state: degraded')"},
            {"degraded fault with a policy",
             R"(fabric: {kind: single_switch, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
faults: [{links: all, at: 1us, state: degraded, lanes: 1, policy: drop}]
)",
             R"(3:67: error: 'policy' has no meaning here: it goes with 'state: down')"},
            {"direction of a switch's fault",
             R"(fabric: {kind: single_switch, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
faults: [{switch: switch0, at: 1us, direction: one}]
)",
             R"(3:48: error: 'direction' has no meaning here: only a fault of one 'link' can be on one direction)"},
            {"faults in mode bound",
             R"(fabric: {kind: single_switch, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
simulation: {mode: bound}
faults: [{links: all, at: 1us}]
)",
             R"(4:10: error: faults have no meaning in mode bound: leave them out, or set 'simulation: {mode: packet}')"},
            {"sweep file",
             R"(base: experiment.yaml
grid: {}
)",
             R"(1:1: error: 'base' makes this a sweep: run it with 'mtlink sweep test.yaml')"},
            {"a request for fabrics",
             R"(endpoints: 8
chips: [{ports: 8}]
)",
             R"(2:1: error: 'chips' makes this a request for fabrics: run it with 'mtlink design test.yaml')"},
            {"a fabric alone",
             R"(kind: full_mesh
endpoints: 8
)",
             R"(1:7: error: 'kind' makes this a fabric, which does nothing by itself: name it in an experiment, as 'fabric: test.yaml', or look at it with 'mtlink check test.yaml')"},
            {"no fabric",
             R"(workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:1: error: the experiment lacks the key 'fabric', as in 'fabric: ../topologies/s5000-mesh-8.yaml')"},
            {"fabric without kind",
             R"(fabric: {endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:9: error: the fabric lacks the key 'kind': give one of dragonfly, fat_tree, full_mesh, graph, hyperx, joined, planes, rails, single_switch, torus)"},
            {"unknown kind",
             R"(fabric: {kind: full_mash, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:16: error: unknown kind 'full_mash': did you mean 'full_mesh'? Valid: dragonfly, fat_tree, full_mesh, graph, hyperx, joined, planes, rails, single_switch, torus)"},
            {"unknown fabric key",
             R"(fabric: {kind: full_mesh, endponits: 4}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:27: error: unknown key 'endponits' in fabric: did you mean 'endpoints'? Valid: kind, endpoints, links_per_pair, link, switch, routing, links, endpoint)"},
            {"unknown link key",
             R"(fabric:
  kind: full_mesh
  endpoints: 4
  link:
    rat: 224Gbps
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(5:5: error: unknown key 'rat' in link: did you mean 'rate'? Valid: rate, latency, phy_latency, fec_latency, length, credit_overhead, flit, header, encoding, error_rate, retry, replay_buffer, ack_overhead, lanes)"},
            {"rate without unit",
             R"(fabric:
  kind: full_mesh
  endpoints: 4
  link: {rate: 224}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(4:16: error: '224' has no unit: give a rate in bps, Bps, Kbps, KBps, Mbps, MBps, Gbps, GBps, Tbps, TBps, as 224Gbps or 28GBps)"},
            {"rate in bytes of storage",
             R"(fabric:
  kind: full_mesh
  endpoints: 4
  link: {rate: 28GB}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(4:16: error: unknown unit 'GB' in '28GB': give a rate in bps, Bps, Kbps, KBps, Mbps, MBps, Gbps, GBps, Tbps, TBps, as 224Gbps or 28GBps)"},
            {"rate of zero",
             R"(fabric:
  kind: full_mesh
  endpoints: 4
  link: {rate: 0Gbps}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(4:16: error: a rate of 0 carries nothing: give one above 0, as 224Gbps)"},
            {"size without unit",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 65536}
)",
             R"(2:42: error: '65536' has no unit: give a size in B, KB, KiB, MB, MiB, GB, GiB, TB, TiB, as 64KiB)"},
            {"size with a typo in its unit",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 64Mib}
)",
             R"(2:42: error: unknown unit 'Mib' in '64Mib': give a size in B, KB, KiB, MB, MiB, GB, GiB, TB, TiB, as 64KiB)"},
            {"negative time",
             R"(fabric: {kind: full_mesh, endpoints: 4, link: {latency: -5ns}}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:57: error: '-5ns' is negative: give a time of 0 or more, as 150ns)"},
            {"fraction of a picosecond",
             R"(fabric: {kind: full_mesh, endpoints: 4, link: {latency: 0.5ps}}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:57: error: '0.5ps' is not a whole number of picoseconds: give one that is, as 150ns)"},
            {"time too large",
             R"(fabric: {kind: full_mesh, endpoints: 4, link: {latency: 99999999999s}}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:57: error: '99999999999s' is too large: give a time of at most 9223372036854775807 picoseconds)"},
            {"unit where none belongs",
             R"(fabric: {kind: full_mesh, endpoints: 4, switch: {vcs: 4KiB}}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:55: error: '4KiB' is not a whole number: give one of 0 or more, without a unit, as 4)"},
            {"negative count",
             R"(fabric: {kind: full_mesh, endpoints: 4, switch: {vcs: -4}}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:55: error: -4 is out of range: give 0 or more)"},
            {"negative repeat",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB, repeat: -1}
)",
             R"(2:56: error: -1 is out of range: give 1 to 1000000)"},
            {"out of range",
             R"(fabric: {kind: full_mesh, endpoints: 4, switch: {vcs: 99}}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:55: error: 99 is out of range: vcs takes 1 to 32)"},
            {"buffer out of range",
             R"(fabric: {kind: full_mesh, endpoints: 4, switch: {buffer: 0B}}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:58: error: 0B is out of range: buffer takes 1B to 1TiB)"},
            {"output queueing without a memory",
             R"(fabric: {kind: single_switch, endpoints: 4, switch: {queueing: output}}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:64: error: queueing: output needs a memory: set shared_buffer, bytes per chip)"},
            {"a match without a crossbar",
             R"(fabric: {kind: single_switch, endpoints: 4, switch: {queueing: output, shared_buffer: 1MiB, arbiter: islip}}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:102: error: arbiter: queueing output has no crossbar to match: take round_robin or oldest_first)"},
            {"rounds without iSLIP",
             R"(fabric: {kind: single_switch, endpoints: 4, switch: {iterations: 2}}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:66: error: iterations: only arbiter islip has rounds: leave iterations out, or set arbiter: islip)"},
            {"a policy among one class",
             R"(fabric: {kind: single_switch, endpoints: 4, switch: {class_policy: strict}}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:68: error: class_policy: it chooses among traffic classes, and there is one: leave it out, or set traffic_classes)"},
            {"too few weights",
             R"(fabric: {kind: single_switch, endpoints: 4, switch: {traffic_classes: 3, class_policy: weighted, class_weights: [2, 1]}}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:113: error: class_weights: class_policy weighted needs a weight for each of 3 traffic classes in class_weights, not 2)"},
            {"classes chosen by the arbiter",
             R"(fabric: {kind: single_switch, endpoints: 4, switch: {arbiter: strict}}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:63: error: unknown arbiter 'strict'; valid: islip, oldest_first, round_robin, wavefront)"},
            {"unknown queueing",
             R"(fabric: {kind: full_mesh, endpoints: 4, switch: {queueing: vok}}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:60: error: unknown queueing 'vok': did you mean 'voq'? Valid: voq, fifo, output)"},
            {"bounded detours",
             R"(fabric: {kind: full_mesh, endpoints: 4, routing: {algorithm: detour}, endpoint: {vcs: 2}}
workload: {collective: all_reduce, size: 1KiB}
simulation: {mode: bound}
)",
             R"(1:62: error: routing.algorithm: mode bound takes messages by their direct links alone, and would not bound detours: take minimal, or 'simulation: {mode: packet}')"},
            {"unknown routing",
             R"(fabric: {kind: full_mesh, endpoints: 4, routing: {algorithm: tabl}}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:62: error: unknown algorithm 'tabl': did you mean 'table'? Valid: adaptive, auto, detour, dimension_order, minimal, par, shortest, table, ugal_g, ugal_l, valiant)"},
            {"latency whole and in parts",
             R"(fabric:
  kind: full_mesh
  endpoints: 4
  link: {latency: 10ns, length: 3m}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(4:25: error: 'length' is part of 'latency', which is given too: keep either latency, or its parts phy_latency, fec_latency and length)"},
            {"length without unit",
             R"(fabric: {kind: full_mesh, endpoints: 4, link: {length: 3}}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:56: error: '3' has no unit: give a length in um, mm, cm, m, km, as 3m)"},
            {"unknown link class",
             R"(fabric: {kind: dragonfly, links: {globl: {latency: 100ns}}}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:35: error: unknown link class 'globl' of dragonfly: did you mean 'global'? Valid: endpoint, local, global)"},
            {"fat tree given twice",
             R"(fabric: {kind: fat_tree, radix: 8, levels: 2, down: [4, 4], up: [1, 4]}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:53: error: down: the tree is given twice: give either radix and levels, or down and up)"},
            {"fat tree of odd radix",
             R"(fabric: {kind: fat_tree, radix: 7, levels: 2}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:33: error: radix: radix 7 is odd: half the ports go down, half up; 8 would do)"},
            {"list expected",
             R"(fabric: {kind: fat_tree, down: 4, up: [1, 4]}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:32: error: down should be a list, as [4, 4, 4])"},
            {"planes without a plane",
             R"(fabric: {kind: planes, planes: 4, endpoints: 8}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:9: error: kind planes lacks the key 'plane': give a fabric, as {kind: single_switch}, or the path of its file)"},
            {"endpoints missing",
             R"(fabric: {kind: single_switch}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:9: error: the fabric's number of endpoints is missing: give 'endpoints')"},
            {"graph edge to nowhere",
             R"(fabric:
  kind: graph
  nodes: [{name: g0, type: endpoint}, {name: s0, type: switch}]
  edges: [{from: g0, to: s1}]
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(4:11: error: an edge names 's1', but there is no such node)"},
            {"graph node of unknown type",
             R"(fabric:
  kind: graph
  nodes: [{name: g0, type: gpu}]
  edges: []
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(3:28: error: unknown type 'gpu'; valid: endpoint, switch)"},
            {"graph edge with a bad link",
             R"(fabric:
  kind: graph
  nodes: [{name: g0, type: endpoint}, {name: g1, type: endpoint}]
  edges:
    - {from: g0, to: g1, link: {rate: fast}}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(5:39: error: 'fast' is not a rate: give a number and its unit, as 224Gbps or 28GBps)"},
            {"missing fabric file",
             R"(fabric: no-such-fabric.yaml
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:9: error: there is no file no-such-fabric.yaml: give the path of a fabric's YAML file, relative to the file that names it)"},
            {"neither workload",
             R"(fabric: {kind: full_mesh, endpoints: 4}
)",
             R"(1:1: error: the experiment lacks the key 'workload', as in 'workload: {collective: all_reduce, size: 64MiB}')"},
            {"both workloads",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
workloads: [{collective: all_reduce, size: 1KiB}]
)",
             R"(3:12: error: both 'workload' and 'workloads' are given: keep one, 'workloads' is the list)"},
            {"unknown collective",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: allreduce, size: 1KiB}
)",
             R"(2:24: error: unknown collective 'allreduce': did you mean 'all_reduce'? Valid: all_reduce, all_gather, reduce_scatter, all_to_all, all_to_allv, broadcast, reduce, gather, scatter, send_recv, barrier)"},
            {"unknown algorithm",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB, algorithm: rings}
)",
             R"(2:59: error: unknown algorithm 'rings': did you mean 'ring'? Valid: auto, ring, bidirectional_ring, tree, halving_doubling, doubling, direct, two_shot, hierarchical, in_network)"},
            {"training that is not there",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {training: llama.yaml}
)",
             R"(2:22: error: there is no file llama.yaml: give the path of the YAML file of a training, relative to the file that names it)"},
            {"no size",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce}
)",
             R"(2:11: error: workload lacks the key 'size', as in 'size: 64MiB')"},
            {"rank beyond the fabric",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB, ranks: [0, 1, 4]}
)",
             R"(2:62: error: endpoint 4 is not in the fabric, whose 4 endpoints are 0 to 3)"},
            {"rank twice",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB, ranks: [0, 1, 0]}
)",
             R"(2:62: error: endpoint 0 is in the list twice: keep one)"},
            {"more ranks than endpoints",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB, ranks: {count: 8, placement: packed}}
)",
             R"(2:63: error: 8 ranks do not go on 4 endpoints: give 1 to 4)"},
            {"unknown placement",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB, ranks: {count: 2, placement: spread}}
)",
             R"(2:77: error: unknown placement 'spread'; valid: packed, scattered, random)"},
            {"blocks that do not fill ranks",
             R"(fabric: {kind: full_mesh, endpoints: 8}
workload: {collective: all_reduce, size: 1KiB, ranks: {count: 6, block: 4}}
)",
             R"(2:73: error: 6 ranks on 8 endpoints are no whole blocks of 4: give a number that divides both)"},
            {"trace missing",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {trace: no-such-trace.et}
)",
             R"(2:19: error: there is no file no-such-trace.et: give the path of a trace, relative to the file that names it)"},
            {"two things at once",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB, trace: x.et}
)",
             R"(2:11: error: a workload is either a collective, a trace, traffic or training: keep one of these keys)"},
            {"load beyond 1",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {traffic: uniform, load: 1.5, measure: 1us}
)",
             R"(2:36: error: 1.5 is out of range: give 0 to 1)"},
            {"unknown mode",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
simulation: {mode: flows}
)",
             R"(3:20: error: unknown mode 'flows': did you mean 'flow'? Valid: packet, flow, bound, auto)"},
            {"traffic as flows",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {traffic: uniform, load: 0.5, measure: 1us}
simulation: {mode: flow}
)",
             R"(2:21: error: mode flow has no packets, whose latencies open-loop traffic is about: set 'simulation: {mode: packet}')"},
            {"detours as flows",
             R"(fabric: {kind: full_mesh, endpoints: 4, endpoint: {vcs: 2}, routing: {algorithm: detour}}
workload: {collective: all_reduce, size: 1KiB}
simulation: {mode: flow}
)",
             R"(1:82: error: routing.algorithm: mode flow takes ways that do not depend on the load: take minimal, or valiant on a dragonfly, or set 'simulation: {mode: packet}')"},
            {"faults as flows",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
simulation: {mode: flow}
faults: [{link: "gpu0:0", state: down, at: 1us}]
)",
             R"(4:10: error: mode flow has links that lack lanes from the start and for good ('state: degraded, at: 0s', no 'for'), and no other faults: leave them out, or set 'simulation: {mode: packet}')"},
            {"reduction in the network as flows",
             R"(fabric: {kind: single_switch, endpoints: 4, switch: {reduction: true, multicast: true}}
workload: {collective: all_reduce, algorithm: in_network, size: 1KiB}
simulation: {mode: flow}
)",
             R"(2:47: error: mode flow can't reduce or copy in the network: name another algorithm than in_network, or set 'simulation: {mode: packet}')"},
            {"traffic classes as flows",
             R"(fabric: {kind: single_switch, endpoints: 4, switch: {traffic_classes: 2, vcs: 2}}
workload: {collective: all_reduce, size: 1KiB}
simulation: {mode: flow}
)",
             R"(1:71: error: switch.traffic_classes: mode flow has one traffic class: leave it out, or set 'simulation: {mode: packet}')"},
            {"seed of zero",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
simulation: {seed: 0}
)",
             R"(3:20: error: 0 is out of range: give 1 to 4294944442)"},
            {"no truth value",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
measure: {timeline: yes}
)",
             R"(3:21: error: 'yes' is not a truth value: give true or false)"},
            {"key without value",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
simulation:
)",
             R"(3:1: error: 'simulation' has no value: give one, or leave the key out)"},
            {"a list where a mapping belongs",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
measure: [timeline]
)",
             R"(3:10: error: measure should be a mapping of keys and values)"},
            {"a name that leads elsewhere",
             R"(name: ../../etc
fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB}
)",
             R"(1:7: error: '../../etc' can't be a name, which also names the results directory: use letters, digits, '-', '_' and '.', a letter or digit first)"},
            {"two workloads of one name",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workloads:
  - {name: a, collective: all_reduce, size: 1KiB}
  - {name: a, collective: all_gather, size: 1KiB}
)",
             R"(4:5: error: two workloads are named 'a': give each its own name)"},
            {"root of a collective that has none",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_reduce, size: 1KiB, root: 1}
)",
             R"(2:54: error: all_reduce has no root: leave it out)"},
            {"size of a barrier",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: barrier, size: 1KiB}
)",
             R"(2:39: error: barrier has no size: leave it out)"},
            {"size beside counts",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: all_to_allv, size: 1KiB, counts: [[0B, 1B], [1B, 0B]], ranks: [0, 1]}
)",
             R"(2:43: error: all_to_allv has no size but its counts: leave it out)"},
            {"another pattern's key",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {traffic: uniform, load: 0.5, measure: 1us, fraction: 0.5}
)",
             R"(2:65: error: traffic uniform has no fraction: it belongs to hotspot)"},
            {"samples of no length",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: barrier}
measure: {sample_every: 0ns}
)",
             R"(3:25: error: sample_every should be at least 1ns; without it no series is kept)"},
            {"another word for no rows",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: barrier}
measure: {messages: nine}
)",
             R"(3:21: error: unknown messages 'nine': did you mean 'none'? Valid: all, none, N)"},
            {"a sample without rows",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: barrier}
measure: {messages: 0}
)",
             R"(3:21: error: 0 is out of range: give 1 or more)"},
            {"links left out",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: barrier}
measure: {links: none}
)",
             R"(3:18: error: unknown links 'none'; valid: all, N)"},
            {"a sample of links by size",
             R"(fabric: {kind: full_mesh, endpoints: 4}
workload: {collective: barrier}
measure: {links: 100KiB}
)",
             R"(3:18: error: '100KiB' is not a whole number: give one of 0 or more, without a unit, as 4)"},
    };
    return refused;
}

// clang-format on

} // namespace

TEST_SUITE("experiment")
{
    TEST_CASE("every malformed experiment is refused at its place, with what would be right")
    {
        for (const Refused& refused : GetRefused())
        {
            CAPTURE(refused.name);
            std::string message = "accepted";
            try
            {
                ReadExperiment(ParseYaml(refused.text, {"test.yaml", ""}), "test");
            }
            catch (const InputError& error)
            {
                message = error.what();
            }
            CHECK(message == "test.yaml:" + refused.message);
        }
    }
}
