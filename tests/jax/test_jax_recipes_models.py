"""Whole models of Flax: what is shared, chosen, kept, stacked and sharded; all or nothing."""

import math
import os
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from bits import same_bits
from flax import linen, nnx

import fanwise
from fanwise.adapters.jax import Part, Place, initialize, register_layer

PLAIN = {
    "fanwise": 1,
    "vars": {"std": 0.02},
    "rule": [
        {"role": "kernel", "init": {"scheme": "normal", "std": "std"}},
        {"match": "**", "init": {"scheme": "normal", "std": 1.0}, "name": "rest"},
    ],
    "allow": {"unused": ["rest"]},
}
KERNEL = fanwise.scheme("normal", std=0.02)
REST = fanwise.scheme("normal", std=1.0)
X = jnp.zeros((2, 6))


def drawn(path, shape, scheme=KERNEL, seed=0, **how):
    return fanwise.sample(scheme, shape, seed=seed, path=path, **how)


def same(array, values):
    return np.asarray(array).tobytes() == np.asarray(values).tobytes()


class Mlp(linen.Module):
    @linen.compact
    def __call__(self, x, train=False):
        x = linen.Dense(4, name="up")(x)
        x = linen.BatchNorm(use_running_average=not train, name="norm")(x)
        x = linen.Dropout(0.5, deterministic=not train)(x)
        return linen.Dense(3, name="head")(x)


class Pair(nnx.Module):
    def __init__(self, rngs):
        self.body = nnx.Linear(6, 4, rngs=rngs)
        self.norm = nnx.BatchNorm(4, rngs=rngs)
        self.head = nnx.Linear(4, 3, rngs=rngs)


def bits(model):
    return [np.asarray(leaf).tobytes() for leaf in jax.tree.leaves(nnx.state(model, nnx.Variable))]


def test_a_module_and_its_statistics():
    variables, summary = initialize(Mlp(), PLAIN, seed=3, inputs=(X,))
    paths = ["up/kernel", "up/bias", "norm/scale", "norm/offset", "norm/mean", "norm/variance"]
    assert [row.path for row in summary.rows] == [*paths, "head/kernel", "head/bias"]
    assert summary.parameters == 6 * 4 + 4 + 4 + 4 + 4 * 3 + 3
    wanted = drawn("norm/variance", (4,), REST, 3)
    assert same(variables["batch_stats"]["norm"]["var"], wanted)
    assert Mlp().apply(variables, X).shape == (2, 3)


def test_statistics_start_by_themselves():
    recipe = {**PLAIN, "rule": [{"match": "**/{kernel,bias,scale,offset}", "init": "zeros"}]}
    variables, summary = initialize(Mlp(), {**recipe, "allow": {}}, seed=3, inputs=(X,))
    assert {row.rule for row in summary.rows if row.role in ("mean", "variance")} == {0}
    assert float(variables["batch_stats"]["norm"]["mean"].sum()) == 0
    assert float(variables["batch_stats"]["norm"]["var"].sum()) == 4


def test_flax_draws_nothing():
    def never(*_):
        raise AssertionError

    class Watched(linen.Module):
        @linen.compact
        def __call__(self, x):
            def init(key, shape, dtype):
                return jax.pure_callback(never, jax.ShapeDtypeStruct(shape, dtype), key)

            return linen.Dense(4, kernel_init=init)(x)

    with pytest.raises(Exception, match="AssertionError"):
        jax.block_until_ready(Watched().init(jax.random.key(0), X))
    variables, _ = initialize(Watched(), PLAIN, seed=0, inputs=(X,))
    assert same(variables["params"]["Dense_0"]["kernel"], drawn("Dense_0/kernel", (6, 4)))


@pytest.mark.parametrize("given", ["shapes", "numbers", "keywords"])
def test_inputs_may_be_shapes_and_settings(given):
    x = jax.ShapeDtypeStruct((2, 6), jnp.float32) if given == "shapes" else X
    how = {"inputs": (x,)}
    if given == "numbers":
        how = {"inputs": (x, True)}
    if given == "keywords":
        how["keywords"] = {"train": True}
    variables, _ = initialize(Mlp(), PLAIN, seed=0, **how)
    assert same(variables["params"]["up"]["kernel"], drawn("up/kernel", (6, 4)))


