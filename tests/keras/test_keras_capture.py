"""From functions that build Keras models to their recipes, on every backend."""

import random

import keras
import numpy as np
import pytest
from keras.src.backend.common import global_state

import fanwise.keras
from fanwise import FanwiseError, UnsoundStartWarning
from fanwise.adapters.keras.builds import KerasBuilds
from fanwise.adapters.keras.drawing.transfer import host_values


def build() -> keras.Model:
    layers = keras.layers
    inputs = keras.Input((64,))
    x = layers.Dense(256, activation="relu", kernel_initializer="he_normal")(inputs)
    x = layers.LayerNormalization()(x)
    return keras.Model(inputs, layers.Dense(50)(x))


def test_a_recipe_is_found_and_starts_a_model_as_its_own_code_does() -> None:
    recipe = fanwise.keras.capture(build)
    assert fanwise.recipe(recipe.to_toml()) == recipe
    model = build()
    fanwise.keras.initialize(model, recipe, seed=3)
    assert host_values(model.layers[1].kernel).std() == pytest.approx((2 / 64) ** 0.5, rel=0.03)


def test_builds_follow_their_seeds_and_have_one_set_of_paths() -> None:
    builds = KerasBuilds(build)
    first, same, other = (builds.weights(builds.build(seed)) for seed in (3, 3, 4))
    assert [a.weight.path for a in first] == [c.weight.path for c in other]
    pairs = list(zip(first, same, other, strict=True))
    assert all(np.array_equal(a.values(), b.values()) for a, b, _ in pairs)
    assert any(not np.array_equal(a.values(), c.values()) for a, _, c in pairs)


def test_counted_names_random_states_and_settings_are_as_they_were() -> None:
    keras.utils.set_random_seed(5)
    keras.layers.Dense(3)

    def states() -> tuple[object, ...]:
        kept = vars(global_state.GLOBAL_STATE_TRACKER)
        return (
            random.getstate(),
            np.random.get_state()[1].tolist(),  # noqa: NPY002
            dict(kept.get("object_name_uids") or {}),
            keras.config.dtype_policy().name,
            kept.get("global_random_seed"),
        )

    def careless() -> keras.Model:
        keras.config.set_dtype_policy("mixed_bfloat16")
        keras.utils.set_random_seed(random.getrandbits(31))
        return build()

    before = states()
    fanwise.keras.capture(careless, prove=False)
    assert states() == before
    drawn = host_values(keras.random.normal((4,)))
    keras.utils.set_random_seed(5)
    keras.layers.Dense(3)
    np.testing.assert_array_equal(host_values(keras.random.normal((4,))), drawn)


SAME = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4)])


def seeded_inside() -> keras.Model:
    keras.utils.set_random_seed(0)
    return build()


def unbuilt() -> keras.Model:
    return keras.Sequential([keras.layers.Dense(4)])


@pytest.mark.parametrize(
    ("factory", "said"),
    [
        (seeded_inside, "the same values under every seed"),
        (lambda: SAME, "the same model each time"),
        (SAME, "an object of class Sequential"),
        (unbuilt, "a built model"),
        (lambda: 3, "an object of class int"),
        (lambda: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_a_function_that_builds_no_new_model_is_an_error(factory: object, said: str) -> None:
    with pytest.raises(FanwiseError, match=said):
        fanwise.keras.capture(factory)


def test_what_an_audit_of_a_build_fails_is_warned_of_by_its_claim() -> None:
    def copies() -> keras.Model:
        seeded = keras.initializers.RandomNormal(stddev=0.02, seed=int(np.random.randint(1 << 30)))  # noqa: NPY002
        layers = [keras.layers.Dense(64, kernel_initializer=seeded.clone()) for _ in range(2)]
        return keras.Sequential([keras.Input((64,)), *layers])

    with pytest.warns(UnsoundStartWarning, match="independent of other weights"):
        recipe = fanwise.keras.capture(copies)
    assert not fanwise.audit(copies(), recipe).passed


def test_a_function_as_an_initializer_is_said_by_its_law() -> None:
    def third(shape: tuple[int, ...], dtype: str | None = None) -> object:
        return keras.random.uniform(shape, -1 / 3, 1 / 3, dtype)

    def network() -> keras.Model:
        layer = keras.layers.Dense(256, kernel_initializer=third)
        return keras.Sequential([keras.Input((5,)), layer])

    rule = fanwise.keras.capture(network).rules[0]
    assert rule.init == {"scheme": "uniform", "low": "-1 / 3", "high": "1 / 3"}
