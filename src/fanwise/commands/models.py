"""A model as a recipe sees it, and what a recipe would do to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from fanwise.commands.completions import complete_recipe
from fanwise.commands.console import console, print_json, table
from fanwise.commands.options import (
    FrameworkOption,
    InputOption,
    JsonFlag,
    MetaFlag,
    TargetArgument,
    VarOption,
    read_variables,
)
from fanwise.commands.progress import progress
from fanwise.spec.errors import FanwiseError, printable
from fanwise.spec.problems import MENDED, Problem, check_problems

if TYPE_CHECKING:
    from fanwise.adapters.summary import Summary
    from fanwise.commands.target_models import TargetModel
    from fanwise.spec.recipe import Recipe

#: Columns of numbers, which stand to the right, and those whose words are kept whole on a page
#: that has room for them.
_NUMBERS: Final = ("rule", "fans", "std")
_WHOLE: Final = ("scheme", "rule", "std")
_ROOMY: Final = 60


def paths(
    target: TargetArgument,
    *,
    inputs: InputOption = None,
    framework: FrameworkOption = None,
    meta: MetaFlag = None,
    json: JsonFlag = False,
) -> None:
    """List the weights of a model as the rules of a recipe see them.

    A guess has one question mark, and what has two readings has two.

    Example: fanwise paths my_project/models.py:small
    """
    from rich.text import Text

    from fanwise.commands.target_models import target_model

    with progress("paths") as tick:
        model = target_model(target, framework, inputs, tick, meta=meta)
        listed = model.paths()
    if json:
        print_json({"framework": model.framework, **listed.to_dict()})
        return
    heads, cells = listed.cells()
    lined = table(*heads)
    for row in cells:
        lined.add_row(*(Text(printable(cell)) for cell in row))
    screen = console()
    screen.print(lined)
    for note in listed.notes():
        screen.print(Text(printable(note)))
    screen.print(Text(f"{_counted(len(listed.rows), 'weight')} of a model of {model.framework}."))


def plan(
    target: TargetArgument,
    recipe: Annotated[
        str,
        typer.Argument(help="A recipe's name, or its file.", autocompletion=complete_recipe),
    ],
    *,
    var: VarOption = None,
    inputs: InputOption = None,
    framework: FrameworkOption = None,
    missing: Annotated[
        list[str] | None,
        typer.Option(help="What a checkpoint did not bring, and all that is set; repeated."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Patterns of the paths that are set; repeated.")
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option(help="Patterns of the paths that are not; repeated.")
    ] = None,
    seed: Annotated[int, typer.Option(help="By which it would be drawn.")] = 0,
    meta: MetaFlag = None,
    json: JsonFlag = False,
) -> None:
    """Show what a recipe would do to a model: nothing is drawn.

    Exits with 0 if it fits, with 1 if it does not, and shows what would mend it, and with 2 for
    a wrong call.

    Example: fanwise plan my_project.models:small gpt2 --var layers=12
    """
    from fanwise.commands.target_models import target_model
    from fanwise.spec.recipe import recipe as read_recipe

    chosen = read_recipe(recipe).with_vars(**read_variables(var))
    how: dict[str, Any] = {"seed": seed, "only": only, "exclude": exclude, "missing": missing}
    with progress("plan") as tick:
        model = target_model(target, framework, inputs, tick, meta=meta)
        summary = model.initialized(chosen, dry_run=True, report=model.has_values, **how)
        problems = summary.problems
        error = _why_not(model, chosen, problems, how) if problems else None
    if json:
        print_json(_plan_data(model, chosen, summary, error))
    else:
        _print_plan(summary, error)
    if error is not None:
        raise typer.Exit(1)


def _why_not(
    model: TargetModel, recipe: Recipe, problems: Sequence[Problem], how: Mapping[str, Any]
) -> FanwiseError:
    """Return the error by which a model refuses a recipe; it ends in one that would fit."""
    try:
        model.initialized(recipe, report=False, **how)
        check_problems(problems)
    except FanwiseError as error:
        return error
    raise AssertionError("a recipe with problems is refused")


def _plan_data(
    model: TargetModel, recipe: Recipe, summary: Summary, error: FanwiseError | None
) -> dict[str, Any]:
    """Return a plan as plain data: without what is observed, since nothing is drawn."""
    data = summary.to_dict()
    for row in data["rows"]:
        del row["observed"]
    mended = "" if error is None else str(error).partition(MENDED)[2]
    return {
        "framework": model.framework,
        "recipe": recipe.source,
        "fits": error is None,
        **data,
        "mended": mended.strip(),
    }


def _print_plan(summary: Summary, error: FanwiseError | None) -> None:
    from rich.text import Text

    screen = console()
    lined = table("path", "shape", "scheme", "rule", "fans", "std")
    for column in lined.columns:
        column.justify = "right" if column.header in _NUMBERS else "left"
        column.no_wrap = column.header in _WHOLE and screen.width >= _ROOMY
    for row in summary.rows:
        fans = None if row.fan_in is None else f"{row.fan_in}, {row.fan_out}"
        std = None if row.expected is None else f"{row.expected:.4g}"
        cells = (row.path, row.shape, row.scheme, row.rule, fans, std)
        lined.add_row(*(Text("-" if c is None else printable(str(c))) for c in cells))
    screen.print(lined)
    weights = _counted(len(summary.rows), "weight")
    screen.print(Text(f"{weights}, {summary.parameters:,} parameters."))
    if summary.left_alone:
        screen.print(Text(printable(f"Left as they are: {', '.join(summary.left_alone)}.")))
    if error is None:
        screen.print(Text("The recipe fits.", "green"))
        return
    screen.print(Text("The recipe does not fit.", "bold red"))
    for line in str(error).splitlines():
        # As it is, so that a recipe can be copied.
        screen.print(Text(printable(line)), soft_wrap=True)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
