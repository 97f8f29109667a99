"""The weights of Flax's recurrent layers, against the stream at their canonical paths."""

import jax.numpy as jnp
import numpy as np
import pytest
from common.bits import same_bits
from common.jax_layers import FORGET, RECIPE, SEED, S, drawn, flat, of_nnx
from flax import linen, nnx

from fanwise.core import to_canonical
from fanwise.jax import initialize

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
