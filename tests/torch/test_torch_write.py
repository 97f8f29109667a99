"""Starts of torch models as files: what initialize would set, from real and from meta models."""

import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, load_model, save_file
from torch import nn

import fanwise.torch
from fanwise.adapters.files import open_tensors
from fanwise.spec.errors import FanwiseError

RECIPE = {
    "fanwise": 1,
    "rule": [
        {"role": "kernel", "init": "he_normal"},
        {"role": "embedding", "name": "embedding", "init": "normal"},
        {"role": "recurrent_kernel", "name": "recurrent", "init": "orthogonal"},
        {"role": "scale", "name": "scale", "init": "ones"},
        *(
            {"role": role, "name": role, "init": {"scheme": "normal", "std": 0.1}}
            for role in ("bias", "offset", "forget_bias")
        ),
    ],
    "allow": {
        "unused": ["embedding", "recurrent", "scale", "bias", "offset", "forget_bias"],
    },
}


class Tables(nn.Module):
    """Buffers that no recipe draws: kept in files, and not."""

    def __init__(self):
        super().__init__()
        self.register_buffer("frequencies", 1.0 / 10000 ** (torch.arange(8) / 8))
        self.register_buffer("positions", torch.arange(16))
        self.register_buffer("passing", torch.zeros(3), persistent=False)


