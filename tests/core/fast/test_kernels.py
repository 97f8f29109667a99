"""The extension gives the bits of the NumPy path, by every instruction set. These tests need it."""

import os
import subprocess
import sys
from array import array
from dataclasses import replace

import numpy as np
import pytest
from common.backends import ASKED
from common.bits import same_bits
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.strategies import Case, cases

import fanwise
from fanwise.core import fill, threads
from fanwise.core.fast import extension, gate, tasks, tiles
from fanwise.core.fast.tasks import SHARE
from fanwise.core.fast.tiles import LINE, SIZE
from fanwise.core.keys import stream_key
from fanwise.core.order import inverse_permutation
from fanwise.core.philox import philox_block
from fanwise.core.values import Numbers

if not ASKED:  # where the extension is asked for, it must be there
    pytest.importorskip("fanwise_kernels")

import fanwise_kernels

#: What this build has and this processor runs; plain C is always among them.
SETS = fanwise_kernels.instruction_sets()
DTYPES = ("float16", "bfloat16", "float32", "float64")

bound = st.one_of(st.none(), st.integers(-16, 16))
slices = st.builds(slice, bound, bound, st.one_of(st.none(), st.integers(1, 5)))


@pytest.fixture(scope="module", autouse=True, params=SETS)
def by_every_instruction_set(request):
    fanwise_kernels.use(request.param)
    yield
    fanwise_kernels.use(SETS[0])


