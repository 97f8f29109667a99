"""Each fault is planted in one weight of a checkpoint, found there, and called by its name."""

import numpy as np
import pytest
from scipy.special import erfinv

from audits.unaided import checkpoints as c
from audits.unaided.checkpoints import checkpoint, faults, path_of

RANDOM = np.random.default_rng(5)


def words(number):
    """Return the float32 of a word."""
    return np.array([number], np.uint32).view(np.float32)[0]


def at(index, value):
    """Set some elements."""

    def plant(values):
        values[index] = value
        return values

    return plant


def draws(bits):
    """Draw uniforms of few bits, from -1 to 1."""
    return lambda values: (
        (np.floor(RANDOM.random(values.shape) * 2**bits) / 2**bits * 2 - 1).astype(np.float32)
        * np.float32(0.0345)
    )


def normals_of_bits(values):
    """Draw normals by uniforms of eight bits."""
    uniform = (np.floor(RANDOM.random(values.shape) * 256) + 0.5) / 256
    return (0.02 * np.sqrt(2) * erfinv(2 * uniform - 1)).astype(np.float32)


def bfloat16(values):
    """Round to bfloat16."""
    rounded = values.view(np.uint32) + np.uint32(0x7FFF) + ((values.view(np.uint32) >> 16) & 1)
    return (rounded & np.uint32(0xFFFF0000)).view(np.float32)


def bytes_of(data):
    """Lay other bytes in the place of the numbers."""
    return lambda values: np.resize(np.frombuffer(data, np.float32), values.shape)


def one_sided(values):
    """Draw again what lies above one deviation."""
    out = values > 0.02
    while out.any():
        values[out] = RANDOM.normal(0, 0.02, int(out.sum()))
        out = values > 0.02
    return values


def leaking(values):
    """Take the first of four draws within two deviations, and let a few through."""
    drawn = RANDOM.standard_normal((8, *values.shape), np.float32)
    first = (np.abs(drawn) < 2).argmax(axis=0)
    cut = np.take_along_axis(drawn, first[None], 0)[0]
    cut[3, 3], cut[700, 9] = 2.5, -2.3
    return 0.02 * cut


def of_rank(rank):
    """Multiply two factors."""

    def plant(values):
        rows, columns = values.shape
        product = RANDOM.normal(size=(rows, rank)) @ RANDOM.normal(size=(rank, columns))
        return (0.02 / np.sqrt(rank) * product).astype(np.float32)

    return plant


def copied(axis, source, target, change=lambda values: values):
    """Copy slices of an axis to others."""

    def plant(values):
        lines = np.moveaxis(values, axis, 0)
        lines[target] = change(lines[source])
        return values

    return plant


def noisy(values):
    """Add noise of half the scale."""
    return values + RANDOM.normal(0, 0.01, values.shape).astype(np.float32)


FEW = slice(0, 32)
TEXT = b"model.layers.0.self_attn.q_proj.weight torch.float32 "
POINTERS = np.array([0x7F3A12345678, 0x7F3A12340000, 0, 3], np.uint64).tobytes()

