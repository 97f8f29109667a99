"""Orthogonal weights: orthonormal, Haar-distributed, and the product that the text defines."""

import math
import os
import subprocess
import sys

import numpy as np
import pytest
from common.backends import SWITCHES
from numpy.typing import NDArray
from reference import structured

import fanwise
from fanwise.core import householder, reflections, threads, tiling
from fanwise.core.fast import gate
from fanwise.core.orthogonal import as_matrices
from fanwise.spec.axes import layout

Array = NDArray[np.float64]

#: Shapes with their patterns: tall, wide, square; within and across panels of reflections;
#: batches; receptive fields; several inputs or outputs.
WEIGHTS = [
    ((1, 1), "in out"),
    ((5, 5), "in out"),
    ((9, 4), "in out"),
    ((4, 9), "in out"),
    ((1, 6), "in out"),
    ((6, 1), "in out"),
    ((64, 64), "in out"),
    ((70, 65), "in out"),
    ((65, 131), "in out"),
    ((9, 4), "out in"),
    ((12, 5), "(3 out) in"),
    ((15, 4), "(3 out) in"),
    ((3, 4, 6), "batch in out"),
    ((3, 2, 4, 10), "* * in out"),
    ((10, 4, 3, 2), "out in * *"),
    ((6, 2, 5), "in out out"),
]


@pytest.fixture(autouse=True, params=SWITCHES.values(), ids=SWITCHES)
def by_every_backend(request, monkeypatch) -> None:
    monkeypatch.setenv(gate.SWITCH, request.param)


def sampled(shape: tuple[int, ...], axes: str, scheme: object = "orthogonal") -> Array:
    """The weight's matrices in canonical order: (batch, receptive and in, out)."""
    stored = fanwise.sample(scheme, shape, seed=21, path="w", axes=axes, dtype="float64")
    canonical = fanwise.core.to_canonical(stored, axes)
    batches = 3 if "batch" in axes or "(3" in axes else 1
    outputs = math.prod(canonical.shape[canonical.ndim - axes.count("out") :])
    return canonical.reshape(batches, -1, outputs)


def assert_orthonormal(matrices: Array, gain: float = 1.0) -> None:
    """Columns are, or the rows of a wide one."""
    rows, columns = matrices.shape[1:]
    tall = matrices if rows >= columns else matrices.transpose(0, 2, 1)
    gram = tall.transpose(0, 2, 1) @ tall
    expected = np.broadcast_to(gain**2 * np.eye(min(rows, columns)), gram.shape)
    np.testing.assert_allclose(gram, expected, rtol=0, atol=1e-12 * gain**2)


@pytest.mark.parametrize(("shape", "axes"), WEIGHTS)
def test_orthonormal(shape: tuple[int, ...], axes: str) -> None:
    assert_orthonormal(sampled(shape, axes))
    assert_orthonormal(sampled(shape, axes, fanwise.scheme("orthogonal", gain=3.0)), 3.0)


@pytest.mark.parametrize(("shape", "axes"), WEIGHTS)
def test_equals_the_product_of_reflections(shape: tuple[int, ...], axes: str) -> None:
    got = sampled(shape, axes)
    gaussians = structured.gaussian(got.shape, seed=21, path="w")
    expected = np.stack([structured.orthonormal(g) for g in gaussians])
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12)


def test_tiles_do_not_show(monkeypatch) -> None:
    expected = sampled((150, 140), "in out")
    for size in (16, 32, 48):
        monkeypatch.setattr(tiling, "_LARGEST", size)
        np.testing.assert_allclose(sampled((150, 140), "in out"), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    "shape",
    [
        (20, 5, 5),
        (300, 9, 1),
        (40, 1, 300),
        (7, 130, 70),
        (7, 40, 100),
        (3, 400, 390),
        (9, 370, 360),
    ],
)
def test_a_matrix_has_the_same_bits_alone_as_among_others(shape: tuple[int, ...]) -> None:
    matrices = fanwise.sample("normal", shape, seed=1, dtype="float64")
    together = np.empty(shape)
    householder.write_orthonormal(lambda index: matrices[index].copy(), together, 1.5)
    for gaussian, among in zip(matrices[:, None], together, strict=True):
        alone = np.empty_like(gaussian)
        householder.write_orthonormal(lambda index, own=gaussian: own[index].copy(), alone, 1.5)
        assert alone.tobytes() == among.tobytes()


def destinations(shape: tuple[int, ...], dtype: str) -> list[Array]:
    """Memory of a shape, in all kinds of orders and distances."""
    size, step = math.prod(shape), np.dtype(dtype).itemsize
    swapped = (shape[0], shape[2], shape[1])
    return [
        np.empty(shape, dtype),
        np.empty(swapped, dtype).swapaxes(1, 2),
        np.empty(shape[::-1], dtype).T,
        np.empty(shape, dtype)[:, ::-1, ::-1],
        np.empty((*shape[:2], 2 * shape[2] + 1), dtype)[:, :, 1::2],
        np.empty((shape[1], shape[0], shape[2] + 3), dtype).swapaxes(0, 1)[:, :, :-3],
        np.empty((size + 1) * step, np.uint8)[step:].view(dtype).reshape(shape),
    ]


