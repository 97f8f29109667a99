"""A recipe from a model, and a verdict on a model's weights."""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

from fanwise.adapters.named_functions import built_by, factory_of, users_output
from fanwise.commands.completions import complete_recipe
from fanwise.commands.console import json_text, print_json
from fanwise.commands.options import (
    FrameworkOption,
    InputOption,
    JsonFile,
    JsonFlag,
    TargetArgument,
    VarOption,
    is_standard_output,
    is_to_be_written,
    read_variables,
)
from fanwise.commands.outcome_lines import print_lines
from fanwise.commands.outputs import check_output, check_outputs
from fanwise.commands.progress import progress
from fanwise.spec.errors import (
    FanwiseError,
    UnrepeatableFactoryWarning,
    UnresolvedWeightWarning,
    UnsoundStartWarning,
    printable,
)

#: What a capture tells, besides its recipe.
_WARNED_OF: Final = (UnresolvedWeightWarning, UnrepeatableFactoryWarning, UnsoundStartWarning)


def audit(
    file: Annotated[
        Path,
        typer.Argument(
            help="The weights: .safetensors (or its index), .pt, .bin, .npz, .weights.h5, "
            ".keras, or the folder of a distributed checkpoint."
        ),
    ],
    *,
    recipe: Annotated[
        str | None,
        typer.Option(
            help="A recipe's name or file; without it, by themselves.",
            autocompletion=complete_recipe,
        ),
    ] = None,
    var: VarOption = None,
    seed: Annotated[int | None, typer.Option(help="That they were drawn by, for bits.")] = None,
    framework: Annotated[
        str | None, typer.Option(help="Whose names they have: torch, keras or flax.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(help="package.module:function that builds the model; this runs it."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a page to this file; its folder is made.")
    ] = None,
    json: JsonFile = None,
    every: Annotated[bool, typer.Option("--all", help="Show every claim.")] = False,
) -> None:
    """Judge the weights in a file: 0 if they pass, 1 if they fail, 2 for a wrong call.

    Example: fanwise audit model.safetensors --recipe gpt2 --html audit.html
    """
    from fanwise.conformance.audits.audit import audit as judged
    from fanwise.conformance.audits.lines import audit_lines
    from fanwise.spec.recipe import recipe as read_recipe

    check_outputs([path for path in (html, json) if is_to_be_written(path)], [Path(file)])
    if html is not None:
        import jinja2  # noqa: F401 - missed before the work, not after it
    variables = read_variables(var)
    if variables and recipe is None:
        hint = "Name its recipe with --recipe."
        raise FanwiseError("a recipe for its variables", ", ".join(variables), hint)
    chosen = None if recipe is None else read_recipe(recipe).with_vars(**variables)
    with progress("audit") as tick:
        built = None
        if model is not None:
            tick(0, 0, "building the model")
            built = built_by(factory_of(model))
        verdict = judged(
            file,
            chosen,
            seed=seed,
            framework=framework,
            model=built,
            progress=tick,
        )
        if html is not None:
            tick(0, 0, "writing the page")
            verdict.to_html(html)
    if json is None:
        print_lines(audit_lines(verdict, full=every))
    elif is_standard_output(json):
        sys.stdout.write(verdict.to_json())
    else:
        verdict.to_json(json)
        print_lines(audit_lines(verdict, full=every))
    if not verdict.passed:
        raise typer.Exit(1)


def capture(
    target: TargetArgument,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the recipe here, not on screen.")
    ] = None,
    inputs: InputOption = None,
    framework: FrameworkOption = None,
    force: Annotated[bool, typer.Option(help="Write over a file that is there.")] = False,
    json: JsonFlag = False,
) -> None:
    """Write the recipe by which a function starts its models.

    Example: fanwise capture my_project.models:small -o small.toml
    """
    from fanwise.captures import captured_by
    from fanwise.commands.target_models import call_of
    from fanwise.conformance.results.files import write_text

    if output is not None:
        check_output(output, force=force)
    hint = "Call it by itself to see why."
    with progress("capture") as tick:
        tick(0, 0, "importing the function")
        factory = factory_of(target)
        with users_output(f"a function {target} that builds a model", hint), _warnings_in_lines():
            call = call_of(inputs)
            recipe = captured_by(factory, framework, progress=tick, **call)
    data = {"recipe": recipe.to_dict()}
    if output is not None:
        write_text(output, json_text(data) if json else recipe.to_toml())
        if not json:
            sys.stdout.write(f"written to {printable(str(output))}\n")
    elif json:
        print_json(data)
    else:
        sys.stdout.write(recipe.to_toml())


@contextlib.contextmanager
def _warnings_in_lines() -> Iterator[None]:
    """Tell the warnings of Fanwise in one line each, without the place in its code."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    for warning in caught:
        if issubclass(warning.category, _WARNED_OF):
            sys.stderr.write(f"fanwise: {printable(str(warning.message))}\n")
