"""The shapes that the arrays of a layer have by the layer's own account of itself.

They tell a layer from several that are stacked in one, whose arrays have more axes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from fanwise.adapters.jax.layers.registry import class_names
from fanwise.adapters.layer_weights import Shape, Shapes

#: Of a layer, the shapes of the arrays that it may have, by their names.
Declare = Callable[[Any], Shapes]


def declared_shapes(layer: Any) -> Shapes:
    """Return the shapes of a layer's own arrays as it declares them.

    Returns:
        The shapes by the names of the arrays; nothing for a layer that declares none.
    """
    for name in class_names(layer):
        declare = _DECLARED.get(name)
        if declare is not None:
            try:
                return declare(layer)
            except (AttributeError, TypeError):
                # Another version of the library keeps other attributes.
                return {}
    return {}


def _sizes(given: Any) -> Shape:
    """Return one size or several as several; Equinox calls a size of one "scalar"."""
    if isinstance(given, Mapping):
        given = given.values()
    if isinstance(given, Iterable) and not isinstance(given, str):
        return tuple(int(size) for size in given)
    return (1 if given == "scalar" else int(given),)


def _nnx_linear(layer: Any) -> Shapes:
    batch = _sizes(getattr(layer, "batch_axis", ()))
    inputs, outputs = _sizes(layer.in_features), _sizes(layer.out_features)
    return {"kernel": (*batch, *inputs, *outputs), "bias": (*batch, *outputs)}


def _nnx_einsum(layer: Any) -> Shapes:
    bias = getattr(layer, "bias_shape", None)
    return {"kernel": _sizes(layer.kernel_shape), **({"bias": _sizes(bias)} if bias else {})}


def _nnx_conv(layer: Any) -> Shapes:
    inputs = layer.in_features // layer.feature_group_count
    field, outputs = _sizes(layer.kernel_size), layer.out_features
    return {"kernel": (*field, inputs, outputs), "bias": (outputs,)}


def _nnx_conv_transpose(layer: Any) -> Shapes:
    ends = (layer.in_features, layer.out_features)
    kernel = (*_sizes(layer.kernel_size), *(ends[::-1] if layer.transpose_kernel else ends))
    return {"kernel": kernel, "bias": (layer.out_features,)}


def _nnx_embed(layer: Any) -> Shapes:
    return {"embedding": (layer.num_embeddings, layer.features)}


def _nnx_norm(layer: Any) -> Shapes:
    # A group normalization counts its features by groups.
    count = getattr(layer, "num_features", None)
    count = layer.num_groups * layer.group_size if count is None else count
    return dict.fromkeys(("scale", "bias", "mean", "var"), (int(count),))


def _equinox_linear(layer: Any) -> Shapes:
    outputs = _sizes(layer.out_features)
    return {"weight": (*outputs, *_sizes(layer.in_features)), "bias": outputs}


def _equinox_conv(layer: Any) -> Shapes:
    inputs, field = layer.in_channels // layer.groups, _sizes(layer.kernel_size)
    ones = (1,) * len(field)
    return {"weight": (layer.out_channels, inputs, *field), "bias": (layer.out_channels, *ones)}


def _equinox_embedding(layer: Any) -> Shapes:
    return {"weight": (layer.num_embeddings, layer.embedding_size)}


#: What the normalizations of Equinox call their size.
_EQUINOX_SIZES: Final = ("shape", "channels", "input_size")


def _equinox_norm(layer: Any) -> Shapes:
    shape = next((getattr(layer, name) for name in _EQUINOX_SIZES if hasattr(layer, name)), None)
    return {} if shape is None else dict.fromkeys(("weight", "bias"), _sizes(shape))


def _equinox_cell(gates: int) -> Declare:
    def declare(layer: Any) -> Shapes:
        size, width = layer.hidden_size, gates * layer.hidden_size
        return {
            "weight_ih": (width, layer.input_size),
            "weight_hh": (width, size),
            "bias": (width,),
            "bias_n": (size,),
        }

    return declare


_NORMS: Final = ("BatchNorm", "LayerNorm", "RMSNorm", "GroupNorm", "InstanceNorm")
_NNX: Final[dict[str, Declare]] = {
    **dict.fromkeys(("Linear", "LinearGeneral"), _nnx_linear),
    "Einsum": _nnx_einsum,
    "Conv": _nnx_conv,
    "ConvTranspose": _nnx_conv_transpose,
    "Embed": _nnx_embed,
    **dict.fromkeys(_NORMS, _nnx_norm),
}
_EQUINOX: Final[dict[str, Declare]] = {
    "Linear": _equinox_linear,
    **dict.fromkeys(("Conv", "ConvTranspose"), _equinox_conv),
    "Embedding": _equinox_embedding,
    **dict.fromkeys(_NORMS, _equinox_norm),
    "LSTMCell": _equinox_cell(4),
    "GRUCell": _equinox_cell(3),
}
_DECLARED: Final[dict[str, Declare]] = {
    **{f"flax.nnx:{name}": declare for name, declare in _NNX.items()},
    **{f"equinox.nn:{name}": declare for name, declare in _EQUINOX.items()},
}
