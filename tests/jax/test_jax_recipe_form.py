"""Each line of the form of recipes on one model of three libraries: linen, nnx, and a pytree."""

from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import linen, nnx
from jax.nn import initializers

import fanwise
from fanwise.jax import initialize, paths
from fanwise.spec.weights import Weight

LIBRARIES = ("linen", "nnx", "pytree")
#: Up to Flax 0.12.0 the layers of nnx keep what they were drawn by.
KEEPS = hasattr(nnx.Linear(1, 1, rngs=nnx.Rngs(0)), "kernel_init")
REST = {"name": "rest", "match": "**", "init": {"scheme": "normal", "std": 0.5}}


class LinenRootNorm(linen.Module):
    @linen.compact
    def __call__(self, x):
        return x * self.param("g", initializers.ones, (8,))


class LinenExperts(linen.Module):
    @linen.compact
    def __call__(self, x):
        return x @ self.param("up", initializers.normal(0.1), (3, 8, 8))[0]


class LinenBlock(linen.Module):
    @linen.compact
    def __call__(self, x):
        return linen.Dense(8, name="down")(x)


class LinenModel(linen.Module):
    @linen.compact
    def __call__(self, x):
        x = LinenRootNorm(name="norm")(x)
        x = LinenExperts(name="experts")(x)
        for number in range(3):
            x = LinenBlock(name=f"block_{number}")(x)
        return x


class NnxRootNorm(nnx.Module):
    def __init__(self):
        self.g_init = initializers.ones
        self.g = nnx.Param(jnp.full(8, 3.0))


class NnxExperts(nnx.Module):
    def __init__(self):
        self.up_init = initializers.normal(0.1)
        self.up = nnx.Param(jnp.full((3, 8, 8), 3.0))


class NnxBlock(nnx.Module):
    def __init__(self, rngs):
        self.down = nnx.Linear(8, 8, rngs=rngs)


class NnxModel(nnx.Module):
    def __init__(self):
        self.norm, self.experts = NnxRootNorm(), NnxExperts()
        for number in range(3):
            setattr(self, f"block_{number}", NnxBlock(nnx.Rngs(0)))


class TreeRootNorm(eqx.Module):
    g: jax.Array


def tree():
    down = {"kernel": jnp.full((8, 8), 3.0), "bias": jnp.full(8, 3.0)}
    return {
        "norm": TreeRootNorm(jnp.full(8, 3.0)),
        "experts": {"up": jnp.full((3, 8, 8), 3.0)},
        **{f"block_{number}": {"down": jax.tree.map(jnp.copy, down)} for number in range(3)},
    }


def set_by(library, recipe, **how):
    """Set the model, and return its arrays by their own names, with the summary."""
    if library == "linen":
        variables, summary = initialize(
            LinenModel(), recipe, seed=0, inputs=(jnp.zeros((1, 8)),), **how
        )
        made = variables["params"]
    elif library == "nnx":
        model = NnxModel()
        summary = initialize(model, recipe, seed=0, **how)
        made = nnx.state(model)
    else:
        made, summary = initialize(tree(), recipe, seed=0, **how)
    named = {}
    for path, leaf in jax.tree_util.tree_leaves_with_path(made):
        names = [str(getattr(key, "key", getattr(key, "name", ""))) for key in path]
        named["/".join(name for name in names if name != "value")] = leaf
    return named, summary


def rules(*given, **more):
    return {"fanwise": 1, "rule": [*given, REST], "allow": {"unused": ["rest"]}, **more}


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("pattern", ["*RootNorm", f"{__name__}.*RootNorm"])
def test_a_class_is_a_condition_by_its_name_and_by_the_full_one(library, pattern):
    recipe = rules({"class": pattern, "match": "**/g", "init": "ones"})
    named, summary = set_by(library, recipe)
    assert (np.asarray(named["norm/g"]) == 1).all()
    assert [row.path for row in summary.rows if row.rule == 1] == ["norm/g"]


@pytest.mark.parametrize("library", LIBRARIES)
def test_axes_say_how_a_parameter_is_read(library):
    rule = {"match": "**/experts/up", "axes": "batch in out", "init": "orthogonal"}
    named, _ = set_by(library, rules(rule))
    for expert in np.asarray(named["experts/up"]):
        assert np.allclose(expert @ expert.T, np.eye(8), atol=1e-5)
    expected = fanwise.sample(
        "orthogonal", (3, 8, 8), seed=0, path="experts/up", axes="batch in out"
    )
    assert np.array_equal(named["experts/up"], expected)


