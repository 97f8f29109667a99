"""JAX's way of naming axes, by their numbers, as an axes pattern."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from fanwise.spec.axes import BATCH, IN, OUT, RECEPTIVE, checked_shape
from fanwise.spec.errors import FanwiseError

AxisNumbers = int | Sequence[int]

_WORDS: Final = {
    frozenset(): RECEPTIVE,
    frozenset({IN}): IN,
    frozenset({OUT}): OUT,
    frozenset({BATCH}): BATCH,
    # JAX lets an axis be both (Flax's embeddings are): it then counts in neither fan.
    frozenset({IN, OUT}): BATCH,
}


@dataclass(frozen=True, slots=True)
class AxisRoles:
    """The axes of a weight by number; those not named are the receptive field."""

    in_axis: tuple[int, ...]
    out_axis: tuple[int, ...]
    batch_axis: tuple[int, ...]

    @classmethod
    def of(cls, in_axis: AxisNumbers, out_axis: AxisNumbers, batch_axis: AxisNumbers) -> AxisRoles:
        """Check the numbers, each an integer or a sequence of integers."""
        return cls(
            _numbers("in_axis", in_axis),
            _numbers("out_axis", out_axis),
            _numbers("batch_axis", batch_axis),
        )

    def pattern(self, shape: Any) -> str:
        """Return the axes pattern for a shape, one word for each axis.

        Raises:
            FanwiseError: where the shape lacks an axis, or one is named twice.
        """
        sizes = checked_shape(shape)
        if self == DEFAULT_ROLES:
            if len(sizes) < 2:
                raise FanwiseError(
                    "a weight of at least two axes",
                    sizes,
                    "For a bias pass an initializer with a scale of its own, e.g. normal(0.02).",
                    context="Can't compute input and output sizes of a "
                    f"{len(sizes)}-dimensional weights tensor with default in_axis. "
                    "Must be at least 2D or specify in_axis explicitly",
                )
            return "kernel"
        roles: list[set[str]] = [set() for _ in sizes]
        for role, numbers in ((IN, self.in_axis), (OUT, self.out_axis), (BATCH, self.batch_axis)):
            for number in numbers:
                if not -len(sizes) <= number < len(sizes):
                    hint = "Name axes that the shape has; negative numbers count from the end."
                    raise FanwiseError(f"a shape with an axis {number}", sizes, hint)
                if role in roles[number]:
                    hint = "Name every axis once."
                    raise FanwiseError(f"axis {number} named once as {role}", numbers, hint)
                roles[number].add(role)
        return " ".join(self._word(frozenset(named)) for named in roles)

    def _word(self, named: frozenset[str]) -> str:
        if named not in _WORDS:
            hint = "Name a batch axis in batch_axis alone."
            raise FanwiseError("a batch axis that is neither in nor out", self, hint)
        return _WORDS[named]


def _numbers(name: str, given: AxisNumbers) -> tuple[int, ...]:
    values = given if isinstance(given, Sequence) and not isinstance(given, str) else (given,)
    if any(isinstance(n, bool) or not hasattr(n, "__index__") for n in values):
        hint = f"Pass e.g. {name}=-2 or {name}=(0, 1)."
        raise FanwiseError(f"an integer or a sequence of integers for {name}", given, hint)
    return tuple(n.__index__() for n in values)


#: The kernels of JAX, Flax and Keras.
DEFAULT_ROLES: Final = AxisRoles((-2,), (-1,), ())


def column_pattern(column_axis: int, shape: Any) -> str:
    """Return the pattern of an orthogonal weight: the columns are ``out``, the rest are rows."""
    sizes = checked_shape(shape)
    (number,) = _numbers("column_axis", (column_axis,))
    if len(sizes) < 2 or not -len(sizes) <= number < len(sizes):
        raise FanwiseError(
            f"a shape of two or more axes with an axis {number}",
            sizes,
            "Pass the shape of a kernel, and column_axis= of one of its axes.",
            context="orthogonal initializer requires at least a 2D shape",
        )
    words = [RECEPTIVE] * (len(sizes) - 1)
    words[-1] = IN
    words.insert(number % len(sizes), OUT)
    return " ".join(words)
