"""The recipe ``flax_default`` against what Flax's layers start with by themselves.

A random weight is judged by its variance and by its support. Of n elements with kurtosis k the mean
square is off by √((k - 1) / n) of itself, one standard deviation; five of them are passed once in
two million, and the keys are fixed. No kurtosis here is above a normal's, 3. A normal that is cut
at two standard deviations has its largest element within 60/n of them of the cut but once in e³⁰
or so: 5% of the density of the middle is left there.
"""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import linen, nnx

import fanwise
from fanwise.adapters.jax.layers.linen import trace
from fanwise.adapters.jax.layers.nnx import collect
from fanwise.adapters.jax.layers.variables import read
from fanwise.jax import initialize
from fanwise.spec.plan import plan
from fanwise.spec.recipe import recipe
from fanwise.spec.truncation import truncated_moments

pytestmark = pytest.mark.slow

RECIPE = "flax_default"
DEVIATIONS = 5.0
KURTOSIS = 3.0
CUT = 2.0 / truncated_moments(-2.0, 2.0)[1]


def images(*shape):
    return jnp.zeros((1, *shape))


LINEN = {
    "dense": (linen.Dense(64), images(96)),
    "general": (linen.DenseGeneral((8, 8), axis=(-2, -1)), images(6, 16)),
    "batches": (linen.DenseGeneral(64, batch_dims=(0,)), jnp.zeros((3, 96))),
    "einsum": (linen.Einsum((96, 64), "na,ab->nb"), images(96)),
    "einsum with batches": (linen.Einsum((96, 3, 64), "nba,abc->nbc"), images(3, 96)),
    "conv1d": (linen.Conv(64, 3), images(5, 24)),
    "conv2d": (linen.Conv(64, (3, 3)), images(5, 5, 16)),
    "conv3d": (linen.Conv(32, (3, 3, 3)), images(4, 4, 4, 8)),
    "grouped": (linen.Conv(64, (3, 3), feature_group_count=4), images(5, 5, 32)),
    "depthwise": (linen.Conv(1024, (3, 3), feature_group_count=256), images(5, 5, 256)),
    "transposed": (linen.ConvTranspose(64, (3, 3)), images(5, 5, 16)),
    "turned": (linen.ConvTranspose(16, (3, 3), transpose_kernel=True), images(5, 5, 64)),
    "embedding": (linen.Embed(200, 32), jnp.zeros((1,), jnp.int32)),
    "batch norm": (linen.BatchNorm(use_running_average=True), images(6)),
    "layer norm": (linen.LayerNorm(), images(6)),
    "group norm": (linen.GroupNorm(3), images(6)),
    "rms norm": (linen.RMSNorm(), images(6)),
    "instance norm": (linen.InstanceNorm(), images(5, 6)),
    "attention": (linen.MultiHeadDotProductAttention(4, qkv_features=48), images(3, 64)),
    "lstm": (linen.RNN(linen.LSTMCell(32)), images(3, 48)),
    "lstm, optimized": (linen.RNN(linen.OptimizedLSTMCell(32)), images(3, 48)),
    "gru": (linen.RNN(linen.GRUCell(32)), images(3, 48)),
    "minimal gated unit": (linen.RNN(linen.MGUCell(32)), images(3, 48)),
    "simple": (linen.RNN(linen.SimpleCell(32)), images(3, 64)),
    "convolutional lstm": (linen.RNN(linen.ConvLSTMCell(16, (3, 3))), images(2, 4, 4, 16)),
}
NNX = {
    "dense": lambda r: nnx.Linear(96, 64, rngs=r),
    "general": lambda r: nnx.LinearGeneral((6, 16), (8, 8), axis=(-2, -1), rngs=r),
    "batches": lambda r: nnx.LinearGeneral(96, 64, batch_axis={0: 3}, rngs=r),
    "einsum": lambda r: nnx.Einsum("na,ab->nb", (96, 64), (64,), rngs=r),
    "conv1d": lambda r: nnx.Conv(24, 64, 3, rngs=r),
    "conv2d": lambda r: nnx.Conv(16, 64, (3, 3), rngs=r),
    "conv3d": lambda r: nnx.Conv(8, 32, (3, 3, 3), rngs=r),
    "grouped": lambda r: nnx.Conv(32, 64, (3, 3), feature_group_count=4, rngs=r),
    "depthwise": lambda r: nnx.Conv(256, 1024, (3, 3), feature_group_count=256, rngs=r),
    "transposed": lambda r: nnx.ConvTranspose(16, 64, (3, 3), rngs=r),
    "turned": lambda r: nnx.ConvTranspose(64, 16, (3, 3), transpose_kernel=True, rngs=r),
    "embedding": lambda r: nnx.Embed(200, 32, rngs=r),
    "batch norm": lambda r: nnx.BatchNorm(6, rngs=r),
    "layer norm": lambda r: nnx.LayerNorm(6, rngs=r),
    "group norm": lambda r: nnx.GroupNorm(6, 3, rngs=r),
    "rms norm": lambda r: nnx.RMSNorm(6, rngs=r),
    "instance norm": lambda r: nnx.InstanceNorm(6, rngs=r),
    "attention": lambda r: nnx.MultiHeadAttention(4, 64, 48, rngs=r),
    "lstm": lambda r: nnx.LSTMCell(48, 32, rngs=r),
    "simple": lambda r: nnx.SimpleCell(64, 32, rngs=r),
    # These two draw one orthogonal matrix for all gates, which linen's do not.
    "lstm, optimized": lambda r: nnx.OptimizedLSTMCell(48, 32, rngs=r),
    "gru": lambda r: nnx.GRUCell(48, 32, rngs=r),
}
if not hasattr(nnx, "InstanceNorm"):  # before Flax 0.12
    del NNX["instance norm"]
