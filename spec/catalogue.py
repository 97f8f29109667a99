"""The catalogue, read from ``schemes.toml`` and ``schemes/``, and checked when it is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

from fanwise.spec.axes import layout
from fanwise.spec.errors import FanwiseError
from fanwise.spec.expressions import names_in
from fanwise.spec.fans import MODES
from fanwise.spec.generators import GENERATORS
from fanwise.spec.laws import FIXED_GENERATORS, Generator
from fanwise.spec.own_files import own_text
from fanwise.spec.parameters import (
    KINDS,
    Declared,
    Expression,
    FromParameter,
    Parameter,
    Value,
)

#: What the distribution of an element of each kind must say, and nothing else.
ELEMENTWISE: Final[dict[str, frozenset[str]]] = {
    "constant": frozenset({"value"}),
    "uniform": frozenset(),
    "normal": frozenset({"mean"}),
    "truncated_normal": frozenset({"mean", "low", "high", "corrected"}),
}
#: The kind whose elements are worked out of their places and words, by an expression.
FORMULA: Final = "formula"
#: The same for what a generator makes as a whole.
STRUCTURED: Final[dict[str, frozenset[str]]] = {
    Generator.ORTHOGONAL: frozenset({"gain"}),
    Generator.DELTA_ORTHOGONAL: frozenset({"gain"}),
    Generator.IDENTITY: frozenset({"gain"}),
    Generator.DIRAC: frozenset({"groups"}),
    Generator.SPARSE: frozenset({"sparsity", "std"}),
    Generator.FORMULA: frozenset({"value"}),
    **{name: declared.keys for name, declared in GENERATORS.items()},
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
#: The kinds of parameters that an expression may name.
_NUMERIC: Final = ("number", "integer", "boolean", "values")
_TABLES: Final = frozenset({"version", "parameters", "schemes"})
_BOUNDS: Final = ("minimum", "maximum", "above", "below")
_PARAMETER_KEYS: Final = frozenset({"kind", "summary", "default", "choices", "required", *_BOUNDS})
_REQUIRED: Final = frozenset({"summary", "reference", "distribution", "scale"})
_ENTRY_KEYS: Final = _REQUIRED | {
    "parameters",
    "defaults",
    "alias_of",
    "axes",
    "shape",
    "example",
    "after",
    "members",
    "code",
    "since",
}
#: What an expression may name besides the parameters of its scheme.
FANS: Final = frozenset({"fan_in", "fan_out"})
#: The names of a formula for the place of an element, and for its word.
PLACE: Final = ("row", "rows", "column", "columns", "batch", "batches", "pi")
DRAWN: Final = ("u", "z")
#: What may be done to a weight after its elements are drawn.
STEPS: Final = ("unit_columns", "unit_rows", "unit_spectral_norm")
#: Of the catalogue's files, the folder with those of the families.
_FAMILIES: Final = (
    "parameters",
    "general",
    "scale",
    "gates",
    "state_spaces",
    "positions",
    "structured",
    "implicit",
    "adapters",
)


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
    family: str = "basic"
    axes: str | None = None
    shape: tuple[int, ...] | None = None
    example: Mapping[str, Value] = field(default_factory=dict)
    after: Mapping[str, Declared] | None = None
    members: tuple[str, ...] = ()
    code: str | None = None
    since: str = "1.0"

    @property
    def structured(self) -> bool:
        """Whether the weight is made as a whole, by a generator or with a step afterwards."""
        return self.distribution["kind"] in STRUCTURED or self.after is not None

    @property
    def has_fan_rule(self) -> bool:
        """Whether a fan, by a mode, divides the scale."""
        return self.scale["rule"] == "variance"

    @property
    def uses_fan(self) -> bool:
        """Whether the scale depends on the shape."""
        return self.has_fan_rule or bool(self.fans_named)

    @property
    def draws(self) -> bool:
        """Whether a weight takes random words."""
        kind = self.distribution["kind"]
        if kind == FORMULA:
            return not self.names.isdisjoint(DRAWN)
        if kind in GENERATORS:
            return GENERATORS[kind].random
        return kind != "constant" and kind not in FIXED_GENERATORS

    @property
    def fans_named(self) -> frozenset[str]:
        """The fans that its expressions name."""
        return FANS & self.names

    @property
    def names(self) -> frozenset[str]:
        """All names of its expressions."""
        tables = (self.distribution, self.scale, self.after or {})
        texts = [v.names for table in tables for v in table.values() if isinstance(v, Expression)]
        return frozenset().union(*texts)


@dataclass(frozen=True)
class Catalogue:
    """All schemes, with the version of the specification that declares them."""

    version: str
    entries: Mapping[str, Entry]


@cache
def catalogue() -> Catalogue:
    """Load the catalogue that comes with the package."""
    import tomllib  # slow to import, and only needed here

    first = tomllib.loads(own_text("fanwise.spec", "schemes.toml"))
    families = {
        name: tomllib.loads(own_text("fanwise.spec", f"schemes/{name}.toml")) for name in _FAMILIES
    }
    return parse(first, families)


def parse(
    data: Mapping[str, Any], families: Mapping[str, Mapping[str, Any]] | None = None
) -> Catalogue:
    """Build a catalogue from its TOML data.

    Args:
        data: the schemes that each family may build on, and the version.
        families: further parameters and schemes, under the names of their families.

    Raises:
        FanwiseError: where the data does not follow the schema.
    """
    known = isinstance(data, Mapping) and set(data) == _TABLES
    _require(known, "catalogue", f"the keys {sorted(_TABLES)}")
    _require(_is_text(data["version"]), "version", "text")
    tables: dict[str, dict[str, Any]] = {"parameters": {}, "schemes": {}}
    family_of: dict[str, str] = {}
    for family, part in {"basic": data, **(families or {})}.items():
        _require(set(part) <= _TABLES, family, f"the keys {sorted(_TABLES)}")
        for table, rows in tables.items():
            more = part.get(table, {})
            _require(_is_tables(more), table, "tables under names of their own")
            twice = sorted(set(rows) & set(more))
            _require(not twice, " ".join(twice), f"one meaning in {table}")
            rows.update(more)
        family_of |= dict.fromkeys(part.get("schemes", {}), family)
    parameters = {name: _parameter(name, row) for name, row in tables["parameters"].items()}
    entries = {
        name: replace(_entry(name, row, parameters), family=family_of[name])
        for name, row in tables["schemes"].items()
    }
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
    numeric = kind in ("number", "integer", "values") and all(map(_is_number, bounds))
    _require(numeric or not bounds, name, "bounds that are numbers, for a number")
    required = row.get("required", False)
    _require(isinstance(required, bool), name, "true or false for required")
    _require(not (required and "default" in row), name, "no default for what is required")
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
    numeric = frozenset(n for n in names if known[n].kind in _NUMERIC)
    own = frozenset(numeric | FANS)
    distribution, scale = _declared(row["distribution"], own), _declared(row["scale"], own)
    defaults = row.get("defaults", {})
    _require(isinstance(defaults, Mapping), name, "defaults as a table")
    _require(set(defaults) <= set(names), name, "defaults of its own parameters")
    parameters = {n: _with_default(known[n], defaults.get(n)) for n in names}
    _check_distribution(name, distribution, parameters)
    _check_scale(name, scale, parameters)
    after = _after(name, row, own)
    example = _example(name, row, parameters)
    kind, rule = distribution["kind"], scale["rule"]
    unscaled = kind == "constant" or kind in STRUCTURED
    _require(after is None or not unscaled, name, "a step after a distribution of elements")
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
        axes=row.get("axes"),
        shape=_shape(name, row),
        example=example,
        after=after,
        members=_texts(name, row, "members"),
        code=row.get("code"),
        since=row.get("since", "1.0"),
    )


def _declared(table: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    """Read every ``"$name"`` and every expression of a table, once for all who use it."""
    words = _WORDS
    if table.get("kind") == FORMULA:
        names = names.union(PLACE, DRAWN)
    elif table.get("kind") in GENERATORS:
        words = words.union(GENERATORS[table["kind"]].words)
    return {key: _read(key, value, names, words) for key, value in table.items()}


def _read(key: str, value: Any, names: frozenset[str], words: frozenset[str]) -> Any:
    if not isinstance(value, str):
        return value
    if value.startswith("$"):
        return FromParameter(value.removeprefix("$"))
    if key in words:
        return value
    named = names_in(value)
    unknown = sorted(named - names)
    _require(not unknown, value, f"no names but {sorted(names)}")
    return Expression(value, named)


def _after(
    name: str, row: Mapping[str, Any], names: frozenset[str]
) -> Mapping[str, Declared] | None:
    """Read the step after the elements are drawn."""
    table = row.get("after")
    if table is None:
        return None
    _require(isinstance(table, Mapping) and set(table) == {"step", "gain"}, name, "step and gain")
    _require(_is_one_of(table["step"], dict.fromkeys(STEPS)), name, f"a step of {STEPS}")
    return {"step": table["step"], **_declared({"gain": table["gain"]}, names)}


def _example(
    name: str, row: Mapping[str, Any], parameters: Mapping[str, Parameter]
) -> Mapping[str, Value]:
    """Read the parameters by which the scheme is shown and judged."""
    given = row.get("example", {})
    _require(isinstance(given, Mapping), name, "example as a table")
    _require(set(given) <= set(parameters), name, "an example of its own parameters")
    needed = {key for key, parameter in parameters.items() if parameter.required}
    _require(needed <= set(given), name, f"an example of {sorted(needed)}")
    return {key: parameters[key].checked(value) for key, value in given.items()}


def _shape(name: str, row: Mapping[str, Any]) -> tuple[int, ...] | None:
    shape, axes = row.get("shape"), row.get("axes")
    _require(axes is None or _is_text(axes), name, "axes as a pattern")
    if shape is None:
        return None
    _require(isinstance(shape, list), name, "a shape")
    return layout(shape, axes or "kernel").shape


def _texts(name: str, row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    texts = row.get(key, [])
    _require(_is_texts(texts), name, f"{key} as words")
    return tuple(texts)


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
        elif key not in _WORDS and not isinstance(value, Expression | str):
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
