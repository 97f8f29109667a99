"""What a recipe sets of a model of Flax, and what is kept."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from common.bits import same_bits
from common.jax_recipes import PLAIN, REST, Mlp, Pair, X, bits, drawn
from flax import nnx

from fanwise.jax import initialize


@pytest.mark.parametrize("how", [{"only": "head/**"}, {"exclude": ["up/**", "norm/*"]}])
def test_a_new_head_on_old_variables(how):
    old = Mlp().init(jax.random.key(1), X)
    before = jax.tree.map(np.array, old)
    new, summary = initialize(Mlp(), PLAIN, seed=0, inputs=(X,), values=old, **how)
    assert [row.path for row in summary.rows] == ["head/kernel", "head/bias"]
    assert same_bits(new["params"]["head"]["kernel"], drawn("head/kernel", (4, 3)))
    assert new["params"]["up"]["kernel"] is old["params"]["up"]["kernel"]
    assert new["batch_stats"]["norm"]["var"] is old["batch_stats"]["norm"]["var"]
    assert jax.tree.all(jax.tree.map(lambda a, b: (a == b).all(), before, old))


def test_what_no_rule_sets_starts_as_flax_starts_it():
    recipe = {
        "fanwise": 1,
        "rule": [{"role": "kernel", "init": "ones"}],
        "allow": {"unmatched": ["**"]},
    }
    variables, summary = initialize(Mlp(), recipe, seed=5, inputs=(X,), only="**/kernel")
    assert [row.path for row in summary.rows] == ["up/kernel", "head/kernel"]
    assert float(variables["params"]["norm"]["scale"].sum()) == 4
    part, _ = initialize(Mlp(), PLAIN, seed=5, inputs=(X,), only="head/*")
    own = Mlp().init(jax.random.key(5), X)
    assert same_bits(part["params"]["up"]["kernel"], own["params"]["up"]["kernel"])


def test_a_part_of_an_array_is_kept():
    """The forget gate's bias lies between those of the others."""
    model = nnx.RNN(nnx.OptimizedLSTMCell(3, 4, rngs=nnx.Rngs(0)))
    model.cell.dense_h.bias.set_value(jnp.arange(16.0))
    initialize(model, PLAIN, seed=0, exclude="forget_bias")
    bias = np.asarray(model.cell.dense_h.bias.get_value())
    wanted = drawn("bias", (3, 4), REST, axes="batch out")
    assert same_bits(bias.reshape(4, 4)[[0, 2, 3]], wanted)
    assert (bias[4:8] == np.arange(4, 8)).all()


def test_nnx_in_place():
    model = Pair(nnx.Rngs(0))
    held, body = model.head.kernel, bits(model.body)
    summary = initialize(model, PLAIN, seed=2, only=["head/*", "norm/*"])
    assert model.head.kernel is held
    assert same_bits(held.get_value(), drawn("head/kernel", (4, 3), seed=2))
    assert same_bits(model.norm.var.get_value(), drawn("norm/variance", (4,), REST, 2))
    assert bits(model.body) == body
    assert summary.parameters == 4 * 3 + 3 + 4 + 4


def test_a_dry_run_changes_nothing():
    model = Pair(nnx.Rngs(0))
    before = bits(model)
    dry = initialize(model, PLAIN, seed=2, dry_run=True)
    assert bits(model) == before
    wet = initialize(model, PLAIN, seed=2)
    assert all(math.isnan(row.observed) for row in dry.rows)
    assert [(r.path, r.scheme, r.expected) for r in dry.rows] == [
        (r.path, r.scheme, r.expected) for r in wet.rows
    ]
    abstract, plan = initialize(Mlp(), PLAIN, seed=2, inputs=(X,), dry_run=True)
    assert all(isinstance(leaf, jax.ShapeDtypeStruct) for leaf in jax.tree.leaves(abstract))
    assert plan.parameters == 51


def test_a_dry_run_says_what_the_model_holds_now():
    values = Mlp().init(jax.random.key(1), X)
    _, empty = initialize(Mlp(), PLAIN, seed=2, inputs=(X,), dry_run=True)
    _, held = initialize(Mlp(), PLAIN, seed=2, inputs=(X,), values=values, dry_run=True)
    dry = initialize(Pair(nnx.Rngs(0)), PLAIN, seed=2, dry_run=True)
    for rows in (held.rows, dry.rows):
        told = {row.path: row.holds for row in rows}
        assert {text for path, text in told.items() if path.endswith("bias")} == {"all 0"}
        assert all(text.startswith("values of") for p, text in told.items() if p.endswith("kernel"))
    assert "all 0" in str(dry)
    assert {row.holds for row in empty.rows} == {None}
    unread = initialize(Pair(nnx.Rngs(0)), PLAIN, seed=2, dry_run=True, report=False)
    assert {row.holds for row in unread.rows} == {None}
