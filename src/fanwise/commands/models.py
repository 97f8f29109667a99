"""A model as a recipe sees it, and what a recipe would do to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from fanwise.commands.completions import complete_recipe
from fanwise.commands.console import console, print_json
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
from fanwise.spec.errors import FanwiseError, Phrase, printable
from fanwise.spec.problems import MENDED, Problem, check_problems
from fanwise.spec.weight_groups import listed_alike

if TYPE_CHECKING:
    from rich.console import Console

    from fanwise.adapters.summary import Summary
    from fanwise.commands.target_models import TargetModel
    from fanwise.spec.recipe import Recipe

#: What a plan says of each weight; of that, what stands to the right.
_PLANNED: Final = ("path", "shape", "scheme", "rule", "fans", "std")
_NUMBERS: Final = ("rule", "fans", "std")


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
    screen = console()
    _print_weights(screen, *listed.cells())
    for note in listed.notes():
        screen.print(Text(printable(note)))
    screen.print(Text(f"{_counted(len(listed.rows), 'weight')} of a model of {model.framework}."))


def plan(
    target: TargetArgument,
    recipe: Annotated[
        str | None,
        typer.Argument(help="A recipe's name, or its file.", autocompletion=complete_recipe),
    ] = None,
    *,
    named: Annotated[
        str | None,
        typer.Option(
            "--recipe",
            help="The same, as the other commands take it.",
            autocompletion=complete_recipe,
        ),
    ] = None,
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

    asked = [source for source in (recipe, named) if source is not None]
    if len(asked) != 1:
        received = Phrase(" and ".join(asked) or "none")
        hint = f"Write e.g. fanwise plan {target} gpt2."
        raise FanwiseError("one recipe, after the function", received, hint)
    chosen = read_recipe(asked[0]).with_vars(**read_variables(var))
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

    from fanwise.adapters.tie_notes import tie_notes

    screen = console()
    cells = []
    for row in summary.rows:
        fans = None if row.fan_in is None else f"{row.fan_in}, {row.fan_out}"
        std = None if row.expected is None else f"{row.expected:.4g}"
        told = (row.path, row.shape, row.scheme, row.rule, fans, std)
        cells.append(["-" if cell is None else str(cell) for cell in told])
    _print_weights(screen, _PLANNED, cells)
    for note in tie_notes(summary.rows):
        screen.print(Text(printable(note)))
    weights = _counted(len(summary.rows), "weight")
    screen.print(Text(f"{weights}, {summary.parameters:,} parameters."))
    if summary.left_alone:
        screen.print(Text(printable(f"Left as they are: {listed_alike(summary.left_alone)}.")))
    if error is None:
        screen.print(Text("The recipe fits.", "green"))
        return
    screen.print(Text("The recipe does not fit.", "bold red"))
    for line in str(error).splitlines():
        # As it is, so that a recipe can be copied.
        screen.print(Text(printable(line)), soft_wrap=True)


def _print_weights(screen: Console, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table of weights, whose paths stay whole: people copy them into rules."""
    from rich.text import Text

    from fanwise.adapters.tables import table_lines

    cells = [[printable(cell) for cell in row] for row in rows]
    for number, head in enumerate(heads):
        if head in _NUMBERS:
            width = max(map(len, (head, *(row[number] for row in cells))))
            for row in cells:
                row[number] = row[number].rjust(width)
    for line in table_lines(heads, cells, screen.width):
        screen.print(Text(line), soft_wrap=True)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
