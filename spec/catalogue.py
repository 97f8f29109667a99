"""The catalogue, read from ``schemes.toml`` and checked when it is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from fanwise.spec.errors import FanwiseError
from fanwise.spec.fans import MODES
from fanwise.spec.laws import Generator
from fanwise.spec.own_files import own_text
from fanwise.spec.parameters import KINDS, Declared, FromParameter, Parameter, Value

#: What the distribution of an element of each kind must say, and nothing else.
ELEMENTWISE: Final[dict[str, frozenset[str]]] = {
    "constant": frozenset({"value"}),
    "uniform": frozenset(),
    "normal": frozenset({"mean"}),
    "truncated_normal": frozenset({"mean", "low", "high", "corrected"}),
}
#: The same for the structured generators.
STRUCTURED: Final[dict[str, frozenset[str]]] = {
    Generator.ORTHOGONAL: frozenset({"gain"}),
    Generator.DELTA_ORTHOGONAL: frozenset({"gain"}),
    Generator.IDENTITY: frozenset({"gain"}),
    Generator.DIRAC: frozenset({"groups"}),
    Generator.SPARSE: frozenset({"sparsity", "std"}),
}
DISTRIBUTIONS: Final[Mapping[str, frozenset[str]]] = {**ELEMENTWISE, **STRUCTURED}

#: The keys of each scale rule, in every form that it may take.
SCALE_RULES: Final[dict[str, tuple[frozenset[str], ...]]] = {
    "none": (frozenset(),),
    "std": (frozenset({"std"}),),
    "range": (frozenset({"low", "high"}),),
    "variance": (
        frozenset({"scale", "fan"}),
        frozenset({"gain", "fan"}),
        frozenset({"nonlinearity", "a", "fan"}),
    ),
}
_OPTIONAL: Final = frozenset({"mean"})
_WORDS: Final = frozenset({"kind", "rule", "fan"})
_TABLES: Final = frozenset({"version", "parameters", "schemes"})
_BOUNDS: Final = ("minimum", "maximum", "above")
_PARAMETER_KEYS: Final = frozenset({"kind", "summary", "default", "choices", *_BOUNDS})
_ENTRY_KEYS: Final = frozenset(
    {"summary", "reference", "distribution", "scale", "parameters", "defaults", "alias_of"}
)
_REQUIRED: Final = frozenset({"summary", "reference", "distribution", "scale"})


@dataclass(frozen=True)
class Entry:
    """A scheme as the catalogue declares it."""

    name: str
    summary: str
    reference: str
    parameters: Mapping[str, Parameter]
    distribution: Mapping[str, Declared]
    scale: Mapping[str, Declared]
    alias_of: str | None = None

    @property
    def structured(self) -> bool:
        """Whether a generator fixes the elements together."""
        return self.distribution["kind"] in STRUCTURED

    @property
    def uses_fan(self) -> bool:
        """Whether the scale depends on the shape."""
        return self.scale["rule"] == "variance"


@dataclass(frozen=True)
class Catalogue:
    """All schemes, with the version of the specification that declares them."""

    version: str
    entries: Mapping[str, Entry]


@cache
def catalogue() -> Catalogue:
    """Load the catalogue that comes with the package."""
    import tomllib  # slow to import, and only needed here

    return parse(tomllib.loads(own_text("fanwise.spec", "schemes.toml")))


def parse(data: Mapping[str, Any]) -> Catalogue:
    """Build a catalogue from its TOML data.

    Raises:
        FanwiseError: where the data does not follow the schema.
    """
    known = isinstance(data, Mapping) and set(data) == _TABLES
    _require(known, "catalogue", f"the keys {sorted(_TABLES)}")
    _require(_is_text(data["version"]), "version", "text")
    for table in ("parameters", "schemes"):
        _require(_is_tables(data[table]), table, "tables under names of their own")
    parameters = {name: _parameter(name, row) for name, row in data["parameters"].items()}
    entries = {name: _entry(name, row, parameters) for name, row in data["schemes"].items()}
    for entry in entries.values():
        if entry.alias_of is not None:
            _require(_is_one_of(entry.alias_of, entries), entry.name, "an alias of a known scheme")
    return Catalogue(data["version"], entries)


def _parameter(name: str, row: Mapping[str, Any]) -> Parameter:
    _require({"kind", "summary"} <= set(row) <= _PARAMETER_KEYS, name, "the keys of a parameter")
    kind, choices = row["kind"], row.get("choices", [])
    _require(kind in KINDS, name, f"a kind of {KINDS}")
    _require(_is_text(row["summary"]), name, "a summary in words")
    _require(_is_texts(choices) and bool(choices) == (kind == "choice"), name, "choices of words")
    bounds = [row[key] for key in _BOUNDS if key in row]
    numeric = kind in ("number", "integer") and all(map(_is_number, bounds))
    _require(numeric or not bounds, name, "bounds that are numbers, for a number")
    parameter = Parameter(name, **{**row, "choices": tuple(choices)})
    if parameter.default is not None:
        parameter.checked(parameter.default)
    return parameter


def _entry(name: str, row: Mapping[str, Any], known: Mapping[str, Parameter]) -> Entry:
    _require(set(row) <= _ENTRY_KEYS, name, f"no keys but {sorted(_ENTRY_KEYS)}")
    _require(set(row) >= _REQUIRED, name, f"the keys {sorted(_REQUIRED)}")
    _require(_is_text(row["summary"]) and _is_text(row["reference"]), name, "words, with a source")
    for table in ("distribution", "scale"):
        _require(isinstance(row[table], Mapping), name, f"{table} as a table")
    names = row.get("parameters", [])
    _require(_is_texts(names) and len(set(names)) == len(names), name, "names of parameters")
    _require(set(names) <= set(known), name, "parameters that [parameters] declares")
    distribution, scale = _declared(row["distribution"]), _declared(row["scale"])
    defaults = row.get("defaults", {})
    _require(isinstance(defaults, Mapping), name, "defaults as a table")
    _require(set(defaults) <= set(names), name, "defaults of its own parameters")
    parameters = {n: _with_default(known[n], defaults.get(n)) for n in names}
    _check_distribution(name, distribution, parameters)
    _check_scale(name, scale, parameters)
    kind, rule = distribution["kind"], scale["rule"]
    unscaled = kind == "constant" or kind in STRUCTURED
    _require(unscaled == (rule == "none"), name, "a scale rule for a distribution that has a scale")
    _require(rule != "range" or kind == "uniform", name, "a range for a uniform")
    return Entry(
        name,
        row["summary"],
        row["reference"],
        parameters,
        distribution,
        scale,
        row.get("alias_of"),
    )


def _declared(table: Mapping[str, Any]) -> dict[str, Any]:
    """Read every ``"$name"`` of a table, once for all who use it."""
    return {
        key: FromParameter(value.removeprefix("$"))
        if isinstance(value, str) and value.startswith("$")
        else value
        for key, value in table.items()
    }


def _with_default(parameter: Parameter, default: Value) -> Parameter:
    if default is None:
        return parameter
    return replace(parameter, default=parameter.checked(default))


def _check_distribution(
    name: str, table: Mapping[str, Any], parameters: Mapping[str, Parameter]
) -> None:
    kinds = _choices(table.get("kind"), parameters)
    known = bool(kinds) and all(_is_one_of(kind, DISTRIBUTIONS) for kind in kinds)
    _require(known, name, f"a kind of {sorted(DISTRIBUTIONS)}")
    allowed = frozenset().union(*(DISTRIBUTIONS[kind] for kind in kinds))
    given = set(table) - {"kind"}
    _require(allowed - _OPTIONAL <= given <= allowed, name, f"the keys {sorted(allowed)}")
    _check_references(name, table, parameters)


def _check_scale(name: str, table: Mapping[str, Any], parameters: Mapping[str, Parameter]) -> None:
    rule = table.get("rule")
    forms = SCALE_RULES[rule] if isinstance(rule, str) and rule in SCALE_RULES else ()
    _require(set(table) - {"rule"} in forms, name, f"a scale rule of {sorted(SCALE_RULES)}")
    if table["rule"] == "variance":
        modes = _choices(table["fan"], parameters)
        _require(
            bool(modes) and all(_is_one_of(mode, MODES) for mode in modes), name, "a known fan mode"
        )
        _require({"fan", "groups"} <= set(parameters), name, "the parameters fan and groups")
    _check_references(name, table, parameters)


def _check_references(
    name: str, table: Mapping[str, Any], parameters: Mapping[str, Parameter]
) -> None:
    for key, value in table.items():
        if isinstance(value, FromParameter):
            _require(value.name in parameters, name, f"a parameter of its own for ${value.name}")
        elif key == "corrected":
            _require(isinstance(value, bool), name, "true or false for corrected")
        elif key not in _WORDS:
            _require(_is_number(value), name, f"a number, or a parameter, for {key}")


def _choices(value: Any, parameters: Mapping[str, Parameter]) -> tuple[Any, ...]:
    """Return every value that a literal, or a reference to a choice, can take."""
    if isinstance(value, FromParameter):
        return parameters[value.name].choices if value.name in parameters else ()
    return (value,)


def _is_one_of(value: Any, known: Mapping[str, Any]) -> bool:
    return isinstance(value, str) and value in known


def _is_tables(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(name, str) and name.isidentifier() and isinstance(row, Mapping)
        for name, row in value.items()
    )


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _require(condition: bool, name: str, expected: str) -> None:  # noqa: FBT001
    if not condition:
        hint = "Correct the entry; schemes.schema.json describes it."
        raise FanwiseError(expected, name, hint, context=f"{name!r} does not follow the schema")
