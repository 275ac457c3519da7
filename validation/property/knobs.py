# SPDX-License-Identifier: GPL-2.0-only
"""Random experiments: any fabric with any knobs, and messages to carry over it."""

import json
from dataclasses import dataclass, field
from pathlib import Path

KINDS = ["single_switch", "full_mesh", "fat_tree", "dragonfly", "planes", "rails", "torus", "hyperx"]
ALGORITHMS = {
    "dragonfly": ["minimal", "valiant", "ugal_l", "ugal_g", "par"],
    "torus": ["dimension_order", "adaptive"],
    "hyperx": ["dimension_order", "adaptive"],
}
GROUPS = ("single_switch", "fat_tree", "planes")  # can have trees that reduce and copy
COLLECTIVES = ["all_reduce", "reduce_scatter", "all_gather", "broadcast", "reduce"]
LARGEST_PACKET = 4096


@dataclass
class Experiment:
    """What was chosen, and what must come of it."""

    path: Path
    flit: int  #: bytes
    packet: int  #: largest payload, bytes
    messages: list = field(default_factory=list)  #: (source, destination, bytes)
    packet_rate: int = 0  #: of a switch's input, a second; 0: any
    may_lose: bool = False  #: some fault drops what it cuts
    is_controlled: bool = False  #: a source may be held to any rate
    has_others: bool = False  #: other workloads run beside the messages


def choose_fabric(dice):
    """A fabric of a random kind, the part of it with switches, and its number of endpoints."""
    kind = dice.choice(KINDS)
    if kind == "single_switch":
        n = dice.randint(2, 24)
        fabric = {"kind": kind, "endpoints": n}
    elif kind == "full_mesh":
        n = dice.randint(2, 8)
        fabric = {"kind": kind, "endpoints": n, "links_per_pair": dice.randint(1, 3)}
        fabric["routing"] = {"algorithm": dice.choice(["minimal", "detour"])}
        return fabric, None, n
    elif kind == "fat_tree":
        down = [dice.randint(2, 4) for _ in range(dice.randint(2, 3))]
        up = [1] + [dice.randint(1, 4) for _ in down[1:]]
        n = 1
        for d in down:
            n *= d
        fabric = {"kind": kind, "down": down, "up": up}
    elif kind == "dragonfly":
        p, a, h = dice.randint(1, 2), dice.randint(2, 4), dice.randint(1, 2)
        groups = a * h + 1
        n = p * a * groups
        fabric = {"kind": kind, "p": p, "a": a, "h": h, "groups": groups}
    elif kind == "planes":
        n = dice.randint(2, 16)
        plane = {"kind": "single_switch", "endpoints": n}
        fabric = {"kind": kind, "endpoints": n, "planes": dice.randint(1, 4), "plane": plane}
        return fabric, plane, n
    elif kind == "rails":
        nodes, cards = dice.randint(2, 6), dice.randint(2, 4)
        network = {"kind": "single_switch", "endpoints": nodes}
        node = {"kind": "full_mesh", "endpoints": cards}
        fabric = {"kind": kind, "nodes": nodes, "node": node, "network": network}
        return fabric, network, nodes * cards
    else:
        count = dice.randint(1, 3)
        dimensions = [dice.randint(2, 3 if count == 3 else 5) for _ in range(count)]
        per_switch = dice.randint(1, 2)
        n = per_switch
        for d in dimensions:
            n *= d
        fabric = {"kind": kind, "dimensions": dimensions, "endpoints_per_switch": per_switch}
    return fabric, fabric, n


def choose_link(dice):
    """Knobs of all links."""
    pick = dice.choice
    link = {
        "rate": pick(["512Gbps", "224Gbps", "100Gbps"]),
        "latency": pick(["1ns", "20ns", "300ns"]),
        "flit": pick(["16B", "64B"]),
        "header": pick(["0B", "16B"]),
    }
    if dice.random() < 0.2:
        link["lanes"] = 4
    if dice.random() < 0.25:
        link["retry"] = "go_back_n"
        if dice.random() < 0.8:
            link["error_rate"] = pick([1e-6, 1e-5, 1e-4])
        if dice.random() < 0.5 or "error_rate" not in link:
            link["replay_buffer"] = pick(["5000B", "64KiB"])
        if dice.random() < 0.3:
            link["ack_overhead"] = "70ns"
    if dice.random() < 0.2:
        link["credit_overhead"] = "35ns"
    return link


