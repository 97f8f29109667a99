"""What the tests of recipes in JAX share: a recipe, models to set, and what it must give."""

import jax
import jax.numpy as jnp
import numpy as np
from flax import linen, nnx

import fanwise

PLAIN = {
    "fanwise": 1,
    "vars": {"std": 0.02},
    "rule": [
        {"role": "kernel", "init": {"scheme": "normal", "std": "std"}},
        {"match": "**", "init": {"scheme": "normal", "std": 1.0}, "name": "rest"},
    ],
    "allow": {"unused": ["rest"]},
}
KERNEL = fanwise.scheme("normal", std=0.02)
REST = fanwise.scheme("normal", std=1.0)
X = jnp.zeros((2, 6))


def drawn(path, shape, scheme=KERNEL, seed=0, **how):
    return fanwise.sample(scheme, shape, seed=seed, path=path, **how)


class Mlp(linen.Module):
    @linen.compact
    def __call__(self, x, train=False):
        x = linen.Dense(4, name="up")(x)
        x = linen.BatchNorm(use_running_average=not train, name="norm")(x)
        x = linen.Dropout(0.5, deterministic=not train)(x)
        return linen.Dense(3, name="head")(x)


class Pair(nnx.Module):
    def __init__(self, rngs):
        self.body = nnx.Linear(6, 4, rngs=rngs)
        self.norm = nnx.BatchNorm(4, rngs=rngs)
        self.head = nnx.Linear(4, 3, rngs=rngs)


def bits(model):
    return [np.asarray(leaf).tobytes() for leaf in jax.tree.leaves(nnx.state(model, nnx.Variable))]
