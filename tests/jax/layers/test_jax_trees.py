"""Pytrees: those of Haiku, which are dicts, those of Equinox, which are dataclasses, and others."""

import dataclasses
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from common.bits import same_bits

import fanwise
from fanwise.jax import LayerWeight, initialize, register_layer
from fanwise.spec.weights import Weight

S = fanwise.scheme
RECIPE = {
    "fanwise": 1,
    "rule": [
        {"role": "kernel", "init": "glorot_normal", "name": "a"},
        {"role": "recurrent_kernel", "init": "glorot_normal", "name": "b"},
        {"role": "bias", "init": "torch_default", "name": "c"},
        {"match": "**", "init": {"scheme": "normal", "std": 0.5}, "name": "d"},
    ],
    "allow": {"unused": ["a", "b", "c", "d"]},
}
REST = S("normal", std=0.5)


def drawn(path, shape, scheme=REST, axes="kernel"):
    return fanwise.sample(scheme, shape, seed=1, path=path, axes=axes)


def kernel(path, shape, axes="kernel", groups=1):
    return drawn(path, shape, S("glorot_normal", groups=groups), axes)


def bias(path, shape, fan):
    return drawn(path, shape, S("torch_default", fan=fan), " ".join(["out"] * len(shape)))


def same(array, values):
    assert array.shape == values.shape
    assert same_bits(array, values)


def zeros(*shape):
    return jnp.zeros(shape)


HAIKU = {
    "net/~/linear": {"w": zeros(6, 4), "b": zeros(4)},
    "net/~/conv2_d": {"w": zeros(3, 3, 6, 4), "b": zeros(4)},
    "net/~/embed": {"embeddings": zeros(7, 3)},
    "net/~/layer_norm": {"scale": zeros(4), "offset": zeros(4)},
    "net": {"token": zeros(1, 4)},
}


@pytest.mark.parametrize("abstract", [False, True])
def test_haiku(abstract):
    tree = jax.eval_shape(lambda: HAIKU) if abstract else HAIKU
    made, summary = initialize(tree, RECIPE, seed=1)
    same(made["net/~/linear"]["w"], kernel("net/linear/kernel", (6, 4)))
    same(made["net/~/linear"]["b"], bias("net/linear/bias", (4,), 6))
    same(made["net/~/conv2_d"]["w"], kernel("net/conv2_d/kernel", (3, 3, 6, 4)))
    same(made["net/~/conv2_d"]["b"], bias("net/conv2_d/bias", (4,), 54))
    same(made["net/~/embed"]["embeddings"], drawn("net/embed/embedding", (7, 3)))
    same(made["net/~/layer_norm"]["scale"], drawn("net/layer_norm/scale", (4,)))
    same(made["net/~/layer_norm"]["offset"], drawn("net/layer_norm/offset", (4,)))
    same(made["net"]["token"], drawn("net/token", (1, 4)))
    kinds = {row.path: (row.role, row.kind) for row in summary.rows}
    assert kinds["net/conv2_d/kernel"] == ("kernel", "conv")
    assert kinds["net/token"] == ("", "parameter/token")
    assert summary.parameters == sum(leaf.size for leaf in jax.tree.leaves(HAIKU))
    assert float(sum(jnp.abs(leaf).sum() for leaf in jax.tree.leaves(HAIKU))) == 0


NAMES = {
    "kernel": ({"kernel": zeros(6, 4)}, "kernel", "dense"),
    "weight": ({"weight": zeros(4, 6)}, "kernel", "dense"),
    "weight of a convolution": ({"weight": zeros(4, 6, 3)}, "kernel", "conv"),
    "weight of a norm": ({"weight": zeros(4), "bias": zeros(4)}, "scale", "norm"),
    "bias of a norm": ({"bias": zeros(4), "weight": zeros(4)}, "offset", "norm"),
    "gamma": ({"gamma": zeros(4)}, "scale", "norm"),
    "beta": ({"beta": zeros(4)}, "offset", "norm"),
    "mean": ({"mean": zeros(4)}, "mean", "norm"),
    "var": ({"var": zeros(4)}, "variance", "norm"),
    "variance": ({"variance": zeros(4)}, "variance", "norm"),
    "embedding": ({"embedding": zeros(7, 4)}, "embedding", "embedding"),
    "a lone bias": ({"bias": zeros(4)}, "bias", "parameter"),
    "a vector": ({"w": zeros(4)}, "", "parameter"),
    "another name": ({"alpha": zeros(4)}, "", "parameter"),
}


