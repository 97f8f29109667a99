"""Flax's layers: their true axes and fans, and setting them."""

import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from common.bits import same_bits
from flax import linen, nnx

import fanwise
import fanwise.jax as initializers
from fanwise.core import to_canonical
from fanwise.spec import fans

S = fanwise.scheme
SEED = 2**40 + 3


def rngs():
    return nnx.Rngs(1)


def stored(variable):
    return np.asarray(variable.get_value())


def everything(layer):
    return [np.asarray(leaf).tobytes() for leaf in jax.tree.leaves(nnx.state(layer))]


#: Without Flax's own initializers, which would take their time.
BARE = {"rngs": rngs(), "kernel_init": initializers.zeros}

LAYERS = {
    "dense": (lambda: nnx.Linear(6, 4, **BARE), "kernel", 1, (6, 4)),
    "conv": (lambda: nnx.Conv(6, 8, (3, 5), **BARE), "kernel", 1, (90, 120)),
    "grouped": (
        lambda: nnx.Conv(6, 8, (3, 5), feature_group_count=2, **BARE),
        "kernel",
        2,
        (45, 60),
    ),
    "depthwise": (
        lambda: nnx.Conv(6, 6, (3,), feature_group_count=6, **BARE),
        "kernel",
        6,
        (3, 3),
    ),
    "transposed": (lambda: nnx.ConvTranspose(6, 8, (3, 5), **BARE), "kernel", 1, (90, 120)),
    "transposed, stored so": (
        lambda: nnx.ConvTranspose(6, 8, (3, 5), transpose_kernel=True, **BARE),
        "keras_transposed",
        1,
        (90, 120),
    ),
    "general": (
        lambda: nnx.LinearGeneral((3, 4), (5, 2), axis=(-2, -1), **BARE),
        "in in out out",
        1,
        (12, 10),
    ),
    "general, batched": (
        lambda: nnx.LinearGeneral(4, 5, batch_axis={0: 3}, **BARE),
        "batch in out",
        1,
        (4, 5),
    ),
}


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_gets_its_true_fans(name):
    make, axes, groups, counted = LAYERS[name]
    layer = make()
    variables = (layer.kernel, layer.bias)
    made = initializers.set_initializer(
        layer, "glorot_normal", "torch_default", seed=SEED, path="a/b"
    )
    assert made is layer
    assert (layer.kernel, layer.bias) == variables
    kernel, bias = stored(layer.kernel), stored(layer.bias)
    assert fans(kernel.shape, axes, groups) == counted
    scheme = S("glorot_normal", groups=groups)
    wanted = fanwise.sample(scheme, kernel.shape, seed=SEED, path="a/b/kernel", axes=axes)
    assert same_bits(kernel, wanted)
    scheme = S("torch_default", fan=counted[0])
    assert (
        bias.tobytes() == fanwise.sample(scheme, bias.shape, seed=SEED, path="a/b/bias").tobytes()
    )


def test_the_defaults():
    layer = initializers.set_initializer(nnx.Linear(6, 4, rngs=rngs()), seed=0)
    assert (
        stored(layer.kernel) == fanwise.sample("he_normal", (6, 4), seed=0, path="kernel")
    ).all()
    assert (stored(layer.bias) == 0).all()


def test_a_layer_keeps_its_dtype_and_may_lack_a_bias():
    layer = nnx.Linear(6, 4, use_bias=False, param_dtype=jnp.bfloat16, rngs=rngs())
    initializers.set_initializer(layer, "normal", seed=1, path="x")
    wanted = fanwise.sample("normal", (6, 4), seed=1, path="x/kernel", dtype="bfloat16")
    assert same_bits(stored(layer.kernel), wanted)


def test_an_embedding():
    layer = initializers.set_initializer(nnx.Embed(7, 3, rngs=rngs()), "normal", seed=1, path="x")
    assert (
        stored(layer.embedding) == fanwise.sample("normal", (7, 3), seed=1, path="x/embedding")
    ).all()


