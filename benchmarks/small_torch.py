"""Small weights in torch: one at a time, and the five hundred of a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from small_cases import SmallCase
from torch import nn
from torch.nn import init

import fanwise.torch as ours

CONSTANTS: dict[str, tuple[float, ...]] = {"zeros_": (), "ones_": (), "constant_": (0.5,)}
UNIFORMS = ("uniform_", "xavier_uniform_", "kaiming_uniform_")
NORMALS = ("normal_", "xavier_normal_", "kaiming_normal_", "trunc_normal_")
#: What says where the numbers come from; torch's own functions have none of it.
SOURCES: dict[str, dict[str, Any]] = {
    "": {},
    ", seed=": {"seed": 0},
    ", seed=, path=": {"seed": 0, "path": "encoder/0/dense/kernel"},
}
COUNT = 500
RECIPE = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.02}}]}


def cases() -> Iterator[SmallCase]:
    """All comparisons with torch."""
    bias, kernel = nn.Parameter(torch.empty(64)), nn.Parameter(torch.empty(64, 64))
    for how, source in SOURCES.items():
        for name, given in CONSTANTS.items():
            yield _case(f"{name} of 64{how}", name, (bias, *given), source)
        for name in (*UNIFORMS, *NORMALS):
            yield _case(f"{name} of 64 × 64{how}", name, (kernel,), source)
        yield _case(f"he_normal_ of 64 × 64{how}", "he_normal_", (kernel,), source)
    yield from _many()


def _case(description: str, name: str, given: tuple[Any, ...], source: dict[str, Any]) -> SmallCase:
    # torch calls he_normal_ so.
    own = partial(init.kaiming_normal_, nonlinearity="relu")
    theirs = own if name == "he_normal_" else getattr(init, name)
    call = partial(getattr(ours, name), *given, **source)
    return SmallCase(description, call, partial(theirs, *given))


def _many() -> Iterator[SmallCase]:
    """Compare the ways to set many small weights with torch's own functions, one by one."""
    tensors = {f"{n}": nn.Parameter(torch.empty(64, 64)) for n in range(COUNT)}
    model = nn.ParameterDict(tensors)
    size = f"{COUNT} of 64 × 64"

    def one_by_one(draw: Callable[..., Any], *, seeded: bool = False) -> Callable[[], None]:
        def run() -> None:
            for path, tensor in tensors.items():
                source = {"seed": 0, "path": path} if seeded else {}
                draw(tensor, std=0.02, **source)

        return run

    own = one_by_one(init.normal_)
    yield SmallCase(f"normal_, {size}", one_by_one(ours.normal_), own, COUNT)
    seeded = one_by_one(ours.normal_, seeded=True)
    yield SmallCase(f"normal_, {size}, seed=, path=", seeded, own, COUNT)
    for report in (False, True):
        start = partial(ours.initialize, model, RECIPE, seed=0, report=report)
        yield SmallCase(f"initialize, {size}, report={report}", start, own, COUNT)
