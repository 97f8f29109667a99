"""Shapes on which a scheme has no meaning are errors that say what it requires."""

import pytest

from fanwise import FanwiseError, sample, scheme
from fanwise.spec.catalogue import catalogue

WITHOUT_MEANING = {
    "a matrix of states that is not square": ("hippo_legs_a", {}, (3, 5), "rows == columns"),
    "another": ("hippo_legt_a", {}, (5, 3), "rows == columns"),
    "a third": ("hippo_fourier_a", {}, (4, 6), "rows == columns"),
    "half a pair of states": ("hippo_fourier_a", {}, (5, 5), "mod(columns, 2) == 0"),
    "half a pair of inputs": ("hippo_fourier_b", {}, (5,), "mod(columns, 2) == 0"),
    "half a pair of channels": ("retnet_angles", {}, (7,), "mod(columns, 2) == 0"),
    "no quarters": ("sinusoidal_2d", {"grid_width": 4}, (8, 6), "mod(columns, 4) == 0"),
    "rows in part": ("sinusoidal_2d", {"grid_width": 4}, (6, 8), "mod(rows, grid_width) == 0"),
    "half a head": (
        "rwkv7_rate",
        {"head_width": 4},
        (1, 1, 6),
        "mod(columns, head_width) == 0",
    ),
    "half another": (
        "rwkv7_decay",
        {"head_width": 4, "layer": 0, "layers": 2},
        (6,),
        "mod(columns, head_width) == 0",
    ),
}


@pytest.mark.parametrize(
    ("name", "params", "shape", "required"), WITHOUT_MEANING.values(), ids=WITHOUT_MEANING
)
def test_a_shape_without_meaning_is_an_error(name, params, shape, required):
    chosen = scheme(name, **params)
    for refused in (lambda: sample(chosen, shape, seed=0), lambda: chosen.std(shape)):
        with pytest.raises(FanwiseError) as error:
            refused()
        assert error.value.expected == f"{required} for {name}"
        assert f"Received: shape {shape}. Here " in str(error.value)


def test_the_error_names_what_to_check():
    with pytest.raises(FanwiseError) as error:
        sample(scheme("rwkv7_rate", head_width=4), (6,), seed=0)
    assert str(error.value) == (
        "Expected mod(columns, head_width) == 0 for rwkv7_rate. Received: shape (6,). "
        "Here columns = 6, head_width = 4: check the shape, head_width and the axes."
    )


def test_axes_say_what_is_square():
    assert sample("hippo_legs_a", (2, 3, 3), seed=0, axes="batch out in").shape == (2, 3, 3)
    with pytest.raises(FanwiseError, match="rows = 6"):
        sample("hippo_legs_a", (2, 3, 3), seed=0, axes="in out in")


def test_all_requirements_of_the_catalogue_are_tried():
    declared = {
        (name, comparison.text)
        for name, entry in catalogue().entries.items()
        for comparison in entry.requires
    }
    assert declared == {(name, text) for name, _, _, text in WITHOUT_MEANING.values()}


@pytest.mark.parametrize(
    ("name", "params", "shape"),
    [
        ("hippo_legs_a", {}, (0, 5)),
        ("hippo_fourier_a", {}, (5, 0)),
        ("hippo_fourier_b", {}, (5, 0)),
        ("retnet_angles", {}, (0, 7)),
        ("sinusoidal_2d", {"grid_width": 4}, (0, 6)),
        ("rwkv7_rate", {"head_width": 4}, (0, 6)),
    ],
)
def test_a_shape_without_elements_is_never_refused(name, params, shape):
    assert sample(scheme(name, **params), shape, seed=0).shape == shape
