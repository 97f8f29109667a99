"""JAX and Flax layers that start from named, reproducible weights.

Run ``python examples/jax_layers.py``; it needs JAX and Flax.
"""

import jax
import jax.numpy as jnp
import numpy as np
from flax import linen, nnx

import fanwise
import fanwise.jax as initializers


def spread(name: str, weight: jax.Array, axes: str = "kernel") -> None:
    fans = fanwise.fans(weight.shape, axes)
    print(f"{name:24} {weight.shape!s:16} fan_in {fans.fan_in:4}   std {weight.std():.4f}")


# By hand, as in jax.nn.initializers: a key, a shape, a dtype.
key = jax.random.key(0)
init = initializers.he_normal()
weight = init(key, (512, 256))
spread("he_normal", weight)

# A key is a seed: the same bits without JAX, under jit, and in a map over keys.
assert (weight == fanwise.sample("he_normal", (512, 256), seed=0)).all()
assert (weight == jax.jit(init, static_argnums=1)(key, (512, 256))).all()
keys = jnp.stack([key, jax.random.key(1)])
assert (weight == jax.vmap(lambda one: init(one, (512, 256)))(keys)[0]).all()
assert (weight.astype(jnp.bfloat16) == init(key, (512, 256), jnp.bfloat16)).all()
print("the same bits eagerly, compiled and mapped")

# Any scheme, on any axes: here a kernel of (embed, heads, head_dim).
attention = initializers.initializer("lecun_normal", axes="in out out")
spread("query", attention(key, (256, 8, 32)), "in out out")

# Flax linen. The key of a module depends on where it stands; a seed and a path do not.
conv = linen.Conv(32, (3, 3), kernel_init=initializers.he_normal(seed=0, path="stem/kernel"))
kernel = conv.init(jax.random.key(7), jnp.zeros((1, 8, 8, 16)))["params"]["kernel"]
assert (kernel == fanwise.sample("he_normal", (3, 3, 16, 32), seed=0, path="stem/kernel")).all()
spread("linen.Conv", kernel)

# This transposed convolution stores its kernel as (…, out, in): its axes must be named.
turned = initializers.initializer("he_normal", axes="keras_transposed", seed=0, path="up/kernel")
up = linen.ConvTranspose(8, (3, 3), transpose_kernel=True, kernel_init=turned)
kernel = up.init(key, jnp.zeros((1, 8, 8, 32)))["params"]["kernel"]
spread("linen.ConvTranspose", kernel, "keras_transposed")


# Flax nnx: set_initializer knows the axes, groups and true fans of a layer.
class Model(nnx.Module):
    """Two blocks that share one layer, and a batch norm."""

    def __init__(self, rngs: nnx.Rngs) -> None:
        self.first = nnx.Linear(64, 64, rngs=rngs)
        self.again = self.first
        self.norm = nnx.BatchNorm(64, rngs=rngs)
        self.grouped = nnx.Conv(64, 64, (3,), feature_group_count=8, rngs=rngs)


model = Model(nnx.Rngs(0))
initializers.set_initializer(model.first, "orthogonal", seed=0, path="first")
initializers.set_initializer(model.norm, seed=0, path="norm")
initializers.set_initializer(model.grouped, "glorot_uniform", "normal", seed=0, path="grouped")
assert model.first.kernel is model.again.kernel
count = sum(leaf.size for leaf in jax.tree.leaves(nnx.state(model, nnx.Param)))
print(f"shared layer: one kernel, {count} parameters in all")
for name in ("scale", "bias", "mean", "var"):
    print(f"norm.{name:5} starts at", np.unique(getattr(model.norm, name)[...]))
spread("grouped nnx.Conv", model.grouped.kernel[...])

# Compiled: a whole training state may start inside one jit.
start = jax.jit(lambda k: model.first.kernel[...] @ initializers.normal(0.02)(k, (64, 10)))
print("a compiled start:", start(key).shape)
