#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The Python package as its users meet it.

usage: run.py MTLINK CHECKOUT, in a scratch directory

What needs pandas or matplotlib is skipped where they are missing.
"""

import csv
import importlib.util
import os
import sys
import tempfile
import unittest
from pathlib import Path

os.environ["MTLINK"] = os.path.abspath(sys.argv.pop(1))
CHECKOUT = Path(sys.argv.pop(1)).resolve()
sys.path.insert(0, str(CHECKOUT / "python"))
import mtlink  # noqa: E402

HAS_PANDAS = importlib.util.find_spec("pandas") is not None
HAS_MATPLOTLIB = importlib.util.find_spec("matplotlib") is not None
EXPERIMENT = """fabric: {kind: single_switch, endpoints: 4}
workload: {collective: all_reduce, algorithm: ring, size: 1MiB}
measure: {sample_every: 5us}
"""


class PackageTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix=f"python-test-{os.getpid()}-", dir=".")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.file = self.folder / "small.yaml"
        self.file.write_text(EXPERIMENT)

    def run_small(self, **arguments):
        return mtlink.run(self.file, output=self.folder / "out", **arguments)

    def test_values_that_are_set_reach_the_run(self):
        result = self.run_small(set={"workload.size": "64KiB", "workload.ranks": [0, 1]}, seed=7)
        self.assertTrue(result.summary["complete"])
        self.assertEqual(result.summary["seed"], 7)
        [collective] = result.summary["collectives"]
        self.assertEqual((collective["bytes"], collective["ranks"]), (65536, 2))
        self.assertEqual(self.run_small(mode="bound").summary["mode"], "bound")

    def test_a_refusal_has_its_place(self):
        self.file.write_text(EXPERIMENT.replace("algorithm: ring", "algorithm: rong"))
        with self.assertRaises(mtlink.Refused) as caught:
            self.run_small()
        error = caught.exception
        self.assertEqual((error.file, error.line, error.column), (str(self.file), 2, 47))
        self.assertTrue(error.message.startswith("unknown algorithm 'rong': did you mean 'ring'?"), error.message)
        self.file.write_text(EXPERIMENT)
        with self.assertRaises(mtlink.Refused) as caught:
            self.run_small(set={"workload.repeat": 0})
        self.assertEqual(caught.exception.file, "--set workload.repeat=0")
        with self.assertRaises(mtlink.Refused) as caught:
            mtlink.run(self.folder / "none.yaml")
        self.assertEqual(caught.exception.line, 1)
        with self.assertRaises(ValueError):
            self.run_small(set={"workload.size": None})
        with self.assertRaises(FileNotFoundError):
            mtlink.Result(self.folder)

    def test_a_run_that_stops_keeps_what_there_is(self):
        result = self.run_small(set={"simulation.stop": "1us"})
        self.assertFalse(result.summary["complete"])

    def test_results_go_where_the_command_puts_them(self):
        before = os.getcwd()
        os.chdir(self.folder)
        try:
            self.assertEqual(mtlink.run("small.yaml").directory, Path("results/small"))
        finally:
            os.chdir(before)

    def test_a_sweep_has_its_points(self):
        file = self.folder / "sweep.yaml"
        file.write_text("base: small.yaml\ngrid: {workload.size: [1KiB, 1MiB]}\n")
        sweep = mtlink.sweep(file, output=self.folder / "sweep", jobs=1)
        self.assertEqual(len(sweep.results), 2)
        for name, size in zip(sweep.results, ["1KiB", "1MiB"]):
            self.assertRegex(name, f"^size-{size}-[0-9a-f]{{10}}/seed-1$")
        sizes = [result.summary["collectives"][0]["bytes"] for result in sweep.results.values()]
        self.assertEqual(sizes, [1024, 1 << 20])
        if HAS_PANDAS:
            self.assertEqual(list(sweep.table["workload.size"]), ["1KiB", "1MiB"])
            with self.assertRaises(FileNotFoundError):
                sweep.means
        if HAS_PANDAS and HAS_MATPLOTLIB:
            picture = sweep.plot("workload.size", "collective_busbw_GBps_mean", output=self.folder / "p.svg")
            self.assertIn("<svg", picture._repr_svg_())

    @unittest.skipUnless(HAS_PANDAS, "python3-pandas is missing")
    def test_frames_are_the_tables(self):
        result = self.run_small()
        for name in ("collectives", "links", "queues", "messages", "series", "congestion", "settings"):
            with self.subTest(name):
                with open(result.directory / f"{name}.csv", newline="") as file:
                    rows = list(csv.DictReader(file))
                frame = getattr(result, name)
                self.assertEqual(len(frame), len(rows))
                self.assertIs(getattr(result, name), frame)
        self.assertEqual(result.messages["bytes"].sum(), result.summary["payload_bytes_delivered"])
        without = self.run_small(set={"measure.messages": "none"})
        with self.assertRaisesRegex(FileNotFoundError, "messages: none"):
            without.messages

    @unittest.skipUnless(HAS_MATPLOTLIB, "python3-matplotlib is missing")
    def test_a_run_is_drawn(self):
        result = self.run_small()
        self.assertEqual(result.plot()._repr_png_()[:4], b"\x89PNG")
        with self.assertRaises(ValueError):
            result.plot("causes")

    def test_the_version_is_the_commands(self):
        self.assertRegex(mtlink.version(), r"^\d+\.\d+\.\d+$")


if __name__ == "__main__":
    unittest.main()
