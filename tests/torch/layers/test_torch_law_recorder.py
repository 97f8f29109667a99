"""What code draws and writes, seen while it runs."""

import contextlib
import cProfile
import math
import random
import sys
import threading

import numpy as np
import pytest
import torch
from torch import nn

import fanwise.torch
from fanwise.adapters.torch.layers.law_recorder import LawRecorder, UnreadableCodeError
from fanwise.adapters.torch.layers.recorded_laws import (
    Computed,
    Copied,
    DrawnValues,
    Same,
    Unreadable,
)

SHAPE = (4, 8)
DEVICES = ("cpu", "meta")


def numpy_state():
    return np.random.get_state()  # noqa: NPY002 (that of the process)


def numpy_values():
    return np.random.rand(*SHAPE)  # noqa: NPY002


def recorded(run, device="cpu"):
    """Return what some code leaves in a parameter, and the parameter."""
    parameter, recorder = nn.Parameter(torch.empty(SHAPE, device=device)), LawRecorder()
    recorder.add_unset(parameter)
    with recorder.running():
        run(parameter)
    return recorder.content(parameter), parameter


DRAWS = {
    "normal": (lambda p: nn.init.normal_(p, 1, 0.5), "normal", {"mean": 1, "std": 0.5}),
    "uniform": (lambda p: nn.init.uniform_(p, -1, 2), "uniform", {"low": -1, "high": 2}),
    "xavier": (nn.init.xavier_normal_, "normal", {"std": math.sqrt(2 / 12)}),
    "kaiming": (
        nn.init.kaiming_uniform_,
        "uniform",
        {"low": -math.sqrt(6 / 8), "high": math.sqrt(6 / 8)},
    ),
    "far cut": (lambda p: nn.init.trunc_normal_(p, std=0.02), "normal", {"std": 0.02}),
    "near cut": (
        lambda p: nn.init.trunc_normal_(p, std=0.02, a=-0.04, b=0.06),
        "truncated_normal",
        {"std": 0.02, "low": -2, "high": 3, "corrected": False},
    ),
    "scaled cut": (
        lambda p: nn.init.trunc_normal_(p, a=-2, b=2).mul_(0.1).add_(1),
        "truncated_normal",
        {"std": 0.1, "mean": 1, "low": -2, "high": 2, "corrected": False},
    ),
    "orthogonal": (lambda p: nn.init.orthogonal_(p, 2), "orthogonal", {"gain": 2}),
    "by data": (lambda p: p.data.uniform_(-1, 1).div_(4), "uniform", {"low": -0.25, "high": 0.25}),
    "copied": (lambda p: p.copy_(0.02 * torch.randn(SHAPE)), "normal", {"std": 0.02}),
    "reshaped": (lambda p: p.copy_(1 - torch.rand(32).view(SHAPE)), "uniform", {"high": 1}),
    "mean and std": (lambda p: p.copy_(torch.normal(0.0, 3.0, SHAPE)), "normal", {"std": 3}),
    "last": (lambda p: (nn.init.ones_(p), nn.init.normal_(p)), "normal", {"std": 1}),
}


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", DRAWS)
def test_the_law_of_a_draw_is_recorded(name, device):
    run, scheme, params = DRAWS[name]
    content, _ = recorded(run, device)
    assert isinstance(content, DrawnValues)
    made = content.law.scheme()
    assert made.name == scheme
    for key, number in params.items():
        assert made[key] == pytest.approx(number), key


@pytest.mark.parametrize("device", DEVICES)
def test_a_formula_of_a_draw_can_be_computed_again(device):
    def start(p):
        step = torch.exp(torch.rand(SHAPE) * math.log(100) + math.log(0.001)).clamp(min=1e-4)
        p.copy_(step + torch.log(-torch.expm1(-step)))

    content, _ = recorded(start, device)
    assert isinstance(content, Computed)
    law = content.drawn.law
    assert (law.kind, law.low, law.high) == ("uniform", math.log(0.001), pytest.approx(-2.302585))
    drawn = torch.linspace(law.low, law.high, 32).view(SHAPE)
    before = drawn.clone()
    torch.testing.assert_close(torch.nn.functional.softplus(content.value(drawn)), drawn.exp())
    assert torch.equal(drawn, before)


def test_a_formula_in_place_leaves_what_was_drawn_as_it_is():
    content, _ = recorded(lambda p: p.uniform_(1, 16).log_())
    drawn = torch.full(SHAPE, 2.0)
    torch.testing.assert_close(content.value(drawn), torch.full(SHAPE, math.log(2)))
    assert (drawn == 2).all()


