# SPDX-License-Identifier: GPL-2.0-only
"""Draws by plot.py, which ships with mtlink."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path


class Picture:
    """A picture in a file; notebooks show it.

    Attributes:
        path: of the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __repr__(self) -> str:
        return f"Picture({str(self.path)!r})"

    def _repr_png_(self) -> bytes | None:
        return self.path.read_bytes() if self.path.suffix == ".png" else None

    def _repr_svg_(self) -> str | None:
        return self.path.read_text() if self.path.suffix == ".svg" else None


def draw(arguments: list[str], output: str | Path | None) -> Picture:
    """Call plot.py.

    Args:
        arguments: its own, without -o.
        output: the picture's file, .png, .svg or .pdf; None: a temporary PNG.

    Raises:
        ValueError: it can't draw that; its message says why.
    """
    here = Path(__file__).resolve().parent
    program = next((p for p in (here / "plot.py", here.parents[1] / "tools/plot.py") if p.is_file()), None)
    if program is None:
        raise FileNotFoundError("plot.py is not there: install mtlink whole")
    if output is None:
        output = Path(tempfile.mkdtemp(prefix="mtlink-")) / "plot.png"
    done = subprocess.run(
        [sys.executable, str(program), *arguments, "-o", str(output)], capture_output=True, text=True
    )
    if done.returncode != 0:
        raise ValueError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "plot.py failed")
    return Picture(Path(output))
