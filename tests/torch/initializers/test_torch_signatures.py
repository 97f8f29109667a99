"""The drop-in surface: names, signatures, defaults, docstrings and warnings of torch.nn.init."""

import inspect
import pickle
import warnings

import pytest
import torch

import fanwise
import fanwise.torch
import fanwise.torch as init
from fanwise.adapters.torch.drawing.records import recall
from fanwise.spec import catalogue

NAMES = fanwise.torch.__all__
TORCH = torch.nn.init.__all__
OLD = [name for name in TORCH if not name.endswith("_") and name != "calculate_gain"]
NEW = [name for name in TORCH if name.endswith("_")]
EXTRAS = {"seed": None, "path": None, "engine": "portable"}
SCHEMES = {"identity": "eye_"}


def parameters(function):
    return inspect.signature(function).parameters


def test_the_names_of_torch_are_all_there():
    assert len(NEW) >= 14
    assert len(OLD) >= 11
    assert set(TORCH) <= set(NAMES)


@pytest.mark.parametrize("name", ["calculate_gain", *NEW])
def test_the_parameters_of_torch_come_first_and_unchanged(name):
    theirs = list(parameters(getattr(torch.nn.init, name)).values())
    ours = list(parameters(getattr(init, name)).values())[: len(theirs)]
    assert [(p.name, p.kind, p.default) for p in ours] == [
        (p.name, p.kind, p.default) for p in theirs
    ]


@pytest.mark.parametrize("name", [n for n in NAMES if n.endswith("_")])
def test_ours_are_keyword_only(name):
    found = parameters(getattr(init, name))
    for extra, default in EXTRAS.items():
        assert found[extra].kind is inspect.Parameter.KEYWORD_ONLY
        assert found[extra].default == default
    theirs = parameters(getattr(torch.nn.init, name)) if name in TORCH else found
    beyond = [found[key] for key in found if key not in theirs]
    assert all(p.kind is inspect.Parameter.KEYWORD_ONLY for p in beyond)
    if name == "init_":
        assert found["axes"].default is None
    elif name not in ("constant_", "ones_", "zeros_"):
        entry = catalogue().entries.get(name[:-1])
        own = None if entry is None else entry.axes
        assert found["axes"].default == (own or "torch")


@pytest.mark.parametrize("name", catalogue().entries)
def test_every_scheme_of_the_catalogue_is_a_function(name):
    assert callable(getattr(init, SCHEMES.get(name, f"{name}_")))


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_documented_under_its_own_name(name):
    function = getattr(init, name)
    assert function.__doc__
    assert function.__name__ == name
    if name not in OLD:
        assert pickle.loads(pickle.dumps(function)) is function


def test_a_generated_function_has_the_parameters_of_its_scheme():
    found = parameters(init.truncated_normal_)
    assert list(found)[:7] == ["tensor", "mean", "std", "low", "high", "corrected", "generator"]
    assert (found["std"].default, found["low"].default) == (1.0, -2.0)
    assert parameters(init.he_normal_)["fan"].kind is inspect.Parameter.KEYWORD_ONLY
    with pytest.raises(TypeError, match=r"^he_normal_\(\): missing a required argument: 'tensor'"):
        init.he_normal_()
    with pytest.raises(TypeError, match=r"^identity_\(\): .*unexpected keyword argument 'gian'"):
        init.identity_(torch.empty(2, 2), gian=2.0)
    assert init.variance_scaling_.__doc__.count("fan_avg") == 0
    assert "the fan that divides the scale" in init.variance_scaling_.__doc__


@pytest.mark.parametrize("name", OLD)
def test_the_old_names_warn_as_torch_does(name):
    tensor = torch.empty(1, 1, 3) if name == "dirac" else torch.empty(3, 3)
    args = {"constant": (0.5,), "sparse": (0.1,)}.get(name, ())
    said = []
    for module in (torch.nn.init, init):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            assert getattr(module, name)(tensor, *args) is tensor
        said.append([(str(w.message), w.category, w.filename) for w in caught])
    assert said[0] == said[1]
    assert said[1][0][1] is FutureWarning


@pytest.mark.parametrize("name", ["kaiming_normal_", "kaiming_uniform_"])
@pytest.mark.parametrize("shape", [(0, 1), (2, 0, 3), (0,)])
def test_a_tensor_without_elements_warns_as_in_torch(name, shape):
    tensor = torch.empty(shape)
    with pytest.warns(UserWarning, match="Initializing zero-element tensors is a no-op") as seen:
        assert getattr(init, name)(tensor) is tensor
    assert [w.filename for w in seen] == [__file__]


