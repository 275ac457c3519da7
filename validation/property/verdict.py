# SPDX-License-Identifier: GPL-2.0-only
"""Whether a run did what any run must."""

import collections
import csv
import gzip
import json
from pathlib import Path

LONGEST = 50  # times the least time of the whole load: starvation would show as far more


def read_rows(directory, name):
    """The rows of a CSV of results, packed or not."""
    packed = Path(directory) / (name + ".gz")
    if packed.exists():
        with gzip.open(packed, "rt", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    with open(Path(directory) / name, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def count_flits(results, flit):
    """Flits that went over links."""
    return sum(int(row["wire_bytes"]) for row in read_rows(results, "links.csv")) // flit


def find_happenings(results):
    """What happened in a run, beyond that messages were delivered: a set of words."""
    summary = json.loads((results / "summary.json").read_text(encoding="utf-8"))
    happened = set()
    for column in ("retries", "errors", "replay_full_ns", "down_ns", "degraded_ns", "packets_lost"):
        if any(float(row[column] or 0) > 0 for row in read_rows(results, "links.csv")):
            happened.add(column)
    flows = read_rows(results, "flows.csv")
    if flows:
        happened.add("controlled")
    if any(int(row["marks"]) > 0 for row in flows):
        happened.add("marks")
    if any(row["link"] == "reorder" for row in read_rows(results, "queues.csv")):
        happened.add("reordered")
    if any(row.get("traffic_class", "0") != "0" for row in read_rows(results, "messages.csv")):
        happened.add("traffic classes")
    for row in read_rows(results, "collectives.csv"):
        happened.add(row["algorithm"])
    if summary["credit_stall_ns"] > 0:
        happened.add("credit stalls")
    return happened


def get_least_time(links, packet_rate):
    """ns that the busiest link needed for what it carried, its outages included."""
    least = 0
    for row in links:
        pipeline = int(row["packets"]) * 1e9 / packet_rate if packet_rate else 0
        busy = max(float(row["busy_ns"]), pipeline)
        least = max(least, busy + float(row["down_ns"] or 0))
    return least


def find_unsent(sent, rows):
    """What was delivered of messages that nobody sent, or twice; as text, or nothing."""
    want = collections.Counter(sent)
    for row in rows:
        want[int(row["src"]), int(row["dst"]), int(row["bytes"])] -= 1
    extra = next((key for key, count in want.items() if count < 0), None)
    return f"message {extra} came more often than it was sent" if extra else ""


def find_failure(experiment, status, results):
    """What a run that was not refused did wrong, as text, or nothing."""
    if status not in (0, 3) or (status == 3 and not experiment.may_lose):
        return f"exit {status}"
    if not (results / "summary.json").exists():
        return f"exit {status} without results"
    summary = json.loads((results / "summary.json").read_text(encoding="utf-8"))
    links = read_rows(results, "links.csv")
    own = [row for row in read_rows(results, "messages.csv") if row["collective"] == ""]
    delivered = [row for row in own if row["end_ns"]]
    lost = summary["packets_lost"]
    sent = experiment.messages
    if summary["deadlock_free"] is not True:
        return f"deadlock_free is {summary['deadlock_free']}"
    if lost != sum(int(row["packets_lost"] or 0) for row in links):
        return f"{lost} packets lost, but links lost another number"
    if lost and not experiment.may_lose:
        return f"{lost} packets lost, and no fault drops any"
    if not summary["complete"] and not summary["stop_reason"].startswith("data lost"):
        return f"stopped: {summary['stop_reason']}"
    if not experiment.has_others:
        if len(delivered) + summary["messages_lost"] != len(sent):
            return f"{len(delivered)} delivered, {summary['messages_lost']} lost of {len(sent)}"
        packets = sum(-(-size // experiment.packet) for _, _, size in sent)
        if summary["packets_delivered"] + lost != packets:
            return f"{summary['packets_delivered']} + {lost} packets lost, not {packets}"
        total = sum(size for _, _, size in sent)
        if not lost and summary["payload_bytes_delivered"] != total:
            return f"{summary['payload_bytes_delivered']} B delivered, not {total}"
        extra = find_unsent(sent, delivered)
        if extra:
            return extra
    elif not lost:
        if len(delivered) != len(own):
            return f"{len(own) - len(delivered)} messages not delivered"
        for row in read_rows(results, "collectives.csv"):
            if row["end_ns"] == "":
                return f"collective {row['id']} did not end"
    if not experiment.is_controlled and delivered:
        latencies = [float(row["latency_ns"]) for row in delivered]
        least = max(get_least_time(links, experiment.packet_rate), 10 * min(latencies))
        if max(latencies) > LONGEST * least:
            return f"a message took {max(latencies)} ns, {max(latencies) / least:.0f} times all"
    return ""
