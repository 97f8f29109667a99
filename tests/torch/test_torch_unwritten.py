"""`unwritten` finds what a start of a torch model leaves as it was in memory."""

import random

import numpy as np
import pytest
import torch
from torch import nn

import fanwise.torch
from fanwise.spec import FanwiseError


class Stack(nn.Module):
    """Tensors of many kinds."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(3, 4))
        self.tied = self.weight
        self.short = nn.Parameter(torch.empty(5, dtype=torch.bfloat16))
        self.phase = nn.Parameter(torch.empty(2, dtype=torch.complex64))
        self.scale = nn.Parameter(torch.empty(()))
        self.register_buffer("mask", torch.ones(3, 3, dtype=torch.bool))
        self.register_buffer("steps", torch.arange(4))
        self.register_buffer("inv_freq", 1 / 10 ** torch.arange(3), persistent=False)
        self.table = torch.arange(6.0)
        self.none = nn.Parameter(torch.empty(0, 3))
        self.listed = [self.short]


NAMES = ("weight", "short", "phase", "scale", "mask", "steps", "inv_freq", "table")


def write(model, left_out=()):
    """Write all tensors but some."""
    with torch.no_grad():
        for name in NAMES:
            if name not in left_out:
                tensor = getattr(model, name)
                tensor.copy_(torch.ones(tensor.shape).to(tensor.dtype))


def rows_of(factory, init=None, **options):
    result = fanwise.torch.unwritten(factory, init, **options)
    assert result.passed == (not result.rows)
    return {row.name: row for row in result.rows}


def test_a_start_that_writes_everything_passes():
    result = fanwise.torch.unwritten(Stack, write)
    assert result.passed
    assert result.judged == len(NAMES) + 1
    assert str(result) == "0 of 9 tensors are not set."


@pytest.mark.parametrize("name", NAMES)
def test_a_tensor_that_is_left_out_is_found_whatever_its_dtype(name):
    rows = rows_of(Stack, lambda model: write(model, {name}))
    assert set(rows) == {name}
    assert rows[name].outcome == "unwritten"
    assert rows[name].count == max(1, getattr(Stack(), name).numel())


def test_the_kind_of_each_tensor_is_told():
    kinds = {name: row.kind for name, row in rows_of(Stack, lambda model: None).items()}
    assert kinds == {
        **dict.fromkeys(("weight", "short", "phase", "scale"), "parameter"),
        **dict.fromkeys(("mask", "steps", "inv_freq"), "buffer"),
        "table": "attribute",
    }


def test_elements_that_are_left_out_are_counted_and_the_first_named():
    def start(model):
        write(model, {"weight"})
        with torch.no_grad():
            model.weight[1:, :2] = 0

    (row,) = rows_of(Stack, start).values()
    assert (row.name, row.outcome, row.count, row.first) == (
        "weight",
        "partly unwritten",
        8,
        (0, 0),
    )
    assert str(row) == (
        "weight (parameter, [3, 4]): nobody wrote some elements: 8 of 12, first [0, 0]"
    )


def test_a_tie_is_one_tensor_and_is_written_by_either_name():
    def start(model):
        write(model, {"weight"})
        nn.init.ones_(model.tied)
        assert model.tied is model.weight

    assert rows_of(Stack, start) == {}


def test_a_tensor_in_a_list_is_the_one_of_the_model():
    def start(model):
        write(model, {"short"})
        nn.init.ones_(model.listed[0])

    assert rows_of(Stack, start) == {}


def test_what_is_computed_from_memory_is_found():
    def start(model):
        write(model, {"weight"})
        with torch.no_grad():
            model.weight.mul_(2)

    (row,) = rows_of(Stack, start).values()
    assert (row.name, row.outcome) == ("weight", "reads memory")


def test_a_scale_of_one_writes_nothing():
    def start(model):
        write(model, {"weight"})
        with torch.no_grad():
            model.weight.mul_(1)

    assert rows_of(Stack, start)["weight"].outcome == "unwritten"


def test_what_differs_under_one_seed_is_found():
    def start(model):
        write(model)
        generator = torch.Generator().manual_seed(entropy.getrandbits(63))
        nn.init.normal_(model.weight, generator=generator)

    entropy = random.SystemRandom()
    (row,) = rows_of(Stack, start).values()
    assert (row.name, row.outcome) == ("weight", "not repeatable")


def test_what_the_global_generators_draw_is_repeatable():
    def start(model):
        write(model)
        with torch.no_grad():
            model.weight.normal_()
            model.table.fill_(random.random())
            model.scale.fill_(np.random.rand())  # noqa: NPY002 (what layers use)

    assert rows_of(Stack, start) == {}


def test_no_generator_is_moved():
    before = torch.get_rng_state(), random.getstate(), str(np.random.get_state())  # noqa: NPY002
    fanwise.torch.unwritten(lambda: nn.Linear(3, 4))
    assert torch.equal(before[0], torch.get_rng_state())
    assert before[1] == random.getstate()
    assert before[2] == str(np.random.get_state())  # noqa: NPY002


def test_a_start_that_returns_another_model_is_judged_by_it():
    def start(model):
        other = nn.Linear(3, 4)
        other.weight = nn.Parameter(model.weight.data)
        return other

    rows = rows_of(lambda: nn.Linear(3, 4), start)
    assert {name: row.outcome for name, row in rows.items()} == {"weight": "unwritten"}


def test_what_a_start_leaves_on_the_meta_device_is_unwritten():
    def start(model):
        model.weight = nn.Parameter(torch.empty(4, 3, device="meta"))
        nn.init.zeros_(model.bias)

    rows = rows_of(lambda: nn.Linear(3, 4), start)
    assert {name: row.outcome for name, row in rows.items()} == {"weight": "unwritten"}


def test_what_has_values_already_is_kept():
    def build():
        layer = nn.Linear(3, 4)
        layer.register_buffer("known", torch.ones(2, device="cpu"))
        return layer

    assert rows_of(build) == {}


def test_requires_grad_and_marks_survive():
    def build():
        layer = nn.Linear(3, 4)
        layer.weight.requires_grad_(False)
        layer.weight.mark = "ours"
        return layer

    def start(model):
        assert not model.weight.requires_grad
        assert model.weight.mark == "ours"
        assert isinstance(model.weight, nn.Parameter)
        model.reset_parameters()

    assert rows_of(build, start) == {}


@pytest.mark.parametrize(
    "build",
    [
        lambda: nn.Linear(3, 4),
        lambda: nn.Bilinear(3, 4, 5),
        lambda: nn.Conv2d(3, 4, 3, groups=1),
        lambda: nn.ConvTranspose2d(4, 4, 3),
        lambda: nn.Embedding(5, 3, padding_idx=1),
        lambda: nn.EmbeddingBag(5, 3),
        lambda: nn.LayerNorm(4),
        lambda: nn.GroupNorm(2, 4),
        lambda: nn.RMSNorm(4),
        lambda: nn.BatchNorm2d(4),
        lambda: nn.InstanceNorm2d(4, affine=True, track_running_stats=True),
        lambda: nn.LSTM(3, 4, num_layers=2, bidirectional=True, proj_size=2),
        lambda: nn.GRUCell(3, 4),
        lambda: nn.MultiheadAttention(4, 2),
        lambda: nn.MultiheadAttention(4, 2, kdim=3, vdim=5, add_bias_kv=True),
        lambda: nn.TransformerEncoderLayer(4, 2, 8),
    ],
)
def test_torchs_own_layers_reset_all_they_have(build):
    assert rows_of(build) == {}


def test_a_prelu_resets_itself_and_its_slope_is_written():
    assert rows_of(lambda: nn.Sequential(nn.Linear(2, 2), nn.PReLU())) == {}


def test_recurrent_layers_run_on_the_memory_that_was_set():
    def start(model):
        model.reset_parameters()
        assert model(torch.zeros(2, 1, 3))[0].isfinite().all()

    assert rows_of(lambda: nn.LSTM(3, 4), start) == {}


@pytest.mark.filterwarnings("ignore:.*weight_norm")
@pytest.mark.parametrize(
    "weight_norm", [nn.utils.weight_norm, nn.utils.parametrizations.weight_norm]
)
def test_weight_norm_is_judged_by_what_it_stores(weight_norm):
    def start(model):
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.fill_(1)

    assert rows_of(lambda: weight_norm(nn.Linear(3, 4)), start) == {}
    assert len(rows_of(lambda: weight_norm(nn.Linear(3, 4)), lambda model: None)) == 3


def test_a_lazy_parameter_is_named_and_not_judged():
    result = fanwise.torch.unwritten(
        lambda: nn.Sequential(nn.Linear(3, 4), nn.LazyLinear(2)),
        lambda model: model[0].reset_parameters(),
    )
    assert result.passed
    assert result.skipped == ("1.weight", "1.bias")
    assert "1.weight: not looked at" in str(result)


def test_a_result_can_be_written_as_json():
    result = fanwise.torch.unwritten(lambda: nn.Linear(3, 4), lambda model: None)
    data = result.to_dict()
    assert not data["passed"]
    assert data["rows"][0] == {
        "name": "weight",
        "kind": "parameter",
        "outcome": "unwritten",
        "shape": [4, 3],
        "count": 12,
        "first": [0, 0],
    }


def test_escapes_in_names_are_printed_as_such():
    def build():
        layer = nn.Linear(3, 4)
        layer.register_parameter("a\x1b[2J", nn.Parameter(torch.empty(2)))
        return layer

    assert "\x1b" not in str(fanwise.torch.unwritten(build, lambda model: None))


def raises_on_meta():
    layer = nn.Linear(3, 4)
    layer.number = layer.weight.sum().item()
    return layer


@pytest.mark.parametrize(
    ("factory", "init", "words"),
    [
        (raises_on_meta, None, "The model cannot be built on the meta device"),
        (nn.Linear(3, 4), None, "a function that builds the model"),
        (lambda: 3, None, "a factory of a torch module"),
        (lambda: nn.Linear(3, 4), 3, "a function of the model"),
        (lambda: nn.Linear(3, 4), lambda model: 1 / 0, "a start that runs"),
        (lambda: nn.Identity(), None, "a model that can start itself"),
    ],
)
def test_what_cannot_be_built_or_started_is_told(factory, init, words):
    with pytest.raises(FanwiseError, match=words):
        fanwise.torch.unwritten(factory, init)


def test_a_model_without_tensors_has_nothing_to_pass():
    assert not fanwise.torch.unwritten(nn.Identity, lambda model: None).passed


def test_a_factory_that_wants_something_is_told_to_take_nothing():
    with pytest.raises(FanwiseError, match=r"a function of nothing .* one that wants rngs"):
        fanwise.torch.unwritten(lambda rngs: None, None)