def test_a_mean_outside_of_the_bounds_warns_as_in_torch():
    with pytest.warns(UserWarning, match="mean is more than 2 std from") as seen:
        init.trunc_normal_(torch.empty(9), mean=-3.0, std=1.0, a=-0.5, b=2.0, seed=0)
    assert [w.filename for w in seen] == [__file__]


@pytest.mark.parametrize("nonlinearity", ["linear", "conv2d", "sigmoid", "tanh", "relu", "selu"])
def test_gains_are_those_of_torch(nonlinearity):
    expected = torch.nn.init.calculate_gain(nonlinearity)
    assert init.calculate_gain(nonlinearity) == pytest.approx(expected, rel=1e-15)
    slope = init.calculate_gain("leaky_relu", 0.2)
    assert slope == torch.nn.init.calculate_gain("leaky_relu", 0.2)


@pytest.mark.parametrize(
    ("ours", "theirs", "args", "shape"),
    [
        ("xavier_uniform_", "xavier_uniform_", (), (3,)),
        ("kaiming_normal_", "kaiming_normal_", (), (3,)),
        ("orthogonal_", "orthogonal_", (), (3,)),
        ("eye_", "eye_", (), (3, 3, 3)),
        ("sparse_", "sparse_", (0.1,), (3,)),
        ("dirac_", "dirac_", (), (3, 3)),
        ("dirac_", "dirac_", (2,), (3, 3, 3)),
        ("kaiming_uniform_", "kaiming_uniform_", (0, "fan_in", "gelu"), (3, 3)),
    ],
)
def test_errors_say_what_torch_says(ours, theirs, args, shape):
    tensor = torch.zeros(shape)
    with pytest.raises(ValueError, match=r"dim|nonlinearity") as expected:
        getattr(torch.nn.init, theirs)(tensor, *args)
    with pytest.raises(fanwise.FanwiseError) as found:
        getattr(init, ours)(tensor, *args)
    assert str(found.value).startswith(f"{expected.value}.")
    assert not tensor.any()


def test_modes_are_taken_in_any_case():
    upper = init.kaiming_normal_(torch.empty(3, 4), mode="FAN_OUT", seed=1).clone()
    lower = init.kaiming_normal_(torch.empty(3, 4), mode="fan_out", seed=1)
    assert torch.equal(upper, lower)
    with pytest.raises(ValueError, match="Mode fan_up not supported, please use one of"):
        init.kaiming_normal_(torch.empty(3, 4), mode="fan_up")


#: What needs no matrix, or further arguments.
ELSEWHERE = {
    *("dirac_", "delta_orthogonal_"),
    *(f"{name}_" for name, entry in catalogue().entries.items() if entry.axes or entry.shape),
}
FURTHER = {"init_": ("he_normal",), "constant_": (0.5,), "sparse_": (0.1,)}


def required(name):
    """What a function must be given besides a tensor, by its scheme's example."""
    entry = catalogue().entries.get(name[:-1])
    return {} if entry is None else dict(entry.example)


@pytest.mark.parametrize("name", [n for n in NAMES if n.endswith("_") and n not in ELSEWHERE])
def test_a_bare_parameter_is_read_as_torch_reads_it(name):
    weight = torch.nn.Parameter(torch.empty(64, 512))
    getattr(init, name)(weight, *FURTHER.get(name, ()), **required(name))
    (drawn,) = recall(weight)
    assert drawn.layout.roles in (("out", "in"), ())  # a constant has no axes
    if "fan" in parameters(getattr(init, name)):
        assert drawn.law.std == drawn.scheme.std((64, 512), "torch")


OVERRIDABLE = {
    "uniform_": {"a": -1.0, "b": 2.0},
    "normal_": {"std": 2.0},
    "constant_": {"val": 3.0},
    "kaiming_uniform_": {"nonlinearity": "relu"},
}


@pytest.mark.parametrize("name", OVERRIDABLE)
def test_subclasses_are_asked_as_in_torch(name):
    calls = []

    class Asked(torch.Tensor):
        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            calls.append((func, kwargs))
            return super().__torch_function__(func, types, args, kwargs)

    function = getattr(init, name)
    plain = function(torch.zeros(3, 4), **OVERRIDABLE[name], seed=5).clone()
    tensor = torch.zeros(3, 4).as_subclass(Asked)
    assert function(tensor, **OVERRIDABLE[name], seed=5) is tensor
    _, kwargs = next(call for call in calls if call[0] is function)
    assert kwargs["tensor"] is tensor
    assert kwargs["seed"] == 5
    assert torch.equal(tensor.as_subclass(torch.Tensor), plain)
    with torch.device("meta"):
        again = function(tensor.as_subclass(torch.Tensor).zero_(), **OVERRIDABLE[name], seed=5)
    assert torch.equal(again, plain)
