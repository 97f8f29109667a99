"""Models on several devices, in processes of their own: the devices must be set up first."""

import os
import subprocess
import sys

import keras
import pytest

BACKEND = keras.config.backend()

START = """
import warnings

import keras
import numpy as np

warnings.simplefilter("error")
import fanwise.keras as fk
from fanwise import sample
from fanwise.adapters.keras.drawing import portable
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

PROGRAMS = {"tensorflow": MIRRORED, "jax": SHARDED}


@pytest.mark.parametrize("program", [PROGRAMS.get(BACKEND, PLAIN)], ids=[BACKEND])
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
