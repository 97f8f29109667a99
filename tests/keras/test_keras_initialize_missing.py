"""What a checkpoint did not bring, what a dry run tells, and what is left alone."""

import keras
import numpy as np
import pytest
from common.keras_recipes import L, sequential, snapshot

import fanwise.keras as fk
from fanwise import FanwiseError
from fanwise.adapters.keras.drawing.transfer import host_array as array

ONES = {"fanwise": 1, "rule": [{"match": "**", "init": "ones"}]}


def model_of():
    return sequential(
        (8,),
        L.Dense(4, name="base"),
        L.BatchNormalization(name="norm"),
        L.Dense(3, name="head"),
    )


@pytest.mark.parametrize("missing", [["head"], ["head/kernel", "head/bias"], "variables"])
def test_only_what_a_checkpoint_did_not_bring_is_set(missing):
    model = model_of()
    before = [array(variable).copy() for variable in model.layers[0].weights]
    head = model.layers[-1]
    given = list(head.weights) if missing == "variables" else missing
    report = fk.initialize(model, ONES, seed=7, missing=given)
    assert [row.path for row in report.rows] == ["head/kernel", "head/bias"]
    assert all((array(variable) == 1).all() for variable in head.weights)
    for variable, values in zip(model.layers[0].weights, before, strict=True):
        np.testing.assert_array_equal(array(variable), values)
    assert {"base/kernel", "base/bias", "norm/scale", "norm/mean"} <= set(report.left_alone)


def test_missing_goes_by_the_paths_of_keras_and_of_the_recipe():
    model = model_of()
    head = model.layers[-1]
    names = {"keras": {"head": "classifier"}}
    for name in (head.kernel.path, "head/kernel", "classifier/kernel"):
        report = fk.initialize(model, {**ONES, "names": names}, seed=7, missing=[name])
        assert [row.path for row in report.rows] == ["classifier/kernel"]


def test_what_is_no_weight_may_be_missing_too():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Dropout(0.5)])
    report = fk.initialize(model, ONES, seed=7, missing=model.variables)
    assert [row.role for row in report.rows] == ["kernel", "bias"]
    assert report.left_alone == ("dropout/seed_generator_state",)


def test_a_weight_that_needs_no_rule_now_needs_none():
    model = model_of()
    rule = {"fanwise": 1, "rule": [{"match": "head/**", "init": "ones"}]}
    with pytest.raises(FanwiseError, match=r"ha(s|ve) no rule"):
        fk.initialize(model, rule, seed=7)
    assert len(fk.initialize(model, rule, seed=7, missing=["head"]).rows) == 2


def test_a_checkpoint_that_brought_everything_leaves_everything():
    model = model_of()
    before = snapshot(model)
    report = fk.initialize(model, "keras_default", seed=7, missing=[])
    assert report.rows == ()
    assert len(report.left_alone) == 8
    assert snapshot(model) == before


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (["heads"], "names of weights.*heads"),
        ("head", "a list of names as missing"),
        ([3], "a list of names as missing"),
        (7, "a list of names as missing"),
    ],
)
def test_names_that_nothing_has_are_told(missing, words):
    model = model_of()
    before = snapshot(model)
    with pytest.raises(FanwiseError, match=words):
        fk.initialize(model, ONES, seed=7, missing=missing)
    assert snapshot(model) == before


def test_a_dry_run_reports_problems_and_writes_nothing():
    model = model_of()
    before = snapshot(model)
    rules = [{"role": "kernel", "init": "ones"}, {"match": "nothing/**", "init": "ones"}]
    report = fk.initialize(model, {"fanwise": 1, "rule": rules}, seed=7, dry_run=True)
    assert {problem.kind for problem in report.problems} == {"unused rule", "unruled"}
    assert [row.path for row in report.rows if row.role == "kernel"] == [
        "base/kernel",
        "head/kernel",
    ]
    assert snapshot(model) == before
    with pytest.raises(FanwiseError) as caught:
        fk.initialize(model, {"fanwise": 1, "rule": rules}, seed=7)
    assert len(caught.value.problems) == 2
    assert snapshot(model) == before


def test_weights_that_cannot_be_written_are_problems_too():
    model = sequential((8,), L.Dense(4, name="base", dtype="float16"))
    huge = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "constant", "value": 1e30}}]}
    report = fk.initialize(model, huge, seed=7, dry_run=True)
    assert [problem.paths for problem in report.problems] == [("base/kernel",), ("base/bias",)]
    with pytest.raises(FanwiseError, match="base/kernel cannot be set"):
        fk.initialize(model, huge, seed=7)


def test_all_that_stays_is_named():
    model = model_of()
    model.layers[0].trainable = False
    report = fk.initialize(model, "keras_default", seed=7, exclude="norm/**")
    assert [row.path for row in report.rows] == ["head/kernel", "head/bias"]
    stays = ["base/kernel", "base/bias", "norm/scale", "norm/offset", "norm/mean", "norm/variance"]
    assert set(stays) <= set(report.left_alone)
    assert "left as they are: base/kernel" in str(report)


def test_what_the_weights_without_a_rule_hold_is_told():
    model = model_of()
    rule = {"fanwise": 1, "rule": [{"role": "kernel", "init": "ones"}]}
    with pytest.raises(FanwiseError, match=r"2 × Dense\.bias|Dense\.bias \(4,\), all 0"):
        fk.initialize(model, rule, seed=7)


class Halfway(L.Layer):
    """Has a layer that it does not call."""

    def __init__(self):
        super().__init__()
        self.used, self.unused = L.Dense(3, name="used"), L.Dense(3, name="unused")

    def build(self, shape):
        self.used.build(shape)

    def call(self, x):
        return self.used(x)


def test_a_layer_that_a_model_does_not_use_is_no_fault():
    layer = Halfway()
    with pytest.raises(FanwiseError, match="a built model"):
        fk.initialize(layer, ONES, seed=7)
    layer(np.ones((1, 4), "float32"))
    rows = fk.initialize(layer, ONES, seed=7).rows
    assert [row.path for row in rows] == ["used/kernel", "used/bias"]


def test_a_model_of_which_nothing_is_built_is_refused():
    outer = keras.Sequential([L.Dense(3), L.Dense(2)])
    with pytest.raises(FanwiseError, match="a built model"):
        fk.initialize(outer, ONES, seed=7)
