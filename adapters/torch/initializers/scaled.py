"""Drop-in for ``torch.nn.init``: the distributions that a fan scales."""

from __future__ import annotations

import warnings
from collections.abc import Collection

import torch
from torch import Generator, Tensor
from torch.nn.parameter import is_lazy
from torch.overrides import handle_torch_function

from fanwise.adapters.engines import EngineName
from fanwise.adapters.torch.drawing.engines import Source
from fanwise.adapters.torch.drawing.tensors import check_tensor
from fanwise.adapters.torch.drawing.usual import fill_usual
from fanwise.adapters.torch.initializers.any_scheme import init_, is_overridden, named_scheme
from fanwise.spec.errors import FanwiseError
from fanwise.spec.fans import MODES
from fanwise.spec.scheme import Scheme


def xavier_uniform_(
    tensor: Tensor,
    gain: float = 1.0,
    generator: Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor:
    """Fill a tensor from U(-l, l) with l = gain · √(6 / (fan_in + fan_out)).

    Args:
        tensor: what to fill, in place; at least two axes.
        gain: factor on the weights.
        fan: the mean of fan_in and fan_out, instead of the one counted from the shape.
        groups: the number of groups of a grouped convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = xavier_uniform_(torch.empty(3, 5), gain=2.0, seed=0)

    References:
        Glorot & Bengio 2010, equation 16.
    """
    given = (gain, fan, groups)
    if fill_usual(tensor, _xavier_uniform, given, seed, path, axes, engine, generator):
        return tensor
    scheme = _xavier_uniform(*given)
    return init_(
        tensor, scheme, seed=seed, path=path, axes=axes, engine=engine, generator=generator
    )


def xavier_normal_(
    tensor: Tensor,
    gain: float = 1.0,
    generator: Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor:
    """Fill a tensor from N(0, gain² · 2 / (fan_in + fan_out)), not cut.

    Args:
        tensor: what to fill, in place; at least two axes.
        gain: factor on the weights.
        fan: the mean of fan_in and fan_out, instead of the one counted from the shape.
        groups: the number of groups of a grouped convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = xavier_normal_(torch.empty(3, 5), gain=2.0, seed=0)

    References:
        Glorot & Bengio 2010, equation 12.
    """
    given = (gain, fan, groups)
    if fill_usual(tensor, _xavier_normal, given, seed, path, axes, engine, generator):
        return tensor
    scheme = _xavier_normal(*given)
    return init_(
        tensor, scheme, seed=seed, path=path, axes=axes, engine=engine, generator=generator
    )


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor:
    """Fill a tensor from U(-l, l) with l = gain · √(3 / fan).

    Args:
        tensor: what to fill, in place; at least two axes.
        a: the negative slope of ``"leaky_relu"``.
        mode: the fan that divides: ``"fan_in"``, ``"fan_out"``, or one that torch lacks,
            ``"fan_avg"`` and ``"fan_geo_avg"``.
        nonlinearity: whose gain is applied.
        fan: the fan itself, instead of the one counted from the shape.
        groups: the number of groups of a grouped convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = kaiming_uniform_(torch.empty(3, 5), nonlinearity="relu", seed=0)

    References:
        He et al. 2015, equations 10 and 15.
    """
    given = (a, mode, nonlinearity, fan, groups)
    if fill_usual(tensor, _kaiming_uniform, given, seed, path, axes, engine, generator):
        return tensor
    if is_overridden(tensor):
        return handle_torch_function(
            kaiming_uniform_,
            (tensor,),
            tensor=tensor,
            a=a,
            mode=mode,
            nonlinearity=nonlinearity,
            generator=generator,
            fan=fan,
            groups=groups,
            seed=seed,
            path=path,
            axes=axes,
            engine=engine,
        )
    scheme = _kaiming_uniform(*given)
    if _warned_of_no_elements(tensor, seed, engine, generator):
        return tensor
    return init_(
        tensor, scheme, seed=seed, path=path, axes=axes, engine=engine, generator=generator
    )


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor:
    """Fill a tensor from N(0, gain² / fan), not cut.

    Args:
        tensor: what to fill, in place; at least two axes.
        a: the negative slope of ``"leaky_relu"``.
        mode: the fan that divides: ``"fan_in"``, ``"fan_out"``, or one that torch lacks,
            ``"fan_avg"`` and ``"fan_geo_avg"``.
        nonlinearity: whose gain is applied.
        fan: the fan itself, instead of the one counted from the shape.
        groups: the number of groups of a grouped convolution.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = kaiming_normal_(torch.empty(3, 5), nonlinearity="relu", seed=0)

    References:
        He et al. 2015, equations 10 and 15.
    """
    given = (a, mode, nonlinearity, fan, groups)
    if fill_usual(tensor, _kaiming_normal, given, seed, path, axes, engine, generator):
        return tensor
    scheme = _kaiming_normal(*given)
    if _warned_of_no_elements(tensor, seed, engine, generator):
        return tensor
    return init_(
        tensor, scheme, seed=seed, path=path, axes=axes, engine=engine, generator=generator
    )


def _xavier_uniform(gain: float, fan: float | None, groups: int) -> Scheme:
    return named_scheme("xavier_uniform", gain=gain, fan=fan, groups=groups)


def _xavier_normal(gain: float, fan: float | None, groups: int) -> Scheme:
    return named_scheme("xavier_normal", gain=gain, fan=fan, groups=groups)


def _kaiming_uniform(
    a: float, mode: str, nonlinearity: str, fan: float | None, groups: int
) -> Scheme:
    return _kaiming("kaiming_uniform", a, mode, nonlinearity, fan, groups)


def _kaiming_normal(
    a: float, mode: str, nonlinearity: str, fan: float | None, groups: int
) -> Scheme:
    return _kaiming("kaiming_normal", a, mode, nonlinearity, fan, groups)


def _kaiming(
    name: str, a: float, mode: str, nonlinearity: str, fan: float | None, groups: int
) -> Scheme:
    mode = check_mode(mode, MODES)
    return named_scheme(name, a=a, mode=mode, nonlinearity=nonlinearity, fan=fan, groups=groups)


def check_mode(mode: str, known: Collection[str]) -> str:
    """Return a fan mode in small letters; raise, in torch's words, for one that is not known."""
    lower = mode.lower() if isinstance(mode, str) else mode
    if lower not in known:
        context = f"Mode {mode} not supported, please use one of {list(known)}"
        raise FanwiseError("a fan mode", mode, "Pass e.g. mode='fan_in'.", context=context)
    return lower


def _warned_of_no_elements(
    tensor: Tensor, seed: int | None, engine: EngineName, generator: Generator | None
) -> bool:
    """Warn as torch does, on behalf of the caller's caller, where there is nothing to fill."""
    if torch.compiler.is_compiling() or torch.jit.is_tracing():
        return False
    if isinstance(tensor, Tensor) and not is_lazy(tensor) and tensor.numel():
        return False
    check_tensor(tensor)
    Source(seed, engine, generator)
    warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=3)
    return True
