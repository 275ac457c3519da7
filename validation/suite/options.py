# SPDX-License-Identifier: GPL-2.0-only
"""How thorough a run of the suite is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """`quick`: a tenth of the time, so poorer statistics; a look, not a verdict."""

    quick: bool = False

    def window(self, slots):
        """A measured window, in slots."""
        return max(slots // 10, 1000) if self.quick else slots

    def seeds(self, count):
        """Seeds of independent runs."""
        return range(1, (2 if self.quick else count) + 1)