@pytest.mark.parametrize("name", NAMES)
def test_what_a_name_says(name):
    tree, role, kind = NAMES[name]
    path = f"x/{role or next(iter(tree))}"
    recipe = {"fanwise": 1, "rule": [{"match": "**", "init": "ones"}]}
    _, summary = initialize({"x": tree}, recipe, seed=1)
    assert (path, role, kind) in [(row.path, row.role, row.kind) for row in summary.rows]


def test_torch_axes_of_a_weight():
    made, summary = initialize({"weight": zeros(4, 6, 3), "bias": zeros(4)}, RECIPE, seed=1)
    same(made["weight"], kernel("kernel", (4, 6, 3), "torch"))
    same(made["bias"], bias("bias", (4,), 18))
    row = next(row for row in summary.rows if row.role == "kernel")
    assert (row.fan_in, row.fan_out) == (18, 12)


def test_what_is_no_weight_stays():
    key = jax.random.key(3)
    tree = {"w": zeros(6, 4), "count": jnp.arange(3), "act": jax.nn.relu, "rate": 0.5, "key": key}
    made, summary = initialize(tree, RECIPE, seed=1)
    assert len(summary.rows) == 1
    assert made["count"] is tree["count"]
    assert made["act"] is jax.nn.relu
    assert made["rate"] == 0.5
    assert made["key"] is key


def test_one_array_in_two_places_is_not_two_weights_without_a_word():
    """A pytree knows no sharing, but whoever made it may have meant one weight, or a copy."""
    shared = zeros(4, 4)
    tree = {"a": {"w": shared}, "b": {"w": shared}}
    with pytest.raises(fanwise.FanwiseError, match="the same array as a/kernel and b/kernel"):
        initialize(tree, RECIPE, seed=1)
    made, _ = initialize(tree, RECIPE, seed=1, exclude="b/kernel")
    same(made["a"]["w"], kernel("a/kernel", (4, 4)))
    assert made["b"]["w"] is shared
    made, _ = initialize(jax.tree.map(jnp.copy, tree), RECIPE, seed=1)
    assert not (made["a"]["w"] == made["b"]["w"]).any()
    made, _ = initialize(jax.eval_shape(lambda: tree), RECIPE, seed=1)
    assert not (made["a"]["w"] == made["b"]["w"]).any()


def test_one_array_in_two_places_may_hold_one_constant():
    shared = jnp.ones(4)
    tree = {"a": {"w": zeros(6, 4), "b": shared}, "c": {"w": zeros(6, 4), "b": shared}}
    rules = {"fanwise": 1, "rule": [{"role": "kernel", "init": "normal"}]}
    equal = {**rules, "rule": [*rules["rule"], {"role": "bias", "init": "zeros"}]}
    made, _ = initialize(tree, equal, seed=1)
    assert not made["a"]["b"].any()
    assert not made["c"]["b"].any()
    ones = {"match": "c/bias", "init": "ones"}
    with pytest.raises(fanwise.FanwiseError, match="the same array as a/bias and c/bias"):
        initialize(tree, {**rules, "rule": [ones, *equal["rule"]]}, seed=1)


