"""The layers that the conformance suite lets Keras start, for the recipe ``keras_default``.

Only kernels are random in Keras: one layer has enough elements for a sample. Where it can be,
a kernel has the shape of another kind's: a backend may compile its samplers for every shape.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import keras
from numpy.typing import NDArray

from fanwise.adapters.keras.layers.declared import with_starts
from fanwise.adapters.keras.layers.models import model_weights
from fanwise.adapters.keras.layers.variable_weights import VariableWeight
from fanwise.adapters.protocol import Started
from fanwise.adapters.recipe_forms import get
from fanwise.adapters.recipes import planned_weights
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.recipe import recipe


@dataclass(frozen=True)
class LayerCase:
    """A layer of a kind to make: its class, arguments and inputs, and whether it runs both ways."""

    name: str
    inputs: tuple[int, ...]
    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)
    both_ways: bool = False

    def make(self) -> Any:
        """Make the layer, not built yet."""
        layer = getattr(keras.layers, self.name)(*self.arguments, **self.keywords)
        return keras.layers.Bidirectional(layer) if self.both_ways else layer

    def build(self) -> Any:
        """Make the layer, built."""
        layer, shape = self.make(), (1, *self.inputs)
        layer.build(*([shape, shape] if self.name.endswith("Attention") else [shape]))
        return layer


_KINDS: Final = {
    "dense": LayerCase("Dense", (64,), (6150,)),
    "einsum_dense": LayerCase("EinsumDense", (4, 64), ("abc,cde->abde", (None, 40, 160))),
    "conv1d": LayerCase("Conv1D", (9, 64), (1230, 5)),
    "conv2d": LayerCase("Conv2D", (9, 9, 64), (684, 3)),
    "conv3d": LayerCase("Conv3D", (5, 5, 5, 16), (911, 3)),
    "grouped_conv2d": LayerCase("Conv2D", (9, 9, 256), (684, 3), {"groups": 4}),
    "conv2d_one_group_each": LayerCase("Conv2D", (9, 9, 1000), (16000, 5), {"groups": 1000}),
    "conv1d_transpose": LayerCase("Conv1DTranspose", (9, 1230), (64, 5)),
    "conv2d_transpose": LayerCase("Conv2DTranspose", (9, 9, 684), (64, 3)),
    "conv3d_transpose": LayerCase("Conv3DTranspose", (5, 5, 5, 911), (16, 3)),
    "depthwise_conv1d": LayerCase("DepthwiseConv1D", (90, 2000), (20,), {"depth_multiplier": 10}),
    "depthwise_conv2d": LayerCase("DepthwiseConv2D", (9, 9, 2000), (5,), {"depth_multiplier": 8}),
    "separable_conv1d": LayerCase(
        "SeparableConv1D", (90, 2000), (25, 20), {"depth_multiplier": 10}
    ),
    "separable_conv2d": LayerCase(
        "SeparableConv2D", (9, 9, 2000), (25, 5), {"depth_multiplier": 8}
    ),
    "embedding": LayerCase("Embedding", (4,), (4000, 100)),
    "batch_norm": LayerCase("BatchNormalization", (64,)),
    "layer_norm": LayerCase("LayerNormalization", (64,)),
    "group_norm": LayerCase("GroupNormalization", (64,), (4,)),
    "rms_norm": LayerCase("RMSNormalization", (64,)),
    "rnn": LayerCase("SimpleRNN", (4, 4100), (97,)),
    "gru": LayerCase("GRU", (4, 1400), (97,)),
    "lstm": LayerCase("LSTM", (4, 1020), (97,)),
    "bidirectional_lstm": LayerCase("LSTM", (4, 1020), (97,), both_ways=True),
    "conv_lstm1d": LayerCase("ConvLSTM1D", (4, 9, 300), (110, 3)),
    "conv_lstm2d": LayerCase("ConvLSTM2D", (4, 9, 9, 550), (20, 3)),
    "attention": LayerCase("MultiHeadAttention", (4, 640), (8, 80), {"value_dim": 84}),
    "grouped_attention": LayerCase("GroupQueryAttention", (4, 640), (160, 8, 4)),
}
#: Those that the Keras at hand has.
STARTS: Final = {name: kind for name, kind in _KINDS.items() if hasattr(keras.layers, kind.name)}


def start(kind: str, seed: int, array: Callable[[Any], NDArray[Any]]) -> list[Started]:
    """Give all weights of a layer as Keras starts it; ``array`` gives a variable in NumPy.

    Raises:
        FanwiseError: for a kind that is none of :data:`STARTS`.
    """
    if kind not in STARTS:
        raise FanwiseError("a kind of layer", kind, did_you_mean(kind, STARTS))
    with seeded(seed):
        weights = with_starts(model_weights(STARTS[kind].build()))
    plans = planned_weights(recipe("keras_default"), weights, framework="keras").plans
    return [Started(planned, values_of(stored, array)) for stored, planned in plans]


def values_of(stored: VariableWeight, array: Callable[[Any], NDArray[Any]]) -> NDArray[Any]:
    """Return a weight in canonical order, in the shape in which the recipe sees it."""
    values = {name: array(variable) for name, variable in stored.variables.items()}
    return get(values, stored.description).reshape(stored.weight.shape)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Seed what Keras draws the seeds of its initializers from, and put it back.

    ``keras.utils.set_random_seed`` does the same, and cannot be undone.
    """
    before = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(before)
