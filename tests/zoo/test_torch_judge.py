"""The judge of torch models finds what is planted: each wrong start that it is to see."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from torch import nn

import fanwise.torch
from zoo.judges.torch_models import judge
from zoo.seeded import torch_model
from zoo.verdicts import Verdict


class Scaled(nn.Module):
    """A linear layer of a library: a kernel, a gain, a table of sines, and a mask."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(60, 50) * 0.02)
        self.gain = nn.Parameter(torch.full((60,), 0.1))
        self.table = nn.Parameter(torch.sin(torch.arange(40.0).reshape(8, 5)))
        self.register_buffer("mask", torch.ones(8, 8).tril())


class Network(nn.Module):
    """Layers of torch's and of a library's, two of which share a weight."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(60, 50, padding_idx=0)
        self.body = nn.ModuleList([nn.Linear(50, 50) for _ in range(3)])
        self.norm = nn.LayerNorm(50)
        self.library = Scaled()
        self.frozen = nn.Linear(50, 50).requires_grad_(requires_grad=False)
        self.head = nn.Linear(50, 60, bias=False)
        self.head.weight = self.embedding.weight


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Verdict]:
    """Give what judges the network after something has been done to it once it was set."""
    real = fanwise.torch.initialize
    states: dict[int, dict[str, torch.Tensor]] = {}

    def judged(fault: Callable[[Any], object], make: Callable[[], nn.Module] = Network) -> Verdict:
        def initialize(model: nn.Module, *arguments: Any, **options: Any) -> Any:
            # It is set again from what it was without the fault.
            if id(model) in states:
                model.load_state_dict(states[id(model)])
            summary = real(model, *arguments, **options)
            states[id(model)] = {name: t.clone() for name, t in model.state_dict().items()}
            with torch.no_grad():
                fault(model)
            return summary

        monkeypatch.setattr(fanwise.torch, "initialize", initialize)
        return judge(torch_model("Network", make))

    return judged


def times(pick: Callable[[Any], torch.Tensor], factor: float, model: Any) -> None:
    pick(model).mul_(factor)


def unshare(model: Any) -> None:
    model.head.weight = nn.Parameter(model.head.weight.clone())


def draw_by_itself(model: Any) -> None:
    model.body[1].weight.uniform_(-(50**-0.5), 50**-0.5)


FAULTS: dict[str, tuple[Callable[[Any], object], str]] = {
    "a gain of 2": (lambda m: times(lambda m: m.body[0].weight, 2, m), "std"),
    "a wrong std by a tenth": (lambda m: times(lambda m: m.library.weight, 1.1, m), "std"),
    "a wrong std by a tenth of an embedding": (
        lambda m: times(lambda m: m.embedding.weight, 0.9, m),
        "std",
    ),
    "a wrong bias": (lambda m: [layer.bias.mul_(2) for layer in m.body], "std"),
    "a mean that is not 0": (lambda m: m.library.weight.add_(0.01), "mean"),
    "a norm of 0": (lambda m: m.norm.weight.zero_(), "for 1"),
    "another constant": (lambda m: m.library.gain.fill_(1), "was 0.1"),
    "a changed formula": (lambda m: m.library.table.neg_(), "values of std"),
    "a changed buffer": (lambda m: m.library.mask.zero_(), "buffer"),
    "a frozen weight that was drawn": (lambda m: m.frozen.weight.neg_(), "does not train"),
    "padding that is not 0": (lambda m: m.embedding.weight[0].fill_(50), "std"),
    "a broken tie": (unshare, "share memory"),
    "numbers of no seed": (draw_by_itself, "differs from build to build"),
    "two layers alike": (lambda m: m.body[1].weight.copy_(m.body[0].weight), "begins as"),
    "infinity": (lambda m: m.body[2].weight[0].fill_(torch.inf), "not finite"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(planted, name):
    fault, word = FAULTS[name]
    verdict = planted(fault)
    assert verdict.outcome == "wrong"
    assert word in verdict.reason


def test_a_model_without_a_fault_is_right(planted):
    assert planted(lambda _: None).outcome == "right"


def test_a_weight_that_was_missed_is_found(monkeypatch):
    real = partial(fanwise.torch.initialize, exclude="library/weight")
    monkeypatch.setattr(fanwise.torch, "initialize", real)
    verdict = judge(torch_model("Network", Network))
    assert "library.weight was not drawn" in verdict.reason


def test_the_effective_weight_of_a_normed_layer_is_judged(planted):
    def make() -> nn.Module:
        return nn.utils.parametrizations.weight_norm(nn.Linear(50, 60))

    def double(model: Any) -> None:
        model.parametrizations.weight.original0.mul_(2)

    assert planted(lambda _: None, make).outcome == "right"
    assert "std" in planted(double, make).reason


def test_many_models_that_are_right_are_called_so():
    # At one false alarm in 10⁹, none of these is one.
    verdicts = [judge(torch_model("Network", Network)) for _ in range(5)]
    assert {verdict.outcome for verdict in verdicts} == {"right"}