def test_described_by_hand():
    def describe(path, leaf):
        if path == "gru/w_i":
            return Weight("gru/kernel", leaf.shape, "in (3 out)", "kernel", "gru")
        return None

    tree = {"gru": {"w_i": zeros(6, 12), "b": zeros(12)}, "up": {"w": zeros(6, 4)}}
    made, summary = initialize(tree, RECIPE, seed=1, describe=describe)
    same(made["gru"]["w_i"], kernel("gru/kernel", (6, 12), "in (3 out)"))
    same(made["up"]["w"], kernel("up/kernel", (6, 4)))
    row = next(row for row in summary.rows if row.path == "gru/kernel")
    assert (row.fan_in, row.fan_out, row.kind) == (6, 4, "gru")


WRONG = {
    "no weight": ("kernel", "a weight as the description of w"),
    "another shape": (Weight("x", (4, 6), "in out", "kernel", "dense"), "the shape of w"),
    "other axes": (Weight("x", (6, 4), "in out out", "kernel", "dense"), "axes 'in out out' fit"),
}


@pytest.mark.parametrize("name", WRONG)
def test_described_wrongly(name):
    description, words = WRONG[name]
    with pytest.raises(fanwise.FanwiseError, match=words):
        initialize({"w": zeros(6, 4)}, RECIPE, seed=1, describe=lambda *_: description)


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        ({"params": {"w": zeros(6, 4)}}, "the module itself"),
        (zeros(6, 4), "arrays have names"),
        ({}, "a model or a pytree of arrays"),
        ([], "a model or a pytree of arrays"),
        ({"a": 3}, "a model or a pytree of arrays"),
    ],
)
def test_trees_that_say_too_little(tree, words):
    recipe = {"fanwise": 1, "rule": [{"match": "**", "init": "ones"}]}
    with pytest.raises(fanwise.FanwiseError, match=words):
        initialize(tree, recipe, seed=1)


@pytest.mark.parametrize("how", [{"inputs": (1,)}, {"values": {}}, {"method": "f"}])
def test_arguments_of_linen(how):
    with pytest.raises(fanwise.FanwiseError, match="Leave it out"):
        initialize(HAIKU, RECIPE, seed=1, **how)


def test_chosen_and_dry():
    made, summary = initialize(HAIKU, RECIPE, seed=1, only="net/linear/*", exclude="**/bias")
    assert [row.path for row in summary.rows] == ["net/linear/kernel"]
    assert made["net/~/linear"]["b"] is HAIKU["net/~/linear"]["b"]
    dry, plan = initialize(HAIKU, RECIPE, seed=1, dry_run=True)
    assert dry is HAIKU
    assert plan.parameters == 6 * 4 + 4 + 9 * 24 + 4 + 21 + 8 + 4


def test_compiled():
    plain, _ = initialize(HAIKU, RECIPE, seed=1)
    compiled = jax.jit(lambda: initialize(HAIKU, RECIPE, seed=1)[0])()
    assert jax.tree.all(jax.tree.map(lambda a, b: (a == b).all(), plain, compiled))


def test_numpy_arrays():
    made, _ = initialize({"w": np.zeros((6, 4), np.float16)}, RECIPE, seed=1)
    wanted = fanwise.sample("glorot_normal", (6, 4), seed=1, path="kernel", dtype="float16")
    assert same_bits(made["w"], wanted)


# ---- Equinox: dataclasses of its classes' names and fields ----


def equinox(name, *fields, **static):
    """A class that looks as Equinox's does to Fanwise: a dataclass that is a pytree."""
    made = dataclasses.make_dataclass(name, [(n, Any) for n in (*fields, *static)])
    made.__module__ = f"equinox.nn._{name.lower()}"
    return jax.tree_util.register_dataclass(made, list(fields), list(static))


Linear = equinox("Linear", "weight", "bias")
Conv = equinox("Conv", "weight", "bias", groups=0)
ConvTranspose = equinox("ConvTranspose", "weight", "bias", groups=0)
Embedding = equinox("Embedding", "weight")
LayerNorm = equinox("LayerNorm", "weight", "bias")
Attention = equinox("MultiheadAttention", "query_proj", "key_proj", "value_proj", "output_proj")
LSTMCell = equinox("LSTMCell", "weight_ih", "weight_hh", "bias")
GRUCell = equinox("GRUCell", "weight_ih", "weight_hh", "bias", "bias_n")
Model = equinox("Model", "layers")


