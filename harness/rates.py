"""How often something may happen, given how often it did. Pure."""

from __future__ import annotations

import math

CONFIDENCE = 0.95


def upper_bound(happened: int, tries: int) -> float:
    """The exact binomial upper bound (one-sided, 95 %) of a rate that showed `happened` times in `tries`; 1 untried.

    The largest rate under which so few would still be seen once in twenty times (Clopper and Pearson, 1934). Without
    any it is 1 - 0.05^(1/N), about 3/N. Raises ValueError when more happened than was tried.
    """
    if not 0 <= happened <= tries:
        raise ValueError(f"happened {happened} times in {tries} tries")
    if happened == tries:
        return 1.0
    low, high = happened / tries, 1.0
    while high - low > 1e-9:
        rate = (low + high) / 2
        low, high = (rate, high) if _at_most(happened, tries, rate) > 1 - CONFIDENCE else (low, rate)
    return high


def _at_most(happened: int, tries: int, rate: float) -> float:
    """The chance of so many or fewer."""
    return math.fsum(math.comb(tries, n) * rate**n * (1 - rate) ** (tries - n) for n in range(happened + 1))
