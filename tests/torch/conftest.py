"""What tests change of the adapter, and give back."""

import pytest
import torch

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


@pytest.fixture(autouse=True)
def nan_in_new_memory(monkeypatch):
    """Let memory that nothing has set be NaN, as it is now and then, so that each run shows it."""
    monkeypatch.setattr(torch.utils.deterministic, "fill_uninitialized_memory", True)
    torch.use_deterministic_algorithms(True, warn_only=True)  # without it torch fills nothing
    yield
    torch.use_deterministic_algorithms(False)
