"""Starts of JAX models as files: what initialize would set, from real and from abstract ones."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import linen, nnx
from safetensors.numpy import load_file, save_file

import fanwise.jax
from fanwise.adapters.jax.conformance.models import BUILDERS
from fanwise.adapters.jax.layers.nodes import read_leaves
from fanwise.conformance.checks.models import RECIPE, inputs
from fanwise.spec.errors import FanwiseError

INPUTS = inputs()
DENSE = {
    "fanwise": 1,
    "rule": [
        {"role": "kernel", "init": "he_normal"},
        {"role": "bias", "init": {"scheme": "normal", "std": 0.1}},
        {"role": "scale", "name": "scale", "init": "ones"},
    ],
    "allow": {"unused": ["scale"]},
}


def named(tree):
    leaves, _ = read_leaves(tree)
    return {"/".join(leaf.names): np.asarray(leaf.value) for leaf in leaves}


def assert_holds(file, expected):
    held = load_file(file)
    assert set(held) == set(expected)
    for name, array in expected.items():
        np.testing.assert_array_equal(held[name], array, err_msg=name)


@pytest.mark.parametrize("name", INPUTS)
def test_a_file_is_what_initialize_sets_of_a_linen_module(tmp_path, name):
    module, array = BUILDERS[name](), jnp.asarray(INPUTS[name])
    fanwise.jax.write(module, RECIPE, seed=3, to=tmp_path / "a.safetensors", inputs=(array,))
    variables, _ = fanwise.jax.initialize(module, RECIPE, seed=3, inputs=(array,))
    assert_holds(tmp_path / "a.safetensors", named(variables))


class Net(nnx.Module):
    """Dense layers, a norm, and random numbers of its own."""

    def __init__(self, rngs):
        self.up = nnx.Linear(6, 16, rngs=rngs)
        self.drop = nnx.Dropout(0.1, rngs=rngs)
        self.norm = nnx.RMSNorm(16, rngs=rngs)


def build():
    return Net(nnx.Rngs(0))


@pytest.mark.parametrize("make", [build, lambda: nnx.eval_shape(build)])
def test_a_file_is_what_initialize_sets_of_an_nnx_model(tmp_path, make):
    written = fanwise.jax.write(make(), DENSE, seed=3, to=tmp_path / "a.safetensors")
    model = build()
    fanwise.jax.initialize(model, DENSE, seed=3)
    expected = {
        "up/kernel": model.up.kernel,
        "up/bias": model.up.bias,
        "norm/scale": model.norm.scale,
    }
    assert_holds(tmp_path / "a.safetensors", {k: np.asarray(v[...]) for k, v in expected.items()})
    assert all("drop" in name for name in written.left_out)
    assert written.left_out


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_pytree_of_shapes_is_enough(dtype):
    tree = {"head": {"kernel": jax.ShapeDtypeStruct((6, 4), dtype)}}
    rules = {"fanwise": 1, "rule": [{"role": "kernel", "init": "orthogonal"}]}
    written = fanwise.jax.write(tree, rules, seed=0, digest_only=True)
    real = {"head": {"kernel": jnp.zeros((6, 4), dtype)}}
    assert fanwise.jax.write(real, rules, seed=0, digest_only=True).digest == written.digest


def test_what_is_kept_is_copied_or_named(tmp_path):
    rules = {
        "fanwise": 1,
        "rule": [{"role": "kernel", "init": "keep"}, {"role": "bias", "init": "ones"}],
    }
    module, array = linen.Dense(3), jnp.zeros((1, 4))
    variables = module.init(jax.random.key(0), array)
    to = tmp_path / "a.safetensors"
    with pytest.raises(FanwiseError, match="none of params/kernel"):
        fanwise.jax.write(module, rules, seed=0, to=to, inputs=(array,))
    fanwise.jax.write(module, rules, seed=0, to=to, inputs=(array,), values=variables)
    np.testing.assert_array_equal(
        load_file(to)["params/kernel"], np.asarray(variables["params"]["kernel"])
    )


def test_arguments_of_another_kind_of_model_are_refused():
    tree = {"head": {"kernel": jnp.zeros((6, 4))}}
    with pytest.raises(FanwiseError, match="no inputs for this model"):
        fanwise.jax.write(tree, DENSE, seed=0, inputs=(1,), digest_only=True)


OWN = {"fanwise": 1, "rule": [{"match": "**", "init": "own"}]}


@pytest.mark.parametrize("door", ["write", "initialize"])
@pytest.mark.parametrize(
    "model",
    [
        lambda: nnx.eval_shape(lambda: nnx.Linear(3, 4, rngs=nnx.Rngs(0))),
        lambda: {"head": {"kernel": jax.ShapeDtypeStruct((6, 4), "float32")}},
    ],
)
def test_an_abstract_model_does_not_tell_how_it_starts_by_itself(door, model):
    how = {"digest_only": True} if door == "write" else {}
    with pytest.raises(FanwiseError, match=r"Rule 1 starts weights as they declare.*build the"):
        getattr(fanwise.jax, door)(model(), OWN, seed=0, **how)


def test_a_built_model_is_written_as_it_starts_by_itself():
    model = nnx.Linear(3, 4, rngs=nnx.Rngs(0))
    written = fanwise.jax.write(model, OWN, seed=0, digest_only=True)
    assert sorted(written.tensors) == ["bias", "kernel"]


class Recurrent(linen.Module):
    """A cell that is made beside its RNN, whose path it does not have."""

    @linen.compact
    def __call__(self, x):
        return linen.RNN(linen.OptimizedLSTMCell(5))(x)


def test_gates_whose_layer_has_another_path_than_its_tensors_are_verified(tmp_path):
    model = Recurrent()
    inputs = (jnp.ones((1, 6, 4)),)
    fanwise.jax.write(model, "flax_default", seed=3, to=tmp_path / "a.npz", inputs=inputs)
    assert fanwise.verify(tmp_path / "a.npz").passed
    held = dict(np.load(tmp_path / "a.npz"))
    held[next(name for name in held if name.endswith("hf/kernel"))][1, 2] *= -1
    np.savez(tmp_path / "a.npz", **held)
    assert not fanwise.verify(tmp_path / "a.npz").passed


class Gated(linen.Module):
    """A recurrent cell under a name that a wrapper of Flax has for its own, too."""

    kind: type = linen.GRUCell
    name_of: str = "cell"

    @linen.compact
    def __call__(self, x):
        size = {"kernel_size": (3,)} if self.kind is linen.ConvLSTMCell else {}
        cell = self.kind(4, name=self.name_of, **size)
        return cell(cell.initialize_carry(jax.random.key(0), x.shape), x)


ROUGH = {
    "fanwise": 1,
    "rule": [
        {"role": "kernel", "init": "he_normal"},
        {"match": "**", "init": {"scheme": "normal", "std": 0.1}},
    ],
}
CELLS = [linen.GRUCell, linen.MGUCell, linen.LSTMCell, linen.OptimizedLSTMCell, linen.ConvLSTMCell]


@pytest.mark.parametrize("form", ["names", "canonical"])
@pytest.mark.parametrize("name", ["cell", "gates"])
@pytest.mark.parametrize("kind", CELLS)
def test_a_cell_whose_layer_has_a_part_of_a_weight_is_verified(tmp_path, kind, name, form):
    shape = (2, 9, 8) if kind is linen.ConvLSTMCell else (2, 8)
    asked = {"seed": 0, "form": form, "inputs": (jnp.ones(shape),)}
    fanwise.jax.write(Gated(kind, name), ROUGH, to=tmp_path / "out", **asked)
    for given in ({}, {"recipe": ROUGH, "seed": 0}, {"recipe": ROUGH, "seed": 0, "sample": 3}):
        verdict = fanwise.verify(tmp_path / "out", **given)
        assert verdict.passed, verdict
        assert not verdict.audit.undecided, verdict
    assert not fanwise.verify(tmp_path / "out", ROUGH, seed=1).passed


def test_the_one_gate_that_has_a_bias_is_compared_with_what_is_drawn(tmp_path):
    model, inputs = Gated(name_of="gates"), (jnp.ones((2, 8)),)
    fanwise.jax.write(model, ROUGH, seed=0, to=tmp_path / "a.safetensors", inputs=inputs)
    held = load_file(tmp_path / "a.safetensors")
    whole = fanwise.sample(
        fanwise.scheme("normal", std=0.1),
        (3, 4),
        seed=0,
        path="gates/recurrent_bias",
        axes="batch out",
    )
    np.testing.assert_array_equal(held["params/gates/hn/bias"], whole[2])
    held["params/gates/hn/bias"] = whole[1].copy()
    save_file(held, tmp_path / "a.safetensors")
    verdict = fanwise.verify(tmp_path / "a.safetensors")
    assert verdict.first_difference.path == "gates/recurrent_bias"
    assert verdict.first_difference.claim == "bits"
