"""The example of README.md: one initialization in three frameworks, by each and by Fanwise.

Run ``python examples/readme_example.py``; it needs torch, Keras with TensorFlow, and JAX.
"""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"

import jax
import keras
import numpy as np
import torch

import fanwise.jax
import fanwise.keras
import fanwise.torch


def show(name: str, weight: object) -> None:
    w = np.asarray(weight)
    std, largest = w.std(), abs(w).max() / w.std()
    print(f"{name:6} std {std:.4f}   largest {largest:.2f} std   first {w[0, 0]:+.4f}")


shape = (512, 256)

torch.manual_seed(0)
show("torch", torch.nn.init.kaiming_normal_(torch.empty(shape)))
show("keras", keras.initializers.HeNormal(seed=0)(shape))
show("jax", jax.nn.initializers.he_normal()(jax.random.key(0), shape))

linear = torch.nn.Linear(512, 256)  # its weight is (out, in): (256, 512)
fanwise.torch.he_normal_(linear.weight, seed=0, path="dense/kernel")
ours = {
    "torch": linear.weight.detach().T,
    "keras": fanwise.keras.HeNormal(seed=0, path="dense/kernel")(shape),
    "jax": fanwise.jax.he_normal(path="dense/kernel")(jax.random.key(0), shape),
}
for name, weight in ours.items():
    show(name, weight)

bits = {np.asarray(weight).tobytes() for weight in ours.values()}
print("same bits:", len(bits) == 1)
