"""The weights of a torch model with their values: what is read, and what is told instead."""

import copy
import functools

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations, parametrize, prune

import fanwise.torch
from fanwise import FanwiseError
from fanwise.adapters.recipes import planned_weights
from fanwise.adapters.stored_weights import StoredWeight
from fanwise.adapters.torch.stored_weights import stored_tensors, stored_weights
from fanwise.spec.recipe import recipe


def by_path(model: nn.Module) -> dict[str, StoredWeight]:
    return {stored.weight.path: stored for stored in stored_weights(model)}


def mixed_model() -> nn.Module:
    return nn.Sequential(
        nn.MultiheadAttention(8, 2),
        nn.LSTM(3, 4, num_layers=2, bidirectional=True),
        nn.Embedding(5, 3, padding_idx=0),
        nn.BatchNorm1d(3),
        nn.Conv2d(4, 8, 3, groups=2),
        nn.Bilinear(2, 3, 4),
    )


def test_the_weights_are_the_rows_of_paths() -> None:
    model = mixed_model()
    rows = [(row.path, row.shape, row.role) for row in fanwise.torch.paths(model).rows]
    weights = [w.weight for w in stored_weights(model)]
    assert [(w.path, w.shape, w.role) for w in weights] == rows


def test_the_values_are_what_initialize_has_written() -> None:
    model = mixed_model()
    chosen = recipe("torch_default")
    fanwise.torch.initialize(model, chosen, seed=5)
    plans = planned_weights(chosen, stored_weights(model), framework="torch").plans
    assert len(plans) == len(fanwise.torch.paths(model).rows)
    for stored, planned in plans:
        if stored.description.zero_row is None:
            weight = planned.weight
            expected = fanwise.sample(
                planned.resolved.scheme, weight.shape, seed=5, path=weight.path, axes=weight.axes
            )
            np.testing.assert_array_equal(stored.values(), expected)


def test_a_weight_is_read_in_blocks_of_any_size() -> None:
    for stored in stored_weights(mixed_model()):
        whole = stored.values()
        for most in (1, 5, 7, 1 << 20):
            pieces = np.full(stored.weight.shape, np.nan, whole.dtype)
            for where, block in stored.blocks(most):
                assert block.size <= max(most, 1)
                pieces[where] = block
            np.testing.assert_array_equal(pieces, whole)


def test_names_are_those_of_the_state_dict() -> None:
    model = mixed_model()
    named = {name for stored in stored_weights(model) for name in stored.names}
    assert named == {name for name in model.state_dict() if "num_batches" not in name}


@pytest.mark.parametrize(
    "dtype",
    [torch.bfloat16, torch.float16, torch.float64, torch.float8_e4m3fn, torch.float8_e5m2],
)
def test_numbers_of_every_dtype_are_read_exactly(dtype: torch.dtype) -> None:
    layer = nn.Linear(40, 30)
    values = layer.weight.detach().clone().to(dtype)
    layer.weight = nn.Parameter(values, requires_grad=values.dtype.itemsize > 1)
    kernel = by_path(layer)["kernel"]
    assert kernel.dtype == str(dtype).removeprefix("torch.")
    np.testing.assert_array_equal(kernel.values().astype(np.float64), values.double().numpy())


def test_nothing_is_copied_that_lies_on_the_host() -> None:
    layer = nn.Linear(40, 30)
    kernel = by_path(layer)["kernel"].values()
    assert np.shares_memory(kernel, layer.weight.detach().numpy())


def test_values_that_were_read_cannot_be_written_into() -> None:
    kernel = by_path(nn.Linear(4, 3))["kernel"].values()
    with pytest.raises(ValueError, match="read-only"):
        kernel[...] = 0


@pytest.mark.filterwarnings("ignore:.*weight_norm. is deprecated:FutureWarning")
def test_a_normalized_weight_has_the_values_that_it_has_in_the_bare_layer() -> None:
    bare = nn.Linear(4, 3)
    values = bare.weight.detach().clone().numpy()
    for normalize in (parametrizations.weight_norm, nn.utils.weight_norm):
        kernel = by_path(normalize(copy.deepcopy(bare)))["kernel"]
        assert kernel.formula == ""
        np.testing.assert_allclose(kernel.values(), values, rtol=1e-6)


def test_what_a_spectral_norm_divides_is_read_as_it_was_drawn() -> None:
    bare = nn.Linear(4, 3)
    layer = parametrizations.spectral_norm(copy.deepcopy(bare))
    kernel = by_path(layer)["kernel"]
    assert kernel.names == ("parametrizations.weight.original",)
    np.testing.assert_array_equal(kernel.values(), bare.weight.detach().numpy())


