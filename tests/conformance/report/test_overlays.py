"""The pictures: the frameworks' own initializers over each other, and over their schemes."""

from dataclasses import replace

import pytest
from reference.truncation import CORRECTION

from fanwise.conformance.report.overlays import layer_pictures, shape_pictures
from fanwise.spec.errors import FanwiseError


def test_one_shape_is_read_as_the_framework_stores_it(sound, other):
    own, native = shape_pictures([sound, other])
    assert (own.title, own.by_shape) == ("He (Kaiming) normal", True)
    assert [draw.adapter for draw in own.draws] == ["other"]
    assert own.draws[0].density.kernel == (256, 512)
    assert native.by_shape is False
    # A pair is on one scale.
    assert own.frame == native.frame


def test_a_normal_that_goes_on_has_no_cut(sound, other):
    own, native = shape_pictures([sound, other])
    assert (own.draws[0].cut, own.draws[0].cuts) == (0, ())
    assert native.draws[0].cut == pytest.approx(2 / CORRECTION, abs=0.01)
    assert not native.draws[0].leaks
    low, high = native.draws[0].cuts
    first, last = native.draws[0].marks
    assert low < first < last < high


def test_the_right_scale_is_once_the_scheme_s(sound, other):
    (picture,) = layer_pictures([sound, other])
    assert (picture.title, picture.where) == ("He (Kaiming) normal", "dense")
    assert picture.draws[0].ratio == pytest.approx(1, abs=0.01)
    assert [name for name, _ in picture.laws] == ["he_normal"]


def test_a_scale_that_is_off_is_told(sound, other):
    doubled = [replace(d, std=2 * d.std) for d in other.densities]
    (picture,) = layer_pictures([replace(other, densities=tuple(doubled))])
    assert picture.draws[0].ratio == pytest.approx(2, abs=0.02)


def test_results_without_densities_have_no_pictures(sound):
    bare = replace(sound, densities=())
    assert shape_pictures([bare]) == layer_pictures([bare]) == ()


def test_a_density_of_what_has_none_is_refused(other):
    changed = replace(other.densities[0], source={"name": "zeros", "params": {}})
    with pytest.raises(FanwiseError, match="a density of a scheme that has one"):
        shape_pictures([replace(other, densities=(changed,))])


def test_a_few_elements_beyond_a_cut_are_told(sound, other):
    leaking = [replace(d, most=5 * d.std) for d in other.densities]
    draws = [p.draws[0] for p in shape_pictures([replace(other, densities=tuple(leaking))])]
    assert [draw.leaks for draw in draws] == [False, True]
    assert draws[1].cut == pytest.approx(2 / CORRECTION, abs=0.1)
