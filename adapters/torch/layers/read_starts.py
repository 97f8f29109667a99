"""What the start of a parameter is, as its class' code and the values in it tell together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn

from fanwise.adapters.torch.drawing import sharded
from fanwise.adapters.torch.drawing.memory import holds_nothing, is_allocated
from fanwise.adapters.torch.drawing.moments import moments
from fanwise.adapters.torch.layers.initializing_code import InitializingCode
from fanwise.adapters.torch.layers.library_starts import library_start
from fanwise.adapters.torch.layers.operations import key_of
from fanwise.adapters.torch.layers.recorded_laws import (
    Computed,
    Content,
    Draw,
    DrawnLaw,
    Same,
    Unreadable,
)
from fanwise.adapters.torch.layers.twins import Twins
from fanwise.spec.registry import scheme
from fanwise.spec.resolved import resolve
from fanwise.spec.weights import Start

#: How often a law that is read is taken for a wrong one by chance: log of half of 10⁻⁹.
_FALSE_ALARM: Final = math.log(0.5e-9)
#: How near a formula's values are to what they are on another device, or in another dtype.
_NEAR: Final = {"rtol": 1e-2, "atol": 1e-3}


@dataclass(frozen=True)
class ReadStart:
    """What a parameter starts with, as far as it can be told.

    Attributes:
        start: as a recipe sees it; None for nothing.
        formula: its values, where these follow from no chance and differ from each other.
        computed: what its values are computed from, where these are drawn.
    """

    start: Start | None = None
    formula: Tensor | None = None
    computed: Computed | None = None


_NOTHING: Final = ReadStart()


class StartFinder:
    """Finds what parameters start with, each layer once.

    Args:
        model: that they are of.
        names: of the parameters that are asked for, by the ids of their layers.
    """

    def __init__(self, model: nn.Module, names: Mapping[int, Sequence[str]]) -> None:
        self._model, self._names = model, names
        self._code: InitializingCode | None = None

    def find(self, layer: nn.Module, name: str, tensor: Tensor) -> ReadStart:
        """Tell what a parameter starts with.

        Args:
            layer: of the model.
            name: of the parameter in it.
            tensor: the parameter.
        """
        listed = library_start(layer, name, tuple(tensor.shape))
        if listed is not None:
            return ReadStart(listed)
        code = self._code_run_on(layer)
        recorder = code.twins.recorder
        twin = vars(code.twins.of(layer))["_parameters"].get(name)
        if twin is None or not recorder.is_written(twin):
            return _kept(tensor)
        where = f"the code of {type(layer).__name__}"
        is_certain = key_of(twin) in code.certain
        return _read(recorder.content(twin), twin.detach(), tensor, where, is_certain=is_certain)

    def _code_run_on(self, layer: nn.Module) -> InitializingCode:
        if self._code is None:
            self._code = InitializingCode(Twins(self._model), self._model)
        self._code.run(layer, self._names[id(layer)])
        return self._code


def _read(
    content: Content, held: Tensor, tensor: Tensor, where: str, *, is_certain: bool
) -> ReadStart:
    """Tell what code has started a parameter with.

    Args:
        content: what it has written.
        held: where it has written it.
        tensor: the parameter itself.
        where: the code is, in words.
        is_certain: whether nothing else can have started the parameter.
    """
    if isinstance(content, Draw):
        agrees = is_certain or _agrees(tensor, content.law)
        return ReadStart(Start(content.law.scheme(), text=where)) if agrees else _NOTHING
    if isinstance(content, Computed):
        start = Start(content.drawn.law.scheme(), text=f"a formula of what is drawn, {where}")
        agrees = is_certain or constant_of(tensor) is None
        return ReadStart(start, computed=content) if agrees else _NOTHING
    if isinstance(content, Unreadable):
        return _kept(tensor)
    if isinstance(content, Same):
        value: float | None = content.value
    else:
        values = held if content is None else content.tensor
        if not bool(values.isfinite().all()):
            return _kept(tensor)
        value = constant_of(values)
        if value is None:
            return _formula(tensor, values, where, is_certain=is_certain)
    if not is_certain and is_readable(tensor) and constant_of(tensor) != value:
        return _kept(tensor)
    return ReadStart(Start(scheme("constant", value=value), text=where))


def _kept(tensor: Tensor) -> ReadStart:
    """Let a parameter stay that holds one value, of which nothing is declared."""
    value = constant_of(tensor)
    if value is None:
        return _NOTHING
    return ReadStart(Start(None, text=f"{value:g} throughout", keeps=True))


def _formula(tensor: Tensor, values: Tensor, where: str, *, is_certain: bool) -> ReadStart:
    start = Start(None, text=f"a formula, {where}", keeps=True)
    if is_certain or not is_readable(tensor):
        return ReadStart(start, values)
    return ReadStart(start, values) if is_near(tensor, values) else _NOTHING


def is_near(tensor: Tensor, values: Tensor) -> bool:
    """Tell whether a tensor holds some values, but for the rounding of another device."""
    return bool(torch.allclose(tensor.detach().cpu().double(), values.double(), **_NEAR))


def is_readable(tensor: Tensor) -> bool:
    """Tell whether a tensor has all of its elements here, as numbers."""
    return not (
        holds_nothing(tensor)
        or sharded.is_sharded(tensor)
        or not is_allocated(tensor)
        or not tensor.is_floating_point()
        or not tensor.numel()
    )


def constant_of(tensor: Tensor) -> float | None:
    """Return the number that a tensor holds throughout; None for anything else."""
    if not is_readable(tensor):
        return None
    flat = tensor.detach().reshape(-1)
    first = flat[0]
    if not bool((flat[:2] == first).all()) or not bool((flat == first).all()):
        return None
    value = float(first)
    return value if math.isfinite(value) else None


def _agrees(tensor: Tensor, law: DrawnLaw) -> bool:
    """Tell whether a tensor may hold what a law gives: not, of one of the law, once in 10⁹ times.

    By Chernoff's bound on the sum of n squares, which is that of normal values, or less.
    """
    if not is_readable(tensor) or law.kind == "orthogonal":
        return True
    found = moments([tensor.detach()])
    given = resolve(law.scheme(), tuple(tensor.shape), "torch").law
    square = (found.deviation / found.count + (found.mean - given.mean) ** 2) / given.std**2
    if square == 0:
        return False
    return found.count / 2 * (1 - square + math.log(square)) > _FALSE_ALARM
