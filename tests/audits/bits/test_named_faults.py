"""Every known fault, planted in one weight of a real model, is found and called by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from audits.bits.planting import SEED, UP, Net, by_law, failures, in_order, redrawn, started, write

import fanwise
from fanwise.spec.axes import layout
from fanwise.spec.laws import NormalLaw, TruncatedNormalLaw, UniformLaw


def _up(**options: object) -> Callable[[Net], None]:
    def plant(model: Net) -> None:
        write(model.blocks[1].up.weight, redrawn(model, UP, **options))

    return plant


def _changed(change: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[Net], None]:
    def plant(model: Net) -> None:
        with torch.no_grad():
            model.blocks[1].up.weight.copy_(change(model.blocks[1].up.weight.clone()))

    return plant


def _gates(name: str) -> Callable[[Net], None]:
    def plant(model: Net) -> None:
        gates = getattr(model.rnn, name).detach().clone().reshape(4, 20, -1)
        write(getattr(model.rnn, name), gates[[0, 1, 3, 2]].reshape(80, -1).numpy())

    return plant


def _noised(values: torch.Tensor, size: float) -> torch.Tensor:
    return values + size * torch.randn(values.shape, generator=torch.Generator().manual_seed(0))


def _filled(values: torch.Tensor, at: object, value: float) -> torch.Tensor:
    values[at] = value
    return values


def _overwritten(values: torch.Tensor) -> torch.Tensor:
    values[:30] = torch.randn((30, 48), generator=torch.Generator().manual_seed(1))
    return values


def _shards_from_zero(model: Net) -> None:
    def shard(resolved: object) -> object:
        return replace(resolved, layout=layout((36, 48), "torch"))

    write(model.blocks[1].up.weight, np.concatenate([redrawn(model, UP, change=shard)] * 4))


def _conv_by_channels_last(model: Net) -> None:
    values = redrawn(model, "conv/kernel", change=in_order(0, 2, 3, 1))
    write(model.conv.weight, values)


def _untruncated(model: Net) -> None:
    values = redrawn(model, "tokens/embedding", change=by_law(NormalLaw(0.0, 0.02)))
    values[0] = 0
    write(model.tokens.weight, values)


def _in_turn(model: Net) -> None:
    """Draw a weight from one stream for all, after those before it, as from a generator."""
    before = 0
    for name, parameter in model.named_parameters():
        if name == "blocks.1.up.weight":
            break
        before += parameter.numel()
    count = model.blocks[1].up.weight.numel()
    law = fanwise.scheme("normal", std=0.05)
    flat = fanwise.sample(law, (before + count,), seed=SEED, index=slice(before, before + count))
    write(model.blocks[1].up.weight, flat.reshape(48, 144).T)


#: What is planted, the name of the fault, and the path where it is not that of the matrix.
FAULTS: dict[str, tuple[Callable[[Net], None], str]] = {
    "a seed of 32 bits": (_up(seed=SEED & 0xFFFFFFFF), "seed cut to 32 bits"),
    "a signed seed": (
        _up(seed=SEED & 0xFFFFFFFF | 0xFFFFFFFF00000000),
        "seed cut to 32 bits and sign-extended",
    ),
    "a seed as float32": (_up(seed=int(np.float32(SEED))), "seed as a float32"),
    "the next seed": (_up(seed=SEED + 1), "seed + 1"),
    "a usual seed": (_up(seed=42), "another seed"),
    "no path": (_up(under=None), "path ignored"),
    "the next layer": (_up(under="blocks/2/up/kernel"), "layers seeded alike"),
    "torch's name": (_up(under="blocks.1.up.weight"), "path of the framework"),
    "a wrapper's name": (_up(under="model/" + UP), "path with a wrapper's name before it"),
    "the order of storage": (_up(change=in_order(0, 1)), "other axes order: that of storage"),
    "channels last": (_conv_by_channels_last, "other axes order"),
    "float64": (_up(dtype="float64"), "another dtype's draw: float64"),
    "bfloat16": (
        _changed(lambda values: values.bfloat16().float()),
        "another dtype's draw: bfloat16, widened",
    ),
    "float16": (
        _changed(lambda values: values.half().float()),
        "another dtype's draw: float16, widened",
    ),
    "the other endianness": (
        _changed(lambda values: torch.from_numpy(values.numpy().byteswap())),
        "another endianness",
    ),
    "negative": (_changed(lambda values: -values), "sign reversed"),
    "absolute": (_changed(torch.abs), "absolute values"),
    "scaled": (_changed(lambda values: values * 2**0.5), "another scale"),
    "scaled by depth": (_changed(lambda values: values / 24**0.5), "another scale"),
    "moved": (_changed(lambda values: values + 0.5), "another mean"),
    "uniform": (
        _up(change=by_law(UniformLaw(-0.0866, 0.0866))),
        "uniform in the place of normal",
    ),
    "truncated": (_up(change=by_law(TruncatedNormalLaw(0.0, 0.05, -2.0, 2.0))), "truncated"),
    "not truncated": (_untruncated, "not truncated"),
    "clamped": (_changed(lambda values: values.clamp(-0.08, 0.08)), "clamped"),
    "transposed and scaled": (
        _up(change=lambda r: by_law(NormalLaw(0.0, 0.2))(in_order(0, 1)(r))),
        "other axes order: that of storage; another scale",
    ),
    "no path and a half": (
        lambda model: write(
            model.blocks[1].up.weight,
            redrawn(model, UP, under=None, dtype="bfloat16").astype("float32"),
        ),
        "path ignored; another dtype's draw: bfloat16, widened",
    ),
    "one stream": (_in_turn, "one stream for all weights"),
    "shards from zero": (_shards_from_zero, "offset of a shard ignored"),
    "a shard of the first": (
        _changed(lambda values: torch.cat([values[:72], values[:72]])),
        "offset of a shard ignored",
    ),
    "a shard twice": (
        _changed(lambda values: torch.cat([values[:108], values[36:72]])),
        "shard duplicated",
    ),
    "a shard missing": (_changed(lambda v: _filled(v, slice(72, None), 0.0)), "a part of zeros"),
    "nothing written": (_changed(torch.zeros_like), "all zeros"),
    "parts swapped": (
        _changed(lambda values: values.reshape(3, 48, 48)[[1, 0, 2]].reshape(144, 48)),
        "parts swapped",
    ),
    "rows backwards": (_changed(lambda values: values.flip(0)), "axis reversed"),
    "a little trained": (
        _changed(lambda values: _noised(values, 0.001)),
        "changed since the start",
    ),
    "much trained": (_changed(lambda values: _noised(values, 0.1)), "changed since the start"),
    "rows overwritten": (_changed(_overwritten), "a part overwritten"),
    "one element": (_changed(lambda v: _filled(v, (5, 7), 3.0)), "a part overwritten"),
    "not finite": (_changed(lambda v: _filled(v, (5, 7), float("nan"))), "a part not finite"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_called_by_its_name(fault: str) -> None:
    plant, name = FAULTS[fault]
    model = started()
    plant(model)
    (row,) = failures(model)
    assert row.fault == name
    assert row.claim == "bits"
    assert row.observed > 0


@pytest.mark.parametrize("name", ["weight_ih_l0", "weight_hh_l0"])
def test_swapped_gates_are_gates(name: str) -> None:
    model = started()
    _gates(name)(model)
    (row,) = failures(model)
    assert row.fault == "gates swapped"


@pytest.mark.parametrize(
    ("dtype", "dropped"), [(torch.bfloat16, 16), (torch.float16, 13)], ids=["bfloat16", "float16"]
)
def test_truncation_into_half_precision_is_named(dtype: torch.dtype, dropped: int) -> None:
    model, single = started(dtype), started().blocks[1].up.weight.detach()
    cut = (single.view(torch.int32) & -(1 << dropped)).view(torch.float32)
    with torch.no_grad():
        model.blocks[1].up.weight.copy_(cut.to(dtype))
    (row,) = failures(model)
    assert row.fault == f"{str(dtype).removeprefix('torch.')} by truncation"


def test_exchanged_queries_and_keys_name_each_other() -> None:
    model = started()
    packed = model.blocks[1].attention.in_proj_weight
    query, key, value = packed.detach().clone().chunk(3)
    write(packed, torch.cat([key, query, value]).numpy())
    first, second = failures(model)
    assert first.fault == second.fault == "path of another weight"
    assert "blocks/1/attention/key/kernel" in first.note
    assert "blocks/1/attention/query/kernel" in second.note


def test_layers_that_count_from_one_are_shifted() -> None:
    model = started()
    for number, block in enumerate(model.blocks):
        path = f"blocks/{number}/up/kernel"
        write(block.up.weight, redrawn(model, path, under=f"blocks/{number + 1}/up/kernel"))
    assert [row.fault for row in failures(model)] == ["layers shifted by one"] * 3


def test_layers_of_one_stream_are_seeded_alike() -> None:
    model = started()
    for number, block in enumerate(model.blocks):
        path = f"blocks/{number}/up/kernel"
        write(block.up.weight, redrawn(model, path, under="blocks/0/up/kernel"))
    assert [row.fault for row in failures(model)] == ["layers seeded alike"] * 2


def test_a_padding_that_is_not_zero_is_named() -> None:
    model = started()
    with torch.no_grad():
        model.tokens.weight[0] = 0.01
    (row,) = failures(model)
    assert (row.path, row.fault) == ("tokens/embedding", "padding not zero")


def test_the_first_index_that_differs_is_told() -> None:
    model = started()
    with torch.no_grad():
        model.blocks[1].up.weight[5, 7] = 3.0
    (row,) = failures(model)
    assert (row.observed, row.n) == (1, 144 * 48)
    assert "first at [5, 7]: 3, not " in row.note


def test_what_nothing_explains_has_no_name() -> None:
    model = started()
    torch.manual_seed(1)
    torch.nn.init.normal_(model.blocks[1].up.weight, std=0.05)
    (row,) = failures(model)
    assert row.fault == ""


def test_a_constant_of_another_value_is_named() -> None:
    model = started()
    torch.nn.init.zeros_(model.blocks[1].norm.weight)
    torch.nn.init.constant_(model.blocks[2].norm.bias, 0.5)
    assert [row.fault for row in failures(model)] == ["all zeros", "all of one value"]


def test_a_factor_is_told_with_what_it_comes_from() -> None:
    model = started()
    with torch.no_grad():
        model.blocks[1].up.weight /= 3**0.5  # fan_out is 144, fan_in 48
    (row,) = failures(model)
    assert "fan_out in the place of fan_in" in row.note
