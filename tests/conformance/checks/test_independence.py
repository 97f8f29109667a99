"""Elements, seeds and paths are independent."""

from dataclasses import replace

import numpy as np
import pytest
from common.outcomes import failing

from fanwise.adapters.engines import Engine
from fanwise.adapters.numpy import NumpyAdapter
from fanwise.conformance.checks.faults import Broken, Healthy, right
from fanwise.conformance.checks.independence import CHECK, independence
from fanwise.conformance.statistics.tails import ALPHA, WINDOW

pytestmark = pytest.mark.slow


def test_the_reference_is_independent_and_only_the_portable_engine_has_paths():
    claims = {}
    for engine in Engine:
        rows = list(independence(Healthy(), engine))
        assert not failing(rows)
        claims[engine] = {row.claim for row in rows}
    assert claims[Engine.PORTABLE] - claims[Engine.NATIVE] == {"paths"}
    assert claims[Engine.PORTABLE] == {claim.name for claim in CHECK.claims}


def half_seed(draw):
    """The high bits of the seed dropped."""
    return right(replace(draw, seed=draw.seed % 2**31))


def upper_case_path(draw):
    return right(replace(draw, path=draw.path and draw.path.lower()))


@pytest.mark.parametrize(("draw", "claim"), [(half_seed, "seeds"), (upper_case_path, "paths")])
def test_a_key_that_drops_something_is_seen(draw, claim):
    assert failing(independence(Broken(draw), Engine.PORTABLE)) == {claim, "repeats"}


def beginning_again(period):
    """A stream that begins again after so many elements."""

    def draw_again(draw):
        flat = right(draw).ravel()
        return np.resize(flat[:period], draw.shape)

    return Broken(draw_again)


@pytest.mark.parametrize("period", [1 << 15, 1 << 17, 100_003, 3 << 18])
@pytest.mark.parametrize("engine", Engine)
def test_a_stream_that_begins_again_within_a_weight_is_seen(engine, period):
    assert "repeats" in failing(independence(beginning_again(period), engine))


@pytest.mark.parametrize("engine", Engine)
def test_whole_weights_are_searched_at_the_rate_of_a_claim(engine):
    rows = {row.claim: row for row in independence(Healthy(), engine)}
    size = rows["lags"].n
    assert rows["repeats"].n == (17 if engine is Engine.PORTABLE else 6) * (size - WINDOW + 1)
    assert 0 < rows["repeats"].alpha <= ALPHA


def test_both_engines_are_judged():
    titles = [step.title for step in CHECK.steps(NumpyAdapter())]
    assert titles == ["portable independence", "native independence"]
