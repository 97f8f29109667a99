"""JAX as the conformance suite sees it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from importlib import resources
from importlib.metadata import version
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
from flax import linen
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from numpy.typing import NDArray

from fanwise.adapters.cut_protocol import Cut, CutDraw, Seat
from fanwise.adapters.jax.conformance import cuts
from fanwise.adapters.jax.conformance.models import BUILDERS
from fanwise.adapters.jax.conformance.starts import STARTS, start
from fanwise.adapters.jax.conformance.weights import weights
from fanwise.adapters.jax.drawing.dtypes import wide_mode
from fanwise.adapters.jax.drawing.keys import words_of_seed
from fanwise.adapters.jax.initialize import initialize
from fanwise.adapters.jax.initializers.absolute import initializer
from fanwise.adapters.jax.layers.description import describe
from fanwise.adapters.jax.set_initializer import set_initializer
from fanwise.adapters.protocol import (
    LAYERS,
    OWN_LAYERS,
    VECTOR,
    Draw,
    LayerDraw,
    ModelDraw,
    Started,
    grouped,
    layer_kind,
)
from fanwise.spec.errors import FanwiseError, did_you_mean
from fanwise.spec.scheme import Scheme


def _eager(init: Any, key: Any, shape: tuple[int, ...]) -> Any:
    return init(key, shape)


def _jit(init: Any, key: Any, shape: tuple[int, ...]) -> Any:
    return jax.jit(lambda traced: init(traced, shape))(key)


def _vmap(init: Any, key: Any, shape: tuple[int, ...]) -> Any:
    keys = jnp.stack([jax.random.fold_in(key, 1), key])
    return jax.vmap(lambda traced: init(traced, shape))(keys)[1]


def _scan(init: Any, key: Any, shape: tuple[int, ...]) -> Any:
    def step(state: None, traced: Any) -> tuple[None, Any]:
        return state, init(traced, shape)

    return jax.lax.scan(step, None, key[None])[1][0]


def _sharded(init: Any, key: Any, shape: tuple[int, ...]) -> Any:
    """Draw over as many devices as divide an axis, along that axis."""
    devices = jax.devices()
    parts, axis = max((math.gcd(size, n), axis) for axis, size in enumerate(shape)
                      for n in range(1, len(devices) + 1))  # fmt: skip
    mesh = Mesh(np.array(devices[:parts]), ("parts",))
    spec = PartitionSpec(*(["parts" if at == axis else None for at in range(len(shape))]))
    place = NamedSharding(mesh, spec)
    weight = jax.jit(lambda traced: init(traced, shape), out_shardings=place)(key)
    assert weight.sharding.is_equivalent_to(place, len(shape))
    return weight


#: How the portable engine is run: by hand, with a traced key, and on several devices.
_MODES: Final[dict[str, Callable[[Any, Any, tuple[int, ...]], Any]]] = {
    "eager": _eager,
    "jit": _jit,
    "vmap": _vmap,
    "scan": _scan,
    "sharded": _sharded,
}


#: How the path of a layer's kernel ends.
_KERNEL: Final = "/kernel"
#: What JAX calls a parameter of a scheme, where it is not its name.
_OWN_NAMES: Final = {"std": "stddev"}


class JaxAdapter:
    """JAX, with Flax linen's layers."""

    name = "jax"
    axes = "kernel"
    layers = LAYERS
    own_layers = OWN_LAYERS
    models = tuple(BUILDERS)
    starts = STARTS
    cuts = cuts.CUTS

    def __init__(self) -> None:
        here = resources.files("fanwise.adapters.jax.conformance")
        self.deviations = here.joinpath("deviations.toml").read_text("utf-8")

    @property
    def modes(self) -> tuple[str, ...]:
        """Return the modes; sharding is judged where there are devices to shard over."""
        # Not asked before it must be: processes that work together join before that.
        alone = len(jax.devices()) == 1
        return tuple(mode for mode in _MODES if not (alone and mode == "sharded"))

    def versions(self) -> Mapping[str, str]:
        """Return the versions of JAX, jaxlib and Flax."""
        return {name: version(name) for name in ("jax", "jaxlib", "flax")}

    def devices(self) -> tuple[str, ...]:
        """Return the devices that weights are drawn on."""
        return tuple(f"{device.platform}:{device.id}" for device in jax.devices())

    def native(self, draw: Draw) -> NDArray[Any]:
        """Draw a weight by JAX's own samplers."""
        init = initializer(draw.scheme, axes=draw.axes, dtype=draw.dtype, engine="native")
        with _precision(draw.dtype):
            return _bits(init(_key(draw.seed), draw.shape))

    def portable(self, draw: Draw, mode: str) -> NDArray[Any]:
        """Draw a weight by the portable stream: eagerly, compiled, mapped or scanned."""
        if mode not in _MODES:
            raise FanwiseError("a mode of the adapter", mode, did_you_mean(mode, _MODES))
        init = initializer(draw.scheme, axes=draw.axes, dtype=draw.dtype, path=draw.path)
        with _precision(draw.dtype):
            return _bits(_MODES[mode](init, _key(draw.seed), draw.shape))

    def layer(self, draw: LayerDraw) -> tuple[NDArray[Any], str]:
        """Draw the kernel of a Flax linen layer by ``set_initializer``.

        Of the transposed convolutions it is the kind that computes what torch's and
        Keras's do, and stores its kernel like Keras.
        """
        layer, inputs = _layer(draw, transpose_kernel=True)
        axes = _axes(layer, inputs)
        if draw.path.endswith(_KERNEL):
            path = draw.path.removesuffix(_KERNEL)
            variables = set_initializer(
                layer, draw.scheme, seed=draw.seed, path=path, inputs=(inputs,)
            )
            return _bits(variables["params"]["kernel"]), axes
        # A path that no layer gives to its kernel: the initializer has it.
        init = initializer(grouped(draw), axes=axes, seed=draw.seed, path=draw.path)
        return _started(layer.clone(kernel_init=init), inputs, draw.seed), axes

    def own(self, draw: LayerDraw) -> tuple[NDArray[Any], str]:
        """Draw the kernel of a Flax linen layer by the function of ``jax.nn.initializers``."""
        make = getattr(jax.nn.initializers, draw.scheme.name, None)
        if make is None:
            hint = "Judge it with engine='native'."
            raise FanwiseError("a function of jax.nn.initializers", draw.scheme.name, hint)
        parameters = {
            _OWN_NAMES.get(name, name): value
            for name, value in draw.scheme.to_dict()["params"].items()
            if name != "corrected"
        }
        init = make(**parameters)
        if draw.kind == VECTOR:
            return _bits(init(jax.random.key(draw.seed), (draw.inputs,))), self.axes
        layer, inputs = _layer(draw)
        axes = _axes(layer, inputs)
        return _started(layer.clone(kernel_init=init), inputs, draw.seed), axes

    def own_name(self, scheme: Scheme) -> str:
        """Name the function of ``jax.nn.initializers``."""
        return f"jax.nn.initializers.{scheme.name}"

    def model(self, draw: ModelDraw) -> tuple[Mapping[str, NDArray[Any]], NDArray[Any]]:
        """Set a whole model of Flax linen up by ``initialize``."""
        module, batch = BUILDERS[draw.name](), jnp.asarray(draw.inputs)
        variables, _ = initialize(module, draw.recipe, inputs=(batch,), seed=draw.seed)
        return weights(variables), _bits(module.apply(variables, batch))

    def take_seat(self, seat: Seat) -> None:
        """Join the other processes."""
        cuts.take_seat(seat)

    def cut(self, draw: CutDraw) -> Cut:
        """Cut a model."""
        return cuts.cut(draw)

    def start(self, kind: str, seed: int) -> list[Started]:
        """Return the weights of a layer as Flax starts it, beside ``flax_default``."""
        return start(kind, seed)


