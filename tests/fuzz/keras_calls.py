"""Calls of fanwise.keras, on the backend of the process: initializers, configs, layers."""

from __future__ import annotations

import hashlib
import inspect
from typing import Any, Final

import keras
import numpy as np

import fanwise
import fanwise.keras
from fanwise.adapters.keras.drawing.transfer import host_array
from fuzz import arguments, recipes, writes
from fuzz.calls import Call, Calls, Chooser

SHAPES: Final = ((), (0,), (5,), (4, 6), (6, 4), (0, 4), (3, 3, 4, 8), (2, 4, 6))
DTYPES: Final = (None, "float32", "float32", "bfloat16", "float16")
ODD_DTYPES: Final = (
    "int32",
    "x",
    3,
    "complex64",
    "float8_e4m3fn",
    [],
    np.float32,
    "float64",
    bool,
    object(),
)
#: Keras's own, in the namespace of the drop-in.
_OTHERS: Final = ("Initializer", "STFT", "STFTInitializer")
CLASSES: Final = tuple(
    name
    for name in dir(fanwise.keras)
    if name[0].isupper()
    and name not in _OTHERS
    and inspect.isclass(getattr(fanwise.keras, name))
    and issubclass(getattr(fanwise.keras, name), keras.initializers.Initializer)
)


def initializer(chooser: Chooser) -> Call:
    """Make an initializer with arguments of every kind, write it down, read it, and call both."""
    name = chooser.choice(CLASSES)
    cls = getattr(fanwise.keras, name)
    declared = inspect.signature(cls).parameters.values()
    how = arguments.some(chooser, declared, OTHERS, 0.3)
    shape, dtype = _shape(chooser), _dtype(chooser)

    def run() -> Any:
        made = cls(**how)
        again = cls.from_config(made.get_config())
        return made(shape, dtype), again(shape, dtype)

    def wrong(result: Any) -> str:
        if tuple(result[0].shape) != tuple(shape):
            return f"a shape of {result[0].shape}"
        if dtype not in DTYPES:  # NumPy has no eight-bit floats
            return ""
        first, second = map(host_array, result)
        fixed = isinstance(how.get("seed"), int)
        return (
            "another weight from its config"
            if fixed and first.tobytes() != second.tobytes()
            else ""
        )

    text = f"{name}(**{how!r:.500})({shape!r}, {dtype!r})"
    return Call(text=text, run=run, wrong=wrong, wrong_types=chooser.wrong_types)


def scheme_as_initializer(chooser: Chooser) -> Call:
    """Draw a scheme, and compare it with NumPy."""
    scheme, shape = arguments.scheme(chooser), chooser.choice(SHAPES)
    how = {
        "seed": arguments.seed(chooser),
        "path": arguments.path(chooser),
        "axes": arguments.axes(chooser, len(shape)),
    }
    dtype = chooser.choice(("float32", "bfloat16", "float16"))

    def wrong(result: Any) -> str:
        if not isinstance(how["seed"], int | np.integer):
            return ""
        expected = np.asarray(fanwise.sample(scheme, shape, dtype=dtype, **how))
        return (
            ""
            if host_array(result).tobytes() == expected.tobytes()
            else "not the weight that NumPy draws"
        )

    return Call(
        text=f"SchemeInitializer({scheme!r:.300}, **{how!r:.300})({shape}, {dtype})",
        run=lambda: fanwise.keras.SchemeInitializer(scheme, **how)(shape, dtype), wrong=wrong,
        wrong_types=chooser.wrong_types,
    )  # fmt: skip


def config(chooser: Chooser) -> Call:
    """Read an initializer from a config that something was done to."""
    name = chooser.choice(CLASSES)
    inner: Any = {"seed": 3}
    for _ in range(chooser.randrange(4)):
        key = chooser.choice(
            (
                "seed",
                "path",
                "axes",
                "engine",
                "scale",
                "mode",
                "scheme",
                "params",
                "stddev",
                "gain",
                "name",
                "extra",
                "input_axes",
                3,
            )
        )
        inner[key] = chooser.choice(
            (
                chooser.junk(),
                "he_normal",
                2,
                {"name": "he_normal"},
                {"name": "he_normal", "params": {"fan": -1}},
            )
        )
    data: Any = chooser.choice((
        {"class_name": name, "config": inner}, {"class_name": name, "config": inner,
        "module": "fanwise.keras", "registered_name": f"fanwise>{name}"},
        {"class_name": name}, inner, name, {"config": inner}, {"class_name": chooser.junk(),
        "config": inner}, {"class_name": name, "config": chooser.junk()},
    ))  # fmt: skip
    verb = chooser.choice(("deserialize", "get"))
    return Call(
        text=f"{verb}({data!r:.500})", run=lambda: getattr(fanwise.keras, verb)(data),
        wrong_types=True,
        theirs="keras/src",
    )  # fmt: skip


