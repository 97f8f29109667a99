"""``fanwise paths``: the weights of models of every framework, as a recipe sees them."""

import json

import pytest
from rich.cells import cell_len

TORCH = """
print("built by a user")

import torch
from torch import nn


def small():
    return nn.Sequential(nn.Linear(6, 4), nn.LayerNorm(4))


def one():
    return nn.Linear(6, 4, bias=False)


def large():
    return nn.Sequential(*[nn.Linear(1 << 17, 1 << 17) for _ in range(8)])


def wants_values():
    model = small()
    model[0].weight.sum().item()
    return model


def large_and_wants_values():
    model = nn.Linear(1 << 12, 1 << 12)
    model.weight.sum().item()
    return model


class Models:
    small = staticmethod(small)


def broken():
    raise RuntimeError("no\\x1b[31m\\nmodel")


def needs(size):
    return nn.Linear(size, size)


def nothing():
    return 3
"""
JAX = """
import equinox
import haiku
import jax
import jax.numpy as jnp
from flax import linen, nnx


class Net(linen.Module):
    @linen.compact
    def __call__(self, x):
        return linen.Dense(4, name="head")(x)


x = jnp.zeros((1, 3))


def module():
    return Net()


def with_inputs():
    return Net(), (x,)


def with_values():
    return Net(), Net().init(jax.random.key(0), x)


def with_both():
    return Net(), (x,), Net().init(jax.random.key(0), x)


def of_nnx(rngs):
    return nnx.Linear(3, 4, rngs=rngs)


def of_nnx_alone():
    return nnx.Linear(3, 4, rngs=nnx.Rngs(0))


def of_equinox(key):
    return equinox.nn.Linear(3, 4, key=key)


def function():
    return haiku.transform(lambda x: haiku.Linear(4, name="head")(x))


def function_with_inputs():
    return haiku.transform_with_state(lambda x: haiku.Linear(4, name="head")(x)), (x,)


def tree(key):
    return {"head": {"kernel": jax.random.normal(key, (3, 4))}}


def large(key):
    return {"head": {"kernel": jax.random.normal(key, (1 << 20, 1 << 20))}}
"""
#: As libraries do that load their framework when its models are asked for.
LATE = """
import {imported}


def small():
    {model}
"""
KERAS = """
import keras


def small():
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, name="head")])
"""


