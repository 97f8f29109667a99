"""What calls come to, and what the core has drawn meanwhile."""

import warnings

import pytest

from fanwise.core import sampler


def outcome(call, read):
    """What a call gives, as it is read, or raises; with what it warns of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            weight = call()
        except Exception as error:  # noqa: BLE001 (whatever there is)
            told = type(error), str(error)
        else:
            told = read(weight)
    return told, [(warning.category, str(warning.message)) for warning in caught]


@pytest.fixture
def by_the_core(monkeypatch):
    """The draws that the core was asked for."""
    drawn, draw = [], sampler.draw
    monkeypatch.setattr(
        sampler, "draw", lambda *given, **more: (drawn.append(given), draw(*given, **more))[1]
    )
    return drawn
