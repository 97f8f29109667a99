"""Whether a file of weights is, bit for bit, what a recipe and a seed draw."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from fanwise.adapters.named_functions import built_by, factory_of
from fanwise.commands.completions import complete_recipe
from fanwise.commands.options import (
    JsonFile,
    VarOption,
    is_standard_output,
    is_to_be_written,
    read_variables,
)
from fanwise.commands.outcome_lines import print_lines
from fanwise.commands.outputs import check_outputs
from fanwise.commands.progress import progress


def verify(
    file: Annotated[
        Path,
        typer.Argument(
            help="The weights: .safetensors (or its index), .pt, .bin, .npz, .weights.h5, "
            ".keras, or the folder of a distributed checkpoint or of Orbax."
        ),
    ],
    *,
    recipe: Annotated[
        str | None,
        typer.Option(
            help="A recipe's name or file; the one of its start.json if left out.",
            autocompletion=complete_recipe,
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="That they were drawn by; that of its start.json likewise.")
    ] = None,
    var: VarOption = None,
    framework: Annotated[
        str | None, typer.Option(help="Whose names they have: torch, keras or flax.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(help="package.module:function that builds the model; this runs it."),
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(help="Compare so many blocks, chosen at random, and not all of it."),
    ] = None,
    json: JsonFile = None,
    every: Annotated[bool, typer.Option("--all", help="Show every weight.")] = False,
) -> None:
    """Compare the bits of a file with those of a recipe: 0 if equal, 1 if not, 2 for a wrong call.

    Example: fanwise verify out/ --recipe gpt2 --seed 0 --sample 1000
    """
    from fanwise.conformance.audits.verification import verify as verified
    from fanwise.conformance.results.files import write_text
    from fanwise.spec.recipe import recipe as read_recipe

    check_outputs([path for path in (json,) if is_to_be_written(path)], [Path(file)])
    variables = read_variables(var)
    chosen = None if recipe is None else read_recipe(recipe).with_vars(**variables)
    how = {} if recipe is not None else variables
    with progress("verify") as tick:
        built = None
        if model is not None:
            tick(0, 0, "building the model")
            built = built_by(factory_of(model))
        verdict = verified(
            file,
            chosen,
            seed=seed,
            framework=framework,
            model=built,
            sample=sample,
            progress=tick,
            **how,
        )
    if json is not None and is_standard_output(json):
        sys.stdout.write(verdict.to_json())
    else:
        if json is not None:
            write_text(json, verdict.to_json())
        print_lines(verdict.lines(full=every))
    if not verdict.passed:
        raise typer.Exit(1)
