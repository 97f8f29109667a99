"""The table of a model: true fans, and the schemes of what still holds them."""

import keras
import numpy as np
import pytest
from common.bits import same_bits
from common.keras_recipes import EVERY, L, sequential

import fanwise.keras as fk
from fanwise import FanwiseError
from fanwise.adapters.keras.drawing import records
from fanwise.adapters.keras.drawing.transfer import host_array, host_values

pytestmark = pytest.mark.usefixtures("channels_last")


def model():
    layers = L.Conv2D(8, 3, groups=2, name="conv"), L.BatchNormalization(name="norm")
    return sequential((7, 7, 4), *layers, L.DepthwiseConv2D(3, name="deep"))


def test_a_model_that_fanwise_did_not_set_has_fans_and_no_schemes():
    rows = {row.path: row for row in fk.summary(model()).rows}
    assert list(rows) == [
        *("conv/kernel", "conv/bias", "norm/scale", "norm/offset", "deep/kernel", "deep/bias")
    ]
    kernel, deep = rows["conv/kernel"], rows["deep/kernel"]
    assert (kernel.shape, kernel.fan_in, kernel.fan_out) == ((3, 3, 2, 8), 18, 36)
    assert (deep.shape, deep.fan_in, deep.fan_out) == ((3, 3, 8, 1), 9, 9)
    assert rows["norm/scale"].fan_in is None
    assert {row.scheme for row in rows.values()} == {None}
    assert {row.expected for row in rows.values()} == {None}


def test_it_tells_the_scheme_of_each_weight_and_what_came_of_it():
    network = model()
    set_rows = {row.path: row for row in fk.initialize(network, EVERY, seed=7).rows}
    table = fk.summary(network)
    for row in table.rows:
        assert (row.scheme, row.expected) == ("normal", 0.5)
        assert row.observed == set_rows[row.path].observed
    assert table.parameters == sum(int(np.prod(w.shape)) for w in network.trainable_weights)
    assert "conv/kernel" in str(table)


def test_without_a_report_no_weight_is_read_again(monkeypatch):
    reported, network = model(), model()
    set_rows = fk.initialize(reported, EVERY, seed=7).rows

    def read(_):
        raise AssertionError("a weight is read")

    with monkeypatch.context() as patch:
        patch.setattr(records, "moments", read)
        rows = fk.initialize(network, EVERY, seed=7, report=False).rows
        with pytest.raises(AssertionError, match="is read"):
            fk.initialize(model(), EVERY, seed=7)
    assert [(row.path, row.expected) for row in rows] == [(r.path, r.expected) for r in set_rows]
    assert all(np.isnan(row.observed) for row in rows)
    for mine, theirs in zip(network.weights, reported.weights, strict=True):
        assert same_bits(host_array(mine), host_array(theirs))
    assert {row.scheme for row in fk.summary(network).rows} == {None}


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_the_deviation_is_that_of_the_values(dtype):
    network = sequential((600,), L.Dense(500, dtype=dtype, name="one"))
    fk.initialize(network, EVERY, seed=7)
    row = fk.summary(network).rows[0]
    values = host_values(network.layers[0].kernel).astype(np.float64)
    assert row.scheme == "normal"
    assert row.observed == pytest.approx(values.std(), rel=1e-6)


def test_what_lies_on_the_host_is_read_there():
    kernel = sequential((6,), L.Dense(5, dtype="bfloat16")).layers[0].kernel
    assert host_array(kernel).dtype == np.uint16
    if keras.config.backend() != "tensorflow":
        assert np.shares_memory(host_array(kernel), host_array(kernel))


def test_the_parts_of_a_packed_variable_have_rows_of_their_own():
    network = sequential((4, 6), L.GRU(5, name="g"))
    fk.set_initializer(network.layers[0], "glorot_uniform", "normal", seed=3, path="g")
    schemes = {row.path: (row.scheme, row.shape) for row in fk.summary(network).rows}
    assert schemes == {
        "g/kernel": ("glorot_uniform", (6, 15)),
        "g/recurrent_kernel": ("glorot_uniform", (5, 15)),
        "g/bias": ("normal", (15,)),
        "g/recurrent_bias": ("zeros", (15,)),
    }


def test_a_scheme_is_shown_as_long_as_the_weight_has_its_values():
    network = sequential((6,), L.Dense(5, name="one"), L.Dense(5, name="two"))
    fk.initialize(network, EVERY, seed=7)
    kernel = network.layers[0].kernel
    values = host_array(kernel).copy()
    kernel.assign(values * 0.5)
    schemes = [row.scheme for row in fk.summary(network).rows]
    assert schemes == [None, "normal", "normal", "normal"]
    kernel.assign(values)
    assert fk.summary(network).rows[0].scheme == "normal"


def test_what_is_no_built_model():
    with pytest.raises(FanwiseError, match="Keras model"):
        fk.summary(3)
    with pytest.raises(FanwiseError, match="a built model"):
        fk.summary(keras.Sequential([L.Dense(3)]))
