# SPDX-License-Identifier: GPL-2.0-only
"""Valid experiments, and what is done to their keys and values: text is always YAML, seldom an experiment.

Experiments are trees of PyYAML's nodes, which keep a scalar as it was written: mapping nodes are lists of
pairs, so a key may be there twice.
"""

import copy
import json
import re
from pathlib import Path

import yaml

NUMBER = re.compile(r"^([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?) ?([A-Za-z%]*)$")
UNITS = (
    ["B", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB"],
    ["bps", "Kbps", "Mbps", "Gbps", "Tbps", "Bps", "KBps", "MBps", "GBps", "TBps"],
    ["ps", "ns", "us", "ms", "s"],
    ["um", "mm", "cm", "m", "km"],
    ["Gflops", "Tflops", "Pflops"],
    ["%"],
)
EXTREMES = [
    "0", "1", "2", "-1", "0.5", "1e-9", "1e-320", "1e9", "1e18", "1e308", "1e999", "4294967295", "4294967296",
    "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "nan", "inf", "-inf",
    "0x10", "1_000", "010", "1e3",
]  # fmt: skip
WORDS = ["", "all", "auto", "none", "true", "false", "null", "~", "0", "a", "..", "/", "nan", "größer", "a,b", "x" * 300]
NESTED = {"fabric", "plane", "node", "network", "training", "model", "device"}  # a mapping, or the file of one
FILES = {"extends", "trace", "file", "table"}
LARGE = {"kuae-10k.yaml", "kuae-100k.yaml"}  # more than a brief run sets up
EVENTS = "200000"  # of a brief run


def scalar(text):
    """A scalar as it would be written without quotes, where it can be."""
    if not text:
        return yaml.ScalarNode("tag:yaml.org,2002:str", "", style='"')
    return yaml.ScalarNode(yaml.resolver.Resolver().resolve(yaml.ScalarNode, text, (True, False)), text)


def mapping(pairs):
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=True)


def sequence(items):
    return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=True)


def find(node, key):
    """The value of a key, or nothing."""
    if isinstance(node, yaml.MappingNode):
        return next((value for name, value in node.value if name.value == key), None)
    return None


def put_files_in(node, directory):
    """Put nested files in place; other paths become absolute, as a mutant is written elsewhere."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            put_files_in(item, directory)
    if not isinstance(node, yaml.MappingNode):
        return
    for index, (key, value) in enumerate(node.value):
        is_path = isinstance(value, yaml.ScalarNode) and 0 < len(value.value) < 200
        path = directory / value.value if is_path else None
        if path and key.value in NESTED and path.is_file():
            node.value[index] = (key, read(path))
        elif path and key.value in FILES and path.is_file():
            node.value[index] = (key, scalar(str(path.resolve())))
        else:
            put_files_in(value, directory)


def read(path):
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    put_files_in(node, path.parent)
    return node


def read_experiments(root):
    """All experiments of the checkout, by name; a fabric has one made for it."""
    experiments = {}
    for folder in ("examples", "examples/refused", "examples/training", "validation/cases"):
        for path in sorted((root / folder).glob("*.yaml")):
            node = read(path)
            if find(node, "fabric") is not None:
                experiments[f"{folder}/{path.name}"] = node
    for path in sorted((root / "topologies").glob("*.yaml")):
        if path.name not in LARGE:
            workload = "{collective: all_reduce, size: 256KiB, ranks: {count: 8}}"
            node = yaml.compose(f"workload: {workload}", Loader=yaml.SafeLoader)
            node.value.append((scalar("fabric"), read(path)))
            experiments[f"topologies/{path.name}"] = node
    for path in sorted((root / "tests").rglob("*.cc")):
        for number, text in enumerate(re.findall(r'R"\w*\((.*?)\)\w*"', path.read_text(encoding="utf-8"), re.S)):
            if "&" in text:  # an alias may stand within itself
                continue
            try:
                node = yaml.compose(text, Loader=yaml.SafeLoader)
            except yaml.YAMLError:
                continue
            if find(node, "fabric") is not None:
                put_files_in(node, root / "topologies")
                experiments[f"{path.relative_to(root)}, text {number}"] = node
    return experiments


class Schema:
    """What tools/mtlink.schema.json says of a mapping's keys."""

    def __init__(self, path):
        self.root = json.loads(path.read_text(encoding="utf-8"))
        self.top = {"$ref": "#/definitions/experiment"}

    def resolve(self, part):
        """The schemas that a part stands for, whatever their conditions."""
        if "$ref" in part:
            found = self.root
            for step in part["$ref"].split("/")[1:]:
                found = found[step]
            return self.resolve(found)
        choices = [*part.get("anyOf", []), *part.get("allOf", []), *(part[key] for key in ("then", "else") if key in part)]
        found = [one for choice in choices for one in self.resolve(choice)]
        return found if choices and "properties" not in part else [part, *found]

    def get_properties(self, part):
        properties = {}
        for found in self.resolve(part):
            properties.update(found.get("properties", {}))
        return properties

    def get_items(self, part):
        return next((found["items"] for found in self.resolve(part) if "items" in found), {})


