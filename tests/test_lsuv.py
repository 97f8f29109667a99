"""LSUV gives one model in every framework: the same kernels, to rounding."""

import keras
import numpy as np
import torch
from flax import nnx

import fanwise.jax
import fanwise.keras
import fanwise.torch
from fanwise.adapters.keras.drawing.transfer import host_values

BATCH = (np.random.default_rng(0).standard_normal((128, 12)) * 3 + 1).astype(np.float32)
OPTIONS = {"seed": 5, "tolerance": 1e-4}


class InTorch(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.up, self.down = torch.nn.Linear(12, 32), torch.nn.Linear(32, 4)

    def forward(self, x):
        return self.down(self.up(x).relu())


class InFlax(nnx.Module):
    def __init__(self, rngs):
        self.up, self.down = nnx.Linear(12, 32, rngs=rngs), nnx.Linear(32, 4, rngs=rngs)

    def __call__(self, x):
        return self.down(nnx.relu(self.up(x)))


def test_one_model_in_every_framework():
    of_torch, of_flax = InTorch(), InFlax(nnx.Rngs(0))
    of_keras = keras.Sequential(
        [
            keras.Input((12,)),
            keras.layers.Dense(32, activation="relu", name="up"),
            keras.layers.Dense(4, name="down"),
        ]
    )
    reports = [
        fanwise.torch.lsuv(of_torch, torch.from_numpy(BATCH), **OPTIONS),
        fanwise.keras.lsuv(of_keras, BATCH, **OPTIONS),
        fanwise.jax.lsuv(of_flax, BATCH, **OPTIONS),
    ]
    for report in reports[1:]:
        for row, other in zip(report.layers, reports[0].layers, strict=True):
            assert (row.path, row.passes) == (other.path, other.passes)
            np.testing.assert_allclose(row.factor, other.factor, rtol=1e-4)
    for number, name in enumerate(("up", "down")):
        kernel = getattr(of_torch, name).weight.detach().numpy().T
        ours = host_values(of_keras.layers[number].kernel.value)
        np.testing.assert_allclose(ours, kernel, rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(getattr(of_flax, name).kernel, kernel, rtol=1e-4, atol=1e-6)
