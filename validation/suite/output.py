# SPDX-License-Identifier: GPL-2.0-only
"""The table of verdicts, as text and as CSV."""

import csv

from .case import FAIL, NOT_APPLICABLE, NOT_RUN, OUTSIDE, PASS, REPORTED, WITHIN
from .statistics import Estimate

COLUMNS = ["case", "reference", "ours", "error", "limit", "verdict"]


def number(value, unit=""):
    """A number with four or more digits, or text as it is."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Estimate):
        text = number(value.mean)
        if value.half is not None:
            text += f" ±{value.half:.2g}"
    elif float(value).is_integer() and abs(value) < 1e15:
        text = f"{int(value)}"
    else:
        digits = 4 if abs(value) < 10 else 2 if abs(value) < 1000 else 1
        text = f"{value:.{digits}f}"
    return f"{text} {unit}".strip()


def cells(row):
    kind = "" if row.verdict in (REPORTED, NOT_RUN, NOT_APPLICABLE) else (
        "gate: " if row.limit.gate else "band: "
    )
    limit = kind + row.limit.text if kind else ""
    return [
        row.name,
        number(row.reference, row.unit),
        number(row.ours, row.unit),
        row.error,
        limit,
        row.verdict,
    ]


def text_table(rows):
    """Aligned columns, notes below their rows."""
    lines = [COLUMNS] + [cells(row) for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(COLUMNS))]
    text = []
    for index, line in enumerate(lines):
        text.append("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
        if index == 0:
            text.append("  ".join("-" * width for width in widths))
        elif rows[index - 1].note:
            text.append("    " + rows[index - 1].note)
    return "\n".join(text)


def write_csv(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["case", "reference", "ours", "confidence_95", "unit", "error", "kind", "limit",
                         "verdict", "note"])
        for row in rows:
            half = row.ours.half if isinstance(row.ours, Estimate) else None
            reported = row.verdict in (REPORTED, NOT_RUN, NOT_APPLICABLE)
            writer.writerow([
                row.name,
                _plain(row.reference),
                _plain(row.value),
                _plain(half),
                row.unit,
                row.error,
                "" if reported else "gate" if row.limit.gate else "band",
                "" if reported else row.limit.text,
                row.verdict,
                row.note,
            ])


def _plain(value):
    if value is None:
        return ""
    return value if isinstance(value, str) else format(value, ".9g")


def closing(rows):
    """One line: how many of each verdict."""
    counts = []
    for verdict, words in (
        (PASS, "gates pass"),
        (FAIL, "gates FAIL"),
        (WITHIN, "within their band"),
        (OUTSIDE, "OUTSIDE their band"),
        (REPORTED, "reported"),
        (NOT_RUN, "NOT RUN"),
        (NOT_APPLICABLE, "not applicable"),
    ):
        count = sum(row.verdict == verdict for row in rows)
        if count:
            counts.append(f"{count} {words}")
    return ", ".join(counts)