def test_names_and_vars():
    recipe = {**PLAIN, "names": {"flax": {"up": "layers/0", "head": "layers/1"}}}
    variables, summary = initialize(Mlp(), recipe, seed=0, inputs=(X,), std=0.5)
    wanted = drawn("layers/0/kernel", (6, 4), fanwise.scheme("normal", std=0.5))
    assert same(variables["params"]["up"]["kernel"], wanted)
    assert summary.rows[0].path == "layers/0/kernel"
    assert summary.rows[0].expected == 0.5


# ---- what is chosen, and what is kept ----


@pytest.mark.parametrize("how", [{"only": "head/**"}, {"exclude": ["up/**", "norm/*"]}])
def test_a_new_head_on_old_variables(how):
    old = Mlp().init(jax.random.key(1), X)
    before = jax.tree.map(np.array, old)
    new, summary = initialize(Mlp(), PLAIN, seed=0, inputs=(X,), values=old, **how)
    assert [row.path for row in summary.rows] == ["head/kernel", "head/bias"]
    assert same(new["params"]["head"]["kernel"], drawn("head/kernel", (4, 3)))
    assert new["params"]["up"]["kernel"] is old["params"]["up"]["kernel"]
    assert new["batch_stats"]["norm"]["var"] is old["batch_stats"]["norm"]["var"]
    assert jax.tree.all(jax.tree.map(lambda a, b: (a == b).all(), before, old))


def test_what_no_rule_sets_starts_as_flax_starts_it():
    recipe = {
        "fanwise": 1,
        "rule": [{"role": "kernel", "init": "ones"}],
        "allow": {"unmatched": ["**"]},
    }
    variables, summary = initialize(Mlp(), recipe, seed=5, inputs=(X,), only="**/kernel")
    assert [row.path for row in summary.rows] == ["up/kernel", "head/kernel"]
    assert float(variables["params"]["norm"]["scale"].sum()) == 4
    part, _ = initialize(Mlp(), PLAIN, seed=5, inputs=(X,), only="head/*")
    own = Mlp().init(jax.random.key(5), X)
    assert same(part["params"]["up"]["kernel"], own["params"]["up"]["kernel"])


def test_a_part_of_an_array_is_kept():
    """The forget gate's bias lies between those of the others."""
    model = nnx.RNN(nnx.OptimizedLSTMCell(3, 4, rngs=nnx.Rngs(0)))
    model.cell.dense_h.bias.set_value(jnp.arange(16.0))
    initialize(model, PLAIN, seed=0, exclude="forget_bias")
    bias = np.asarray(model.cell.dense_h.bias.get_value())
    wanted = drawn("bias", (3, 4), REST, axes="batch out")
    assert same(bias.reshape(4, 4)[[0, 2, 3]], wanted)
    assert (bias[4:8] == np.arange(4, 8)).all()


def test_nnx_in_place():
    model = Pair(nnx.Rngs(0))
    held, body = model.head.kernel, bits(model.body)
    summary = initialize(model, PLAIN, seed=2, only=["head/*", "norm/*"])
    assert model.head.kernel is held
    assert same(held.get_value(), drawn("head/kernel", (4, 3), seed=2))
    assert same(model.norm.var.get_value(), drawn("norm/variance", (4,), REST, 2))
    assert bits(model.body) == body
    assert summary.parameters == 4 * 3 + 3 + 4 + 4


