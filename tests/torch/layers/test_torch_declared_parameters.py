"""What parameters of no layer of torch start with, by ``torch_default``."""

import math

import pytest
import torch
from reference.truncation import CORRECTION
from torch import nn

import fanwise.torch as init
from fanwise.spec.errors import FanwiseError

SCALE = 0.3


def write_cut(tensor):
    """Draw as libraries do, by a function of their own."""
    nn.init.trunc_normal_(tensor, std=0.02)


class Tokens(nn.Module):
    """Parameters that a constructor makes in many ways."""

    def __init__(self, width, count=300, *, std=0.05, rows=None):
        super().__init__()
        self.width = width
        self.proj = nn.Linear(width, width)
        self.first, self.second = 1, 2
        scale = width**-0.5
        self.scaled = nn.Parameter(scale * torch.randn(count, width))
        self.shifted = nn.Parameter(torch.rand(count, width) * 2 - 1)
        self.by_name = nn.Parameter(SCALE * torch.randn(count, width))
        self.by_default = nn.Parameter(std * torch.randn(count, width))
        self.zeroed = nn.Parameter(torch.zeros(1, width))
        self.middle = nn.Parameter(torch.full((width,), 0.5))
        self.cut = nn.Parameter(torch.empty(count, width))
        self.ramp = nn.Parameter(torch.log(torch.arange(1, width + 1).float()))
        if rows is None:
            self.branch = nn.Parameter(torch.randn(count, width))
        else:
            self.branch = nn.Parameter(torch.zeros(rows, width))
        write_cut(self.cut)
        self.by_method = nn.Parameter(torch.empty(count, width))
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.uniform_(self.by_method, -1 / self.width, 1 / self.width)


def rows_of(model, **how):
    return {row.path: row for row in init.initialize(model, "torch_default", seed=0, **how).rows}


LAWS = {
    "scaled": ("normal", 16**-0.5),
    "shifted": ("uniform", 1 / math.sqrt(3)),
    "by_name": ("normal", SCALE),
    "by_default": ("normal", 0.05),
    "zeroed": ("constant", 0),
    "middle": ("constant", 0),
    "cut": ("normal", 0.02),
    "branch": ("normal", 1),
    "by_method": ("uniform", 1 / 16 / math.sqrt(3)),
}


def test_a_constructor_declares_what_it_does():
    model = Tokens(16)
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    report = init.initialize(model, "torch_default", seed=0)
    rows = {row.path: row for row in report.rows}
    for name, (scheme, std) in LAWS.items():
        assert rows[name].scheme == scheme
        assert rows[name].expected == pytest.approx(std)
        is_drawn = not torch.equal(getattr(model, name), before[name])
        assert is_drawn == (scheme != "constant"), name
        assert getattr(model, name).detach().std(correction=0) == pytest.approx(std, rel=0.1)
    assert "ramp" in report.left_alone
    assert torch.equal(model.ramp, before["ramp"])


def test_two_builds_start_alike():
    models = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        models.append(Tokens(16))
        rows_of(models[-1])
    for left, right in zip(*(model.parameters() for model in models), strict=True):
        assert torch.equal(left, right)


class Sized(Tokens):
    """Another class around it, whose code says nothing of them."""

    def __init__(self, std, size=16):
        super().__init__(size, std=std)


def test_a_default_that_was_not_used_is_not_believed():
    with pytest.raises(FanwiseError, match="by_default") as caught:
        rows_of(Sized(0.5))
    (problem,) = caught.value.problems
    assert problem.paths == ("by_default",)
    assert rows_of(Sized(0.05))["by_default"].expected == 0.05


def test_a_few_values_confirm_no_default():
    with pytest.raises(FanwiseError, match="by_default"):
        rows_of(Tokens(16, 4))


class Around(nn.Module):
    """A model that draws again what its layers have drawn, unseen."""

    def __init__(self, start):
        super().__init__()
        self.tokens = Tokens(16)
        self.head = nn.Linear(16, 4)
        with torch.no_grad():
            start(self.tokens.scaled)


def test_a_constant_that_contradicts_the_code_stays():
    model = Around(lambda tensor: tensor.zero_())
    assert "tokens/scaled" in init.initialize(model, "torch_default", seed=0).left_alone
    assert not model.tokens.scaled.any()


