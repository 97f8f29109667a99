"""Calls of the doors that need no framework: sample, scheme, fans, gain, schemes as data."""

from __future__ import annotations

import math
import sys
from typing import Any, Final

import ml_dtypes
import numpy as np
from reference import stream

import fanwise
from fanwise.spec.laws import NormalLaw, TruncatedNormalLaw, UniformLaw
from fuzz import arguments
from fuzz.calls import Call, Calls, Chooser

#: What is not written must stay.
FILL: Final = 7


def sample(chooser: Chooser) -> Call:
    """Sample a weight whole, in any dtype."""
    scheme, shape = arguments.scheme(chooser), arguments.shape(chooser)
    how = _how(chooser, shape)

    def wrong(result: Any) -> str:
        if result.shape != tuple(shape):
            return f"a shape of {result.shape}"
        again = np.asarray(fanwise.sample(scheme, shape, **how))
        return "" if again.tobytes() == result.tobytes() else "another weight at the second call"

    return _call(
        chooser, f"sample({scheme!r:.300}, {shape!r}, **{how!r:.600})", scheme, shape, how, wrong
    )


def sample_as_specified(chooser: Chooser) -> Call:
    """Sample a small weight, and compare some elements with another reading of the text."""
    scheme = fanwise.scheme(
        chooser.choice(("normal", "uniform", "truncated_normal", "he_normal", "glorot_uniform"))
    )
    shape = chooser.choice(((4, 6), (3, 3, 4, 8), (8, 8), (1, 1), (2, 5, 3)))
    how = {
        "seed": chooser.choice(arguments.SEEDS),
        "path": chooser.choice([path for path in arguments.PATHS if path != "a\U0001e08f\u0323"]),
        "axes": chooser.choice(("kernel", "torch", "torch_transposed", "keras_transposed")),
        "dtype": chooser.choice(arguments.DTYPES),
    }
    place = tuple(chooser.randrange(size) for size in shape)

    def wrong(result: Any) -> str:
        expected = _expected(scheme, shape, place, how)
        got = result[place].tobytes()
        return "" if got == expected.tobytes() else f"{result[place]} at {place}, not {expected}"

    text = f"sample({scheme!r}, {shape}, **{how!r}) at {place}"
    return Call(
        text=text, run=lambda: fanwise.sample(scheme, shape, **how), wrong=wrong, may_refuse=False
    )


def sample_block(chooser: Chooser) -> Call:
    """Sample a block, by an index of any kind."""
    scheme = arguments.scheme(chooser)
    shape = arguments.sound_shape(chooser)
    how = {**_how(chooser, shape), "index": _index(chooser, shape)}

    def wrong(result: Any) -> str:
        whole = fanwise.sample(scheme, shape, **{**how, "index": None})
        expected = np.asarray(whole[how["index"]])
        same = result.shape == expected.shape and result.tobytes() == expected.tobytes()
        return "" if same else "not the block of the whole"

    return _call(
        chooser, f"sample({scheme!r:.300}, {shape!r}, **{how!r:.600})", scheme, shape, how, wrong
    )


