"""The generator of the golden vectors."""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from fanwise.conformance.vectors import VERSION, block_digest, digest, draw_block, draw_of
from fanwise.conformance.vectors.examples import FIRST, example_of, examples
from fanwise.core import to_canonical
from fanwise.core.dtypes import NAMES
from fanwise.core.keys import stream_key
from fanwise.core.philox import block_words, philox
from fanwise.core.quantile import normal_integer, window
from fanwise.core.values import uniform_integer
from fanwise.spec.laws import StructuredLaw

#: The vectors of Random123: counter, key, expected words.
PHILOX: Final = (
    ("00000000 00000000 00000000 00000000", "00000000 00000000"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0"),
)


def _tensor_rows() -> Iterator[dict[str, Any]]:
    schemes: tuple[dict[str, Any], ...] = (
        {"name": "uniform", "params": {"low": -0.05, "high": 0.05}},
        {"name": "uniform", "params": {"low": -0.25, "high": 1.0}},
        {"name": "normal", "params": {"std": 0.02}},
        {"name": "normal", "params": {"mean": 0.3, "std": 0.1}},
        {"name": "truncated_normal", "params": {"std": 0.02}},
        {"name": "truncated_normal", "params": {"low": -1.0, "high": 3.0, "mean": 0.5}},
        {"name": "he_normal", "params": {}},
        {"name": "glorot_uniform", "params": {}},
    )
    places: tuple[tuple[list[int], str, int, str | None], ...] = (
        ([5, 7], "kernel", 0, None),
        ([33, 130], "torch", 2**32 + 5, "encoder/0/dense/kernel"),
        ([3, 3, 17, 6], "kernel", 2**64 - 1, "Ünïcode/核"),
        ([6, 17, 3, 3], "torch", 123, ""),
        ([129, 300], "kernel", 42, "head/kernel"),
    )
    for number, source in enumerate(schemes):
        for place, (shape, axes, seed, path) in enumerate(places):
            for dtype in NAMES:
                yield {
                    "id": f"{source['name']}-{number}-{place}-{dtype}",
                    "scheme": source,
                    "shape": shape,
                    "axes": axes,
                    # A JSON number is a double for some readers: too short for 64 bits.
                    "seed": str(seed),
                    "path": path,
                    "dtype": dtype,
                }


def _far_rows() -> Iterator[dict[str, Any]]:
    schemes: tuple[dict[str, Any], ...] = (
        {"name": "uniform", "params": {"low": -0.05, "high": 0.05}},
        {"name": "normal", "params": {"std": 0.02}},
        {"name": "he_normal", "params": {}},
    )
    # Around element 2**32 (where its index outgrows a word) and 2**34 (where its block's does).
    places: tuple[tuple[list[int], str, list[list[int]]], ...] = (
        ([2**16, 2**16 + 3], "kernel", [[2**16 - 5, 2**16 - 1], [7, 40]]),
        ([2**18 + 1, 2**17], "kernel", [[2**17 - 1, 2**17 + 1], [2**17 - 9, 2**17]]),
        ([2**20, 2**21], "torch", [[2**20 - 3, 2**20], [2**21 - 6, 2**21]]),
    )
    for number, source in enumerate(schemes):
        for place, (shape, axes, index) in enumerate(places):
            for dtype in NAMES:
                yield {
                    "id": f"{source['name']}-{number}-{place}-{dtype}",
                    "scheme": source,
                    "shape": shape,
                    "axes": axes,
                    "index": index,
                    "seed": str(2**40 + 7),
                    "path": "far/kernel",
                    "dtype": dtype,
                }


def _catalogue_rows() -> Iterator[dict[str, Any]]:
    """Describe the example of every later scheme that has the same bits everywhere.

    Its name alone chooses its seed, and whether it has a path, so that no other scheme changes
    it; a weight of several has a path that names them.
    """
    for example in examples():
        if example.entry.since == FIRST:
            continue
        number = zlib.crc32(example.name.encode())
        draw = example_of(example)
        law = example.law(draw.shape, draw.axes)
        if isinstance(law, StructuredLaw) and not law.exact:
            continue
        member = example.entry.members[:1]
        path = "/".join(("blocks/0", *member, "kernel")) if member or number % 2 else None
        for dtype in NAMES:
            yield {
                "id": f"{example.name}-{dtype}",
                "scheme": example.to_dict(),
                "shape": list(draw.shape),
                "axes": draw.axes,
                "seed": str(2**32 * (number % 1000) + number),
                "path": path,
                "dtype": dtype,
            }


def _far() -> Iterator[dict[str, Any]]:
    for row in _far_rows():
        index = tuple(slice(*part) for part in row["index"])
        yield {**row, "sha256": block_digest(draw_of(row), index)}


def _tensors(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        draw = draw_of(row)
        out = draw_block(draw, draw.shape)
        first = to_canonical(out, draw.axes).ravel()[:4]
        bits = [f"{int.from_bytes(x.tobytes(), sys.byteorder):0{2 * x.itemsize}x}" for x in first]
        yield {**row, "first": bits, "sha256": digest(out, draw.axes)}


def _keys() -> Iterator[dict[str, Any]]:
    for seed in (0, 7, 2**32 + 5, 2**64 - 1):
        for path in (None, "", "dense/kernel", "Ünïcode/核"):
            for purpose in ("", "mask"):
                key = " ".join(f"{word:08x}" for word in stream_key(seed, path, purpose))
                yield {"seed": str(seed), "path": path, "purpose": purpose, "key": key}


def _words() -> Iterator[dict[str, Any]]:
    for seed, block in ((0, 0), (0, 1), (123, 2**32 - 1), (123, 2**32), (2**64 - 1, 2**40 + 3)):
        drawn = block_words(stream_key(seed), np.array([block], np.uint64))[0]
        yield {
            "seed": str(seed),
            "first_element": str(4 * block),
            "words": [f"{int(word):08x}" for word in drawn],
            "uniform": [int(odd) for odd in uniform_integer(drawn.copy())],
            "normal": [int(z) for z in normal_integer(drawn)],
        }


def _windows() -> Iterator[dict[str, Any]]:
    for low, high in ((-2.0, 2.0), (-1.0, 3.0), (0.5, 2.5), (-3.0, -1.0), (-8.0, 8.0)):
        first, count = window(low, high)
        yield {"low": low, "high": high, "first": first, "count": count}


def _philox() -> Iterator[dict[str, Any]]:
    for counter, key in PHILOX:
        arrays = tuple(np.array([int(word, 16)], np.uint64) for word in counter.split())
        k0, k1 = (int(word, 16) for word in key.split())
        drawn = philox(arrays, (k0, k1))  # type: ignore[arg-type]
        yield {
            "counter": counter,
            "key": key,
            "words": " ".join(f"{int(word[0]):08x}" for word in drawn),
        }


def write(folder: Path) -> None:
    """Write all vectors into a folder."""
    files = {
        "stream": {
            "philox": list(_philox()),
            "keys": list(_keys()),
            "words": list(_words()),
            "windows": list(_windows()),
        },
        "tensors": {"cases": list(_tensors(_tensor_rows()))},
        "catalogue": {"cases": list(_tensors(_catalogue_rows()))},
        "blocks": {"cases": list(_far())},
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        data = {"spec": VERSION, "generator": "python -m fanwise.conformance.vectors", **body}
        (folder / f"{name}.json").write_text(_text(name, data) + "\n", "utf-8")


def _text(name: str, data: dict[str, Any]) -> str:
    """Write a file; of the catalogue, which is long, a case on each line."""
    if name != "catalogue":
        return json.dumps(data, indent=1, ensure_ascii=False)
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in data["cases"])
    head = json.dumps({**data, "cases": []}, ensure_ascii=False)
    return f"{head[:-2]}\n{lines}\n]}}"
