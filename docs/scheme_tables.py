"""The gallery of schemes: a table of the catalogue, and a section for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from fanwise import scheme
from fanwise.spec import catalogue
from fanwise.spec.entries import Entry
from fanwise.spec.laws import ConstantLaw, Law, NormalLaw, TruncatedNormalLaw, UniformLaw
from fanwise.spec.parameters import Declared, FromParameter, Parameter

#: The shape that numbers and pictures are about, and the one of schemes of convolutions.
DENSE: Final = (512, 256)
CONVOLUTION: Final = (3, 3, 64, 128)
OF_CONVOLUTIONS: Final = ("delta_orthogonal", "dirac")


class Call(NamedTuple):
    """How an example calls a scheme, so that all four lines give the same weights.

    Attributes:
        params: of the scheme.
        torch, keras, jax: the arguments of the three doors, as text.
    """

    params: Mapping[str, float | str | bool]
    torch: str = ""
    keras: str = ""
    jax: str = ""


#: Schemes that the examples call with more than their defaults: the doors keep the arguments and
#: defaults of what they replace, which differ from each other.
CALLS: Final = {
    "constant": Call({"value": 0.5}, "0.5", "0.5", "0.5"),
    "uniform": Call({"low": 0.0, "high": 0.1}, "0.0, 0.1", "0.0, 0.1", "0.1"),
    "normal": Call({"std": 0.02}, "std=0.02", "std=0.02", "0.02"),
    "truncated_normal": Call(
        {"std": 0.02, "corrected": False}, "std=0.02, corrected=False", "stddev=0.02", "0.02"
    ),
    "variance_scaling": Call(
        {"mode": "fan_out"},
        'mode="fan_out"',
        'mode="fan_out"',
        '1.0, "fan_out", "truncated_normal"',
    ),
    "sparse": Call({"sparsity": 0.5}, "0.5", "0.5", "0.5"),
}
#: Letters of a line of code that a page shows without scrolling.
WIDEST: Final = 72
#: Keras's classes of these take no seed; JAX has two of them as functions.
SEEDLESS: Final = ("zeros", "ones", "constant", "identity", "dirac")
PLAIN_IN_JAX: Final = ("zeros", "ones")
#: What belongs together, and what is said of it.
FAMILIES: Final = {
    "Fans": (
        "The usual choice for a layer. The scale follows from the fans of the weight.",
        (
            *("he_normal", "he_uniform", "glorot_normal", "glorot_uniform"),
            *("lecun_normal", "lecun_uniform", "variance_scaling"),
        ),
    ),
    "Torch's names": (
        "As torch.nn.init has them: the normal ones are not cut.",
        ("kaiming_normal", "kaiming_uniform", "xavier_normal", "xavier_uniform", "torch_default"),
    ),
    "A scale of your own": (
        "For embeddings, heads, and whatever a paper gives a number for.",
        ("normal", "truncated_normal", "uniform"),
    ),
    "Constants": ("For biases and norms.", ("zeros", "ones", "constant")),
    "Structured": (
        "The elements depend on each other.",
        ("orthogonal", "delta_orthogonal", "identity", "dirac", "sparse"),
    ),
}


def schemes() -> Iterator[list[str]]:
    """Return a row for each scheme of the catalogue."""
    for entry in catalogue().entries.values():
        yield [f"[`{entry.name}`](#{entry.name})", _distribution(entry), _scale(entry)]


def sections() -> Iterator[str]:
    """Return the sections of the gallery, family by family.

    Raises:
        ValueError: if a scheme of the catalogue is in no family, or in several.
    """
    entries = catalogue().entries
    members = [name for _, names in FAMILIES.values() for name in names]
    if sorted(members) != sorted(entries):
        odd = {name for name in {*members, *entries} if members.count(name) != 1}
        raise ValueError(f"Expected each scheme in one family, received {odd}. Mend FAMILIES.")
    for title, (summary, names) in FAMILIES.items():
        yield f"## {title}\n\n{summary}"
        for name in names:
            yield _section(entries[name])


def shape_of(name: str) -> tuple[int, ...]:
    """Return the shape that a scheme is shown on."""
    return CONVOLUTION if name in OF_CONVOLUTIONS else DENSE


def call_of(name: str) -> Call:
    """Return how the examples call a scheme."""
    return CALLS.get(name, Call({}))


def _section(entry: Entry) -> str:
    shape = shape_of(entry.name)
    law = scheme(entry.name, **call_of(entry.name).params).law(shape)
    facts = [
        f"- Formula: {_formula(entry)}",
        f"- On {shape}: {_in_numbers(law)}",
        f"- Parameters: {_parameters(entry)}",
        f"- Reference: {entry.reference}",
    ]
    picture = f"![{entry.name}](assets/pictures/gallery/{entry.name}.svg)"
    example = "\n".join(("```python", *_lines(entry.name, shape), "```"))
    return "\n\n".join((f"### {entry.name}", entry.summary, picture, "\n".join(facts), example))


def _lines(name: str, shape: tuple[int, ...]) -> Iterator[str]:
    """One statement for each door; torch's layers store the transpose."""
    call = call_of(name)
    params = "".join(f", {key}={_written(value)}" for key, value in call.params.items())
    asked = f'fanwise.scheme("{name}"{params})' if params else f'"{name}"'
    *field, inputs, outputs = shape
    tensor = ", ".join(map(str, (outputs, inputs, *field)))
    kind = "".join(part.title() for part in name.split("_"))
    seed = "" if name in SEEDLESS else "seed=0"
    called = "" if name in PLAIN_IN_JAX else f"({call.jax})"
    yield _statement("fanwise.sample", asked, str(shape), "seed=0")
    yield _statement(
        f"fanwise.torch.{name}_", f"torch.empty({tensor})", *call.torch.split(", "), "seed=0"
    )
    yield _statement(f"fanwise.keras.{kind}({_joined(call.keras, seed)})", str(shape))
    yield _statement(f"fanwise.jax.{name}{called}", "jax.random.key(0)", str(shape))


