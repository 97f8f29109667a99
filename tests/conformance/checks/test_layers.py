"""A real layer's kernel has its true fans and order."""

import pytest
from common.outcomes import failing

import fanwise
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.adapters.protocol import LAYERS
from fanwise.conformance.checks.layers import judged_layer, layers


def test_the_reference_holds_on_every_kind():
    rows = list(layers(NumpyAdapter()))
    assert not failing(rows)
    assert {row.subject.split()[0] for row in rows} == set(LAYERS)


class Exchanged(NumpyAdapter):
    def layer(self, draw):
        values, axes = super().layer(draw)
        return values.swapaxes(-1, -2).reshape(values.shape), axes


def test_exchanged_axes_are_told_from_another_weight():
    rows = list(layers(Exchanged()))
    assert failing(rows) == {"layers"}
    assert all("in another order" in row.observed for row in rows if row.outcome == "fail")


@pytest.mark.parametrize(
    ("kind", "kernel", "groups"),
    [
        ("dense", (5, 4), 1),
        ("conv3d_transpose", (3, 3, 3, 5, 4), 1),
        ("grouped_conv2d", (3, 3, 3, 8), 2),
        ("depthwise_conv2d", (3, 3, 1, 6), 3),
    ],
)
def test_a_judged_layer_has_the_kernel_of_its_kind(kind, kernel, groups):
    draw, shape = judged_layer(kind, fanwise.scheme("he_normal"))
    assert (shape, draw.groups, draw.kind) == (kernel, groups, kind)


def test_an_unknown_kind_is_refused():
    with pytest.raises(fanwise.FanwiseError, match="a kind of layer"):
        judged_layer("conv4d", fanwise.scheme("he_normal"))
