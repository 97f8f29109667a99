"""Parameters that are made of uninitialized memory, and that nothing in the file writes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from fanwise.adapters.lint.findings import LintFinding
from fanwise.adapters.lint.sources import PythonSource
from fanwise.adapters.lint.tensors import argument, stripped
from fanwise.adapters.lint.writes import AttributeWrites, sets_whole_module

_EMPTY: Final = frozenset({"empty", "empty_like", "empty_strided", "new_empty", "empty_permuted"})
#: Constructors of old, which take sizes and leave the memory as it is.
_TENSORS: Final = frozenset({"Tensor", "FloatTensor", "HalfTensor", "DoubleTensor"})
_PARAMETERS: Final = frozenset({"Parameter"})
#: Types of elements that quantized weights are stored in.
_PACKED: Final = re.compile(r"\bu?int\d+|float[48]_")
#: Names of sizes: one of them alone may else be a list of values.
_SIZE: Final = re.compile(r"(n|num)_\w+|(\w+_)?(dim|size|features|channels|planes|width|units)")
#: Methods that give the same memory, or copy what is in it.
_PASSING: Final = frozenset(
    {"bfloat16", "clone", "contiguous", "cpu", "cuda", "double", "float", "half", "to", "type"}
)
#: Bases of other files that write no parameter of their subclasses.
_KNOWN_BASES: Final = frozenset(
    {
        "ABC",
        "ConfigMixin",
        "Generic",
        "GradientCheckpointingLayer",
        "LightningModule",
        "ModelMixin",
        "Module",
        "ModuleUtilsMixin",
        "PreTrainedModel",
        "PyTorchModelHubMixin",
        "object",
    }
)


def check(source: PythonSource) -> Iterator[LintFinding]:
    """Find parameters that no method writes."""
    writes = None
    known: dict[ast.ClassDef, bool] = {}
    for call in source.calls:
        if source.last_word(call.func) not in _PARAMETERS or not call.args:
            continue
        cls = source.class_of(call)
        name = _attribute_of(source, call)
        if cls is None or not name or not _is_empty(source, call.args[0]):
            continue
        if _is_only_loaded(source, call):
            continue
        writes = writes or AttributeWrites(source)
        if cls not in known:
            known[cls] = _is_known(source, cls)
        if known[cls] and not writes.writes(cls, name):
            yield source.finding(
                "FW401",
                call,
                f"{name} of {cls.name} is uninitialized memory, and nothing in this file writes "
                "it.",
            )


def _is_only_loaded(source: PythonSource, call: ast.Call) -> bool:
    """Whether a parameter does not train: what is quantized, or packed, comes from a file."""
    trains = argument(call, "requires_grad", 1)
    if isinstance(trains, ast.Constant) and trains.value is False:
        return True
    return any(
        keyword.arg == "dtype" and _PACKED.search(source.segment(keyword.value))
        for inner in ast.walk(call.args[0])
        if isinstance(inner, ast.Call)
        for keyword in inner.keywords
    )


def _is_known(source: PythonSource, cls: ast.ClassDef) -> bool:
    """Whether all that may write the parameters of a class is in this file."""
    bases = [base.rpartition(".")[2] for base in source.bases(cls)]
    known = all(base in _KNOWN_BASES or base.endswith("Mixin") for base in bases)
    return bool(bases) and known and not sets_whole_module(source, cls)


def _attribute_of(source: PythonSource, call: ast.Call) -> str:
    """Return the name that a parameter is given in its object."""
    for outer in source.around(call):
        if isinstance(outer, ast.Call):
            word = source.last_word(outer.func)
            if word in ("register_parameter", "setattr", "__setattr__"):
                names = [a for a in outer.args if isinstance(a, ast.Constant)]
                return str(names[0].value) if names else ""
            if word not in ("ParameterList", "ParameterDict"):
                return ""
        elif isinstance(outer, ast.Assign | ast.AnnAssign):
            target = outer.targets[0] if isinstance(outer, ast.Assign) else outer.target
            if isinstance(target, ast.Subscript):
                target = target.value
            own = source.self_name(call)
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                return target.attr if target.value.id == own else ""
            return _registered(source, target)
        elif not isinstance(
            outer,
            ast.IfExp
            | ast.List
            | ast.Tuple
            | ast.Dict
            | ast.ListComp
            | ast.DictComp
            | ast.GeneratorExp
            | ast.keyword,
        ):
            return ""
    return ""


def _registered(source: PythonSource, target: ast.expr) -> str:
    """Return the name under which a local parameter is registered, untouched before that."""
    if not isinstance(target, ast.Name):
        return ""
    function = source.function_of(target)
    uses = [
        node
        for node in ast.walk(function or source.tree)
        if isinstance(node, ast.Name) and node.id == target.id and isinstance(node.ctx, ast.Load)
    ]
    names = set()
    for use in uses:
        parent = source.parents[use]
        if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Attribute):
            names.add(parent.targets[0].attr)
        elif (
            isinstance(parent, ast.Call)
            and source.last_word(parent.func) == "register_parameter"
            and isinstance(parent.args[0], ast.Constant)
        ):
            names.add(str(parent.args[0].value))
        else:
            return ""
    return names.pop() if len(names) == 1 else ""


def _is_empty(source: PythonSource, node: ast.expr, depth: int = 0) -> bool:
    """Whether an expression is uninitialized memory, of at least one element."""
    node = stripped(node)
    if isinstance(node, ast.Name) and depth < 3:
        values = source.bound_values(node)
        function = source.function_of(node)
        if not values or function is None:
            return False
        return all(_is_empty(source, value, depth + 1) for value in values) and not _is_touched(
            source, node
        )
    if not isinstance(node, ast.Call):
        return False
    word = source.last_word(node.func)
    if isinstance(node.func, ast.Attribute) and word in _PASSING:
        return _is_empty(source, node.func.value, depth + 1)
    origin = source.origin(node.func)
    if word in _TENSORS and origin.startswith("torch."):
        return not node.keywords and _are_sizes(node.args)
    if word not in _EMPTY or not (origin.startswith("torch.") or word == "new_empty"):
        return False
    sizes = [*node.args, *([size] if (size := argument(node, "size", -1)) else [])]
    return bool(sizes) and not any(map(_is_zero, sizes))


def _is_touched(source: PythonSource, name: ast.Name) -> bool:
    """Whether a local tensor is used for something else than to become a parameter."""
    function = source.function_of(name)
    assert function is not None
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == name.id and isinstance(node.ctx, ast.Load):
            outer = next((n for n in source.around(node) if isinstance(n, ast.Call)), None)
            if outer is None or source.last_word(outer.func) not in _PARAMETERS:
                return True
    return False


def _are_sizes(arguments: list[ast.expr]) -> bool:
    """Whether the arguments of a constructor of old are sizes, not values."""
    if len(arguments) == 1 and not isinstance(arguments[0], ast.Starred):
        size = arguments[0]
        if isinstance(size, ast.Constant):
            return isinstance(size.value, int) and size.value > 0
        return bool(_SIZE.fullmatch(PythonSource.last_word(size)))
    return bool(arguments) and not any(
        isinstance(size, ast.List | ast.Tuple) or _is_zero(size) for size in arguments
    )


def _is_zero(size: ast.expr) -> bool:
    parts = size.elts if isinstance(size, ast.Tuple | ast.List) else [size]
    return any(isinstance(part, ast.Constant) and part.value == 0 for part in parts)
