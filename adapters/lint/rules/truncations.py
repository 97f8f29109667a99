"""Truncated normals: bounds that are absolute and cut nothing, and half precision."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fanwise.adapters.lint.findings import LintFinding
from fanwise.adapters.lint.numbers import Range, range_of
from fanwise.adapters.lint.sources import PythonSource
from fanwise.adapters.lint.tensors import argument, half_tensor

#: How far bounds may lie from the mean, in standard deviations: of a million numbers from a
#: normal distribution one is beyond five.
FURTHEST: Final = 5.0
#: The functions whose bounds are absolute: torch's, timm's, and the copies of it.
_ABSOLUTE: Final = frozenset(
    {"trunc_normal_", "_trunc_normal_", "_no_grad_trunc_normal_", "no_grad_trunc_normal_"}
)
_ORDER: Final = ("tensor", "mean", "std", "a", "b")
_DEFAULTS: Final = {"mean": 0.0, "std": 1.0, "a": -2.0, "b": 2.0}


@dataclass(frozen=True)
class _Truncation:
    """A call of a truncated normal: its node, tensor and numbers, as expressions."""

    call: ast.Call
    tensor: ast.expr | None
    numbers: dict[str, ast.expr]


def check(source: PythonSource) -> Iterator[LintFinding]:
    """Find truncated normals whose bounds cut nothing, or that are drawn in half precision."""
    for truncation in _truncations(source):
        cut = _nearest_bound(source, truncation)
        if cut is not None and cut[0] > FURTHEST:
            distance, std = cut
            where = f"with a std of {std}" if std else "whatever the std"
            yield source.finding(
                "FW101",
                truncation.call,
                f"The bounds of trunc_normal_ are absolute: {where} they lie {distance:.3g} "
                "standard deviations from the mean, and nothing is cut.",
            )
        tensor = truncation.tensor
        if tensor is not None and half_tensor(source, tensor):
            yield source.finding(
                "FW102",
                truncation.call,
                f"trunc_normal_ of {source.segment(tensor)} is drawn in half precision.",
            )


def _truncations(source: PythonSource) -> Iterator[_Truncation]:
    for call in source.calls:
        function, place = call.func, 0
        if source.last_word(function) == "partial" and call.args:
            function, place = call.args[0], 1
        if not _is_absolute(source, function) or any(k.arg is None for k in call.keywords):
            continue
        if place:
            # The tensor comes later.
            numbers = {k.arg: k.value for k in call.keywords if k.arg in _DEFAULTS}
            yield _Truncation(call, None, numbers)
            continue
        given = {name: argument(call, name, i) for i, name in enumerate(_ORDER)}
        if any(isinstance(value, ast.Starred) for value in call.args):
            continue
        numbers = {n: v for n, v in given.items() if v is not None and n != "tensor"}
        yield _Truncation(call, given["tensor"], numbers)


def _is_absolute(source: PythonSource, function: ast.expr) -> bool:
    """Whether a function is a truncated normal whose bounds are absolute."""
    origin = source.origin(function)
    name = origin.rpartition(".")[2]
    definition = source.functions_named.get(name)
    if definition is not None and "." not in origin:
        return any(map(_divides_by_std, ast.walk(definition))) or any(
            isinstance(call, ast.Call) and source.last_word(call.func) in _ABSOLUTE - {name}
            for call in ast.walk(definition)
        )
    return name in _ABSOLUTE and not origin.startswith(("fanwise.", "tensorflow.", "jax."))


def _divides_by_std(node: ast.AST) -> bool:
    """Whether an expression is ``(a - mean) / std``: the code of absolute bounds."""
    match node:
        case ast.BinOp(
            left=ast.BinOp(left=ast.Name(), op=ast.Sub(), right=ast.Name(id="mean")),
            op=ast.Div(),
            right=ast.Name(id="std"),
        ):
            return True
    return False


def _nearest_bound(source: PythonSource, truncation: _Truncation) -> tuple[float, str] | None:
    """Return how many standard deviations the nearer bound is away at least, and the std."""
    numbers = truncation.numbers
    if "std" not in numbers:
        std: Range | None = (_DEFAULTS["std"],) * 2
    else:
        std = range_of(source, numbers["std"])
    if std is not None and std[1] > 0:
        ends = {
            name: range_of(source, numbers[name]) if name in numbers else (_DEFAULTS[name],) * 2
            for name in ("mean", "a", "b")
        }
        mean, low, high = ends["mean"], ends["a"], ends["b"]
        if mean is not None and low is not None and high is not None:
            shown = f"{std[1]:.3g}" if std[0] == std[1] else f"at most {std[1]:.3g}"
            return min(mean[0] - low[1], high[0] - mean[1]) / std[1], shown
    return _multiple_of_std(source, numbers)


def _multiple_of_std(
    source: PythonSource, numbers: dict[str, ast.expr]
) -> tuple[float, str] | None:
    """Return the distance of bounds that are written as multiples of a std, whatever it is."""
    if not {"std", "a", "b"} <= numbers.keys() or isinstance(numbers["std"], ast.Constant):
        return None
    if "mean" in numbers and range_of(source, numbers["mean"]) != (0.0, 0.0):
        return None
    unit = ast.dump(numbers["std"])
    distances = []
    for name in ("a", "b"):
        once, twice = (range_of(source, numbers[name], {unit: value}) for value in (1.0, 2.0))
        if once is None or twice is None or once[0] != once[1] or twice[0] != 2 * once[0]:
            return None
        distances.append(abs(once[0]))
    return min(distances), ""
