"""The function that fills a tensor by any scheme, eager or compiled; the others call it."""

from __future__ import annotations

from typing import Any, Final

import torch
from torch import Tensor
from torch.nn.parameter import is_lazy
from torch.overrides import handle_torch_function, has_torch_function_unary

from fanwise.adapters.engines import Engine, EngineName
from fanwise.adapters.torch.drawing import compiled, sharded
from fanwise.adapters.torch.drawing.engines import (
    Setting,
    Source,
    check_engine_draws,
    draw,
    write,
)
from fanwise.adapters.torch.drawing.records import record
from fanwise.adapters.torch.drawing.seeds import draw_seed
from fanwise.adapters.torch.drawing.streams_in_use import note_stream
from fanwise.adapters.torch.drawing.usual import fill_usual
from fanwise.adapters.torch.drawing.watchers import check_fake, is_recorded, is_watched, unrecorded
from fanwise.spec.errors import FanwiseError, Phrase
from fanwise.spec.registry import SchemeLike, as_scheme, scheme
from fanwise.spec.scheme import Scheme

_SEED_HINT: Final = "Pass seed=, or initialize outside of the compiled or traced function."


def named_scheme(name: str, **params: object) -> Scheme:
    """Make a scheme by name, of parameters that may be tensors of one element, as in torch.

    In code that is being compiled it is the text of one: see :func:`compiled.request_text`.
    """
    if torch.compiler.is_compiling():
        text: Any = compiled.scheme_text(name, params)
        return text  # type: ignore[no-any-return]
    return scheme(name, **{key: number(value) for key, value in params.items()})


def is_overridden(tensor: Any) -> bool:
    """Tell whether a subclass of tensors or a function mode is to be asked in our place."""
    # Uninitialized parameters say themselves what is wrong, less well.
    return has_torch_function_unary(tensor) and not is_lazy(tensor)


def number(value: Any) -> Any:
    """Return the number in a tensor of one element, and anything else as it is."""
    return value.item() if isinstance(value, Tensor) and value.numel() == 1 else value


def init_(
    tensor: Tensor,
    scheme: SchemeLike,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str | None = None,
    engine: EngineName = "portable",
    generator: torch.Generator | None = None,
) -> Tensor:
    """Fill a tensor by any scheme, in place.

    Args:
        tensor: float16, bfloat16, float32 or float64, with any strides, on any device; a
            parameter, a view of one, or a tensor without gradient. On the meta device
            there is nothing to write. Of a sharded one (DTensor, so also FSDP2) every rank
            draws its own part of the whole; the result does not depend on the mesh.
        scheme: a scheme or its name.
        seed: 0 ≤ seed < 2⁶⁴; without one it is drawn from torch's default generator, so
            that ``torch.manual_seed`` governs; for a sharded tensor, from that of its mesh's
            first rank. In code that ``torch.compile`` compiles it must be given.
        path: the weight's path in its model; every path has a stream of its own.
        axes: the role of each axis, a pattern or its name; None for the scheme's own, which few
            have, or else ``"torch"``.
        engine: ``"portable"``, the same bits in every framework; or ``"native"``, the
            functions of ``torch.nn.init``, for which a path counts only beside a seed.
        generator: draws the seed in the place of torch's default one.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import fanwise, torch
        >>> weight = init_(torch.empty(4, 3), "he_normal", seed=0, path="dense/kernel")
        >>> kernel = fanwise.sample("he_normal", (3, 4), seed=0, path="dense/kernel")
        >>> bool((weight.numpy() == kernel.T).all())
        True
    """
    if torch.compiler.is_compiling():
        return _in_graph(tensor, scheme, seed, path, axes, engine, generator)
    if fill_usual(tensor, as_scheme, (scheme,), seed, path, axes, engine, generator):
        return tensor
    if is_overridden(tensor):
        return handle_torch_function(
            init_,
            (tensor,),
            tensor,
            scheme,
            seed=seed,
            path=path,
            axes=axes,
            engine=engine,
            generator=generator,
        )
    source = Source(seed, engine, generator)
    if is_watched() and not sharded.is_sharded(tensor):
        return _before_watchers(tensor, scheme, source, path, axes)
    setting = Setting.of(tensor, scheme, path=path, axes=axes)
    check_engine_draws(setting, source)
    if setting.kept:
        return tensor
    if seed is not None and setting.random:
        note_stream(tensor, seed, path)
    write((setting,), source)
    record(tensor, setting.resolved)
    return tensor


def _before_watchers(
    tensor: Tensor, scheme: SchemeLike, source: Source, path: str | None, axes: str | None
) -> Tensor:
    """Draw by operations that torch dispatches, so that modes and traces have them."""
    with unrecorded():
        setting = Setting.of(tensor, scheme, path=path, axes=axes)
        check_engine_draws(setting, source)
        check_fake(tensor)
    if setting.kept:
        return tensor
    seed = source.seed
    if seed is None and setting.random:
        if source.engine == Engine.NATIVE:
            draw((setting,), source)
            return tensor
        if is_recorded():
            raise FanwiseError("a seed in code that is traced", Phrase("none"), _SEED_HINT)
        seed = 0 if setting.empty else draw_seed(source.generator)
    return _in_graph(
        tensor, setting.resolved.scheme, seed, path, axes, source.engine, generator=None
    )


def _in_graph(
    tensor: Tensor,
    scheme: Any,
    seed: Any,
    path: Any,
    axes: Any,
    engine: Any,
    generator: Any,
) -> Tensor:
    """Hand over to the operation, in code that is being compiled."""
    low, high = compiled.split_seed(seed)
    unusual = seed if low is None else None
    text = compiled.request_text(scheme, unusual, path, axes, engine, generator is not None)
    # Detached, since a compiler does not see that a leaf may be written into here.
    _operation(tensor.detach(), text, low, high)
    return tensor


def _run(tensor: Tensor, text: str, low: int | None, high: int | None) -> None:
    """Do what a compiled function asks for."""
    asked = compiled.read(text, low, high)
    source = Source(asked.seed, asked.engine)
    setting = Setting.of(tensor, asked.scheme, path=asked.path, axes=asked.axes)
    if asked.seed is None and setting.random:
        raise FanwiseError("a seed in compiled code", Phrase("none"), _SEED_HINT)
    check_engine_draws(setting, source)
    draw((setting,), source)


_operation: Final = compiled.init_operation(_run)
