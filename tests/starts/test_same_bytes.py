"""One start, written from torch, Keras and Flax: the same files, byte for byte."""

import json

import jax
import numpy as np
import pytest
import torch

import fanwise.jax
import fanwise.keras
import fanwise.torch
from fanwise.adapters.files import open_tensors
from fanwise.adapters.jax.conformance.models import BUILDERS as FLAX
from fanwise.adapters.keras.conformance.models import BUILDERS as KERAS
from fanwise.adapters.torch.conformance.models import BUILDERS as TORCH
from fanwise.conformance.checks.models import RECIPE, inputs

INPUTS = inputs()


def of_torch(name):
    with torch.device("meta"):
        return TORCH[name]()


def written(framework, name, to, **how):
    if framework == "torch":
        return fanwise.torch.write(of_torch(name), RECIPE, seed=5, to=to, **how)
    if framework == "keras":
        return fanwise.keras.write(KERAS[name](), RECIPE, seed=5, to=to, **how)
    array = INPUTS[name]
    shape = jax.ShapeDtypeStruct(array.shape, array.dtype)
    return fanwise.jax.write(FLAX[name](), RECIPE, seed=5, to=to, inputs=(shape,), **how)


@pytest.mark.parametrize("suffix", ["safetensors", "npz"])
@pytest.mark.parametrize("name", INPUTS)
def test_the_canonical_files_of_all_frameworks_are_equal(tmp_path, name, suffix):
    files = []
    for framework in ("torch", "keras", "flax"):
        folder = tmp_path / framework
        written(framework, name, folder / f"a.{suffix}", form="canonical")
        files.append({file.name: file.read_bytes() for file in folder.iterdir()})
    assert files[0] == files[1] == files[2]
    assert set(files[0]) == {f"a.{suffix}", f"a.{suffix}.start.json"}


@pytest.mark.parametrize("framework", ["torch", "keras", "flax"])
def test_canonical_weights_are_those_of_the_core(tmp_path, framework):
    written(framework, "mlp", tmp_path / "a.safetensors", form="canonical")
    with open_tensors(tmp_path / "a.safetensors") as file:
        held = file.tensors["up/kernel"].read(())
    drawn = fanwise.sample("he_normal", (6, 16), seed=5, path="up/kernel")
    np.testing.assert_array_equal(held, drawn)


@pytest.mark.parametrize("framework", ["torch", "keras", "flax"])
def test_canonical_weights_say_what_they_are(tmp_path, framework):
    written(framework, "convnet", tmp_path / "a.safetensors", form="canonical")
    data = json.loads((tmp_path / "a.safetensors.start.json").read_text("utf-8"))
    rows = {row["path"]: row for row in data["weights"]}
    assert (
        rows["depth/kernel"]
        == {
            "path": "depth/kernel",
            "shape": [3, 3, 1, 6],
            "axes": "* * in out",
            "role": "kernel",
            "kind": rows["depth/kernel"]["kind"],
            "groups": 6,
            "tensors": ["depth/kernel"],
            "scheme": {"name": "he_normal", "params": {"groups": 6}},
            "rule": 1,
        }
        or rows["depth/kernel"]["scheme"]["name"] == "he_normal"
    )
    assert (data["framework"], data["form"], data["seed"]) == ("", "canonical", 5)
