"""The frameworks' own initializers over each other, and over what the scheme of the name says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fanwise.adapters.engines import Engine
from fanwise.conformance.checks.densities import PLOTTED, SHAPE
from fanwise.conformance.report.frames import Frame
from fanwise.conformance.report.law_lines import density_line
from fanwise.conformance.results.densities import Density
from fanwise.conformance.results.rows import Origin
from fanwise.conformance.results.runs import Run
from fanwise.conformance.statistics.distributions import Distribution, distribution_of
from fanwise.spec.errors import FanwiseError

#: What initializers of either name are called together.
_TITLES: Final = {"he_normal": "He (Kaiming) normal", "glorot_uniform": "Glorot (Xavier) uniform"}
_FAMILIES: Final = {name: first for first, second in PLOTTED.items() for name in (first, second)}
#: Of a plot, in pixels; and how far above its highest point it goes.
_WIDTH, _HEIGHT, _ABOVE = 440, 190, 1.08
#: Of a plot, in standard deviations of its widest draw.
_SEEN: Final = 3.6
#: The share of elements of a cell that is almost empty; where a normal's are, in its deviations.
_FEW, _THIN = 2e-4, 3.0
#: Of a plot, in the highest density of its schemes.
_HIGHEST: Final = 3.0
_OWN: Final = f"each framework's own initializer, on a weight of shape {SHAPE} as it is stored"
_NATIVE: Final = (
    f"the scheme by Fanwise, on a layer of {SHAPE[0]} inputs and {SHAPE[1]} outputs, "
    "with each framework's own sampler"
)
#: So many cells are drawn as one where there are many pictures.
_GATHERED: Final = 2
_Numbered = tuple[int, str, Density]


@dataclass(frozen=True, kw_only=True)
class OverlaidDraw:
    """One draw in a picture.

    Attributes:
        adapter: the framework.
        number: of the framework in the report, which gives it a colour.
        density: the draw.
        ratio: its standard deviation over that of the scheme on this layer.
        path: the outline of its density.
        marks: where one standard deviation lies on each side, in pixels.
        cut: where it is cut, in its standard deviations; 0 if it goes on.
        leaks: whether a few elements lie beyond the cut.
        cuts: where that is, in pixels.
    """

    adapter: str
    number: int
    density: Density
    ratio: float
    path: str
    marks: tuple[float, ...]
    cut: float
    leaks: bool
    cuts: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """Draws over each other.

    Attributes:
        title: the family of schemes, or the one scheme.
        where: what was drawn, and by what, in words.
        by_shape: whether it is one shape as stored, which frameworks read as different layers.
        frame: the axes.
        laws: the line of each scheme's density, by its name.
        draws: in the order of the frameworks.
    """

    title: str
    where: str
    by_shape: bool
    frame: Frame
    laws: tuple[tuple[str, str], ...]
    draws: tuple[OverlaidDraw, ...]


def shape_pictures(runs: Sequence[Run]) -> tuple[Picture, ...]:
    """Return pictures in pairs: a name on one shape as stored, and its scheme on one layer."""
    own = _densities(runs, Origin.OWN, lambda density: density.stored == SHAPE)
    native = _densities(runs, Engine.NATIVE, lambda density: density.kernel == SHAPE)
    schemes, pictures = _families(native), []
    for family, drawn in _families(own).items():
        beside = schemes.get(family, [])
        # On one scale, they can be compared.
        frame = _frame([*drawn, *beside])
        pictures.append(_picture(family, _OWN, drawn, frame, by_shape=True))
        if beside:
            pictures.append(_picture(family, _NATIVE, beside, frame))
    return tuple(pictures)


def layer_pictures(runs: Sequence[Run]) -> tuple[Picture, ...]:
    """Return the frameworks' own initializers on each kind of layer, as the claims judge them."""
    judged = _densities(runs, Origin.OWN, lambda density: sorted(density.kernel) != sorted(SHAPE))
    kinds = dict.fromkeys(density.kind for _, _, density in judged)
    return tuple(
        _picture(family, kind.replace("_", " "), drawn, _frame(drawn))
        for kind in kinds
        for family, drawn in _families([d for d in judged if d[2].kind == kind]).items()
    )


