"""Inside torch.compile, without graph breaks, the functions give the same bits."""

import subprocess
import sys

import numpy as np
import pytest
import torch

import fanwise
import fanwise.torch as init
from fanwise.adapters.torch.drawing import compiled as implementation

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Dynamo detected a call to a `functools.lru_cache`"),
]

SCHEME = fanwise.scheme("truncated_normal", std=0.02, low=-1.0, high=3.0)
CALLS = {
    "init_ by name": lambda w: init.init_(w, "he_normal", seed=2**64 - 1, path="Ü/kernel"),
    "init_ by scheme": lambda w: init.init_(w, SCHEME, seed=1, axes="kernel"),
    "he_normal_": lambda w: init.he_normal_(w, seed=0, path="a", groups=2),
    "glorot_uniform_": lambda w: init.glorot_uniform_(w, seed=5),
    "kaiming_uniform_": lambda w: init.kaiming_uniform_(w, a=5**0.5, seed=1),
    "xavier_normal_": lambda w: init.xavier_normal_(w, 2.0, seed=1),
    "normal_": lambda w: init.normal_(w, 0.5, 0.1, seed=1),
    "trunc_normal_": lambda w: init.trunc_normal_(w, std=0.1, a=-0.1, b=0.3, seed=1),
    "orthogonal_": lambda w: init.orthogonal_(w, gain=2.0, seed=1),
    "zeros_": lambda w: init.zeros_(w),
    "of a view": lambda w: init.he_uniform_(w.T[1:], seed=1),
}


@pytest.fixture(autouse=True)
def fresh():
    torch.compiler.reset()


def compiled(function, **how):
    return torch.compile(function, fullgraph=True, **how)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_the_bits_are_those_of_eager_code(call, dtype):
    found, wanted = (torch.full((8, 6), 9.0, dtype=dtype) for _ in range(2))
    compiled(call)(found)
    call(wanted)
    assert torch.equal(found, wanted)
    assert not (wanted == 9.0).all()


def test_they_are_those_of_the_core():
    weight = torch.empty(8, 6)
    compiled(lambda w: init.he_normal_(w, seed=0, path="a"))(weight)
    wanted = fanwise.sample("he_normal", (8, 6), seed=0, path="a", axes="torch")
    assert np.array_equal(weight.numpy(), wanted)


def test_what_comes_before_and_after_keeps_its_place():
    def step(weight):
        weight.fill_(3.0)
        before = weight.sum()
        init.he_normal_(weight, seed=0)
        return before, weight * 2

    before, doubled = compiled(step)(torch.empty(8, 6))
    assert before == 3.0 * 48
    assert torch.equal(doubled, 2 * init.he_normal_(torch.empty(8, 6), seed=0))


def test_a_parameter_is_written_into():
    weight = torch.nn.Parameter(torch.zeros(8, 6))
    version = weight._version
    compiled(lambda w: init.he_normal_(w, seed=0))(weight)
    assert torch.equal(weight.detach(), init.he_normal_(torch.empty(8, 6), seed=0))
    assert weight.is_leaf
    assert weight._version > version


def test_a_scheme_of_before_is_forgotten():
    weight = init.he_normal_(torch.nn.Parameter(torch.zeros(8, 6)), seed=0)
    compiled(lambda w: init.ones_(w))(weight)
    assert init.summary(torch.nn.ParameterList([weight])).rows[0].scheme is None


def test_the_seed_may_vary():
    fill = compiled(lambda w, seed: init.he_normal_(w, seed=seed))
    for seed in (0, 1, 2, 2**31, 2**63 + 5):
        found = fill(torch.empty(8, 6), seed)
        assert torch.equal(found, init.he_normal_(torch.empty(8, 6), seed=seed))


def test_half_a_seed_would_be_seen(monkeypatch):
    whole = implementation.read
    monkeypatch.setattr(implementation, "read", lambda text, low, high: whole(text, low, 0 * high))
    found = compiled(lambda w: init.he_normal_(w, seed=2**63 + 5))(torch.empty(8, 6))
    assert not torch.equal(found, init.he_normal_(torch.empty(8, 6), seed=2**63 + 5))


def test_the_shape_may_vary():
    fill = compiled(lambda w: init.he_normal_(w, seed=3), dynamic=True)
    for size in (3, 4, 9):
        found = fill(torch.empty(size, 5))
        assert torch.equal(found, init.he_normal_(torch.empty(size, 5), seed=3))


BAD_CALLS = {
    "no seed": (lambda w: init.he_normal_(w), "a seed in compiled code"),
    "scheme": (lambda w: init.init_(w, "he_norml", seed=0), "Unknown scheme 'he_norml'"),
    "scale": (lambda w: init.variance_scaling_(w, scale=-1.0, seed=0), "> 0 for scale"),
    "seed negative": (lambda w: init.he_normal_(w, seed=-1), "an integer seed"),
    "seed too large": (lambda w: init.he_normal_(w, seed=2**64), "an integer seed"),
    "seed a float": (lambda w: init.he_normal_(w, seed=1.0), "an integer seed"),
    "path": (lambda w: init.he_normal_(w, seed=0, path=3), "a path as a string"),
    "axes": (lambda w: init.he_normal_(w, seed=0, axes="out inn"), "Unknown word 'inn'"),
    "engine": (lambda w: init.he_normal_(w, seed=0, engine="cuda"), "'portable' or 'native'"),
    "shape": (lambda w: init.he_normal_(w[0], seed=0), "at least two axes"),
    "groups": (lambda w: init.he_normal_(w, seed=0, groups=3), "groups that divides 8"),
}


@pytest.mark.parametrize(("call", "words"), BAD_CALLS.values(), ids=BAD_CALLS.keys())
def test_bad_arguments(call, words):
    tensor = torch.full((8, 6), 9.0)
    with pytest.raises(fanwise.FanwiseError, match=words):
        compiled(call)(tensor)
    assert (tensor == 9.0).all()


def test_a_generator_is_refused():
    generator = torch.Generator()
    tensor = torch.full((8, 6), 9.0)
    with pytest.raises(fanwise.FanwiseError, match="a seed in compiled code"):
        compiled(lambda w: init.he_normal_(w, generator))(tensor)
    assert (tensor == 9.0).all()


def test_the_compiler_is_not_imported_for_nothing():
    code = (
        "import sys, fanwise.torch; print(any(n.startswith('torch._dynamo') for n in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_compiled_code_sets_up_models_as_eager_code_does():
    rules = [{"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}]
    recipe = {"fanwise": 1, "rule": rules}
    expected, model, layer = (torch.nn.Linear(6, 4) for _ in range(3))
    init.initialize(expected, recipe, seed=0)

    @torch.compile(backend="eager")
    def whole(batch):
        init.initialize(model, recipe, seed=0)
        init.set_initializer(layer, "he_normal", seed=0)
        return model(batch + 1)

    @torch.compile(backend="eager")
    def measured(batch):
        return len(init.layer_check(model, batch).layers)

    output = whole(torch.ones(2, 6))
    assert torch.equal(model.weight, expected.weight)
    assert torch.equal(layer.weight, expected.weight)
    assert torch.equal(output, expected(torch.full((2, 6), 2.0)))
    assert measured(torch.ones(2, 6)) == 1