@pytest.mark.parametrize("kind", ["BatchNorm", "LayerNorm", "RMSNorm", "GroupNorm"])
def test_a_normalization_starts_as_an_identity(kind):
    how = {"num_groups": 2} if kind == "GroupNorm" else {}
    layer = getattr(nnx, kind)(4, rngs=rngs(), **how)
    nnx.update(layer, jax.tree.map(lambda leaf: leaf + 7, nnx.state(layer)))
    initializers.set_initializer(layer, seed=0, path="norm")
    start = {"scale": 1, "bias": 0, "mean": 0, "var": 1}
    found = {n: stored(getattr(layer, n)) for n in start if getattr(layer, n, None) is not None}
    assert found
    assert all((value == start[name]).all() for name, value in found.items())
    assert ("var" in found) == (kind == "BatchNorm")


def test_a_shared_layer_stays_one():
    class Twice(nnx.Module):
        def __init__(self):
            self.first = nnx.Linear(4, 4, rngs=rngs())
            self.second = self.first

    model = Twice()
    initializers.set_initializer(model.second, seed=0, path="shared")
    assert model.first.kernel is model.second.kernel
    assert len(jax.tree.leaves(nnx.state(model, nnx.Param))) == 2
    assert (
        stored(model.first.kernel)
        == fanwise.sample("he_normal", (4, 4), seed=0, path="shared/kernel")
    ).all()


def test_inside_a_compiled_function():
    @nnx.jit
    def start(layer):
        initializers.set_initializer(layer, "orthogonal", "normal", seed=5, path="p")

    layer = nnx.Linear(6, 4, rngs=rngs())
    start(layer)
    assert (
        stored(layer.kernel) == fanwise.sample("orthogonal", (6, 4), seed=5, path="p/kernel")
    ).all()
    assert (stored(layer.bias) == fanwise.sample("normal", (4,), seed=5, path="p/bias")).all()


def test_natively():
    layers = [
        initializers.set_initializer(
            nnx.Linear(64, 64, rngs=rngs()), "he_normal", "normal", seed=s, path=p, engine="native"
        )
        for s, p in ((0, "a"), (0, "b"), (1, "a"))
    ]
    drawn = [stored(layer.kernel) for layer in layers]
    assert len({array.tobytes() for array in drawn}) == 3
    assert all(array.std() == pytest.approx(np.sqrt(2 / 64), rel=0.05) for array in drawn)
    assert not (stored(layers[0].bias) == drawn[0][0]).any()


def test_the_transposed_kernel_that_is_stored_transposed_turns_a_convolution_round():
    """Its function is that of torch's and Keras's layer: the gradient of a convolution."""
    kernel = fanwise.sample("normal", (3, 3, 2, 5), seed=0, path="up/kernel")
    layer = nnx.ConvTranspose(2, 5, (3, 3), transpose_kernel=True, padding="VALID", rngs=rngs())
    initializers.set_initializer(layer, "normal", seed=0, path="up")
    x = jnp.asarray(fanwise.sample("normal", (1, 4, 4, 2), seed=1))

    def convolve(y):
        return jax.lax.conv_general_dilated(
            y,
            kernel.transpose(0, 1, 3, 2),
            (1, 1),
            "VALID",
            dimension_numbers=("NHWC", "HWIO", "NHWC"),
        )

    (turned,) = jax.vjp(convolve, jnp.zeros((1, 6, 6, 5)))[1](x)
    np.testing.assert_allclose(layer(x), turned, rtol=1e-5, atol=1e-5)


LINEN = {
    "dense": (linen.Dense(4), (6,), "kernel", "kernel"),
    "general": (linen.DenseGeneral((2, 4), axis=(-2, -1)), (3, 5), "kernel", "in in out out"),
    "conv": (linen.Conv(4, (3, 3)), (5, 5, 6), "kernel", "kernel"),
    "transposed": (
        linen.ConvTranspose(4, (3, 3), transpose_kernel=True),
        (5, 5, 6),
        "keras_transposed",
        "keras_transposed",
    ),
}


@pytest.mark.parametrize("name", LINEN)
def test_linen_layers_take_an_initializer(name):
    layer, inputs, given, axes = LINEN[name]
    init = initializers.initializer("he_normal", axes=given, seed=SEED, path="x/kernel")
    layer = layer.clone(kernel_init=init, bias_init=initializers.zeros)
    made = layer.init(jax.random.key(0), jnp.zeros((1, *inputs)))["params"]["kernel"]
    wanted = fanwise.sample("he_normal", made.shape, seed=SEED, path="x/kernel", axes=axes)
    assert same_bits(made, wanted)
    compiled = jax.jit(layer.init)(jax.random.key(0), jnp.zeros((1, *inputs)))["params"]["kernel"]
    assert same_bits(compiled, wanted)


