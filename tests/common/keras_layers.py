"""What the tests of Keras's layers share: to build one, and to compare what it holds."""

import keras
import numpy as np
import pytest

from common.bits import same_bits
from fanwise import FanwiseError, sample
from fanwise.adapters.keras.drawing.transfer import host_array as array
from fanwise.core import to_canonical

L = keras.layers


def build(layer, *shapes):
    """Build a layer, unless it is built."""
    if not layer.built:
        layer.build(*shapes)


def same(variable, expected):
    assert tuple(variable.shape) == expected.shape
    assert same_bits(array(variable), expected)


def same_kernel(variable, axes, given, shape, **how):
    """Equal in canonical order: the same layer has the same weights, whatever its storage."""
    same_array = np.ascontiguousarray(to_canonical(array(variable), axes))
    expected = to_canonical(sample(given, shape, **how), how.get("axes", "kernel"))
    assert same_bits(same_array, expected)


def untouched(layer, call, match):
    before = [array(weight).copy() for weight in layer.weights]
    config = repr({k: v for k, v in layer.get_config().items() if "initializer" in k})
    with pytest.raises(FanwiseError, match=match):
        call()
    assert config == repr({k: v for k, v in layer.get_config().items() if "initializer" in k})
    for weight, old in zip(layer.weights, before, strict=True):
        assert same_bits(array(weight), old)
