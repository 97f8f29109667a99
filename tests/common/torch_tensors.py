"""Tensors of any strides and dtype, and their bits."""

import numpy as np
import torch
from hypothesis import strategies as st

import fanwise
from fanwise.adapters.torch.drawing.tensors import DTYPES
from fanwise.spec.registry import as_scheme

BY_NAME = {name: dtype for dtype, name in DTYPES.items()}


def bits(tensor):
    plain = tensor.detach().cpu()
    return (plain.view(torch.uint16) if plain.dtype is torch.bfloat16 else plain).numpy()


def expected(scheme, shape, *, dtype="float32", axes=None, **how):
    """What the core draws, with the axes that torch's door reads where none are given."""
    axes = as_scheme(scheme).pattern(axes, "torch")
    index = how.get("index", (slice(None),) * len(shape))
    part = tuple(len(range(*s.indices(n))) for s, n in zip(index, shape, strict=True))
    out = np.empty(part, np.uint16 if dtype == "bfloat16" else dtype)
    return fanwise.sample(scheme, shape, dtype=dtype, axes=axes, out=out, **how)


def same(found, wanted):
    """Equal to the bit: 0.0 and -0.0 differ."""
    return found.dtype == wanted.dtype and found.tobytes() == wanted.tobytes()


@st.composite
def views(draw):
    """A tensor with gaps and any order of axes, in a larger one, and its dtype."""
    shape = draw(st.lists(st.integers(0, 6), min_size=2, max_size=4))
    steps = [draw(st.integers(1, 3)) for _ in shape]
    order = draw(st.permutations(range(len(shape))))
    name = draw(st.sampled_from(sorted(BY_NAME)))
    base = torch.full([n * s + 1 for n, s in zip(shape, steps, strict=True)], 7.0)
    base = base.to(BY_NAME[name])
    return base, base[tuple(slice(1, None, s) for s in steps)].permute(order), name


def only_written(base, before, tensor):
    """Whether nothing was written beside the view."""
    before.as_strided(tensor.shape, tensor.stride(), tensor.storage_offset()).copy_(tensor)
    return torch.equal(base, before)
