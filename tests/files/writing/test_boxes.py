"""Boxes of a grid are runs of elements, and all of an array."""

import math

import pytest

from fanwise.adapters.files.writing.boxes import box_shape, boxes_of, size_of
from fanwise.adapters.starts.cells import cells_of

SHAPES = [(), (1,), (7,), (1000,), (3, 5), (40, 30), (2, 3, 500), (5, 1, 7, 2), (1, 600), (600, 1)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("most", [1, 2, 6, 30, 100, 10**6])
def test_boxes_in_order_are_runs_that_make_the_array(shape, most):
    at = 0
    for box in boxes_of(shape, box_shape(shape, most)):
        assert size_of(box) <= most
        assert list(cells_of(shape, at, size_of(box))) == [box]
        at += size_of(box)
    assert at == math.prod(shape)


def test_an_array_without_elements_has_no_boxes():
    assert list(boxes_of((3, 0), box_shape((3, 0), 10))) == []
    assert 0 not in box_shape((3, 0, 4), 10)


def test_boxes_are_as_large_as_they_may_be_and_alike():
    assert box_shape((100, 30), 3000) == (100, 30)
    assert box_shape((100, 30), 2999) == (50, 30)
    assert box_shape((4, 100, 30), 2999) == (1, 50, 30)
