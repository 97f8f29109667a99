"""Exact claims: bits that must be equal, in every framework and mode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwise.adapters.protocol import Adapter, Draw, LayerDraw, grouped
from fanwise.conformance import vectors
from fanwise.conformance.checks.cases import Case, exact_cases
from fanwise.conformance.results.rows import SUITE, Row
from fanwise.conformance.results.subjects import About, elements, size_text
from fanwise.core import sample, to_canonical
from fanwise.core.dtypes import NAMES
from fanwise.core.keys import stream_key
from fanwise.core.philox import block_words, philox
from fanwise.core.quantile import normal_integer, window
from fanwise.core.values import uniform_integer
from fanwise.spec.registry import scheme
from fanwise.spec.scheme import Scheme

#: Compiled modes take one golden vector in this many: every scheme and dtype, one place.
_PLACES: Final = 5
_LAYER_SCHEMES: Final = ("he_normal", "glorot_uniform", "xavier_normal")


def golden(adapter: Adapter, mode: str) -> Iterator[Row]:
    """The portable engine gives the golden tensors, whatever the dtype, axes, seed and path."""
    sparse = mode != adapter.modes[0]
    for number, vector in enumerate(vectors.golden()):
        if sparse and (number // len(NAMES)) % _PLACES != (number // 20) % _PLACES:
            continue
        draw = vector.draw
        subject = f"{draw.dtype} {size_text(draw.shape)} {draw.axes} {mode}"
        try:
            observed = vectors.digest(adapter.portable(draw, mode), draw.axes)
        except ValueError as error:
            yield _row(adapter, "golden", draw, subject, f"{error}", vector.sha256)
            continue
        yield _row(adapter, "golden", draw, subject, observed, vector.sha256)


def bits(adapter: Adapter) -> Iterator[tuple[Row, str, str]]:
    """The portable engine equals the core in the framework's own storage order.

    Yields:
        The row, the subject, and the digest in canonical order, to be compared
        between frameworks.
    """
    for case in exact_cases():
        draw = case.draw(adapter.axes)
        made = adapter.portable(draw, adapter.modes[0])
        observed = vectors.digest(made, draw.axes)
        expected = vectors.digest(_core(case), "kernel")
        row = _row(
            adapter, "bits", draw, f"{size_text(draw.shape)} {draw.axes}", observed, expected
        )
        yield row, f"{case.scheme} {case.subject}", observed


def layers(adapter: Adapter) -> Iterator[Row]:
    """The kernel of a real layer is the same, whatever the layer's storage order."""
    for kind in adapter.layers:
        for name in _LAYER_SCHEMES:
            drawn, kernel = judged_layer(kind, scheme(name))
            expected = sample(grouped(drawn), kernel, seed=drawn.seed, path=drawn.path)
            stored, axes = adapter.layer(drawn)
            # A depthwise kernel has its outputs on one axis in some frameworks, on two in others.
            observed = np.ascontiguousarray(to_canonical(stored, axes)).reshape(kernel)
            topic = About(adapter.name, "portable", str(drawn.scheme), f"{kind} {axes}")
            texts = _texts(observed, expected)
            yield replace(topic, n=expected.size, seed=drawn.seed).equal("layers", *texts)


