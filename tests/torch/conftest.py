"""What tests change of the adapter, and give back."""

import pytest

from fanwise.adapters.torch.layers import description


@pytest.fixture
def registry(monkeypatch):
    """The known layers, to add to."""
    monkeypatch.setattr(description, "_descriptions", dict(description._descriptions))
