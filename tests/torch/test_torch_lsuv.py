"""LSUV of torch models: Algorithm 1 of the paper, and what is left as it was."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

import fanwise
import fanwise.torch
from fanwise.spec.errors import FanwiseError

BATCH = torch.from_numpy(
    np.random.default_rng(0).standard_normal((64, 12)).astype(np.float32) * 3 + 1
)


def mlp(*widths, activation=nn.ReLU):
    layers = []
    for inputs, outputs in pairwise(widths):
        layers += [nn.Linear(inputs, outputs), activation()]
    return nn.Sequential(*layers[:-1])


def copies(model):
    return {name: value.clone() for name, value in model.state_dict().items()}


def assert_same(model, kept):
    for name, value in model.state_dict().items():
        assert torch.equal(value, kept[name]), name


def test_algorithm_1():
    """The paper's loop, written out: one more pass for each step, in the order of the layers."""
    model, twin = mlp(12, 40, 30, 5, activation=nn.Tanh), mlp(12, 40, 30, 5, activation=nn.Tanh)
    report = fanwise.torch.lsuv(model, BATCH, seed=3, tolerance=1e-3)
    with torch.no_grad():
        for number in (0, 2, 4):
            fanwise.torch.orthogonal_(twin[number].weight, seed=3, path=f"{number}/kernel")
            twin[number].bias.zero_()
        for number in (0, 2, 4):
            for _ in range(10):
                variance = twin[: number + 1](BATCH).double().var(correction=0).item()
                if abs(variance - 1) < 1e-3:
                    break
                twin[number].weight /= math.sqrt(variance)
    assert [row.path for row in report.layers] == ["0", "2", "4"]
    assert report.converged
    for row, number in zip(report.layers, (0, 2, 4), strict=True):
        torch.testing.assert_close(model[number].weight, twin[number].weight, rtol=1e-5, atol=1e-7)
        assert not model[number].bias.any()
        held = model[: number + 1](BATCH).double().var(correction=0).item()
        assert held == pytest.approx(row.after, rel=1e-4)
        assert held == pytest.approx(1, abs=1e-3)
        start = fanwise.sample(
            "orthogonal", model[number].weight.shape, seed=3, path=f"{number}/kernel", axes="torch"
        )
        np.testing.assert_allclose(
            model[number].weight.detach().numpy() / row.factor, start, rtol=1e-4, atol=1e-6
        )


