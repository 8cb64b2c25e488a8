"""Medians and quantiles."""

import math
import statistics
from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def quantile(values: Sequence[float], share: float) -> float:
    """The least value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    return quantile(values, 0.25), median(values), quantile(values, 0.75)
