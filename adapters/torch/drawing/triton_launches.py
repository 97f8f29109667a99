"""Launches of the Triton kernels: one weight by value, or many by a table on the device."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from functools import cache
from typing import Any, Final

import numpy as np
import torch
import triton.language as tl
from numpy.typing import NDArray

from fanwise.adapters.torch.drawing import triton_kernels
from fanwise.adapters.torch.drawing.triton_entries import DeviceEntry, Kind
from fanwise.core.quantile import columns

#: Tiles that a program draws at most, one after the other, in a launch of many weights.
SHARE: Final = 8
#: bfloat16 is stored by its bits.
_STORED: Final = {
    "float16": tl.float16,
    "bfloat16": tl.uint16,
    "float32": tl.float32,
    "float64": tl.float64,
}
#: Without these a product and a sum may become one rounding.
OPTIONS: Final = {"num_warps": 4, "enable_fp_fusion": False}


def launch(entries: Sequence[DeviceEntry], device: torch.device) -> None:
    """Draw parts of weights.

    One alone is launched with its numbers by value, and so are all of them in a CUDA graph: what
    it records must not read a table that the host has made meanwhile.

    Args:
        entries: on memory of the device.
        device: that holds them.
    """
    is_cuda = device.type == "cuda"
    with torch.cuda.device(device) if is_cuda else nullcontext():
        if len(entries) == 1 or (is_cuda and torch.cuda.is_current_stream_capturing()):
            for entry in entries:
                launch_one(entry, device, OPTIONS)
            return
        by_kind: dict[Kind, list[DeviceEntry]] = {}
        for entry in entries:
            by_kind.setdefault(entry.kind, []).append(entry)
        for kind, alike in by_kind.items():
            _launch_many(kind, alike, device)


def launch_one(entry: DeviceEntry, device: torch.device, options: dict[str, Any]) -> None:
    """Launch one entry, its numbers by value; the options are Triton's."""
    kernel = triton_kernels.fill_one[(entry.tiles,)]
    kernel(*entry.numbers, *table(device), **_form(entry.kind), **options)


def _launch_many(kind: Kind, entries: Sequence[DeviceEntry], device: torch.device) -> None:
    """Draw entries of one kind in one launch."""
    numbers = np.array([entry.numbers for entry in entries], np.int64)
    shares = _shares([entry.tiles for entry in entries])
    kernel = triton_kernels.fill_many[(len(shares),)]
    tables = (_on_device(numbers, device), _on_device(shares, device))
    kernel(*tables, *table(device), **_form(kind), **OPTIONS)


def _on_device(array: NDArray[Any], device: torch.device) -> torch.Tensor:
    """Copy an array to a device; not out of memory that the host must wait for."""
    host = torch.from_numpy(array)
    return host.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else host


def _shares(tiles: Iterable[int]) -> NDArray[np.int32]:
    """Share the tiles out: for each program its entry, its first tile, and how many it has."""
    counts = np.fromiter(tiles, np.int64)
    programs = -(-counts // SHARE)
    entry = np.repeat(np.arange(len(counts)), programs)
    number = np.arange(len(entry)) - np.repeat(np.cumsum(programs) - programs, programs)
    first = number * SHARE
    count = np.minimum(counts[entry] - first, SHARE)
    return np.stack((entry, first, count), 1).astype(np.int32)


def _form(kind: Kind) -> dict[str, Any]:
    """Return what a kernel of a kind is compiled for."""
    return {**kind._asdict(), "dtype": _STORED[kind.dtype]}


@cache
def table(device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the normative table on a device, which keeps it (24 KiB): heads, and both slopes."""
    c0, c1, c2 = columns()
    both = ((c1 << np.uint64(32)) | c2).view(np.int64)
    with torch.inference_mode(mode=False):
        heads = torch.from_numpy(c0.astype(np.int32)).to(device)
        return heads, torch.from_numpy(both).to(device)