GATES = {"lstm/joint": 4, "gru/joint": 3}


def blocks(weights, arrays):
    """For every path what lies there, block by block."""
    return {
        stored.weight.path: [np.asarray(arrays[key])[block.at] for key, block in stored.blocks]
        for stored in weights
    }


def of_linen(module, x, variables):
    traced = trace(module, (x,), {}, None, 0)
    return blocks(traced.weights, jax.tree.leaves(variables))


def of_nnx(model):
    found, variables = collect(model)
    return blocks(found.weights, {key: read(variable) for key, variable in variables.items()})


def starts_so(row, found):
    """Whether the blocks of a weight start as a row says."""
    values = np.concatenate([block.ravel() for block in found]).astype(np.float64)
    if row.scheme in ("zeros", "ones"):
        return bool((values == float(row.scheme == "ones")).all())
    if row.scheme == "orthogonal" and row.kind in GATES:
        (block,) = found
        apart = np.split(block, GATES[row.kind], axis=-1)
        joint = np.allclose(block @ block.T, np.eye(len(block)), atol=1e-4)
        return joint and not any(is_orthogonal(gate, of_any_length=True) for gate in apart)
    if row.scheme == "orthogonal":
        return all(is_orthogonal(block) for block in found)
    if abs((values**2).mean() / row.expected**2 - 1) > DEVIATIONS * np.sqrt(
        (KURTOSIS - 1) / values.size
    ):
        return False
    largest = np.abs(values).max() / (CUT * row.expected)
    if row.scheme == "variance_scaling":
        return bool(largest > 1.1)
    assert row.scheme == "lecun_normal"
    return bool(1 - 60 / values.size < largest < 1 + 1e-5)


def is_orthogonal(block, *, of_any_length=False):
    square = block.ndim == 2 and block.shape[0] == block.shape[1]
    if not square:
        return False
    found = block.T @ block
    length = found[0, 0] if of_any_length else 1.0
    return np.allclose(found, length * np.eye(len(block)), atol=1e-4)


@pytest.mark.parametrize("name", LINEN)
def test_linen(name):
    module, x = LINEN[name]
    flax = of_linen(module, x, module.init(jax.random.key(1), x))
    made, summary = initialize(module, RECIPE, seed=0, inputs=(x,))
    ours = of_linen(module, x, made)
    assert {row.path for row in summary.rows} == flax.keys() == ours.keys()
    for row in summary.rows:
        assert starts_so(row, flax[row.path]), f"Flax's {row.path}"
        assert starts_so(row, ours[row.path]), row.path


@pytest.mark.parametrize("name", NNX)
def test_nnx(name):
    model = NNX[name](nnx.Rngs(1))
    flax = of_nnx(model)
    summary = initialize(model, RECIPE, seed=0)
    ours = of_nnx(model)
    assert {row.path for row in summary.rows} == flax.keys() == ours.keys()
    for row in summary.rows:
        assert starts_so(row, flax[row.path]), f"Flax's {row.path}"
        assert starts_so(row, ours[row.path]), row.path


