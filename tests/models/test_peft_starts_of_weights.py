"""The starts that peft works out from a weight are those of Fanwise, but for signs and rounding."""

import numpy as np
import peft
import pytest
import torch
from peft.utils import loftq_utils
from torch import nn
from transformers.pytorch_utils import Conv1D

import fanwise
from fanwise.core.quantized import eight_bits, four_bits

RANK, ALPHA = 8, 32


class Layers(nn.Module):
    """A linear layer, and one as of GPT-2, which is stored the other way round."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(64, 96)
        self.turned = Conv1D(64, 96)

    def forward(self, x):
        return self.turned(self.linear(x))


def adapted(start, name, dtype=torch.float32):
    """A layer of peft's, and the weight that it had before."""
    torch.manual_seed(0)
    model = Layers().to(dtype)
    weight = getattr(model, name).weight.detach().clone()
    config = peft.LoraConfig(
        r=RANK,
        lora_alpha=ALPHA,
        target_modules=[name],
        init_lora_weights=start,
        fan_in_fan_out=name == "turned",
    )
    return getattr(peft.get_peft_model(model, config).base_model.model, name), weight


CASES = [("pissa", "linear"), ("pissa", "turned"), ("olora", "linear")]


@pytest.mark.parametrize(("start", "name"), CASES)
def test_pissa_and_olora(start, name):
    layer, weight = adapted(start, name)
    theirs = [factor["default"].weight.detach().numpy() for factor in (layer.lora_A, layer.lora_B)]
    axes = "kernel" if name == "turned" else "torch"
    function = getattr(fanwise, start)
    a, b, base = function(weight, RANK, scaling=ALPHA / RANK, axes=axes)
    if name == "turned":
        a, b = a.T, b.T
    signs = np.sign((a * theirs[0]).sum(axis=1))
    # peft decomposes in float32, and singular vectors of near values turn the more by that.
    for mine, other, scale in ((signs[:, None] * a, theirs[0], 1), (b * signs, theirs[1], 1)):
        np.testing.assert_allclose(mine, other, atol=1e-3 * scale * np.abs(other).max())
    left = layer.base_layer.weight.detach().numpy()
    np.testing.assert_allclose(base, left, atol=1e-5 * np.abs(left).max())
    product = ALPHA / RANK * b @ a
    np.testing.assert_allclose(
        (product.T if name == "turned" else product) + base, weight.numpy(), atol=1e-7
    )


def test_a_model_of_half_precision_keeps_its_dtype():
    layer, weight = adapted("pissa", "linear", torch.bfloat16)
    a, _, base = fanwise.pissa(weight, RANK, scaling=ALPHA / RANK)
    assert base.dtype.name == "bfloat16"
    left = layer.base_layer.weight.detach().float().numpy()
    # The same number, rounded to 8 bits, but where it lies on the edge between two.
    assert np.mean(base.astype(np.float32) != left) < 0.01
    assert a.dtype == np.float32


@pytest.mark.parametrize(("bits", "quantize"), [(4, four_bits), (8, eight_bits)])
@pytest.mark.parametrize("iterations", [1, 3])
def test_loftq(bits, quantize, iterations):
    """peft's ``loftq_init`` needs a GPU: its loop, with its own decomposition, and our rounding."""
    _, weight = adapted("pissa", "linear")
    left = weight.clone()
    for _ in range(iterations):
        base = torch.from_numpy(quantize(left.numpy()))
        parts = loftq_utils._low_rank_decomposition(weight - base, reduced_rank=RANK)
        left = weight - parts["L"] @ parts["R"]
    a, b, mine = fanwise.loftq(weight, RANK, bits, iterations=iterations)
    product = (parts["L"] @ parts["R"]).numpy()
    if iterations == 1:
        np.testing.assert_array_equal(mine, base.numpy())
    # Later on, an element on the edge between two levels may fall on either side.
    assert np.mean(np.abs(mine - base.numpy()) > 1e-5) < 2e-3
    close = 1e-4 if iterations == 1 else 0.1
    np.testing.assert_allclose(b @ a, product, atol=close * np.abs(product).max())
