"""Write the table of schemes in README.md from the catalogue, or check that it is up to date.

Run ``python docs/make_tables.py`` after a change of ``spec/schemes.toml``; ``--check`` writes
nothing, and exits with 1 where the README differs from the catalogue.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Final

from fanwise.spec import catalogue
from fanwise.spec.catalogue import Entry
from fanwise.spec.parameters import Parameter, Value

README: Final = Path(__file__).resolve().parent.parent / "README.md"
COMMAND: Final = "python docs/make_tables.py"
BEGIN: Final = "<!-- schemes: generated -->"
END: Final = "<!-- /schemes -->"
HEAD: Final = ("scheme", "distribution", "scale", "parameters", "reference")


def table() -> str:
    """The table of all schemes of the catalogue, in Markdown."""
    lines = [_line(HEAD), _line(["---"] * len(HEAD))]
    for entry in catalogue().entries.values():
        parameters = ", ".join(f"`{_parameter(p)}`" for p in entry.parameters.values())
        cells = (f"`{entry.name}`", _distribution(entry), _scale(entry), parameters or "–")
        lines.append(_line([*cells, entry.reference]))
    return "\n".join(lines)


def filled(text: str) -> str:
    """A page with the table put between its markers.

    Raises:
        ValueError: unless each marker stands in it once, in this order.
    """
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise ValueError(f"Expected {BEGIN} and then {END}, once each. Put them back.")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


def main(arguments: list[str] | None = None) -> int:
    """Write the table, or check it."""
    parser = argparse.ArgumentParser(description="The table of schemes in README.md.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if it differs")
    check = parser.parse_args(arguments).check
    text = README.read_text("utf-8")
    made = filled(text)
    if check:
        if made != text:
            print(f"The schemes in README.md are out of date. Run: {COMMAND}", file=sys.stderr)
        return int(made != text)
    README.write_text(made, "utf-8")
    return 0


def _line(cells: tuple[str, ...] | list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _parameter(parameter: Parameter) -> str:
    """A parameter with its default, as in a call; without one, the name alone."""
    default = parameter.default
    if default is None:
        return parameter.name
    return f"{parameter.name}={_number(default) if isinstance(default, float) else repr(default)}"


def _distribution(entry: Entry) -> str:
    """The distribution in words, with its cut where that is fixed."""
    distribution, kind = entry.distribution, str(entry.distribution["kind"])
    if entry.structured:
        return entry.summary[0].lower() + entry.summary[1:].rstrip(".")
    if kind == "constant":
        return f"constant {_shown(distribution['value'])}"
    if kind == "truncated_normal":
        low, high = distribution["low"], distribution["high"]
        if isinstance(low, float) and isinstance(high, float) and low == -high:
            return f"normal cut at ±{_number(high)}σ"
        return f"normal cut to [{_shown(low)}, {_shown(high)}]σ"
    return _shown(kind)


def _scale(entry: Entry) -> str:
    """The scale rule as a formula; a structured scheme may name its std instead."""
    scale = entry.scale
    if scale["rule"] == "range":
        return f"from {_shown(scale['low'])} to {_shown(scale['high'])}"
    if scale["rule"] == "variance":
        return f"variance {_ratio(scale)}"
    std = scale.get("std", entry.distribution.get("std"))
    return "–" if std is None else f"std = {_shown(std)}"


def _ratio(scale: Mapping[str, Value]) -> str:
    """The numerator over the fan: 2 / fan_in, gain² / fan_avg, 1 / (3 fan_in)."""
    fan = _shown(scale["fan"])
    if "gain" in scale:
        return f"{_shown(scale['gain'])}² / {fan}"
    if "nonlinearity" in scale:
        return f"gain({_shown(scale['nonlinearity'])}, {_shown(scale['a'])})² / {fan}"
    number = scale["scale"]
    if not isinstance(number, float):
        return f"{_shown(number)} / {fan}"
    ratio = Fraction(number).limit_denominator(1000)
    under = fan if ratio.denominator == 1 else f"({ratio.denominator} · {fan})"
    return f"{ratio.numerator} / {under}"


def _shown(value: Value) -> str:
    """A value of the catalogue; a "$name" is the parameter's name, in italics."""
    if isinstance(value, float):
        return _number(value)
    text = str(value)
    return f"*{text[1:]}*" if text.startswith("$") else text


def _number(value: float) -> str:
    return f"{value:g}"


if __name__ == "__main__":
    sys.exit(main())
