"""Any block alone is that block of the whole."""

import numpy as np
from common.outcomes import failing

from fanwise.conformance import vectors
from fanwise.conformance.checks import blocks as module
from fanwise.conformance.checks.blocks import blocks
from fanwise.conformance.checks.faults import patched


def test_the_core_draws_blocks():
    rows = list(blocks())
    assert not failing(rows)
    assert [row.claim for row in rows].count("blocks") == 6
    assert [row.claim for row in rows].count("far blocks") == len(vectors.far_blocks())


def test_a_block_of_other_numbers_is_seen():
    with patched(f"{module.__name__}.sample", lambda *_, seed, index=None, **how: drawn(index)):
        assert failing(blocks()) == {"blocks"}


def drawn(index):
    """A weight of ones, whose blocks are of zeros."""
    return np.zeros(1) if index else np.ones((24, 10, 3, 3))
