"""The weights of a model in memory, of whichever framework: none is imported for it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any, Final

from fanwise.adapters.stored_weights import StoredWeight
from fanwise.spec.errors import FanwiseError, Phrase, did_you_mean

TORCH: Final = "torch"
KERAS: Final = "keras"
#: What recipes call JAX in [names].
FLAX: Final = "flax"
#: Whose adapter reads the models of a framework.
_ADAPTERS: Final = {TORCH: "torch", KERAS: "keras", FLAX: "jax", "jax": "jax"}
_HINT: Final = "Pass the model, its state dict or pytree of parameters, or a file of weights."


def weights_of(model: Any, framework: str | None = None) -> tuple[str, tuple[StoredWeight, ...]]:
    """List the weights of a model, with their values.

    Args:
        model: a module of torch, a built layer of Keras, a model of nnx, a module of Equinox or
            another pytree of JAX; or of a linen module a tuple: it, the tuple of what it is called
            with, and, for the values, its variables.
        framework: whose model it is: ``"torch"``, ``"keras"`` or ``"flax"``; None to see it.

    Returns:
        The framework, as recipes call it, and the weights: see
        :class:`fanwise.adapters.stored_weights.StoredWeight`.

    Raises:
        FanwiseError: for what is no model, of that framework or of any that is imported.
    """
    chosen = framework_of_model(model) if framework is None else checked_framework(framework)
    if chosen is None:
        received = Phrase(f"an object of class {type(model).__qualname__}")
        raise FanwiseError("a model", received, _HINT)
    verb = importlib.import_module(f"fanwise.adapters.{_ADAPTERS[chosen]}.stored_weights")
    parts = model if isinstance(model, tuple) else (model,)
    if chosen == FLAX and parts and _is_linen(parts[0]):
        return chosen, verb.stored_weights(parts[0], **_of_linen(parts))
    return chosen, verb.stored_weights(model)


def framework_of_model(model: Any) -> str | None:
    """Tell whose model an object is; None where it is no model of a framework that is imported.

    Args:
        model: any object.
    """
    keras, torch, jax = (sys.modules.get(name) for name in ("keras", "torch", "jax"))
    # A layer of Keras on torch is a module of torch too.
    if keras is not None and isinstance(model, keras.layers.Layer):
        return KERAS
    if torch is not None and isinstance(model, torch.nn.Module):
        return TORCH
    if jax is None:
        return None
    module = model[0] if isinstance(model, tuple) and model else model
    if _is_linen(module) or _is_transformed(module) or _is_transformed(model):
        return FLAX
    arrays = (jax.Array, jax.ShapeDtypeStruct)
    leaves = jax.tree_util.tree_leaves(model)
    return FLAX if any(isinstance(leaf, arrays) for leaf in leaves) else None


def checked_framework(framework: str) -> str:
    """Return a framework as recipes call it.

    Args:
        framework: ``"torch"``, ``"keras"``, ``"flax"`` or ``"jax"``.

    Raises:
        FanwiseError: for anything else.

    Examples:
        >>> checked_framework("jax")
        'flax'
    """
    if framework not in _ADAPTERS:
        hint = did_you_mean(str(framework), _ADAPTERS) or "Leave it out."
        raise FanwiseError("framework to be 'torch', 'keras' or 'flax'", framework, hint)
    return FLAX if framework == "jax" else framework


def _is_linen(model: object) -> bool:
    linen = sys.modules.get("flax.linen")
    return linen is not None and isinstance(model, linen.Module)


def _is_transformed(model: object) -> bool:
    haiku = sys.modules.get("haiku")
    return haiku is not None and isinstance(model, haiku.Transformed | haiku.TransformedWithState)


def _of_linen(parts: tuple[Any, ...]) -> Mapping[str, Any]:
    """Return what a linen module comes with, as arguments of its verb."""
    hint = "Pass (module, (x,), variables), or (module, (x,)) where shapes will do."
    if not 2 <= len(parts) <= 3:
        received = Phrase(f"{len(parts)} of them" if parts[1:] else "a linen module alone")
        raise FanwiseError("a linen module, its inputs and its variables", received, hint)
    if not isinstance(parts[1], tuple):
        received = Phrase(f"an object of class {type(parts[1]).__qualname__} behind it")
        raise FanwiseError("a linen module, and a tuple of what to call it with", received, hint)
    return {"inputs": parts[1], "values": parts[2] if parts[2:] else None}
