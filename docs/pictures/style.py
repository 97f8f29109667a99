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
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure

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
#: Heat maps: values on both sides of zero.
DIVERGING: Final = "RdBu_r"

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
    figure = Figure(figsize=(WIDTH, height))
    axes = figure.subplots(rows, 1, squeeze=False, **kwargs)
    return figure, list(axes[:, 0])


def hide_axes(axes: Axes) -> None:
    """Leave the lines and numbers of a panel out: what it shows has no scale."""
    axes.set_axis_off()
