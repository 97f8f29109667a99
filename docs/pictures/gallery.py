"""Every scheme of the catalogue: a drawn weight, and its density or its singular values."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import StepPatch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from style import FAINT, FANWISE, INK, WIDTH, strips

from fanwise import scheme
from fanwise.commands.code_lines import path_of
from fanwise.commands.weight_views import density_of, has_spectrum, matrices_of, spectrum_of
from fanwise.core.sampler import draw
from fanwise.spec.catalogue import catalogue
from fanwise.spec.entries import Entry
from fanwise.spec.laws import ConstantLaw
from fanwise.spec.resolved import Resolved, resolve

sys.path.append(str(Path(__file__).resolve().parent.parent))

from scheme_lines import OF_CONVOLUTIONS, call_of

Floats = NDArray[np.float64]

#: Of a picture, in inches, and its two panels: left, bottom, width, height, of the whole.
_HEIGHT: Final = 1.5
_LEFT: Final = (0.085, 0.17, 0.4, 0.75)
_RIGHT: Final = (0.585, 0.17, 0.4, 0.75)
_WHOLE: Final = (0.085, 0.17, 0.9, 0.75)
#: Values of a histogram, at least.
_FEW: Final = 1 << 14
#: What is drawn for a histogram, and of convolutions.
_SHAPE: Final = (512, 256)
_CONVOLUTION: Final = (3, 3, 6, 8)
#: What is drawn of schemes that are made as a whole: few cells, so that each is seen.
_MATRIX: Final = (10, 20)
#: Cells of a heat map, at most; of so many values a line, or a spectrum, has dots.
_ROWS, _COLUMNS, _DOTS, _SOME = 10, 20, 40, 20
_BINS, _POINTS = 32, 65
#: Points of a line or a spectrum, at most.
_MOST: Final = 100


def figures() -> Iterator[tuple[str, Figure]]:
    """Draw a picture for each scheme."""
    for entry in catalogue().entries.values():
        yield entry.name, _figure(entry)


def _figure(entry: Entry) -> Figure:
    resolved = resolve(scheme(entry.name, **call_of(entry).params), _shape(entry))
    weight = draw(resolved, seed=0, path=path_of(entry))
    matrix = matrices_of(resolved, weight)[0]
    figure = Figure(figsize=(WIDTH, _HEIGHT))
    figure.set_layout_engine("none")
    if min(matrix.shape) == 1 and not entry.draws and matrix.max() > matrix.min():
        _draw_values(figure.add_axes(_WHOLE), matrix)
        return figure
    _draw_values(figure.add_axes(_LEFT), matrix)
    right = figure.add_axes(_RIGHT)
    if has_spectrum(resolved) and matrix.any():
        _draw_spectrum(right, matrix)
    else:
        _draw_density(right, resolved, _values(entry, weight))
    return figure


def _values(entry: Entry, weight: NDArray[np.generic]) -> Floats:
    """Return values for a histogram: of what is short and random, those of many such weights."""
    if entry.draws and weight.size < _FEW:
        chosen = scheme(entry.name, **call_of(entry).params)
        paths = (f"{number}/{path_of(entry) or ''}" for number in range(_FEW // weight.size))
        resolved = resolve(chosen, weight.shape)
        weight = np.stack([draw(resolved, seed=0, path=path) for path in paths])
    return weight.ravel().astype(np.float64)


def _shape(entry: Entry) -> tuple[int, ...]:
    if entry.shape is not None:
        return entry.shape
    if entry.name in OF_CONVOLUTIONS:
        return _CONVOLUTION
    return _MATRIX if entry.structured else _SHAPE


def _draw_values(axes: Axes, matrix: Floats) -> None:
    """Draw a matrix as a heat map, and what stands in one row as a line."""
    if min(matrix.shape) > 1:
        strips(axes, matrix[:_ROWS, :_COLUMNS])
        return
    values = matrix.ravel()[:_MOST]
    style = "o-" if values.size <= _DOTS else "-"
    axes.plot(values, style, color=FANWISE, markersize=2.5, linewidth=1)
    _thin(axes)


def _draw_spectrum(axes: Axes, matrix: Floats) -> None:
    """Draw the singular values, the largest first."""
    values = spectrum_of(matrix)[:_MOST]
    numbers = np.arange(1, values.size + 1)
    axes.plot(numbers, values, "o-" if values.size <= _SOME else "-", color=FANWISE, markersize=2.5)
    axes.set(ylim=(0, 1.15 * (values[0] or 1.0)), xlim=(0.4, values.size + 0.6))
    _thin(axes)
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))


def _draw_density(axes: Axes, resolved: Resolved, values: Floats) -> None:
    """Draw the histogram of what was drawn, and the density of the law where there is one."""
    law = resolved.law
    low, high = float(values.min()), float(values.max())
    if isinstance(law, ConstantLaw) or low == high:
        axes.plot([low, low], [0, 1], color=FANWISE, linewidth=3)
        axes.set(xlim=(low - 1, low + 1), ylim=(0, 1.05))
    else:
        margin = 0.04 * (high - low)
        heights, edges = np.histogram(values, _BINS, (low, high), density=True)
        axes.add_patch(StepPatch(heights, edges, facecolor=FAINT, linewidth=0, fill=True))
        points = np.linspace(low - margin, high + margin, _POINTS)
        density = density_of(law, points)
        top = float(heights.max())
        if density is not None:
            axes.plot(points, density, color=FANWISE, linewidth=1.4)
            top = max(top, float(density.max()))
        ends = [law.mean - law.std, law.mean + law.std]
        axes.plot(ends, [-0.06 * top] * 2, color=INK, linewidth=2, solid_capstyle="butt")
        axes.set(xlim=(low - margin, high + margin), ylim=(-0.1 * top, 1.05 * top))
    _thin(axes)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def _thin(axes: Axes) -> None:
    """Let a panel have few numbers."""
    axes.tick_params(labelsize=7.5, length=2, pad=2)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_locator(MaxNLocator(3))
    for axis in (axes.xaxis, axes.yaxis):
        axis.get_offset_text().set_fontsize(7)