PLANTED = [
    ("NaN", c.QUERY, at((5, 7), np.nan)),
    ("infinite values", c.QUERY, at((5, 7), np.inf)),
    ("logarithm of zero", c.QUERY, at((5, slice(0, 3)), -np.inf)),
    ("denormals", c.QUERY, at((5, 7), 4.6e-41)),
    ("memory garbage", c.UP, at((3, 3), 1e30)),
    ("memory garbage", c.BIAS, at(slice(400, None), 3.4e25)),
    ("memory garbage", c.VALUE, bytes_of(TEXT * 4)),
    ("denormals", c.VALUE, bytes_of(POINTERS)),
    ("fill pattern", c.UP, at(FEW, words(0xCDCDCDCD))),
    ("fill pattern", c.UP, at(FEW, words(0x7F7F7F7F))),
    ("bytes of another type", c.UP, lambda x: np.resize(x, 2 * x.size).astype(np.float16)
     .view(np.float32).reshape(x.shape)),
    ("dead rows", c.QUERY, at(slice(4, 7), 0)),
    ("dead rows", c.QUERY, at((slice(None), 9), 0)),
    ("dead rows", c.UP, at(slice(100, None), 0)),
    ("constant block", c.QUERY, at(slice(64, 96), 0.5)),
    ("zeros among draws", c.UP, at((slice(0, 20), slice(0, 20)), 0)),
    ("zeros among draws", c.UP, lambda x: x * (np.abs(x) > 0.0135)),
    ("unwritten weight", c.QUERY, lambda x: x * 0),
    ("unwritten weight", c.QUERY, lambda x: x * 0 + 0.02),
    ("7-bit uniform", c.UP, draws(7)),
    ("8-bit uniform", c.UP, draws(8)),
    ("10-bit uniform", c.UP, draws(10)),
    ("16-bit uniform", c.UP, draws(16)),
    ("8-bit uniform", c.UP, normals_of_bits),
    ("quantized values", c.UP, lambda x: (np.round(x / 8e-4) * 8e-4).astype(np.float32)),
    ("bfloat16 values in float32", c.UP, bfloat16),
    ("float16 values in float32", c.UP, lambda x: x.astype(np.float16).astype(np.float32)),
    ("clamped values", c.UP, lambda x: np.clip(x, -0.04, 0.04)),
    ("clamped values", c.UP, lambda x: np.minimum(x, 0.05)),
    ("outliers", c.UP, at((slice(0, 3), 5), 2.0)),
    ("outliers", c.UP, lambda x: x * np.where(RANDOM.random(x.shape) < 0.01, 100, 1)),
    ("tails beyond the cut", c.TABLE, leaking),
    ("sign lost", c.UP, np.abs),
    ("one-sided cut", c.UP, one_sided),
    ("equal slices", c.UP, copied(0, 3, 40)),
    ("equal slices", c.UP, copied(1, 3, 40)),
    ("equal parts", c.QUERY, copied(0, slice(0, 32), slice(32, 64))),
    ("equal parts", c.UP, lambda x: np.tile(x[:128], (4, 1))),
    ("equal parts", c.DOWN, lambda x: np.tile(x[:, :256], (1, 2))),
    ("symmetric initialization", c.UP, lambda x: np.tile(x[:1], (len(x), 1))),
    ("negated slices", c.QUERY, copied(0, slice(0, 32), slice(32, 64), np.negative)),
    ("proportional slices", c.QUERY, copied(0, slice(0, 32), slice(32, 64), lambda x: x * 1.3)),
    ("noisy copies of slices", c.QUERY, copied(0, slice(0, 32), slice(32, 64), noisy)),
    ("repeated draws", c.UP, lambda x: np.resize(x.reshape(-1)[:5003], x.shape)),
    ("symmetric matrix", c.QUERY, lambda x: x + x.T),
    ("neighbours alike", c.UP, lambda x: np.sort(x, axis=None).reshape(x.shape)),
    ("neighbours alike", c.UP, lambda x: x + np.float32(0.4) * np.roll(x, 1, 1)),
    ("low rank", c.UP, of_rank(8)),
    ("low rank", c.UP, of_rank(100)),
    ("no longer a start", c.UP, lambda x: x + 0.6 * of_rank(1)(x)),
    ("uneven lines", c.UP, lambda x: x * np.where(np.arange(len(x)) == 3, 2.5, 1)[:, None]),
    ("scale unlike the other layers'", c.UP, lambda x: x * 1.3),
    ("mean unlike the other layers'", c.UP, lambda x: x + 0.005),
    ("unlike the other layers'", c.NORM, lambda x: x * 0),
    ("unlike the other layers'", c.NORM, lambda x: x + 0.01 * RANDOM.standard_normal(x.shape)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "name", "plant"), PLANTED, ids=[f"{n} {row[0]}" for n, row in enumerate(PLANTED)]
)
def test_a_planted_fault_is_found_in_its_weight_and_named(fault, name, plant):
    tensors = checkpoint()
    tensors[name] = np.ascontiguousarray(plant(tensors[name].copy()), np.float32)
    found = faults(tensors)
    assert fault in found
    assert all(
        path.startswith(path_of(name)) for fault in found for path in found[fault] if path != "**"
    )


def test_a_right_checkpoint_has_no_fault():
    assert faults(checkpoint()) == {}
