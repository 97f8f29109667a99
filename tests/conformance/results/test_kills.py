"""A mutant is killed if it is caught every time, and was tried."""

import pytest

from fanwise.conformance.results.kills import Kill


@pytest.mark.parametrize(
    ("caught", "tried", "always"), [(3, 3, True), (2, 3, False), (0, 0, False)]
)
def test_always_is_every_time_of_some(caught, tried, always):
    kill = Kill(mutant="a fault", claim="mean", missed=0.0, caught=caught, tried=tried)
    assert kill.always is always
