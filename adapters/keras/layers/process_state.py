"""What a process keeps between layers, such as counts and random states, and how it is put back."""

from __future__ import annotations

import contextlib
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any, Final

import keras
import numpy as np
from keras.src.backend.common import global_state

#: What Keras keeps by process in things that change: copied, and put back.
_CONTAINERS: Final = (dict, list, set)


@contextlib.contextmanager
def unchanged_process() -> Iterator[None]:
    """Put back what somebody's own code changes for all that comes after it.

    These are what Keras counts and lists, its settings and its generator, and the random states of
    Python, NumPy and the backend. Warnings are not shown.
    """
    kept = vars(global_state.GLOBAL_STATE_TRACKER)
    before = {name: _copied(value) for name, value in kept.items()}
    restore = [_restoring_python(), _restoring_numpy(), *_restoring_backend()]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        kept.clear()
        kept.update(before)
        for put_back in restore:
            put_back()


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, _CONTAINERS) else value


def _restoring_python() -> Callable[[], None]:
    state = random.getstate()
    return lambda: random.setstate(state)


def _restoring_numpy() -> Callable[[], None]:
    state = np.random.get_state()  # noqa: NPY002 (the one that Keras seeds)
    return lambda: np.random.set_state(state)  # noqa: NPY002


def _restoring_backend() -> Iterator[Callable[[], None]]:
    """Give what puts back the random states of the backend; JAX has none."""
    backend = keras.config.backend()
    if backend == "torch":
        torch = sys.modules["torch"]
        state = torch.get_rng_state()
        yield lambda: torch.set_rng_state(state)
    elif backend == "tensorflow":
        yield from _restoring_tensorflow()


def _restoring_tensorflow() -> Iterator[Callable[[], None]]:
    """Give what puts back what ``tf.random.set_seed`` has seeded, which has no public name."""
    from tensorflow.python.eager import context

    process = context.context()
    held = getattr(process, "_rng", None)
    if isinstance(held, random.Random):
        # An operation that is run twice with one seed goes on where it was: the seeds of the held
        # one must not be used at all.
        process._rng = random.Random()  # noqa: SLF001, S311
        yield lambda: setattr(process, "_rng", held)