class Conv2d(Conv):
    """As in Equinox, a subclass."""


Conv2d.__module__ = "equinox.nn._conv"
jax.tree_util.register_dataclass(Conv2d, ["weight", "bias"], ["groups"])


def projections(count, e):
    return [Linear(zeros(e, e), zeros(e)) for _ in range(count)]


def test_equinox():
    model = Model(
        [
            Linear(zeros(4, 6), zeros(4)),
            Conv2d(zeros(8, 3, 3, 3), zeros(8, 1, 1), groups=2),
            ConvTranspose(zeros(4, 6, 3), None, groups=1),
            Embedding(zeros(7, 3)),
            LayerNorm(zeros(2, 3), zeros(2, 3)),
            Attention(*projections(4, 6)),
        ]
    )
    made, summary = initialize(model, RECIPE, seed=1)
    linear, conv, up, embedding, norm, attention = made.layers
    same(linear.weight, kernel("layers/0/kernel", (4, 6), "torch"))
    same(linear.bias, bias("layers/0/bias", (4,), 6))
    same(conv.weight, kernel("layers/1/kernel", (8, 3, 3, 3), "torch", 2))
    same(conv.bias, bias("layers/1/bias", (8, 1, 1), 27))
    same(up.weight, kernel("layers/2/kernel", (4, 6, 3), "torch"))
    assert up.bias is None
    same(embedding.weight, drawn("layers/3/embedding", (7, 3)))
    same(norm.weight, drawn("layers/4/scale", (2, 3)))
    same(norm.bias, drawn("layers/4/offset", (2, 3)))
    for own, name in (("query", "query"), ("key", "key"), ("value", "value"), ("output", "out")):
        found = getattr(attention, f"{own}_proj")
        same(found.weight, kernel(f"layers/5/{name}/kernel", (6, 6), "torch"))
        same(found.bias, bias(f"layers/5/{name}/bias", (6,), 6))
    kinds = {row.path.rpartition("/")[0]: row.kind for row in summary.rows}
    assert list(kinds.values())[:5] == ["dense", "conv", "conv_transpose", "embedding", "norm"]
    assert kinds["layers/5/out"] == "attention"


def test_equinox_depthwise():
    model = {"x": Conv(zeros(6, 1, 3), None, groups=6)}
    made, summary = initialize(model, RECIPE, seed=1)
    assert summary.rows[0].kind == "depthwise_conv"
    same(made["x"].weight, kernel("x/kernel", (6, 1, 3), "torch", 6))


def test_equinox_recurrences():
    i, h = 3, 5
    cells = {
        "lstm": LSTMCell(zeros(4 * h, i), zeros(4 * h, h), zeros(4 * h)),
        "gru": GRUCell(zeros(3 * h, i), zeros(3 * h, h), zeros(3 * h), zeros(h)),
    }
    made, _ = initialize(cells, RECIPE, seed=1)
    for name, count in (("lstm", 4), ("gru", 3)):
        cell = made[name]
        into = kernel(f"{name}/kernel", (count, i, h), "batch in out")
        over = kernel(f"{name}/recurrent_kernel", (count, h, h), "batch in out")
        assert (cell.weight_ih.reshape(count, h, i).transpose(0, 2, 1) == into).all()
        assert (cell.weight_hh.reshape(count, h, h).transpose(0, 2, 1) == over).all()
    wanted = drawn("lstm/bias", (3, h), S("torch_default", fan=i), "batch out")
    own = np.asarray(made["lstm"].bias).reshape(4, h)
    assert (own[[0, 2, 3]] == wanted).all()
    assert not (own[1] == 0).any()
    wanted = drawn("gru/bias", (3, h), S("torch_default", fan=i), "batch out")
    assert (np.asarray(made["gru"].bias).reshape(3, h) == wanted).all()
    again = drawn("gru/recurrent_bias", (3, h), REST, "batch out")
    assert (np.asarray(made["gru"].bias_n) == again[2]).all()


