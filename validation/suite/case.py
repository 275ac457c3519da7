# SPDX-License-Identifier: GPL-2.0-only
"""What a case is: runs, and rows that judge them."""

from dataclasses import dataclass, field
from typing import Callable

from .statistics import Estimate

PASS, FAIL = "pass", "FAIL"  # of a gate
WITHIN, OUTSIDE = "within", "OUTSIDE"  # of a band
REPORTED = "reported"  # no limit: a figure to know
NOT_RUN, NOT_APPLICABLE = "NOT RUN", "n/a"
TOO_LONG = "too long"  # a run that was ended after its time


@dataclass(frozen=True)
class Limit:
    """How far ours may be from the reference. `gate`: a failure fails the whole run."""

    text: str
    holds: Callable
    gate: bool = True
    shows: Callable = None  #: error as text; None: relative error


def relative(share, gate=True):
    return Limit(
        f"within {share * 100:g} %",
        lambda ours, reference: abs(ours / reference - 1) <= share,
        gate,
    )


def absolute(distance, unit, gate=True):
    return Limit(
        f"within {distance:g} {unit}",
        lambda ours, reference: abs(ours - reference) <= distance,
        gate,
        lambda ours, reference: f"{ours - reference:+.3g} {unit}",
    )


def exact(gate=True):
    return Limit(
        "equal",
        lambda ours, reference: ours == reference,
        gate,
        lambda ours, reference: f"{ours - reference:+g}",
    )


def at_least(bound, gate=False):
    return Limit(f">= {bound:g}", lambda ours, reference: ours >= bound, gate)


def at_most(bound, gate=False):
    return Limit(f"<= {bound:g}", lambda ours, reference: ours <= bound, gate)


def between(low, high, gate=False):
    return Limit(f"{low:g} to {high:g}", lambda ours, reference: low <= ours <= high, gate)


REPORT = Limit("reported", lambda ours, reference: True, False)


@dataclass
class Row:
    """A line of the table."""

    name: str
    reference: object  #: a number, text, or None
    ours: object  #: Estimate, a number, or text
    limit: Limit = REPORT
    unit: str = ""
    note: str = ""
    verdict: str = ""

    def __post_init__(self):
        if self.verdict:
            return
        if self.limit is REPORT:
            self.verdict = REPORTED
            return
        holds = self.limit.holds(self.value, self.reference)
        if self.limit.gate:
            self.verdict = PASS if holds else FAIL
        else:
            self.verdict = WITHIN if holds else OUTSIDE

    @property
    def value(self):
        return self.ours.mean if isinstance(self.ours, Estimate) else self.ours

    @property
    def error(self):
        """Difference from the reference, as text."""
        if not isinstance(self.reference, (int, float)) or not isinstance(self.value, (int, float)):
            return ""
        if self.limit.shows:
            return self.limit.shows(self.value, self.reference)
        if self.reference == 0:
            return f"{self.value:+.3g}"
        return f"{(self.value / self.reference - 1) * 100:+.2f} %"


@dataclass
class Series:
    """A line of a figure."""

    label: str
    x: list
    y: list
    half: list = None  #: half confidence intervals, None where unknown
    reference: bool = False


@dataclass
class Figure:
    """A figure and the CSV of the same name."""

    name: str
    title: str
    xlabel: str
    ylabel: str
    series: list
    note: str = ""
    log_x: int = 0  #: base, 0: linear
    log_y: bool = False
    y_max: float = None
    legend: str = "best"  #: where, as matplotlib says it


@dataclass
class Case:
    """Something to validate: runs by label, what they say, and figures of it."""

    name: str
    title: str
    runs: dict = field(default_factory=dict)
    judge: Callable = lambda results: []
    figures: Callable = lambda results: []
    gate: bool = True  #: whether a case that could not run fails the whole
    not_applicable: str = ""  #: why it is not simulated here
    long: bool = False  #: takes minutes, or gigabytes: run with --long only
    partial: bool = False  #: judge() looks after runs that failed itself

    def seeds(self):
        return {run.seed for run in self.runs.values()}
