"""What tests change of the adapter, and give back."""

import pytest

from fanwise.adapters.repeated_streams import StreamUses
from fanwise.adapters.torch.drawing import streams_in_use


@pytest.fixture(autouse=True)
def streams(monkeypatch):
    """The streams in use: none at first, whatever of other tests still lives."""
    monkeypatch.setattr(streams_in_use, "_uses", StreamUses())
