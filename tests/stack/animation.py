#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The animation that mtlink-netanim writes, as NetAnim reads it.

usage: tests/stack/animation.py MTLINK-NETANIM CHECKOUT
"""

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

ROWS = {"spine": 0, "leaf": 10, "gpu": 20}  # y by the letters of a name; it grows downwards
NODES = {"spine": 2, "leaf": 4, "gpu": 8}  # of fat-tree-8.yaml


def get_stem(name):
    return name.rstrip("0123456789")


def main():
    program, checkout = sys.argv[1:]
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "animation.xml"
        fabric = Path(checkout) / "validation/emulation/fat-tree-8.yaml"
        done = subprocess.run([program, f"--fabric={fabric}", f"--animation={file}"], check=True,
                              capture_output=True, text=True)
        animation = xml.parse(file).getroot()
    places = {node.get("id"): (float(node.get("locX")), float(node.get("locY")))
              for node in animation.iter("node")}
    names = {update.get("id"): update.get("descr")
             for update in animation.iter("nu") if update.get("p") == "d"}
    assert "WARNING" not in done.stderr, done.stderr
    assert len(set(places.values())) == len(places) == sum(NODES.values()), places
    assert names.keys() == places.keys(), names
    for stem, count in NODES.items():
        found = [node for node, name in names.items() if get_stem(name) == stem]
        assert len(found) == count, names
        assert all(places[node][1] == ROWS[stem] for node in found), places
        # In the order of their numbers, from left to right.
        across = [places[node][0] for node in sorted(found, key=lambda node: int(node))]
        assert across == sorted(across), places


if __name__ == "__main__":
    main()
