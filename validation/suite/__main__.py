# SPDX-License-Identifier: GPL-2.0-only
"""The command `validation/run`."""

import argparse
import fnmatch
import os
import sys
import time
from pathlib import Path

from . import output
from .case import FAIL, NOT_APPLICABLE, NOT_RUN, Limit, Row
from .families import all_cases
from .options import Options
from .runs import Runner, RunFailed

ROOT = Path(__file__).resolve().parent.parent.parent


def arguments():
    parser = argparse.ArgumentParser(
        prog="validation/run",
        description="Runs the validation cases through the command mtlink, prints a table of verdicts "
        "and writes results and curves. Exit status: 0, 1 a gate failed or could not run, 2 wrong usage.",
    )
    parser.add_argument("--only", metavar="PATTERN", action="append",
                        help="cases whose name contains this, or matches it with * and ?; may be repeated")
    parser.add_argument("--list", action="store_true", help="list the cases, run nothing")
    parser.add_argument("--quick", action="store_true",
                        help="a tenth of the time: a look, poor statistics")
    parser.add_argument("--long", action="store_true",
                        help="also the cases that take minutes, or gigabytes; one of them is run without this "
                        "where --only has its whole name")
    parser.add_argument("-o", "--output", type=Path, default=None, metavar="DIR",
                        help="where results go (default results/validation in the checkout)")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1, metavar="N",
                        help="runs at once (default: one for each core)")
    parser.add_argument("--mtlink", type=Path, default=ROOT / "build/release/mtlink", metavar="FILE",
                        help="the command to validate (default build/release/mtlink)")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    return parser.parse_args()


def chosen(case, patterns, long):
    if case.long and not long and case.name not in (patterns or []):
        return False
    return not patterns or any(
        pattern in case.name or fnmatch.fnmatchcase(case.name, pattern) for pattern in patterns
    )


def judge(case, outcomes):
    """The rows of a case and its figures."""
    if case.not_applicable:
        return [Row(case.name, None, "", note=case.not_applicable, verdict=NOT_APPLICABLE)], []
    results = {label: outcomes[run.key()] for label, run in case.runs.items()}
    failures = [outcome for outcome in results.values() if isinstance(outcome, RunFailed)]
    if failures and not case.partial:
        message = str(failures[0]).splitlines()[0]
        if failures[0].missing:
            return [Row(case.name, None, "", Limit("", None, case.gate), note=message, verdict=NOT_RUN)], []
        return [Row(case.name, None, "", Limit("runs", None), note=message, verdict=FAIL)], []
    return case.judge(results), case.figures(results)


def main():
    options = arguments()
    cases = [case for case in all_cases(Options(options.quick)) if chosen(case, options.only, options.long or options.list)]
    if not cases:
        print(f"validation: no case matches {' '.join(options.only)}; --list names them", file=sys.stderr)
        return 2
    if options.list:
        width = max(len(case.name) for case in cases)
        for case in cases:
            long = ", long" if case.long else ""
            print(f"{case.name.ljust(width)}  {case.title} ({len(case.runs)} runs{long})")
        return 0
    if not options.mtlink.is_file():
        print(f"validation: {options.mtlink} is missing: run make, or tools/build release mtlink-command; "
              "or give --mtlink FILE", file=sys.stderr)
        return 2
    directory = options.output or ROOT / "results/validation"
    directory.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    outcomes = Runner(options.mtlink, directory, options.jobs, options.quiet).execute(
        [run for case in cases for run in case.runs.values()]
    )
    rows = []
    for case in cases:
        case_rows, figures = judge(case, outcomes)
        rows += case_rows
        if figures:
            from . import figures as drawing  # matplotlib takes a second to load

            for figure in figures:
                drawing.write(directory, figure)
    table = output.text_table(rows)
    print(table)
    print()
    lost = [row for row in rows if row.verdict == FAIL or (row.verdict == NOT_RUN and row.limit.gate)]
    closing = output.closing(rows)
    if options.quick:
        closing += "; --quick: poor statistics, no verdict"
    print(f"{closing}; {time.monotonic() - begin:.0f} s")
    print(f"results and curves: {directory}/")
    output.write_csv(directory / "table.csv", rows)
    (directory / "table.txt").write_text(table + "\n\n" + closing + "\n", encoding="utf-8")
    return 1 if lost else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("validation: interrupted", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(1)
