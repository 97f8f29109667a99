"""The layers that the conformance suite lets Flax start, for the recipe ``flax_default``.

Only kernels and embeddings are random in Flax: one layer, or a few, has enough elements for
a sample. Where it can be, a kernel has the shape of another kind's: JAX compiles its samplers
for every shape, and that is what takes the time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
from flax import linen, nnx
from numpy.typing import NDArray

from fanwise.adapters.jax.layers.collection import ArrayWeight
from fanwise.adapters.jax.layers.linen import trace
from fanwise.adapters.jax.layers.nnx import collect
from fanwise.adapters.jax.layers.variables import read
from fanwise.adapters.protocol import Started
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.plan import plan
from fanwise.spec.recipe import recipe

_WINDOW: Final = {1: (5,), 2: (3, 3), 3: (3, 3, 3)}

#: A module, and the shape of what it is called with.
LINEN_LAYERS: Final[dict[str, tuple[linen.Module, tuple[int, ...]]]] = {
    "dense": (linen.Dense(11000), (1, 64)),
    "dense_general": (linen.DenseGeneral((11, 1000), axis=(-2, -1)), (1, 8, 8)),
    "dense_general_batches": (linen.DenseGeneral(11000, batch_dims=(0,)), (4, 16)),
    "einsum": (linen.Einsum((64, 11000), "na,ab->nb"), (1, 64)),
    "einsum_several_outputs": (linen.Einsum((5, 64, 2200), "na,abc->nbc"), (1, 5)),
    "conv1d": (linen.Conv(2200, _WINDOW[1]), (1, 5, 64)),
    "conv2d": (linen.Conv(1224, _WINDOW[2]), (1, 3, 3, 64)),
    "conv3d": (linen.Conv(1632, _WINDOW[3]), (1, 3, 3, 3, 16)),
    "grouped_conv2d": (linen.Conv(1224, _WINDOW[2], feature_group_count=4), (1, 3, 3, 256)),
    "depthwise_conv2d": (linen.Conv(8800, (9, 9), feature_group_count=4400), (1, 1, 1, 4400)),
    "conv1d_transpose": (linen.ConvTranspose(2200, _WINDOW[1]), (1, 5, 64)),
    "conv2d_transpose": (linen.ConvTranspose(1224, _WINDOW[2]), (1, 3, 3, 64)),
    "conv3d_transpose": (linen.ConvTranspose(1632, _WINDOW[3]), (1, 3, 3, 3, 16)),
    "conv2d_transpose_kernel": (
        linen.ConvTranspose(64, _WINDOW[2], transpose_kernel=True),
        (1, 3, 3, 1224),
    ),
    "embedding": (linen.Embed(7500, 100), (1,)),
    "batch_norm": (linen.BatchNorm(use_running_average=True), (1, 64)),
    "layer_norm": (linen.LayerNorm(), (1, 64)),
    "group_norm": (linen.GroupNorm(4), (1, 64)),
    "rms_norm": (linen.RMSNorm(), (1, 64)),
    "instance_norm": (linen.InstanceNorm(), (1, 5, 64)),
    "attention": (linen.MultiHeadDotProductAttention(8, qkv_features=840), (1, 3, 840)),
    "rnn": (linen.SimpleCell(97), (1, 2430)),
    "gru": (linen.GRUCell(97), (1, 2430)),
    "mgu": (linen.MGUCell(97), (1, 2430)),
    "lstm": (linen.LSTMCell(97), (1, 2430)),
    "lstm_optimized": (linen.OptimizedLSTMCell(97), (1, 2430)),
    "conv_lstm2d": (linen.ConvLSTMCell(140, _WINDOW[2]), (1, 3, 3, 140)),
}
#: Of each kind of nnx, how to make it.
NNX_LAYERS: Final[dict[str, Callable[[nnx.Rngs], Any]]] = {
    "dense": lambda r: nnx.Linear(64, 11000, rngs=r),
    "dense_general": lambda r: nnx.LinearGeneral((8, 8), (11, 1000), axis=(-2, -1), rngs=r),
    "einsum": lambda r: nnx.Einsum("na,ab->nb", (64, 11000), (11000,), rngs=r),
    "einsum_several_outputs": lambda r: nnx.Einsum("na,abc->nbc", (5, 64, 2200), None, rngs=r),
    "conv1d": lambda r: nnx.Conv(64, 2200, _WINDOW[1], rngs=r),
    "conv2d": lambda r: nnx.Conv(64, 1224, _WINDOW[2], rngs=r),
    "conv3d": lambda r: nnx.Conv(16, 1632, _WINDOW[3], rngs=r),
    "grouped_conv2d": lambda r: nnx.Conv(256, 1224, _WINDOW[2], feature_group_count=4, rngs=r),
    "depthwise_conv2d": lambda r: nnx.Conv(4400, 8800, (9, 9), feature_group_count=4400, rngs=r),
    "conv1d_transpose": lambda r: nnx.ConvTranspose(64, 2200, _WINDOW[1], rngs=r),
    "conv2d_transpose": lambda r: nnx.ConvTranspose(64, 1224, _WINDOW[2], rngs=r),
    "conv3d_transpose": lambda r: nnx.ConvTranspose(16, 1632, _WINDOW[3], rngs=r),
    "embedding": lambda r: nnx.Embed(7500, 100, rngs=r),
    "batch_norm": lambda r: nnx.BatchNorm(64, rngs=r),
    "layer_norm": lambda r: nnx.LayerNorm(64, rngs=r),
    "group_norm": lambda r: nnx.GroupNorm(64, 4, rngs=r),
    "rms_norm": lambda r: nnx.RMSNorm(64, rngs=r),
    "attention": lambda r: nnx.MultiHeadAttention(8, 840, 840, rngs=r),
    "rnn": lambda r: nnx.SimpleCell(2430, 97, rngs=r),
    "gru": lambda r: nnx.GRUCell(2430, 97, rngs=r),
    "lstm": lambda r: nnx.LSTMCell(2430, 97, rngs=r),
    "lstm_optimized": lambda r: nnx.OptimizedLSTMCell(2430, 97, rngs=r),
}
if hasattr(nnx, "InstanceNorm"):  # since Flax 0.12
    NNX_LAYERS["instance_norm"] = lambda r: nnx.InstanceNorm(64, rngs=r)
STARTS: Final = (
    *(f"linen {name}" for name in LINEN_LAYERS),
    *(f"nnx {name}" for name in NNX_LAYERS),
)


def start(kind: str, seed: int) -> list[Started]:
    """Return all weights of a layer as Flax starts it.

    Raises:
        FanwiseError: for a kind that is none of :data:`STARTS`.
    """
    if kind not in STARTS:
        raise FanwiseError("a kind of layer", kind, did_you_mean(kind, STARTS))
    library, _, name = kind.partition(" ")
    weights, arrays = _linen(name, seed) if library == "linen" else _nnx(name, seed)
    planned = plan(
        recipe("flax_default"), [stored.weight for stored in weights], framework="flax"
    ).planned
    return [
        Started(weight, _values(stored, arrays))
        for weight, stored in zip(planned, weights, strict=True)
    ]


def linen_layer(name: str) -> tuple[linen.Module, tuple[Any, ...]]:
    """Return a linen module of :data:`LINEN_LAYERS`, and what it is called with."""
    module, shape = LINEN_LAYERS[name]
    given = jnp.zeros(shape, "int32" if name == "embedding" else "float32")
    if isinstance(module, linen.RNNCellBase):
        return module, (module.initialize_carry(jax.random.key(0), shape), given)
    return module, (given,)


def _linen(name: str, seed: int) -> tuple[Sequence[ArrayWeight], Mapping[int, Any]]:
    module, inputs = linen_layer(name)
    variables = module.init(jax.random.key(seed), *inputs)
    arrays = dict(enumerate(jax.tree_util.tree_leaves(variables)))
    return trace(module, inputs, {}, None, 0).weights, arrays


def _nnx(name: str, seed: int) -> tuple[Sequence[ArrayWeight], Mapping[int, Any]]:
    collected, variables = collect(NNX_LAYERS[name](nnx.Rngs(seed)))
    return collected.weights, {key: read(variable) for key, variable in variables.items()}


def _values(stored: ArrayWeight, arrays: Mapping[int, Any]) -> NDArray[Any]:
    """Return the values of a weight; a part that the layer does without is zero."""
    values = np.zeros(stored.weight.shape, np.float32)
    for key, block in stored.blocks:
        part = np.asarray(arrays[key])[block.at]
        values[block.part] = part.reshape(values[block.part].shape)
    return values