def _densities(
    runs: Iterable[Run], engine: Engine | Origin, chosen: Callable[[Density], bool]
) -> list[_Numbered]:
    return [
        (number, run.adapter, density)
        for number, run in enumerate(runs)
        for density in run.densities
        if density.engine == engine and chosen(density)
    ]


def _families(densities: Iterable[_Numbered]) -> dict[str, list[_Numbered]]:
    families: dict[str, list[_Numbered]] = {}
    for drawn in densities:
        name = drawn[2].declared.name
        families.setdefault(_FAMILIES.get(name, drawn[2].scheme), []).append(drawn)
    return families


def _frame(densities: Sequence[_Numbered]) -> Frame:
    laws = [_law(density) for _, _, density in densities]
    reach = _SEEN * max(*(law.std for law in laws), *(drawn[2].std for drawn in densities))
    highest = max(max(_steps(density, 1)[1]) for _, _, density in densities)
    highest_law = max(float(law.frozen.pdf(law.mean)) for law in laws)
    return Frame(
        width=_WIDTH,
        height=_HEIGHT,
        low=-reach,
        high=reach,
        # A draw that is much too narrow would leave nothing to be seen of the others.
        top=_ABOVE * min(highest, _HIGHEST * highest_law),
        across="value of an element",
        up="density",
    )


def _picture(
    family: str,
    where: str,
    densities: Sequence[_Numbered],
    frame: Frame,
    *,
    by_shape: bool = False,
) -> Picture:
    laws = {density.declared.name: _law(density) for _, _, density in densities}
    return Picture(
        title=_TITLES.get(family, family),
        where=where,
        by_shape=by_shape,
        frame=frame,
        laws=tuple((name, frame.line(density_line(law))) for name, law in laws.items()),
        draws=tuple(_draw(frame, *drawn) for drawn in densities),
    )


def _law(density: Density) -> Distribution:
    law = distribution_of(density.declared.law(density.kernel))
    if law is None:
        hint = "Run the conformance again: its results have been changed."
        raise FanwiseError("a density of a scheme that has one", density.scheme, hint)
    return law


def _steps(density: Density, gathered: int) -> tuple[list[float], list[float]]:
    """Return edges and heights of a density, without the empty cells at its ends."""
    counts = np.array(density.counts, np.float64)
    if len(counts) % gathered == 0:
        counts = counts.reshape(-1, gathered).sum(axis=1)
    edges = np.linspace(density.low, density.high, len(counts) + 1)
    first, *_, last = np.flatnonzero(counts).repeat(2)
    heights = counts / density.n / (edges[1] - edges[0])
    return list(edges[first : last + 2]), list(heights[first : last + 1])


def _draw(frame: Frame, number: int, adapter: str, density: Density) -> OverlaidDraw:
    cut, leaks = _cut(density)
    return OverlaidDraw(
        adapter=adapter,
        number=number,
        density=density,
        ratio=density.std / _law(density).std,
        path=frame.steps(*_steps(density, 1 if density.stored == SHAPE else _GATHERED)),
        marks=(frame.x(-density.std), frame.x(density.std)),
        cut=cut,
        leaks=leaks,
        cuts=(frame.x(-cut * density.std), frame.x(cut * density.std)) if cut else (),
    )


def _cut(density: Density) -> tuple[float, bool]:
    """Return where a draw ends, in standard deviations, and whether a few elements lie beyond.

    It ends at the last cell that is not almost empty, unless that is as far out as where a normal
    grows so thin by itself.
    """
    edges, heights = _steps(density, 1)
    width = edges[1] - edges[0]
    filled = [edge for edge, height in zip(edges, heights, strict=False) if height * width > _FEW]
    end = max(-filled[0], filled[-1] + width)
    furthest = max(-density.least, density.most)
    if end > _THIN * density.std:
        return 0.0, False
    leaks = furthest > end + width
    return (end if leaks else furthest) / density.std, leaks
