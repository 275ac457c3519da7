# SPDX-License-Identifier: GPL-2.0-only
"""The cases, a file for each family."""

from . import (
    closed_forms,
    cost,
    dragonfly,
    dragonfly_adaptive,
    fat_tree,
    fifo,
    flow,
    hardware,
    in_network,
    islip,
    regressions,
    retry,
    stability,
    training,
    training_others,
)

#: In the order of the table.
FAMILIES = [
    closed_forms,
    fifo,
    islip,
    dragonfly,
    dragonfly_adaptive,
    fat_tree,
    in_network,
    retry,
    regressions,
    hardware,
    training,
    training_others,
    flow,
    cost,
    stability,
]


def all_cases(options):
    cases = [case for family in FAMILIES for case in family.cases(options)]
    names = [case.name for case in cases]
    assert len(set(names)) == len(names), "two cases of one name"
    return cases
