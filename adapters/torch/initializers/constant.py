"""Drop-in for ``torch.nn.init``: the weights without randomness."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import torch
from torch import Tensor
from torch.overrides import handle_torch_function

from fanwise.adapters.engines import EngineName
from fanwise.adapters.torch.drawing.usual import fill_constant
from fanwise.adapters.torch.initializers.any_scheme import init_, is_overridden, named_scheme
from fanwise.spec.gains import is_finite
from fanwise.spec.registry import scheme
from fanwise.spec.resolved import Resolved, resolve

_ZEROS: Final = resolve(scheme("zeros"), ())
_ONES: Final = resolve(scheme("ones"), ())


@lru_cache(maxsize=256, typed=True)
def _constant(value: float, sign: float) -> tuple[Resolved, float | None]:
    """Work out a constant, which is one on every shape; the sign tells 0.0 from -0.0."""
    constant = resolve(scheme("constant", value=value), ())
    return constant, None if value == 0.0 and sign > 0 else constant.law.mean


def constant_(
    tensor: Tensor,
    val: float,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: EngineName = "portable",
) -> Tensor:
    """Fill a tensor with one value.

    Args:
        tensor: what to fill, in place.
        val: the value, a finite number.
        seed, path, engine: checked as in :func:`init_`; a constant needs none of them.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> constant_(torch.empty(2), 0.5)
        tensor([0.5000, 0.5000])

    References:
        Common usage.
    """
    if (
        (type(val) is float or (type(val) is int and is_finite(val)))
        and not torch.compiler.is_compiling()
        and fill_constant(tensor, *_constant(val, math.copysign(1.0, val)), seed, path, engine)
    ):
        return tensor
    if is_overridden(tensor):
        return handle_torch_function(
            constant_, (tensor,), tensor=tensor, val=val, seed=seed, path=path, engine=engine
        )
    return init_(tensor, named_scheme("constant", value=val), seed=seed, path=path, engine=engine)


def ones_(
    tensor: Tensor,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: EngineName = "portable",
) -> Tensor:
    """Fill a tensor with ones.

    Args:
        tensor: what to fill, in place.
        seed, path, engine: checked as in :func:`init_`; a constant needs none of them.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> ones_(torch.empty(2))
        tensor([1., 1.])

    References:
        Ioffe & Szegedy 2015, arXiv:1502.03167, section 3 (the gain of a normalization).
    """
    if not torch.compiler.is_compiling() and fill_constant(tensor, _ONES, 1.0, seed, path, engine):
        return tensor
    return init_(tensor, "ones", seed=seed, path=path, engine=engine)


def zeros_(
    tensor: Tensor,
    *,
    seed: int | None = None,
    path: str | None = None,
    engine: EngineName = "portable",
) -> Tensor:
    """Fill a tensor with zeros.

    Args:
        tensor: what to fill, in place.
        seed, path, engine: checked as in :func:`init_`; a constant needs none of them.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> zeros_(torch.empty(2))
        tensor([0., 0.])

    References:
        Common usage; for biases and the last layer of a residual branch.
    """
    if not torch.compiler.is_compiling() and fill_constant(
        tensor, _ZEROS, None, seed, path, engine
    ):
        return tensor
    return init_(tensor, "zeros", seed=seed, path=path, engine=engine)


def eye_(
    tensor: Tensor,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor:
    """Fill a matrix with the identity; what is beyond the square is zero.

    Args:
        tensor: what to fill, in place; two axes.
        seed, path, axes, engine: checked as in :func:`init_`; there is one result only.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> eye_(torch.empty(2, 3))
        tensor([[1., 0., 0.],
                [0., 1., 0.]])

    References:
        Le, Jaitly & Hinton 2015, arXiv:1504.00941, section 3.
    """
    return init_(tensor, "identity", seed=seed, path=path, axes=axes, engine=engine)


def dirac_(
    tensor: Tensor,
    groups: int = 1,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor:
    """Fill the kernel of a convolution so that it passes its inputs through.

    Args:
        tensor: what to fill, in place; three to five axes.
        groups: the number of groups of the convolution.
        seed, path, axes, engine: checked as in :func:`init_`; there is one result only.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> import torch
        >>> dirac_(torch.empty(1, 1, 3))
        tensor([[[0., 1., 0.]]])

    References:
        Zagoruyko & Komodakis 2017, arXiv:1706.00388, equation 2; torch.nn.init.dirac_.
    """
    dirac = named_scheme("dirac", groups=groups)
    return init_(tensor, dirac, seed=seed, path=path, axes=axes, engine=engine)
