"""Calls of fanwise.torch: its functions on tensors in every state, and its verbs on models."""

from __future__ import annotations

import contextlib
import copy
import ctypes
import hashlib
import inspect
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import torch
from common.torch_tensors import bits, expected
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.fx.experimental.proxy_tensor import make_fx

import fanwise
import fanwise.torch
from fuzz import arguments, recipes, writes
from fuzz.calls import Call, Calls, Chooser

FILL: Final = 7
FLOATS: Final = (torch.float32, torch.float32, torch.float16, torch.bfloat16, torch.float64)
NAMES: Final = {
    torch.float32: "float32", torch.float16: "float16", torch.bfloat16: "bfloat16",
    torch.float64: "float64",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Held:
    """A tensor in some state.

    Attributes:
        tensor: what the function is given.
        base: whose bytes are the caller's; None where there are none.
        numbers: whether the tensor holds numbers afterwards that can be compared.
        writable: whether a function may fill it; the others must refuse it.
        within: what surrounds the call.
    """

    tensor: Any
    base: Any = None
    numbers: bool = True
    writable: bool = True
    within: Callable[[], Any] = field(default=contextlib.nullcontext)


def _filled(chooser: Chooser, shape: tuple[int, ...]) -> torch.Tensor:
    return torch.full(shape, float(FILL)).to(chooser.choice(FLOATS))


def _plain(chooser: Chooser, shape: tuple[int, ...]) -> Held:
    tensor = _filled(chooser, shape)
    return Held(tensor=tensor, base=tensor)


def _parameter(chooser: Chooser, shape: tuple[int, ...]) -> Held:
    tensor = nn.Parameter(_filled(chooser, shape), requires_grad=chooser.chance(0.8))
    return Held(
        tensor=tensor, base=tensor, within=chooser.choice((contextlib.nullcontext, torch.no_grad))
    )


def _view(chooser: Chooser, shape: tuple[int, ...]) -> Held:
    """A part of a larger tensor, or parameter, with any strides and order of axes."""
    steps = [chooser.choice((1, 1, 2, 3)) for _ in shape]
    base = _filled(chooser, tuple(n * s + 1 for n, s in zip(shape, steps, strict=True)))
    base = nn.Parameter(base) if chooser.chance(0.4) else base
    with torch.no_grad():
        view = base[tuple(slice(1, None, s) for s in steps)]
        order = (
            chooser.sample(range(len(shape)), len(shape))
            if chooser.chance(0.5)
            else range(len(shape))
        )
        view = view.permute(tuple(order))
    if chooser.chance(0.3):
        with torch.no_grad():
            base.add_(0)
    return Held(tensor=view, base=base, within=torch.no_grad)


def _narrowed(chooser: Chooser, shape: tuple[int, ...]) -> Held:
    """The parts of a packed weight: the idioms of those who start each by itself."""
    base = nn.Parameter(_filled(chooser, (3 * (shape or (1,))[0], *shape[1:])))
    with torch.no_grad():
        parts = chooser.choice((
            lambda: base.chunk(3) if base.shape[0] else (base,), lambda: base.tensor_split(3),
            lambda: base.unbind(0), lambda: tuple(base),
            lambda: (base.T,) if base.ndim == 2 else (base.mT,) if base.ndim > 1 else (base,),
            lambda: (base.view(-1),), lambda: (base.data[1:],), lambda: (base.detach()[:2],),
            lambda: (base.flatten(),),
        ))()  # fmt: skip
        for part in parts[1:2]:
            part.zero_()
    if not parts:
        parts = (base.data,)
    return Held(tensor=parts[0], base=base, within=torch.no_grad)


def _non_leaf(chooser: Chooser, shape: tuple[int, ...]) -> Held:
    tensor = _filled(chooser, shape).requires_grad_() * 1
    return Held(tensor=tensor, base=tensor)


def _meta(chooser: Chooser, shape: tuple[int, ...]) -> Held:
    tensor = torch.empty(shape, dtype=chooser.choice(FLOATS), device="meta")
    return Held(tensor=nn.Parameter(tensor) if chooser.chance(0.5) else tensor, numbers=False)


def _fake(chooser: Chooser, shape: tuple[int, ...]) -> Held:
    mode = FakeTensorMode()
    with mode:
        tensor = torch.empty(shape, dtype=chooser.choice(FLOATS))
    return Held(
        tensor=tensor, numbers=False, within=chooser.choice((contextlib.nullcontext, lambda: mode))
    )


def _inference(chooser: Chooser, shape: tuple[int, ...]) -> Held:
    with torch.inference_mode():
        tensor = _filled(chooser, shape)
    inside = chooser.chance(0.5)
    within = torch.inference_mode if inside else contextlib.nullcontext
    return Held(tensor=tensor, base=tensor, writable=inside, within=within)


def _freed(chooser: Chooser, shape: tuple[int, ...]) -> Held:
    """A tensor whose storage was given back, whole or in part, as sharding frees it."""
    tensor = _filled(chooser, shape)
    tensor = nn.Parameter(tensor) if chooser.chance(0.5) else tensor
    size = tensor.untyped_storage().nbytes()
    tensor.untyped_storage().resize_(chooser.choice((0, 0, size // 2)))
    return Held(tensor=tensor, writable=tensor.numel() == 0, numbers=False)


def _overlapping(chooser: Chooser, shape: tuple[int, ...]) -> Held:
    base = _filled(chooser, (max(sum(shape), 1),))
    if chooser.chance(0.5):
        tensor = base[:1].expand(shape) if shape else base[0]
    else:
        tensor = base.as_strided(shape, (1,) * len(shape))
    sizes = [size for size in shape if size > 1]
    writable = (
        0 in shape
        or not sizes
        or (
            len(sizes) == 1 and 1 in tensor.stride() and tensor.stride()[shape.index(sizes[0])] == 1
        )
    )
    return Held(tensor=tensor, base=base, writable=writable)


def _other_dtype(chooser: Chooser, shape: tuple[int, ...]) -> Held:
    dtype = chooser.choice((
        torch.int32, torch.int64, torch.uint8, torch.bool, torch.complex64, torch.complex128,
        torch.uint16,
        torch.float8_e4m3fn, torch.float8_e5m2, torch.complex32,
    ))  # fmt: skip
    tensor = torch.zeros(shape, dtype=dtype)
    if dtype is torch.complex64 and chooser.chance(0.5):
        tensor = tensor.conj() if chooser.chance(0.5) else tensor.conj().imag
        if tensor.dtype is torch.float32:
            return Held(tensor=tensor)
    return Held(tensor=tensor, writable=False)


def _other_layout(chooser: Chooser, shape: tuple[int, ...]) -> Held:
    matrix = torch.eye(4)
    tensor = chooser.choice((
        lambda: matrix.to_sparse(), lambda: matrix.to_sparse_csr(),
        lambda: torch.quantize_per_tensor(matrix, 0.1, 0, torch.qint8),
        lambda: torch.nested.nested_tensor([torch.zeros(2, 3), torch.zeros(4, 3)]),
        lambda: torch.nested.nested_tensor([torch.zeros(2, 3), torch.zeros(4, 3)],
        layout=torch.jagged),
        lambda: nn.UninitializedParameter(), lambda: nn.UninitializedBuffer(),
        lambda: matrix.to_mkldnn(),
        lambda: nn.LazyLinear(4).weight,
    ))()  # fmt: skip
    return Held(tensor=tensor, writable=False, numbers=False)


def _negated(chooser: Chooser, shape: tuple[int, ...]) -> Held:
    """A view that stands for the negative of its memory."""
    return Held(tensor=torch._neg_view(torch.full(shape, float(FILL))))


class Subclass(torch.Tensor):
    """A tensor of someone's own class."""


def _subclass(chooser: Chooser, shape: tuple[int, ...]) -> Held:
    tensor = _filled(chooser, shape)
    kind = chooser.choice((Subclass, nn.Buffer, nn.Parameter))
    made = tensor.as_subclass(Subclass) if kind is Subclass else kind(tensor)
    return Held(tensor=made, base=tensor)


def _of_numpy(chooser: Chooser, shape: tuple[int, ...]) -> Held:
    array = np.full(shape, float(FILL), chooser.choice(("f4", "f8", "f2")))
    return Held(tensor=torch.from_numpy(array), base=torch.from_numpy(array))


def _no_tensor(chooser: Chooser, shape: tuple[int, ...]) -> Held:
    things = (
        np.zeros(shape, "f4"),
        [[1.0]],
        nn.Linear(2, 2),
        torch.Tensor,
        nn.Linear(2, 2).state_dict(),
    )
    junk = chooser.choice((*things, chooser.junk()))
    return Held(tensor=junk, writable=False, numbers=False)


STATES: Final = (
    _plain, _plain, _plain, _parameter, _parameter, _view, _view, _view, _narrowed, _narrowed,
    _non_leaf, _meta, _fake,
    _inference, _freed, _overlapping, _other_dtype, _other_layout, _negated, _subclass, _of_numpy,
    _no_tensor,
)  # fmt: skip
CONSTANTS: Final = {"zeros_": "zeros", "ones_": "ones", "constant_": "constant", "eye_": "identity"}
#: Arguments that are torch's own.
OTHERS: Final = {
    "generator": lambda chooser: chooser.choice(
        (None, None, torch.Generator().manual_seed(3), torch.Generator(), chooser.junk())
    )
}
#: Functions whose law is that of a scheme of the catalogue with the same parameters.
SCHEMES: Final = tuple(name for name in fanwise.schemes() if hasattr(fanwise.torch, f"{name}_"))
FUNCTIONS: Final = tuple(
    name
    for name in dir(fanwise.torch)
    if inspect.isfunction(getattr(fanwise.torch, name, None))
    and name.rstrip("_") in {*fanwise.schemes(), "trunc_normal", "eye", "init"}
)


def function(chooser: Chooser) -> Call:
    """Call one of the functions, by position or by name, with arguments of every kind."""
    name = chooser.choice(FUNCTIONS)
    state = chooser.choice(STATES)
    held = state(chooser, arguments.sound_shape(chooser))
    declared = list(inspect.signature(getattr(fanwise.torch, name)).parameters.values())[1:]
    how = arguments.some(chooser, declared, OTHERS, 0.3)
    if chooser.chance(0.01):
        chooser.wrong_types = True
        how[chooser.choice(("sed", "std_", "dtype"))] = 1
    wrong_types = chooser.wrong_types or (state is _no_tensor)

    def run() -> object:
        with held.within():
            return getattr(fanwise.torch, name)(held.tensor, **how)

    def wrong(result: object) -> str:
        if not held.writable:
            return "filled what has to be refused"
        return "" if result is held.tensor else f"returned {type(result)}, not the tensor"

    text = f"{name}({_described(held)} {state.__name__}, **{how!r:.500})"
    return Call(
        text=text, run=run, data=lambda: _bytes(held.base), wrong=wrong, wrong_types=wrong_types
    )


def scheme_on_tensor(chooser: Chooser) -> Call:
    """Fill a tensor by a scheme, compare it with NumPy, and what stands beside it with before."""
    state = chooser.choice(STATES)
    shape = arguments.sound_shape(chooser)
    held = state(chooser, shape)
    scheme = arguments.scheme(chooser)
    how: dict[str, Any] = {"seed": arguments.seed(chooser)}
    if chooser.chance(0.5):
        how["path"] = arguments.path(chooser)
    if chooser.chance(0.5):
        how["axes"] = arguments.axes(chooser, len(shape))
    before = held.base.detach().clone() if held.base is not None else None

    def run() -> object:
        with held.within():
            return fanwise.torch.init_(held.tensor, scheme, **how)

    def wrong(result: Any) -> str:
        if not held.writable:
            return "filled what has to be refused"
        if result is not held.tensor:
            return "another tensor"
        if not held.numbers or how["seed"] is None:
            return ""
        plain = result.detach().resolve_neg()
        wanted = expected(scheme, tuple(plain.shape), dtype=NAMES[plain.dtype], **how)
        if bits(plain.as_subclass(torch.Tensor).contiguous()).tobytes() != wanted.tobytes():
            return "not the weight that NumPy draws"
        return "" if before is None or _kept(held, before) else "written beside the view"

    text = f"init_({_described(held)} {state.__name__}, {scheme!r:.300}, **{how!r:.400})"
    wrong_types = chooser.wrong_types or state is _no_tensor
    return Call(
        text=text, run=run, data=lambda: _bytes(held.base), wrong=wrong, wrong_types=wrong_types
    )


Fill = Callable[[torch.Tensor], torch.Tensor]


def _weighted(fill: Fill, like: torch.Tensor) -> Fill:
    """Return a function whose derivative is the weight that a function fills in."""
    return lambda x: (fill(torch.zeros_like(like)) * x).sum()


def _traced(fill: Fill, like: torch.Tensor) -> Any:
    """Trace a function; that it looks at a tensor is warned of by torch, and may be."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", torch.jit.TracerWarning)
        return torch.jit.trace(lambda x: fill(x.clone()), like, check_trace=False)


#: How torch may transform a function that fills a tensor: each gives the weight it fills in.
TRANSFORMS: Final[dict[str, Callable[[Fill, torch.Tensor], Any]]] = {
    "functionalize": lambda fill, x: torch.func.functionalize(fill)(x),
    "vmap": lambda fill, x: torch.func.vmap(lambda y: fill(y.clone()))(x.expand(2, *x.shape))[1],
    "grad": lambda fill, x: torch.func.grad(_weighted(fill, x))(x),
    "jacrev": lambda fill, x: torch.func.jacrev(_weighted(fill, x))(x),
    "vjp": lambda fill, x: torch.func.vjp(_weighted(fill, x), x)[1](torch.tensor(1.0))[0],
    "jvp": lambda fill, x: torch.func.jvp(lambda y: fill(x.clone()) * y, (x,), (x + 1,))[1],
    "make_fx": lambda fill, x: make_fx(lambda y: fill(y.clone()))(x)(x),
    "trace": lambda fill, x: _traced(fill, x)(x),
}


def transformed(chooser: Chooser) -> Call:
    """Fill a tensor within one of torch's transforms of functions."""
    shape = chooser.choice(((4, 6), (3, 3, 4, 8), (5,)))
    name = chooser.choice(("normal_", "uniform_", "zeros_", "trunc_normal_", "ones_"))
    how: dict[str, Any] = {} if name in ("zeros_", "ones_") else {"seed": 3, "path": "a"}
    transform = chooser.choice(list(TRANSFORMS))

    def fill(tensor: torch.Tensor) -> torch.Tensor:
        filled: torch.Tensor = getattr(fanwise.torch, name)(tensor, **how)
        return filled

    def wrong(result: Any) -> str:
        same = torch.equal(torch.as_tensor(result), fill(torch.zeros(shape)))
        return "" if same else "the write is lost, or another weight"

    return Call(
        text=f"{transform} of {name} on {shape}",
        run=lambda: TRANSFORMS[transform](fill, torch.zeros(shape)),
        wrong=wrong,
    )


def initialized(chooser: Chooser) -> Call:
    """Start a model by a recipe, in any of the ways to name one, with arguments of every kind."""
    model = _model(chooser)
    how: dict[str, Any] = {}
    if chooser.chance(0.9):
        how["seed"] = arguments.seed(chooser)
    for name, values in {
        "engine": ("portable", "native", "", None, "Portable"),
        "only": (None, "**", "*weight", [], ["0/**"], "nothing", 3, "{a,", "**/**/**", ["\ud800"]),
        "exclude": (None, "**", "*bias", [], ["0/**"], "nothing", 3),
        "missing": (
            *(
                None,
                [],
                ["0.weight"],
                ["0/kernel", "1"],
                "0.weight",
                ["nothing"],
                [3],
                3,
                ["\ud800"],
            ),
            *({"missing_keys": {"0.bias"}}, {"missing_keys": 3}, {"mismatched_keys": ()}),
        ),
        "dry_run": (True, False, 1, None),
        "report": (True, False, 1, None),
        "layers": (3, 0, -1, "x", None),
        "generator": (None, torch.Generator(), 3),
    }.items():
        if chooser.chance(0.12):
            how[name] = chooser.choice(values)
            chooser.wrong_types = True
    recipe = recipes.recipe(chooser)
    state = model.state_dict() if isinstance(model, nn.Module) else {}

    def run() -> object:
        return fanwise.torch.initialize(model, recipe, **how)

    def wrong(result: object) -> str:
        held = [
            value
            for value in state.values()
            if isinstance(value, torch.Tensor)
            and not isinstance(value, nn.parameter.UninitializedTensorMixin)
            and value.is_floating_point()
        ]
        finite = all(torch.isfinite(value).all() for value in held if value.device.type == "cpu")
        return "" if finite and str(result) else "not finite"

    text = f"initialize({str(model)[:300]!r}, {recipe!r:.600}, **{how!r:.300})"
    return Call(
        text=text, run=run, data=lambda: [_bytes(v) for v in state.values()], wrong=wrong,
        wrong_types=chooser.wrong_types,
    )  # fmt: skip


def written(chooser: Chooser) -> Call:
    """Draw and hash a start of a model, or try to write it where nothing can be written."""
    model, how = _model(chooser), writes.options(chooser)
    recipe = recipes.recipe(chooser)
    state = model.state_dict() if isinstance(model, nn.Module) else {}

    def run() -> object:
        return fanwise.torch.write(model, recipe, **how)

    def wrong(result: Any) -> str:
        others = how.get("form", "names") != "names" or how.get("dtype") is not None
        if others or any(tensor.is_meta for tensor in state.values()):
            return writes.has_no_digest(result)
        layers = {"layers": how["layers"]} if "layers" in how else {}
        twin = copy.deepcopy(model)
        fanwise.torch.initialize(twin, recipe, seed=how["seed"], report=False, **layers)
        digests = {
            name: hashlib.sha256(_raw(tensor)).hexdigest()
            for name, tensor in twin.state_dict().items()
            if name in result.tensors and tensor.device.type == "cpu"
        }
        different = [name for name, digest in digests.items() if digest != result.tensors[name]]
        return f"other bytes than initialize sets: {different}" if different else ""

    text = f"write({str(model)[:300]!r}, {recipe!r:.600}, **{how!r:.300})"
    return Call(
        text=text, run=run, data=lambda: [_bytes(v) for v in state.values()], wrong=wrong,
        wrong_types=chooser.wrong_types,
    )  # fmt: skip


def set_layer(chooser: Chooser) -> Call:
    """Set a layer's weights, or list a model's."""
    model = _model(chooser)
    how: dict[str, Any] = {"seed": arguments.seed(chooser)} if chooser.chance(0.9) else {}
    for name in ("kernel", "bias"):
        if chooser.chance(0.6):
            how[name] = arguments.scheme(chooser)
    if chooser.chance(0.4):
        how["path"] = arguments.path(chooser)
    state = model.state_dict() if isinstance(model, nn.Module) else {}
    verb = chooser.choice(("set_initializer", "set_initializer", "summary", "paths"))
    how = how if verb == "set_initializer" else {}

    def run() -> object:
        return getattr(fanwise.torch, verb)(model, **how)

    return Call(
        text=f"{verb}({str(model)[:300]!r}, **{how!r:.500})", run=run,
        data=lambda: [_bytes(v) for v in state.values()],
        wrong_types=chooser.wrong_types,
    )  # fmt: skip


CALLS: Calls = {
    "function": function,
    "init_": scheme_on_tensor,
    "init_ again": scheme_on_tensor,
    "transformed": transformed,
    "initialize": initialized,
    "set_initializer": set_layer,
    "write": written,
}


def _model(chooser: Chooser) -> Any:
    if chooser.chance(0.04):
        return chooser.choice(
            (chooser.junk(), torch.zeros(3), nn.Linear, {"weight": torch.zeros(2, 2)})
        )
    make = chooser.choice(_MODELS)
    model = make()
    if chooser.chance(0.1):
        model = model.to(chooser.choice((torch.float16, torch.bfloat16, torch.float64)))
    if chooser.chance(0.05):
        model = model.to("meta")
    if chooser.chance(0.1):
        for parameter in model.parameters():
            if not isinstance(parameter, nn.UninitializedParameter):
                parameter.requires_grad_(chooser.chance(0.5))
    return model


class _Tied(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Linear(6, 10, bias=False)
        self.tokens = nn.Embedding(10, 6, padding_idx=2)
        self.tokens.weight = self.head.weight


class _Own(nn.Module):
    def __init__(self, *shape: int) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.zeros(shape))


_MODELS: Final = (
    lambda: nn.Linear(6, 4), lambda: nn.Linear(6, 4, bias=False), lambda: nn.Conv2d(4, 8, 3,
    groups=2), lambda: nn.Conv1d(4, 4, 3, groups=4),
    lambda: nn.ConvTranspose2d(4, 6, 3), lambda: nn.Embedding(7, 4, padding_idx=0),
    lambda: nn.LSTM(4, 3), lambda: nn.GRU(4, 3, 2, bidirectional=True),
    lambda: nn.MultiheadAttention(8, 2), lambda: nn.MultiheadAttention(8, 2, kdim=4, vdim=6),
    lambda: nn.LayerNorm(4), lambda: nn.BatchNorm2d(4),
    lambda: nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2)),
    lambda: nn.TransformerEncoderLayer(8, 2, 16), lambda: nn.Bilinear(3, 4, 5),
    lambda: nn.LSTMCell(4, 3), lambda: nn.PReLU(), lambda: nn.Identity(), lambda: nn.ModuleList(),
    lambda: nn.LazyLinear(4), _Tied,
    lambda: _Own(), lambda: _Own(4), lambda: _Own(4, 6), lambda: _Own(2, 4, 6),
    lambda: nn.Sequential(nn.Linear(6, 4), _Own(3, 4)),
    lambda: torch.nn.utils.parametrizations.weight_norm(nn.Linear(6, 4)),
    lambda: torch.nn.utils.parametrizations.spectral_norm(nn.Linear(6, 4)),
    lambda: torch.ao.nn.quantized.dynamic.Linear(6, 4), lambda: nn.Sequential(nn.Linear(3, 3),
    nn.Linear(3, 3).to("meta")),
    lambda: nn.RNN(4, 3, nonlinearity="relu"), lambda: nn.EmbeddingBag(7, 4),
    lambda: nn.ParameterList([nn.Parameter(torch.zeros(3, 4))]),
    lambda: nn.LSTM(4, 6, proj_size=3), lambda: nn.GroupNorm(2, 4),
    lambda: nn.ModuleDict({"a.b": nn.Linear(2, 2)}) if False else nn.ModuleDict({"a": nn.Linear(2,
    2)}),
)  # fmt: skip


def _bytes(tensor: Any) -> object:
    lazy = isinstance(tensor, nn.parameter.UninitializedTensorMixin)
    if not isinstance(tensor, torch.Tensor) or lazy or tensor.device.type != "cpu":
        return b""
    with torch.no_grad():
        plain = tensor.detach().clone(memory_format=torch.contiguous_format)
        plain = plain.int_repr() if plain.is_quantized else plain
    return ctypes.string_at(plain.data_ptr(), plain.numel() * plain.element_size())


def _raw(tensor: torch.Tensor) -> bytes:
    """The bytes of a tensor, as a file has them."""
    return tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()


def _kept(held: Held, before: torch.Tensor) -> bool:
    """Whether what does not belong to the tensor is as it was."""
    base, view = held.base.detach(), held.tensor.detach()
    if base.ndim == 0 or view.numel() == 0:
        return True
    with torch.no_grad():
        own = before.as_strided(
            view.shape, view.stride(), view.storage_offset() - base.storage_offset()
        )
        own.copy_(view)
    return _bytes(before) == _bytes(base)


def _described(held: Held) -> str:
    if not isinstance(held.tensor, torch.Tensor):
        return repr(held.tensor)[:100] if not isinstance(held.tensor, type) else "a class"
    try:
        return f"{held.tensor.dtype} {tuple(held.tensor.shape)} {held.tensor.stride()}"
    except Exception:  # noqa: BLE001 - some have no shape or strides
        return type(held.tensor).__name__
