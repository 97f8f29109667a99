"""What lies beside weights: the state of optimizers, of models and of frameworks."""

import collections
import dataclasses
from typing import Any

import flax
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from common.bits import same_bits
from flax import linen, nnx
from flax.training.dynamic_scale import DynamicScale
from flax.training.train_state import TrainState

import fanwise
from fanwise.jax import initialize, set_initializer, summary

RULES = {"fanwise": 1, "rule": [{"match": "**", "init": {"scheme": "normal", "std": 0.5}}]}
ADAM = optax.adam(1e-3)


class Net(linen.Module):
    @linen.compact
    def __call__(self, x):
        x = linen.Dense(4, name="up")(x)
        return linen.BatchNorm(use_running_average=True, name="norm")(x)


class Body(nnx.Module):
    def __init__(self, rngs):
        self.up = nnx.Linear(6, 4, rngs=rngs)
        self.norm = nnx.BatchNorm(4, rngs=rngs)


VARIABLES = Net().init(jax.random.key(0), jnp.zeros((1, 6)))
PARAMS = VARIABLES["params"]
ARRAY = jnp.zeros((6, 4))


def body():
    return Body(nnx.Rngs(0))


def node(name, module, *fields):
    """A class that looks to Fanwise as that of a library does, and gives its children no names."""
    made = dataclasses.make_dataclass(name, [(field, Any) for field in fields])
    made.__module__ = module
    jax.tree_util.register_pytree_node(
        made,
        lambda value: (tuple(getattr(value, field) for field in fields), None),
        lambda _, children: made(*children),
    )
    return made


EquinoxState = node("State", "equinox.nn._stateful", "values")
Nameless = node("Nameless", "elsewhere", "first", "second")


class WithStatistics(TrainState):
    batch_stats: Any = None


class WithAverage(TrainState):
    ema_params: Any = None


def train_state(cls=TrainState, **more):
    return cls.create(apply_fn=Net().apply, params=PARAMS, tx=ADAM, **more)


def drawn(path, shape):
    return fanwise.sample(fanwise.scheme("normal", std=0.5), shape, seed=0, path=path)


# ---- drawn ----


def test_of_a_train_state_the_parameters():
    """A second moment is never negative, as what is drawn would be."""
    state = train_state()
    made, table = initialize(state, RULES, seed=0)
    alone, _ = initialize(PARAMS, RULES, seed=0)
    assert jax.tree.all(jax.tree.map(same_bits, made.params, alone))
    assert jax.tree.all(jax.tree.map(lambda a, b: a is b, made.opt_state, state.opt_state))
    assert made.step == 0
    assert made.tx is ADAM
    assert {row.path for row in table.rows} == {
        "up/kernel",
        "up/bias",
        "norm/scale",
        "norm/offset",
    }
    assert {row.path for row in summary(made).rows} == {row.path for row in table.rows}
    ones = jax.tree.map(jnp.ones_like, made.params)
    stepped = made.apply_gradients(grads=ones)
    assert all(bool(jnp.isfinite(leaf).all()) for leaf in jax.tree.leaves(stepped.params))


def test_of_a_train_state_the_running_statistics_too():
    state = train_state(WithStatistics, batch_stats=jax.tree.map(lambda x: x + 7, VARIABLES))
    state = state.replace(batch_stats=state.batch_stats["batch_stats"])
    recipe = {"fanwise": 1, "rule": [{"role": r, "init": "ones"} for r in ("kernel", "bias")]}
    recipe["rule"] += [{"role": r, "init": "ones"} for r in ("scale", "offset")]
    made, table = initialize(state, recipe, seed=0)
    assert {"norm/mean", "norm/variance"} < {row.path for row in table.rows}
    assert not made.batch_stats["norm"]["mean"].any()
    assert (made.batch_stats["norm"]["var"] == 1).all()


class Checking:
    """A node whose class looks at what it is made of."""

    def __init__(self, kernel):
        if not isinstance(kernel, jax.Array):
            raise TypeError(kernel)
        self.kernel = kernel