def _statement(function: str, *arguments: str) -> str:
    """A call as the formatter has it, but for lines that a page does not hold."""
    line = f"{function}({_joined(*arguments)})"
    if len(line) <= WIDEST:
        return line
    return "\n".join((f"{function}(", *(f"    {a}," for a in filter(None, arguments)), ")"))


def _written(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _joined(*arguments: str) -> str:
    return ", ".join(filter(None, arguments))


def _formula(entry: Entry) -> str:
    return ", ".join(part for part in (_distribution(entry), _scale(entry)) if part != "–")


def _in_numbers(law: Law) -> str:
    match law:
        case ConstantLaw(value=value):
            return f"every weight is {value:g}"
        case UniformLaw(low=low, high=high):
            return f"from {low:.4g} to {high:.4g}, std {law.std:.4g}"
        case NormalLaw():
            return f"std {law.std:.4g}, no cut"
        case TruncatedNormalLaw(sigma=sigma, high=high):
            return f"std {law.std:.4g}, cut at ±{sigma * high:.4g}"
    return f"root mean square {(law.std**2 + law.mean**2) ** 0.5:.4g}"


def _parameters(entry: Entry) -> str:
    return ", ".join(f"`{_parameter(p)}`" for p in entry.parameters.values()) or "–"


def _parameter(parameter: Parameter) -> str:
    """A parameter with its default, as in a call; without one, the name alone."""
    default = parameter.default
    if default is None:
        return parameter.name
    return f"{parameter.name}={_number(default) if isinstance(default, float) else repr(default)}"


def _distribution(entry: Entry) -> str:
    """The distribution in words, with its cut where that is fixed."""
    distribution, kind = entry.distribution, entry.distribution["kind"]
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


def _ratio(scale: Mapping[str, Declared]) -> str:
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


def _shown(value: Declared) -> str:
    """Show a value of the catalogue: a parameter by its name, in italics."""
    if isinstance(value, FromParameter):
        return f"*{value.name}*"
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    return f"{value:g}"
