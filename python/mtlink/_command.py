# SPDX-License-Identifier: GPL-2.0-only
"""Calls the command."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Mapping, NoReturn

from ._result import Result
from ._sweep import Sweep

_REFUSAL = re.compile(r"^(?P<file>.+?):(?P<line>\d+):(?P<column>\d+): error: (?P<message>.*)", re.M | re.S)
_REFUSED, _USAGE, _STOPPED, _INTERRUPTED = 1, 2, 3, 130  # exit statuses


class Refused(Exception):
    """Input that mtlink refuses: what is wrong and what would be right.

    Attributes:
        message: that, without its place.
        file: path of the file, or the option as "--set workload.size=1"; None where nothing has a place.
        line, column: from 1; None likewise.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        found = _REFUSAL.search(text)
        self.message: str = found["message"].strip() if found else text
        self.file: str | None = found["file"] if found else None
        self.line: int | None = int(found["line"]) if found else None
        self.column: int | None = int(found["column"]) if found else None


def run(
    experiment: str | os.PathLike[str],
    *,
    set: Mapping[str, Any] | None = None,
    mode: str | None = None,
    seed: int | None = None,
    output: str | os.PathLike[str] | None = None,
    report: bool = False,
) -> Result:
    """Run an experiment.

    Args:
        experiment: path of its YAML file.
        set: values by dotted key, as {"workload.size": "1MiB", "workload.ranks": [0, 1]}; a text is
            taken as YAML.
        mode: packet, flow, bound or auto; None: the experiment's.
        seed: of all random numbers; None: the experiment's.
        output: where results go; None: results/NAME in the current directory.
        report: whether report.html is written, too.

    Returns:
        The results; of a run that stopped early (a deadlock, a limit, data lost to faults) what there
        is, with `complete` false and `stop_reason` in the summary.

    Raises:
        Refused: input that can't be.
        FileNotFoundError: there is no command mtlink.
        ValueError: wrong usage.
        OSError: results could not be written.
    """
    arguments = ["run", os.fspath(experiment), *_list_settings(set)]
    for name, value in (("--mode", mode), ("--seed", seed)):
        arguments += [] if value is None else [f"{name}={value}"]
    arguments += [] if report else ["--no-report"]
    directory, said, status = _call(arguments, output)
    if status == _STOPPED and (directory is None or not (directory / "summary.json").is_file()):
        raise OSError(said)
    assert directory is not None
    return Result(directory)


def sweep(
    sweep: str | os.PathLike[str],
    *,
    jobs: int | None = None,
    resume: bool = False,
    output: str | os.PathLike[str] | None = None,
) -> Sweep:
    """Run all points of a sweep, in parallel processes.

    Args:
        sweep: path of its YAML file.
        jobs: processes at once; None: one for each core.
        resume: go on where an earlier call was stopped.
        output: where results go; None: results/NAME in the current directory.

    Returns:
        The sweep's table and its points' results; a point that failed says so in its row.

    Raises:
        As run().
    """
    arguments = ["sweep", os.fspath(sweep), *([f"--jobs={jobs}"] if jobs is not None else [])]
    arguments += ["--resume"] if resume else []
    directory, said, status = _call(arguments, output)
    if status == _STOPPED and (directory is None or not (directory / "sweep.csv").is_file()):
        raise OSError(said)
    assert directory is not None
    return Sweep(directory)


def version() -> str:
    """The command's version, as "0.1.0"."""
    return subprocess.run([_find(), "--version"], check=True, capture_output=True, text=True).stdout.split()[1]


def _find() -> str:
    given = os.environ.get("MTLINK")
    found = shutil.which(given or "mtlink")
    if found is None:
        raise FileNotFoundError(
            f"there is no command {given or 'mtlink'}: install the package mtlink, or set the environment variable "
            "MTLINK to the path of the command, as build/release/mtlink"
        )
    return found


def _list_settings(values: Mapping[str, Any] | None) -> list[str]:
    arguments = []
    for key, value in (values or {}).items():
        if value is None:
            raise ValueError(f"'{key}' has no value: give one, or leave the key out")
        # JSON is YAML: lists, mappings, numbers and truth values.
        text = value if isinstance(value, str) else os.fspath(value) if isinstance(value, Path) else json.dumps(value)
        arguments += ["--set", f"{key}={text}"]
    return arguments


def _call(arguments: list[str], output: str | os.PathLike[str] | None) -> tuple[Path | None, str, int]:
    """@return the results directory, what was said on stderr, and the exit status."""
    if output is not None:
        arguments = [*arguments, "--output", os.fspath(output)]
    done = subprocess.run([_find(), *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    said = done.stderr.strip()
    if done.returncode in (_REFUSED, _USAGE):
        _refuse(done.returncode, said)
    if done.returncode == _INTERRUPTED:
        raise KeyboardInterrupt
    if done.returncode not in (0, _STOPPED):
        raise OSError(f"mtlink ended with {done.returncode}: {said}")
    told = re.search(r"^(?:results|sweep) +(.+)$", done.stdout, re.M)
    directory = output if output is not None else told[1] if told else None
    return (Path(directory) if directory is not None else None), said, done.returncode


def _refuse(status: int, said: str) -> NoReturn:
    raise Refused(said) if status == _REFUSED else ValueError(said)
