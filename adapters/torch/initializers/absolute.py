"""Drop-in for ``torch.nn.init``: the gain, and the distributions with an absolute scale."""

from __future__ import annotations

import numbers
import warnings
from typing import Final

from torch import Generator, Tensor
from torch.overrides import handle_torch_function

from fanwise.adapters.engines import EngineName
from fanwise.adapters.torch.drawing.usual import Unusual, fill_usual
from fanwise.adapters.torch.initializers.any_scheme import (
    init_,
    is_overridden,
    named_scheme,
    number,
)
from fanwise.spec.errors import FanwiseError
from fanwise.spec.gains import gain as torch_gain
from fanwise.spec.scheme import Scheme

#: A bound, in standard deviations, that cuts nothing: torch's infinity.
_FAR: Final = 2.0**32


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """Look up the gain of a nonlinearity, in torch's table.

    Args:
        nonlinearity: a name, e.g. ``"relu"``.
        param: the negative slope of ``"leaky_relu"``, 0.01 if None.

    Returns:
        The factor on the standard deviation.

    Raises:
        FanwiseError: for a nonlinearity that torch does not know.

    Examples:
        >>> calculate_gain("tanh")
        1.6666666666666667
    """
    return torch_gain(nonlinearity, param)


def uniform_(
    tensor: Tensor,
    a: float = 0.0,
    b: float = 1.0,
    generator: Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor:
    """Fill a tensor from the uniform distribution between a and b.

    Args:
        tensor: what to fill, in place.
        a, b: lower and upper end.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = uniform_(torch.empty(3, 5), -0.1, 0.1, seed=0)
        >>> bool((weight.abs() <= 0.1).all())
        True

    References:
        Johnson, Kotz & Balakrishnan 1995, Continuous Univariate Distributions 2, chapter 26.
    """
    if fill_usual(tensor, _uniform, (a, b), seed, path, axes, engine, generator):
        return tensor
    if is_overridden(tensor):
        return handle_torch_function(
            uniform_,
            (tensor,),
            tensor=tensor,
            a=a,
            b=b,
            generator=generator,
            seed=seed,
            path=path,
            axes=axes,
            engine=engine,
        )
    scheme = _uniform(a, b)
    return init_(
        tensor, scheme, seed=seed, path=path, axes=axes, engine=engine, generator=generator
    )


def _uniform(a: float, b: float) -> Scheme:
    return named_scheme("uniform", low=a, high=b)


def normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    generator: Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor:
    """Fill a tensor from the normal distribution N(mean, std²).

    Args:
        tensor: what to fill, in place.
        mean, std: mean and standard deviation.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = normal_(torch.empty(3, 5), std=0.02, seed=0)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, chapter 13.
    """
    if fill_usual(tensor, _normal, (mean, std), seed, path, axes, engine, generator):
        return tensor
    if is_overridden(tensor):
        return handle_torch_function(
            normal_,
            (tensor,),
            tensor=tensor,
            mean=mean,
            std=std,
            generator=generator,
            seed=seed,
            path=path,
            axes=axes,
            engine=engine,
        )
    scheme = _normal(mean, std)
    return init_(
        tensor, scheme, seed=seed, path=path, axes=axes, engine=engine, generator=generator
    )


def _normal(mean: float, std: float) -> Scheme:
    return named_scheme("normal", mean=mean, std=std)


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor:
    """Fill a tensor from N(mean, std²) cut to [a, b], in the units of the weight.

    The standard deviation is that of the normal before the cut. In contrast,
    :func:`truncated_normal_` takes its bounds in standard deviations, and corrects for
    the cut.

    Args:
        tensor: what to fill, in place.
        mean, std: mean and standard deviation of the normal before the cut.
        a, b: the bounds of the values.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> weight = trunc_normal_(torch.empty(3, 5), std=0.02, a=-0.04, b=0.04, seed=0)

    References:
        Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions 1, section 10.1.
    """
    if fill_usual(tensor, _unwarned_cut, (mean, std, a, b), seed, path, axes, engine, generator):
        return tensor
    mean, std, a, b = (number(value) for value in (mean, std, a, b))
    scheme = _cut_normal(mean, std, a, b)
    if _is_far(mean, std, a, b):
        warnings.warn(
            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. "
            "The distribution of values may be incorrect.",
            stacklevel=2,
        )
    return init_(
        tensor, scheme, seed=seed, path=path, axes=axes, engine=engine, generator=generator
    )


def _cut_normal(mean: float, std: float, a: float, b: float) -> Scheme:
    """Make the scheme whose bounds, in standard deviations, are torch's in units of the weight."""
    _normal(mean, std)
    if not (isinstance(a, numbers.Real) and isinstance(b, numbers.Real) and a < b):
        raise FanwiseError("numbers with a < b as bounds", (a, b), "Exchange the two bounds.")
    if std == 0:
        raise FanwiseError("std > 0", std, "For one value everywhere use constant_.")
    low, high = (max(-_FAR, min((bound - mean) / std, _FAR)) for bound in (a, b))
    return named_scheme("truncated_normal", mean=mean, std=std, low=low, high=high, corrected=False)


def _is_far(mean: float, std: float, a: float, b: float) -> bool:
    """Tell whether torch warns that the mean lies too far from the bounds."""
    return mean < a - 2 * std or mean > b + 2 * std


def _unwarned_cut(mean: float, std: float, a: float, b: float) -> Scheme:
    """Make the scheme where nobody is to be warned."""
    scheme = _cut_normal(mean, std, a, b)
    if _is_far(mean, std, a, b):
        raise Unusual
    return scheme
