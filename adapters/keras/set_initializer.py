"""Set the weights of one layer, with its true axes and fans."""

from __future__ import annotations

from typing import Any

import keras

from fanwise.adapters.keras.initializers.base import Drawn, default_seed
from fanwise.adapters.keras.layers.slots import BIAS, KERNEL, Slot, slots
from fanwise.core.keys import path_counter
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.fans import fans
from fanwise.spec.registry import SchemeLike, as_scheme
from fanwise.spec.scheme import Scheme


def set_initializer(
    layer: Any,
    kernel: SchemeLike | None = "he_normal",
    bias: SchemeLike | None = "zeros",
    *,
    seed: Any = None,
    path: str | None = None,
    engine: str = "portable",
) -> Any:
    """Set the weights of a layer: now, or if it is not built yet, when it will be.

    The kernel draws under the path ``<path>/kernel`` and the bias under ``<path>/bias``,
    with the layer's true fans: transposed, grouped, depthwise, several axes. A bias with
    a fan scheme takes the fan_in of the kernel. A normalization starts as an identity
    (gamma and moving variance 1, beta and moving mean 0), whatever the schemes.

    Args:
        layer: Dense, EinsumDense, Embedding, a (transposed, depthwise, separable)
            convolution, or a batch, layer or group normalization.
        kernel: a scheme or its name; None leaves the kernel as it is.
        bias: the same for the bias.
        seed: an integer, a ``keras.random.SeedGenerator``, or None for one drawn now.
        path: the layer's path in its model.
        engine: ``"portable"`` or ``"native"``.

    Returns:
        The layer.

    Raises:
        FanwiseError: for bad input; the layer is then untouched.

    Examples:
        >>> import keras
        >>> layer = set_initializer(keras.layers.Dense(4), "lecun_normal", seed=0)
        >>> layer.kernel_initializer.scheme
        scheme('lecun_normal')
    """
    path_counter(path)
    schemes = {KERNEL: _optional(kernel), BIAS: _optional(bias)}
    found = slots(layer)
    # One seed for all weights of the layer, whose paths differ.
    sown = default_seed() if seed is None else seed
    made = []
    for slot in found:
        scheme = schemes[slot.sets] if slot.sets in schemes else as_scheme(slot.sets)
        if scheme is None or not _holds(layer, slot, scheme):
            continue
        if slot.sets == BIAS:
            scheme = _with_fan_in(scheme, layer, found)
        made.append((slot, slot.make(scheme, seed=sown, path=path, engine=engine)))
    if layer.built:
        _assign(layer, made)
    else:
        for slot, initializer in made:
            if slot.initializer:
                setattr(layer, slot.initializer, initializer)
    return layer


def _optional(scheme: SchemeLike | None) -> Scheme | None:
    return None if scheme is None else as_scheme(scheme)


def _holds(layer: Any, slot: Slot, scheme: Scheme) -> bool:
    """Whether the layer has the weight; asking for a bias that it has not is an error."""
    if layer.built:
        held = getattr(layer, slot.variable, None) is not None
    elif slot.sets == BIAS:
        held = getattr(layer, "use_bias", getattr(layer, "bias_axes", None)) not in (None, False)
    else:
        held = True
    if not held and slot.sets == BIAS and scheme != as_scheme("zeros"):
        hint = "Leave out bias=."
        raise FanwiseError("a layer with a bias", Phrase(type(layer).__name__), hint)
    return held


def _with_fan_in(scheme: Scheme, layer: Any, found: tuple[Slot, ...]) -> Scheme:
    """The scheme of a bias with the fan_in of the kernel that it follows."""
    if not scheme.entry.uses_fan or scheme["fan"] is not None:
        return scheme
    if not layer.built:
        raise FanwiseError(
            "a built layer, to count the fan_in of its bias",
            Phrase(f"{type(layer).__name__} without weights"),
            "Call layer.build(input_shape) first, or pass a bias scheme with fan=.",
        )
    slot = [slot for slot in found if slot.sets == KERNEL][-1]
    shape = tuple(_variable(layer, slot).shape)
    return scheme.replace(fan=fans(shape, slot.axes, slot.groups or shape[-2]).fan_in)


def _assign(layer: Any, made: list[tuple[Slot, Drawn]]) -> None:
    """Draw everything, then write everything."""
    drawn = []
    for slot, initializer in made:
        variable = _variable(layer, slot)
        drawn.append((variable, initializer(variable.shape, variable.dtype)))
    for variable, values in drawn:
        variable.assign(values)


def _variable(layer: Any, slot: Slot) -> Any:
    variable = getattr(layer, slot.variable)
    if not isinstance(variable, keras.Variable):
        hint = "Set the initializer before enabling LoRA or quantizing."
        raise FanwiseError(f"a layer whose {slot.variable} is one variable", layer, hint)
    return variable
