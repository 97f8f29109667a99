"""Drop-in for ``torch.nn.init``: the random weights whose elements are drawn together."""

from __future__ import annotations

from torch import Generator, Tensor

from fanwise.adapters.engines import EngineName
from fanwise.adapters.torch.initializers.any_scheme import init_, named_scheme


def orthogonal_(
    tensor: Tensor,
    gain: float = 1,
    generator: Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
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
        >>> import torch
        >>> weight = orthogonal_(torch.empty(3, 5), seed=0)

    References:
        Saxe et al. 2014, arXiv:1312.6120, section 3; Stewart 1980.
    """
    scheme = named_scheme("orthogonal", gain=gain)
    return init_(
        tensor, scheme, seed=seed, path=path, axes=axes, engine=engine, generator=generator
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
    engine: EngineName = "portable",
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
        >>> import torch
        >>> weight = sparse_(torch.empty(3, 5), sparsity=0.1, seed=0)

    References:
        Martens 2010, Deep learning via Hessian-free optimization, section 5.
    """
    scheme = named_scheme("sparse", sparsity=sparsity, std=std)
    return init_(
        tensor, scheme, seed=seed, path=path, axes=axes, engine=engine, generator=generator
    )
