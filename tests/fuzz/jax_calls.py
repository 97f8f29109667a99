"""Calls of fanwise.jax: its initializers on keys of every kind, its verbs on models and trees."""

from __future__ import annotations

import hashlib
import inspect
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
from flax import linen, nnx

import fanwise
import fanwise.jax
from fanwise.adapters.jax.layers.nodes import read_leaves
from fuzz import arguments, recipes, writes
from fuzz.calls import Call, Calls, Chooser

KEYS: Final = (
    lambda: jax.random.key(0), lambda: jax.random.key(2**31 - 1), lambda: jax.random.PRNGKey(7),
    lambda: jax.random.key(3, impl="rbg"),
    lambda: jax.random.key(3, impl="unsafe_rbg"), lambda: jnp.array([0, 2**32 - 1], jnp.uint32),
    lambda: jax.random.key_data(jax.random.key(5)),
)  # fmt: skip
ODD_KEYS: Final = (
    lambda: None, lambda: 0, lambda: "key", lambda: jnp.zeros(2), lambda: jnp.zeros(3, jnp.uint32),
    lambda: jnp.zeros((), jnp.uint32),
    lambda: jax.random.split(jax.random.key(0), 2), lambda: np.array([1, 2], np.uint32),
    lambda: np.array([1, 2]), lambda: [1, 2],
    lambda: jnp.zeros((2, 2), jnp.uint32), lambda: jax.ShapeDtypeStruct((2,), jnp.uint32),
    lambda: object(), lambda: True,
)  # fmt: skip
#: A framework compiles for every shape: few of them.
SHAPES: Final = ((), (0,), (5,), (4, 6), (6, 4), (0, 4), (3, 3, 4, 8), (2, 4, 6))
DTYPES: Final = (jnp.float32, "float32", jnp.bfloat16, jnp.float16, None, np.float32)
ODD_DTYPES: Final = (
    jnp.float64,
    "int32",
    jnp.int8,
    "x",
    3,
    object(),
    jnp.complex64,
    "float8_e4m3fn",
    [],
    "\ud800",
    bool,
)
#: What makes an initializer of ours: some names of the drop-in are functions of JAX itself.
FACTORIES: Final = tuple(
    name
    for name in dir(fanwise.jax)
    if name in {*fanwise.schemes(), "initializer"}
    and getattr(fanwise.jax, name).__module__.startswith("fanwise")
)


_AXIS: Final = arguments.one_of(
    *(-2, -1, 0, 1, 2) * 2, (0, 1), (), -9, 99, None, "in", (0, 0), 1.0, [0]
)  # fmt: skip


def initializer(chooser: Chooser) -> Call:
    """Make an initializer with arguments of every kind, and call it."""
    name = chooser.choice(FACTORIES)
    declared = inspect.signature(getattr(fanwise.jax, name)).parameters.values()
    how = arguments.some(chooser, declared, OTHERS, 0.25)
    key, shape, dtype = _key(chooser), _shape(chooser), _dtype(chooser)
    jitted = chooser.chance(0.1)

    def run() -> Any:
        made = getattr(fanwise.jax, name)(**how)
        if jitted and isinstance(shape, tuple):
            return jax.jit(lambda k: made(k, shape, dtype))(key)
        return made(key, shape, dtype)

    def wrong(result: Any) -> str:
        return "" if result.shape == tuple(shape) else f"a shape of {result.shape}"

    text = f"{name}(**{how!r:.500})({_text(key)}, {shape!r}, {dtype!r}){' in jit' * jitted}"
    return Call(text=text, run=run, wrong=wrong, wrong_types=chooser.wrong_types)


def scheme_from_key(chooser: Chooser) -> Call:
    """Draw a scheme, and compare it with NumPy."""
    scheme, shape = arguments.scheme(chooser), chooser.choice(SHAPES)
    axes, path = arguments.axes(chooser, len(shape)), arguments.path(chooser)
    seed = arguments.seed(chooser)
    dtype = chooser.choice(("float32", "bfloat16", "float16"))

    def run() -> Any:
        made = fanwise.jax.initializer(scheme, axes=axes, seed=seed, path=path)
        return made(jax.random.key(0), shape, jnp.dtype(dtype))

    def wrong(result: Any) -> str:
        if seed is None:
            return ""
        expected = np.asarray(
            fanwise.sample(scheme, shape, seed=seed, path=path, axes=axes, dtype=dtype)
        )
        return (
            ""
            if np.asarray(result).tobytes() == expected.tobytes()
            else "not the weight that NumPy draws"
        )

    how = f"axes={axes!r:.100}, seed={seed!r}, path={path!r:.50}"
    text = f"initializer({scheme!r:.300}, {how})(_, {shape}, {dtype})"
    return Call(text=text, run=run, wrong=wrong, wrong_types=chooser.wrong_types)


