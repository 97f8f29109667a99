"""Initializers in Keras: by hand, in layers by object and by name, saved, shared.

Runs on whatever backend KERAS_BACKEND names, and prints the same numbers on each.
"""

import tempfile
from pathlib import Path
from typing import Any

import keras
import numpy as np

import fanwise
import fanwise.keras as init

np.set_printoptions(precision=4, suppress=True)


def shown(tensor: Any) -> np.ndarray:
    """A tensor of any backend as a NumPy array."""
    tensor = tensor.value if isinstance(tensor, keras.Variable) else tensor
    return np.asarray(tensor.detach().cpu() if hasattr(tensor, "detach") else tensor)


def by_hand() -> None:
    print("Weights by hand, (3 inputs, 3 outputs):")
    for name in ("glorot_normal", "glorot_uniform", "he_normal", "he_uniform"):
        initializer = getattr(init, name)(seed=123)
        print(f"{name}(seed=123)(shape=(3, 3)), standard deviation", end=" ")
        print(f"{initializer.scheme.std((3, 3)):.4f}:")
        print(shown(initializer(shape=(3, 3))))
    same = shown(init.glorot_normal(seed=123)(shape=(3, 3)))
    print("The same bits from NumPy alone:", end=" ")
    print(bool((same == fanwise.sample("glorot_normal", (3, 3), seed=123)).all()))


def in_layers() -> keras.Model:
    """By object, with a path that gives each weight a stream of its own; and by name."""
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.Conv2D(
                4,
                3,
                kernel_initializer=init.HeNormal(seed=0, path="conv/kernel"),
                bias_initializer=init.Constant(0.1),
            ),
            keras.layers.Conv2DTranspose(
                2,
                3,
                # The kernel of a transposed convolution is stored (…, out, in).
                kernel_initializer=init.XavierNormal(
                    seed=0, path="up/kernel", axes="keras_transposed"
                ),
                bias_initializer="fanwise>Zeros",
            ),
            keras.layers.BatchNormalization(),
            keras.layers.Flatten(),
            keras.layers.Dense(
                3,
                kernel_initializer="fanwise>GlorotUniform",
                bias_initializer=init.SchemeInitializer("normal", seed=0, path="dense/bias"),
            ),
        ]
    )


def saved_and_loaded(model: keras.Model) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "model.keras")
        model.save(file)
        again = keras.saving.load_model(file)
    print("\nSaved and loaded:", end=" ")
    pairs = zip(model.weights, again.weights, strict=True)
    print("equal weights,", all((shown(a) == shown(b)).all() for a, b in pairs), end="; ")
    print("the first initializer is", again.layers[0].kernel_initializer.get_config())


def set_afterwards() -> None:
    """set_initializer knows the true fans of a layer, which a name alone cannot tell."""
    print("\nset_initializer, standard deviation found / expected:")
    layers = {
        "dense": (keras.layers.Dense(256), (None, 512), 512),
        "depthwise": (keras.layers.DepthwiseConv2D(3), (None, 8, 8, 512), 9),
        "transposed": (keras.layers.Conv2DTranspose(64, 3), (None, 8, 8, 32), 288),
        "grouped": (keras.layers.Conv2D(64, 3, groups=4), (None, 8, 8, 64), 144),
    }
    for name, (layer, inputs, fan_in) in layers.items():
        layer.build(inputs)
        init.set_initializer(layer, kernel="he_normal", bias="torch_default", seed=0, path=name)
        found, expected = shown(layer.kernel).std(), np.sqrt(2 / fan_in)
        print(f"  {name:<10} {found:.4f} / {expected:.4f}")


def shared() -> None:
    """A layer at two places is one set of variables, and is set once."""
    layer = keras.layers.Dense(4, name="shared")
    left, right = keras.Input((4,)), keras.Input((4,))
    model = keras.Model([left, right], keras.layers.Add()([layer(left), layer(right)]))
    init.set_initializer(layer, kernel="orthogonal", bias="zeros", seed=0, path="shared")
    print("\nA shared layer:", len(model.weights), "variables; its kernel:")
    print(shown(layer.kernel))


def normalization(model: keras.Model) -> None:
    layer = model.layers[2]
    init.set_initializer(layer)
    print("\nBatch normalization starts as an identity:")
    for variable in (layer.gamma, layer.beta, layer.moving_mean, layer.moving_variance):
        print(f"  {variable.name:<16}", shown(variable))


if __name__ == "__main__":
    print("Keras", keras.__version__, "on", keras.config.backend())
    # It governs the initializers without a seed, as it does Keras's own.
    keras.utils.set_random_seed(0)
    by_hand()
    network = in_layers()
    print("\nIn layers:")
    for weight in network.weights:
        print(f"  {weight.path:<40} {tuple(weight.shape)!s:<14} {shown(weight).std():.4f}")
    saved_and_loaded(network)
    set_afterwards()
    shared()
    normalization(network)