class Mutator:
    """Mutates experiments, with keys and values of others."""

    def __init__(self, root):
        self.schema = Schema(root / "tools/mtlink.schema.json")
        self.experiments = read_experiments(root)
        self.folders = {}  #: folder -> names; most texts of tests are short
        for name in self.experiments:
            self.folders.setdefault(name.split("/", maxsplit=1)[0], []).append(name)
        self.pool = {}  #: key -> values somewhere
        for node in self.experiments.values():
            self.collect(node)

    def choose(self, dice):
        """The name of an experiment, and a copy of it."""
        name = dice.choice(self.folders[dice.choice(["examples", "examples", "validation", "topologies", "tests"])])
        return name, copy.deepcopy(self.experiments[name])

    def collect(self, node):
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                self.pool.setdefault(key.value, []).append(value)
                self.collect(value)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                self.collect(item)

    def list_places(self, node, part, path=""):
        """All (node that holds, index, schema of the value, path), the deepest included."""
        places = []
        if isinstance(node, yaml.MappingNode):
            properties = self.schema.get_properties(part)
            for index, (key, value) in enumerate(node.value):
                below = properties.get(key.value, {})
                places.append((node, index, below, f"{path}.{key.value}"))
                places += self.list_places(value, below, f"{path}.{key.value}")
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                below = self.schema.get_items(part)
                places.append((node, index, below, f"{path}[{index}]"))
                places += self.list_places(value, below, f"{path}[{index}]")
        return places

    def list_mappings(self, node, part, path=""):
        """All (mapping, its schema, path)."""
        found = [(node, part, path)] if isinstance(node, yaml.MappingNode) else []
        for holder, index, below, name in self.list_places(node, part, path):
            if isinstance(get(holder, index), yaml.MappingNode):
                found.append((get(holder, index), below, name))
        return found

    def sample(self, dice, key, part):
        """A value that a key may have, as far as the schema and other experiments tell."""
        if key in self.pool and dice.random() < 0.7:
            return copy.deepcopy(dice.choice(self.pool[key]))
        part = dice.choice(self.schema.resolve(part)) if part else {}
        if "enum" in part:
            return scalar(str(dice.choice(part["enum"])))
        if "pattern" in part:
            units = next((units for units in UNITS if all(re.search(part["pattern"], "1" + unit) for unit in units)), UNITS[0])
            return scalar(f"{dice.choice([0, 1, 3, 50, 400])}{dice.choice(units)}")
        kind = part.get("type")
        if kind == "boolean":
            return scalar(dice.choice(["true", "false"]))
        if kind in ("integer", "number"):
            return scalar(dice.choice(["0", "1", "2", "3", "8", "50"] + (["0.1", "0.7"] if kind == "number" else [])))
        if kind == "array":
            return sequence([scalar(str(dice.randint(0, 4))) for _ in range(dice.randint(0, 3))])
        if key in self.pool:
            return copy.deepcopy(dice.choice(self.pool[key]))
        return scalar(dice.choice(WORDS))

    def mutate(self, dice, experiment):
        """Change an experiment in one to four places, and bound its run. Returns what was changed, in words."""
        told = []
        for _ in range(dice.choice([1, 1, 1, 2, 2, 3])):
            if experiment.value:
                told.append(dice.choice(CHANGES)(self, dice, experiment))
        bound(dice, experiment)
        return [what for what in told if what]


def get(holder, index):
    return holder.value[index][1] if isinstance(holder, yaml.MappingNode) else holder.value[index]


def put(holder, index, value):
    holder.value[index] = (holder.value[index][0], value) if isinstance(holder, yaml.MappingNode) else value


def bound(dice, experiment):
    """Few events, in any mode; where there's no place to say so, the experiment is refused."""
    if find(experiment, "simulation") is None:
        experiment.value.append((scalar("simulation"), mapping([])))
    simulation = find(experiment, "simulation")
    if isinstance(simulation, yaml.MappingNode):
        keep = [(key, value) for key, value in simulation.value if key.value != "event_limit"]
        if dice.random() < 0.6:
            keep = [(key, value) for key, value in keep if key.value != "mode"]
            keep.append((scalar("mode"), scalar(dice.choice(["packet", "flow", "bound", "auto"]))))
        simulation.value = keep + [(scalar("event_limit"), scalar(EVENTS))]


def choose_place(mutator, dice, experiment):
    places = mutator.list_places(experiment, mutator.schema.top)
    return dice.choice(places)


def delete(mutator, dice, experiment):
    holder, index, _, path = choose_place(mutator, dice, experiment)
    del holder.value[index]
    return f"without {path}"


