"""What a JAX model is given, what it gives, and layers that run several times or never."""

from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import linen, nnx

from fanwise import FanwiseError
from fanwise.adapters.jax.signals import layer_check

KEY = jax.random.key(0)
X = jax.random.normal(jax.random.key(1), (5, 4))


@dataclass
class Output:
    scores: object
    more: object = None


class LinenModel(linen.Module):
    function: object

    @linen.compact
    def __call__(self, x, *, scale=1.0, train=False):
        x = linen.Dense(6, name="dense")(x) * scale
        return self.function(linen.Dropout(0.5, deterministic=not train)(x))


class NnxModel(nnx.Module):
    def __init__(self, function):
        rngs = nnx.Rngs(0)
        self.dense = nnx.Linear(4, 6, rngs=rngs)
        self.dropout = nnx.Dropout(0.5, rngs=rngs)
        self.norm = nnx.BatchNorm(6, rngs=rngs)
        self.function = function

    def __call__(self, x, *, scale=1.0, train=False):
        x = self.norm(self.dense(x) * scale, use_running_average=not train)
        return self.function(self.dropout(x, deterministic=not train))

    def other(self, x):
        return self.dense(x)


class EquinoxModel(eqx.Module):
    dense: eqx.nn.Linear
    function: object

    def __call__(self, x, *, scale=1.0):
        return self.function(self.dense(x) * scale)


def linen_check(function, *inputs, **how):
    module = LinenModel(function)
    return layer_check(module, module.init(KEY, X), *inputs, **how)


def nnx_check(function, *inputs, **how):
    return layer_check(NnxModel(function), *inputs, **how)


def equinox_check(function, *inputs, **how):
    model = EquinoxModel(eqx.nn.Linear(4, 6, key=KEY), function)
    return layer_check(model, *(value[0] for value in inputs), **how)


CHECKS = {"linen": linen_check, "nnx": nnx_check, "equinox": equinox_check}
OUTPUTS = {
    "a tuple": lambda x: (None, x.astype(int), x),
    "a list in a dict": lambda x: {"steps": [x]},
    "a dataclass": lambda x: Output(None, {"a": x}),
    "a cache beside": lambda x: {"past_key_values": (9 * x,), "x": x},
}


def as_it_is(x):
    return x


@pytest.mark.parametrize("kind", OUTPUTS)
@pytest.mark.parametrize("library", CHECKS)
def test_noise_is_sent_back_from_any_output_alike(library, kind):
    check = CHECKS[library]
    layer, plain = check(OUTPUTS[kind], X).layers[0], check(as_it_is, X).layers[0]
    assert layer == plain
    assert layer.path == "dense"
    assert layer.gradient > 0


@pytest.mark.parametrize("library", CHECKS)
def test_the_loss_of_a_model_is_what_is_sent_back(library):
    check = CHECKS[library](lambda x: {"logits": x, "loss": (3 * x).sum()}, X)
    last = check.layers[-1]
    assert (last.gradient, last.activation > 0) == (0, True)
    given = CHECKS[library](as_it_is, X, loss=lambda x: (x**2).sum()).layers[-1]
    assert given.gradient == pytest.approx(2 * given.activation, rel=1e-5)


@pytest.mark.parametrize("library", CHECKS)
def test_inputs_go_by_name_as_well(library):
    scaled = CHECKS[library](as_it_is, X, keywords={"scale": 2.0}).layers[0]
    plain = CHECKS[library](as_it_is, X).layers[0]
    assert scaled.activation == plain.activation
    if library != "nnx":  # a normalization follows
        assert scaled.gradient == pytest.approx(2 * plain.gradient)
    named = {"x": X[0] if library == "equinox" else X, "scale": 2.0}
    assert CHECKS[library](as_it_is, keywords=named).layers[0] == scaled


def test_linen_is_given_what_apply_takes():
    keywords = {"train": True, "rngs": {"dropout": jax.random.key(2)}, "mutable": ["batch_stats"]}
    _, dropout = linen_check(as_it_is, X, keywords=keywords).layers
    assert dropout.class_name == "Dropout"
    assert dropout.activation > linen_check(as_it_is, X).layers[1].activation


