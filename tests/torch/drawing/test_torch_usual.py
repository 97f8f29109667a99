"""A call that was worked out before: everything is as on the way that takes any call."""

import warnings
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from fractions import Fraction
from unittest.mock import patch

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.autograd import forward_ad
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

import fanwise
import fanwise.torch as init
from fanwise.adapters.engines import Engine
from fanwise.adapters.repeated_streams import StreamUses
from fanwise.adapters.torch.drawing import engines, seeds, streams_in_use, usual
from fanwise.adapters.torch.drawing.records import recall
from fanwise.adapters.torch.initializers import absolute, any_scheme, catalogue, constant, scaled

NUMBERS = [0, 0.0, -0.0, 1, 1.0, True, False, 0.5, -0.5, 2, 3.0, 1e-45, 1e30, 1e300]
ODD_NUMBERS = [
    *(float("nan"), float("inf"), None, "1", (), [], 10**400),
    *(np.float32(0.5), np.float64(-0.0), np.int64(1), np.bool_(1), Fraction(1, 2)),
]
number = st.sampled_from(NUMBERS) | st.sampled_from(NUMBERS + ODD_NUMBERS)
one_element = st.sampled_from([0.0, -0.0, 0.5, 1.0]).map(torch.tensor)
fan = st.sampled_from([None, None, 3, 3.0, True, 0, -1, "3"])
groups = st.sampled_from([1, 1, 2, 1.0, True, 0, None])
gain = st.just({}) | st.fixed_dictionaries({"gain": number | one_element})
mode = st.sampled_from(["fan_in", "fan_out", "FAN_IN", "fan_avg", "fan_geo_avg", "fan", None, 1])
nonlinearity = st.sampled_from(["leaky_relu", "relu", "tanh", "selu", "sigmoid", "x", None, 0])
fans = st.fixed_dictionaries({}, optional={"fan": fan, "groups": groups})
kaiming = st.fixed_dictionaries({}, optional={"a": number, "mode": mode, "fan": fan}) | (
    st.fixed_dictionaries({"nonlinearity": nonlinearity}, optional={"a": number, "groups": groups})
)
CUTS = st.fixed_dictionaries(
    {}, optional={"mean": number, "std": number | one_element, "a": number, "b": number}
)
SCHEMES = st.sampled_from(
    [
        *("he_normal", "normal", "orthogonal", "zeros", "identity", "no such scheme", "", 3, None),
        *(fanwise.scheme("normal", mean=zero) for zero in (0.0, -0.0)),
        fanwise.scheme("uniform", low=-1, high=2),
        fanwise.scheme("truncated_normal", std=0.02).named("bert_normal"),
    ]
)
ARGUMENTS = {
    "uniform_": st.fixed_dictionaries({}, optional={"a": number | one_element, "b": number}),
    "normal_": st.fixed_dictionaries({}, optional={"mean": number, "std": number | one_element}),
    "trunc_normal_": CUTS,
    "xavier_uniform_": st.tuples(gain, fans).map(lambda two: {**two[0], **two[1]}),
    "xavier_normal_": st.tuples(gain, fans).map(lambda two: {**two[0], **two[1]}),
    "kaiming_uniform_": kaiming,
    "kaiming_normal_": kaiming,
    "he_normal_": fans,
    "lecun_uniform_": fans,
    "variance_scaling_": st.fixed_dictionaries({}, optional={"scale": number, "mode": mode}),
    "truncated_normal_": st.fixed_dictionaries({}, optional={"std": number, "low": number}),
    "orthogonal_": gain,
    "init_": st.fixed_dictionaries({"scheme": SCHEMES}),
    "constant_": st.fixed_dictionaries({"val": number | one_element}),
    "zeros_": st.just({}),
    "ones_": st.just({}),
}
CONSTANT = {"constant_", "zeros_", "ones_"}
SOURCES = {
    "seed": st.sampled_from([None, 0, 1, 2**64 - 1, 2**64, -1, True, 1.0, np.int64(3), "0"]),
    "path": st.sampled_from([None, "a", "a/kernel", "", "ä", "\ud800", "\u0378", 3, b"a"]),
    "engine": st.sampled_from(["portable", "portable", Engine.PORTABLE, "native", "x", None]),
    "axes": st.sampled_from(["torch", "in out", "kernel", "(2 out) in", "(3 out) in", 3, "?"]),
    "generator": st.sampled_from([None, 0, "no generator", "cpu"]),
}
MEMORY = {
    "plain": lambda dtype: torch.full((4, 6), 7.0).to(dtype),
    "parameter": lambda dtype: nn.Parameter(
        torch.full((4, 6), 7.0).to(dtype), requires_grad=dtype.is_floating_point
    ),
    "bias": lambda dtype: torch.full((4,), 7.0).to(dtype),
    "scalar": lambda dtype: torch.full((), 7.0).to(dtype),
    "kernel": lambda dtype: torch.full((4, 2, 3, 1), 7.0).to(dtype),
    "33 axes": lambda dtype: torch.full((1,) * 33, 7.0).to(dtype),
    "detached part": lambda dtype: torch.full((2, 4, 6), 7.0).to(dtype)[1].detach(),
    "part of its own": lambda dtype: torch.full((8, 6), 7.0).to(dtype).data[2:6].data,
    "empty part of its own": lambda dtype: torch.full((8, 6), 7.0).to(dtype).data[2:2].data,
    "transposed": lambda dtype: torch.full((4, 6), 7.0).to(dtype).t(),
    "part": lambda dtype: torch.full((8, 6), 7.0).to(dtype)[2:6],
    "empty": lambda dtype: torch.empty(0, 6, dtype=dtype),
    "meta": lambda dtype: torch.empty(4, 6, dtype=dtype, device="meta"),
    "computed": lambda dtype: torch.full((4, 6), 7.0, requires_grad=True).to(dtype) * 1,
    "expanded": lambda dtype: torch.full((1, 6), 7.0).to(dtype).expand(4, 6),
    "sparse": lambda dtype: torch.full((4, 6), 7.0).to(dtype).to_sparse(),
    "no tensor": lambda dtype: np.full((4, 6), 7.0),
}
DTYPES = [torch.float32, torch.float32, torch.bfloat16, torch.float16, torch.float64, torch.int32]
DOORS = (absolute, any_scheme, catalogue, scaled)


