# SPDX-License-Identifier: GPL-2.0-only
"""The results of a sweep."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Mapping

from ._picture import Picture, draw
from ._result import Result
from ._tables import read_table

if TYPE_CHECKING:
    import pandas


class Sweep:
    """A sweep's results directory.

    Attributes:
        directory: path of it.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        """Args: directory: of a sweep's results, which has a sweep.csv.

        Raises FileNotFoundError: it has none."""
        self.directory = Path(directory)
        if not (self.directory / "sweep.csv").is_file():
            raise FileNotFoundError(f"there is no {self.directory / 'sweep.csv'}: give a sweep's results directory")

    def __repr__(self) -> str:
        return f"Sweep({str(self.directory)!r}: {len(self.results)} runs)"

    @cached_property
    def table(self) -> "pandas.DataFrame":
        """sweep.csv: a row for each run, what was varied first, then figures of its summary."""
        return read_table(self.directory / "sweep.csv", "the directory holds no sweep")

    @cached_property
    def means(self) -> "pandas.DataFrame":
        """sweep-means.csv: a row for each point, means over its seeds with 95 % intervals."""
        return read_table(self.directory / "sweep-means.csv", "give the sweep several 'seeds'")

    @cached_property
    def results(self) -> Mapping[str, Result]:
        """Results by their directory's name: the point's values, a hash of its content, and the seed, as
        "size-1KiB-47377a0a74/seed-1"; in order of these names."""
        points = self.directory / "points"
        found = sorted(path.parent for path in points.rglob("summary.json"))
        return {str(path.relative_to(points)): Result(path) for path in found}

    def plot(
        self,
        x: str,
        y: str,
        *,
        by: str | None = None,
        where: Mapping[str, object] | None = None,
        kind: str = "sweep",
        output: str | Path | None = None,
    ) -> Picture:
        """Draw columns of the table.

        Args:
            x, y: columns, as "workload.size" and "collective_busbw_GBps_mean".
            by: column; a curve, or bars, for each of its values.
            where: only rows whose columns have these values.
            kind: sweep (curves) or bars.
            output: the picture's file, .png, .svg or .pdf; None: a temporary PNG.

        Raises:
            ValueError: that can't be drawn; the message says why.
        """
        arguments = [kind, str(self.directory / "sweep.csv"), "-x", x, "-y", y]
        arguments += [] if by is None else ["--by", by]
        for column, value in (where or {}).items():
            arguments += ["--where", f"{column}={value}"]
        return draw(arguments, output)