@pytest.mark.parametrize("method", ["other", lambda model, x: model.dense(x)])
def test_another_method_is_called(method):
    assert [layer.path for layer in nnx_check(as_it_is, X, method=method).layers] == ["dense"]


def test_an_nnx_model_stays_as_it_is():
    model = NnxModel(as_it_is)
    before = jax.tree.map(np.asarray, nnx.to_pure_dict(nnx.state(model, nnx.Not(nnx.RngState))))
    count, graph = int(model.dropout.rngs.count[...]), nnx.graphdef(model)
    call = vars(nnx.Linear)["__call__"]
    layers = layer_check(model, X, keywords={"train": True}).layers
    assert [layer.class_name for layer in layers] == ["Linear", "BatchNorm", "Dropout"]
    with pytest.raises(FanwiseError, match=r"runs on these inputs.*keywords="):
        layer_check(model, X, keywords={"training": True})
    after = jax.tree.map(np.asarray, nnx.to_pure_dict(nnx.state(model, nnx.Not(nnx.RngState))))
    assert jax.tree.all(jax.tree.map(np.array_equal, before, after))
    assert int(model.dropout.rngs.count[...]) == count
    assert nnx.graphdef(model) == graph
    assert vars(nnx.Linear)["__call__"] is call


def test_figures_of_equinox_are_those_of_all_examples():
    model = eqx.nn.MLP(4, 3, 8, 2, key=KEY)
    check = layer_check(model, X, method=lambda model, x: jax.vmap(model)(x), loss=jnp.sum)
    assert [layer.path for layer in check.layers] == ["layers/0", "layers/1", "layers/2"]
    first = jax.vmap(model.layers[0])(X)
    assert check.layers[0].activation == pytest.approx(float(np.std(first)), rel=1e-5)
    assert check.layers[0].shape == (8,)

    def rest(first):
        return jax.vmap(lambda h: model.layers[2](jax.nn.relu(model.layers[1](h))))(first).sum()

    gradient = jax.grad(lambda first: rest(jax.nn.relu(first)))(first)
    assert check.layers[0].gradient == pytest.approx(float(np.std(gradient)), rel=1e-5)


class Block(linen.Module):
    @linen.compact
    def __call__(self, x, _):
        return jnp.tanh(linen.Dense(4)(x)), None


LOOPS = {
    "scan": lambda: linen.scan(Block, {"params": 0}, split_rngs={"params": True}, length=3)(),
    "remat within scan": lambda: linen.scan(
        linen.remat(Block), {"params": 0}, split_rngs={"params": True}, length=3
    )(),
}


@pytest.mark.parametrize("loop", LOOPS)
def test_every_step_of_a_loop_is_seen(loop):
    module = LOOPS[loop]()
    variables = module.init(KEY, X, None)
    check = layer_check(module, variables, X, None)
    rows = [layer for layer in check.layers if layer.class_name == "Dense"]
    (kernels,) = (v for v in jax.tree.leaves(variables) if v.ndim == 3)
    x = X
    for row, kernel in zip(rows, kernels, strict=True):
        assert row.activation == pytest.approx(float(np.std(x @ kernel)), rel=1e-5)
        assert row.gradient > 0
        x = jnp.tanh(x @ kernel)
    assert [(row.call, row.calls) for row in rows] == [(1, 3), (2, 3), (3, 3)]
    assert check.uncalled == ()


@pytest.mark.parametrize("transform", [nnx.jit, nnx.remat, nnx.vmap])
def test_layers_are_known_within_transformations_of_nnx(transform):
    class Model(nnx.Module):
        def __init__(self):
            self.layers = nnx.List([nnx.Linear(4, 4, rngs=nnx.Rngs(n)) for n in range(2)])

        def __call__(self, x):
            for layer in self.layers:
                axes = {"in_axes": (None, 0)} if transform is nnx.vmap else {}
                x = transform(lambda layer, x: layer(x), **axes)(layer, x)
            return x

    model = Model()
    for _ in range(2):
        rows = layer_check(model, X).layers
        assert [row.path for row in rows] == ["layers/0", "layers/1"]
        expected = float(np.std(model.layers[0](X)))
        assert rows[0].activation == pytest.approx(expected, rel=1e-5)
        assert rows[0].gradient > 0


