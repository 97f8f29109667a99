"""Arguments of every kind, right and wrong: schemes, shapes, axes, seeds, paths, dtypes."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np

import fanwise
from fanwise.spec.catalogue import catalogue
from fanwise.spec.registry import entry_of
from fuzz.calls import Chooser

#: Small, so that a framework compiles for few of them.
SIZES: Final = (0, 1, 2, 3, 4, 6, 7, 8, 12)
SHAPES: Final = (
    (), (0,), (1,), (5,), (4, 6), (6, 4), (8, 8), (0, 4), (1, 1), (3, 3, 4, 8), (2, 2, 6, 6),
    (3, 4, 6), (2, 3, 4, 2, 2),
)  # fmt: skip
_MATRICES: Final = ((4, 6), (6, 4), (8, 8), (3, 3, 4, 8), (2, 2, 6, 6), (3, 4, 6))
NUMBERS: Final = (
    0.0, -0.0, 1, 1.0, 2, 0.5, 0.02, -0.1, 3.0, -2.0, 1e-3, 10.0,
    1e-45, 1e-300, 1e30, 1e300, -1e300, 2**24, 2**53, 2**70, 65504.0, 65520.0, 3.4e38, 1e9, -1e9,
)  # fmt: skip
ODD_NUMBERS: Final = (
    math.inf, -math.inf, math.nan, True, None, "0.1", 1j, [], (), {}, 10**400, b"1",
    Fraction(1, 3), Decimal("0.1"), np.float32(0.5), np.float64(0.5), np.int64(2), np.array(0.5),
    np.array([0.5]), np.bool_(True), np.float16(65504),
)  # fmt: skip
SEEDS: Final = (0, 1, 2, 7, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1)
ODD_SEEDS: Final = (
    -1, 2**64, 2**65, -(2**63), True, False, 1.0, math.nan, "0", None, [0], (0,), {}, b"0",
    np.int64(3), np.uint64(2**64 - 1), np.int8(-3), np.bool_(True), np.float64(2), np.array(3),
    np.array([3]), Fraction(4, 2), object(),
)  # fmt: skip
PATHS: Final = (
    None, "", "kernel", "dense/kernel", "a/b/c/bias", "/", "//", "a/", "caf\u00e9", "cafe\u0301",
    "\u1e9b\u0323", "\U0001f600", "a\0b", "ﬁ", "x" * 5000, "layer.0.weight", " ", "\n",
    "a\U0001e08f\u0323",
)  # fmt: skip
ODD_PATHS: Final = (
    "\ud800",
    "a\udfff",
    0,
    1.5,
    b"kernel",
    ["a"],
    ("a", "b"),
    Path("a/b"),
    object(),
    True,
)
AXES: Final = (
    "kernel", "torch", "torch_transposed", "keras_transposed", "in out", "out in", "* in out",
    "out in *", "* out out", "batch in out", "in out batch", "(2 out) in", "in (3 out)",
    "(2 in) out",
    "batch=in batch in out", "batch=out batch in out", "batch=in (2 out) in", "in", "out", "*",
    "* batch in out", "in in out", "in out out",
)  # fmt: skip
ODD_AXES: Final = (
    "", " ", "inn out", "(0 out) in", "(-1 out) in", "(2 *) in", "(2 out in", "2 out) in", "* *",
    "batch=", "batch=in", "batch=x in out", "(2out) in", "(99999999999999999999 in) out", "()",
    "( )",
    "in  out", "in\tout", "IN OUT", "in,out", "kernel torch", "(1 in) out", "in out " * 50,
    "(2 batch) in out", None, 0, ["in", "out"], ("in", "out"), b"in out", {"in": 0}, "\ud800",
    "in\0out",
)  # fmt: skip
DTYPES: Final = ("float16", "bfloat16", "float32", "float64")
ODD_DTYPES: Final = (
    "f4", "<f4", ">f4", "=f8", "half", "single", "int32", "uint16", "bool", "complex64",
    "float8_e4m3fn",
    "float128", "S4", "O", "", "x", "datetime64[s]", float, int, str, bool, np.float32, np.float64,
    np.dtype("float32"), np.dtype(">f4"), np.dtype([("a", "f4")]), np.dtype(("f4", (2,))), 3, 3.5,
    [], {},
    object(), "\ud800", type, ("f4", 3), np.int8, b"f4", "float32 ", "Float32",
)  # fmt: skip

_ODD_VALUES: Final = (
    (), [], (math.nan,), (1e300, 1.0), ((1.0, 2.0), (3.0,)), ("a",), 3.0, "1", None, {1.0}, (True,),
    ((),), (((((1.0,),),),),), np.array([1 + 2j]), np.array(["a"]), np.zeros((0, 3)), (10**400,),
)  # fmt: skip


def number(chooser: Chooser) -> Any:
    """Return a number, or now and then something that is none."""
    draw = chooser.random()
    if draw < 0.06:
        chooser.wrong_types = True
        return chooser.choice(ODD_NUMBERS)
    if draw < 0.25:
        return chooser.choice(NUMBERS)
    return round(abs(chooser.gauss(0, 1)) + 0.001, 3)


def seed(chooser: Chooser) -> Any:
    """Return a seed, or now and then something that is none."""
    return _mostly(chooser, 0.04, SEEDS, ODD_SEEDS)


def path(chooser: Chooser) -> Any:
    """Return a path, or now and then something that is none."""
    return _mostly(chooser, 0.04, PATHS, ODD_PATHS)


def axes(chooser: Chooser, rank: int | None = None) -> Any:
    """Return a pattern, of some rank or of any, or now and then something that is none."""
    if chooser.chance(0.4):
        return chooser.choice(AXES[:4])
    if rank and chooser.chance(0.7):
        words = [chooser.choice(("in", "out", "batch", "*", "in", "out")) for _ in range(rank)]
        if chooser.chance(0.3):
            place = chooser.randrange(rank)
            words[place] = f"({chooser.choice((1, 2, 3))} {words[place]})"
        return " ".join(words)
    return _mostly(chooser, 0.05, AXES, ODD_AXES)


def dtype(chooser: Chooser) -> Any:
    """Return the name of a dtype, or now and then something else."""
    return _mostly(chooser, 0.06, DTYPES, ODD_DTYPES)


def shape(chooser: Chooser) -> Any:
    """Return a shape, in any form, or now and then something that is none."""
    if chooser.chance(0.06):
        return chooser.choice(
            (
                chooser.junk(),
                (4, -6),
                (4, 6.0),
                (4, True),
                "46",
                24,
                (2**63, 0),
                (2**62, 2**62),
                ["4"],
            )
        )
    sizes = sound_shape(chooser)
    form = chooser.random()
    if form < 0.1:
        return list(sizes)
    if form < 0.14:
        return np.array(sizes, np.int64)
    if form < 0.18:
        return tuple(np.int32(size) for size in sizes)
    return sizes


def sound_shape(chooser: Chooser) -> tuple[int, ...]:
    """Return a small shape as a tuple."""
    if chooser.chance(0.7):
        return chooser.choice(SHAPES if chooser.chance(0.4) else _MATRICES)
    return tuple(chooser.choice(SIZES) for _ in range(chooser.randrange(6)))


def parameters(chooser: Chooser, name: str) -> dict[str, Any]:
    """Return some of a scheme's parameters, with values that mostly are in their bounds."""
    entry = entry_of(name)
    params: dict[str, Any] = {}
    for declared in entry.parameters.values():
        # What is required is left out now and then, and mostly what the example has.
        if declared.required and not chooser.chance(0.95):
            continue
        if declared.name in entry.example and chooser.chance(0.8):
            params[declared.name] = entry.example[declared.name]
        elif declared.required or chooser.chance(0.3):
            params[declared.name] = _parameter(chooser, declared)
    if chooser.chance(0.02):
        chooser.wrong_types = True
        params[chooser.choice(("gian", "", "seed", "dtype", "a b"))] = 1
    return params


