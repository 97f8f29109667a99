"""The leaves of a pytree, with the nodes above them, whatever their classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import jax
import numpy as np

from fanwise.adapters.foreign_code import foreign_code
from fanwise.adapters.jax.layers.registry import class_names
from fanwise.spec.errors import FanwiseError, Phrase

Names = tuple[str, ...]

#: What stands around one array, and has no name in a path: the boxes of Flax.
BOXES: Final = frozenset({"flax.core:AxisMetadata", "flax.nnx:Variable"})
#: What holds a model beside the state of its optimizer.
TRAIN_STATES: Final = frozenset({"flax.training:TrainState", "flax.nnx:TrainState"})
#: The fields of such a state that are the model.
MODEL_FIELDS: Final = frozenset({"params", "batch_stats"})

#: Kinds of NumPy's dtypes that hold objects, text and dates.
_NO_NUMBERS: Final = "OSUMm"


@dataclass(frozen=True)
class NodeAbove:
    """A node above a leaf.

    Attributes:
        node: the node.
        name: of the child that leads on to the leaf.
        depth: how many names lead to the node.
    """

    node: Any
    name: str
    depth: int


@dataclass(frozen=True)
class Leaf:
    """A leaf of a pytree.

    Attributes:
        names: that lead to it, without those within boxes.
        steps: the nodes above it, from the top.
        value: what it is.
    """

    names: Names
    steps: tuple[NodeAbove, ...]
    value: Any


def read_leaves(tree: Any) -> tuple[list[Leaf], Any]:
    """Return the leaves of a pytree in JAX's order, and its structure.

    Raises:
        FanwiseError: for what JAX cannot take apart, and for children without names.
    """
    # The functions of a registered class are called, and a tree that holds itself has no end.
    hint = "Pass what jax.tree_util.tree_leaves takes."
    with foreign_code("a pytree that JAX can take apart", hint):
        _check_ends(tree)
        # JAX ends what is too deep; Python's own limit would leave generators unfinished.
        structure = jax.tree_util.tree_structure(tree)
        return list(_walk(tree, (), ())), structure


def rebuild(structure: Any, leaves: list[Any]) -> Any:
    """Make a pytree of its leaves.

    Raises:
        FanwiseError: where a class does not take them.
    """
    hint = "Correct the function that puts it together, or pass a dict of its arrays."
    with foreign_code("a pytree that takes other arrays", hint):
        return jax.tree_util.tree_unflatten(structure, leaves)


def array_shape(leaf: Any) -> tuple[int, ...] | None:
    """Return the shape of a leaf that is an array; None for any other.

    Raises:
        FanwiseError: for an array of another library.
    """
    try:
        shape, dtype = tuple(leaf.shape), leaf.dtype
    except Exception:  # noqa: BLE001 (a property may raise anything)
        return None
    if isinstance(dtype, np.dtype):
        return None if dtype.kind in _NO_NUMBERS else shape
    if isinstance(leaf, jax.Array | jax.ShapeDtypeStruct):
        return shape
    if hasattr(type(leaf), "__array__"):
        hint = "Convert it, e.g. by jnp.asarray, or take it out of the tree."
        raise FanwiseError("arrays of JAX or NumPy", Phrase(type(leaf).__qualname__), hint)
    return None


def _check_ends(tree: Any) -> None:
    """Raise for a container that holds itself.

    A dict of several names that does breaks JAX, and with it every later call of the process.
    """
    above: set[int] = set()
    steps = [(tree, False)]
    while steps:
        node, is_left = steps.pop()
        if is_left:
            above.discard(id(node))
        elif id(node) in above:
            hint = "Take it out of itself."
            received = Phrase(f"a {type(node).__qualname__} that holds itself")
            raise FanwiseError("a pytree that ends", received, hint)
        elif isinstance(node, dict | list | tuple):
            above.add(id(node))
            steps.append((node, True))
            children = node.values() if isinstance(node, dict) else node
            steps += [(child, False) for child in children]


def _walk(node: Any, names: Names, steps: tuple[NodeAbove, ...]) -> Iterator[Leaf]:
    children, _ = jax.tree_util.tree_flatten_with_path(
        node, is_leaf=lambda child: child is not node
    )
    for keys, child in children:
        if not keys:
            yield Leaf(names, steps, child)
        elif child is not None:
            name = _name(keys[0])
            below = names if _is_unnamed(node, name) else (*names, name)
            yield from _walk(child, below, (*steps, NodeAbove(node, name, len(names))))


def _is_unnamed(node: Any, name: str) -> bool:
    classes = class_names(node)
    held = not TRAIN_STATES.isdisjoint(classes) and name in MODEL_FIELDS
    return held or not BOXES.isdisjoint(classes)


def _name(key: Any) -> str:
    for attribute in ("key", "name", "idx"):
        if hasattr(key, attribute):
            key = getattr(key, attribute)
            break
    text = str(key)
    # An address is another in every process, and so would be the weights.
    if " at 0x" in text:
        hint = "Give its children names that are strings or whole numbers."
        raise FanwiseError("a pytree whose nodes have names", Phrase(type(key).__qualname__), hint)
    return text
