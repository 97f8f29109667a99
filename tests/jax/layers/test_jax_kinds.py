"""The weights of Flax's layers, against the stream at their canonical paths."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from common.bits import same_bits
from common.jax_layers import NORMAL, RECIPE, SEED, S, drawn, flat, of_nnx
from flax import linen, nnx

import fanwise
from fanwise.core import to_canonical
from fanwise.jax import initialize


def pair(shape, fans, axes="* in out", *, under="", stored=None, groups=1):
    """A kernel and its bias: the canonical values, and the pattern of the stored ones."""
    kernel = drawn(S("glorot_normal", groups=groups), shape, f"{under}kernel", axes)
    bias = drawn(S("torch_default", fan=fans), (shape[-1],), f"{under}bias")
    return {f"{under}kernel": (kernel, stored), f"{under}bias": (bias, None)}


def dense(layer, i, o, **how):
    return layer, (2, i), pair((i, o), i, **how)


NORMS = {
    "scale": (drawn(NORMAL, (6,), "scale"), None),
    "bias": (drawn(NORMAL, (6,), "offset"), None),
}
STATISTICS = {
    "mean": (drawn(NORMAL, (6,), "mean"), None),
    "var": (drawn(NORMAL, (6,), "variance"), None),
}


def attention(e, h, d):
    """The kernels of torch's shapes: two axes."""
    made = {}
    for name in ("query", "key", "value"):
        made |= pair((e, h * d), e, "in out", under=f"{name}/")
    return {**made, **pair((h * d, e), h * d, "in out", under="out/")}


#: Per layer: the module, the shape of its input, and what its variables are to hold.
LINEN = {
    "dense": dense(linen.Dense(4), 6, 4),
    "general": (
        linen.DenseGeneral((2, 5), axis=(-2, -1)),
        (2, 3, 4),
        pair((12, 10), 12, "in out"),
    ),
    "general, batched": (
        linen.DenseGeneral(5, batch_dims=(0,)),
        (3, 4),
        {
            "kernel": (drawn("glorot_normal", (3, 4, 5), "kernel", "batch in out"), None),
            "bias": (
                drawn(S("torch_default", fan=4), (3, 5), "bias", "batch out"),
                None,
            ),
        },
    ),
    "einsum": (
        linen.Einsum((8, 4, 6), "nta,hba->nthb"),
        (2, 3, 6),
        pair((6, 32), 6, "in out", stored="out out in"),
    ),
    "conv1d": (linen.Conv(4, 3), (2, 7, 6), pair((3, 6, 4), 18)),
    "conv2d": (linen.Conv(4, (3, 5)), (2, 7, 7, 6), pair((3, 5, 6, 4), 90)),
    "conv3d": (linen.Conv(4, (3, 2, 2)), (2, 5, 5, 5, 6), pair((3, 2, 2, 6, 4), 72)),
    "grouped": (
        linen.Conv(4, (3, 3), feature_group_count=2),
        (2, 7, 7, 6),
        pair((3, 3, 3, 4), 27, groups=2),
    ),
    "depthwise": (
        linen.Conv(12, (3, 3), feature_group_count=6),
        (2, 7, 7, 6),
        pair((3, 3, 1, 12), 9, groups=6),
    ),
    "transposed": (linen.ConvTranspose(4, (3, 2)), (2, 5, 5, 6), pair((3, 2, 6, 4), 36)),
    "transposed, stored so": (
        linen.ConvTranspose(4, (3, 2), transpose_kernel=True),
        (2, 5, 5, 6),
        pair((3, 2, 6, 4), 36, stored="* out in"),
    ),
    "batch norm": (
        linen.BatchNorm(use_running_average=True),
        (2, 6),
        {**NORMS, **STATISTICS},
    ),
    "layer norm": (linen.LayerNorm(), (2, 6), NORMS),
    "group norm": (linen.GroupNorm(3), (2, 6), NORMS),
    "rms norm": (linen.RMSNorm(), (2, 6), {"scale": NORMS["scale"]}),
    "instance norm": (linen.InstanceNorm(), (2, 5, 6), NORMS),
    "attention": (
        linen.MultiHeadDotProductAttention(2, qkv_features=6),
        (2, 3, 4),
        attention(4, 2, 3),
    ),
    "attention by its other name": (linen.MultiHeadAttention(2), (2, 3, 4), attention(4, 2, 2)),
}
NNX = {
    "dense": (lambda r: nnx.Linear(6, 4, rngs=r), "dense"),
    "general": (lambda r: nnx.LinearGeneral((3, 4), (2, 5), axis=(-2, -1), rngs=r), "general"),
    "general, batched": (
        lambda r: nnx.LinearGeneral(4, 5, batch_axis={0: 3}, rngs=r),
        "general, batched",
    ),
    "einsum": (lambda r: nnx.Einsum("nta,hba->nthb", (8, 4, 6), (8, 4), rngs=r), "einsum"),
    "conv1d": (lambda r: nnx.Conv(6, 4, 3, rngs=r), "conv1d"),
    "conv2d": (lambda r: nnx.Conv(6, 4, (3, 5), rngs=r), "conv2d"),
    "conv3d": (lambda r: nnx.Conv(6, 4, (3, 2, 2), rngs=r), "conv3d"),
    "grouped": (lambda r: nnx.Conv(6, 4, (3, 3), feature_group_count=2, rngs=r), "grouped"),
    "depthwise": (lambda r: nnx.Conv(6, 12, (3, 3), feature_group_count=6, rngs=r), "depthwise"),
    "transposed": (lambda r: nnx.ConvTranspose(6, 4, (3, 2), rngs=r), "transposed"),
    "transposed, stored so": (
        lambda r: nnx.ConvTranspose(6, 4, (3, 2), transpose_kernel=True, rngs=r),
        "transposed, stored so",
    ),
    "batch norm": (lambda r: nnx.BatchNorm(6, rngs=r), "batch norm"),
    "layer norm": (lambda r: nnx.LayerNorm(6, rngs=r), "layer norm"),
    "group norm": (lambda r: nnx.GroupNorm(6, 3, rngs=r), "group norm"),
    "rms norm": (lambda r: nnx.RMSNorm(6, rngs=r), "rms norm"),
    "instance norm": (lambda r: nnx.InstanceNorm(6, rngs=r), "instance norm"),
    "attention": (lambda r: nnx.MultiHeadAttention(2, 4, 6, rngs=r), "attention"),
}


