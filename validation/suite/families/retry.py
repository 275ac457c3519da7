# SPDX-License-Identifier: GPL-2.0-only
"""Link-level retry, go-back-N."""

from ..case import Case, Figure, Row, Series, exact, relative
from ..runs import Run
from ..statistics import estimate

MIB = 1 << 20
FLITS, WIRE, TRIP, RATE = 64, 81.92, 200, 50.0  # a packet of 4 KiB at 400 Gb/s, 100 ns each way


def goodput(error):
    """Share of the rate: (1-p) / (1 + p R/w), p = 1 - (1-e)^F."""
    p = 1 - (1 - error) ** FLITS
    return (1 - p) / (1 + p * TRIP / WIRE)


def cases(options):
    errors = [1e-5, 1e-4, 1e-3]
    sizes = (16, 64 if options.quick else 512)
    runs = {
        (error, size, seed): Run.of("pair.yaml", {
            "fabric.link.error_rate": error, "fabric.link.retry": "go_back_n",
            "workload.size": f"{size}MiB"}, seed=seed, cost=size / 100)
        for error in errors for size in sizes for seed in options.seeds(3)
    }

    def measured(results, error):
        seeds = {seed for at, _, seed in results if at == error}
        return estimate(
            (sizes[1] - sizes[0]) * MIB
            / (results[error, sizes[1], seed].time_ns - results[error, sizes[0], seed].time_ns)
            for seed in sorted(seeds)
        )

    def judge(results):
        rows = [
            Row(f"retry/goodput/error={error:g}", RATE * goodput(error), measured(results, error),
                relative(0.01), "GB/s")
            for error in errors
        ]
        retries = 0
        wrong = 0
        for (_, size, _), result in results.items():
            retries += sum(int(link["retries"]) for link in result.table("links.csv"))
            wrong += abs(result.summary["payload_bytes_delivered"] - 2 * size * MIB)
        rows.append(Row("retry/delivered-once", 0, wrong, exact(), "B",
                        note=f"bytes too many or too few delivered, with {retries} packets sent again"))
        return rows

    def figures(results):
        fine = [10 ** (-6 + i / 20) for i in range(0, 71)]
        ours = [measured(results, error) for error in errors]
        return [Figure(
            "retry-goodput", "Go-back-N: 400 Gb/s, 100 ns, packets of 64 flits", "flit error rate",
            "goodput (GB/s)",
            [
                Series("mtlink", errors, [one.mean for one in ours], [one.half for one in ours]),
                Series("(1-p) / (1 + p R/w)", fine, [RATE * goodput(error) for error in fine], reference=True),
            ],
            log_x=10,
        )]

    return [Case("retry", "goodput of a link that retries, everything delivered once", runs, judge, figures)]
