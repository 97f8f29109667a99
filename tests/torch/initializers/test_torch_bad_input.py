"""Bad input is a FanwiseError, and leaves tensor and generator alone."""

import math

import pytest
import torch

import fanwise
import fanwise.torch as init
from tests.common.torch_tensors import bits, expected, same

WEIGHT = (4, 3)
BAD_CALLS = {
    "unknown scheme": lambda t: init.init_(t, "he_norml"),
    "no scheme": lambda t: init.init_(t, 3),
    "scale zero": lambda t: init.variance_scaling_(t, scale=0.0),
    "scale negative": lambda t: init.variance_scaling_(t, scale=-1.0),
    "scale nan": lambda t: init.variance_scaling_(t, scale=math.nan),
    "gain zero": lambda t: init.xavier_uniform_(t, gain=0),
    "gain negative": lambda t: init.xavier_normal_(t, gain=-1.0),
    "gain infinite": lambda t: init.orthogonal_(t, gain=math.inf),
    "std negative": lambda t: init.normal_(t, std=-1.0),
    "std nan": lambda t: init.normal_(t, std=math.nan),
    "std a word": lambda t: init.normal_(t, std="1"),
    "std of several": lambda t: init.normal_(t, std=torch.ones(2)),
    "mean nan": lambda t: init.normal_(t, mean=math.nan),
    "value infinite": lambda t: init.constant_(t, -math.inf),
    "bounds exchanged": lambda t: init.uniform_(t, 1.0, -1.0),
    "cut exchanged": lambda t: init.trunc_normal_(t, a=1.0, b=-1.0),
    "cut to a point": lambda t: init.trunc_normal_(t, a=1.0, b=1.0),
    "cut at nan": lambda t: init.trunc_normal_(t, a=math.nan),
    "a constant beyond every float": lambda t: init.constant_(t, 10**400),
    "more axes than NumPy has": lambda t: init.normal_(t.view(WEIGHT + (1,) * 31)),
    "cut at a word": lambda t: init.trunc_normal_(t, a="-1"),
    "cut around nan": lambda t: init.trunc_normal_(t, mean=math.nan),
    "cut without spread": lambda t: init.trunc_normal_(t, std=0.0),
    "cut of a negative spread": lambda t: init.trunc_normal_(t, std=-1.0),
    "cut of a spread in words": lambda t: init.trunc_normal_(t, std="1"),
    "cut of no spread": lambda t: init.trunc_normal_(t, std=None),
    "cut beyond the tail": lambda t: init.trunc_normal_(t, a=7.0, b=9.0),
    "cut too narrow": lambda t: init.trunc_normal_(t, a=-1e-5, b=1e-5),
    "mode": lambda t: init.kaiming_normal_(t, mode="fan"),
    "nonlinearity": lambda t: init.kaiming_normal_(t, nonlinearity="gelu"),
    "slope nan": lambda t: init.kaiming_normal_(t, a=math.nan),
    "sparsity": lambda t: init.sparse_(t, 1.5),
    "groups": lambda t: init.he_normal_(t, groups=3),
    "groups zero": lambda t: init.he_normal_(t, groups=0),
    "fan zero": lambda t: init.he_normal_(t, fan=0),
    "axes": lambda t: init.he_normal_(t, axes="out inn"),
    "axes too few": lambda t: init.he_normal_(t, axes="out"),
    "axes not words": lambda t: init.he_normal_(t, axes=0),
    "seed negative": lambda t: init.he_normal_(t, seed=-1),
    "seed too large": lambda t: init.he_normal_(t, seed=2**64),
    "seed a float": lambda t: init.he_normal_(t, seed=1.0),
    "seed of a constant": lambda t: init.ones_(t, seed=-1),
    "seed and generator": lambda t: init.he_normal_(t, torch.Generator(), seed=1),
    "generator": lambda t: init.he_normal_(t, 5),
    "engine": lambda t: init.he_normal_(t, engine="cuda"),
    "engine of a constant": lambda t: init.zeros_(t, engine=None),
    "path": lambda t: init.he_normal_(t, path=3),
    "path of a native draw": lambda t: init.he_normal_(t, path=3, engine="native"),
    "identity on a kernel": lambda t: init.identity_(t.view(2, 2, 3)),
    "delta on a matrix": lambda t: init.delta_orthogonal_(t),
}


@pytest.mark.parametrize("call", BAD_CALLS.values(), ids=BAD_CALLS.keys())
def test_bad_arguments(call):
    tensor = torch.full(WEIGHT, 9.0)
    state = torch.get_rng_state()
    with pytest.raises(fanwise.FanwiseError) as error:
        call(tensor)
    assert error.value.hint
    assert (tensor == 9.0).all()
    assert torch.equal(torch.get_rng_state(), state)


def test_engines_are_advised_by_their_names():
    with pytest.raises(fanwise.FanwiseError, match="Did you mean 'portable'"):
        init.he_normal_(torch.empty(WEIGHT), engine="Portable")


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors:UserWarning")
def test_what_is_nested_is_called_so():
    nested = torch.nested.nested_tensor([torch.zeros(2, 2), torch.zeros(3, 2)])
    with pytest.raises(fanwise.FanwiseError, match="a nested Tensor"):
        init.normal_(nested)