def hold(found, wanted):
    assert set(found) == set(wanted)
    for name, (values, stored) in wanted.items():
        own = found[name] if stored is None else to_canonical(found[name], stored)
        assert own.size == values.size
        assert same_bits(own, values), name


@pytest.mark.parametrize("name", LINEN)
def test_a_layer_of_linen(name):
    module, shape, wanted = LINEN[name]
    variables, summary = initialize(module, RECIPE, seed=SEED, inputs=(jnp.zeros(shape),))
    hold(flat(variables), wanted)
    own = jax.eval_shape(module.init, jax.random.key(0), jnp.zeros(shape))
    assert jax.tree.map(jnp.shape, own) == jax.tree.map(jnp.shape, variables)
    assert summary.parameters == sum(leaf.size for leaf in jax.tree.leaves(own["params"]))


@pytest.mark.parametrize("abstract", [False, True], ids=["concrete", "abstract"])
@pytest.mark.parametrize("name", NNX)
def test_a_layer_of_nnx(name, abstract):
    make, same = NNX[name]
    model = nnx.eval_shape(lambda: make(nnx.Rngs(0))) if abstract else make(nnx.Rngs(0))
    initialize(model, RECIPE, seed=SEED)
    hold(of_nnx(model), LINEN[same][2])


def test_an_embedding():
    wanted = drawn(S("normal", std=3**-0.5), (7, 3), "embedding")
    tokens = jnp.zeros((2,), jnp.int32)
    made, summary = initialize(linen.Embed(7, 3), RECIPE, seed=SEED, inputs=(tokens,))
    assert same_bits(made["params"]["embedding"], wanted)
    model = nnx.Embed(7, 3, rngs=nnx.Rngs(0))
    same = initialize(model, RECIPE, seed=SEED)
    assert same_bits(of_nnx(model)["embedding"], wanted)
    assert same.rows == summary.rows


def test_the_rows_say_what_is_known():
    module = linen.Conv(4, (3, 3), feature_group_count=2)
    _, summary = initialize(module, RECIPE, seed=SEED, inputs=(jnp.zeros((1, 5, 5, 6)),))
    kernel, bias = summary.rows
    assert (kernel.path, kernel.shape, kernel.scheme) == ("kernel", (3, 3, 3, 4), "glorot_normal")
    assert (kernel.fan_in, kernel.fan_out, kernel.parameters) == (27, 18, 108)
    assert (kernel.role, kernel.kind, kernel.rule) == ("kernel", "conv", 1)
    assert kernel.expected == pytest.approx((2 / 45) ** 0.5)
    assert kernel.observed == pytest.approx(kernel.expected, rel=0.3)
    assert (bias.fan_in, bias.expected) == (None, pytest.approx((1 / 81) ** 0.5))


def test_heads_with_normalized_queries():
    module = linen.MultiHeadDotProductAttention(2, normalize_qk=True)
    _, summary = initialize(module, RECIPE, seed=SEED, inputs=(jnp.zeros((2, 3, 4)),))
    model = nnx.MultiHeadAttention(2, 4, normalize_qk=True, rngs=nnx.Rngs(0))
    kinds = {row.path: row.kind for row in summary.rows}
    assert kinds["query_ln/scale"] == kinds["key_ln/scale"] == "norm"
    assert {row.path: row.kind for row in initialize(model, RECIPE, seed=SEED).rows} == kinds


def test_an_equation_given_with_the_call():
    module = linen.Einsum((6, 4))
    _, summary = initialize(
        module, RECIPE, seed=SEED, inputs=(jnp.zeros((2, 6)),), keywords={"einsum_str": "ba,ac->bc"}
    )
    assert (summary.rows[0].fan_in, summary.rows[0].fan_out) == (6, 4)


def test_a_dirac_has_the_groups_of_its_layer():
    module = linen.Conv(4, (3,), feature_group_count=2, use_bias=False)
    recipe = {"fanwise": 1, "rule": [{"match": "**", "init": "dirac"}]}
    made, _ = initialize(module, recipe, seed=0, inputs=(jnp.zeros((1, 5, 4)),))
    wanted = fanwise.sample(S("dirac", groups=2), (3, 2, 4), seed=0, path="kernel")
    assert (np.asarray(made["params"]["kernel"]) == wanted).all()


@pytest.mark.parametrize(
    ("groups", "inputs", "kind"),
    [(1, 1, "conv"), (1, 4, "conv"), (2, 4, "conv"), (4, 4, "depthwise_conv")],
)
def test_what_is_depthwise(groups, inputs, kind):
    module = linen.Conv(8, (3,), feature_group_count=groups)
    _, summary = initialize(module, RECIPE, seed=SEED, inputs=(jnp.zeros((1, 5, inputs)),))
    assert {row.kind for row in summary.rows} == {kind}
