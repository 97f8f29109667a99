"""Weights, drawn into a file."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fanwise.commands.arguments import index_of, one_scheme_of, shape_of
from fanwise.commands.console import console, facts_table, is_terminal
from fanwise.commands.outputs import check_output
from fanwise.commands.progress import progress
from fanwise.commands.show import Axes, Dtype, Params, Words
from fanwise.spec.errors import printable

if TYPE_CHECKING:
    from fanwise.commands.weight_blocks import WeightBlocks

#: The name of the standard output among files.
_STDOUT: Final = Path("-")
#: How much of a weight a terminal is shown.
_ROWS, _COLUMNS = 6, 4


def sample(
    scheme: Words,
    *,
    shape: Annotated[str, typer.Option(metavar="SHAPE", help="Of the weight, e.g. 512,256.")],
    seed: Annotated[int, typer.Option(metavar="SEED", help="0 up to 2**64 - 1.")] = 0,
    path: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="Of the weight in its model, e.g. dense/kernel."),
    ] = None,
    axes: Axes = None,
    dtype: Dtype = "float32",
    index: Annotated[
        str | None,
        typer.Option(metavar="SLICES", help="Draw this part alone, e.g. 0:128,:."),
    ] = None,
    param: Params = None,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="FILE", help=".npy, .npz or .safetensors; - for a pipe."
        ),
    ] = _STDOUT,
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
) -> None:
    """Draw a weight: the same bits as in every framework, to a file or to a pipe as .npy.

    Examples:
        $ fanwise sample he_normal --shape 512,256 --seed 0 -o w.npy
        $ fanwise sample normal std=0.02 --shape 768,768 --path h/0/up/kernel -o w.safetensors
    """
    from fanwise.commands.weight_blocks import WeightBlocks
    from fanwise.commands.weight_files import FORMATS, check_format, write_npy, write_weight
    from fanwise.core.dtypes import format_of
    from fanwise.core.keys import check_path, checked_seed
    from fanwise.spec.resolved import resolve

    chosen = one_scheme_of(scheme, param or ())
    resolved = resolve(chosen, shape_of(shape), axes)
    into = format_of(dtype)
    check_path(path)
    weight = WeightBlocks.of(
        resolved,
        None if index is None else index_of(index),
        seed=checked_seed(seed),
        path=path,
        into=into,
    )
    if output != _STDOUT:
        name = path or "weight"
        check_format(output.suffix.casefold(), into.name, name)
        check_output(output, force=force, suffixes=tuple(FORMATS))
        with progress(f"sample {chosen.name}") as tick:
            write_weight(output, weight, name, tick)
        sys.stdout.write(f"written to {printable(str(output))}, shape {weight.shape}\n")
    elif is_terminal(sys.stdout):
        _print_weight(weight)
    else:
        check_format(".npy", into.name, "")
        with progress(f"sample {chosen.name}") as tick:
            write_npy(sys.stdout.buffer, weight, "", tick)
        sys.stdout.buffer.flush()


def _print_weight(weight: WeightBlocks) -> None:
    """Print the first rows and columns of a weight, as a terminal has room for no more."""
    law, name = weight.resolved.law, weight.resolved.scheme.name
    screen = console()
    facts = facts_table()
    facts.add_row("scheme", name)
    facts.add_row("shape", " × ".join(map(str, weight.shape)) or "a scalar")
    facts.add_row("mean, std", f"{law.mean:.6g}, {law.std:.6g}")
    screen.print(facts)
    rows = weight.corner(_ROWS, _COLUMNS)
    for row in rows:
        screen.print("  ".join(f"{value:.6g}".rjust(12) for value in row), soft_wrap=True)
    shown = sum(map(len, rows))
    screen.print(f"The first {shown} of {math.prod(weight.shape):,}; -o FILE writes all of them.")
