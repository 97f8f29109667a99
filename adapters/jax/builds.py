"""Builds of a JAX model under several seeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

import jax

from fanwise.adapters.builds import (
    KnownWeights,
    called,
    check_factory,
    parameters_of,
    seeded_numbers,
)
from fanwise.adapters.foreign_code import foreign_code
from fanwise.adapters.jax.drawing.keys import native_key
from fanwise.adapters.jax.drawing.root_keys import root_keys_of
from fanwise.adapters.jax.initialize import initialize
from fanwise.adapters.jax.layers.outlines import outlined
from fanwise.adapters.jax.layers.requests import is_linen, is_nnx, is_transformed
from fanwise.adapters.jax.stored_weights import stored_weights
from fanwise.adapters.stored_weights import StoredWeight
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.recipe import Recipe

#: What a parameter of a factory is given, by its name; one of another name is given a key.
_SEED, _RNGS = "seed", "rngs"
_PARAMS: Final = "params"
_HINT: Final = (
    "Pass e.g. lambda key: Model(key=key), lambda rngs: Model(rngs=rngs), or a function of nothing."
)


@dataclass(frozen=True)
class BuiltModel:
    """A model that was built.

    Attributes:
        model: a model of nnx, a pytree, or a linen module.
        values: the variables of a linen module; None for anything else.
        call: what that is called with.
    """

    model: Any
    values: Any = None
    call: Mapping[str, Any] = field(default_factory=dict)


class JaxBuilds:
    """A function that builds a JAX model, called under seeds: see ``ModelBuilds``.

    Args:
        factory: the function. Its one parameter is given an integer if it is called ``seed``,
            ``nnx.Rngs`` if it is called ``rngs``, and else a key; if it has none, the keys that it
            makes of numbers of its own depend on the seed. It returns a model of nnx, a pytree, or
            a linen module or what Haiku makes of a function: alone, with a tuple of what it is
            called with, with its variables, or with both.
        inputs, keywords, method: what a linen module, or a function of Haiku, is called with.

    Raises:
        FanwiseError: for anything but such a function.
    """

    framework = "flax"

    def __init__(
        self,
        factory: Callable[..., Any],
        inputs: Any = None,
        keywords: Mapping[str, Any] | None = None,
        method: Any = None,
    ) -> None:
        check_factory(factory)
        if is_nnx(factory) or is_linen(factory):
            received = Phrase(f"an object of class {type(factory).__qualname__}")
            raise FanwiseError("a function that builds the model", received, _HINT)
        self._factory = factory
        self._parameter = _parameter(factory)
        self._known = KnownWeights()
        self._call = {"inputs": _as_tuple(inputs), "keywords": keywords, "method": method}

    def build(self, seed: int) -> BuiltModel:
        """Build the model under a seed of JAX, NumPy and Python."""
        with seeded_numbers(seed):
            return self._with_values(self._called(seed), seed)

    def outline(self) -> BuiltModel | None:
        """Trace the function that builds the model; None where its own code wants values."""
        try:
            with foreign_code("a function that can be traced", _HINT), seeded_numbers(0):
                return self._with_values(outlined(partial(self._called, 0)), 0, outlined)
        except FanwiseError:
            return None

    def weights(self, model: BuiltModel) -> tuple[StoredWeight, ...]:
        """List the weights of a model that was built."""
        if is_linen(model.model):
            return stored_weights(model.model, values=model.values, **model.call)
        return self._known.of(stored_weights(model.model, declared=not self._known))

    def drawn(self, model: BuiltModel, recipe: Recipe, seed: int) -> tuple[StoredWeight, ...]:
        """Start a model by a recipe, and list its weights."""
        if is_linen(model.model):
            values, _ = initialize(
                model.model, recipe, seed=seed, values=model.values, report=False, **model.call
            )
            return self.weights(replace(model, values=values))
        if is_nnx(model.model):
            initialize(model.model, recipe, seed=seed, report=False)
            return self.weights(model)
        tree, _ = initialize(model.model, recipe, seed=seed, report=False)
        return self.weights(BuiltModel(tree))

    def _called(self, seed: int) -> Any:
        """Call the function with the randomness of a seed."""
        if self._parameter is None:
            with root_keys_of(seed):
                return called(self._factory)
        return called(self._factory, **{self._parameter: _given(self._parameter, seed)})

    def _with_values(
        self, model: Any, seed: int, compute: Callable[[Callable[[], Any]], Any] | None = None
    ) -> BuiltModel:
        """Return a model with its values: those of a linen module are drawn, if they are not.

        Args:
            model: what the function has returned.
            seed: of what is drawn.
            compute: calls what draws; None to call it as it is.
        """
        module, inputs, values = _apart(model)
        if not is_linen(module) and not is_transformed(module):
            return BuiltModel(_parameters(module))
        call = dict(self._call) if inputs is None else {**self._call, "inputs": inputs}
        if call["inputs"] is None:
            if values is None:
                hint = "Pass inputs=(x,): what the module is called with."
                noun = "linen module" if is_linen(module) else "function of Haiku"
                raise FanwiseError(f"the inputs of a {noun}", Phrase("none"), hint)
            return BuiltModel(_parameters(values))
        if values is None:
            draw = partial(_drawn, module, seed, **call)
            values = draw() if compute is None else compute(draw)
        return BuiltModel(module, values, call) if is_linen(module) else BuiltModel(values)


def _parameter(factory: Callable[..., Any]) -> str | None:
    """Return the parameter that a factory takes its randomness by; None for none.

    Raises:
        FanwiseError: for a factory with several parameters, none of which tells.
    """
    named = parameters_of(factory)
    needed = [p for p in named if p.default is p.empty]
    told = [p for p in named if p.name in (_SEED, _RNGS, "key", "rng")]
    if not (needed or told):
        return None
    (chosen, *others) = needed or told[:1]
    if others or chosen.kind is chosen.POSITIONAL_ONLY:
        received = Phrase(", ".join(p.name for p in needed))
        raise FanwiseError("a function of one parameter, or of none", received, _HINT)
    return chosen.name


def _given(parameter: str, seed: int) -> Any:
    """Return what a factory is given under a seed."""
    if parameter == _SEED:
        return seed
    if parameter == _RNGS:
        from flax import nnx

        return nnx.Rngs(seed)
    return jax.random.key(seed)


def _drawn(module: Any, seed: int, inputs: Any, keywords: Any, method: Any) -> Any:
    """Draw the values of a module of linen, or of a function of Haiku, by its own code."""
    arguments, more = _filled(inputs), dict(_filled(keywords or {}))
    key = native_key(None, seed, None)
    if is_linen(module):
        more |= {} if method is None else {"method": method}
        return called(module.init, key, *arguments, **more)
    drawn = called(module.init, key, *arguments, **more)
    # With a state, that comes second: of what Haiku keeps, its parameters are drawn.
    return drawn[0] if isinstance(drawn, tuple) else drawn


def _apart(model: Any) -> tuple[Any, tuple[Any, ...] | None, Any]:
    """Take apart what a function returns: a model, what it is called with, and its values.

    A linen module may come with either, or with both; a function of Haiku with the former.
    """
    is_whole = not isinstance(model, tuple) or is_transformed(model) or not model
    if is_whole or not (is_linen(model[0]) or is_transformed(model[0])):
        return model, None, None
    module, *more = model
    inputs = more.pop(0) if more and isinstance(more[0], tuple) else None
    if len(more) > 1:
        hint = "Return (module, inputs, variables), of which inputs is a tuple."
        raise FanwiseError("a module, its inputs and its variables", len(model), hint)
    return module, inputs, more[0] if more else None


def _parameters(model: Any) -> Any:
    """Return the parameters among the variables of linen; anything else as it is."""
    if isinstance(model, Mapping) and isinstance(model.get(_PARAMS), Mapping):
        return model[_PARAMS]
    return model


def _as_tuple(inputs: Any) -> tuple[Any, ...] | None:
    """Return what a module is called with as a tuple: an array, or its shape, is its one input.

    Raises:
        FanwiseError: for anything else, which would be taken apart.
    """
    if inputs is None or isinstance(inputs, tuple):
        return inputs
    if hasattr(inputs, "shape") and hasattr(inputs, "dtype"):
        return (inputs,)
    hint = "Pass inputs=(x,), and keyword arguments as keywords={...}."
    raise FanwiseError("what a module is called with as a tuple, or one array", inputs, hint)


def _filled(inputs: Any) -> Any:
    """Return inputs with zeros in the place of mere shapes."""
    return jax.tree_util.tree_map(
        lambda leaf: (
            jax.numpy.zeros(leaf.shape, leaf.dtype)
            if isinstance(leaf, jax.ShapeDtypeStruct)
            else leaf
        ),
        inputs,
    )
