/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/experiment-keys.h"

#include "experiment/stability-reader.h"
#include "experiment/training-reader.h"

namespace ns3
{
namespace mtlink
{

namespace
{

/** @return all but those of a training and its stability. */
std::vector<ExperimentKey>
GetOwnKeys()
{
    return {
        {"experiment", "name", "text", "", "Name, also of the results directory; the file's name."},
        {"experiment", "fabric", "any", "", "The fabric: a mapping, or the path of its file."},
        {"experiment", "workload", "mapping", "", "What to run."},
        {"experiment", "workloads", "list", "", "Several workloads that run at once."},
        {"experiment", "simulation", "mapping", "", "How to simulate."},
        {"experiment", "measure", "mapping", "", "What to measure."},
        {"experiment", "cost", "mapping", "", "What the parts of a switch chip take."},
        {"experiment",
         "faults",
         "list",
         "",
         "Links that go down or lose lanes: list of {link | switch | links, state: down | degraded "
         "| up, at, for | mtbf, mttr, lanes, policy: replay | reroute | drop, direction}."},
        {"experiment",
         "stability",
         "mapping",
         "",
         "The workload's iterations over days, with failures and checkpoints."},
        {"sweep", "name", "text", "", "Name, also of the results directory; the file's name."},
        {"sweep", "base", "any", "", "The experiment: a mapping, or the path of its file."},
        {"sweep",
         "grid",
         "mapping",
         "",
         "Values by key, as fabric.switch.buffer: [16KiB, 64KiB]; every combination is a point."},
        {"sweep",
         "points",
         "list",
         "",
         "Mappings of keys to values; each is combined with all of the grid."},
        {"sweep",
         "scenarios",
         "mapping",
         "",
         "Values by key, as grid has them, that a design must stand; each point is combined with "
         "all of them."},
        {"sweep",
         "designs",
         "list",
         "",
         "Keys of the workload in grid or points that make a design; without it they are "
         "scenarios."},
        {"sweep",
         "aggregate",
         "text",
         "mean",
         "How figures of a design's scenarios and seeds become one: mean, worst."},
        {"sweep", "seeds", "list", "", "Seeds with which each point is run; the experiment's."},
        {"fabric", "kind", "text", "", "Layout of the fabric."},
        {"fabric", "extends", "text", "", "Path of a fabric's file that this one changes."},
        {"fabric", "link", "mapping", "", "Parameters of every link."},
        {"fabric", "links", "mapping", "", "Parameters that differ, by link class."},
        {"fabric", "switch", "mapping", "", "Parameters of every switch."},
        {"fabric", "endpoint", "mapping", "", "Parameters of every endpoint; outermost fabric."},
        {"fabric", "routing", "mapping", "", "Parameters of the routing."},
        {"fabric", "plane", "any", "", "Kind planes: the fabric of a plane, or its file."},
        {"fabric", "node", "any", "", "Kind rails: the fabric of a node, or its file."},
        {"fabric", "network", "any", "", "Kind rails: the fabric of a rail, or its file."},
        {"fabric", "first", "any", "", "Kind joined: one of two fabrics, or its file."},
        {"fabric", "second", "any", "", "Kind joined: the other, or its file."},
        {"fabric", "gateway", "any", "", "Kind joined: the fabric that joins them, or its file."},
        {"fabric",
         "nodes",
         "any",
         "",
         "Kind graph: list of {name, type: endpoint | switch}. Kind "
         "rails: number of nodes."},
        {"fabric", "edges", "list", "", "Kind graph: list of {from, to, count, class, link}."},
        {"workload", "name", "text", "workload0", "Name in results where several run."},
        {"workload", "start", "time", "0ps", "When it starts."},
        {"workload", "traffic_class", "integer", "0", "Traffic class of its messages."},
        {"workload",
         "ranks",
         "any",
         "all",
         "Endpoints that take part: all, a list, or {count, placement: packed | scattered | "
         "random, block}."},
        {"workload", "collective", "text", "", "A collective, as all_reduce."},
        {"workload",
         "algorithm",
         "any",
         "auto",
         "How collectives are run; for a trace also a mapping by collective."},
        {"workload", "size", "size", "", "Buffer of one rank, as nccl-tests count it."},
        {"workload", "repeat", "integer", "1", "Times, each rank's next after its last."},
        {"workload", "root", "integer", "0", "Rank that has or gets all."},
        {"workload", "channels", "integer", "", "Parallel rings or trees; by the fabric."},
        {"workload", "chunk", "size", "", "Bytes per step of a pipeline; by the algorithm."},
        {"workload", "counts", "list", "", "all_to_allv: row i lists what rank i sends to each."},
        {"workload", "trace", "text", "", "Path of a trace: Chakra, GOAL or CSV of messages."},
        {"workload",
         "training",
         "any",
         "",
         "Training iterations: a mapping, or the path of its file. Keys of the training may stand "
         "beside it, and change it."},
        {"workload",
         "compute_scale",
         "number",
         "1",
         "Trace: factor on its compute times; 0 leaves communication alone."},
        {"workload",
         "traffic",
         "uniform | permutation | tornado | bit_complement | bit_reverse | transpose | hotspot | "
         "incast | group_adversarial",
         "",
         "Open-loop traffic, its pattern."},
        {"workload", "load", "number", "", "Fraction of an endpoint's rate, 0 to 1."},
        {"workload", "packet", "size", "256B", "Payload of each message of the traffic."},
        {"workload",
         "arrivals",
         "bernoulli | poisson | constant",
         "poisson",
         "When messages of the traffic come."},
        {"workload", "warmup", "time", "0ps", "Time before the measured window."},
        {"workload", "measure", "time", "", "Measured window; sources stop at its end."},
        {"workload", "shift", "integer", "", "permutation: to the k-th next; a random one."},
        {"workload", "targets", "list", "", "uniform, hotspot, incast: endpoints aimed at."},
        {"workload", "fraction", "number", "", "hotspot: share aimed at the targets."},
        {"workload",
         "group",
         "integer",
         "",
         "group_adversarial: endpoints per group; the dragonfly's."},
        {"simulation",
         "mode",
         "packet | flow | bound | auto",
         "packet",
         "packet; flow: messages share links max-min fairly; bound: every message as on an idle "
         "fabric, links never shared; auto: packet or flow, by budget."},
        {"simulation",
         "budget",
         "time",
         "60s",
         "Mode auto: most time that packets may take, at a nominal rate."},
        {"simulation",
         "memo",
         "boolean",
         "false",
         "Collectives of groups whose links nobody else uses are not simulated twice where they "
         "start alike; needs measure.messages: none."},
        {"simulation",
         "engine",
         "fabric | default",
         "fabric",
         "mtlink's simulator implementation, or ns-3's own, to compare."},
        {"simulation", "seed", "integer", "1", "Seed of all random numbers."},
        {"simulation", "stop", "time", "", "Simulated time at which the run is stopped."},
        {"simulation",
         "event_limit",
         "integer",
         "",
         "Events after which the run is stopped, looked at every 100,000 or so."},
        {"simulation",
         "allow_deadlock",
         "boolean",
         "false",
         "Run a fabric whose routes can deadlock."},
        {"simulation",
         "allow_approximate",
         "boolean",
         "false",
         "Let mode flow run what it refuses because it gets it wrong by far."},
        {"measure", "timeline", "boolean", "false", "Operations of all ranks in timeline.json."},
        {"measure", "sample_every", "time", "", "Interval of series.csv; without it, no series."},
        {"measure",
         "messages",
         "all | none | N",
         "1000000",
         "Rows of messages.csv: of more than N messages one of every k, k a power of two; none: no "
         "such file. Where it is given, rings in mode flow are told message by message."},
        {"measure",
         "links",
         "all | N",
         "100000",
         "Rows of links.csv: of more than N links the worst 1,000, and all by level in "
         "link_levels.csv."},
        {"measure",
         "queues",
         "all | N",
         "100000",
         "Rows of queues.csv: of more than N queues the worst 1,000, and all by level in "
         "queue_levels.csv."},
        {"measure",
         "what_if",
         "auto | boolean",
         "auto",
         "Of a training: run it again on a perfect fabric, with a switched scale-up, with a "
         "network "
         "twice as fast, without software overhead, without stragglers; auto: where that does not "
         "take long, and not in a sweep."},
    };
}

} // namespace

const std::vector<ExperimentKey>&
GetExperimentKeys()
{
    static const std::vector<ExperimentKey> keys = [] {
        std::vector<ExperimentKey> all = GetOwnKeys();
        all.insert(all.end(), GetTrainingKeys().begin(), GetTrainingKeys().end());
        all.insert(all.end(), GetStabilityKeys().begin(), GetStabilityKeys().end());
        return all;
    }();
    return keys;
}

} // namespace mtlink
} // namespace ns3
