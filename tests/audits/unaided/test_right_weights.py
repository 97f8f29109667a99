"""What is no fault: every scheme of the catalogue, and the structures that models begin with."""

import ml_dtypes
import numpy as np
import pytest

import fanwise
from audits.unaided import checkpoints as c
from audits.unaided.checkpoints import audited, checkpoint, faults
from fanwise.adapters.layer_weights import LayerWeight
from fanwise.adapters.stored_weights import StoredTensor, StoredWeight
from fanwise.conformance.audits.unaided import audit_unaided
from fanwise.spec.weights import Weight

SCHEMES = [
    "zeros", "ones", "uniform", "normal", "truncated_normal", "lecun_normal", "lecun_uniform",
    "glorot_normal", "glorot_uniform", "he_normal", "he_uniform", "torch_default", "orthogonal",
    "identity", "sparse",
]  # fmt: skip
SHAPES = [(64, 64), (300, 40), (256, 1024)]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("shape", "dtype"),
    [*((shape, "float32") for shape in SHAPES), ((256, 1024), "float16"), ((64, 64), "bfloat16")],
)
def test_no_scheme_of_the_catalogue_has_a_fault(scheme, shape, dtype):
    tensors = {
        f"h.{layer}.up.weight": fanwise.sample(
            scheme, shape, seed=1, path=str(layer), axes="torch", dtype=dtype
        )
        for layer in range(4)
    }
    assert faults(tensors) == {}


@pytest.mark.parametrize("shape", [(64, 32, 3, 3), (128, 1, 3, 3), (8, 64, 96), (4, 32, 32, 32)])
@pytest.mark.parametrize("scheme", ["he_normal", "torch_default", "dirac", "delta_orthogonal"])
def test_kernels_of_convolutions_and_stacks_have_no_fault(scheme, shape):
    if scheme in ("dirac", "delta_orthogonal") and (len(shape) == 3 or shape[0] < shape[1]):
        shape = (64, 32, 3, 3)
    drawn = fanwise.sample(scheme, shape, seed=2, axes="torch")
    assert faults({"stem.weight": drawn}) == {}


@pytest.mark.parametrize("axis", [0, 1])
def test_packed_parts_of_unlike_scale_have_no_fault(axis):
    parts = [
        fanwise.sample(
            fanwise.scheme("normal", std=std), (128, 128), seed=3, path=str(std), axes="torch"
        )
        for std in (0.02, 0.05, 1e-6)
    ]
    assert faults({"attn.qkv.weight": np.concatenate(parts, axis)}) == {}


def test_the_row_of_padding_stays_zero():
    tensors = checkpoint()
    tensors[c.TABLE][0] = 0
    assert faults(tensors) == {}


def test_a_bias_whose_forget_gate_is_one_has_no_fault():
    bias = fanwise.sample(fanwise.scheme("uniform", low=-0.1, high=0.1), (512,), seed=1, axes="*")
    bias[128:256] = 1
    assert faults({"lstm.bias_ih_l0": bias}) == {}


@pytest.mark.parametrize("values", [
    np.log(np.arange(1, 17, dtype=np.float32))[None].repeat(64, 0),
    np.triu(np.full((64, 64), -np.inf, np.float32), 1),
    np.where(np.tri(64) > 0, 0, np.finfo(np.float32).min).astype(np.float32),
    1 / 10000 ** (np.arange(0, 64, 2, dtype=np.float32) / 64),
    np.exp(-np.arange(200, dtype=np.float32)),
    np.arange(512, dtype=np.float32),
])  # fmt: skip
def test_formulas_and_masks_have_no_fault(values):
    tensors = {f"h.{layer}.attn.buffer": values for layer in range(5)}
    assert faults(checkpoint() | tensors) == {}


def test_what_cannot_be_judged_is_undecided():
    rows = audited({"proj.weight": np.array([[0.1, -0.2], [0.3, 0.05]], np.float32)})
    told = {row.claim for row in rows if row.outcome == "pass"}
    assert told == {"finite", "independent of other weights"}
    assert not [row for row in rows if row.outcome == "fail"]


def test_the_whole_of_a_small_checkpoint_passes_again_and_again():
    for seed in range(5):
        assert faults(checkpoint(seed)) == {}


def test_bfloat16_stored_as_such_is_fine():
    drawn = fanwise.sample("he_normal", (256, 256), seed=0, axes="torch")
    rounded = drawn.astype(ml_dtypes.bfloat16)
    tensor = StoredTensor("up", (256, 256), "bfloat16", rounded.astype(np.float32).__getitem__)
    weight = Weight("up/kernel", (256, 256), "out in", "kernel", "dense")
    stored = StoredWeight(weight, LayerWeight("up", "kernel", "torch"), {"up": tensor})
    assert not [row for row in audit_unaided([stored], 4e-10) if row.outcome == "fail"]


def test_draws_of_bfloat16_have_eight_bits():
    uniform = np.floor(np.random.default_rng(0).random((256, 256)) * 128) / 64 - 1
    rounded = (uniform * 0.1).astype(ml_dtypes.bfloat16).astype(np.float32)
    tensor = StoredTensor("up", (256, 256), "bfloat16", rounded.__getitem__)
    weight = Weight("up/kernel", (256, 256), "out in", "kernel", "dense")
    stored = StoredWeight(weight, LayerWeight("up", "kernel", "torch"), {"up": tensor})
    failed = [row.fault for row in audit_unaided([stored], 4e-10) if row.outcome == "fail"]
    assert failed == ["7-bit uniform"]
