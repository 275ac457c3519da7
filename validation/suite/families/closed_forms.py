# SPDX-License-Identifier: GPL-2.0-only
"""Closed forms that the packet model must meet: idle paths, credit loop, M/D/1, rings."""

from fractions import Fraction

from ..case import Case, Figure, Row, Series, absolute, exact, relative
from ..runs import Run
from ..statistics import estimate

MIB = 1 << 20


def idle_path(options):
    """One message of n packets, k links of latency l, k-1 switches of latency s:
    k l + (k-1) s + n w, and (k-1) w more where packets are stored."""
    links, latency, switch, packets, packet = 5, 137_000, 203_000, 10, 4096
    runs, truths = {}, {}
    for gbps in (400, 224):
        for switching in ("cut_through", "store_and_forward"):
            name = f"idle-path/{switching}/{gbps}Gbps"
            runs[name] = Run.of("chain.yaml", {
                "fabric.link.rate": f"{gbps}Gbps", "fabric.switch.switching": switching})
            wire = Fraction(packet * 8 * 1000, gbps)  # ps
            time = links * latency + (links - 1) * switch + packets * wire
            if switching == "store_and_forward":
                time += (links - 1) * wire
            truths[name] = time

    def judge(results):
        rows = []
        for name, truth in truths.items():
            (message,) = results[name].table("messages.csv")
            ours = round(float(message["latency_ns"]) * 1000)
            # A stored packet starts anew at a whole picosecond, up to one early for each hop.
            loose = "store" in name and "224" in name  # 146.29 ns: no whole picoseconds
            limit = absolute(links - 1, "ps") if loose else exact()
            rows.append(Row(name, round(truth), ours, limit, "ps"))
        return rows

    return Case("idle-path", "zero-load latency of a message over 4 switches", runs, judge)


def credit_loop(options):
    """min(rate, depth / round trip)."""
    packet, rate, wire = 4096, 50.0, 81.92  # bytes, GB/s, ns
    trip = 2 * 500 + 200 + wire
    depths = [1, 2, 4, 8, 12, 15, 16, 24, 32]
    sizes = (32 * MIB, 64 * MIB)
    runs = {
        (depth, size): Run.of("credit-loop.yaml", {
            "fabric.switch.buffer": f"{depth * packet}B", "workload.size": f"{size}B"})
        for depth in depths for size in sizes
    }

    def truth(depth):
        return min(rate, depth * packet / trip)

    def slope(results, depth):
        times = [results[depth, size].time_ns for size in sizes]
        return (sizes[1] - sizes[0]) / (times[1] - times[0])

    def judge(results):
        return [
            Row(f"credit-loop/depth={depth}", truth(depth), slope(results, depth), relative(0.005), "GB/s")
            for depth in depths
        ]

    def figures(results):
        fine = [i / 10 for i in range(5, 330)]
        return [Figure(
            "credit-loop", "Throughput of a credit loop: 400 Gb/s, round trip 1.28 µs",
            "buffer (packets of 4 KiB)", "throughput (GB/s)",
            [
                Series("mtlink", depths, [slope(results, depth) for depth in depths]),
                Series("min(rate, depth / round trip)", fine, [truth(d) for d in fine], reference=True),
            ],
        )]

    return Case("credit-loop", "throughput = min(rate, buffer / round trip)", runs, judge, figures)


def md1(options):
    """Mean wait rho / (2 (1 - rho)) service times. Sources are 64 and a source sends one message after
    another, which changes nothing: in a tree of queues of equal constant service the waits add up to
    that of one queue (Shalmon and Kaplan 1984)."""
    sources, idle = 64, 3
    loads = [0.3, 0.5, 0.7, 0.8, 0.9]
    runs = {
        (load, seed): Run.of("md1.yaml", {
            "workload.load": load / sources,
            "workload.warmup": "5us",
            "workload.measure": f"{options.window(1_500_000 if load > 0.75 else 500_000)}ns",
        }, seed=seed, cost=10 * load)
        for load in loads for seed in options.seeds(4)
    }

    def truth(load):
        return load / (2 * (1 - load))

    def measured(results):
        return {
            load: estimate(r.latency - idle for (at, _), r in results.items() if at == load) for load in loads
        }

    def judge(results):
        ours = measured(results)
        return [
            Row(f"M/D/1/load={load}", truth(load), ours[load], relative(0.02), "services") for load in loads
        ]

    def figures(results):
        ours = measured(results)
        fine = [i / 100 for i in range(5, 93)]
        return [Figure(
            "md1", "M/D/1: wait at one output", "load of the output", "mean wait (service times)",
            [
                Series("mtlink", loads, [ours[p].mean for p in loads], [ours[p].half for p in loads]),
                Series("ρ / (2 (1 - ρ))", fine, [truth(p) for p in fine], reference=True),
            ],
        )]

    return Case("M/D/1", "mean wait at an output, Poisson arrivals", runs, judge, figures)


def ring(options):
    """2(n-1) (overhead + latency + S/n / rate)."""
    runs, truths = {}, {}
    for ranks in (2, 3, 8, 16):
        for size in (1 * MIB, 64 * MIB):
            name = f"ring-all-reduce/n={ranks}/{size // MIB}MiB"
            runs[name] = Run.of("ring.yaml", {"fabric.endpoints": ranks, "workload.size": f"{size}B"}, cost=3)
            truths[name] = 2 * (ranks - 1) * (1000 + 400 + size / ranks / 50)

    def judge(results):
        return [Row(name, truth, results[name].time_ns, relative(0.001), "ns") for name, truth in truths.items()]

    return Case("ring-all-reduce", "one ring: 2(n-1) (overhead + latency + S/n / rate)", runs, judge)


def s5000_mesh(options):
    """A group of n of 8 fully meshed cards reaches (n-1)/7 of a card's 392 GB/s."""
    runs = {
        ranks: Run.of("s5000-mesh.yaml", {"workload.ranks": list(range(ranks))}, cost=4)
        for ranks in range(2, 9)
    }

    def judge(results):
        return [
            Row(f"s5000-mesh/n={n}", 392 * (n - 1) / 7, result.busbw, relative(0.01), "GB/s")
            for n, result in results.items()
        ]

    return Case("s5000-mesh", "group of n of 8 meshed cards: (n-1)/7 of 392 GB/s", runs, judge)


def training_sum(options):
    return Case(
        "training-sum", "6 x 5e11 x 1.5e13 / (1e18 x 0.5) = 2.85 years",
        not_applicable="a sum without a fabric: training iterations are not simulated in this version",
    )


def cases(options):
    return [
        idle_path(options), credit_loop(options), md1(options), ring(options), s5000_mesh(options),
        training_sum(options),
    ]
