/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/stability-reader.h"

namespace ns3
{
namespace mtlink
{

const std::vector<ExperimentKey>&
GetStabilityKeys()
{
    static const std::vector<ExperimentKey> keys{
        {"stability",
         "failures",
         "mapping",
         "",
         "What fails how often: {card, node, link, group}."},
        {"stability", "checkpoint", "mapping", "", "When, where and how checkpoints are taken."},
        {"stability", "detect", "text", "60s", "From a failure to its being known."},
        {"stability",
         "restart",
         "text",
         "120s",
         "From then, with units to run on, to reading the checkpoint back, which takes as long as "
         "its copy alone."},
        {"stability",
         "repair",
         "text",
         "1 days",
         "From detection until a node that was exchanged is a spare again; of a card alone where "
         "the fabric has no nodes."},
        {"stability",
         "spare",
         "any",
         "unlimited",
         "Nodes that wait to take the place of others: unlimited, a number, or a share of those at "
         "work, as 2 %. Without one the job waits for a repair."},
        {"stability", "run", "text", "30 days", "How long the job is watched."},
        {"stability", "seed", "integer", "", "Of the failures; simulation.seed."},
        {"stability",
         "cards_per_node",
         "integer",
         "",
         "Endpoints of a node; of rails the fabric's, else 1."},
        {"stability.failures", "card", "number", "0", "Failures of a card, per day."},
        {"stability.failures",
         "node",
         "number",
         "0",
         "Failures of a node, per day, without those of its cards and links."},
        {"stability.failures",
         "link",
         "any",
         "0",
         "Failures of a link, per day, or {rate, effect, lanes, slowdown, repair}."},
        {"stability.failures", "group", "mapping", "", "What takes several nodes at once."},
        {"stability.failures.group", "rate", "number", "", "Failures of a group, per day."},
        {"stability.failures.group",
         "nodes",
         "integer",
         "",
         "Nodes of a group, in order of number: those of a leaf switch, of a rack."},
        {"stability.failures.link", "rate", "number", "", "Failures of a link, per day."},
        {"stability.failures.link",
         "effect",
         "down | degraded | stop | slow",
         "down",
         "down, degraded: the iteration is simulated without the link, or with lanes less; stop: "
         "the job stops; slow: iterations take `slowdown` times longer."},
        {"stability.failures.link", "lanes", "integer", "", "degraded: lanes that stay up."},
        {"stability.failures.link", "slowdown", "number", "", "slow: by how much, at least 1."},
        {"stability.failures.link", "repair", "text", "3600s", "Until it is mended."},
        {"stability.checkpoint",
         "bytes",
         "any",
         "auto",
         "Of a card; auto: 14 B a parameter, by the training's memory plan, each saved once."},
        {"stability.checkpoint",
         "to",
         "neighbour | host | store",
         "neighbour",
         "neighbour: to the same card of the next node, over the fabric; host: to the card's own "
         "host; store: to endpoints of the fabric."},
        {"stability.checkpoint",
         "every",
         "text",
         "auto",
         "Work between checkpoints, in whole iterations; auto: what keeps most, by renewal."},
        {"stability.checkpoint",
         "blocking",
         "text",
         "copy",
         "How long training stands still for one; copy: until it is whole; a time: the copy then "
         "goes on beside the iterations."},
        {"stability.checkpoint", "rate", "text", "", "to: host: rate of a card to its host."},
        {"stability.checkpoint", "store", "mapping", "", "to: store: {endpoints, rate}."},
        {"stability.checkpoint.store",
         "endpoints",
         "list",
         "",
         "Endpoints of the fabric that keep checkpoints, none of the job's."},
        {"stability.checkpoint.store", "rate", "text", "", "That each of them takes in."},
    };
    return keys;
}

} // namespace mtlink
} // namespace ns3