@pytest.fixture
def listed(run, project):
    """Lists a model as data."""

    def listed(*arguments):
        done = run("paths", *arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return listed


@pytest.fixture
def project(tmp_path, run):
    """A folder with modules whose names no other test has."""
    (tmp_path / "paths_of_torch.py").write_text(TORCH)
    (tmp_path / "paths_of_jax.py").write_text(JAX)
    (tmp_path / "paths_of_keras.py").write_text(KERAS)
    folder = tmp_path / "inner"
    folder.mkdir()
    (folder / "a_module_beside.py").write_text("size = 5\n")
    (folder / "built_beside.py").write_text(
        "from a_module_beside import size\nfrom torch import nn\n\n\n"
        "def small():\n    return nn.Linear(size, size)\n"
    )
    return tmp_path


def of(data):
    return [row["path"] for row in data["rows"]]


def test_a_table_has_a_line_for_each_weight(run, project):
    done = run("paths", "paths_of_torch.py:small")
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["0/kernel", "kernel", "dense", "Linear", "(4,", "6)", "out", "in"] in rows
    assert ["1/scale", "scale", "norm", "LayerNorm", "(4,)", "out"] in rows
    assert "4 weights of a model of torch." in done.stdout
    assert "1 weight of a model of torch." in run("paths", "paths_of_torch.py:one").stdout
    # What the user's module prints is no part of it.
    assert "built by a user" not in done.stdout


@pytest.mark.parametrize(
    "target",
    [
        "paths_of_torch:small",
        "paths_of_torch.py:small",
        "./paths_of_torch.py:small",
        "paths_of_torch:Models.small",
    ],
)
def test_a_function_is_named_by_its_module_or_its_file(listed, target):
    assert of(listed(target)) == ["0/kernel", "0/bias", "1/scale", "1/offset"]


def test_a_file_of_another_folder_imports_what_lies_beside_it(listed):
    (row, _) = listed("inner/built_beside.py:small")["rows"]
    assert row["shape"] == [5, 5]


@pytest.mark.parametrize(
    ("target", "paths"),
    [
        ("with_inputs", ["head/kernel", "head/bias"]),
        ("with_values", ["head/bias", "head/kernel"]),
        ("with_both", ["head/kernel", "head/bias"]),
        ("of_nnx", ["kernel", "bias"]),
        ("of_nnx_alone", ["kernel", "bias"]),
        ("of_equinox", ["kernel", "bias"]),
        ("function_with_inputs", ["head/bias", "head/kernel"]),
        ("tree", ["head/kernel"]),
    ],
)
def test_models_of_jax_are_built_with_what_their_functions_take(listed, target, paths):
    data = listed(f"paths_of_jax:{target}")
    assert (data["framework"], of(data)) == ("flax", paths)
    assert {tuple(row["shape"]) for row in data["rows"]} <= {(3, 4), (4, 3), (4,)}


@pytest.mark.parametrize("target", ["module", "function"])
def test_what_is_called_with_inputs_is_given_them(listed, target):
    for inputs in ("1,3", "1,3:float32", "8, 3"):
        assert set(of(listed(f"paths_of_jax:{target}", "--input", inputs))) == {
            "head/kernel",
            "head/bias",
        }


def test_a_model_of_keras_is_listed(listed):
    data = listed("paths_of_keras:small", "--framework", "keras")
    assert (data["framework"], of(data)) == ("keras", ["head/kernel", "head/bias"])


@pytest.mark.parametrize("target", ["paths_of_torch:large", "paths_of_jax:large"])
def test_a_model_that_no_memory_holds_is_listed_without_its_values(listed, target):
    rows = listed(target)["rows"]
    assert sum(len(row["shape"]) == 2 for row in rows) in (1, 8)


def test_a_model_whose_function_wants_values_is_built_with_them(listed):
    assert len(listed("paths_of_torch:wants_values")["rows"]) == 4
    assert len(listed("paths_of_torch:large_and_wants_values", "--no-meta")["rows"]) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["paths_of_torch:broken"], r"RuntimeError: no\x1b[31m\nmodel"),
        (["paths_of_torch:smal"], "Did you mean 'small'?"),
        (["paths_of_torch:nothing"], "a function that"),
        (["paths_of_torch:needs", "--framework", "torch"], "size"),
        (["paths_of_torch"], "a function as package.module:function"),
        (["paths_of_torch.py"], "models.py:small"),
        (["none.py:small"], "a file of Python that is there"),
        (["inner:small"], "small"),
        (["paths_of_torch:small", "--framework", "torc"], "Did you mean 'torch'?"),
        (["paths_of_torch:small", "--input", "1,3"], "inputs"),
        (["paths_of_torch:wants_values", "--meta"], "Leave out --meta"),
        (["paths_of_jax:module"], "inputs"),
        (["paths_of_jax:module", "--input", "a"], "the shape of an input"),
        (["paths_of_jax:module", "--input", "1,3:flot32"], "the shape of an input"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(run, project, arguments, words):
    done = run("paths", *arguments)
    assert (done.returncode, done.stdout) == (2, ""), done.stdout
    (line,) = (text for text in done.stderr.splitlines() if text != "built by a user")
    assert line.startswith("fanwise: ")
    assert line.isprintable()
    assert words in line


@pytest.mark.parametrize(
    ("imported", "model", "framework"),
    [
        ("jax", "import torch; return torch.nn.Linear(6, 4)", "torch"),
        (
            "torch",
            "import equinox, jax; return equinox.nn.Linear(6, 4, key=jax.random.key(0))",
            "flax",
        ),
        ("numpy", "import torch; return torch.nn.Linear(6, 4)", "torch"),
    ],
)
def test_what_a_function_imports_when_it_runs_is_seen(listed, project, imported, model, framework):
    (project / "late.py").write_text(LATE.format(imported=imported, model=model))
    assert listed("late.py:small")["framework"] == framework


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_every_path_is_whole(run, project, width):
    (project / "deep.py").write_text(
        "from torch import nn\n\n\ndef small():\n"
        "    names = ['decoder', 'transformer_layer', 'feedforward_output']\n"
        "    model = nn.Linear(6, 4)\n"
        "    for name in reversed(names):\n"
        "        model = nn.ModuleDict({name: model})\n"
        "    return model\n"
    )
    path = "decoder/transformer_layer/feedforward_output/kernel"
    lines = run("paths", "deep.py:small", COLUMNS=str(width)).stdout.splitlines()
    assert [line for line in lines if line.split()[:1] == [path]]
    (project / "deep.toml").write_text(
        'fanwise = 1\n\n[[rule]]\nmatch = "**"\ninit = { scheme = "normal", std = 0.02 }\n'
    )
    planned = run("plan", "deep.py:small", "deep.toml", COLUMNS=str(width)).stdout.splitlines()
    assert [line for line in planned if line.split()[:1] == [path]]


@pytest.mark.parametrize("width", [40, 60, 120])
def test_the_table_fits_its_page(run, project, width):
    for target in ("paths_of_torch:small", "paths_of_jax:of_equinox"):
        done = run("paths", target, COLUMNS=str(width))
        assert max(map(cell_len, done.stdout.splitlines())) <= width
        assert "…" not in done.stdout
