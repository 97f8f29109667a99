"""One recipe, one seed: a network in torch, Keras and Flax begins as the same function.

Run ``python examples/recipe_three_frameworks.py``; it needs torch, Keras with TensorFlow, and Flax.
"""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import torch
from flax import linen
from torch import nn

import fanwise.jax
import fanwise.keras
import fanwise.torch

RECIPE = """
fanwise = 1

[[rule]]
match = "head/kernel"
init = { scheme = "normal", std = 0.02 }

[[rule]]
role = "kernel"
init = "he_normal"

[[rule]]
role = "bias"
init = "zeros"
"""


class InTorch(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(8, 64)
        self.head = nn.Linear(64, 3)

    def forward(self, x):
        return self.head(torch.relu(self.body(x)))


class InFlax(linen.Module):
    @linen.compact
    def __call__(self, x):
        return linen.Dense(3, name="head")(linen.relu(linen.Dense(64, name="body")(x)))


x = np.linspace(-1, 1, 16, dtype="float32").reshape(2, 8)

in_torch = InTorch()
print(fanwise.torch.initialize(in_torch, RECIPE, seed=0))

in_keras = keras.Sequential(
    [
        keras.Input((8,)),
        keras.layers.Dense(64, activation="relu", name="body"),
        keras.layers.Dense(3, name="head"),
    ]
)
fanwise.keras.initialize(in_keras, RECIPE, seed=0)

in_flax = InFlax()
variables, _ = fanwise.jax.initialize(in_flax, RECIPE, inputs=(x,), seed=0)

outputs = [
    in_torch(torch.from_numpy(x)).detach().numpy(),
    in_keras(x).numpy(),
    np.asarray(in_flax.apply(variables, x)),
]
apart = max(abs(outputs[0] - other).max() for other in outputs[1:]) / abs(outputs[0]).max()
print("the same function in all three:", bool(apart < 1e-5))