jax.tree_util.register_pytree_with_keys(
    Checking,
    lambda value: (((jax.tree_util.GetAttrKey("kernel"), value.kernel),), None),
    lambda _, children: Checking(*children),
)


class Private:
    """A node whose key is the name of no attribute."""

    def __init__(self, inner):
        self._inner = inner


jax.tree_util.register_pytree_with_keys(
    Private,
    lambda value: (((jax.tree_util.GetAttrKey("inner"), value._inner),), None),
    lambda _, children: Private(*children),
)


class Odd:
    """A node whose key is a bare string."""

    def __init__(self, inner):
        self.inner = inner


jax.tree_util.register_pytree_with_keys(
    Odd, lambda value: ((("inner", value.inner),), None), lambda _, children: Odd(*children)
)


@flax.struct.dataclass
class Struct:
    kernel: Any
    bias: Any


Pair = collections.namedtuple("Pair", "kernel bias")  # noqa: PYI024

NODES = {
    "a function with arguments": (jax.tree_util.Partial(len, {"w": ARRAY}), "0/0/kernel"),
    "a function with keywords": (jax.tree_util.Partial(len, w=ARRAY), "1/kernel"),
    "a node without names": (Nameless({"w": ARRAY}, None), "0/kernel"),
    "one below another": ({"x": Nameless(None, Nameless(ARRAY[0], {"w": ARRAY}))}, "x/1/1/kernel"),
    "a class that checks": ({"x": Checking(ARRAY)}, "x/kernel"),
    "a private attribute": ({"x": Private({"w": ARRAY})}, "x/inner/kernel"),
    "a bare string": ({"x": Odd({"w": ARRAY})}, "x/inner/kernel"),
    "a dataclass of Flax": ({"x": Struct(ARRAY, None)}, "x/kernel"),
    "a named tuple": ({"x": Pair(ARRAY, jnp.zeros(4))}, "x/kernel"),
    "a frozen dict": (flax.core.freeze({"x": {"kernel": ARRAY}}), "x/kernel"),
    "an ordered dict": (collections.OrderedDict(x={"kernel": ARRAY}), "x/kernel"),
    "a box": ({"x": {"kernel": linen.Partitioned(ARRAY, ("a", None))}}, "x/kernel"),
    "a logical box": ({"x": {"kernel": linen.LogicallyPartitioned(ARRAY, ("a",))}}, "x/kernel"),
    "a variable of nnx": ({"x": {"kernel": nnx.Param(ARRAY)}}, "x/kernel"),
    "a pure dict of nnx": ({"x": {"kernel": np.zeros((6, 4), np.float32)}}, "x/kernel"),
    "a masked node": ({"x": {"kernel": ARRAY, "bias": optax.MaskedNode()}}, "x/kernel"),
    "an abstract array": ({"x": {"kernel": jax.eval_shape(lambda: ARRAY)}}, "x/kernel"),
    "what is no array": (
        {"x": {"kernel": ARRAY, "n": 3, "on": True, "f": len, "s": "s", "none": None}},
        "x/kernel",
    ),
    "keys, counts and masks": (
        {
            "x": {
                "kernel": ARRAY,
                "key": jax.random.key(0),
                "old": jax.random.PRNGKey(0),
                "count": jnp.arange(3),
                "mask": jnp.ones((6, 4), bool),
                "words": np.array(["a", "b"]),
            }
        },
        "x/kernel",
    ),
}


@pytest.mark.parametrize("name", NODES)
def test_nodes_of_any_class(name):
    tree, path = NODES[name]
    made, table = initialize(tree, RULES, seed=0)
    assert path in [row.path for row in table.rows]
    assert jax.tree.structure(made) == jax.tree.structure(tree)
    wanted = drawn(path, (6, 4))
    assert any(
        leaf.shape == (6, 4) and same_bits(leaf, wanted)
        for leaf in jax.tree.leaves(made)
        if getattr(leaf, "dtype", None) == np.float32
    )
    assert path in [row.path for row in summary(made).rows]
    assert not ARRAY.any()