@pytest.mark.parametrize("start", [lambda t: t.mul_(1.5), lambda t: t.add_(1)])
def test_what_contradicts_the_code_is_an_error(start):
    model = Around(start)
    before = model.tokens.scaled.detach().clone()
    with pytest.raises(FanwiseError, match="tokens/scaled") as caught:
        rows_of(model)
    assert [problem.kind for problem in caught.value.problems] == ["unruled"]
    assert torch.equal(before, model.tokens.scaled)


def test_one_in_a_thousand_is_no_contradiction():
    for seed in range(200):
        torch.manual_seed(seed)
        model = nn.Sequential(nn.Linear(4, 4), Lone())
        assert rows_of(model)["1/x"].expected == 2


class Lone(nn.Module):
    def __init__(self):
        super().__init__()
        self.x = nn.Parameter(2 * torch.randn(3))


class Swinging(nn.Module):
    """A model that starts its layers by a method of its own, and by one for each module."""

    def __init__(self, size=12):
        super().__init__()
        self.inner = nn.ModuleList(Table(size) for _ in range(2))
        self.mix = nn.Linear(size, size)
        self.token = nn.Parameter(torch.zeros(200, size))
        self.init_weights()
        self.apply(self._init_weights)

    def init_weights(self, std=0.01):
        nn.init.normal_(self.token, std=std)

    def _init_weights(self, module):
        if isinstance(module, Table):
            module.table.data.normal_(0, 0.03)


class Table(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.table = nn.Parameter(torch.empty(200, size))


def test_a_model_starts_its_layers():
    rows = rows_of(Swinging())
    assert (rows["token"].scheme, rows["token"].expected) == ("normal", 0.01)
    assert rows["inner/1/table"].expected == pytest.approx(0.03)


class Raising(nn.Module):
    def __init__(self):
        super().__init__()
        self.x = nn.Parameter(torch.ones(3, 4))

    def init_weights(self):
        nn.init.normal_(self.x)
        raise RuntimeError("no file")


def test_code_that_raises_declares_nothing():
    model = Raising()
    report = init.initialize(model, "torch_default", seed=0)
    assert report.left_alone == ("x",)
    assert (model.x == 1).all()


class Decay(nn.Module):
    """What a state space model draws through a formula."""

    def __init__(self, size):
        super().__init__()
        self.A_log = nn.Parameter(torch.log(torch.empty(size).uniform_(1, 16)))


def test_what_goes_through_a_formula_is_drawn_before_it():
    model = Decay(4000)
    before = model.A_log.detach().clone()
    (row,) = rows_of(model).values()
    assert (row.scheme, row.expected) == ("uniform", None)
    assert row.observed == pytest.approx(model.A_log.std(correction=0).item(), rel=1e-4)
    drawn = model.A_log.detach().exp()
    assert not torch.equal(before, model.A_log)
    assert 1 <= drawn.min() <= 1.02
    assert 15.98 <= drawn.max() <= 16
    assert drawn.std() == pytest.approx(15 / math.sqrt(12), rel=0.05)
    again = Decay(4000)
    rows_of(again)
    assert torch.equal(again.A_log, model.A_log)


class Gain(nn.LayerNorm):
    """A norm of torch's whose gain is added to 1 by code elsewhere."""

    def __init__(self, size):
        super().__init__(size)
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.zeros_(self.weight)
        nn.init.zeros_(self.bias)


class Projection(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(size, 3 * size))

    def forward(self, x):
        return x @ self.weight


def test_a_guess_gives_way_to_a_constant_that_is_declared():
    model = nn.ModuleDict({"norm": Gain(8), "down": Projection(8), "dense": nn.Linear(8, 8)})
    rows = rows_of(model)
    assert (model["norm"].weight == 0).all()
    assert (model["down"].weight == 0).all()
    assert rows["dense/kernel"].expected > 0
    nn.init.normal_(model["down"].weight)
    with pytest.raises(FanwiseError, match="down/weight"):
        rows_of(model)


def test_one_value_throughout_stays_where_nothing_is_declared():
    class Held(nn.Module):
        def __init__(self, values):
            super().__init__()
            self.x = nn.Parameter(values)

    model = Held(torch.full((3, 4), 7.0))
    report = init.initialize(model, "torch_default", seed=0)
    assert report.left_alone == ("x",)
    assert (model.x == 7).all()
    with pytest.raises(FanwiseError, match="x"):
        init.initialize(Held(torch.full((3, 4), torch.nan)), "torch_default", seed=0)


def test_what_does_not_train_stays():
    model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3).requires_grad_(requires_grad=False))
    before = model[1].weight.clone()
    report = init.initialize(model, "torch_default", seed=0)
    assert set(report.left_alone) == {"1/kernel", "1/bias"}
    assert torch.equal(before, model[1].weight)


