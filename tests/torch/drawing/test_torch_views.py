"""Writing in place works, and fails, where torch.nn.init's own functions do."""

import contextlib
import itertools

import pytest
import torch
from torch import nn
from torch.autograd import forward_ad

import fanwise
import fanwise.torch as init

#: What gives weights of some axes from a parameter of (8, 4); several are written in turn.
VIEWS = {
    "itself": lambda w: [w],
    "halves": lambda w: [w[:4], w[4:]],
    "a slice of columns": lambda w: [w[:, :2], w[:, 2:]],
    "chunk": lambda w: w.chunk(2),
    "split": lambda w: w.split([3, 5]),
    "tensor_split": lambda w: w.tensor_split(3),
    "unbind": lambda w: w.view(2, 4, 4).unbind(),
    "iteration": lambda w: list(w.view(4, 2, 4)),
    "T": lambda w: [w.T, w.T],
    "permute": lambda w: [w.view(2, 4, 4).permute(2, 0, 1)],
    "a view of a view": lambda w: [w[2:].T[1:], w[:2][:, ::2]],
    "views of chunks": lambda w: [part.T for part in w.chunk(4)],
    "steps": lambda w: [w[::2], w[1::2]],
    "unsqueeze": lambda w: [w.unsqueeze(0), w.unsqueeze(-1)],
    "diagonal blocks": lambda w: [w.unflatten(0, (2, 4))[0], w.unflatten(0, (2, 4))[1]],
    "detach": lambda w: [w.detach(), w.detach()[:4]],
    "data": lambda w: [w.data, w.data[4:]],
    "alias": lambda w: [torch.ops.aten.alias(w), w],
    "view_as": lambda w: [w.view_as(w)],
    "narrow": lambda w: [w.narrow(0, 0, 4), w.narrow(0, 4, 4)],
    "select": lambda w: [w.view(2, 4, 4).select(0, 1), w.view(2, 4, 4).select(0, 0)],
    "movedim": lambda w: [w.view(2, 4, 4).movedim(0, 2)],
    "as_strided": lambda w: [w.as_strided((3, 4), (4, 1), 4)],
}
#: The modes in which views are made, and those in which they are written into.
MODES = {
    "grad": torch.enable_grad,
    "no_grad": torch.no_grad,
    "set_grad_enabled(False)": lambda: torch.set_grad_enabled(False),
    "inference_mode": torch.inference_mode,
}


def inference_tensor():
    with torch.inference_mode():
        return torch.full((8, 4), 7.0)


#: What is set, and by which functions.
WEIGHTS = [
    (lambda: nn.Parameter(torch.full((8, 4), 7.0)), ("normal_", "zeros_", "kaiming_uniform_")),
    (lambda: torch.full((8, 4), 7.0), ("xavier_uniform_",)),
    (lambda: nn.Parameter(torch.full((8, 4), 7.0), requires_grad=False), ("normal_",)),
    (lambda: nn.Parameter(torch.full((8, 4), 7.0, dtype=torch.bfloat16)), ("ones_",)),
    (inference_tensor, ("normal_", "zeros_")),
]
BEFORE = ["nothing", "the base was changed", "another view was changed"]


def outcome(module, name, make, view, made_in, written_in, before):
    """What happens: an error or none, which elements changed, how the versions rose."""
    weight = make()
    with made_in():
        views = list(view(weight))
    with torch.inference_mode() if weight.is_inference() else torch.no_grad():
        if before == "the base was changed":
            weight.mul_(1.0)
        elif before == "another view was changed":
            weight[:1].mul_(1.0)
    versions = [None if t.is_inference() else t._version for t in (weight, *views)]
    try:
        with written_in():
            for tensor in views:
                assert getattr(module, name)(tensor) is tensor
    except (RuntimeError, ValueError) as error:
        return "raises", isinstance(error, fanwise.FanwiseError)
    after = [None if t.is_inference() else t._version for t in (weight, *views)]
    rose = [None if v is None else w > v for v, w in zip(versions, after, strict=True)]
    # A random weight may be 7 by accident only.
    return "works", (weight.detach() != 7.0).tolist(), rose, weight.requires_grad, weight.is_leaf


