# SPDX-License-Identifier: GPL-2.0-only
"""Reads the tables that mtlink writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas


def read_table(path: Path, missing: str) -> "pandas.DataFrame":
    """Read a CSV file, or the same file compressed.

    Args:
        path: of the file, without .gz.
        missing: what to do where there is neither.

    Returns:
        Its rows; an empty cell is not a number, a word like "none" is itself.
    """
    try:
        import pandas
    except ImportError as error:
        raise ImportError("tables are pandas frames: install python3-pandas") from error
    compressed = path.with_name(path.name + ".gz")
    found = path if path.is_file() else compressed
    if not found.is_file():
        raise FileNotFoundError(f"there is no {path}: {missing}")
    return pandas.read_csv(found, keep_default_na=False, na_values=[""])
