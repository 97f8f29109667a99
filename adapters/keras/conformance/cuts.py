"""The suite's models, spread over devices and processes in each way that Keras's backend has."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from fanwise.adapters.cut_protocol import Cut, CutDraw, CutWay, Seat
from fanwise.adapters.keras.conformance.models import BUILDERS
from fanwise.adapters.keras.conformance.weights import weights
from fanwise.adapters.keras.initialize import initialize
from fanwise.adapters.keras.initializers.schemes import SchemeInitializer
from fanwise.spec.registry import scheme

_EVERY: Final = (1, 2, 3, 4, 8)
_DEVICES: Final = {
    "XLA_FLAGS": "--xla_force_host_platform_device_count=8",
    "JAX_PLATFORMS": "cpu",
}
_ONE_DEVICE: Final = {
    "XLA_FLAGS": "--xla_force_host_platform_device_count=1",
    "JAX_PLATFORMS": "cpu",
}
#: Which axis of which variable is cut, and how many devices must divide its size.
_CUT_AXES: Final[Mapping[str, tuple[tuple[str, int, int, int], ...]]] = {
    "encoder": (
        ("up/kernel", 2, 1, 16),
        ("up/bias", 1, 0, 16),
        ("down/kernel", 2, 0, 16),
        ("attention/query/kernel", 3, 0, 8),
        ("norm1/gamma", 1, 0, 8),
    ),
    "lstm": (
        ("embed/embeddings", 2, 1, 6),
        ("lstm_cell/kernel", 2, 1, 20),
        ("lstm_cell/recurrent_kernel", 2, 1, 20),
        ("lstm_cell/bias", 1, 0, 20),
        ("head/kernel", 2, 1, 3),
    ),
    "wide": (("up/kernel", 2, 1, 12288),),
}
#: The strategy of several workers has to be made before anything else of TensorFlow.
_strategies: list[Any] = []


def take_seat(seat: Seat) -> None:
    """Join the other processes; a single one of TensorFlow gets its devices."""
    several = len(seat.addresses) > 1
    if keras.config.backend() == "jax":
        if several:
            import jax

            jax.config.update("jax_cpu_collectives_implementation", "gloo")
            addresses = ",".join(seat.addresses)
            keras.distribution.initialize(addresses, len(seat.addresses), seat.rank)
        return
    import tensorflow as tf

    if several:
        task = {"type": "worker", "index": seat.rank}
        cluster = {"worker": list(seat.addresses)}
        os.environ["TF_CONFIG"] = json.dumps({"cluster": cluster, "task": task})
        _strategies.append(tf.distribute.MultiWorkerMirroredStrategy())
        return
    (cpu,) = tf.config.list_physical_devices("CPU")
    logical = [tf.config.LogicalDeviceConfiguration()] * max(_EVERY)
    tf.config.set_logical_device_configuration(cpu, logical)


def cut(draw: CutDraw) -> Cut:
    """Build a model over the devices; Keras starts it, and it is set when it is started."""
    keras.backend.clear_session()
    return _WAYS[draw.way](draw)


def _built(name: str, initializer: Any = "zeros") -> Any:
    if name == "encoder":
        # Zeros are no start either, and JAX would compile Keras's random one for every shape.
        return BUILDERS[name](kernels="zeros")
    if name != "wide":
        return BUILDERS[name]()
    wide = layers.Dense(12288, use_bias=False, kernel_initializer=initializer, name="up")
    inputs = keras.Input((3072,))
    return keras.Model(inputs, wide(inputs))


def _model_parallel(draw: CutDraw, distribution: Any) -> Cut:
    with distribution.scope():
        model = _built(draw.model)
    _awaited(model)  # else Keras's own start might come to be while ours is measured

    def start() -> int:
        with distribution.scope():
            initialize(model, draw.recipe, seed=draw.seed)
        return _held_by_jax(model)

    return Cut(start, partial(_gather, model, _whole_of_jax))


def _layout(draw: CutDraw) -> Any:
    devices = keras.distribution.list_devices()[: draw.world]
    mesh = keras.distribution.DeviceMesh((1, draw.world), ["batch", "model"], devices)
    layout = keras.distribution.LayoutMap(mesh)
    for path, axes, axis, size in _CUT_AXES[draw.model]:
        if size % draw.world == 0:
            layout[f".*{path}"] = tuple("model" if at == axis else None for at in range(axes))
    return layout


def _with_model_parallel(draw: CutDraw) -> Cut:
    layout = _layout(draw)
    return _model_parallel(draw, keras.distribution.ModelParallel(layout_map=layout))


def _with_data_parallel(draw: CutDraw) -> Cut:
    devices = keras.distribution.list_devices()[: draw.world]
    mesh = keras.distribution.DeviceMesh((draw.world,), ["batch"], devices)
    return _model_parallel(draw, keras.distribution.DataParallel(device_mesh=mesh))


def _with_initializers(draw: CutDraw) -> Cut:
    """Keras passes ``layout=`` to the initializer of a layer, which then starts it alone."""
    distribution = keras.distribution.ModelParallel(layout_map=_layout(draw))
    made: list[Any] = []

    def start() -> int:
        initializer = SchemeInitializer(scheme("he_normal"), draw.seed, "up/kernel")
        with distribution.scope():
            made.append(_built(draw.model, initializer))
        return _held_by_jax(made[0])

    return Cut(start, lambda: _gather(made[0], _whole_of_jax))


def _mirrored(draw: CutDraw) -> Cut:
    import tensorflow as tf

    names = [f"CPU:{number}" for number in range(draw.world)]
    return _with_strategy(draw, tf.distribute.MirroredStrategy(names))


def _multi_worker(draw: CutDraw) -> Cut:
    return _with_strategy(draw, _strategies[0])


def _with_strategy(draw: CutDraw, strategy: Any) -> Cut:
    with strategy.scope():
        model = _built(draw.model)

    def start() -> int:
        with strategy.scope():
            initialize(model, draw.recipe, seed=draw.seed)
        return sum(
            len(_copies(variable)) * math.prod(variable.shape) * np.dtype(variable.dtype).itemsize
            for variable in model.weights
        )

    def whole(variable: Any) -> NDArray[Any]:
        first, *others = (copy.numpy() for copy in _copies(variable))
        if any(other.tobytes() != first.tobytes() for other in others):
            return np.zeros_like(first)  # is seen to be wrong
        return np.asarray(first)

    def _copies(variable: Any) -> Any:
        return strategy.experimental_local_results(variable.value)

    return Cut(start, partial(_gather, model, whole))


def _gather(model: Any, array: Callable[[Any], NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return weights(model, array)


def _awaited(model: Any) -> Any:
    import jax

    return jax.block_until_ready([variable.value for variable in model.weights])


def _held_by_jax(model: Any) -> int:
    return sum(shard.data.nbytes for value in _awaited(model) for shard in value.addressable_shards)


def _whole_of_jax(variable: Any) -> NDArray[Any]:
    import jax

    if jax.process_count() == 1:
        return np.asarray(variable.value)
    from jax.experimental import multihost_utils

    return np.asarray(multihost_utils.process_allgather(variable.value, tiled=True))


_WAYS: Final[Mapping[str, Callable[[CutDraw], Cut]]] = {
    "ModelParallel over devices": _with_model_parallel,
    "ModelParallel over processes": _with_model_parallel,
    "DataParallel over devices": _with_data_parallel,
    "DataParallel over processes": _with_data_parallel,
    "layout= over devices": _with_initializers,
    "layout= over processes": _with_initializers,
    "MirroredStrategy": _mirrored,
    "MultiWorkerMirroredStrategy": _multi_worker,
}


def ways(backend: str) -> tuple[CutWay, ...]:
    """Return the ways that a backend has; torch's has none of Keras's own."""
    if backend == "tensorflow":
        return (
            CutWay("MirroredStrategy", _EVERY, processes=False),
            CutWay("MultiWorkerMirroredStrategy", (2,)),
        )
    if backend != "jax":
        return ()
    several: dict[str, Any] = {"processes": True, "environment": _ONE_DEVICE}
    one: dict[str, Any] = {"processes": False, "environment": _DEVICES}
    return (
        CutWay("ModelParallel over devices", _EVERY, **one),
        CutWay("DataParallel over devices", _EVERY, **one),
        CutWay("layout= over devices", _EVERY, **one, models=("wide",)),
        CutWay("ModelParallel over processes", (2, 4), **several),
        CutWay("DataParallel over processes", (2,), **several),
        CutWay("layout= over processes", (2,), **several, models=("wide",)),
    )
