"""Builds of a model under several seeds: what a capture asks of a framework."""

from __future__ import annotations

import inspect
import random
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, Protocol

import numpy as np

from fanwise.adapters.foreign_code import foreign_code
from fanwise.adapters.stored_weights import StoredWeight
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.recipe import Recipe
from fanwise.spec.weights import Weight

#: NumPy's global generator takes seeds of 32 bits.
_NUMPY_SEEDS: Final = 1 << 32


class ModelBuilds(Protocol):
    """A factory of one framework, called under seeds.

    Attributes:
        framework: as recipes call it.
    """

    framework: str

    def build(self, seed: int) -> Any:
        """Build the model as its own code starts it under a seed.

        Whatever is global and random is put back afterwards.

        Raises:
            FanwiseError: for a factory that raises, or returns no new model.
        """
        ...

    def outline(self) -> Any:
        """Build the model without memory for its values; None where that cannot be done."""
        ...

    def weights(self, model: Any) -> tuple[StoredWeight, ...]:
        """List the weights of a model that was built, with their values."""
        ...

    def drawn(self, model: Any, recipe: Recipe, seed: int) -> tuple[StoredWeight, ...]:
        """Start a model that was built by a recipe, and list its weights.

        Raises:
            FanwiseError: as ``initialize`` does.
        """
        ...


class KnownWeights:
    """What the first build of a model has shown of its weights beside their values.

    What layers declare is the same in every build, and takes long to find.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[Weight, str]] = {}

    def __bool__(self) -> bool:
        return bool(self._known)

    def of(self, weights: Sequence[StoredWeight]) -> tuple[StoredWeight, ...]:
        """Return the weights of a build with what is known of them; of the first one, learn it."""
        if not self._known:
            self._known = {
                stored.weight.path: (stored.weight, stored.formula) for stored in weights
            }
        return tuple(map(self._told, weights))

    def _told(self, stored: StoredWeight) -> StoredWeight:
        weight, formula = self._known.get(stored.weight.path, (stored.weight, stored.formula))
        if weight.shape != stored.weight.shape:
            return stored
        return replace(stored, weight=weight, formula=formula)


class LastModel:
    """The model that a factory returned last, which must not be the next one too."""

    def __init__(self) -> None:
        self._last: weakref.ref[Any] | None = None

    def check_new(self, model: Any, noun: str, hint: str) -> None:
        """Raise where a factory has returned its last model again.

        Args:
            model: what it has returned.
            noun: what the framework calls one.
            hint: what to do about it.
        """
        if self._last is not None and self._last() is model:
            received = Phrase(f"the same {noun} each time")
            raise FanwiseError(f"a function that builds a new {noun}", received, hint)
        self._last = weakref.ref(model)


def check_factory(factory: object) -> None:
    """Raise for what cannot be called, such as the model itself.

    Raises:
        FanwiseError: saying what to pass.
    """
    is_model = any(hasattr(type(factory), name) for name in ("state_dict", "weights", "tabulate"))
    if not callable(factory) or is_model:
        hint = "Pass a function that builds it anew each time, e.g. lambda: Model(config)."
        received = Phrase(f"an object of class {type(factory).__qualname__}")
        raise FanwiseError("a function that builds the model", received, hint)


def check_takes_nothing(factory: Callable[..., object]) -> None:
    """Raise for what is no factory, or for one that wants a seed, a key, or anything else.

    Raises:
        FanwiseError: saying what to pass.
    """
    check_factory(factory)
    wanted = [p.name for p in parameters_of(factory) if p.default is p.empty]
    if wanted:
        hint = "Give it all that it needs, e.g. lambda: Model(config), or Model(nnx.Rngs(0))."
        received = Phrase(f"one that wants {', '.join(wanted)}")
        raise FanwiseError("a function of nothing that builds the model", received, hint)


def parameters_of(factory: Callable[..., Any]) -> list[inspect.Parameter]:
    """List the parameters that a factory names; none of one that does not tell."""
    is_class = isinstance(factory, type)
    try:
        # What makes a class of nnx says nothing of the parameters that this takes.
        signature = inspect.signature(factory.__init__ if is_class else factory)
    except (TypeError, ValueError):
        return []
    parameters = list(signature.parameters.values())[is_class:]
    return [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]


def called(factory: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
    """Call a factory.

    Raises:
        FanwiseError: for one that raises, with what it raised as its cause.
    """
    hint = "Call it by itself to see where it fails."
    with foreign_code("a function that builds the model", hint):
        return factory(*arguments, **keywords)


@contextmanager
def seeded_numbers(seed: int) -> Iterator[None]:
    """Seed the generators of Python and NumPy, and put them back as they were."""
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002 (those of the process)
    random.seed(seed)
    np.random.seed(seed % _NUMPY_SEEDS)  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
