"""Known answers and arithmetic of the reference, with made-up quantile tables."""

import ast
import hashlib
import itertools
import json
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

from reference import stream
from reference.random123 import KNOWN_ANSWERS


def write(path: Path, rows: list[list[int]]) -> Path:
    data = {"fraction_bits": 28, "slope_extra_bits": 9, "segments_per_octave": 64, "rows": rows}
    path.write_text(json.dumps(data))
    return path


@pytest.fixture(scope="module")
def linear(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A straight line through the true quantile in every segment: coarse, but monotone."""

    def knot(row: int) -> int:
        p = 2.0 ** (row // 64) * (1 + row % 64 / 64) / 2**33
        return round(-NormalDist().inv_cdf(p) * 2**28)

    ends = [knot(row) for row in range(2049)]
    rows = [[a, (a - b) << 9, 0] for a, b in itertools.pairwise(ends)]
    return write(tmp_path_factory.mktemp("t") / "linear.json", rows)


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN_ANSWERS)
def test_philox_known_answers(counter: str, key: str, expected: str) -> None:
    c, k, e = (tuple(int(word, 16) for word in text.split()) for text in (counter, key, expected))
    assert stream.philox(c, k) == e


def test_keys() -> None:
    assert stream.key(0x0123456789ABCDEF, None) == (0x89ABCDEF, 0x01234567)
    assert stream.key(1, "") != stream.key(1, None)
    assert stream.key(1, "e\u0301") == stream.key(1, "\u00e9")
    assert stream.key(1, "a", "mask") != stream.key(1, "a")
    p = hashlib.sha256(b"fanwise/1\0mask\0\xc3\xa9").digest()
    words = tuple(int(n) for n in np.frombuffer(p[:16], "<u4"))
    assert stream.key(2**32 + 7, "e\u0301", "mask") == stream.philox(words, (7, 1))[:2]
    for seed in (-1, 2**64):
        with pytest.raises(ValueError, match="seed"):
            stream.key(seed, None)


def test_words_cross_the_32_bit_block() -> None:
    assert [stream.word((0, 0), i) for i in range(4)] == list(stream.philox((0, 0, 0, 0), (0, 0)))
    assert stream.word((5, 6), 4 * (2**32 + 3) + 2) == stream.philox((3, 1, 0, 0), (5, 6))[2]


def test_uniform_integer() -> None:
    assert [stream.uniform_integer(w) for w in (0, 255, 2**31 - 1, 2**31, 2**32 - 1)] == [
        1 - 2**24,
        1 - 2**24,
        -1,
        1,
        2**24 - 1,
    ]


def test_normal_integer_arithmetic(tmp_path: Path) -> None:
    rows = [[0, 0, 0] for _ in range(2048)]
    rows[0] = [111, 7, 9]  # x = 1: t = 0, so c0 alone
    rows[64 * 2 + 16] = [222, 7, 9]  # x = 5 = 0b101: f = 2**30, f >> 26 = 16, t = 0
    rows[64 * 30 + 63] = [1000, 2**31, 2**30]  # x = 2**31 - 1: f = 2**32 - 4, t = 2**32 - 256
    table = write(tmp_path / "t.json", rows)
    assert (stream.normal_integer(0, table), stream.normal_integer(2**32 - 1, table)) == (-111, 111)
    assert (stream.normal_integer(2, table), stream.normal_integer(2**32 - 3, table)) == (-222, 222)
    rows[64 * 30 + 63][0] = 2**28
    table = write(tmp_path / "u.json", rows)
    t, slope = 2**32 - 256, 2**31 - (2**30 - 64)
    assert stream.normal_integer(2**30 - 1, table) == -(2**28 - (t * slope // 2**32 // 2**9))
    assert stream.normal_integer(2**31, table) == 0


def test_linear_table_is_the_quantile(linear: Path) -> None:
    for w in (0, 1, 2, 12345, 2**20 + 1, 2**30, 2**31 - 1, 2**31, 3 * 2**30, 2**32 - 1):
        z = stream.normal_integer(w, linear)
        assert abs(z / 2**28 - NormalDist().inv_cdf((w + 0.5) / 2**32)) < 1e-4
        assert z == -stream.normal_integer(w ^ 0xFFFFFFFF, linear)
    assert round(stream.normal_integer(2**32 - 1, linear) / 2**28, 3) == 6.338


def test_window_is_the_tightest(linear: Path) -> None:
    for low, high in ((-2.0, 2.0), (0.3, 1.1), (-10.0, -1.0), (1.0, 9.0)):
        first, count = stream.window(low, high, linear)
        last = first + count - 1
        assert stream.normal_integer(first, linear) >= low * 2**28
        assert stream.normal_integer(last, linear) <= high * 2**28
        assert first == 0 or stream.normal_integer(first - 1, linear) < low * 2**28
        assert last == 2**32 - 1 or stream.normal_integer(last + 1, linear) > high * 2**28
    assert stream.window(-float("inf"), float("inf"), linear) == (0, 2**32)
    for low, high in ((0.0, 1e-4), (6.0, 7.0), (8.0, 9.0), (2.0, -2.0)):
        with pytest.raises(ValueError, match="words, not"):
            stream.window(low, high, linear)


def test_bfloat16_rounds_to_nearest_even() -> None:
    for bits, expected in (
        (0x3F808000, 0x3F80),
        (0x3F818000, 0x3F82),
        (0x3F808001, 0x3F81),
        (0xBF7FFFFF, 0xBF80),
    ):
        assert stream.bfloat16_bits(np.uint32(bits).view(np.float32)) == expected


def test_values(linear: Path) -> None:
    k = stream.key(3, "w")
    for i in range(50):
        odd = stream.uniform_integer(stream.word(k, i))
        assert stream.value(i, key=k, law=("uniform", -0.5, 0.5), dtype="float64") == odd * 2.0**-25
        assert stream.value(i, key=k, law=("uniform", 1.0, 2.0), dtype="float32") == np.float32(
            odd * 2.0**-25 + 1.5
        )
        cut = stream.value(
            i, key=k, law=("truncated_normal", 1.0, 0.5, -2.0, 2.0), dtype="float64", table=linear
        )
        assert 0.0 <= cut <= 2.0
        single = stream.value(i, key=k, law=("normal", 0.0, 0.02), dtype="float32", table=linear)
        half = stream.value(i, key=k, law=("normal", 0.0, 0.02), dtype="float16", table=linear)
        assert (single.dtype, half.dtype, half) == (np.float32, np.float16, np.float16(single))
    with pytest.raises(ValueError, match="unknown law"):
        stream.value(0, key=k, law=("cauchy", 0.0, 1.0), dtype="float32")


def test_canonical_order() -> None:
    law = ("uniform", -1.0, 1.0)
    how = {"seed": 1, "path": "a", "law": law, "dtype": "float32"}
    kernel = stream.tensor((3, 2, 4, 5), ["*", "*", "in", "out"], **how)
    k = stream.key(1, "a")
    assert kernel.ravel().tolist() == [
        stream.value(i, key=k, law=law, dtype="float32") for i in range(120)
    ]
    assert (
        stream.tensor((5, 4, 3, 2), ["out", "in", "*", "*"], **how).transpose(2, 3, 1, 0) == kernel
    ).all()
    packed = stream.tensor((6, 4), [(3, "out"), "in"], **how)
    assert (
        packed.reshape(3, 2, 4).transpose(0, 2, 1)
        == stream.tensor((3, 4, 2), ["batch", "in", "out"], **how)
    ).all()
    heads = stream.tensor((4, 2, 3), ["in", "out", "out"], **how)
    assert (heads.reshape(4, 6) == stream.tensor((4, 6), ["in", "out"], **how)).all()
    assert stream.tensor((0, 3), ["in", "out"], **how).shape == (0, 3)
    assert stream.canonical_index((), (), []) == 0


def test_it_shares_no_code_with_the_package() -> None:
    """It may ask where the table lies, and no more."""
    tree = ast.parse(Path(stream.__file__).read_text("utf-8"))
    imported = [alias.name for node in ast.walk(tree) for alias in getattr(node, "names", ())]
    imported += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert "numpy" in imported
    assert not [name for name in imported if name.startswith("fanwise")]
