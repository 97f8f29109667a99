"""What tests change of the adapter, and give back."""

import pytest

from fanwise.adapters.repeated_streams import StreamUses
from fanwise.adapters.torch.drawing import streams_in_use
from fanwise.adapters.torch.layers import description


@pytest.fixture
def registry(monkeypatch):
    """The known layers, to add to."""
    monkeypatch.setattr(description, "_descriptions", dict(description._descriptions))


@pytest.fixture(autouse=True)
def streams(monkeypatch):
    """The streams in use: none at first, whatever of other tests still lives."""
    monkeypatch.setattr(streams_in_use, "_uses", StreamUses())
