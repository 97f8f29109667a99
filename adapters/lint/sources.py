"""A Python source as the rules see it: what names are, where they are bound, who holds whom."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from fanwise.adapters.lint.findings import CODES, LintFinding

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Scope = Function | ast.Module | ast.ClassDef
#: What makes a scope of names; a class body does not for the functions in it.
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
#: What objects that hold settings are called.
_SETTINGS: Final = frozenset({"args", "cfg", "conf", "config", "hparams", "params", "settings"})
#: How many bases of a class are looked at.
_LARGEST_FAMILY: Final = 50
#: How many assignments a name is followed through.
_HOPS: Final = 8


class PythonSource:
    """A file, parsed.

    Args:
        path: as findings are to name it.
        text: of the file.
        tree: its syntax, not too deep.
    """

    def __init__(self, path: str, text: str, tree: ast.Module) -> None:
        self.path = path
        self.text = text
        self.tree = tree
        self.nodes: list[ast.AST] = []
        self.parents: dict[ast.AST, ast.AST] = {}
        waiting: list[ast.AST] = [tree]
        while waiting:
            node = waiting.pop()
            self.nodes.append(node)
            children = list(ast.iter_child_nodes(node))
            # Operators and contexts are one object each, and have no parent.
            self.parents.update((child, node) for child in children if hasattr(child, "lineno"))
            for child in children:
                if not hasattr(child, "lineno"):
                    self.parents.setdefault(child, node)
            waiting += reversed(children)
        self.calls = [node for node in self.nodes if isinstance(node, ast.Call)]
        self.functions = [node for node in self.nodes if isinstance(node, _FUNCTIONS)]
        self._lines_encoded: dict[int, bytes] = {}
        self.classes = [node for node in self.nodes if isinstance(node, ast.ClassDef)]
        #: The first function of each name, and all classes of it.
        self.functions_named: dict[str, Function] = {}
        for function in self.functions:
            self.functions_named.setdefault(getattr(function, "name", ""), function)
        self.classes_named: dict[str, list[ast.ClassDef]] = defaultdict(list)
        for cls in self.classes:
            self.classes_named[cls.name].append(cls)

    @cached_property
    def binding_lines(self) -> dict[tuple[ast.AST, str], list[int]]:
        """The lines in which each scope gives its names a value."""
        lines: dict[tuple[ast.AST, str], list[int]] = defaultdict(list)
        for node in self.nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                lines[self.function_of(node) or self.tree, node.id].append(node.lineno)
        return lines

    @cached_property
    def applied(self) -> frozenset[str]:
        """The names of functions that are given to ``module.apply``."""
        return frozenset(
            self.last_word(call.args[0])
            for call in self.calls
            if isinstance(call.func, ast.Attribute) and call.func.attr == "apply" and call.args
        )

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, as the parser counts them."""
        return self.text.split("\n")

    @cached_property
    def imports(self) -> dict[str, str]:
        """What each imported name stands for, e.g. ``{"nn": "torch.nn"}``."""
        names = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    names[name] = alias.name if alias.asname else name
            elif isinstance(node, ast.ImportFrom):
                base = "." * node.level + (node.module or "")
                for alias in node.names:
                    names[alias.asname or alias.name] = f"{base}.{alias.name}"
        return names

    def origin(self, node: ast.AST) -> str:
        """Name what an expression refers to, through imports and aliases; ``""`` if nothing plain.

        ``nn.init.zeros_`` is ``"torch.nn.init.zeros_"`` after ``from torch import nn``.
        """
        words: list[str] = []
        hops = 0
        while True:
            if isinstance(node, ast.Attribute):
                words.append(node.attr)
                node = node.value
            elif isinstance(node, ast.Name):
                alias = self._alias(node) if hops < _HOPS else None
                if alias is None:
                    words.append(self.imports.get(node.id, node.id))
                    return ".".join(reversed(words))
                node, hops = alias, hops + 1
            elif (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "getattr"
                and len(node.args) > 1
                and isinstance(node.args[1], ast.Constant)
            ):
                words.append(str(node.args[1].value))
                node = node.args[0]
            else:
                return ""

    def _alias(self, name: ast.Name) -> ast.AST | None:
        """Return the plain name that a name is another one for, as in ``init = nn.init``."""
        if name.id in self.imports:
            return None
        values = self.bound_values(name)
        if values and len(values) == 1 and isinstance(values[0], ast.Attribute):
            root: ast.AST = values[0]
            while isinstance(root, ast.Attribute):
                root = root.value
            if isinstance(root, ast.Name) and root.id in self.imports:
                return values[0]
        return None

    @staticmethod
    def last_word(node: ast.AST) -> str:
        """Return the last word of what is called or named: ``"zeros_"`` of ``nn.init.zeros_``."""
        if isinstance(node, ast.Attribute):
            return node.attr
        return node.id if isinstance(node, ast.Name) else ""

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """Name what holds a node, from the inside out."""
        while (parent := self.parents.get(node)) is not None:
            yield parent
            node = parent

    def function_of(self, node: ast.AST) -> Function | None:
        """Return the innermost function that a node stands in."""
        return next((n for n in self.around(node) if isinstance(n, _FUNCTIONS)), None)

    def method_of(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """Return the outermost function that a node stands in, below its class."""
        method = None
        for outer in self.around(node):
            if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef):
                method = outer
            elif isinstance(outer, ast.ClassDef):
                break
        return method

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        """Return the innermost class that a node stands in."""
        return next((n for n in self.around(node) if isinstance(n, ast.ClassDef)), None)

    def statement_of(self, node: ast.AST) -> ast.stmt:
        """Return the statement that a node is part of."""
        here = node
        while not isinstance(here, ast.stmt):
            here = self.parents[here]
        return here

    def self_name(self, node: ast.AST) -> str:
        """Return what the method that a node stands in calls its object; ``""`` outside one."""
        method = self.method_of(node)
        if method is None or self.class_of(method) is None or not method.args.args:
            return ""
        return method.args.args[0].arg

    @cached_property
    def _bindings(self) -> dict[ast.AST, dict[str, list[ast.expr | None]]]:
        """What each scope binds its names to; ``None`` is something that is not followed."""
        bound: dict[ast.AST, dict[str, list[ast.expr | None]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for node in self.nodes:
            for name, value in _bound_by(node):
                bound[self._scope_of(node)][name].append(value)
        for function in self.functions:
            for name, default in _parameters(function):
                bound[function][name].insert(0, default)
        return bound

    def _scope_of(self, node: ast.AST) -> ast.AST:
        for outer in self.around(node):
            if isinstance(outer, (*_FUNCTIONS, ast.ClassDef)):
                return outer
        return self.tree

    def scopes_of(self, node: ast.AST) -> Iterator[ast.AST]:
        """Name the scopes whose names a node sees: functions around it, then the module."""
        innermost = self._scope_of(node)
        if isinstance(innermost, ast.ClassDef):
            yield innermost
        yield from (outer for outer in self.around(node) if isinstance(outer, _FUNCTIONS))
        yield self.tree

    def bound_values(self, name: ast.Name) -> list[ast.expr] | None:
        """Return the expressions that a name may stand for; ``None`` if some are unknown.

        A parameter stands for its default.
        """
        for scope in self.scopes_of(name):
            values = self._bindings.get(scope, {}).get(name.id)
            if values:
                known = [value for value in values if value is not None]
                return known if len(known) == len(values) else None
        return None

    def attribute_values(self, node: ast.Attribute) -> list[ast.expr] | None:
        """Return the expressions that ``self.name``, or ``Class.name``, may stand for."""
        if not isinstance(node.value, ast.Name):
            return None
        if node.value.id == self.self_name(node):
            cls = self.class_of(node)
            return self.held_by(cls, node.attr) if cls else None
        holders = self.classes_named.get(node.value.id, ())
        return self.held_by(holders[0], node.attr) if len(holders) == 1 else None

    def setting_values(self, node: ast.Attribute) -> list[ast.expr] | None:
        """Return what the one class here that has such a setting gives it, as of ``config.std``."""
        if self.last_word(node.value) not in _SETTINGS:
            return None
        holders = [
            values for cls in self.classes if (values := self._bindings.get(cls, {}).get(node.attr))
        ]
        if len(holders) != 1:
            return None
        return [value for value in holders[0] if value is not None]

    def held_by(self, cls: ast.ClassDef, attribute: str) -> list[ast.expr] | None:
        """Return what a class, or its bases here, assigns to an attribute of its objects."""
        for holder in self.family(cls):
            values = self._attributes[holder].get(attribute)
            if values:
                known = [value for value in values if value is not None]
                return known if len(known) == len(values) else None
        return None

    @cached_property
    def _attributes(self) -> dict[ast.ClassDef, dict[str, list[ast.expr | None]]]:
        held: dict[ast.ClassDef, dict[str, list[ast.expr | None]]] = {
            cls: defaultdict(list) for cls in self.classes
        }
        for cls in self.classes:
            for name, values in self._bindings.get(cls, {}).items():
                held[cls][name] += values
        for node in self.nodes:
            for target, value in _assigned_by(node):
                if (
                    isinstance(target, ast.Attribute)
                    and isinstance(target.value, ast.Name)
                    and target.value.id == self.self_name(node)
                ):
                    owner = self.class_of(node)
                    assert owner is not None
                    held[owner][target.attr].append(value)
        return held

    def family(self, cls: ast.ClassDef) -> list[ast.ClassDef]:
        """Return a class and those of its bases that are in this file, nearest first."""
        family: list[ast.ClassDef] = []
        waiting = [cls]
        while waiting:
            member = waiting.pop(0)
            if member not in family and len(family) < _LARGEST_FAMILY:
                family.append(member)
                waiting += [
                    other
                    for base in member.bases
                    if isinstance(base, ast.Name)
                    for other in self.classes_named.get(base.id, ())
                ]
        return family

    def heirs(self, cls: ast.ClassDef) -> set[str]:
        """Name the classes here that have a class for a base, or for one of a base."""
        heirs: set[str] = set()
        waiting = [cls.name]
        while waiting and len(heirs) < _LARGEST_FAMILY:
            more = self._derived.get(waiting.pop(), set()) - heirs
            heirs |= more
            waiting += more
        return heirs

    @cached_property
    def _derived(self) -> dict[str, set[str]]:
        derived: dict[str, set[str]] = defaultdict(set)
        for cls in self.classes:
            for base in cls.bases:
                if isinstance(base, ast.Name):
                    derived[base.id].add(cls.name)
        return derived

    def bases(self, cls: ast.ClassDef) -> list[str]:
        """Name the bases of a class that are not in this file."""
        return [
            self.origin(base)
            for member in self.family(cls)
            for base in map(_unsubscripted, member.bases)
            if not (isinstance(base, ast.Name) and base.id in self.classes_named)
        ]

    def segment(self, node: ast.AST, longest: int = 60) -> str:
        """Return the text of a node in one line, cut where it is long."""
        first, last = node.lineno - 1, node.end_lineno - 1  # type: ignore[attr-defined]
        # Many more than are shown: blanks between words are dropped.
        last = min(last, first + longest)
        parts = [self._encoded(line) for line in range(first, last + 1)]
        if last == node.end_lineno - 1:  # type: ignore[attr-defined]
            parts[-1] = parts[-1][: node.end_col_offset]  # type: ignore[attr-defined]
        parts[0] = parts[0][node.col_offset :]  # type: ignore[attr-defined]
        text = " ".join(b" ".join(parts).decode("utf-8", "replace").split())
        return text if len(text) <= longest else text[: longest - 1] + "…"

    def finding(self, code: str, node: ast.AST, message: str, fix: str = "") -> LintFinding:
        """Make a finding of a node."""
        line, end_line = node.lineno, node.end_lineno  # type: ignore[attr-defined]
        return LintFinding(
            self.path,
            line,
            self._column(line, node.col_offset),  # type: ignore[attr-defined]
            end_line,
            self._column(end_line, node.end_col_offset),  # type: ignore[attr-defined]
            code,
            message,
            fix or CODES[code].fix,
        )

    def _column(self, line: int, offset: int) -> int:
        """Count characters, from 1, where the parser counts bytes of UTF-8 from 0."""
        text = self._encoded(line - 1)
        if len(text) == len(self.lines[line - 1]):
            return offset + 1
        return len(text[:offset].decode("utf-8", "replace")) + 1

    def _encoded(self, line: int) -> bytes:
        """Return a line in the bytes that the parser counts."""
        if line not in self._lines_encoded:
            self._lines_encoded[line] = self.lines[line].encode("utf-8", "surrogatepass")
        return self._lines_encoded[line]


def _unsubscripted(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Subscript) else node


def _assigned_by(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """Name the targets of an assignment with their values."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _paired(target, node.value)
    elif isinstance(node, ast.AnnAssign):
        if node.value is not None:
            yield node.target, node.value
    elif isinstance(node, ast.NamedExpr):
        yield node.target, node.value
    elif isinstance(node, ast.AugAssign):
        yield node.target, None


def _paired(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    if not isinstance(target, ast.Tuple | ast.List):
        yield target, value
    elif isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
        for inner, part in zip(target.elts, value.elts, strict=True):
            yield from _paired(inner, part)
    else:
        yield from ((inner, None) for inner in target.elts)


def _bound_by(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """Name what a node binds, with the expressions."""
    for target, value in _assigned_by(node):
        if isinstance(target, ast.Name):
            yield target.id, value
        elif isinstance(target, ast.Starred) and isinstance(target.value, ast.Name):
            yield target.value.id, None
    if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield from ((name, None) for name in names_in(node.target))
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield from ((name, None) for name in names_in(node.optional_vars))
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name, None


def _parameters(function: Function) -> Iterator[tuple[str, ast.expr | None]]:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    missing = len(positional) - len(arguments.defaults)
    defaults = [*([None] * missing), *arguments.defaults]
    yield from zip((p.arg for p in positional), defaults, strict=True)
    yield from zip((p.arg for p in arguments.kwonlyargs), arguments.kw_defaults, strict=True)
    yield from ((p.arg, None) for p in (arguments.vararg, arguments.kwarg) if p is not None)


def names_in(node: ast.AST) -> set[str]:
    """Name the plain names in an expression."""
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