@pytest.mark.parametrize(
    "shape", [(1, 12, 20), (20, 5, 5), (9, 16, 16), (3, 65, 131), (2, 400, 390), (1, 500, 300)]
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_no_memory_company_or_thread_changes_a_bit(monkeypatch, shape, dtype: str) -> None:
    matrices = fanwise.sample("normal", shape, seed=1, dtype="float64")
    expected = np.empty(shape, dtype)
    monkeypatch.setattr(threads, "_cores", lambda: 1)
    for number in range(len(expected)):
        one = slice(number, number + 1)
        householder.write_orthonormal(
            lambda index, own=matrices[one]: own[index].copy(), expected[one], 1.5
        )
    for cores in (1, 2, 5):
        monkeypatch.setattr(threads, "_cores", lambda cores=cores: cores)
        for out in destinations(shape, dtype):
            for drawn in (matrices, np.asfortranarray(matrices)):
                householder.write_orthonormal(lambda index, own=drawn: own[index], out, 1.5)
                assert out.tobytes() == expected.tobytes()


def stored(out: Array, axes: str) -> None:
    fanwise.sample("orthogonal", out.shape, seed=4, axes=axes, out=out)


@pytest.mark.parametrize(("shape", "axes"), [*WEIGHTS, ((130, 200), "out in")])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_no_stride_changes_a_bit(shape: tuple[int, ...], axes: str, dtype: str) -> None:
    expected = np.empty(shape, dtype)
    stored(expected, axes)
    wide = np.full(tuple(2 * n for n in shape), np.nan, dtype)
    unaligned = np.empty(expected.nbytes + 1, np.uint8)[1:].view(dtype).reshape(shape)
    crosswise = np.empty(shape[::-1], dtype).T
    for out in (wide[tuple(slice(None, None, 2) for _ in shape)], unaligned, crosswise):
        stored(out, axes)
        np.testing.assert_array_equal(out, expected)
        index = tuple(slice(None, None, 2) for _ in shape)
        block = fanwise.sample("orthogonal", shape, seed=4, axes=axes, dtype=dtype, index=index)
        np.testing.assert_array_equal(block, expected[index])
    assert np.isnan(wide).sum() == wide.size - expected.size


def test_memory_that_no_vector_loads_is_written_in_another_way() -> None:
    odd = np.empty(4 * 3 * 8 + 1, np.uint8)[1:].view(np.float64).reshape(4, 3)
    assert as_matrices(odd, layout((4, 3), "in out")) is None
    even = np.empty((4, 3))
    view = as_matrices(even, layout((4, 3), "out in"))
    assert view.shape == (1, 3, 4)
    assert np.shares_memory(view, even)


#: Prints the digests of matrices of all kinds of sizes, large enough for threads.
DIGESTS = """
import hashlib
import fanwise
for shape in ((33, 17), (150, 150), (300, 500), (513, 511), (777, 401), (1024, 1024), (2001, 65)):
    drawn = fanwise.sample("orthogonal", shape, seed=1, dtype="float64")
    print(hashlib.sha256(drawn.tobytes()).hexdigest())
"""
#: What says how many threads a library of linear algebra has.
LIBRARIES = ("OPENBLAS", "MKL", "BLIS", "OMP")


def test_the_number_of_threads_of_linear_algebra_changes_no_bit() -> None:
    said = []
    for allowed in ("1", "2", "4"):
        variables = {f"{name}_NUM_THREADS": allowed for name in LIBRARIES}
        variables |= {"VECLIB_MAXIMUM_THREADS": allowed, gate.SWITCH: "0"}
        done = subprocess.run(
            [sys.executable, "-c", DIGESTS],
            env={**os.environ, **variables},
            check=True,
            capture_output=True,
            text=True,
        )
        said.append(done.stdout)
    assert len(said[0].split()) == 7
    assert said[1:] == said[:1] * 2


def test_the_number_of_cores_changes_no_bit(monkeypatch) -> None:
    drawn = []
    for cores in (1, 2, 5):
        monkeypatch.setattr(threads, "_cores", lambda cores=cores: cores)
        drawn.append(fanwise.sample("orthogonal", (777, 401), seed=1, dtype="float64"))
    assert drawn[0].tobytes() == drawn[1].tobytes() == drawn[2].tobytes()


def test_a_column_of_zeros_is_left_alone() -> None:
    """No division by zero, and still orthonormal."""
    gaussian = np.random.default_rng(0).standard_normal((6, 4))
    gaussian[:, 1] = 0.0
    made = np.empty((1, 6, 4))
    householder.write_orthonormal(lambda index: gaussian[None][index].copy(), made, 1.0)
    assert_orthonormal(made)


@pytest.mark.parametrize(
    ("spatial", "centre"), [((3,), (1,)), ((4, 5), (1, 2)), ((2, 3, 1), (0, 1, 0))]
)
@pytest.mark.parametrize("outputs", [4, 7])
def test_delta_orthogonal(spatial: tuple[int, ...], centre: tuple[int, ...], outputs: int) -> None:
    """Orthogonal at the centre (k - 1) // 2, zero elsewhere, as in JAX."""
    scheme = fanwise.scheme("delta_orthogonal", gain=2.0)
    made = fanwise.sample(scheme, (*spatial, 4, outputs), seed=3, dtype="float64")
    middle = made[centre].copy()
    assert_orthonormal(middle[None], gain=2.0)
    gaussian = structured.gaussian((4, outputs), seed=3, path=None)
    np.testing.assert_allclose(middle, 2 * structured.orthonormal(gaussian), rtol=0, atol=1e-12)
    made[centre] = 0.0
    assert not made.any()


def test_delta_orthogonal_of_every_batch() -> None:
    made = fanwise.sample(
        "delta_orthogonal", (3, 5, 2, 4), seed=3, axes="batch * in out", dtype="float64"
    )
    assert_orthonormal(made[:, 2])
    assert not made[:, [0, 1, 3, 4]].any()
    assert not np.allclose(made[0, 2], made[1, 2])


# ---- Haar measure. Each check is distribution-free or exact, with a false-alarm rate of at
# most ALPHA; the seed is fixed, so that a run that passes once passes always.

ALPHA = 1e-12
DRAWS = 4000
SIDE = 3

#: Two fixed rotations: a Haar matrix stays one between them.
LEFT, RIGHT = (
    np.linalg.qr(np.random.default_rng(seed).standard_normal((SIDE, SIDE)))[0] for seed in (1, 2)
)


def haar_draws() -> Array:
    shape = (DRAWS, SIDE, SIDE)
    return fanwise.sample("orthogonal", shape, seed=5, axes="batch in out", dtype="float64")


def distance_from_uniform(values: Array) -> float:
    """The largest distance of the distribution function from that of [-1, 1]."""
    ranks = np.arange(len(values) + 1) / len(values)
    expected = (np.sort(values) + 1) / 2
    return float(max((ranks[1:] - expected).max(), (expected - ranks[:-1]).max()))


def haar_failures(draws: Array) -> list[str]:
    """What is not as it is under Haar measure on O(3).

    Every entry is uniform on [-1, 1] (Archimedes: a coordinate of a uniform point of the
    sphere), of Q and of LEFT Q RIGHT; by the DKW inequality the distance of n draws exceeds
    sqrt(log(2 / alpha) / (2 n)) with probability at most alpha. Half of the determinants are
    1; by Hoeffding's inequality their mean exceeds sqrt(2 log(2 / alpha) / n) so seldom.
    """
    tests = 2 * SIDE * SIDE + 1
    log = math.log(2 * tests / ALPHA)
    failures = []
    for name, turned in (("Q", draws), ("LEFT Q RIGHT", LEFT @ draws @ RIGHT)):
        for i, j in np.ndindex(SIDE, SIDE):
            distance = distance_from_uniform(turned[:, i, j])
            if distance > math.sqrt(log / (2 * len(draws))):
                failures.append(f"entry {i}, {j} of {name}: {distance}")
    mean = float(np.linalg.det(draws).mean())
    if abs(mean) > math.sqrt(2 * log / len(draws)):
        failures.append(f"determinant: {mean}")
    return failures


def test_haar() -> None:
    assert haar_failures(haar_draws()) == []


def test_successive_matrices_are_unrelated() -> None:
    """Q of one batch times the transpose of the next one's is again a Haar matrix."""
    draws = haar_draws()
    assert haar_failures(draws[::2] @ draws[1::2].transpose(0, 2, 1)) == []


Vectors = tuple[Array, Array]


def no_signs(v: Array, height: int) -> Vectors:
    taus, signs = RIGHT_VECTORS(v, height)
    return taus, np.ones_like(signs)


def signs_of_head(v: Array, height: int) -> Vectors:
    taus, signs = RIGHT_VECTORS(v, height)
    return taus, np.where(np.arange(signs.shape[1]) == 0, 1.0, signs)


def uniform_vectors(v: Array, height: int) -> Vectors:
    """Entries of a cube instead of a Gaussian: the directions are not uniform."""
    v[...] = np.sign(v) * (np.abs(v) > 0.6745) + 1e-9 * v
    return RIGHT_VECTORS(v, height)


def same_vector(v: Array, height: int) -> Vectors:
    """All reflections of the first column."""
    v[:, :, :SIDE] = v[:, :, :1]
    return RIGHT_VECTORS(v, height)


RIGHT_VECTORS = reflections._make_vectors


@pytest.mark.parametrize("mutant", [no_signs, signs_of_head, uniform_vectors, same_vector])
def test_a_wrong_distribution_is_caught(monkeypatch, mutant) -> None:
    """They are all orthonormal, and none is Haar-distributed."""
    monkeypatch.setenv(gate.SWITCH, "0")
    monkeypatch.setattr(reflections, "_make_vectors", mutant)
    draws = haar_draws()
    assert_orthonormal(draws)
    assert haar_failures(draws)
