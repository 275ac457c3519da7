# SPDX-License-Identifier: GPL-2.0-only
"""What a job keeps of its time at published rates of failure: closed forms, and lives drawn at random."""

from ..case import Case, Limit, Row, absolute
from ..runs import Run

DAY = 86400.0
CARDS = 8  #: of the experiment, which stands for a cluster: its cards fail as often as all of that

#: (source, failures per 1,000 node-days, cards) -> ETTR in % at the best interval, to first order, by
#: (seconds of a checkpoint, seconds from a failure to running). None: below 0, it says nothing.
COSTS = [(60, 1500), (20, 900), (2, 300), (0.2, 120)]
TABLE = {
    ("RSC-2", 2.34, 1000): (97.5, 98.5, 99.5, 99.8),
    ("RSC-2", 2.34, 10240): (88.4, 93.2, 97.8, 99.2),
    ("RSC-2", 2.34, 100000): (29, 58, 86, 94.8),
    ("Llama 3", 3.79, 1000): (96.6, 98.0, 99.4, 99.8),
    ("Llama 3", 3.79, 10240): (83.4, 90.2, 96.8, 98.9),
    ("Llama 3", 3.79, 100000): (None, 36, 79, 91.9),
    ("RSC-1", 6.50, 1000): (95.2, 97.2, 99.1, 99.7),
    ("RSC-1", 6.50, 10240): (74.8, 85.1, 95.1, 98.2),
    ("RSC-1", 6.50, 100000): (None, None, 66, 86.8),
}


def ettr(options):
    """First order: the published table to its last digit. Lives: the renewal closed form, which holds where
    the first order does not."""
    runs, cells = {}, []
    for (source, rate, cards), row in TABLE.items():
        stops = cards / 8 * rate / 1000  # a day
        for (cost, recovery), truth in zip(COSTS, row):
            label = f"{source}/{cards}/{cost}s,{recovery}s"
            young = (2 * cost * DAY / stops) ** 0.5
            runs[label] = Run.of("stability.yaml", {
                "stability.failures.card": stops / CARDS,
                "stability.checkpoint.blocking": f"{cost}s",
                "stability.checkpoint.every": f"{young:.6f}s",
                "stability.restart": f"{recovery}s",
            }, seed=len(runs) + 1)  # each draws its own failures
            cells.append((label, truth))

    def judge(results):
        rows, outside = [], 0
        for label, truth in cells:
            found = results[label].summary["stability"]
            first = found["first_order_ettr"] * 100
            if truth is None:
                limit = Limit("below 0", lambda ours, reference: ours < 0)
                rows.append(Row(f"ETTR/first order/{label}", "-", first, limit, "%"))
            else:
                digit = 0.05 if truth != int(truth) or truth == 98.0 else 0.5
                rows.append(Row(f"ETTR/first order/{label}", truth, first, absolute(digit + 0.005, "points"), "%"))
            lives, half = found["ettr"]["value"], found["ettr"]["high"] - found["ettr"]["value"]
            outside += abs(lives - found["renewal_ettr"]) > half
            rows.append(Row(
                f"ETTR/lives/{label}", found["renewal_ettr"] * 100, lives * 100,
                # The month's ends are not in the closed form: half an interval and a recovery of it.
                absolute(200 * half + 0.02, "points"), "%",
                note="first order holds" if found["first_order_holds"] else "first order does not hold"))
        rows.append(Row("ETTR/lives/outside their 95 % intervals", 0.05 * len(cells), outside, unit=f"of {len(cells)}"))
        return rows

    return Case("stability-ettr", "what failures and checkpoints leave of the time", runs, judge)


def cases(options):
    return [ettr(options)]
