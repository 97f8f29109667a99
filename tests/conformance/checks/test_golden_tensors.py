"""The portable engine gives the golden tensors, in every dtype and mode."""

from dataclasses import replace

import numpy as np
import pytest
from common.outcomes import failing

from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.checks.golden_tensors import (
    GoldenSubject,
    bits,
    digest_key,
    golden,
    split_digest_key,
)
from fanwise.core.dtypes import NAMES


class OneDtypeWrong(NumpyAdapter):
    def portable(self, draw, mode):
        values = super().portable(draw, mode)
        return values + values.dtype.type(1) if draw.dtype == "float64" else values


def test_the_reference_gives_them_and_one_wrong_dtype_is_seen():
    assert not failing(golden(NumpyAdapter(), "eager"))
    rows = list(golden(OneDtypeWrong(), "eager"))
    assert failing(rows) == {"golden"}
    wrong = {GoldenSubject.from_text(row.subject).dtype for row in rows if row.outcome == "fail"}
    assert wrong == {"float64"}


def test_a_refusal_is_a_failure_with_its_message():
    class Refusing(NumpyAdapter):
        def portable(self, draw, mode):
            raise ValueError("no such dtype")

    assert {row.observed for row in golden(Refusing(), "eager")} == {"no such dtype"}


def test_other_modes_take_a_part_of_every_dtype():
    class TwoModes(NumpyAdapter):
        modes = ("eager", "again")

        def portable(self, draw, mode):
            return super().portable(draw, "eager")

    whole, part = (list(golden(TwoModes(), mode)) for mode in ("eager", "again"))
    assert 0 < len(part) < len(whole) / 3
    subjects = [GoldenSubject.from_text(row.subject) for row in part]
    assert {subject.dtype for subject in subjects} == set(NAMES)
    assert {subject.mode for subject in subjects} == {"again"}


def test_digests_are_of_the_canonical_order_whatever_the_axes():
    class Stored(NumpyAdapter):
        axes = "torch"

        def portable(self, draw, mode):
            axes = draw.scheme.entry.axes or "torch"
            canonical = super().portable(replace(draw, axes=axes), mode)
            return np.ascontiguousarray(canonical)

    first, second = bits(NumpyAdapter()), bits(Stored())
    assert not failing([*first.rows, *second.rows])
    assert first.digests == second.digests


@pytest.mark.parametrize("axes", ["kernel", "out in *", "(3 out) in *"])
def test_a_subject_survives_its_text(axes):
    subject = GoldenSubject("float16", "5×7", axes, "jit")
    assert GoldenSubject.from_text(str(subject)) == subject


def test_a_digest_key_survives_its_text():
    parts = ("scheme('normal', std=0.02, mean=1.0)", "3×3×8×20")
    assert split_digest_key(digest_key(*parts)) == parts
