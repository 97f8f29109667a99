"""Reads a scheme, or a parameter, of the catalogue: its TOML follows the schema, or is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from fanwise.spec.axes import layout
from fanwise.spec.entries import (
    DRAWN,
    FANS,
    FORMULA,
    PLACE,
    SIZES,
    STEPS,
    Entry,
    is_structured,
    keys_of,
)
from fanwise.spec.errors import FanwiseError
from fanwise.spec.fans import MODES
from fanwise.spec.laws import declared_generator
from fanwise.spec.parameters import (
    KINDS,
    Declared,
    Expression,
    FromParameter,
    Parameter,
    Value,
)

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
_NUMERIC: Final = ("number", "integer", "boolean")
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
    "requires",
    "code",
    "since",
}


def read_parameter(name: str, row: Mapping[str, Any]) -> Parameter:
    """Read a parameter.

    Raises:
        FanwiseError: where its table does not follow the schema.
    """
    require({"kind", "summary"} <= set(row) <= _PARAMETER_KEYS, name, "the keys of a parameter")
    kind, choices = row["kind"], row.get("choices", [])
    require(kind in KINDS, name, f"a kind of {KINDS}")
    require(is_text(row["summary"]), name, "a summary in words")
    require(_is_texts(choices) and bool(choices) == (kind == "choice"), name, "choices of words")
    bounds = [row[key] for key in _BOUNDS if key in row]
    numeric = kind in ("number", "integer", "values") and all(map(_is_number, bounds))
    require(numeric or not bounds, name, "bounds that are numbers, for a number")
    required = row.get("required", False)
    require(isinstance(required, bool), name, "true or false for required")
    both = "required" in row and "default" in row
    require(not both, name, "no default for what is required")
    parameter = Parameter(name, **{**row, "choices": tuple(choices)})
    if parameter.default is not None:
        parameter.checked(parameter.default)
    return parameter


def read_entry(name: str, row: Mapping[str, Any], known: Mapping[str, Parameter]) -> Entry:
    """Read a scheme.

    Args:
        name: of the scheme.
        row: its table.
        known: all parameters that are declared.

    Raises:
        FanwiseError: where its table does not follow the schema.
    """
    require(set(row) <= _ENTRY_KEYS, name, f"no keys but {sorted(_ENTRY_KEYS)}")
    require(set(row) >= _REQUIRED, name, f"the keys {sorted(_REQUIRED)}")
    texts = (row["summary"], row["reference"], row.get("code", "–"), row.get("since", "–"))
    require(all(map(is_text, texts)), name, "words, with a source")
    for table in ("distribution", "scale"):
        require(isinstance(row[table], Mapping), name, f"{table} as a table")
    names = row.get("parameters", [])
    require(_is_texts(names) and len(set(names)) == len(names), name, "names of parameters")
    require(set(names) <= set(known), name, "parameters that [parameters] declares")
    numeric = frozenset(n for n in names if known[n].kind in _NUMERIC)
    own = frozenset(numeric | FANS)
    vectors = frozenset(n for n in names if known[n].kind == "values")
    distribution = _declared(row["distribution"], own, vectors)
    scale = _declared(row["scale"], own)
    defaults = row.get("defaults", {})
    require(isinstance(defaults, Mapping), name, "defaults as a table")
    require(set(defaults) <= set(names), name, "defaults of its own parameters")
    parameters = {n: _with_default(known[n], defaults.get(n)) for n in names}
    _check_distribution(name, distribution, parameters)
    _check_scale(name, scale, parameters)
    after = _after(name, row, own)
    example = _example(name, row, parameters)
    kind, rule = distribution["kind"], scale["rule"]
    unscaled = kind == "constant" or is_structured(kind)
    require(after is None or not unscaled, name, "a step after a distribution of elements")
    require(unscaled == (rule == "none"), name, "a scale rule for a distribution that has a scale")
    require(rule != "range" or kind == "uniform", name, "a range for a uniform")
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
        requires=_requires(name, row, numeric | SIZES),
        code=row.get("code"),
        since=row.get("since", "1.0"),
    )


def with_members(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return the tables of schemes, in which the name of a scheme stands for its members.

    Raises:
        FanwiseError: where it is the name of none that lists its own.
    """
    listed = {name: row["members"] for name, row in rows.items() if "members" in row}
    told = dict(rows)
    for name, members in listed.items():
        if isinstance(members, str):
            joint = listed.get(members)
            require(isinstance(joint, list), name, "members, or a scheme that lists them")
            told[name] = {**rows[name], "members": joint}
    return told