def test_a_formula_that_changes_the_law_is_named() -> None:
    kernel = by_path(parametrizations.orthogonal(nn.Linear(4, 4)))["kernel"]
    assert kernel.formula == "Orthogonal"
    np.testing.assert_allclose(kernel.values() @ kernel.values().T, np.eye(4), atol=1e-5)


def test_a_pruned_weight_is_read_as_it_was_drawn() -> None:
    layer = nn.Linear(8, 8)
    drawn = layer.weight.detach().clone().numpy()
    prune.random_unstructured(layer, "weight", 0.5)
    np.testing.assert_array_equal(by_path(layer)["kernel"].values(), drawn)


class Noisy(nn.Module):
    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        return weight + torch.randn_like(weight)

    def right_inverse(self, weight: torch.Tensor) -> torch.Tensor:
        return weight


def test_reading_leaves_the_model_and_the_random_state_as_they_were() -> None:
    model = nn.Sequential(nn.Linear(3, 3), nn.utils.spectral_norm(nn.Linear(3, 3)))
    parametrize.register_parametrization(model[0], "weight", Noisy())
    before, state = copy.deepcopy(model.state_dict()), torch.get_rng_state()
    for stored in stored_weights(model):
        stored.values()
    assert torch.equal(torch.get_rng_state(), state)
    after = model.state_dict()
    assert all(torch.equal(tensor, after[name]) for name, tensor in before.items())
    assert model.training


def test_what_a_layer_computes_is_computed_once_for_all_its_blocks() -> None:
    layer = nn.Linear(6, 6)
    calls = []

    class Counted(nn.Module):
        def forward(self, weight: torch.Tensor) -> torch.Tensor:
            calls.append(1)
            return weight * 2

        def right_inverse(self, weight: torch.Tensor) -> torch.Tensor:
            return weight / 2

    parametrize.register_parametrization(layer, "weight", Counted())
    kernel = by_path(layer)["kernel"]
    calls.clear()
    assert len(list(kernel.blocks(6))) == 6
    assert len(calls) == 1


def test_a_model_on_the_meta_device_is_listed_and_says_so_where_it_is_read() -> None:
    with torch.device("meta"):
        model = nn.Linear(4, 3)
    kernel = by_path(model)["kernel"]
    assert kernel.weight.shape == (3, 4)
    with pytest.raises(FanwiseError, match=r"weight cannot be read.*meta device"):
        kernel.values()


def test_complex_and_packed_numbers_say_so_where_they_are_read() -> None:
    layer = nn.Linear(4, 3, dtype=torch.complex64)
    with pytest.raises(FanwiseError, match=r"complex numbers, torch\.complex64"):
        by_path(layer)["kernel"].values()


def test_freed_memory_says_so_where_it_is_read() -> None:
    layer = nn.Linear(4, 3)
    layer.weight.data.untyped_storage().resize_(0)
    with pytest.raises(FanwiseError, match="memory is freed"):
        by_path(layer)["kernel"].values()


def test_a_parametrization_that_fails_says_so_where_it_is_read() -> None:
    class Failing(nn.Module):
        fails = False

        def forward(self, weight: torch.Tensor) -> torch.Tensor:
            if self.fails:
                raise RuntimeError("no more")
            return weight * 2

    layer = nn.Linear(4, 3)
    parametrize.register_parametrization(layer, "weight", Failing())
    Failing.fails = True
    with pytest.raises(FanwiseError, match="no more"):
        by_path(layer)["kernel"].values()


def test_a_shared_weight_is_one_with_the_zeros_of_every_place() -> None:
    model = nn.Module()
    model.head = nn.Linear(3, 5, bias=False)
    model.table = nn.Embedding(5, 3, padding_idx=2)
    model.table.weight = model.head.weight
    (stored,) = stored_weights(model)
    assert stored.description.zero_row == 2


def test_a_state_dict_has_a_tensor_for_each_of_its_own() -> None:
    model = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    tensors = stored_tensors({**model.state_dict(), "note": "text"})
    assert set(tensors) == set(model.state_dict())
    tensor = tensors["0.weight"]
    assert (tensor.name, tensor.shape, tensor.dtype) == ("0.weight", (2, 3), "float32")
    rows = functools.partial(tensor.read, (slice(1, 2),))
    np.testing.assert_array_equal(rows(), model[0].weight.detach().numpy()[1:])


def test_a_tensor_that_a_state_dict_has_under_two_names_is_one() -> None:
    model = nn.Sequential(nn.Embedding(5, 3), nn.Linear(3, 5, bias=False), nn.Linear(3, 5))
    model[1].weight = model[0].weight
    tensors = stored_tensors(model.state_dict())
    assert list(tensors) == ["0.weight", "2.weight", "2.bias"]
    assert tensors["0.weight"].aliases == ("1.weight",)
    halves = torch.zeros(4, 3).chunk(2)
    assert len(stored_tensors({"a": halves[0], "b": halves[1], "c": torch.empty(0)})) == 3
