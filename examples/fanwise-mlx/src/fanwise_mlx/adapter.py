"""MLX as the conformance suite sees it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from importlib.metadata import version
from typing import Any, Final

import mlx.core as mx
import mlx.nn as nn
from numpy.typing import NDArray

from fanwise import FanwiseError
from fanwise.adapters.engines import Engine
from fanwise.adapters.protocol import OWN_LAYERS, Draw, LayerDraw, layer_kind
from fanwise_mlx import native
from fanwise_mlx.initializers import AXES, DTYPES, initializer, set_initializer, to_numpy

_DTYPES: Final = {name: dtype for dtype, name in DTYPES.items()}
_LAYERS: Final = {
    "dense": nn.Linear,
    "conv1d": nn.Conv1d,
    "conv2d": nn.Conv2d,
    "conv3d": nn.Conv3d,
    "conv1d_transpose": nn.ConvTranspose1d,
    "conv2d_transpose": nn.ConvTranspose2d,
    "conv3d_transpose": nn.ConvTranspose3d,
    "grouped_conv2d": nn.Conv2d,
    "depthwise_conv2d": nn.Conv2d,
}


class MlxAdapter:
    """MLX: mlx.nn.init and mlx.random as the native engine, our initializers as the portable one.

    A class that follows :class:`fanwise.adapters.protocol.Adapter` need not inherit from it.
    """

    name = "mlx"
    axes = AXES
    modes = ("eager",)
    layers = tuple(_LAYERS)
    own_layers = OWN_LAYERS
    deviations = resources.files("fanwise_mlx").joinpath("deviations.toml").read_text("utf-8")

    def versions(self) -> Mapping[str, str]:
        """Return the version of MLX: deviations may depend on it."""
        return {"mlx": version("mlx")}

    def devices(self) -> tuple[str, ...]:
        """Return the device that weights are drawn on."""
        return (str(mx.default_device()),)

    def native(self, draw: Draw) -> NDArray[Any]:
        """Draw the weight by MLX's own samplers."""
        return _draw(draw, engine=Engine.NATIVE)

    def portable(self, draw: Draw, mode: str) -> NDArray[Any]:
        """Draw the weight by the stream."""
        del mode  # there is one
        return _draw(draw, path=draw.path)

    def layer(self, draw: LayerDraw) -> tuple[NDArray[Any], str]:
        """Set the weight of a real layer in the way that a user sets it."""
        layer = _layer(draw)
        set_initializer(layer, draw.scheme, seed=draw.seed, path=draw.path.removesuffix("/kernel"))
        return to_numpy(layer["weight"]), AXES

    def own(self, draw: LayerDraw) -> tuple[NDArray[Any], str]:
        """Draw a real layer's weight by the function of ``mlx.nn.init``, called as it stands."""
        make = getattr(nn.init, draw.scheme.name, None)
        if make is None:
            hint = "Judge it with engine='native'."
            raise FanwiseError("a function of mlx.nn.init", draw.scheme.name, hint)
        vector = draw.kind == "vector"
        weight = mx.zeros((draw.inputs,)) if vector else _layer(draw)["weight"]
        with native.seeded(draw.seed):
            return to_numpy(make(**draw.scheme.to_dict()["params"])(weight)), AXES


def _layer(draw: LayerDraw) -> nn.Module:
    """Return a new layer of MLX."""
    window = (draw.size,) if layer_kind(draw.kind).spatial else ()
    groups = {"groups": draw.groups} if draw.groups > 1 else {}
    return _LAYERS[draw.kind](draw.inputs, draw.outputs, *window, **groups)


def _draw(draw: Draw, **options: Any) -> NDArray[Any]:
    make = initializer(
        draw.scheme, seed=draw.seed, axes=draw.axes, dtype=_DTYPES[draw.dtype], **options
    )
    return to_numpy(make(mx.zeros(draw.shape)))


def adapter() -> MlxAdapter:
    """Return the adapter of MLX, for the entry point."""
    return MlxAdapter()
