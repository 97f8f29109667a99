"""A generator's options on a shape, as a law gives them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fanwise.spec.axes import Layout, layout


@dataclass
class OnShape:
    """What a generator reads of a law."""

    layout: Layout
    options: dict[str, Any] = field(default_factory=dict)

    def option(self, key: str) -> Any:
        return self.options[key]


def on_shape(shape: tuple[int, ...], axes: str = "kernel", **options: Any) -> OnShape:
    return OnShape(layout(shape, axes), options)
