/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/design-keys.h"

namespace ns3
{
namespace mtlink
{

const std::vector<ExperimentKey>&
GetDesignKeys()
{
    static const std::vector<ExperimentKey> keys{
        {"design", "name", "text", "", "Name, also of the results directory; the file's name."},
        {"design", "endpoints", "integer, 2 to 1000000", "", "Cards to join.", true},
        {"design",
         "endpoint_rate",
         "rate, 1bps or more",
         "",
         "What the links of a card into the networks add up to; others are no designs."},
        {"design",
         "nodes_of",
         "text | mapping",
         "",
         "Kind rails: the fabric of a node, or its file."},
        {"design", "chips", "list", "", "Switch chips that fabrics may be made of.", true},
        {"design",
         "kinds",
         "list | single_switch | fat_tree | dragonfly | hyperx | torus",
         "",
         "Networks to list: single_switch, fat_tree, dragonfly, hyperx, torus; with planes, "
         "several "
         "of each beside one another; with rails, one for each card of a node.",
         true},
        {"design",
         "planes",
         "integer, 2 to 1024 | list",
         "[2, 4, 8]",
         "Kind planes: how many there may be beside one."},
        {"design", "levels", "integer, 2 to 4 | list", "[2, 3]", "Levels of fat trees."},
        {"design",
         "dimensions",
         "integer, 1 to 6 | list",
         "[2, 3]",
         "Dimensions of tori and HyperX."},
        {"design",
         "taper",
         "number, 1 to 65536 | list",
         "1",
         "Oversubscriptions; one of a fat tree may be a list by level, leaf upwards."},
        {"design",
         "wirings",
         "palmtree | absolute | circulant | list",
         "palmtree",
         "Global wirings of dragonflies."},
        {"design",
         "cables",
         "mapping",
         "",
         "Lengths by link class: endpoint, level1, local, global, dimension0, ... Assumed: 2 m to "
         "endpoints, within groups and along the first dimension, 10 m to level1 and along other "
         "dimensions, else 30 m."},
        {"design",
         "fabric",
         "mapping",
         "",
         "Parameters of every fabric: link, links, switch, endpoint, routing."},
        {"design",
         "choices",
         "mapping",
         "",
         "Lists of values by key below `fabric`, as switch.queueing: [voq, fifo]: a design for "
         "each combination that its kind takes."},
        {"design", "cost", "mapping", "", "What the parts of a switch chip take."},
        {"design", "money", "mapping", "", "What the user pays; no price is known here."},
        {"design", "workloads", "list", "", "What a design must stand, each by itself."},
        {"design",
         "scenarios",
         "mapping",
         "",
         "Lists of values by key of an experiment, as workload.ranks or faults: each design runs "
         "the workloads under every combination."},
        {"design", "seeds", "list", "[1]", "Seeds with which each design is run."},
        {"design",
         "aggregate",
         "mean | worst",
         "mean",
         "How figures of workloads, scenarios and seeds become one."},
        {"design",
         "objectives",
         "text | list",
         "[cost_power_W, completion_time_ns]",
         "Figures of cost or of runs that span the front, what matters most first."},
        {"design", "target", "mapping | list", "", "What figures must come to."},
        {"design",
         "sensitivity",
         "number, above 1, up to 1000",
         "",
         "Find the front again with every figure of cost divided and multiplied by that, "
         "design-sensitivity.csv."},
        {"design",
         "closest",
         "packet | flow",
         "packet",
         "How closely designs are looked at. flow: figures of mode flow count as they are, and the "
         "front is mode flow's."},
        {"design", "errors", "mapping", "", "What quick figures are worth."},
        {"design", "budget", "span, 1ps or more", "", "Time for the search; else it has no end."},
        {"design.chips", "ports", "integer, 2 to 65536", "", "Links, each both ways.", true},
        {"design.chips", "rate", "rate, 1bps or more", "", "Of a port, one direction.", true},
        {"design.chips", "buffer", "size, 1B or more", "", "As switch.buffer."},
        {"design.chips", "switch", "mapping", "", "Parameters of the chip."},
        {"design.chips", "name", "text", "", "What it is called; PORTSxRATE."},
        {"design.chips", "price", "number, 0 or more", "", "What one costs, in the user's money."},
        {"design.money", "copper_cable", "number, 0 or more", "", "A cable without optics."},
        {"design.money",
         "optical_cable",
         "number, 0 or more",
         "",
         "A longer one, without modules."},
        {"design.money", "optical_module", "number, 0 or more", "", "Each of its two modules."},
        {"design.money", "metre", "number, 0 or more", "", "A metre of any cable."},
        {"design.money", "watt", "number, 0 or more", "", "A watt, over the fabric's life."},
        {"design.target", "figure", "text", "", "A figure as objectives has them.", true},
        {"design.target", "at_most", "number", "", "In the figure's unit."},
        {"design.target", "at_least", "number", "", "In the figure's unit."},
        {"design.target",
         "within",
         "fraction",
         "",
         "How much worse it may be than that of the full fat tree of fewest levels, one plane, of "
         "the first chip."},
        {"design.errors",
         "fair",
         "fraction, 0 to 0.99",
         "0.01",
         "Error of what mode flow calls fair; validated."},
        {"design.errors",
         "approximate",
         "fraction, 0 to 0.99",
         "0.3",
         "Error of what mode flow calls approximate: the worst of the designs measured."}};
    return keys;
}

} // namespace mtlink
} // namespace ns3