@contextmanager
def only_the_long_way():
    """Have no call be a usual one."""
    with ExitStack() as stack:
        for module in DOORS:
            stack.enter_context(patch.object(module, "fill_usual", lambda *_, **__: False))
        stack.enter_context(patch.object(constant, "fill_constant", lambda *_: False))
        yield


def memory(tensor):
    """All that a tensor holds, as far as it holds anything."""
    if not isinstance(tensor, torch.Tensor):
        return tensor.tobytes()
    if tensor.is_meta:
        return None
    plain = tensor.detach().to_dense() if tensor.is_sparse else tensor.detach()
    plain = plain.flatten()  # NumPy may have 32 axes at most
    return (plain.view(torch.uint16) if plain.dtype is torch.bfloat16 else plain).numpy().tobytes()


def call(door, tensor, arguments, *, is_repeated=False, run=lambda function: function()):
    """Call a door in a new world, and return all that can be seen of it afterwards."""
    arguments = dict(arguments)
    if arguments.get("generator") == "cpu":
        arguments["generator"] = torch.Generator().manual_seed(5)
    with patch.object(streams_in_use, "_uses", StreamUses()), warnings.catch_warnings(record=True):
        warnings.simplefilter("always")
        other = torch.empty(2)
        if is_repeated:
            with suppress(fanwise.FanwiseError):
                init.normal_(other, seed=arguments.get("seed"), path=arguments.get("path"))
        torch.manual_seed(11)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                outcome = run(lambda: getattr(init, door)(tensor, **arguments)) is tensor
            except Exception as error:  # noqa: BLE001
                outcome = type(error), str(error)
    told = [
        (each.category, str(each.message), each.filename, each.lineno)
        for each in caught
        if each.category is not DeprecationWarning  # torch's own, when it first transforms
    ]
    generator = arguments.get("generator")
    states = [torch.get_rng_state()]
    if isinstance(generator, torch.Generator):
        states.append(generator.get_state())
    is_tensor = isinstance(tensor, torch.Tensor)
    return {
        "outcome": outcome,
        "warnings": told,
        "memory": memory(tensor),
        "generators": [state.numpy().tobytes() for state in states],
        "version": tensor._version if is_tensor else None,
        "record": [(held.scheme, held.law) for held in recall(tensor)] if is_tensor else None,
    }


