"""The weights of every layer of Flax linen and nnx, against the stream at their canonical paths."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from bits import same_bits
from flax import linen, nnx

import fanwise
from fanwise.adapters.jax import initialize
from fanwise.core import to_canonical

S = fanwise.scheme
SEED = 2**40 + 7
RECIPE = {
    "fanwise": 1,
    "rule": [
        {"role": "kernel", "init": "glorot_normal"},
        {"role": "recurrent_kernel", "init": "orthogonal"},
        {"role": "embedding", "init": {"scheme": "normal", "std": "1 / sqrt(fan_out)"}},
        {"role": "forget_bias", "init": {"scheme": "uniform", "low": 1.0, "high": 2.0}},
        {"role": "bias", "init": "torch_default"},
        {"role": "recurrent_bias", "init": "torch_default"},
        {"match": "**", "init": {"scheme": "normal", "mean": 1.0, "std": 0.1}},
    ],
}
RECIPE["rule"] = [{**rule, "name": f"rule {n}"} for n, rule in enumerate(RECIPE["rule"])]
RECIPE["allow"] = {"unused": [rule["name"] for rule in RECIPE["rule"]]}
NORMAL = S("normal", mean=1.0, std=0.1)
FORGET = S("uniform", low=1.0, high=2.0)


def drawn(scheme, shape, path, axes="kernel"):
    """A weight whose shape is in canonical order."""
    return fanwise.sample(scheme, shape, seed=SEED, path=path, axes=axes)


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


def flat(tree):
    """All variables of linen, by their paths without the collection."""
    found = {}
    for collection in tree.values():
        for path, leaf in jax.tree_util.tree_flatten_with_path(collection)[0]:
            found["/".join(key.key for key in path)] = np.asarray(leaf)
    return found


def of_nnx(model):
    state = nnx.state(model, (nnx.Param, nnx.BatchStat))
    pairs = jax.tree_util.tree_flatten_with_path(nnx.to_pure_dict(state))[0]
    return {"/".join(str(key.key) for key in path): np.asarray(leaf) for path, leaf in pairs}


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


IN, H = 3, 5


def gates(n, under=""):
    """The canonical weights of a cell of n gates."""
    return {
        "kernel": drawn("glorot_normal", (n, IN, H), f"{under}kernel", "batch in out"),
        "recurrent": drawn("orthogonal", (n, H, H), f"{under}recurrent_kernel", "batch in out"),
        "bias": drawn(S("torch_default", fan=IN), (n - (n == 4), H), f"{under}bias", "batch out"),
        "forget": drawn(FORGET, (H,), f"{under}forget_bias"),
        "again": drawn(S("torch_default", fan=H), (n, H), f"{under}recurrent_bias", "batch out"),
    }


def lstm_of(found, under="", if_="if"):
    """The canonical weights of the variables of an LSTM that keeps its gates apart."""
    into = [found[f"{under}{g}/kernel"] for g in ("ii", if_, "ig", "io")]
    over = [found[f"{under}{g}/kernel"] for g in ("hi", "hf", "hg", "ho")]
    biases = [found[f"{under}{g}/bias"] for g in ("hi", "hg", "ho")]
    return {
        "kernel": np.stack(into),
        "recurrent": np.stack(over),
        "bias": np.stack(biases),
        "forget": found[f"{under}hf/bias"],
    }


def gru_of(found, under=""):
    return {
        "kernel": np.stack([found[f"{under}i{g}/kernel"] for g in "rzn"]),
        "recurrent": np.stack([found[f"{under}h{g}/kernel"] for g in "rzn"]),
        "bias": np.stack([found[f"{under}i{g}/bias"] for g in "rzn"]),
        "again": found[f"{under}hn/bias"],
    }


def packed_of(found, n, forget, under=""):
    """Those of a cell that keeps its gates side by side."""
    bias = found[f"{under}dense_{'h' if forget else 'i'}/bias"].reshape(n, H)
    made = {
        "kernel": to_canonical(found[f"{under}dense_i/kernel"], f"in ({n} out)"),
        "recurrent": to_canonical(found[f"{under}dense_h/kernel"], f"in ({n} out)"),
        "bias": bias[[0, 2, 3]] if forget else bias,
    }
    return {**made, "forget": bias[1]} if forget else made


def agree(found, wanted):
    for name, values in found.items():
        own = wanted[name][-1] if name == "again" else wanted[name]
        assert same_bits(values, own), name


@pytest.mark.parametrize("kind", [linen.LSTMCell, linen.OptimizedLSTMCell])
def test_an_lstm_of_linen(kind):
    made, _ = initialize(linen.RNN(kind(H)), RECIPE, seed=SEED, inputs=(jnp.zeros((2, 4, IN)),))
    agree(lstm_of(flat(made), "cell/"), gates(4))


def test_a_gru_of_linen():
    rnn = linen.RNN(linen.GRUCell(H))
    made, summary = initialize(rnn, RECIPE, seed=SEED, inputs=(jnp.zeros((2, 4, IN)),))
    agree(gru_of(flat(made), "cell/"), gates(3))
    again = summary.rows[-1]
    assert (again.path, again.parameters) == ("recurrent_bias", H)


def test_recurrences_of_nnx():
    cells = {
        nnx.LSTMCell: lambda found: (lstm_of(found, "cell/", "if_"), 4),
        nnx.OptimizedLSTMCell: lambda found: (packed_of(found, 4, True, "cell/"), 4),
        nnx.GRUCell: lambda found: (packed_of(found, 3, False, "cell/"), 3),
    }
    for kind, read in cells.items():
        model = nnx.RNN(kind(IN, H, rngs=nnx.Rngs(0)))
        initialize(model, RECIPE, seed=SEED)
        found, count = read(of_nnx(model))
        agree(found, gates(count))


def test_a_simple_recurrence():
    made, _ = initialize(
        linen.RNN(linen.SimpleCell(H)), RECIPE, seed=SEED, inputs=(jnp.zeros((2, 4, IN)),)
    )
    model = nnx.RNN(nnx.SimpleCell(IN, H, rngs=nnx.Rngs(0)))
    initialize(model, RECIPE, seed=SEED)
    for found, i, h in ((flat(made), "i", "h"), (of_nnx(model), "dense_i", "dense_h")):
        agree(
            {
                "kernel": found[f"cell/{i}/kernel"],
                "recurrent": found[f"cell/{h}/kernel"],
                "bias": found[f"cell/{i}/bias"],
            },
            gates(1),
        )


def test_a_minimal_gated_unit():
    made, _ = initialize(
        linen.RNN(linen.MGUCell(H)), RECIPE, seed=SEED, inputs=(jnp.zeros((2, 4, IN)),)
    )
    found = flat(made)
    wanted = gates(2)
    wanted["bias"] = drawn(S("torch_default", fan=IN), (H,), "bias")
    agree(
        {
            "kernel": np.stack([found["cell/if/kernel"], found["cell/in/kernel"]]),
            "recurrent": np.stack([found["cell/hf/kernel"], found["cell/hn/kernel"]]),
            "bias": found["cell/in/bias"],
            "forget": found["cell/if/bias"],
            "again": found["cell/hn/bias"],
        },
        wanted,
    )


def test_a_convolutional_lstm():
    """Flax keeps input, cell, forget, output side by side."""
    made, _ = initialize(
        linen.RNN(linen.ConvLSTMCell(H, (3, 3))),
        RECIPE,
        seed=SEED,
        inputs=(jnp.zeros((2, 2, 4, 4, IN)),),
    )
    found = {
        k: to_canonical(v, "* in (4 out)" if v.ndim > 1 else "(4 out)")
        for k, v in flat(made).items()
    }
    order = [0, 2, 1, 3]
    kernel = drawn("glorot_normal", (4, 3, 3, IN, H), "kernel", "batch * * in out")
    again = drawn("orthogonal", (4, 3, 3, H, H), "recurrent_kernel", "batch * * in out")
    bias = drawn(S("torch_default", fan=9 * IN), (3, H), "bias", "batch out")
    assert (found["cell/ih/kernel"][order] == kernel).all()
    assert (found["cell/hh/kernel"][order] == again).all()
    assert (found["cell/ih/bias"][[0, 1, 3]] == bias).all()
    assert (found["cell/ih/bias"][2] == drawn(FORGET, (H,), "forget_bias")).all()
    bias = drawn(S("torch_default", fan=9 * H), (4, H), "recurrent_bias", "batch out")
    assert (found["cell/hh/bias"][order] == bias).all()


class Compact(linen.Module):
    @linen.compact
    def __call__(self, x):
        x = linen.RNN(linen.LSTMCell(H), name="lstm")(x)
        ways = [linen.RNN(linen.GRUCell(H)) for _ in range(2)]
        return linen.Bidirectional(*ways, name="both")(x)


class Setup(linen.Module):
    def setup(self):
        self.lstm = linen.RNN(linen.LSTMCell(H))
        self.both = linen.Bidirectional(linen.RNN(linen.GRUCell(H)), linen.RNN(linen.GRUCell(H)))

    def __call__(self, x):
        return self.both(self.lstm(x))


class Nnx(nnx.Module):
    def __init__(self, rngs):
        self.lstm = nnx.RNN(nnx.LSTMCell(IN, H, rngs=rngs))
        ways = [nnx.RNN(nnx.GRUCell(H, H, rngs=rngs)) for _ in range(2)]
        self.both = nnx.Bidirectional(*ways)


PATHS = {
    *(f"lstm/{name}" for name in ("kernel", "recurrent_kernel", "bias", "forget_bias")),
    *(
        f"both/{way}/{name}"
        for way in ("forward", "backward")
        for name in ("kernel", "recurrent_kernel", "bias")
    ),
}


def test_what_holds_a_cell_has_no_segment():
    """In a compact module Flax keeps the cell beside the RNN, under a name of its own."""
    x = jnp.zeros((2, 4, IN))
    compact, one = initialize(Compact(), RECIPE, seed=SEED, inputs=(x,))
    setup, two = initialize(Setup(), RECIPE, seed=SEED, inputs=(x,))
    model = Nnx(nnx.Rngs(0))
    three = initialize(model, RECIPE, seed=SEED)
    again = {f"both/{way}/recurrent_bias" for way in ("forward", "backward")}
    assert {row.path for row in one.rows} == {row.path for row in two.rows} == PATHS | again
    assert {row.path for row in three.rows} == PATHS
    agree(lstm_of(flat(compact), "LSTMCell_0/"), gates(4, "lstm/"))
    agree(lstm_of(flat(setup), "lstm/cell/"), gates(4, "lstm/"))
    agree(lstm_of(of_nnx(model), "lstm/cell/", "if_"), gates(4, "lstm/"))
    for way, number in (("forward", 0), ("backward", 1)):
        own = gru_of(flat(setup), f"both/{way}_rnn/cell/")
        same = gru_of(flat(compact), f"GRUCell_{number}/")
        packed = packed_of(of_nnx(model), 3, False, f"both/{way}_rnn/cell/")
        for name, values in own.items():
            assert (values == same[name]).all()
        for name, values in packed.items():
            assert (values == own[name]).all()
        assert (
            own["kernel"] == drawn("glorot_normal", (3, H, H), f"both/{way}/kernel", "batch in out")
        ).all()


def test_the_rows_say_what_is_known():
    module = linen.Conv(4, (3, 3), feature_group_count=2)
    _, summary = initialize(module, RECIPE, seed=SEED, inputs=(jnp.zeros((1, 5, 5, 6)),))
    kernel, bias = summary.rows
    assert (kernel.path, kernel.shape, kernel.scheme) == ("kernel", (3, 3, 3, 4), "glorot_normal")
    assert (kernel.fan_in, kernel.fan_out, kernel.parameters) == (27, 18, 108)
    assert (kernel.role, kernel.layer, kernel.rule) == ("kernel", "conv", 1)
    assert kernel.expected == pytest.approx((2 / 45) ** 0.5)
    assert kernel.observed == pytest.approx(kernel.expected, rel=0.3)
    assert (bias.fan_in, bias.expected) == (None, pytest.approx((1 / 81) ** 0.5))


def test_heads_with_normalized_queries():
    module = linen.MultiHeadDotProductAttention(2, normalize_qk=True)
    _, summary = initialize(module, RECIPE, seed=SEED, inputs=(jnp.zeros((2, 3, 4)),))
    model = nnx.MultiHeadAttention(2, 4, normalize_qk=True, rngs=nnx.Rngs(0))
    kinds = {row.path: row.layer for row in summary.rows}
    assert kinds["query_ln/scale"] == kinds["key_ln/scale"] == "norm"
    assert {row.path: row.layer for row in initialize(model, RECIPE, seed=SEED).rows} == kinds


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
    assert {row.layer for row in summary.rows} == {kind}