def test_a_dry_run_changes_nothing():
    model = Pair(nnx.Rngs(0))
    before = bits(model)
    dry = initialize(model, PLAIN, seed=2, dry_run=True)
    assert bits(model) == before
    wet = initialize(model, PLAIN, seed=2)
    assert all(math.isnan(row.observed) for row in dry.rows)
    assert [(r.path, r.scheme, r.expected) for r in dry.rows] == [
        (r.path, r.scheme, r.expected) for r in wet.rows
    ]
    abstract, plan = initialize(Mlp(), PLAIN, seed=2, inputs=(X,), dry_run=True)
    assert all(isinstance(leaf, jax.ShapeDtypeStruct) for leaf in jax.tree.leaves(abstract))
    assert plan.parameters == 51


# ---- shared layers ----


class Tied(linen.Module):
    def setup(self):
        self.tokens = linen.Embed(7, 4)
        self.mix = linen.Dense(4)

    def __call__(self, x):
        return self.tokens.attend(self.mix(self.mix(self.tokens(x))))


def test_a_layer_that_is_called_twice_is_one():
    tokens = jnp.zeros((2,), jnp.int32)
    _, summary = initialize(Tied(), PLAIN, seed=0, inputs=(tokens,))
    assert [row.path for row in summary.rows] == ["tokens/embedding", "mix/kernel", "mix/bias"]


class Shared(nnx.Module):
    def __init__(self, rngs):
        self.first = nnx.Linear(4, 4, rngs=rngs)
        self.second = self.first
        self.third = nnx.Linear(4, 4, rngs=rngs)
        self.third.kernel = self.first.kernel


@pytest.mark.parametrize("abstract", [False, True])
def test_shared_weights_of_nnx_are_set_once(abstract):
    model = nnx.eval_shape(lambda: Shared(nnx.Rngs(0))) if abstract else Shared(nnx.Rngs(0))
    summary = initialize(model, PLAIN, seed=0)
    assert [row.path for row in summary.rows] == ["first/kernel", "first/bias", "third/bias"]
    assert model.third.kernel is model.first.kernel
    assert same(model.second.kernel.get_value(), drawn("first/kernel", (4, 4)))


class Named(nnx.Module):
    def __init__(self, rngs):
        self.layers = nnx.List([nnx.Linear(2, 2, use_bias=False, rngs=rngs) for _ in range(11)])
        self.b = nnx.Linear(2, 2, use_bias=False, rngs=rngs)
        self.aa = nnx.Linear(2, 2, use_bias=False, rngs=rngs)


def test_the_order_of_nnx_is_its_own():
    model = Named(nnx.Rngs(0))
    paths = [path for path, value in nnx.iter_graph(model) if isinstance(value, nnx.Param)]
    summary = initialize(model, PLAIN, seed=0)
    assert [row.path for row in summary.rows] == ["/".join(map(str, path)) for path in paths]
    assert paths[-1] == ("layers", 10, "kernel")


# ---- transformations ----


class Block(linen.Module):
    @linen.compact
    def __call__(self, x, _=None):
        scale = self.param("scale", linen.initializers.ones, (4,))
        return linen.Dense(4, name="dense")(x) * scale, None


def scanned(axis=0, count=3):
    return linen.scan(
        Block, variable_axes={"params": axis}, split_rngs={"params": True}, length=count
    )


class Stack(linen.Module):
    axis: int = 0
    count: int = 3

    @linen.compact
    def __call__(self, x):
        x, _ = linen.remat(scanned(self.axis, self.count))(name="blocks")(x, None)
        return linen.Dense(2, name="head")(x)


@pytest.mark.parametrize("axis", [0, 1])
def test_layers_that_are_scanned_are_layers_of_their_own(axis):
    variables, summary = initialize(Stack(axis), PLAIN, seed=0, inputs=(jnp.zeros((2, 4)),))
    blocks = variables["params"]["blocks"]
    for number in range(3):
        kernel = jnp.take(blocks["dense"]["kernel"], number, axis)
        assert same(kernel, drawn(f"blocks/{number}/dense/kernel", (4, 4)))
        scale = jnp.take(blocks["scale"], number, axis)
        assert same(scale, drawn(f"blocks/{number}/scale", (4,), REST))
    assert len(summary.rows) == 3 * 3 + 2
    Stack(axis).apply(variables, jnp.zeros((2, 4)))


