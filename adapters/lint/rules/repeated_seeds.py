"""One seed for every tensor: a stream is seeded anew before each draw, and alike."""

from __future__ import annotations

import ast
import bisect
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from fanwise.adapters.lint.findings import LintFinding
from fanwise.adapters.lint.seeding import seed_of
from fanwise.adapters.lint.sources import Function, PythonSource, names_in
from fanwise.adapters.lint.tensors import draws, is_initializer

_LOOPS: Final = (ast.For, ast.AsyncFor, ast.While)
_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_END: Final = (1 << 60, 0)
#: What a loop over weights runs over.
_OVER_WEIGHTS: Final = re.compile(
    r"\b(named_)?(parameters|modules|children)\(|\b\w*(params?|weights?|shapes?|layers?|state_dict"
    r"|tensors|kernels|leaves)\b",
    re.IGNORECASE,
)
#: Functions that make one weight.
_MAKES_WEIGHT: Final = re.compile(
    r".*(init|weight|param|kernel|layer|linear|dense|embed|mlp|proj).*", re.IGNORECASE
)
#: Parameters of functions that say what one weight is to be.
_OF_A_WEIGHT: Final = frozenset(
    {
        "d_in",
        "d_out",
        "dim",
        "dim_in",
        "dim_out",
        "dims",
        "in_dim",
        "in_features",
        "layer",
        "m",
        "module",
        "n_in",
        "n_out",
        "name",
        "out_dim",
        "out_features",
        "p",
        "param",
        "parameter",
        "rows",
        "shape",
        "size",
        "t",
        "tensor",
        "w",
        "weight",
    }
)
#: Draws from a stream that is passed, or from a generator's methods.
_FREE_DRAWS: Final = frozenset(
    {
        "normal",
        "rand",
        "randn",
        "random",
        "standard_normal",
        "truncated_normal",
        "uniform",
        "orthogonal",
    }
)


def check(source: PythonSource) -> Iterator[LintFinding]:
    """Find seeds that are set again for each tensor."""
    seeds: dict[Function | ast.Module, list[tuple[ast.Call, ast.expr]]] = defaultdict(list)
    for call in source.calls:
        seed = seed_of(source, call)
        if seed is None:
            continue
        seeds[source.function_of(call) or source.tree].append((call, seed))
        loop = _loop_of(source, call)
        if loop is not None and _repeats_in(source, loop, call, seed):
            yield _finding(source, call, seed, "for each tensor of the loop")
        elif _repeats_by_function(source, call, seed):
            yield _finding(source, call, seed, "at each call of the function")
    for scope, calls in seeds.items():
        yield from _repeated_in_line(source, scope, calls)


def _finding(source: PythonSource, call: ast.Call, seed: ast.expr, when: str) -> LintFinding:
    return source.finding(
        "FW302", call, f"The seed {source.segment(seed)} is set anew {when}, and is the same."
    )


def _loop_of(source: PythonSource, node: ast.AST) -> ast.AST | None:
    """Return the innermost loop that a node is repeated by."""
    here = node
    for outer in source.around(node):
        if isinstance(outer, _LOOPS) and here in outer.body:
            return outer
        if isinstance(outer, _COMPREHENSIONS) and here not in outer.generators:
            return outer
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return None
        here = outer
    return None


def _repeats_in(source: PythonSource, loop: ast.AST, call: ast.Call, seed: ast.expr) -> bool:
    """Whether a loop draws weights, each after the same seed."""
    if any(isinstance(part, ast.Call | ast.Await | ast.Yield) for part in ast.walk(seed)):
        # Such as next(seeds), or rng.integers(1 << 32).
        return False
    if not names_in(seed).isdisjoint(_bound_in(loop)):
        return False
    drawn = [other for other in _calls_in(loop) if other is not call]
    if any(draws(source, other) for other in drawn):
        return True
    over = " ".join(source.segment(part, 400) for part in _iterated(loop))
    return bool(_OVER_WEIGHTS.search(over)) and any(
        source.last_word(other.func) in _FREE_DRAWS for other in drawn
    )


def _iterated(loop: ast.AST) -> list[ast.expr]:
    if isinstance(loop, _COMPREHENSIONS):
        return [generator.iter for generator in loop.generators]
    return [loop.iter] if isinstance(loop, ast.For | ast.AsyncFor) else []


def _bound_in(loop: ast.AST) -> set[str]:
    """Name what changes from one round of a loop to the next."""
    return {
        node.id
        for node in ast.walk(loop)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _calls_in(node: ast.AST) -> Iterable[ast.Call]:
    return (inner for inner in ast.walk(node) if isinstance(inner, ast.Call))


def _repeats_by_function(source: PythonSource, call: ast.Call, seed: ast.expr) -> bool:
    """Whether a function that sets or makes one weight seeds it as any other."""
    function = source.function_of(call)
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    parameters = {a.arg for a in (*function.args.args, *function.args.kwonlyargs)}
    of_self = {source.self_name(call)} - {""}
    if not _OF_A_WEIGHT & (parameters - of_self):
        return False
    constant = _is_constant(source, seed)
    of_object = isinstance(seed, ast.Attribute) and names_in(seed) <= of_self
    if is_initializer(source, function):
        fixed = constant or of_object
    else:
        fixed = constant and bool(_MAKES_WEIGHT.fullmatch(function.name))
    return fixed and any(
        draws(source, other) or source.last_word(other.func) in _FREE_DRAWS
        for other in _calls_in(function)
        if other is not call
    )


def _is_constant(source: PythonSource, seed: ast.expr) -> bool:
    """Whether a seed is a number, or a name that the module gives one."""
    if isinstance(seed, ast.Constant):
        return isinstance(seed.value, int)
    if not isinstance(seed, ast.Name):
        return False
    function = source.function_of(seed)
    if function is not None and seed.id in {
        node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)
    }:
        return False
    values = source.bound_values(seed)
    return bool(values) and all(isinstance(v, ast.Constant) for v in values or [])


def _repeated_in_line(
    source: PythonSource,
    scope: Function | ast.Module,
    calls: list[tuple[ast.Call, ast.expr]],
) -> Iterator[LintFinding]:
    """Find a seed that is set twice in one block, with draws of weights after both."""
    blocks: dict[tuple[int, str], list[ast.Call]] = defaultdict(list)
    for call, seed in calls:
        if isinstance(seed, ast.Constant | ast.Name) and _loop_of(source, call) is None:
            block = source.parents[source.statement_of(call)]
            blocks[id(block), ast.dump(seed)].append(call)
    drawn = sorted((c.lineno, c.col_offset) for c in _calls_in(scope) if draws(source, c))
    for same in blocks.values():
        at = {(c.lineno, c.col_offset): c for c in same}
        places = sorted(at)
        for first, second in itertools.pairwise(places):
            # A generator may be made in the call that draws with it.
            if _is_drawn(drawn, first[0], second) and _is_drawn(drawn, second[0], _END):
                call = at[second]
                yield _finding(source, call, call.args[0], "for another tensor")


def _is_drawn(drawn: list[tuple[int, int]], line: int, end: tuple[int, int]) -> bool:
    """Whether something is drawn from a line on, and before a place."""
    place = bisect.bisect_left(drawn, (line, 0))
    return place < len(drawn) and drawn[place] < end