StateIndex = equinox("StateIndex", "init")
BatchNorm = equinox("BatchNorm", "weight", "bias", "index")


def test_the_first_values_of_a_state_are_no_weights():
    model = BatchNorm(zeros(4), zeros(4), StateIndex(zeros(4)))
    made, summary = initialize(model, RECIPE, seed=1)
    assert [row.path for row in summary.rows] == ["scale", "offset"]
    assert made.index.init is model.index.init


Own = equinox("Own", "first", "second")
Own.__module__ = "elsewhere"


def test_a_node_of_ones_own():
    register_layer(
        Own,
        lambda layer, shapes: [LayerWeight("first", "kernel", "out in")],
    )
    made, summary = initialize({"x": Own(zeros(4, 6), zeros(4))}, RECIPE, seed=1)
    same(made["x"].first, kernel("x/kernel", (4, 6), "out in"))
    assert [(row.path, row.kind) for row in summary.rows] == [
        ("x/kernel", "dense"),
        ("x/second", "parameter"),
    ]


@pytest.mark.parametrize("wide", [False, True])
def test_numpys_float64_is_drawn_as_what_jax_holds(wide):
    tree = {"x": {"kernel": np.zeros((6, 4)), "bias": np.zeros(4)}}
    with jax.enable_x64(wide):
        made, _ = initialize(tree, RECIPE, seed=1)
    dtype = "float64" if wide else "float32"
    assert made["x"]["kernel"].dtype == dtype
    expected = fanwise.sample("glorot_normal", (6, 4), seed=1, path="x/kernel", dtype=dtype)
    assert same_bits(made["x"]["kernel"], expected)


HE = {"fanwise": 1, "rule": [{"role": "kernel", "init": "he_normal"}]}
STEM = {"stem": {"w": jnp.zeros((3, 3, 16, 32))}, "head": {"w": jnp.zeros((16, 4))}}


def test_a_kernel_of_several_readings_is_set_by_the_rule_that_its_error_shows():
    with pytest.raises(fanwise.FanwiseError, match=r"axes = '\* \* in out' or") as caught:
        initialize(STEM, HE, seed=0)
    (problem,) = caught.value.problems
    assert (problem.kind, problem.paths) == ("scheme", ("stem/kernel",))
    mended = str(caught.value).partition("This recipe would fit:")[2]
    made, report = initialize(STEM, mended.strip(), seed=0)
    expected = fanwise.sample("he_normal", (3, 3, 16, 32), seed=0, path="stem/kernel")
    assert same_bits(made["stem"]["w"], expected)
    assert {row.path: row.fan_in for row in report.rows}["stem/kernel"] == 9 * 16


def test_the_kernel_of_several_readings_alone_leaves_no_rule_unused():
    with pytest.raises(fanwise.FanwiseError) as caught:
        initialize({"stem": STEM["stem"]}, HE, seed=0)
    mended = str(caught.value).partition("This recipe would fit:")[2]
    _, report = initialize({"stem": STEM["stem"]}, mended.strip(), seed=0)
    assert report.rows[0].rule == 1


def test_a_rule_corrects_the_axes_that_a_name_was_read_by():
    rule = {"match": "head/kernel", "axes": "out in", "init": "he_normal"}
    _, report = initialize(STEM, {**HE, "rule": [rule]}, seed=0, only="head/**")
    assert (report.rows[0].fan_in, report.rows[0].fan_out) == (4, 16)


def test_doubts_are_told_by_a_dry_run():
    _, report = initialize(STEM, HE, seed=0, dry_run=True)
    assert [problem.paths for problem in report.problems] == [("stem/kernel",)]
    assert 'axes = "* * in out"' in report.problems[0].lines
