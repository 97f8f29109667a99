"""The golden vectors, against an implementation that shares no code with the core."""

import hashlib
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from reference import stream

from fanwise.conformance import vectors
from fanwise.conformance.vectors import generator
from fanwise.core.dtypes import NAMES
from fanwise.spec.axes import layout
from fanwise.spec.laws import NormalLaw, TruncatedNormalLaw, UniformLaw

TABLE = str(resources.files("fanwise.spec") / "normal_quantile.json")
STREAM = vectors.load("stream")


def law_of(draw):
    law = draw.scheme.law(draw.shape, draw.axes)
    match law:
        case UniformLaw():
            return "uniform", law.low, law.high
        case NormalLaw():
            return "normal", law.mean, law.sigma
        case TruncatedNormalLaw():
            return "truncated_normal", law.centre, law.sigma, law.low, law.high


SMALL = [golden for golden in vectors.golden() if np.prod(golden.draw.shape) < 2500]


def test_there_are_small_vectors_of_every_dtype():
    assert {golden.draw.dtype for golden in SMALL} == set(NAMES)
    assert len(SMALL) >= 90


@pytest.mark.parametrize("golden", SMALL, ids=lambda golden: golden.id)
def test_tensors(golden):
    draw = golden.draw
    made = stream.tensor(
        draw.shape,
        list(layout(draw.shape, draw.axes).roles),
        seed=draw.seed,
        path=draw.path,
        law=law_of(draw),
        dtype=draw.dtype,
        table=TABLE,
    )
    assert vectors.digest(np.asarray(made), draw.axes) == golden.sha256


def test_keys():
    for row in STREAM["keys"]:
        words = stream.key(int(row["seed"]), row["path"], row["purpose"])
        assert " ".join(f"{word:08x}" for word in words) == row["key"]


def test_words_and_integers():
    for row in STREAM["words"]:
        key = stream.key(int(row["seed"]), None)
        first = int(row["first_element"])
        words = [stream.word(key, first + i) for i in range(4)]
        assert [f"{word:08x}" for word in words] == row["words"]
        assert [stream.uniform_integer(word) for word in words] == row["uniform"]
        assert [stream.normal_integer(word, TABLE) for word in words] == row["normal"]


def test_windows():
    for row in STREAM["windows"]:
        assert stream.window(row["low"], row["high"], TABLE) == (row["first"], row["count"])


def test_philox_vectors_are_those_of_random123():
    known = {
        "00000000 00000000 00000000 00000000": "6627e8d5 e169c58d bc57ac4c 9b00dbd8",
        "ffffffff ffffffff ffffffff ffffffff": "408f276d 41c83b0e a20bc7c6 6d5451fd",
        "243f6a88 85a308d3 13198a2e 03707344": "d16cfe09 94fdcceb 5001e420 24126ea1",
    }
    assert {row["counter"]: row["words"] for row in STREAM["philox"]} == known


def test_the_files_are_what_the_generator_writes(tmp_path):
    generator.write(tmp_path)
    folder = Path(str(resources.files("fanwise.conformance") / "vectors"))
    for file in tmp_path.iterdir():
        assert file.read_text("utf-8") == (folder / file.name).read_text("utf-8")
    assert {file.name for file in tmp_path.iterdir()} == {
        file.name for file in folder.glob("*.json")
    }


@pytest.mark.parametrize("far", vectors.far_blocks(), ids=lambda far: str(far[0].dtype))
def test_blocks_far_out(far):
    draw, index, expected = far
    key = stream.key(draw.seed, draw.path)
    roles = list(layout(draw.shape, draw.axes).roles)
    rows, columns = (range(*part.indices(n)) for part, n in zip(index, draw.shape, strict=True))
    made = [
        stream.value(
            stream.canonical_index((row, column), draw.shape, roles),
            key=key,
            law=law_of(draw),
            dtype=draw.dtype,
            table=TABLE,
        )
        for row in rows
        for column in columns
    ]
    stored = np.array(made, "<u2" if draw.dtype == "bfloat16" else np.dtype(draw.dtype))
    assert hashlib.sha256(stored.tobytes()).hexdigest() == expected


def test_blocks_reach_beyond_every_word():
    ends = [
        sum((part.stop - 1) * n for part, n in zip(index, (draw.shape[1], 1), strict=True))
        for draw, index, _ in vectors.far_blocks()
    ]
    assert min(ends) >= 2**31
    assert max(ends) >= 2**34