@st.composite
def calls(draw):
    """A door, with memory and arguments, most of them right."""
    door = draw(st.sampled_from(sorted(ARGUMENTS)))
    allowed = {"seed", "path", "engine"} if door in CONSTANT else set(SOURCES)
    chosen = draw(st.sets(st.sampled_from(sorted(allowed)), max_size=2))
    arguments = {**draw(ARGUMENTS[door]), **{name: draw(SOURCES[name]) for name in sorted(chosen)}}
    kind = draw(st.sampled_from(["plain", "parameter"]) | st.sampled_from(list(MEMORY)))
    return door, MEMORY[kind], draw(st.sampled_from(DTYPES)), arguments, draw(st.booleans())


@settings(max_examples=1500, suppress_health_check=list(HealthCheck))
@given(calls())
def test_it_does_what_the_long_way_does(chosen):
    door, make, dtype, arguments, is_repeated = chosen
    with only_the_long_way():
        expected = call(door, make(dtype), arguments, is_repeated=is_repeated)
    for _ in range(2):  # worked out, and looked up
        assert call(door, make(dtype), arguments, is_repeated=is_repeated) == expected


USUAL = {
    **{door: {} for door in sorted(ARGUMENTS) if door not in ("orthogonal_", "init_", "constant_")},
    "constant_": {"val": 0.5},
    "init_": {"scheme": "he_normal"},
}
each_usual = pytest.mark.parametrize("door", USUAL)


@each_usual
@pytest.mark.parametrize("dtype", dict.fromkeys(DTYPES[:-1]))
@pytest.mark.parametrize(
    "source", [{}, {"seed": 3}, {"path": "a"}, {"seed": 3, "path": "a"}, {"engine": "portable"}]
)
def test_a_usual_call_takes_no_other_way(door, dtype, source, monkeypatch):
    """Else it could always be refused, and nothing but its cost would tell."""
    monkeypatch.setattr(engines, "Setting", None)
    monkeypatch.setattr(any_scheme, "Setting", None)
    tensor = nn.Parameter(torch.full((4, 6), 7.0, dtype=dtype))
    assert getattr(init, door)(tensor, **USUAL[door], **source) is tensor
    assert not (tensor == 7).any()


@each_usual
@pytest.mark.parametrize("kind", MEMORY)
def test_every_kind_of_memory(door, kind):
    for source in ({}, {"seed": 3}):
        with only_the_long_way():
            expected = call(door, MEMORY[kind](torch.float32), {**USUAL[door], **source})
        found = call(door, MEMORY[kind](torch.float32), {**USUAL[door], **source})
        assert found == expected


@pytest.mark.parametrize("door", sorted({*USUAL} - CONSTANT))
def test_a_seed_and_a_generator_are_one_too_many(door):
    init_door = getattr(init, door)
    init_door(torch.empty(4, 6), **USUAL[door])
    tensor = torch.full((4, 6), 7.0)
    with pytest.raises(fanwise.FanwiseError, match="one source of randomness"):
        init_door(tensor, **USUAL[door], seed=0, generator=torch.Generator())
    assert (tensor == 7).all()


def test_what_is_not_random_takes_no_stream():
    """Neither two of one seed, which would be warned of, nor a seed from the generator."""
    state, tensors = torch.get_rng_state(), [torch.empty(4, 6) for _ in range(3)]
    for tensor in tensors:
        init.normal_(tensor, 0.5, 0.0, seed=0)
        init.normal_(tensor, 0.5, 0.0)
    assert torch.equal(torch.get_rng_state(), state)


def test_what_equals_another_value_is_told_apart():
    """1, 1.0 and True are equal, and so are 0.0 and -0.0: a dictionary takes one for all."""
    for means in ((0.0, -0.0), (-0.0, 0.0)):
        usual._worked_out.cache_clear()
        init.normal_(torch.empty(4, 6), std=1.0)
        with pytest.raises(fanwise.FanwiseError, match="a finite number"):
            init.normal_(torch.empty(4, 6), std=True)
        for mean in means:
            tensor = torch.empty(4, 6)
            init.normal_(tensor, mean, 0.0)
            assert torch.equal(torch.signbit(tensor), torch.full((4, 6), np.signbit(mean)))
            (held,) = recall(tensor)
            assert np.signbit(held.scheme["mean"]) == np.signbit(mean)