def duplicate(mutator, dice, experiment):
    holder, index, _, path = choose_place(mutator, dice, experiment)
    holder.value.insert(dice.randint(0, len(holder.value)), copy.deepcopy(holder.value[index]))
    return f"{path} twice"


def swap(mutator, dice, experiment):
    """Values of two places."""
    places = [choose_place(mutator, dice, experiment) for _ in range(2)]
    first, second = (get(holder, index) for holder, index, _, _ in places)
    put(places[0][0], places[0][1], copy.deepcopy(second))
    put(places[1][0], places[1][1], copy.deepcopy(first))
    return f"{places[0][3]} and {places[1][3]} swapped"


def retype(mutator, dice, experiment):
    """Another type."""
    holder, index, _, path = choose_place(mutator, dice, experiment)
    value = get(holder, index)
    other = dice.choice([
        lambda: sequence([]), lambda: mapping([]), lambda: sequence([value]), lambda: sequence([value, value]),
        lambda: mapping([(scalar("a"), value)]), lambda: scalar(dice.choice(WORDS)),
        lambda: yaml.ScalarNode("tag:yaml.org,2002:str", getattr(value, "value", None) if isinstance(value, yaml.ScalarNode) else "", style='"'),
    ])()  # fmt: skip
    put(holder, index, copy.deepcopy(other))
    return f"{path} of another type"


def choose_number(mutator, dice, experiment):
    """A place with a number, its number and its unit; or nothing."""
    found = []
    for place in mutator.list_places(experiment, mutator.schema.top):
        value = get(place[0], place[1])
        match = NUMBER.match(value.value) if isinstance(value, yaml.ScalarNode) else None
        if match:
            found.append((place, match[1], match[2]))
    return dice.choice(found) if found else None


def renumber(mutator, dice, experiment, text=None):
    """A number nearby."""
    chosen = choose_number(mutator, dice, experiment)
    if chosen is None:
        return ""
    (holder, index, _, path), number, unit = chosen
    near = [float(number) * 2, float(number) / 2, float(number) + 1, float(number) - 1, float(number) * 1000]
    text = text or f"{dice.choice(near):.12g}"
    put(holder, index, scalar(text + unit))
    return f"{path}: {number}{unit} becomes {text}{unit}"


def exaggerate(mutator, dice, experiment):
    """A number that few keys take."""
    return renumber(mutator, dice, experiment, dice.choice(EXTREMES))


def remeasure(mutator, dice, experiment):
    """Another unit."""
    chosen = choose_number(mutator, dice, experiment)
    if chosen is None:
        return ""
    (holder, index, _, path), number, unit = chosen
    alike = next((units for units in UNITS if unit in units), [""])
    other = dice.choice(alike if dice.random() < 0.8 else dice.choice(UNITS) + [""])
    put(holder, index, scalar(number + other))
    return f"{path}: {number}{unit} becomes {number}{other}"


def insert(mutator, dice, experiment):
    """A key that the schema has there, or, seldom, one of elsewhere."""
    node, part, path = dice.choice(mutator.list_mappings(experiment, mutator.schema.top))
    properties = mutator.schema.get_properties(part)
    kind = find(node, "kind")
    if kind is not None and "link" in properties:  # a fabric: keys of its own kind
        properties = {key: below for key, below in properties.items()
                      if not below.get("description", "").startswith("Kind") or f"Kind {kind.value}:" in below["description"]}
    if not properties or dice.random() < 0.05:
        key = dice.choice(sorted(mutator.pool))
    else:
        key = dice.choice(sorted(properties))
    value = mutator.sample(dice, key, properties.get(key, {}))
    if dice.random() < 0.9:
        node.value = [pair for pair in node.value if pair[0].value != key]
    node.value.append((scalar(key), value))
    return f"{path}.{key} put in"


def resample(mutator, dice, experiment):
    """Another value that the key may have."""
    holder, index, part, path = choose_place(mutator, dice, experiment)
    if not isinstance(holder, yaml.MappingNode):
        return ""
    put(holder, index, mutator.sample(dice, holder.value[index][0].value, part))
    return f"{path} has another value"


def reorder(mutator, dice, experiment):
    """The items of a list, or some of them."""
    lists = [get(holder, index) for holder, index, _, _ in mutator.list_places(experiment, mutator.schema.top)
             if isinstance(get(holder, index), yaml.SequenceNode)]
    if not lists:
        return ""
    chosen = dice.choice(lists)
    dice.shuffle(chosen.value)
    chosen.value = chosen.value[: dice.randint(0, len(chosen.value))] if dice.random() < 0.5 else chosen.value
    return "a list reordered"


# Those that leave most experiments valid come more often: what is refused is not run.
CHANGES = (
    [delete, duplicate, swap, retype, reorder] + 2 * [exaggerate] + 6 * [renumber] + 2 * [remeasure] + 5 * [insert] + 5 * [resample]
)  # fmt: skip