def initialized(chooser: Chooser) -> Call:
    """Start a model, or a layer, by a recipe, or set a layer's weights."""
    model = _model(chooser)
    how: dict[str, Any] = {"seed": arguments.seed(chooser)}
    if chooser.chance(0.05):
        chooser.wrong_types = True
        how = {}
    verb = chooser.choice(("initialize", "initialize", "set_initializer", "summary"))
    positional: list[Any] = [model]
    if verb == "initialize":
        positional.append(recipes.recipe(chooser))
        for name, values in {
            "engine": ("portable", "native", "", None),
            "only": (None, "**", "*kernel", [], "nothing", 3, "{a,"),
            "exclude": (None, "**", "*bias", [], 3),
            "dry_run": (True, False, None),
            "layers": (3, 0, "x", None),
        }.items():
            if chooser.chance(0.1):
                how[name] = chooser.choice(values)
                chooser.wrong_types = True
    elif verb == "set_initializer":
        for name in ("kernel", "bias"):
            if chooser.chance(0.6):
                how[name] = arguments.scheme(chooser)
        if chooser.chance(0.3):
            how["path"] = arguments.path(chooser)
    else:
        how = {}

    def data() -> object:
        variables = model.variables if isinstance(model, keras.layers.Layer) else []
        return [host_array(v.value).tobytes() for v in variables if "seed" not in v.path]

    return Call(
        text=f"{verb}({type(model).__name__} {positional[1:]!r:.600}, **{how!r:.400})",
        run=lambda: getattr(fanwise.keras, verb)(*positional, **how), data=data,
        wrong_types=chooser.wrong_types,
    )  # fmt: skip


def written(chooser: Chooser) -> Call:
    """Draw and hash a start of a model."""
    model, how = _model(chooser), writes.options(chooser)
    recipe = recipes.recipe(chooser)

    def variables() -> list[Any]:
        return model.weights if isinstance(model, keras.layers.Layer) else []

    def wrong(result: Any) -> str:
        if {"form", "dtype", "to"} & {*how}:
            return writes.has_no_digest(result)
        layers = {"layers": how["layers"]} if "layers" in how else {}
        fanwise.keras.initialize(model, recipe, seed=how["seed"], report=False, **layers)
        digests = {
            v.path: hashlib.sha256(host_array(v.value).tobytes()).hexdigest() for v in variables()
        }
        different = [name for name, digest in digests.items() if digest != result.tensors[name]]
        return f"other bytes than initialize sets: {different}" if different else ""

    return Call(
        text=f"write({type(model).__name__} {recipe!r:.600}, **{how!r:.400})",
        run=lambda: fanwise.keras.write(model, recipe, **how),
        data=lambda: [host_array(v.value).tobytes() for v in variables()], wrong=wrong,
        wrong_types=chooser.wrong_types,
    )  # fmt: skip


CALLS: Calls = {
    "initializer": initializer, "scheme": scheme_as_initializer, "config": config,
    "initialize": initialized, "write": written,
}  # fmt: skip


def _seed(chooser: Chooser) -> Any:
    """Return what Keras takes for a seed: also a generator, and the config of one."""
    if chooser.chance(0.9):
        return arguments.seed(chooser)
    generator = keras.random.SeedGenerator(3)
    return chooser.choice((generator, keras.saving.serialize_keras_object(generator)))


def _axes(chooser: Chooser) -> Any:
    if chooser.chance(0.1):
        chooser.wrong_types = True
        return chooser.choice(("x", 3))
    return chooser.choice((None, None, (0,), [0, 1], (-1,), (9,), (0, 0), ()))


#: Arguments that are Keras's own.
OTHERS: Final = {"seed": _seed, "input_axes": _axes, "output_axes": _axes}


def _shape(chooser: Chooser) -> Any:
    if chooser.chance(0.06):
        chooser.wrong_types = True
        return chooser.choice(
            (None, 3, (4, -6), (4, 6.0), "46", [4, 6], (None, 4), np.array([4, 6]), (2**40, 2**40))
        )
    return chooser.choice(SHAPES)


def _dtype(chooser: Chooser) -> Any:
    if chooser.chance(0.08):
        chooser.wrong_types = True
        return chooser.choice(ODD_DTYPES)
    return chooser.choice(DTYPES)


def _built(layer: Any, *shape: int | None) -> Any:
    layer.build(shape)
    return layer


def _model(chooser: Chooser) -> Any:
    layers = keras.layers
    return chooser.choice((
        lambda: _built(layers.Dense(4), None, 6), lambda: layers.Dense(4),
        lambda: _built(layers.Conv2D(4, 3), None, 8, 8, 3),
        lambda: _built(layers.DepthwiseConv2D(3), None, 8, 8, 3), lambda: _built(layers.LSTM(3),
        None, 5, 4), lambda: _built(layers.Embedding(7, 4), None, 3),
        lambda: _built(layers.BatchNormalization(), None, 4),
        lambda: keras.Sequential([layers.Input((6,)), layers.Dense(4), layers.Dense(2)]),
        lambda: keras.Sequential([layers.Dense(4)]), lambda: _built(layers.GRU(3), None, 5, 4),
        lambda: layers.ReLU(), lambda: keras.Sequential([]),
        lambda: _built(layers.Dense(4, dtype="mixed_bfloat16"), None, 6), chooser.junk,
        lambda: keras.optimizers.Adam(), lambda: layers.Dense,
    ))()  # fmt: skip
