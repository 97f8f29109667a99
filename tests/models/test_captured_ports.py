"""A recipe that was captured from a torch model starts its Keras and Flax twins as one function."""

import flax.linen
import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
import torch
from torch import nn

import fanwise.jax
import fanwise.keras
import fanwise.torch
from fanwise.adapters.keras.drawing.transfer import host_values
from fanwise.spec.recipe import Recipe

LAYERS = 4
WIDTH = 64
SEED = 3
X = np.random.default_rng(0).normal(0, 1, (2, 9, 16)).astype(np.float32)


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH, eps=1e-5)
        self.up = nn.Linear(WIDTH, 2 * WIDTH)
        self.down = nn.Linear(2 * WIDTH, WIDTH)
        for layer, std in ((self.up, 0.02), (self.down, 0.02 / (2 * LAYERS) ** 0.5)):
            nn.init.normal_(layer.weight, std=std)
            nn.init.constant_(layer.bias, 0.01)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.down(torch.relu(self.up(self.norm(x))))


class TorchNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inlet = nn.Linear(16, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.head = nn.Linear(WIDTH, 10)
        nn.init.kaiming_normal_(self.inlet.weight)
        nn.init.zeros_(self.inlet.bias)
        nn.init.xavier_uniform_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.inlet(x)
        for block in self.blocks:
            x = block(x)
        return self.head(x)


@keras.saving.register_keras_serializable()
class KerasBlock(keras.layers.Layer):
    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.norm = keras.layers.LayerNormalization(epsilon=1e-5, name="norm")
        self.up = keras.layers.Dense(2 * WIDTH, activation="relu", name="up")
        self.down = keras.layers.Dense(WIDTH, name="down")

    def build(self, shape: tuple[int, ...]) -> None:
        self.norm.build(shape)
        self.up.build(shape)
        self.down.build((*shape[:-1], 2 * WIDTH))
        self.built = True

    def call(self, x: object) -> object:
        return x + self.down(self.up(self.norm(x)))


def keras_net() -> keras.Model:
    inputs = keras.Input((9, 16))
    x = keras.layers.Dense(WIDTH, name="inlet")(inputs)
    for number in range(LAYERS):
        x = KerasBlock(name=f"blocks_{number}")(x)
    return keras.Model(inputs, keras.layers.Dense(10, name="head")(x))


class FlaxBlock(flax.linen.Module):
    @flax.linen.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        y = flax.linen.LayerNorm(epsilon=1e-5, name="norm")(x)
        y = jax.nn.relu(flax.linen.Dense(2 * WIDTH, name="up")(y))
        return x + flax.linen.Dense(WIDTH, name="down")(y)


class FlaxNet(flax.linen.Module):
    @flax.linen.compact
    def __call__(self, x: jax.Array) -> jax.Array:
        x = flax.linen.Dense(WIDTH, name="inlet")(x)
        for number in range(LAYERS):
            x = FlaxBlock(name=f"blocks_{number}")(x)
        return flax.linen.Dense(10, name="head")(x)


@pytest.fixture(scope="module")
def captured() -> Recipe:
    text = fanwise.torch.capture(TorchNet).to_toml()
    # What Keras and Flax call the blocks of a list.
    names = '\n[names.{}]\n"blocks_<i>" = "blocks/<i>"\n'
    return fanwise.recipe(text + names.format("keras") + names.format("flax"))


@pytest.fixture(scope="module")
def expected(captured: Recipe) -> np.ndarray:
    model = TorchNet()
    fanwise.torch.initialize(model, captured, seed=SEED)
    return model(torch.from_numpy(X)).detach().numpy()


def test_the_keras_twin_is_the_same_function(captured: Recipe, expected: np.ndarray) -> None:
    model = keras_net()
    fanwise.keras.initialize(model, captured, seed=SEED)
    np.testing.assert_allclose(host_values(model(X)), expected, rtol=1e-4, atol=1e-5)


def test_the_flax_twin_is_the_same_function(captured: Recipe, expected: np.ndarray) -> None:
    x = jnp.asarray(X)
    values, _ = fanwise.jax.initialize(FlaxNet(), captured, seed=SEED, inputs=(x,))
    np.testing.assert_allclose(FlaxNet().apply(values, x), expected, rtol=1e-4, atol=1e-5)


def test_the_recipe_says_what_the_model_does(captured: Recipe) -> None:
    text = captured.to_toml()
    assert "kaiming_normal" in text
    assert "xavier_uniform" in text or "glorot_uniform" in text
    assert len(captured.rules) <= 10
