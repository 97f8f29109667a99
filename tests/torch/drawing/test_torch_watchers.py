"""Whoever watches what torch does sees a draw: traces, transforms, modes and subclasses."""

import pytest
import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.fx.experimental.proxy_tensor import make_fx
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

import fanwise
import fanwise.torch as init

HOW = {"seed": 1, "path": "p"}
DRAWS = {
    "he_normal_": lambda t: init.he_normal_(t, **HOW),
    "normal_": lambda t: init.normal_(t, std=0.5, **HOW),
    "orthogonal_": lambda t: init.orthogonal_(t, **HOW),
    "native": lambda t: init.normal_(t, engine="native", **HOW),
    "zeros_": init.zeros_,
    "constant_": lambda t: init.constant_(t, 0.5, seed=3),
    "eye_": init.eye_,
}
each_draw = pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
each_dtype = pytest.mark.parametrize("dtype", [torch.float32, torch.float16])


def full(dtype=torch.float32):
    return torch.full((4, 3), 7.0, dtype=dtype)


@each_dtype
@each_draw
@pytest.mark.filterwarnings("ignore:.*torch.jit.trace.*:DeprecationWarning")
@pytest.mark.parametrize("tracing", ["jit", "real", "fake", "symbolic"])
def test_a_trace_has_the_draw_in_it(draw, dtype, tracing):
    expected = draw(full(dtype)).clone()

    def function(tensor):
        return draw(tensor) * 1.0

    if tracing == "jit":
        traced = torch.jit.trace(function, (full(dtype),), check_trace=False)
    else:
        traced = make_fx(function, tracing_mode=tracing)(full(dtype))
    given = full(dtype)
    assert torch.equal(traced(given), expected)
    assert torch.equal(given, expected)


@pytest.mark.filterwarnings("ignore:.*torch.jit.trace.*:DeprecationWarning")
def test_a_trace_needs_a_seed():
    for mode in ("real", "fake", "symbolic"):
        with pytest.raises(fanwise.FanwiseError, match="a seed in code that is traced"):
            make_fx(init.he_normal_, tracing_mode=mode)(full())
    tensor = full()
    with pytest.raises(fanwise.FanwiseError, match="a seed in code that is traced"):
        torch.jit.trace(init.normal_, (tensor,))
    assert (tensor == 7).all()


def test_what_torchs_own_functions_draw_is_traced_without_one():
    traced = make_fx(lambda t: init.normal_(t, engine="native"))(full())
    given = full()
    assert not torch.equal(traced(given).clone(), traced(given))


@pytest.mark.filterwarnings("ignore:.*torch.jit.trace.*:DeprecationWarning")
def test_a_model_is_not_initialized_while_it_is_traced():
    layer = nn.Linear(3, 4)
    before = layer.weight.clone()

    def function(x):
        init.initialize(layer, "torch_default", seed=0)
        return layer(x)

    for trace in (make_fx(function), lambda x: torch.jit.trace(function, (x,))):
        with pytest.raises(fanwise.FanwiseError, match="being traced"):
            trace(torch.ones(2, 3))
    assert torch.equal(layer.weight, before)


TRANSFORMS = {
    "grad": lambda f: torch.func.grad(lambda t: f(t * 1.0).sum()),
    "vmap": torch.func.vmap,
    "jvp": lambda f: lambda t: torch.func.jvp(f, (t,), (t,)),
    "vjp": lambda f: lambda t: torch.func.vjp(f, t),
    "jacrev": torch.func.jacrev,
    "hessian": torch.func.hessian,
    "functionalize": torch.func.functionalize,
    "functionalize of vmap": lambda f: torch.func.functionalize(torch.func.vmap(f)),
    "make_fx of functionalize": lambda f: make_fx(torch.func.functionalize(f)),
}


@each_draw
@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")
@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS)
def test_inside_a_transform_it_is_written_or_an_error(transform, draw):
    expected = draw(torch.full((4, 3), 7.0)).clone()
    given = torch.full((4, 3), 7.0)
    try:
        result = transform(lambda t: draw(t) * 1.0)(given)
    except fanwise.FanwiseError:
        assert (given == 7).all()
    else:
        if callable(result):
            result = result(given)
        assert torch.equal(result, expected)


