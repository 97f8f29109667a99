"""Weights that were drawn, beside the density that they should have."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from fanwise.commands.arguments import schemes_of, shape_of
from fanwise.commands.outputs import check_output
from fanwise.commands.progress import progress
from fanwise.commands.show import Axes, Params, Shape, Words
from fanwise.conformance.results.files import write_bytes
from fanwise.spec.errors import FanwiseError, printable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fanwise.spec.resolved import Resolved

#: Elements that are drawn for a histogram: more would change nothing that is seen.
_MOST: Final = 1 << 22
_BINS, _POINTS = 120, 600
#: What says when a picture was made is left out.
_METADATA: Final[dict[str, dict[str, Any]]] = {
    ".png": {},
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None},
}


def plot(
    scheme: Words,
    *,
    shape: Shape,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help=".png, .svg or .pdf.")
    ],
    seed: Annotated[int, typer.Option(metavar="SEED", help="0 up to 2**64 - 1.")] = 0,
    axes: Axes = "kernel",
    param: Params = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
) -> None:
    """Plot drawn weights against the density of their law; several schemes over each other.

    Examples:
        $ fanwise plot he_normal --shape 512,256 -o he.png
        $ fanwise plot he_normal kaiming_normal --shape 512,256 -o both.svg
    """
    from fanwise.core.sampler import check_law, draw
    from fanwise.spec.resolved import resolve

    sizes = shape_of(shape)
    weights = [resolve(chosen, sizes, axes) for chosen in schemes_of(scheme, param or ())]
    for resolved in weights:
        check_law(resolved.law, "float32")
    if not 0 < math.prod(sizes) <= _MOST:
        hint = "The picture of a smaller weight with the same fans is the same: pass fan=."
        raise FanwiseError(f"a shape of 1 to {_MOST:,} elements to plot", sizes, hint)
    check_output(output, force=force, suffixes=tuple(_METADATA))
    import matplotlib as mpl  # missed before the work, not after it

    # So that the same call writes the same file.
    mpl.rcParams["svg.hashsalt"] = "fanwise"

    with progress("plot"):
        drawn = [draw(resolved, seed=seed).ravel() for resolved in weights]
        figure = _figure(weights, drawn)
        suffix, page = output.suffix.casefold(), io.BytesIO()
        figure.savefig(page, dpi=150, metadata=_METADATA[suffix], format=suffix[1:])
    write_bytes(output, page.getvalue())
    print(f"written to {printable(str(output))}")


def _figure(weights: list[Resolved], drawn: list[NDArray[Any]]) -> Any:
    """Draw the histograms, densities and standard deviations of several weights."""
    import numpy as np
    from matplotlib.figure import Figure

    low, high = min(values.min() for values in drawn), max(values.max() for values in drawn)
    margin = 0.05 * (high - low) or 0.5
    span = (float(low) - margin, float(high) + margin)
    figure = Figure(figsize=(7, 4.6), layout="constrained")
    panel = figure.subplots()
    for number, (resolved, values) in enumerate(zip(weights, drawn, strict=True)):
        colour, law = f"C{number}", resolved.law
        params = ", ".join(f"{k}={v}" for k, v in resolved.scheme.to_dict()["params"].items())
        label = f"{resolved.scheme.name} {params}".strip() + f": std {law.std:.4g}"
        panel.hist(values, _BINS, range=span, density=True, color=colour, alpha=0.35, label=label)
        points = np.linspace(*span, _POINTS)
        if (heights := _density(resolved, points)) is not None:
            panel.plot(points, heights, color=colour, linewidth=1.6)
        for edge in (law.mean - law.std, law.mean + law.std):
            panel.axvline(edge, color=colour, linestyle="--", linewidth=0.9)
    sizes = " × ".join(map(str, weights[0].shape)) or "a scalar"
    panel.set(xlabel="value of a weight", ylabel="density", xlim=span, title=f"Shape {sizes}")
    title = "bars: drawn, lines: density of the law, dashed: mean ± std"
    figure.legend(loc="outside lower center", frameon=False, fontsize=9, title=title)
    panel.spines[["top", "right"]].set_visible(False)
    return figure


def _density(resolved: Resolved, points: NDArray[Any]) -> NDArray[Any] | None:
    """Return the density of a law; None where its elements are no draws of one."""
    import numpy as np

    from fanwise.spec.laws import NormalLaw, TruncatedNormalLaw, UniformLaw
    from fanwise.spec.truncation import truncated_mass

    match resolved.law:
        case UniformLaw(low, high):
            return np.where((points >= low) & (points <= high), 1 / (high - low), 0.0)
        case NormalLaw(mean, sigma):
            return _bell((points - mean) / sigma) / sigma
        case TruncatedNormalLaw(centre, sigma, low, high):
            z = (points - centre) / sigma
            return np.where((z >= low) & (z <= high), _bell(z), 0.0) / (
                sigma * truncated_mass(low, high)
            )
    return None


def _bell(z: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    return np.asarray(np.exp(-z * z / 2) / math.sqrt(2 * math.pi))