def _parameter(chooser: Chooser, declared: Any) -> Any:
    if chooser.chance(0.03):
        return chooser.junk()
    match declared.kind:
        case "number":
            return number(chooser)
        case "integer":
            return _integer(chooser)
        case "boolean":
            return chooser.choice((True, False, np.bool_(True), 1, 0))
        case "choice":
            return chooser.choice((*declared.choices * 4, "fan", "FAN_IN", ""))
        case "values":
            return values(chooser)
    return chooser.choice(
        ("linear", "relu", "leaky_relu", "tanh", "selu", "conv2d", "relu", "gelu", "ReLU", "")
    )


def values(chooser: Chooser) -> Any:
    """Return numbers side by side, or rows of them, in any form, or something that is none."""
    if chooser.chance(0.08):
        chooser.wrong_types = True
        return chooser.choice(_ODD_VALUES)
    shape = chooser.choice(((4,), (6,), (8,), (4, 6), (8, 8), (1,), (3, 4, 6), (16,)))
    made = np.linspace(0.1, 0.9, math.prod(shape)).reshape(shape)
    form = chooser.random()
    if form < 0.2:
        return made
    listed = made.tolist()
    return listed if form < 0.6 else _as_tuples(listed)


def _as_tuples(listed: Any) -> Any:
    return tuple(map(_as_tuples, listed)) if isinstance(listed, list) else listed


