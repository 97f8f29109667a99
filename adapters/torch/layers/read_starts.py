"""What the start of a parameter is, as its class' code and the values in it tell together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import torch
from torch import Tensor, nn

from fanwise.adapters.torch.layers.contradictions import are_alike, is_of_law
from fanwise.adapters.torch.layers.initializing_code import InitializingCode
from fanwise.adapters.torch.layers.library_starts import library_start
from fanwise.adapters.torch.layers.operations import key_of
from fanwise.adapters.torch.layers.recorded_contents import UNSET
from fanwise.adapters.torch.layers.recorded_laws import (
    Computed,
    Content,
    DrawnValues,
    Same,
    Unreadable,
)
from fanwise.adapters.torch.layers.twins import Twins
from fanwise.adapters.torch.layers.unset_models import is_readable
from fanwise.adapters.unset_values import find_float_fault
from fanwise.core.sampler import sample
from fanwise.spec.registry import scheme
from fanwise.spec.weights import Start

#: Of fewer values, a wrong law of another scale may be taken for the right one.
_ENOUGH: Final = 128
#: How near a formula's values are to what they are on another device, or in another dtype.
_NEAR: Final = {"rtol": 1e-2, "atol": 1e-3}


@dataclass(frozen=True)
class ReadStart:
    """What a parameter starts with, as far as it can be told.

    Attributes:
        start: as a recipe sees it; None for nothing.
        formula: its values, where these follow from no chance and differ from each other.
        computed: what its values are computed from, where these are drawn.
        is_unset: whether the code makes it, and leaves what lay in memory.
    """

    start: Start | None = None
    formula: Tensor | None = None
    computed: Computed | None = None
    is_unset: bool = False


_NOTHING: Final = ReadStart()


class StartFinder:
    """Finds what parameters start with.

    Args:
        model: that they are of.
        asked: layers, with the names of the parameters in them that are asked for.
        is_unset: whether what the model holds says nothing.
    """

    def __init__(
        self,
        model: nn.Module,
        asked: Sequence[tuple[nn.Module, Sequence[str]]],
        *,
        is_unset: bool,
    ) -> None:
        self._is_unset = is_unset
        self._code = InitializingCode(Twins(model), model)
        self._code.run(asked)

    def find(self, layer: nn.Module, name: str, tensor: Tensor) -> ReadStart:
        """Tell what a parameter starts with.

        Args:
            layer: of the model.
            name: of the parameter in it.
            tensor: the parameter.
        """
        now = None if self._is_unset or _says_nothing(tensor) else tensor.detach()
        listed = library_start(layer, name, tuple(tensor.shape))
        if listed is not None:
            if now is not None and constant_of(now) is not None:
                return _kept(now)
            return _NOTHING if listed.keeps and self._is_unset else ReadStart(listed)
        code = self._code
        recorder = code.twins.recorder
        twin = vars(code.twins.of(layer))["_parameters"].get(name)
        if twin is None or not recorder.is_written(twin):
            return _kept(now)
        where = f"the code of {type(layer).__name__}"
        is_certain = key_of(twin) in code.certain
        is_doubtful = key_of(twin) in recorder.doubted and not is_certain
        if is_doubtful and (now is None or (constant_of(now) is None and now.numel() < _ENOUGH)):
            return _NOTHING
        read = _read(recorder.content(twin), twin.detach(), where)
        # One value stays: somebody has set it since.
        if is_certain or now is None or _agrees(read, now):
            return read
        return replace(_kept(now), is_unset=read.is_unset)


def _read(content: Content, held: Tensor, where: str) -> ReadStart:
    """Tell what code has started a parameter with.

    Args:
        content: what it has written.
        held: where it has written it.
        where: the code is, in words.
    """
    if isinstance(content, DrawnValues):
        return ReadStart(Start(content.law.scheme(), text=where))
    if isinstance(content, Computed):
        start = Start(content.drawn.law.scheme(), text=f"a formula of what is drawn, {where}")
        values = _example(content)
        is_of_shape = values is not None and values.numel() == held.numel()
        return ReadStart(start, computed=content) if is_of_shape else _NOTHING
    if isinstance(content, Unreadable):
        return ReadStart(is_unset=content is UNSET)
    if isinstance(content, Same):
        return ReadStart(Start(scheme("constant", value=content.value), text=where))
    values = held if content is None else content.tensor
    if not bool(values.isfinite().all()):
        return ReadStart(is_unset=True)
    value = constant_of(values)
    if value is not None:
        return ReadStart(Start(scheme("constant", value=value), text=where))
    return ReadStart(Start(None, text=f"a formula, {where}", keeps=True), values)


def _says_nothing(tensor: Tensor) -> bool:
    """Tell whether a tensor is not here, or holds one number that nobody would have set."""
    if not is_readable(tensor):
        return True
    return tensor.numel() == 1 and find_float_fault(tensor.detach().float().cpu().numpy()) != ""


def _kept(now: Tensor | None) -> ReadStart:
    """Let a parameter stay that holds one value, of which nothing is declared."""
    value = None if now is None else constant_of(now)
    if value is None:
        return _NOTHING
    return ReadStart(Start(None, text=f"{value:g} throughout", keeps=True))


def constant_law(start: Start) -> float | None:
    """Return the value of a start that is a constant; None for any other."""
    if start.scheme is None or start.scheme.name != "constant":
        return None
    value = start.scheme["value"]
    assert isinstance(value, int | float)
    return float(value)


def is_near(tensor: Tensor, values: Tensor) -> bool:
    """Tell whether a tensor holds some values, but for the rounding of another device."""
    pair = tensor.detach().cpu().double(), values.double()
    return bool(torch.allclose(*pair, **_NEAR))


def constant_of(tensor: Tensor) -> float | None:
    """Return the number that a tensor holds throughout; None for anything else."""
    if not is_readable(tensor):
        return None
    flat = tensor.detach().reshape(-1)
    # As numbers: of most tensors the first two differ, which operations find out more slowly.
    value, *others = flat[:2].tolist()
    if others not in ([], [value]) or not bool((flat == flat[0]).all()):
        return None
    return value if math.isfinite(value) else None


def _agrees(read: ReadStart, now: Tensor) -> bool:
    """Tell whether a parameter may hold what was read of it."""
    if read.start is None:
        return False
    if read.formula is not None:
        return is_near(now, read.formula)
    value = constant_law(read.start)
    if value is not None:
        # Of the dtype of the parameter.
        return constant_of(now) == float(now.new_tensor(value))
    if read.computed is not None:
        values = _example(read.computed)
        return values is not None and are_alike(values, now)
    return is_of_law(now, read.start.scheme)


def _example(computed: Computed) -> Tensor | None:
    """Compute values of a formula once; None where it cannot be computed."""
    drawn, chosen = computed.drawn, computed.drawn.law.scheme()
    try:
        return computed.value(torch.from_numpy(sample(chosen, drawn.shape, seed=0, axes="torch")))
    except (RuntimeError, NotImplementedError, TypeError, ValueError):
        return None
