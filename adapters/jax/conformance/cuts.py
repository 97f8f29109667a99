"""The suite's models, cut in each way that JAX has: over devices of one process, and processes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

import jax
import numpy as np
from flax import linen, nnx
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from numpy.typing import NDArray

from fanwise.adapters.cut_protocol import Cut, CutDraw, CutWay, Seat
from fanwise.adapters.jax.conformance.models import BUILDERS
from fanwise.adapters.jax.conformance.weights import weights
from fanwise.adapters.jax.initialize import initialize

#: One process has so many devices of XLA's, and each of several processes one.
DEVICES: Final = {"XLA_FLAGS": "--xla_force_host_platform_device_count=8", "JAX_PLATFORMS": "cpu"}
ONE_DEVICE: Final = {
    "XLA_FLAGS": "--xla_force_host_platform_device_count=1",
    "JAX_PLATFORMS": "cpu",
}
_INPUTS: Final = {
    "encoder": jax.ShapeDtypeStruct((3, 7, 8), np.float32),
    "lstm": jax.ShapeDtypeStruct((3, 7), np.int32),
    "wide": jax.ShapeDtypeStruct((1, 3072), np.float32),
}


class WideLinen(linen.Module):
    """One large dense layer."""

    @linen.compact  # type: ignore[untyped-decorator]
    def __call__(self, x: Any) -> Any:
        """(batch, 3072) to (batch, 12288)."""
        return linen.Dense(12288, use_bias=False, name="up")(x)


class NnxEncoder(nnx.Module):
    """The layers of the encoder, as nnx has them."""

    def __init__(self, rngs: nnx.Rngs) -> None:
        self.attention = nnx.MultiHeadAttention(2, 8, decode=False, rngs=rngs)
        self.norm1 = nnx.LayerNorm(8, rngs=rngs)
        self.up = nnx.Linear(8, 16, rngs=rngs)
        self.down = nnx.Linear(16, 8, rngs=rngs)
        self.norm2 = nnx.LayerNorm(8, rngs=rngs)


class NnxLstm(nnx.Module):
    """The layers of the recurrent model; its cell's are those of linen's, under its name."""

    def __init__(self, rngs: nnx.Rngs) -> None:
        self.embed = nnx.Embed(11, 6, rngs=rngs)
        self.lstm = nnx.LSTMCell(6, 5, rngs=rngs)
        self.head = nnx.Linear(5, 3, rngs=rngs)


class WideNnx(nnx.Module):
    """One large dense layer."""

    def __init__(self, rngs: nnx.Rngs) -> None:
        self.up = nnx.Linear(3072, 12288, use_bias=False, rngs=rngs)


_NNX: Final = {"encoder": NnxEncoder, "lstm": NnxLstm, "wide": WideNnx}


def take_seat(seat: Seat) -> None:
    """Join the other processes, where there are any."""
    if len(seat.addresses) > 1:
        jax.config.update("jax_cpu_collectives_implementation", "gloo")
        jax.distributed.initialize(seat.addresses[0], len(seat.addresses), seat.rank)


def cut(draw: CutDraw) -> Cut:
    """Choose how every array lies; nothing is allocated before the start."""
    started = _Started(draw)
    return Cut(started.start, started.gather)


class _Started:
    """A model that is started, and its arrays then."""

    def __init__(self, draw: CutDraw) -> None:
        self.draw = draw
        self.arrays: Any = None

    def start(self) -> int:
        """Start it; return the bytes of its arrays that this process holds."""
        way, _, over = self.draw.way.rpartition(", ")
        devices = np.array(jax.devices()[: self.draw.world])
        place = partial(_PLACES[over.partition(" of ")[0]], devices)
        self.arrays = jax.block_until_ready(_WAYS[way](self.draw, place))
        leaves = jax.tree_util.tree_leaves(self.arrays)
        return sum(shard.data.nbytes for leaf in leaves for shard in leaf.addressable_shards)

    def gather(self) -> dict[str, NDArray[Any]]:
        """Return the whole weights."""
        if jax.process_count() > 1:
            from jax.experimental import multihost_utils

            whole = multihost_utils.process_allgather(self.arrays, tiled=True)
        else:
            whole = jax.tree_util.tree_map(np.asarray, self.arrays)
        if "params" not in whole:
            whole = {"params": whole}
        return weights(jax.tree_util.tree_map(np.asarray, whole))


def _along_one_axis(devices: NDArray[Any], shape: tuple[int, ...]) -> NamedSharding:
    """Cut the last axis that so many devices divide; where there is none, copy it to all."""
    mesh = Mesh(devices, ("parts",))
    fitting = [axis for axis, size in enumerate(shape) if size % len(devices) == 0]
    spec = (
        ["parts" if axis == fitting[-1] else None for axis in range(len(shape))] if fitting else []
    )
    return NamedSharding(mesh, PartitionSpec(*spec))


def _along_more_axes(devices: NDArray[Any], shape: tuple[int, ...]) -> NamedSharding:
    """Cut axes over a mesh of two axes, or of three for eight devices, each if it divides one."""
    sizes = {"x": 2, "y": 2, "z": 2} if len(devices) == 8 else {"x": len(devices) // 2, "y": 2}
    mesh = Mesh(devices.reshape(tuple(sizes.values())), tuple(sizes))
    spec: list[tuple[str, ...]] = [() for _ in shape]
    for number, (name, size) in enumerate(sizes.items()):
        axis = number % max(1, len(shape))
        if shape and shape[axis] % (size * math.prod(sizes[other] for other in spec[axis])) == 0:
            spec[axis] = (*spec[axis], name)
    return NamedSharding(mesh, PartitionSpec(*(names or None for names in spec)))


def _on_all(devices: NDArray[Any], shape: tuple[int, ...]) -> NamedSharding:
    del shape
    return NamedSharding(Mesh(devices, ("parts",)), PartitionSpec())


_PLACES: Final = {"one axis": _along_one_axis, "more axes": _along_more_axes, "copies": _on_all}
_Place = Callable[[tuple[int, ...]], NamedSharding]


def _linen(draw: CutDraw) -> Any:
    return WideLinen() if draw.model == "wide" else BUILDERS[draw.model]()


def _linen_shardings(draw: CutDraw, place: _Place) -> Any:
    module = _linen(draw)
    abstract = jax.eval_shape(module.init, jax.random.key(0), _INPUTS[draw.model])
    return jax.tree_util.tree_map(lambda leaf: place(leaf.shape), abstract)


def _linen_eager(draw: CutDraw, place: _Place) -> Any:
    shardings = _linen_shardings(draw, place)
    inputs = (_INPUTS[draw.model],)
    return initialize(
        _linen(draw), draw.recipe, seed=draw.seed, inputs=inputs, shardings=shardings
    )[0]


def _linen_jit(draw: CutDraw, place: _Place) -> Any:
    def make() -> Any:
        inputs = (_INPUTS[draw.model],)
        return initialize(_linen(draw), draw.recipe, seed=draw.seed, inputs=inputs)[0]

    return jax.jit(make, out_shardings=_linen_shardings(draw, place))()


def _tree(draw: CutDraw, place: _Place) -> Any:
    """A pytree of abstract arrays that say how they lie."""
    module = _linen(draw)
    abstract = jax.eval_shape(module.init, jax.random.key(0), _INPUTS[draw.model])
    tree = jax.tree_util.tree_map(
        lambda leaf: jax.ShapeDtypeStruct(leaf.shape, leaf.dtype, sharding=place(leaf.shape)),
        abstract["params"],
    )
    return initialize(tree, draw.recipe, seed=draw.seed)[0]


def _nnx_abstract(draw: CutDraw) -> Any:
    return nnx.eval_shape(lambda: _NNX[draw.model](nnx.Rngs(0)))


def _nnx_arrays(model: Any) -> Any:
    """Return the arrays by linen's names: nnx calls a gate ``if_``, its name in Python."""
    held = nnx.to_pure_dict(nnx.state(model, nnx.Param))
    return {
        layer: {name.rstrip("_"): inner for name, inner in of.items()} for layer, of in held.items()
    }


