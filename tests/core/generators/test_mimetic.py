"""Mimetic attention: the products of its weights, and the weights from the words of the stream."""

import numpy as np
import pytest
from reference import stream

from fanwise import FanwiseError, sample, scheme

WIDTH, HEADS = 12, 3


def drawn(
    member: str,
    shape: tuple[int, ...],
    path: str | None = None,
    axes: str = "kernel",
    **params: object,
) -> np.ndarray:
    return sample(
        scheme(f"mimetic_{member}", **params), shape, seed=4, path=path, axes=axes, dtype="float64"
    )


def products(count: int, path: str | None, purpose: str, alpha: float, beta: float) -> np.ndarray:
    key, law = stream.key(4, path, purpose), ("normal", 0.0, 1.0)
    size = count * WIDTH * WIDTH
    noise = [stream.value(i, key=key, law=law, dtype="float64") for i in range(size)]
    noise = np.array(noise).reshape(count, WIDTH, WIDTH) / np.sqrt(WIDTH)
    return alpha * noise + beta * np.eye(WIDTH)


@pytest.mark.parametrize("shared", [None, "block/attention"])
def test_query_and_key(shared: str | None) -> None:
    """Of each head the product is the nearest of its rank to what it is to mimic."""
    paths = [shared and f"{shared}/{member}/kernel" for member in ("query", "key")]
    query, key = (
        drawn(member, (WIDTH, WIDTH), path, heads=HEADS).reshape(WIDTH, HEADS, -1)
        for member, path in zip(("query", "key"), paths, strict=True)
    )
    expected = products(HEADS, shared, "query_key", 0.7, 0.7)
    rank = WIDTH // HEADS
    for head in range(HEADS):
        left, values, right = np.linalg.svd(expected[head])
        nearest = (left[:, :rank] * values[:rank]) @ right[:rank]
        assert query[:, head] @ key[:, head].T == pytest.approx(nearest, abs=1e-13)
        signs = np.array(
            [
                stream.word(stream.key(4, shared, "query_key_signs"), head * rank + i) >> 31
                for i in range(rank)
            ]
        )
        assert np.array_equal(query[0, head] > 0, signs == 1)
        assert np.abs(query[:, head]) == pytest.approx(
            np.abs(left[:, :rank] * np.sqrt(values[:rank])), abs=1e-12
        )


@pytest.mark.parametrize("shared", [None, "block/attention"])
def test_value_and_out(shared: str | None) -> None:
    paths = [shared and f"{shared}/{member}/kernel" for member in ("value", "out")]
    value, out = (
        drawn(member, (WIDTH, WIDTH), path)
        for member, path in zip(("value", "out"), paths, strict=True)
    )
    expected = products(1, shared, "value_out", 0.4, -0.4)[0]
    assert value @ out == pytest.approx(expected, abs=1e-13)
    # The roots of the singular values are shared out evenly.
    assert np.linalg.norm(value, axis=0) == pytest.approx(np.linalg.norm(out, axis=1))


def test_layouts() -> None:
    """Whatever the framework stores, it is the same weight."""
    query = drawn("query", (WIDTH, WIDTH), heads=HEADS)
    split = drawn("query", (WIDTH, HEADS, WIDTH // HEADS), axes="in out out", heads=HEADS)
    assert np.array_equal(split.reshape(WIDTH, WIDTH), query)
    assert np.array_equal(drawn("query", (WIDTH, WIDTH), axes="out in", heads=HEADS).T, query)
    out = drawn("out", (WIDTH, WIDTH))
    assert np.array_equal(
        drawn("out", (HEADS, WIDTH // HEADS, WIDTH), axes="in in out").reshape(WIDTH, WIDTH), out
    )


def test_fewer_dimensions() -> None:
    value, out = drawn("value", (WIDTH, 8)), drawn("out", (8, WIDTH))
    left, values, right = np.linalg.svd(products(1, None, "value_out", 0.4, -0.4)[0])
    assert value @ out == pytest.approx((left[:, :8] * values[:8]) @ right[:8], abs=1e-13)


def test_batches() -> None:
    value = drawn("value", (2, WIDTH, WIDTH), axes="batch in out")
    out = drawn("out", (2, WIDTH, WIDTH), axes="batch in out")
    assert value @ out == pytest.approx(products(2, None, "value_out", 0.4, -0.4), abs=1e-13)


def test_errors() -> None:
    with pytest.raises(FanwiseError, match="heads"):
        drawn("query", (WIDTH, WIDTH))
    with pytest.raises(FanwiseError, match="divides 12"):
        drawn("key", (WIDTH, WIDTH), heads=5)
    with pytest.raises(FanwiseError, match="at most 12 dimensions"):
        drawn("key", (WIDTH, 26), heads=2)
    with pytest.raises(FanwiseError, match="at most 12 dimensions"):
        drawn("value", (WIDTH, 13))
    with pytest.raises(FanwiseError, match="a matrix"):
        drawn("value", (3, WIDTH, WIDTH))
    with pytest.raises(FanwiseError, match="a segment query or key"):
        drawn("query", (WIDTH, WIDTH), "attention/value/kernel", heads=HEADS)
