# SPDX-License-Identifier: GPL-2.0-only
"""Makes one-line faults of C++ sources, all in one text, each to be switched on by its number.

A mutant is an expression or a statement that asks `mtlinkMutant(N)`, see switch.h, which of two ways it
goes: so one build holds all of them. Text is enough, as the sources have one format: a statement stands
on lines of its own, a condition in the parentheses of an `if` or `while`.
"""

import re
from dataclasses import dataclass
from pathlib import Path

SWITCH = Path(__file__).resolve().with_name("switch.h")


@dataclass
class Mutant:
    """A fault."""

    number: int
    path: str
    line: int
    kind: str
    before: str
    after: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.kind}: {self.before}  ->  {self.after}"


RELATIONS = {" < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > ", " == ": " != ", " != ": " == "}
LOGIC = {" && ": " || ", " || ": " && "}
DECLARES = re.compile(r"^(const |constexpr |static |auto |using |struct |class |template|[\w:<>*&, ]+ [*&]?\w+ ?(=|\{|\())")
STATEMENT = re.compile(r"^(\s+)((?:\+\+|--)?[A-Za-z_][\w.\->\[\]:]*(?:\(.*\)|(?:\[.*\])? [-+*/|&^]?= .*|\+\+|--)?);$")
KEYWORDS = ("return", "break", "continue", "throw", "delete", "goto", "case", "default", "else", "public",
            "using", "typedef", "co_return", "NS_", "friend", "static_assert", "namespace")


def find_end(text, begin):
    """The index behind the parenthesis that closes the one at `begin`; -1: it is not closed here."""
    depth = 0
    for index in range(begin, len(text)):
        depth += {"(": 1, ")": -1}.get(text[index], 0)
        if depth == 0:
            return index + 1
    return -1


def replace_operators(condition):
    """All conditions that differ in one operator outside template brackets and texts."""
    if '"' in condition or "'" in condition or "<" in condition.replace(" < ", "").replace(" <= ", "").replace("<<", ""):
        return
    for table, kind in ((RELATIONS, "relation"), (LOGIC, "logic")):
        for old, new in table.items():
            for match in re.finditer(re.escape(old), condition):
                yield kind, condition[: match.start()] + new + condition[match.end():]


class Mutator:
    """Numbers the mutants of all sources, and puts in those that are chosen."""

    def __init__(self, chosen):
        self.mutants = []
        self.chosen = chosen  #: Numbers

    def add(self, path, line, kind, before, after):
        """A new mutant. Returns what asks for it; nothing: it is not chosen."""
        self.mutants.append(Mutant(len(self.mutants) + 1, path, line, kind, before.strip(), after.strip()))
        return f"mtlinkMutant({len(self.mutants)})" if len(self.mutants) in self.chosen else None

    def mutate_condition(self, path, line, condition):
        """A condition with its mutants."""
        text = condition
        for kind, changed in replace_operators(condition):
            if ask := self.add(path, line, kind, condition, changed):
                text = f"({ask} ? bool({changed}) : bool({text}))"
        if ask := self.add(path, line, "negation", condition, f"!({condition})"):
            text = f"({ask} != bool({text}))"
        return text

    def mutate_line(self, path, number, line):
        """A line with its mutants."""
        if line.lstrip().startswith(("//", "*", "/*", "#")):
            return line
        match = re.match(r"^(\s*(?:else )?(?:if|while) )\(", line)
        if match:
            end = find_end(line, match.end() - 1)
            condition = line[match.end():end - 1]
            if end > 0 and not re.search(r";|\b(auto|const)\b| = ", condition):
                return f"{match[1]}({self.mutate_condition(path, number, condition)}){line[end:]}"
            return line
        match = re.match(r"^(\s*return )([^;{}\"']* (?:[<>]=?|[=!]=|&&|\|\|) [^;{}\"']*);(.*)$", line)
        if match and match[2].count("(") == match[2].count(")") and " ? " not in match[2]:
            return f"{match[1]}{self.mutate_condition(path, number, match[2])};{match[3]}"
        match = STATEMENT.match(line)
        is_member = match and path.endswith(".h") and len(match[1]) < 8  # of a class: a declaration
        if match and not is_member and not match[2].startswith(KEYWORDS) and not DECLARES.match(match[2]):
            ask = self.add(path, number, "statement", match[2] + ";", "(dropped)")
            return f"{match[1]}if (!{ask}) {{ {match[2]}; }}" if ask else line
        match = re.match(r"^(.*[\w)\]] [-+] )1([;,) ].*)$", line)
        if match and '"' not in line and "template" not in line and "<" not in match[1]:
            ask = self.add(path, number, "off by one", line, f"{match[1]}0{match[2]}")
            return f"{match[1]}({ask} ? 0 : 1){match[2]}" if ask else line
        return line

    def mutate(self, path, text):
        """A source with its mutants, line by line; lines before which a statement is open stay."""
        lines = []
        is_open = False
        for number, line in enumerate(text.split("\n"), 1):
            lines.append(line if is_open else self.mutate_line(path, number, line))
            code = line.split("//")[0].rstrip()
            is_open = bool(code) and not code.endswith((";", "{", "}", ":", ">", "*/")) and not code.lstrip().startswith("#")
            # An `if` or `else` without braces can't be: the format has them always.
            is_open = is_open and not re.match(r"^\s*(?:\}?\s*else|(?:else )?(?:if|while|for|switch) .*\)|do|namespace \w+|try|.*\))$", code)
        changed = "\n".join(lines)
        # Lines keep their numbers, in the compiler's words too.
        return changed if changed == text else f'#include "{SWITCH}"\n#line 1 "{path}"\n{changed}'