def choose_switch(dice, reduces):
    """Knobs of a switch chip."""
    pick = dice.choice
    chip = {
        "latency": pick(["0ns", "2ns", "200ns"]),
        "vcs": pick([4, 5, 6, 8]),
        "buffer": pick(["8704B", "20000B", "64KiB"]),
        "switching": pick(["cut_through", "store_and_forward"]),
    }
    if dice.random() < 0.2:
        chip["packet_rate"] = pick([10000000, 300000007])
    shared = {"shared_buffer": pick(["8KiB", "64KiB"]), "alpha": pick([0.25, 1, 8])}
    if not reduces and dice.random() < 0.25:
        chip.update(shared, queueing="output", arbiter=pick(["round_robin", "oldest_first"]))
        return chip
    chip["queueing"] = pick(["voq", "fifo"])
    chip["arbiter"] = pick(["round_robin", "oldest_first", "islip", "wavefront"])
    chip["input_speedup"] = pick([1, 2, 4])
    if dice.random() < 0.4:
        chip.update(output_speedup=pick([2, 3]), output_buffer=pick(["9000B", "32KiB"]))
    if dice.random() < 0.3:
        chip.update(shared)
    if reduces:
        chip.update(queueing="voq", arbiter="round_robin", reduction=True, multicast=True)
        chip["reduction_latency"] = pick(["0ns", "50ns", "400ns"])
        chip["reduction_contexts"] = pick([2, 8, 1024])
        chip["reduction_overflow"] = pick(["wait", "fall_back"])
        if dice.random() < 0.3:
            chip["reduction_rate"] = pick(["5GBps", "40GBps"])
        if dice.random() < 0.3:
            chip["reduction_group_contexts"] = pick([1, 3])
        return chip
    if chip["arbiter"] == "islip":
        chip["iterations"] = pick([0, 1, 4])
    if dice.random() < 0.25:
        chip.update(tile_rows=pick([1, 2]), tile_columns=2)
        chip.update(row_lanes=pick([0, 1, 3]), column_lanes=pick([1, 3]))
    return chip


def choose_routing(dice, kind):
    """Knobs of how packets choose their paths."""
    pick = dice.choice
    routing = {"granularity": pick(["flow", "flowlet", "packet"])}
    if kind in ALGORITHMS:
        routing["algorithm"] = pick(ALGORITHMS[kind])
        if kind == "dragonfly" and routing["algorithm"] != "minimal":
            routing["intermediate"] = pick(["group", "switch"])
            if routing["algorithm"] != "valiant" and dice.random() < 0.4:
                routing["threshold"] = pick([3, 100])
    if routing["granularity"] == "flowlet":
        routing["flowlet_gap"] = pick(["50ns", "2us"])
    if routing["granularity"] != "flow":
        routing["selection"] = pick(["hash", "random", "round_robin", "least_loaded"])
    return routing


def choose_control(dice, endpoint, chip):
    """Knobs of congestion control, at the endpoints and in the switches."""
    pick = dice.choice
    control = pick(["dcqcn", "swift", "hpcc"])
    endpoint["congestion_control"] = control
    if control == "dcqcn":
        chip.update(ecn=True, ecn_min=pick(["5000B", "40000B"]), ecn_max="200000B")
        chip["ecn_probability"] = pick([0.01, 0.2])
        endpoint.update(dcqcn_cnp_interval="5us", dcqcn_alpha_timer="6us", dcqcn_rate_timer="6us")
        endpoint.update(dcqcn_rate_ai="1Gbps", dcqcn_rate_hai="5Gbps", dcqcn_min_rate="1Gbps")
    elif control == "swift":
        endpoint.update(swift_min_cwnd=pick([0.01, 0.5]), swift_max_cwnd=pick([8, 256]))
    elif dice.random() < 0.5:
        endpoint["hpcc_eta"] = pick([0.8, 0.95])


def choose_endpoint(dice, endpoints):
    """Knobs of all endpoints."""
    pick = dice.choice
    endpoint = {
        "packet": pick(["256B", "1000B", f"{LARGEST_PACKET}B"]),
        "window": pick(["0B", "16KiB", "100000B"]),
        "buffer": pick(["8704B", "64KiB"]),
        "service": pick(["round_robin", "in_order"]),
        "vcs": pick([1, 2, 4]),
    }
    if dice.random() < 0.2:
        endpoint["message_overhead"] = "300ns"
    if dice.random() < 0.25:
        endpoint["window"] = pick(["16KiB", "100000B"])
        endpoint["reorder_buffer"] = f"{2 * endpoints}MiB"
    return endpoint


def choose_classes(dice, kind, chip, endpoint):
    """Knobs of traffic classes; returns their number."""
    if dice.random() < 0.75:
        return 1
    classes = dice.randint(2, 4)
    # Endpoints have them where they are wired to one another, switches where there are some.
    for part, has_part in ((endpoint, kind in ("full_mesh", "rails")), (chip, kind != "full_mesh")):
        if has_part:
            part["traffic_classes"] = classes
            part["class_policy"] = dice.choice(["round_robin", "strict", "weighted"])
            if part["class_policy"] == "weighted":
                part["class_weights"] = [dice.choice([1, 3, 50]) for _ in range(classes)]
            part["vcs"] = max(part["vcs"], classes * dice.choice([1, 2, 4]))
    return classes