def test_a_tensor_as_an_argument_is_read_at_every_call():
    std = torch.tensor(1.0)
    for value in (1.0, 2.0):
        std.fill_(value)
        torch.manual_seed(1)
        found = init.normal_(torch.empty(4, 6), std=std)
        torch.manual_seed(1)
        assert torch.equal(found, init.normal_(torch.empty(4, 6), std=value))


def test_what_is_kept_holds_no_tensor_and_has_a_bound():
    usual._worked_out.cache_clear()
    std = torch.tensor(1.0)
    is_gone = weakref.ref(std)
    init.normal_(torch.empty(4, 6), std=std)
    del std
    assert is_gone() is None
    assert usual._worked_out.cache_info().maxsize <= 4096


class Seen(TorchFunctionMode):
    """Notes what is called."""

    def __init__(self):
        super().__init__()
        self.names = []

    def __torch_function__(self, function, types, args=(), kwargs=None):
        self.names.append(getattr(function, "__name__", str(function)))
        return function(*args, **(kwargs or {}))


class Dispatched(TorchDispatchMode):
    """Notes which operations run."""

    def __init__(self):
        super().__init__()
        self.names = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        self.names.append(str(function))
        return function(*args, **(kwargs or {}))


def inside(surrounding):
    """Return what runs a function inside a context, for what the context has noted."""

    def run(function):
        with surrounding:
            return function()

    return run, lambda: getattr(surrounding, "names", ())


def transformed(transform):
    """Return what runs a function inside a transform."""

    def run(function):
        held = []
        transform(lambda x: (held.append(function()), x.sum())[1])(torch.ones(2))
        return held[0]

    return run, tuple


SURROUNDINGS = {
    "no gradients": lambda: inside(torch.no_grad()),
    "inference mode": lambda: inside(torch.inference_mode()),
    "a function mode": lambda: inside(Seen()),
    "a dispatch mode": lambda: inside(Dispatched()),
    "fake tensors": lambda: inside(FakeTensorMode()),
    "a default device": lambda: inside(torch.device("meta")),
    "forward gradients": lambda: inside(forward_ad.dual_level()),
    "autocast": lambda: inside(torch.autocast("cpu")),
    "grad": lambda: transformed(torch.func.grad),
    "jvp": lambda: transformed(lambda f: lambda x: torch.func.jvp(f, (x,), (x,))),
    "vmap": lambda: transformed(torch.func.vmap),
    "vmap, random": lambda: transformed(lambda f: torch.func.vmap(f, randomness="different")),
}


@each_usual
@pytest.mark.parametrize("surrounding", SURROUNDINGS.values(), ids=SURROUNDINGS)
@pytest.mark.parametrize("seed", [None, 3])
def test_whatever_surrounds_a_call(door, surrounding, seed):
    def seen():
        tensor = nn.Parameter(torch.full((4, 6), 7.0))
        run, noted = surrounding()
        return call(door, tensor, {**USUAL[door], "seed": seed}, run=run), noted()

    with only_the_long_way():
        expected = seen()
    assert seen() == expected
    assert seen() == expected


def test_what_is_compiled_is_not_looked_up():
    with patch.object(usual, "_is_usual", side_effect=AssertionError):

        @torch.compile(backend="eager", fullgraph=True)
        def function(tensor):
            return init.kaiming_normal_(init.zeros_(tensor), seed=3)

        found = function(torch.empty(4, 6))
    with only_the_long_way():
        assert torch.equal(found, init.kaiming_normal_(torch.empty(4, 6), seed=3))


def test_the_memory_for_seeds_may_be_made_anywhere(monkeypatch):
    for first in (torch.inference_mode, torch.no_grad, forward_ad.dual_level):
        monkeypatch.setattr(seeds, "_spaces", [])
        torch.manual_seed(0)
        expected = seeds.draw_seed(None), seeds.draw_seed(None)
        torch.manual_seed(0)
        with first():
            found = seeds.draw_host_seed(None)
        assert (found, seeds.draw_host_seed(None)) == expected


def test_threads_draw_seeds_of_their_own():
    def draw(number, seeds_of):
        generator = torch.Generator().manual_seed(number)
        return [seeds_of(generator) for _ in range(300)]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(draw, range(8), [seeds.draw_host_seed] * 8))
    assert found == [draw(number, seeds.draw_seed) for number in range(8)]
