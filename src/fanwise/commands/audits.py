"""A recipe from a model, and a verdict on a model's weights."""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from fanwise.commands.console import console
from fanwise.commands.factories import built_by, factory_of, users_output
from fanwise.spec.errors import (
    FanwiseError,
    UnrepeatableFactoryWarning,
    UnresolvedWeightWarning,
    UnsoundStartWarning,
    printable,
)

if TYPE_CHECKING:
    from fanwise.conformance.audits.verdicts import Audit

#: What a capture tells, besides its recipe.
_WARNED_OF: Final = (UnresolvedWeightWarning, UnrepeatableFactoryWarning, UnsoundStartWarning)
#: The colour of what holds, fails, is undecided.
_STYLES: Final = {"pass": "green", "fail": "bold red", "undecided": "yellow"}


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
        str | None, typer.Option(help="A recipe's name or file; without it, by themselves.")
    ] = None,
    var: Annotated[
        list[str] | None, typer.Option(help="name=value of the recipe's; may be repeated.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="That they were drawn by, for bits.")] = None,
    framework: Annotated[
        str | None, typer.Option(help="Whose names they have: torch, keras or flax.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(help="package.module:function that builds the model; this runs it."),
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page to this file.")] = None,
    json: Annotated[Path | None, typer.Option(help="Write every claim to this file.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Show every claim.")] = False,
) -> None:
    """Judge the weights in a file: 0 if they pass, 1 if they fail, 2 for a wrong call."""
    from fanwise.conformance.audits.audit import audit as judged
    from fanwise.conformance.results.files import check_writable

    for path in (html, json):
        if path is not None:
            check_writable(path)
    if html is not None:
        import jinja2  # noqa: F401 - missed before the work, not after it
    variables = dict(map(_variable, var or ()))
    built = None if model is None else built_by(factory_of(model))
    verdict = judged(file, recipe, seed=seed, framework=framework, model=built, **variables)
    if json is not None:
        verdict.to_json(json)
    if html is not None:
        verdict.to_html(html)
    _print_audit(verdict, full=every)
    if not verdict.passed:
        raise typer.Exit(1)


def capture(
    target: Annotated[
        str, typer.Argument(help="package.module:function that builds the model; this runs it.")
    ],
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the recipe here, not on screen.")
    ] = None,
    framework: Annotated[
        str | None, typer.Option(help="torch, keras or flax; told by the model if left out.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Write over a file that is there.")] = False,
) -> None:
    """Write the recipe by which a function starts its models."""
    from fanwise.captures import captured_by
    from fanwise.conformance.results.files import check_writable, write_text

    if output is not None:
        if output.exists() and not force:
            hint = "Someone may have edited it: name another file, or pass --force."
            raise FanwiseError("a file that is not there yet", str(output), hint)
        check_writable(output)
    factory = factory_of(target)
    hint = "Call it by itself to see why."
    with users_output(f"a function {target} that builds a model", hint), _warnings_in_lines():
        text = captured_by(factory, framework).to_toml()
    if output is None:
        sys.stdout.write(text)
        return
    write_text(output, text)
    sys.stdout.write(f"written to {printable(str(output))}\n")


@contextlib.contextmanager
def _warnings_in_lines() -> Iterator[None]:
    """Tell the warnings of Fanwise in one line each, without the place in its code."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    for warning in caught:
        if issubclass(warning.category, _WARNED_OF):
            sys.stderr.write(f"fanwise: {printable(str(warning.message))}\n")


def _variable(text: str) -> tuple[str, Any]:
    """Read ``name=value``, whose value is a number where it can be one."""
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise FanwiseError("a variable as name=value", text, "Write e.g. --var layers=24.")
    for number in (int, float):
        try:
            return name, number(value)
        except ValueError:
            continue
    return name, value


def _print_audit(verdict: Audit, *, full: bool) -> None:
    from rich.text import Text

    from fanwise.conformance.audits.lines import audit_lines

    screen = console()
    for line in audit_lines(verdict, full=full):
        # As text, of which no letter is markup.
        screen.print(Text(line.text, _STYLES.get(line.outcome, "")), soft_wrap=True)