@pytest.mark.parametrize("shape", [(), (3,)])
@pytest.mark.parametrize("name", ["he_normal_", "xavier_uniform_", "torch_default_", "eye_"])
@pytest.mark.parametrize("engine", ["portable", "native"])
def test_too_few_axes_to_count_fans(name, shape, engine):
    tensor = torch.full(shape, 9.0)
    with pytest.raises(fanwise.FanwiseError, match="dimensions"):
        getattr(init, name)(tensor, seed=0, engine=engine)
    assert (tensor == 9.0).all()


@pytest.mark.parametrize("engine", ["portable", "native"])
@pytest.mark.parametrize(
    "dtype", [torch.int32, torch.int64, torch.bool, torch.complex64, torch.float8_e4m3fn]
)
def test_other_dtypes(dtype, engine):
    tensor = torch.zeros(WEIGHT, dtype=dtype)
    for call in (init.he_normal_, init.ones_):
        with pytest.raises(fanwise.FanwiseError, match="a dtype of float16, bfloat16"):
            call(tensor, engine=engine)
    assert not tensor.to(torch.complex64).any()


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_values_beyond_the_dtype(device):
    tensor = torch.full(WEIGHT, 9.0, dtype=torch.float16, device=device)
    for call in (
        lambda: init.normal_(tensor, std=20000.0, seed=0),
        lambda: init.uniform_(tensor, -70000.0, 0.0, seed=0),
        lambda: init.orthogonal_(tensor, gain=70000.0, seed=0),
    ):
        with pytest.raises(fanwise.FanwiseError, match="without overflow"):
            call()
    assert device == "meta" or (tensor == 9.0).all()


def bad_tensors():
    parameter = torch.nn.Parameter(torch.ones(WEIGHT))
    shared = "memory of its own for every element"
    yield "a result", parameter * 2, "a leaf tensor"
    yield "a view of a result", (parameter * 2)[:2], "a leaf tensor"
    yield "expanded", torch.ones(1, 3).expand(4, 3), shared
    yield "overlapping", torch.ones(5).unfold(0, 3, 1), shared
    yield "interleaved", torch.ones(40).as_strided((4, 3), (3, 9)), shared
    yield "sparse", torch.ones(WEIGHT).to_sparse(), "a dense tensor"
    yield "of onednn", torch.ones(WEIGHT).to_mkldnn(), "a dense tensor"
    yield "an array", torch.ones(WEIGHT).numpy(), r"a torch\.Tensor"
    yield "nothing", None, r"a torch\.Tensor"


@pytest.mark.parametrize("engine", ["portable", "native"])
@pytest.mark.parametrize(
    ("what", "tensor", "words"), list(bad_tensors()), ids=[what for what, *_ in bad_tensors()]
)
def test_tensors_that_cannot_be_written_into(what, tensor, words, engine):
    with pytest.raises(fanwise.FanwiseError, match=words):
        init.init_(tensor, "he_normal", seed=0, engine=engine)
    if isinstance(tensor, torch.Tensor):
        assert (tensor.detach().to_dense() == tensor.detach().to_dense()[0, 0]).all()


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors:UserWarning")
@pytest.mark.parametrize("layout", [torch.strided, torch.jagged])
@pytest.mark.parametrize("function", [init.he_normal_, init.zeros_, init.orthogonal_])
def test_a_nested_tensor_is_refused(function, layout):
    nested = torch.nested.nested_tensor([torch.ones(2, 3), torch.ones(4, 3)], layout=layout)
    with pytest.raises(fanwise.FanwiseError, match="a dense tensor"):
        function(nested)
    assert all((part == 1).all() for part in nested.unbind())


def test_strides_that_interleave_without_meeting_are_fine():
    base = torch.full((40,), 9.0)
    tensor = base.as_strided((2, 4), (3, 2))  # places 0 2 4 6 and 3 5 7 9
    init.he_normal_(tensor, seed=0)
    assert same(bits(tensor), expected("he_normal", (2, 4), seed=0))
    assert (base == 9.0).sum() == 32


def test_a_lazy_parameter_says_to_run_a_batch():
    layer = torch.nn.LazyLinear(3)
    for function in (init.he_normal_, init.normal_, init.kaiming_uniform_, init.zeros_):
        with pytest.raises(fanwise.FanwiseError, match="Run one batch"):
            function(layer.weight)
    with pytest.raises(fanwise.FanwiseError, match="Run one batch"):
        init.set_initializer(layer)
    with pytest.raises(fanwise.FanwiseError, match="Run one batch"):
        init.summary(layer)


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
@pytest.mark.parametrize("layout", [torch.strided, torch.jagged])
def test_a_nested_tensor_has_no_shape(layout):
    ragged = [torch.full((2, 3), 7.0), torch.full((4, 3), 7.0)]
    nested = torch.nested.nested_tensor(ragged, layout=layout)
    for function in (init.normal_, init.he_normal_):
        with pytest.raises(fanwise.FanwiseError, match="a dense tensor"):
            function(nested)
    assert all((part == 7).all() for part in nested.unbind())


@pytest.mark.parametrize("function", [init.normal_, init.zeros_, init.he_normal_])
def test_a_tensor_of_zeros_that_has_no_memory(function):
    with pytest.raises(fanwise.FanwiseError, match="storage holds its elements"):
        function(torch._efficientzerotensor((4, 3)))
