"""Keras 3: a drop-in for ``keras.initializers``, on every backend of Keras."""

from fanwise.adapters.keras.aliases import IdentityInitializer as IdentityInitializer
from fanwise.adapters.keras.aliases import OrthogonalInitializer as OrthogonalInitializer
from fanwise.adapters.keras.aliases import STFTInitializer as STFTInitializer
from fanwise.adapters.keras.aliases import constant as constant
from fanwise.adapters.keras.aliases import delta_orthogonal as delta_orthogonal
from fanwise.adapters.keras.aliases import dirac as dirac
from fanwise.adapters.keras.aliases import glorot_normal as glorot_normal
from fanwise.adapters.keras.aliases import glorot_uniform as glorot_uniform
from fanwise.adapters.keras.aliases import he_normal as he_normal
from fanwise.adapters.keras.aliases import he_uniform as he_uniform
from fanwise.adapters.keras.aliases import identity as identity
from fanwise.adapters.keras.aliases import kaiming_normal as kaiming_normal
from fanwise.adapters.keras.aliases import kaiming_uniform as kaiming_uniform
from fanwise.adapters.keras.aliases import lecun_normal as lecun_normal
from fanwise.adapters.keras.aliases import lecun_uniform as lecun_uniform
from fanwise.adapters.keras.aliases import ones as ones
from fanwise.adapters.keras.aliases import orthogonal as orthogonal
from fanwise.adapters.keras.aliases import random_normal as random_normal
from fanwise.adapters.keras.aliases import random_uniform as random_uniform
from fanwise.adapters.keras.aliases import sparse as sparse
from fanwise.adapters.keras.aliases import stft as stft
from fanwise.adapters.keras.aliases import torch_default as torch_default
from fanwise.adapters.keras.aliases import truncated_normal as truncated_normal
from fanwise.adapters.keras.aliases import variance_scaling as variance_scaling
from fanwise.adapters.keras.aliases import xavier_normal as xavier_normal
from fanwise.adapters.keras.aliases import xavier_uniform as xavier_uniform
from fanwise.adapters.keras.aliases import zeros as zeros
from fanwise.adapters.keras.collect import register_layer as register_layer
from fanwise.adapters.keras.depth import layer_check as layer_check
from fanwise.adapters.keras.further import DeltaOrthogonal as DeltaOrthogonal
from fanwise.adapters.keras.further import DepthwiseInitializer as DepthwiseInitializer
from fanwise.adapters.keras.further import Dirac as Dirac
from fanwise.adapters.keras.further import SchemeInitializer as SchemeInitializer
from fanwise.adapters.keras.further import Sparse as Sparse
from fanwise.adapters.keras.initializers import Constant as Constant
from fanwise.adapters.keras.initializers import Identity as Identity
from fanwise.adapters.keras.initializers import Ones as Ones
from fanwise.adapters.keras.initializers import Orthogonal as Orthogonal
from fanwise.adapters.keras.initializers import RandomNormal as RandomNormal
from fanwise.adapters.keras.initializers import RandomUniform as RandomUniform
from fanwise.adapters.keras.initializers import TruncatedNormal as TruncatedNormal
from fanwise.adapters.keras.initializers import Zeros as Zeros
from fanwise.adapters.keras.layers import set_initializer as set_initializer
from fanwise.adapters.keras.models import initialize as initialize
from fanwise.adapters.keras.names import STFT as STFT
from fanwise.adapters.keras.names import Initializer as Initializer
from fanwise.adapters.keras.names import deserialize as deserialize
from fanwise.adapters.keras.names import get as get
from fanwise.adapters.keras.names import serialize as serialize
from fanwise.adapters.keras.scaling import GlorotNormal as GlorotNormal
from fanwise.adapters.keras.scaling import GlorotUniform as GlorotUniform
from fanwise.adapters.keras.scaling import HeNormal as HeNormal
from fanwise.adapters.keras.scaling import HeUniform as HeUniform
from fanwise.adapters.keras.scaling import LecunNormal as LecunNormal
from fanwise.adapters.keras.scaling import LecunUniform as LecunUniform
from fanwise.adapters.keras.scaling import VarianceScaling as VarianceScaling
from fanwise.adapters.keras.torchlike import KaimingNormal as KaimingNormal
from fanwise.adapters.keras.torchlike import KaimingUniform as KaimingUniform
from fanwise.adapters.keras.torchlike import TorchDefault as TorchDefault
from fanwise.adapters.keras.torchlike import XavierNormal as XavierNormal
from fanwise.adapters.keras.torchlike import XavierUniform as XavierUniform
from fanwise.adapters.keras.weights import Part as Part

__all__ = [
    "STFT",
    "Constant",
    "DeltaOrthogonal",
    "DepthwiseInitializer",
    "Dirac",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Identity",
    "IdentityInitializer",
    "Initializer",
    "KaimingNormal",
    "KaimingUniform",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "Orthogonal",
    "OrthogonalInitializer",
    "Part",
    "RandomNormal",
    "RandomUniform",
    "STFTInitializer",
    "SchemeInitializer",
    "Sparse",
    "TorchDefault",
    "TruncatedNormal",
    "VarianceScaling",
    "XavierNormal",
    "XavierUniform",
    "Zeros",
    "constant",
    "delta_orthogonal",
    "deserialize",
    "dirac",
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "initialize",
    "kaiming_normal",
    "kaiming_uniform",
    "layer_check",
    "lecun_normal",
    "lecun_uniform",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "register_layer",
    "serialize",
    "set_initializer",
    "sparse",
    "stft",
    "torch_default",
    "truncated_normal",
    "variance_scaling",
    "xavier_normal",
    "xavier_uniform",
    "zeros",
]
