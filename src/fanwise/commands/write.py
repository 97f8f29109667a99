"""A start written into files: of a model, or of nothing but the shapes of one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanwise.commands.completions import complete_recipe
from fanwise.commands.console import console, print_json
from fanwise.commands.options import (
    FrameworkOption,
    InputOption,
    JsonFlag,
    ShapesOption,
    VarOption,
    read_variables,
)
from fanwise.commands.progress import Tick, progress
from fanwise.commands.streams import write_error
from fanwise.spec.errors import FanwiseError, Phrase, printable

if TYPE_CHECKING:
    from fanwise.adapters.starts.written import Written
    from fanwise.spec.recipe import Recipe

#: What progress is counted in.
_MEGABYTE = 1000 * 1000


def write(
    target: Annotated[
        str | None,
        typer.Argument(
            help="package.module:function, or folder/file.py:function, that builds the model; this "
            "runs it. Or --shapes."
        ),
    ] = None,
    *,
    recipe: Annotated[
        str, typer.Option(help="A recipe's name or file.", autocompletion=complete_recipe)
    ],
    seed: Annotated[int, typer.Option(help="Of all weights, from 0 to 2**64 - 1.")],
    shapes: ShapesOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="A folder that is not there yet, or a .safetensors or .npz."
        ),
    ] = None,
    format: Annotated[  # noqa: A002 (what the option is called)
        str | None,
        typer.Option(help="safetensors, npz, dcp (of torch.distributed) or orbax."),
    ] = None,
    form: Annotated[
        str,
        typer.Option(
            help="names: those of the model; canonical: the same bytes from every framework."
        ),
    ] = "names",
    dtype: Annotated[
        str | None, typer.Option(help="Of all floats, e.g. bfloat16; the model's if left out.")
    ] = None,
    shard_size: Annotated[
        str, typer.Option(help="The most that one file of a folder holds, e.g. 5GB.")
    ] = "5GB",
    digest_only: Annotated[
        bool, typer.Option("--digest-only", help="Draw and hash all, and write nothing.")
    ] = False,
    var: VarOption = None,
    framework: FrameworkOption = None,
    inputs: InputOption = None,
    json: JsonFlag = False,
) -> None:
    """Write what a model starts with into files, block by block, whatever its size.

    A call that was ended goes on where it was when it is made again.

    Example: fanwise write --recipe gpt2 --seed 0 --shapes config.json -o out/
    """
    from rich.text import Text

    from fanwise.spec.recipe import recipe as read_recipe

    if (target is None) == (shapes is None):
        hint = "Pass a function that builds the model, or --shapes."
        received = Phrase("neither" if target is None else "both")
        raise FanwiseError("a model or the shapes of one", received, hint)
    chosen = read_recipe(recipe).with_vars(**read_variables(var))
    how: dict[str, Any] = {
        "to": output,
        "format": format,
        "shard_size": shard_size,
        "digest_only": digest_only,
    }
    start = {"seed": seed, "form": form, "dtype": dtype}
    try:
        with progress("write") as tick:
            how["progress"] = _in_megabytes(tick)
            if target is None:
                assert shapes is not None
                written = _of_shapes(shapes, framework, chosen, start, how)
            else:
                from fanwise.commands.target_models import target_model

                model = target_model(target, framework, inputs, tick)
                written = model.written(chosen, **start, **how)
    except KeyboardInterrupt:
        if output is not None and not digest_only:
            write_error("fanwise: What is complete is kept: the same call goes on from there.\n")
        raise
    if json:
        print_json(written.to_dict())
        return
    for line in str(written).splitlines():
        # A digest is copied, and stays whole.
        console().print(Text(printable(line)), soft_wrap=line.startswith("digest"))


def _of_shapes(
    shapes: Path,
    framework: str | None,
    recipe: Recipe,
    start: dict[str, Any],
    how: dict[str, Any],
) -> Written:
    """Write a start of a model of which only the shapes are known, or a checkpoint."""
    from fanwise.adapters.shape_sources.sources import opened_shapes
    from fanwise.adapters.starts.plans import planned_start
    from fanwise.adapters.starts.writing import write_start

    with opened_shapes(shapes, framework) as source:
        if source.note:
            write_error(f"fanwise: {printable(source.note)}\n")
        planned = planned_start(
            recipe, source.weights, source.tensors, framework=source.framework, **start
        )
        return write_start(planned, **how)


def _in_megabytes(tick: Tick) -> Tick:
    def told(done: int, total: int, _title: str) -> None:
        tick(done // _MEGABYTE, total // _MEGABYTE, "MB")

    return told
