"""Right weights pass to the last bit, in every dtype, layout and framework."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
import torch
from audits.bits.planting import RECIPE, SEED, audited, failures, started, write
from flax import nnx
from torch import nn

import fanwise
import fanwise.jax
import fanwise.keras
from fanwise.adapters.held_models import weights_of
from fanwise.adapters.recipes import planned_weights
from fanwise.conformance.audits.bits import audit_bits
from fanwise.spec.errors import FanwiseError


@pytest.mark.parametrize(
    "dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64], ids=str
)
def test_a_model_of_torch_has_the_bits_of_its_seed(dtype: torch.dtype) -> None:
    rows = audited(started(dtype))
    assert {row.outcome for row in rows} == {"pass"}
    assert len(rows) > 60


def test_a_row_of_padding_that_no_layer_tells_of_is_undecided(tmp_path: Path) -> None:
    model = started()
    file = tmp_path / "right.pt"
    torch.save(model.state_dict(), file)

    def judged() -> tuple[bool, dict[str, str]]:
        verdict = fanwise.audit(file, RECIPE, seed=SEED)
        rows = [row for row in verdict.rows if row.path == "tokens/embedding"]
        return verdict.passed, {row.claim: row.outcome for row in rows}

    passed, outcomes = judged()
    assert passed
    assert outcomes["padding"] == "undecided"
    assert "bits" not in outcomes
    # Two rows of zeros are a fault as before.
    with torch.no_grad():
        model.tokens.weight[5] = 0
    torch.save(model.state_dict(), file)
    passed, outcomes = judged()
    assert not passed
    assert outcomes["bits"] == "fail"


def test_another_seed_fails_wherever_something_is_drawn() -> None:
    rows = audited(started(), SEED + 1)
    assert {row.outcome for row in rows if "norm" in row.path} == {"pass"}
    assert {row.fault for row in rows if row.outcome == "fail"} == {"seed - 1"}


def test_a_factorization_may_differ_in_its_last_place_and_no_more() -> None:
    model = started()
    values = model.head.weight.detach().numpy().copy()
    drawn = fanwise.sample(
        "orthogonal", (97, 48), seed=SEED, path="head/kernel", axes="torch", dtype="float64"
    )
    # Of another machine: so near to the middle of two floats that it was rounded to the other.
    other = (drawn + 1e-12).astype("float32")
    at = np.argwhere(other != values)
    write(model.head.weight, other)
    assert failures(model) == []
    values[3, 4] = np.nextafter(np.nextafter(values[3, 4], np.float32(1)), np.float32(1))
    write(model.head.weight, values)
    (row,) = failures(model)
    assert (row.path, row.observed) == ("head/kernel", 1)
    assert at.shape[1] == 2


def test_weight_normalization_may_round_and_no_more() -> None:
    model = started()
    nn.utils.parametrizations.weight_norm(model.head)
    fanwise.torch.initialize(model, RECIPE, seed=SEED)
    assert failures(model) == []
    with torch.no_grad():
        model.head.parametrizations.weight.original0 *= 1.001
    (row,) = failures(model)
    assert row.path == "head/kernel"


def test_what_is_computed_after_the_draw_is_undecided() -> None:
    model = started()
    nn.utils.parametrizations.orthogonal(model.blocks[0].up)
    (row,) = (row for row in audited(model) if row.outcome == "undecided")
    assert row.path == "blocks/0/up/kernel"
    assert row.note


def test_a_dtype_that_is_not_drawn_is_undecided() -> None:
    plans = planned_weights(
        fanwise.recipe(RECIPE), weights_of(started())[1], framework="torch"
    ).plans
    eighths = [
        (
            replace(
                s, tensors={n: replace(t, dtype="float8_e4m3fn") for n, t in s.tensors.items()}
            ),
            p,
        )
        for s, p in plans
    ]
    rows = list(audit_bits(eighths, SEED))
    assert {row.outcome for row in rows} == {"undecided"}
    assert all("float8_e4m3fn" in row.note for row in rows)


def test_weights_without_values_are_undecided() -> None:
    model = started().to("meta")
    rows = audited(model)
    assert {row.outcome for row in rows} == {"undecided"}
    assert all("meta" in row.note for row in rows)


def test_a_model_of_keras_has_the_bits_of_its_seed() -> None:
    model = keras.Sequential(
        [
            keras.Input((12, 12, 4)),
            keras.layers.SeparableConv2D(6, 3, depth_multiplier=2, name="separable"),
            keras.layers.BatchNormalization(name="norm"),
            keras.layers.Reshape((-1, 6)),
            keras.layers.Bidirectional(keras.layers.GRU(7, return_sequences=True), name="rnn"),
            keras.layers.LSTM(5, name="last"),
            keras.layers.Dense(4, name="head"),
        ]
    )
    fanwise.keras.initialize(model, "keras_default", seed=SEED)
    _all_pass("keras", model, "keras_default")
    head = model.get_layer("head")
    head.kernel.assign(keras.ops.flip(head.kernel, 0))
    (row,) = _failing("keras", model, "keras_default")
    assert (row.path, row.fault) == ("head/kernel", "axis reversed")


def test_a_model_of_nnx_has_the_bits_of_its_seed() -> None:
    class Model(nnx.Module):
        def __init__(self, rngs: nnx.Rngs) -> None:
            self.tokens = nnx.Embed(50, 16, rngs=rngs)
            self.attention = nnx.MultiHeadAttention(4, 16, decode=False, rngs=rngs)
            self.rnn = nnx.RNN(nnx.LSTMCell(16, 8, rngs=rngs))
            self.head = nnx.Linear(8, 50, rngs=rngs, param_dtype=jnp.bfloat16)

    model = Model(nnx.Rngs(0))
    fanwise.jax.initialize(model, "flax_default", seed=SEED)
    _all_pass("flax", model, "flax_default")
    model.head.kernel[...] = jax.random.permutation(jax.random.key(0), model.head.kernel[...])
    (row,) = _failing("flax", model, "flax_default")
    assert (row.path, row.fault) == ("head/kernel", "parts swapped")


def test_arrays_of_the_other_endianness_hold_the_same_numbers() -> None:
    model = started()
    plans = planned_weights(fanwise.recipe(RECIPE), weights_of(model)[1], framework="torch").plans
    swapped = [(_big_endian(stored), planned) for stored, planned in plans]
    assert {row.outcome for row in audit_bits(swapped, SEED)} == {"pass"}


def test_no_seed_is_an_error() -> None:
    with pytest.raises(FanwiseError, match="an integer seed"):
        list(audit_bits([], -1))


def _big_endian(stored):  # type: ignore[no-untyped-def]
    def of(tensor):  # type: ignore[no-untyped-def]
        return replace(tensor, read=lambda index: tensor.read(index).astype(">f4"))

    return replace(stored, tensors={name: of(t) for name, t in stored.tensors.items()})


def _in_eighths(stored):  # type: ignore[no-untyped-def]
    tensors = stored.tensors.items()
    return replace(stored, tensors={n: replace(t, dtype="float8_e4m3fn") for n, t in tensors})


def _rows(framework: str, model: object, recipe: str):  # type: ignore[no-untyped-def]
    _, weights = weights_of(model)
    plans = planned_weights(fanwise.recipe(recipe), weights, framework=framework).plans
    return list(audit_bits(plans, SEED))


def _all_pass(framework: str, model: object, recipe: str) -> None:
    rows = _rows(framework, model, recipe)
    assert [(row.path, row.note) for row in rows if row.outcome != "pass"] == []
    assert len(rows) > 5


def _failing(framework: str, model: object, recipe: str):  # type: ignore[no-untyped-def]
    return [row for row in _rows(framework, model, recipe) if row.outcome == "fail"]