def test_what_follows_from_no_chance_is_in_the_memory():
    content, parameter = recorded(lambda p: p.copy_(torch.arange(32.0).view(SHAPE).log1p()))
    assert content is None
    assert torch.equal(parameter.detach(), torch.arange(32.0).view(SHAPE).log1p())
    content, _ = recorded(lambda p: p.copy_(torch.arange(32.0).view(SHAPE)), "meta")
    assert isinstance(content, Copied)
    assert recorded(lambda p: p.data.fill_(3), "meta")[0] == Same(3.0)


UNREADABLE = {
    "a part": lambda p: p.data[0].normal_(),
    "a part of a draw": lambda p: (p.data.normal_(), p.data[0].zero_()),
    "two draws": lambda p: p.copy_(torch.rand(SHAPE) + torch.rand(SHAPE)),
    "sorted": lambda p: p.copy_(torch.rand(SHAPE).sort().values),
    "repeated": lambda p: p.copy_(torch.rand(8)),
    "random whole numbers": lambda p: p.copy_(torch.empty(SHAPE).exponential_()),
}


@pytest.mark.parametrize("name", ["a part", "a part of a draw", "two draws", "sorted", "repeated"])
@pytest.mark.parametrize("device", DEVICES)
def test_what_is_no_law_is_unreadable(name, device):
    assert isinstance(recorded(UNREADABLE[name], device)[0], Unreadable)


@pytest.mark.parametrize(
    "run",
    [
        lambda p: p.data.fill_(torch.rand(1).item()),
        lambda p: p.copy_(torch.empty(SHAPE).exponential_()),
        lambda _: torch.randperm(3),
    ],
)
def test_what_cannot_be_followed_raises(run):
    with pytest.raises(UnreadableCodeError):
        recorded(run)


def test_what_is_written_before_an_error_is_unreadable():
    parameter, recorder = nn.Parameter(torch.empty(SHAPE)), LawRecorder()
    recorder.add_unset(parameter)
    with contextlib.suppress(ZeroDivisionError), recorder.running():
        nn.init.normal_(parameter)
        raise ZeroDivisionError
    assert isinstance(recorder.content(parameter), Unreadable)


def test_nobody_elses_tensor_is_written():
    other = torch.ones(3)
    for write in (other.zero_, other.normal_, lambda: other[:1].fill_(2), lambda: other.add_(1)):
        with pytest.raises(UnreadableCodeError, match="not its own"):
            recorded(lambda _, write=write: write())
    assert (other == 1).all()


def test_the_process_stays_as_it_is():
    torch.manual_seed(3)
    states = torch.get_rng_state(), numpy_state()[1].copy(), random.getstate()
    drawn = []

    def start(p):
        nn.init.trunc_normal_(p, a=-1, b=1)
        # Another thread is not followed.
        thread = threading.Thread(target=lambda: drawn.append(torch.zeros(2).normal_()))
        thread.start()
        thread.join()

    state = torch.get_rng_state()
    recorded(nn.init.orthogonal_)
    recorded(lambda p: p.copy_(torch.from_numpy(numpy_values())))
    recorded(lambda p: p.data.fill_(random.random()))
    assert torch.equal(state, torch.get_rng_state())
    assert (numpy_state()[1] == states[1]).all()
    assert random.getstate() == states[2]
    recorded(start)
    torch.manual_seed(3)
    assert torch.equal(drawn[0], torch.zeros(2).normal_())


@pytest.mark.parametrize(
    "run",
    [
        lambda p: p.copy_(torch.from_numpy(numpy_values())),
        lambda p: p.data.fill_(random.random()),
    ],
)
def test_other_random_numbers_are_no_formula(run):
    assert isinstance(recorded(run)[0], Unreadable)


class Scaled(nn.Module):
    """A layer whose code must be followed."""

    def __init__(self) -> None:
        super().__init__()
        self.gains = nn.Parameter(torch.empty(20))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        nn.init.trunc_normal_(self.gains, std=0.1)


def test_code_is_followed_while_a_program_is_profiled() -> None:
    model = nn.Sequential(Scaled())
    expected = fanwise.torch.paths(model).rows
    profile = cProfile.Profile()
    with profile:
        assert fanwise.torch.paths(model).rows == expected
        assert sys.getprofile() is not None or sys.version_info >= (3, 12)
        len([])
    assert sys.getprofile() is None
    assert any("len" in str(entry.code) for entry in profile.getstats())
