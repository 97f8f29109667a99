"""The usual call: a plain tensor of the host, filled as one of its shape and dtype was before.

What depends on the arguments alone (the scheme, its law, the layout, the plan) is looked up, and
what depends on the tensor is looked at once. Everything else is left to the way that takes any
call, which says what is the matter with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any, Final

import torch
from torch import _C, Tensor
from torch._C import _functorch
from torch.autograd.graph import increment_version
from torch.overrides import has_torch_function_unary

from fanwise.adapters.torch.drawing import portable
from fanwise.adapters.torch.drawing.loaded import is_kept
from fanwise.adapters.torch.drawing.memory import host_array
from fanwise.adapters.torch.drawing.records import record_plain
from fanwise.adapters.torch.drawing.seeds import draw_host_seed
from fanwise.adapters.torch.drawing.streams_in_use import note_plain_stream
from fanwise.adapters.torch.drawing.tensors import DTYPES, is_plain
from fanwise.adapters.torch.drawing.watchers import is_watched
from fanwise.core.whole_weights import WholeWeight
from fanwise.spec.axes import MOST_AXES, TORCH
from fanwise.spec.laws import StructuredLaw, is_random
from fanwise.spec.parameters import PLAIN
from fanwise.spec.resolved import Resolved, resolve
from fanwise.spec.scheme import Scheme

#: Makes a scheme of the arguments of a function.
Make = Callable[..., Scheme]

#: The types of arguments that say all they mean by their value, -0.0 aside.
_VALUES: Final = PLAIN | {Scheme}
_SEEDS: Final = 1 << 64
_PORTABLE: Final = "portable"
#: Dtypes in which ``fill_`` rounds a number as the core does, and the largest that it takes.
_FILLED_BY_TORCH: Final = {
    dtype: torch.finfo(dtype).max for dtype in (torch.float32, torch.float64)
}


class Unusual(Exception):  # noqa: N818 (it is the call that is named)
    """A call is none of the usual ones; nobody but this module sees it."""


class _Usual:
    """What a call comes to but for its memory, its seed and its path.

    Attributes:
        resolved: the scheme on the shape.
        weight: draws it.
        random: whether it takes random words.
        zeros: which of the arguments are 0.0, for which -0.0 would be taken.
    """

    __slots__ = ("random", "resolved", "weight", "zeros")

    def __init__(self, resolved: Resolved, dtype: torch.dtype, zeros: tuple[int, ...]) -> None:
        self.resolved, self.random, self.zeros = resolved, is_random(resolved.law), zeros
        self.weight = WholeWeight(resolved, DTYPES[dtype])


def fill_usual(
    tensor: Tensor,
    make: Make,
    given: tuple[Any, ...],
    seed: Any,
    path: Any,
    axes: Any,
    engine: Any,
    generator: Any,
) -> bool:
    """Fill a tensor, if the call is a usual one.

    Args:
        tensor: what to fill.
        make: makes the scheme of what is given; always the same function for a door.
        given: what the scheme is made of.
        seed, path, axes, engine, generator: as the caller gave them.

    Returns:
        Whether it was filled. If not, nothing has happened.
    """
    if (
        torch.compiler.is_compiling()
        or not _is_usual_source(seed, path, engine)
        or not (generator is None or (seed is None and _is_of_host(generator)))
        or not _is_usual(tensor)
    ):
        return False
    try:
        usual = _worked_out(make, tensor.shape, tensor.dtype, axes, *given)
    except Exception:  # noqa: BLE001 (the other way raises what there is to raise)
        return False
    if usual.zeros and _has_negative(given, usual.zeros):
        return False
    if seed is None:
        seed = draw_host_seed(generator) if usual.random else 0
    elif usual.random:
        note_plain_stream(tensor, seed, path)
    usual.weight.draw(tensor.data_ptr(), partial(_array, tensor), seed=seed, path=path)
    # What an in-place operation does, so that autograd notices.
    increment_version(tensor)
    record_plain(tensor, usual.resolved)
    return True


def fill_constant(
    tensor: Tensor, constant: Resolved, value: float | None, seed: Any, path: Any, engine: Any
) -> bool:
    """Fill a tensor by torch's own ``fill_`` where that gives the core's bits.

    Nothing then need be laid out or planned: a bias costs little more than in torch. Not for code
    that is being compiled.

    Args:
        tensor: what to fill.
        constant: a constant, on any shape.
        value: its value; None for 0.0, which every dtype holds, and torch writes in half the time.
        seed, path, engine: as the caller gave them; they are only looked at.

    Returns:
        Whether it was filled; the way that takes any call takes or refuses what was not.
    """
    if (
        not _is_usual_source(seed, path, engine)
        or has_torch_function_unary(tensor)
        or is_watched()
        or not is_plain(tensor)
        or not tensor.is_cpu
        or tensor.ndim > MOST_AXES
        or (value is not None and abs(value) > _FILLED_BY_TORCH.get(tensor.dtype, -1.0))
        or is_kept(tensor)
    ):
        return False
    recorded = torch.is_grad_enabled()
    try:
        # torch.no_grad() takes longer than all the rest. In here, since the handler of a signal
        # may raise as soon as it has returned.
        _C._set_grad_enabled(False)  # noqa: FBT003, SLF001 (there is no public name for it)
        if value is None:
            tensor.zero_()
        else:
            tensor.fill_(value)
    except RuntimeError:  # the other way says what is the matter
        return False
    finally:
        _C._set_grad_enabled(recorded)  # noqa: SLF001
    record_plain(tensor, constant)
    return True


def _is_usual_source(seed: Any, path: Any, engine: Any) -> bool:
    """Tell whether randomness is asked for as usual, and rightly."""
    return (
        (seed is None or (type(seed) is int and 0 <= seed < _SEEDS))
        and (path is None or (type(path) is str and path.isascii()))
        and (engine is _PORTABLE or engine == _PORTABLE)
    )


def _is_usual(tensor: Any) -> bool:
    """Tell whether a tensor is written into as it is, here and now, with nobody else to ask."""
    return bool(
        not has_torch_function_unary(tensor)
        and not is_watched()
        and is_plain(tensor)
        and portable.suits_host(tensor)
        and _functorch.peek_interpreter_stack() is None
        and tensor.data_ptr()
        and not is_kept(tensor)
    )


def _is_of_host(generator: Any) -> bool:
    return type(generator) is torch.Generator and generator.device.type == "cpu"


@lru_cache(maxsize=4096, typed=True)  # a network has many weights of few kinds
def _worked_out(
    make: Make, shape: Sequence[int], dtype: torch.dtype, axes: str | None, *given: Any
) -> _Usual:
    """Work a call out.

    Raises:
        Unusual: for what must not be kept: a value that may change, or equals another that
            means something else; and for what cannot be drawn so.
        FanwiseError: for what is wrong; it is not kept either.
    """
    if not (axes is None or type(axes) is str) or not _VALUES.issuperset(map(type, given)):
        raise Unusual
    zeros = tuple(at for at, value in enumerate(given) if type(value) is float and value == 0.0)
    if _has_negative(given, zeros):
        raise Unusual
    scheme = make(*given)
    resolved = resolve(scheme, tuple(shape), scheme.pattern(axes, TORCH))
    if isinstance(resolved.law, StructuredLaw):
        raise Unusual
    return _Usual(resolved, dtype, zeros)


def _has_negative(given: tuple[Any, ...], zeros: tuple[int, ...]) -> bool:
    """Tell whether one of some zeros is -0.0."""
    return any(math.copysign(1.0, given[at]) < 0 for at in zeros)


def _array(tensor: Tensor) -> Any:
    return host_array(tensor.detach())
