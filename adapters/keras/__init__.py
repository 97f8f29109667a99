"""Keras 3: a drop-in for ``keras.initializers``, on every backend of Keras."""

from fanwise.adapters.keras.initializers import catalogue as _catalogue
from fanwise.adapters.keras.initializers.absolute import Constant as Constant
from fanwise.adapters.keras.initializers.absolute import Identity as Identity
from fanwise.adapters.keras.initializers.absolute import Ones as Ones
from fanwise.adapters.keras.initializers.absolute import Orthogonal as Orthogonal
from fanwise.adapters.keras.initializers.absolute import RandomNormal as RandomNormal
from fanwise.adapters.keras.initializers.absolute import RandomUniform as RandomUniform
from fanwise.adapters.keras.initializers.absolute import TruncatedNormal as TruncatedNormal
from fanwise.adapters.keras.initializers.absolute import Zeros as Zeros
from fanwise.adapters.keras.initializers.aliases import IdentityInitializer as IdentityInitializer
from fanwise.adapters.keras.initializers.aliases import (
    OrthogonalInitializer as OrthogonalInitializer,
)
from fanwise.adapters.keras.initializers.aliases import STFTInitializer as STFTInitializer
from fanwise.adapters.keras.initializers.aliases import constant as constant
from fanwise.adapters.keras.initializers.aliases import glorot_normal as glorot_normal
from fanwise.adapters.keras.initializers.aliases import glorot_uniform as glorot_uniform
from fanwise.adapters.keras.initializers.aliases import he_normal as he_normal
from fanwise.adapters.keras.initializers.aliases import he_uniform as he_uniform
from fanwise.adapters.keras.initializers.aliases import identity as identity
from fanwise.adapters.keras.initializers.aliases import lecun_normal as lecun_normal
from fanwise.adapters.keras.initializers.aliases import lecun_uniform as lecun_uniform
from fanwise.adapters.keras.initializers.aliases import ones as ones
from fanwise.adapters.keras.initializers.aliases import orthogonal as orthogonal
from fanwise.adapters.keras.initializers.aliases import random_normal as random_normal
from fanwise.adapters.keras.initializers.aliases import random_uniform as random_uniform
from fanwise.adapters.keras.initializers.aliases import stft as stft
from fanwise.adapters.keras.initializers.aliases import truncated_normal as truncated_normal
from fanwise.adapters.keras.initializers.aliases import variance_scaling as variance_scaling
from fanwise.adapters.keras.initializers.aliases import zeros as zeros
from fanwise.adapters.keras.initializers.catalogue import *  # noqa: F403
from fanwise.adapters.keras.initializers.lookup import STFT as STFT
from fanwise.adapters.keras.initializers.lookup import Initializer as Initializer
from fanwise.adapters.keras.initializers.lookup import deserialize as deserialize
from fanwise.adapters.keras.initializers.lookup import get as get
from fanwise.adapters.keras.initializers.lookup import serialize as serialize
from fanwise.adapters.keras.initializers.scaled import GlorotNormal as GlorotNormal
from fanwise.adapters.keras.initializers.scaled import GlorotUniform as GlorotUniform
from fanwise.adapters.keras.initializers.scaled import HeNormal as HeNormal
from fanwise.adapters.keras.initializers.scaled import HeUniform as HeUniform
from fanwise.adapters.keras.initializers.scaled import LecunNormal as LecunNormal
from fanwise.adapters.keras.initializers.scaled import LecunUniform as LecunUniform
from fanwise.adapters.keras.initializers.scaled import VarianceScaling as VarianceScaling
from fanwise.adapters.keras.initializers.schemes import DepthwiseInitializer as DepthwiseInitializer
from fanwise.adapters.keras.initializers.schemes import SchemeInitializer as SchemeInitializer

__all__ = [
    "STFT",
    "Constant",
    "DepthwiseInitializer",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Identity",
    "IdentityInitializer",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "Orthogonal",
    "OrthogonalInitializer",
    "RandomNormal",
    "RandomUniform",
    "STFTInitializer",
    "SchemeInitializer",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "constant",
    "deserialize",
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "serialize",
    "stft",
    "truncated_normal",
    "variance_scaling",
    "zeros",
]
__all__ += _catalogue.__all__
