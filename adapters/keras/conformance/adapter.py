"""This adapter as the conformance suite sees it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from importlib import import_module, resources
from typing import Any, Final

import keras
import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.cut_protocol import Cut, CutDraw, Seat
from fanwise.adapters.keras.conformance import cuts
from fanwise.adapters.keras.conformance.models import BUILDERS
from fanwise.adapters.keras.conformance.recipe_starts import start_recipe
from fanwise.adapters.keras.conformance.starts import STARTS, start
from fanwise.adapters.keras.conformance.weights import weights
from fanwise.adapters.keras.drawing.transfer import host_array
from fanwise.adapters.keras.initialize import initialize
from fanwise.adapters.keras.initializers.layer_initializer import LayerInitializer, starts_of
from fanwise.adapters.keras.initializers.schemes import SchemeInitializer
from fanwise.adapters.keras.layers.unbuilt import unbuilt_parameters
from fanwise.adapters.protocol import (
    LAYERS,
    OWN_LAYERS,
    Draw,
    LayerDraw,
    ModelDraw,
    Started,
)
from fanwise.adapters.recipe_sources import RecipeSource
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.laws import StructuredLaw
from fanwise.spec.scheme import Scheme

#: How each backend can run the portable engine.
MODES: Final = {"tensorflow": ("eager", "graph", "xla"), "jax": ("eager", "jit")}


#: What Keras calls a parameter of a scheme, where it is not its name.
_OWN_NAMES: Final = {"std": "stddev"}


class KerasAdapter:
    """Keras on the backend that this process runs it on."""

    entry = "keras"
    axes = "kernel"
    layers = LAYERS
    own_layers = OWN_LAYERS
    models = tuple(BUILDERS)
    starts = tuple(STARTS)

    def __init__(self) -> None:
        self.backend: str = keras.config.backend()
        self.name = f"keras-{self.backend}"
        self.environment: Mapping[str, str] = {"KERAS_BACKEND": self.backend}
        self.cuts = cuts.ways(self.backend)
        self.modes: tuple[str, ...] = MODES.get(self.backend, ("eager",))
        package = resources.files("fanwise.adapters.keras.conformance")
        self.deviations = package.joinpath("deviations.toml").read_text("utf-8")

    def versions(self) -> Mapping[str, str]:
        """Return the versions of Keras and of its backend."""
        # The module is asked, as TensorFlow comes as tensorflow-cpu too.
        backend = import_module(self.backend)
        return {"keras": keras.__version__, self.backend: str(backend.__version__)}

    def devices(self) -> tuple[str, ...]:
        """Tell the kind of device that the backend puts its variables on."""
        value = keras.Variable(np.zeros(1, np.float32)).value
        kind = str(getattr(value, "device", "cpu")).lower()
        return ("gpu",) if "gpu" in kind or "cuda" in kind else ("cpu",)

    def native(self, draw: Draw) -> NDArray[Any]:
        """Draw the weight by Keras's own sampler."""
        make = SchemeInitializer(
            draw.scheme, draw.seed & 0xFFFFFFFF, axes=draw.axes, engine="native"
        )
        with _precision(self.backend, draw.dtype):
            return host_array(make(draw.shape, draw.dtype))

    def portable(self, draw: Draw, mode: str) -> NDArray[Any]:
        """Draw the weight by the portable engine, eager or in a compiled function."""
        if mode not in self.modes:
            raise FanwiseError(f"a mode of {self.name}", mode, did_you_mean(mode, self.modes))
        with _precision(self.backend, draw.dtype):
            return host_array(_RUNS.get(mode, _eager)(draw, mode))

    def layer(self, draw: LayerDraw) -> tuple[NDArray[Any], str]:
        """Give the kernel of a real layer, set by the initializer of its kernel."""
        layer = _layer(draw)
        parameter = unbuilt_parameters(layer, None)[0]
        ((_, weight),) = parameter.weights
        starts = starts_of([(draw.path, weight, draw.scheme)])
        parameter.install(LayerInitializer(starts, draw.seed))
        return _built(layer, draw), weight.axes

    def own(self, draw: LayerDraw) -> tuple[NDArray[Any], str]:
        """Give the kernel of a real layer by the class of ``keras.initializers``."""
        make = getattr(keras.initializers, self.own_name(draw.scheme).rpartition(".")[2], None)
        if make is None:
            hint = "Judge it with engine='native'."
            raise FanwiseError("a class of keras.initializers", draw.scheme.name, hint)
        parameters = {
            _OWN_NAMES.get(key, key): value
            for key, value in draw.scheme.to_dict()["params"].items()
            if key != "corrected"
        }
        init = make(**parameters, seed=draw.seed)
        if draw.kind == "vector":
            return host_array(init((draw.inputs,))), "kernel"
        layer = _layer(draw)
        parameter = unbuilt_parameters(layer, None)[0]
        ((_, weight),) = parameter.weights
        parameter.install(init)
        return _built(layer, draw), weight.axes

    def own_name(self, scheme: Scheme) -> str:
        """Name the class of ``keras.initializers``."""
        return f"keras.initializers.{scheme.name.title().replace('_', '')}"

    def model(self, draw: ModelDraw) -> tuple[Mapping[str, NDArray[Any]], NDArray[Any]]:
        """Give the weights and the output of a whole model, set up by ``initialize``."""
        model = BUILDERS[draw.name]()
        initialize(model, draw.recipe, seed=draw.seed)
        output = model(keras.ops.convert_to_tensor(draw.inputs), training=False)
        return weights(model, host_array), host_array(output)

    def take_seat(self, seat: Seat) -> None:
        """Join the other processes."""
        cuts.take_seat(seat)

    def cut(self, draw: CutDraw) -> Cut:
        """Spread a model over devices."""
        return cuts.cut(draw)

    def start(self, kind: str, seed: int) -> list[Started]:
        """Give the weights of a layer as Keras starts it, beside ``keras_default``."""
        return start(kind, seed, host_array)

    def start_recipe(self, source: RecipeSource, seed: int) -> list[Started]:
        """Give what a recipe sets of a model as its library starts it."""
        return start_recipe(source, seed, host_array)


