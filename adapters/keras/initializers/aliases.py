"""The other names of the initializers, as ``keras.initializers`` has them."""

from fanwise.adapters.keras.initializers.absolute import (
    Constant,
    Identity,
    Ones,
    Orthogonal,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    Zeros,
)
from fanwise.adapters.keras.initializers.lookup import STFT
from fanwise.adapters.keras.initializers.scaled import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    VarianceScaling,
)
from fanwise.adapters.keras.initializers.schemes import DeltaOrthogonal, Dirac, Sparse
from fanwise.adapters.keras.initializers.torch_schemes import (
    KaimingNormal,
    KaimingUniform,
    TorchDefault,
    XavierNormal,
    XavierUniform,
)

constant = Constant
delta_orthogonal = DeltaOrthogonal
dirac = Dirac
glorot_normal = GlorotNormal
glorot_uniform = GlorotUniform
he_normal = HeNormal
he_uniform = HeUniform
identity = Identity
kaiming_normal = KaimingNormal
kaiming_uniform = KaimingUniform
lecun_normal = LecunNormal
lecun_uniform = LecunUniform
ones = Ones
orthogonal = Orthogonal
random_normal = RandomNormal
random_uniform = RandomUniform
sparse = Sparse
stft = STFT
torch_default = TorchDefault
truncated_normal = TruncatedNormal
variance_scaling = VarianceScaling
xavier_normal = XavierNormal
xavier_uniform = XavierUniform
zeros = Zeros
IdentityInitializer = Identity
OrthogonalInitializer = Orthogonal
STFTInitializer = STFT
