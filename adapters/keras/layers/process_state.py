"""What a process keeps between layers, such as counts and random states, and how it is put back."""

from __future__ import annotations

import contextlib
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import keras
import numpy as np
from keras.src.backend.common import global_state
from keras.src.random.seed_generator import GLOBAL_SEED_GENERATOR
from keras.src.utils.rng_utils import GLOBAL_RANDOM_SEED

#: What Keras keeps by process in things that change: copied, and put back.
_CONTAINERS: Final = (dict, list, set)
#: Keras's seeds have 32 bits.
_KERAS_SEEDS: Final = 1 << 32


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
        # A device that nobody has used has no generator yet.
        devices = torch.cuda.default_generators if torch.cuda.is_initialized() else ()
        for generator in (torch.default_generator, *devices):
            yield partial(generator.set_state, generator.get_state())
    elif backend == "tensorflow":
        yield from _restoring_tensorflow()


def _restoring_tensorflow() -> Iterator[Callable[[], None]]:
    """Give what puts back what ``tf.random.set_seed`` has seeded, which has no public name."""
    from tensorflow.python.eager import context

    process = context.context()
    for name in ("_seed", "_rng"):
        yield partial(setattr, process, name, getattr(process, name, None))
    if isinstance(getattr(process, "_rng", None), random.Random):
        # An operation that is run twice with one seed goes on where it was: the seeds of the held
        # one must not be used at all.
        process._rng = random.Random()  # noqa: SLF001, S311


def count_names_anew() -> None:
    """Let Keras's own names count from the first one, as in a new process."""
    global_state.set_global_attribute("object_name_uids", None)


def seed_backend(seed: int) -> None:
    """Seed what Keras draws from, but for the generators of Python and NumPy.

    Unlike ``keras.utils.set_random_seed`` it imports nothing: that seeds TensorFlow on every
    backend, if it is installed.

    Args:
        seed: of 64 bits; Keras's own generators take the lower 32.
    """
    low = seed % _KERAS_SEEDS
    global_state.set_global_attribute(GLOBAL_RANDOM_SEED, low)
    global_state.set_global_attribute(GLOBAL_SEED_GENERATOR, None)
    backend = keras.config.backend()
    if backend == "torch":
        sys.modules["torch"].manual_seed(seed)
    elif backend == "tensorflow":
        sys.modules["tensorflow"].random.set_seed(low)
