"""What may be said of a weight: seen where it holds, and where it does not."""

import numpy as np
import pytest

from fanwise.conformance.checks.properties import PROPERTIES, Seen

TURN = [[0.6, -0.8], [0.8, 0.6]]
#: Of each property: what is said, a matrix of which it is right, and one of which it is not.
SAID = {
    "column_norms": (1.0, TURN, [[0.6, -0.8], [0.8, 0.5]]),
    "row_norms": ([5.0, 1.0], [[3.0, 4.0], [0.0, 1.0]], [[3.0, 4.0], [1.0, 1.0]]),
    "column_sums": ([1.0, 2.0], [[1.0, 0.0], [0.0, 2.0]], [[1.0, 0.0], [0.0, 3.0]]),
    "row_sums": (1.0, [[0.5, 0.5], [1.0, 0.0]], [[0.5, 0.5], [1.0, 1.0]]),
    "singular_values": ([3.0, 2.0], [[0.0, 2.0], [3.0, 0.0]], [[1.0, 2.0], [3.0, 0.0]]),
    "spectral_norm": (3.0, [[3.0, 0.0], [0.0, -1.0]], [[3.0, 1.0], [0.0, -1.0]]),
    "spectral_radius": (1.0, TURN, [[1.2, -0.8], [0.8, 0.6]]),
    "eigenvalues": ([3.0, 1.0], [[2.0, 1.0], [1.0, 2.0]], [[2.0, -1.0], [1.0, 2.0]]),
    "rank": (1, [[1.0, 2.0], [2.0, 4.0]], TURN),
    "determinant": (1.0, [[0.0, 1.0], [1.0, 0.0]], [[1.0, 1.0], [1.0, 1.0]]),
    "signed_determinant": (1.0, TURN, [[0.0, 1.0], [1.0, 0.0]]),
    "zeros": (2, [[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [1e-9, 1.0]]),
    "zeros_per_row": (1, [[0.0, 1.0], [0.0, 1.0]], [[0.0, 0.0], [1.0, 1.0]]),
    "zeros_per_column": ([2, 0], [[0.0, 1.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]),
    "entries": ([-1.0, 1.0], [[1.0, -1.0], [1.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]]),
    "elements": ([[[0, 1], 2.0], [[1, 0], 3.0]], [[0.0, 2.0], [3.0, 0.0]], [[2.0, 0], [3, 0]]),
    "magnitudes": (2.0, [[2.0, -2.0], [2.0, 2.0]], [[2.0, -1.0], [2.0, 2.0]]),
    "within": ([-1.0, 1.0], [[1.0, -1.0], [0.0, 0.5]], [[1.0, -1.0], [0.0, 1.5]]),
    "symmetric": (-1, [[0.0, 1.0], [-1.0, 0.0]], [[0.0, 1.0], [1.0, 0.0]]),
    "consecutive_copies": (2, [[1.0, 1.0, 2.0, 2.0]], [[1.0, 2.0, 1.0, 2.0]]),
    "strided_copies": (2, [[1.0, 2.0, 1.0, 2.0]], [[1.0, 1.0, 2.0, 2.0]]),
    "distinct_columns": (2, [[1.0, 2.0, 1.0], [1, 2, 1]], [[1.0, 2.0, 1.0], [1, 2, 2]]),
    "places": (1, [[[0.0, 0.0]], [[1.0, 0.0]]], [[[0.0, 1.0]], [[1.0, 0.0]]]),
    "equal_places": (True, [[[1.0, 2.0]], [[1.0, 2.0]]], [[[1.0, 2.0]], [[2.0, 1.0]]]),
    "block_diagonal": (2, np.kron(np.eye(2), np.ones((3, 2))), np.ones((6, 4))),
    "mean": (1.0, [[0.0, 2.0]], [[0.0, 3.0]]),
    "mean_square": (2.0, [[0.0, -2.0]], [[0.0, 2.5]]),
}  # fmt: skip


def test_every_property_is_tried():
    assert {*SAID} == {*PROPERTIES}


@pytest.mark.parametrize("name", SAID)
def test_a_property_is_seen_and_its_lack_too(name):
    argument, right, wrong = SAID[name]
    assert PROPERTIES[name](Seen.of(np.array(right), "kernel"), argument) < 1e-12
    assert PROPERTIES[name](Seen.of(np.array(wrong), "kernel"), argument) > 1e-9
    # Of several, the worst counts.
    both = np.stack([np.array(right), np.array(wrong)])
    axes = "batch in out" if both.ndim == 3 else "batch * in out"
    assert PROPERTIES[name](Seen.of(both, axes), argument) > 1e-9


def test_rows_are_receptive_field_and_inputs_whatever_the_storage():
    stored = np.arange(24.0).reshape(2, 3, 4)  # out, in, one receptive axis
    seen = Seen.of(stored, "torch")
    assert seen.matrices.shape == (1, 12, 2)
    assert seen.fields.shape == (1, 4, 3, 2)
    assert seen.matrices[0, 3 * 3 + 1, 1] == stored[1, 1, 3]


def test_what_is_no_number_has_no_property():
    seen = Seen.of(np.array([[np.nan, 1.0]]), "kernel")
    assert PROPERTIES["row_sums"](seen, 1.0) == np.inf
    assert PROPERTIES["row_norms"](Seen.of(np.ones((2, 3)), "kernel"), [1.0, 1.0, 1.0]) == np.inf
