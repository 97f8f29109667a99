"""Models made under jax.jit for a mesh: no device holds a whole weight, at any time."""

import os
import subprocess
import sys

import pytest

PROGRAM = r'''
import warnings

warnings.simplefilter("error")
import sys

import jax
import jax.numpy as jnp
import numpy as np
from flax import linen, nnx
from jax.sharding import AxisType, NamedSharding
from jax.sharding import PartitionSpec as P

import fanwise
from fanwise.adapters.jax.drawing import structured
from fanwise.adapters.jax.drawing.host_parts import WHOLE
from fanwise.core import sampler
from fanwise.jax import initialize

AUTO, EXPLICIT = AxisType.Auto, AxisType.Explicit
MESHES = {
    "auto": jax.make_mesh((2, 4), ("d", "m"), axis_types=(AUTO,) * 2),
    "explicit": jax.make_mesh((2, 4), ("d", "m"), axis_types=(EXPLICIT,) * 2),
    "both": jax.make_mesh((2, 4), ("d", "m"), axis_types=(EXPLICIT, AUTO)),
    "three": jax.make_mesh((2, 2, 2), ("d", "m", "e"), axis_types=(EXPLICIT,) * 3),
}
RULES = """
fanwise = 1

[[rule]]
name = "biases"
match = "**/bias"
init = "zeros"

[[rule]]
name = "up"
match = "**/up/kernel"
init = { scheme = "orthogonal", gain = 2.0 }

[[rule]]
name = "others"
match = "**/kernel"
init = "he_normal"

[[rule]]
name = "recurrent"
match = "**/recurrent_kernel"
init = "orthogonal"

[allow]
unused = ["biases", "up", "others", "recurrent"]
"""
UP = fanwise.scheme("orthogonal", gain=2.0)


def compiled(make, most=4096):
    "Compile, and hold that nothing is sent, and that no whole weight is held."
    program = jax.jit(make).lower().compile()
    text = program.as_text()
    assert not [word for word in ("all-", "collective", "reduce-scatter") if word in text]
    assert program.memory_analysis().temp_size_in_bytes < most, program.memory_analysis()
    return program()


def check(value, mesh, spec, scheme, path, dtype="float32"):
    where = NamedSharding(mesh, spec)
    assert value.sharding.is_equivalent_to(where, value.ndim), value.sharding
    wanted = fanwise.sample(scheme, value.shape, seed=0, path=path, dtype=dtype)
    assert np.asarray(value).tobytes() == np.asarray(wanted).tobytes(), path
    for shard in value.addressable_shards:
        assert shard.data.shape == where.shard_shape(value.shape)


class Block(nnx.Module):
    def __init__(self, spec, rngs):
        init = nnx.with_partitioning(nnx.initializers.normal(), spec)
        self.up = nnx.Linear(256, 512, kernel_init=init, rngs=rngs)
        self.down = nnx.Linear(512, 256, kernel_init=init, rngs=rngs)


def of_nnx(mesh):
    for spec in (("d", "m"), (None, ("d", "m")), ("m", None)):
        def make():
            model = nnx.eval_shape(lambda: Block(spec, nnx.Rngs(0)))
            initialize(model, RULES, seed=0)
            return nnx.state(model, nnx.Param)

        with jax.set_mesh(mesh):
            made = compiled(make)
        check(made["up"]["kernel"][...], mesh, P(*spec), UP, "up/kernel")
        check(made["down"]["kernel"][...], mesh, P(*spec), "he_normal", "down/kernel")
        assert not len(WHOLE)


class Layers(linen.Module):
    @linen.compact
    def __call__(self, x):
        return linen.Dense(256, name="down")(linen.Dense(512, name="up")(x))


def of_linen(mesh):
    place = NamedSharding(mesh, P("m", "d"))
    shardings = {"params": {
        name: {"kernel": place, "bias": NamedSharding(mesh, P())} for name in ("up", "down")
    }}
    inputs = (jax.ShapeDtypeStruct((1, 256), jnp.float32),)
    with jax.set_mesh(mesh):
        made = compiled(lambda: initialize(
            Layers(), RULES, seed=0, inputs=inputs, shardings=shardings
        )[0])["params"]
    check(made["up"]["kernel"], mesh, P("m", "d"), UP, "up/kernel")
    check(made["down"]["kernel"], mesh, P("m", "d"), "he_normal", "down/kernel")


def of_trees(mesh):
    for dtype in ("float16", "bfloat16", "float32", "float64"):
        specs = (P("d", "m"), P(None, ("m", "d")), P("d"), P())
        for spec in specs if dtype == "float32" else specs[:1]:
            place = NamedSharding(mesh, spec)
            tree = {name: {"kernel": jax.ShapeDtypeStruct((256, 512), dtype, sharding=place)}
                    for name in ("up", "down")}
            with jax.set_mesh(mesh), jax.enable_x64(dtype == "float64"):
                # Words that become a float64 part are held beside it.
                part = place.shard_shape((256, 512))
                most = 4096 + (8 * part[0] * part[1] if dtype == "float64" else 0)
                made = compiled(lambda: initialize(tree, RULES, seed=0)[0], most)
                check(made["up"]["kernel"], mesh, spec, UP, "up/kernel", dtype)
                check(made["down"]["kernel"], mesh, spec, "he_normal", "down/kernel", dtype)


def of_gates(mesh):
    "Gates that are packed into one array, and an array of which a part is set."
    init = nnx.with_partitioning(nnx.initializers.normal(), ("d", "m"))

    def build():
        return nnx.LSTMCell(64, 128, kernel_init=init, recurrent_kernel_init=init, rngs=nnx.Rngs(0))

    with jax.set_mesh(mesh):
        eager, whole = nnx.eval_shape(build), build()
        initialize(eager, RULES, seed=0)

        @nnx.jit
        def set_one(model):
            initialize(model, RULES, seed=0, only="recurrent_kernel")

        set_one(whole)

        @nnx.jit
        def make():
            model = nnx.eval_shape(build)
            initialize(model, RULES, seed=0)
            return model

        made = make()
    wanted = nnx.to_flat_state(nnx.state(eager, nnx.Param))
    for model in (made, whole):
        found = dict(nnx.to_flat_state(nnx.state(model, nnx.Param)))
        for path, variable in wanted:
            if model is made or path[0].startswith("h"):
                assert found[path][...].sharding.is_equivalent_to(variable[...].sharding, 2)
                if path[-1] == "kernel":
                    assert (np.asarray(found[path][...]) == np.asarray(variable[...])).all(), path


def of_single_ones(mesh):
    "An initializer that is told where its weight is to lie."
    init = fanwise.jax.orthogonal(2.0, seed=0, path="up/kernel")
    with jax.set_mesh(mesh):
        made = compiled(lambda: init(None, (256, 512), jnp.float32, P("m", "d")))
        check(made, mesh, P("m", "d"), UP, "up/kernel")
        check(init(None, (256, 512), jnp.float32, P("m", "d")), mesh, P("m", "d"), UP, "up/kernel")
        many = jax.jit(jax.vmap(
            lambda key: fanwise.jax.orthogonal()(key, (8, 16), jnp.float32, P("m", "d"))
        ))(jax.random.split(jax.random.key(0), 3))
        keys = jax.random.key_data(jax.random.split(jax.random.key(0), 3)).tolist()
        for weight, (high, low) in zip(np.asarray(many), keys, strict=True):
            assert (weight == fanwise.sample("orthogonal", (8, 16), seed=high << 32 | low)).all()


def of_draws(mesh):
    "The whole, which parts are taken of, is drawn once for all devices."
    drawn = []
    write = sampler.write

    def counted(*arguments, **keywords):
        drawn.append(1)
        return write(*arguments, **keywords)

    sampler.write = structured.write = counted
    place = NamedSharding(mesh, P("d", "m"))
    tree = {"up": {"kernel": jax.ShapeDtypeStruct((256, 512), "float32", sharding=place)}}
    with jax.set_mesh(mesh):
        for way in (lambda make: make(), compiled):
            drawn.clear()
            made = way(lambda: initialize(tree, RULES, seed=0)[0])
            check(jax.block_until_ready(made)["up"]["kernel"], mesh, P("d", "m"), UP, "up/kernel")
            assert len(drawn) == 2, drawn  # and that of the check
            assert not len(WHOLE)
    sampler.write = structured.write = write


exec(sys.argv[1])
print("done")
'''
QUICK = ("of_nnx(MESHES['explicit'])", "of_linen(MESHES['auto'])", "of_draws(MESHES['explicit'])")
CASES = (
    *(f"of_nnx(MESHES[{name!r}])" for name in ("auto", "three")),
    *(f"of_linen(MESHES[{name!r}])" for name in ("explicit", "both", "three")),
    *(f"of_trees(MESHES[{name!r}])" for name in ("explicit", "three")),
    *(f"of_gates(MESHES[{name!r}])" for name in ("auto", "explicit")),
    "of_single_ones(MESHES['explicit'])",
    "of_draws(MESHES['auto'])",
)


@pytest.mark.parametrize("cases", [QUICK, pytest.param(CASES, marks=pytest.mark.slow)])
def test_under_jit_each_device_makes_its_part(cases):
    environment = {**os.environ, "XLA_FLAGS": "--xla_force_host_platform_device_count=8"}
    environment["JAX_PLATFORMS"] = "cpu"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "; ".join(cases)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("done\n")
