"""Weights that were drawn, beside the density that they should have."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from fanwise.commands.arguments import place_of, schemes_of
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
#: What says when a picture was made is left out.
_METADATA: Final[dict[str, dict[str, Any]]] = {
    ".png": {},
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None},
}


def plot(
    scheme: Words,
    *,
    shape: Shape = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help=".png, .svg or .pdf.")
    ],
    seed: Annotated[int, typer.Option(metavar="SEED", help="0 up to 2**64 - 1.")] = 0,
    axes: Axes = None,
    param: Params = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
) -> None:
    """Plot a drawn weight: its values, and its density or its singular values.

    Several schemes are plotted as densities over each other.

    Examples:
        $ fanwise plot he_normal -o he.png
        $ fanwise plot he_normal kaiming_normal --shape 512,256 -o both.svg
        $ fanwise plot orthogonal gain=1.4 --shape 64,48 -o orthogonal.svg
    """
    from fanwise.core.sampler import check_law, draw
    from fanwise.spec.resolved import resolve

    chosen = schemes_of(scheme, param or (), examples=True)
    sizes, _ = place_of(chosen[0], shape, axes)
    weights = [resolve(one, sizes, axes) for one in chosen]
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
        drawn = [draw(resolved, seed=seed) for resolved in weights]
        figure = _figure(weights, drawn)
        suffix, page = output.suffix.casefold(), io.BytesIO()
        figure.savefig(page, dpi=150, metadata=_METADATA[suffix], format=suffix[1:])
    write_bytes(output, page.getvalue())
    print(f"written to {printable(str(output))}")


def _figure(weights: list[Resolved], drawn: list[NDArray[Any]]) -> Any:
    """Draw one weight, its values on the left; or the densities of several."""
    from matplotlib.figure import Figure

    from fanwise.commands.weight_panels import draw_densities, draw_spectrum, draw_values
    from fanwise.commands.weight_views import has_spectrum

    sizes = " × ".join(map(str, weights[0].shape)) or "a scalar"
    figure = Figure(figsize=(7, 4.6) if len(weights) > 1 else (10, 4.6), layout="constrained")
    figure.suptitle(f"Shape {sizes}", fontsize=11)
    if len(weights) > 1:
        draw_densities(figure.subplots(), weights, drawn)
    else:
        left, right = figure.subplots(1, 2)
        draw_values(left, weights[0], drawn[0])
        if has_spectrum(weights[0]):
            draw_spectrum(right, weights[0], drawn[0])
            return figure
        draw_densities(right, weights, drawn)
    title = "bars: drawn, lines: density of the law, dashed: mean ± std"
    figure.legend(loc="outside lower center", frameon=False, fontsize=9, title=title)
    return figure