def choose_fault(dice, endpoints, may_drop, has_lanes):
    """A fault of one cable, a switch or all cables, at a time or at random; it ends."""
    pick = dice.choice
    fault = {}
    if dice.random() < 0.5:
        fault.update(links="all", mtbf=pick(["60us", "400us"]), mttr=pick(["500ns", "5us"]))
    else:
        fault["link"] = f"gpu{dice.randrange(endpoints)}:0"
        fault.update({"at": f"{dice.randrange(40000)}ns", "for": pick(["100ns", "3us", "20us"])})
        fault["direction"] = pick(["both", "one"])
    if has_lanes and dice.random() < 0.4:
        fault.update(state="degraded", lanes=pick([1, 3]))
        return fault
    fault.update(state="down", policy=pick(["replay", "reroute"] + ["drop"] * may_drop))
    return fault


def choose_collective(dice, endpoints):
    """A collective in the network, of some endpoints."""
    count = dice.randint(2, endpoints)
    return {
        "collective": dice.choice(COLLECTIVES),
        "algorithm": "in_network",
        "size": dice.choice(["1B", "5000B", "300000B"]),
        "ranks": sorted(dice.sample(range(endpoints), count)),
        "repeat": dice.choice([1, 3]),
    }


def choose_workloads(dice, endpoints, reduces):
    """What runs beside the messages."""
    if reduces:
        return [choose_collective(dice, endpoints) for _ in range(dice.randint(1, 4))]
    if dice.random() < 0.15 and endpoints > 1:
        return [{"traffic": "uniform", "load": dice.choice([0.2, 0.9]), "measure": "15us"}]
    return []


def choose_messages(dice, endpoints, classes, path):
    """Write the messages, each of one of so many traffic classes; returns them."""
    messages = []
    with open(path, "w", encoding="ascii") as file:
        file.write("start_ns,src,dst,bytes,tag" + (",traffic_class" if classes > 1 else "") + "\n")
        for _ in range(dice.choice([2, 5, 10, 30]) * endpoints):
            src = dice.randrange(endpoints)
            dst = (src + dice.randrange(1, endpoints)) % endpoints
            size = dice.choice([1, 100, 5000, 20000, dice.randrange(1, 100000)])
            messages.append((src, dst, size))
            file.write(f"{dice.randrange(20000)},{src},{dst},{size},{dice.randrange(3)}")
            file.write(f",{dice.randrange(classes)}\n" if classes > 1 else "\n")
    return messages


def make(dice, name, directory):
    """Write an experiment and its messages into a directory."""
    fabric, switched, endpoints = choose_fabric(dice)
    kind = fabric["kind"]
    link = choose_link(dice)
    endpoint = choose_endpoint(dice, endpoints)
    reduces = kind in GROUPS and dice.random() < 0.2
    is_controlled = False
    chip = {}
    (switched if kind == "planes" else fabric)["link"] = link
    if switched:
        chip = choose_switch(dice, reduces)
        switched["switch"] = chip
        if kind not in ("planes", "rails", "single_switch"):
            fabric["routing"] = choose_routing(dice, kind)
        is_controlled = dice.random() < 0.2
        if is_controlled:
            choose_control(dice, endpoint, chip)
    fabric["endpoint"] = endpoint
    classes = choose_classes(dice, kind, chip, endpoint)
    faults = []
    if dice.random() < 0.35:
        # What is reduced or copied can't be dropped, and is refused: seldom asked for.
        may_drop = not reduces or dice.random() < 0.05
        for _ in range(dice.randint(1, 3)):
            faults.append(choose_fault(dice, endpoints, may_drop, "lanes" in link))
    others = choose_workloads(dice, endpoints, reduces)
    for other in others:
        if classes > 1:
            other["traffic_class"] = dice.randrange(classes)
    trace = Path(directory) / "messages.csv"
    experiment = {
        "name": name,
        "fabric": fabric,
        "workloads": [{"trace": str(trace)}] + others,
        "simulation": {"seed": dice.randrange(1, 1000000)},
    }
    if faults:
        experiment["faults"] = faults
    if dice.random() < 0.1:
        experiment["measure"] = {"sample_every": "1us"}
    if dice.random() < 0.03:
        experiment["simulation"]["engine"] = "default"
    path = Path(directory) / "experiment.yaml"
    path.write_text(json.dumps(experiment, indent=1), encoding="ascii")  # JSON is YAML
    return Experiment(
        path,
        flit=int(link["flit"][:-1]),
        packet=int(endpoint["packet"][:-1]),
        messages=choose_messages(dice, endpoints, classes, trace),
        packet_rate=chip.get("packet_rate", 0),
        may_lose=any(fault.get("policy") == "drop" for fault in faults),
        is_controlled=is_controlled,
        has_others=bool(others),
    )
