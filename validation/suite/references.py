# SPDX-License-Identifier: GPL-2.0-only
"""Reference results: CSV files of validation/references/, each with its source in comment lines."""

import csv
from pathlib import Path

REFERENCES = Path(__file__).resolve().parent.parent / "references"


def _value(text):
    try:
        return float(text)
    except ValueError:
        return text


def load(name):
    """The rows of a reference, numbers as numbers."""
    with open(REFERENCES / f"{name}.csv", newline="", encoding="utf-8") as file:
        lines = [line for line in file if not line.startswith("#")]
    return [{key: _value(text) for key, text in row.items()} for row in csv.DictReader(lines)]


def source(name):
    """Where a reference is from: its comment lines."""
    with open(REFERENCES / f"{name}.csv", encoding="utf-8") as file:
        return " ".join(line[1:].strip() for line in file if line.startswith("#"))