class Model(nn.Module):
    """Packed, tied, padded, grouped and transposed weights, running statistics and tables."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(30, 16, padding_idx=3)
        self.attention = nn.MultiheadAttention(16, 4)
        self.lstm = nn.LSTM(16, 8, bidirectional=True)
        self.conv = nn.Conv2d(4, 8, 3, groups=2)
        self.up = nn.ConvTranspose2d(8, 6, 2, groups=2)
        self.norm = nn.BatchNorm2d(8)
        self.tables = Tables()
        self.head = nn.Linear(16, 30, bias=False)
        self.head.weight = self.embed.weight


def initialized(dtype=None):
    model = Model() if dtype is None else Model().to(dtype)
    fanwise.torch.initialize(model, RECIPE, seed=3)
    return model


def meta():
    with torch.device("meta"):
        return Model()


@pytest.mark.parametrize("build", [Model, meta])
@pytest.mark.parametrize("dtype", [None, "bfloat16", "float64"])
def test_a_file_is_what_initialize_sets(tmp_path, build, dtype):
    file = tmp_path / "a.safetensors"
    written = fanwise.torch.write(build(), RECIPE, seed=3, to=file, dtype=dtype)
    expected = initialized(getattr(torch, dtype or "", None))
    model = Model().to(getattr(torch, dtype or "float32"))
    assert load_model(model, file) == (set(), [])
    held = model.state_dict()
    assert set(held) == set(expected.state_dict())
    for name, tensor in expected.state_dict().items():
        # float64 of a table is that of float32, as the model's own is.
        assert torch.equal(held[name], tensor), name
    assert written.elements == sum(t.numel() for t in load_file(file).values())


def test_the_bytes_are_those_of_the_formats_library(tmp_path):
    model = nn.Sequential(nn.Linear(5, 3), nn.BatchNorm1d(3), nn.Linear(3, 3).half())
    fanwise.torch.write(model, RECIPE, seed=1, to=tmp_path / "a.safetensors")
    fanwise.torch.initialize(model, RECIPE, seed=1)
    save_file(model.state_dict(), tmp_path / "b.safetensors", metadata={"format": "pt"})
    a, b = ((tmp_path / f"{name}.safetensors").read_bytes() for name in "ab")
    assert a == b


def test_the_model_stays_as_it_is():
    model = Model()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    fanwise.torch.write(model, RECIPE, seed=3, digest_only=True)
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, before[name])


def test_what_is_kept_is_copied():
    rules = {
        "fanwise": 1,
        "rule": [{"role": "kernel", "init": "keep"}, {"role": "bias", "init": "ones"}],
    }
    model = nn.Linear(4, 3)
    one = fanwise.torch.write(model, rules, seed=0, digest_only=True)
    canonical = fanwise.torch.write(model, rules, seed=0, form="canonical", digest_only=True)
    with torch.no_grad():
        model.weight[0, 0] += 1
    other = fanwise.torch.write(model, rules, seed=0, digest_only=True)
    assert one.tensors["bias"] == other.tensors["bias"]
    assert one.tensors["weight"] != other.tensors["weight"]
    canonical_other = fanwise.torch.write(model, rules, seed=0, form="canonical", digest_only=True)
    assert canonical.digest != canonical_other.digest


def test_what_a_meta_model_does_not_have_is_named(tmp_path):
    rules = {
        "fanwise": 1,
        "rule": [{"role": "kernel", "init": "keep"}, {"role": "bias", "init": "ones"}],
    }
    for form in ("names", "canonical"):
        with pytest.raises(FanwiseError, match=r"none of (weight|kernel), but"):
            fanwise.torch.write(
                nn.Linear(4, 3, device="meta"), rules, seed=0, to=tmp_path / "out", form=form
            )
    assert not list(tmp_path.iterdir())


def tied_parameters():
    model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4, bias=False))
    model[1].weight.data = model[0].weight.data
    return model, "1.weight"


def tied_buffer():
    model = nn.Sequential(nn.Linear(4, 4))
    model.register_buffer("again", model[0].weight.detach())
    return model, "again"


@pytest.mark.parametrize("build", [tied_parameters, tied_buffer])
def test_what_is_one_in_memory_is_one_tensor(tmp_path, build):
    model, name = build()
    fanwise.torch.write(model, RECIPE, seed=1, to=tmp_path / "out")
    assert json.loads((tmp_path / "out/start.json").read_text("utf-8"))["ties"] == {
        name: "0.weight"
    }
    fanwise.torch.write(model, RECIPE, seed=1, to=tmp_path / "dcp", format="dcp")
    fanwise.torch.initialize(model, RECIPE, seed=1)
    held = load_file(tmp_path / "out/model.safetensors")
    assert torch.equal(held["0.weight"], model.state_dict()[name])
    assert name not in held
    with open_tensors(tmp_path / "dcp") as file:
        both = [np.asarray(file.tensors[key].read(())) for key in ("0.weight", name)]
    np.testing.assert_array_equal(*both)
    for folder in ("out", "dcp"):
        assert fanwise.verify(tmp_path / folder).passed
        assert fanwise.verify(tmp_path / folder, model=model).passed


@pytest.mark.parametrize("form", ["safetensors", "npz", "dcp", "orbax"])
@pytest.mark.parametrize("device", ["cpu", "meta"])
@pytest.mark.parametrize("match", ["*", "**"])
def test_what_is_empty_is_copied_and_verified(tmp_path, form, device, match):
    model = nn.Linear(4, 3, device=device)
    # As observers of quantization have before they have seen anything.
    model.register_buffer("seen", torch.empty(0, 2, dtype=torch.int32, device=device))
    rules = {"fanwise": 1, "rule": [{"match": match, "init": {"scheme": "normal", "std": 1}}]}
    fanwise.torch.write(model, rules, seed=0, to=tmp_path / "out", format=form)
    text = str(fanwise.verify(tmp_path / "out"))
    assert text.startswith("PASS")
    assert "0 claims undecided" in text
    # As versions before this one described it.
    told = tmp_path / "out/start.json"
    text = told.read_text("utf-8")
    assert text.count('"copied": true') == 1
    told.write_text(text.replace('"copied": true', '"copied": false'), "utf-8")
    assert fanwise.verify(tmp_path / "out").passed


@pytest.mark.parametrize("dtype", [torch.complex64, torch.float8_e4m3fn])
@pytest.mark.parametrize("size", [0, 3])
@pytest.mark.parametrize("form", ["safetensors", "npz", "dcp", "orbax"])
def test_numbers_that_cannot_be_copied_are_named(tmp_path, dtype, size, form):
    model = nn.Linear(4, 3)
    model.register_buffer("turns", torch.zeros(size).to(dtype))
    name = str(dtype).removeprefix("torch.")
    with pytest.raises(FanwiseError, match=rf"as they are\. Received: {name} in turns"):
        fanwise.torch.write(model, RECIPE, seed=0, to=tmp_path / "out", format=form)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("norm", ["weight_norm", "spectral_norm"])
def test_what_a_layer_computes_is_refused(norm):
    model = getattr(nn.utils.parametrizations, norm)(nn.Linear(4, 3))
    with pytest.raises(FanwiseError, match="kernel cannot be written"):
        fanwise.torch.write(model, RECIPE, seed=0, digest_only=True)


def test_what_is_no_tensor_is_named_as_left_out():
    class Counter(nn.Linear):
        def get_extra_state(self):
            return {"calls": 0}

        def set_extra_state(self, state):
            pass

    written = fanwise.torch.write(Counter(4, 3), RECIPE, seed=0, digest_only=True)
    assert written.left_out == ("_extra_state",)
    assert "left out: _extra_state" in str(written)


def test_variables_of_the_recipe_are_given_by_name():
    rules = {
        "fanwise": 1,
        "vars": {"std": 0.02},
        "rule": [{"match": "**", "init": {"scheme": "normal", "std": "std"}}],
    }
    model = nn.Linear(4, 3)
    digests = {
        fanwise.torch.write(model, rules, seed=0, digest_only=True, **given).digest
        for given in ({}, {"std": 0.02}, {"std": 0.03})
    }
    assert len(digests) == 2


def recurrent(batch):
    rules = [
        {"role": role, "init": "he_normal", "batch": batch}
        for role in ("kernel", "recurrent_kernel")
    ]
    others = [{"role": role, "name": role, "init": "zeros"} for role in ("bias", "forget_bias")]
    return {"fanwise": 1, "rule": [*rules, *others], "allow": {"unused": ["forget_bias"]}}


SPLIT = {
    "fanwise": 1,
    "rule": [
        {"match": "1/**", "axes": "(query=2 key=1 value=1 out) in", "init": "orthogonal"},
        {"role": "kernel", "init": "xavier_uniform"},
        {"role": "bias", "init": {"scheme": "normal", "std": 0.1}},
    ],
}
PARTLY_KEPT = {
    "fanwise": 1,
    "rule": [
        {"match": "key/*", "init": "keep"},
        {"role": "kernel", "init": "he_normal"},
        {"role": "bias", "init": {"scheme": "normal", "std": 0.1}},
    ],
}


@pytest.mark.parametrize(
    ("build", "rules"),
    [
        (lambda: nn.LSTM(3, 5), recurrent("in")),
        (lambda: nn.GRU(3, 5, bidirectional=True), recurrent("out")),
        (lambda: nn.MultiheadAttention(16, 4), PARTLY_KEPT),
        (lambda: nn.MultiheadAttention(16, 4, kdim=8, vdim=12), PARTLY_KEPT),
        (lambda: nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 24, bias=False)), SPLIT),
    ],
)
def test_parts_of_tensors_are_those_that_initialize_sets(tmp_path, build, rules):
    model = build()
    fanwise.torch.write(model, rules, seed=3, to=tmp_path / "a.safetensors")
    fanwise.torch.initialize(model, rules, seed=3)
    held = load_file(tmp_path / "a.safetensors")
    for name, tensor in model.state_dict().items():
        assert torch.equal(held[name], tensor), name


def test_a_dtype_of_torch_is_one():
    named, own = (
        fanwise.torch.write(Model(), RECIPE, seed=3, digest_only=True, dtype=dtype)
        for dtype in ("bfloat16", torch.bfloat16)
    )
    assert named.digest == own.digest
    with pytest.raises(FanwiseError, match="a dtype of float16"):
        fanwise.torch.write(Model(), RECIPE, seed=3, digest_only=True, dtype=torch.int8)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"to": "a.pt"}, "that starts can be written to"),
        ({"to": "a.PT"}, "that starts can be written to"),
        ({"to": "a.orbax", "format": "orbax"}, "that starts can be written to"),
        ({"digest_only": "yes"}, "digest_only as True or False"),
        ({"to": "a", "progress": 5}, "a function as progress"),
    ],
)
def test_what_is_no_target_or_switch_is_told_first(tmp_path, monkeypatch, how, words):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FanwiseError, match=words):
        fanwise.torch.write(Model(), RECIPE, seed=3, **how)
    assert not list(tmp_path.iterdir())
