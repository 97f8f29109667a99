"""Schemes of several weights, on layers of Keras."""

import keras
from common.joint_schemes import ATTENTION, HEADS, WIDTH, check_attention, check_pair, lora

import fanwise.keras as fk
from fanwise.adapters.keras.drawing.transfer import host_array as array


def test_attention() -> None:
    layer = keras.layers.MultiHeadAttention(HEADS, WIDTH // HEADS, name="attention")
    inputs = keras.Input((5, WIDTH))
    model = keras.Model(inputs, layer(inputs, inputs))
    fk.initialize(model, ATTENTION, seed=0)
    parts = (layer._query_dense, layer._key_dense, layer._value_dense, layer._output_dense)
    check_attention(*(array(part.kernel) for part in parts))


def test_lora() -> None:
    model = keras.Sequential([keras.Input((24,)), keras.layers.Dense(16, name="dense")])
    dense = model.get_layer("dense")
    dense.enable_lora(4)
    fk.initialize(model, lora("lora_kernel_a", "lora_kernel_b"), seed=0)
    check_pair(array(dense.lora_kernel_a), array(dense.lora_kernel_b))
