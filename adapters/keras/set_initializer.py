"""Set the weights of a layer, which knows its own axes, groups and fans."""

from __future__ import annotations

from typing import Any, TypeVar

import keras

from fanwise.adapters.engines import Engine, EngineName, checked_engine
from fanwise.adapters.keras.initialize import initialize_weights
from fanwise.adapters.keras.initializers.base import checked_seeds, default_seed
from fanwise.adapters.keras.initializers.layer_initializer import LayerInitializer, starts_of
from fanwise.adapters.keras.layers.models import model_weights
from fanwise.adapters.keras.layers.unbuilt import (
    UnbuiltParameter,
    has_unbuilt_layers,
    unbuilt_error,
    unbuilt_parameters,
)
from fanwise.adapters.recipes import (
    check_layer_known,
    counts_a_fan,
    layer_recipe,
    layer_schemes,
    roles_left_alone,
)
from fanwise.core.keys import path_counter
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.registry import SchemeLike
from fanwise.spec.scheme import Scheme

Layer = TypeVar("Layer", bound=keras.layers.Layer)


def set_initializer(
    layer: Layer,
    kernel: SchemeLike | None = "he_normal",
    bias: SchemeLike | None = "zeros",
    *,
    seed: int | keras.random.SeedGenerator | None = None,
    path: str | None = None,
    engine: EngineName = "portable",
) -> Layer:
    """Set the weights of one layer, by its true axes, groups and fans.

    It is :func:`fanwise.keras.initialize` of the layer by a recipe of two rules: the same
    weights under the same paths as in a model that has the layer at ``path``. Known are the
    layers of Keras that have weights, and those of :func:`register_layer`. A layer without a
    bias needs none. What else a fresh layer starts with is set too: the running mean 0 and
    variance 1 of a batch normalization, and the zeros of the second of two biases.

    A layer that is not built yet gets initializers, which give the same when it is built; and
    an LSTM loses its ``unit_forget_bias``, since its initializer says what that starts with.

    Args:
        layer: the layer.
        kernel: a scheme or its name; None leaves kernels and embeddings as they are. The
            scale of a normalization is a vector without fans: there a scheme for matrices stands
            for ``"ones"``.
        bias: the same for the biases; a scheme that counts a fan takes that of the kernel
            which the bias stands beside, and stands for ``"zeros"`` in a normalization.
        seed: 0 ≤ seed < 2⁶⁴, a ``keras.random.SeedGenerator``, which advances for each
            weight, or None for one drawn now.
        path: the layer's path in its model, of a wrapper that of the layer in it: its kernel
            is ``"<path>/kernel"``, its bias ``"<path>/bias"`` (without a path, ``"kernel"``
            and ``"bias"``).
        engine: ``"portable"`` or ``"native"``.

    Returns:
        The same layer.

    Raises:
        FanwiseError: for bad input, for a layer with weights of unknown axes, and for one
            that must be built first; the layer is then untouched.

    Examples:
        >>> import keras
        >>> layer = set_initializer(keras.layers.Dense(4), "lecun_normal", seed=0)
        >>> layer.kernel_initializer.scheme
        scheme('lecun_normal')
    """
    if not isinstance(layer, keras.layers.Layer):
        hint = "For a bare tensor call an initializer."
        raise FanwiseError("a Keras layer", Phrase(type(layer).__name__), hint)
    path_counter(path)
    chosen_engine, recipe = checked_engine(engine), layer_recipe(kernel, bias)
    # One seed for all weights of the layer, whose paths differ.
    seed = default_seed() if seed is None else checked_seeds(seed)
    left_alone = roles_left_alone(kernel, bias)
    if has_unbuilt_layers(layer):
        schemes = layer_schemes(kernel, bias)
        parameters = unbuilt_parameters(layer, path)
        _install(parameters, schemes, seed, chosen_engine, is_placed=path is not None)
    else:
        weights = model_weights(layer, path)
        check_layer_known(type(layer).__name__, weights)
        initialize_weights(
            weights,
            recipe,
            seed=seed,
            engine=chosen_engine,
            left_alone=left_alone,
            is_noted=True,
            is_placed=path is not None,
        )
    return layer


def _install(
    parameters: list[UnbuiltParameter],
    schemes: dict[str, Scheme],
    seed: Any,
    engine: Engine,
    *,
    is_placed: bool,
) -> None:
    """Give the parameters of a layer their initializers, all of them or, on an error, none."""
    installed = []
    for parameter in parameters:
        weights = [
            (path, weight, schemes[weight.role])
            for path, weight in parameter.weights
            if weight.role in schemes
        ]
        for path, weight, scheme in weights:
            if weight.beside is not None and counts_a_fan(scheme):
                error = unbuilt_error(parameter.layer, "a built layer, to count a fan of its bias")
                raise error.within(f"{path} cannot be set")
        if weights:
            initializer = LayerInitializer(starts_of(weights), seed, engine)
            initializer.is_placed = is_placed
            installed.append((parameter, initializer))
    for parameter, initializer in installed:
        parameter.install(initializer)
