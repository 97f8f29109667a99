"""What somebody may have meant does not fail, and what nobody means fails beside it."""

import math

import ml_dtypes
import numpy as np
import pytest

from audits.unaided import checkpoints as c
from audits.unaided.checkpoints import audited, checkpoint, faults
from fanwise.adapters.layer_weights import LayerWeight
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.conformance.audits.unaided import audit_unaided
from fanwise.spec.weights import Weight

RANDOM = np.random.default_rng(11)


def drawn(*shape, std=0.05):
    """Draw normals."""
    return RANDOM.normal(0, std, shape).astype(np.float32)


def undecided(tensors, claim):
    """Return the notes of what a claim leaves open, by path."""
    rows = audited(tensors)
    assert [row for row in rows if row.outcome == "fail"] == []
    return {row.path: row.note for row in rows if row.claim == claim and row.outcome == "undecided"}


def sparse(rows, columns, share):
    """Draw as torch's sparse_ does: in every column as many zeros."""
    values = drawn(rows, columns)
    for column in values.T:
        column[RANDOM.permutation(rows)[: math.ceil(share * rows)]] = 0
    return values


def faults_in_bfloat16(values):
    """Name the faults of a weight that is stored in bfloat16."""
    rounded = np.asarray(values).astype(ml_dtypes.bfloat16).astype(np.float32)
    tensor = StoredTensor("up", rounded.shape, "bfloat16", rounded.__getitem__)
    weight = Weight("up/kernel", rounded.shape, "out in", "kernel", "dense")
    stored = StoredWeight(weight, LayerWeight("up", "kernel", "torch"), {"up": tensor})
    return {row.fault for row in audit_unaided([stored], c.ALPHA) if row.outcome == "fail"}


@pytest.mark.parametrize("values", [
    RANDOM.lognormal(0, 1, (256, 256)),
    RANDOM.uniform(0, 0.1, (128, 128)),
    RANDOM.normal(1, 0.02, (256, 256)),
    RANDOM.normal(0, 1, (256, 256)) * np.where(np.arange(256) < 128, 1, 1e-3)[:, None],
])  # fmt: skip
def test_laws_with_a_mean_have_full_rank_in_bfloat16(values):
    assert "low rank" not in faults_in_bfloat16(values)


@pytest.mark.parametrize("mean", [0, 0.1])
def test_a_product_of_factors_has_low_rank_in_bfloat16_too(mean):
    product = RANDOM.normal(size=(256, 16)) @ RANDOM.normal(size=(16, 200)) / 4
    assert "low rank" in faults_in_bfloat16(product + mean)


@pytest.mark.parametrize(
    ("shape", "share"), [((256, 256), 0.9), ((256, 256), 0.99), ((1500, 700), 0.9)]
)
def test_a_sparse_start_has_no_dead_rows(shape, share):
    assert faults({"up.weight": sparse(*shape, share)}) == {}


def test_only_rows_that_are_zero_throughout_are_named():
    values = drawn(300, 256) * (RANDOM.random((300, 256)) < 0.3)
    values[[5, 90, 91]] = 0
    (row,) = [row for row in audited({"mlp.up.weight": values}) if row.fault == "dead rows"]
    assert row.observed == "3 slices of axis 0 are zero: 5, 90-91"


@pytest.mark.parametrize("row", [0, 7, 2500, 4999])
@pytest.mark.parametrize("name", ["items.weight", "encoder.lookup.weight", "0.weight"])
def test_one_row_of_zeros_may_be_that_of_padding(name, row):
    table = drawn(5000, 64, std=1.0)
    table[row] = 0
    (note,) = undecided({name: table}, "written").values()
    assert "padding" in note


@pytest.mark.parametrize("name", ["mlp.up.weight", "h.0.self_attn.q_proj.weight"])
def test_one_row_of_zeros_of_what_is_called_a_layer_of_units_is_dead(name):
    values = drawn(256, 64)
    values[9] = 0
    assert set(faults({name: values})) == {"dead rows"}


def test_a_row_of_padding_does_not_hide_other_zeros():
    table = drawn(2000, 64)
    table[0] = 0
    table[100:200, :20] = 0
    assert "zeros among draws" in faults({"items.weight": table})


NETWORK = {"0.weight": (256, 20), "0.bias": (256,), "2.weight": (40, 256), "2.bias": (40,)}


def copied(one, other, network=NETWORK):
    """Draw the weights of two parts of a model that are one."""
    first = {f"{one}.{name}": drawn(*shape) for name, shape in network.items()}
    return first | {other + name.removeprefix(one): values for name, values in first.items()}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("encoder_q", "encoder_k"),
        ("q1", "q1_target"),
        ("q1_target", "q1"),
        ("student.backbone", "teacher.backbone"),
        ("model", "model_ema"),
        ("agents.0.critic", "agents.0.critic_target"),
    ],
)
def test_a_part_of_a_model_that_was_copied_is_undecided_and_says_so(one, other):
    notes = undecided(checkpoint() | copied(one, other), "independent of other weights")
    assert len(notes) == 2 * len(NETWORK)
    assert all("copied" in note or "copy" in note for note in notes.values())


@pytest.mark.parametrize(
    ("one", "other"),
    [("q1", "q2"), ("layers.0.self_attn", "layers.0.cross_attn"), ("layers.3", "layers.4")],
)
def test_layers_that_are_equal_are_seeded_alike(one, other):
    assert len(faults(copied(one, other))["equal weights"]) == 2 * len(NETWORK)


def test_a_query_that_is_its_key_is_seeded_alike():
    pair = copied("attn.query", "attn.key", {"weight": (64, 64), "bias": (64,)})
    assert len(faults(pair)["equal weights"]) == 4


