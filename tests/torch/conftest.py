"""What tests change of the adapter, and give back."""

import pytest

from fanwise.adapters.torch.layers import description as stored


@pytest.fixture
def registry(monkeypatch):
    """The known layers, to add to."""
    monkeypatch.setattr(stored, "_descriptions", dict(stored._descriptions))
