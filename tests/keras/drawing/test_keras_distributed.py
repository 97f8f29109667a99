"""Models on several devices, in processes of their own: the devices must be set up first."""

import os
import subprocess
import sys

import keras
import pytest

BACKEND = keras.config.backend()

START = """
import contextlib
import warnings

import keras
import numpy as np

warnings.simplefilter("error")
import fanwise.keras as fk
from fanwise import FanwiseError as fk_error
from fanwise import RepeatedStreamWarning, sample
from fanwise.adapters.keras.drawing import portable
from fanwise.adapters.keras.initializers.base import Drawn

# The same weights are drawn again and again, on purpose.
warnings.simplefilter("ignore", RepeatedStreamWarning)
from fanwise.adapters.keras.drawing.transfer import host_array as array

def bits(shape, seed, path=None):
    return sample("he_normal", shape, seed=seed, path=path).tobytes()

def model(*units, seed=7):
    made, inputs = keras.Sequential(), units[0]
    made.add(keras.Input((inputs,)))
    for number, outputs in enumerate(units[1:]):
        init = fk.HeNormal(seed, path=f"{number}/kernel")
        made.add(keras.layers.Dense(outputs, kernel_initializer=init))
    return made
"""

PLAIN = """
shapes = [(5, 4), (4, 3)]
for number, (layer, shape) in enumerate(zip(model(5, 4, 3).layers, shapes, strict=True)):
    assert array(layer.kernel).tobytes() == bits(shape, 7, f"{number}/kernel")
print("done")
"""

MIRRORED = """
import tensorflow as tf

(cpu,) = tf.config.list_physical_devices("CPU")
virtual = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, virtual)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
assert strategy.num_replicas_in_sync == 2
with strategy.scope():
    whole = model(512, 300, 3)
    sown = model(6, 4, 3, seed=keras.random.SeedGenerator(7))

def replicas(variable):
    parts = strategy.experimental_local_results(variable.value)
    assert len({part.device for part in parts}) == 2
    return {part.numpy().tobytes() for part in parts}

first, second = whole.layers
assert replicas(first.kernel) == {bits((512, 300), 7, "0/kernel")}
assert replicas(second.kernel) == {bits((300, 3), 7, "1/kernel")}
first, second = sown.layers
assert replicas(first.kernel) == {bits((6, 4), 7, "0/kernel")}
assert replicas(second.kernel) == {bits((4, 3), 7 + 2**32, "1/kernel")}

# Each replica draws a large weight by itself.
draw = fk.HeNormal(2**64 - 3, path="p")
drawn = tf.function(lambda: strategy.run(lambda: draw((512, 300))))()
parts = [part.numpy().tobytes() for part in strategy.experimental_local_results(drawn)]
assert parts == [bits((512, 300), 2**64 - 3, "p")] * 2
print("done")
"""

SHARDED = """
import jax

devices = keras.distribution.list_devices()
assert len(devices) == 8
# Keras compiles the initializer from 250 MiB on, counted over the devices.
large, small = (2048, 4096), (8, 16)
mesh = keras.distribution.DeviceMesh((2, 4), ["batch", "model"], devices)

def parallel(*axes):
    layouts = keras.distribution.LayoutMap(mesh)
    layouts[".*kernel"] = axes
    return keras.distribution.ModelParallel(layout_map=layouts, batch_dim_name="batch")

data = keras.distribution.DataParallel(devices=devices)
for distribution, parts in (
    (data, (1, 1)),
    (parallel(None, "model"), (1, 4)),
    (parallel("model", None), (4, 1)),
    (parallel("batch", "model"), (2, 4)),
):
    for rows, columns in (large, small):
        with distribution.scope():
            layer = model(rows, columns).layers[0]
        value = layer.kernel.value
        own = (rows // parts[0], columns // parts[1])
        shards = value.addressable_shards
        assert [shard.data.shape for shard in shards] == [own] * 8
        assert np.asarray(value).tobytes() == bits((rows, columns), 7, "0/kernel")

def memory(draw):
    jitted = jax.jit(draw.__call__, out_shardings=sharding, static_argnames=("shape", "dtype"))
    compiled = jitted.lower(shape=large, dtype="float32").compile().memory_analysis()
    consts = jax.make_jaxpr(lambda: draw(large, "float32"))().consts
    return compiled, sum(const.nbytes for const in consts)

# The last one: every device holds an eighth, and works without more.
sharding, whole = value.sharding, 4 * large[0] * large[1]
compiled, constants = memory(fk.HeNormal(7))
assert compiled.output_size_in_bytes == whole // 8
assert compiled.temp_size_in_bytes + compiled.argument_size_in_bytes < whole // 1000
assert constants < whole // 1000
# And a constant would be seen.
portable.LARGEST_CONSTANT = whole
assert memory(fk.HeNormal(7))[1] == whole
print("done")
"""

