"""Judge models of Keras: two builds under different seeds show what the library starts with.

What is alike in both is a constant, or a formula, and must stay. What differs is random: its values
are a sample of the law that the library draws it from, which those of ``initialize`` are held to.
No table of Fanwise is read, only what it did.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import keras
import numpy as np

import fanwise.keras
from zoo.samples import same_law
from zoo.verdicts import Verdict
from zoo.zoo_model import ZooModel

#: How many faults of a model are told.
_TOLD: Final = 4


@dataclass(frozen=True)
class _Variable:
    """A variable of a model, in both of its builds.

    Attributes:
        name: its path, as Keras has it.
        trains: whether training changes it.
        starts: its values in the two builds, as the library starts them.
        drawn: its values after ``initialize``: in the two builds under one seed, and in the second
            build under another one.
    """

    name: str
    trains: bool
    starts: tuple[np.ndarray, np.ndarray]
    drawn: tuple[np.ndarray, np.ndarray, np.ndarray]

    @property
    def is_random(self) -> bool:
        return not _alike(*self.starts)


def judge(model: ZooModel) -> Verdict:
    """Judge a model.

    Raises:
        FanwiseError: where ``initialize`` does.
    """
    first, second = (_built(model, seed) for seed in (11, 12))
    recipe = model.recipe or "keras_default"
    starts = [values_of(built) for built in (first, second)]
    identities = [id(variable) for variable in first.variables]
    summary = fanwise.keras.initialize(first, recipe, seed=0, **model.variables)
    fanwise.keras.initialize(second, recipe, seed=0, **model.variables)
    drawn = [values_of(built) for built in (first, second)]
    fanwise.keras.initialize(second, recipe, seed=1, **model.variables)
    drawn.append(values_of(second))
    faults = []
    if identities != [id(variable) for variable in first.variables]:
        faults.append("the model has other variables than before")
    variables = [
        _Variable(variable.path, bool(variable.trainable), (one, two), three)
        for variable, one, two, *three in zip(first.variables, *starts, *drawn, strict=True)
    ]
    faults += faults_of(variables)
    faults += _untrue_rows(summary, first, variables)
    shown = [*faults[:_TOLD], *([f"{len(faults) - _TOLD} more"] if len(faults) > _TOLD else [])]
    numbers = sum(math.prod(variable.shape) for variable in first.trainable_variables)
    return Verdict.of_faults(model.name, shown, numbers)


def faults_of(variables: Sequence[_Variable]) -> list[str]:
    """List what is wrong with the values of a model."""
    faults = [f"{v.name}: {fault}" for v in variables for fault in _faults_of_one(v, variables)]
    seen: dict[bytes, str] = {}
    for variable in variables:
        if variable.trains and variable.is_random and variable.drawn[0].size > 1:
            values = variable.drawn[0].tobytes()
            if values in seen:
                faults.append(f"{variable.name}: the same values as {seen[values]}")
            seen[values] = variable.name
    return faults


def values_of(built: Any) -> list[np.ndarray]:
    """Read the variables of a model, in numbers that NumPy has."""
    return [_read(variable) for variable in built.variables]


def _built(model: ZooModel, seed: int) -> Any:
    keras.utils.set_random_seed(seed)
    return model.build(seed)


def _read(variable: Any) -> np.ndarray:
    value = variable.value
    if "float" in variable.dtype:
        value = keras.ops.cast(value, "float32")
    # Not convert_to_numpy, which warns on torch.
    return np.array(value.detach().cpu().numpy() if hasattr(value, "detach") else value)


def _faults_of_one(variable: _Variable, variables: Sequence[_Variable]) -> Iterator[str]:
    (before, other), (after, again, reseeded) = variable.starts, variable.drawn
    if not variable.trains or not variable.is_random:
        word = "a constant" if variable.trains else "what does not train"
        if not _alike(after, before):
            yield f"{word} was changed, {_shown(before)} to {_shown(after)}"
        return
    if not np.isfinite(after).all():
        yield "values that are not finite"
    elif _alike(after, before):
        yield "random in the library, and was not drawn"
    elif not _alike(after, again):
        yield "other values in a second build"
    elif _alike(reseeded, after):
        yield "the same values under another seed"
    else:
        yield from same_law(
            np.concatenate([before.ravel(), other.ravel()]),
            np.concatenate([after.ravel(), reseeded.ravel()]),
            tests=len(variables),
        )


def _untrue_rows(summary: Any, built: Any, variables: Sequence[_Variable]) -> Iterator[str]:
    """Give the rows of the summary that promise another deviation than the library has."""
    by_name = {variable.name: variable for variable in variables}
    names = {row.path: row.names for row in fanwise.keras.paths(built).rows}
    weights_in: dict[str, int] = {}
    for held in names.values():
        for name in held:
            weights_in[name] = weights_in.get(name, 0) + 1
    for row in summary.rows:
        held = names.get(row.path, ())
        if len(held) != 1 or weights_in[held[0]] != 1 or row.expected is None:
            continue
        variable = by_name[held[0]]
        if variable.trains and variable.is_random:
            sample = np.concatenate([start.ravel() for start in variable.starts])
            for fault in same_law(sample, row.expected, tests=len(variables)):
                yield f"{row.path}, in its row: {fault}"


def _alike(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.array_equal(one, other))


def _shown(values: np.ndarray) -> str:
    return f"{values.ravel()[:3].tolist()}"
