"""``fanwise plan``: what a recipe would do to a model, and what would mend it."""

import json

import pytest
from rich.cells import cell_len

import fanwise

MODELS = """
import torch
from torch import nn


def small():
    return nn.Sequential(nn.Linear(256, 128), nn.LayerNorm(128), nn.Linear(128, 64))


def large():
    return nn.Sequential(*[nn.Linear(1 << 15, 1 << 15) for _ in range(8)])


def tied():
    model = nn.ModuleDict({"tok": nn.Embedding(9, 4), "head": nn.Linear(4, 9, bias=False)})
    model["head"].weight = model["tok"].weight
    return model


def masked():
    model = small()
    for layer in model:
        layer.register_buffer("mask", torch.ones(3))
    return model


def frozen():
    return small().requires_grad_(False)
"""
LINEN = """
from flax import linen


class Net(linen.Module):
    @linen.compact
    def __call__(self, x):
        return linen.Dense(4, name="head")(x)


def module():
    return Net()
"""
FITS = """
fanwise = 1

[vars]
gain = 1

[[rule]]
role = "kernel"
init = { scheme = "normal", std = "0.02 * gain" }

[[rule]]
role = "bias"
init = "zeros"

[[rule]]
layer = "norm"
init = "own"
"""
LACKS = """
fanwise = 1

[[rule]]
role = "kernel"
init = "he_normal"
"""
UNFIT = """
fanwise = 1

[[rule]]
match = "decoder/**"
init = "he_normal"

[[rule]]
match = "**"
init = "own"
"""


@pytest.fixture
def project(tmp_path):
    """A folder with modules whose names no other test has, and with recipes."""
    (tmp_path / "plans_of_torch.py").write_text(MODELS)
    (tmp_path / "plans_of_linen.py").write_text(LINEN)
    for name, text in {"fits": FITS, "lacks": LACKS, "unfit": UNFIT}.items():
        (tmp_path / f"{name}.toml").write_text(text)
    return tmp_path


@pytest.fixture
def plan(run, project):
    def plan(*arguments, **environment):
        return run("plan", *arguments, **environment)

    return plan


@pytest.fixture
def planned(plan):
    """Plans, as data, and with the status."""

    def planned(*arguments):
        done = plan(*arguments, "--json")
        return done.returncode, json.loads(done.stdout)

    return planned


SMALL = "plans_of_torch.py:small"


def test_a_recipe_that_fits_ends_with_0(plan, planned):
    done = plan(SMALL, "fits.toml")
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["0/kernel", "(128,", "256)", "normal", "1", "256,", "128", "0.02"] in rows
    assert "The recipe fits." in done.stdout
    status, data = planned(SMALL, "fits.toml")
    assert (status, data["fits"], data["mended"], data["problems"]) == (0, True, "", [])
    assert data["rows"][0]["holds"] == "uniform in ±0.0625"


def test_the_recipe_may_be_an_option_as_of_other_commands(plan):
    assert plan(SMALL, "--recipe", "fits.toml").stdout == plan(SMALL, "fits.toml").stdout
    for wrong in ([], ["fits.toml", "--recipe", "lacks.toml"]):
        done = plan(SMALL, *wrong)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("fanwise: Expected one recipe, after the function.")


def test_a_variable_is_given(planned):
    _, data = planned(SMALL, "fits.toml", "--var", "gain=2")
    assert data["rows"][0]["expected"] == pytest.approx(0.04)


@pytest.mark.parametrize("recipe", ["lacks.toml", "unfit.toml"])
def test_a_recipe_that_does_not_fit_ends_with_1_and_with_one_that_does(plan, planned, recipe):
    status, data = planned(SMALL, recipe)
    assert (status, data["fits"]) == (1, False)
    assert data["problems"]
    done = plan(SMALL, recipe)
    assert done.returncode == 1
    assert "The recipe does not fit." in done.stdout
    head, _, mended = done.stdout.partition("This recipe would fit:\n\n")
    assert mended.strip() == data["mended"]
    assert all(problem["text"].splitlines()[0] in head for problem in data["problems"])


