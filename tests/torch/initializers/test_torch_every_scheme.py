"""Every scheme by its door: the reference's bits, and no half of a weight where it is refused."""

import numpy as np
import pytest
import torch
from common.hostile_parameters import hostile_parameters

import fanwise
import fanwise.torch as ft
from fanwise.adapters.torch.drawing.tensors import DTYPES
from fanwise.conformance.vectors.examples import FIRST, example_of, examples
from fanwise.spec.axes import PATTERNS

EXAMPLES = {example.name: example for example in examples()}
LATER = [name for name, example in EXAMPLES.items() if example.entry.since != FIRST]
MARK = 7.5


def example(name):
    """Its parameters, its shape in torch's order, and its axes."""
    draw = example_of(EXAMPLES[name])
    entry = draw.scheme.entry
    shape = (3, 3, 8, 16) if name in ("dirac", "delta_orthogonal") else draw.shape
    if entry.axes is None and len(shape) > 1:
        shape = (shape[-1], shape[-2], *shape[:-2])
    return dict(entry.example), shape, entry.axes or "torch"


@pytest.mark.parametrize("name", LATER)
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_a_door_gives_the_bits_of_the_reference(name, dtype):
    params, shape, axes = example(name)
    members = EXAMPLES[name].entry.members
    path = "/".join(("layer", *members[:1], "weight"))
    filled = getattr(ft, f"{name}_")(torch.empty(shape, dtype=dtype), seed=5, path=path, **params)
    how = {"seed": 5, "path": path, "axes": axes, "dtype": DTYPES[dtype]}
    expected = fanwise.sample(fanwise.scheme(name, **params), shape, **how)
    bits = filled.view(torch.uint16) if dtype is torch.bfloat16 else filled
    assert bits.numpy().tobytes() == np.asarray(expected).tobytes()


def test_torchs_order_is_the_one_that_a_door_reads_without_axes():
    assert PATTERNS["torch"] == "out in *"


def refuses_or_fills(call, shape, what):
    """Whether a call refuses, and leaves the tensor; or else fills all of it with numbers."""
    tensor = torch.full(shape, MARK)
    try:
        call(tensor)
    except (fanwise.FanwiseError, TypeError) as error:
        assert (tensor == MARK).all(), what
        # Python's own, of a function without an argument that it needs.
        if type(error) is TypeError and "missing a required argument" not in str(error):
            raise
        return True
    assert torch.isfinite(tensor).all(), what
    return False


@pytest.mark.parametrize("name", LATER)
def test_what_is_wrong_is_refused_by_its_door_and_leaves_the_tensor(name):
    door, (_, shape, _) = getattr(ft, f"{name}_"), example(name)
    refused = [
        refuses_or_fills(lambda tensor: door(tensor, seed=1, **params), shape, what)  # noqa: B023
        for what, params in hostile_parameters(EXAMPLES[name].entry)
    ]
    assert any(refused) or not EXAMPLES[name].entry.parameters


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_wrong_is_refused_by_init_and_leaves_the_tensor(name):
    _, shape, _ = example(name)
    for what, params in hostile_parameters(EXAMPLES[name].entry):
        refuses_or_fills(
            lambda tensor: ft.init_(tensor, fanwise.scheme(name, **params), seed=1),  # noqa: B023
            shape,
            what,
        )