def test_as_many_layers_as_features():
    """Then the shapes alone do not tell which axis holds the layers."""
    variables, _ = initialize(Stack(0, 4), PLAIN, seed=0, inputs=(jnp.zeros((2, 4)),))
    kernel = variables["params"]["blocks"]["dense"]["kernel"]
    assert same(kernel[1], drawn("blocks/1/dense/kernel", (4, 4)))


def test_an_ensemble():
    module = linen.vmap(
        linen.Dense,
        variable_axes={"params": 0},
        split_rngs={"params": True},
        axis_size=3,
        in_axes=None,
    )(4)
    variables, _ = initialize(module, PLAIN, seed=0, inputs=(X,))
    assert same(variables["params"]["kernel"][1], drawn("1/kernel", (6, 4)))


def test_layers_scanned_twice_are_refused():
    class Twice(linen.Module):
        @linen.compact
        def __call__(self, x, _=None):
            return scanned()(name="inner")(x, None)

    outer = linen.scan(Twice, variable_axes={"params": 0}, split_rngs={"params": True}, length=2)
    with pytest.raises(fanwise.FanwiseError, match="one axis of layers"):
        initialize(outer(), PLAIN, seed=0, inputs=(jnp.zeros((2, 4)), None))


@pytest.mark.parametrize("module", [Mlp(), Stack()])
def test_compiled(module):
    x = jnp.zeros((2, 6 if isinstance(module, Mlp) else 4))
    plain, _ = initialize(module, PLAIN, seed=0, inputs=(x,))
    compiled = jax.jit(lambda x: initialize(module, PLAIN, seed=0, inputs=(x,))[0])(x)
    assert jax.tree.all(jax.tree.map(same, plain, compiled))


def test_nnx_compiled():
    @nnx.jit
    def start(model):
        initialize(model, PLAIN, seed=0)

    model, other = (nnx.RNN(nnx.OptimizedLSTMCell(3, 4, rngs=nnx.Rngs(0))) for _ in range(2))
    start(model)
    initialize(other, PLAIN, seed=0)
    state = [nnx.state(m, nnx.Param) for m in (model, other)]
    assert jax.tree.all(jax.tree.map(same, *state))


@nnx.jit
def made_compiled():
    model = Pair(nnx.Rngs(0))
    initialize(model, PLAIN, seed=0)
    return model


def test_nnx_made_and_set_within_one_compilation():
    assert same(made_compiled().body.kernel.get_value(), drawn("body/kernel", (6, 4)))


