"""The problem, the fix, and the same bits, by the frameworks that are there."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fanwise.commands.console import console
from fanwise.commands.densities import hills, shares_of, shares_of_law
from fanwise.commands.progress import progress
from fanwise.spec.laws import TruncatedNormalLaw

if TYPE_CHECKING:
    from fanwise.commands.demonstrated import AbsentFramework, DemonstratedFramework

_STYLES: Final = {"torch": "red", "keras": "yellow", "jax": "cyan"}
#: The ends of the picture, and its lines and columns.
_REACH, _HEIGHT, _WIDTH = 0.3, 3, 48
_DIGITS: Final = 12
#: What to type next, and what for.
_NEXT: Final = (
    ("fanwise lint .", "finds weights of your code that do not start as they read"),
    ("fanwise paths models.py:build", "lists the weights of a model that a function builds"),
    ("fanwise recipes", "lists the recipes that start whole models, such as gpt2"),
)


def demo() -> None:
    """Show what one name means in each framework that is installed, and what Fanwise makes of it.

    Exits with 0 if all of them drew the same bits.

    Example: fanwise demo
    """
    from fanwise.commands.demonstrated import GOLDEN, drawn_by_all

    # Not what is to be seen.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with progress("demo") as tick:
        drawn, absent = drawn_by_all(tick)
    screen = console()
    screen.print()
    _print_problem(screen, drawn, absent)
    _print_fix(screen, drawn)
    is_same = _print_bits(screen, drawn, GOLDEN)
    _print_next(screen, absent)
    if not is_same:
        raise typer.Exit(1)


def _print_problem(
    screen: Console, drawn: Sequence[DemonstratedFramework], absent: Sequence[AbsentFramework]
) -> None:
    _print_head(screen, "The problem")
    screen.print("He initialization of a weight of shape (512, 256), seed 0, by each framework:\n")
    rows = _table("", "std", "largest", "first value")
    pictures = []
    edges = np.linspace(-_REACH, _REACH, min(_WIDTH, screen.width - 12) + 1)
    for framework in drawn:
        if framework.own is not None:
            rows.add_row(_name(framework.name), *_figures(framework.own))
            pictures.append((framework.name, shares_of(framework.own, edges)))
    for missing in absent:
        law = missing.law
        largest = "any"
        if isinstance(law, TruncatedNormalLaw):
            largest = f"< {law.high * law.sigma / law.std:.2f} std"
        rows.add_row(_name(f"{missing.name} *"), f"{law.std:.4f}", largest, "-")
        pictures.append((f"{missing.name} *", shares_of_law(law, edges)))
    screen.print(rows)
    if absent:
        names = ", ".join(missing.name for missing in absent)
        verb = "is" if len(absent) == 1 else "are"
        screen.print(f"* {names} {verb} not installed here: by the law of its own initializer.")
    screen.print(
        "\ntorch reads the shape as (out, in) and divides by 256; the others read it as (in, out) "
        "and divide by 512. torch draws a plain normal; the others cut theirs at two standard "
        "deviations. And one seed gives different numbers in each.\n"
    )
    plain = not (screen.encoding or "").lower().startswith("utf")
    drawings = hills([shares for _, shares in pictures], _HEIGHT, plain=plain)
    for (name, _), lines in zip(pictures, drawings, strict=True):
        for number, line in enumerate(lines):
            label = name.partition(" on ")[0] if number == _HEIGHT - 1 else ""
            screen.print(Text.assemble(f"{label:10}", (line.rstrip(), _style(name))))
    ends = f"{-_REACH}".ljust(len(edges) - 1 - len(f"{_REACH}")) + f"{_REACH}"
    screen.print(Text(f"{'':10}{ends}\n", "dim"))


def _print_fix(screen: Console, drawn: Sequence[DemonstratedFramework]) -> None:
    _print_head(screen, "The same with Fanwise")
    screen.print(Text('shape, path = (512, 256), "dense/kernel"\n'))
    for framework in drawn:
        screen.print(Text(framework.code, _style(framework.name)))
    screen.print()
    rows = _table("", "std", "largest", "first value")
    for framework in drawn:
        rows.add_row(_name(framework.name), *_figures(framework.ours))
    screen.print(rows)
    screen.print()


def _print_bits(screen: Console, drawn: Sequence[DemonstratedFramework], golden: str) -> bool:
    """Print the digests of all weights; tell whether they are the same, and as specified."""
    _print_head(screen, "The same bits")
    rows = _table("", "SHA-256 of the weight", "golden tensor")
    for framework in drawn:
        mark = Text("✓", "green") if framework.is_golden else Text("✗", "bold red")
        rows.add_row(_name(framework.name), framework.sha256[:_DIGITS] + "…", mark)
    screen.print(rows)
    is_same = len({framework.sha256 for framework in drawn}) == 1
    is_golden = all(framework.is_golden for framework in drawn)
    words = "The same bits" if is_same else "DIFFERENT bits"
    names = ", ".join(framework.name for framework in drawn)
    told = f"{words} in {names}. " if len(drawn) > 1 else ""
    held = "is" if is_golden else "is NOT"
    told += f"The golden tensor {golden} {held} as the specification has it."
    screen.print(Text(f"\n{told}\n", "bold green" if is_same and is_golden else "bold red"))
    return is_same and is_golden


def _print_next(screen: Console, absent: Sequence[AbsentFramework]) -> None:
    if len(absent) == len(_STYLES):
        _print_head(screen, "A framework")
        screen.print("None is installed here, so only NumPy drew. Any one of them will do:\n")
        for missing in absent:
            screen.print(Text(f"  pip install 'fanwise[{missing.extra}]'"))
        screen.print()
    _print_head(screen, "Next")
    for command, what in _NEXT:
        screen.print(Text.assemble(("  " + command, "bold"), f"\n      {what}"))


def _print_head(screen: Console, title: str) -> None:
    screen.print(Text(title, "bold underline"))


def _table(*heads: str) -> Table:
    rows = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, head in enumerate(heads):
        rows.add_column(head, justify="right" if number else "left", overflow="fold")
    return rows


def _figures(values: NDArray[np.float32]) -> tuple[str, str, str]:
    std = float(values.std())
    largest = float(np.abs(values).max()) / std
    return f"{std:.4f}", f"{largest:.2f} std", f"{values.flat[0]:+.4f}"


def _name(name: str) -> Text:
    return Text(name, _style(name))


def _style(name: str) -> str:
    return _STYLES.get(name.partition(" ")[0], "green")
