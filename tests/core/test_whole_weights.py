"""A weight that was worked out before is drawn as any other."""

from contextlib import nullcontext

import numpy as np
import pytest
from common.backends import SWITCHES

import fanwise
from fanwise.core import whole_weights
from fanwise.core.dtypes import NAMES, format_of
from fanwise.core.fast import gate
from fanwise.core.threads import WORTH_COMPILED_THREADS as WORTH
from fanwise.core.whole_weights import WholeWeight
from fanwise.spec.resolved import resolve

SCHEMES = {
    "he_normal": {},
    "uniform": {"low": -1.0, "high": 2.0},
    "truncated_normal": {"mean": 0.5},
    "constant": {"value": 0.1},
}


@pytest.fixture(autouse=True, params=SWITCHES.values(), ids=SWITCHES)
def switched(request, monkeypatch) -> None:
    """On each backend in turn."""
    monkeypatch.setenv(gate.SWITCH, request.param)


def drawn(name: str, shape: tuple[int, ...], dtype: str, *, axes: str, skipped: int = 0):
    """Draw a weight that begins so many bytes into its memory."""
    storage = format_of(dtype).storage
    memory = np.full(skipped + int(np.prod(shape)) * storage.itemsize + 8, 7, np.uint8)
    array = memory[skipped:-8].view(storage).reshape(shape)
    resolved = resolve(fanwise.scheme(name, **SCHEMES[name]), shape, axes)
    WholeWeight(resolved, dtype).draw(array.ctypes.data, lambda: array, seed=3, path="a")
    assert (memory[:skipped] == 7).all()
    assert (memory[-8:] == 7).all()
    return array


def expected(name: str, shape: tuple[int, ...], dtype: str, axes: str):
    """Draw it as any other."""
    out = np.empty(shape, format_of(dtype).storage)
    scheme = fanwise.scheme(name, **SCHEMES[name])
    return fanwise.sample(scheme, shape, seed=3, path="a", axes=axes, dtype=dtype, out=out)


@pytest.mark.parametrize("dtype", NAMES)
@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("shape", [(5, 1), (6, 4), (3, 1, 6, 4), (1024, WORTH // 1024 + 1)])
def test_it_has_the_bits_of_any_other(name: str, dtype: str, shape: tuple[int, ...]) -> None:
    for axes in ("torch", "kernel"):  # along the stream, and across it
        found = drawn(name, shape, dtype, axes=axes)
        assert found.tobytes() == expected(name, shape, dtype, axes).tobytes()


@pytest.mark.parametrize("dtype", NAMES)
def test_its_memory_may_begin_anywhere(dtype: str) -> None:
    for skipped in (1, 2, 4, 6, 8):
        found = drawn("he_normal", (6, 4), dtype, axes="torch", skipped=skipped)
        assert found.tobytes() == expected("he_normal", (6, 4), dtype, "torch").tobytes()


def test_what_a_dtype_cannot_hold_is_refused_at_first() -> None:
    resolved = resolve(fanwise.scheme("constant", value=1e6), (6, 4))
    with pytest.raises(fanwise.FanwiseError, match="without overflow"):
        WholeWeight(resolved, "float16")


def test_a_small_one_is_one_call(monkeypatch) -> None:
    """Else nothing but its cost would tell."""
    monkeypatch.setattr(whole_weights, "fill_all", None)
    with pytest.raises(TypeError) if gate.kernels() is None else nullcontext():
        drawn("he_normal", (6, 4), "float32", axes="torch")


def test_a_large_one_is_shared_out(monkeypatch) -> None:
    monkeypatch.setattr(whole_weights, "fill_all", None)
    with pytest.raises(TypeError):
        drawn("he_normal", (1024, WORTH // 1024), "float32", axes="torch")
