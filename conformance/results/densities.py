"""Where the elements of a draw lie: enough to plot one initializer over another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.engines import Engine
from fanwise.conformance.results.rows import Origin
from fanwise.spec.scheme import Scheme

#: How many cells a density has, and how many standard deviations they go from zero.
CELLS: Final = 96
_REACH: Final = 4.0


@dataclass(frozen=True, kw_only=True)
class Density:
    """How many elements of one draw lie in each of some cells of equal width.

    Attributes:
        engine: what drew it: an engine, or the framework's own initializer.
        scheme: the scheme as text, as in rows.
        source: the scheme as a plain dict, from which it can be made again.
        call: what users of the framework call; the scheme's name if the adapter does not say.
        kind: of the layer that was set.
        kernel: its canonical shape.
        stored: its shape as the framework stores it.
        groups: of the layer.
        low, high: where the cells begin and end.
        counts: of the elements in each cell; others lie outside.
        n: of all elements.
        std: their standard deviation.
        least, most: the first and the last of them.
    """

    engine: Engine | Origin
    scheme: str
    source: Mapping[str, Any]
    call: str
    kind: str
    kernel: tuple[int, ...]
    stored: tuple[int, ...]
    groups: int = 1
    low: float
    high: float
    counts: tuple[int, ...]
    n: int
    std: float
    least: float
    most: float

    @property
    def declared(self) -> Scheme:
        """The scheme, with the groups of the layer where they count."""
        judged = Scheme.from_dict(self.source)
        return judged.replace(groups=self.groups) if judged.entry.uses_fan else judged


def densities_of(
    stored: NDArray[Any],
    judged: Scheme,
    *,
    engine: Engine | Origin,
    call: str,
    kind: str,
    kernel: tuple[int, ...],
    groups: int = 1,
) -> tuple[Density, ...]:
    """Count the elements of a draw, in cells that go as far to both sides of zero.

    Returns:
        One density; none of a draw that has no spread, or elements that are not finite.
    """
    values = np.ravel(stored).astype(np.float64)
    if not np.isfinite(values).all() or np.ptp(values) == 0:
        return ()
    std = float(values.std())
    reach = _REACH * std
    counts, _ = np.histogram(values, CELLS, (-reach, reach))
    return (
        Density(
            engine=engine,
            scheme=str(judged),
            source=judged.to_dict(),
            call=call,
            kind=kind,
            kernel=kernel,
            stored=stored.shape,
            groups=groups,
            low=-reach,
            high=reach,
            counts=tuple(int(count) for count in counts),
            n=values.size,
            std=std,
            least=float(values.min()),
            most=float(values.max()),
        ),
    )
