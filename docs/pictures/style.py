"""The look of the documentation's pictures: palette, sizes, and what Matplotlib is told.

A picture stands on a white page and on a dark one, 480 pixels wide or 330: its ground is
transparent, its colours are of middle lightness, and it is drawn small, so that its text is still
read where a telephone shrinks it. Panels that would stand side by side stand above each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from numpy.typing import NDArray

#: Text, axes and ticks; 4 to 1 against white and against the dark page alike.
INK: Final = "#7b8089"
#: Grids, and what stands behind something else.
FAINT: Final = "#7b808944"
#: Who draws, wherever a picture compares them; the same on every page.
TORCH: Final = "#e8622c"
KERAS: Final = "#d0559b"
JAX: Final = "#149e8e"
NUMPY: Final = "#3f86e0"
#: Fanwise's own draws; and what the specification says, as a line.
FANWISE: Final = "#8e6cf2"
LAW: Final = "#8e6cf2"
#: What is right, and what is wrong, where a picture says so.
RIGHT: Final = "#2f9e5b"
WRONG: Final = "#dc4c4c"
#: In order, for what has no colour of its own.
CYCLE: Final = (NUMPY, TORCH, JAX, KERAS, FANWISE, "#b3892a")
#: Heat maps: what is above zero, and what is below.
ABOVE: Final = TORCH
BELOW: Final = NUMPY

#: Of a heat map, on either side of zero.
_SHADES: Final = 6

#: Of a picture, in inches: 480 pixels.
WIDTH: Final = 5.0

_SETTINGS: Final[dict[str, Any]] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "fanwise",
    "font.family": "sans-serif",
    # Of Matplotlib's own: the same sizes on every machine, and wider than what a reader may have.
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.5,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.labelsize": 9.5,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9,
    "legend.frameon": False,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "axes.grid": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "lines.linewidth": 1.8,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "figure.constrained_layout.use": True,
    "figure.dpi": 96,
    "axes.prop_cycle": cycler(color=CYCLE),
    "path.simplify_threshold": 0.2,
}


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the documentation's style, whatever this machine's settings are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        yield


def panels(rows: int = 1, *, height: float = 2.4, **kwargs: Any) -> tuple[Figure, list[Axes]]:
    """Make a figure of panels above each other.

    Args:
        rows: how many panels.
        height: of the whole figure, in inches.
        **kwargs: for ``Figure.subplots``, such as ``sharex`` or ``height_ratios``.

    Returns:
        The figure, and its axes from top to bottom.
    """
    # Of a panel's height: a title keeps its distance from the axis above.
    layout = ConstrainedLayoutEngine(hspace=0.1 if rows > 1 else 0.0)
    figure = Figure(figsize=(WIDTH, height), layout=layout)
    axes = figure.subplots(rows, 1, squeeze=False, **kwargs)
    return figure, list(axes[:, 0])


def hide_axes(axes: Axes) -> None:
    """Leave the lines and numbers of a panel out: what it shows has no scale."""
    axes.set_axis_off()


def heat_map(axes: Axes, matrix: NDArray[Any], *, largest: float | None = None) -> None:
    """Draw a matrix as squares, the fuller the larger; zeros are left out.

    As paths of few shades, so that the file is small, and the same on every machine.

    Args:
        axes: of the panel.
        matrix: rows from top to bottom.
        largest: the magnitude that is full; without it, that of the matrix.
    """
    full = float(abs(matrix).max()) if largest is None else largest
    shades = np.ceil(_SHADES * abs(matrix) / full - 1e-9).clip(0, _SHADES)
    for colour, side in ((ABOVE, matrix > 0), (BELOW, matrix < 0)):
        for shade in range(1, _SHADES + 1):
            places = np.argwhere(side & (shades == shade))
            if len(places):
                squares = [_square(int(row), int(column)) for row, column in places]
                path = Outline.make_compound_path(*squares)
                axes.add_patch(
                    PathPatch(path, facecolor=colour, alpha=shade / _SHADES, linewidth=0)
                )
    rows, columns = matrix.shape
    axes.set(xlim=(0, columns), ylim=(rows, 0), aspect="equal", xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(True)


def strips(axes: Axes, matrix: NDArray[Any]) -> None:
    """Draw a matrix as cells, the fuller the larger; zeros are left out.

    Each cell is a short thick line: a third of the letters of a square.

    Args:
        axes: of the panel, whose place in its figure is fixed.
        matrix: rows from top to bottom.
    """
    rows, columns = matrix.shape
    full = float(abs(matrix).max()) or 1.0
    shades = np.ceil(_SHADES * abs(matrix) / full - 1e-9).clip(0, _SHADES)
    figure = axes.figure
    assert isinstance(figure, Figure)
    height = axes.get_position().height * figure.get_size_inches()[1]
    thick = 0.9 * 72 * height / rows
    for colour, side in ((ABOVE, matrix > 0), (BELOW, matrix < 0)):
        for shade in range(1, _SHADES + 1):
            places = np.argwhere(side & (shades == shade))
            if len(places):
                points = [
                    (column + end, row + 0.5) for row, column in places for end in (0.05, 0.95)
                ]
                codes = [Outline.MOVETO, Outline.LINETO] * len(places)
                axes.add_patch(
                    PathPatch(
                        Outline(points, codes),
                        fill=False,
                        edgecolor=colour,
                        alpha=shade / _SHADES,
                        linewidth=thick,
                        capstyle="butt",
                    )
                )
    axes.set(xlim=(0, columns), ylim=(rows, 0), xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(True)


def _square(row: int, column: int) -> Outline:
    left, right, top, bottom = column + 0.06, column + 0.94, row + 0.06, row + 0.94
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    return Outline(corners, closed=True)
