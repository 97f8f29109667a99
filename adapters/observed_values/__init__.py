"""What the values of a weight look like: the laws that they may be of, and in words."""

from __future__ import annotations

from fanwise.adapters.observed_values.evidence import ENOUGH
from fanwise.adapters.observed_values.formulas import is_formula
from fanwise.adapters.observed_values.holdings import observed_values
from fanwise.spec.problems import SAMPLE

__all__ = ["ENOUGH", "is_formula", "observed_values", "sample_step"]


def sample_step(size: int, most: int = SAMPLE) -> int:
    """Return which so-many-th values of a weight are looked at.

    Args:
        size: how many values the weight has.
        most: about how many are looked at.

    Examples:
        >>> sample_step(100), sample_step(1 << 20)
        (1, 33)
    """
    # An odd step, which is of no size that axes usually have: every row and column is seen.
    return max(1, size // most) | 1
