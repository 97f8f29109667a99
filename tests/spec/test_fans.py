"""Fans, against the true numbers of layers that frameworks get wrong."""

import math

import pytest
from hypothesis import given
from reference import strategies
from reference.strategies import Axes

from fanwise.spec import Fans, FanwiseError, fans
from fanwise.spec.fans import MODES

#: Shape, axes, groups, and the connections of one output and of one input.
LAYERS = {
    "dense, Keras and JAX": ((512, 256), "kernel", 1, (512, 256)),
    "dense, torch": ((512, 256), "torch", 1, (256, 512)),
    "convolution, Keras": ((3, 3, 64, 128), "kernel", 1, (576, 1152)),
    "convolution, torch": ((128, 64, 3, 3), "torch", 1, (576, 1152)),
    "transposed convolution, torch": ((64, 128, 3, 3), "torch_transposed", 1, (576, 1152)),
    "transposed convolution, Keras": ((3, 3, 128, 64), "keras_transposed", 1, (576, 1152)),
    "grouped convolution, torch": ((128, 16, 3, 3), "torch", 4, (144, 288)),
    "grouped convolution, Keras": ((3, 3, 16, 128), "kernel", 4, (144, 288)),
    "grouped transposed, torch": ((64, 32, 3, 3), "torch_transposed", 4, (144, 288)),
    "depthwise, torch": ((64, 1, 3, 3), "torch", 64, (9, 9)),
    "depthwise, Keras": ((3, 3, 64, 1), "* * batch out", 1, (9, 9)),
    "depthwise, Flax": ((3, 3, 1, 64), "kernel", 64, (9, 9)),
    "packed attention, torch": ((3 * 256, 256), "(3 out) in", 1, (256, 256)),
    "attention, Flax and Keras": ((256, 8, 32), "in out out", 1, (256, 256)),
    "attention out, Flax and Keras": ((8, 32, 256), "in in out", 1, (256, 256)),
    "stacked layers": ((24, 256, 512), "batch in out", 1, (256, 512)),
    "temporal convolution, torch": ((5, 3, 7), "torch", 1, (21, 35)),
    "a lone receptive field": ((3, 3), "* *", 1, (9, 9)),
    "zero inputs": ((0, 5), "kernel", 1, (0, 5)),
}


@pytest.mark.parametrize("layer", LAYERS)
def test_fans_of_layers(layer: str) -> None:
    shape, axes, groups, expected = LAYERS[layer]
    found = fans(shape, axes, groups)
    assert found == Fans(*expected)
    assert all(type(count) is int for count in found)


@given(axes=strategies.axes)
def test_fans_are_products_of_their_axes(axes: Axes) -> None:
    if len(axes.shape) < 2:
        with pytest.raises(FanwiseError, match="fewer than 2 dimensions"):
            fans(axes.shape, axes.pattern)
    else:
        expected = axes.extent("in", "*"), axes.extent("out", "*")
        assert fans(axes.shape, axes.pattern) == expected


def test_modes() -> None:
    values = {name: mode(Fans(30, 120)) for name, mode in MODES.items()}
    assert values == {"fan_in": 30.0, "fan_out": 120.0, "fan_avg": 75.0, "fan_geo_avg": 60.0}
    assert math.isclose(MODES["fan_avg"](Fans(1, 2)), 1.5)


@pytest.mark.parametrize("groups", [0, -1, 3, 1.0, 2.0, "2", True, None, float("nan")])
def test_bad_groups(groups: object) -> None:
    with pytest.raises(FanwiseError) as caught:
        fans((4, 8), groups=groups)
    assert caught.value.received is groups
    assert caught.value.hint