@pytest.mark.parametrize("written_in", MODES.values(), ids=MODES)
@pytest.mark.parametrize("made_in", MODES.values(), ids=MODES)
@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_views_are_written_into_where_torch_does(view, made_in, written_in):
    weights = [(make, name) for make, names in WEIGHTS for name in names]
    for (make, name), before in itertools.product(weights, BEFORE):
        how = (name, make, view, made_in, written_in, before)
        theirs, ours = outcome(nn.init, *how), outcome(init, *how)
        if theirs[0] == "raises":
            assert ours == ("raises", True)
        else:
            assert ours == theirs


@pytest.mark.parametrize("engine", ["portable", "native"])
def test_the_halves_of_a_packed_weight(engine):
    weight = nn.Parameter(torch.zeros(8, 4))
    with torch.no_grad():
        query, key = weight[:4], weight[4:]
        init.normal_(query, seed=0, path="q", engine=engine)
        init.normal_(key, seed=0, path="k", engine=engine)
    assert (weight != 0).all()
    assert not torch.equal(weight[:4], weight[4:])
    if engine == "portable":
        expected = fanwise.sample("normal", (4, 4), seed=0, path="k", axes="torch")
        assert (weight[4:].detach().numpy() == expected).all()


def test_autograd_raises_on_what_was_saved_of_a_view():
    weight = nn.Parameter(torch.ones(8, 4))
    loss = (weight * weight).sum()
    with torch.no_grad():
        init.normal_(weight[:4])
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


def test_a_view_that_was_written_into_still_passes_its_gradient_on():
    weight = nn.Parameter(torch.ones(8, 4))
    half = weight[:4]
    init.normal_(half)
    (half * 3).sum().backward()
    assert torch.equal(weight.grad, torch.cat([torch.full((4, 4), 3.0), torch.zeros(4, 4)]))


@pytest.mark.parametrize("name", ["normal_", "zeros_", "he_normal_"])
@pytest.mark.parametrize("mode", [contextlib.nullcontext, torch.no_grad])
def test_tensors_of_inference_mode_outside_of_it(name, mode):
    with torch.inference_mode():
        tensor = torch.full((4, 3), 7.0)
        view = tensor[:2]
    for refused in (tensor, view, tensor.detach()):
        with mode(), pytest.raises(fanwise.FanwiseError, match=r"inside torch\.inference_mode"):
            getattr(init, name)(refused)
    assert (tensor == 7).all()
    with torch.inference_mode():
        assert getattr(init, name)(view) is view
    assert (tensor[:2] != 7).all()
    assert (tensor[2:] == 7).all()


@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")  # by make_dual
@pytest.mark.parametrize("name", ["normal_", "zeros_", "he_normal_"])
def test_a_tangent_is_not_left_behind(name):
    primal = torch.full((4, 3), 7.0)
    with forward_ad.dual_level():
        dual = forward_ad.make_dual(primal, torch.ones(4, 3))
        copied = torch.zeros(4, 3)
        copied.copy_(dual)
        for tensor in (dual, copied):
            with pytest.raises(fanwise.FanwiseError, match="without a tangent"):
                getattr(init, name)(tensor)
        assert (primal == 7).all()
        assert (getattr(init, name)(torch.full((4, 3), 7.0)) != 7).all()


def test_the_result_of_a_computation_is_refused_through_its_stale_views():
    weight = nn.Parameter(torch.ones(8, 4))
    result = weight * 2
    parts = result.chunk(2)
    with torch.no_grad():
        result.mul_(1.0)
        for part in parts:
            with pytest.raises(fanwise.FanwiseError, match="result of MulBackward"):
                init.normal_(part)
    assert (result == 2).all()


def test_negative_and_other_lazy_views_are_written_through():
    base = torch.full((4, 3), 1j, dtype=torch.complex64)
    conjugate = base.conj()
    assert conjugate.imag.is_neg()
    with torch.no_grad():
        init.normal_(conjugate.imag, seed=0)
        init.ones_(torch.view_as_real(base)[..., 0])
    assert (base.real == 1).all()
    expected = fanwise.sample("normal", (4, 3), seed=0, axes="torch")
    assert (base.imag.numpy() == -expected).all()
