"""PyTorch: the in-place functions, by dtype, storage and engine; whole models."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.nn import init

import fanwise.torch as ours
from fanwise import scheme
from fanwise.adapters.torch.drawing.engines import Setting, Source, write

from models import gpt2, small_network
from timing import Case, cores

NAMES = ("uniform_", "normal_", "kaiming_uniform_", "kaiming_normal_", "trunc_normal_")
SIZES = (256, 1024, 4096)


def cases() -> Iterator[Case]:
    """All comparisons with torch."""
    for name in NAMES:
        for side in SIZES:
            yield _case(name, torch.empty(side, side), f"{side} × {side}", cores())
    whole = torch.empty(4096, 4096)
    for name in NAMES:
        yield _case(name, whole, "4096 × 4096", 1)
        yield _case(name, whole.T, "4096 × 4096, transposed", cores())
    yield _case("kaiming_normal_", whole, "4096 × 4096", cores(), engine="NumPy")
    yield _case("kaiming_normal_", whole, "4096 × 4096", cores(), engine="native")
    for dtype in (torch.bfloat16, torch.float16, torch.float64):
        for name in ("uniform_", "normal_"):
            yield _case(name, torch.empty(4096, 4096, dtype=dtype), "4096 × 4096", cores())
    yield _case("orthogonal_", torch.empty(2048, 2048), "2048 × 2048", cores())
    yield from _models()


def _case(name: str, tensor: Any, size: str, used: int, engine: str = "compiled") -> Case:
    native = {"engine": "native"} if engine == "native" else {}
    theirs = _on(used, lambda: getattr(init, name)(tensor))
    own = _on(used, lambda: getattr(ours, name)(tensor, **native))
    path = "0" if engine == "NumPy" else "1"
    dtype = str(tensor.dtype).removeprefix("torch.")
    return Case("torch", name, size, tensor.numel(), dtype, engine, used, theirs, _by(path, own))


def _models() -> Iterator[Case]:
    """148 tensors of GPT-2 124M, and a network of 500 small ones."""
    for name, tensors in (("GPT-2, 148 tensors", gpt2()), ("500 of 64 × 64", small_network())):
        count = sum(tensor.numel() for _, tensor in tensors)

        def theirs(tensors: Any = tensors) -> None:
            for _, tensor in tensors:
                init.normal_(tensor, std=0.02)

        def one_by_one(tensors: Any = tensors) -> None:
            for path, tensor in tensors:
                ours.normal_(tensor, std=0.02, seed=0, path=path)

        def in_one_pass(tensors: Any = tensors) -> None:
            normal = scheme("normal", std=0.02)
            write([Setting.of(t, normal, path=path) for path, t in tensors], Source(0))

        model = torch.nn.ParameterDict({path.replace("/", "_"): t for path, t in tensors})
        rule = {"match": "**", "init": {"scheme": "normal", "std": 0.02}}

        def with_report(model: Any = model, rule: Any = rule) -> None:
            ours.initialize(model, {"fanwise": 1, "rule": [rule]}, seed=0)

        ways = (
            ("compiled", one_by_one),
            ("in one pass", in_one_pass),
            ("initialize", with_report),
        )
        for way, own in ways:
            timed = _by("1", own)
            yield Case("torch", "normal_", name, count, "float32", way, cores(), theirs, timed)


def _on(used: int, call: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> None:
        torch.set_num_threads(used)
        call()

    return run


def _by(path: str, call: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> None:
        os.environ["FANWISE_FAST"] = path
        call()

    return run
