"""Weights that are drawn in half precision, and what is computed from such draws."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from fanwise.adapters.lint.findings import LintFinding
from fanwise.adapters.lint.sources import PythonSource, names_in
from fanwise.adapters.lint.tensors import (
    DRAWS,
    argument,
    half_dtype,
    half_tensor,
    in_place_function,
    is_initializer,
)

_FACTORIES: Final = frozenset({"normal", "rand", "rand_like", "randn", "randn_like", "uniform"})
_PARAMETERS: Final = frozenset(
    {"Parameter", "Param", "UninitializedParameter", "add_weight", "param", "register_parameter"}
)
_FUNCTIONS: Final = frozenset(
    {
        "kaiming_normal_",
        "kaiming_uniform_",
        "normal_",
        "uniform_",
        "xavier_normal_",
        "xavier_uniform_",
    }
)
_TRANSFORMS: Final = frozenset({"log", "log1p", "log2", "logit", "erfinv", "reciprocal", "rsqrt"})
#: Where the dtype stands in the draws of JAX, behind key and shape.
_DTYPE_PLACES: Final = {"normal": 2, "truncated_normal": 4, "uniform": 2}


def check(source: PythonSource) -> Iterator[LintFinding]:
    """Find draws of weights in half precision."""
    drawn = [call for call in source.calls if _draws_in_half(source, call)]
    parameters = _made_parameters(source) if drawn else set()
    transformed = _transformed(source) if drawn else {}
    for call in drawn:
        if _is_weight(source, call, parameters):
            after = _transform(source, call, transformed)
            then = f", and {after} of it is infinite where a draw is zero" if after else ""
            yield source.finding(
                "FW103",
                call,
                f"{source.segment(call)} draws in half precision, which has few numbers to "
                f"draw{then}.",
            )


def _draws_in_half(source: PythonSource, call: ast.Call) -> bool:
    word = source.last_word(call.func)
    origin = source.origin(call.func)
    if origin.startswith("jax.random.") and word in _DTYPE_PLACES:
        return half_dtype(source, argument(call, "dtype", _DTYPE_PLACES[word]))
    if word in _FACTORIES and origin.startswith("torch."):
        if any(keyword.arg == "dtype" for keyword in call.keywords):
            return half_dtype(source, argument(call, "dtype", -1))
        return word.endswith("_like") and bool(call.args) and half_tensor(source, call.args[0])
    if word in DRAWS and isinstance(call.func, ast.Attribute) and not origin.startswith("torch."):
        return half_tensor(source, call.func.value)
    if in_place_function(source, call) in _FUNCTIONS and call.args:
        return half_tensor(source, call.args[0])
    return False


def _is_weight(source: PythonSource, call: ast.Call, parameters: set[tuple[ast.AST, str]]) -> bool:
    """Whether what is drawn is a weight: it is made one, or drawn where weights are set."""
    if source.last_word(call.func) in DRAWS | _FUNCTIONS:
        return True
    if is_initializer(source, source.function_of(call)):
        return True
    statement = source.statement_of(call)
    for outer in source.around(call):
        if isinstance(outer, ast.Call) and source.last_word(outer.func) in _PARAMETERS:
            trains = argument(outer, "requires_grad", 1)
            return not (isinstance(trains, ast.Constant) and trains.value is False)
        if outer is statement:
            break
    if not isinstance(statement, ast.Assign):
        return False
    scope = source.function_of(call) or source.tree
    return any(
        isinstance(target, ast.Name) and (scope, target.id) in parameters
        for target in statement.targets
    )


def _made_parameters(source: PythonSource) -> set[tuple[ast.AST, str]]:
    """Name what is made a parameter, by the scope that this stands in."""
    return {
        (source.function_of(call) or source.tree, name)
        for call in source.calls
        if source.last_word(call.func) in _PARAMETERS
        for value in call.args
        for name in names_in(value)
    }


def _transformed(source: PythonSource) -> dict[tuple[ast.AST, str], str]:
    """Say of which names a logarithm, or the like, is taken, by the scope that this stands in."""
    return {
        (source.function_of(call) or source.tree, operand.id): source.last_word(call.func)
        for call in source.calls
        if source.last_word(call.func) in _TRANSFORMS
        for operand in [*call.args, getattr(call.func, "value", None)]
        if isinstance(operand, ast.Name)
    }


def _transform(
    source: PythonSource, call: ast.Call, transformed: dict[tuple[ast.AST, str], str]
) -> str:
    """Name the logarithm, or the like, that is taken of a draw in the same statement, or next."""
    node: ast.AST = call
    for outer in source.around(call):
        if isinstance(outer, ast.Call):
            word = source.last_word(outer.func).rstrip("_")
            if word in _TRANSFORMS and outer is not call:
                return word
        if isinstance(outer, ast.stmt):
            node = outer
            break
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return transformed.get((source.function_of(call) or source.tree, node.targets[0].id), "")
    return ""