def judged_layer(kind: str, one: Scheme) -> tuple[LayerDraw, tuple[int, ...]]:
    """A layer of a kind, and its kernel's shape (receptive…, in of a group, out).

    No two of its numbers are the same, so that axes which are exchanged show.
    """
    inputs, outputs, size, groups = 5, 4, 3, 1
    if kind == "grouped_conv2d":
        inputs, outputs, groups = 6, 8, 2
    if kind == "depthwise_conv2d":
        inputs, outputs, groups = 3, 6, 3
    spatial = {"dense": 0, "grouped_conv2d": 2, "depthwise_conv2d": 2}
    axes = spatial[kind] if kind in spatial else int(kind[4])
    draw = LayerDraw(
        kind, one, inputs, outputs, size, seed=7, path="layer/kernel", groups=groups
    )  # fmt: skip
    return draw, (size,) * axes + (inputs // groups, outputs)


def _texts(observed: NDArray[Any], expected: NDArray[Any]) -> tuple[str, str]:
    """Digests of both, with a hint where the elements are right and their places are not."""
    found, wanted = (vectors.digest(array, "kernel") for array in (observed, expected))
    if found != wanted and (np.sort(observed, axis=None) == np.sort(expected, axis=None)).all():
        found += ", the same elements in another order"
    return found, wanted


def core() -> Iterator[Row]:
    """The core gives the known answers of every stage, and any block alone."""
    stream = vectors.load("stream")
    for row in stream["philox"]:
        counter = tuple(np.array([int(word, 16)], np.uint64) for word in row["counter"].split())
        k0, k1 = (int(word, 16) for word in row["key"].split())
        drawn = philox(counter, (k0, k1))  # type: ignore[arg-type]
        observed = " ".join(f"{int(word[0]):08x}" for word in drawn)
        yield _core_row("philox", row["counter"], observed, row["words"])
    for row in stream["keys"]:
        key = stream_key(int(row["seed"]), row["path"], row["purpose"])
        observed = " ".join(f"{word:08x}" for word in key)
        yield _core_row("key", f"{row['seed']} {row['path']!r}", observed, row["key"])
    for row in stream["words"]:
        block = np.array([int(row["first_element"]) // 4], np.uint64)
        drawn = block_words(stream_key(int(row["seed"])), block)[0]
        stages = {
            "words": [f"{int(word):08x}" for word in drawn],
            "normal": normal_integer(drawn).tolist(),
            "uniform": uniform_integer(drawn.copy()).tolist(),
        }
        for stage, made in stages.items():
            subject = row["first_element"]
            yield _core_row(stage, subject, str(made), str(row[stage]))
    for row in stream["windows"]:
        observed = str(window(row["low"], row["high"]))
        expected = str((row["first"], row["count"]))
        yield _core_row("window", f"{row['low']} {row['high']}", observed, expected)
    yield from blocks()


def blocks() -> Iterator[Row]:
    """Any block alone is that block of the whole, also where no whole could be drawn."""
    shape, axes = (24, 10, 3, 3), "(3 out) in *"
    for name in ("he_normal", "glorot_uniform"):
        whole = sample(name, shape, seed=3, axes=axes)
        for part in (
            (slice(5, 20),),
            (slice(None), slice(9, 10)),
            (slice(1, 24, 7), slice(0, 10, 3), slice(1, 2), slice(None)),
        ):
            block = sample(name, shape, seed=3, axes=axes, index=part)
            same = _same(block, whole[part])
            yield _core_row("blocks", f"{name} {part}", str(same), "True")
    for draw, index, expected in vectors.far_blocks():
        subject = f"{draw.scheme} {draw.dtype} {size_text(draw.shape)} {draw.axes} {index}"
        observed = vectors.block_digest(draw, index)
        yield _core_row("far blocks", subject, observed, expected)


def _core(case: Case) -> NDArray[Any]:
    return sample(case.scheme, case.kernel, seed=case.seed, dtype="float32")


def _same(first: NDArray[Any], second: NDArray[Any]) -> bool:
    """Equal to the bit: dtype, shape, and the sign of zeros."""
    return (
        first.dtype == second.dtype
        and first.shape == second.shape
        and first.tobytes() == second.tobytes()
    )


def _row(
    adapter: Adapter, claim: str, draw: Draw, subject: str, observed: str, expected: str
) -> Row:
    size = elements(draw.shape)
    topic = About(adapter.name, "portable", str(draw.scheme), subject, size, draw.seed)
    return topic.equal(claim, observed, expected)


def _core_row(claim: str, subject: str, observed: str, expected: str) -> Row:
    return About(SUITE, "core", "stream 1", subject, 4).equal(claim, observed, expected)