def test_the_meta_device_has_the_same_plan():
    with torch.device("meta"):
        model = Tokens(16, std=0.05)
    report = init.initialize(model, "torch_default", seed=0, dry_run=True)
    rows = {row.path: row for row in report.rows}
    assert rows["scaled"].expected == 0.25
    # Whether the defaults of its arguments were used cannot be seen there.
    assert [problem.paths for problem in report.problems] == [("by_default", "branch")]


def test_what_is_asked_changes_nothing():
    model = Swinging()
    called = []
    model.register_forward_hook(lambda *_: called.append(1))
    state = {name: (p, p.detach().clone()) for name, p in model.named_parameters()}
    attributes = {id(m): dict(vars(m)) for m in model.modules()}
    random_state = torch.get_rng_state()
    init.paths(model)
    init.initialize(model, "torch_default", seed=0, dry_run=True)
    assert torch.equal(random_state, torch.get_rng_state())
    assert called == []
    for name, parameter in model.named_parameters():
        held, values = state[name]
        assert parameter is held
        assert torch.equal(parameter, values)
    assert all(vars(m) == attributes[id(m)] for m in model.modules())


class Experts(nn.Module):
    """More numbers than a twin has memory for."""

    def __init__(self, size):
        super().__init__()
        self.drawn = nn.Parameter(torch.randn(size, size) * 0.01)
        self.zeroed = nn.Parameter(torch.zeros(size, size))
        self.filled = nn.Parameter(torch.full((size, size), 2.0))
        self.cut = nn.Parameter(torch.empty(size, size))
        nn.init.trunc_normal_(self.cut, std=0.5, a=-1, b=1)


def test_what_is_large_is_read_without_memory():
    rows = rows_of(Experts(300))
    laws = {name: (row.scheme, row.expected) for name, row in rows.items()}
    cut = pytest.approx(0.5 * CORRECTION, rel=1e-3)
    assert laws == {
        "drawn": ("normal", 0.01),
        "zeroed": ("constant", 0),
        "filled": ("constant", 0),
        "cut": ("truncated_normal", cut),
    }


class Inner(nn.Module):
    """A tower that starts its token by methods of its own, one of them for each module."""

    def __init__(self, width):
        super().__init__()
        self.token = nn.Parameter(torch.empty(1, width))
        self.init_weights()

    def init_weights(self):
        nn.init.normal_(self.token, std=1e-6)

    def _init_weights(self, module):
        if hasattr(module, "init_weights"):
            module.init_weights()


class Outer(nn.Module):
    """What holds the tower, and draws its token once more."""

    def __init__(self, width):
        super().__init__()
        self.inner = Inner(width)
        self._initialize_weights()

    def _initialize_weights(self):
        nn.init.normal_(self.inner.token, std=0.02)


def test_what_holds_a_layer_has_the_last_word():
    row = rows_of(Outer(64))["inner/token"]
    assert row.expected == pytest.approx(0.02)


class Pooled(nn.Module):
    """A projection whose width follows from an argument that it does not keep."""

    def __init__(self, width, count=300, *, is_pooled=False):
        super().__init__()
        scale = width**-0.5
        self.token = nn.Parameter(scale * torch.randn(width))
        self.proj_width = count
        size = count if is_pooled else width
        self.proj = nn.Parameter(scale * torch.randn(size, count))


def test_a_default_that_was_not_kept_leaves_the_rest_known():
    row = rows_of(Pooled(16, is_pooled=True))["proj"]
    assert row.expected == pytest.approx(0.25)
