"""Tensors in a source: who initializes what, which are in half precision, which hold nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from fanwise.adapters.lint.sources import Function, PythonSource, names_in

#: Methods that draw, or write constants, in place.
DRAWS: Final = frozenset(
    {
        "bernoulli_",
        "cauchy_",
        "exponential_",
        "geometric_",
        "log_normal_",
        "normal_",
        "random_",
        "uniform_",
    }
)
FILLS: Final = frozenset({"copy_", "fill_", "zero_"})
#: Functions of torch.nn.init, and of those that follow it, that draw.
DRAWING_FUNCTIONS: Final = re.compile(
    r"_?(no_grad_)?(kaiming|xavier|glorot|he|lecun|trunc|truncated|variance|orthogonal|sparse"
    r"|normal|uniform)(_\w+)?_"
)
#: Methods that give back the same memory.
_VIEWS: Final = frozenset(
    {
        "chunk",
        "data",
        "detach",
        "expand",
        "flatten",
        "mT",
        "movedim",
        "narrow",
        "permute",
        "requires_grad_",
        "reshape",
        "select",
        "split",
        "squeeze",
        "swapaxes",
        "t",
        "T",
        "transpose",
        "unflatten",
        "unsqueeze",
        "view",
        "view_as",
    }
)
_HALF: Final = frozenset({"bfloat16", "float16", "half"})
_HALF_STRINGS: Final = frozenset({"bf16", "bfloat16", "float16", "fp16", "half"})
#: Methods and functions that give back other tensors of the same values, or dtype.
_CASTS: Final = frozenset({"to", "type", "astype"})
#: How many statements before a draw are looked at.
_LOOKED_BACK: Final = 100
_INITIALIZER_NAME: Final = re.compile(
    r"_*(re)?(init|initiali[sz]e|reset)_?(weights?|params?|parameters|modules?|layers?|all"
    r"|tensors?|bias(es)?|embeddings?|linear|conv|kernels?|ffn|mlp|attn|attention)s?_?"
    r"|_*(re)?(init|initiali[sz]e|reset)_\w*_?(weights?|params?|parameters)"
    r"|_*(weights?|params?|bert|kaiming|xavier|normal)_init\w*|_*init_?|_*initiali[sz]e"
    r"|_*(init|initiali[sz]e)_(bert_)?(weights?|params?|parameters)_\w+",
    re.IGNORECASE,
)


def in_place_function(source: PythonSource, call: ast.Call) -> str:
    """Return the name of a function that writes its first argument, as torch.nn.init's do.

    ``""`` for anything else, methods of tensors too.
    """
    root: ast.AST = call.func
    while isinstance(root, ast.Attribute):
        root = root.value
    name = source.origin(call.func).rpartition(".")[2]
    if not name.endswith("_") or name.startswith("__") or not isinstance(root, ast.Name):
        return ""
    known = root.id in source.imports or isinstance(call.func, ast.Name)
    return name if known or source.origin(call.func).startswith("torch.") else ""


def in_place_method(call: ast.Call) -> str:
    """Return the name of a method that writes its tensor, such as ``normal_``; else ``""``."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in DRAWS | FILLS:
        return call.func.attr
    return ""


def draws(source: PythonSource, call: ast.Call) -> bool:
    """Whether a call draws into a tensor in place."""
    function = in_place_function(source, call)
    if function:
        return bool(DRAWING_FUNCTIONS.fullmatch(function))
    return in_place_method(call) in DRAWS and isinstance(call.func, ast.Attribute)


def is_initializer(source: PythonSource, function: Function | None) -> bool:
    """Whether a function sets the weights of what it is given, or of its object."""
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return bool(_INITIALIZER_NAME.fullmatch(function.name)) or function.name in source.applied


def stripped(node: ast.expr) -> ast.expr:
    """Return what an expression is a view of: ``w`` of ``w.data[0].view(-1)``."""
    while True:
        match node:
            case ast.Attribute(value=inner, attr=name) if name in _VIEWS:
                node = inner
            case ast.Subscript(value=inner):
                node = inner
            case ast.Call(func=ast.Attribute(value=inner, attr=name)) if name in _VIEWS:
                node = inner
            case _:
                return node


