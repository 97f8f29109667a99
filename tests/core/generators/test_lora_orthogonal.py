"""LoRA's orthogonal pair, from the words of the stream, with the rotation as it is defined."""

import numpy as np
import pytest
from reference import stream, structured

from fanwise import FanwiseError, sample, scheme


def gaussians(shape: tuple[int, ...], path: str | None, purpose: str) -> np.ndarray:
    key, law = stream.key(4, path, purpose), ("normal", 0.0, 1.0)
    drawn = [stream.value(i, key=key, law=law, dtype="float64") for i in range(int(np.prod(shape)))]
    return np.array(drawn).reshape(shape)


def drawn(member: str, shape: tuple[int, ...], path: str | None, **other: object) -> np.ndarray:
    asked = scheme(f"lora_orthogonal_{member}")
    return sample(asked, shape, seed=4, path=path, **{"dtype": "float64", **other})


@pytest.mark.parametrize("shared", ["q_proj", "blocks/0/q_proj", None])
def test_definition(shared: str | None) -> None:
    a, b = (
        (None, None)
        if shared is None
        else (f"{shared}/lora_A/default/kernel", f"{shared}/lora_B/default/kernel")
    )
    rotation = structured.orthonormal(gaussians((6, 6), shared, "rotation"))
    first = gaussians((10, 3), a, "a") @ rotation[0::2] / 10
    second = rotation[1::2].T @ gaussians((3, 7), b, "b") / 10
    assert drawn("a", (10, 6), a) == pytest.approx(first, abs=1e-13)
    assert drawn("b", (6, 7), b) == pytest.approx(second, abs=1e-13)
    assert drawn("a", (10, 6), a) @ drawn("b", (6, 7), b) == pytest.approx(
        np.zeros((10, 7)), abs=1e-15
    )


def test_pairs_are_told_apart() -> None:
    a = drawn("a", (10, 6), "x/lora_A/kernel")
    assert np.abs(a @ drawn("b", (6, 7), "x/lora_B/kernel")).max() < 1e-15
    assert np.abs(a @ drawn("b", (6, 7), "y/lora_B/kernel")).max() > 1e-3


def test_batches_and_convolutions() -> None:
    a = drawn("a", (2, 10, 6), "x/lora_A/kernel", axes="batch in out")
    b = drawn("b", (2, 6, 7), "x/lora_B/kernel", axes="batch in out")
    assert np.abs(a @ b).max() < 1e-15
    assert np.abs(a[0] @ b[1]).max() > 1e-3
    conv = drawn("a", (6, 4, 3, 3), "x/lora_A/kernel", axes="torch").reshape(6, -1)
    last = drawn("b", (7, 6, 1, 1), "x/lora_B/kernel", axes="torch").reshape(7, 6)
    assert np.abs(last @ conv).max() < 1e-15


def test_errors() -> None:
    with pytest.raises(FanwiseError, match="an even rank"):
        drawn("a", (10, 5), None)
    with pytest.raises(FanwiseError, match="an even rank"):
        drawn("b", (5, 10), None)
    with pytest.raises(FanwiseError, match="a matrix"):
        drawn("b", (7, 6, 3, 3), None, axes="torch")
    with pytest.raises(FanwiseError, match="lora_A or lora_B") as caught:
        drawn("a", (10, 6), "x/adapter/kernel")
    assert "path" in str(caught.value)
