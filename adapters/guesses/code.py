"""What the code of a layer says about a matrix: from which side it is multiplied."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

#: The weight, one of several, in another dtype.
_OF_A_LAYER: Final = r"self\.{name}\b(?:\[[^\]]*\]|\.(?:to|type|type_as|float|cast)\([^()]*\))*"
_TURNED: Final = r"(?:\.(?:T|mT)\b|\.t\(\)|\.transpose\((?:-?\d), ?(?:-?\d)\))"
_END: Final = r"\s*(?=[),+\-\n]|$)"
#: A first argument, which may hold calls.
_ARGUMENT: Final = r"(?:[^(),]|\((?:[^()]|\([^()]*\))*\))+"
_PRODUCT: Final = (
    rf"(?:@\s*|\b(?:matmul|mm|bmm)\(\s*{_ARGUMENT},\s*"
    rf"|\b(?:addmm|baddbmm)\({_ARGUMENT},{_ARGUMENT},\s*)"
)


@lru_cache(maxsize=1024)
def source_of(function: Callable[..., Any] | None) -> str:
    """Return the text of a function, read from its file; empty where it cannot be had."""
    try:
        return "" if function is None else inspect.getsource(inspect.unwrap(function))
    except (OSError, TypeError):  # as of what is built in, or was compiled
        return ""


@lru_cache(maxsize=1024)
def read_product(source: str, name: str) -> str:
    """Tell the axes of a matrix from the products that a layer's code takes of it.

    Args:
        source: the text of the function that runs the layer.
        name: of the matrix in the layer.

    Returns:
        ``"in out"``, ``"out in"``, or ``""`` where the code says neither, or both.

    Examples:
        >>> read_product("return F.linear(x, self.weight)", "weight")
        'out in'
        >>> read_product("return x @ self.weight + self.bias", "weight")
        'in out'
    """
    if f"self.{name}" not in source:
        return ""
    weight = _OF_A_LAYER.format(name=re.escape(name))
    linear = re.search(rf"\blinear\(\s*{_ARGUMENT},\s*{weight}{_END}", source)
    turned = re.search(rf"{_PRODUCT}{weight}{_TURNED}{_END}", source)
    plain = re.search(rf"{_PRODUCT}{weight}{_END}", source)
    readings = [
        words for found, words in ((linear or turned, "out in"), (plain, "in out")) if found
    ]
    return readings[0] if len(readings) == 1 else ""
