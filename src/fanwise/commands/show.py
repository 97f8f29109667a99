"""What a scheme means for a shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer
from rich.padding import Padding
from rich.text import Text

from fanwise.commands.arguments import one_scheme_of, place_of
from fanwise.commands.completions import complete_axes, complete_dtype, complete_scheme
from fanwise.commands.console import console, facts_table, print_json
from fanwise.commands.options import JsonFlag

#: How the frameworks write their names.
_NAMES: Final = {"numpy": "NumPy", "torch": "PyTorch", "keras": "Keras", "jax": "JAX"}
_LAWS: Final = {
    "constant": "one value",
    "uniform": "uniform",
    "normal": "normal",
    "truncated_normal": "normal, cut at {} and {} of its standard deviations",
}

#: Letters of a parameter with its value, which may be many numbers.
_LONGEST: Final = 40

Words = Annotated[
    list[str],
    typer.Argument(
        metavar="SCHEME [PARAM=VALUE]...",
        help="The scheme, then what is not by default.",
        autocompletion=complete_scheme,
    ),
]
Shape = Annotated[
    str | None,
    typer.Option(
        metavar="SHAPE", help="Of the weight, e.g. 512,256; left out, one that suits the scheme."
    ),
]
Axes = Annotated[
    str | None,
    typer.Option(
        metavar="AXES",
        help="What each axis is: kernel, torch, or words as 'out in *'; left out, the scheme's.",
        autocompletion=complete_axes,
    ),
]
Dtype = Annotated[
    str,
    typer.Option(
        metavar="DTYPE",
        help="float16, bfloat16, float32 or float64.",
        autocompletion=complete_dtype,
    ),
]
Params = Annotated[
    list[str] | None,
    typer.Option("--param", metavar="NAME=VALUE", help="A parameter; may be repeated."),
]


def show(
    scheme: Words,
    *,
    shape: Shape = None,
    axes: Axes = None,
    dtype: Dtype = "float32",
    param: Params = None,
    json: JsonFlag = False,
) -> None:
    """Show what a scheme means for a shape, here and in each framework.

    Examples:
        $ fanwise show he_normal
        $ fanwise show normal std=0.02 --shape 768,3072 --axes torch
    """
    from fanwise.commands.shown_schemes import shown_scheme
    from fanwise.spec.resolved import resolve

    chosen = one_scheme_of(scheme, param or (), examples=True)
    sizes, pattern = place_of(chosen, shape, axes)
    shown = shown_scheme(resolve(chosen, sizes, pattern), pattern, dtype)
    if json:
        print_json(shown)
        return
    screen = console()
    screen.print(
        Text.assemble((shown["scheme"]["name"], "bold"), f": {shown['scheme']['summary']}")
    )
    facts = facts_table()
    for label, text in _facts(shown):
        facts.add_row(label, Text(text))
    screen.print(facts)
    screen.print()
    if given := _parameters(shown):
        params = facts_table()
        for label, text in given:
            params.add_row(
                Text(label if len(label) <= _LONGEST else f"{label[:_LONGEST]}…"), Text(text)
            )
        screen.print(params)
        screen.print()
    words = facts_table()
    for label, text in _words(shown):
        words.add_row(label, Text(text))
    screen.print(words)
    screen.print()
    for framework, row in shown["frameworks"].items():
        screen.print(Text(_NAMES[framework], "bold cyan"))
        # Code is copied: it is not broken, however wide.
        screen.print(Text(f"  {row['code']}"), soft_wrap=True)
        for note in _notes(framework, row, shown):
            screen.print(Padding(Text(note), (0, 0, 0, 2)))


def _facts(shown: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what is told of a scheme, each with a label."""
    law, fans, told = shown["law"], shown["fans"], shown["gallery"]
    sizes = " × ".join(map(str, shown["shape"])) or "a scalar"
    facts = [
        ("formula", told["formula"] or told["declared"]),
        *_declared(told, law["kind"]),
        ("shape", f"{sizes}, axes '{shown['axes']}', {shown['dtype']}, {shown['bytes']:,} bytes"),
    ]
    if fans is not None and shown["scheme"]["counts_fans"]:
        counted = "" if fans["mode"] is None else f"; counts {fans['mode']}, {fans['counted']:g}"
        facts.append(("fans", f"fan_in {fans['fan_in']}, fan_out {fans['fan_out']}{counted}"))
    if shown["gain"] is not None:
        facts.append(("gain", f"{shown['gain']:.6g}"))
    kind = _LAWS.get(law["kind"], law["kind"])
    facts.append(("law", kind.format(*(f"{bound:g}" for bound in law["cut"] or ()))))
    facts.append(("mean, std", f"{law['mean']:.6g}, {law['std']:.6g}"))
    if kind in _LAWS.values() or law["cut"]:
        facts.append(("bounds", f"{law['low']:.6g} to {law['high']:.6g}"))
    else:
        facts.append(("bounds", f"at most {law['high']:.6g} in magnitude"))
    if law["uncut_std"] is not None:
        corrected = (
            "widened, so that std is that of what is left" if law["corrected"] else "as given"
        )
        facts.append(("before the cut", f"std {law['uncut_std']:.6g}, {corrected}"))
    return facts


def _declared(told: Mapping[str, Any], kind: str) -> list[tuple[str, str]]:
    """Return what the catalogue declares, where a paper's formula stands above it."""
    in_words = kind not in (*_LAWS, "formula")
    return [] if in_words or not told["formula"] else [("declared", told["declared"])]


def _parameters(shown: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the parameters with their values, and what each of them means."""
    values = shown["scheme"]["params"]
    return [
        (name if values[name] is None else f"{name}={values[name]}", summary)
        for name, summary in shown["scheme"]["parameters"].items()
    ]


def _words(shown: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what is told of where a scheme comes from, and what it is for."""
    told = shown["gallery"]
    words = (
        ("used for", told["used_for"]),
        ("when", told["when"]),
        ("when not", told["not_when"]),
        ("reference", shown["scheme"]["reference"]),
        ("code", shown["scheme"]["code"]),
        ("code and paper", told["departs"]),
        ("see also", ", ".join(told["see_also"])),
    )
    return [(label, text) for label, text in words if text]


def _notes(framework: str, row: Mapping[str, Any], shown: Mapping[str, Any]) -> list[str]:
    """Return what a framework has of its own for the scheme, and how that differs."""
    if framework == "numpy":
        return []
    name = _NAMES[framework]
    default = "" if shown["scheme"]["by_default"] else ", of the scheme with its defaults"
    if row["own"] is None:
        notes = [f"{name} has none of its own."]
    elif not row["differs"]:
        notes = [f"{name}'s own has the same law{default}: {row['own']}"]
    else:
        notes = [f"{name}'s own{default}: {row['own']}", *row["differs"]]
    notes += [f"What has the same law{default}: {row['instead']}"] if row["instead"] else []
    if row["bare_std"] is not None and row["bare_std"] != shown["law"]["std"]:
        read = f"'{row['reads']}', where std is {row['bare_std']:.6g}"
        notes.append(f"{name} reads a bare array of this shape as {read}.")
    if 'axes="kernel"' in row["code"] and len(shown["shape"]) > 1:
        *field, inputs, outputs = shown["shape"]
        stored = ", ".join(map(str, (outputs, inputs, *field)))
        notes.append(f"A layer of {name} stores it as ({stored}): leave axes out there.")
    for deviation in row["deviations"]:
        of = f" ({', '.join(deviation['of'])})" if deviation["of"] else ""
        notes.append(f"Known{of}: {deviation['reason']}")
    return notes
