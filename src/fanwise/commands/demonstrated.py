"""What ``fanwise demo`` shows: the frameworks that are there, the laws of those that are not."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from numpy.typing import NDArray

from fanwise.adapters.progress import Progress
from fanwise.conformance.vectors import Golden, digest, golden
from fanwise.core import sample
from fanwise.spec.laws import NormalLaw, TruncatedNormalLaw
from fanwise.spec.registry import scheme

SHAPE: Final = (512, 256)
SEED: Final = 0
PATH: Final = "dense/kernel"
#: The golden tensor that every framework draws.
GOLDEN: Final = "he_normal-6-4-float32"
#: Of each framework, the scheme that its own initializer is, and how that reads a shape.
_OWN: Final = {
    "torch": ("kaiming_normal", "torch"),
    "keras": ("he_normal", "kernel"),
    "jax": ("he_normal", "kernel"),
}
#: What Keras may run on: first that of which the README shows the numbers.
_BACKENDS: Final = ("tensorflow", "torch", "jax")


@dataclass(frozen=True, kw_only=True)
class DemonstratedFramework:
    """What one framework drew.

    Attributes:
        name: of the framework.
        own: the weight by its own initializer; None for NumPy, which has none.
        ours: the weight by Fanwise.
        code: the call that draws the latter.
        is_golden: whether the golden tensor of the specification came out.
    """

    name: str
    own: NDArray[Any] | None
    ours: NDArray[Any]
    code: str
    is_golden: bool

    @property
    def sha256(self) -> str:
        """The digest of the weight by Fanwise."""
        return digest(self.ours, "kernel")


@dataclass(frozen=True)
class AbsentFramework:
    """A framework that is not there.

    Attributes:
        name: of it.
        why: what its import said.
    """

    name: str
    why: str

    @property
    def extra(self) -> str:
        """The extra that brings it; Keras needs something to run on."""
        return "tensorflow" if self.name == "keras" else self.name

    @property
    def law(self) -> NormalLaw | TruncatedNormalLaw:
        """The law of its own initializer on the shape that is shown."""
        name, axes = _OWN[self.name]
        law = scheme(name).law(SHAPE, axes)
        assert isinstance(law, NormalLaw | TruncatedNormalLaw)
        return law


def drawn_by_all(progress: Progress) -> tuple[list[DemonstratedFramework], list[AbsentFramework]]:
    """Draw the weight by every framework that can be imported, and by NumPy last.

    Args:
        progress: told before each of them.
    """
    present, absent = [], []
    for number, name in enumerate(_OWN):
        progress(number, len(_OWN) + 1, f"importing {name}")
        try:
            with _unheard_libraries():
                present.append(_drawn_by(name))
        except ImportError as error:
            absent.append(AbsentFramework(name, str(error)))
    progress(len(_OWN), len(_OWN) + 1, "drawing by NumPy")
    return [*present, _drawn_by_numpy()], absent


def _drawn_by(name: str) -> DemonstratedFramework:
    """Draw the weight by a framework.

    Raises:
        ImportError: where it is not there.
    """
    if name == "keras":
        _choose_backend()
    framework = importlib.import_module(f"fanwise.adapters.{name}.conformance.demonstration")
    case = _golden()
    height, width = case.draw.shape
    tensor = framework.ours((height, width), case.draw.seed, case.draw.path)
    return DemonstratedFramework(
        name=framework.name(),
        own=framework.own(SHAPE, SEED),
        ours=framework.ours(SHAPE, SEED, PATH),
        code=framework.OURS,
        is_golden=digest(tensor, case.draw.axes) == case.sha256,
    )


def _drawn_by_numpy() -> DemonstratedFramework:
    draw = _golden().draw
    tensor = sample(draw.scheme, draw.shape, seed=draw.seed, path=draw.path, axes=draw.axes)
    return DemonstratedFramework(
        name="NumPy",
        own=None,
        ours=sample("he_normal", SHAPE, seed=SEED, path=PATH),
        code='fanwise.sample("he_normal", shape, seed=0, path=path)',
        is_golden=digest(tensor, draw.axes) == _golden().sha256,
    )


def _golden() -> Golden:
    return next(case for case in golden() if case.id == GOLDEN)


def _choose_backend() -> None:
    """Let Keras run on what is there, where the environment does not say on what."""
    there = [name for name in _BACKENDS if _is_there(name)]
    if there:
        os.environ.setdefault("KERAS_BACKEND", there[0])


@contextmanager
def _unheard_libraries() -> Iterator[None]:
    """Drop what libraries in other languages write to the standard error, past Python's own."""
    if sys.stderr is not sys.__stderr__:
        yield
        return
    heard, saved = sys.stderr, os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere, open(saved, "w", buffering=1) as rest:  # noqa: PTH123
            sys.stderr = rest
            os.dup2(nowhere.fileno(), 2)
            try:
                yield
            finally:
                os.dup2(saved, 2)
    finally:
        sys.stderr = heard


def _is_there(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False
