# Written by fanwise.adapters.torch.initializers.stubs: change what it reads.

from collections.abc import Callable, Collection, Mapping

from torch import Generator, Tensor

from fanwise.adapters.engines import EngineName
from fanwise.spec.catalogue import Entry

def scheme_functions(
    entries: Mapping[str, Entry], but: Collection[str] = ...
) -> dict[str, Callable[..., Tensor]]: ...
def truncated_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    low: float = -2.0,
    high: float = 2.0,
    corrected: bool = True,
    generator: Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor: ...
def variance_scaling_(
    tensor: Tensor,
    scale: float = 1.0,
    mode: str = "fan_in",
    distribution: str = "truncated_normal",
    generator: Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor: ...
def lecun_normal_(
    tensor: Tensor,
    generator: Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor: ...
def lecun_uniform_(
    tensor: Tensor,
    generator: Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor: ...
def glorot_normal_(
    tensor: Tensor,
    generator: Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor: ...
def glorot_uniform_(
    tensor: Tensor,
    generator: Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor: ...
def he_normal_(
    tensor: Tensor,
    generator: Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor: ...
def he_uniform_(
    tensor: Tensor,
    generator: Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor: ...
def torch_default_(
    tensor: Tensor,
    generator: Generator | None = None,
    *,
    fan: float | None = None,
    groups: int = 1,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor: ...
def delta_orthogonal_(
    tensor: Tensor,
    gain: float = 1.0,
    generator: Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor: ...
def identity_(
    tensor: Tensor,
    gain: float = 1.0,
    generator: Generator | None = None,
    *,
    seed: int | None = None,
    path: str | None = None,
    axes: str = "torch",
    engine: EngineName = "portable",
) -> Tensor: ...

__all__ = [
    "delta_orthogonal_",
    "glorot_normal_",
    "glorot_uniform_",
    "he_normal_",
    "he_uniform_",
    "identity_",
    "lecun_normal_",
    "lecun_uniform_",
    "torch_default_",
    "truncated_normal_",
    "variance_scaling_",
]
