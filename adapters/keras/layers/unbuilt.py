"""Where a layer that is not built yet has the initializers of its parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import keras

from fanwise.adapters.keras.layers.description import describe_unbuilt
from fanwise.adapters.keras.layers.models import model_layers
from fanwise.adapters.keras.layers.variables import is_built
from fanwise.adapters.layer_weights import LayerWeight
from fanwise.spec.errors import FanwiseError, Phrase

#: The attributes that may hold the initializer of a parameter: a layer has one of them at most.
INITIALIZERS: Final[dict[str, tuple[str, ...]]] = {
    "kernel": ("kernel_initializer", "depthwise_initializer"),
    "depthwise_kernel": ("depthwise_initializer",),
    "pointwise_kernel": ("pointwise_initializer",),
    "recurrent_kernel": ("recurrent_initializer",),
    "bias": ("bias_initializer",),
    "embeddings": ("embeddings_initializer",),
    "gamma": ("gamma_initializer",),
    "beta": ("beta_initializer",),
    "moving_mean": ("moving_mean_initializer",),
    "moving_variance": ("moving_variance_initializer",),
}
#: What has no weights but those of the layers in it, which are there before they are built.
_CONTAINERS: Final = (
    keras.layers.Wrapper,
    keras.layers.Bidirectional,
    keras.layers.RNN,
    keras.layers.StackedRNNCells,
)


@dataclass(frozen=True)
class UnbuiltParameter:
    """A parameter that a layer will have.

    Attributes:
        layer: the layer.
        initializer: the attribute of the layer that holds the parameter's initializer.
        weights: what the parameter will hold, each with its path in the model.
    """

    layer: Any
    initializer: str
    weights: tuple[tuple[str, LayerWeight], ...]

    def install(self, initializer: Any) -> None:
        """Give the parameter an initializer."""
        setattr(self.layer, self.initializer, initializer)
        if any(weight.role == "forget_bias" for _, weight in self.weights):
            # Keras would put ones where the initializer says what the forget gate starts with.
            self.layer.unit_forget_bias = False


def has_unbuilt_layers(layer: Any) -> bool:
    """Tell whether a layer, or one in it, is not built yet."""
    return any(not is_built(inner) for _, inner in model_layers(layer))


def unbuilt_parameters(layer: Any, path: str | None) -> list[UnbuiltParameter]:
    """List the parameters that a layer will have once it is built.

    Args:
        layer: a layer, none of whose layers is built.
        path: of the layer in its model.

    Raises:
        FanwiseError: for a layer with a parameter that has no initializer of its own.
    """
    prefix = "" if path is None else f"{path}/"
    return [
        parameter
        for below, inner in model_layers(layer, is_placed=path is not None)
        for parameter in _parameters(inner, prefix + (f"{below}/" if below else ""))
    ]


def _parameters(layer: Any, prefix: str) -> Iterator[UnbuiltParameter]:
    described = describe_unbuilt(layer)
    if not (described or is_built(layer) or isinstance(layer, _CONTAINERS)):
        raise unbuilt_error(layer, "a layer whose weights are known before it is built")
    if getattr(layer, "lora_rank", None):
        hint = "Build it, then use initialize with a rule for the parameters that LoRA adds."
        received = Phrase(f"{type(layer).__name__} with lora_rank={layer.lora_rank}")
        raise FanwiseError("a layer whose weights have known axes", received, hint)
    if layer.built and layer.weights:
        raise unbuilt_error(layer, "a layer of which nothing is built yet, or all of it")
    if not getattr(layer, "use_bias", True):
        described = tuple(weight for weight in described if weight.parameter != "bias")
    for name in dict.fromkeys(weight.parameter for weight in described):
        held = [attribute for attribute in INITIALIZERS.get(name, ()) if hasattr(layer, attribute)]
        if not held:
            raise unbuilt_error(layer, f"a layer with an initializer for its {name}")
        weights = ((prefix + w.path, w) for w in described if w.parameter == name)
        yield UnbuiltParameter(layer, held[0], tuple(weights))


def unbuilt_error(layer: Any, expected: str) -> FanwiseError:
    """Make the error that says to build a layer first."""
    received = Phrase(f"{layer.name} ({type(layer).__name__}), without weights")
    return FanwiseError(expected, received, "Build it first: call layer.build(input_shape).")