def sample_far_block(chooser: Chooser) -> Call:
    """Sample a small block far out in a weight that no memory would hold."""
    size = chooser.choice((2**31, 2**32 + 5, 2**40, 2**61, 2**62, 2**63 - 1))
    columns = chooser.choice((1, 2, 3, 4, 2**20))
    scheme = chooser.choice(("normal", "uniform", "truncated_normal", "zeros", "he_uniform"))
    start = chooser.choice((0, 2**31 - 2, 2**32 - 3, size // 2, size - 4))
    index = (slice(start, start + 4), slice(0, 1))
    how = {"seed": 3, "axes": chooser.choice(("in out", "out in", "batch out")), "index": index}

    def wrong(result: Any) -> str:
        rows = len(range(*index[0].indices(size)))
        return "" if result.shape == (rows, 1) and np.isfinite(result).all() else f"{result!r}"

    text = f"sample({scheme!r}, {(size, columns)}, **{how})"
    return Call(text=text, run=lambda: fanwise.sample(scheme, (size, columns), **how), wrong=wrong)


def sample_out(chooser: Chooser) -> Call:
    """Sample into an array of the caller's, of any strides and any dtype."""
    scheme, shape = arguments.scheme(chooser), arguments.sound_shape(chooser)
    how = _how(chooser, shape)
    if chooser.chance(0.75):
        how["dtype"] = None
    out, base = _out(chooser, shape)
    how["out"] = out
    blank = base.copy()
    held = np.array(out, copy=True) if isinstance(out, np.ndarray) else None

    def wrong(result: Any) -> str:
        if result is not out:
            return "another array than out"
        if out.dtype.hasobject or out.dtype.names:
            return f"written into {out.dtype}"
        own = out.dtype if how.get("dtype") is None else how["dtype"]
        expected = fanwise.sample(scheme, shape, **{**how, "out": None, "dtype": own})
        if np.asarray(out).tobytes() != np.asarray(expected).tobytes():
            return "out does not hold the weight"
        written = base.copy()
        # With what it held put back, the memory must be as it was.
        out[...] = held
        kept = base.tobytes() == blank.tobytes()
        base[...] = written
        return "" if kept else "written beside out"

    traits = [getattr(out, trait, "") for trait in ("dtype", "shape", "strides")]
    words = f"{type(out).__name__} {traits}"
    text = f"sample({scheme!r:.300}, {shape!r}, **{ {**how, 'out': words}!r:.600})"
    call = _call(chooser, text, scheme, shape, how, wrong)
    return Call(**{**vars(call), "data": base.tobytes})


def scheme(chooser: Chooser) -> Call:
    """Make a scheme, ask all that it has, and write it down and read it again."""
    name = chooser.choice(fanwise.schemes())
    params = arguments.parameters(chooser, name)
    shape, axes = arguments.shape(chooser), arguments.axes(chooser)

    def run() -> Any:
        made = fanwise.scheme(name, **params)
        return made, made.law(shape, axes), made.std(shape, axes)

    def wrong(result: Any) -> str:
        made, _, std = result
        if fanwise.Scheme.from_dict(made.to_dict()) != made or hash(made) is None or not repr(made):
            return "not the same when written and read"
        # Of a weight made as a whole it is infinite where its values are: it cannot be drawn.
        most = math.inf if made.entry.structured else sys.float_info.max
        return "" if 0 <= std <= most else f"a std of {std}"

    text = f"scheme({name!r}, **{params!r:.300}).law({shape!r}, {axes!r:.100})"
    return Call(text=text, run=run, wrong=wrong, wrong_types=chooser.wrong_types)


def scheme_data(chooser: Chooser) -> Call:
    """Read a scheme from data that something was done to."""
    name = chooser.choice(fanwise.schemes())
    data: Any = {"name": name, "params": arguments.parameters(chooser, name)}
    for _ in range(chooser.randrange(3)):
        key = chooser.choice(("name", "params", "scheme", "extra", 1, None, "\ud800"))
        if chooser.chance(0.3):
            data.pop(key, None)
        else:
            data[key] = chooser.choice((chooser.junk(), name, {"std": 1}))
    if chooser.chance(0.1):
        data = chooser.junk()
    before = repr(data) if not _unshowable(data) else ""
    # Data is someone's file: no TypeError is right for what is in it.
    return Call(
        text=f"Scheme.from_dict({before:.500})",
        run=lambda: fanwise.Scheme.from_dict(data),
        data=lambda: repr(data),
        wrong_types=not isinstance(data, dict),
    )


def fans(chooser: Chooser) -> Call:
    """Count fans."""
    shape = arguments.shape(chooser)
    axes = arguments.axes(chooser, len(shape) if isinstance(shape, tuple) else None)
    groups = chooser.choice((1, 1, 1, 2, 3, 4, 0, -1, True, 1.0, None, "1", 2**80, np.int64(2)))
    with_groups = {} if chooser.chance(0.4) else {"groups": groups}
    return Call(
        text=f"fans({shape!r}, {axes!r:.100}, **{with_groups})",
        run=lambda: fanwise.fans(shape, axes, **with_groups),
        wrong=lambda result: "" if result.fan_in >= 0 and result.fan_out >= 0 else f"{result}",
        wrong_types=chooser.wrong_types or not isinstance(groups, int),
    )


def gain(chooser: Chooser) -> Call:
    """Look a gain up."""
    known = (
        "linear",
        "relu",
        "leaky_relu",
        "tanh",
        "selu",
        "conv2d",
        "gelu",
        "silu",
        "sigmoid",
        "softplus",
    )
    name = chooser.choice((*known, "Relu", "", "HeNormal", chooser.choice(("x" * 5000, "\ud800"))))
    if chooser.chance(0.05):
        name = chooser.junk()
    how: dict[str, Any] = {}
    if chooser.chance(0.4):
        how["param"] = arguments.number(chooser)
    if chooser.chance(0.5):
        how["convention"] = chooser.choice(("exact", "centred", "torch", "", None, 3, "Exact"))
    return Call(
        text=f"gain({name!r:.100}, **{how})",
        run=lambda: fanwise.gain(name, **how),
        wrong=lambda result: "" if math.isfinite(result) and result >= 0 else f"{result}",
        wrong_types=chooser.wrong_types or not isinstance(how.get("convention", ""), str),
    )


def edge_of_chaos(chooser: Chooser) -> Call:
    """Find the edge of chaos of an activation."""
    # An answer takes a tenth of a second, an error a thousandth of that.
    known = ("relu", "leaky_relu", "tanh", "gelu", "softplus")
    name = chooser.choice(known if chooser.chance(0.2) else ("Tanh", "", "rleu", "x" * 5000))
    if chooser.chance(0.05):
        name = chooser.junk()
    how: dict[str, Any] = {}
    if chooser.chance(0.2):
        how["param"] = arguments.number(chooser)
    if chooser.chance(0.7):
        how["bias_variance"] = arguments.number(chooser)
    if chooser.chance(0.05):
        how["derivative"] = chooser.junk()
    return Call(
        text=f"edge_of_chaos({name!r:.100}, **{how})",
        run=lambda: fanwise.edge_of_chaos(name, **how),
        wrong=lambda edge: "" if math.isfinite(sum(edge)) and edge[0] > 0 else f"{edge}",
        wrong_types=chooser.wrong_types or "derivative" in how,
    )


def from_weight(chooser: Chooser) -> Call:
    """Work a pair of factors, or new rows, out of a weight."""
    shape = chooser.choice(((4, 6), (6, 4), (1, 1), (8,), (2, 3, 4), (0, 4), ()))
    weight: Any = np.linspace(-1, 1, math.prod(shape)).reshape(shape)
    weight = weight.astype(chooser.choice((*arguments.DTYPES[:1], "float32", "float64", "int32")))
    if chooser.chance(0.1):
        weight = chooser.choice((np.full((2, 2), np.nan), [[1.0]], None, np.full((2, 2), 1e300)))
    name = chooser.choice(("pissa", "olora", "loftq", "grow_vocabulary"))
    count = chooser.choice((1, 1, 1, 2, 0, -1, 7, 1.5, True, None))
    how: dict[str, Any] = {}
    if name == "grow_vocabulary":
        how["seed"] = arguments.seed(chooser)
        if chooser.chance(0.5):
            how["path"] = arguments.path(chooser)
        if chooser.chance(0.3):
            how["scale"] = arguments.number(chooser)
    else:
        if chooser.chance(0.3):
            how["scaling"] = arguments.number(chooser)
        if chooser.chance(0.3):
            how["axes"] = arguments.axes(chooser, len(shape))
    kept = np.array(weight, copy=True) if isinstance(weight, np.ndarray) else None

    def wrong(result: Any) -> str:
        parts = (result,) if isinstance(result, np.ndarray) else result
        if not np.array_equal(kept, weight):
            return "the weight was written into"
        return "" if all(np.isfinite(part).all() for part in parts) else "what is not finite"

    return Call(
        text=f"{name}({weight!r:.200}, {count!r}, **{how!r:.400})",
        run=lambda: getattr(fanwise, name)(weight, count, **how),
        wrong=wrong,
        wrong_types=chooser.wrong_types,
    )


CALLS: Calls = {
    "sample": sample,
    "sample as specified": sample_as_specified,
    "sample block": sample_block,
    "sample far block": sample_far_block,
    "sample out": sample_out,
    "scheme": scheme,
    "scheme from data": scheme_data,
    "fans": fans,
    "gain": gain,
    "edge of chaos": edge_of_chaos,
    "from a weight": from_weight,
}


def _how(chooser: Chooser, shape: Any) -> dict[str, Any]:
    how = {"seed": arguments.seed(chooser)}
    if chooser.chance(0.5):
        how["path"] = arguments.path(chooser)
    if chooser.chance(0.6):
        how["axes"] = arguments.axes(chooser, len(shape) if isinstance(shape, tuple) else None)
    if chooser.chance(0.6):
        how["dtype"] = arguments.dtype(chooser)
    if chooser.chance(0.01):
        chooser.wrong_types = True
        how[chooser.choice(("sed", "generator", "", "engine"))] = 1
    return how


def _call(
    chooser: Chooser, text: str, scheme: Any, shape: Any, how: dict[str, Any], wrong: Any
) -> Call:
    return Call(
        text=text,
        run=lambda: fanwise.sample(scheme, shape, **how),
        wrong=wrong,
        wrong_types=chooser.wrong_types,
    )


def _index(chooser: Chooser, shape: tuple[int, ...]) -> Any:
    if chooser.chance(0.12):
        chooser.wrong_types = True
        odd = (
            3, (3,), Ellipsis, (Ellipsis,), [slice(1)], (None,), np.array([0]), (slice("a"),), True,
            (slice(1.5),), (slice(0, 1, 0),), (slice(None),) * 9, "0", {}, (slice(2**70),), (-1,),
        )  # fmt: skip
        return chooser.choice(odd)
    slices = tuple(
        slice(*(chooser.choice((None, None, 0, 1, 2, 3, size, size + 3, -1, -2, -9)) for _ in "ab"),
              chooser.choice((None, 1, 1, 2, 3, -1, -2)))
        for size in shape
    )  # fmt: skip
    if slices and chooser.chance(0.2):
        return slices[0]
    return slices[: chooser.randrange(len(slices) + 1)] if chooser.chance(0.3) else slices


Out = tuple[Any, np.ndarray[Any, Any]]


def _whole(_: Chooser, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Out:
    base = np.full(shape, FILL).astype(dtype)
    return base, base


def _strided(chooser: Chooser, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Out:
    """A view with gaps, in any direction, of a larger array."""
    steps = [chooser.choice((1, 1, 2, 3)) for _ in shape]
    sizes = [size * step + 1 for size, step in zip(shape, steps, strict=True)]
    base = np.full(sizes, FILL).astype(dtype)
    seen = np.flip(base) if shape and chooser.chance(0.3) else base
    spans = [slice(1, 1 + n * s, s) for n, s in zip(shape, steps, strict=True)]
    return seen[(*spans, ...)], base


def _transposed(chooser: Chooser, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Out:
    order = chooser.sample(range(len(shape)), len(shape))
    base = np.full([shape[axis] for axis in order], FILL).astype(dtype)
    return base.transpose([order.index(axis) for axis in range(len(shape))]), base


def _read_only(_: Chooser, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Out:
    base = np.full(shape, FILL).astype(dtype)
    view = base[...]
    view.flags.writeable = False
    return view, base


def _overlapping(chooser: Chooser, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Out:
    """A view of which several elements are one, in memory that holds all of them."""
    base = np.full(sum(shape) + 1, FILL).astype(dtype)
    stride = chooser.choice((0, dtype.itemsize))
    return np.lib.stride_tricks.as_strided(base, shape, (stride,) * len(shape)), base


def _unaligned(_: Chooser, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Out:
    if dtype.hasobject:
        return _whole(_, shape, dtype)
    base = np.full(math.prod(shape) * dtype.itemsize + 1, FILL, np.uint8)
    return base[1:].view(dtype).reshape(shape), base


def _subclass(chooser: Chooser, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Out:
    base = np.full(shape, FILL).astype(dtype)
    masked = np.ma.masked_array(base, mask=False)
    return chooser.choice((masked, base.view(np.recarray))), base


def _no_array(chooser: Chooser, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Out:
    chooser.wrong_types = True
    base = np.full(shape, FILL).astype(dtype)
    return chooser.choice((base.tolist(), 3, "x", object(), type(base))), base


def _other_shape(_: Chooser, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Out:
    base = np.full((*shape, 1), FILL).astype(dtype)
    return base, base


_OUTS: Final = (
    *(_whole, _strided, _transposed) * 3,
    *(_read_only, _overlapping, _unaligned, _subclass, _no_array, _other_shape),
)


def _out(chooser: Chooser, shape: tuple[int, ...]) -> Out:
    """Return an array to write into, and the memory that it stands in."""
    usual = ("f2", "f4", "f4", "f4", "f8", "u2", ml_dtypes.bfloat16)
    odd = (">f4", "i4", "c8", "O", [("a", "f4")], "f16", "S4", "?")
    dtype = np.dtype(chooser.choice(usual if chooser.chance(0.9) else odd))
    return chooser.choice(_OUTS)(chooser, shape, dtype)


def _expected(
    scheme: Any, shape: tuple[int, ...], place: tuple[int, ...], how: dict[str, Any]
) -> Any:
    """Return one element by the reference, of the package's own law."""
    pattern = {
        "kernel": ("*", "in", "out"), "torch": ("out", "in", "*"),
        "torch_transposed": ("in", "out", "*"), "keras_transposed": ("*", "out", "in"),
    }[how["axes"]]  # fmt: skip
    star = pattern.index("*")
    roles = (*pattern[:star], *("*",) * (len(shape) - 2), *pattern[star + 1 :])
    match scheme.law(shape, how["axes"]):
        case UniformLaw() as law:
            named = ("uniform", law.middle - law.limit, law.middle + law.limit)
        case NormalLaw() as law:
            named = ("normal", law.mean, law.sigma)
        case TruncatedNormalLaw() as law:
            named = ("truncated_normal", law.centre, law.sigma, law.low, law.high)
    return stream.value(
        stream.canonical_index(place, shape, roles),
        key=stream.key(how["seed"], how["path"]),
        law=named,
        dtype=how["dtype"],
    )


def _unshowable(data: object) -> bool:
    try:
        repr(data)
    except Exception:  # noqa: BLE001 - whatever it is, it cannot be shown
        return True
    return False
