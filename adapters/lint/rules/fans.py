"""Fans that are not those of the layer: transposed convolutions, packed projections, vectors."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from fanwise.adapters.lint.findings import LintFinding
from fanwise.adapters.lint.guards import classes_asked_for
from fanwise.adapters.lint.sources import PythonSource
from fanwise.adapters.lint.tensors import argument, in_place_function, stripped

#: Functions whose scale follows from one fan, which a transposed convolution has swapped.
_ONE_FAN: Final = re.compile(r"(kaiming|he|lecun)_(normal|uniform)_")
_BOTH_FANS: Final = re.compile(r"(xavier|glorot)_(normal|uniform)_")
_FANS: Final = "_calculate_fan_in_and_fan_out"
_TRANSPOSED: Final = re.compile(
    r"(\w*\.)*(Lazy)?ConvTranspose([123]d)?|(\w*\.)*Conv[123]DTranspose"
)
_FUNCTIONAL: Final = re.compile(r"conv_transpose[123]d")
#: How projections are called that share a matrix.
_PACKED: Final = re.compile(
    r"(w_?|c_|to_|in_proj_|fused_)*(qkv|q_k_v|query_key_value|kv)s?(_proj|_projs?)?(_weight)?"
    r"|in_proj_weight|in_proj_qkv"
)
_KERAS_ONE_FAN: Final = re.compile(r"(he|lecun)_?(normal|uniform)", re.IGNORECASE)


def check(source: PythonSource) -> Iterator[LintFinding]:
    """Find weights whose scale is taken from the wrong fans."""
    for call in source.calls:
        yield from _keras_kernel(source, call)
        function = in_place_function(source, call)
        if function == _FANS or source.last_word(call.func) == _FANS:
            function = _FANS
        if not function or not call.args:
            continue
        weight = call.args[0]
        one_fan = _ONE_FAN.fullmatch(function) or function == _FANS
        if one_fan and _is_transposed(source, weight):
            yield from _transposed(source, call, function)
        elif _is_packed(source, call, function, weight):
            yield source.finding(
                "FW204",
                call,
                f"{source.segment(weight)} holds several projections, and its fan_out is counted "
                "as that of one.",
            )
        elif (one_fan or _BOTH_FANS.fullmatch(function)) and _is_vector(source, weight):
            yield source.finding(
                "FW205",
                call,
                f"{source.segment(weight)} is a vector, which has no fans: {function} raises "
                "ValueError.",
            )


def _transposed(source: PythonSource, call: ast.Call, function: str) -> Iterator[LintFinding]:
    mode = argument(call, "mode", 2)
    if function != _FANS and isinstance(mode, ast.Constant) and mode.value == "fan_out":
        # The fan that torch calls so is in * kernel: the inputs of a transposed convolution.
        return
    what = "fan_in" if function != _FANS else "fan_in and fan_out"
    yield source.finding(
        "FW203",
        call,
        f"{source.segment(call.args[0])} is that of a transposed convolution, stored (in, out, "
        f"...): torch takes {what} as if it were (out, in, ...).",
    )


def _is_transposed(source: PythonSource, weight: ast.expr) -> bool:
    weight = stripped(weight)
    if not isinstance(weight, ast.Attribute):
        return False
    holder = weight.value
    if weight.attr == "weight":
        asked = classes_asked_for(source, weight, holder)
        if asked is not None:
            return any(_TRANSPOSED.fullmatch(name) for name in asked)
        values = (
            source.bound_values(holder)
            if isinstance(holder, ast.Name)
            else source.attribute_values(holder)
            if isinstance(holder, ast.Attribute)
            else None
        )
        if values and all(
            isinstance(v, ast.Call) and _TRANSPOSED.fullmatch(source.origin(v.func)) for v in values
        ):
            return True
    if not isinstance(holder, ast.Name) or holder.id != source.self_name(weight):
        return False
    cls = source.class_of(weight)
    if cls is None:
        return False
    if weight.attr == "weight" and any(_TRANSPOSED.fullmatch(b) for b in source.bases(cls)):
        return True
    return any(
        isinstance(call, ast.Call)
        and _FUNCTIONAL.fullmatch(source.last_word(call.func))
        and ast.dump(argument(call, "weight", 1) or call) == ast.dump(weight)
        for call in ast.walk(cls)
    )


def _is_packed(source: PythonSource, call: ast.Call, function: str, weight: ast.expr) -> bool:
    """Whether several projections are scaled by fan_out, as if they were one."""
    mode = argument(call, "mode", 2)
    by_fan_out = isinstance(mode, ast.Constant) and mode.value == "fan_out"
    if not _BOTH_FANS.fullmatch(function) and not (_ONE_FAN.fullmatch(function) and by_fan_out):
        return False
    gain = argument(call, "gain", 1)
    if gain is not None and not (isinstance(gain, ast.Constant) and gain.value == 1):
        # Such as 1/√2, which fairseq and BEiT put there against it.
        return False
    if isinstance(weight, ast.Attribute) and weight.attr == "weight":
        weight = weight.value
    return isinstance(weight, ast.Attribute | ast.Name) and bool(
        _PACKED.fullmatch(source.last_word(weight))
    )


def _is_vector(source: PythonSource, weight: ast.expr) -> bool:
    """Whether a tensor is a bias, and the file does not make one of more than one axis of it."""
    if not isinstance(weight, ast.Attribute) or weight.attr != "bias":
        return False
    values = source.attribute_values(weight)
    if not values:
        holder = weight.value
        layers = source.attribute_values(holder) if isinstance(holder, ast.Attribute) else None
        known = all(isinstance(layer, ast.Call) for layer in layers or [])
        return known and not (isinstance(holder, ast.Name) and holder.id == "self")
    return all(_has_one_axis(value) for value in values)


def _has_one_axis(value: ast.expr) -> bool:
    """Whether an expression makes a tensor of one axis: ``Parameter(torch.empty(n))``."""
    match value:
        case ast.Call(func=ast.Attribute(attr="Parameter") | ast.Name(id="Parameter")):
            return bool(value.args) and _has_one_axis(value.args[0])
        case ast.Call(func=ast.Attribute(attr="empty" | "zeros" | "ones" | "Tensor"), args=[size]):
            if isinstance(size, ast.Tuple | ast.List):
                return len(size.elts) == 1
            return isinstance(size, ast.Constant | ast.Name | ast.Attribute)
    return False


def _keras_kernel(source: PythonSource, call: ast.Call) -> Iterator[LintFinding]:
    """Find kernels of Keras's transposed convolutions that are scaled by one fan."""
    if not re.fullmatch(r"Conv[123]DTranspose", source.last_word(call.func)):
        return
    initializer = argument(call, "kernel_initializer", -1)
    name = ""
    if isinstance(initializer, ast.Constant) and isinstance(initializer.value, str):
        name = initializer.value
    elif isinstance(initializer, ast.Call):
        name = source.last_word(initializer.func)
    if _KERAS_ONE_FAN.fullmatch(name):
        yield source.finding(
            "FW203",
            call,
            f"The kernel of {source.last_word(call.func)} is stored (..., out, in): Keras takes "
            "its fan_in as if it were (..., in, out).",
            "Use a variance_scaling with mode='fan_out', or fanwise, which knows the axes.",
        )