@pytest.mark.parametrize("library", LIBRARIES)
def test_axes_divide_what_lies_side_by_side(library):
    axes = "batch in (gate=2 value=6 out)"
    rule = {"match": "experts/up", "axes": axes, "init": "he_normal"}
    named, summary = set_by(library, rules(rule))
    rows = {row.path: row for row in summary.rows if row.rule == 1}
    assert rows.keys() == {"experts/gate/up", "experts/value/up"}
    start = 0
    for name, size in (("gate", 2), ("value", 6)):
        path = f"experts/{name}/up"
        part = fanwise.sample("he_normal", (3, 8, size), seed=0, path=path, axes="batch in out")
        assert np.array_equal(np.asarray(named["experts/up"])[..., start : start + size], part)
        start += size


@pytest.mark.parametrize("library", LIBRARIES)
def test_whole_numbers_in_a_path_are_captured(library):
    std = "0.02 * (i + 1) / i_count"
    rule = {"match": "block_<i>/down/kernel", "init": {"scheme": "normal", "std": std}}
    _, summary = set_by(library, rules(rule))
    stds = {row.path: row.expected for row in summary.rows if row.rule == 1}
    assert stds == {f"block_{i}/down/kernel": pytest.approx(0.02 * (i + 1) / 3) for i in range(3)}


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_is_kept_stays_and_is_said_to(library):
    named, summary = set_by(library, rules({"match": "norm/**", "init": "keep"}))
    own = 1.0 if library == "linen" else 3.0
    assert (np.asarray(named["norm/g"]) == own).all()
    assert summary.left_alone == ("norm/g",)
    assert "norm/g" not in {row.path for row in summary.rows}


def test_what_does_not_train_is_drawn_by_a_rule_about_it_alone():
    given = {"w": jnp.full((8, 8), 3.0), "b": jnp.full(8, 3.0)}

    def describe(path, array):
        role = {"w": "kernel", "b": "bias"}[path]
        weight = Weight(path, array.shape, "in out" if role == "kernel" else "out", role, "dense")
        return replace(weight, trains=role == "bias")

    def set_frozen(*rules):
        return initialize(given, {"fanwise": 1, "rule": rules}, seed=0, describe=describe)

    zeros = {"match": "**", "init": "zeros"}
    with pytest.raises(fanwise.FanwiseError, match="do not train"):
        set_frozen(zeros)
    kept, summary = set_frozen({"frozen": True, "init": "keep"}, zeros)
    assert (kept["w"] == 3).all()
    assert summary.left_alone == ("w",)
    drawn, _ = set_frozen({"frozen": True, "init": "ones"}, zeros)
    assert (drawn["w"] == 1).all()
    assert (drawn["b"] == 0).all()


@pytest.mark.parametrize("library", LIBRARIES)
def test_own_is_what_is_declared(library):
    downs = [f"block_{i}/down/kernel" for i in range(3)]
    declares = {
        "linen": {"norm/g", "experts/up", *downs},
        "nnx": {"norm/g", "experts/up", *downs},
        "pytree": set(),
    }
    own = {"match": "{norm,experts,block_?/down}/{g,up,kernel}", "init": "own", "name": "own"}
    recipe = rules(own)
    recipe["allow"]["unused"].append("own")
    named, summary = set_by(library, recipe)
    assert {row.path for row in summary.rows if row.rule == 1} == declares[library]
    rows = {row.path: row for row in summary.rows}
    if library == "nnx":
        # What a module holds goes before a function that it keeps.
        assert (np.asarray(named["norm/g"]) == 3).all()
        assert rows["experts/up"].scheme == "constant"
    if library == "linen":
        assert (np.asarray(named["norm/g"]) == 1).all()
        assert rows["experts/up"].expected == 0.1
        assert rows["block_0/down/kernel"].scheme == "lecun_normal"


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_recipe_extends_another(library):
    recipe = {
        "fanwise": 1,
        "extends": "flax_default",
        "rule": [
            {"match": "block_0/**/kernel", "init": "zeros"},
            {"match": "{norm,experts}/*", "init": {"scheme": "normal", "std": 0.3}},
        ],
    }
    named, summary = set_by(library, recipe)
    assert (np.asarray(named["block_0/down/kernel"]) == 0).all()
    schemes = {row.path: row.scheme for row in summary.rows}
    assert schemes["block_1/down/kernel"] == "lecun_normal"
    assert schemes["experts/up"] == "normal"


