"""The judge of JAX's models finds what is planted, and nothing where all is right."""

from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import linen, nnx

from fanwise.jax import initialize
from zoo.judges.jax_builds import Linen, NamedArray, starts_of
from zoo.judges.jax_faults import faults_of
from zoo.judges.jax_models import judge
from zoo.zoo_model import ZooModel

FIRST = ".layers[0].weight"
SECOND = ".layers[1].weight"


class Scaled(eqx.Module):
    """A network with gains that are constant, and a stack of layers."""

    layers: Any
    gains: Any
    stack: Any

    def __init__(self, key: Any) -> None:
        keys = jax.random.split(key, 6)
        self.layers = [eqx.nn.Linear(256, 256, key=keys[0]), eqx.nn.Linear(256, 256, key=keys[1])]
        self.gains = jnp.full(256, 1e-5)
        self.stack = eqx.filter_vmap(lambda key: eqx.nn.Linear(16, 16, key=key))(keys[2:])


class Tied(nnx.Module):
    """A layer in two places."""

    def __init__(self, rngs: nnx.Rngs) -> None:
        self.first = nnx.Linear(64, 64, rngs=rngs)
        self.second = self.first


def build(seed: int) -> Scaled:
    return Scaled(jax.random.key(seed))


@pytest.fixture(scope="module")
def judged() -> dict[str, Any]:
    starts = starts_of(build, (1, 2, 3))
    sets = [
        initialize(start.model, "flax_default", seed=seed)
        for start, seed in zip(starts, (0, 0, 1), strict=True)
    ]
    drawn, again, other = (
        dict(start.read(result)) for start, result in zip(starts, sets, strict=True)
    )
    return {
        "library": [start.arrays for start in starts],
        "drawn": drawn,
        "again": again,
        "other": other,
        "summary": sets[0][1],
    }


def faults(judged: dict[str, Any], name: str, change: Callable[[Any], Any]) -> list[str]:
    """Judge what was drawn with one array of it changed, in all that was set."""
    planted = dict(judged)
    for key in ("drawn", "again", "other"):
        arrays = dict(planted[key])
        arrays[name] = NamedArray(change(arrays[name].values), arrays[name].trains)
        planted[key] = arrays
    return faults_of(**planted)


def test_what_is_right_has_no_faults(judged):
    assert faults(judged, FIRST, lambda values: values) == []


@pytest.mark.parametrize("factor", [2.0, 1.1, 0.9])
def test_another_deviation_is_found(judged, factor):
    (first, *_) = faults(judged, FIRST, lambda values: values * np.float32(factor))
    assert first.startswith(FIRST)
    assert "deviation" in first


def test_another_law_of_the_same_deviation_is_found(judged):
    def normal(values: Any) -> Any:
        shape = values.shape
        seed = int(np.abs(values).sum())
        return (np.random.default_rng(seed).normal(0, values.std(), shape)).astype(np.float32)

    planted = dict(judged)
    for key, seed in (("drawn", 1), ("again", 1), ("other", 2)):
        del seed
        arrays = dict(planted[key])
        arrays[FIRST] = NamedArray(normal(arrays[FIRST].values), trains=True)
        planted[key] = arrays
    assert "another distribution" in faults_of(**planted)[0]


def test_a_weight_that_was_missed_is_found(judged):
    before = judged["library"][0][FIRST].values
    assert faults(judged, FIRST, lambda _: before) == [f"{FIRST} was not drawn"]


def test_a_constant_that_was_changed_is_found(judged):
    found = faults(judged, ".gains", np.ones_like)
    assert found == [".gains is no longer what it was"]


def test_values_that_are_not_finite_are_found(judged):
    def broken(values: Any) -> Any:
        values = values.copy()
        values[0, 0] = np.nan
        return values

    assert faults(judged, FIRST, broken) == [f"{FIRST} is not finite"]


def test_two_weights_of_the_same_bits_are_found(judged):
    planted = dict(judged)
    for key in ("drawn", "again", "other"):
        planted[key] = {**planted[key], SECOND: planted[key][FIRST]}
    assert "equal" in faults_of(**planted)[0]


def test_layers_of_a_stack_of_the_same_bits_are_found(judged):
    def repeated(values: Any) -> Any:
        return np.repeat(values[:1], len(values), 0)

    assert (
        faults(judged, ".stack.weight", repeated)[-1] == ".stack.weight has layers that are equal"
    )


def test_other_bits_in_another_build_are_found(judged):
    planted = {**judged, "again": judged["other"]}
    assert "other bits in another build" in faults_of(**planted)[0]


def test_a_tie_stays_and_is_right():
    verdict = judge(ZooModel("tied", lambda seed: Tied(nnx.Rngs(seed))))
    assert (verdict.outcome, verdict.reason) == ("right", "")


def test_a_module_of_linen_is_judged_by_what_it_declares():
    module = linen.Dense(64, kernel_init=linen.initializers.he_normal())
    model = ZooModel("dense", lambda seed: Linen(module, (jnp.ones((1, 64)),), seed))
    assert judge(model).outcome == "right"


def test_a_module_of_linen_that_starts_otherwise_is_wrong():
    module = linen.Dense(64, kernel_init=linen.initializers.he_normal())
    recipe = (
        "fanwise = 1\nextends = 'flax_default'\n[[rule]]\nrole = 'kernel'\ninit = 'lecun_normal'\n"
    )
    model = ZooModel("dense", lambda seed: Linen(module, (jnp.ones((1, 64)),), seed), recipe)
    assert "deviation" in judge(model).reason
