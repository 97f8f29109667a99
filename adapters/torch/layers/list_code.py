"""What a constructor puts into a list or dict of parameters, as expressions of its text."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Final

from fanwise.adapters.torch.layers.constructor_values import last_name

_LISTS: Final = ("ParameterList", "ParameterDict")


def expressions_of(tree: ast.AST, attribute: str, names: Sequence[str]) -> dict[str, ast.expr]:
    """Return the expression of each parameter in a list, by its name there; empty if untold.

    One expression, as in a loop, is that of all of them.

    Args:
        tree: of the constructor.
        attribute: of the layer, that the list is.
        names: of the parameters in the list.
    """
    told = list(_told(tree, attribute))
    by_name = {key: node for key, node in told if key is not None}
    if by_name.keys() == set(names):
        return by_name
    if len(told) == 1 and told[0][0] is None:
        return dict.fromkeys(names, told[0][1])
    if len(told) == len(names) and not by_name:
        return {name: node for name, (_, node) in zip(names, told, strict=True)}
    return {}


def _told(tree: ast.AST, attribute: str) -> Iterator[tuple[str | None, ast.expr]]:
    """Give the expressions of a list's parameters, with their keys where they are literal."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[target], value=ast.Call(func=function, args=[held])) if (
                _is(target, attribute) and last_name(function) in _LISTS
            ):
                yield from _elements(tree, held)
            case ast.Assign(targets=[ast.Subscript(value=target, slice=key)], value=value) if _is(
                target, attribute
            ):
                yield _key(key), value
            case ast.Call(func=ast.Attribute(value=target, attr="append"), args=[value]) if _is(
                target, attribute
            ):
                yield None, value


def _elements(tree: ast.AST, held: ast.expr) -> Iterator[tuple[str | None, ast.expr]]:
    """Give the elements of a list or dict, or of one that was filled under a local name."""
    match held:
        case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element):
            yield None, element
        case ast.DictComp(value=element):
            yield None, element
        case ast.List(elts=elements):
            yield from ((None, element) for element in elements)
        case ast.Dict(keys=keys, values=elements):
            yield from ((_key(key), e) for key, e in zip(keys, elements, strict=True))
        case ast.Name(id=name):
            for node in ast.walk(tree):
                match node:
                    case ast.Call(
                        func=ast.Attribute(value=ast.Name(id=owner), attr="append"), args=[element]
                    ) if owner == name:
                        yield None, element


def _is(node: ast.expr, attribute: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == attribute


def _key(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
