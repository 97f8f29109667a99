"""Formulas and buffers of models that nobody has set: written where code gives them."""

import warnings

import pytest
import torch
from torch import nn

import fanwise.torch as init
from fanwise import UnsetBufferWarning


class Rotary(nn.Module):
    """Frequencies, made by the constructor."""

    def __init__(self, size, base=100.0):
        super().__init__()
        self.size = size
        self.base = base
        inv_freq = 1.0 / (base ** (torch.arange(0, size, 2).float() / size))
        self.register_buffer("inv_freq", inv_freq, persistent=False)
        self.register_buffer("ids", torch.arange(size).expand((1, -1)))


class Ramp(nn.Module):
    """A formula that is trained, one that is not, and a gain."""

    def __init__(self, size):
        super().__init__()
        self.size = size
        self.rotary = Rotary(size)
        self.decay = nn.Parameter(torch.log(torch.arange(1, size + 1).float()))
        self.frozen = nn.Parameter(torch.arange(1, size + 1).float(), requires_grad=False)
        self.gain = nn.Parameter(torch.full((size,), 0.5))
        self.dense = nn.Linear(size, size)


FILLED = {
    "NaN": lambda t: t.fill_(torch.nan) if t.is_floating_point() else t.fill_(2**60),
    "zeros": lambda t: t.zero_(),
    "denormal": lambda t: t.fill_(1e-42) if t.is_floating_point() else t.fill_(2**50),
}


def emptied(fill, make=Ramp):
    with torch.device("meta"):
        model = make(6)
    model.to_empty(device="cpu")
    with torch.no_grad():
        for tensor in (*model.parameters(), *model.buffers()):
            fill(tensor)
    return model


def warned(model, recipe="torch_default", **how):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        init.initialize(model, recipe, seed=0, **how)
    return [str(w.message) for w in caught if w.category is UnsetBufferWarning]


@pytest.mark.parametrize("name", FILLED)
def test_an_emptied_model_is_what_a_plain_one_is(name):
    plain, model = Ramp(6), emptied(FILLED[name])
    assert warned(plain) == []
    assert warned(model) == []
    assert model.state_dict().keys() == plain.state_dict().keys()
    pairs = zip(model.named_parameters(), plain.named_parameters(), strict=True)
    for (path, tensor), (_, other) in pairs:
        assert torch.equal(tensor, other), path
    for (path, tensor), (_, other) in zip(
        model.named_buffers(), plain.named_buffers(), strict=True
    ):
        assert torch.equal(tensor, other), path


class Router(nn.Module):
    """A bias that is no buffer and does not train, as those that balance experts."""

    def __init__(self, size, start=0.0):
        super().__init__()
        self.start = start
        self.dense = nn.Linear(size, size)
        self.balance = nn.Parameter(torch.full((4,), start), requires_grad=False)


@pytest.mark.parametrize("start", [0.0, 0.5, 1.0])
@pytest.mark.parametrize(
    "more",
    [{"rule": [{"match": "balance", "frozen": True, "init": "keep"}]}, {"allow": ["balance"]}],
    ids=["kept by a rule", "allowed to have none"],
)
def test_a_constant_that_does_not_train_is_written_where_nobody_has_set_the_model(start, more):
    model = emptied(FILLED["NaN"], lambda size: Router(size, start))
    assert warned(model, recipe=_of_kernels(**more)) == []
    assert (model.balance == start).all()


def test_what_a_recipe_allows_to_have_no_rule_stays_where_the_model_is_set():
    model = Router(6)
    with torch.no_grad():
        model.balance.fill_(7)
    assert warned(model, recipe=_of_kernels(allow=["balance"])) == []
    assert (model.balance == 7).all()


def test_what_is_excluded_stays_and_is_named_where_nobody_has_set_it():
    model = emptied(FILLED["NaN"], Router)
    (message,) = warned(model, exclude="balance", recipe=_of_kernels())
    assert message.startswith("Weights hold what nobody has set: ")
    assert "balance stays, although nobody has set the model" in message
    assert "uffers" not in message
    assert model.balance.isnan().all()
    assert warned(Router(6), exclude="balance", recipe=_of_kernels()) == []


def _of_kernels(rule=(), allow=()):
    rules = [{"role": "kernel", "init": "he_normal"}, {"role": "bias", "init": "zeros"}]
    return {"fanwise": 1, "allow": {"unmatched": list(allow)}, "rule": [*rules, *rule]}


def test_what_is_set_stays():
    model = Ramp(6)
    with torch.no_grad():
        model.rotary.inv_freq.mul_(2)
        model.frozen.mul_(2)
    assert warned(model) == []
    assert model.rotary.inv_freq[0] == 2
    assert model.frozen[0] == 2


class Unseen(nn.Module):
    """Values that the layer does not keep."""

    def __init__(self, size, factors=None):
        super().__init__()
        factors = [2.0] * size if factors is None else factors
        self.dense = nn.Linear(size, size)
        self.scale = nn.Parameter(torch.tensor(factors), requires_grad=False)
        self.register_buffer("inv_freq", torch.tensor(factors))
        self.register_buffer("other", torch.ones(3))


def test_what_cannot_be_restored_is_named():
    model = emptied(FILLED["NaN"], Unseen)
    (message,) = warned(model)
    assert message.startswith("Buffers and weights hold what nobody has set: ")
    assert "inv_freq holds NaN" in message
    assert "scale stays, although nobody has set the model" in message
    assert "other" not in message
    assert (model.other == 1).all()


def test_one_buffer_that_nobody_has_set_is_filled():
    model = nn.ModuleDict({"dense": nn.Linear(3, 3), "rotary": Rotary(6)})
    with torch.no_grad():
        model["rotary"].inv_freq.fill_(torch.nan)
    assert warned(model) == []
    assert torch.equal(model["rotary"].inv_freq, Rotary(6).inv_freq)


class Forgetful(nn.Module):
    """Frequencies by an argument that the layer does not keep."""

    def __init__(self, size, base=100.0):
        super().__init__()
        self.register_buffer("inv_freq", base ** -(torch.arange(size) / size))


def test_a_default_is_not_believed():
    model = nn.ModuleDict({"dense": nn.Linear(3, 3), "rotary": Forgetful(6, 7.0)})
    with torch.no_grad():
        model["rotary"].inv_freq.fill_(torch.nan)
    (message,) = warned(model)
    assert "rotary/inv_freq holds NaN" in message