def initialized(chooser: Chooser) -> Call:
    """Start a model, or a tree of any kind, by a recipe."""
    model, how = _model(chooser)
    if chooser.chance(0.95):
        how["seed"] = arguments.seed(chooser)
    else:
        chooser.wrong_types = True
    for name, values in {
        "engine": ("portable", "native", "", None),
        "only": (None, "**", "*kernel", [], "nothing", 3, "{a,"),
        "exclude": (None, "**", "*bias", [], "nothing", 3),
        "missing": ([], ["kernel"], ["['w']"], "w", 3, [3], [()], {"w"}),
        "dry_run": (True, False, None),
        "report": (True, False),
        "layers": (3, 0, "x", None),
        "inputs": (None, (), (jnp.zeros((1, 3)),), 3, (None,)),
        "describe": (None, lambda name, array: None, lambda name, array: 3, 3),
        "values": (None, {}, 3),
        "keywords": (None, {}, {"train": True}, 3),
        "method": (None, "x", len),
        "shardings": (None, 3),
    }.items():
        if chooser.chance(0.06):
            how[name] = chooser.choice(values)
            chooser.wrong_types = True
    recipe = recipes.recipe(chooser)
    arrays = [np.asarray(leaf).copy() for leaf in _leaves(model)]

    def data() -> object:
        return [np.asarray(leaf).tobytes() for leaf in _leaves(model)]

    def wrong(result: Any) -> str:
        kept = isinstance(model, nnx.Module) or data() == [array.tobytes() for array in arrays]
        return "" if kept else "the caller's arrays were written"

    text = f"initialize({_text(model)}, {recipe!r:.600}, **{how!r:.300})"
    return Call(
        text=text, run=lambda: fanwise.jax.initialize(model, recipe, **how), data=data, wrong=wrong,
        wrong_types=chooser.wrong_types,
    )  # fmt: skip


def written(chooser: Chooser) -> Call:
    """Draw and hash a start of a model, or of a tree of any kind."""
    model, call = _model(chooser)
    how = call | writes.options(chooser)
    recipe = recipes.recipe(chooser)

    def data() -> object:
        return [np.asarray(leaf).tobytes() for leaf in _leaves(model)]

    def wrong(result: Any) -> str:
        if isinstance(model, nnx.Module) or {"form", "dtype", "to"} & {*how}:
            return writes.has_no_digest(result)
        layers = {"layers": how["layers"]} if "layers" in how else {}
        start, _ = fanwise.jax.initialize(model, recipe, seed=how["seed"], **call, **layers)
        leaves, _ = read_leaves(start)
        named = {
            "/".join(leaf.names): leaf.value for leaf in leaves if hasattr(leaf.value, "dtype")
        }
        digests = {
            name: hashlib.sha256(np.asarray(value).tobytes()).hexdigest()
            for name, value in named.items()
            if name in result.tensors
        }
        different = [name for name, digest in digests.items() if digest != result.tensors[name]]
        return f"other bytes than initialize sets: {different}" if different else ""

    text = f"write({_text(model)}, {recipe!r:.600}, **{how!r:.300})"
    return Call(
        text=text, run=lambda: fanwise.jax.write(model, recipe, **how), data=data, wrong=wrong,
        wrong_types=chooser.wrong_types,
    )  # fmt: skip


CALLS: Calls = {
    "initializer": initializer, "scheme": scheme_from_key, "initialize": initialized,
    "write": written,
}  # fmt: skip


def _key(chooser: Chooser) -> Any:
    if chooser.chance(0.12):
        chooser.wrong_types = True
        return chooser.choice(ODD_KEYS)()
    return chooser.choice(KEYS)()


def _shape(chooser: Chooser) -> Any:
    if chooser.chance(0.08):
        chooser.wrong_types = True
        return chooser.choice(
            (
                None,
                3,
                (4, -6),
                (4, 6.0),
                "46",
                (2**40, 2**40),
                [4, 6],
                (jnp.int32(4), 6),
                np.array([4, 6]),
                ((4,), 6),
            )
        )
    return chooser.choice(SHAPES)


