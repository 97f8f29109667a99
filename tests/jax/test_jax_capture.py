"""From functions that build JAX models to their recipes, however these take their randomness."""

import random
import threading
from collections.abc import Callable
from typing import Any

import equinox as eqx
import haiku as hk
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import linen, nnx
from jax.random import PRNGKey

import fanwise.jax
from fanwise import FanwiseError
from fanwise.adapters.jax.builds import JaxBuilds
from fanwise.adapters.jax.drawing.root_keys import root_keys_of

X = jnp.ones((1, 64))


@jax.jit
def compiled() -> dict[str, jax.Array]:
    """Draw with a key of its own, in what is compiled once."""
    return {"kernel": jax.random.normal(PRNGKey(0), (64, 50)) * 0.3}


def transformed(key: jax.Array) -> Any:
    return hk.transform(lambda x: hk.Linear(50)(x)).init(key, X)


class Mlp(nnx.Module):
    def __init__(self, rngs: nnx.Rngs) -> None:
        self.up = nnx.Linear(64, 256, rngs=rngs)
        self.down = nnx.Linear(256, 64, kernel_init=nnx.initializers.zeros, rngs=rngs)


FACTORIES: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "nnx of rngs": (Mlp, {}),
    "nnx of nothing": (lambda: Mlp(nnx.Rngs(0)), {}),
    "nnx of a seed": (lambda seed: Mlp(nnx.Rngs(seed)), {}),
    "equinox of a key": (lambda key: eqx.nn.MLP(64, 10, 50, 1, key=key), {}),
    "equinox of nothing": (lambda: eqx.nn.MLP(64, 10, 50, 1, key=jax.random.key(3)), {}),
    "a raw key of nothing": (lambda: eqx.nn.Linear(64, 50, key=PRNGKey(3)), {}),
    "compiled": (compiled, {}),
    "haiku": (transformed, {}),
    "linen": (lambda: linen.Dense(50), {"inputs": (X,)}),
    "linen by a shape": (
        lambda: linen.Dense(50),
        {"inputs": (jax.ShapeDtypeStruct((1, 64), "float32"),)},
    ),
    "linen with variables": (
        lambda key: (linen.Dense(50), linen.Dense(50).init(key, X)),
        {"inputs": (X,)},
    ),
    "linen's variables": (lambda key: (linen.Dense(50), linen.Dense(50).init(key, X)), {}),
    "linen with inputs": (lambda: (linen.Dense(50), (X,)), {}),
    "linen with inputs and variables": (
        lambda key: (linen.Dense(50), (X,), linen.Dense(50).init(key, X)),
        {},
    ),
    "haiku's function": (lambda: hk.transform(lambda x: hk.Linear(50)(x)), {"inputs": (X,)}),
    "haiku's function with inputs": (
        lambda: (hk.transform_with_state(lambda x: hk.Linear(50)(x)), (X,)),
        {},
    ),
    "a default key": (lambda key=None, width=50: eqx.nn.Linear(64, width, key=key), {}),
}


@pytest.mark.parametrize("name", FACTORIES)
def test_a_model_is_built_anew_under_each_seed(name: str) -> None:
    factory, options = FACTORIES[name]
    builds = JaxBuilds(factory, **options)
    first, same, other = (builds.weights(builds.build(seed)) for seed in (4, 4, 5))
    pairs = list(zip(first, same, other, strict=True))
    assert all(np.array_equal(a.values(), b.values()) for a, b, _ in pairs)
    drawn = [a for a, _, _ in pairs if np.ptp(a.values())]
    assert drawn
    assert all(
        not np.array_equal(a.values(), c.values()) for a, _, c in pairs if np.ptp(a.values())
    )


@pytest.mark.parametrize("name", ["nnx of nothing", "equinox of a key", "haiku", "linen"])
def test_a_recipe_is_found_and_proved(name: str) -> None:
    factory, options = FACTORIES[name]
    recipe = fanwise.jax.capture(factory, **options)
    assert recipe.rules
    assert fanwise.recipe(recipe.to_toml()) == recipe


