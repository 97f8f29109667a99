"""What is told of a layer is checked, whatever the framework, before anything is written."""

import re

import pytest

from fanwise import FanwiseError
from fanwise.adapters.descriptions import checked_description
from fanwise.adapters.layer_weights import LayerWeight, Span

SHAPES = {"w": (4, 4), "v": (4,)}
BIAS = LayerWeight("v", "bias", "torch", beside="kernel")


def double(values):
    return 2 * values


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("parameter", 3),
        ("path", 3),
        ("axes", None),
        ("kind", None),
        ("groups", "2"),
        ("beside", 1),
        ("spans", None),
        ("spans", (3,)),
        ("spans", ((0, 1, 2),)),
        ("spans", (("a", "b"),)),
        ("spans", ((2, 1),)),
        ("axis", -1),
        ("axis", "x"),
        ("shape", (4.0, 4)),
        ("zero_row", "a"),
        ("zero_row", -1),
        ("followers", ("v",)),
        ("followers", (("v", 3),)),
        ("followers", ((3, double),)),
    ],
)
def test_a_field_of_another_type_is_refused_when_the_weight_is_made(field, value):
    fields = {"parameter": "w", "path": "kernel", field: value}
    with pytest.raises(FanwiseError, match=f"as {field} of a LayerWeight"):
        LayerWeight(**fields)


@pytest.mark.parametrize(
    "index", [None, ("a",), (slice(0, 4, 2),), (slice(0, 4.0),), (-1,), [slice(0, 2)]]
)
def test_a_span_is_of_whole_numbers_and_slices_without_a_step(index):
    for name in ("at", "part"):
        with pytest.raises(FanwiseError, match=f"as {name} of a Span"):
            Span("w", **{name: index})


@pytest.mark.parametrize("weights", [None, 3, [3], ["kernel"]])
def test_a_description_gives_layer_weights(weights):
    with pytest.raises(FanwiseError, match="Expected a LayerWeight for each weight"):
        checked_description(weights, SHAPES, "Layer")


def spanned(shape, *spans):
    return LayerWeight("w", "kernel", shape=shape, spans=spans)


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        (LayerWeight("x", "kernel"), "a parameter of Layer: w, v"),
        (spanned((8, 4), Span("w", (), (slice(0, 4),))), "blocks that make up kernel"),
        (
            spanned(
                (4, 4),
                Span("w", (slice(0, 2),), (slice(0, 2),)),
                Span("w", (slice(2, 4),), (slice(0, 2),)),
            ),
            "blocks that make up kernel",
        ),
        (spanned((9, 9), Span("w")), "blocks of kernel as large in the weight"),
        (
            spanned((4, 4), Span("w", (slice(0, 4),), (slice(0, 9),))),
            "blocks of kernel as large in the weight",
        ),
        (LayerWeight("w", "kernel", spans=((0, 2),)), "spans that make up w"),
        (LayerWeight("w", "kernel", spans=((0, 2), (1, 4))), "spans that make up w"),
        (LayerWeight("w", "kernel", spans=((0, 4),), axis=2), "an axis of w"),
        (LayerWeight("w", "embedding", zero_row=4), "a row of embedding as zero_row"),
        (LayerWeight("w", "bias", beside="bias"), "the path of a kernel as what bias"),
        (LayerWeight("w", "kernel", beside="other"), "the path of a kernel as what kernel"),
    ],
)
def test_a_description_that_does_not_fit_is_refused(weight, expected):
    with pytest.raises(FanwiseError, match=re.escape(expected)):
        checked_description([weight], SHAPES, "Layer")


def test_a_description_that_fits_is_returned():
    packed = spanned(
        (2, 2, 4),
        Span("w", (slice(0, 2),), (1,)),
        Span("w", (slice(2, 4),), (0,)),
    )
    assert checked_description(iter([packed, BIAS]), SHAPES, "Layer") == (packed, BIAS)


def test_a_second_bias_may_be_there_for_one_gate_alone():
    bias = LayerWeight(
        "v", "recurrent_bias", "batch out", shape=(3, 4), spans=(Span("v", (), (slice(2, 3),)),)
    )
    assert checked_description([bias], SHAPES, "Layer") == (bias,)
