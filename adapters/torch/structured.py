"""Drop-in for ``torch.nn.init``: the weights whose elements are fixed together."""

from __future__ import annotations

import torch

from fanwise.adapters.torch.engine import init_
from fanwise.adapters.torch.initializers import made
from fanwise.adapters.torch.tensors import Tensor

Generator = torch.Generator


def eye_(
    tensor: Tensor,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: str = "portable",
) -> Tensor:
    """Fill a matrix with the identity; what is beyond the square is zero.

    Args:
        tensor: what to fill, in place; two axes.
        seed, path, axes, engine: checked as in :func:`init_`; the identity is one only.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> eye_(torch.empty(2, 3))
        tensor([[1., 0., 0.],
                [0., 1., 0.]])
    """
    return init_(tensor, "identity", seed=seed, path=path, axes=axes, engine=engine)


def dirac_(
    tensor: Tensor,
    groups: int = 1,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: str = "portable",
) -> Tensor:
    """Fill the kernel of a convolution so that it hands its inputs through.

    Args:
        tensor: what to fill, in place; three to five axes.
        groups: the number of groups of the convolution.
        seed, path, axes, engine: checked as in :func:`init_`; there is one result only.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> dirac_(torch.empty(1, 1, 3))
        tensor([[[0., 1., 0.]]])
    """
    chosen = made("dirac", groups=groups)
    return init_(tensor, chosen, seed=seed, path=path, axes=axes, engine=engine)


def orthogonal_(
    tensor: Tensor,
    gain: float = 1,
    generator: Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: str = "portable",
) -> Tensor:
    """Fill a tensor with a (semi-)orthogonal matrix, Haar-distributed, times gain.

    Args:
        tensor: what to fill, in place; at least two axes. The matrix is that of all ``out``
            axes against all others.
        gain: factor on the matrix.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> weight = orthogonal_(torch.empty(3, 5), seed=0)

    References:
        Saxe et al. 2014, arXiv:1312.6120, section 3; Stewart 1980.
    """
    chosen = made("orthogonal", gain=gain)
    return init_(
        tensor, chosen, seed=seed, path=path, axes=axes, engine=engine, generator=generator
    )


def sparse_(
    tensor: Tensor,
    sparsity: float,
    std: float = 0.01,
    generator: Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: str = "portable",
) -> Tensor:
    """Fill a matrix from N(0, std²), with a fraction of every column set to zero.

    Args:
        tensor: what to fill, in place; two axes.
        sparsity: the fraction of the outputs of each input that is zero, rounded up.
        std: standard deviation of the others.
        generator, seed, path, axes, engine: as in :func:`init_`.

    Returns:
        The same tensor.

    Raises:
        FanwiseError: for bad input; the tensor is then untouched.

    Examples:
        >>> weight = sparse_(torch.empty(3, 5), sparsity=0.1, seed=0)

    References:
        Martens 2010, Deep learning via Hessian-free optimization, section 5.
    """
    chosen = made("sparse", sparsity=sparsity, std=std)
    return init_(
        tensor, chosen, seed=seed, path=path, axes=axes, engine=engine, generator=generator
    )