def test_layers_are_known_within_transformations_of_equinox():
    blocks = eqx.filter_vmap(lambda key: eqx.nn.Linear(4, 4, key=key))(jax.random.split(KEY, 3))

    class Model(eqx.Module):
        blocks: eqx.Module

        def __call__(self, x):
            arrays, rest = eqx.partition(self.blocks, eqx.is_array)

            def step(x, arrays):
                return jnp.tanh(eqx.combine(arrays, rest)(x)), None

            return eqx.filter_jit(jax.lax.scan)(step, x, arrays)[0]

    rows = layer_check(Model(blocks), X[0]).layers
    assert [(row.path, row.call, row.calls) for row in rows] == [
        *(("blocks", 1, 3), ("blocks", 2, 3), ("blocks", 3, 3)),
    ]


class LinenExperts(linen.Module):
    chosen: tuple = (0, 1, 2)

    def setup(self):
        self.experts = [linen.Dense(4) for _ in range(3)]
        self.stack = self.param("stack", linen.initializers.normal(), (4, 4, 4))

    def __call__(self, x):
        for number in self.chosen:
            x = self.experts[number](x) @ self.stack[number]
        return {"mask": x > 0, "out": x}


class NnxExperts(nnx.Module):
    def __init__(self):
        rngs = nnx.Rngs(0)
        self.experts = nnx.List([nnx.Linear(4, 4, rngs=rngs) for _ in range(3)])
        self.stack = nnx.Param(jnp.ones((4, 4, 4)))
        self.direct = nnx.Linear(4, 4, rngs=rngs)

    def __call__(self, x):
        for number in (2, 0, 2):
            x = self.experts[number](x) @ self.stack[number]
        return {"mask": x > 0, "out": x @ self.direct.kernel}


class EquinoxExperts(eqx.Module):
    experts: list
    stack: jax.Array

    def __call__(self, x):
        for number in (2, 0, 2):
            x = self.experts[number](x) @ self.stack[number]
        return {"mask": x > 0, "out": x}


def experts(library):
    if library == "linen":
        variables = LinenExperts().init(KEY, X)
        return (LinenExperts((2, 0, 2)), variables, X)
    if library == "nnx":
        return (NnxExperts(), X)
    layers = [eqx.nn.Linear(4, 4, key=KEY) for _ in range(3)]
    return (EquinoxExperts(layers, jnp.ones((4, 4, 4))), X[0])


@pytest.mark.parametrize("library", CHECKS)
def test_experts_that_got_nothing_are_shown(library):
    check = layer_check(*experts(library))
    part = "experts_" if library == "linen" else "experts/"
    assert [(layer.path, layer.call, layer.calls) for layer in check.layers] == [
        *((f"{part}2", 1, 2), (f"{part}0", 1, 1), (f"{part}2", 2, 2), ("", 1, 1)),
    ]
    whole = check.layers[-1]
    assert (whole.output, whole.stacked, whole.idle) == ("['out']", 4, (1, 3))
    assert [layer.path for layer in check.uncalled] == [f"{part}1"]
    assert check.uncalled[0].class_name == ("" if library == "linen" else "Linear")


def test_bad_calls():
    with pytest.raises(FanwiseError, match=r"holds arrays of floats.*loss="):
        linen_check(lambda x: {"mask": x > 0}, X)
    with pytest.raises(FanwiseError, match="as a dict"):
        nnx_check(as_it_is, X, keywords=[X])
    with pytest.raises(FanwiseError, match="a function of the output as loss"):
        nnx_check(as_it_is, X, loss="mse")
    with pytest.raises(FanwiseError, match="runs on these inputs"):
        equinox_check(as_it_is, X, method="no_such_method")
    with pytest.raises(FanwiseError, match=r"arrays have values.*shapes alone"):
        layer_check(nnx.eval_shape(lambda: NnxModel(as_it_is)), X)


@pytest.mark.parametrize("transform", [jax.jit, jax.grad, jax.vmap])
def test_arrays_that_are_traced_have_no_deviations(transform):
    model = NnxModel(as_it_is)
    with pytest.raises(FanwiseError, match=r"have values.*traced.*outside of jax\.jit"):
        transform(lambda x: layer_check(model, x))(X)