def _declared(
    table: Mapping[str, Any], names: frozenset[str], vectors: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Read every ``"$name"`` and every expression of a table, once for all who use it."""
    words, kind = _WORDS, table.get("kind")
    if kind == FORMULA:
        names = names.union(PLACE, DRAWN, vectors)
    elif isinstance(kind, str) and is_structured(kind) and not kind.startswith("$"):
        declared = declared_generator(kind)
        words = words if declared is None else words.union(declared.words)
    return {key: _read(key, value, names, words) for key, value in table.items()}


def _read(key: str, value: Any, names: frozenset[str], words: frozenset[str]) -> Any:
    if not isinstance(value, str):
        return value
    if value.startswith("$"):
        return FromParameter(value.removeprefix("$"))
    if key in words:
        return value
    from fanwise.spec.expressions import names_in

    named = names_in(value)
    unknown = sorted(named - names)
    require(not unknown, value, f"no names but {sorted(names)}")
    return Expression(value, named)


def _after(
    name: str, row: Mapping[str, Any], names: frozenset[str]
) -> Mapping[str, Declared] | None:
    """Read the step after the elements are drawn."""
    table = row.get("after")
    if table is None:
        return None
    require(isinstance(table, Mapping) and set(table) == {"step", "gain"}, name, "step and gain")
    require(is_one_of(table["step"], dict.fromkeys(STEPS)), name, f"a step of {STEPS}")
    return {"step": table["step"], **_declared({"gain": table["gain"]}, names)}


def _example(
    name: str, row: Mapping[str, Any], parameters: Mapping[str, Parameter]
) -> Mapping[str, Value]:
    """Read the parameters by which the scheme is shown and judged."""
    given = row.get("example", {})
    require(isinstance(given, Mapping), name, "example as a table")
    require(set(given) <= set(parameters), name, "an example of its own parameters")
    needed = {key for key, parameter in parameters.items() if parameter.required}
    require(needed <= set(given), name, f"an example of {sorted(needed)}")
    return {key: parameters[key].checked(value) for key, value in given.items()}


def _shape(name: str, row: Mapping[str, Any]) -> tuple[int, ...] | None:
    shape, axes = row.get("shape"), row.get("axes")
    require(axes is None or is_text(axes), name, "axes as a pattern")
    if shape is None:
        return None
    require(isinstance(shape, list), name, "a shape")
    return layout(shape, axes or "kernel").shape


def _texts(name: str, row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    texts = row.get(key, [])
    require(_is_texts(texts), name, f"{key} as words")
    return tuple(texts)


def _requires(name: str, row: Mapping[str, Any], names: frozenset[str]) -> tuple[Expression, ...]:
    """Read the comparisons that hold where a shape has a meaning."""
    texts = _texts(name, row, "requires")
    if not texts:
        return ()
    from fanwise.spec.expressions import checked_comparison, names_in

    read = tuple(Expression(text, names_in(checked_comparison(text))) for text in texts)
    unknown = sorted(frozenset().union(*(one.names for one in read)) - names)
    require(not unknown, name, f"no names but {sorted(names)}")
    return read


def _with_default(parameter: Parameter, default: Value) -> Parameter:
    if default is None:
        return parameter
    return replace(parameter, default=parameter.checked(default), required=False)


def _check_distribution(
    name: str, table: Mapping[str, Any], parameters: Mapping[str, Parameter]
) -> None:
    kinds = _choices(table.get("kind"), parameters)
    told = [keys_of(kind) if isinstance(kind, str) else None for kind in kinds]
    require(bool(told) and None not in told, name, "a kind of distribution that there is")
    allowed = frozenset().union(*(keys for keys in told if keys is not None))
    given = set(table) - {"kind"}
    require(allowed - _OPTIONAL <= given <= allowed, name, f"the keys {sorted(allowed)}")
    formula = table["kind"] != FORMULA or isinstance(table["value"], Expression)
    require(formula, name, "an expression as the value of a formula")
    _check_references(name, table, parameters)


def _check_scale(name: str, table: Mapping[str, Any], parameters: Mapping[str, Parameter]) -> None:
    rule = table.get("rule")
    forms = SCALE_RULES[rule] if isinstance(rule, str) and rule in SCALE_RULES else ()
    require(set(table) - {"rule"} in forms, name, f"a scale rule of {sorted(SCALE_RULES)}")
    if table["rule"] == "variance":
        modes = _choices(table["fan"], parameters)
        require(
            bool(modes) and all(is_one_of(mode, MODES) for mode in modes), name, "a known fan mode"
        )
        require({"fan", "groups"} <= set(parameters), name, "the parameters fan and groups")
    _check_references(name, table, parameters)


def _check_references(
    name: str, table: Mapping[str, Any], parameters: Mapping[str, Parameter]
) -> None:
    for key, value in table.items():
        if isinstance(value, FromParameter):
            require(value.name in parameters, name, f"a parameter of its own for ${value.name}")
        elif key == "corrected":
            require(isinstance(value, bool), name, "true or false for corrected")
        elif key not in _WORDS and not isinstance(value, Expression | str):
            require(_is_number(value), name, f"a number, or a parameter, for {key}")


def _choices(value: Any, parameters: Mapping[str, Parameter]) -> tuple[Any, ...]:
    """Return every value that a literal, or a reference to a choice, can take."""
    if isinstance(value, FromParameter):
        return parameters[value.name].choices if value.name in parameters else ()
    return (value,)


def is_one_of(value: Any, known: Mapping[str, Any]) -> bool:
    """Tell whether a value is one of some words."""
    return isinstance(value, str) and value in known


def is_tables(value: Any) -> bool:
    """Tell whether a value is tables under names."""
    return isinstance(value, Mapping) and all(
        isinstance(name, str) and name.isidentifier() and isinstance(row, Mapping)
        for name, row in value.items()
    )


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_text, value))


def is_text(value: Any) -> bool:
    """Tell whether a value is text, and not the empty one."""
    return isinstance(value, str) and bool(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def require(condition: bool, name: str, expected: str) -> None:  # noqa: FBT001
    """Raise where an entry does not follow the schema."""
    if not condition:
        hint = "Correct the entry; schemes.schema.json describes it."
        raise FanwiseError(expected, name, hint, context=f"{name!r} does not follow the schema")
