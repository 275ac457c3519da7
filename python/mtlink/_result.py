# SPDX-License-Identifier: GPL-2.0-only
"""The results of a run."""

from __future__ import annotations

import json
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._picture import Picture, draw
from ._tables import read_table

if TYPE_CHECKING:
    import pandas

_ALWAYS = "the directory holds no whole results"


class Result:
    """A results directory; its files are read when they are asked for, once.

    Attributes:
        directory: path of it.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        """Args: directory: of a run's results, which has a summary.json.

        Raises FileNotFoundError: it has none."""
        self.directory = Path(directory)
        if not (self.directory / "summary.json").is_file():
            raise FileNotFoundError(f"there is no {self.directory / 'summary.json'}: give a run's results directory")

    def __repr__(self) -> str:
        state = "" if self.summary["complete"] else ", incomplete"
        return f"Result({str(self.directory)!r}: {self.summary['name']}, mode {self.summary['mode']}{state})"

    @cached_property
    def summary(self) -> dict[str, Any]:
        """summary.json: times in ns (`_ns`), rates in GB/s (`_GBps`), sizes in bytes."""
        summary: dict[str, Any] = json.loads((self.directory / "summary.json").read_text())
        return summary

    @cached_property
    def timeline(self) -> list[dict[str, Any]]:
        """The events of timeline.json, in Chrome's trace format: times in microseconds."""
        data = json.loads((self.directory / "timeline.json").read_text())
        events: list[dict[str, Any]] = data["traceEvents"] if isinstance(data, dict) else data
        return events

    @cached_property
    def collectives(self) -> "pandas.DataFrame":
        """A row for each collective."""
        return read_table(self.directory / "collectives.csv", _ALWAYS)

    @cached_property
    def links(self) -> "pandas.DataFrame":
        """A row for each link, one way; of very many the worst (measure.links)."""
        return read_table(self.directory / "links.csv", _ALWAYS)

    @cached_property
    def queues(self) -> "pandas.DataFrame":
        """A row for each queue of a switch; of very many the worst (measure.queues)."""
        return read_table(self.directory / "queues.csv", "mode packet alone has queues")

    @cached_property
    def messages(self) -> "pandas.DataFrame":
        """A row for each message; of more than a million a sample (measure.messages)."""
        return read_table(self.directory / "messages.csv", "run without 'measure: {messages: none}'")

    @cached_property
    def series(self) -> "pandas.DataFrame":
        """Samples over time, where measure.sample_every asks for them; else empty."""
        return read_table(self.directory / "series.csv", "run with 'measure: {sample_every: 1us}'")

    @cached_property
    def congestion(self) -> "pandas.DataFrame":
        """A row for each root of congestion and each of its victims."""
        return read_table(self.directory / "congestion.csv", _ALWAYS)

    @cached_property
    def settings(self) -> "pandas.DataFrame":
        """Every parameter: value, where it comes from, meaning."""
        return read_table(self.directory / "settings.csv", _ALWAYS)

    def plot(self, kind: str | None = None, output: str | Path | None = None) -> Picture:
        """Draw the run.

        Args:
            kind: time (use of the links), heat (of each link) or cdf (of the messages' latencies) or causes
                (of a training's iteration); None: causes of a training, else time where there are
                samples, else cdf.
            output: the picture's file, .png, .svg or .pdf; None: a temporary PNG.

        Raises:
            ValueError: there is nothing to draw; the message says what to measure.
        """
        if kind is None:
            series = self.directory / "series.csv"
            has_samples = series.is_file() and len(series.read_text().splitlines()) > 1
            kind = "causes" if self.summary.get("training") else "time" if has_samples else "cdf"
        return draw([kind, str(self.directory)], output)
