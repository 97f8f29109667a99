"""From functions that build torch models to their recipes, and what is told instead."""

import itertools
import random
import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import nn

import fanwise.captures
import fanwise.torch
from fanwise import FanwiseError, UnrepeatableFactoryWarning, UnresolvedWeightWarning
from fanwise.adapters.torch.builds import TorchBuilds
from fanwise.proved_captures import SEEDS


class Block(nn.Module):
    """A block of GPT-2, whose second matrices are scaled by the depth."""

    def __init__(self, width: int, layers: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        for layer in (self.up, self.down):
            nn.init.zeros_(layer.bias)
            nn.init.normal_(layer.weight, std=0.02)
        with torch.no_grad():
            self.down.weight /= (2 * layers) ** 0.5


def gpt(width: int = 64, layers: int = 6) -> nn.Module:
    model = nn.Module()
    model.table = nn.Embedding(500, width)
    nn.init.normal_(model.table.weight, std=0.02)
    model.blocks = nn.ModuleList(Block(width, layers) for _ in range(layers))
    return model


def std(layer: nn.Linear) -> float:
    return float(layer.weight.detach().std())


def test_a_recipe_is_found_and_starts_a_model_as_its_own_code_does() -> None:
    recipe = fanwise.torch.capture(gpt)
    assert len(recipe.rules) <= 6
    assert fanwise.recipe(recipe.to_toml()) == recipe
    model = gpt()
    fanwise.torch.initialize(model, recipe, seed=3)
    assert std(model.blocks[2].down) == pytest.approx(0.02 / 12**0.5, rel=0.03)
    assert std(model.blocks[2].up) == pytest.approx(0.02, rel=0.03)
    assert not model.blocks[2].up.bias.any()


def test_every_global_state_is_as_it_was() -> None:
    def build() -> nn.Module:
        torch.set_default_dtype(torch.float64)
        torch.set_default_device("cpu")
        torch.set_grad_enabled(False)
        random.random()
        np.random.rand(3)  # noqa: NPY002
        return nn.Linear(30, 20)

    def states() -> tuple[object, ...]:
        return (
            torch.get_rng_state().tolist(),
            random.getstate(),
            np.random.get_state()[1].tolist(),  # noqa: NPY002
            torch.get_default_dtype(),
            torch.is_grad_enabled(),
            getattr(torch._GLOBAL_DEVICE_CONTEXT, "device_context", None),
        )

    before = states()
    fanwise.torch.capture(build)
    assert states() == before

    def fail() -> nn.Module:
        build()
        raise RuntimeError("no more")

    with pytest.raises(FanwiseError, match="RuntimeError: no more"):
        fanwise.torch.capture(fail)
    assert states() == before


def test_draws_of_numpy_and_of_python_follow_the_seeds() -> None:
    def build() -> nn.Module:
        layer = nn.Linear(40, 30, bias=False)
        drawn = np.random.uniform(-0.1, 0.1, (30, 40))  # noqa: NPY002
        layer.weight.data.copy_(torch.as_tensor(drawn))
        layer.gains = nn.Parameter(torch.tensor([random.gauss(0, 2) for _ in range(2000)]))
        return layer

    recipe = fanwise.torch.capture(build)
    schemes = {rule.init["scheme"] for rule in recipe.rules}
    assert schemes == {"uniform", "normal"}


def seeded_inside() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(30, 20), nn.LayerNorm(20))


SAME = nn.Linear(3, 4)