def scheme(chooser: Chooser) -> Any:
    """Return a scheme, by its name, as a value or as data; or something that is none."""
    draw = chooser.random()
    if draw < 0.04:
        return chooser.choice(
            (chooser.junk(), "he_norml", "HeNormal", "", "normal ", "nŏrmal", "x" * 9999)
        )
    name = chooser.choice(fanwise.schemes())
    if draw < 0.5:
        return name
    try:
        return fanwise.scheme(name, **parameters(chooser, name))
    except (fanwise.FanwiseError, TypeError):
        return name


def _mostly(chooser: Chooser, odds: float, usual: tuple[Any, ...], odd: tuple[Any, ...]) -> Any:
    if chooser.chance(odds):
        chooser.wrong_types = True
        return chooser.choice(odd)
    return chooser.choice(usual)


def one_of(*values: Any) -> Callable[[Chooser], Any]:
    """Return a function that chooses one of some values."""
    return lambda chooser: chooser.choice(values)


def _integer(chooser: Chooser) -> Any:
    return chooser.choice((1, 1, 1, 1, 2, 2, 2, 3, 4, 0, -1, 7, 2**70, np.int64(2)))


#: Parameters of schemes by their kinds, where a number would always be refused.
_PARAMETERS: Final = {
    parameter.name: parameter.kind
    for entry in catalogue().entries.values()
    for parameter in entry.parameters.values()
}
_OF_VALUES: Final = [name for name, kind in _PARAMETERS.items() if kind == "values"]
_OF_INTEGERS: Final = [
    name for name, kind in _PARAMETERS.items() if kind == "integer" and name != "groups"
]

#: What chooses the argument of a name; those that are not here are numbers.
CHOICES: Final[dict[str, Callable[[Chooser], Any]]] = {
    "seed": seed,
    "path": path,
    "axes": axes,
    "scheme": scheme,
    "dtype": dtype,
    "engine": one_of(*("portable",) * 8, "native", "", None, "Native", 3),
    "mode": one_of(*("fan_in", "fan_out", "fan_avg") * 3, "FAN_IN", "", None),
    "distribution": one_of("normal", "uniform", "truncated_normal", "untruncated_normal", "", None),
    "nonlinearity": one_of("relu", "leaky_relu", "linear", "gelu", "Relu", "", None),
    "groups": one_of(1, 1, 1, 2, 2, 3, 0, -1, 1.0, None, True),
    "corrected": one_of(True, False, 1, None),
    "values": values,
    **dict.fromkeys(_OF_VALUES, values),
    **dict.fromkeys(_OF_INTEGERS, _integer),
}


def argument(
    chooser: Chooser, name: str, others: Mapping[str, Callable[[Chooser], Any]]
) -> Any:  # fmt: skip
    """Return an argument of a function by its name, of which a framework may have others."""
    return {**CHOICES, **others}.get(name, number)(chooser)


def some(
    chooser: Chooser,
    declared: Iterable[inspect.Parameter],
    others: Mapping[str, Callable[[Chooser], Any]],
    odds: float,
) -> dict[str, Any]:
    """Return arguments for some of a function's parameters: always for those that need one."""
    named = [p for p in declared if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    always = {"seed": 0.8} | {p.name: 1.0 for p in named if p.default is p.empty}
    return {
        p.name: argument(chooser, p.name, others)
        for p in named
        if chooser.chance(always.get(p.name, odds))
    }
