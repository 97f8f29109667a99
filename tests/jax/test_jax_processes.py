"""Weights over real processes of ``jax.distributed``: explicit axes, and those made as a whole."""

import os
import socket
import subprocess
import sys

import pytest

PROGRAM = r"""
import warnings

warnings.simplefilter("error")
import sys

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax.experimental import multihost_utils
from jax.sharding import AxisType, NamedSharding
from jax.sharding import PartitionSpec as P

import fanwise
import fanwise.jax

rank, world, address = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
jax.config.update("jax_cpu_collectives_implementation", "gloo")
jax.distributed.initialize(address, world, rank)
assert jax.process_count() == world and len(jax.devices()) == 4
SHAPE = (32, 48)
RULES = {"fanwise": 1, "rule": [
    {"match": "up/kernel", "init": "orthogonal"}, {"match": "down/kernel", "init": "he_normal"}
]}


def check(value, scheme, path):
    whole = multihost_utils.process_allgather(value, tiled=True)
    wanted = fanwise.sample(scheme, value.shape, seed=0, path=path)
    assert np.asarray(whole).tobytes() == wanted.tobytes(), (scheme, value.sharding)


class Block(nnx.Module):
    def __init__(self, spec, rngs):
        init = nnx.with_partitioning(nnx.initializers.normal(), spec)
        self.up = nnx.Linear(32, 48, use_bias=False, kernel_init=init, rngs=rngs)
        self.down = nnx.Linear(48, 32, use_bias=False, kernel_init=init, rngs=rngs)


for kind in (AxisType.Auto, AxisType.Explicit):
    for sizes, names in (((4,), ("a",)), ((2, 2), ("a", "b"))):
        mesh = jax.make_mesh(sizes, names, axis_types=(kind,) * len(names))
        spec = P(names[0], names[1] if len(names) > 1 else None)
        with jax.set_mesh(mesh):
            for scheme in ("he_normal", "orthogonal") if kind is AxisType.Explicit else ():
                for init, key in (
                    (fanwise.jax.initializer(scheme, seed=0, path="k"), None),
                    (fanwise.jax.initializer(scheme, path="k"), jax.random.key(0)),
                ):
                    check(init(key, SHAPE, jnp.float32, spec), scheme, "k")
                    made = jax.jit(lambda: init(key, SHAPE, jnp.float32, spec))()
                    check(made, scheme, "k")

            def make():
                model = nnx.eval_shape(lambda: Block(tuple(spec), nnx.Rngs(0)))
                fanwise.jax.initialize(model, RULES, seed=0)
                return model

            for model in (make(), nnx.jit(make)()):
                place = NamedSharding(mesh, spec)
                assert model.up.kernel[...].sharding.is_equivalent_to(place, 2)
                check(model.up.kernel[...], "orthogonal", "up/kernel")
                check(model.down.kernel[...], "he_normal", "down/kernel")
                # Nobody has to ask all processes at once for what each knows by itself.
                told = fanwise.jax.summary(model) if rank == 0 else None
                assert told is None or all(np.isnan(row.observed) for row in told.rows), told

# Where jit alone says the place: one device gets a block at a time, as words, and hands it on.
mesh = jax.make_mesh((2, 2), ("a", "b"), axis_types=(AxisType.Auto,) * 2)
place = NamedSharding(mesh, P("a", "b"))
for dtype in ("float16", "float32"):
    init = fanwise.jax.orthogonal(path="k")
    made = jax.jit(lambda: init(jax.random.key(0), (512, 256), dtype), out_shardings=place)()
    whole = np.asarray(multihost_utils.process_allgather(made, tiled=True))
    wanted = fanwise.sample("orthogonal", whole.shape, seed=0, path="k", dtype=dtype)
    assert whole.tobytes() == np.asarray(wanted).tobytes(), dtype


class Cell(nnx.Module):
    def __init__(self, rngs):
        self.cell = nnx.OptimizedLSTMCell(32, 64, rngs=rngs)


PACKED = {"fanwise": 1, "rule": [
    {"match": "**/recurrent_kernel", "init": "orthogonal"},
    {"match": "**/kernel", "init": "he_normal"},
    {"match": "**", "init": "ones"},
]}
eager = Cell(nnx.Rngs(0))
fanwise.jax.initialize(eager, PACKED, seed=0)
outlines = nnx.state(nnx.eval_shape(lambda: Cell(nnx.Rngs(0))), nnx.Param)
places = jax.tree.map(
    lambda leaf: place if len(leaf.shape) == 2 else NamedSharding(mesh, P()), outlines
)


def make_cell():
    model = nnx.eval_shape(lambda: Cell(nnx.Rngs(0)))
    fanwise.jax.initialize(model, PACKED, seed=0)
    return nnx.state(model, nnx.Param)


with jax.set_mesh(mesh):
    made = dict(nnx.to_flat_state(jax.jit(make_cell, out_shardings=places)()))
for path, variable in nnx.to_flat_state(nnx.state(eager, nnx.Param)):
    whole = multihost_utils.process_allgather(made[path][...], tiled=True)
    assert np.asarray(whole).tobytes() == np.asarray(variable[...]).tobytes(), path

# An array of several weights that is cut among processes, and seeds that are not the same.
tree = {"up": {"kernel": jax.ShapeDtypeStruct(SHAPE, "float32")}}
rule = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.1}}]}
other = jax.make_mesh((4,), ("c",), axis_types=(AxisType.Explicit,))
spread = NamedSharding(other, P("c"))
for seed in (rank, rank << 40):
    try:
        fanwise.jax.initialize(tree, rule, seed=seed, shardings=spread)
    except fanwise.FanwiseError as error:
        assert "the same seed in all processes" in str(error), error
    else:
        raise AssertionError("a mix of starts")


class Cut(nnx.Module):
    def __init__(self, rngs):
        bias = nnx.with_partitioning(nnx.initializers.zeros, ("a",))
        self.cell = nnx.OptimizedLSTMCell(32, 64, bias_init=bias, rngs=rngs)


outline = nnx.eval_shape(lambda: Cell(nnx.Rngs(0)))
fanwise.jax.initialize(outline, rule, seed=0)
wanted = np.asarray(outline.cell.dense_h.bias[...])
with jax.set_mesh(mesh):
    model = nnx.jit(lambda: Cut(nnx.Rngs(0)))()
    fanwise.jax.initialize(model, rule, seed=0)
    # Whatever mesh is set.
    fanwise.jax.initialize(tree, rule, seed=0, shardings=spread)
    try:
        fanwise.jax.initialize(model, rule, seed=0, only="**/forget_bias")
    except fanwise.FanwiseError as error:
        assert "of which other processes have parts" in str(error), error
    else:
        raise AssertionError("values of other processes")
bias = model.cell.dense_h.bias[...]
assert not bias.is_fully_addressable
whole = np.asarray(multihost_utils.process_allgather(bias, tiled=True))
assert whole.tobytes() == wanted.tobytes()
multihost_utils.sync_global_devices("all is checked")
print("done", flush=True)
"""