LAID_OUT = """
import inspect

import jax

devices = keras.distribution.list_devices()
mesh = keras.distribution.DeviceMesh((2, 4), ["batch", "model"], devices)
layouts = keras.distribution.LayoutMap(mesh)
layouts[".*kernel"] = ("batch", "model")
parallel = keras.distribution.ModelParallel(layout_map=layouts, batch_dim_name="batch")
asked = []

def watch(cls):
    # Keras hands the layout over where the signature of a call has it.
    call = cls.__call__
    def watched(self, shape, dtype=None, layout=None):
        asked.append(layout)
        return call(self, shape, dtype, layout)
    cls.__call__ = watched

watch(Drawn)

def built(make, size, spread):
    layer = make()
    scope = parallel.scope() if spread else contextlib.nullcontext()
    with scope:
        layer.build((None, size))
    return layer

def generator():
    return keras.random.SeedGenerator(7)

L = keras.layers
makers = [
    *(
        lambda init=init: L.Dense(512, kernel_initializer=init(), bias_initializer=fk.Constant(0.5))
        for init in (
            lambda: fk.HeNormal(7, path="p"),
            lambda: fk.HeNormal(generator(), path="p"),
            lambda: fk.HeNormal(7, engine="native"),
            lambda: fk.HeNormal(generator(), engine="native"),
            lambda: fk.XavierNormal(seed=7),
            lambda: fk.Orthogonal(seed=7),
            lambda: fk.SchemeInitializer("lecun_uniform", 7, axes="out in"),
            lambda: fk.Zeros(),
        )
    ),
    lambda: fk.set_initializer(L.Dense(512), "he_normal", seed=7),
    lambda: fk.set_initializer(L.GRU(64), "he_normal", seed=7).cell,
    lambda: fk.set_initializer(L.GRU(64), "he_normal", seed=generator()).cell,
    lambda: fk.set_initializer(L.LSTM(64), "he_normal", "normal", seed=7).cell,
]
for make in makers:
    for size in (16, 256):
        whole = [array(v).copy() for v in built(make, size, False).weights]
        asked.clear()
        spread = built(make, size, True).weights
        assert len(asked) == len(spread)
        assert None not in asked
        for variable, expected in zip(spread, whole, strict=True):
            value = variable.value
            assert np.asarray(value).tobytes() == expected.tobytes()
            parts = (2, 4) if "kernel" in variable.name else (1,) * value.ndim
            part = tuple(size // count for size, count in zip(value.shape, parts, strict=True))
            assert {shard.data.shape for shard in value.addressable_shards} == {part}

# A layout may be handed over by whoever calls an initializer.
layout = keras.distribution.TensorLayout(("batch", "model"), mesh)
for shape in ((16, 8), (512, 512)):
    for draw in (fk.HeNormal(7, path="q"), fk.Zeros(), fk.Orthogonal(seed=7)):
        value = draw(shape, layout=layout)
        assert len({s.data.shape for s in value.addressable_shards}) == 1
        assert value.addressable_shards[0].data.size == value.size // 8
        assert np.asarray(value).tobytes() == np.asarray(draw(shape)).tobytes()
    assert fk.Zeros()(shape, "int32", layout=layout).addressable_shards[0].data.size < value.size

# Nobody draws all of a weight that is large: each part is drawn alone, and nothing is compiled.
sizes, sample_draw = [], portable.sampler.draw
def watched_draw(*arguments, **options):
    drawn = sample_draw(*arguments, **options)
    sizes.append(drawn.size)
    return drawn
portable.sampler.draw = watched_draw
init = fk.set_initializer(L.Dense(4096), "he_normal", seed=7).kernel_initializer
for draw in (fk.HeNormal(7), fk.XavierNormal(seed=7), init):
    sizes.clear()
    draw((2048, 4096), layout=layout)
    assert sizes == [2048 * 4096 // 8] * 8, sizes

# Nor does compiled code, on any device, or as a constant.
jitted = jax.jit(lambda: fk.HeNormal(7)((2048, 4096), layout=layout))
memory = jitted.lower().compile().memory_analysis()
held = memory.temp_size_in_bytes + memory.output_size_in_bytes
assert held < 1.01 * 4 * 2048 * 4096 // 8, held
print("done")
"""

