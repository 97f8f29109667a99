"""Initializers for PyTorch: torch.nn.init with one meaning, and the same bits everywhere."""

from fanwise.adapters.torch.initializers import catalogue as _catalogue
from fanwise.adapters.torch.initializers import deprecated as _deprecated
from fanwise.adapters.torch.initializers.absolute import calculate_gain as calculate_gain
from fanwise.adapters.torch.initializers.absolute import normal_ as normal_
from fanwise.adapters.torch.initializers.absolute import trunc_normal_ as trunc_normal_
from fanwise.adapters.torch.initializers.absolute import uniform_ as uniform_
from fanwise.adapters.torch.initializers.any_scheme import init_ as init_
from fanwise.adapters.torch.initializers.catalogue import *  # noqa: F403
from fanwise.adapters.torch.initializers.constant import constant_ as constant_
from fanwise.adapters.torch.initializers.constant import dirac_ as dirac_
from fanwise.adapters.torch.initializers.constant import eye_ as eye_
from fanwise.adapters.torch.initializers.constant import ones_ as ones_
from fanwise.adapters.torch.initializers.constant import zeros_ as zeros_
from fanwise.adapters.torch.initializers.deprecated import *  # noqa: F403
from fanwise.adapters.torch.initializers.scaled import kaiming_normal_ as kaiming_normal_
from fanwise.adapters.torch.initializers.scaled import kaiming_uniform_ as kaiming_uniform_
from fanwise.adapters.torch.initializers.scaled import xavier_normal_ as xavier_normal_
from fanwise.adapters.torch.initializers.scaled import xavier_uniform_ as xavier_uniform_
from fanwise.adapters.torch.initializers.structured import orthogonal_ as orthogonal_
from fanwise.adapters.torch.initializers.structured import sparse_ as sparse_

__all__ = [
    "calculate_gain",
    "constant_",
    "dirac_",
    "eye_",
    "init_",
    "kaiming_normal_",
    "kaiming_uniform_",
    "normal_",
    "ones_",
    "orthogonal_",
    "sparse_",
    "trunc_normal_",
    "uniform_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
]
__all__ += _catalogue.__all__
__all__ += _deprecated.__all__
