"""Whether what a parameter holds contradicts a law is asked of its memory as it is."""

import torch
from torch import nn

from fanwise import scheme
from fanwise.adapters.torch.drawing import moments
from fanwise.adapters.torch.layers.contradictions import is_of_law

NORMAL = scheme("normal", std=0.02)


def test_a_parameter_is_read_without_a_copy_in_float64(monkeypatch):
    def refuse(piece):
        raise AssertionError("converted")

    monkeypatch.setattr(moments, "_moments_of", refuse)
    weight = nn.Parameter(nn.init.normal_(torch.empty(300, 200), std=0.02))
    assert is_of_law(weight, NORMAL)
    assert not is_of_law(nn.Parameter(weight * 2), NORMAL)
