"""Keys of JAX that several draws use."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from fanwise.adapters.lint.findings import LintFinding
from fanwise.adapters.lint.sources import PythonSource
from fanwise.adapters.lint.tensors import argument

#: Draws of jax.random that weights come from.
_DRAWS: Final = frozenset(
    {"gumbel", "laplace", "normal", "orthogonal", "rademacher", "truncated_normal", "uniform"}
)
_INITIALIZERS: Final = frozenset({"flax.linen.initializers", "flax.nnx.initializers"})
#: How many draws before another one are compared with it.
_LOOKED_BACK: Final = 20
_LOOPS: Final = (ast.For, ast.AsyncFor, ast.While)
_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def check(source: PythonSource) -> Iterator[LintFinding]:
    """Find keys that are used for a second draw, in a row or in a loop."""
    if not any(name.startswith(("jax", "flax", "equinox")) for name in source.imports.values()):
        return
    used: dict[tuple[ast.AST, str], list[tuple[ast.Call, ast.Name]]] = defaultdict(list)
    for call in source.calls:
        key = _key_of(source, call)
        if isinstance(key, ast.Name) and not _is_test(source, call):
            scope: ast.AST = source.function_of(call) or source.tree
            used[scope, key.id].append((call, key))
    for (where, name), calls in used.items():
        rebound = source.binding_lines.get((where, name), ())
        calls.sort(key=lambda pair: (pair[0].lineno, pair[0].col_offset))
        for place, (call, _) in enumerate(calls):
            if any(
                not any(earlier.lineno <= line < call.lineno for line in rebound)
                and not _excludes(source, earlier, call)
                for earlier, _ in calls[max(place - _LOOKED_BACK, 0) : place]
            ):
                yield _finding(source, call, name, "a second draw")
            elif _is_repeated(source, call, name):
                yield _finding(source, call, name, "each draw of the loop")


def _is_test(source: PythonSource, call: ast.Call) -> bool:
    """Whether a call stands in a test, which draws twice to compare."""
    return getattr(source.method_of(call), "name", "").startswith("test")


def _finding(source: PythonSource, call: ast.Call, name: str, what: str) -> LintFinding:
    return source.finding("FW303", call, f"The key {name} is used for {what}, unsplit.")


def _key_of(source: PythonSource, call: ast.Call) -> ast.expr | None:
    """Return the key that a call draws with."""
    origin = source.origin(call.func)
    module, _, word = origin.rpartition(".")
    if module == "jax.random" and word in _DRAWS:
        return argument(call, "key", 0)
    if isinstance(call.func, ast.Call):
        made = source.origin(call.func.func)
        if made.startswith("jax.nn.initializers.") or made.rpartition(".")[0] in _INITIALIZERS:
            return argument(call, "key", 0)
    if origin.startswith("equinox.nn."):
        return argument(call, "key", -1)
    if isinstance(call.func, ast.Name):
        values = source.bound_values(call.func)
        if (
            values
            and isinstance(values[0], ast.Call)
            and source.origin(values[0].func).startswith("jax.nn.initializers.")
        ):
            return argument(call, "key", 0)
    return None


def _places_of_binding(scope: ast.AST, name: str) -> list[int]:
    """Return the lines in which a name gets another value."""
    return [
        node.lineno
        for node in ast.walk(scope)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
    ]


def _excludes(source: PythonSource, first: ast.AST, second: ast.AST) -> bool:
    """Whether only one of two nodes runs: they stand in branches, or one is left by a return."""
    above = {id(node): node for node in (first, *source.around(first))}
    here: ast.AST = second
    for outer in source.around(second):
        if id(outer) in above:
            inside = next(
                node for node in (first, *source.around(first)) if source.parents.get(node) is outer
            )
            if isinstance(outer, ast.If | ast.IfExp | ast.Match | ast.Try):
                return inside is not here and not (
                    isinstance(outer, ast.If) and _same_block(outer, inside, here)
                )
            return _leaves(inside, first)
        here = outer
    return False


def _same_block(outer: ast.If, first: ast.AST, second: ast.AST) -> bool:
    return any(first in block and second in block for block in (outer.body, outer.orelse))


def _leaves(branch: ast.AST, first: ast.AST) -> bool:
    """Whether what runs the first draw then leaves the function."""
    if not isinstance(branch, ast.If | ast.Match | ast.With | ast.Try):
        return isinstance(branch, ast.Return)
    blocks = [branch.body] if not isinstance(branch, ast.Match) else [c.body for c in branch.cases]
    if isinstance(branch, ast.If):
        blocks.append(branch.orelse)
    return any(
        isinstance(block[-1], ast.Return | ast.Raise | ast.Continue | ast.Break)
        and any(first in ast.walk(statement) for statement in block)
        for block in blocks
        if block
    )


def _is_repeated(source: PythonSource, call: ast.Call, name: str) -> bool:
    """Whether a loop draws with a key that does not change in it."""
    here: ast.AST = call
    for outer in source.around(call):
        loops = isinstance(outer, _LOOPS) and here in outer.body
        loops |= isinstance(outer, _COMPREHENSIONS) and here not in outer.generators
        if loops:
            return not _places_of_binding(outer, name) and not _leaves_loop(outer, call)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return False
        here = outer
    return False


def _leaves_loop(loop: ast.AST, call: ast.Call) -> bool:
    return any(
        isinstance(node, ast.Return | ast.Break) and call in ast.walk(node)
        for node in ast.walk(loop)
    )
