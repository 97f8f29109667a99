"""What a user of Keras writes: a line marked as an error is one, and no other is.

Keras has no types that mypy reads: what depends on a class of Keras, pyright alone sees.
"""

from typing import assert_type

import keras

import fanwise
import fanwise.keras as fanwise_keras

he_normal = fanwise_keras.HeNormal(seed=0, path="dense/kernel")
layer = keras.layers.Dense(4)
fanwise_keras.he_normal(keras.random.SeedGenerator(0), engine="native")
fanwise_keras.VarianceScaling(2.0, "fan_out", "uniform", seed=1, input_axes=(0,), output_axes=(1,))
fanwise_keras.SchemeInitializer("my_own_name", seed=0)
fanwise_keras.SchemeInitializer(fanwise.scheme("normal", std=0.02), seed=0)
drawn_scheme: fanwise.Scheme = he_normal.scheme
he_normal((3, 4), dtype="float32")
assert_type(fanwise_keras.set_initializer(layer, "he_normal", seed=0), keras.layers.Dense)
fanwise_keras.set_initializer(keras.layers.Dense(4), None, "ones", engine="native").build((2, 3))
summary = fanwise_keras.initialize(layer, "keras_default", seed=0, dry_run=True)
paths: list[str] = [row.path for row in summary.rows]

fanwise_keras.HeNormal(seed="0")  # error[pyright]: "seed"
fanwise_keras.HeNormal(seed=0, pth="a")  # error: "pth"
fanwise_keras.HeNormal(engine="nativ")  # error: "engine"
fanwise_keras.he_normal(path=3)  # error: "path"
fanwise_keras.RandomNormal(stddev="0.1")  # error: "stddev"
fanwise_keras.VarianceScaling(mode=3)  # error: "mode"
fanwise_keras.SchemeInitializer(scheme=3)  # error: "scheme"
fanwise_keras.SchemeInitializer()  # error: "scheme"
print(he_normal.scheme.no_such_attribute)  # error: no_such_attribute
print(he_normal.no_such_attribute)  # error[pyright]: no_such_attribute
fanwise_keras.set_initializer(layer, seed="0")  # error[pyright]: "seed"
fanwise_keras.set_initializer(layer, engine="nativ")  # error: "engine"
fanwise_keras.set_initializer(layer, weight="ones")  # error: "weight"
fanwise_keras.set_initializer(layer, kernel=3)  # error: "kernel"
fanwise_keras.set_initializer("dense")  # error[pyright]: "set_initializer"
assert_type(fanwise_keras.set_initializer(layer), keras.layers.Conv1D)  # error[pyright]: "Dense"
fanwise_keras.initialize(layer, recipe=3, seed=0)  # error: "recipe"
print(fanwise_keras.initialize(layer, "gpt2", seed=0).no_such_attribute)  # error: no_such_attribute
fanwise_keras.NoSuchClass()  # error: NoSuchClass
