"""Half precision is the float32 weight, rounded."""

import numpy as np
import pytest

import fanwise
from fanwise.adapters.engines import Engine
from fanwise.conformance.checks.faults import Broken, right
from fanwise.conformance.checks.half_precision import HALF_DTYPES, half_precision


def rounded_down(draw):
    """Rounded towards zero."""
    if draw.dtype == "bfloat16":
        return right(draw) & np.uint16(0xFFFE)
    return (right(draw).view(np.uint16) & np.uint16(0xFFFC)).view(np.float16)


@pytest.mark.parametrize("dtype", HALF_DTYPES)
@pytest.mark.parametrize(("draw", "outcome"), [(right, "pass"), (rounded_down, "fail")])
def test_fewer_bits_than_the_dtype_has_are_seen(dtype, draw, outcome):
    (row,) = half_precision(Broken(draw), Engine.NATIVE, "uniform", dtype)
    assert (row.claim, row.outcome) == ("half precision", outcome)
    assert row.subject.startswith(f"{dtype} ")


def test_a_framework_without_half_precision_is_not_failed():
    def refuse(draw):
        raise fanwise.FanwiseError("float32", draw.dtype, "Use engine='portable'.")

    (row,) = half_precision(Broken(refuse), Engine.NATIVE, "uniform", "float16")
    assert (row.claim, row.outcome) == ("offered", "none")
