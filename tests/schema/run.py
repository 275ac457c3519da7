#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Holds the JSON Schema to what it is for, by a validator that others wrote (python3-jsonschema).

usage: run.py MTLINK CHECKOUT, in a scratch directory

All files that ship are valid, those that name a schema name it where it is, and each mistake of mistakes.yaml is flagged by the
schema and refused by mtlink, while what it was made of is taken by both. Ends with 77 where the
validator is missing.
"""

import copy
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}; the packages are python3-jsonschema and python3-yaml")
    sys.exit(77)

mtlink, checkout = sys.argv[1], Path(sys.argv[2])
faults = []


class Loader(yaml.SafeLoader):
    """Reads numbers as YAML 1.2 and editors do: 1e-5 is one, 1:30 and 010 are what they look like."""


NUMBERS = ("float", "int", "timestamp", "bool")
Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.rsplit(":", 1)[-1] not in NUMBERS]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for name, pattern, first in (
    ("bool", r"^(true|false)$", "tf"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", "-+.0123456789"),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{name}", re.compile(pattern), list(first))


def find_errors(document):
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(document)]


def check_with_mtlink(document):
    """@return its exit status and what it said."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", prefix=f"schema-{os.getpid()}-", dir=".") as file:
        yaml.safe_dump(document, file)
        file.flush()
        done = subprocess.run([mtlink, "check", file.name], capture_output=True, text=True)
        return done.returncode, done.stderr.strip()


def change(document, settings):
    document = copy.deepcopy(document)
    for dotted, value in settings.items():
        # In a grid the key itself has dots; it is set with the grid.
        *way, last = dotted.split(".")
        place = document
        for key in way:
            place = place.setdefault(key, {})
        if value is None:
            del place[last]
        else:
            place[last] = value
    return document


schema = json.loads((checkout / "tools/mtlink.schema.json").read_text())
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
if not schema.get("$id"):
    faults.append("the schema has no $id")

shipped = [path for folder in ("examples", "topologies", "validation") for path in (checkout / folder).rglob("*.yaml")]
shipped = [path for path in shipped if "results" not in path.parts]
if len(shipped) < 100:
    faults.append(f"only {len(shipped)} files were found in {checkout}")
for path in shipped:
    text = path.read_text()
    faults += [f"{path}: {error}" for error in find_errors(yaml.load(text, Loader))]
    named = re.search(r"^# yaml-language-server: \$schema=(.*)$", text, re.M)
    if named and not (path.parent / named[1]).is_file():
        faults.append(f"{path}: there is no {named[1]}")
    if not named and "validation" not in path.relative_to(checkout).parts:
        faults.append(f"{path}: no line says which schema it has")

listed = yaml.load((checkout / "tests/schema/mistakes.yaml").read_text(), Loader)
for name, base in listed["bases"].items():
    faults += [f"base {name}: {error}" for error in find_errors(base)]
    status, said = check_with_mtlink(base)
    if status != 0:
        faults.append(f"base {name}: {said}")
for mistake in listed["mistakes"]:
    document = change(listed["bases"][mistake["base"]], mistake["set"])
    if not find_errors(document):
        faults.append(f"{mistake['what']}: the schema takes it")
    status, said = check_with_mtlink(document)
    if status != 1:
        faults.append(f"{mistake['what']}: mtlink ends with {status} and says: {said}")

print("\n".join(faults) or f"{len(shipped)} files are valid, {len(listed['mistakes'])} mistakes are flagged")
sys.exit(bool(faults))
