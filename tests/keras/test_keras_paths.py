"""A model as a recipe sees it, before there is a recipe."""

import pytest
from common.keras_recipes import L, sequential

import fanwise.keras as fk
from fanwise import FanwiseError


def test_every_weight_is_a_row_with_what_a_rule_may_ask_for():
    model = sequential(
        (5, 8), L.LSTM(3, name="lstm"), L.Dense(4, name="head", kernel_initializer="he_normal")
    )
    model.layers[1].trainable = False
    rows = fk.paths(model).rows
    assert [(row.path, row.role, row.kind) for row in rows] == [
        ("lstm/kernel", "kernel", "lstm"),
        ("lstm/recurrent_kernel", "recurrent_kernel", "lstm"),
        ("lstm/bias", "bias", "lstm"),
        ("lstm/forget_bias", "forget_bias", "lstm"),
        ("head/kernel", "kernel", "dense"),
        ("head/bias", "bias", "dense"),
    ]
    kernel = rows[4]
    assert kernel.class_name == "keras.src.layers.core.dense.Dense"
    assert (kernel.shape, kernel.axes, kernel.trains) == ((3, 4), "in out", False)
    assert kernel.own == "scheme('he_normal')"
    assert kernel.names == (model.layers[1].kernel.path,)
    assert rows[0].trains


def test_the_table_and_the_data_say_the_same():
    found = fk.paths(sequential((8,), L.Dense(4, name="head")))
    assert "head/kernel" in str(found)
    assert [row["path"] for row in found.to_dict()["rows"]] == ["head/kernel", "head/bias"]


def test_paths_are_those_that_initialize_reports():
    model = sequential((8,), L.Dense(4), L.BatchNormalization(), L.Dense(2))
    rows = fk.initialize(model, "keras_default", seed=7).rows
    assert [row.path for row in fk.paths(model).rows] == [row.path for row in rows]


def test_what_is_no_built_model_is_refused():
    for wrong in (L.Dense(3), "model", None):
        with pytest.raises(FanwiseError, match="model"):
            fk.paths(wrong)