def _layer(draw: LayerDraw, *, transpose_kernel: bool = False) -> tuple[linen.Module, Any]:
    """Make a layer of Flax linen, and what it is called with."""
    kind = layer_kind(draw.kind)
    window = (draw.size,) * kind.spatial
    inputs = jnp.zeros((1, *window, draw.inputs))
    if not window:
        return linen.Dense(draw.outputs), inputs
    if kind.transposed:
        up = linen.ConvTranspose(draw.outputs, window, transpose_kernel=transpose_kernel)
        return up, inputs
    return linen.Conv(draw.outputs, window, feature_group_count=draw.groups), inputs


def _axes(layer: linen.Module, inputs: Any) -> str:
    """Return the axes of a layer's kernel, as its description has them."""
    params = jax.eval_shape(layer.init, jax.random.key(0), inputs)["params"]
    shapes = {name: tuple(value.shape) for name, value in params.items()}
    kernel, *_ = describe(layer, shapes)
    return kernel.axes


def _started(layer: linen.Module, inputs: Any, seed: int) -> NDArray[Any]:
    """Return the kernel of a layer as its own initializer starts it."""
    # Compiled, the layer's function is dropped, as its result is not used.
    variables = jax.jit(lambda key: layer.init(key, inputs))(jax.random.key(seed))
    return _bits(variables["params"]["kernel"])


def _key(seed: int) -> Any:
    """Return the key of two words that is the seed, also above 2³²."""
    high_low = words_of_seed(seed)[::-1]
    return jax.random.wrap_key_data(jnp.asarray(high_low), impl="threefry2x32")


def _precision(dtype: str) -> AbstractContextManager[Any]:
    """Turn the 64-bit mode on for float64, which JAX has in no other."""
    return wide_mode() if dtype == "float64" else nullcontext()


def _bits(weight: Any) -> NDArray[Any]:
    """Return a NumPy array; for bfloat16 its bits."""
    array: NDArray[Any] = np.asarray(weight)
    return array.view(np.uint16) if array.dtype == jnp.bfloat16 else array


def adapter() -> JaxAdapter:
    """Return the adapter of JAX."""
    return JaxAdapter()
