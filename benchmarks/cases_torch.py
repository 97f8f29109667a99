"""PyTorch: the in-place functions, by dtype, storage and engine; small weights, and batches."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.nn import init

import fanwise.torch as ours

from fills import products
from timing import Case, cores

KINDS = {
    "uniform_": "uniform",
    "kaiming_uniform_": "uniform",
    "normal_": "normal",
    "kaiming_normal_": "normal",
    "trunc_normal_": "cut",
    "orthogonal_": "orthogonal",
    "zeros_": "constant",
    "ones_": "constant",
    "constant_": "constant",
}
PLAIN = ("uniform_", "normal_")
DRAWN = (*PLAIN, "kaiming_uniform_", "kaiming_normal_", "trunc_normal_")
SIDE = 4096
SIZE = f"{SIDE} × {SIDE}"
#: Orthogonal matrices of one weight, and their side: heads, experts.
BATCHES = ((12, 64), (8, 512))


def cases() -> Iterator[Case]:
    """All comparisons with torch's functions."""
    for name in PLAIN:
        for side in (64, 1024):
            yield _case(name, torch.empty(side, side), f"{side} × {side}", cores())
    for name in ("kaiming_uniform_", "kaiming_normal_"):
        yield _case(name, torch.empty(64, 64), "64 × 64", cores())
    for name, given in (("zeros_", ()), ("ones_", ()), ("constant_", (0.5,))):
        yield _case(name, torch.empty(64), "64", cores(), given)
    whole = torch.empty(SIDE, SIDE)
    for name in DRAWN:
        yield _case(name, whole, SIZE, cores())
    for name in PLAIN:
        yield _case(name, whole, SIZE, 1)
        yield _case(name, whole.T, f"{SIZE}, transposed", cores())
        for dtype in (torch.bfloat16, torch.float16, torch.float64):
            yield _case(name, torch.empty(SIDE, SIDE, dtype=dtype), SIZE, cores())
    for engine in ("NumPy", "native"):
        yield _case("kaiming_normal_", whole, SIZE, cores(), engine=engine)
    yield _case("orthogonal_", torch.empty(2048, 2048), "2048 × 2048", cores())
    for count, side in BATCHES:
        yield _batch(count, side)


def _case(
    name: str,
    tensor: Any,
    size: str,
    used: int,
    given: tuple[float, ...] = (),
    engine: str = "compiled",
) -> Case:
    native = {"engine": "native"} if engine == "native" else {}
    own, theirs = getattr(ours, name), getattr(init, name)
    path = "0" if engine == "NumPy" else "1"
    calls = (
        by(path, used, lambda: own(tensor, *given, **native)),
        by(path, used, lambda: theirs(tensor, *given)),
        by(path, used, lambda: tensor.fill_(2.0)),
    )
    dtype = str(tensor.dtype).removeprefix("torch.")
    kind = KINDS[name]
    bound = products(tensor.shape[0], 1, used) if kind == "orthogonal" else None
    return Case("torch", name, kind, size, tensor.numel(), dtype, engine, used, *calls, bound)


def _batch(count: int, side: int) -> Case:
    """A weight of many orthogonal matrices, which torch draws one by one."""
    tensor = torch.empty(count, side, side)

    def theirs() -> None:
        for matrix in tensor:
            init.orthogonal_(matrix)

    calls = (
        by("1", cores(), lambda: ours.orthogonal_(tensor, axes="batch out in")),
        by("1", cores(), theirs),
        by("1", cores(), lambda: tensor.fill_(2.0)),
    )
    size = f"{count} of {side} × {side}"
    what = ("torch", "orthogonal_", "orthogonal", size, tensor.numel(), "float32", "compiled")
    return Case(*what, cores(), *calls, products(side, count, cores()))


def by(path: str, used: int, call: Callable[[], Any]) -> Callable[[], Any]:
    """A call on one of the core's paths, and with so many of torch's threads."""

    def run() -> None:
        os.environ["FANWISE_FAST"] = path
        torch.set_num_threads(used)
        call()

    return run
