"""Whole models of torch: function by function, in one pass of the core, and by ``initialize``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from torch import nn
from torch.nn import init

import fanwise.torch as ours
from fanwise import scheme
from fanwise.adapters.torch.drawing.engines import Setting, Source, write

from cases_torch import by
from models import gpt2, small_tensors
from timing import Case, cores

RECIPE = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.02}}]}


def cases() -> Iterator[Case]:
    """148 tensors of GPT-2 124M, and 500 small ones."""
    yield from _model("GPT-2, 148 tensors", gpt2())
    yield from _model("500 of 64 × 64", small_tensors())


def _model(size: str, model: nn.Module) -> Iterator[Case]:
    tensors = [*model.named_parameters()]
    count = sum(tensor.numel() for _, tensor in tensors)

    def theirs() -> None:
        for _, tensor in tensors:
            init.normal_(tensor, std=0.02)

    @torch.no_grad()
    def fill() -> None:
        for _, tensor in tensors:
            tensor.fill_(2.0)

    for engine, own in _ways(model).items():
        calls = (by("1", cores(), call) for call in (own, theirs, fill))
        what = ("torch", "normal_", "model", size, count, "float32", engine, cores())
        yield Case(*what, *calls)


def _ways(model: nn.Module) -> dict[str, Callable[[], Any]]:
    """Return the ways of ours, from a function for each tensor to a report on the model."""
    tensors = [*model.named_parameters()]
    normal = scheme("normal", std=0.02)

    def one_by_one() -> None:
        for path, tensor in tensors:
            ours.normal_(tensor, std=0.02, seed=0, path=path)

    def in_one_pass() -> None:
        write([Setting.of(tensor, normal, path=path) for path, tensor in tensors], Source(0))

    return {
        "compiled": one_by_one,
        "in one pass": in_one_pass,
        "initialize, no report": partial(ours.initialize, model, RECIPE, seed=0, report=False),
        "initialize": partial(ours.initialize, model, RECIPE, seed=0),
    }
