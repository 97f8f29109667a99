"""Rules with ``batch``, and roles by name, in Keras: the values that every framework has."""

import keras
import numpy as np
import pytest
from common.batches import AXES, RENAMED, RENAMING, SEED, fans, is_joint, kernel, recipe, told
from common.bits import same_bits

import fanwise.keras as fk
from fanwise import sample
from fanwise.adapters.keras.drawing.transfer import host_array as array

L = keras.layers
#: The gates in canonical order, as Keras stores them.
ORDER = {"LSTM": (0, 1, 2, 3), "GRU": (1, 0, 2), "ConvLSTM2D": (0, 1, 2, 3)}


@pytest.fixture(autouse=True)
def channels_last():
    before = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_last")
    yield
    keras.config.set_image_data_format(before)


def gates(variable, order):
    """The gates of a kernel that stores them side by side, as (gates, field…, in, out)."""
    each = np.split(array(variable), len(order), axis=-1)
    return np.stack([each[gate] for gate in order])


@pytest.mark.parametrize("batch", AXES)
@pytest.mark.parametrize("kind", ORDER)
def test_the_gates_of_a_recurrence(kind, batch):
    field = (3, 2) if kind == "ConvLSTM2D" else ()
    layer = getattr(L, kind)(5, *[field] if field else [], name="r")
    model = keras.Sequential([keras.Input((4, 9, 9, 3) if field else (4, 3)), layer])
    rows = {row.path: row for row in fk.initialize(model, recipe(batch), seed=SEED).rows}
    order, times = ORDER[kind], int(np.prod(field, dtype=int))
    held = {"kernel": (layer.cell.kernel, 3), "recurrent_kernel": (layer.cell.recurrent_kernel, 5)}
    for role, (variable, inputs) in held.items():
        path = f"r/{role}"
        found = gates(variable, order)
        wanted = kernel(batch, path, (len(order), *field, inputs, 5), len(field))
        assert same_bits(found, wanted), path
        row = rows[path]
        counted = fans(batch, len(order), inputs, 5)
        assert (row.fan_in, row.fan_out) == (counted[0] * times, counted[1] * times)
        assert array(variable).std() == pytest.approx(row.expected, rel=0.3)
    if not field:
        assert is_joint(gates(layer.cell.recurrent_kernel, order)) == (batch == "out")


EQUATIONS = {
    "abc,bcd->abd": ((3, 5), "batch in out"),
    "abc,cbd->abd": ((3, 5), "in batch out"),
    "abc,cdb->abd": ((3, 5), "in out batch"),
}


@pytest.mark.parametrize("batch", AXES)
@pytest.mark.parametrize("equation", EQUATIONS)
def test_batches_are_first_wherever_an_einsum_has_them(equation, batch):
    shape, stored = EQUATIONS[equation]
    layer = L.EinsumDense(equation, (3, 4), name="e")
    fk.initialize(keras.Sequential([keras.Input(shape), layer]), recipe(batch), seed=SEED)
    words = stored.split()
    found = array(layer.kernel).transpose([words.index(w) for w in ("batch", "in", "out")])
    assert same_bits(np.ascontiguousarray(found), kernel(batch, "e/kernel", (3, 5, 4)))


def test_a_pattern_of_one_s_own_may_say_it():
    axes = "batch=out (3 out) in"
    made = fk.SchemeInitializer("orthogonal", 7, "p", axes)((12, 4))
    assert same_bits(array(made), sample("orthogonal", (12, 4), seed=7, path="p", axes=axes))


class Own(L.Layer):
    """A kernel, and two vectors, under names that say nothing."""

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], 4), name="w")
        self.v = self.add_weight(shape=(4,), name="v")
        self.g = self.add_weight(shape=(4,), name="g")

    def call(self, x):
        return keras.ops.matmul(x, self.w) * self.v * self.g


def test_a_new_name_gives_a_role():
    own = Own(name="head")
    names = {"head/w": "head/kernel", "head/g": "head/scale", "head/v": "head/embedding"}
    made = {"fanwise": 1, "rule": RENAMING, "names": {"keras": names}}
    found = fk.initialize(keras.Sequential([keras.Input((6,)), own]), made, seed=SEED)
    assert told(found.rows) == RENAMED
    wanted = sample("he_normal", (6, 4), seed=SEED, path="head/kernel")
    assert same_bits(array(own.w), wanted)
    assert array(own.g).tolist() == [1] * 4