def argument(call: ast.Call, name: str, place: int) -> ast.expr | None:
    """Return an argument by its name or its place, unless starred ones come before it."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if any(isinstance(value, ast.Starred) for value in call.args[: place + 1]):
        return None
    return call.args[place] if 0 <= place < len(call.args) else None


def half_dtype(source: PythonSource, node: ast.expr | None) -> bool:
    """Whether an expression is a dtype of half precision, for all that is known of it."""
    if node is None:
        return False
    if isinstance(node, ast.Constant):
        return node.value in _HALF_STRINGS
    word = source.origin(node).rpartition(".")[2]
    if isinstance(node, ast.Attribute) and word in _HALF:
        return True
    if isinstance(node, ast.Name) and word in _HALF and node.id in source.imports:
        return True
    return any(half_dtype(source, value) for value in _values(source, node))


def _values(source: PythonSource, node: ast.expr) -> list[ast.expr]:
    """Return what a name or attribute may stand for; nothing if that is not known."""
    if isinstance(node, ast.Name):
        values = source.bound_values(node)
    elif isinstance(node, ast.Attribute):
        values = source.attribute_values(node)
    else:
        values = None
    return [value for value in values or [] if names_in(value).isdisjoint(names_in(node))]


def half_tensor(source: PythonSource, node: ast.expr, depth: int = 0) -> bool:
    """Whether an expression is a tensor in half precision, for all that is known of it."""
    node = stripped(node)
    if depth > 8:
        return False
    if _casts_before(source, node):
        return True
    if isinstance(node, ast.Call):
        return _half_call(source, node, depth)
    values = _values(source, node)
    if values:
        return all(half_tensor(source, value, depth + 1) for value in values)
    if isinstance(node, ast.Attribute) and node.attr in ("weight", "bias"):
        layers = _values(source, node.value)
        return bool(layers) and all(
            isinstance(layer, ast.Call) and half_dtype(source, argument(layer, "dtype", -1))
            for layer in layers
        )
    return False


def _half_call(source: PythonSource, call: ast.Call, depth: int) -> bool:
    word = source.last_word(call.func)
    dtype = next((k.value for k in call.keywords if k.arg == "dtype"), None)
    if isinstance(call.func, ast.Attribute):
        if word in ("half", "bfloat16") and not call.args:
            return True
        if word in _CASTS:
            dtypes = [*call.args, *([dtype] if dtype else [])]
            if any(half_dtype(source, value) for value in dtypes):
                return True
            moved = [v for v in call.args if source.last_word(v) in ("device", "cuda", "cpu")]
            return bool(moved) and half_tensor(source, call.func.value, depth + 1)
        if word in ("float", "double"):
            return False
    if dtype is not None:
        return half_dtype(source, dtype)
    if word in ("Parameter", "Buffer", "empty_like", "zeros_like", "rand_like", "randn_like"):
        return bool(call.args) and half_tensor(source, call.args[0], depth + 1)
    if word in ("HalfTensor", "BFloat16Tensor"):
        return True
    if isinstance(call.func, ast.Attribute) and (word in ("cuda", "cpu") or word in DRAWS | FILLS):
        return half_tensor(source, call.func.value, depth + 1)
    return False


def _casts_before(source: PythonSource, node: ast.expr) -> bool:
    """Whether a statement before this one, in the same block, casts a tensor or its model."""
    root: ast.AST = node
    holders = {ast.dump(node)}
    while isinstance(root, ast.Attribute):
        root = root.value
        holders.add(ast.dump(root))
    if not isinstance(root, ast.Name):
        return False
    for earlier in earlier_statements(source, node):
        call = earlier.value if isinstance(earlier, ast.Expr | ast.Assign) else None
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        casts = call.func.attr in ("half", "bfloat16") and not call.args
        casts |= call.func.attr == "to" and any(half_dtype(source, a) for a in call.args)
        casts |= call.func.attr == "to" and half_dtype(source, argument(call, "dtype", -1))
        # A module is cast in place, a tensor is not: `model.half()` alone says which it is.
        if casts and isinstance(earlier, ast.Expr) and ast.dump(call.func.value) in holders:
            return True
    return False


def earlier_statements(source: PythonSource, node: ast.AST) -> Iterator[ast.stmt]:
    """Name the statements that run before one, in its block and in those around it."""
    here: ast.AST = source.statement_of(node)
    while not isinstance(here, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
        outer = source.parents[here]
        for field in ("body", "orelse", "finalbody"):
            block = getattr(outer, field, None)
            if isinstance(block, list) and here in block:
                place = block.index(here)
                yield from reversed(block[max(place - _LOOKED_BACK, 0) : place])
        here = outer
