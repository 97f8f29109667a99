"""What is compared on a GPU: torch, JAX and Keras, each with its own, and with a plain fill."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch
from common import gpu_device
from gpu_times import GpuTime, on_device, on_host
from torch import nn

import fanwise.torch as ours
from fanwise import scheme
from fanwise.adapters.torch.drawing import device as operations
from fanwise.adapters.torch.drawing import triton_launches
from fanwise.adapters.torch.drawing.engines import Setting, Source, write
from fanwise.adapters.torch.drawing.triton_entries import forms
from fanwise.spec.resolved import resolve

REHEARSED = gpu_device.REHEARSED
NAMES = ("uniform_", "normal_", "kaiming_normal_", "trunc_normal_")
#: A rehearsal has the same cases, of few elements.
SIDES = (8, 12) if REHEARSED else (256, 1024, 4096, 16384)
LARGE = SIDES[-1]
DTYPES = (torch.float32, torch.bfloat16, torch.float16, torch.float64)
LAWS = {"uniform": scheme("uniform", low=-1.0, high=1.0), "normal": scheme("normal")}
#: Of the tiles that are tried: rows, blocks of each, warps.
TILES = {
    "along": ((1, 256, 4), (1, 512, 4), (1, 1024, 4), (1, 512, 8), (1, 512, 2)),
    "across": ((128, 4, 4), (128, 8, 4), (256, 2, 4), (256, 4, 8), (64, 8, 4)),
}


def busy(call: Callable[[], Any]) -> float:
    """Return the microseconds that the device works."""
    return on_device(call, rehearsed=REHEARSED)


def called(call: Callable[[], Any]) -> float:
    """Return the microseconds from one call to the next, where they follow each other."""
    return on_host(call, wait=gpu_device.synchronize, long=0.0 if REHEARSED else 0.02)


def empty(*shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """Make a tensor on the device."""
    return torch.empty(shape, dtype=dtype, device=gpu_device.NAME)


def torch_cases() -> Iterator[GpuTime]:
    """Functions of torch.nn.init, by size, dtype and storage; the stream in torch operations."""
    for name in NAMES:
        for side in SIDES:
            yield _torch(name, empty(side, side))
        yield _torch(name, empty(LARGE, LARGE).T, "transposed")
    for dtype in DTYPES[1:]:
        for name in NAMES[:2]:
            yield _torch(name, empty(LARGE, LARGE, dtype=dtype))
    tensor = empty(SIDES[-2], SIDES[-2])
    resolved = resolve(scheme("he_normal"), tuple(tensor.shape), "torch")
    whole = (slice(None), slice(None))
    how = {"seed": 0, "path": None}
    by_operations = busy(
        lambda: operations.fill(tensor, resolved.law, resolved.layout, whole, **how)
    )
    by_kernels = busy(lambda: ours.init_(tensor, "he_normal", seed=0))
    yield GpuTime("torch", "the kernels for torch's operations", by_kernels, by_operations, None)
    small = empty(64, 64)
    for name in NAMES[:2]:
        own, theirs = getattr(ours, name), getattr(nn.init, name)
        times = (called(lambda own=own: own(small)), called(lambda f=theirs: f(small)))
        yield GpuTime("torch", f"{name} 64 × 64, called", *times, None)


def _torch(name: str, tensor: torch.Tensor, more: str = "") -> GpuTime:
    own, theirs = getattr(ours, name), getattr(nn.init, name)
    dtype = str(tensor.dtype).removeprefix("torch.")
    case = f"{name} {tensor.shape[0]} × {tensor.shape[1]} {dtype} {more}".rstrip()
    return GpuTime(
        "torch",
        case,
        busy(lambda: own(tensor)),
        busy(lambda: theirs(tensor)),
        busy(lambda: tensor.fill_(0.5)),
    )


def model_cases() -> Iterator[GpuTime]:
    """148 tensors of GPT-2, and 500 small ones: in one pass, one by one, in a graph."""
    shapes = {
        "GPT-2": [s for _ in range(12) for s in ((2304, 768), (768, 768), (3072, 768), (768, 3072))]
        + [(50257, 768), (1024, 768)],
        "500 of 64 × 64": [(64, 64)] * 500,
    }
    for name, sizes in shapes.items():
        cut = [(a // 96 + 1, b // 96 + 1) for a, b in sizes[:6]] if REHEARSED else sizes
        tensors = [empty(*size) for size in cut]
        normal = scheme("normal", std=0.02)

        def together(tensors: Any = tensors, normal: Any = normal, name: str = name) -> None:
            settings = [Setting.of(t, normal, path=f"{name}/{n}") for n, t in enumerate(tensors)]
            write(settings, Source(0))

        def one_by_one(tensors: Any = tensors, name: str = name) -> None:
            for n, t in enumerate(tensors):
                ours.normal_(t, std=0.02, seed=0, path=f"{name}/{n}")

        def theirs(tensors: Any = tensors) -> None:
            for t in tensors:
                nn.init.normal_(t, std=0.02)

        def filled(tensors: Any = tensors) -> None:
            for t in tensors:
                t.fill_(0.5)

        own = called(theirs), called(filled)
        yield GpuTime("torch, models", f"{name}, in few launches", called(together), *own)
        yield GpuTime("torch, models", f"{name}, one by one", called(one_by_one), *own)
        replay = gpu_device.captured(one_by_one)
        yield GpuTime("torch, models", f"{name}, as a CUDA graph", called(replay), *own)


@dataclass(frozen=True)
class _Tile:
    rows: int
    quads: int
    warps: int


def tile_cases() -> Iterator[GpuTime]:
    """Other tiles than those that the kernels have, to choose from."""
    for law in LAWS:
        for way, tiles in TILES.items():
            for dtype in DTYPES[:2]:
                tensor = empty(LARGE, LARGE, dtype=dtype)
                fill = busy(lambda tensor=tensor: tensor.fill_(0.5))
                for tile in tiles:
                    yield _tiled(law, way, tensor, _Tile(*tile), fill)


def _tiled(law: str, way: str, tensor: torch.Tensor, tile: _Tile, fill: float) -> GpuTime:
    name = str(tensor.dtype).removeprefix("torch.")
    axes = "kernel" if way == "along" else "torch"
    resolved = resolve(
        scheme(law, **({"low": -1.0} if law == "uniform" else {})), (LARGE,) * 2, axes
    )
    (form,) = forms(resolved, None, tensor.stride(), name, aligned=True)
    kind = form.kind._replace(in_rows=tile.rows, quads=tile.quads)
    rows, length = form.geometry[:2]
    tiles = -(-rows // tile.rows) * -(-((length + 3) // 4) // tile.quads)
    entry = replace(form, kind=kind, tiles=tiles).entry(tensor.data_ptr(), (0, 0))
    options = {**triton_launches.OPTIONS, "num_warps": tile.warps}
    took = busy(lambda: triton_launches.launch_one(entry, tensor.device, options))
    return GpuTime(
        "tiles",
        f"{law} {way} {name} {tile.rows} × {tile.quads}, {tile.warps} warps",
        took,
        None,
        fill,
    )


def jax_cases() -> Iterator[GpuTime]:
    """Compiled functions of jax.random, of the same sizes; what XLA makes of ours."""
    import jax
    import jax.numpy as jnp

    import fanwise.jax

    key = jax.random.key(0)
    pairs = {
        "uniform": (jax.nn.initializers.he_uniform, fanwise.jax.he_uniform),
        "normal": (jax.nn.initializers.he_normal, fanwise.jax.he_normal),
    }
    for name, (theirs, own) in pairs.items():
        for side in SIDES[1:]:
            for dtype in (jnp.float32, jnp.bfloat16):
                times = [
                    called(lambda f=f: f(key).block_until_ready())
                    for f in (
                        _compiled(own(), (side, side), dtype),
                        _compiled(theirs(), (side, side), dtype),
                        jax.jit(lambda _, s=(side, side), d=dtype: jnp.full(s, 0.5, d)),
                    )
                ]
                yield GpuTime("jax", f"he_{name} {side} × {side} {dtype.__name__}", *times)
        made = _compiled(own(), (LARGE, LARGE), jnp.float32).lower(key).compile()
        temporary = made.memory_analysis().temp_size_in_bytes
        fusions = made.as_text().count(f"f32[{LARGE},{LARGE}]{{1,0}} fusion(")
        assert temporary < 1 << 16, f"{temporary} bytes beside the weight"
        assert fusions == 1, f"{fusions} fusions"


def _compiled(initializer: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    import jax

    return jax.jit(lambda key: initializer(key, shape, dtype))


def keras_cases() -> Iterator[GpuTime]:
    """Keras's own initializers, called as layers call them, on the backend of this process."""
    import keras

    import fanwise.keras

    side = SIDES[-2]
    for name in ("HeUniform", "HeNormal", "TruncatedNormal"):
        theirs, own = getattr(keras.initializers, name), getattr(fanwise.keras, name)

        def drawn(made: Any) -> Any:
            return keras.ops.convert_to_numpy(made((side, side))[:1, :1])

        times = [called(lambda f=f: drawn(f)) for f in (own(seed=0), theirs(seed=0))]
        backend = keras.config.backend()
        yield GpuTime(f"keras, {backend}", f"{name} {side} × {side}, eager", *times, None)