def adapter() -> KerasAdapter:
    """Make the adapter of Keras."""
    return KerasAdapter()


def _layer(draw: LayerDraw) -> Any:
    size, outputs = draw.size, draw.outputs
    if draw.kind == "dense":
        return keras.layers.Dense(outputs)
    if draw.kind == "depthwise_conv2d":
        return keras.layers.DepthwiseConv2D(size, depth_multiplier=outputs // draw.inputs)
    if draw.kind == "grouped_conv2d":
        return keras.layers.Conv2D(outputs, size, groups=draw.groups)
    dimensions = draw.kind[4]
    suffix = "Transpose" if draw.kind.endswith("transpose") else ""
    kind = getattr(keras.layers, f"Conv{dimensions}D{suffix}")
    return kind(outputs, size, data_format="channels_last")


def _built(layer: Any, draw: LayerDraw) -> NDArray[Any]:
    """Return the kernel of the layer, once it is built."""
    spatial = () if draw.kind == "dense" else (2 * draw.size,) * layer.rank
    layer.build((1, *spatial, draw.inputs))
    return host_array(layer.kernel)


def _eager(draw: Draw, mode: str) -> Any:
    del mode
    make = SchemeInitializer(draw.scheme, draw.seed, draw.path, draw.axes)
    return make(draw.shape, draw.dtype)


def _graph(draw: Draw, mode: str) -> Any:
    """Draw in a graph of TensorFlow, with the seed as a tensor where the scheme allows it."""
    import tensorflow as tf

    structured = isinstance(draw.scheme.law(draw.shape, draw.axes), StructuredLaw)
    seed = draw.seed if structured else _generator(draw.seed)
    make = SchemeInitializer(draw.scheme, seed, draw.path, draw.axes)

    def run() -> Any:
        return make(draw.shape, draw.dtype)

    return tf.function(run, jit_compile=mode == "xla").get_concrete_function()()


def _jit(draw: Draw, mode: str) -> Any:
    """Draw in a function compiled by JAX, with the seed traced."""
    del mode
    import jax

    generator = _generator(draw.seed)
    make = SchemeInitializer(draw.scheme, generator, draw.path, draw.axes)

    def run(state: Any) -> Any:
        with keras.StatelessScope(state_mapping=[(generator.state, state)]):
            return make(draw.shape, draw.dtype)

    return jax.jit(run)(generator.state.value)


_RUNS: Final = {"graph": _graph, "xla": _graph, "jit": _jit}


def _generator(seed: int) -> Any:
    """Make a generator whose next seed is a given one, of up to 64 bits."""
    generator = keras.random.SeedGenerator(0)
    words = np.array([seed & 0xFFFFFFFF, seed >> 32], generator.state.dtype)
    generator.state.assign(words)
    return generator


def _precision(backend: str, dtype: str) -> contextlib.AbstractContextManager[Any]:
    """Enable float64 in JAX, which has it only then."""
    if backend == "jax" and dtype == "float64":
        import jax
        import jax.experimental

        # Before it was public it stood in jax.experimental.
        public = hasattr(jax, "enable_x64")
        enable = jax.enable_x64 if public else jax.experimental.enable_x64
        return enable(True)  # type: ignore[no-any-return]  # noqa: FBT003
    return contextlib.nullcontext()
