"""Models on several devices from a recipe, in a process of their own."""

import os
import subprocess
import sys

SHARDED = """
import jax, numpy as np, jax.numpy as jnp
from flax import linen, nnx
from jax.sharding import AxisType, NamedSharding, PartitionSpec as P
import fanwise
from fanwise.jax import initialize

assert len(jax.devices()) == 4
RULES = {"fanwise": 1, "rule": [{"match": "**", "init": "normal"}]}
for kind in (AxisType.Auto, AxisType.Explicit):
    mesh = jax.make_mesh((4,), ("x",), axis_types=(kind,))
    rows, whole = NamedSharding(mesh, P("x")), NamedSharding(mesh, P())
    want = fanwise.sample("normal", (8, 4), seed=0, path="kernel")
    places = {"params": {"kernel": rows, "bias": whole}}
    made, found = initialize(
        linen.Dense(4), RULES, seed=0, inputs=(jnp.zeros((1, 8)),), shardings=places
    )
    made = made["params"]
    assert made["kernel"].sharding == rows and made["bias"].sharding == whole
    assert (np.asarray(made["kernel"]) == want).all()
    assert made["kernel"].addressable_shards[0].data.shape == (2, 4)
    assert 0.5 < found.rows[0].observed < 1.5

    part, _ = initialize(
        linen.Dense(4), RULES, seed=0, inputs=(jnp.zeros((1, 8)),), shardings=places, only="kernel"
    )
    assert part["params"]["bias"].sharding == whole

    tree = {"kernel": jax.ShapeDtypeStruct((8, 4), jnp.float32, sharding=rows)}
    made, _ = initialize(tree, RULES, seed=0)
    assert made["kernel"].sharding == rows and (np.asarray(made["kernel"]) == want).all()
    made, _ = initialize({"kernel": jnp.zeros((8, 4))}, RULES, seed=0, shardings=rows)
    assert made["kernel"].sharding == rows and (np.asarray(made["kernel"]) == want).all()

    layer = nnx.Linear(8, 4, rngs=nnx.Rngs(0))
    layer.kernel.set_value(jax.device_put(layer.kernel.get_value(), rows))
    initialize(layer, RULES, seed=0)
    assert layer.kernel.get_value().sharding == rows
    assert (np.asarray(layer.kernel.get_value()) == want).all()

    cell = nnx.OptimizedLSTMCell(3, 4, rngs=nnx.Rngs(0))
    initialize(cell, RULES, seed=0)
    plain = np.asarray(cell.dense_h.bias.get_value())
    cell.dense_h.bias.set_value(jax.device_put(cell.dense_h.bias.get_value(), rows))
    initialize(cell, RULES, seed=0)
    assert cell.dense_h.bias.get_value().sharding == rows
    assert (np.asarray(cell.dense_h.bias.get_value()) == plain).all()

    for bad in (P("x"), NamedSharding(mesh, P(None, "x"))):
        try:
            initialize({"kernel": jnp.zeros((8, 3))}, RULES, seed=0, shardings=bad)
        except fanwise.FanwiseError as error:
            print(error)
        else:
            raise AssertionError(bad)

compiled = jax.jit(
    lambda: initialize(linen.Dense(4), RULES, seed=0, inputs=(jnp.zeros((1, 8)),))[0],
    out_shardings=NamedSharding(jax.make_mesh((4,), ("x",)), P()),
)()
assert (np.asarray(compiled["params"]["kernel"]) == want).all()
print("done")
"""


def test_on_a_mesh():
    flags = "--xla_force_host_platform_device_count=4"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SHARDED],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "XLA_FLAGS": flags, "JAX_PLATFORMS": "cpu"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "done"
    assert "mesh" in done.stdout
