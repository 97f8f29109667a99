"""What a recipe leaves alone, what starts by itself, and plans, names, dtypes and seeds."""

import math

import keras
import numpy as np
import pytest
from common.keras_recipes import (
    EVERY,
    LSTM,
    NORMAL,
    PAIR,
    L,
    gates,
    paths,
    same,
    sequential,
    snapshot,
)
from common.keras_versions import RENORM

import fanwise.keras as fk
from fanwise.adapters.keras.conformance.adapter import _precision
from fanwise.adapters.keras.drawing.transfer import host_array as array

pytestmark = pytest.mark.usefixtures("channels_last")


def test_running_statistics_start_as_ever():
    rules = [{"role": role, "init": NORMAL} for role in ("kernel", "scale", "offset", "bias")]
    norm = L.BatchNormalization(name="norm")
    model = sequential((6,), L.Dense(5, name="one"), norm)
    norm.moving_mean.assign(np.full(5, 3.0))
    norm.moving_variance.assign(np.full(5, 3.0))
    found = fk.initialize(model, {"fanwise": 1, "rule": rules}, seed=7)
    assert array(norm.moving_mean).tolist() == [0.0] * 5
    assert array(norm.moving_variance).tolist() == [1.0] * 5
    assert [row.rule for row in found.rows][-2:] == [0, 0]
    assert found.parameters == 45


def test_a_bias_has_the_fans_of_its_kernel():
    rules = [{"role": "kernel", "init": NORMAL}, {"role": "bias", "init": "torch_default"}]
    layer = L.LSTM(30, name="one")
    model = sequential((4, 6), layer)
    rules.append({"role": "recurrent_kernel", "init": NORMAL})
    found = fk.initialize(model, {"fanwise": 1, "rule": rules}, seed=7)
    by_path = {row.path: row for row in found.rows}
    assert by_path["one/bias"].expected == pytest.approx(1 / math.sqrt(3 * 6))
    assert by_path["one/forget_bias"].expected == pytest.approx(1 / math.sqrt(3 * 6))


@pytest.mark.parametrize("options", [{}, *RENORM])
def test_given_statistics_and_the_copies_that_batch_renormalization_keeps(options):
    norm = L.BatchNormalization(**options, name="norm")
    rules = [
        {"role": "variance", "init": {"scheme": "constant", "value": 4.0}},
        {"role": "mean", "init": {"scheme": "constant", "value": 2.0}},
        {"match": "**", "init": "ones"},
    ]
    fk.initialize(sequential((5,), norm), {"fanwise": 1, "rule": rules}, seed=7)
    assert array(norm.moving_mean).tolist() == [2.0] * 5
    assert array(norm.moving_variance).tolist() == [4.0] * 5
    copies = ("renorm_mean", "moving_stddev", "renorm_stddev") if options else ()
    assert all(array(getattr(norm, name)).tolist() == [2.0] * 5 for name in copies)


# Parts of a model, plans, names, dtypes.


def test_only_and_exclude():
    model = sequential((4, 6), L.LSTM(5, name="body"), L.Dense(2, name="head"))
    body, head = model.layers
    before = snapshot(body)
    found = fk.initialize(model, EVERY, seed=7, only="head/**", exclude="**/bias")
    assert [row.path for row in found.rows] == ["head/kernel"]
    assert snapshot(body) == before
    same(array(head.kernel), "head/kernel")
    # A part of a variable, and the rest of it is left alone.
    before = array(body.cell.bias).copy()
    fk.initialize(model, EVERY, seed=7, only="**/forget_bias")
    after = array(body.cell.bias)
    same(after[5:10], "body/forget_bias")
    np.testing.assert_array_equal(np.delete(after, range(5, 10)), np.delete(before, range(5, 10)))


def test_a_dry_run_changes_nothing():
    model = sequential((4, 6), L.LSTM(5, name="body"), L.Dense(2, name="head"))
    before = snapshot(model)
    dry = fk.initialize(model, EVERY, seed=7, dry_run=True)
    assert snapshot(model) == before
    assert all(math.isnan(row.observed) for row in dry.rows)
    wet = fk.initialize(model, EVERY, seed=7)
    assert [row.path for row in dry.rows] == [row.path for row in wet.rows]
    assert dry.parameters == wet.parameters == model.count_params()
    assert [row.expected for row in dry.rows] == [row.expected for row in wet.rows]


def test_a_dry_run_says_what_the_model_holds_now():
    model = sequential((64,), L.Dense(100, name="body"), L.Dense(2, name="head"))
    told = {row.path: row.holds for row in fk.initialize(model, EVERY, seed=7, dry_run=True).rows}
    assert told["body/kernel"].startswith("uniform in ±0.19")
    assert told["head/kernel"].startswith("values of std")
    assert told["body/bias"] == "all 0"
    unread = fk.initialize(model, EVERY, seed=7, dry_run=True, report=False)
    assert {row.holds for row in unread.rows} == {None}
    assert {row.holds for row in fk.initialize(model, EVERY, seed=7).rows} == {None}


def test_names_make_paths_canonical():
    recipe = {**EVERY, "names": {"keras": {"block_*": "blocks/*"}, "torch": {"block_*": "b/*"}}}
    model = sequential((6,), L.Dense(6, name="block_0"), L.Dense(6, name="block_1"))
    found = paths(model, recipe)
    assert found == [f"blocks/{n}/{role}" for n in (0, 1) for role in PAIR]
    same(array(model.layers[1].kernel), "blocks/1/kernel")


def test_variables_take_the_place_of_those_of_the_recipe():
    recipe = {
        "fanwise": 1,
        "vars": {"std": 0.1},
        "rule": [{"match": "**", "init": {"scheme": "normal", "std": "std * 5"}}],
    }
    model = sequential((6,), L.Dense(6, name="one"))
    (row, _) = fk.initialize(model, recipe, seed=7, std=0.2).rows
    assert row.expected == pytest.approx(1.0)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_dtypes(dtype):
    # Keras's own orthogonal start is not for half precision.
    layer = L.LSTM(5, dtype=dtype, recurrent_initializer="zeros")
    with _precision(keras.config.backend(), dtype):
        layer.build((None, 4, 6))
        fk.initialize(layer, EVERY, seed=7)
        for path, weight in zip(LSTM, gates(4, (0, 1, 2, 3), 1)(layer), strict=True):
            same(weight, path, dtype=dtype)
        fk.initialize(layer, EVERY, seed=8, only="forget_bias")
        _, _, bias, forget = gates(4, (0, 1, 2, 3), 1)(layer)
    same(bias, "bias", dtype=dtype)
    same(forget, "forget_bias", seed=8, dtype=dtype)


def test_a_seed_gives_a_model_again_and_another_seed_another():
    model = sequential((6,), L.Dense(6, name="one"), L.Dense(6, name="two"))
    found = []
    for seed in (7, 8, 7):
        fk.initialize(model, EVERY, seed=seed)
        found.append(snapshot(model))
    assert found[0] == found[2] != found[1]
    assert len(set(found[0])) == 4
