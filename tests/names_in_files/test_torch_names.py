"""State dicts of torch by names alone, against what the modules themselves say."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn

from fanwise.adapters.named_weights import framework_of, named_weights
from fanwise.adapters.stored_weights import StoredTensor
from fanwise.adapters.torch.stored_weights import stored_tensors, stored_weights
from fanwise.spec.axes import layout
from fanwise.spec.errors import FanwiseError

#: torch warns of its own older doors.
pytestmark = [
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


class Gpt2Layer(nn.Module):
    """A matrix of (in, out), as GPT-2's."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(inputs, outputs))
        self.bias = nn.Parameter(torch.zeros(outputs))


class RMSNorm(nn.Module):
    """A gain alone, as every library has its own class of."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))


def _attention_and_more() -> nn.Module:
    return nn.Transformer(16, 4, 2, 2, 40, batch_first=True)


def _convolutions() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16), nn.Conv2d(16, 8, 1), nn.ConvTranspose2d(8, 4, 2)
    )


def _recurrences() -> nn.Module:
    return nn.ModuleDict(
        {
            "a": nn.LSTM(6, 5, 2, bidirectional=True),
            "b": nn.GRU(6, 5),
            "c": nn.RNN(6, 5, bias=False),
            "d": nn.LSTM(6, 8, proj_size=3),
            "e": nn.LSTMCell(4, 3),
        }
    )


def _language_model() -> nn.Module:
    return nn.ModuleDict(
        {
            "wte": nn.Embedding(50, 16),
            "h": nn.ModuleList(
                nn.ModuleDict({"c_attn": Gpt2Layer(16, 48), "c_proj": Gpt2Layer(16, 16)})
                for _ in range(2)
            ),
            "ln_f": nn.LayerNorm(16),
            "norm": RMSNorm(16),
            "head": nn.Linear(16, 50),
        }
    )


def _separate_attention() -> nn.Module:
    return nn.ModuleDict(
        {"self_attn": nn.MultiheadAttention(8, 2, kdim=6, vdim=4, add_bias_kv=True)}
    )


MODELS: dict[str, Callable[[], nn.Module]] = {
    "attention": _attention_and_more,
    "attention apart": _separate_attention,
    "convolutions": _convolutions,
    "recurrences": _recurrences,
    "language model": _language_model,
}


@pytest.mark.parametrize("name", MODELS)
def test_names_say_what_the_modules_say(name: str) -> None:
    model = MODELS[name]()
    truth = {stored.weight.path: stored for stored in stored_weights(model)}
    named = {stored.weight.path: stored for stored in named_weights(_tensors(model))}
    assert named.keys() == truth.keys()
    for path, stored in truth.items():
        ours, theirs = named[path].weight, stored.weight
        assert ours.shape == theirs.shape
        if not theirs.role:  # a square matrix, of which the module says nothing: others may
            assert ours.guess.endswith("beside modules like it"), path
            continue
        assert ours.role == theirs.role
        assert ours.kind == theirs.kind or ours.guess
        assert layout(ours.shape, ours.axes) == layout(theirs.shape, theirs.axes), path
        assert ours.fans == theirs.fans or ours.guess
        assert np.array_equal(named[path].values(), stored.values())


@pytest.mark.parametrize(
    "wrapped",
    [nn.DataParallel, torch.compile, lambda model: nn.DataParallel(torch.compile(model))],
    ids=["parallel", "compiled", "both"],
)
def test_wrappers_have_no_part_in_paths(wrapped: Callable[[nn.Module], nn.Module]) -> None:
    model = wrapped(nn.Sequential(nn.Linear(3, 2)))
    assert _paths(_tensors(model)) == ["0/kernel", "0/bias"]


def test_a_state_dict_in_a_checkpoint_is_found_below_its_key() -> None:
    tensors = _tensors(nn.Sequential(nn.Linear(3, 2)))
    assert _paths({f"state_dict.{n}": t for n, t in tensors.items()}) == ["0/kernel", "0/bias"]


@pytest.mark.parametrize("wrap", [nn.utils.weight_norm, nn.utils.parametrizations.weight_norm])
def test_a_normalized_weight_is_computed(wrap: Callable[[nn.Module], nn.Module]) -> None:
    layer = nn.Linear(5, 4)
    drawn = layer.weight.detach().clone()
    model = nn.Sequential(wrap(layer))
    kernel = _by_path(_tensors(model))["0/kernel"]
    # As it starts, to the bit; and once its size has been trained.
    assert np.array_equal(kernel.values(), drawn)
    for name, parameter in model.named_parameters():
        if name.endswith(("_g", "original0")):
            with torch.no_grad():
                parameter *= 3
    kernel = _by_path(_tensors(model))["0/kernel"]
    assert np.allclose(kernel.values(), 3 * drawn.numpy(), rtol=1e-6)
    assert np.array_equal(kernel.block((slice(1, 3), slice(0, 5))), kernel.values()[1:3])


@pytest.mark.parametrize("wrap", [nn.utils.spectral_norm, nn.utils.parametrizations.spectral_norm])
def test_of_spectral_normalization_the_stored_weight_counts(
    wrap: Callable[[nn.Module], nn.Module],
) -> None:
    layer = nn.Linear(5, 4)
    drawn = layer.weight.detach().clone()
    assert np.array_equal(
        _by_path(_tensors(nn.Sequential(wrap(layer))))["0/kernel"].values(), drawn
    )


def test_a_tied_head_is_the_table() -> None:
    table = torch.randn(50, 16)
    table[0] = 0  # of the padding
    tensors = {"wte.weight": table, "lm_head.weight": table.clone()}
    assert _paths(stored_tensors(tensors)) == ["wte/embedding"]
    tensors["lm_head.weight"][3, 4] += 1
    assert _paths(stored_tensors(tensors)) == ["wte/embedding", "lm_head/kernel"]


def test_a_square_transposed_convolution_is_told_by_its_module_or_not_at_all() -> None:
    tensors = {name: torch.zeros(8, 8, 2, 2) for name in ("up.weight", "body.weight")}
    by_path = _by_path(stored_tensors(tensors))
    assert by_path["up/kernel"].weight.kind == "conv_transpose"
    assert "by the name of its module" in by_path["up/kernel"].weight.guess
    assert by_path["body/kernel"].weight.kind == "conv"


def test_what_an_adapter_adds_is_of_its_kind_and_the_rest_is_frozen() -> None:
    names = {
        "base_model.model.q_proj.base_layer.weight": (8, 8),
        "base_model.model.q_proj.lora_A.default.weight": (2, 8),
        "base_model.model.q_proj.lora_B.default.weight": (8, 2),
    }
    tensors = stored_tensors({name: torch.zeros(shape) for name, shape in names.items()})
    weights = [stored.weight for stored in named_weights(tensors, "torch")]
    assert [(w.kind, w.trains) for w in weights] == [
        ("dense", False),
        ("adapter", True),
        ("adapter", True),
    ]


def test_counts_and_buffers_are_no_weights() -> None:
    tensors = {
        "norm.num_batches_tracked": torch.zeros((), dtype=torch.long),
        "rotary.inv_freq": torch.zeros(8),
        "head.weight": torch.zeros(3, 2),
    }
    assert _paths(stored_tensors(tensors)) == ["head/kernel"]


def test_a_model_says_what_names_do_not() -> None:
    model = nn.ModuleDict({"up": nn.Conv2d(8, 8, 3, groups=4), "norm": nn.RMSNorm(8)})
    tensors = {f"net.{name}": tensor for name, tensor in _tensors(model).items()}
    model.to("meta")
    by_path = {w.weight.path: w.weight for w in named_weights(tensors, "torch", model)}
    assert by_path.keys() == {"up/kernel", "up/bias", "norm/scale"}
    assert by_path["up/kernel"].groups == 4


def test_tensors_of_other_shapes_are_all_named() -> None:
    tensors = _tensors(nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 2)))
    with pytest.raises(FanwiseError, match=r"0\.weight of \(2, 3\), not \(2, 4\)"):
        named_weights(tensors, "torch", nn.Sequential(nn.Linear(4, 2), nn.Linear(2, 2)))


def test_names_that_are_not_alike_are_an_error() -> None:
    model = nn.ModuleDict({"up": nn.Linear(3, 2)})
    with pytest.raises(FanwiseError, match="names of the model"):
        named_weights(_tensors(nn.Sequential(nn.Linear(3, 2))), "torch", model)


def test_a_tied_tensor_may_have_any_of_its_names() -> None:
    model = nn.ModuleDict({"table": nn.Embedding(5, 3), "head": nn.Linear(3, 5, bias=False)})
    model["head"].weight = model["table"].weight
    tensors = stored_tensors({"head.weight": model["head"].weight})
    (stored,) = named_weights(tensors, "torch", model)
    assert stored.weight.path == "table/embedding"


@pytest.mark.parametrize(
    ("names", "framework"),
    [
        (["encoder.0.weight", "encoder.0.bias"], "torch"),
        (["params/Dense_0/kernel", "params/Dense_0/bias"], "flax"),
        (["layers/dense/vars/0"], "keras"),
        (["dense/kernel", "batch_normalization/gamma"], "keras"),
        (["layers.0.kernel", "layers.0.bias"], "flax"),
    ],
)
def test_a_framework_is_told_by_its_names(names: list[str], framework: str) -> None:
    assert framework_of(names) == framework


def test_names_of_no_framework_ask_for_it() -> None:
    with pytest.raises(FanwiseError, match="framework='torch'"):
        framework_of(["a", "b"])


def test_nothing_is_an_error() -> None:
    with pytest.raises(FanwiseError, match="at least one tensor"):
        named_weights({})


def _tensors(model: nn.Module) -> dict[str, StoredTensor]:
    return stored_tensors(model.state_dict())


def _paths(tensors: dict[str, StoredTensor]) -> list[str]:
    return [stored.weight.path for stored in named_weights(tensors, "torch")]


def _by_path(tensors: dict[str, StoredTensor]):  # type: ignore[no-untyped-def]
    return {stored.weight.path: stored for stored in named_weights(tensors, "torch")}