OF_KERAS = r"""
import warnings

warnings.simplefilter("error")
import sys

import jax

rank, world, address = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
jax.config.update("jax_cpu_collectives_implementation", "gloo")
jax.distributed.initialize(address, world, rank)
import keras
import numpy as np

import fanwise
import fanwise.keras

keras.utils.set_random_seed(0)
devices = keras.distribution.DeviceMesh((2, 2), ("batch", "model"), jax.devices())
layouts = keras.distribution.LayoutMap(devices)
layouts[".*kernel"] = ("batch", "model")
with keras.distribution.ModelParallel(layout_map=layouts, batch_dim_name="batch").scope():
    layers = [keras.layers.Dense(8, name="up"), keras.layers.Dense(4, name="down")]
    model = keras.Sequential([keras.Input((16,)), *layers])
rules = {"fanwise": 1, "rule": [
    {"match": "up/kernel", "init": "orthogonal"}, {"match": "**", "init": "he_normal"}
]}
rules["rule"].insert(0, {"role": "bias", "init": "zeros"})
seen = fanwise.keras.initialize(model, rules, seed=0, dry_run=True)
assert seen.parameters == 16 * 8 + 8 + 8 * 4 + 4
fanwise.keras.initialize(model, rules, seed=0)
try:
    fanwise.keras.initialize(model, rules, seed=rank)
except fanwise.FanwiseError as error:
    assert "the same seed in all processes" in str(error), error
else:
    raise AssertionError("a mix of starts")
for layer, scheme in zip(layers, ("orthogonal", "he_normal")):
    kernel = layer.kernel.value
    path = f"{layer.name}/kernel"
    whole = fanwise.sample(scheme, kernel.shape, seed=0, path=path)
    for shard in kernel.addressable_shards:
        assert np.array_equal(shard.data, whole[shard.index]), path
rows = {row.path: row for row in fanwise.keras.summary(model).rows} if rank == 0 else {}
for path, row in rows.items():
    assert np.isnan(row.observed) == path.endswith("kernel"), row
print("done", flush=True)
jax.distributed.shutdown()
"""


@pytest.mark.slow
def test_keras_over_processes():
    run(OF_KERAS, 2)


@pytest.mark.slow
@pytest.mark.parametrize("world", [2, 4])
def test_over_processes(world):
    run(PROGRAM, world)


def run(program, world):
    """Run a program in each of several processes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    environment = {
        **os.environ,
        "JAX_PLATFORMS": "cpu",
        "KERAS_BACKEND": "jax",
        "XLA_FLAGS": f"--xla_force_host_platform_device_count={4 // world}",
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(rank), str(world), address],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
        )
        for rank in range(world)
    ]
    try:
        told = [process.communicate(timeout=300)[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
    for process, text in zip(processes, told, strict=True):
        assert process.returncode == 0, text
        assert "done" in text
