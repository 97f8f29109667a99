"""Code compiled for several devices: packed gates, and weights whose place jit alone knows."""

import os
import subprocess
import sys

import pytest

PROGRAM = r'''
import warnings

warnings.simplefilter("error")
import sys
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from flax import linen, nnx
from jax.sharding import AxisType, NamedSharding
from jax.sharding import PartitionSpec as P

import fanwise
from fanwise.adapters.jax.drawing.host_parts import WHOLE
from fanwise.jax import initialize

AUTO, EXPLICIT = AxisType.Auto, AxisType.Explicit
MESHES = {
    kind: [jax.make_mesh(sizes, names, axis_types=(axis,) * len(names)) for sizes, names in (
        ((8,), ("a",)), ((2, 4), ("a", "b")), ((2, 2, 2), ("a", "b", "c"))
    )]
    for kind, axis in (("auto", AUTO), ("explicit", EXPLICIT))
}
SPECS = {
    1: (P(None, "a"), P("a")),
    2: (P("a", "b"), P(None, ("b", "a"))),
    3: (P("a", ("c", "b")), P(("a", "b"), "c")),
}
RULES = """
fanwise = 1

[[rule]]
name = "forget"
match = "**/forget_bias"
init = "ones"

[[rule]]
name = "biases"
role = "bias"
init = "normal"

[[rule]]
name = "recurrent"
match = "**/recurrent_kernel"
init = "orthogonal"

[[rule]]
name = "others"
match = "**"
init = "he_normal"

[allow]
unused = ["forget", "biases", "recurrent", "others"]
"""
CELLS = ("LSTMCell", "OptimizedLSTMCell", "GRUCell")


def compiled(make, most, **keywords):
    program = jax.jit(make, **keywords).lower().compile()
    memory = program.memory_analysis()
    assert memory.temp_size_in_bytes <= most, (memory.temp_size_in_bytes, most)
    return program()


def of_gates(kind, cells, told):
    "Cells whose gates are packed, or are one weight in several arrays."
    for cell in cells:
        class Model(nnx.Module):
            def __init__(self, rngs):
                self.cell = getattr(nnx, cell)(256, 512, rngs=rngs)

        eager = Model(nnx.Rngs(0))
        initialize(eager, RULES, seed=0)
        wanted = nnx.to_flat_state(nnx.state(eager, nnx.Param))
        for mesh in MESHES[kind]:
            for spec in SPECS[len(mesh.axis_names)]:
                def place(leaf):
                    return NamedSharding(mesh, spec if len(leaf.shape) == 2 else P())

                with jax.set_mesh(mesh):
                    abstract = nnx.state(nnx.eval_shape(lambda: Model(nnx.Rngs(0))), nnx.Param)
                    places = jax.tree.map(place, abstract)

                    def make():
                        model = nnx.eval_shape(lambda: Model(nnx.Rngs(0)))
                        if told:
                            nnx.update(model, jax.tree.map(
                                lambda leaf, where: jax.ShapeDtypeStruct(
                                    leaf.shape, leaf.dtype, sharding=where
                                ), abstract, places,
                            ))
                        initialize(model, RULES, seed=0)
                        return nnx.state(model, nnx.Param)

                    # Two blocks, where the host makes some and nothing says how they are to lie.
                    most = 16 << 10 if told else 2 << 20
                    made = compiled(make, most, **({} if told else {"out_shardings": places}))
                found = dict(nnx.to_flat_state(made))
                for path, variable in wanted:
                    value = found[path][...]
                    assert np.asarray(value).tobytes() == np.asarray(variable[...]).tobytes(), path
                    if value.ndim == 2:
                        assert value.sharding.is_equivalent_to(NamedSharding(mesh, spec), 2)
                assert not len(WHOLE)


def of_out_shardings(dtypes, shape=(1536, 1024)):
    "A structured weight that jit alone says the place of; in blocks that the devices divide."
    init, key = fanwise.jax.orthogonal(path="k"), jax.random.key(0)
    for dtype in dtypes:
        with jax.enable_x64(dtype == "float64"):
            wanted = fanwise.sample("orthogonal", shape, seed=0, path="k", dtype=dtype)
            three = jax.make_mesh((3,), ("a",), axis_types=(AUTO,), devices=jax.devices()[:3])
            for mesh in (*MESHES["auto"], three):
                for spec in (*SPECS[len(mesh.axis_names)], P()):
                    if mesh is three and spec == P(None, "a"):
                        continue
                    place = NamedSharding(mesh, spec)
                    # On three devices the blocks, of which there are eight, are not divided.
                    most = 5 << 20 if mesh is not three else 40 << 20
                    made = compiled(lambda: init(key, shape, dtype), most, out_shardings=place)
                    assert np.asarray(made).tobytes() == np.asarray(wanted).tobytes()
                    assert made.sharding.is_equivalent_to(place, 2)
                    assert not len(WHOLE)
            many = jax.jit(jax.vmap(lambda key: init(key, shape, dtype)))(jax.random.split(key, 2))
            keys = jax.random.key_data(jax.random.split(key, 2)).tolist()
            for weight, (high, low) in zip(np.asarray(many), keys, strict=True):
                wanted = fanwise.sample(
                    "orthogonal", shape, seed=high << 32 | low, path="k", dtype=dtype
                )
                assert weight.tobytes() == np.asarray(wanted).tobytes()


def of_layers(schemes):
    "An initializer within a layer of Flax, under explicit axes, that is told by functools.partial."
    for scheme in schemes:
        wanted = fanwise.sample(scheme, (512, 1024), seed=0, path="k")
        for mesh in MESHES["explicit"]:
            for spec in SPECS[len(mesh.axis_names)]:
                init = fanwise.jax.initializer(scheme, seed=0, path="k")
                init = partial(init, out_sharding=spec)

                def of_nnx():
                    init_there = nnx.with_partitioning(init, tuple(spec))
                    return nnx.state(nnx.Linear(
                        512, 1024, use_bias=False, kernel_init=init_there, rngs=nnx.Rngs(0)
                    ), nnx.Param)

                def of_linen():
                    init_there = linen.with_partitioning(init, tuple(spec))
                    dense = linen.Dense(1024, use_bias=False, kernel_init=init_there)
                    return linen.unbox(dense.init(jax.random.key(0), jnp.ones((1, 512))))

                for make in (of_nnx, of_linen):
                    with jax.set_mesh(mesh):
                        (value,) = jax.tree.leaves(compiled(make, 4096))
                    assert np.asarray(value).tobytes() == wanted.tobytes()
                    assert value.sharding.is_equivalent_to(NamedSharding(mesh, spec), 2)


exec(sys.argv[1])
print("done")
'''
QUICK = (
    "MESHES = {kind: meshes[1:2] for kind, meshes in MESHES.items()}",
    "of_gates('auto', CELLS[:1], False)",
    "of_gates('explicit', CELLS[1:2], True)",
    "of_out_shardings(['float32'], (768, 1024))",
    "of_layers(['he_normal'])",
)
CASES = (
    "of_gates('auto', CELLS, False)",
    "of_gates('auto', CELLS, True)",
    "of_gates('explicit', CELLS, True)",
    "of_out_shardings(['float16', 'bfloat16', 'float32', 'float64'])",
    "of_layers(['he_normal', 'orthogonal'])",
)


@pytest.mark.parametrize("cases", [QUICK, pytest.param(CASES, marks=pytest.mark.slow)])
def test_no_device_holds_a_whole_weight(cases):
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
