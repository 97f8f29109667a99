"""No element lies beyond the bounds of its law."""

import numpy as np
from common.outcomes import failing

import fanwise
from fanwise.adapters.engines import Engine
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.checks.cases import Case
from fanwise.conformance.checks.support import CHECK, support
from fanwise.conformance.statistics.sample_sizes import support_size

CASE = Case(fanwise.scheme("he_normal"), (), seed=3)


class OneOut(NumpyAdapter):
    """One element of very many beyond the cut."""

    def native(self, draw):
        values = super().native(draw)
        values.flat[7] = np.float32(3 * draw.scheme.std(draw.shape))
        return values


def test_one_element_out_of_bounds_is_seen():
    (row,) = support(NumpyAdapter(), Engine.NATIVE, CASE)
    assert (row.outcome, row.observed) == ("pass", "0")
    assert row.n >= support_size()
    (row,) = support(OneOut(), Engine.NATIVE, CASE)
    assert (row.outcome, row.observed) == ("fail", "1")


def test_not_a_number_is_out_of_bounds():
    class NotANumber(NumpyAdapter):
        def native(self, draw):
            return np.full(draw.shape, np.nan, np.float32)

    assert failing(support(NotANumber(), Engine.NATIVE, CASE)) == {"support"}


def test_every_cut_scheme_is_judged_by_its_defaults():
    titles = [step.title for step in CHECK.steps(NumpyAdapter())]
    assert {"support he_normal", "support truncated_normal"} <= set(titles)
    assert not any("uniform" in title or "(" in title for title in titles)
