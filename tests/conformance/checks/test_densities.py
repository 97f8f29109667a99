"""What is drawn for pictures: each framework's own initializers, and the schemes."""

import pytest

from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.checks.densities import CHECK, PLOTTED, SHAPE, densities, own_densities
from fanwise.conformance.checks.framework_initializers import CHECK as OWN
from fanwise.core import sample
from fanwise.spec.errors import FanwiseError


class OutFirst(NumpyAdapter):
    """A framework that stores outputs first, and has one initializer, under the second name."""

    name = "out-first"
    axes = "torch"
    own_layers = ("dense", "vector")

    def own(self, draw):
        if draw.scheme.name != "kaiming_normal":
            raise FanwiseError("kaiming_normal", draw.scheme.name, "There is no other.")
        if draw.kind == "vector":
            raise ValueError("no fans")
        shape = (draw.outputs, draw.inputs)
        return sample(draw.scheme, shape, seed=draw.seed, axes=self.axes), self.axes

    def own_name(self, scheme):
        return f"outfirst.{scheme.name}"


def test_one_shape_as_stored_is_two_layers_where_outputs_come_first():
    drawn = [d for d in densities(OutFirst()).densities if d.engine == "own"]
    assert [(d.kernel, d.stored) for d in drawn] == [((512, 256), (256, 512)), ((256, 512), SHAPE)]
    assert {d.call for d in drawn} == {"outfirst.kaiming_normal"}
    # Its fans are those of the layer, so the same shape has another scale.
    assert drawn[1].std / drawn[0].std == pytest.approx(2**0.5, rel=0.02)


def test_the_scheme_is_drawn_on_one_layer_whatever_the_storage():
    for adapter in (NumpyAdapter(), OutFirst()):
        drawn = [d for d in densities(adapter).densities if d.engine == "native"]
        assert [d.source["name"] for d in drawn] == [*PLOTTED]
        assert {d.kernel for d in drawn} == {SHAPE}
        assert drawn[0].std == pytest.approx((2 / 512) ** 0.5, rel=0.02)


def test_a_framework_without_initializers_of_its_own_has_the_schemes_alone():
    assert {d.engine for d in densities(NumpyAdapter()).densities} == {"native"}


def test_an_adapter_that_does_not_name_its_initializers_has_the_schemes_names():
    unnamed = type("Unnamed", (), {"name": "u", "own_layers": ("dense",), "own": OutFirst.own})
    layer = _layer_draw()
    (density,) = own_densities(unnamed(), layer, OutFirst().own(layer)[0])
    assert density.call == "kaiming_normal"


def _layer_draw():
    from fanwise.adapters.protocol import LayerDraw
    from fanwise.spec.registry import scheme

    return LayerDraw("dense", scheme("kaiming_normal"), 64, 32, 1, 0, path="")


def test_the_kernels_that_claims_judge_are_plotted_too():
    (step,) = OWN.steps(OutFirst())
    result = step.work()
    assert [d.kind for d in result.densities] == ["dense"]
    assert {row.claim for row in result.rows} == {"variance", "distribution", "offered", "refused"}


def test_a_quick_run_draws_one_family():
    (step,) = CHECK.steps(OutFirst())
    names = {d.source["name"] for d in step.quick().densities}
    assert names == {"he_normal", "kaiming_normal"}