SHARDED = """
import jax, numpy as np, jax.numpy as jnp
from flax import linen, nnx
from jax.sharding import AxisType, NamedSharding, PartitionSpec as P
import fanwise
from fanwise.jax import initialize

assert len(jax.devices()) == 4
RULES = {"fanwise": 1, "rule": [{"match": "**", "init": "normal"}]}
for kind in (AxisType.Auto, AxisType.Explicit):
    mesh = jax.make_mesh((4,), ("x",), axis_types=(kind,))
    rows, whole = NamedSharding(mesh, P("x")), NamedSharding(mesh, P())
    want = fanwise.sample("normal", (8, 4), seed=0, path="kernel")
    places = {"params": {"kernel": rows, "bias": whole}}
    made, found = initialize(
        linen.Dense(4), RULES, seed=0, inputs=(jnp.zeros((1, 8)),), shardings=places
    )
    made = made["params"]
    assert made["kernel"].sharding == rows and made["bias"].sharding == whole
    assert (np.asarray(made["kernel"]) == want).all()
    assert made["kernel"].addressable_shards[0].data.shape == (2, 4)
    assert 0.5 < found.rows[0].observed < 1.5

    part, _ = initialize(
        linen.Dense(4), RULES, seed=0, inputs=(jnp.zeros((1, 8)),), shardings=places, only="kernel"
    )
    assert part["params"]["bias"].sharding == whole

    tree = {"kernel": jax.ShapeDtypeStruct((8, 4), jnp.float32, sharding=rows)}
    made, _ = initialize(tree, RULES, seed=0)
    assert made["kernel"].sharding == rows and (np.asarray(made["kernel"]) == want).all()
    made, _ = initialize({"kernel": jnp.zeros((8, 4))}, RULES, seed=0, shardings=rows)
    assert made["kernel"].sharding == rows and (np.asarray(made["kernel"]) == want).all()

    layer = nnx.Linear(8, 4, rngs=nnx.Rngs(0))
    layer.kernel.set_value(jax.device_put(layer.kernel.get_value(), rows))
    initialize(layer, RULES, seed=0)
    assert layer.kernel.get_value().sharding == rows
    assert (np.asarray(layer.kernel.get_value()) == want).all()

    cell = nnx.OptimizedLSTMCell(3, 4, rngs=nnx.Rngs(0))
    initialize(cell, RULES, seed=0)
    plain = np.asarray(cell.dense_h.bias.get_value())
    cell.dense_h.bias.set_value(jax.device_put(cell.dense_h.bias.get_value(), rows))
    initialize(cell, RULES, seed=0)
    assert cell.dense_h.bias.get_value().sharding == rows
    assert (np.asarray(cell.dense_h.bias.get_value()) == plain).all()

    for bad in (P("x"), NamedSharding(mesh, P(None, "x"))):
        try:
            initialize({"kernel": jnp.zeros((8, 3))}, RULES, seed=0, shardings=bad)
        except fanwise.FanwiseError as error:
            print(error)
        else:
            raise AssertionError(bad)

compiled = jax.jit(
    lambda: initialize(linen.Dense(4), RULES, seed=0, inputs=(jnp.zeros((1, 8)),))[0],
    out_shardings=NamedSharding(jax.make_mesh((4,), ("x",)), P()),
)()
assert (np.asarray(compiled["params"]["kernel"]) == want).all()
print("done")
"""


def test_on_a_mesh():
    flags = "--xla_force_host_platform_device_count=4"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SHARDED],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "XLA_FLAGS": flags, "JAX_PLATFORMS": "cpu"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "done"
    assert "mesh" in done.stdout


# ---- modules of one's own ----


class Gated(linen.Module):
    @linen.compact
    def __call__(self, x):
        token = self.param("token", linen.initializers.zeros, (1, 1, x.shape[-1]))
        weight = self.param("weight", linen.initializers.zeros, (3, x.shape[-1]))
        scale = self.param("scale", linen.initializers.ones, (3,))
        return (x + token[0, 0]) @ weight.T * scale


class GatedNnx(nnx.Module):
    def __init__(self):
        self.token = nnx.Param(jnp.zeros((1, 1, 6)))
        self.weight = nnx.Param(jnp.zeros((3, 6)))
        self.scale = nnx.Param(jnp.ones(3))
        self.count = nnx.Variable(jnp.zeros(()))


def both(recipe, **how):
    variables, one = initialize(Gated(), recipe, seed=0, inputs=(X,), **how)
    model = GatedNnx()
    two = initialize(model, recipe, seed=0, **how)
    assert sorted(one.rows, key=str) == sorted(two.rows, key=str)
    assert float(model.count.get_value()) == 0
    for name in ("token", "weight", "scale"):
        assert same(variables["params"][name], getattr(model, name).get_value())
    return variables["params"], {row.path: row for row in one.rows}


def test_a_parameter_of_no_known_layer_has_its_own_name():
    params, rows = both({**PLAIN, "rule": PLAIN["rule"][1:]})
    assert {row.layer for row in rows.values()} == {"parameter"}
    assert {name: row.role for name, row in rows.items()} == {
        "token": "",
        "weight": "",
        "scale": "scale",
    }
    assert same(params["token"], drawn("token", (1, 1, 6), REST))
    assert rows["weight"].fan_in is None


