"""Rules with ``batch``, and roles by name, in Flax: the values that every framework has."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from common.batches import AXES, RENAMED, RENAMING, SEED, fans, is_joint, kernel, recipe, told
from common.bits import same_bits
from flax import linen, nnx

import fanwise
from fanwise.jax import initialize

X = jnp.zeros((2, 4, 3))


def apart(names, if_="if"):
    """Reads a cell that keeps its gates apart."""

    def found(params):
        into = [params[if_ if name == "if" else name]["kernel"] for name in names]
        return np.stack(into)

    return found


def packed(name, count):
    """Reads a cell that keeps its gates side by side."""
    return lambda params: np.stack(np.split(np.asarray(params[name]["kernel"]), count, axis=-1))


LSTM = (apart(("ii", "if", "ig", "io")), apart(("hi", "hf", "hg", "ho")))
CELLS = {
    "linen": (linen.LSTMCell(5), 4, LSTM),
    "linen, optimized": (linen.OptimizedLSTMCell(5), 4, LSTM),
    "linen, GRU": (linen.GRUCell(5), 3, (apart(("ir", "iz", "in")), apart(("hr", "hz", "hn")))),
    "linen, MGU": (linen.MGUCell(5), 2, (apart(("if", "in")), apart(("hf", "hn")))),
    "nnx": (
        lambda r: nnx.LSTMCell(3, 5, rngs=r),
        4,
        (apart(("ii", "if", "ig", "io"), "if_"), LSTM[1]),
    ),
    "nnx, optimized": (
        lambda r: nnx.OptimizedLSTMCell(3, 5, rngs=r),
        4,
        (packed("dense_i", 4), packed("dense_h", 4)),
    ),
    "nnx, GRU": (
        lambda r: nnx.GRUCell(3, 5, rngs=r),
        3,
        (packed("dense_i", 3), packed("dense_h", 3)),
    ),
}


class Holder(nnx.Module):
    def __init__(self, cell):
        self.r = nnx.RNN(cell)


def made_of(cell, batch):
    """The parameters of a recurrence named r, and the rows of what was set."""
    if isinstance(cell, linen.Module):
        made, summary = initialize(linen.RNN(cell), recipe(batch), seed=SEED, inputs=(X,))
        return made["params"]["cell"], summary.rows, ""
    model = Holder(cell(nnx.Rngs(0)))
    summary = initialize(model, recipe(batch), seed=SEED)
    return nnx.to_pure_dict(nnx.state(model, nnx.Param))["r"]["cell"], summary.rows, "r/"


@pytest.mark.parametrize("batch", AXES)
@pytest.mark.parametrize("name", CELLS)
def test_the_gates_of_a_recurrence(name, batch):
    cell, count, readers = CELLS[name]
    params, rows, prefix = made_of(cell, batch)
    counted = {row.path: (row.fan_in, row.fan_out) for row in rows}
    for role, inputs, read in zip(("kernel", "recurrent_kernel"), (3, 5), readers, strict=True):
        path = f"{prefix}{role}"
        assert same_bits(read(params), kernel(batch, path, (count, inputs, 5))), path
        assert counted[path] == fans(batch, count, inputs, 5)
    assert is_joint(readers[1](params)) == (batch == "out")


@pytest.mark.parametrize("batch", AXES)
def test_a_convolutional_lstm(batch):
    rnn = linen.RNN(linen.ConvLSTMCell(5, (3, 2)))
    made, _ = initialize(rnn, recipe(batch), seed=SEED, inputs=(jnp.zeros((1, 2, 4, 4, 3)),))
    for name, role, inputs in (("ih", "kernel", 3), ("hh", "recurrent_kernel", 5)):
        # Stored as input, cell, forget, output.
        each = np.split(np.asarray(made["params"]["cell"][name]["kernel"]), 4, axis=-1)
        found = np.stack([each[gate] for gate in (0, 2, 1, 3)])
        assert same_bits(found, kernel(batch, role, (4, 3, 2, inputs, 5), 2)), role


@pytest.mark.parametrize("batch", AXES)
def test_layers_with_batches(batch):
    general = linen.DenseGeneral(4, batch_dims=(0,), use_bias=False)
    made, summary = initialize(general, recipe(batch), seed=SEED, inputs=(jnp.zeros((3, 5)),))
    wanted = kernel(batch, "kernel", (3, 5, 4))
    assert same_bits(made["params"]["kernel"], wanted)
    assert (summary.rows[0].fan_in, summary.rows[0].fan_out) == fans(batch, 3, 5, 4)
    for equation, order in (("abc,bcd->abd", (0, 1, 2)), ("abc,cdb->abd", (1, 2, 0))):
        shape = tuple((3, 5, 4)[axis] for axis in order)
        model = nnx.Einsum(equation, shape, rngs=nnx.Rngs(0))
        initialize(model, recipe(batch), seed=SEED)
        kept = np.asarray(model.kernel[...])
        assert same_bits(kept, np.ascontiguousarray(wanted.transpose(order)))


@pytest.mark.parametrize("batch", ["in", "out"])
def test_compiled_and_on_several_devices(batch):
    """What has no array to itself, and what has one, under jit; and a shard at a time."""
    rnn = linen.RNN(linen.LSTMCell(5))
    plain, _ = initialize(rnn, recipe(batch), seed=SEED, inputs=(X,))
    made = jax.jit(lambda x: initialize(rnn, recipe(batch), seed=SEED, inputs=(x,))[0])(X)
    jax.tree.map(lambda a, b: np.testing.assert_array_equal(a, b), made, plain)
    cell = nnx.GRUCell(3, 4, rngs=nnx.Rngs(0))
    # However many there are, at most four: the twelve columns are spread evenly.
    mesh = jax.sharding.Mesh(np.array(jax.devices()[:4]), ("x",))
    over = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec(None, "x"))
    for dense in (cell.dense_i, cell.dense_h):
        dense.kernel.set_value(jax.device_put(dense.kernel.get_value(), over))
    initialize(cell, recipe(batch), seed=SEED)
    for name, role, inputs in (("dense_i", "kernel", 3), ("dense_h", "recurrent_kernel", 4)):
        found = packed(name, 3)(nnx.to_pure_dict(nnx.state(cell, nnx.Param)))
        assert same_bits(found, kernel(batch, role, (3, inputs, 4))), role


def test_a_new_name_gives_a_role():
    tree = {"head": {"a": jnp.zeros((6, 4)), "v": jnp.zeros(4), "g": jnp.zeros(4)}}
    names = {"head/a": "head/kernel", "head/g": "head/scale", "head/v": "head/embedding"}
    made_by = {"fanwise": 1, "rule": RENAMING, "names": {"flax": names}}
    made, summary = initialize(tree, made_by, seed=SEED)
    assert set(told(summary.rows)) == set(RENAMED)
    wanted = fanwise.sample("he_normal", (6, 4), seed=SEED, path="head/kernel")
    assert same_bits(made["head"]["a"], wanted)
    assert made["head"]["g"].tolist() == [1] * 4