@pytest.mark.parametrize(
    ("factory", "said"),
    [
        (seeded_inside, r"the same values under every seed, e\.g\. of 0/kernel"),
        (lambda: SAME, "the same module each time"),
        (SAME, "an object of class Linear"),
        ("a model", "an object of class str"),
        (lambda: [nn.Linear(3, 4)], "an object of class list"),
        (lambda: None, "an object of class NoneType"),
        (lambda size: nn.Linear(size, 4), "missing 1 required positional argument"),
        (lambda: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_a_function_that_builds_no_new_model_is_an_error(factory: object, said: str) -> None:
    with pytest.raises(FanwiseError, match=said):
        fanwise.torch.capture(factory)


@pytest.mark.parametrize("seeds", [(0,), (), (1, 1, 2), 3, "012", (0, -1), (0, 2**64), (0, 1.0)])
def test_seeds_are_checked_before_anything_is_built(seeds: object) -> None:
    def build() -> nn.Module:
        raise AssertionError

    with pytest.raises(FanwiseError, match="seeds"):
        fanwise.torch.capture(build, seeds=seeds)


def test_builds_of_other_weights_are_an_error() -> None:
    with pytest.raises(FanwiseError, match="build"):
        fanwise.torch.capture(lambda: nn.Linear(3, random.randint(4, 1000)))


def test_a_model_without_memory_is_an_error() -> None:
    with pytest.raises(FanwiseError, match="meta device"):
        fanwise.torch.capture(lambda: nn.Linear(3, 4, device="meta"))


def test_a_constant_model_is_no_model_that_seeds_itself() -> None:
    recipe = fanwise.torch.capture(lambda: nn.LayerNorm(20))
    assert {rule.init["scheme"] for rule in recipe.rules} == {"ones", "zeros"}


def test_a_function_that_draws_what_no_seed_tells_is_told_and_captured() -> None:
    others = np.random.default_rng(0)

    def build() -> nn.Module:
        layer = nn.Linear(64, 50)
        layer.weight.data.copy_(torch.as_tensor(others.normal(0, 0.3, (50, 64))))
        return layer

    with pytest.warns(UnrepeatableFactoryWarning, match="kernel"):
        recipe = fanwise.torch.capture(build)
    assert {"scheme": "normal", "std": 0.3} in [rule.init for rule in recipe.rules]


def test_what_is_not_resolved_is_kept_with_a_warning() -> None:
    def build() -> nn.Module:
        layer = nn.Linear(64, 50, bias=False)
        # No scheme gives the third power of a normal law.
        layer.weight.data.copy_(torch.randn(50, 64) ** 3)
        return layer

    with pytest.warns(UnresolvedWeightWarning, match="kernel"):
        recipe = fanwise.torch.capture(build)
    assert [rule.init for rule in recipe.rules] == [{"scheme": "keep"}]
    assert "# " in recipe.to_toml()


def test_a_part_that_seeds_itself_is_kept_with_a_warning() -> None:
    def build() -> nn.Module:
        body = nn.Linear(64, 50)
        with torch.random.fork_rng():
            torch.manual_seed(0)
            head = nn.Linear(50, 40)
        return nn.Sequential(body, head)

    with pytest.warns(UnresolvedWeightWarning, match=r"same under every seed: 1/kernel\."):
        recipe = fanwise.torch.capture(build)
    model = build()
    before = model[1].weight.detach().clone()
    fanwise.torch.initialize(model, recipe, seed=3)
    assert torch.equal(model[1].weight, before)


def test_a_recipe_that_its_model_contradicts_is_not_proved() -> None:
    calls = 0

    def build() -> nn.Module:
        nonlocal calls
        calls += 1
        layer = nn.Linear(64, 50)
        if calls > len(SEEDS):
            layer.weight.data *= 2
        return layer

    with (
        pytest.warns(UnrepeatableFactoryWarning),
        pytest.raises(FanwiseError, match=r"builds that contradict it: kernel \(deviation"),
    ):
        fanwise.torch.capture(build)


def test_builds_are_let_go_one_by_one() -> None:
    alive: set[int] = set()
    most = 0

    class Counted(nn.Linear):
        def __init__(self) -> None:
            nonlocal most
            super().__init__(64, 50)
            alive.add(id(self.weight))
            most = max(most, len(alive))

        def __del__(self) -> None:
            alive.discard(id(self.weight))

    fanwise.torch.capture(Counted, seeds=range(6))
    assert most <= 3


def test_the_door_of_any_framework_sees_whose_model_it_is() -> None:
    recipe = fanwise.captures.captured_by(lambda: nn.Linear(64, 50), prove=False)
    assert [rule.init for rule in recipe.rules] == [{"scheme": "torch_default"}] * 2
    with pytest.raises(FanwiseError, match="a function that builds a model"):
        fanwise.captures.captured_by(lambda: 3)


def test_without_scipy_a_proof_says_what_to_install_and_a_capture_works() -> None:
    code = """
import sys
sys.modules["scipy"] = None
from torch import nn
import fanwise.torch
assert len(fanwise.torch.capture(lambda: nn.Linear(64, 50), prove=False).rules) == 2
def build():
    raise AssertionError
try:
    fanwise.torch.capture(build)
except ModuleNotFoundError as error:
    assert 'pip install "fanwise[conformance]"' in str(error), error
else:
    raise AssertionError
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_builds_under_one_seed_are_one() -> None:
    builds = TorchBuilds(lambda: nn.Linear(8, 4))
    first, second, other = builds.build(5), builds.build(5), builds.build(2**63)
    assert torch.equal(first.weight, second.weight)
    assert not torch.equal(first.weight, other.weight)


@pytest.mark.parametrize("widths", [(8, 64, 64, 1), (64, 64, 64, 1), (8, 64, 512, 1)])
def test_an_orthogonal_critic_keeps_the_length_of_its_head(widths: tuple[int, ...]) -> None:
    def critic() -> nn.Module:
        layers: list[nn.Module] = []
        for inputs, outputs in itertools.pairwise(widths):
            layers += [nn.Linear(inputs, outputs), nn.Tanh()]
            nn.init.orthogonal_(layers[-2].weight, 2**0.5 if outputs > 1 else 1.0)
            nn.init.zeros_(layers[-2].bias)
        return nn.Sequential(*layers[:-1])

    recipe = fanwise.torch.capture(critic)
    model = critic()
    fanwise.torch.initialize(model, recipe, seed=3)
    assert float(model[-1].weight.detach().norm()) == pytest.approx(1, rel=1e-5)
    hidden = model[2].weight.detach()
    side = min(hidden.shape)
    products = hidden @ hidden.T if len(hidden) == side else hidden.T @ hidden
    assert torch.allclose(products, 2 * torch.eye(side), atol=1e-5)


def test_an_outline_has_no_memory_and_what_wants_values_has_no_outline() -> None:
    state = torch.get_rng_state()
    outline = TorchBuilds(lambda: nn.Linear(1 << 20, 1 << 20)).outline()
    assert outline is not None
    assert all(parameter.is_meta for parameter in outline.parameters())
    assert [row.path for row in fanwise.torch.paths(outline).rows] == ["kernel", "bias"]

    def build() -> nn.Module:
        layer = nn.Linear(4, 4)
        layer.weight.sum().item()
        return layer

    assert TorchBuilds(build).outline() is None
    assert torch.equal(torch.get_rng_state(), state)