def test_linen_layers_by_their_keys():
    model = linen.Sequential(
        [linen.Dense(8, kernel_init=initializers.he_normal())] * 1
        + [linen.Dense(8, kernel_init=initializers.he_normal())]
    )
    params = model.init(jax.random.key(0), jnp.zeros((1, 8)))["params"]
    one, two = (np.asarray(layer["kernel"]) for layer in params.values())
    assert not (one == two).any()


BAD = {
    "unknown scheme": ({"kernel": "he_norml"}, "Unknown scheme 'he_norml'"),
    "no scheme": ({"kernel": 3}, "a scheme or its name"),
    "unknown bias": ({"bias": "zeroes"}, "Unknown scheme 'zeroes'"),
    "bias of no shape": ({"bias": "orthogonal"}, "in and out axes for orthogonal"),
    "kernel of no shape": ({"kernel": "dirac"}, "receptive axes for dirac"),
    "seed": ({"seed": -1}, "an integer seed"),
    "no seed": ({"seed": None}, "an integer seed"),
    "path": ({"path": 5}, "a path as a string"),
    "engine": ({"engine": "fast"}, "engine 'portable' or 'native'"),
    "native without": (
        {"kernel": "normal", "bias": "normal", "engine": "natively"},
        "'native' for the framework's own",
    ),
}


@pytest.mark.parametrize(("bad", "words"), BAD.values(), ids=BAD.keys())
def test_bad_input_leaves_the_layer_alone(bad, words):
    layer = nnx.Linear(6, 4, rngs=rngs())
    before = everything(layer)
    with pytest.raises(fanwise.FanwiseError, match=words):
        initializers.set_initializer(layer, **{"seed": 0, "kernel": "normal", **bad})
    assert everything(layer) == before


REFUSED = {
    "a module without inputs": (linen.Dense(4), {}, "what to call a linen module with"),
    "a number": (3, {}, "a model or a pytree of arrays"),
    "nothing": (None, {}, "a model or a pytree of arrays"),
    "linen's variables": ({"params": {"kernel": jnp.zeros((3, 4))}}, {}, "the module itself"),
    "names that say nothing": ({"theta": jnp.zeros((3, 4))}, {}, "weights have known axes"),
    "inputs of another": ({"w": jnp.zeros((3, 4))}, {"inputs": (3,)}, "no inputs for this model"),
}


@pytest.mark.parametrize(("layer", "options", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_layer_is_refused(layer, options, words):
    with pytest.raises(fanwise.FanwiseError, match=words):
        initializers.set_initializer(layer, seed=0, **options)


def test_a_layer_without_weights_needs_none():
    layer = nnx.Dropout(0.5)
    assert initializers.set_initializer(layer, seed=0) is layer


BLOCKED = """
import sys

sys.modules["flax"] = None
import jax
import fanwise.jax

fanwise.jax.he_normal()(jax.random.key(0), (3, 4))
jax.jit(lambda key: fanwise.jax.orthogonal()(key, (3, 4)))(jax.random.key(0))
fanwise.jax.set_initializer({{"w": jax.numpy.zeros((3, 4))}}, seed=0)
print("without")
{more}
"""


@pytest.mark.parametrize("more", ["", "from flax import nnx"])
def test_jax_alone_will_do(more):
    """And Flax itself shows that the block holds."""
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED.format(more=more)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "without\n", done.stderr
    assert (done.returncode == 0) == (not more), done.stderr
    assert ("ModuleNotFoundError" in done.stderr or "ImportError" in done.stderr) == bool(more)


def test_canonical_order_of_every_layer():
    """The same kernel, whatever the storage: P4."""

    def kernel(**how):
        layer = nnx.ConvTranspose(6, 8, (3, 5), **how, rngs=rngs())
        return np.array(stored(initializers.set_initializer(layer, seed=0, path="u").kernel))

    turned = kernel(transpose_kernel=True)
    assert (to_canonical(turned, "keras_transposed") == kernel()).all()