def by(path: str, draw) -> np.ndarray:
    """What a call gives on one path: "0" is NumPy's, "1" the compiled one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(gate.SWITCH, path)
        return draw()


def assert_same(draw) -> np.ndarray:
    expected, got = by("0", draw), by("1", draw)
    assert got.dtype == expected.dtype
    assert same_bits(got, expected)
    return got


def test_the_compiled_path_is_taken(monkeypatch) -> None:
    """Else all comparisons here would compare NumPy with itself."""
    monkeypatch.setattr(fill, "write_values", None)
    for dtype in DTYPES:
        for scheme in ("uniform", "normal", "truncated_normal"):
            assert by(
                "1", lambda s=scheme, d=dtype: fanwise.sample(s, (3, 5), seed=0, dtype=d)
            ).any()
    with pytest.raises(TypeError):
        by("0", lambda: fanwise.sample("normal", (3, 5), seed=0))


def test_what_one_thread_draws_is_not_entered(monkeypatch) -> None:
    monkeypatch.setattr(fill, "Entries", None)
    by("1", lambda: fanwise.sample("normal", (threads.WORTH_COMPILED_THREADS - 1,), seed=0))
    with pytest.raises(TypeError):
        by("1", lambda: fanwise.sample("normal", (threads.WORTH_COMPILED_THREADS,), seed=0))


def test_there_are_instruction_sets_and_no_others_are_taken() -> None:
    assert len({*SETS}) == len(SETS) >= 1
    assert SETS[-1] == "plain"
    with pytest.raises(ValueError, match="'avx1' is none of"):
        fanwise_kernels.use("avx1")


def test_the_interface_is_the_one_that_is_asked_for() -> None:
    assert fanwise_kernels.ABI == extension.ABI
    named = {name for name in vars(extension.Kernels) if not name.startswith("_")}
    assert named <= {*dir(fanwise_kernels)}


@settings(max_examples=400, deadline=None)
@given(case=cases(), data=st.data())
def test_small_weights_and_blocks(case: Case, data: st.DataObject) -> None:
    """Any scheme, dtype, axes, seed, path and block, written into any strides."""
    scheme = fanwise.scheme(case.scheme, **case.params)
    shape = case.axes.shape
    index = tuple(data.draw(slices) for _ in range(data.draw(st.integers(0, len(shape)))))
    how = {"seed": case.seed, "path": case.path, "axes": case.axes.pattern, "index": index}
    expected = by("0", lambda: fanwise.sample(scheme, shape, dtype=case.dtype, **how))
    order = data.draw(st.permutations(range(expected.ndim)))
    steps = [data.draw(st.sampled_from([1, 2, -1])) for _ in order]
    base = np.zeros([2 * expected.shape[axis] for axis in order], expected.dtype)
    turned = base.transpose(inverse_permutation(order))
    view = turned[(*(slice(None, None, step) for step in steps), ...)]
    out = view[(*(slice(0, n) for n in expected.shape), ...)]
    by("1", lambda: fanwise.sample(scheme, shape, out=out, **how))
    assert same_bits(out, expected)
    out[...] = 0
    assert not base.tobytes().strip(b"\0")


#: Shapes about the borders of tiles, and what is taken by one thread at a time; rows in every
#: lane of a block; axes that merge and axes that do not; runs of a single element.
LARGE = [
    ((SIZE + 1,), "out"),
    ((SHARE + 5,), "out"),
    ((3, SIZE + 3), "in out"),
    ((SIZE + 3, 3), "out in"),
    ((LINE + 1, 2 * LINE + 2), "out in"),
    ((514, 515), "out in"),
    ((1000, 264), "out in"),
    ((2, 6007), "out in"),
    ((6007, 2), "out in"),
    ((37, 41, 3, 3), "out in * *"),
    ((37, 44, 3, 3), "in out * *"),
    ((3, 3, 37, 44), "* * out in"),
    ((3 * 111, 101), "(3 out) in"),
    ((5, 7, 11, 13), "* batch out in"),
    ((7, 6, 5, 4, 3, 2, 3), "* in batch * out in out"),
]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shape", "axes"), LARGE)
def test_large_weights(shape: tuple[int, ...], axes: str, dtype: str) -> None:
    for scheme in ("uniform", "normal", "truncated_normal"):
        how = {"seed": 3, "path": "w", "axes": axes, "dtype": dtype}
        assert_same(lambda s=scheme, h=how: fanwise.sample(s, shape, **h))
    cut = tuple(slice(n // 3, None, 1 + k % 2) for k, n in enumerate(shape))
    assert_same(lambda: fanwise.sample("normal", shape, index=cut, **how))


@pytest.mark.parametrize("cores", [1, 2, 3, 64])
def test_any_number_of_cores(monkeypatch, cores: int) -> None:
    monkeypatch.setattr(threads, "_cores", lambda: cores)
    shape = (threads.WORTH_COMPILED_THREADS // 500, 501)
    for axes in ("in out", "out in"):
        assert_same(lambda a=axes: fanwise.sample("normal", shape, seed=3, axes=a))


@pytest.mark.parametrize("axes", ["in out", "out in"])
def test_far_into_a_huge_weight(axes: str) -> None:
    """Indices beyond 2**32, and blocks of the stream beyond 2**32."""
    index = (slice(2**31 - 9, 2**31 - 2), slice(2**30 + 1, 2**30 + 90))
    assert_same(lambda: fanwise.sample("normal", (2**31, 2**31), seed=3, axes=axes, index=index))


@pytest.mark.parametrize("std", [2.0**-27, 2.0**-20, 2.0**-14, 1.0, 2.0**13, 2.0**18])
@pytest.mark.parametrize("mean", [0.0, 1.0, -1e-7])
def test_rounding(std: float, mean: float) -> None:
    """float16 below its smallest normal number and up to its largest; means added last."""
    dtypes = [dtype for dtype in DTYPES if dtype != "float16" or std <= 2.0**13]
    for name in ("normal", "truncated_normal"):
        scheme = fanwise.scheme(name, mean=mean, std=std)
        for dtype in dtypes:
            assert_same(lambda s=scheme, d=dtype: fanwise.sample(s, (1 << 14,), seed=5, dtype=d))
    scheme = fanwise.scheme("uniform", low=mean - std, high=mean + std)
    for dtype in dtypes:
        assert_same(lambda s=scheme, d=dtype: fanwise.sample(s, (1 << 14,), seed=5, dtype=d))


@pytest.mark.parametrize(("low", "high"), [(-2.0, 2.0), (-6.4, 6.4), (0.5, 2.5), (-3.4, -3.0)])
def test_windows(low: float, high: float) -> None:
    scheme = fanwise.scheme("truncated_normal", low=low, high=high)
    assert_same(lambda: fanwise.sample(scheme, (1 << 16,), seed=5))


def test_memory_between_elements() -> None:
    """NumPy writes where elements do not lie a whole number of elements apart."""
    expected = fanwise.sample("normal", (10, 10), seed=1)
    for offset, strides in ((4, (72, 4)), (1, (40, 4)), (0, (70, 6))):
        out = np.ndarray((10, 10), np.float32, np.zeros(800, np.uint8), offset, strides)
        by("1", lambda out=out: fanwise.sample("normal", (10, 10), seed=1, out=out))
        np.testing.assert_array_equal(out, expected)


@pytest.mark.parametrize("before", [1, 3, 70, 1030])
@pytest.mark.parametrize("axes", ["in out", "out in"])
def test_where_the_counter_goes_on_to_its_second_word(axes: str, before: int) -> None:
    """Runs, and planes, that cross block 2**32 of the stream, wherever in a vector that is."""
    length = 32797
    line, place = divmod(2**34, length)
    across = (slice(line - 3, line + 4), slice(place - 4 * before - 1, place + 4 * before + 77))
    shape = (2**20, length)
    if axes == "out in":
        across, shape = across[::-1], shape[::-1]
    assert_same(lambda: fanwise.sample("normal", shape, seed=3, axes=axes, index=across))


@pytest.mark.parametrize("law", ["uniform", "normal"])
@pytest.mark.parametrize(("above", "below", "before"), [(3, 40, 0), (0, 40, 64), (39, 1, 32)])
def test_rows_of_whole_blocks_that_have_two_second_words(
    law: str, above: int, below: int, before: int
) -> None:
    """Turned rows, of which the later ones, or the ends, lie beyond block 2**32 of the stream."""
    length = 32796
    line, place = divmod(2**34, length)
    index = (slice(place - before, place + 64), slice(line - above, line + below))
    shape = (length, 2**20)
    assert_same(lambda: fanwise.sample(law, shape, seed=3, axes="out in", index=index))


@pytest.mark.parametrize("law", ["uniform", "normal", "truncated_normal"])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(4, 32), (7, 257), (64, 31), (301, 300), (12, 20, 3, 3)])
def test_rows_of_whole_blocks(law: str, dtype: str, shape: tuple[int, ...]) -> None:
    """Turned rows whose ends leave vectors, and blocks, unfilled."""
    whole = (-(-shape[0] // 4) * 4, *shape[1:])
    how = {"axes": "out in *", "index": (slice(shape[0]),)}
    assert_same(lambda: fanwise.sample(law, whole, seed=3, dtype=dtype, **how))


def longer_strides(*how) -> tiles.Tiles:
    cut = tiles.tiles(*how)
    own = slice(cut.axes, 2 * cut.axes - 1)
    geometry = [*cut.geometry]
    geometry[own] = [stride + 1 for stride in geometry[own]]
    return replace(cut, geometry=tuple(geometry))


def one_tile_less(*how) -> tiles.Tiles:
    cut = tiles.tiles(*how)
    return replace(cut, count=cut.count - 1)


def coarser(numbers: Numbers, double: bool) -> array:
    unit, mean = rounded_scale(numbers, double)
    return array("d" if double else "f", (unit * (1 + 2**-23), mean))


def off_centre(numbers: Numbers, double: bool) -> array:
    unit, _ = rounded_scale(numbers, double)
    return array("d" if double else "f", (unit, 1e-7))


rounded_scale = tasks._scale

MUTANTS = {
    "strides": ("tiles", longer_strides),
    "a tile": ("tiles", one_tile_less),
    "unit": ("_scale", coarser),
    "mean": ("_scale", off_centre),
    "bfloat16 for float16": ("_FORMS", {"float16": 1}),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_wrong_number_would_be_seen(monkeypatch, mutant: str) -> None:
    name, wrong = MUTANTS[mutant]
    monkeypatch.setattr(tasks, name, wrong)
    fill.plans_of_whole.cache_clear()
    dtype = "float16" if name == "_FORMS" else "float32"
    shape = (1025, 1027)  # more than is drawn at once, so that the tiles are counted
    with pytest.raises(AssertionError):
        # Not into memory that may hold the right numbers of an earlier draw.
        assert_same(
            lambda: fanwise.sample(
                "normal", shape, seed=3, axes="torch", out=np.zeros(shape, dtype)
            )
        )


def run(code: str, **variables: str) -> str:
    """What a fresh interpreter prints."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
    ).stdout.strip()


def test_a_child_of_a_fork_draws_too() -> None:
    code = (
        "import fanwise, os, sys\n"
        "draw = lambda: fanwise.sample('normal', (1 << 19,), seed=0).tobytes()\n"
        "first = draw()\n"
        "child = os.fork()\n"
        "if not child: os._exit(draw() != first)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    assert run(code, FANWISE_FAST="1") == "0"


@given(st.tuples(*[st.integers(0, 2**32 - 1)] * 4), st.tuples(*[st.integers(0, 2**32 - 1)] * 2))
def test_a_block_is_that_of_python(counter, key) -> None:
    assert fanwise_kernels.block(*counter, *key) == philox_block(counter, key)


def test_a_key_is_that_of_python() -> None:
    for seed, path in ((0, None), (2**64 - 1, "a"), (7, "encoder/0/dense/kernel")):
        assert stream_key(seed, path, kernels=fanwise_kernels) == stream_key(seed, path)
