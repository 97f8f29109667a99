"""Fans: how many inputs and outputs a weight connects."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from fanwise.spec.axes import RECEPTIVE, Layout, is_plain
from fanwise.spec.axes import layout as laid_out
from fanwise.spec.errors import FanwiseError


class Fans(NamedTuple):
    """The fans of a weight: connections into one output, and out of one input.

    Attributes:
        fan_in: the number of inputs that one output is a sum over.
        fan_out: the number of outputs that one input goes into.

    Examples:
        >>> fans((3, 3, 16, 32)).fan_in
        144
    """

    fan_in: int
    fan_out: int


#: The modes of a fan rule, each with its formula.
MODES: Final[dict[str, Callable[[Fans], float]]] = {
    "fan_in": lambda fans: float(fans.fan_in),
    "fan_out": lambda fans: float(fans.fan_out),
    "fan_avg": lambda fans: (fans.fan_in + fans.fan_out) / 2,
    "fan_geo_avg": lambda fans: math.sqrt(fans.fan_in * fans.fan_out),
}


def fans(shape: Sequence[int], axes: str = "kernel", groups: int = 1) -> Fans:
    """Count the fans of a weight.

    ``fan_in`` is the product of the ``in`` axes and of the receptive field,
    ``fan_out`` that of the ``out`` axes and of the receptive field; batch axes
    count in neither. With groups, the axis that holds all of them is divided by
    their number: ``out``, or ``in`` for ``"torch_transposed"``.

    Args:
        shape: the weight's shape.
        axes: the role of each axis, a pattern or its name.
        groups: the number of groups of a grouped or depthwise convolution.

    Returns:
        A named tuple ``(fan_in, fan_out)``.

    Raises:
        FanwiseError: for a shape of fewer than two axes, or where groups do not divide.

    Examples:
        >>> fans((512, 256))
        Fans(fan_in=512, fan_out=256)
        >>> fans((512, 256), "torch")
        Fans(fan_in=256, fan_out=512)
        >>> fans((64, 1, 3, 3), "torch", groups=64)  # depthwise
        Fans(fan_in=9, fan_out=9)

    References:
        Glorot & Bengio 2010, equation 16; He et al. 2015, section 2.2.
    """
    # By type, since 2.0 and True would be found where 2 and 1 are kept.
    if is_plain(shape) and type(groups) is int and isinstance(axes, str):
        return _fans_of(shape, axes, groups)
    return counted_fans(laid_out(shape, axes), groups)


@lru_cache(maxsize=4096)  # a network has many weights of few shapes
def _fans_of(shape: tuple[int, ...], axes: str, groups: int) -> Fans:
    return counted_fans(laid_out(shape, axes), groups)


def counted_fans(layout: Layout, groups: int) -> Fans:
    """Count the fans of a weight that is laid out.

    Raises:
        FanwiseError: for a shape of fewer than two axes, or where groups do not divide.
    """
    # By type, since 2.0 and True would be found where 2 and 1 are kept.
    return _looked_up(layout, groups) if type(groups) is int else _counted(layout, groups)


@lru_cache(maxsize=4096)  # a network has many weights of few shapes
def _looked_up(layout: Layout, groups: int) -> Fans:
    return _counted(layout, groups)


def _counted(layout: Layout, groups: int) -> Fans:
    if len(layout.shape) < 2:
        hint = (
            "Pass fan=, or fan_in= and fan_out= where the scheme takes those (for a bias, the fans "
            "of its weight), or a scheme with an absolute scale."
        )
        # In torch's own words, which people search for.
        context = "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions"
        expected = "a shape of at least two axes, to count its fans"
        raise FanwiseError(expected, layout.shape, hint, context=context)
    inputs, outputs = layout.group_extents(groups)
    field = layout.extent(RECEPTIVE)
    return Fans(inputs * field, outputs * field)
