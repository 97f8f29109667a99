"""Which parameters and buffers of a torch model a start leaves as they were in memory."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from fanwise.adapters.builds import check_takes_nothing, seeded_numbers
from fanwise.adapters.foreign_code import foreign_code
from fanwise.adapters.torch.layers.poison import poisoned, started_tensors
from fanwise.adapters.unwritten_values import POISONS, StartedTensor, Unwritten, compared
from fanwise.core.uncompiled import uncompiled
from fanwise.spec.errors import FanwiseError, Phrase

_META_HINT: Final = (
    "What it builds must not be read, moved or converted before it has memory: call it under "
    "torch.device('meta') to see where it fails."
)
_INIT_HINT: Final = "Call it on a model that has memory to see where it fails."


@uncompiled
def unwritten(
    factory: Callable[[], nn.Module],
    init: Callable[[nn.Module], object] | None = None,
    *,
    seed: int = 0,
) -> Unwritten:
    """List the parameters and buffers that a start does not write.

    The model is built on the meta device, where nothing has values, and given memory that is
    filled with one pattern of bytes, then with another. What holds the pattern after both starts
    was not written; what differs otherwise was computed from memory, or is not repeatable. Ties,
    non-persistent buffers and tensors that are plain attributes are seen too. Random states of
    torch, NumPy and Python are put back.

    Args:
        factory: builds the model anew each time; it takes nothing.
        init: starts a model in place, or returns one that is started. ``None`` is the model's own
            way: its ``init_weights()``, or else ``reset_parameters()`` of each module.
        seed: of each start.

    Returns:
        A result with ``passed`` and ``rows``, which prints a line for each tensor.

    Raises:
        FanwiseError: for a factory that cannot build on the meta device, or an ``init`` that
            raises.

    Examples:
        >>> class Gate(nn.Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.fc = nn.Linear(2, 2)
        ...         self.gate = nn.Parameter(torch.empty(2))
        >>> def start(model):
        ...     model.fc.reset_parameters()
        ...     nn.init.zeros_(model.gate[:1])
        >>> print(unwritten(Gate, start))
        gate (parameter, [2]): nobody wrote some elements: 1 of 2, first [1]
        1 of 3 tensors are not set.
    """
    check_takes_nothing(factory)
    start = _own_start if init is None else init
    if not callable(start):
        raise FanwiseError("a function of the model", init, "Pass init=, or leave it out.")
    first, skipped = _started(factory, start, seed, POISONS[0])
    again, _ = _started(factory, start, seed, POISONS[0])
    other, _ = _started(factory, start, seed, POISONS[1])
    return compared(first, again, other, skipped)


def _started(
    factory: Callable[[], nn.Module],
    start: Callable[[nn.Module], object],
    seed: int,
    poison: int,
) -> tuple[dict[str, StartedTensor], list[str]]:
    """Build a model on poison, start it, and return its tensors, and the names of the others."""
    context = "The model cannot be built on the meta device"
    with _seeded(seed), foreign_code("a factory that needs no values", _META_HINT, context=context):
        with torch.device("meta"):
            model = factory()
        _check_module(model)
        poisoned(model, poison)
    with _seeded(seed), foreign_code("a start that runs", _INIT_HINT):
        result = start(model)
    if isinstance(result, nn.Module):
        model = result
    skipped = [name for name, tensor in _parameters_and_buffers(model) if is_lazy(tensor)]
    return started_tensors(model, poison), skipped


def _check_module(model: object) -> None:
    if not isinstance(model, nn.Module):
        received = Phrase(f"an object of class {type(model).__qualname__}")
        raise FanwiseError("a factory of a torch module", received, "Return the model.")


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Seed the generators of torch, NumPy and Python, and put them back as they were."""
    with torch.random.fork_rng(devices=[]), seeded_numbers(seed):
        torch.default_generator.manual_seed(seed)
        yield


def _parameters_and_buffers(model: nn.Module) -> Iterator[tuple[str, Tensor]]:
    yield from model.named_parameters()
    yield from model.named_buffers()


def _own_start(model: nn.Module) -> None:
    """Start a model as its own code does where there is no constructor to do it."""
    whole: Any = getattr(model, "init_weights", None)
    if callable(whole) and _takes_nothing(whole):
        whole()
        return
    starts = [
        start
        for module in model.modules()
        if callable(start := getattr(module, "reset_parameters", None) or _private_start(module))
    ]
    if not starts:
        received = Phrase(f"a {type(model).__name__} without init_weights or reset_parameters")
        raise FanwiseError("a model that can start itself", received, "Pass init=.")
    for start in starts:
        start()


def _private_start(module: nn.Module) -> Any:
    return getattr(module, "_reset_parameters", None)


def _takes_nothing(function: Callable[..., Any]) -> bool:
    try:
        inspect.signature(function).bind()
    except (TypeError, ValueError):
        return False
    return True