HANDED_OVER = """
import os

import jax

# What Keras copies is measured, not what NumPy's threads work in where the extension is left out.
os.environ.pop("FANWISE_FAST", None)

from fanwise.conformance.cuts import memory

L = keras.layers
mesh = keras.distribution.DeviceMesh((1, 8), ["batch", "model"], keras.distribution.list_devices())
# Keras is handed the parts that were drawn, and copies none: 128 MiB are held once.
columns = keras.distribution.LayoutMap(mesh)
columns[".*kernel"] = (None, "model")
spread_once = keras.distribution.ModelParallel(layout_map=columns, batch_dim_name="batch")
for layer in (
    L.Dense(8192, use_bias=False, kernel_initializer=fk.HeNormal(7, path="p")),
    L.Dense(8192, use_bias=False, kernel_initializer=fk.SchemeInitializer("he_normal", 9)),
    fk.set_initializer(L.Dense(8192, use_bias=False), "he_normal", seed=8),
):
    before = memory.resident() if memory.is_measurable() else 0
    if memory.is_measurable():
        memory.reset_peak()
    with spread_once.scope(), warnings.catch_warnings():
        warnings.simplefilter("error", RepeatedStreamWarning)  # each is told of once
        layer.build((None, 4096))
    value = jax.block_until_ready(layer.kernel.value)
    assert [shard.data.shape for shard in value.addressable_shards] == [(4096, 1024)] * 8
    assert value.sharding.mesh.axis_types == mesh.backend_mesh.axis_types
    if memory.is_measurable():
        beside = memory.peak() - before - value.nbytes
        assert beside < 64 << 20, beside

# Whoever wraps one in a class of his own is handed an array.
class Twice(fk.HeNormal):
    def __call__(self, shape, dtype=None, layout=None):
        return 2 * super().__call__(shape, dtype, layout)

twice = L.Dense(8192, use_bias=False, kernel_initializer=Twice(7, path="p"))
with spread_once.scope():
    twice.build((None, 64))
assert np.array_equal(twice.kernel, 2 * sample("he_normal", (64, 8192), seed=7, path="p"))
print("done")
"""

REFUSED = """
try:
    fk.HeNormal(7)((4, 4), layout=keras.distribution.TensorLayout(("a", "b")))
except fk_error as error:
    assert "no layout on a backend other than JAX" in str(error)
    print("done")
"""

PROGRAMS = {"tensorflow": [MIRRORED, REFUSED], "jax": [SHARDED, LAID_OUT, HANDED_OVER]}


@pytest.mark.parametrize("program", PROGRAMS.get(BACKEND, [PLAIN, REFUSED]))
def test_a_process_of_its_own(program):
    environment = {
        **os.environ,
        "KERAS_BACKEND": BACKEND,
        "JAX_PLATFORMS": "cpu",
        "XLA_FLAGS": "--xla_force_host_platform_device_count=8",
    }
    done = subprocess.run(
        [sys.executable, "-c", START + program],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("done\n")
