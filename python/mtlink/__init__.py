# SPDX-License-Identifier: GPL-2.0-only
"""Run mtlink and read what it writes.

>>> import mtlink
>>> result = mtlink.run("examples/allreduce-s5000-mesh.yaml", set={"workload.size": "1MiB"})
>>> result.summary["verdict"]["text"]
>>> result.collectives[["size_bytes", "busbw_GBps"]]

The command `mtlink` does all the work: that of the environment variable MTLINK, else of PATH. Tables
are pandas frames, read from the results directory when they are asked for; their columns are
described in docs/results.md.
"""

from ._command import Refused, run, sweep, version
from ._picture import Picture
from ._result import Result
from ._sweep import Sweep

__all__ = ["Picture", "Refused", "Result", "Sweep", "run", "sweep", "version"]
