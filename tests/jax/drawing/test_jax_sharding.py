"""Weights on a mesh: the same bits, drawn where they lie. Run with eight devices."""

import os
import subprocess
import sys

PROGRAM = r"""
import warnings

warnings.simplefilter("error")
import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import AxisType, NamedSharding
from jax.sharding import PartitionSpec as P

import fanwise
import fanwise.jax as initializers

assert len(jax.devices()) == 8
key = jax.random.key(3)
shape = (16, 24)
expected = fanwise.sample("he_normal", shape, seed=3, axes="torch", path="a")
init = initializers.initializer("he_normal", axes="torch", path="a")

auto = jax.make_mesh((4, 2), ("a", "b"), axis_types=(AxisType.Auto,) * 2)
for spec in (P("a", "b"), P("b", "a"), P(None, ("a", "b")), P()):
    compiled = jax.jit(
        lambda k: init(k, shape), out_shardings=NamedSharding(auto, spec)
    ).lower(key).compile()
    made = compiled(key)
    assert made.sharding.spec == spec, made.sharding
    assert np.asarray(made).tobytes() == expected.tobytes(), spec
    text = compiled.as_text()
    assert not [word for word in ("all-", "collective", "reduce-scatter") if word in text], text

explicit = jax.make_mesh((4, 2), ("a", "b"), axis_types=(AxisType.Explicit,) * 2)
spec = P("b", "a")
cases = {"he": (init, expected), "constant": (initializers.initializer("ones"), np.ones(shape)),
         "orthogonal": (initializers.orthogonal(), fanwise.sample("orthogonal", shape, seed=3)),
         "native": (initializers.he_normal(engine="native"), None)}
with jax.set_mesh(explicit):
    for name, (one, wanted) in cases.items():
        for where in (spec, NamedSharding(explicit, spec)):
            for way in (one, jax.jit(one, static_argnums=(1, 2, 3))):
                made = way(key, shape, jnp.float32, where)
                assert made.sharding.spec == spec, (name, made.sharding)
                if wanted is not None:
                    assert np.asarray(made).tobytes() == wanted.astype(np.float32).tobytes(), name
    assert init(key, (0, 24), jnp.float32, P(None, "a")).shape == (0, 24)
    assert np.asarray(init(key, shape)).tobytes() == expected.tobytes()

for bad, mesh in ((P("a"), None), (NamedSharding(auto, P("a")), auto)):
    try:
        init(key, shape, jnp.float32, bad)
    except ValueError as error:
        print("refused:", str(error)[:60])
    else:
        raise AssertionError(bad)
# What the host draws comes back to a thread of its own, which is not in the caller's 64-bit mode.
with jax.enable_x64(True):
    place = NamedSharding(auto, P("a", "b"))
    init = initializers.orthogonal()
    double = jax.jit(lambda k: init(k, shape, jnp.float64), out_shardings=place)(key)
    wanted = fanwise.sample("orthogonal", shape, seed=3, dtype="float64")
    assert np.asarray(double).tobytes() == wanted.tobytes()
print("done")
"""


def test_on_a_mesh():
    environment = {**os.environ, "XLA_FLAGS": "--xla_force_host_platform_device_count=8"}
    environment["JAX_PLATFORMS"] = "cpu"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("refused") == 2
    assert done.stdout.endswith("done\n")