def _dtype(chooser: Chooser) -> Any:
    if chooser.chance(0.1):
        chooser.wrong_types = True
        return chooser.choice(ODD_DTYPES)
    return chooser.choice(DTYPES)


class _Linen(linen.Module):
    @linen.compact
    def __call__(self, x: Any) -> Any:
        return linen.Dense(2)(linen.relu(linen.Dense(4)(x)))


class _Stacked(linen.Module):
    @linen.compact
    def __call__(self, x: Any) -> Any:
        layer = linen.vmap(
            linen.Dense,
            variable_axes={"params": 0},
            split_rngs={"params": True},
            in_axes=None,
            axis_size=2,
        )
        return layer(4)(x)


def _flat(x: Any) -> Any:
    return {"layers_0": {"kernel": x, "bias": jnp.zeros(4)}}


#: Arguments that are JAX's own.
OTHERS: Final = {
    "dtype": _dtype,
    **dict.fromkeys(("in_axis", "out_axis", "batch_axis", "column_axis"), _AXIS),
}


def _model(chooser: Chooser) -> tuple[Any, dict[str, Any]]:
    """Return something that a caller might take for a model, and what its start needs."""
    inputs = {"inputs": (jnp.zeros((1, 3)),)}
    draw = chooser.random()
    if draw < 0.35:
        return chooser.choice(
            (
                _Linen(),
                linen.Dense(4),
                _Stacked(),
                linen.Sequential([linen.Dense(4), linen.LayerNorm()]),
            )
        ), inputs
    if draw < 0.65:
        return chooser.choice((
            lambda: nnx.Linear(3, 4, rngs=nnx.Rngs(0)), lambda: nnx.Conv(3, 4, (3, 3),
            rngs=nnx.Rngs(0)),
            lambda: nnx.Sequential(nnx.Linear(3, 4, rngs=nnx.Rngs(0)), nnx.BatchNorm(4,
            rngs=nnx.Rngs(0))),
            lambda: nnx.MultiHeadAttention(2, 4, rngs=nnx.Rngs(0), decode=False),
            lambda: nnx.LSTMCell(3, 4, rngs=nnx.Rngs(0)),
            lambda: nnx.vmap(lambda r: nnx.Linear(3, 4,
            rngs=r))(nnx.Rngs(0).fork(split=2)) if hasattr(nnx.Rngs(0), "fork") else nnx.Linear(3,
            4, rngs=nnx.Rngs(0)),
            lambda: nnx.state(nnx.Linear(3, 4, rngs=nnx.Rngs(0))), lambda: nnx.split(nnx.Linear(3,
            4, rngs=nnx.Rngs(0))),
        ))(), {}  # fmt: skip
    trees = (
        lambda: _flat(jnp.ones((3, 4))), lambda: {"params": _flat(jnp.ones((3, 4)))}, dict, list,
        lambda: jnp.ones((3, 4)),
        lambda: [jnp.ones((3, 4)), {"b": jnp.ones(4)}], lambda: {"a": None}, lambda: {"a": 3,
        "b": "x"}, lambda: {1: jnp.ones((2, 2))},
        lambda: jax.tree_util.Partial(len, jnp.ones(3)), lambda: {"step": jnp.zeros((), jnp.int32),
        "w": jnp.ones((3, 4))},
        lambda: _flat(jax.ShapeDtypeStruct((3, 4), jnp.float32)), lambda: _flat(np.ones((3, 4),
        "f4")), lambda: (linen.Dense(4), {"w": jnp.ones((3, 4))}),
        lambda: {"w": jnp.ones((3, 4), jnp.int32)}, lambda: {"w": jnp.ones((3, 4), jnp.complex64)},
        lambda: {"key": jax.random.key(0), "w": jnp.ones((3, 4))},
        chooser.junk,
    )  # fmt: skip
    return chooser.choice(trees)(), {}


def _leaves(model: Any) -> list[Any]:
    try:
        leaves = jax.tree_util.tree_leaves(
            nnx.state(model) if isinstance(model, nnx.Module) else model
        )
    except Exception:  # noqa: BLE001 - some are no trees
        return []
    return [
        leaf
        for leaf in leaves
        if isinstance(leaf, jax.Array | np.ndarray)
        and not jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)
    ]


def _text(value: Any) -> str:
    try:
        return " ".join(repr(value)[:300].split())
    except Exception:  # noqa: BLE001 - it cannot be shown
        return type(value).__name__