def test_a_layer_of_ones_own_is_described():
    def describe(layer, shapes):
        assert type(layer) in (Gated, GatedNnx)
        assert shapes["weight"] == (3, 6)
        yield Part("kernel", "out in", "dense", (Place("weight"),))
        yield Part("bias", "out", "dense", (Place("scale"),), beside="kernel")

    try:
        register_layer(Gated, describe)
        register_layer(GatedNnx, describe)
        recipe = {
            "fanwise": 1,
            "rule": [
                {"match": "**/kernel", "init": "he_normal"},
                {"match": "**/bias", "init": "torch_default"},
                {"match": "**", "init": "zeros"},
            ],
        }
        params, rows = both(recipe)
    finally:
        register_layer(Gated, lambda *_: ())
        register_layer(GatedNnx, lambda *_: ())
    assert same(params["weight"], drawn("kernel", (3, 6), "he_normal", axes="out in"))
    bias = fanwise.scheme("torch_default", fan=6)
    assert same(params["scale"], drawn("bias", (3,), bias))
    assert (rows["kernel"].fan_in, rows["kernel"].fan_out) == (6, 3)


MISDESCRIBED = {
    "no part": lambda *_: ["kernel"],
    "no variable": lambda *_: [Part("kernel", places=(Place("w"),))],
    "no kernel beside": lambda *_: [Part("scale", "out", beside="kernel")],
    "no shape": lambda *_: [Part("kernel", places=(Place("weight"), Place("scale")))],
    "other axes": lambda *_: [Part("weight", "in out out", places=(Place("weight"),))],
}


@pytest.mark.parametrize("name", MISDESCRIBED)
def test_a_wrong_description(name):
    class Own(GatedNnx):
        pass

    register_layer(Own, MISDESCRIBED[name])
    model = Own()
    before = bits(model)
    with pytest.raises(fanwise.FanwiseError):
        initialize(model, PLAIN, seed=0)
    assert bits(model) == before


@pytest.mark.parametrize("bad", [(3, len), (Gated, 3)])
def test_what_cannot_be_registered(bad):
    with pytest.raises(fanwise.FanwiseError):
        register_layer(*bad)


def test_other_collections_start_as_flax_starts_them():
    module = linen.MultiHeadDotProductAttention(2, decode=True)
    variables, _ = initialize(module, PLAIN, seed=0, inputs=(jnp.zeros((2, 3, 4)),))
    own = module.init(jax.random.key(0), jnp.zeros((2, 3, 4)))
    assert jax.tree.all(jax.tree.map(same, variables["cache"], own["cache"]))
    assert int(variables["cache"]["cache_index"]) == 0


def test_boxes_stay():
    init = linen.with_partitioning(linen.initializers.zeros, ("x", None))
    module = linen.Dense(4, kernel_init=init)
    variables, _ = initialize(module, PLAIN, seed=0, inputs=(X,))
    kernel = variables["params"]["kernel"]
    assert isinstance(kernel, linen.Partitioned)
    assert kernel.names == ("x", None)
    assert same(kernel.value, drawn("kernel", (6, 4)))


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_dtypes(dtype):
    module = linen.RNN(linen.LSTMCell(4, param_dtype=dtype))
    variables, _ = initialize(module, PLAIN, seed=0, inputs=(jnp.zeros((2, 3, 5), dtype),))
    kernel = np.asarray(variables["params"]["cell"]["ii"]["kernel"])
    wanted = drawn("kernel", (4, 5, 4), axes="batch in out", dtype=dtype)[0]
    assert kernel.dtype == jnp.dtype(dtype)
    assert same_bits(kernel, wanted)


# ---- all or nothing ----


def rules(*given, **more):
    return {"fanwise": 1, "rule": list(given), **more}