@pytest.mark.parametrize("name", FACTORIES)
def test_an_outline_has_the_weights_of_a_build_without_their_values(name: str) -> None:
    factory, call = FACTORIES[name]
    builds = JaxBuilds(factory, **call)
    outline = builds.outline()
    assert outline is not None
    leaves = jax.tree_util.tree_leaves((outline.model, outline.values))
    assert not any(isinstance(leaf, jax.Array) for leaf in leaves)
    built = builds.build(0)
    arguments = {} if outline.values is None else outline.call
    assert [
        (row.path, row.shape) for row in fanwise.jax.paths(outline.model, **arguments).rows
    ] == [(row.path, row.shape) for row in fanwise.jax.paths(built.model, **arguments).rows]


def test_a_function_that_wants_values_has_no_outline() -> None:
    def build(key: jax.Array) -> Any:
        kernel = jax.random.normal(key, (64, 50))
        return {"kernel": kernel if float(kernel.sum()) > 0 else -kernel}

    assert JaxBuilds(build).outline() is None


def test_what_a_captured_recipe_starts_is_as_the_model_starts_itself() -> None:
    recipe = fanwise.jax.capture(Mlp)
    model = Mlp(nnx.Rngs(9))
    fanwise.jax.initialize(model, recipe, seed=1)
    assert float(model.up.kernel[...].std()) == pytest.approx(1 / 8, rel=0.03)
    assert not model.down.kernel[...].any()


def test_keys_are_as_they_were_and_other_threads_never_see_others() -> None:
    before = jax.random.key_data(jax.random.key(0)).tolist()
    seen: list[Any] = []

    def ask() -> None:
        seen.append(jax.random.key_data(jax.random.key(0)).tolist())

    with root_keys_of(7):
        assert jax.random.key_data(jax.random.key(0)).tolist() != before
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert seen == [before]
    with pytest.raises(RuntimeError), root_keys_of(7):
        raise RuntimeError
    assert jax.random.key_data(jax.random.key(0)).tolist() == before
    assert compiled()["kernel"].tolist() == compiled()["kernel"].tolist()


def test_random_states_are_as_they_were() -> None:
    def build(key: jax.Array) -> Any:
        random.random()
        np.random.rand()  # noqa: NPY002
        return {"kernel": jax.random.normal(key, (64, 50))}

    before = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    fanwise.jax.capture(build)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before  # noqa: NPY002


def seeded_inside(key: jax.Array) -> Any:
    del key
    return {"kernel": jax.random.normal(jax.random.key(0), (64, 50))}


@pytest.mark.parametrize(
    ("factory", "options", "said"),
    [
        (seeded_inside, {}, "the same values under every seed, e.g. of kernel"),
        (lambda: 3, {}, "an object of class int"),
        (lambda key, other: (key, other), {}, "a function of one parameter, or of none"),
        (lambda: linen.Dense(50), {}, "the inputs of a linen module"),
        (linen.Dense(50), {}, "an object of class Dense"),
        (Mlp(nnx.Rngs(0)), {}, "an object of class Mlp"),
        (lambda: 1 / 0, {}, "ZeroDivisionError"),
        (lambda: jax.eval_shape(compiled), {}, "a shape alone"),
    ],
)
def test_a_function_that_builds_no_new_model_is_an_error(
    factory: Any, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(FanwiseError) as raised:
        fanwise.jax.capture(factory, **options)
    assert said in str(raised.value)


def test_one_array_is_the_one_input_and_a_mapping_is_none() -> None:
    recipe = fanwise.jax.capture(lambda: linen.Dense(50), inputs=X)
    assert recipe == fanwise.jax.capture(lambda: linen.Dense(50), inputs=(X,))
    shape = jax.ShapeDtypeStruct(X.shape, X.dtype)
    assert recipe == fanwise.jax.capture(lambda: linen.Dense(50), inputs=shape)
    with pytest.raises(FanwiseError, match="keywords="):
        fanwise.jax.capture(lambda: linen.Dense(50), inputs={"inputs": X})
