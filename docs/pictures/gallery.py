"""Every scheme of the catalogue, on a kernel of (512, 256)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy import stats
from style import FANWISE, INK, WIDTH, heat_map, panels

import fanwise
from fanwise.spec.laws import ConstantLaw, Law, NormalLaw, TruncatedNormalLaw, UniformLaw

sys.path.append(str(Path(__file__).resolve().parent.parent))

from scheme_tables import OF_CONVOLUTIONS, call_of, shape_of

Floats = NDArray[np.float64]

#: Axes on which widths can be compared: of all that have a fan, of the small scales, and others.
_REACHES: Final = {"uniform": 0.12, "normal": 0.08, "truncated_normal": 0.08}
_REACH: Final = 0.25
#: What heat maps show: few cells, so that each is seen; batches of one place after the other.
_MATRIX: Final = (12, 32)
_FIELD: Final = (3, 3, 6, 8)


def figures() -> Iterator[tuple[str, Figure]]:
    """Draw a picture for each scheme: its density, or a small weight of it."""
    for name in fanwise.schemes():
        chosen = fanwise.scheme(name, **call_of(name).params)
        law = chosen.law(shape_of(name))
        if chosen.entry.structured:
            yield name, _weight(chosen, name)
            continue
        figure, (axes,) = panels(height=1.2)
        _density(axes, law, _REACHES.get(name, _REACH))
        yield name, figure


def _density(axes: Axes, law: Law, reach: float) -> None:
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    match law:
        case ConstantLaw(value=value):
            axes.plot([value, value], [0, 1], color=FANWISE, linewidth=3)
            axes.set(xlim=(-0.25, 1.25), ylim=(0, 1.05))
            return
        case UniformLaw(low=low, high=high):
            xs, ys = np.array([low, low, high, high]), np.array([0, 1, 1, 0]) / (high - low)
        case NormalLaw() | TruncatedNormalLaw():
            xs, ys = _bell(law, reach)
    axes.fill_between(xs, ys, color=FANWISE, alpha=0.25, linewidth=0)
    axes.plot(xs, ys, color=FANWISE)
    bottom = -0.06 * max(ys)
    ends = [law.mean - law.std, law.mean + law.std]
    axes.plot(ends, [bottom, bottom], color=INK, linewidth=2.5, solid_capstyle="butt")
    axes.set(xlim=(-reach, reach), ylim=(2 * bottom, 1.05 * max(ys)))


def _bell(law: NormalLaw | TruncatedNormalLaw, reach: float) -> tuple[Floats, Floats]:
    end = reach
    if isinstance(law, TruncatedNormalLaw):
        end = law.sigma * law.high
    inside = np.linspace(-end, end, 81)
    density = stats.norm.pdf(inside, 0, law.sigma)
    if isinstance(law, TruncatedNormalLaw):
        density /= 1 - 2 * stats.norm.sf(law.high)
    return np.array([-end, *inside, end]), np.array([0, *density, 0])


def _weight(chosen: fanwise.Scheme, name: str) -> Figure:
    """A weight as a heat map: rows are inputs, columns outputs; of a field each place."""
    if name not in OF_CONVOLUTIONS:
        figure, (axes,) = panels(height=2.1)
        heat_map(axes, fanwise.sample(chosen, _MATRIX, seed=0))
        return figure
    figure = Figure(figsize=(WIDTH, 3.6))
    weight = fanwise.sample(chosen, _FIELD, seed=0)
    for axes, matrix in zip(
        figure.subplots(3, 3).flat, weight.reshape(-1, *_FIELD[2:]), strict=True
    ):
        heat_map(axes, matrix, largest=float(abs(weight).max()))
    return figure