def test_a_variable_that_is_no_parameter_is_not_drawn():
    tree = {"kernel": nnx.Param(ARRAY), "memory": nnx.Cache(ARRAY), "mean": nnx.BatchStat(ARRAY[0])}
    _, table = initialize(tree, RULES, seed=0)
    assert sorted(row.path for row in table.rows) == ["kernel", "mean"]


# ---- refused ----


class Trainer(nnx.Module):
    def __init__(self):
        self.model = body()
        self.optimizer = nnx.Optimizer(self.model, ADAM, wrt=nnx.Param)


def split():
    return nnx.split(body())


def nnx_train_state():
    graphdef, params, _ = nnx.split(body(), nnx.Param, ...)
    return nnx.TrainState.create(graphdef, params=params, tx=ADAM)


def copied(tree):
    return jax.tree.map(jnp.copy, tree)


PASS_PARAMETERS = "Pass the parameters alone"
AVERAGE = {"counter": jnp.int32(0), "hidden": jnp.zeros(4), "average": jnp.zeros(4)}
REFUSED = {
    "the state of Adam": (lambda: ADAM.init(PARAMS), PASS_PARAMETERS),
    "parameters beside it": (lambda: (PARAMS, ADAM.init(PARAMS)), PASS_PARAMETERS),
    "momentum": (lambda: optax.sgd(0.1, momentum=0.9).init(PARAMS), PASS_PARAMETERS),
    "a masked state": (
        lambda: optax.masked(ADAM, {"w": True, "b": False}).init({"w": ARRAY, "b": ARRAY}),
        PASS_PARAMETERS,
    ),
    "accumulated gradients": (
        lambda: optax.MultiSteps(ADAM, 2).init(PARAMS),
        PASS_PARAMETERS,
    ),
    "a checkpoint": (
        lambda: {"step": 0, "weights": PARAMS, "opt_state": {"0": {"mu": PARAMS}}},
        PASS_PARAMETERS,
    ),
    "a checkpoint of another name": (
        lambda: {
            "model": PARAMS,
            "optimizer": {"0": {"count": 1, "mu": copied(PARAMS), "nu": copied(PARAMS)}},
        },
        PASS_PARAMETERS,
    ),
    "a train state with an average": (
        lambda: train_state(WithAverage, ema_params=PARAMS),
        "Pass state.params, and keep ema_params",
    ),
    "a train state of variables": (
        lambda: TrainState.create(apply_fn=len, params=VARIABLES, tx=ADAM),
        "the module itself",
    ),
    "variables": (lambda: VARIABLES, "the module itself"),
    "frozen variables": (lambda: flax.core.freeze(VARIABLES), "the module itself"),
    "running statistics": (lambda: {"batch_stats": VARIABLES["batch_stats"]}, "the module"),
    "a cache": (lambda: {"cache": {"key": ARRAY}}, "the module"),
    "a dynamic scale": (
        lambda: {"w": ARRAY, "scale": DynamicScale(scale=jnp.float32(3))},
        PASS_PARAMETERS,
    ),
    "the state of an nnx model": (lambda: nnx.state(body()), "nnx.merge"),
    "the parameters of an nnx model": (lambda: nnx.state(body(), nnx.Param), "nnx.merge"),
    "a split model": (split, "nnx.merge"),
    "a flat state": (lambda: nnx.to_flat_state(nnx.state(body())), "nnx.merge"),
    "a train state of nnx": (nnx_train_state, "nnx.merge"),
    "a graph definition": (lambda: split()[0], "a model or a pytree of arrays"),
    "an optimizer of nnx": (
        lambda: nnx.Optimizer(body(), ADAM, wrt=nnx.Param),
        "Pass the model itself",
    ),
    "an optimizer that has its model": (
        lambda: nnx.ModelAndOptimizer(body(), ADAM, wrt=nnx.Param),
        "Pass the model itself",
    ),
    "metrics": (
        lambda: nnx.metrics.MultiMetric(loss=nnx.metrics.Average("loss")),
        PASS_PARAMETERS,
    ),
    "a list of modules": (lambda: [body()], "one by one, or an nnx.Module"),
    "a dict of modules": (lambda: {"x": body()}, "one by one, or an nnx.Module"),
    "a variable alone": (lambda: nnx.Param(ARRAY), "arrays have names"),
    "an Equinox model and its state": (
        lambda: ({"w": ARRAY}, EquinoxState((ARRAY,))),
        "Pass the model alone",
    ),
    "an Equinox state": (lambda: EquinoxState((ARRAY,)), "Pass the model alone"),
    "Haiku's parameters and state": (
        lambda: ({"linear": {"w": ARRAY}}, {"norm/~/mean_ema": AVERAGE}),
        "the first of what Haiku's init returns",
    ),
    "quantized weights": (
        lambda: {"kernel": {"qvalue": jnp.zeros((6, 4), jnp.int8), "scale": jnp.ones((1, 4))}},
        "kernel/qvalue cannot be set",
    ),
    "a kernel of integers": (lambda: {"kernel": jnp.zeros((6, 4), jnp.int32)}, "kernel cannot be"),
    "a class without a registration": (
        lambda: dataclasses.make_dataclass("Plain", ["kernel"])(ARRAY),
        "a model or a pytree of arrays",
    ),
    "names that do not sort": (lambda: {0: {"w": ARRAY}, "0": {"w": ARRAY}}, "can take apart"),
    "a name without text": (lambda: {object(): {"w": ARRAY}}, "nodes have names"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    make, words = REFUSED[name]
    tree = make()
    with pytest.raises(fanwise.FanwiseError, match=words):
        initialize(tree, RULES, seed=0)
    with pytest.raises(fanwise.FanwiseError):
        set_initializer(tree, "normal", "normal", seed=0)


@pytest.mark.parametrize("name", ["cache", "intermediates", "perturbations"])
def test_beside_layers_of_other_names_one_that_linen_has_for_state_is_a_layer(name):
    tree = {name: {"w": ARRAY}, "decoder": {"w": jnp.ones((4, 3))}}
    made, report = initialize(tree, RULES, seed=0)
    assert {row.path for row in report.rows} == {f"{name}/kernel", "decoder/kernel"}
    assert float(made[name]["w"].std()) > 0.1
    with pytest.raises(fanwise.FanwiseError, match="layers of your own"):
        initialize({name: {"w": ARRAY}}, RULES, seed=0)


def test_an_optimizer_within_a_model_is_left_alone():
    trainer = Trainer()
    state = jax.tree.leaves(nnx.state(trainer.optimizer, nnx.optimizer.OptState))
    table = initialize(trainer, RULES, seed=0)
    assert all(row.path.startswith("model/") for row in table.rows)
    after = jax.tree.leaves(nnx.state(trainer.optimizer, nnx.optimizer.OptState))
    assert all(a is b for a, b in zip(state, after, strict=True))


class Refusing:
    """A node whose class takes no other arrays."""

    def __init__(self, kernel):
        self.kernel = kernel


def refuse(_, children):
    raise TypeError(children)


jax.tree_util.register_pytree_with_keys(
    Refusing,
    lambda value: (((jax.tree_util.GetAttrKey("kernel"), value.kernel),), None),
    refuse,
)


def test_a_class_that_refuses_what_was_drawn():
    with pytest.raises(fanwise.FanwiseError, match=r"takes other arrays\. .*TypeError"):
        initialize({"x": Refusing(ARRAY)}, RULES, seed=0)


def test_shardings_of_a_class_that_checks():
    place = jax.sharding.SingleDeviceSharding(jax.devices()[0])
    with pytest.raises(fanwise.FanwiseError, match="knows its mesh"):
        initialize({"x": Checking(ARRAY)}, RULES, seed=0, shardings={"x": place})