def test_what_is_pasted_from_a_narrow_page_fits(plan, project):
    _, _, mended = plan(SMALL, "lacks.toml", COLUMNS="40").stdout.partition("would fit:\n\n")
    (project / "mended.toml").write_text(mended)
    assert fanwise.recipe(project / "mended.toml").rules
    assert plan(SMALL, "mended.toml").returncode == 0


def test_what_stays_as_it_is_is_named(plan, planned):
    _, data = planned(SMALL, "fits.toml", "--only", "2/*")
    assert [row["path"] for row in data["rows"]] == ["2/kernel", "2/bias"]
    assert "0/kernel" in data["left_alone"]
    assert "Left as they are: 0/kernel" in plan(SMALL, "fits.toml", "--only", "2/*").stdout
    _, data = planned(SMALL, "fits.toml", "--exclude", "2/*")
    assert "2/kernel" in data["left_alone"]


def test_only_what_a_checkpoint_did_not_bring_is_set(planned):
    _, data = planned(SMALL, "fits.toml", "--missing", "2.weight", "--missing", "2.bias")
    assert [row["path"] for row in data["rows"]] == ["2/kernel", "2/bias"]


def test_a_model_that_no_memory_holds_is_planned_without_its_values(plan, planned):
    status, data = planned("plans_of_torch:large", "torch_default")
    assert (status, len(data["rows"]), data["rows"][0]["holds"]) == (0, 16, None)
    done = plan("plans_of_torch:large", "lacks.toml")
    assert done.returncode == 1
    assert "This recipe would fit:" in done.stdout


def test_a_linen_module_is_planned_by_what_it_is_called_with(planned):
    arguments = ("plans_of_linen:module", "flax_default", "--input", "1,3")
    status, data = planned(*arguments)
    assert (status, data["framework"]) == (0, "flax")
    assert {row["path"] for row in data["rows"]} == {"head/kernel", "head/bias"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([SMALL, "fit.toml"], "Expected a recipe, in a file that can be read."),
        ([SMALL, "torch_defalt"], "Did you mean 'torch_default'?"),
        ([SMALL, "fits.toml", "--var", "gains=2"], "Did you mean 'gain'?"),
        ([SMALL, "fits.toml", "--var", "gain"], "a variable as name=value"),
        ([SMALL, "fits.toml", "--missing", "5.weight"], "5.weight"),
        ([SMALL, "fits.toml", "--seed", "-1"], "seed"),
        (["plans_of_torch.py:smal", "fits.toml"], "Did you mean 'small'?"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(plan, arguments, words):
    done = plan(*arguments)
    assert (done.returncode, done.stdout) == (2, ""), done.stdout
    (line,) = done.stderr.splitlines()
    assert line.startswith("fanwise: ")
    assert words in line


def test_a_recipe_is_read_before_the_model_is_built(plan):
    line = plan("no_such_module:small", "fit.toml").stderr
    assert "Expected a recipe, in a file that can be read." in line


@pytest.mark.parametrize("width", [40, 60, 120])
def test_the_table_fits_its_page(plan, width):
    done = plan(SMALL, "fits.toml", COLUMNS=str(width))
    assert max(map(cell_len, done.stdout.splitlines())) <= width
    assert "…" not in done.stdout


def test_a_tied_weight_is_planned_once_and_its_other_names_are_told(plan, planned):
    assert (
        "tied: head/kernel shares the tensor of tok/embedding"
        in plan("plans_of_torch:tied", "torch_default").stdout
    )
    _, data = planned("plans_of_torch:tied", "torch_default")
    (row,) = data["rows"]
    assert row["ties"] == ["head/kernel"]


def test_what_stays_in_layers_that_are_alike_is_told_together(plan):
    assert (
        "Left as they are: */mask (3 of them)."
        in plan("plans_of_torch:masked", "torch_default").stdout
    )
