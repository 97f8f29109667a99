"""Laws of what initializing code draws, and what arithmetic makes of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from torch import Tensor

from fanwise.adapters.torch.layers.operations import is_writing, operation_name
from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme

#: A cut so many standard deviations away cuts nothing: of 2⁶⁰ values, none lies there.
_FAR: Final = 9.0


@dataclass(frozen=True)
class DrawnLaw:
    """A law with numbers of its own: normal, maybe cut, or uniform; or an orthogonal matrix.

    Attributes:
        kind: the name of the scheme.
        mean, std: of the normal before it is cut; of an orthogonal matrix, std is its gain.
        low, high: the ends.
    """

    kind: str
    mean: float = 0.0
    std: float = 1.0
    low: float = -math.inf
    high: float = math.inf

    @classmethod
    def cut(cls, mean: float, std: float, low: float, high: float) -> DrawnLaw:
        """Return a normal law that is cut at two ends, if it is cut at all."""
        if low <= mean - _FAR * std and high >= mean + _FAR * std:
            return cls("normal", mean, std)
        return cls("truncated_normal", mean, std, low, high)

    def scaled(self, factor: float, offset: float = 0.0) -> DrawnLaw | None:
        """Return the law of ``factor * x + offset``; None where that is no such law."""
        if self.kind == "orthogonal":
            return None if offset or factor <= 0 else replace(self, std=self.std * factor)
        if factor == 0 or not (math.isfinite(factor) and math.isfinite(offset)):
            return None
        ends = sorted((factor * self.low + offset, factor * self.high + offset))
        mean = factor * self.mean + offset
        return DrawnLaw(self.kind, mean, abs(factor) * self.std, *ends)

    def scheme(self) -> Scheme:
        """Return the scheme that draws it."""
        if self.kind == "orthogonal":
            return scheme("orthogonal", gain=self.std)
        if self.kind == "uniform":
            return scheme("uniform", low=self.low, high=self.high)
        if self.std == 0:
            return scheme("constant", value=self.mean)
        if self.kind == "normal":
            return scheme("normal", std=self.std, **_unless_zero(mean=self.mean))
        return scheme(
            "truncated_normal",
            std=self.std,
            low=(self.low - self.mean) / self.std,
            high=(self.high - self.mean) / self.std,
            corrected=False,
            **_unless_zero(mean=self.mean),
        )


def _unless_zero(**numbers: float) -> dict[str, float]:
    return {name: number for name, number in numbers.items() if number}


class DrawnValues:
    """What one call has drawn; another one of the same law is something else.

    Attributes:
        law: of its elements.
        shape: of what was drawn.
    """

    def __init__(self, law: DrawnLaw, shape: tuple[int, ...]) -> None:
        self.law, self.shape = law, shape


@dataclass(frozen=True)
class Computed:
    """What arithmetic has made, element by element, of one thing drawn.

    Attributes:
        drawn: what it was made of.
        function: of torch's, and its arguments, among which are other such contents.
    """

    drawn: DrawnValues
    function: Any
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]

    def value(self, drawn: Tensor) -> Tensor:
        """Compute it from other values in the place of those that were drawn."""
        known: dict[int, Tensor] = {id(self.drawn): drawn}

        def replay(item: Any) -> Any:
            if isinstance(item, Computed) and id(item) not in known:
                arguments = [replay(argument) for argument in item.arguments]
                if is_writing(item.function):
                    arguments[0] = arguments[0].clone()
                known[id(item)] = item.function(*arguments, **item.keywords)
            return known[id(item)] if isinstance(item, Computed | DrawnValues) else item

        made: Tensor = replay(self)
        return made


@dataclass(frozen=True)
class Same:
    """One value throughout, where there is no memory that could hold it."""

    value: float


@dataclass(frozen=True)
class Copied:
    """The values of another tensor, where there is no memory that could hold them."""

    tensor: Tensor


@dataclass(frozen=True)
class Unreadable:
    """What has no such law.

    Attributes:
        why: in words.
    """

    why: str


#: What code has written into a tensor; None for what follows from no chance, and is in its memory.
Content = DrawnValues | Computed | Same | Copied | Unreadable | None


def computed_content(function: Any, arguments: list[Any], keywords: Mapping[str, Any]) -> Content:
    """Tell what an elementwise function makes of contents.

    Args:
        function: of torch's dispatcher.
        arguments: with a content in the place of every tensor that has one.
        keywords: of the call, numbers alone.
    """
    held = [
        item for item in arguments if isinstance(item, DrawnValues | Computed | Unreadable | Same)
    ]
    sources = {id(item.drawn if isinstance(item, Computed) else item) for item in held}
    if len(sources) != 1 or any(isinstance(item, Unreadable | Same) for item in held):
        return Unreadable("what is computed from several draws")
    drawn = held[0].drawn if isinstance(held[0], Computed) else held[0]
    assert isinstance(drawn, DrawnValues)
    if len(held) == 1 and held[0] is drawn:
        factors = _affine(function, arguments, keywords)
        law = None if factors is None else drawn.law.scaled(*factors)
        if law is not None:
            return DrawnValues(law, drawn.shape)
    return Computed(drawn, function, tuple(arguments), dict(keywords))


def _affine(
    function: Any, arguments: list[Any], keywords: Mapping[str, Any]
) -> tuple[float, float] | None:
    """Return the factor and the offset that a function applies; None for any other function."""
    name = operation_name(function).removesuffix("_")
    if name == "aten::neg":
        return -1.0, 0.0
    if len(arguments) < 2 or keywords.get("rounding_mode"):
        return None
    first, second = arguments[:2]
    is_first = isinstance(first, DrawnValues)
    number = second if is_first else first
    if isinstance(number, Tensor):
        number = number.item() if number.numel() == 1 and not number.is_meta else None
    if not isinstance(number, int | float):
        return None
    alpha = float(arguments[2] if len(arguments) > 2 else keywords.get("alpha", 1))
    if name == "aten::mul":
        return float(number), 0.0
    if name == "aten::div" and is_first and number:
        return 1 / float(number), 0.0
    if name == "aten::add":
        return (1.0, alpha * number) if is_first else (alpha, float(number))
    if name == "aten::sub":
        return (1.0, -alpha * number) if is_first else (-alpha, float(number))
    if name == "aten::rsub" and is_first:
        return -alpha, float(number)
    return None