EVERY = {"match": "**", "init": "zeros"}
BAD = {
    "a rule that matches nothing": (
        {"recipe": rules(EVERY, {"match": "x/*", "init": "ones"})},
        "fits no",
    ),
    "an unmatched weight": ({"recipe": rules({"role": "kernel", "init": "ones"})}, "no rule"),
    "a scheme that does not fit": ({"recipe": rules({"match": "**", "init": "he_normal"})}, "fans"),
    "orthogonal vectors": ({"recipe": rules({"match": "**", "init": "orthogonal"})}, "cannot"),
    "a generator for other shapes": (
        {"recipe": rules({"role": "kernel", "init": "dirac"}, EVERY)},
        "dirac",
    ),
    "paths that meet": (
        {"recipe": rules(EVERY, names={"flax": {"body": "x", "head": "x"}})},
        "meet",
    ),
    "an unknown variable": ({"recipe": PLAIN, "stdd": 1.0}, "variable"),
    "only of nothing": ({"recipe": PLAIN, "only": "tail/*"}, "only"),
    "exclude of nothing": ({"recipe": PLAIN, "exclude": "tail/*"}, "exclude"),
    "seed": ({"recipe": PLAIN, "seed": -1}, "seed"),
    "inputs of nnx": ({"recipe": PLAIN, "inputs": (X,)}, "inputs"),
    "shardings of nnx": ({"recipe": PLAIN, "shardings": 3}, "shardings"),
}


@pytest.mark.parametrize("name", BAD)
def test_nothing_changes_on_an_error(name):
    how, words = BAD[name]
    model = Pair(nnx.Rngs(0))
    before = bits(model)
    with pytest.raises(fanwise.FanwiseError, match=words):
        initialize(model, **{"seed": 0, **how})
    assert bits(model) == before


@pytest.mark.parametrize("dtype", [jnp.int32, jnp.complex64, jnp.float8_e4m3fn])
def test_a_dtype_that_cannot_be_drawn(dtype):
    model = Pair(nnx.Rngs(0))
    model.head.bias.set_value(jnp.zeros(3, dtype))
    before = bits(model)
    with pytest.raises(fanwise.FanwiseError, match="head/bias cannot be set"):
        initialize(model, PLAIN, seed=0)
    assert bits(model) == before
    initialize(model, PLAIN, seed=0, exclude="head/bias")


def test_a_traced_seed():
    model = Pair(nnx.Rngs(0))
    with pytest.raises(fanwise.FanwiseError, match="seed"):
        jax.jit(lambda seed: initialize(Mlp(), PLAIN, seed=seed, inputs=(X,))[0])(0)
    with pytest.raises(fanwise.FanwiseError, match="seed"):
        initialize(model, PLAIN, seed=jnp.int32(0))


def test_part_of_an_array_without_values():
    model = nnx.eval_shape(lambda: nnx.OptimizedLSTMCell(3, 4, rngs=nnx.Rngs(0)))
    with pytest.raises(fanwise.FanwiseError, match="without values"):
        initialize(model, PLAIN, seed=0, exclude="forget_bias")
    assert isinstance(model.dense_i.kernel.get_value(), jax.ShapeDtypeStruct)


def test_an_ensemble_of_nnx_is_refused():
    @nnx.vmap(in_axes=0)
    def make(rngs):
        return nnx.Linear(6, 4, rngs=rngs)

    model = make(nnx.Rngs(0).split(3))
    before = bits(model)
    with pytest.raises(fanwise.FanwiseError, match="not what its class says"):
        initialize(model, PLAIN, seed=0)
    assert bits(model) == before


@pytest.mark.parametrize("inputs", [None, X, [X]])
def test_a_module_needs_its_inputs(inputs):
    with pytest.raises(fanwise.FanwiseError, match="inputs="):
        initialize(Mlp(), PLAIN, seed=0, inputs=inputs)


@pytest.mark.parametrize("model", [3, None, Mlp, "model", len])
def test_what_is_no_model(model):
    with pytest.raises(fanwise.FanwiseError):
        initialize(model, PLAIN, seed=0)


def test_values_of_another_module():
    old = Mlp().init(jax.random.key(1), jnp.zeros((2, 5)))
    for values in (old, old["params"]):
        with pytest.raises(fanwise.FanwiseError, match="this very module"):
            initialize(Mlp(), PLAIN, seed=0, inputs=(X,), values=values)
