"""One run of a model, there and back: what goes in, what is sent back, what had no part in it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwise.core.moments import Moments, moments
from fanwise.spec.errors import FanwiseError, Phrase


def name_silent_parts(
    parts: Iterable[tuple[str, object, frozenset[int]]],
    silent: AbstractSet[int],
    active: AbstractSet[int],
) -> dict[str, str]:
    """Name the layers that had no part in a run; of a part of the model without any, it alone.

    Args:
        parts: of every part of the model, from the top, its path, itself, and the ids of itself
            and of all parts in it.
        silent: the ids of the layers that had no part in the run.
        active: the ids of those that had one.

    Returns:
        Paths, with the names of classes.
    """
    named: dict[str, str] = {}
    covered: set[int] = set()
    for path, part, below in parts:
        if id(part) not in covered and below & silent and not below & active:
            covered |= below
            named[path] = type(part).__name__
    return named


def find_idle(gradients: Sequence[NDArray[Any]]) -> tuple[int, ...]:
    """Return the numbers of the weights that no gradient reaches, in stacks where some get one.

    Args:
        gradients: of stacks of as many weights.
    """
    if not gradients:
        return ()
    reached = np.any([stack.reshape(len(stack), -1).any(1) for stack in gradients], axis=0)
    numbers = tuple(map(int, np.flatnonzero(~reached)))
    return numbers if len(numbers) < len(reached) else ()


def check_call(keywords: object, loss: object) -> None:
    """Raise for keywords that are no mapping of names, and a loss that is no function."""
    if not isinstance(keywords, Mapping | None) or not all(
        isinstance(k, str) for k in keywords or ()
    ):
        hint = "Pass what the model takes by name, e.g. keywords={'attention_mask': mask}."
        raise FanwiseError("the keyword arguments of the model, as a dict", keywords, hint)
    if not (loss is None or callable(loss)):
        hint = "Pass e.g. loss=lambda out: out.mean()."
        raise FanwiseError("a function of the output as loss", loss, hint)


@contextmanager
def running_model(hint: str) -> Iterator[None]:
    """Turn what a model raises when it is run into a FanwiseError, and put generators back.

    These are Python's and NumPy's, from which a layer may draw whatever its framework.

    Args:
        hint: what else to try.

    Raises:
        FanwiseError: with what was raised as its cause.
    """
    python, legacy = random.getstate(), np.random.get_state()  # noqa: NPY002 (the model's)
    try:
        yield
    except FanwiseError:
        raise
    except Exception as error:
        received = Phrase(f"{type(error).__name__}: {error}")
        raise FanwiseError("a model that runs on these inputs", received, hint) from error
    finally:
        random.setstate(python)
        np.random.set_state(legacy)  # noqa: NPY002


def no_floats(output: object) -> FanwiseError:
    """Return the error for an output from which nothing can be sent back."""
    received = Phrase(f"a {type(output).__name__} without any")
    hint = "Pass loss=, a function of the output."
    return FanwiseError("a model whose output holds arrays of floats", received, hint)


def noise(shape: Sequence[int], number: int = 0) -> NDArray[np.float32]:
    """Draw what is sent back where there is no loss: a standard normal for each output.

    Args:
        shape: of the output.
        number: which of the arrays of the output it is for.
    """
    drawn: NDArray[np.float32] = np.random.default_rng(number).standard_normal(shape, np.float32)
    return drawn


def array_moments(values: object) -> Moments:
    """Return the number, mean and deviation of the elements of an array of floats."""
    array = np.asarray(values)
    known = array.dtype.kind == "f" or array.dtype.name == "bfloat16"
    return moments([array if known else array.astype(np.float32)])
