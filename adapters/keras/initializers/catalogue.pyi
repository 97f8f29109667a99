# Written by fanwise.adapters.keras.initializers.stubs: change that, or the catalogue.

from collections.abc import Collection, Mapping, Sequence
from inspect import Signature
from typing import ClassVar, Final

from fanwise.adapters.engines import EngineName
from fanwise.adapters.keras.initializers.base import Drawn, Seed
from fanwise.adapters.keras.initializers.scaled import VarianceScaling
from fanwise.spec.catalogue import Entry

class CatalogueInitializer(Drawn):
    scheme_name: ClassVar[str]
    arguments: ClassVar[tuple[str, ...]]
    __signature__: ClassVar[Signature]

class CatalogueScaling(CatalogueInitializer, VarianceScaling): ...

def scheme_classes(
    entries: Mapping[str, Entry], but: Collection[str] = ...
) -> dict[str, type[CatalogueInitializer]]: ...
def class_name(scheme_name: str) -> str: ...

CLASSES: Final[dict[str, type[CatalogueInitializer]]]
ALIASES: Final[dict[str, type[CatalogueInitializer]]]

class Uniform(CatalogueInitializer):
    def __init__(
        self,
        low: float = 0.0,
        high: float = 1.0,
        seed: Seed = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: EngineName = "portable",
    ) -> None: ...

class Normal(CatalogueInitializer):
    def __init__(
        self,
        mean: float = 0.0,
        std: float = 1.0,
        seed: Seed = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: EngineName = "portable",
    ) -> None: ...

class XavierNormal(CatalogueScaling):
    def __init__(
        self,
        gain: float = 1.0,
        seed: Seed = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: EngineName = "portable",
    ) -> None: ...

class XavierUniform(CatalogueScaling):
    def __init__(
        self,
        gain: float = 1.0,
        seed: Seed = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: EngineName = "portable",
    ) -> None: ...

class KaimingNormal(CatalogueScaling):
    def __init__(
        self,
        a: float = 0.0,
        mode: str = "fan_in",
        nonlinearity: str = "leaky_relu",
        seed: Seed = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: EngineName = "portable",
    ) -> None: ...

class KaimingUniform(CatalogueScaling):
    def __init__(
        self,
        a: float = 0.0,
        mode: str = "fan_in",
        nonlinearity: str = "leaky_relu",
        seed: Seed = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: EngineName = "portable",
    ) -> None: ...

class TorchDefault(CatalogueScaling):
    def __init__(
        self,
        seed: Seed = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: EngineName = "portable",
    ) -> None: ...

class DeltaOrthogonal(CatalogueInitializer):
    def __init__(
        self,
        gain: float = 1.0,
        seed: Seed = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: EngineName = "portable",
    ) -> None: ...

class Dirac(CatalogueInitializer):
    def __init__(
        self,
        groups: int = 1,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: EngineName = "portable",
    ) -> None: ...

class Sparse(CatalogueInitializer):
    def __init__(
        self,
        sparsity: float = 0.1,
        std: float = 0.01,
        seed: Seed = None,
        *,
        path: str | None = None,
        axes: str = "kernel",
        engine: EngineName = "portable",
    ) -> None: ...

uniform = Uniform
normal = Normal
xavier_normal = XavierNormal
xavier_uniform = XavierUniform
kaiming_normal = KaimingNormal
kaiming_uniform = KaimingUniform
torch_default = TorchDefault
delta_orthogonal = DeltaOrthogonal
dirac = Dirac
sparse = Sparse

__all__ = [
    "DeltaOrthogonal",
    "Dirac",
    "KaimingNormal",
    "KaimingUniform",
    "Normal",
    "Sparse",
    "TorchDefault",
    "Uniform",
    "XavierNormal",
    "XavierUniform",
    "delta_orthogonal",
    "dirac",
    "kaiming_normal",
    "kaiming_uniform",
    "normal",
    "sparse",
    "torch_default",
    "uniform",
    "xavier_normal",
    "xavier_uniform",
]
