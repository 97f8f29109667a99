"""What a user of JAX writes: a line marked as an error is one, and no other is."""

import jax
import jax.numpy as jnp
from flax import linen, nnx

import fanwise
import fanwise.jax as fanwise_jax

key = jax.random.key(0)
he_normal = fanwise_jax.he_normal(dtype=jnp.float32, seed=0, path="dense/kernel")
weight: jax.Array = he_normal(key, (8, 4), jnp.bfloat16)
drawn_scheme: fanwise.Scheme = he_normal.scheme
fanwise_jax.glorot_uniform(-2, -1, (), engine="native")(key, (8, 4))
fanwise_jax.variance_scaling(2.0, "fan_in", "normal", in_axis=(0, 1), out_axis=2)
fanwise_jax.initializer("my_own_name", seed=0)
fanwise_jax.initializer(fanwise.scheme("normal", std=0.02), seed=0, axes="kernel")
initializer: fanwise_jax.Initializer = fanwise_jax.truncated_normal(
    0.02, lower=-1, upper=jnp.ones(())
)
linear = nnx.Linear(4, 2, kernel_init=he_normal, rngs=nnx.Rngs(0))
again: nnx.Linear = fanwise_jax.set_initializer(linear, "he_normal", seed=0, path="fc")
features: int = fanwise_jax.set_initializer(linear, bias="ones", seed=0).out_features
linen_layer = linen.Dense(4, kernel_init=he_normal)
variables, summary = fanwise_jax.initialize(linen_layer, "flax_default", seed=0, inputs=(weight,))
paths: list[str] = [row.path for row in summary.rows]
rows = fanwise_jax.initialize(linear, "flax_default", seed=0).rows
tree, of_tree = fanwise_jax.initialize({"head": weight}, "flax_default", seed=0)
head: jax.Array = tree["head"]
held: dict[str, object] = fanwise_jax.set_initializer(linen_layer, seed=0, inputs=(weight,))

fanwise_jax.he_normal(seed="0")  # error: "seed"
fanwise_jax.he_normal(seed=0, pth="a")  # error: "pth"
fanwise_jax.he_normal(engine="nativ")  # error: "engine"
fanwise_jax.he_normal(in_axis="fan_in")  # error: "in_axis"
fanwise_jax.normal(stddev="0.1")  # error: "stddev"
he_normal(key)  # error: "shape"
he_normal(key, 3.5)  # error: "float"
print(he_normal(key, (8, 4)).no_such_attribute)  # error: no_such_attribute
print(he_normal.no_such_attribute)  # error: no_such_attribute
fanwise_jax.initializer(scheme=3)  # error: "scheme"
print(fanwise_jax.set_initializer(linear, seed=0).no_such_attribute)  # error: no_such_attribute
fanwise_jax.set_initializer(linear, seed="0")  # error: "set_initializer"
fanwise_jax.set_initializer(linear, weight="ones", seed=0)  # error: "set_initializer"
fanwise_jax.set_initializer(linear, seed=0, engine="nativ")  # error: "set_initializer"
fanwise_jax.initialize(linear, recipe=3, seed=0)  # error: "initialize"
print(fanwise_jax.initialize(linear, "gpt2", seed=0).no_such_attribute)  # error: no_such_attribute
fanwise_jax.no_such_function()  # error: no_such_function
