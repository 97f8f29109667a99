"""The panels of a plot: what Matplotlib draws of a weight."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from fanwise.commands.weight_views import density_of, matrices_of, spectrum_of
from fanwise.spec.resolved import Resolved

_BINS, _POINTS = 120, 600
#: Rows and columns of a heat map: more would not be told apart.
_CELLS: Final = 96
#: From this many on, values are a line without dots.
_DOTS: Final = 128
#: Letters of parameters in a label.
_LONGEST: Final = 40


def draw_values(panel: Any, resolved: Resolved, weight: NDArray[Any]) -> None:
    """Draw the values in their places: a heat map, or a line of those that stand in one row."""
    matrix = matrices_of(resolved, weight)[0]
    if min(matrix.shape) == 1:
        values = matrix.ravel()
        style = "o-" if values.size < _DOTS else "-"
        panel.plot(values, style, color="C0", markersize=3, linewidth=1.2)
        panel.set(xlabel="place", ylabel="value", title="the values")
        panel.spines[["top", "right"]].set_visible(False)
        return
    part = matrix[:_CELLS, :_CELLS]
    reach = float(abs(part).max()) or 1.0
    image = panel.imshow(
        part, cmap="RdBu_r", vmin=-reach, vmax=reach, interpolation="nearest", aspect="auto"
    )
    for axis in (panel.xaxis, panel.yaxis):
        axis.set_major_locator(MaxNLocator(integer=True))
    panel.figure.colorbar(image, ax=panel, shrink=0.85)
    whole = part.shape == matrix.shape
    panel.set(
        xlabel="outputs",
        ylabel="inputs",
        title="the values" if whole else f"the first {part.shape[0]} × {part.shape[1]}",
    )


def draw_spectrum(panel: Any, resolved: Resolved, weight: NDArray[Any]) -> None:
    """Draw the singular values of the first matrix of a weight, the largest first."""
    values = spectrum_of(matrices_of(resolved, weight)[0])
    style = "o-" if values.size < _DOTS else "-"
    panel.plot(np.arange(1, values.size + 1), values, style, color="C0", markersize=3)
    top = float(values[0]) or 1.0
    panel.set(xlabel="number", ylabel="singular value", ylim=(-0.05 * top, 1.15 * top))
    panel.set_title(_label(resolved), fontsize=10)
    panel.spines[["top", "right"]].set_visible(False)


def draw_densities(panel: Any, weights: list[Resolved], drawn: list[NDArray[Any]]) -> None:
    """Draw the histograms, densities and standard deviations of several weights."""
    low, high = min(values.min() for values in drawn), max(values.max() for values in drawn)
    margin = 0.05 * (high - low) or 0.5
    span = (float(low) - margin, float(high) + margin)
    for number, (resolved, values) in enumerate(zip(weights, drawn, strict=True)):
        colour, law = f"C{number}", resolved.law
        panel.hist(
            values.ravel(),
            _BINS,
            range=span,
            density=True,
            color=colour,
            alpha=0.35,
            label=_label(resolved),
        )
        points = np.linspace(*span, _POINTS)
        if (heights := density_of(law, points)) is not None:
            panel.plot(points, heights, color=colour, linewidth=1.6)
        for edge in (law.mean - law.std, law.mean + law.std):
            panel.axvline(edge, color=colour, linestyle="--", linewidth=0.9)
    panel.set(xlabel="value of a weight", ylabel="density", xlim=span)
    panel.spines[["top", "right"]].set_visible(False)


def _label(resolved: Resolved) -> str:
    params = ", ".join(f"{k}={v}" for k, v in resolved.scheme.to_dict()["params"].items())
    params = params if len(params) <= _LONGEST else f"{params[:_LONGEST]}…"
    return f"{resolved.scheme.name} {params}".strip() + f": std {resolved.law.std:.4g}"
