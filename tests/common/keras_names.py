"""The names of keras.initializers that Fanwise has too."""

#: Those that draw.
RANDOM = (
    "RandomUniform",
    "RandomNormal",
    "TruncatedNormal",
    "VarianceScaling",
    "GlorotUniform",
    "GlorotNormal",
    "LecunUniform",
    "LecunNormal",
    "HeUniform",
    "HeNormal",
    "Orthogonal",
)
