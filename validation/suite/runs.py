# SPDX-License-Identifier: GPL-2.0-only
"""Runs of the command `mtlink`, several at once, and what they leave."""

import concurrent.futures
import csv
import json
import shlex
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

CASES = Path(__file__).resolve().parent.parent / "cases"


class RunFailed(Exception):
    """A run that was refused or stopped: its message, whether this version lacks what it asks, and
    whether it was ended because it took too long."""

    def __init__(self, message, missing=False, too_long=False):
        super().__init__(message)
        self.missing = missing
        self.too_long = too_long


def _text(value):
    """A value as YAML on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_text(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, float):
        return format(value, ".12g")
    return str(value)


@dataclass(frozen=True)
class Run:
    """One run of `mtlink run`: an experiment of validation/cases/ and what is set in it.

    With `text` the experiment is that, and written beside the results under the name given."""

    experiment: str  #: file in validation/cases/
    settings: tuple = ()  #: pairs of key and value for --set, in order
    seed: int = 1
    mode: str = "packet"
    copy: int = 0  #: tells runs apart that are to be run twice
    cost: float = 1.0  #: rough seconds, so that long runs begin first
    text: str = field(default="", repr=False)  #: the experiment, where it is in no file
    timeout: float = None  #: seconds after which it is ended
    checks: bool = False  #: `mtlink check`, for its estimates: Result.warnings has what it prints

    @staticmethod
    def of(experiment, settings=None, **others):
        pairs = tuple((key, _text(value)) for key, value in (settings or {}).items())
        return Run(experiment, pairs, **others)

    def command(self, mtlink, output):
        file = CASES / self.experiment
        if self.text:
            file = output.parent / self.experiment
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.text, encoding="utf-8")
        if self.checks:
            return [str(mtlink), "check", str(file)]
        words = [str(mtlink), "run", str(file), "--seed", str(self.seed)]
        if self.mode != "packet":
            words += ["--mode", self.mode]
        for key, value in self.settings:
            words += ["--set", f"{key}={value}"]
        return words + ["--output", str(output), "--quiet", "--no-report"]

    def key(self):
        return (self.experiment, self.settings, self.seed, self.mode, self.copy, self.checks)


@dataclass
class Result:
    """What a run left."""

    directory: Path
    summary: dict
    warnings: str = ""
    cache: dict = field(default_factory=dict)

    def table(self, name):
        """A CSV file of the run, as a list of dictionaries of text."""
        if name not in self.cache:
            with open(self.directory / name, newline="", encoding="utf-8") as file:
                self.cache[name] = list(csv.DictReader(file))
        return self.cache[name]

    @property
    def latency(self):
        """Mean packet latency in ns, source queue included."""
        return self.summary["packet_latency_ns"]["mean"]

    @property
    def accepted(self):
        return self.summary["accepted_load"]

    @property
    def collective(self):
        """The only collective of the run."""
        (only,) = self.summary["collectives"]
        return only

    @property
    def time_ns(self):
        return self.collective["duration_ns"]

    @property
    def busbw(self):
        return self.collective["busbw_GBps"]


class Runner:
    """Runs each different run once, a process for each, `jobs` at once."""

    def __init__(self, mtlink, output, jobs, quiet=False):
        self.mtlink = mtlink
        self.output = output
        self.jobs = jobs
        self.quiet = quiet
        self.lock = threading.Lock()
        self.processes = set()

    def execute(self, runs):
        """Run all; returns Result or RunFailed by key."""
        different = {}
        for run in runs:
            different.setdefault(run.key(), run)
        ordered = sorted(different.values(), key=lambda run: -run.cost)
        total = sum(run.cost for run in ordered) or 1
        outcomes = {}
        done = 0.0
        begin = time.monotonic()
        log = []
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            futures = {
                pool.submit(self._execute, number, run): run for number, run in enumerate(ordered)
            }
            try:
                for future in concurrent.futures.as_completed(futures):
                    run = futures[future]
                    outcome, entry = future.result()
                    outcomes[run.key()] = outcome
                    log.append(entry)
                    done += run.cost
                    self._progress(len(outcomes), len(ordered), done / total, begin, run)
            except BaseException:
                for future in futures:
                    future.cancel()
                with self.lock:
                    for process in self.processes:
                        process.terminate()
                raise
        self._progress_end()
        self._write_log(log)
        return outcomes

    def _execute(self, number, run):
        directory = self.output / "runs" / f"{number:04d}"
        shutil.rmtree(directory, ignore_errors=True)
        command = run.command(self.mtlink, directory)
        begin = time.monotonic()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        with self.lock:
            self.processes.add(process)
        try:
            output, errors = process.communicate(timeout=run.timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            output, errors = process.communicate()
            errors = None
        with self.lock:
            self.processes.discard(process)
        entry = (number, time.monotonic() - begin, process.returncode, shlex.join(command))
        if errors is None:
            return RunFailed(f"ended after {run.timeout:g} s", too_long=True), entry
        if process.returncode != 0:
            message = errors.strip() or f"exit status {process.returncode}"
            # The words with which mtlink refuses what only later versions have.
            missing = process.returncode == 1 and "not in this version" in message
            return RunFailed(message, missing), entry
        if run.checks:
            return Result(directory, {}, output), entry
        with open(directory / "summary.json", encoding="utf-8") as file:
            return Result(directory, json.load(file), errors), entry

    def _progress(self, count, all_runs, share, begin, run):
        if self.quiet:
            return
        spent = time.monotonic() - begin
        left = spent / share * (1 - share)
        settings = " ".join(f"{key}={value}" for key, value in run.settings)
        line = f"[{count}/{all_runs}] {spent:.0f} s, about {left:.0f} s left: {run.experiment} {settings}"
        if sys.stderr.isatty():
            width = shutil.get_terminal_size().columns
            sys.stderr.write("\r\x1b[K" + line[: width - 1])
        elif count == all_runs or count % max(all_runs // 20, 1) == 0:
            sys.stderr.write(line[:160] + "\n")
        sys.stderr.flush()

    def _progress_end(self):
        if not self.quiet and sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")

    def _write_log(self, log):
        with open(self.output / "runs.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["run", "wall_s", "exit_status", "command"])
            for number, wall, status, command in sorted(log):
                writer.writerow([f"{number:04d}", f"{wall:.1f}", status, command])
