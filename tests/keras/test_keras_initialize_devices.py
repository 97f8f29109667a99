"""Models on several devices from a recipe, in processes of their own."""

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
from fanwise import sample, scheme
from fanwise.adapters.keras.drawing.transfer import host_array as array
recipe = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.5}}]}

def bits(path, *shape):
    return sample(scheme("normal", std=0.5), shape, seed=7, path=path).tobytes()

def model():
    return keras.Sequential([keras.Input((16,)), keras.layers.Dense(8, name="up")])
"""
#: A sharded variable keeps its layout.
SHARDED = """
import jax
devices = keras.distribution.list_devices()
mesh = keras.distribution.DeviceMesh((2, 4), ["batch", "model"], devices)
layout = keras.distribution.LayoutMap(mesh)
layout[".*up/kernel"] = (None, "model")
keras.distribution.set_distribution(keras.distribution.ModelParallel(layout_map=layout))
made = model()
before = made.layers[0].kernel.value.sharding
assert before.shard_shape((16, 8)) == (16, 2)
fk.initialize(made, recipe, seed=7)
assert made.layers[0].kernel.value.sharding == before
assert array(made.layers[0].kernel).tobytes() == bits("up/kernel", 16, 8)
assert array(made.layers[0].bias).tobytes() == bits("up/bias", 8)
print("done")
"""
#: A mirrored variable is set everywhere.
MIRRORED = """
import tensorflow as tf
(cpu,) = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
with strategy.scope():
    made = model()
    fk.initialize(made, recipe, seed=7)
parts = strategy.experimental_local_results(made.layers[0].kernel.value)
assert len(parts) == 2
assert {part.numpy().tobytes() for part in parts} == {bits("up/kernel", 16, 8)}
print("done")
"""
#: Keras has no way onto several devices of torch.
ALONE = """
made = model()
fk.initialize(made, recipe, seed=7)
assert array(made.layers[0].kernel).tobytes() == bits("up/kernel", 16, 8)
assert array(made.layers[0].bias).tobytes() == bits("up/bias", 8)
print("done")
"""
PROGRAMS = {"tensorflow": MIRRORED, "jax": SHARDED, "torch": ALONE}


@pytest.mark.parametrize("program", [PROGRAMS[BACKEND]], ids=[BACKEND])
def test_a_process_of_its_own(program):
    done = subprocess.run(
        [sys.executable, "-c", START + program],
        env={**os.environ, "XLA_FLAGS": "--xla_force_host_platform_device_count=8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.endswith("done\n")
