# SPDX-License-Identifier: GPL-2.0-only
"""Means over seeds and how sure they are."""

import math
from dataclasses import dataclass

#: Student's t, two-sided 95 %, by degrees of freedom.
_T95 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228]


@dataclass(frozen=True)
class Estimate:
    """A mean, and half its 95 % confidence interval: None for one sample or an exact value."""

    mean: float
    half: float = None

    def scaled(self, factor):
        return Estimate(self.mean * factor, None if self.half is None else self.half * abs(factor))


def estimate(samples):
    """Mean of independent samples, one for each seed, with Student's interval."""
    samples = list(samples)
    mean = math.fsum(samples) / len(samples)
    if len(samples) == 1:
        return Estimate(mean)
    variance = math.fsum((sample - mean) ** 2 for sample in samples) / (len(samples) - 1)
    t = _T95[min(len(samples) - 2, len(_T95) - 1)]
    return Estimate(mean, t * math.sqrt(variance / len(samples)))


def geometric_mean(values):
    values = list(values)
    return math.exp(math.fsum(math.log(value) for value in values) / len(values))
