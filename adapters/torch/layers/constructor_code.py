"""What a class starts its parameters with in its constructor, read from the text of that.

The constructor is not called. Its statements are read in order: those that make or write one of
the parameters that are asked for are run, if all that they need is known: literals, what the layer
keeps, its config, and the sizes of its parameters.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import math
import textwrap
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from types import FunctionType
from typing import Any, Final

import torch
from torch import Tensor, nn

from fanwise.adapters.guesses.code import source_of
from fanwise.adapters.torch.layers.constructor_values import (
    OF_SIZES,
    UNKNOWN,
    ConstructorValues,
    Unknown,
    UnknownValueError,
    last_name,
)
from fanwise.adapters.torch.layers.law_recorder import LawRecorder
from fanwise.adapters.torch.layers.list_code import expressions_of
from fanwise.adapters.torch.layers.operations import key_of
from fanwise.adapters.torch.layers.recorded_contents import LARGEST
from fanwise.adapters.torch.layers.recorded_laws import Unreadable

#: Arguments that say where a parameter is, and in which dtype, not what it holds.
_NO_VALUES: Final = frozenset({"device", "dtype"})
_UNREAD: Final = Unreadable("code that cannot be read")


def read_constructor(
    layer: nn.Module, names: Sequence[str], recorder: LawRecorder, config: Any
) -> None:
    """Follow what the constructor of a layer writes into some of its parameters.

    Args:
        layer: a twin.
        names: of the parameters.
        recorder: follows what is written.
        config: of the layer, or of the nearest module that holds it.
    """
    for cls in reversed(type(layer).__mro__):
        constructor = vars(cls).get("__init__")
        if not isinstance(constructor, FunctionType) or cls.__module__.startswith("torch."):
            continue
        tree = _tree_of(constructor)
        if tree is None or not any(_mentions(tree, name) for name in names):
            continue
        reader = _Reader(layer, names, recorder, constructor, tree)
        reader.deduce(config)
        reader.read(tree.body)


def read_list(
    layer: nn.Module, attribute: str, held: nn.Module, recorder: LawRecorder, config: Any
) -> None:
    """Follow what the constructor of a layer puts into a list or dict of parameters.

    Args:
        layer: a twin.
        attribute: of the layer, that the list is or lies in.
        held: the twin of the list.
        recorder: follows what is written.
        config: as for :func:`read_constructor`.
    """
    parameters = dict(held.named_parameters(recurse=False))
    for cls in reversed(type(layer).__mro__):
        constructor = vars(cls).get("__init__")
        if not isinstance(constructor, FunctionType) or cls.__module__.startswith("torch."):
            continue
        tree = _tree_of(constructor)
        if tree is None or not (told := expressions_of(tree, attribute, list(parameters))):
            continue
        reader = _Reader(layer, (), recorder, constructor, tree)
        reader.deduce(config)
        reader.read(tree.body)
        for name, node in told.items():
            reader.make_in_list(parameters[name], node)


@lru_cache(maxsize=1024)
def _tree_of(function: FunctionType) -> ast.FunctionDef | None:
    try:
        (tree,) = ast.parse(textwrap.dedent(source_of(function))).body
    except (SyntaxError, ValueError):
        return None
    return tree if isinstance(tree, ast.FunctionDef) else None


@lru_cache(maxsize=8192)
def _mentions(tree: ast.AST, name: str) -> bool:
    """Tell whether code is about an attribute of the layer, by its name."""
    return any(
        (isinstance(node, ast.Attribute) and node.attr == name)
        or (isinstance(node, ast.Constant) and node.value == name)
        for node in ast.walk(tree)
    )


@lru_cache(maxsize=1024)
def _assignments(tree: ast.AST) -> tuple[ast.Assign, ...]:
    """List the assignments to one target in code."""
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Assign))
    return tuple(node for node in nodes if len(node.targets) == 1)


@lru_cache(maxsize=1024)
def _local_names(tree: ast.AST) -> frozenset[str]:
    """Return the names that code assigns to."""
    return frozenset(
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    )


class _Reader:
    """Reads the statements of one constructor."""

    def __init__(
        self,
        layer: nn.Module,
        names: Sequence[str],
        recorder: LawRecorder,
        constructor: FunctionType,
        tree: ast.FunctionDef,
    ) -> None:
        self._layer, self._names, self._recorder = layer, names, recorder
        self._shapes = {name: tuple(getattr(layer, name).shape) for name in names}
        self._constructor, self._tree = constructor, tree
        self._values = ConstructorValues(constructor.__globals__)
        self._known = self._values.known
        #: Whether what is read may be a branch that was not taken.
        self._is_in_doubt = False
        #: Whether it has returned.
        self._is_over = False

    def deduce(self, config: Any) -> None:
        """Find the arguments of the constructor, by what the layer has kept of them."""
        parameters = inspect.signature(self._constructor).parameters
        first, *others = parameters
        kept = vars(self._layer)
        self._known.update(dict.fromkeys(others, UNKNOWN))
        self._known[first] = self._layer
        reassigned = _local_names(self._tree)
        self._values.defaults.update(
            (name, parameters[name].default)
            for name in others
            if parameters[name].default is not inspect.Parameter.empty
        )
        for name in others:
            if name in kept and not isinstance(kept[name], Tensor | nn.Module):
                self._known[name] = kept[name]
        if "config" in self._known and isinstance(self._known["config"], Unknown):
            self._known["config"] = config if config is not None else UNKNOWN
        for name in _NO_VALUES & self._known.keys():
            self._known[name] = None
        values = (node.value for node in self._tree.body if isinstance(node, ast.Assign))
        always = {value.id for value in values if isinstance(value, ast.Name)} | kept.keys()
        for node in _assignments(self._tree):
            attribute = self._attribute(node.targets[0])
            # The layer keeps an argument under a name of its own.
            if isinstance(node.value, ast.Name) and attribute in kept:
                self._deduced(node.value, kept[attribute], reassigned)
                # In a branch that was not taken it may have been something else.
                self._values.doubted.update({node.value.id} - always)
            # Of all parameters of the layer, whichever are asked for.
            held = self._layer._parameters.get(attribute or "")  # noqa: SLF001
            if held is not None:
                self._deduce_sizes(node.value, tuple(held.shape), reassigned)

    def _deduced(self, node: ast.expr, found: Any, reassigned: AbstractSet[str]) -> None:
        name = node.id if isinstance(node, ast.Name) else ""
        if name not in reassigned and isinstance(self._known.get(name), Unknown):
            self._known[name] = found

    def _deduce_sizes(
        self, tree: ast.expr, shape: tuple[int, ...], reassigned: AbstractSet[str]
    ) -> None:
        """Take the names of the sizes of a parameter for the sizes that it has."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and last_name(node.func) in OF_SIZES:
                sizes = node.args
                if len(sizes) == 1 and isinstance(sizes[0], ast.Tuple | ast.List):
                    sizes = sizes[0].elts
                if len(sizes) == len(shape):
                    for size, number in zip(sizes, shape, strict=True):
                        # Without an argument that may be None, there may be other sizes.
                        if self._values.defaults.get(last_name(size), UNKNOWN) is not None:
                            self._deduced(size, number, reassigned)

    def read(self, statements: Sequence[ast.stmt]) -> None:
        """Read statements in their order."""
        for statement in statements:
            if self._is_over:
                return
            if isinstance(statement, ast.Return):
                self._is_over = True
            elif isinstance(statement, ast.If):
                self._read_branch(statement)
            elif isinstance(statement, ast.With):
                self.read(statement.body)
            elif isinstance(statement, ast.Assign | ast.AnnAssign):
                targets = (
                    statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                )
                if statement.value is not None:
                    self._assign(targets, statement.value)
            elif isinstance(statement, ast.AugAssign):
                target = statement.target
                self._assign([target], ast.BinOp(target, statement.op, statement.value))
            elif isinstance(statement, ast.Expr):
                self._run(statement.value)
            else:
                self._give_up(statement)

    def _read_branch(self, statement: ast.If) -> None:
        try:
            is_so = bool(self._followed(statement.test, is_plain=True))
        except UnknownValueError:
            self._give_up(statement)
            # What comes after may not have been run.
            self._is_in_doubt |= any(isinstance(node, ast.Return) for node in ast.walk(statement))
            return
        before = self._is_in_doubt
        self._is_in_doubt |= self._values.is_doubtful
        self.read(statement.body if is_so else statement.orelse)
        self._doubt([name for name in self._names if _mentions(statement, name)])
        self._is_in_doubt = before

    def _assign(self, targets: Sequence[ast.expr], tree: ast.expr) -> None:
        attribute = next((a for a in map(self._attribute, targets) if a in self._shapes), None)
        if attribute is None and len(targets) == 1:
            attribute = self._attribute_of_data(targets[0])
        if attribute in self._shapes:
            if not (isinstance(tree, ast.Constant) and tree.value is None):
                self._make(attribute, tree)
            return
        for target in targets:
            if isinstance(target, ast.Name):
                self._assign_local(target.id, tree)
            elif not isinstance(target, ast.Attribute) or target.attr == "data":
                # Anything but another name for a tensor.
                self._give_up(target)

    def _assign_local(self, name: str, tree: ast.expr) -> None:
        try:
            self._known[name] = self._followed(tree, is_plain=True)
        except UnknownValueError:
            self._known[name] = UNKNOWN
        if self._is_in_doubt or self._values.is_doubtful:
            self._values.doubted.add(name)
        else:
            self._values.doubted.discard(name)

    def _make(self, name: str, tree: ast.expr) -> None:
        """Run what makes a parameter."""
        parameter, shape = getattr(self._layer, name), self._shapes[name]
        made = self._made(tree, shape)
        if made is None and self._values.is_doubtful:
            # A default was not kept; what does not follow from one may be known.
            with self._values.without_defaults():
                made = self._made(tree, shape)
        if made is not None:
            self._recorder.take_over(parameter, made)
        else:
            self._recorder.set_content(parameter, _UNREAD)
        self._doubt([name])

    def _made(self, tree: ast.expr, shape: tuple[int, ...]) -> Tensor | None:
        try:
            made = self._followed(tree, shape=shape)
        except UnknownValueError:
            return None
        return made if isinstance(made, Tensor) and tuple(made.shape) == shape else None

    def make_in_list(self, parameter: Tensor, tree: ast.expr) -> None:
        """Run what makes a parameter of a list, once all statements are read."""
        shape = tuple(parameter.shape)
        made = self._made(tree, shape)
        if made is not None:
            self._recorder.take_over(parameter, made)

    def _run(self, tree: ast.expr) -> None:
        """Run a call that is about one of the parameters."""
        if not isinstance(tree, ast.Call):
            return
        about = [name for name in self._names if _mentions(tree, name)]
        attribute = self._attribute(tree.func)
        if attribute is not None and not tree.args and not tree.keywords:
            method = inspect.getattr_static(type(self._layer), attribute, None)
            source = source_of(method) if isinstance(method, FunctionType) else ""
            about = [name for name in self._names if f"self.{name}" in source]
        if not about and not self._tensors_in(tree):
            return
        try:
            self._followed(tree)
        except UnknownValueError:
            self._forget_tensors(tree)
            for name in about:
                if (held := getattr(self._layer, name)) is not None:
                    self._recorder.set_content(held, _UNREAD)
        self._doubt(about)

    def _doubt(self, names: Sequence[str]) -> None:
        """Note what was read with the default of an argument, which may have been another one."""
        if self._is_in_doubt or self._values.is_doubtful:
            held = (getattr(self._layer, name) for name in names)
            self._recorder.doubted.update(key_of(part) for part in held if part is not None)

    def _followed(
        self, tree: ast.expr, *, is_plain: bool = False, shape: tuple[int, ...] | None = None
    ) -> Any:
        is_large = shape is not None and math.prod(shape) > LARGEST
        place = torch.device("meta") if is_large else contextlib.nullcontext()
        with self._recorder.running(is_plain=is_plain), place:
            return self._values.of(tree, is_plain=is_plain, shape=shape)

    def _give_up(self, statement: ast.AST) -> None:
        """Know nothing of what a statement, or the target of an assignment, may change."""
        self._forget_names(statement)
        if isinstance(statement, ast.Assert | ast.Raise | ast.Import | ast.ImportFrom):
            return
        self._forget_tensors(statement)
        for name in self._names:
            if _mentions(statement, name):
                self._recorder.set_content(getattr(self._layer, name), _UNREAD)

    def _forget_names(self, tree: ast.AST) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self._known[node.id] = UNKNOWN

    def _forget_tensors(self, tree: ast.AST) -> None:
        """Know nothing of tensors that code may write, under any of their names."""
        for name in self._tensors_in(tree):
            self._recorder.set_content(self._known[name], _UNREAD)
            self._known[name] = UNKNOWN

    def _tensors_in(self, tree: ast.AST) -> list[str]:
        """List the names in code that stand for tensors, which it may write."""
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        return [name for name in names if isinstance(self._known.get(name), Tensor)]

    def _attribute_of_data(self, node: ast.expr) -> str | None:
        """Return the name of the attribute whose ``.data`` is meant; None for anything else."""
        if not isinstance(node, ast.Attribute) or node.attr != "data":
            return None
        return self._attribute(node.value)

    def _attribute(self, node: ast.expr) -> str | None:
        """Return the name of an attribute of the layer itself; None for anything else."""
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            return None
        return node.attr if self._known.get(node.value.id) is self._layer else None
