# Written by fanwise.adapters.torch.initializers.stubs: change what it reads.

from collections.abc import Mapping
from types import ModuleType
from typing import Final

from fanwise.adapters.torch.initializers.absolute import normal_ as normal
from fanwise.adapters.torch.initializers.absolute import uniform_ as uniform
from fanwise.adapters.torch.initializers.constant import constant_ as constant
from fanwise.adapters.torch.initializers.constant import dirac_ as dirac
from fanwise.adapters.torch.initializers.constant import eye_ as eye
from fanwise.adapters.torch.initializers.scaled import kaiming_normal_ as kaiming_normal
from fanwise.adapters.torch.initializers.scaled import kaiming_uniform_ as kaiming_uniform
from fanwise.adapters.torch.initializers.scaled import xavier_normal_ as xavier_normal
from fanwise.adapters.torch.initializers.scaled import xavier_uniform_ as xavier_uniform
from fanwise.adapters.torch.initializers.structured import orthogonal_ as orthogonal
from fanwise.adapters.torch.initializers.structured import sparse_ as sparse

OLD_NAMES: Final[Mapping[ModuleType, tuple[str, ...]]]

__all__ = [
    "constant",
    "dirac",
    "eye",
    "kaiming_normal",
    "kaiming_uniform",
    "normal",
    "orthogonal",
    "sparse",
    "uniform",
    "xavier_normal",
    "xavier_uniform",
]