def test_a_target_beside_critics_that_are_equal_hides_nothing():
    tensors = copied("q1_target", "q1") | {
        name.replace("q1_", "q2_"): values for name, values in copied("q1_target", "q1").items()
    }
    tensors |= {
        name.replace("q1.", "q2."): values
        for name, values in tensors.items()
        if name.startswith("q1.")
    }
    assert {path.split("/")[0] for path in faults(tensors)["equal weights"]} == {"q1", "q2"}


def test_a_buffer_that_holds_a_weight_is_undecided():
    table = drawn(512, 64)
    tensors = {"codebook.embedding.weight": table, "codebook.sums": table.copy()}
    notes = undecided(tensors, "independent of other weights")
    assert len(notes) == 2
    assert all("buffer" in note for note in notes.values())


def factored(size):
    """Draw as factored noise is drawn."""
    values = RANDOM.normal(size=size)
    return np.sign(values) * np.sqrt(np.abs(values))


COSINES = np.cos(np.pi / 64 * (np.arange(64)[:, None] + 0.5) * np.arange(64))


@pytest.mark.parametrize("values", [
    COSINES, COSINES.T, COSINES / 8,
    np.sin(2 * np.pi / 128 * np.arange(1, 65)[:, None] * np.arange(128)),
    np.outer(factored(64), factored(48)), np.outer(factored(6), factored(128)),
])  # fmt: skip
def test_tables_and_factored_noise_of_no_known_layer_do_not_fail(values):
    assert faults({"basis_table": np.ascontiguousarray(values, np.float32)}) == {}


def test_a_weight_that_is_a_product_of_two_vectors_has_low_rank():
    product = np.outer(factored(64), factored(48)).astype(np.float32)
    assert "low rank" in faults({"up.weight": product})


@pytest.mark.parametrize("dtype", [ml_dtypes.bfloat16, np.float16])
@pytest.mark.parametrize(("low", "high"), [(0.9, 1.1), (1, 2), (0.5, 1), (1, 16), (-16, -1)])
def test_the_step_of_a_dtype_is_no_grid(low, high, dtype):
    values = RANDOM.uniform(low, high, (64, 64)).astype(dtype).astype(np.float32)
    tensor = StoredTensor("up", (64, 64), np.dtype(dtype).name, values.__getitem__)
    weight = Weight("up/kernel", (64, 64), "out in", "kernel", "dense")
    stored = StoredWeight(weight, LayerWeight("up", "kernel", "torch"), {"up": tensor})
    assert [row for row in audit_unaided([stored], c.ALPHA) if row.outcome == "fail"] == []


@pytest.mark.parametrize(
    "name",
    [
        "decoder.layers.{}.mlp.up.weight",
        "block_{}.multi_head_attention_{}.query.weight",
        "encoder.layer.{}.attention.output.dense.weight",
        "token_mixing_{}.Dense.weight",
    ],
)
def test_layers_within_a_decoder_or_heads_are_not_tied(name):
    values = drawn(64, 256)
    tensors = {name.format(layer, layer): values.copy() for layer in range(4)}
    assert len(faults(tensors)["equal weights"]) == 4


@pytest.mark.parametrize("head", ["lm_head", "output", "predictions/decoder"])
def test_a_head_that_is_tied_to_its_table_is_undecided(head):
    table = drawn(512, 64)
    weights = [
        StoredWeight(
            Weight(f"{name}/{role}", (512, 64), "out in", role, kind),
            LayerWeight(name, role, "out in", kind),
            {name: StoredTensor.of(name, table)},
        )
        for name, role, kind in (
            ("embed_tokens", "embedding", "embedding"),
            (head, "kernel", "dense"),
        )
    ]
    rows = [row for row in audit_unaided(weights, c.ALPHA) if "tied" in row.note]
    assert [row.outcome for row in rows] == ["undecided", "undecided"]


def test_a_part_that_is_the_transpose_of_another_lies_on_no_grid():
    values = drawn(512, 128)
    values[128:256] = values[:128].T
    assert not [fault for fault in faults({"lstm.weight_hh_l0": values}) if "bit" in fault]


def test_an_infinity_in_running_statistics_is_found_there():
    variance = np.ones(128, np.float32)
    variance[3] = np.inf
    tensors = {"bn.running_mean": np.zeros(128, np.float32), "bn.running_var": variance}
    tensors |= {"bn.weight": np.ones(128, np.float32), "bn.bias": np.zeros(128, np.float32)}
    assert "bn/variance" in faults(checkpoint() | tensors)["infinite values"]


@pytest.mark.parametrize("shape", [(0, 5), (0,), (3, 0, 5)])
def test_what_has_no_elements_is_no_fault(shape):
    assert faults({"fc.weight": drawn(64, 64), "cache": np.empty(shape, np.float32)}) == {}


@pytest.mark.parametrize(("fault", "values"), [
    ("heavy tails", RANDOM.standard_cauchy((64, 64)) * 0.01),
    ("heavy tails", RANDOM.standard_cauchy((512, 1024)) * 0.01),
    ("heavy tails", RANDOM.standard_t(3, (512, 512))),
    ("lopsided law", RANDOM.gumbel(size=(64, 64))),
    ("lopsided law", RANDOM.gumbel(size=(512, 512))),
    ("no positive value", -RANDOM.exponential(size=(64, 64))),
])  # fmt: skip
def test_a_law_that_a_sampler_has_is_named_and_undecided(fault, values):
    rows = audited({"up.weight": np.asarray(values, np.float32)})
    assert [row for row in rows if row.outcome == "fail"] == []
    assert [row.fault for row in rows if row.claim == "ends"] == [fault]