@pytest.mark.parametrize(("name", "gates"), [("lstm, optimized", 4), ("gru", 3)])
def test_a_cell_with_one_kernel_starts_with_one_matrix(name, gates):
    model = NNX[name](nnx.Rngs(1))
    flax = of_nnx(model)
    summary = initialize(model, RECIPE, seed=0)
    row = next(row for row in summary.rows if row.role == "recurrent_kernel")
    assert row.kind in GATES
    apart = fanwise.sample("orthogonal", (32, gates * 32), seed=5, axes=f"in ({gates} out)")
    for (found,) in (flax["recurrent_kernel"], of_nnx(model)["recurrent_kernel"]):
        assert starts_so(row, [found])
        assert not starts_so(row, [found * 1.01])
        assert all(is_orthogonal(gate) for gate in np.split(apart, gates, axis=1))
        assert not starts_so(row, [apart])
        assert not starts_so(row, [apart / np.sqrt(gates)])


#: Where Flax counts another fan_in than the true one: the module, what nnx makes, both fans.
COUNTED = {
    "outputs": ((96, 8, 8), "na,abc->nbc", 96 * 8, 96),
    "outputs first": ((24, 96), "na,ba->nb", 24, 96),
}


@pytest.mark.parametrize("name", COUNTED)
def test_where_flax_counts_otherwise_a_module_that_declares_it_starts_as_it_does(name):
    shape, equation, counted, true = COUNTED[name]
    module, x = linen.Einsum(shape, equation), images(96)
    (found,) = of_linen(module, x, module.init(jax.random.key(1), x))["kernel"]
    _, summary = initialize(module, RECIPE, seed=0, inputs=(x,))
    assert summary.rows[0].fan_in == true
    assert summary.rows[0].expected == pytest.approx(counted**-0.5)
    assert starts_so(summary.rows[0], [found])


@pytest.mark.parametrize("name", COUNTED)
def test_where_flax_counts_otherwise_what_declares_nothing_starts_as_what_it_holds(name):
    shape, equation, counted, true = COUNTED[name]
    model = nnx.Einsum(equation, shape, None, rngs=nnx.Rngs(1))
    vars(model).pop("kernel_init", None)  # which Flax keeps up to 0.12.0
    (found,) = of_nnx(model)["kernel"]
    row = initialize(model, RECIPE, seed=0).rows[0]
    assert row.fan_in == true
    assert row.expected == pytest.approx(counted**-0.5)
    assert starts_so(row, [found])


@pytest.mark.parametrize("name", COUNTED)
def test_where_flax_counts_otherwise_what_holds_nothing_has_the_true_fans(name):
    shape, equation, counted, true = COUNTED[name]
    model = nnx.eval_shape(lambda: nnx.Einsum(equation, shape, None, rngs=nnx.Rngs(1)))
    vars(model).pop("kernel_init", None)  # which Flax keeps up to 0.12.0
    row = initialize(model, RECIPE, seed=0, dry_run=True).rows[0]
    assert row.fan_in == true
    assert row.expected == pytest.approx(true**-0.5)
    assert counted != true


def test_the_judge_sees_a_wrong_start():
    _, summary = initialize(linen.Dense(64), RECIPE, seed=0, inputs=(images(96),))
    kernel, bias = summary.rows
    drawn = fanwise.sample("lecun_normal", (96, 64), seed=5)
    assert starts_so(kernel, [drawn])
    for wrong in ("glorot_normal", "lecun_uniform", "he_normal", "zeros"):
        assert not starts_so(kernel, [fanwise.sample(wrong, (96, 64), seed=5)])
    plain = fanwise.scheme("variance_scaling", distribution="normal")
    assert not starts_so(kernel, [fanwise.sample(plain, (96, 64), seed=5)])
    assert not starts_so(bias, [np.ones(64)])
    assert not starts_so(kernel, [drawn * 1.07])


def test_every_rule_is_needed_where_something_is_declared_or_nothing_is():
    weights = [
        stored.weight
        for module, x in LINEN.values()
        for stored in trace(module, (x,), {}, None, 0).weights
    ]
    weights += [
        stored.weight for make in NNX.values() for stored in collect(make(nnx.Rngs(1)))[0].weights
    ]
    weights += [replace(weight, own=None) for weight in weights]
    weights.append(replace(weights[0], trains=False))
    named = [replace(weight, path=f"{n}/{weight.path}") for n, weight in enumerate(weights)]
    chosen = recipe(RECIPE)
    made = plan(chosen, named, framework="flax")
    assert {planned.rule for planned in made.planned} == {*range(len(chosen.rules) + 1)} - {2}
    assert [weight.path for weight in made.kept] == [named[-1].path]
    assert set(chosen.unused) == {rule.name for rule in chosen.rules}
