"""What the report of ``initialize`` costs, and that it can be done without."""

import math
import subprocess
import sys

import pytest
import torch
from common.torch_recipes import ALL, SEED, network
from torch import nn

import fanwise.torch as init
from fanwise.adapters.torch.drawing import moments

#: Prints by how many bytes the memory of a process grows while it makes a report on 2^26 elements.
MEASURED = """
import resource, sys
import torch
import fanwise.torch as init

def most():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10

recipe = {"fanwise": 1, "rule": [{"match": "**", "init": "he_normal"}]}
small = torch.nn.Linear(1024, 1024, bias=False, dtype=torch.bfloat16)
init.initialize(small, recipe, seed=0)
layer = torch.nn.Linear(1 << 13, 1 << 13, bias=False, dtype=torch.bfloat16)
before = most()
FUNCTION
print(most() - before)
"""


def test_without_a_report_no_weight_is_read_again(monkeypatch):
    whole, model = network(), network()
    wanted = init.initialize(whole, ALL, seed=SEED)

    def read(_):
        raise AssertionError("a weight is read")

    monkeypatch.setattr(moments, "host_array", read)
    found = init.initialize(model, ALL, seed=SEED, report=False)
    for name, value in model.state_dict().items():
        assert torch.equal(value, whole.state_dict()[name])
    assert [row.path for row in found.rows] == [row.path for row in wanted.rows]
    assert [row.expected for row in found.rows] == [row.expected for row in wanted.rows]
    assert all(math.isnan(row.observed) for row in found.rows)
    with pytest.raises(AssertionError, match="is read"):
        init.initialize(network(), ALL, seed=SEED)


@pytest.mark.parametrize(
    "function", ["init.initialize(layer, recipe, seed=0)", "init.summary(layer)"]
)
def test_a_weight_is_not_copied_to_be_reported_on(function):
    script = MEASURED.replace("FUNCTION", function)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 64 << 20


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_what_the_core_does_not_read_is_read_by_torch(monkeypatch, dtype):
    monkeypatch.setattr(moments, "_PIECE", 1000)
    tensor = torch.randn(3, 50, 70).to(dtype) + 3
    both = [tensor, tensor.transpose(0, 2), tensor[:0]]
    wanted = moments.moments(both)
    monkeypatch.setattr(moments, "suits_host", lambda _: False)
    found = moments.moments(both)
    assert found.count == wanted.count == 2 * tensor.numel()
    assert (found.mean, found.std) == pytest.approx((wanted.mean, wanted.std), rel=1e-12)


def test_views_that_torch_negates_when_they_are_read():
    tensor = torch.randn(4, dtype=torch.complex64).conj().imag
    assert tensor.is_neg()
    assert moments.moments([tensor]).mean == pytest.approx(tensor.double().mean().item())


def test_weights_of_other_dtypes_are_in_the_summary():
    layer = nn.Module()
    layer.counts = nn.Parameter(torch.tensor([1, 2, 6]), requires_grad=False)
    layer.small = nn.Parameter(torch.tensor([1.0, 3.0]).to(torch.float8_e4m3fn))
    observed = {row.path: row.observed for row in init.summary(layer).rows}
    assert observed == pytest.approx({"counts": math.sqrt(14 / 3), "small": 1.0})
