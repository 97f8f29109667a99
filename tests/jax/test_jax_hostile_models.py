"""Whatever is passed as a model: a FanwiseError, or a TypeError for a wrong call."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import linen, nnx

import fanwise
from fanwise.jax import initialize, layer_check, register_layer, set_initializer, summary

RULES = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.5}}]}
X = jnp.ones((2, 6))


class Raising:
    """An object whose properties, and whose text, raise."""

    @property
    def shape(self):
        raise RuntimeError("shape")

    def __getattr__(self, name):
        raise RuntimeError(name)

    def __repr__(self):
        raise RuntimeError("repr")


class Failing(linen.Module):
    def __call__(self, x):
        raise RuntimeError("call")


class FailingSetup(linen.Module):
    def setup(self):
        raise RuntimeError("setup")

    def __call__(self, x):
        return x


class Uncalled(linen.Module):
    pass


class Guarded(nnx.Module):
    """A model that does not give away what it holds."""

    def __init__(self):
        self.inner = nnx.Linear(6, 4, rngs=nnx.Rngs(0))

    def __getattribute__(self, name):
        if name == "inner":
            raise RuntimeError(name)
        return super().__getattribute__(name)


class Undescribed:
    def __init__(self, w):
        self.w = w


jax.tree_util.register_dataclass(Undescribed, ["w"], [])


class Unflattened:
    def __init__(self, w):
        self.w = w


jax.tree_util.register_pytree_node(Unflattened, lambda _: 1 / 0, lambda _, w: Unflattened(*w))


def fail(*_):
    raise ZeroDivisionError


def cyclic():
    first, second = Uncalled_nnx(), Uncalled_nnx()
    first.other, second.other, first.itself = second, first, first
    first.dense = nnx.Linear(6, 4, rngs=nnx.Rngs(0))
    return first


class Uncalled_nnx(nnx.Module):  # noqa: N801 (the twin of Uncalled)
    pass


def holding(value):
    model = nnx.Linear(6, 4, rngs=nnx.Rngs(0))
    model.kernel.set_value(value)
    return model


def deleted():
    array = jnp.ones((6, 4))
    array.delete()
    return {"w": array}


def endless_beside_a_weight():
    tree = {"w": jnp.ones((6, 4))}
    tree["x"] = [tree]
    return tree


def endless():
    tree = {}
    tree["a"] = tree
    return tree


def deep(levels):
    tree = {"w": X}
    for _ in range(levels):
        tree = {"a": tree}
    return tree


def leaked():
    arrays = []
    jax.eval_shape(lambda x: arrays.append(x) or x, X)
    return {"w": arrays[0]}


def misconfigured():
    model = nnx.Conv(6, 4, (3,), rngs=nnx.Rngs(0))
    model.feature_group_count = "two"
    return model


MODELS = {
    "a number": lambda: 3,
    "nothing": lambda: None,
    "text": lambda: "model",
    "a class": lambda: linen.Dense,
    "a function": lambda: len,
    "a generator": lambda: (x for x in [X]),
    "an exception": lambda: ValueError("x"),
    "a bare array": lambda: X,
    "an object that raises": Raising,
    "one beside a weight": lambda: {"w": X, "x": Raising()},
    "a module that raises": Failing,
    "a setup that raises": FailingSetup,
    "a module without a call": Uncalled,
    "a module of a bad size": lambda: linen.Dense("a"),
    "a module of a negative size": lambda: linen.Dense(-1),
    "a module of no size": lambda: linen.Dense(0),
    "a bound module": lambda: linen.Dense(3).bind({"params": {"kernel": X}}),
    "a list of linen modules": lambda: [linen.Dense(3)],
    "a model that hides": Guarded,
    "a model that holds itself": cyclic,
    "a variable of another shape": lambda: holding(jnp.ones(3)),
    "a variable of text": lambda: holding("text"),
    "a variable of nothing": lambda: holding(None),
    "a variable of a list": lambda: holding([1]),
    "a layer with a bad field": misconfigured,
    "a deleted array": deleted,
    "a tree that holds itself": endless,
    "a tree that holds itself beside a weight": endless_beside_a_weight,
    "a deep tree": lambda: deep(300),
    "a tree that is too deep": lambda: deep(5000),
    "a class whose function raises": lambda: Unflattened(X),
    "a description that raises": lambda: Undescribed(X),
    "objects in an array": lambda: {"w": np.array([None, 1], object)},
    "text in an array": lambda: {"w": np.array("x")},
    "a lone surrogate": lambda: {"\ud800": {"w": X}},
    "one name for two": lambda: {"w": X, "kernel": X + 1},
}
CALLS = {
    "initialize": lambda m: initialize(m, RULES, seed=0),
    "initialize, with inputs": lambda m: initialize(m, RULES, seed=0, inputs=(X,)),
    "initialize, with bad inputs": lambda m: initialize(m, RULES, seed=0, inputs=("a", None)),
    "initialize, with bad values": lambda m: initialize(
        m, RULES, seed=0, inputs=(X,), values={"params": {"kernel": "a", "bias": 2}}
    ),
    "initialize, with bad keywords": lambda m: initialize(
        m, RULES, seed=0, inputs=(X,), keywords=3
    ),
    "initialize, with a bad method": lambda m: initialize(m, RULES, seed=0, inputs=(X,), method=3),
    "initialize, with bad shardings": lambda m: initialize(m, RULES, seed=0, shardings="x"),
    "initialize, with a bad describe": lambda m: initialize(m, RULES, seed=0, describe=3),
    "initialize, with a describe that raises": lambda m: initialize(
        m, RULES, seed=0, describe=fail
    ),
    "initialize, compiled": lambda m: jax.jit(
        lambda: initialize(m, RULES, seed=0) and jnp.zeros(())
    )(),
    "summary": summary,
    "summary, with variables": lambda m: summary(m, inputs=(X,), variables={"params": {"w": X}}),
    "set_initializer": lambda m: set_initializer(m, "normal", seed=0),
    "set_initializer, with inputs": lambda m: set_initializer(m, "normal", seed=0, inputs=(X,)),
    "layer_check": lambda m: layer_check(m, {"params": {}}, X),
    "layer_check, without variables": lambda m: layer_check(m, 3, X),
    "layer_check, with a bad loss": lambda m: layer_check(m, {"params": {}}, X, loss=3),
    "layer_check, with a loss of text": lambda m: layer_check(
        m, {"params": {"kernel": jnp.ones((6, 0)), "bias": X[0, :0]}}, X, loss=lambda _: "x"
    ),
    "register_layer": lambda m: register_layer(m, 3),
}


@pytest.mark.parametrize("call", CALLS)
def test_hostile_models(call):
    register_layer(Undescribed, fail)
    passed = []
    for name, make in MODELS.items():
        model = make()
        try:
            CALLS[call](model)
        except fanwise.FanwiseError:
            pass
        else:
            passed.append(name)
    # What can be read, or drawn, is; nothing else passes.
    assert set(passed) <= {
        "a deep tree",
        "a deleted array",
        "a model that hides",
        "a model that holds itself",
        "a module of no size",
        "a bound module",
        "a list of linen modules",
        "a lone surrogate",
        "one beside a weight",
        "one name for two",
        "a variable of another shape",
        "a variable of a list",
        "a variable of nothing",
        "a variable of text",
    }, passed


def test_a_model_from_outside_of_the_trace():
    model = nnx.Linear(6, 4, rngs=nnx.Rngs(0))
    before = model.kernel[...]

    @jax.jit
    def compiled():
        initialize(model, RULES, seed=0)
        return jnp.zeros(())

    with pytest.raises(fanwise.FanwiseError, match="belongs to this trace"):
        compiled()
    assert model.kernel[...] is before


def test_the_model_is_told_what_its_author_raised():
    with pytest.raises(fanwise.FanwiseError, match="RuntimeError: call") as raised:
        initialize(Failing(), RULES, seed=0, inputs=(X,))
    assert isinstance(raised.value.__cause__, RuntimeError)


def test_the_old_values_do_not_matter():
    made, _ = initialize(leaked(), RULES, seed=0)
    wanted, _ = initialize({"w": X}, RULES, seed=0)
    assert (made["w"] == wanted["w"]).all()


class Tensor:
    """An array as other libraries have them, with a dtype of its own."""

    shape = (6, 4)
    dtype = object()

    def __array__(self):
        return np.ones(self.shape)


def test_tensors_of_another_library_are_refused():
    for model in ({"w": Tensor()}, {"x": {"w": X, "t": Tensor()}}):
        with pytest.raises(fanwise.FanwiseError, match="arrays of JAX or NumPy"):
            initialize(model, RULES, seed=0)
    model = nnx.Linear(6, 4, rngs=nnx.Rngs(0))
    model.bias.set_value(Tensor())
    for verb in (lambda: initialize(model, RULES, seed=0), lambda: summary(model)):
        with pytest.raises(fanwise.FanwiseError, match="arrays of JAX or NumPy"):
            verb()
