"""Initializers for PyTorch: torch.nn.init with one meaning, and the same bits everywhere."""

from fanwise.adapters.layer_weights import LayerWeight as LayerWeight
from fanwise.adapters.layer_weights import Span as Span
from fanwise.adapters.torch.initialize import initialize as initialize
from fanwise.adapters.torch.initializers import catalogue as _catalogue
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
from fanwise.adapters.torch.initializers.deprecated import constant as constant
from fanwise.adapters.torch.initializers.deprecated import dirac as dirac
from fanwise.adapters.torch.initializers.deprecated import eye as eye
from fanwise.adapters.torch.initializers.deprecated import kaiming_normal as kaiming_normal
from fanwise.adapters.torch.initializers.deprecated import kaiming_uniform as kaiming_uniform
from fanwise.adapters.torch.initializers.deprecated import normal as normal
from fanwise.adapters.torch.initializers.deprecated import orthogonal as orthogonal
from fanwise.adapters.torch.initializers.deprecated import sparse as sparse
from fanwise.adapters.torch.initializers.deprecated import uniform as uniform
from fanwise.adapters.torch.initializers.deprecated import xavier_normal as xavier_normal
from fanwise.adapters.torch.initializers.deprecated import xavier_uniform as xavier_uniform
from fanwise.adapters.torch.initializers.scaled import kaiming_normal_ as kaiming_normal_
from fanwise.adapters.torch.initializers.scaled import kaiming_uniform_ as kaiming_uniform_
from fanwise.adapters.torch.initializers.scaled import xavier_normal_ as xavier_normal_
from fanwise.adapters.torch.initializers.scaled import xavier_uniform_ as xavier_uniform_
from fanwise.adapters.torch.initializers.structured import orthogonal_ as orthogonal_
from fanwise.adapters.torch.initializers.structured import sparse_ as sparse_
from fanwise.adapters.torch.layers.description import register_layer as register_layer
from fanwise.adapters.torch.set_initializer import set_initializer as set_initializer
from fanwise.adapters.torch.signals import layer_check as layer_check
from fanwise.adapters.torch.summary import summary as summary

__all__ = [
    "LayerWeight",
    "Span",
    "calculate_gain",
    "constant",
    "constant_",
    "dirac",
    "dirac_",
    "eye",
    "eye_",
    "init_",
    "initialize",
    "kaiming_normal",
    "kaiming_normal_",
    "kaiming_uniform",
    "kaiming_uniform_",
    "layer_check",
    "normal",
    "normal_",
    "ones_",
    "orthogonal",
    "orthogonal_",
    "register_layer",
    "set_initializer",
    "sparse",
    "sparse_",
    "summary",
    "trunc_normal_",
    "uniform",
    "uniform_",
    "xavier_normal",
    "xavier_normal_",
    "xavier_uniform",
    "xavier_uniform_",
    "zeros_",
]
__all__ += _catalogue.__all__
