"""Weights in memory, in whatever they are held: a model, a state dict, a pytree, variables."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from fanwise.adapters.held_models import (
    FLAX,
    KERAS,
    TORCH,
    checked_framework,
    framework_of_model,
    weights_of,
)
from fanwise.adapters.named_weights import framework_of, named_weights
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight, numpy_numbers
from fanwise.spec.errors import FanwiseError, Phrase

#: The collections of linen's variables; what has them at the top knows its weights by names alone.
_COLLECTIONS: Final = frozenset({"params", "batch_stats"})


def held_weights(
    weights: Any, framework: str | None = None, model: Any = None
) -> tuple[str, tuple[StoredWeight, ...]]:
    """List weights that are in memory.

    Args:
        weights: a model; a state dict of torch; a pytree of JAX, variables of linen and a state of
            nnx too; ``model.weights`` of Keras; or arrays of NumPy by their names.
        framework: whose they are: ``"torch"``, ``"keras"`` or ``"flax"``; None to see it.
        model: whose weights they are, where they are no model themselves; it needs no memory.

    Returns:
        The framework, as recipes call it, and the weights.

    Raises:
        FanwiseError: for what holds no weights.
    """
    given = None if framework is None else checked_framework(framework)
    tensors = _tensors(weights)
    if tensors is None:
        if model is not None:
            hint = "Leave it out: weights is a model."
            raise FanwiseError("no model beside a model", Phrase("one"), hint)
        return weights_of(weights, given)
    held, seen = tensors
    if model is None and seen == FLAX and given in (None, FLAX) and not _is_flat_state(weights):
        return weights_of(weights, FLAX)
    chosen = given or seen or (framework_of(held) if model is None else framework_of_model(model))
    return chosen or "", named_weights(held, chosen or "", model)


def _tensors(weights: Any) -> tuple[dict[str, StoredTensor], str] | None:
    """Return tensors by their names, and whose they are if it shows; None for a model."""
    if isinstance(weights, Mapping | Sequence) and not isinstance(weights, str):
        leaves = dict(_leaves(weights))
        for framework, look in ((KERAS, _is_variable), (TORCH, _is_tensor)):
            some = {name: leaf for name, leaf in leaves.items() if look(leaf)}
            if some:
                _check_flat(some, weights, framework)
                return _verb(framework).stored_tensors(
                    list(some.values()) if framework == KERAS else some
                ), framework
        if framework_of_model(weights) == FLAX:
            # A tuple may be a linen module, its inputs and its variables.
            is_model = isinstance(weights, tuple)
            return None if is_model else (_verb(FLAX).stored_tensors(weights), FLAX)
        arrays = {name: leaf for name, leaf in leaves.items() if isinstance(leaf, np.ndarray)}
        if arrays:
            return {name: _of_numpy(name, leaf) for name, leaf in arrays.items()}, ""
    return None


def _leaves(tree: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Give what mappings and sequences hold, under "/"-joined names."""
    pairs = tree.items() if isinstance(tree, Mapping) else enumerate(tree)
    for key, value in pairs:
        name = f"{prefix}{key}"
        if isinstance(value, Mapping | list | tuple):
            yield from _leaves(value, f"{name}/")
        else:
            yield name, value


def _check_flat(some: Mapping[str, Any], weights: Any, framework: str) -> None:
    """Raise for a checkpoint that holds a state dict beside other things."""
    if framework == KERAS or (isinstance(weights, Mapping) and all(n in weights for n in some)):
        return
    (first, *_) = some
    hint = f"Pass the state dict in it alone, e.g. checkpoint[{first.split('/')[0]!r}]."
    raise FanwiseError("a state dict, whose values are tensors", Phrase("tensors deeper"), hint)


def _of_numpy(name: str, array: np.ndarray[Any, Any]) -> StoredTensor:
    def read(index: Any) -> np.ndarray[Any, Any]:
        return numpy_numbers(array[index])

    return StoredTensor(name, array.shape, array.dtype.name, read)


def _is_variable(leaf: object) -> bool:
    keras: Any = sys.modules.get("keras")
    return keras is not None and isinstance(leaf, keras.Variable)


def _is_tensor(leaf: object) -> bool:
    torch: Any = sys.modules.get("torch")
    return torch is not None and isinstance(leaf, torch.Tensor)


def _is_flat_state(weights: Any) -> bool:
    """Tell whether the layers of a pytree are known by the names of its arrays alone."""
    nnx: Any = sys.modules.get("flax.nnx")
    if nnx is not None and isinstance(weights, nnx.State):
        return True
    return isinstance(weights, Mapping) and not _COLLECTIONS.isdisjoint(weights)


def _verb(framework: str) -> Any:
    """Return the module that reads the values of a framework, which is imported already."""
    adapter = "jax" if framework == FLAX else framework
    return importlib.import_module(f"fanwise.adapters.{adapter}.stored_weights")
