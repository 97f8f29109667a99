"""The layers of Flax nnx: the true axes and fans of their weights, and setting them.

Flax is imported only here, and only when a layer is set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax

from fanwise.adapters.jax.initializers.scheme_initializer import make
from fanwise.adapters.jax.layers.variables import read, sharding, write
from fanwise.core.keys import checked_seed, path_counter
from fanwise.spec.axes import BATCH, IN, OUT, layout
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.fans import counted_fans
from fanwise.spec.registry import SchemeLike, as_scheme, scheme
from fanwise.spec.scheme import Scheme


@dataclass(frozen=True)
class Weights:
    """Where a layer keeps its weight, and what the axes of it mean."""

    variable: Any
    axes: str = "kernel"
    groups: int = 1


def set_initializer(
    layer: Any,
    kernel: SchemeLike = "he_normal",
    bias: SchemeLike = "zeros",
    *,
    seed: int,
    path: str | None = None,
    engine: str = "portable",
) -> Any:
    """Set the weights of a Flax nnx layer, by its true fans.

    The weight has the path ``"<path>/kernel"``, the bias ``"<path>/bias"``. A bias with a
    fan rule takes the fan_in of its weight. All is checked and drawn before anything is
    written; the layer's variables stay the same objects, so a layer that is used in two
    places remains one layer.

    For a Flax linen layer pass an initializer as its ``kernel_init`` instead, with
    ``axes="keras_transposed"`` for a ``ConvTranspose(transpose_kernel=True)``. (Of the two
    kinds of ConvTranspose that is the one that computes what torch's and Keras's do. The
    other applies the kernel without turning it round.)

    Args:
        layer: an nnx Linear, LinearGeneral, Conv, ConvTranspose or Embed; or a
            normalization, which starts at scale 1 and bias 0 (a batch norm also at
            mean 0 and variance 1) whatever the schemes.
        kernel: the scheme of the weight, or its name.
        bias: the scheme of the bias, or its name.
        seed: 0 ≤ seed < 2⁶⁴.
        path: the layer's path in its model.
        engine: ``"portable"`` or ``"native"``.

    Returns:
        The layer.

    Raises:
        FanwiseError: for bad input; the layer is then untouched.

    Examples:
        >>> import fanwise
        >>> from flax import nnx
        >>> layer = nnx.Linear(512, 256, rngs=nnx.Rngs(0))
        >>> layer = set_initializer(layer, "he_normal", seed=0, path="dense")
        >>> weight = fanwise.sample("he_normal", (512, 256), seed=0, path="dense/kernel")
        >>> bool((layer.kernel[...] == weight).all())
        True
    """
    schemes = {"kernel": as_scheme(kernel), "bias": as_scheme(bias)}
    checked_seed(seed)
    path_counter(path)
    plan: list[tuple[str, Weights, Scheme]] = []
    weights = _weights(layer)
    if weights is None:
        for name, start in _START.items():
            if getattr(layer, name, None) is not None:
                plan.append((name, Weights(getattr(layer, name)), scheme(start)))
    else:
        plan.append(("kernel", weights, _grouped(schemes["kernel"], weights.groups)))
        if getattr(layer, "bias", None) is not None:
            fitting = _of_its_weight(schemes["bias"], weights)
            plan.append(("bias", Weights(layer.bias), fitting))
    drawn = []
    for name, place, chosen in plan:
        own = name if path is None else f"{path}/{name}"
        value = read(place.variable)
        init = make(chosen, place.axes, dtype=value.dtype, seed=seed, path=own, engine=engine)
        drawn.append((place.variable, _placed(init(None, value.shape), value)))
    for variable, value in drawn:
        write(variable, value)
    return layer


#: What a normalization starts with.
_START = {"scale": "ones", "bias": "zeros", "mean": "zeros", "var": "ones"}


def _weights(layer: Any) -> Weights | None:
    """The weight of a layer; None for a normalization."""
    from flax import nnx

    norms = (nnx.BatchNorm, nnx.LayerNorm, nnx.RMSNorm, nnx.GroupNorm)
    match layer:
        case nnx.Linear():
            return Weights(layer.kernel)
        case nnx.LinearGeneral():
            words = [BATCH] * len(layer.batch_axis)
            words += [IN] * len(layer.in_features) + [OUT] * len(layer.out_features)
            return Weights(layer.kernel, " ".join(words))
        case nnx.Conv():
            return Weights(layer.kernel, groups=layer.feature_group_count)
        case nnx.ConvTranspose():
            return Weights(layer.kernel, "keras_transposed" if layer.transpose_kernel else "kernel")
        case nnx.Embed():
            return Weights(layer.embedding)
        case _ if isinstance(layer, norms):
            return None
    raise FanwiseError(
        "a Flax nnx Linear, LinearGeneral, Conv, ConvTranspose, Embed or normalization",
        Phrase(type(layer).__qualname__),
        "Pass one of these; for a linen layer pass its kernel_init, e.g. "
        "fanwise.jax.initializer('he_normal').",
    )


def _grouped(chosen: Scheme, groups: int) -> Scheme:
    """The scheme with the layer's groups, where groups are a matter of it."""
    if "groups" not in chosen.entry.parameters:
        return chosen
    if chosen["groups"] not in (1, groups):
        hint = "Leave groups out: a layer knows its own."
        raise FanwiseError(f"the layer's own groups, {groups}", chosen["groups"], hint)
    return chosen.replace(groups=groups)


def _of_its_weight(chosen: Scheme, weights: Weights) -> Scheme:
    """A bias has no fans of its own."""
    if not chosen.entry.uses_fan or chosen["fan"] is not None:
        return chosen
    found = layout(read(weights.variable).shape, weights.axes)
    fan_in = counted_fans(found, weights.groups).fan_in
    return chosen.replace(fan=float(max(fan_in, 1)))


def _placed(drawn: Any, old: Any) -> Any:
    """The new value where the old one lies, if that is on a mesh."""
    where = sharding(old) if isinstance(old, jax.Array) else None
    return drawn if where is None else jax.device_put(drawn, where)
