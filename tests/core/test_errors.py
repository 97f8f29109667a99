"""Bad input to fanwise.sample: every error says what to do, and out stays as it was."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

import fanwise
from fanwise.core import dtypes
from fanwise.spec.registry import entry_of, example_of

SHAPE = (4, 6)


def assert_helpful(error: fanwise.FanwiseError) -> None:
    assert isinstance(error, ValueError)
    assert error.expected.strip()
    assert repr(error.received).strip()
    assert error.hint.strip().endswith((".", ")"))
    for part in (error.expected, repr(error.received), error.hint, error.context):
        assert part in str(error)


def read_only() -> np.ndarray:
    out = np.full(SHAPE, 7, np.float32)
    out.flags.writeable = False
    return out


def overlapping(strides: tuple[int, int], dtype: str = "float32") -> np.ndarray:
    """Memory of sevens as an array of SHAPE, of which elements share places."""
    return as_strided(np.full(24, 7, dtype), SHAPE, strides)


BAD = {
    "unknown scheme": {"scheme": "he_norml"},
    "scheme of another type": {"scheme": 3},
    "no scheme": {"scheme": None},
    "fan rule on one axis": {"scheme": "he_normal", "shape": (6,), "out": np.zeros(6, "f4")},
    "fan rule on no axes": {"scheme": "he_normal", "shape": (), "out": np.zeros((), "f4")},
    "groups that do not divide": {"scheme": fanwise.scheme("he_normal", groups=4)},
    "scale too large": {"scheme": fanwise.scheme("xavier_normal", gain=1e30)},
    "scale too small": {"scheme": fanwise.scheme("xavier_uniform", gain=1e-30)},
    "scale that underflows": {"scheme": fanwise.scheme("xavier_uniform", gain=1e-200)},
    "scale that overflows": {"scheme": fanwise.scheme("xavier_normal", gain=1e200)},
    "slope that overflows": {"scheme": fanwise.scheme("kaiming_normal", a=1e200)},
    "negative dimension": {"shape": (4, -6)},
    "float dimension": {"shape": (4, 6.0)},
    "boolean dimension": {"shape": (4, True)},
    "shape that is no sequence": {"shape": 24},
    "shape in words": {"shape": "46"},
    "no shape": {"shape": None},
    "more than 2**63 elements": {"shape": (2**32, 2**31), "index": (slice(1), slice(1))},
    "more than 2**63 bytes": {"shape": (2**40, 2**22), "out": None},
    "an axis beyond 2**63": {"shape": (0, 2**63)},
    "unknown word in axes": {"axes": "in outt"},
    "unknown axes": {"axes": "kernal"},
    "empty axes": {"axes": " "},
    "axes of another type": {"axes": ("in", "out")},
    "axes that do not fit": {"axes": "in out batch"},
    "axes with two lone stars": {"axes": "* in *"},
    "split that does not divide": {"axes": "(3 out) in"},
    "split of the receptive field": {"axes": "(2 *) in"},
    "split without an end": {"axes": "(2 out in"},
    "split into none": {"axes": "(0 out) in"},
    "negative seed": {"seed": -1},
    "seed of 2**64": {"seed": 2**64},
    "float seed": {"seed": 1.0},
    "boolean seed": {"seed": True},
    "NumPy boolean seed": {"seed": np.True_},
    "negative NumPy seed": {"seed": np.int64(-1)},
    "no seed": {"seed": None},
    "seed in words": {"seed": "0"},
    "path of bytes": {"path": b"kernel"},
    "path of another type": {"path": 3},
    "path with a lone surrogate": {"path": "\ud800"},
    "path with a character of Unicode 15.0": {"path": "a\U0001e08f\u0323"},
    "path with a character of Unicode 16.0": {"path": "\u0897/kernel"},
    "path with a code point that is no character": {"path": "\uffff"},
    "int dtype": {"dtype": "int32"},
    "dtype that is none": {"dtype": "float33"},
    "dtype of another type": {"dtype": 32},
    "complex dtype": {"dtype": np.complex64},
    "structured dtype": {"dtype": [("a", "f4")]},
    "other dtype than out": {"dtype": "float64"},
    "bfloat16 into float32": {"dtype": "bfloat16"},
    "uint16 out without its dtype": {"out": np.full(SHAPE, 7, np.uint16)},
    "int out": {"out": np.full(SHAPE, 7)},
    "byte-swapped out": {"out": np.full(SHAPE, 7, ">f4")},
    "uint16 out for float16": {"out": np.full(SHAPE, 7, np.uint16), "dtype": "float16"},
    "out of another type": {"out": [[7.0] * 6] * 4},
    "out of another shape": {"out": np.full((6, 4), 7, np.float32)},
    "out of the whole for a block": {"index": (slice(2),)},
    "out that broadcasts": {"out": np.full((1, 6), 7, np.float32)},
    "read-only out": {"out": read_only()},
    "out of rows that are one": {"out": overlapping((0, 4))},
    "out of one element": {"out": overlapping((0, 0))},
    "out of a moving window": {"out": overlapping((4, 4))},
    "out whose rows meet": {"out": overlapping((8, 12))},
    "out whose elements reach into each other": {"out": overlapping((12, 2))},
    "out of one row for a structured scheme": {"scheme": "orthogonal", "out": overlapping((0, 4))},
    "out of one row for a constant": {"scheme": "ones", "out": overlapping((0, 4))},
    **{
        f"{name} of {params} in {dtype}": {
            "scheme": fanwise.scheme(name, **params),
            "out": np.full(SHAPE, 7, "uint16" if dtype == "bfloat16" else dtype),
            "dtype": dtype,
        }
        for dtype, name, params in (
            ("float16", "constant", {"value": -1e9}),
            ("float16", "constant", {"value": 65505.0}),
            ("bfloat16", "constant", {"value": -3.4e38}),
            ("float16", "normal", {"std": 10340.0}),
            ("float16", "normal", {"mean": -65000.0, "std": 100.0}),
            ("float16", "uniform", {"low": -65600.0, "high": 0.0}),
            ("float16", "truncated_normal", {"std": 40000.0}),
            ("float16", "xavier_normal", {"gain": 1e6}),
            ("float16", "orthogonal", {"gain": 7e4}),
            ("float16", "identity", {"gain": 7e4}),
            ("float16", "sparse", {"sparsity": 0.5, "std": 10340.0}),
        )
    },
    "index of an integer": {"index": (1, 2)},
    "index of a list": {"index": [slice(1)]},
    "index of floats": {"index": (slice(0.5, 2),)},
    "index of too many slices": {"index": (slice(1),) * 3},
    "index with a zero step": {"index": (slice(None, None, 0),)},
    "index backward": {"index": (slice(None, None, -1),)},
    "index of an array": {"index": np.arange(3)},
    "identity of three axes": {"scheme": "identity", "shape": (2, 4, 6)},
    "sparse of three axes": {"scheme": "sparse", "shape": (2, 4, 6)},
    "orthogonal of one axis": {"scheme": "orthogonal", "shape": (6,)},
    "orthogonal without in": {"scheme": "orthogonal", "axes": "batch out"},
    "dirac of a matrix": {"scheme": "dirac"},
    "dirac of six axes": {"scheme": "dirac", "shape": (1, 2, 3, 4, 5, 6)},
    "dirac with odd groups": {"scheme": fanwise.scheme("dirac", groups=4), "shape": (3, 2, 6)},
    "delta_orthogonal of a matrix": {"scheme": "delta_orthogonal"},
    "delta_orthogonal to fewer": {"scheme": "delta_orthogonal", "shape": (3, 4, 2)},
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input(name: str) -> None:
    given = {"scheme": "normal", "shape": SHAPE, "seed": 0, **BAD[name]}
    out = given.setdefault("out", np.full(SHAPE, 7, np.float32))
    before = np.array(out, copy=True)
    with pytest.raises(fanwise.FanwiseError) as caught:
        fanwise.sample(given.pop("scheme"), given.pop("shape"), **given)
    assert_helpful(caught.value)
    np.testing.assert_array_equal(out, before)


def test_the_same_input_without_the_fault_is_accepted() -> None:
    """Else the table above might pass for another reason than the one that it names."""
    out = np.full(SHAPE, 7, np.float32)
    fanwise.sample("normal", SHAPE, seed=0, out=out)
    assert not (out == 7).any()


@pytest.mark.parametrize(
    ("bad", "phrase"),
    [
        ("unknown scheme", "Did you mean 'he_normal'?"),
        ("unknown word in axes", "Did you mean 'out'?"),
        ("unknown axes", "Did you mean 'kernel'?"),
        ("fan rule on one axis", "Pass fan="),
        ("split that does not divide", "3 divides"),
        ("out of the whole for a block", "(2, 6)"),
    ],
)
def test_what_the_errors_say(bad: str, phrase: str) -> None:
    given = {"scheme": "normal", "shape": SHAPE, "seed": 0, "out": np.zeros(SHAPE, "f4")}
    given |= BAD[bad]
    with pytest.raises(fanwise.FanwiseError) as caught:
        fanwise.sample(given.pop("scheme"), given.pop("shape"), **given)
    assert phrase in str(caught.value)


def test_a_window_of_fewer_than_2_to_the_20_words() -> None:
    """The probability is held to when the scheme is made, the words when it is drawn."""
    from fanwise.core.quantile import window

    for low, high in ((0.0, 1e-4), (6.0, 7.0), (-9.0, -8.0), (2.0, 1.0)):
        with pytest.raises(fanwise.FanwiseError) as caught:
            window(low, high)
        assert_helpful(caught.value)


def test_bfloat16_without_ml_dtypes(monkeypatch) -> None:
    """An error that says so; uint16 bits need nothing."""
    monkeypatch.setitem(__import__("sys").modules, "ml_dtypes", None)
    with pytest.raises(fanwise.FanwiseError, match="pip install ml_dtypes") as caught:
        fanwise.sample("normal", SHAPE, seed=0, dtype="bfloat16")
    assert_helpful(caught.value)
    out = np.zeros(SHAPE, np.uint16)
    fanwise.sample("normal", SHAPE, seed=0, dtype="bfloat16", out=out)
    single = fanwise.sample("normal", SHAPE, seed=0)
    np.testing.assert_array_equal(out, dtypes.bfloat16_bits(single))


GENERATOR_WANTS = {
    "dirac": [(0, 3, 4), (3, 0, 4), (3, 4, 0)],
    "delta_orthogonal": [(0, 3, 4), (3, 0, 4), (0, 0, 0)],
}


#: Those that refuse some shapes without elements as they do others: not square, of other heads.
PARTICULAR = {
    "bilinear_upsampling",
    "given",
    "glow_rotation",
    "mimetic_key",
    "mimetic_out",
    "mimetic_query",
    "mimetic_value",
    "reservoir",
}


def empty_shapes(name: str) -> list[tuple[int, ...]]:
    """What a scheme is meant for, with one of the sizes, or all of them, 0."""
    meant = entry_of(name).shape or (8, 16)
    each = [tuple(0 if i == axis else n for i, n in enumerate(meant)) for axis in range(len(meant))]
    return [*each, (0,) * len(meant)]


@pytest.mark.parametrize("dtype", dtypes.NAMES)
@pytest.mark.parametrize("name", fanwise.schemes())
def test_zero_size_shapes_give_an_empty_weight(name: str, dtype: str) -> None:
    drawn = 0
    for shape in GENERATOR_WANTS.get(name, empty_shapes(name)):
        try:
            got = fanwise.sample(example_of(name), shape, seed=0, dtype=dtype)
        except fanwise.FanwiseError:
            assert name in PARTICULAR
            continue
        assert (got.shape, got.dtype.name, got.size) == (shape, dtype, 0)
        drawn += 1
    # Values have the shape of the weight, and there is one at least.
    assert drawn or name == "given"
    chosen = example_of(name)
    if not chosen.entry.structured:
        assert fanwise.sample(chosen, (3, 0, 4, 5), seed=0, dtype=dtype).shape == (3, 0, 4, 5)


def test_an_empty_block_of_a_full_weight() -> None:
    for scheme in ("he_normal", "orthogonal", "zeros"):
        got = fanwise.sample(scheme, (4, 6), seed=0, index=(slice(2, 2),))
        assert got.shape == (0, 6)
