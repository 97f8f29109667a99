"""Tensors of every kind, and what a file of them must read as."""

from __future__ import annotations

import numpy as np
import torch

from fanwise.adapters.files import open_tensors

_FLOATS_OF_8_BITS = (
    torch.float8_e4m3fn,
    torch.float8_e5m2,
    torch.float8_e4m3fnuz,
    torch.float8_e5m2fnuz,
)


def tensors_of_every_dtype():
    """Return contiguous tensors."""
    torch.manual_seed(0)
    every_byte = torch.arange(256, dtype=torch.uint8)
    normal = torch.randn(7, 6)
    return {
        **{f"f8/{dtype}": every_byte.clone().view(dtype) for dtype in _FLOATS_OF_8_BITS},
        **{str(d): normal.to(d) for d in (torch.float16, torch.bfloat16, torch.float32)},
        "double": normal.double() * 1e300,
        **{
            str(d): (normal * 50).to(d)
            for d in (torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8)
        },
        "uint16": torch.arange(5).to(torch.uint16),
        "bool": normal > 0,
        "scalar": torch.tensor(3.5),
        "empty": torch.zeros(0, 3),
        "strange": torch.tensor([float("nan"), float("inf"), -0.0, 1e-45]),
    }


def tensors_in_any_order():
    """Return tensors that are parts of others, turned, or share what they hold."""
    torch.manual_seed(1)
    base = torch.randn(60, 40)
    return {
        "turned": base.t(),
        "part": base[10:20, 3:9],
        "permuted": base.view(6, 10, 40).permute(2, 0, 1),
        "spread": base[0].unsqueeze(0).expand(3, 40),
        "every third": base.flatten()[::3],
        "convolution": torch.randn(4, 3, 5, 5).to(memory_format=torch.channels_last),
        "tied": base,
    }


def assert_holds(path, tensors):
    """Check that a file holds just these tensors of torch: all of each, and blocks of them."""
    with open_tensors(path) as file:
        assert set(file.tensors) == set(tensors)
        for name, tensor in tensors.items():
            there = file.tensors[name]
            assert there.name == name
            assert there.shape == tuple(tensor.shape)
            assert there.dtype == str(tensor.dtype).removeprefix("torch.")
            assert_reads(there, values_of(tensor))
    return file


def assert_reads(tensor, values):
    """Check all that a stored tensor reads as, and some blocks."""
    np.testing.assert_array_equal(tensor.read(()), values, strict=True)
    if values.size and values.ndim:
        np.testing.assert_array_equal(tensor.read((0,)), values[0])
        half = slice(values.shape[0] // 2, values.shape[0])
        np.testing.assert_array_equal(tensor.read((half,)), values[half])
        last = (half, *[slice(0, 1)] * (values.ndim - 1))
        np.testing.assert_array_equal(tensor.read(last), values[last])


def values_of(tensor):
    """Return what NumPy has of a tensor of torch; float32 where it has nothing."""
    try:
        return tensor.detach().numpy()
    except TypeError:
        return tensor.detach().float().numpy()