class Everything(nn.Module):
    """A layer of each kind that is scaled, and many that are not."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(7, 12)
        self.conv = nn.Conv1d(1, 8, 3)
        self.norm = nn.BatchNorm1d(8)
        self.drop = nn.Dropout(0.5)
        self.deep = nn.Conv1d(8, 8, 3, groups=8)
        self.up = nn.ConvTranspose1d(8, 6, 3)
        self.attention = nn.MultiheadAttention(6, 2, batch_first=True)
        self.memory = nn.GRU(6, 6, batch_first=True)
        self.head = nn.Linear(6, 4)
        self.never = nn.Linear(3, 3)

    def forward(self, x):
        x = (x + self.words(torch.zeros(len(x), dtype=torch.long)))[:, None]
        x = self.up(self.deep(self.drop(self.norm(self.conv(x)).relu())).relu()).mT
        x = self.memory(self.attention(x, x, x)[0])[0]
        return self.head(x)


def test_what_is_scaled_and_what_is_left():
    model = Everything().train()
    model.norm.running_mean.uniform_()
    state = torch.random.get_rng_state()
    kept = copies(model)
    report = fanwise.torch.lsuv(model, BATCH, seed=0)
    assert [row.path for row in report.layers] == ["conv", "deep", "up", "head", "never"]
    assert report.converged
    for row in report.layers[:-1]:
        assert abs(row.after - 1) < 0.1
        assert row.class_name in ("Conv1d", "ConvTranspose1d", "Linear")
    assert report.layers[-1].note == "never called: not scaled"
    assert "never called" in str(report)
    assert {"words/embedding", "norm/scale", "attention/query/kernel"} <= {*report.left_alone}
    changed = {name for name, value in model.state_dict().items() if not value.equal(kept[name])}
    scaled = ("conv", "deep", "up", "head", "never")
    assert changed == {f"{name}.{part}" for name in scaled for part in ("weight", "bias")}
    assert model.training
    assert model.drop.training
    assert torch.equal(torch.random.get_rng_state(), state)
    assert not model.conv._forward_hooks


def test_modes_have_no_part_in_it():
    """Dropout and statistics of the batch would change what the layers after them get."""
    torch.manual_seed(0)
    model = Everything().train()
    twin = Everything().eval()
    twin.load_state_dict(model.state_dict())
    fanwise.torch.lsuv(model, BATCH, seed=0)
    fanwise.torch.lsuv(twin, BATCH, seed=0)
    assert_same(model, copies(twin))


def test_a_kernel_whose_first_owner_is_never_called():
    class Spare(nn.Module):
        def __init__(self):
            super().__init__()
            self.spare, self.used = nn.Linear(12, 6), nn.Linear(12, 6)
            self.used.weight = self.spare.weight

        def forward(self, x):
            return self.used(x)

    (row,) = fanwise.torch.lsuv(Spare(), BATCH, seed=0).layers
    assert (row.path, row.note) == ("spare", "shared with used")
    assert abs(row.after - 1) < 0.1


def test_the_weights_that_are_there():
    model = mlp(12, 20, 8)
    kept = copies(model)
    report = fanwise.torch.lsuv(model, BATCH, start=None, tolerance=0.01)
    for row, number in zip(report.layers, (0, 2), strict=True):
        expected = kept[f"{number}.weight"] * row.factor
        torch.testing.assert_close(model[number].weight.data, expected)
        assert torch.equal(model[number].bias.data, kept[f"{number}.bias"])
    again = fanwise.torch.lsuv(model, BATCH, start=None, tolerance=0.01)
    assert [row.passes for row in again.layers] == [0, 0]


def test_a_bias_that_takes_several_passes_or_more():
    model = nn.Linear(12, 4)
    with torch.no_grad():
        model.bias.copy_(torch.tensor([0.0, 1.0, 0.5, 1.5]))
    report = fanwise.torch.lsuv(model, BATCH, start=None, tolerance=1e-6, most=30)
    assert report.converged
    assert report.layers[0].passes > 1
    assert report.layers[0].path == ""
    with torch.no_grad():
        model.bias.mul_(100)
    report = fanwise.torch.lsuv(model, BATCH, start=None, most=3)
    assert not report.converged
    assert report.layers[0].passes == 3
    assert report.layers[0].note == "did not converge"


def test_a_layer_that_is_called_twice_and_a_kernel_of_two_layers():
    class Shared(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.twice, self.tied = (nn.Linear(12, 12) for _ in range(3))
            self.tied.weight = self.first.weight

        def forward(self, x):
            return self.tied(self.twice(self.twice(self.first(x)).relu()).relu())

    model = Shared()
    report = fanwise.torch.lsuv(model, BATCH, seed=0)
    assert [row.path for row in report.layers] == ["first", "twice"]
    assert "shared with tied" in report.layers[0].note
    assert "called 2 times" in report.layers[1].note
    assert model.tied.weight is model.first.weight
    signals = fanwise.torch.layer_check(model.eval(), BATCH).layers
    pooled = np.mean([row.activation**2 for row in signals if row.path == "twice"])
    # Of the last measurement: what is tied comes after it, and changed nothing since.
    assert pooled == pytest.approx(report.layers[1].after, rel=1e-4)


def test_what_does_not_train_or_is_loaded_or_left_out():
    model = mlp(12, 20, 20, 20, 4)
    model[0].requires_grad_(requires_grad=False)
    model[2].weight._is_hf_initialized = True
    model[2].bias._is_hf_initialized = True
    kept = copies(model)
    report = fanwise.torch.lsuv(model, BATCH, seed=0, exclude="4/*")
    assert [row.path for row in report.layers] == ["6"]
    assert {"0/kernel", "2/kernel", "4/kernel"} <= {*report.left_alone}
    for number in (0, 2, 4):
        assert torch.equal(model[number].weight.data, kept[f"{number}.weight"])
    only = fanwise.torch.lsuv(model, BATCH, start=None, only="4/kernel")
    assert [row.path for row in only.layers] == ["4"]


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_dtypes(dtype):
    model = mlp(12, 32, 8).to(dtype)
    assert fanwise.torch.lsuv(model, BATCH.to(dtype), seed=0).converged
    assert model[0].weight.dtype is dtype


def test_compiled_and_checkpointed_models_and_keywords():
    model = mlp(12, 16, 4)
    twin = mlp(12, 16, 4)
    fanwise.torch.lsuv(twin, BATCH, seed=0)
    fanwise.torch.lsuv(torch.compile(model, backend="eager"), keywords={"input": BATCH}, seed=0)
    assert_same(model, copies(twin))


FAULTS = {
    "zeros": (lambda: mlp(12, 8, 4), torch.zeros(3, 12), "an output that varies"),
    "NaN": (lambda: mlp(12, 8, 4), torch.full((3, 12), math.nan), "an output that varies"),
    "a wrong batch": (lambda: mlp(12, 8, 4), torch.zeros(3, 5), "a model that runs"),
    "nothing to scale": (lambda: nn.Sequential(nn.LayerNorm(12)), BATCH, "kernels of dense"),
    "weight norm": (
        lambda: nn.Sequential(parametrizations.weight_norm(nn.Linear(12, 4))),
        BATCH,
        "kernel that is stored as it is used",
    ),
    "meta": (lambda: mlp(12, 4).to("meta"), BATCH, "a model that has memory"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_on_an_error_the_model_is_as_it_was(fault):
    make, batch, said = FAULTS[fault]
    model = make()
    kept = {} if fault == "meta" else copies(model)
    with pytest.raises(FanwiseError, match=said) as caught:
        fanwise.torch.lsuv(model, batch, seed=0)
    assert caught.value.hint
    if kept:
        assert_same(model, kept)


def test_on_an_interrupt_the_model_is_as_it_was(monkeypatch):
    model = mlp(12, 16, 4)
    kept = copies(model)
    calls = []

    def interrupt(*_):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt

    model[2].register_forward_hook(interrupt)
    with pytest.raises(KeyboardInterrupt):
        fanwise.torch.lsuv(model, BATCH * 10, seed=0)
    assert_same(model, kept)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"seed": -1},
        {"seed": 0, "start": None},
        {"seed": 0, "start": "orthogonl"},
        {"seed": 0, "tolerance": 0},
        {"seed": 0, "tolerance": math.nan},
        {"seed": 0, "tolerance": "0.1"},
        {"seed": 0, "most": 0},
        {"seed": 0, "most": 1.5},
        {"seed": 0, "most": True},
        {"seed": 0, "only": "nowhere/*"},
        {"seed": 0, "keywords": [1]},
    ],
)
def test_bad_options(options):
    model = mlp(12, 4)
    kept = copies(model)
    with pytest.raises(FanwiseError) as caught:
        fanwise.torch.lsuv(model, BATCH, **options)
    assert caught.value.hint
    assert_same(model, kept)


def test_what_is_no_model():
    with pytest.raises(FanwiseError, match=r"torch\.nn\.Module"):
        fanwise.torch.lsuv(BATCH, BATCH, seed=0)


def test_the_report_as_data():
    report = fanwise.torch.lsuv(mlp(12, 16, 4), BATCH, seed=0)
    data = report.to_dict()
    assert data["converged"] is True
    assert data["layers"][0]["path"] == "0"
    assert str(report).splitlines()[0].split() == [
        *("layer", "class", "before", "after", "factor", "passes", "note")
    ]
