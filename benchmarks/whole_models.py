"""What ``initialize`` costs on whole models of torch, in time and in memory.

    python benchmarks/whole_models.py

For GPT-2 124M and for 500 layers of 64 × 64: milliseconds, and how many times as much as drawing
the same weights in one pass, and as calling a function for each. For a billion weights in
bfloat16: seconds, how many times as much as torch's own start, and by how many MiB the peak memory
of the process grows while it runs, beyond what the model itself takes. All ways are timed in turn,
and the shortest time of each counts: a busy machine makes some of them longer, none shorter.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import torch
from torch import nn

import fanwise.torch as ours
from fanwise import Scheme, scheme
from fanwise.adapters.torch.drawing.engines import Setting, Source, write

from models import gpt2, small_layers, small_tensors

ROUNDS: Final = 15
#: Of the model of a billion weights.
WIDE, DEEP, WORDS = 2048, 14, 32000

RECIPE: Final = {
    "fanwise": 1,
    "rule": [
        {"role": "bias", "init": "zeros", "name": "bias"},
        {"role": "offset", "init": "zeros", "name": "offset"},
        {"role": "scale", "init": "ones", "name": "scale"},
        {"match": "**", "init": {"scheme": "normal", "std": 0.02}},
    ],
    "allow": {"unused": ["bias", "offset", "scale"]},
}
#: The same by hand: the end of a parameter's name in torch and its role, to the scheme.
SCHEMES: Final[dict[str, Scheme]] = {
    "bias": scheme("zeros"),
    "scale": scheme("ones"),
    "kernel": scheme("normal", std=0.02),
}


def billion() -> nn.Module:
    """Build a model of a billion weights in bfloat16, all of its memory in use."""
    sizes = [(WIDE, WIDE)] * 4 + [(WIDE, 4 * WIDE)] * 2 + [(4 * WIDE, WIDE)]
    with torch.device("meta"):
        layers = [nn.Linear(*size, bias=False) for _ in range(DEEP) for size in sizes]
        model = nn.Sequential(nn.Embedding(WORDS, WIDE), *layers).to(torch.bfloat16)
    model = model.to_empty(device="cpu")
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    return model


def ways(model: nn.Module) -> dict[str, Callable[[], Any]]:
    """Return the ways to start a model, the ones to compare with first."""
    tensors = [(role, path, tensor) for role, path, tensor in _named(model)]
    functions = {"bias": ours.zeros_, "scale": ours.ones_}

    def in_one_pass() -> None:
        write([Setting.of(t, SCHEMES[role], path=path) for role, path, t in tensors], Source(0))

    def by_functions() -> None:
        for role, path, tensor in tensors:
            if role in functions:
                functions[role](tensor, seed=0, path=path)
            else:
                ours.normal_(tensor, std=0.02, seed=0, path=path)

    return {
        "in one pass": in_one_pass,
        "function by function": by_functions,
        "initialize, report=False": lambda: ours.initialize(model, RECIPE, seed=0, report=False),
        "initialize": lambda: ours.initialize(model, RECIPE, seed=0),
        "torch's own start": lambda: reset(model),
    }


def reset(model: nn.Module) -> None:
    """Start a model as torch does."""
    for layer in model.modules():
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()


def _named(model: nn.Module) -> Iterator[tuple[str, str, torch.Tensor]]:
    """Give each parameter with its role and its canonical path."""
    for name, parameter in model.named_parameters():
        owner, _, last = name.rpartition(".")
        is_norm = isinstance(model.get_submodule(owner), nn.LayerNorm)
        role = "bias" if last == "bias" else "scale" if is_norm else "kernel"
        words = name.replace(".", "/").removesuffix("weight")
        yield role, words if role == "bias" else f"{words}{role}", parameter


def compare(title: str, model: nn.Module) -> None:
    """Print a line for each way to start a model."""
    calls = ways(model)
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(ROUNDS):
        for name, call in calls.items():
            best[name] = min(best[name], _seconds(call))
    print(f"{title:35} {'ms':>8} {'one pass':>9} {'functions':>9}")
    for name, seconds in best.items():
        ratios = (seconds / best[other] for other in ("in one pass", "function by function"))
        print(f"  {name:33} {seconds * 1e3:8.1f}", *(f"{ratio:9.2f}" for ratio in ratios))


def compare_billion() -> None:
    """Print what the ways to start a billion weights take, each in a process of its own."""
    names = ("initialize, report=False", "initialize", "summary", "torch's own start")
    found = {}
    for name in names:
        out = subprocess.check_output([sys.executable, __file__, name], text=True)
        found[name] = json.loads(out)
    print(f"{'1.0e9 in bfloat16':35} {'s':>8} {'torch':>9} {'MiB more':>9}")
    for name, (seconds, more) in found.items():
        ratio = seconds / found["torch's own start"][0]
        print(f"  {name:33} {seconds:8.2f} {ratio:9.2f} {more:9.0f}")


def measure_billion(name: str) -> None:
    """Print the time and the memory that one way takes, as JSON."""
    calls: dict[str, Callable[[nn.Module], Any]] = {
        "initialize, report=False": lambda m: ours.initialize(
            m, "torch_default", seed=0, report=False
        ),
        "initialize": lambda m: ours.initialize(m, "torch_default", seed=0),
        "summary": ours.summary,
        "torch's own start": reset,
    }
    call = calls[name]
    # What is loaded once, and kept by each thread, is not the model's.
    call(nn.Sequential(nn.Embedding(9, 1024), nn.Linear(1024, 4096, bias=False)).bfloat16())
    model = billion()
    before = _peak()
    seconds = min(_seconds(lambda: call(model)) for _ in range(3))
    print(json.dumps([seconds, (_peak() - before) / 2**20]))


def _peak() -> int:
    """Return the most bytes of memory that this process has used."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _seconds(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main() -> None:
    """Print all comparisons."""
    compare("GPT-2 124M", gpt2())
    compare("500 layers of 64 × 64", small_layers())
    compare("500 tensors of 64 × 64", small_tensors())
    compare_billion()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure_billion(sys.argv[1])
    else:
        main()