@pytest.mark.parametrize("library", LIBRARIES)
def test_indices_in_names_are_shifted(library):
    names = {"flax": {"block_<i>": "layer<i + 1>"}}
    named, summary = set_by(library, rules(names=names))
    assert {row.path for row in summary.rows if row.role == "kernel"} == {
        f"layer{i + 1}/down/kernel" for i in range(3)
    }
    expected = fanwise.sample(
        fanwise.scheme("normal", std=0.5), (8, 8), seed=0, path="layer1/down/kernel"
    )
    assert np.array_equal(named["block_0/down/kernel"], expected)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_name_that_is_given_overrides_a_guessed_role(library):
    names = {"flax": {"norm/g": "norm/bias"}}
    _, summary = set_by(library, rules({"role": "bias", "init": "zeros"}, names=names))
    rows = {row.path: row for row in summary.rows}
    assert (rows["norm/bias"].role, rows["norm/bias"].rule) == ("bias", 1)


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_paths_of_a_model_are_told_before_any_recipe(library):
    models = {"linen": LinenModel(), "nnx": NnxModel(), "pytree": tree()}
    inputs = {"inputs": (jnp.zeros((1, 8)),)} if library == "linen" else {}
    table = paths(models[library], **inputs)
    rows = {row.path: row for row in table.rows}
    norm = rows["norm/g"]
    assert norm.class_name.endswith("RootNorm")
    assert norm.class_name.startswith(f"{__name__}.")
    assert (norm.role, norm.kind, norm.shape) == ("scale", "norm", (8,))
    assert norm.guess
    assert "norm/g" in norm.names or "params/norm/g" in norm.names
    kernel = rows["block_0/down/kernel"]
    assert (kernel.role, kernel.kind, kernel.axes) == ("kernel", "dense", "in out")
    assert bool(kernel.own) == (library == "linen" or (KEEPS and library == "nnx"))
    assert "RootNorm" in str(table)
    assert table.to_dict()["rows"][0].keys() >= {"path", "role", "kind", "class_name", "shape"}


#: What a checkpoint may say that it does not have, and which weights these are.
MISSING = {
    "norm/g": {"norm/g"},
    "block_1": {"block_1/down/kernel", "block_1/down/bias"},
    "keystr": {"norm/g"},
    "key path": {"norm/g"},
    "tuple of names": {"norm/g"},
}


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("name", MISSING)
def test_only_what_a_checkpoint_did_not_bring_is_set(library, name):
    if library == "linen":
        states = LinenModel().init(jax.random.key(0), jnp.zeros((1, 8)))
    else:
        states = nnx.state(NnxModel()) if library == "nnx" else tree()
    leaves = [path for path, _ in jax.tree_util.tree_leaves_with_path(states)]
    key = next(path for path in leaves if "norm" in jax.tree_util.keystr(path))
    written = {
        "keystr": jax.tree_util.keystr(key),
        "key path": key,
        # As the trees that flax.traverse_util.flatten_dict and nnx.to_flat_state make have them.
        "tuple of names": ("norm", "g"),
    }
    missing = written.get(name, name)
    _, summary = set_by(library, rules(), missing=[missing])
    assert {row.path for row in summary.rows} == MISSING[name]
    assert len(summary.left_alone) + len(summary.rows) == 8
    with pytest.raises(fanwise.FanwiseError, match="missing"):
        set_by(library, rules(), missing=["nowhere"])


@pytest.mark.parametrize("library", LIBRARIES)
def test_nothing_is_missing(library):
    _, summary = set_by(library, rules(), missing=[])
    assert summary.rows == ()


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_dry_run_reports_problems_and_changes_nothing(library):
    recipe = {"fanwise": 1, "rule": [{"role": "kernel", "init": "he_normal"}]}
    named, summary = set_by(library, recipe, dry_run=True)
    (problem,) = summary.problems
    assert problem.kind == "unruled"
    assert {"norm/g", "block_0/down/bias"} <= set(problem.paths)
    assert len(summary.rows) == 3
    if library == "pytree":
        assert (named["block_0/down/kernel"] == 3).all()
    with pytest.raises(fanwise.FanwiseError) as caught:
        set_by(library, recipe)
    assert [p.kind for p in caught.value.problems] == ["unruled"]


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_an_error_says_to_paste_fits(library):
    recipe = {"fanwise": 1, "rule": [{"role": "kernel", "init": "he_normal"}]}
    with pytest.raises(fanwise.FanwiseError) as caught:
        set_by(library, recipe)
    text = str(caught.value)
    if library != "linen":
        assert "3" in text.partition("This recipe would fit")[0]  # what the weights hold
    mended = text.partition("This recipe would fit:")[2].strip()
    _, summary = set_by(library, mended)
    assert summary.problems == ()
    assert len(summary.rows) + len(summary.left_alone) == 8


def test_what_is_no_weight_is_named_as_left_alone():
    class WithState(nnx.Module):
        def __init__(self, rngs):
            self.dense = nnx.Linear(4, 4, rngs=rngs)
            self.dropout = nnx.Dropout(0.5, rngs=rngs)

    summary = initialize(WithState(nnx.Rngs(0)), "flax_default", seed=0)
    assert {name.rpartition("/")[2] for name in summary.left_alone} == {"count", "key"}
    assert all(name.startswith("dropout/rngs/") for name in summary.left_alone)
    counted = {"dense": {"w": jnp.zeros((4, 4))}, "steps": jnp.zeros((), int)}
    assert initialize(counted, "flax_default", seed=0)[1].left_alone == ("steps",)
    _, summary = set_by("pytree", rules(), exclude="norm/**", only="{norm,block_0}/**")
    assert {"norm/g", "block_1/down/kernel", "experts/up"} <= set(summary.left_alone)