def test_what_is_made_inside_a_transform_is_drawn():
    expected = DRAWS["he_normal_"](full()).clone()
    drawn = torch.func.vmap(lambda x: DRAWS["he_normal_"](torch.empty(4, 3)) * x)(torch.ones(2))
    assert torch.equal(drawn, torch.stack([expected, expected]))


@each_draw
def test_a_fake_tensor_is_a_shape_alone(draw):
    state = torch.get_rng_state()
    with FakeTensorMode():
        inside = torch.empty(4, 3)
        assert draw(inside) is inside
        assert init.he_normal_(inside) is inside
        with pytest.raises(fanwise.FanwiseError, match="std"):
            init.normal_(inside, std=-1.0)
        with pytest.raises(fanwise.FanwiseError, match="dimensions"):
            init.he_normal_(torch.empty(3))
    assert draw(inside) is inside
    assert torch.equal(torch.get_rng_state(), state)


@each_draw
def test_a_real_tensor_among_fake_ones_is_refused(draw):
    tensor = full()
    with FakeTensorMode(), pytest.raises(fanwise.FanwiseError, match="a fake tensor"):
        draw(tensor)
    assert (tensor == 7).all()


def test_a_fake_model_is_reported_and_nothing_written():
    with FakeTensorMode():
        model = nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4), nn.Embedding(5, 4, padding_idx=0))
    report = init.initialize(model, "torch_default", seed=0)
    assert len(report.rows) == 5
    assert all(row.observed != row.observed for row in report.rows)
    assert all(row.scheme is None for row in init.summary(model).rows)


class Dispatched(TorchDispatchMode):
    """Notes the operations that torch dispatches."""

    def __init__(self):
        super().__init__()
        self.names = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.names.append(func.name())
        return func(*args, **(kwargs or {}))


class Called(TorchFunctionMode):
    """Notes the functions that are called."""

    def __init__(self):
        super().__init__()
        self.names = []

    def __torch_function__(self, func, types, args=(), kwargs=None):
        self.names.append(func.__name__)
        return func(*args, **(kwargs or {}))


class Refusing(TorchDispatchMode):
    """Lets nothing be written."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if func._schema.is_mutable:
            return args[0] if func._schema.returns else None
        return func(*args, **(kwargs or {}))


@each_dtype
@each_draw
def test_a_dispatch_mode_sees_it(draw, dtype):
    expected = draw(full(dtype)).clone()
    tensor = full(dtype)
    with Dispatched() as mode:
        draw(tensor)
    assert "fanwise::init_" in mode.names
    assert torch.equal(tensor, expected)
    tensor = full(dtype)
    with Refusing():
        draw(tensor)
    assert (tensor == 7).all()


def test_a_dispatch_mode_changes_nothing_of_what_is_drawn_without_a_seed():
    for engine in ("portable", "native"):
        torch.manual_seed(3)
        expected = init.normal_(full(), engine=engine)
        torch.manual_seed(3)
        with Dispatched() as mode:
            drawn = init.normal_(full(), engine=engine)
        assert torch.equal(drawn, expected)
        assert set(mode.names) & {"fanwise::init_", "aten::normal_"}


@each_draw
def test_a_function_mode_sees_it(draw):
    expected = draw(full()).clone()
    tensor = full()
    with Called() as mode:
        draw(tensor)
    assert set(mode.names) & {"init_", "normal_", "constant_"}
    assert torch.equal(tensor, expected)


@each_draw
def test_a_subclass_is_asked(draw):
    asked = []

    class Asked(torch.Tensor):
        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            asked.append(func.__name__)
            return super().__torch_function__(func, types, args, kwargs)

    expected = draw(full()).clone()
    tensor = full().as_subclass(Asked)
    assert draw(tensor) is tensor
    assert set(asked) & {"init_", "normal_", "constant_"}
    assert torch.equal(tensor.as_subclass(torch.Tensor), expected)


def test_a_default_device_does_not_matter():
    with torch.device("meta"):
        tensor = init.he_normal_(torch.full((4, 3), 7.0, device="cpu"), **HOW)
    assert (tensor != 7).all()
