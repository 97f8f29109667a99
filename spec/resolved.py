"""A scheme on one shape: worked out once, at the door, and handed on to the bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from fanwise.spec.axes import Layout, is_plain, layout
from fanwise.spec.laws import Law
from fanwise.spec.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a scheme comes to on one shape: all that drawing and judging need.

    Attributes:
        scheme: what is drawn.
        layout: the shape, with the role of each axis and the canonical order.
        law: the distribution of every element, in float64 numbers.
    """

    scheme: Scheme
    layout: Layout
    law: Law

    @property
    def shape(self) -> tuple[int, ...]:
        """The storage shape of the weight."""
        return self.layout.shape


def resolve(scheme: Scheme, shape: Sequence[int], axes: str | None = None) -> Resolved:
    """Work a scheme out for a shape.

    Args:
        scheme: what to draw.
        shape: the weight's shape.
        axes: the role of each axis, a pattern or its name; None for the scheme's own, or else
            ``"kernel"``.

    Raises:
        FanwiseError: for a shape that the axes or the scheme do not fit.

    Examples:
        >>> resolve(Scheme.of("he_normal", {}), (512, 256)).law.std
        0.0625
    """
    axes = scheme.pattern(axes)
    if not (is_plain(shape) and isinstance(axes, str)):
        shape = layout(shape, axes).shape
    return _resolved(scheme, shape, axes)


@lru_cache(maxsize=4096)  # a network has many weights of few shapes
def _resolved(scheme: Scheme, shape: tuple[int, ...], axes: str) -> Resolved:
    laid_out = layout(shape, axes)
    return Resolved(scheme, laid_out, scheme.law_on(laid_out))
