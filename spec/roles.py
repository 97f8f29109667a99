"""The roles of weights: what a weight is to its layer, and what that says about it."""

from __future__ import annotations

from typing import Final

from fanwise.spec.axes import IN, OUT
from fanwise.spec.fans import Fans

#: What a weight is to its layer; a canonical path ends in one of these, where it has a role.
ROLES: Final = (
    "kernel",
    "recurrent_kernel",
    "embedding",
    "bias",
    "forget_bias",
    "recurrent_bias",
    "scale",
    "offset",
    "mean",
    "variance",
)
#: What has fans of its own, so at least two axes.
FAN_ROLES: Final = ("kernel", "recurrent_kernel", "embedding")
#: What the batches of a weight may count as.
BATCHES: Final = (IN, OUT)
#: What starts so unless a rule says otherwise: running statistics, and the second of two biases.
IMPLICIT: Final = {"mean": "zeros", "variance": "ones", "recurrent_bias": "zeros"}
#: A role that stands for another where no rule names it.
STANDS_FOR: Final = {"forget_bias": "bias"}
#: The kind of a parameter that belongs to no known layer.
PARAMETER: Final = "parameter"
#: The kind of what an adapter adds to a model, whatever layers it is made of.
ADAPTER: Final = "adapter"


def role_of(path: str, dimensions: int) -> str:
    """Return the role that the last segment of a path says; ``""`` for none.

    Args:
        path: the path.
        dimensions: the number of axes; what has fans has at least two.

    Examples:
        >>> role_of("norm/scale", 1), role_of("norm/kernel", 1), role_of("norm/weight", 2)
        ('scale', '', '')
    """
    last = path.rpartition("/")[2]
    flat = last in FAN_ROLES and dimensions < 2
    return last if last in ROLES and not flat else ""


def names_of(fans: Fans, groups: int = 1, first_in: int | None = None) -> dict[str, float]:
    """Name a weight's own numbers as expressions do.

    Args:
        fans: of the weight, or for a bias those of the kernel beside it.
        groups: of a grouped convolution.
        first_in: of a bilinear layer the first of its two numbers of inputs, else the fan_in.
    """
    first = fans.fan_in if first_in is None else first_in
    return {**fans._asdict(), "groups": groups, "first_in": first}