def _nnx_eager(draw: CutDraw, place: _Place) -> Any:
    """An abstract model whose variables say how they lie."""
    model = _nnx_abstract(draw)
    for _, variable in nnx.iter_graph(model):
        if isinstance(variable, nnx.Param):
            leaf = variable.get_value()
            where = place(leaf.shape)
            variable.set_value(jax.ShapeDtypeStruct(leaf.shape, leaf.dtype, sharding=where))
    initialize(model, draw.recipe, seed=draw.seed)
    return _nnx_arrays(model)


def _nnx_jit(draw: CutDraw, place: _Place) -> Any:
    def make() -> Any:
        model = _nnx_abstract(draw)
        initialize(model, draw.recipe, seed=draw.seed)
        return _nnx_arrays(model)

    abstract = _nnx_arrays(_nnx_abstract(draw))
    shardings = jax.tree_util.tree_map(lambda leaf: place(leaf.shape), abstract)
    return jax.jit(make, out_shardings=shardings)()


_WAYS: Final[Mapping[str, Callable[[CutDraw, _Place], Any]]] = {
    "linen, shardings=": _linen_eager,
    "linen, jit": _linen_jit,
    "pytree": _tree,
    "nnx": _nnx_eager,
    "nnx, jit": _nnx_jit,
}


def _ways() -> Iterator[CutWay]:
    """Yield the ways: a plain pytree has no layers, so no recurrence whose gates are joined."""
    one: dict[str, Any] = {"processes": False, "environment": DEVICES}
    several: dict[str, Any] = {"environment": ONE_DEVICE}
    for way in _WAYS:
        models = ("encoder", "wide") if way == "pytree" else ("encoder", "lstm", "wide")
        yield CutWay(f"{way}, one axis of devices", (1, 2, 3, 4, 8), **one, models=models)
        yield CutWay(f"{way}, more axes of devices", (4, 8), **one, models=models)
        yield CutWay(f"{way}, one axis of processes", (2, 4), **several, models=models)
        yield CutWay(f"{way}, more axes of processes", (4,), **several, models=models)
    yield CutWay("linen, shardings=, copies of devices", (2, 8), **one)
    yield CutWay("linen, shardings=, copies of processes", (2,), **several)


CUTS: Final = tuple(_ways())
